"""A matrix as coloured cells: a ground a number, two rows a line by half blocks; characters where there are no colours.

How far a number is from zero, in sixteenths of the largest magnitude, is the level of its ground; the sign is its hue.
Where there are more elements than room a cell stands for a block of them, and shows the largest by magnitude; where a
cell is wide enough the number stands in it. What stands around them, names and a scale, is left to whoever shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from rich.cells import cell_len

from gradstep.engine.arrays import Array, Shape, rounded
from gradstep.tui.text.cells import NARROWEST, brief, cell, squeezed
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.palette import LEVELS
from gradstep.tui.text.shades import largest_magnitude, nonfinite_sign, sign_of

HALF = "▀"
NUMBERS_FROM = 7  # cells: with a minus and an exponent of three digits every number has a digit there
WIDEST_NUMBER = 12
GAP_FROM = 10  # cells: from there on a cell is set apart from the next
NOT_FINITE = 99  # in place of a level

Levels = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Blocks:
    """A matrix reduced to `values`: of each block of height × width elements the largest by magnitude.

    A NaN or an infinity among them counts as the largest, NaN before infinity; of two that differ in sign alone the
    positive one is taken.
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
    # By bands: reducing many rows at once is ten times as slow.
    bands = [matrix[top : top + height] for top in range(0, rows, height)]
    begins = np.arange(0, columns, width)
    with np.errstate(invalid="ignore"):
        high = np.maximum.reduceat(np.stack([band.max(axis=0) for band in bands]), begins, axis=1)
        low = np.minimum.reduceat(np.stack([band.min(axis=0) for band in bands]), begins, axis=1)
        return Blocks(height, width, np.where(rounded(-low) > rounded(high), low, high))


