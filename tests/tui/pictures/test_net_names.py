"""Claims about the names in pictures of a network, and how they are shortened."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.engine import Timeline
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.net.panel import net_drawing
from gradstep.tui.text.folding import shortened
from gradstep.tui.text.notation import Notation
from tests.nets import drawing_at
from tests.strategies import scenario_of


def test_names_of_weights_and_biases_where_there_is_room() -> None:
    text = drawing_at("mazur-2-2-2", "1:E").text
    assert all(re.search(rf"w{number} +0\.", text) for number in range(1, 9))
    assert all(len(re.findall(rf"b{layer} +0\.", text)) == 2 for layer in (1, 2))


TWO_OUTPUTS = """
format = 1
title = "two outputs"
[data]
x = [[0.5, -1.0]]
t = [[1.0, 0.0]]
[[layer]]
kind = "affine"
W = [[0.2, 0.1, 0.4], [0.4, -0.3, 0.1]]
b = [0.1, 0.2, 0.3]
[[layer]]
kind = "sigmoid"
[[layer]]
kind = "affine"
W = [[0.2, 0.1], [0.4, -0.3], [0.1, 0.5]]
b = [0.1, 0.2]
[loss]
kind = "softmax_cross_entropy"
"""


LONG_NAMES = '[labels]\ny = [["probability_of_the_class_1", "probability_of_the_class_2"]]'


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("size", [(60, 18), (72, 18), (112, 34)])
def test_units_whose_names_differ_in_their_ends_can_be_told_apart(ascii: bool, size: tuple[int, int]) -> None:
    timeline = Timeline(scenario_of(f"{TWO_OUTPUTS}\n{LONG_NAMES}"))
    timeline.goto("1:y")
    text = net_drawing(timeline.moment(), View(Notation(timeline.names, ascii=ascii)), *size).text
    titles = re.findall(r"[+╭┏#] (pr\S+) [-─━=]*[+╮┓#]", text)
    assert [title[-1] for title in titles] == ["1", "2"]


@given(
    st.text("abc_", min_size=1, max_size=30),
    st.sampled_from(["[0,{}]", "_{}", "{}"]),
    st.integers(6, 40),
    st.booleans(),
)
def test_a_shortened_name_keeps_its_end(name: str, end: str, most: int, ascii: bool) -> None:
    names = [shortened(name + end.format(unit), most, ascii=ascii) for unit in range(10)]
    assert len(set(names)) == 10
    assert all(len(short) <= most for short in names)
    assert all(short.endswith(end.format(unit)) for unit, short in enumerate(names))


def test_double_width_names_keep_the_boxes_in_line() -> None:
    for line in drawing_at("relu-softmax-2-3-2", "1").text.splitlines():
        assert line.count("╭") == line.count("╮")
