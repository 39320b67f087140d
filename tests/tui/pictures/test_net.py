"""Claims about the pictures of a network: what is in them is what the moment has, and nothing else."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline
from gradstep.tui.pictures.net import net_page, net_text
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import short
from gradstep.tui.widgets.sheet import Sheet
from tests.nets import drawing, graph_of, legend, moment_at, notation_of, page, text_of, timeline_of, words
from tests.strategies import scenario_of, scenarios

NUMBER = re.compile(r"[+-]\d[\d.]*(?:e[+-]\d+)?")
SMALL = ("mazur-2-2-2", "and-perceptron", "relu-softmax-2-3-2", "apples", "apples-and-oranges")
DRAWN = (*SMALL, "sgd-regression", "two-layer-digits")


# ── layered nets ─────────────────────────────────────────────────────────────────────────────────────────────


def test_every_unit_weight_and_bias_of_a_small_net_is_drawn_with_its_value() -> None:
    text = drawing(page("mazur-2-2-2", "1:E"))
    for unit in ("i1", "i2", "out_h1", "out_h2", "out_o1", "out_o2", "E_total"):
        assert text.count(unit) == 1
    for weight in ("+0.15", "+0.2═", "+0.25", "+0.3━", "+0.4━", "+0.45", "+0.5━", "+0.55"):
        assert weight in text
    assert len(re.findall(r"b.?[─═━]?\+0\.35", text)) == len(re.findall(r"b.?[─═━]?\+0\.6", text)) == 2


def test_a_negative_weight_is_told_by_its_sign_and_its_style() -> None:
    pieces = [piece for line in page("and-perceptron", "1:y") for piece in line.pieces]
    assert any("-0.3" in text and key == "negative" for text, key in pieces)
    assert any("+0.5" in text and key == "positive" for text, key in pieces)


def test_the_line_of_a_weight_is_as_heavy_as_the_weight_is_large() -> None:
    text = drawing(page("relu-softmax-2-3-2", "1:y"))
    for weight, line in (("0.1", "─"), ("0.2", "─"), ("0.3", "═"), ("0.4", "═"), ("0.5", "━"), ("0.6", "━")):
        assert f"{line}+{weight}{line}" in text


def test_values_and_deltas_are_those_of_the_moment() -> None:
    text = drawing(page("mazur-2-2-2", "7:dW1"))
    moment = moment_at("mazur-2-2-2", "7:dW1")
    for symbol in ("z1", "y", "delta1", "delta2", "E"):
        for value in np.ravel(moment.values[symbol]):
            assert short(float(value), 4) in text or short(float(value), 2) in text, symbol


def test_what_is_not_computed_yet_is_a_dot() -> None:
    start = drawing(page("mazur-2-2-2", "start"))
    assert start.count("·") == 2 + 2 * 4 + 3  # inputs; value and delta of each unit; loss and targets
    assert sorted(NUMBER.findall(start)) == sorted(
        ["+0.15", "+0.2", "+0.25", "+0.3", "+0.4", "+0.45", "+0.5", "+0.55", "+0.35", "+0.35", "+0.6", "+0.6"]
    )
    forward = drawing(page("mazur-2-2-2", "1:y"))
    assert forward.count("δ ·") == forward.count("·") - 1 == 4
    assert "δ ·" not in drawing(page("mazur-2-2-2", "1"))


def test_before_its_activation_a_unit_shows_what_goes_in() -> None:
    text = drawing(page("mazur-2-2-2", "1:u1"))
    assert "▸u +0.3775" in text
    assert "z" not in text
    assert "▸∂ +0.7414" in drawing(page("mazur-2-2-2", "1:dy"))


def test_wide_layers_are_shortened_and_say_how_many_units_are_left_out() -> None:
    text = text_of(page("two-layer-digits", "1:y", 116, 36))
    assert "⋮ 56 more" in text
    assert "⋮ 42 more" in text
    assert all(f"y[0,{unit}]" in text for unit in range(10))
    assert "z1[0,49]" in text
    told = words("two-layer-digits", "1:y")
    assert "42 more" in told
    assert len(told.splitlines()) < 80


def test_up_to_ten_units_are_drawn_one_and_all() -> None:
    text = text_of(page("sgd-regression", "1:y", 116, 36))
    assert all(f"z1[0,{unit}]" in text for unit in range(10))
    assert all(f"W2[{unit},0]" in text for unit in range(10))
    assert "⋮" not in text


def test_where_little_fits_only_the_layers_around_the_step_are_drawn() -> None:
    text = text_of(page("mazur-2-2-2", "1:dW2", 40, 20))
    assert "shown: from layer 1 to layer 2\n" in text
    assert "out_h1" in text
    assert "out_o1" in text
    assert "i1 " not in text


def test_another_row_of_the_batch() -> None:
    moment = moment_at("and-perceptron", "1")
    text = text_of(net_page(moment, notation_of(moment), 76, 20, 3))
    assert "row 3 of 4" in text
    assert "a_4" in text
    assert "+0.57444" in text


@pytest.mark.parametrize("width", [73, 76, 116])
def test_once_it_is_computed_the_updated_weight_is_shown_and_no_other(width: int) -> None:
    moment = moment_at("mazur-2-2-2", "1:W2_next")
    text, told = drawing(page("mazur-2-2-2", "1:W2_next", width)), words("mazur-2-2-2", "1:W2_next")
    for label, old, new in zip(range(5, 9), moment.values["W2"].T.flat, moment.values["W2_next"].T.flat, strict=True):
        assert f"w{label}⁺ = {short(float(new), 9)} (written by this step)" in told
        if width > 73:  # otherwise only signs are drawn
            assert short(float(new), 4) in text
            assert not re.search(rf"\+{old:g}\b", text)
    assert text.count("▸") == 4
    assert "▸w5⁺ +0.3589" in text or width < 116
    assert " w5 =" not in told


@pytest.mark.parametrize(
    ("width", "weight", "bias"), [(73, "▸∂⊖", "▸∂b +0.1385"), (96, "▸w5 ∂+0.08217", "▸b2[0] ∂+0.13850")]
)
def test_a_step_that_writes_a_gradient_shows_the_gradient(width: int, weight: str, bias: str) -> None:
    assert weight in drawing(page("mazur-2-2-2", "1:dW2", width))
    assert bias in drawing(page("mazur-2-2-2", "1:db2", width))
    told = words("mazur-2-2-2", "1:dW2")
    assert "w5 = +0.4 from out_h1, ∂E/∂w5 = +0.082167041 (written by this step)" in told


SIGNS = {"┄": "┄ 0", "⊕": "⊕ ⊖ its sign", "·": "· not computed", "◂": "◂ read", "▸": "▸ written", "Σ": "Σ sum"}


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("position", ["start", "1:1", "1:3", "1:10", "1"])
@pytest.mark.parametrize("width", [74, 116])
def test_a_legend_names_the_signs_that_occur_and_no_others(name: str, position: str, width: int) -> None:
    timeline = timeline_of(name)
    if position != "start" and int(position.partition(":")[2] or 0) > timeline.course.length(1):
        position = "1"
    lines = page(name, position, width, 20)
    drawn = drawing(lines)
    occurring = {sign for sign in SIGNS if sign in drawn} | ({"⊕"} if "⊖" in drawn else set())
    if timeline.scenario.network.layered:
        occurring -= {"Σ"}
        assert ("b bias" in legend(lines)) == bool(re.search(r"b[─═━┄▸◂]|[│╰][ ▸◂]∂?b ", drawn))
    else:
        occurring &= {"·", "◂", "▸", "Σ"}  # others are operations there
    assert {sign for sign, told in SIGNS.items() if told in legend(lines)} == occurring


def test_of_a_line_that_carries_a_gradient_the_legend_says_so() -> None:
    assert "thirds of the largest |w|, on lines with ▸ of |∂E/∂w| " in legend(page("mazur-2-2-2", "1:dW2"))
    for other in ("1:E", "1:delta1", "1:W2_next"):
        assert "|∂E/∂w|" not in legend(page("mazur-2-2-2", other))


# ── of which moment the numbers are ──────────────────────────────────────────────────────────────────────────

UPDATED = "parameters updated, all else from before"
UNSEEN = "measured rows, units not shown"


@pytest.mark.parametrize(
    ("name", "position", "said"),
    [
        ("mazur-2-2-2", "1:db1", ""),
        ("mazur-2-2-2", "1:W1_next", "W1⁺ updated, all else from before the update"),
        ("mazur-2-2-2", "1:W2_next", "W1⁺, b1⁺, W2⁺ updated, all else from before the update"),
        ("mazur-2-2-2", "1", f"{UPDATED} the update"),
        ("mazur-2-2-2", "2:x", ""),
        ("mazur-2-2-2", "start", ""),
        ("two-layer-digits", "30:b2_next", f"{UPDATED} the update"),
        ("two-layer-digits", "30:x_train", f"{UPDATED}; {UNSEEN}"),
        ("two-layer-digits", "30:u2_train", f"{UPDATED}; {UNSEEN}"),
        ("two-layer-digits", "30", f"{UPDATED}; {UNSEEN}"),
        ("two-layer-digits", "31:x", ""),
    ],
)
def test_a_picture_of_two_moments_says_what_is_from_which(name: str, position: str, said: str) -> None:
    for width, height in ((72, 18), (116, 36)):
        lines = page(name, position, width, height)
        assert legend(lines).endswith(said)
        assert text_of(lines[-1:]).rstrip().endswith(said)  # in one line
        assert said or not re.search("update|measure", text_of(lines))
    told = words(name, position).splitlines()
    assert told[1:3] == [said, "inputs:"] if said else told[1] == "inputs:"


def test_only_the_parameters_that_are_shown_count_for_that() -> None:
    lines = page("mazur-2-2-2", "1:W2_next", 40)
    assert "shown: from layer 1 to layer 2" in text_of(lines)
    assert "▸ written W2⁺ updated, all else" in legend(lines)


# ── graphs ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_edge_of_a_graph_has_its_value_above_and_its_gradient_below() -> None:
    lines = drawing(page("apples-and-oranges", "1")).splitlines()
    edges = [("100", "2.2"), ("2", "110"), ("150", "3.3"), ("3", "165"), ("200", "1.1"), ("450", "1.1")]
    edges += [("650", "1.1"), ("1.1", "650"), ("715", "1")]
    for value, gradient in edges:
        places = [(y, m.start()) for y, line in enumerate(lines) for m in re.finditer(rf"(?<![\d.]){value}\b", line)]
        below = [lines[y + 2][max(0, x - 2) : x + 10] for y, x in places if y + 2 < len(lines)]
        assert any(f"∂{gradient}" in text for text in below), (value, gradient)


def test_a_gradient_of_a_graph_that_is_not_computed_is_a_dot() -> None:
    text = drawing(page("apples-and-oranges", "1:price"))
    assert text.count("∂·") == text.count("∂") == 9
    assert drawing(page("apples-and-oranges", "1:dall_price")).count("∂·") == 7
    start = drawing(page("apples", "start"))
    assert "220" not in start
    assert "100" in start


def test_the_operations_and_names_of_a_graph() -> None:
    text = drawing(page("apples-and-oranges", "1", 116, 30))
    assert text.count("×") == 3
    assert len(re.findall(r"│ +\+ +│", text)) == 1
    for name in ("apple_num", "orange_num", "tax", "apple_price", "orange_price", "all_price", "price"):
        assert name in text
    assert "▸∂110" in text


TRAINED_GRAPH = """
format = 1
title = "a line"
output = "y"
[data]
x = [[1.0, 2.0], [0.5, -1.0]]
t = [[1.0, 1.0], [0.0, 0.0]]
[parameters]
slope = 2.0
rise = 0.5
[[node]]
name = "risen"
kind = "multiply"
inputs = ["x", "slope"]
[[node]]
name = "y"
kind = "add"
inputs = ["risen", "rise"]
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 0.1
"""


def test_a_graph_shows_updated_parameters_and_gradients_as_they_are_written() -> None:
    timeline = Timeline(scenario_of(TRAINED_GRAPH))
    shown = {}
    for where in ("1:E", "1:dslope", "1:slope_next", "1"):
        timeline.goto(where)
        moment = timeline.moment()
        shown[where] = net_page(moment, notation_of(moment), 100, 30), "\n".join(net_text(moment, notation_of(moment)))
    gradient = short(float(timeline["dslope"]), 4).removeprefix("+")
    updated = short(float(timeline["slope_next"]), 4).removeprefix("+")
    assert " 2 " in drawing(shown["1:E"][0])
    assert f"▸∂{gradient}" in drawing(shown["1:dslope"][0])
    assert f"▸{updated}" in drawing(shown["1:slope_next"][0])
    assert "slope⁺" in drawing(shown["1:slope_next"][0])
    assert "rise⁺" not in drawing(shown["1:slope_next"][0])
    assert "rise⁺" in drawing(shown["1"][0])
    assert re.search(
        r"slope⁺: value \S+ \(written by this step\), gradient \S+ \(read by this step\)", shown["1:slope_next"][1]
    )
    assert "risen = × of x, slope\n" in shown["1:slope_next"][1]
    told = {"1:E": "", "1:slope_next": "slope⁺ updated, all else from before the update", "1": f"{UPDATED} the update"}
    for where, said in told.items():
        assert legend(shown[where][0]).endswith(said)
        assert ("update" in legend(shown[where][0])) == ("update" in shown[where][1]) == bool(said)
        assert not said or shown[where][1].splitlines()[1] == said
    assert "…2×2 the first element of an array of 2×2" in legend(shown["1:E"][0])
    assert "first element" not in legend(page("apples", "1"))


# ── everything ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("position", ["start", "1"])
@pytest.mark.parametrize("size", [(76, 20), (116, 36)])
def test_no_line_is_wider_than_there_is_room_and_all_are_equally_wide(
    name: str, position: str, size: tuple[int, int]
) -> None:
    for ascii in (False, True):
        lines = page(name, position, *size, ascii=ascii)
        assert len({line.width for line in lines}) == 1
        assert lines[0].width <= size[0]


@pytest.mark.parametrize("name", DRAWN)
def test_ascii_adds_nothing_but_ascii(name: str) -> None:
    for position in ("start", "1:2", "1"):
        moment = moment_at(name, position)
        notation = Notation(moment.scenario.names, own=False, ascii=True)
        text = text_of(net_page(moment, notation, 76, 20)) + "\n".join(net_text(moment, notation))
        assert text.isascii(), [c for c in text if not c.isascii()]


def test_everything_can_be_read_as_text() -> None:
    told = words("mazur-2-2-2", "1:delta2")
    assert "out_o1 = +0.751365070 (read by this step)" in told
    assert "delta_o1 = +0.138498562 (written by this step)" in told
    assert "w5 = +0.4 from out_h1, ∂E/∂w5 = not computed yet" in told
    assert "bias b2[1] = +0.6" in told
    told = words("apples-and-oranges", "1")
    assert "price = × of all_price, tax" in told
    assert not re.search(r"(\S+): \1 = ", words("two-layer-digits", "1:E"))
    assert "apple_num: value +2, gradient +110" in told


@settings(max_examples=60, deadline=None)
@given(scenarios(), st.data())
def test_random_networks_at_random_places(text: str, data: st.DataObject) -> None:
    timeline = Timeline(scenario_of(text))
    timeline.goto(f"1:{data.draw(st.integers(0, timeline.course.length(1)))}")
    moment = timeline.moment()
    notation = Notation(timeline.names, ascii=data.draw(st.booleans()))
    width, height = data.draw(st.sampled_from([(30, 10), (76, 20), (116, 36)]))
    lines = net_page(moment, notation, width, height)
    assert len({line.width for line in lines}) == 1
    assert {key for line in lines for _, key in line.pieces} <= set(Sheet.STYLE_KEYS)
    assert net_text(moment, notation)
    if notation.ascii:
        assert text_of(lines).isascii()
    else:
        check_corners(drawing(lines).splitlines())


def check_corners(lines: list[str]) -> None:
    """Every end of a line that turns meets another one: nothing lies on a line that goes on elsewhere."""
    down, up = set("│┐┌┤├┬┼⊕⊖0?"), set("│┘└┤├┴┼⊕⊖0?")  # a weight may stand at a crossing
    for y, line in enumerate(lines):
        for x, character in enumerate(line):
            if character in "┐┌┬":
                assert lines[y + 1][x] in up, (y, x)
            if character in "┘└┴":
                assert lines[y - 1][x] in down, (y, x)


def test_wires_that_cross_over_find_their_way() -> None:
    """Two values that each go where the other comes from."""
    nodes = [("a", "x0", "x1"), ("b", "x1", "x0"), ("c", "b", "a"), ("d", "a", "c")]
    timeline = graph_of(nodes, x0=2.0, x1=3.0)
    timeline.goto("1")
    lines = net_page(timeline.moment(), Notation(timeline.names), 100, 30)
    check_corners(drawing(lines).splitlines())
    assert "Σ" in text_of(lines)  # x0 goes to two nodes: what flows back is summed
