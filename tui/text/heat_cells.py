"""A matrix as coloured cells: a ground a number, two rows a line by half blocks; characters where there are no colours.

How far a number is from zero, in sixteenths of the largest magnitude, is the level of its ground, its sign the hue.
Where there are more elements than room a cell stands for a block of them and shows the largest by magnitude. Headings
are left to whoever shows the cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np

from gradstep.engine.arrays import Array, Shape
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.palette import LEVELS

HALF = "▀"
RAMPS = {False: (" ░▒▓█", " -=≡▬"), True: (" .+*#", " -=%@")}  # ascii → of positive and of negative numbers


@dataclass(frozen=True)
class Raster:
    """How a matrix lies in an area: blocks of elements, each in so many cells. halves: two rows share a line."""

    block_height: int
    block_width: int
    rows: int
    columns: int
    cell_width: int
    halves: bool

    @property
    def width(self) -> int:
        """Cells that it takes."""
        return self.columns * self.cell_width

    @property
    def height(self) -> int:
        """Lines that it takes."""
        return -(-self.rows // 2) if self.halves else self.rows


def raster_of(shape: Shape, width: int, height: int, *, halves: bool) -> Raster:
    """The raster of a matrix in an area. halves: whether half blocks can be shown."""
    rows, columns = (1, 1, *shape)[-2:]
    most = max(1, height) * (2 if halves else 1)
    block_height, block_width = -(-rows // most), -(-columns // max(1, width))
    rows, columns = -(-rows // block_height), -(-columns // block_width)
    return Raster(block_height, block_width, rows, columns, max(1, min(2, width // columns)), halves and rows > height)


def heat_cells(values: Array, width: int, height: int, plain: bool = False, ascii: bool = False) -> tuple[Pieces, ...]:
    """The lines of a matrix (a vector is one row) in at most width × height cells; none where it has no elements."""
    matrix = np.atleast_2d(values)
    if not matrix.size:
        return ()
    raster = raster_of(matrix.shape, width, height, halves=not (plain or ascii))
    blocks, largest = _blocks(matrix, raster), largest_magnitude(matrix)
    if plain or ascii:
        return tuple(_run([_character(number, largest, ascii) for number in row], raster) for row in blocks.tolist())
    levels: list[list[int | None]] = _levels(blocks, largest)
    if not raster.halves:
        return tuple(_run([_whole(level) for level in row], raster) for row in levels)
    lower: list[list[int | None]] = [*levels[1::2], [None] * raster.columns]
    return tuple(
        _run([_pair(*both) for both in zip(above, below, strict=True)], raster)
        for above, below in zip(levels[::2], lower, strict=False)
    )


def heat_scale(largest: float, width: int, plain: bool = False, ascii: bool = False, *, signed: bool = True) -> Pieces:
    """The cells from the most negative number, or 0, to the most positive, with the numbers at the ends; or nothing."""
    number = f"{largest:.3g}"
    low = f"-{number}" if signed else "0"
    cells = min(2 * LEVELS + 1, width - len(low) - len(number) - 2)
    if cells < 3 or not largest:
        return ()
    steps = [(-1 + 2 * place / (cells - 1)) if signed else place / (cells - 1) for place in range(cells)]
    if plain or ascii:
        drawn = [_character(step if abs(step) > 1e-9 else 0.0, 1.0, ascii) for step in steps]
    else:
        drawn = [_whole(round(step * LEVELS)) for step in steps]
    return ((f"{low} ", "quiet"), *_run(drawn, Raster(1, 1, 1, cells, 1, False)), (f" {number}", "quiet"))


def largest_magnitude(values: Array) -> float:
    """The largest finite magnitude; 0 where there is none."""
    if not values.size:
        return 0.0
    most = float(max(values.max(), -values.min()))
    if math.isfinite(most):
        return most
    finite = np.isfinite(values)
    return float(max(np.max(values, initial=0.0, where=finite), -np.min(values, initial=0.0, where=finite)))


def _blocks(matrix: Array, raster: Raster) -> Array:
    """Of each block the largest by magnitude; NaN where one is in it."""
    if raster.block_height == raster.block_width == 1:
        return matrix
    columns = np.arange(0, matrix.shape[1], raster.block_width)
    bands = [matrix[top : top + raster.block_height] for top in range(0, matrix.shape[0], raster.block_height)]
    with np.errstate(invalid="ignore"):  # by bands: reducing many rows at once is ten times as slow
        high = np.maximum.reduceat(np.stack([band.max(axis=0) for band in bands]), columns, axis=1)
        low = np.minimum.reduceat(np.stack([band.min(axis=0) for band in bands]), columns, axis=1)
        return np.where(-low > high, low, high)


def _levels(blocks: Array, largest: float) -> list[list[int | None]]:
    """From −16 to 16, 0 only for 0; None for what is not finite."""
    finite = np.isfinite(blocks)
    shares = np.abs(np.where(finite, blocks, 0.0)) / (largest or 1.0)
    steps = np.where(blocks == 0, 0, np.clip(np.rint(shares * LEVELS), 1, LEVELS))
    found: list[list[int | None]] = np.where(blocks < 0, -steps, steps).astype(int).tolist()
    for row, column in np.argwhere(~finite).tolist():
        found[row][column] = None
    return found


@cache
def _whole(level: int | None) -> Piece:
    return ("?", "bold fails") if level is None else (" ", f"text on heat {level}")


@cache
def _pair(above: int | None, below: int | None) -> Piece:
    if above is None:
        return "?", "bold fails"
    return HALF, f"heat {above} on {'panel' if below is None else f'heat {below}'}"


def _character(number: float, largest: float, ascii: bool) -> Piece:
    if not math.isfinite(number):
        return "?", "bold fails"
    ramp = RAMPS[ascii][number < 0]
    steps = len(ramp) - 1
    return ramp[0 if not number else min(steps, max(1, math.ceil(abs(number) / largest * steps - 1e-9)))], "text"


def _run(cells: list[Piece], raster: Raster) -> Pieces:
    """Neighbours that look alike as one piece."""
    return tuple((text * raster.cell_width * len(list(group)), key) for (text, key), group in groupby(cells))
