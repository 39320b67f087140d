"""Claims about coloured cells: levels, rasters, half blocks, numbers in cells, signs in the place of colours."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rich.cells import cell_len

from gradstep.engine.arrays import Array
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.heat_cells import NOT_FINITE, blocks_of, heat_cells, heat_scale, levels, raster_of
from gradstep.tui.text.palette import GRADSTEP_DARK, GRADSTEP_LIGHT
from gradstep.tui.text.shades import ASCII_NEGATIVE, ASCII_SHADES, NEGATIVE, SHADES, sign_of

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 60))
ANY = hnp.arrays(np.float64, st.one_of(st.just(()), st.tuples(st.integers(0, 60)), SIZES), elements=st.floats())
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def text(line: Pieces) -> str:
    return "".join(piece for piece, _ in line)


def width(line: Pieces) -> int:
    return cell_len(text(line))


@given(ANY, st.integers(1, 130), st.integers(1, 40), st.booleans(), st.booleans())
@example(np.array([[5e-324, -1.7e308], [np.inf, -np.inf]]), 9, 1, False, False)
@settings(deadline=None, max_examples=80)
def test_any_array_is_drawn_into_any_room_in_lines_of_one_width(
    values: Array, wide: int, high: int, plain: bool, ascii: bool
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lines = heat_cells(values, wide, high, plain, ascii)
    assert bool(lines) == bool(values.size)
    assert len(lines) <= high
    assert len({width(line) for line in lines}) <= 1
    assert all(width(line) <= wide for line in lines)
    assert all(GRADSTEP_DARK.style(key) for line in lines for _, key in line)
    assert not ascii or all(text(line).isascii() for line in lines)


@given(hnp.arrays(np.float64, SIZES, elements=FINITE))
def test_a_level_has_the_sign_of_its_number_is_zero_for_zero_alone_and_grows_with_the_magnitude(values: Array) -> None:
    largest = float(np.abs(values).max())
    found = levels(values, largest)
    assert (np.sign(found) == np.sign(values)).all()
    assert (np.abs(found) <= 16).all()
    assert largest == 0 or (np.abs(found) == 16).any()
    order = np.argsort(np.abs(values), axis=None)
    assert (np.diff(np.abs(found).ravel()[order]) >= 0).all()


def test_levels_are_sixteenths_rounded_up_and_last_bits_do_not_count() -> None:
    assert levels(np.array([1.0, -0.5, 0.51, 1e-300, 0.0, -0.0]), 1.0).tolist() == [16, -8, 9, 1, 0, 0]
    assert levels(np.array([0.1 * 3]), 1.2).tolist() == levels(np.array([0.3]), 1.2).tolist() == [4]
    assert levels(np.array([np.nan, np.inf, -np.inf]), 1.0).tolist() == [NOT_FINITE] * 3


@pytest.mark.parametrize("halves", [True, False])
@given(rows=st.integers(1, 2000), columns=st.integers(1, 2000), wide=st.integers(1, 290), high=st.integers(1, 90))
def test_a_raster_holds_every_element_and_fits(halves: bool, rows: int, columns: int, wide: int, high: int) -> None:
    raster = raster_of((rows, columns), wide, high, halves=halves)
    assert raster.rows * raster.block_height >= rows > (raster.rows - 1) * raster.block_height
    assert raster.columns * raster.block_width >= columns > (raster.columns - 1) * raster.block_width
    assert raster.width <= wide
    assert raster.height <= high
    assert halves or not raster.halves
    assert raster.line_of(rows - 1) < raster.height
    assert raster.cell_of(columns - 1) < raster.width


def test_two_rows_share_a_line_by_half_blocks_the_upper_in_front() -> None:
    values = np.array([[1.0, -1.0], [0.0, -1.0], [0.5, 0.0]])
    assert heat_cells(values, 2, 2) == (
        (("▀", "heat 16 on heat 0"), (" ", "text on heat -16")),
        (("▀", "heat 8 on panel"), ("▀", "heat 0 on panel")),
    )


def test_where_a_cell_is_wide_its_number_stands_in_it_and_large_cells_fill_the_room() -> None:
    lines = heat_cells(np.array([[0.15, -0.25], [0.2, 0.3]]), 40, 6)
    assert len(lines) == 6
    assert text(lines[1]).split() == ["0.15", "-0.25"]
    assert text(lines[4]).split() == ["0.2", "0.3"]
    keys = [key for piece, key in lines[1] if piece.strip()]
    assert keys == ["ink on heat 8", "ink on heat -14"]


@given(
    hnp.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 8)), elements=st.floats()), st.integers(1, 20)
)
@settings(deadline=None)
def test_a_number_in_a_cell_is_never_cut(values: Array, wide: int) -> None:
    lines = heat_cells(values, wide * values.shape[1], len(values))
    if wide < 7 or not raster_of(values.shape, wide * values.shape[1], len(values), halves=True).numbers:
        return
    for line, numbers in zip(lines, values.tolist(), strict=True):
        cells = [text(line)[place : place + wide] for place in range(0, wide * len(numbers), wide)]
        for cell, number in zip(cells, numbers, strict=True):
            shown = float(cell)
            assert shown == pytest.approx(number, rel=0.5, abs=0, nan_ok=True) or shown == number or abs(number) > 1e308


def test_a_matrix_of_millions_is_reduced_to_what_is_seen() -> None:
    matrix = np.random.default_rng(1).standard_normal((2000, 2000))
    lines = heat_cells(matrix, 40, 20)
    assert len(lines) == 20
    assert all(width(line) == 40 for line in lines)


def test_labels_stand_beside_their_numbers_or_above_them_where_there_is_no_room() -> None:
    values, labels = np.array([[0.4, 0.5]]), [["w5", "w7"]]
    assert text(heat_cells(values, 40, 1, labels=labels)[0]).split() == ["w5", "0.4", "w7", "0.5"]
    lines = [text(line).split() for line in heat_cells(values, 16, 3, labels=[["left_5", "left_7"]])]
    assert lines == [["left_5", "left_7"], ["0.4", "0.5"], []]


def test_the_chosen_number_is_lit() -> None:
    line = heat_cells(np.array([[0.4, 0.5]]), 40, 1, chosen=(0, 1))[0]
    assert [piece.strip() for piece, key in line if key == "bold text on chosen"] == ["0.5"]


def test_without_colours_a_sign_says_what_the_ground_would() -> None:
    values = np.array([[0.5, -1.0, 0.0], [-0.001, 0.75, 1e-300]])
    assert [text(line) for line in heat_cells(values, 6, 2, plain=True)] == ["▒▒▬▬  ", "--▓▓░░"]
    assert [text(line) for line in heat_cells(values, 6, 2, ascii=True)] == ["++@@  ", "--**.."]
    assert text(heat_cells(np.array([[1.0]]), 9, 1, plain=True)[0]) == "███ 1 ███"


def test_what_is_not_finite_has_a_sign_in_any_way_of_drawing() -> None:
    odd = np.array([[np.nan, np.inf, -np.inf, 2.0]])
    assert text(heat_cells(odd, 4, 1)[0]) == "?^v "
    assert text(heat_cells(odd, 4, 1, plain=True)[0]) == "?^v█"
    halves = heat_cells(np.vstack([odd, np.ones((1, 4))]), 4, 1)[0]
    assert text(halves) == "?^v▀"
    assert halves[0][1] == "bold fails on heat 8"


@given(hnp.arrays(np.float64, SIZES, elements=st.floats()), st.integers(1, 20), st.integers(1, 20))
@settings(deadline=None)
def test_a_block_is_the_largest_of_its_elements(matrix: Array, most_rows: int, most_columns: int) -> None:
    blocks = blocks_of(matrix, most_rows, most_columns)
    rows, columns = blocks.values.shape
    assert rows <= most_rows
    assert columns <= most_columns
    for row, column in np.ndindex(rows, columns):
        top, left = row * blocks.height, column * blocks.width
        part = matrix[top : top + blocks.height, left : left + blocks.width]
        assert part.size
        value = blocks.values[row, column]
        assert value in part or (np.isnan(value) and np.isnan(part).any())
        assert np.isnan(value) == np.isnan(part).any()
        assert np.isnan(value) or abs(value) == pytest.approx(np.abs(part).max(), rel=1e-12)


def test_last_bits_decide_neither_a_shade_nor_which_of_equal_numbers_comes_first() -> None:
    assert sign_of(0.1 * 3, 1.2, ascii=False) == sign_of(0.3, 1.2, ascii=False) == ("░", "positive")
    assert blocks_of(np.array([[-0.3 - 1e-16, 0.3, 0.1]]), 1, 1).values == [[0.3]]


@given(FINITE, FINITE, st.booleans())
def test_a_sign_says_the_sign_of_its_number(value: float, other: float, ascii: bool) -> None:
    character, _ = sign_of(value, max(abs(value), abs(other)), ascii=ascii)
    positive, negative = (ASCII_SHADES, ASCII_NEGATIVE) if ascii else (SHADES, NEGATIVE)
    assert (character == " ") == (value == 0)
    assert value == 0 or character in (negative if value < 0 else positive)[1:]


def test_no_two_meanings_share_a_character() -> None:
    for positive, negative in ((SHADES, NEGATIVE), (ASCII_SHADES, ASCII_NEGATIVE)):
        assert not set(positive[1:]) & set(negative[1:])
        assert not set("?^v") & {*positive, *negative}


@pytest.mark.parametrize("wide", range(1, 60))
def test_a_number_of_the_scale_is_never_cut(wide: int) -> None:
    line = heat_scale(0.034947796, wide)
    assert width(line) <= wide
    assert [piece.strip() for piece, key in line if key == "quiet"] in (["-0.0349", "0.0349"], ["±0.0349"], [])


def test_the_ends_of_the_scale_are_the_strongest_grounds_and_its_middle_is_zero() -> None:
    line = [key for piece, key in heat_scale(2.0, 80) if key != "quiet"]
    assert (line[0], line[len(line) // 2], line[-1]) == ("ink on heat -16", "ink on heat 0", "ink on heat 16")
    assert text(heat_scale(2.0, 80, plain=True, signed=False)).split(" ") == ["0", "", "░░░░▒▒▒▒▓▓▓▓████", "2"]
    assert heat_scale(0.0, 80) == ()


@pytest.mark.parametrize("palette", [GRADSTEP_DARK, GRADSTEP_LIGHT])
def test_a_number_can_be_read_on_every_ground(palette: object) -> None:
    def luminance(colour: tuple[int, int, int]) -> float:
        parts = [part / 255 for part in colour]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for ground in (*(f"heat {level}" for level in range(-16, 17)), *(f"grey {level}" for level in range(17))):
        style = palette.style(f"ink on {ground}")  # type: ignore[attr-defined]  # a palette
        front, back = luminance(style.color.triplet), luminance(style.bgcolor.triplet)
        assert (max(front, back) + 0.05) / (min(front, back) + 0.05) > 3
