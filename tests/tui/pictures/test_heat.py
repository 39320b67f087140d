"""Claims about heat maps and images: signs, blocks, marks, and that any array is drawn into any width."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from rich.cells import cell_len

from gradstep.engine import load_scenario
from gradstep.engine.arrays import Array, Index
from gradstep.engine.program.expression import Element
from gradstep.engine.timeline.timeline import Timeline
from gradstep.tui.pictures.heat import blocks_of, heat_page, heat_text
from gradstep.tui.pictures.images import Picture, picture_lines, picture_text
from gradstep.tui.pictures.shades import ASCII_NEGATIVE, ASCII_SHADES, NEGATIVE, SHADES, sign_of
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line
from gradstep.tui.widgets.sheet import Sheet

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 60))
ANY = hnp.arrays(np.float64, st.one_of(st.just(()), st.tuples(st.integers(0, 60)), SIZES), elements=st.floats())
FINITE = st.floats(allow_nan=False, allow_infinity=False)
WEIGHTS = np.array([[0.5, -1.0, 0.0], [-0.001, 0.75, 1e-300]])


@cache
def mazur() -> Timeline:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1")
    return timeline


def notation(*, ascii: bool = False) -> Notation:
    return Notation(mazur().names, ascii=ascii)


def name(index: Index) -> str:
    return f"W[{','.join(map(str, index))}]"


def written(lines: Sequence[Line]) -> list[str]:
    return ["".join(text for text, _ in line.pieces) for line in lines]


def page(values: Array, width: int = 60, *, ascii: bool = False, height: int = 32) -> list[str]:
    return written(heat_page(values, "W", notation(ascii=ascii), width, element_name=name, height=height))


def inside(line: str) -> str:
    return line.replace("|", "│").split("│")[1]


@given(ANY, st.integers(1, 130), st.integers(1, 40), st.booleans(), st.data())
@example(np.full((3, 3), np.nan), 30, 5, True, None)
@example(np.full((3, 3), 5e-324), 30, 5, False, None)
@example(np.array([[5e-324, -1.7e308], [np.inf, -np.inf]]), 9, 1, False, None)
@settings(deadline=None, max_examples=80)
def test_any_array_is_drawn_into_any_width(
    values: Array, width: int, height: int, ascii: bool, data: st.DataObject | None
) -> None:
    selected = None
    if data is not None and values.size and data.draw(st.booleans()):
        selected = tuple(data.draw(st.integers(0, size - 1)) for size in values.shape)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lines = heat_page(
            values, "W", notation(ascii=ascii), width, selected=selected, element_name=name, height=height
        )
        texts = heat_text(values, notation(ascii=ascii), name)
    assert all(line.width <= width for line in lines)
    assert {key for line in lines for _, key in line.pieces} <= set(Sheet.STYLE_KEYS)
    assert not ascii or all(text.isascii() for text in (*written(lines), *texts))
    assert not values.size or len(texts) >= 3


@given(FINITE, FINITE, st.booleans())
def test_a_sign_says_the_sign_of_its_number(value: float, other: float, ascii: bool) -> None:
    character, key = sign_of(value, max(abs(value), abs(other)), ascii=ascii)
    positive, negative = (ASCII_SHADES, ASCII_NEGATIVE) if ascii else (SHADES, NEGATIVE)
    assert (character == " ") == (value == 0)
    assert value == 0 or character in (negative if value < 0 else positive)[1:]
    assert key == ("negative" if value < 0 else "positive")


@given(st.lists(FINITE, min_size=2, max_size=9))
def test_what_is_farther_from_zero_is_no_lighter(values: list[float]) -> None:
    largest = max(map(abs, values)) or 1.0
    levels = [(SHADES if n >= 0 else NEGATIVE).index(sign_of(n, largest, ascii=False)[0]) for n in values]
    ordered = [level for _, level in sorted(zip(map(abs, values), levels, strict=True))]
    assert ordered == sorted(ordered)


def test_last_bits_decide_neither_a_shade_nor_which_of_equal_numbers_comes_first() -> None:
    assert sign_of(0.1 * 3, 1.2, ascii=False) == sign_of(0.3, 1.2, ascii=False) == ("░", "positive")
    almost = np.array([[-0.3, 0.1 + 0.2, 0.1]])
    assert blocks_of(almost, 1, 1).values == [[-0.3]]
    assert heat_text(almost, notation(), name)[-1].startswith("largest by magnitude: W[0,0] = -0.3, W[0,1] = +0.3,")


def test_no_two_meanings_share_a_character() -> None:
    for positive, negative in ((SHADES, NEGATIVE), (ASCII_SHADES, ASCII_NEGATIVE)):
        assert not set(positive[1:]) & set(negative[1:])
        assert not set("?^v") & {*positive, *negative}
    signs = [sign_of(number, 1.0, ascii=True) for number in (np.nan, np.inf, -np.inf)]
    assert signs == [("?", "nonfinite"), ("^", "nonfinite"), ("v", "nonfinite")]


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


def test_a_small_matrix_is_drawn_with_headings_and_scale() -> None:
    assert page(WEIGHTS, 70) == [
        "W  2×3",
        "   0 1 2",
        "0 │▒▒▬▬  │",
        "1 │--▓▓░░│",
        "-1 ▬▬≡≡==-- 0 ░░▒▒▓▓██ +1",
        "each sign: a quarter of the largest magnitude more; blank is 0",
    ]


def test_in_ascii_it_is_the_same() -> None:
    assert page(WEIGHTS, 50, ascii=True)[:5] == [
        "W  2x3",
        "   0 1 2",
        "0 |++@@  |",
        "1 |--**..|",
        "-1 @@%%==-- 0 ..++**## +1",
    ]


def test_a_vector_is_one_row_and_a_scalar_one_cell() -> None:
    assert page(np.array([1.0, -1.0]))[1:3] == ["  0 1", " │██▬▬│"]
    assert page(np.array(-3.0))[1] == " │▬▬│"


def test_what_is_not_finite_is_shown_and_said_and_leaves_the_scale_alone() -> None:
    lines = page(np.array([np.nan, np.inf, -np.inf, 2.0]), 80)
    assert inside(lines[2]) == "??^^vv██"
    assert lines[3].endswith("+2")
    assert " ".join(lines[4:]).endswith("? NaN  ^ +inf  v -inf")
    assert page(np.full(2, np.nan))[-1].startswith("no number is finite")
    assert page(np.zeros(2))[-1] == "every number is 0"


def test_the_selected_element_is_pointed_at_and_given_in_full() -> None:
    values = WEIGHTS.copy()
    values[1, 1] = 1 / 3
    lines = heat_page(values, "W", notation(), 40, selected=(1, 1), element_name=name)
    texts = written(lines)
    assert texts[2:5] == ["     ▾▾", "0 │▒▒▬▬  │", "1▸│--▒▒░░│"]
    assert "".join(texts[-2:]) == "▾ ▸ point at W[1,1] =+0.3333333333333333"
    assert float(texts[-1]) == values[1, 1]
    assert ("▒▒", "selected") in lines[4].pieces
    lines = heat_page(values, "W", notation(ascii=True), 60, selected=(1, 1), element_name=name)
    assert written(lines)[-1] == "| > point at W[1,1] = +0.3333333333333333"


def test_what_is_larger_than_the_room_is_reduced_and_says_so() -> None:
    values = np.zeros((64, 100))
    values[63, 99], values[10, 20] = -1.0, 0.2
    lines = written(heat_page(values, "W", notation(), 55, selected=(63, 99), element_name=name, height=16))
    assert lines[0] == "W  64×100, each cell is the largest of 4×2"
    rows = [line for line in lines if "│" in line]
    assert [line[:2].strip() for line in rows] == [str(row) for row in range(0, 64, 4)]
    assert [inside(line).strip() for line in rows] == [*["", "", "░"], *[""] * 12, "▬"]
    assert rows[2].index("░") == lines[1].index("20")
    assert lines[2].index("▾") == rows[-1].index("▬")


@pytest.mark.parametrize(("columns", "width"), [(30, 76), (200, 76), (3, 20), (1000, 40), (48, 50)])
def test_headings_stand_over_their_columns(columns: int, width: int) -> None:
    lines = page(np.ones((2, columns)), width)
    lines = lines[next(place for place, line in enumerate(lines) if "│" in line) - 2 :]
    cells = inside(lines[2])
    step = blocks_of(np.ones((2, columns)), 32, width - 4).width
    cell = len(cells) // -(-columns // step)
    found = [(int(match[0]), match.start()) for match in re.finditer(r"\d+", lines[1])]
    assert found[-1][0] < columns
    assert all(place == 3 + column // step * cell for column, place in found)


def test_the_text_says_what_can_be_read_from_the_map() -> None:
    assert heat_text(np.array([[3.0, -4.0], [0.0, 1.5]]), notation(), name) == (
        "shape 2×2, 4 numbers",
        "1 negative, 1 zero, 2 positive, 0 not finite",
        "min -4 (W[0,1]), max +3 (W[0,0]), mean +0.125",
        "largest by magnitude: W[0,1] = -4, W[0,0] = +3, W[1,1] = +1.5, W[1,0] = +0",
    )
    odd = heat_text(np.array([np.nan, 1.0, -np.inf]), notation(ascii=True), name)
    assert odd[1] == "0 negative, 0 zero, 1 positive, 2 not finite"
    assert odd[2] == "min +1 (W[1]), max +1 (W[1]), mean +1 of the finite ones"
    assert odd[-1] == "not finite: W[0] = NaN, W[2] = -inf"


@given(hnp.arrays(np.float64, SIZES, elements=st.floats(-1e300, 1e300)))
def test_the_five_largest_are_the_five_largest(values: Array) -> None:
    line = heat_text(values, notation(), name)[3]
    sizes = [abs(float(part.partition(" = ")[2])) for part in line.partition(": ")[2].split(", ") if " = " in part]
    expected = np.sort(np.abs(values).ravel())[::-1][:5]
    assert np.allclose(sizes, expected, rtol=1e-2, atol=0)  # a small number is written with three digits that count


def test_elements_are_called_as_the_scenario_calls_them() -> None:
    words = notation()
    values = mazur()["W2"]
    lines = heat_page(
        values, "W2", words, 60, selected=(0, 1), element_name=lambda index: words.element(Element("W2", index))
    )
    assert written(lines)[-1] == "▾ ▸ point at w7 = +0.5"
    assert "w8 = +0.55" in heat_text(values, words, lambda index: words.element(Element("W2", index)))[3]


@pytest.mark.parametrize("width", range(1, 60))
def test_a_number_of_the_scale_is_never_cut(width: int) -> None:
    line = page(np.array([0.298371109, -0.1]), width)
    scale = next(text for text in line if " 0 " in text[1:] and "░" in text) if width > 12 else " 0 "
    assert scale.split(" 0 ")[-1].split(" ")[-1] in ("+0.298371", "+0.298", "░▒▓█", "")


def test_wide_characters_do_not_make_it_wider() -> None:
    lines = heat_page(WEIGHTS, "総入力" * 9, notation(), 21, selected=(0, 0), element_name=lambda _: "総入力" * 9)
    assert all(line.width <= 21 and cell_len("".join(text for text, _ in line.pieces)) <= 21 for line in lines)


# ── images ───────────────────────────────────────────────────────────────────────────────────────────────────


PIXELS = hnp.arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=st.floats())


@given(PIXELS, st.integers(20, 80), st.booleans())
@example(np.array([[5e-324, -1.7e308], [np.inf, -np.inf]]), 20, False)
@settings(deadline=None)
def test_a_pixel_is_drawn_as_a_heat_map_draws_it(pixels: Array, width: int, ascii: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lines = picture_lines(Picture("a title", "below", pixels), width, ascii=ascii)
    finite = np.abs(pixels[np.isfinite(pixels)])
    signs = [[sign_of(n, finite.max(initial=0), ascii=ascii)[0] * 2 for n in row] for row in pixels.tolist()]
    assert written(lines)[1 : len(pixels) + 1] == ["".join(row) for row in signs]
    assert all(line.width <= width for line in lines)
    assert {key for line in lines for _, key in line.pieces} <= set(Sheet.STYLE_KEYS)
    assert not ascii or all(text.isascii() for text in written(lines))


def test_below_an_image_are_its_scale_and_what_the_signs_mean() -> None:
    def below(*numbers: float) -> list[str]:
        return written(picture_lines(Picture("W1[:,0]", "", np.array([numbers])), 90, ascii=False))[2:]

    steps = "each sign: a quarter of the largest magnitude more; blank is 0"
    assert below(0.0, 4.0, 16.0) == ["0 ░░▒▒▓▓██ +16", steps]
    assert below(-0.5, 0.25) == ["-0.5 ▬▬≡≡==-- 0 ░░▒▒▓▓██ +0.5", steps]
    assert below(2.0, math.nan, -math.inf) == ["0 ░░▒▒▓▓██ +2", f"{steps}; ? NaN  v -inf"]
    assert below(0.0, 0.0) == ["every number is 0"]
    assert below(math.nan) == ["no number is finite; ? NaN"]


def test_an_image_has_its_numbers_as_text() -> None:
    assert picture_text(Picture("x[0]", "target 1", np.array([[0.0, 16.0], [0.125, np.nan]]))) == (
        "x[0]",
        "0 16",
        "0.125 nan",
        "target 1",
    )
