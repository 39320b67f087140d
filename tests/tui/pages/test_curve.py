"""Claims about the curve of the losses."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rich.cells import cell_len
from textual.app import App, ComposeResult

from gradstep.tui.pages import curve
from gradstep.tui.pages.curve import Losses, curve_lines, series_captions, titled
from gradstep.tui.text.grid import Piece
from gradstep.tui.widgets.curve import Curve
from tests.work import work_of

CAPTIONS = ("iteration 4,211 of 10,001  E = +0.004459", "4,211  E = +0.004459", "E = +0.004459", "4,211")
FALLING = 0.298 * np.exp(-np.arange(10_001) / 1000) + 3.5e-5
BRAILLE = {chr(code) for code in range(0x2801, 0x2900)}


def page(lines: list[list[Piece]]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def drawn(
    values: npt.ArrayLike,
    width: int,
    height: int,
    cursor: int | None,
    *,
    logarithmic: bool | None = None,
    ascii: bool = False,
    known: npt.NDArray[np.bool_] | None = None,
    captions: Sequence[str] = (),
) -> list[list[Piece]]:
    losses = Losses(np.asarray(values, dtype=np.float64), known, cursor, logarithmic)
    return curve_lines(losses, width, height, captions=captions, ascii=ascii)


def keys_of(lines: list[list[Piece]], characters: str) -> set[str]:
    return {key for line in lines for text, key in line if set(text) & set(characters)}


@given(
    hnp.arrays(np.float64, st.integers(0, 40), elements=st.floats()),
    st.integers(-1, 30),
    st.integers(-1, 9),
    st.none() | st.integers(-3, 50),
    st.none() | st.booleans(),
    st.booleans(),
    st.data(),
)
def test_any_losses_are_drawn_into_any_rectangle(  # what hypothesis draws
    values: npt.NDArray[np.float64],
    width: int,
    height: int,
    cursor: int | None,
    logarithmic: bool | None,
    ascii: bool,
    data: st.DataObject,
) -> None:
    masks = st.none() | hnp.arrays(np.bool_, values.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lines = drawn(
            *(values, width, height, cursor),
            logarithmic=logarithmic, ascii=ascii, known=data.draw(masks),
            captions=data.draw(st.sampled_from([(), CAPTIONS])),
        )  # fmt: skip
    assert len(lines) == max(0, height)
    assert all(cell_len(line) == max(0, width) for line in page(lines))
    assert not ascii or all(line.isascii() for line in page(lines))


def test_the_smallest_losses_are_drawn_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(drawn(np.arange(9) * 5e-324, 60, 8, None)) == 8


@given(hnp.arrays(np.float64, st.integers(1, 200), elements=st.floats(-1e308, 1e308)), st.booleans())
@example(np.array([5e-324, 1e-323]), False)
@example(np.array([1.7976931348623157e308, -1.7976931348623157e308]), True)
def test_the_curve_has_dots_in_every_column_and_reaches_top_and_bottom(
    values: npt.NDArray[np.float64], ascii: bool
) -> None:
    lines = drawn(values, 60, 8, None, ascii=ascii)
    dots = {"*"} if ascii else BRAILLE
    margin = page(lines)[-1].index("1")
    curve = [line[margin:] for line in page(lines)[1:-1]]
    if values.size > 1:
        assert all(set(column) & dots for column in zip(*curve, strict=True))
    low, high = float(values.min()), float(values.max())
    if high - low > 1e-9 * max(abs(low), abs(high)):
        assert set(page(lines)[1]) & dots
        assert set(page(lines)[-2]) & dots


def test_the_cursor_stands_at_its_iteration_and_the_ends_of_the_axes_are_named() -> None:
    lines = page(drawn(FALLING, 80, 10, 4211, captions=CAPTIONS))
    assert lines[0].rstrip() == "iteration 4,211 of 10,001  E = +0.004459"
    assert lines[-1].split() == ["1", "▲", "10,001"]
    assert lines[1].startswith("+2.9804e-01 ")
    assert lines[-2].startswith("+4.85")
    column = lines[-1].index("▲")
    assert {line[column] for line in lines[1:-1]} <= BRAILLE | {"│"}
    assert keys_of(drawn(FALLING, 80, 10, 4211), "│▲") == {"cursor"}


def test_the_caption_is_the_longest_that_fits_and_none_is_cut() -> None:
    captions = [page(drawn(FALLING, width, 3, 4211, captions=CAPTIONS))[0].rstrip() for width in range(1, 60)]
    assert set(captions) == {"", *CAPTIONS}
    assert [len(caption) for caption in captions] == sorted(map(len, captions))


def test_without_a_cursor_there_is_no_upright_line() -> None:
    for cursor in (None, 0, 11):
        assert "│" not in "".join(page(drawn(np.arange(10.0), 40, 6, cursor)))


@pytest.mark.parametrize(
    ("cursor", "below"), [(1, "▲1     10"), (10, "1     10▲"), (9, "1    10▲ "), (5, "1   ▲   10")]
)
def test_the_pointer_hides_no_digit_of_an_iteration(cursor: int, below: str) -> None:
    line = page(drawn(np.full(10, np.nan), len(below), 4, cursor))[-1]
    assert line.replace(" ", "") == below.replace(" ", "")


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


def test_a_curve_is_named_with_its_axis() -> None:
    assert titled("loss", Losses(np.array([1.0, 2.0]))) == "loss (linear)"
    assert titled("loss", Losses(np.array([1.0, 2.0]), logarithmic=True)) == "loss (log)"
    assert titled("loss", Losses(np.array([-1.0, 2.0]), logarithmic=True)) == "loss (linear)"
    assert titled("loss", Losses(np.array([np.nan]))) == "loss"


def test_the_captions_of_a_series_say_that_its_values_are_those_at_the_end_of_an_iteration() -> None:
    numbers, known = np.array([0.5, np.nan, 0.25]), np.array([True, False, True])
    assert series_captions(Losses(numbers, known, 3), 10_000) == (
        "+0.25 at the end of iteration 3 of 10,000",
        "+0.25 at the end of iteration 3",
        "+0.25 at the end of 3",
        "+0.25",
    )
    for elsewhere in (2, 4):
        captions = (f"iteration {elsewhere} of 10,000", f"{elsewhere}")
        assert series_captions(Losses(numbers, known, elsewhere), 10_000) == captions
    assert series_captions(Losses(numbers, known), 10_000) == ()


@pytest.mark.parametrize("ascii", [False, True])
def test_iterations_without_a_finite_loss_are_marked_at_the_top(ascii: bool) -> None:
    losses = np.linspace(1.0, 2.0, 1000)
    losses[800:] = np.inf
    lines = drawn(losses, 57, 8, None, ascii=ascii)
    top = page(lines)[1]
    assert top[7:].lstrip(" *" + "".join(BRAILLE)) == "!" * 10
    assert keys_of(lines, "!") == {"nonfinite"}


def test_what_has_not_run_is_blank_and_not_marked() -> None:
    losses = np.array([1.0, np.nan, np.nan, 2.0])
    known = np.array([True, False, True, True])
    assert "".join(page(drawn(losses, 40, 6, 2, known=known))).count("!") == 1
    assert "".join(page(drawn(losses, 40, 6, 2))).count("!") == 2
    hidden = np.array([1.0, 5.0, 2.0])
    assert page(drawn(hidden, 40, 6, None, known=hidden < 3))[1].startswith("+2 ")


def test_a_spike_of_one_iteration_in_a_long_run_is_seen() -> None:
    losses = np.zeros(100_000)
    losses[54_321] = 1.0
    lines = page(drawn(losses, 53, 6, None))
    assert lines[1].startswith("+1 ")
    spike = [place for place, character in enumerate(lines[1]) if character in BRAILLE]
    assert spike == [3 + 54_321 * 50 // 100_000]


def test_equal_losses_are_a_straight_line_beside_their_value() -> None:
    for rows in range(1, 8):
        for ascii in (False, True):
            lines = page(drawn(np.full(5, 0.7), 20, rows + 2, None, ascii=ascii))[1:-1]
            assert [line for line in lines if line.strip()] == [line for line in lines if line.startswith("+0.7 ")]


def test_a_million_losses_are_drawn_by_looking_at_each_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    losses = np.random.default_rng(1).random(1_000_000)
    losses[77] = np.nan
    known = np.ones(losses.size, dtype=np.bool_)
    work = work_of(lambda: drawn(losses, 120, 12, 5000, known=known), curve, monkeypatch)
    assert losses.size < work.numbers < 10 * losses.size
    assert 0 < work.lines < 20_000


class CurveApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Curve()


async def test_the_widget_shows_the_lines_and_draws_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def spy(*arguments: object, **options: object) -> list[list[Piece]]:
        calls.append(1)
        return curve_lines(*arguments, **options)  # type: ignore[arg-type]  # handed on as they come

    monkeypatch.setattr("gradstep.tui.widgets.curve.curve_lines", spy)
    app = CurveApp()
    async with app.run_test(size=(70, 20)) as pilot:
        curve = app.query_one(Curve)
        curve.show(Losses(FALLING, cursor=4211), CAPTIONS)
        await pilot.pause()
        calls.clear()
        lines = [curve.render_line(y).text for y in range(curve.size.height)]
        assert lines == page(drawn(FALLING, 70, 8, 4211, captions=CAPTIONS))
        assert lines[0].rstrip() == CAPTIONS[0]
        assert calls == []
        assert all(curve.render_line(y).cell_length == 70 for y in range(10))
        app.theme = "textual-light"
        await pilot.pause()
        background = curve.background_colors[1].rich_color
        assert {segment.style.bgcolor for segment in curve.render_line(2) if segment.style} == {background}
        await pilot.resize_terminal(50, 20)
        assert curve.render_line(0).cell_length == 50
