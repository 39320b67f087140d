"""Matrices in brackets with the signs between them, the picked element's row and column lit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array
from gradstep.engine.program.expression import Element
from gradstep.tui.pages.step.ink import READ, WRITTEN, Ink
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.cells import cell
from gradstep.tui.text.folding import ended, shortened
from gradstep.tui.text.sums import EQUAL, NEARLY, OFF, cell_unit

BRACKETS = {
    False: ("[]", "⎡⎤", "⎢⎥", "⎣⎦"),
    True: ("[]", "[]", "||", "[]"),
}  # of one line; first, middle, last of several
WIDEST = 12
AROUND = 2  # cells of both brackets; each number has a blank or a mark before it


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix as it stands in a formula. sign: before it; transposed: whether rows are the columns of `values`.

    row, column: of the picked element's numbers, None for every one. columns: the names above. own: the cells of its
    numbers where they never change, 0 where they do. bare: no number of it has a mark, so the first column needs no
    cell for one.
    """

    symbol: str
    title: str
    sign: str
    values: Array
    columns: Sequence[str]
    kind: str = READ
    transposed: bool = False
    row: int | None = None
    column: int | None = None
    lit: bool = True
    own: int = 0
    bare: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns, as it is drawn."""
        rows, columns = (1, 1, *self.values.shape)[-2:]
        return (columns, rows) if self.transposed else (rows, columns)

    def number(self, row: int, column: int) -> tuple[float, Element]:
        """What stands at a place as it is drawn."""
        if self.transposed:
            row, column = column, row
        index = (row, column)[2 - self.values.ndim :]
        return float(self.values[index]), Element(self.symbol, index)

    def written(self, cells: int) -> tuple[Array, Array]:
        """Its numbers as they are written beside others of so many cells, and the units of their last digits."""
        rows, columns = self.size
        width = max(self.cells(cells), WIDEST) if self.own and self.own <= cells else self.cells(cells)
        texts = [[cell(self.number(row, column)[0], width) for column in range(columns)] for row in range(rows)]
        numbers = np.asarray([[float(text) for text in row] for row in texts])
        finite = [[np.isfinite(float(text)) for text in row] for row in texts]
        units = [
            [float(cell_unit(text, width)) if known else 0.0 for text, known in zip(row, row_known, strict=True)]
            for row, row_known in zip(texts, finite, strict=True)
        ]
        return numbers, np.asarray(units)

    def lights(self, row: int, column: int) -> bool:
        """Whether it is one of the picked element's numbers."""
        return self.lit and self.row in (row, None) and self.column in (column, None)

    def width(self, cells: int) -> int:
        """Cells of it, with its sign."""
        sign = cell_len(self.sign) + 2 if self.sign else 0
        return sign + max(self.size[1] * (self.cells(cells) + 1) - self.bare + AROUND, cell_len(self.title) + 2)

    def cells(self, cells: int) -> int:
        """The cells of its numbers where those of others have so many."""
        return min(self.own or cells, cells)


def width_of(matrices: Sequence[Matrix], cells: int) -> int:
    """Cells of matrices side by side."""
    return sum(matrix.width(cells) for matrix in matrices)


def sign_of_product(matrices: Sequence[Matrix], cells: int) -> str:
    """What stands before the result of matrices as they are written: "=" where every number of it is given by them."""
    *factors, result = [(matrix.sign, *matrix.written(cells)) for matrix in matrices]
    if not all(np.isfinite(numbers).all() for _, numbers, _ in (*factors, result)):
        return EQUAL
    found = factors[0][1]
    for sign, numbers, _ in factors[1:]:
        found = found + numbers if sign == "+" else found @ numbers
    if factors[0][0]:  # Σ
        found = found.sum(axis=0, keepdims=True)
    return EQUAL if (np.abs(found - result[1]) <= OFF * result[2]).all() else NEARLY


def draw_matrix(canvas: Canvas, matrix: Matrix, ink: Ink, at: tuple[int, int], cells: int, heads: int) -> int:
    """A matrix below `heads` lines of headings (its title, the names of its columns); where it ends."""
    x, y = at
    cells = matrix.cells(cells)
    rows, columns = matrix.size
    if matrix.sign:
        canvas.put(x + 1, y + heads, matrix.sign, "quiet")
        x += cell_len(matrix.sign) + 2
    inner = columns * (cells + 1) - matrix.bare
    if heads:
        name = ended(matrix.title, max(inner + AROUND - 2, cell_len(matrix.title)), ascii=ink.ascii)
        key = f"bold {ink.phase}" if matrix.kind == WRITTEN else "quiet"
        canvas.put(x + 1 + max(0, (inner + 1 - cell_len(name)) // 2), y, name, key)
    if heads > 1 and columns > 1:
        for column in range(columns):
            name = shortened(
                matrix.columns[column] if column < len(matrix.columns) else str(column), cells - 1, ascii=ink.ascii
            )
            canvas.put(x + 3 - matrix.bare + column * (cells + 1), y + 1, name, "faint")
    for row in range(rows):
        _row(canvas, matrix, ink, (x, y + heads + row), cells, row)
    return x + max(inner + AROUND, cell_len(matrix.title) + 2)


def _row(canvas: Canvas, matrix: Matrix, ink: Ink, at: tuple[int, int], cells: int, row: int) -> None:
    x, y = at
    rows, columns = matrix.size
    kinds = BRACKETS[ink.ascii]
    brackets = kinds[0] if rows == 1 else kinds[1] if not row else kinds[3] if row == rows - 1 else kinds[2]
    x = canvas.put(x, y, brackets[0], "quiet")
    for column in range(columns):
        value, element = matrix.number(row, column)
        text = cell(value, WIDEST).rstrip().ljust(cells) if matrix.own and matrix.own <= cells else ""
        lit = matrix.lights(row, column)
        pieces = ink.number(value, cells, matrix.kind, lit=lit, text=text)
        if matrix.kind == WRITTEN and column and not (ink.plain or ink.ascii):
            pieces = ((" ", pieces[0][1]), *pieces[1:])  # one bar a row: between numbers it would look like a cursor
        x = canvas.put_all(x, y, pieces[1:] if matrix.bare and not column else pieces, element)
    canvas.put(x, y, brackets[1], "quiet")
