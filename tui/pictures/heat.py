"""Any array as a heat map made of characters, and the same as text.

A character says how far a number is from zero (see `shades`). Where there are more elements than room, a character
stands for a block of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array, Index, Mask, rounded, written
from gradstep.tui.pictures.shades import largest_magnitude, legend, scale, sign_of
from gradstep.tui.text.folding import clipped, folded
from gradstep.tui.text.grid import Piece, crop
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import FULL_PRECISION, short
from gradstep.tui.text.page import Line, text_line
from gradstep.tui.words import pictures as words

TALL = 32  # lines of a map, unless told otherwise
LARGEST = 5  # elements named in the text
STRIDES = (1, 2, 5)  # times a power of ten: how far apart column headings stand

Naming = Callable[[Index], str]


@dataclass(frozen=True, eq=False)
class Blocks:
    """A matrix reduced to `values`: of each block of height × width elements the largest by magnitude.

    A NaN or an infinity among them counts as the largest, NaN before infinity.
    """

    height: int
    width: int
    values: Array


def blocks_of(matrix: Array, most_rows: int, most_columns: int) -> Blocks:
    """The matrix in at most so many rows and columns of blocks."""
    rows, columns = matrix.shape
    height, width = (max(1, -(-size // max(1, most))) for size, most in ((rows, most_rows), (columns, most_columns)))
    if height == width == 1:
        return Blocks(1, 1, matrix)
    strips = [_reduced_strip(matrix[top : top + height], width) for top in range(0, rows, height)]
    return Blocks(height, width, np.array(strips))


def _reduced_strip(strip: Array, width: int) -> Array:
    """One row of blocks. What fills up the last block is 0, which is no larger than anything."""
    filled = np.pad(strip, ((0, 0), (0, -strip.shape[1] % width)))
    blocks = filled.reshape(len(strip), -1, width).transpose(1, 0, 2).reshape(-1, len(strip) * width)
    return np.asarray(blocks[np.arange(len(blocks)), rounded(np.abs(blocks)).argmax(axis=1)])


@dataclass(frozen=True, eq=False)
class _Chart:
    """Blocks as they are drawn. largest: the magnitude of the darkest. chosen: row and column of elements."""

    blocks: Blocks
    rows: int
    largest: float
    cell: int
    chosen: tuple[int, int] | None
    ascii: bool

    @property
    def _heading_width(self) -> int:
        return len(str(self.rows - 1)) if self.rows > 1 else 0

    def lines(self) -> list[list[Piece]]:
        """Column headings, the mark of the chosen column, and the rows."""
        row, column = self.chosen or (-1, -1)
        chosen_row, chosen_column = row // self.blocks.height, column // self.blocks.width
        lines: list[list[Piece]] = []
        before = " " * (self._heading_width + 2)
        if self.blocks.values.shape[1] > 1:
            lines.append([(before + self._column_headings(), "heading")])
        if self.chosen is not None:
            mark = _marks(ascii=self.ascii)[0] * self.cell
            lines.append([(before + " " * (chosen_column * self.cell), "space"), (mark, "selected")])
        rows: list[list[float]] = self.blocks.values.tolist()
        return lines + [self._row(row, numbers, chosen_row, chosen_column) for row, numbers in enumerate(rows)]

    def _column_headings(self) -> str:
        columns = self.blocks.values.shape[1]
        room = len(str((columns - 1) * self.blocks.width)) + 1
        strides = (factor * 10**power for power in range(20) for factor in STRIDES)
        stride = next(stride for stride in strides if stride * self.cell >= room)
        names = [str(column * self.blocks.width) for column in range(0, columns, stride)]
        if (len(names) - 1) * stride * self.cell + len(names[-1]) > columns * self.cell:
            names.pop()  # what is cut off would pass for another number
        return "".join(name.ljust(stride * self.cell) for name in names).rstrip()

    def _row(self, row: int, numbers: Sequence[float], chosen_row: int, chosen_column: int) -> list[Piece]:
        heading = str(row * self.blocks.height) if self._heading_width else ""
        is_chosen = row == chosen_row
        wall = ("|" if self.ascii else "│", "dim")
        mark = (_marks(ascii=self.ascii)[1], "selected") if is_chosen else (" ", "space")
        pieces: list[Piece] = [(heading.rjust(self._heading_width), "heading"), mark, wall]
        for column, number in enumerate(numbers):
            character, key = sign_of(number, self.largest, ascii=self.ascii)
            pieces.append((character * self.cell, "selected" if is_chosen and column == chosen_column else key))
        return crop([*pieces, wall], 0, self._heading_width + 3 + len(numbers) * self.cell)


def _marks(*, ascii: bool) -> str:
    """The signs that point at the column and at the row of the chosen element."""
    return "|>" if ascii else "▾▸"


def heat_page(
    values: Array,
    title: str,
    notation: Notation,
    width: int,
    *,
    selected: Index | None = None,
    element_name: Naming,
    height: int = TALL,
) -> tuple[Line, ...]:
    """The title, the map in at most `height` rows, its scale, and the selected element in full."""
    if values.size == 0:
        return (clipped(((title, "title"),), width), clipped(((words.NO_ELEMENTS, "dim"),), width))
    matrix = np.atleast_2d(values)
    rows = len(matrix)
    room = max(1, width - 3 - (len(str(rows - 1)) if rows > 1 else 0))
    blocks, largest = blocks_of(matrix, height, room), largest_magnitude(values)
    cell = 2 if 2 * blocks.values.shape[1] <= room else 1
    chosen = None if selected is None else ((0, 0, *selected)[-2], (0, 0, *selected)[-1])
    chart = _Chart(blocks, rows, largest, cell, chosen, notation.ascii)
    lines = _heading(values, title, blocks, notation, width)
    lines += [Line(tuple(line)) for line in chart.lines()]
    if largest:
        lines.append(Line(tuple(scale(largest, width, ascii=notation.ascii))))
    lines += folded(legend(values, blocks.values), width, "dim")
    if selected is not None:
        full = short(float(values[selected]), FULL_PRECISION)
        marks = " ".join(_marks(ascii=notation.ascii))
        told = words.POINTED_AT.format(marks=marks, element=element_name(selected), value=full)
        lines += folded(told, width, "selected")
    return tuple(clipped(line.pieces, width) for line in lines)


def _heading(values: Array, title: str, blocks: Blocks, notation: Notation, width: int) -> list[Line]:
    """The title and the shape, below it where there is no room beside it."""
    size = written(values.shape)
    if blocks.height * blocks.width > 1:
        size = words.BLOCKS.format(shape=size, height=blocks.height, width=blocks.width)
    line = Line(((title, "title"), (notation.sign(f"  {size}"), "dim")))
    if line.width <= width:
        return [line]
    return [text_line(title, "title"), *folded(notation.sign(size), width, "dim")]


def heat_text(values: Array, notation: Notation, element_name: Naming) -> tuple[str, ...]:
    """The map in words: how large it is, which signs there are, and the elements that stand out."""
    finite = np.isfinite(values)
    count = int(np.count_nonzero(finite))
    negative, zero = (int(np.count_nonzero(places & finite)) for places in (values < 0, values == 0))
    positive, others = count - negative - zero, values.size - count
    lines = [
        words.SHAPE(values.size, shape=written(values.shape)),
        words.SIGNS.format(negative=negative, zero=zero, positive=positive, others=others),
    ]
    if count:
        lines.append(_range(values, finite, element_name))
        largest = [f"{element_name(at)} = {short(float(values[at]), 9)}" for at in _most(values, finite)]
        lines.append(words.LARGEST.format(elements=", ".join(largest)))
    if others:
        places = np.argwhere(np.atleast_1d(~finite))[:LARGEST].tolist()
        odd: list[Index] = [tuple(place) if values.shape else () for place in places]
        listed = [f"{element_name(at)} = {short(float(values[at]), 4)}" for at in odd]
        if others > len(odd):
            listed.append("…")
        lines.append(words.NOT_FINITE.format(elements=", ".join(listed)))
    return tuple(notation.sign(line) for line in lines)


def _range(values: Array, finite: Mask, element_name: Naming) -> str:
    """Where the smallest and the largest finite number are, and the mean of all of them."""
    alike = rounded(values)
    low = _unravelled(values, int(np.where(finite, alike, np.inf).argmin()))
    high = _unravelled(values, int(np.where(finite, alike, -np.inf).argmax()))
    scale = largest_magnitude(values) or 1.0
    with np.errstate(over="ignore"):  # NumPy 1 divides beyond the end of an array, too
        mean = float((values[finite] / scale).mean()) * scale
    shown = short(mean, 9)
    return words.RANGE.format(
        smallest=short(float(values[low]), 9),
        at_smallest=element_name(low),
        largest=short(float(values[high]), 9),
        at_largest=element_name(high),
        mean=words.MEAN.format(mean=shown) if finite.all() else words.MEAN_OF_FINITE.format(mean=shown),
    )


def _most(values: Array, finite: Mask) -> list[Index]:
    """Where the largest finite magnitudes are, the first of equal ones first."""
    sizes = np.where(finite, rounded(np.abs(values)), -1.0).ravel()
    found: list[Index] = []
    for _ in range(min(LARGEST, int(np.count_nonzero(finite)))):
        at = int(sizes.argmax())
        sizes[at] = -1.0
        found.append(_unravelled(values, at))
    return found


def _unravelled(values: Array, flat: int) -> Index:
    return tuple(int(place) for place in np.unravel_index(flat, values.shape)) if values.shape else ()
