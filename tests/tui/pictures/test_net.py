"""Claims about the net as text and in a room of its own: what is in them is what the moment has, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.engine import Timeline
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.net.panel import net_drawing, net_panel
from gradstep.tui.pictures.net.text import net_text
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import short
from gradstep.tui.text.palette import GRADSTEP_DARK
from tests.nets import drawing_at, graph_of, moment_at, words
from tests.strategies import scenario_of, scenarios

DRAWN = (
    "mazur-2-2-2",
    "and-perceptron",
    "relu-softmax-2-3-2",
    "apples",
    "apples-and-oranges",
    "sgd-regression",
    "two-layer-digits",
)


def test_another_row_of_the_batch() -> None:
    drawn = drawing_at("and-perceptron", "1", row=3)
    assert "row 3 of 4" in drawn.text
    assert re.search(r"A +0\.57444", drawn.text)  # 1 / (1 + exp(−0.3)), by the weights 0.5 and −0.3 and the bias 0.1


def test_once_it_is_computed_the_updated_weight_is_told_and_no_other() -> None:
    moment = moment_at("mazur-2-2-2", "1:W2_next")
    told = words("mazur-2-2-2", "1:W2_next")
    for label, new in zip(range(5, 9), moment.values["W2_next"].T.flat, strict=True):
        assert f"w{label}⁺ = {short(float(new), 9)} (written by this step)" in told
    assert " w5 =" not in told


def test_a_step_that_writes_a_gradient_tells_the_gradient() -> None:
    told = words("mazur-2-2-2", "1:dW2")
    assert "w5 = +0.4 from out_h1, ∂E/∂w5 = +0.082167041 (written by this step)" in told


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
    for size in ((72, 18), (116, 36)):
        lines = drawing_at(name, position, size).text.splitlines()
        assert lines[-1].strip().endswith(said)  # in one line
        assert said or not re.search("update|measured", "\n".join(lines))
    told = words(name, position).splitlines()
    assert told[1:3] == [said, "inputs:"] if said else told[1] == "inputs:"


# ── graphs ───────────────────────────────────────────────────────────────────────────────────────────────────

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
    view = View(Notation(timeline.names))
    shown, told = {}, {}
    for where in ("1:E", "1:dslope", "1:slope_next", "1"):
        timeline.goto(where)
        shown[where] = net_drawing(timeline.moment(), view, 120, 30).text
        told[where] = "\n".join(net_text(timeline.moment(), view.notation))
    # y − t is 1.5, 3.5, 1.5, −1.5; times x and summed 10.75; 2 − 0.1 · 10.75 = 0.925
    assert "‖∂‖ ▌ 10.75" in shown["1:dslope"] or "∂   ▌ 10.75" in shown["1:dslope"]
    assert "▌ 0.925" in shown["1:slope_next"]
    assert "slope⁺" in shown["1:slope_next"]
    assert "rise⁺" not in shown["1:slope_next"]
    assert re.search(
        r"slope⁺: value \S+ \(written by this step\), gradient \S+ \(read by this step\)", told["1:slope_next"]
    )
    assert "risen = × of x, slope\n" in told["1:slope_next"]
    expected = {
        "1:E": "",
        "1:slope_next": "slope⁺ updated, all else from before the update",
        "1": f"{UPDATED} the update",
    }
    for where, said in expected.items():
        assert said in shown[where]
        assert ("all else" in shown[where]) == ("all else" in told[where]) == bool(said)


SHARED = [("s1", "a", "b"), ("s2", "s1", "a"), ("s3", "s2", "s1"), ("s4", "s3", "b")]


def test_the_sum_of_the_gradients_of_a_shared_value_is_shown_and_marked() -> None:
    timeline = graph_of(SHARED, a=2.0, b=3.0)
    drawn = {}
    while timeline.step():
        moment = timeline.moment()
        drawn[timeline.position.symbol] = net_drawing(moment, View(Notation(timeline.names)), 160, 40).text
        if timeline.position.step == timeline.course.length(1):
            break
    assert "Σ∂▌" in drawn["ds1"]
    assert "Σ∂▌" in drawn["da"]
    assert "Σ∂▌" not in drawn["da_from_s1"]


# ── everything ───────────────────────────────────────────────────────────────────────────────────────────────


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


@pytest.mark.parametrize("name", DRAWN)
def test_ascii_adds_nothing_but_ascii(name: str) -> None:
    for position in ("start", "1:2", "1"):
        moment = moment_at(name, position)
        notation = Notation(moment.scenario.names, own=False, ascii=True)
        text = net_drawing(moment, View(notation), 76, 20).text + "\n".join(net_text(moment, notation))
        assert text.isascii(), [c for c in text if not c.isascii()]


@settings(max_examples=60, deadline=None)
@given(scenarios(), st.data())
def test_random_networks_at_random_places(text: str, data: st.DataObject) -> None:
    timeline = Timeline(scenario_of(text))
    timeline.goto(f"1:{data.draw(st.integers(0, timeline.course.length(1)))}")
    moment = timeline.moment()
    view = View(Notation(timeline.names, ascii=data.draw(st.booleans())), plain=data.draw(st.booleans()))
    width, height = data.draw(st.sampled_from([(30, 10), (36, 4), (76, 20), (116, 36), (290, 90)]))
    for drawn in (net_drawing(moment, view, width, height), net_panel(moment, view, width, height).inside):
        assert drawn.height == height
        for line in drawn.lines:
            assert sum(cell_len(piece) for piece, _ in line) == width
            for _, key in line:
                GRADSTEP_DARK.style(key)
        assert not view.notation.ascii or drawn.text.isascii()
    assert net_text(moment, view.notation)


def test_wires_that_cross_over_find_their_way() -> None:
    """Two values that each go where the other comes from."""
    nodes = [("a", "x0", "x1"), ("b", "x1", "x0"), ("c", "b", "a"), ("d", "a", "c")]
    timeline = graph_of(nodes, x0=2.0, x1=3.0)
    timeline.goto("1")
    text = net_drawing(timeline.moment(), View(Notation(timeline.names)), 140, 40).text
    check_corners(text.splitlines())
    assert "Σ∂" in text  # x0 goes to two nodes: what flows back is summed


def check_corners(lines: list[str]) -> None:
    """Every wire that turns meets another one: nothing lies on a wire that goes on elsewhere."""
    wide = [line.ljust(140) for line in lines]
    for y, line in enumerate(wide):
        for x, character in enumerate(line):
            if character in "┐┌┬":
                assert wide[y + 1][x] in "│┘└┤├┴┼", (y, x)
            if character in "┘└┴":
                assert wide[y - 1][x] in "│┐┌┤├┬┼", (y, x)
