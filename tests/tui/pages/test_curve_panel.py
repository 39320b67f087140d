"""Claims about the panel of the loss: its axes, its cursor, a second curve, what is measured; and what is kept."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rich.cells import cell_len

from gradstep.engine import load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.timeline.moment import Moment
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.pages import plot as plots
from gradstep.tui.pages.curve import Losses
from gradstep.tui.pages.curve_panel import curve_heights, curve_panel
from gradstep.tui.pages.plot import Curve, plot
from gradstep.tui.pages.view import View
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.notation import Notation

BRAILLE = {chr(code) for code in range(0x2801, 0x2900)}
FALLING = 0.298 * np.exp(-np.arange(10_000) / 1000) + 3.5e-5


@pytest.fixture(scope="module")
def run() -> Timeline:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("3:W1_next")
    return timeline


def view_of(timeline: Timeline, *, ascii: bool = False, plain: bool = False) -> View:
    return View(Notation(timeline.names, ascii=ascii), plain=plain)


def with_losses(run: Timeline, losses: Array, known: Array | None = None) -> Moment:
    mask = np.ones(losses.size, dtype=np.bool_) if known is None else known
    return replace(run.moment(), losses=losses, known=mask)


def lines(panel: Panel) -> list[str]:
    return ["".join(text for text, _ in line) for line in panel.inside.lines]


@given(
    hnp.arrays(np.float64, st.integers(0, 40), elements=st.floats()),
    hnp.arrays(np.float64, st.integers(0, 40), elements=st.floats()),
    st.integers(10, 120), st.integers(2, 30), st.none() | st.integers(0, 45), st.booleans(), st.booleans(),
)  # fmt: skip
@settings(deadline=None)
def test_any_curves_are_drawn_into_any_room(
    one: Array, other: Array, width: int, height: int, cursor: int | None, plain: bool, ascii: bool
) -> None:
    curves = [Curve("one", Losses(one), "loss"), Curve("other", Losses(other), "series 1")]
    found = plot(curves, width, height, cursor=cursor, plain=plain, ascii=ascii)
    assert len(found) == height
    assert all(sum(cell_len(text) for text, _ in line) == width for line in found)
    assert not ascii or all(text.isascii() for line in found for text, _ in line)


def test_the_ends_of_the_axis_are_named_in_few_digits_and_the_title_says_that_it_is_logarithmic(run: Timeline) -> None:
    panel = curve_panel(with_losses(run, FALLING), view_of(run), 36, 9)
    assert "".join(text for text, _ in panel.title) == "E_total (log)"
    assert panel.title[0][1] == "bold loss"
    told = lines(panel)
    assert told[0].split()[0] == "0.298"
    assert float(told[7].split()[0]) == pytest.approx(float(FALLING[-1]), rel=5e-3)
    assert told[8].split() == ["▲1", "10,000"]
    linear = curve_panel(with_losses(run, FALLING), view_of(run), 36, 9, logarithmic=False)
    assert "".join(text for text, _ in linear.title) == "E_total"
    assert curve_panel(with_losses(run, np.array([0.3, 0.2])), view_of(run), 36, 9).title == (("E_total", "bold loss"),)


def test_nothing_moves_when_the_numbers_of_the_axis_change(run: Timeline) -> None:
    starts = set()
    for scale in (1.0, 1e-9, 123456.0, 1e200):
        told = lines(curve_panel(with_losses(run, scale * (2 + FALLING)), view_of(run), 36, 9))
        starts.add(told[-1].index("1"))
    assert starts == {10}  # behind eight cells for a number, one apart, and the cursor


@pytest.mark.parametrize("iteration", [1, 2, 5_000, 9_999, 10_000])
def test_the_cursor_stands_at_its_iteration_and_hides_no_digit(run: Timeline, iteration: int) -> None:
    moment = with_losses(run, FALLING)
    moment = replace(moment, position=replace(moment.position, iteration=iteration))
    told = lines(curve_panel(moment, view_of(run), 60, 9))
    place = told[-1].index("▲")
    assert place == 9 + (iteration - 1) * 102 // 10_000 // 2
    assert {line[place] for line in told[:-1]} <= BRAILLE | {"│"}
    assert told[-1].replace("▲", " ").split() == ["1", "10,000"]


def test_a_second_curve_is_dotted_has_another_colour_and_a_legend(run: Timeline) -> None:
    other = "fork", Losses(np.full(4, 0.1), cursor=1)
    panel = curve_panel(with_losses(run, np.full(4, 0.3)), view_of(run), 60, 9, other=other)
    keys = [{key for text, key in line if set(text) & BRAILLE} for line in panel.inside.lines]
    assert keys[0] <= {"loss", "bold text"}  # the one that one is in keeps its colour
    assert "quiet" in keys[-3]
    assert lines(panel)[-1].split() == ["⠤⠤", "original", "0.3", "⠤⠤", "fork", "0.1"]
    plain = curve_panel(with_losses(run, np.full(4, 0.3)), view_of(run, plain=True), 60, 9, other=other)
    assert lines(plain)[-1].split()[0] != lines(plain)[-1].split()[3]
    assert "*" in lines(curve_panel(with_losses(run, np.full(4, 0.3)), view_of(run, ascii=True), 60, 9, other=other))[0]


@pytest.mark.parametrize("height", [2, 3, 4, 6])
def test_two_curves_without_room_to_be_told_apart_are_numbers(run: Timeline, height: int) -> None:
    other = "fork", Losses(np.full(4, 0.125), cursor=1)
    moment = with_losses(run, np.full(4, 0.375))
    moment = replace(moment, position=replace(moment.position, iteration=1))
    for width in (30, 36):
        shown = [line for line in lines(curve_panel(moment, view_of(run), width, height, other=other)) if line.strip()]
        told = [line.split()[:2] for line in shown]
        assert told == [["original", "0.375"], ["fork", "0.125"], ["difference", "0.25"]][:height]
        assert bool(set("".join(shown)) & BRAILLE) is (width == 36), "the curves stand beside the numbers"


def test_iterations_without_a_finite_loss_are_marked_at_the_top(run: Timeline) -> None:
    losses = np.array([1.0, math.nan, 2.0, math.inf])
    panel = curve_panel(with_losses(run, losses), view_of(run), 40, 6)
    assert [text for text, key in panel.inside.lines[0] if key == "bold fails"] == ["!", "!"]


def test_what_is_measured_stands_below_with_its_last_numbers() -> None:
    digits = Timeline(load_scenario("two-layer-digits"))
    digits.goto("30")
    moment = digits.moment()
    told = lines(curve_panel(moment, view_of(digits), 40, 13))
    train, test = (float(digits[f"accuracy_{rows}"]) for rows in ("train", "test"))
    words = told[-1].split()
    assert words[::2][:1] == ["accuracy"]
    assert [float(words[2]), float(words[4])] == [pytest.approx(train, rel=5e-3), pytest.approx(test, rel=5e-3)]
    assert [line.split()[0] for line in told[-3:-1]] == ["train", "test"]
    least, best = curve_heights(digits.scenario, view_of(digits), 40)
    assert (least, best) == (6, 14)


def test_another_curve_can_stand_in_the_place_of_the_loss(run: Timeline) -> None:
    panel = curve_panel(
        run.moment(), view_of(run), 40, 8, shown=("w5", Losses(np.array([0.4, 0.5]))), aside="l: E_total"
    )
    assert panel.title == (("w5", "bold loss"),)
    assert panel.aside == (("l: E_total", "quiet"),)
    assert lines(panel)[0].split()[0] == "0.5"


def test_dots_are_drawn_once_for_the_same_losses_and_size_wherever_the_cursor_is(
    run: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    original = plots.dots_of

    def spy(lowest: Array, highest: Array, rows: int) -> object:
        calls.append(rows)
        return original(lowest, highest, rows)

    monkeypatch.setattr(plots, "dots_of", spy)
    moment = with_losses(run, FALLING.copy())
    drawn = set()
    for iteration in (1, 2_000, 5_000):
        there = replace(moment, position=replace(moment.position, iteration=iteration))
        drawn.add("\n".join(lines(curve_panel(there, view_of(run), 41, 9))))
    assert len(drawn) == 3
    assert len(calls) == 1
    curve_panel(moment, view_of(run), 42, 9)
    assert len(calls) == 2


def test_a_loss_that_becomes_known_is_drawn() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    view, seen = view_of(timeline), []
    for where in ("1", "2", "50", "20", "51"):
        timeline.goto(where)
        seen.append("\n".join(lines(curve_panel(timeline.moment(), view, 60, 9))))
    assert len(set(seen)) == 5


@pytest.mark.parametrize("size", [(32, 5), (36, 9), (78, 12), (20, 3), (8, 2)])
def test_a_single_value_is_said_in_place_of_a_curve(size: tuple[int, int]) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    none = curve_panel(timeline.moment(), view_of(timeline), *size)
    timeline.goto("1")
    one = curve_panel(timeline.moment(), view_of(timeline), *size)
    timeline.goto("2:u1")
    again = curve_panel(timeline.moment(), view_of(timeline), *size)
    for panel in (none, one, again):
        assert (panel.inside.width, panel.inside.height) == size
        assert not set("│▲") & set(panel.inside.text)
    if size[0] >= 32:
        assert "no value so far" in none.inside.text
        for panel in (one, again):
            assert "0.298371109" in panel.inside.text  # the article
            assert "one value so far (iteration 1)" in panel.inside.text


@pytest.mark.parametrize(("value", "text"), [(math.nan, "NaN"), (math.inf, "inf"), (1e300, "1.0000e+300")])
def test_a_single_value_that_is_no_ordinary_number_is_whole(run: Timeline, value: float, text: str) -> None:
    assert text in curve_panel(with_losses(run, np.array([value])), view_of(run), 34, 7).inside.text
    name = "a_name_of_forty_characters_for_one_loss_"
    shown = curve_panel(run.moment(), view_of(run), 34, 7, shown=(name, Losses(np.array([value])))).inside.text
    assert text[:3] in shown
    assert "one value so far" in shown