@dataclass(frozen=True)
class Raster:
    """How a matrix lies in an area: in rows × columns of blocks, each of so many elements and of so many cells.

    halves: two rows share a line. Everything here follows from shape and room alone.
    """

    block_height: int
    block_width: int
    rows: int
    columns: int
    cell_height: int
    cell_width: int
    halves: bool

    @property
    def height(self) -> int:
        """Lines that it takes."""
        return -(-self.rows // 2) if self.halves else self.rows * self.cell_height

    @property
    def width(self) -> int:
        """Cells that it takes."""
        return self.columns * self.cell_width

    @property
    def whole(self) -> bool:
        """Whether every element has a place of its own."""
        return self.block_height == self.block_width == 1

    @property
    def numbers(self) -> bool:
        """Whether numbers stand in the cells."""
        return self.whole and not self.halves and self.cell_width >= NUMBERS_FROM

    def line_of(self, row: int) -> int:
        """The first line of the block that a row of elements is in."""
        block = row // self.block_height
        return block // 2 if self.halves else block * self.cell_height

    def cell_of(self, column: int) -> int:
        """The first cell of the block that a column of elements is in."""
        return column // self.block_width * self.cell_width


def raster_of(shape: Shape, width: int, height: int, *, halves: bool) -> Raster:
    """The raster that fills most of the room; a vector is one row. halves: whether half blocks can be shown."""
    shape = (1, 1, *shape)[-2:]
    width, height = max(1, width), max(1, height)
    most = 2 * height if halves and shape[0] > height else height
    block_height, block_width = -(-shape[0] // most), -(-shape[1] // width)
    rows, columns = -(-shape[0] // block_height), -(-shape[1] // block_width)
    half = rows > height
    return Raster(block_height, block_width, rows, columns, 1 if half else height // rows, width // columns, half)


def heat_cells(
    values: Array,
    width: int,
    height: int,
    plain: bool = False,
    ascii: bool = False,
    *,
    largest: float | None = None,
    grey: bool = False,
    labels: Sequence[Sequence[str]] = (),
    chosen: tuple[int, int] | None = None,
) -> tuple[Pieces, ...]:
    """The lines of a matrix (a vector is one row) in at most width × height cells, all equally wide.

    largest: the magnitude of the strongest ground, by default that of the values. grey: grounds from dark to light
    for numbers none of which is negative. labels: of elements, by row and column, shown beside numbers.
    chosen: the element whose number is lit. Nothing where there are no elements.
    """
    matrix = np.atleast_2d(values)
    if not matrix.size:
        return ()
    raster = raster_of(matrix.shape, width, height, halves=not (plain or ascii))
    blocks = blocks_of(matrix, raster.rows, raster.columns).values
    most = largest_magnitude(matrix) if largest is None else largest
    brush = _Brush(most, "grey" if grey else "heat", plain, ascii)
    if raster.halves:
        return tuple(brush.halves(blocks, raster.cell_width))
    if raster.numbers:
        return tuple(_numbered(blocks, raster, brush, labels, chosen))
    return tuple(line for row in blocks for line in [brush.line(row, raster.cell_width)] * raster.cell_height)


def levels(values: Array, largest: float) -> Levels:
    """The levels of numbers, from −16 to 16, 0 only for 0; `NOT_FINITE` for NaN and infinities."""
    finite = np.isfinite(values)
    shares = np.abs(np.where(finite, values, 0.0)) / (largest or 1.0)
    steps = np.clip(np.ceil(np.minimum(shares, 1.0) * LEVELS - 1e-9), 1, LEVELS).astype(np.int64)
    signed = np.where(values < 0, -steps, np.where(values == 0, 0, steps))
    found: Levels = np.where(finite, signed, NOT_FINITE)
    return found


@dataclass(frozen=True)
class _Brush:
    """What a number's cell is drawn with. kind: of the grounds."""

    largest: float
    kind: str
    plain: bool
    ascii: bool

    @property
    def signs(self) -> bool:
        """Whether characters say what grounds would."""
        return self.plain or self.ascii

    def halves(self, blocks: Array, wide: int) -> Iterator[Pieces]:
        """Lines of two rows each."""
        found = levels(blocks, self.largest)
        for top in range(0, len(found), 2):
            upper = found[top].tolist()
            lower: list[int | None] = found[top + 1].tolist() if top + 1 < len(found) else [None] * len(upper)
            numbers = blocks[top : top + 2]
            line: list[Piece] = []
            at = 0
            for pair, group in groupby(zip(upper, lower, strict=True)):
                count = sum(1 for _ in group)
                if NOT_FINITE in pair:
                    line += [self._odd(numbers[:, at + place], pair, wide) for place in range(count)]
                else:
                    line.append(self._half(*pair, count * wide))
                at += count
            yield tuple(line)

    def _half(self, upper: int, lower: int | None, cells: int) -> Piece:
        if upper == lower:
            return " " * cells, f"text on {self.kind} {upper}"
        return HALF * cells, f"{self.kind} {upper} on {'panel' if lower is None else f'{self.kind} {lower}'}"

    def _odd(self, numbers: Array, pair: tuple[int, int | None], wide: int) -> Piece:
        """A cell with a number that is not finite in one of its halves, or in both."""
        odd = next(number for number in numbers.tolist() if not np.isfinite(number))
        other = next((level for level in pair if level not in (NOT_FINITE, None)), 0)
        return nonfinite_sign(odd)[0] * wide, f"bold fails on {self.kind} {other}"

    def line(self, row: Array, wide: int) -> Pieces:
        """A line of one row."""
        line: list[Piece] = []
        for (sign, key), group in groupby(zip(self._signs(row), self.keys(row), strict=True)):
            line.append((sign * wide * sum(1 for _ in group), key))
        return tuple(line)

    def keys(self, row: Array) -> list[str]:
        """The styles of the cells of a row."""
        found = levels(row, self.largest).tolist()
        odd = f"bold fails on {self.kind} 0"
        return [odd if each == NOT_FINITE else f"ink on {self.kind} {each}" for each in found]

    def _signs(self, row: Array) -> Iterable[str]:
        """The characters of a row, blanks where grounds say everything."""
        if self.signs:
            return [self.sign(number) for number in row.tolist()]
        return [" " if np.isfinite(number) else nonfinite_sign(number)[0] for number in row.tolist()]

    def sign(self, number: float) -> str:
        """The character of a number."""
        return sign_of(number, self.largest or 1.0, ascii=self.ascii)[0]


def _numbered(
    blocks: Array, raster: Raster, brush: _Brush, labels: Sequence[Sequence[str]], chosen: tuple[int, int] | None
) -> Iterator[Pieces]:
    """Lines of cells with their numbers in their middle, labels before them, or above where there is no room."""
    middle, wide = (raster.cell_height - 1) // 2, raster.cell_width
    for row, numbers in enumerate(blocks.tolist()):
        texts = [_text(number, wide - (1 if brush.signs else 0)) for number in numbers]
        named = labels[row] if row < len(labels) else [""] * len(numbers)
        keys = brush.keys(blocks[row])
        if chosen is not None and chosen[0] == row:
            keys[chosen[1]] = "bold text on chosen"
        beside = all(cell_len(label) + len(text) + 3 <= wide for label, text in zip(named, texts, strict=True))
        for line in range(raster.cell_height):
            if line == middle:
                inner = texts
                if beside:
                    inner = [f"{label} {text}" if label else text for label, text in zip(named, texts, strict=True)]
            elif line == (middle - 1 if middle else middle + 1) and not beside:
                inner = [label if cell_len(label) <= wide - 2 else "" for label in named]
            else:
                inner = [""] * len(numbers)
            yield tuple(
                piece
                for text, number, key in zip(inner, numbers, keys, strict=True)
                for piece in _cell(text, wide, key, brush.sign(number) if brush.signs else " ")
            )


def _cell(text: str, wide: int, key: str, fill: str) -> Pieces:
    """A line of a cell, with a gap behind it where there is room for one."""
    gap = 1 if wide >= GAP_FROM else 0
    piece = _centred(text, wide - gap, fill), key
    return (piece, (" ", "space")) if gap else (piece,)


def _text(number: float, wide: int) -> str:
    """A number for a cell: of a fixed width where there is room for that, else as short as it must be."""
    if wide > NARROWEST + 1:
        return cell(number, min(WIDEST_NUMBER, wide - 2))
    return squeezed(number, wide - 1, 3) or squeezed(number, wide)


def _centred(text: str, wide: int, fill: str) -> str:
    """A text in the middle of a cell, its sign or blanks around it."""
    if not text:
        return fill * wide
    apart = 1 if cell_len(text) + 2 <= wide else 0
    before = max(0, wide - cell_len(text) - 2 * apart) // 2
    around = " " * apart
    after = wide - cell_len(text) - 2 * apart - before
    return f"{fill * before}{around}{text}{around}{fill * after}"


def heat_scale(
    largest: float, width: int, plain: bool = False, ascii: bool = False, *, signed: bool = True, grey: bool = False
) -> Pieces:
    """The grounds (or characters) from the negative to the positive end, with the numbers that they stand for.

    The bar is as long as there is room for, up to `2 · 16 + 1` cells; only its numbers where there is none; nothing
    where the largest magnitude is 0.
    """
    if not largest:
        return ()
    low, high = (f"-{brief(largest)} " if signed else "0 "), f" {brief(largest)}"
    most = 2 * LEVELS + 1 if signed else LEVELS + 1
    room = min(most, width - len(low) - len(high))
    if room < 3:
        both = f"±{brief(largest)}" if signed and not ascii else brief(largest)
        return ((both, "quiet"),) if len(both) <= width else ()
    shares = np.linspace(-1.0 if signed else 0.0, 1.0, room)
    shares = np.where(np.abs(shares) < 1e-9, 0.0, shares)
    brush = _Brush(1.0, "grey" if grey else "heat", plain, ascii)
    return ((low, "quiet"), *brush.line(shares, 1), (high, "quiet"))
