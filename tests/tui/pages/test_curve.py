"""Claims about the dots of a curve: where they are, on which axis, and how little is done for many."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradstep.tui.pages import curve
from gradstep.tui.pages.curve import Losses, losses_at
from gradstep.tui.pages.plot import Curve, plot
from tests.work import work_of

BRAILLE = {chr(code) for code in range(0x2801, 0x2900)}
MARGIN = 9  # cells before a curve: a number and a blank


def drawn(
    values: npt.ArrayLike,
    width: int,
    height: int,
    *,
    ascii: bool = False,
    known: npt.NDArray[np.bool_] | None = None,
) -> list[str]:
    losses = Losses(np.asarray(values, dtype=np.float64), known)
    return [
        "".join(text for text, _ in line) for line in plot([Curve("E", losses, "loss")], width, height, ascii=ascii)
    ]


def test_the_smallest_losses_are_drawn_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(drawn(np.arange(9) * 5e-324, 60, 8)) == 8


@given(hnp.arrays(np.float64, st.integers(1, 200), elements=st.floats(-1e308, 1e308)), st.booleans())
@example(np.array([5e-324, 1e-323]), False)
@example(np.array([1.7976931348623157e308, -1.7976931348623157e308]), True)
def test_the_curve_has_dots_in_every_column_and_reaches_top_and_bottom(
    values: npt.NDArray[np.float64], ascii: bool
) -> None:
    lines = drawn(values, 60, 8, ascii=ascii)
    dots = {"*"} if ascii else BRAILLE
    curves = [line[MARGIN:] for line in lines[:-1]]
    if values.size > 1:
        assert all(set(column) & dots for column in zip(*curves, strict=True))
    low, high = float(values.min()), float(values.max())
    if high - low > 1e-9 * max(abs(low), abs(high)):
        assert set(curves[0]) & dots
        assert set(curves[-1]) & dots


def test_the_axis_is_logarithmic_where_the_losses_span_more_than_two_powers_of_ten() -> None:
    def is_logarithmic(losses: list[float], wanted: bool | None = None) -> bool:
        axis = Losses(np.array(losses), logarithmic=wanted).axis
        assert axis is not None
        return axis.logarithmic

    assert not is_logarithmic([1.0, 99.0])
    assert is_logarithmic([1.0, 101.0])
    assert not is_logarithmic([0.0, 101.0])
    assert not is_logarithmic([1.0, 101.0], False)
    assert is_logarithmic([1.0, 2.0], True)
    assert not is_logarithmic([-1.0, 2.0], True)


def test_what_has_not_run_is_blank_and_not_marked() -> None:
    losses = np.array([1.0, np.nan, np.nan, 2.0])
    known = np.array([True, False, True, True])
    assert "".join(drawn(losses, 40, 6, known=known)).count("!") == 1
    assert "".join(drawn(losses, 40, 6)).count("!") == 2
    hidden = np.array([1.0, 5.0, 2.0])
    assert drawn(hidden, 40, 6, known=hidden < 3)[0].split()[0] == "2"


def test_numbers_of_some_iterations_are_those_of_a_run_in_which_the_others_are_not_known() -> None:
    losses = losses_at([1, 3], [0.5, 0.25], 4, 3)
    assert losses.finite.tolist() == [True, False, True, False]
    assert losses.nonfinite.tolist() == [False] * 4
    assert losses.place == 2
    assert losses_at([], [], 0, 3).place is None


def test_a_spike_of_one_iteration_in_a_long_run_is_seen() -> None:
    losses = np.zeros(100_000)
    losses[54_321] = 1.0
    line = drawn(losses, 50 + MARGIN, 6)[0]
    assert line.split()[0] == "1"
    assert [place for place, character in enumerate(line) if character in BRAILLE] == [MARGIN + 54_321 * 50 // 100_000]


def test_equal_losses_are_a_straight_line_beside_their_value() -> None:
    for rows in range(1, 8):
        for ascii in (False, True):
            lines = drawn(np.full(5, 0.7), 30, rows + 1, ascii=ascii)[:-1]
            assert [line for line in lines if line.strip()] == [
                line for line in lines if line.strip().startswith("0.7 ")
            ]


@pytest.mark.parametrize("ascii", [False, True])
def test_iterations_without_a_finite_loss_are_marked_at_the_top(ascii: bool) -> None:
    losses = np.linspace(1.0, 2.0, 1000)
    losses[800:] = np.inf
    top = drawn(losses, 50 + MARGIN, 8, ascii=ascii)[0]
    assert top[MARGIN:].lstrip(" *" + "".join(BRAILLE)) == "!" * 10


def test_a_million_losses_are_drawn_by_looking_at_each_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    losses = np.random.default_rng(1).random(1_000_000)
    losses[77] = np.nan
    known = np.ones(losses.size, dtype=np.bool_)
    work = work_of(lambda: drawn(losses, 120, 12, known=known), curve, monkeypatch)
    assert losses.size < work.numbers < 10 * losses.size
    assert 0 < work.lines < 20_000
