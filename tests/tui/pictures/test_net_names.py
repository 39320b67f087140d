"""Claims about the names in pictures of a network, and how they are shortened."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.tui.pictures.net import net_page
from gradstep.tui.pictures.net.writing import shortened
from gradstep.tui.text.notation import Notation
from tests.nets import drawing, page, timeline_of
from tests.strategies import scenario_of


def test_names_of_weights_and_biases_where_there_is_room() -> None:
    text = drawing(page("mazur-2-2-2", "1:E", 116, 36))
    assert all(f"w{number} +" in text for number in range(1, 9))
    assert all(f"b{layer}[{unit}] +" in text for layer in (1, 2) for unit in (0, 1))


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


LONG_NAMES = {
    "by index": '[names]\nz1 = "activation_of_the_hidden_layer"\ny = "probability_of_the_class"',
    "by label": '[labels]\ny = [["probability_of_the_class_1", "probability_of_the_class_2"]]',
}


@pytest.mark.parametrize("names", LONG_NAMES)
@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("size", [(46, 18), (72, 18), (112, 34)])
def test_units_whose_names_differ_in_their_ends_can_be_told_apart(
    names: str, ascii: bool, size: tuple[int, int]
) -> None:
    timeline = Timeline(scenario_of(f"{TWO_OUTPUTS}\n{LONG_NAMES[names]}"))
    timeline.goto("1:y")
    text = drawing(net_page(timeline.moment(), Notation(timeline.names, ascii=ascii), *size))
    titles = re.findall(r"[/╭] (pr\S+) +[\\╮]", text)
    assert len(titles) == len(set(titles)) == 2
    assert [re.findall(r"\d", title)[-1] for title in titles] == (["0", "1"] if names == "by index" else ["1", "2"])


@given(
    st.text("abc_", min_size=1, max_size=30),
    st.sampled_from(["[0,{}]", "_{}", "{}"]),
    st.integers(6, 40),
    st.booleans(),
)
def test_a_shortened_name_keeps_its_end(name: str, end: str, most: int, ascii: bool) -> None:
    notation = Notation(timeline_of("apples").names, ascii=ascii)
    names = [shortened(name + end.format(unit), most, notation) for unit in range(10)]
    assert len(set(names)) == 10
    assert all(len(short) <= most for short in names)
    assert all(short.endswith(end.format(unit)) for unit, short in enumerate(names))


def test_double_width_names_keep_the_boxes_in_line() -> None:
    for line in drawing(page("relu-softmax-2-3-2", "1", 116, 36)).splitlines():
        assert line.count("╭") == line.count("╮")
    assert all(f"[0,{unit}]" in drawing(page("relu-softmax-2-3-2", "1")) for unit in range(3))


@pytest.mark.parametrize("width", range(40, 130, 10))
def test_what_stands_behind_the_step_is_whole_or_not_there(width: int) -> None:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.goto("30:u2_train")
    lines = net_page(timeline.moment(), Notation(timeline.names), width, 18)
    caption = "".join(text for text, _ in lines[0].pieces).rstrip()
    step, *phrases = (phrase for phrase in caption.split("  ") if phrase)
    assert step == "▸ u2_train = z1_train·W2⁺ + b2⁺"[: len(step)]
    if width >= 90:  # all of it is shown
        assert phrases == ["row 0 of 100"]
        return
    *row, shown = phrases  # of both the one that says what is shown stays longest
    assert re.fullmatch(r"shown: from (inputs|layer 1) to (layer [12]|loss)", shown)
    assert row in ([], ["row 0 of 100"])
    together = len(f"▸ u2_train = z1_train·W2⁺ + b2⁺  row 0 of 100  {shown}")
    assert bool(row) == (together <= width)
