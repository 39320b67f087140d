"""Any array as a heat map made of characters, and the same as text.

How far a number is from zero, a character says, and negative numbers have characters of their own; a blank is 0 and
nothing else is. Where there are more elements than room, a character stands for a block of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from engine.expression import Index
from engine.operation import Array, counted, written
from tui.glyphs import printable
from tui.grid import Piece, crop
from tui.images import ASCII_NEGATIVE, ASCII_SHADES, NEGATIVE, SHADES
from tui.numbers import FULL_PRECISION, short
from tui.widgets.sheet import Line
from tui.wording import Wording

TALL = 32  # lines of a map, unless told otherwise
LARGEST = 5  # elements named in the text
STRIDES = (1, 2, 5)  # times a power of ten: how far apart column headings stand

NAN, BELOW, ABOVE = "?", "v", "^"

Naming = Callable[[Index], str]

_MEASURE = Console()  # only to fold text by cells


# ── characters and lines, of the surface, too ────────────────────────────────────────────────────────────────


def ramps(ascii: bool) -> tuple[str, str]:
    """The characters of positive and of negative numbers, from blank to the darkest."""
    return (ASCII_SHADES, ASCII_NEGATIVE) if ascii else (SHADES, NEGATIVE)


def nonfinite_sign(value: float) -> Piece:
    """The character of NaN or an infinity, and its style."""
    return (NAN if math.isnan(value) else ABOVE if value > 0 else BELOW), "nonfinite"


def nonfinite_legend(values: Array) -> str:
    """What those characters among the values mean; "" where all are finite."""
    there = ((NAN, "NaN", np.isnan(values)), (ABOVE, "+inf", values == np.inf), (BELOW, "-inf", values == -np.inf))
    return "  ".join(f"{sign} {word}" for sign, word, places in there if places.any())


def sign_of(value: float, largest: float, *, ascii: bool) -> Piece:
    """The character of a number up to `largest` in magnitude, and its style; blank only for 0."""
    if not math.isfinite(value):
        return nonfinite_sign(value)
    positive, negative = ramps(ascii)
    shades, key = (negative, "negative") if value < 0 else (positive, "positive")
    steps = len(shades) - 1
    level = 0 if value == 0 else min(steps, max(1, math.ceil(abs(value) / largest * steps)))
    return shades[level], key


def clipped(pieces: Sequence[Piece], width: int) -> Line:
    """A line of at most `width` cells."""
    line = Line(tuple(pieces))
    return line if line.width <= width else Line(tuple(line.line(0, 0, max(0, width))))


def folded(text: str, width: int, key: str = "text") -> list[Line]:
    """The text as lines of at most `width` cells."""
    lines = Text(printable(text)).wrap(_MEASURE, max(2, width))
    return [clipped(((line.plain.rstrip(), key),), width) for line in lines]


def padded(text: str, cells: int) -> str:
    """The text with blanks before it, in exactly so many cells, or more if it has more."""
    return " " * (cells - cell_len(text)) + text


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class Blocks:
    """A matrix reduced to `values`: of each block of height × width elements the largest by magnitude.

    A NaN or an infinity among them counts as the largest, NaN before infinity.
    """

    height: int
    width: int
    values: Array

    @property
    def many(self) -> bool:
        """Whether a value stands for more than itself."""
        return self.height * self.width > 1


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
    return np.asarray(blocks[np.arange(len(blocks)), np.abs(blocks).argmax(axis=1)])


# ── the map ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class _Chart:
    """Blocks dressed for the screen. largest: the magnitude of the darkest. chosen: row and column of elements."""

    blocks: Blocks
    rows: int
    largest: float
    cell: int
    chosen: tuple[int, int] | None
    ascii: bool

    @property
    def _heading_width(self) -> int:
        return len(str(self.rows - 1)) if self.rows > 1 else 0

    @property
    def _chosen_block(self) -> tuple[int, int]:
        if self.chosen is None:
            return -1, -1
        return self.chosen[0] // self.blocks.height, self.chosen[1] // self.blocks.width

    def lines(self) -> list[list[Piece]]:
        """Column headings, the mark of the chosen column, and the rows."""
        chosen_row, chosen_column = self._chosen_block
        lines: list[list[Piece]] = []
        before = " " * (self._heading_width + 2)
        if self.blocks.values.shape[1] > 1:
            lines.append([(before + self._column_headings(), "heading")])
        if self.chosen is not None:
            mark = ("|" if self.ascii else "▾") * self.cell
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
        mark = (">" if self.ascii else "▸", "selected") if is_chosen else (" ", "space")
        pieces: list[Piece] = [(heading.rjust(self._heading_width), "heading"), mark, wall]
        for column, number in enumerate(numbers):
            character, key = sign_of(number, self.largest, ascii=self.ascii)
            pieces.append((character * self.cell, "selected" if is_chosen and column == chosen_column else key))
        return crop([*pieces, wall], 0, self._heading_width + 3 + len(numbers) * self.cell)


def heat_page(
    values: Array,
    title: str,
    wording: Wording,
    width: int,
    *,
    selected: Index | None = None,
    element_name: Naming,
    height: int = TALL,
) -> tuple[Line, ...]:
    """The title, the map in at most `height` rows, its scale, and the selected element in full."""
    if values.size == 0:
        return (clipped(((title, "title"),), width), clipped((("no elements", "dim"),), width))
    matrix = np.atleast_2d(values)
    rows = len(matrix)
    room = max(1, width - 3 - (len(str(rows - 1)) if rows > 1 else 0))
    blocks, largest = blocks_of(matrix, height, room), _largest(values)
    cell = 2 if 2 * blocks.values.shape[1] <= room else 1
    chosen = None if selected is None else ((0, 0, *selected)[-2], (0, 0, *selected)[-1])
    chart = _Chart(blocks, rows, largest, cell, chosen, wording.ascii)
    lines = _heading(values, title, blocks, wording, width)
    lines += [clipped(line, width) for line in chart.lines()]
    if largest:
        lines.append(_scale(largest, wording, width))
    lines += folded(wording.sign(_legend(values, blocks, largest)), width, "dim")
    if selected is not None:
        full = short(float(values[selected]), FULL_PRECISION)
        lines += folded(f"{element_name(selected)} = {full}", width, "selected")
    return tuple(lines)


def _heading(values: Array, title: str, blocks: Blocks, wording: Wording, width: int) -> list[Line]:
    """The title and the shape, below it where there is no room beside it."""
    size = written(values.shape)
    if blocks.many:
        size += f", each cell is the largest of {blocks.height}×{blocks.width}"
    line = Line(((title, "title"), (wording.sign(f"  {size}"), "dim")))
    if line.width <= width:
        return [line]
    return [clipped(((title, "title"),), width), *folded(wording.sign(size), width, "dim")]


def _largest(values: Array) -> float:
    """The largest finite magnitude."""
    finite = np.isfinite(values)
    return float(max(np.max(values, initial=0.0, where=finite), -np.min(values, initial=0.0, where=finite)))


def _scale(largest: float, wording: Wording, width: int) -> Line:
    positive, negative = ramps(wording.ascii)
    exact, rough = short(largest, 6)[1:], f"{largest:.3g}"
    choices = ((exact, 2), (exact, 1), (rough, 1))
    fitting = (choice for choice in choices if 2 * len(choice[0]) + 7 + 2 * (len(positive) - 1) * choice[1] <= width)
    number, cell = next(fitting, ("", 1))
    dark = "".join(character * cell for character in negative[:0:-1])
    light = "".join(character * cell for character in positive[1:])
    low, high = (f"-{number} ", f" +{number}") if number else ("", "")  # no digits rather than some of them
    pieces = [(low, "dim"), (dark, "negative"), (" 0 ", "dim"), (light, "positive"), (high, "dim")]
    return clipped(pieces, width)


def _legend(values: Array, blocks: Blocks, largest: float) -> str:
    steps = "each sign a quarter of the way; blank is 0" if largest else "every number is 0"
    if not np.isfinite(values).any():
        steps = "no number is finite"
    return "; ".join(part for part in (steps, nonfinite_legend(blocks.values)) if part)


# ── the same as text ─────────────────────────────────────────────────────────────────────────────────────────


def heat_text(values: Array, wording: Wording, element_name: Naming) -> tuple[str, ...]:
    """What can be read from the map: how large, which signs, and the elements that stand out."""
    shape = f"shape {written(values.shape)}, {counted(values.size, 'number')}"
    finite = np.isfinite(values)
    count = int(np.count_nonzero(finite))
    negative, zero = (int(np.count_nonzero(places & finite)) for places in (values < 0, values == 0))
    signs = f"{negative:,} negative, {zero:,} zero, {count - negative - zero:,} positive, "
    lines = [shape, signs + f"{values.size - count:,} not finite"]
    if count:
        lines += _range(values, finite, element_name)
        largest = [f"{element_name(at)} = {short(float(values[at]), 9)}" for at in _most(values, finite)]
        lines.append(f"largest by magnitude: {', '.join(largest)}")
    if count < values.size:
        places = np.argwhere(np.atleast_1d(~finite))[:LARGEST].tolist()
        odd: list[Index] = [tuple(place) if values.shape else () for place in places]
        words = [f"{element_name(at)} = {short(float(values[at]), 4)}" for at in odd]
        more = ", …" if values.size - count > len(odd) else ""
        lines.append(f"not finite: {', '.join(words)}{more}")
    return tuple(wording.sign(line) for line in lines)


def _range(values: Array, finite: np.ndarray[Index, np.dtype[np.bool_]], element_name: Naming) -> list[str]:
    """Where the smallest and the largest finite number are, and the mean of all of them."""
    places = [
        _unravelled(values, int(np.where(finite, values, np.inf).argmin())),
        _unravelled(values, int(np.where(finite, values, -np.inf).argmax())),
    ]
    ends = [f"{short(float(values[at]), 9)} ({element_name(at)})" for at in places]
    scale = _largest(values) or 1.0
    mean = float((values[finite] / scale).mean()) * scale
    note = "" if finite.all() else " of the finite ones"
    return [f"min {ends[0]}, max {ends[1]}, mean {short(mean, 9)}{note}"]


def _most(values: Array, finite: np.ndarray[Index, np.dtype[np.bool_]]) -> list[Index]:
    """Where the largest finite magnitudes are, the first of equal ones first."""
    sizes = np.where(finite, np.abs(values), -1.0).ravel()
    found: list[Index] = []
    for _ in range(min(LARGEST, int(np.count_nonzero(finite)))):
        at = int(sizes.argmax())
        sizes[at] = -1.0
        found.append(_unravelled(values, at))
    return found


def _unravelled(values: Array, flat: int) -> Index:
    return tuple(int(place) for place in np.unravel_index(flat, values.shape)) if values.shape else ()
