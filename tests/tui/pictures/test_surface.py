"""Claims about the surface: it is the network's output, drawn where it belongs, for any net, at any position."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rich.cells import cell_len

from gradstep.engine import load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.surface import outputs, surface_drawing, surface_page, surface_text, why_not
from gradstep.tui.pictures.surface.colours import grounds_of
from gradstep.tui.pictures.surface.levels import levels_of
from gradstep.tui.pictures.surface.output import surface_at
from gradstep.tui.pictures.surface.plane import Plane, on_axis
from gradstep.tui.pictures.surface.points import points_of
from gradstep.tui.text.drawing import Drawing
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line
from gradstep.tui.text.palette import GRADSTEP_DARK
from gradstep.tui.text.shades import ASCII_NEGATIVE, NEGATIVE, SHADES
from tests.strategies import scenarios

TWO_INPUTS = (
    "and-perceptron",
    "sgd-regression",
    "sgd-regression-as-printed",
    "sgd-regression-sigmoid",
    "sgd-regression-wide",
    "mazur-2-2-2",
    "relu-softmax-2-3-2",
)

THREE = """
format = 1
title = "three classes"
[data]
x = [[0, 0], [1, 0], [0, 1], [1, 1]]
t = [0, 1, 2, 2]
[[layer]]
kind = "affine"
W = [[-4, 4, 0], [-4, 0, 4]]
b = [2, -1, -1]
[loss]
kind = "softmax_cross_entropy"
[optimizer]
kind = "sgd"
learning_rate = 0.1
[training]
iterations = 3
draw = "in_order"
batch = 1
"""


@cache
def timeline(name: str) -> Timeline:
    return Timeline(parse_scenario(THREE.encode(), "three", "three.toml") if name == "three" else load_scenario(name))


@cache
def at(name: str, where: str) -> Moment:
    run = timeline(name)
    run.goto(where)
    return run.moment()


def notation(name: str, *, ascii: bool = False, own: bool = True) -> Notation:
    return Notation(timeline(name).names, own=own, ascii=ascii)


def drawn(name: str, where: str, width: int = 76, height: int = 20, *, ascii: bool = False) -> list[str]:
    lines = surface_page(at(name, where), notation(name, ascii=ascii), width, height)
    assert lines is not None
    return written(lines)


def written(lines: Sequence[Line]) -> list[str]:
    return ["".join(text for text, _ in line.pieces) for line in lines]


def map_of(lines: Sequence[str]) -> list[str]:
    """The cells of a page."""
    rows = [line for line in lines if "│" in line or "┤" in line]
    return [line.replace("┤", "│", 1).partition("│")[2] for line in rows]


# ── an independent forward pass: one row at a time, in plain Python ──────────────────────────────────────────


Activation = Callable[[float], float]


def sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u))


def same(u: float) -> float:
    return u


def relu(u: float) -> float:
    return max(0.0, u)


LAYERS: dict[str, list[Activation]] = {
    "and-perceptron": [sigmoid],
    "sgd-regression": [relu, same],
    "sgd-regression-sigmoid": [sigmoid, same],
    "mazur-2-2-2": [sigmoid, sigmoid],
    "relu-softmax-2-3-2": [relu, same],
}


def run_by_hand(name: str, moment: Moment, row: Sequence[float]) -> list[float]:
    values = list(row)
    for number, activation in enumerate(LAYERS[name], start=1):
        W, b = (moment.values.get(f"{p}{number}_next", moment.values[f"{p}{number}"]).tolist() for p in "Wb")
        units = range(len(b))
        values = [activation(sum(v * W[k][j] for k, v in enumerate(values)) + b[j]) for j in units]
    return values


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("where", ["1:x", "1", "2:W1_next", "2"])
def test_a_surface_is_the_forward_pass_with_the_parameters_at_the_cursor(name: str, where: str) -> None:
    moment = at(name, where)
    plane = Plane((-1.0, 2.0), (0.0, 6.0), 5, 7)
    by_hand = np.array([run_by_hand(name, moment, row) for row in plane.points.tolist()])
    if name == "relu-softmax-2-3-2":
        surface = surface_at(moment, plane.points)
        assert surface.values.tolist() == by_hand.argmax(axis=1).tolist()
        powers = np.exp(by_hand)
        assert surface.sure is not None
        assert np.allclose(surface.sure, (powers / powers.sum(axis=1, keepdims=True)).max(axis=1), rtol=1e-12)
        return
    for output in range(outputs(moment)):
        assert np.allclose(surface_at(moment, plane.points, output).values, by_hand[:, output], rtol=1e-12, atol=1e-14)


def test_parameters_are_the_updated_ones_from_their_update_on() -> None:
    before, between, after = (at("sgd-regression", where) for where in ("1:dW1", "1:W1_next", "1"))
    x = np.array([[0.3, 0.9]])
    numbers = {float(surface_at(moment, x).values[0]) for moment in (before, between, after)}
    assert len(numbers) == 3
    assert surface_at(after, x).values[0] == surface_at(at("sgd-regression", "2:x"), x).values[0]
    titles = [drawn("sgd-regression", where)[0] for where in ("1:dW1", "1:W1_next", "1")]
    assert titles == [
        "y over x0 and x1, before the update of iteration 1",
        "y over x0 and x1, with W1⁺; the other parameters not yet updated",
        "y over x0 and x1, after the update of iteration 1",
    ]


def test_it_is_what_the_run_itself_computes_for_the_rows_of_the_batch() -> None:
    moment = at("and-perceptron", "7:y")
    assert surface_at(moment, moment.values["x"]).values.tobytes() == moment.values["y"].tobytes()


# ── characters ───────────────────────────────────────────────────────────────────────────────────────────────


@given(hnp.arrays(np.float64, st.integers(1, 40), elements=st.floats()), st.sampled_from([None, 0.5]), st.booleans())
@example(np.array([5e-324, 0.0]), None, False)
@example(np.array([1.7e308, -1.7e308]), 0.5, False)
@settings(deadline=None)
def test_a_sign_says_on_which_side_of_the_centre_a_number_is(values: Array, centre: float | None, ascii: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        levels = levels_of(values, centre, ascii=ascii)
        signs = [levels.sign(value) for value in values.tolist()]
        levels.scale(60)
    negative, finite = (ASCII_NEGATIVE if ascii else NEGATIVE)[1:], values[np.isfinite(values)]
    for value, (character, key) in zip(values.tolist(), signs, strict=True):
        if not math.isfinite(value):
            assert (character, key) == ("?" if math.isnan(value) else "^" if value > 0 else "v", "nonfinite")
        elif value != 0 or centre is not None or finite.min() < 0 < finite.max():
            assert (character in negative) == (key == "negative") == (value < (centre or 0.0))
    assert list(levels.edges) == sorted(levels.edges)


@given(hnp.arrays(np.float64, st.integers(2, 30), elements=st.floats(0, 1e6), unique=True))
def test_higher_is_never_drawn_lighter(values: Array) -> None:
    levels = levels_of(values, None, ascii=False)
    shades = [SHADES.index(levels.sign(value)[0]) for value in sorted(values.tolist())]
    assert shades == sorted(shades)


def test_the_scale_gives_the_ends_and_as_many_edges_as_there_is_room_for() -> None:
    levels = levels_of(np.array([-1.0, 3.0]), None, ascii=False)
    scales = ["".join(text for text, _ in levels.scale(width)) for width in (80, 45, 27, 20)]
    assert scales == [
        "-1 === -0.75 --- +0 ░░░ +0.75 ▒▒▒ +1.5 ▓▓▓ +2.25 ███ +3 ",
        "-1 ===--- +0 ░░░▒▒▒▓▓▓███ +3 ",
        "-1 ===---░░░▒▒▒▓▓▓███ +3 ",
        "===---░░░▒▒▒▓▓▓███",
    ]
    constant = levels_of(np.full(3, -2.5), None, ascii=False)
    assert constant.scale(80) == [("=", "negative"), (" -2.5 everywhere", "dim")]
    close = levels_of(np.array([0.75, 0.7501]), None, ascii=False).scale(80)
    assert len({text for text, key in close if key == "dim"}) == 5


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", [*TWO_INPUTS, "three"])
@given(st.integers(1, 130), st.integers(0, 40), st.sampled_from(["1:x", "1:E", "2"]), st.booleans(), st.integers(0, 3))
@settings(deadline=None, max_examples=12)
def test_it_is_never_larger_than_asked(
    name: str, width: int, height: int, where: str, ascii: bool, output: int
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lines = surface_page(at(name, where), notation(name, ascii=ascii, own=False), width, height, output)
    assert lines is not None
    assert len(lines) <= height
    assert all(line.width <= width for line in lines)
    assert all(GRADSTEP_DARK.style(key) for line in lines for _, key in line.pieces if key != "space")
    assert not ascii or all(text.isascii() for text in written(lines))


@pytest.mark.parametrize("name", TWO_INPUTS)
@pytest.mark.parametrize("size", [(76, 20), (116, 34)])
def test_it_fills_the_room_with_axes_that_fit_it(name: str, size: tuple[int, int]) -> None:
    lines = drawn(name, "1", *size)
    assert len(lines) == size[1]
    rows = map_of(lines)
    assert len(rows) >= size[1] - 6
    gutter = len(lines[1]) - len(rows[0])
    assert all(gutter + len(row) == size[0] for row in rows)
    low, _, high = next(lines[at + 1] for at, line in enumerate(lines) if "└" in line).split()
    assert float(low) < float(high)


@pytest.mark.parametrize(("name", "size"), [("and-perceptron", (76, 20)), ("mazur-2-2-2", (40, 14))])
def test_every_cell_is_the_output_at_the_place_that_the_axes_name(name: str, size: tuple[int, int]) -> None:
    moment, lines = at(name, "2"), drawn(name, "2", *size)
    rows, floor = map_of(lines), next(at for at, line in enumerate(lines) if "└" in line)
    high1, low1 = (float(line.split("┤")[0]) for line in lines if "┤" in line)
    low0, _, high0 = lines[floor + 1].split()
    across, upwards = np.linspace(float(low0), float(high0), len(rows[0])), np.linspace(low1, high1, len(rows))
    by_hand = np.array([[run_by_hand(name, moment, (x0, x1))[0] for x0 in across] for x1 in upwards[::-1]])
    levels = levels_of(by_hand, 0.5 if name == "and-perceptron" else None, ascii=False)
    for values, row in zip(by_hand.tolist(), rows, strict=True):
        for value, sign in zip(values, row, strict=True):
            assert sign in (levels.sign(value)[0], "◇", "◆")
    lowest, *_, highest = map(float, re.findall(r"[+-]\d\S*", lines[floor + 2]))
    assert (lowest, highest) == pytest.approx((by_hand.min(), by_hand.max()), rel=5e-3)
    table = [line.split()[-5:] for line in surface_text(moment, notation(name, own=False))[1:7]]
    corners = [float(table[row][column]) for row in (1, 5) for column in (0, 4)]
    assert corners == pytest.approx([by_hand[row, column] for row in (0, -1) for column in (0, -1)], abs=1e-6)


def test_an_axis_far_from_0_names_its_ends_in_full() -> None:
    assert [on_axis(end, (12344.0, 12356.0)) for end in (12344.0, 12350.25, 12356.0)] == ["12344", "12350.25", "12356"]
    assert on_axis(-0.1 + 0.1 + 1e-17, (-0.1, 1.1)) == on_axis(-1e-17, (-0.1, 1.1)) == "0"


def test_the_four_rows_of_and_are_where_they_belong_and_marked_by_their_targets() -> None:
    for where, marks in (("1:x", "◇◆"), ("1000", "◇◆")):
        rows = map_of(drawn("and-perceptron", where))
        found = [(row, line.index(mark)) for row, line in enumerate(rows) for mark in marks if mark in line]
        assert len(found) == 3  # index finds the first of two in a line
        assert [line.count("◇") + line.count("◆") for line in rows] == [0, 2, *[0] * (len(rows) - 4), 2, 0]
        assert [line.count("◆") for line in rows][1] == 1
        assert rows[1].index("◇") < 10 < len(rows[1]) - 10 < rows[1].index("◆")
    ascii = drawn("and-perceptron", "1000", ascii=True)
    assert ascii[2].count("[0]") == ascii[2].count("[1]") == 1


def test_what_and_has_learned_is_one_corner() -> None:
    rows = map_of(drawn("and-perceptron", "1000"))
    assert rows[0][-1] == "█"
    assert {rows[0][0], rows[-1][0], rows[-1][-1]} == {"▬"}


def test_classes_are_digits_thin_where_they_are_doubtful() -> None:
    lines = drawn("three", "1:x")
    rows = map_of(lines)
    assert (rows[-1][0], rows[-1][-1], rows[0][0]) == ("0", "1", "2")
    assert sum("[0]" in row for row in rows) == 1
    assert ["".join(rows).count(f"({number})") for number in range(3)] == [0, 1, 2]
    assert any("0 0" in row or "1 1" in row for row in rows)
    assert "0 1 2: class of the largest output; thin: probability below 0.75" in lines
    legend = (
        "[0] the batch's row, the digit its class; (1) (2) rows not in the batch (3 of all 4), the digit their class"
    )
    assert " ".join(lines[-2:]) == legend


def test_before_anything_is_drawn_no_row_is_the_batch() -> None:
    timeline("three").goto(timeline("three").course.start)
    start = timeline("three").moment()
    page = surface_page(start, notation("three"), 90, 20)
    assert page is not None
    assert written(page)[-1] == "(0) (1) (2) 4 of 4 rows, the digit their class"
    assert not any(point.batch for point in points_of(start))
    assert sum(point.batch for point in points_of(at("three", "1:x"))) == 1
    assert {(p.x0, p.x1) for p in points_of(start)} == {(p.x0, p.x1) for p in points_of(at("three", "1:x"))}


def test_of_many_rows_a_hundred_are_drawn() -> None:
    points = points_of(at("sgd-regression", "2"))
    assert sum(point.batch for point in points) == 1
    assert sum(not point.batch for point in points) in (99, 100)
    assert "• rows not in the batch (100 of all 100,000)" in drawn("sgd-regression", "2")[-1]


def test_both_outputs_of_mazur_can_be_seen_under_their_own_names() -> None:
    moment, words = at("mazur-2-2-2", "1"), notation("mazur-2-2-2")
    titles = [surface_text(moment, words, output)[0].split(" over ")[0] for output in (0, 1, 2)]
    assert titles == ["out_o1 (output 1 of 2)", "out_o2 (output 2 of 2)", "out_o1 (output 1 of 2)"]


def test_after_divergence_there_are_question_marks_and_no_warnings() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lines = drawn("sgd-regression-wide", "60")
        text = surface_text(at("sgd-regression-wide", "60"), notation("sgd-regression-wide"))
    assert set("".join(map_of(lines))) == set("?•◆")
    assert any(line.startswith("? NaN") for line in lines)
    assert "NaN" in text[-2]


# ── why not, and any net ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "reason"),
    [("apples", "there are no data whose range could be drawn"),
     ("two-layer-digits", "a row of the data has 64 inputs; a plane needs exactly two")],
)  # fmt: skip
def test_where_there_is_no_picture_it_says_why(name: str, reason: str) -> None:
    moment = at(name, "1")
    assert why_not(moment) == reason
    assert surface_page(moment, notation(name), 76, 20) is None
    assert surface_text(moment, notation(name)) == (reason,)
    assert outputs(moment) == 0


@pytest.mark.parametrize("name", [*TWO_INPUTS, "three"])
def test_where_there_is_one_it_says_nothing(name: str) -> None:
    assert why_not(at(name, "1")) == ""
    assert outputs(at(name, "1")) == (2 if name == "mazur-2-2-2" else 1)


@given(scenarios(iterations=2), st.floats(0, 1), st.integers(0, 2))
@settings(deadline=None, max_examples=40)
def test_any_net_has_a_picture_or_a_reason(text: str, where: float, output: int) -> None:
    run = Timeline(parse_scenario(text.encode(), "random", "random.toml"))
    run.goto(run.course.at(run.course.iterations, round(where * run.course.length(run.course.iterations))))
    moment, words = run.moment(), Notation(run.names, ascii=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page = surface_page(moment, words, 40, 12, output)
        lines = surface_text(moment, words, output)
    assert (page is None) == bool(why_not(moment)) == (len(lines) == 1)
    if page is None:
        return
    assert all(line.width <= 40 for line in page)
    symbol, updated = moment.scenario.network.output, {*moment.program.carried.values()} & {*moment.program.writers}
    if symbol in moment.values and not updated & moment.values.keys():
        surface, made = surface_at(moment, moment.values["x"]), moment.values[symbol]
        expected = made.argmax(axis=1) if surface.kind == "classes" else made[:, 0]
        assert surface.values.tolist() == expected.tolist()


@given(st.floats(-1e150, 1e150), st.floats(0, 1e150), st.integers(2, 9), st.integers(2, 9))
def test_a_cell_is_the_nearest_to_its_point_and_the_outermost_are_at_the_ends(
    low: float, span: float, rows: int, columns: int
) -> None:
    span += 1e-3 * abs(low) + 1e-3
    plane = Plane((low, low + span), (-1.0, 1.0), rows, columns)
    cells = [plane.cell(x0, x1) for x0, x1 in plane.points.tolist()]
    assert cells == list(np.ndindex(rows, columns))
    corners = [plane.points[place].tolist() for place in (0, columns - 1, -columns, -1)]
    assert corners == [[x0, x1] for x1 in (1.0, -1.0) for x0 in (low, low + span)]
    assert plane.cell(low - span, 5.0) == (0, 0)
    assert plane.cell(low + 2 * span, -5.0) == (rows - 1, columns - 1)


# ── in colours ───────────────────────────────────────────────────────────────────────────────────────────────


def coloured_picture(name: str, where: str, width: int = 76, height: int = 20) -> Drawing:
    return surface_drawing(at(name, where), View(notation(name)), width, height)


@pytest.mark.parametrize("name", [*TWO_INPUTS, "three"])
@pytest.mark.parametrize("size", [(82, 18), (36, 4), (78, 16), (36, 8)])
def test_a_surface_in_colours_fills_its_room(name: str, size: tuple[int, int]) -> None:
    drawing = coloured_picture(name, "1", *size)
    assert drawing.height == size[1]
    assert all(sum(cell_len(text) for text, _ in line) == size[0] for line in drawing.lines)
    assert all(GRADSTEP_DARK.style(key) for line in drawing.lines for _, key in line)


def test_the_grounds_diverge_around_a_half_and_every_sample_is_on_its_side() -> None:
    moment = at("and-perceptron", "end")
    plane = Plane((-1.0, 2.0), (-1.0, 2.0), 8, 9)
    surface = surface_at(moment, plane.points)
    grounds = grounds_of(surface, 8)
    levels = [int(key.removeprefix("heat ")) for row in grounds.keys for key in row]
    by_hand = [run_by_hand("and-perceptron", moment, row)[0] for row in plane.points.tolist()]
    assert levels == [math.floor((value - 0.5) / 0.5 * 16 + 0.5) for value in by_hand]
    assert (grounds.low, grounds.centre, grounds.high) == (0.0, 0.5, 1.0)


def test_the_contour_lies_where_the_output_crosses_a_half() -> None:
    moment = at("and-perceptron", "end")
    W, b = moment.values["W1_next"].ravel().tolist(), float(moment.values["b1_next"][0])
    drawing = coloured_picture("and-perceptron", "end", 82, 18)
    rows = [line for line in drawing.text.splitlines() if "│" in line or "┤" in line]
    left = min(line.index(sign) for line in rows for sign in "│┤" if sign in line) + 1
    wide, found = 82 - left, 0
    for row, line in enumerate(rows):
        for column, sign in enumerate(line[left:]):
            if sign in "─│╱╲":
                x0, x1 = -0.1 + 1.2 * column / (wide - 1), 1.1 - 1.2 * row / (len(rows) - 1)
                distance = abs(W[0] * x0 + W[1] * x1 + b) / (abs(W[0]) * 1.2 / wide + abs(W[1]) * 1.2 / len(rows))
                assert distance < 1.5
                found += 1
    assert found > wide / 4


def test_the_data_keep_their_marks_on_top() -> None:
    text = coloured_picture("and-perceptron", "end", 82, 18).text
    assert text.count("◆") == 1 + 1  # that of the one row whose target is 1, and in the legend
    assert text.count("◇") == 3 + 1


def test_classes_have_a_colour_each() -> None:
    keys = {key for line in coloured_picture("three", "3", 60, 16).lines for _, key in line}
    assert {key.split()[key.split().index("class") + 1] for key in keys if "class" in key} == {"1", "2", "3"}
