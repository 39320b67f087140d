"""Claims about an array drawn as a table."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.tui.text.grid import Grid, Piece, crop
from gradstep.tui.text.numbers import NumberFormat

W1 = np.array([[0.15, 0.25], [0.20, 0.30]])
NAMES = np.array([["w1", "w3"], ["w2", "w4"]], dtype=object)


def text_of(pieces: list[Piece]) -> str:
    return "".join(text for text, _ in pieces)


def page(grid: Grid) -> list[str]:
    """The lines as they are read, with the one cell to the right that a bracket may take."""
    return [text_of(grid.line(y, 0, grid.width + 1)).rstrip() for y in range(grid.height)]


def test_a_matrix_has_its_title_in_the_corner_and_its_labels_in_the_cells() -> None:
    grid = Grid("W1", (2, 2), W1, ("i1", "i2"), NAMES)
    assert page(grid) == [
        "W1         0         1",
        "i1  w1 +0.15  w3 +0.25",
        "i2  w2 +0.20  w4 +0.30",
    ]
    assert (grid.width, grid.height) == (22, 3)


def test_headings_are_indices_where_none_are_given() -> None:
    assert page(Grid("dW", (2, 2), W1)) == ["dW      0      1", " 0  +0.15  +0.25", " 1  +0.20  +0.30"]
    assert page(Grid("x", (2, 1), W1[:, :1])) == ["x", "0  +0.15", "1  +0.20"]


def test_the_labels_of_a_single_row_are_its_column_headings() -> None:
    assert page(Grid("u1", (1, 2), W1[:1], labels=NAMES[:1])) == ["u1     w1     w3", " 0  +0.15  +0.25"]
    assert page(Grid("b1", (2,), W1[0], labels=NAMES[0])) == ["b1     w1     w3", "    +0.15  +0.25"]
    part = np.array(["b1", ""], dtype=object)
    assert page(Grid("b", (2,), W1[0], labels=part))[0] == "b     b1      1"


def test_a_scalar_is_one_line() -> None:
    assert page(Grid("E", (), np.array(0.298371109), digits=9)) == ["E  +0.298371109"]
    assert page(Grid("y", (1, 1), np.array([[-0.5]]))) == ["y  -0.5"]
    label = np.array([["o1"]], dtype=object)
    assert page(Grid("y", (1, 1), np.array([[-0.5]]), labels=label)) == ["y    o1", "0  -0.5"]


def test_what_is_not_computed_is_dots_and_never_zeros() -> None:
    lines = page(Grid("u1", (2, 2), digits=4))
    assert lines == ["u1        0        1", " 0        ·        ·", " 1        ·        ·"]
    assert page(Grid("E", (), ascii=True)) == ["E   ."]
    pieces = Grid("u1", (2, 2)).line(1, 0, 30)
    assert {key for text, key in pieces if "·" in text} == {"missing"}


def test_what_has_changed_carries_a_star_of_its_own() -> None:
    grid = Grid("W1", (2, 2), W1, marks=W1 > 0.22)
    assert page(grid) == ["W1      0       1", " 0  +0.15   +0.25*", " 1  +0.20   +0.30*"]
    assert ("+0.25*", "changed") in grid.line(1, 0, grid.width)
    assert grid.width == Grid("W1", (2, 2), W1, marks=W1 > 9).width


def test_a_fresh_grid_is_announced_in_a_place_kept_for_it() -> None:
    assert page(Grid("W1", (2, 2), W1, fresh=True))[0] == "▸W1      0      1"
    assert page(Grid("W1", (2, 2), W1, fresh=True, ascii=True))[0] == ">W1      0      1"
    assert page(Grid("W1", (2, 2), W1, ("i1", "i2"), fresh=False))[:2] == [
        " W1      0      1",
        " i1  +0.15  +0.25",
    ]
    assert Grid("W1", (2, 2), W1, fresh=True).line(0, 0, 3) == [("▸W1", "fresh")]


@pytest.mark.parametrize("labels", [None, NAMES])
@pytest.mark.parametrize("marks", [None, W1 > 0.22])
def test_selecting_an_element_moves_nothing(
    labels: npt.NDArray[np.object_] | None, marks: npt.NDArray[np.bool_] | None
) -> None:
    plain = Grid("W1", (2, 2), W1, labels=labels, marks=marks)
    for index in itertools.product((0, 1), (0, 1)):
        grid = Grid("W1", (2, 2), W1, labels=labels, marks=marks, selected=index)
        lines = [text_of(grid.line(y, 0, grid.width + 1)) for y in range(grid.height)]
        assert grid.width == plain.width
        chosen = lines[1 + index[0]]
        assert chosen.count("[") == chosen.count("]") == 1
        assert f"[{W1[index]:+.2f}" in chosen
        without = [line.replace("[", " ").replace("]", " ").rstrip() for line in lines]
        assert without == page(plain)


def test_the_bracket_of_the_last_column_stands_just_past_the_grid() -> None:
    grid = Grid("W1", (2, 2), W1, labels=NAMES, selected=(0, 1))
    assert page(grid)[1] == " 0  w1 +0.15  w3[+0.25]"
    assert text_of(grid.line(1, grid.width, grid.width + 1)) == "]"
    assert page(Grid("E", (), np.array(0.5), selected=())) == ["E [+0.5]"]
    assert page(Grid("b", (2,), W1[0], selected=(0,)))[1] == "  [+0.15] +0.25"


def test_a_selection_that_lies_outside_is_not_drawn() -> None:
    for selected in [(5, 5), (0,), (-1, -1), (0, 2)]:
        assert page(Grid("W1", (2, 2), W1, selected=selected)) == page(Grid("W1", (2, 2), W1))


def test_nonfinite_numbers_have_their_own_style() -> None:
    grid = Grid("u", (3,), np.array([1.5, np.nan, -np.inf]))
    assert [piece for piece in grid.line(1, 0, grid.width) if piece[1] != "space"] == [
        ("+1.5", "number"),
        ("NaN", "nonfinite"),
        ("-inf", "nonfinite"),
    ]


def test_wide_characters_keep_the_columns_in_line() -> None:
    labels = np.array([["隠れ層1", "h2"]], dtype=object)
    for grid in (
        Grid("総入力", (2, 2), W1, ("入力", "b"), fresh=False),
        Grid("総入力", (1, 2), W1[:1], ("入力",), labels, fresh=False),
    ):
        for y in range(grid.height):
            assert cell_len(text_of(grid.line(y, 0, grid.width))) == grid.width
        for row, column in np.ndindex(*grid.shape):
            x, line, width = grid.place_of((row, column))
            assert line == row + 1
            assert text_of(grid.line(line, x, x + width)).strip() == f"{W1[row, column]:+.2f}"
    assert page(grid)[0] == " 総入力  隠れ層1       h2"


def test_control_characters_do_not_reach_the_terminal() -> None:
    grid = Grid("a\x1b[2Jb", (1, 2), W1[:1], ("x\ny",), np.array([["\t", "h"]], dtype=object))
    assert page(grid) == ["a?[2Jb      ?      h", "x?y     +0.15  +0.25"]


def test_shapes_that_cannot_be_drawn_are_refused() -> None:
    with pytest.raises(ValueError, match="at most two dimensions"):
        Grid("F", (2, 2, 2))
    with pytest.raises(ValueError, match=r"'W1'.*values.*expected \(2, 3\)"):
        Grid("W1", (2, 3), W1)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (0, 0)])
def test_an_empty_array_is_drawn(shape: tuple[int, ...]) -> None:
    for values in (None, np.zeros(shape)):
        grid = Grid("x", shape, values)
        assert all(cell_len(line) <= grid.width for line in page(grid))
        assert page(grid)[0].startswith("x")


def test_cropping_fills_up_with_blanks_and_halves_of_wide_characters() -> None:
    pieces = [("総入", "a"), ("x", "b")]
    assert crop(pieces, 1, 4) == [(" 入", "a")]
    assert crop(pieces, 0, 3) == [("総 ", "a")]
    assert crop(pieces, -2, 7) == [("  ", "space"), ("総入", "a"), ("x", "b"), ("  ", "space")]
    assert crop(pieces, 3, 3) == []
    assert crop((), 4, 6) == [("  ", "space")]
    assert crop(pieces, 9, 11) == [("  ", "space")]


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    rows, columns = draw(st.integers(0, 4)), draw(st.integers(0, 5))
    shape: tuple[int, ...] = draw(st.sampled_from([(), (columns,), (rows, columns)]))
    numbers = st.floats() | st.integers(-9, 9).map(float)
    words = st.text("総入力ab∂δ̂1\n", max_size=5)

    def array(elements: st.SearchStrategy[Any], dtype: type) -> npt.NDArray[Any] | None:
        if draw(st.booleans()):
            return None
        flat: npt.NDArray[Any] = np.empty(int(np.prod(shape)), dtype=dtype)
        flat[:] = draw(st.lists(elements, min_size=flat.size, max_size=flat.size))
        return flat.reshape(shape)

    headings: st.SearchStrategy[tuple[str, ...] | None] = st.none() | st.lists(words, max_size=5).map(tuple)
    indices: list[tuple[int, ...]] = list(np.ndindex(*shape))
    return Grid(
        draw(words),
        shape,
        array(numbers, float),
        draw(headings),
        array(words, object),
        array(st.booleans(), bool),
        draw(st.none() | st.booleans()),
        draw(st.none() | st.sampled_from(indices)) if indices else None,
        draw(st.integers(4, 17)),
        draw(st.booleans()),
    )


@given(grids(), st.data())
def test_any_window_shows_what_the_whole_line_has_there(grid: Grid, data: st.DataObject) -> None:
    y = data.draw(st.integers(-1, grid.height))
    left = data.draw(st.integers(0, grid.width + 3))
    right = data.draw(st.integers(left, grid.width + 6))
    window = grid.line(y, left, right)
    assert cell_len(text_of(window)) == right - left
    assert window == crop(grid.line(y, 0, grid.width + 6), left, right)
    assert all(text for text, _ in window)


@given(grids())
def test_every_element_lies_where_it_is_said_to_lie(grid: Grid) -> None:
    found = set()
    for y in range(grid.height):
        for x in range(grid.width + 2):
            index = grid.cell_at(x, y)
            if index is not None:
                found.add(index)
                begin, line, width = grid.place_of(index)
                assert line == y
                assert begin <= x < begin + width <= grid.width
    assert found == set(np.ndindex(*grid.shape))


def test_only_what_is_in_view_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[float] = []
    text = NumberFormat.text

    def spy(self: NumberFormat, value: float) -> str:
        written.append(value)
        return text(self, value)

    values = np.arange(4_000_000, dtype=float).reshape(2000, 2000) / 7
    grid = Grid("W", values.shape, values)
    grid.line(1, 0, 80)
    monkeypatch.setattr(NumberFormat, "text", spy)
    x, y, _ = grid.place_of((1234, 567))
    assert f"{values[1234, 567]:.6f}" in text_of(grid.line(y, x, x + 80))
    assert len(written) <= 80 // 8
    written.clear()
    grid.line(0, x, x + 80)
    assert written == []


def test_the_format_is_decided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    grid = Grid("W1", (2, 2), W1)
    page(grid)
    monkeypatch.setattr("gradstep.tui.text.grid.number_format", None)
    assert page(grid)
