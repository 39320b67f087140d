"""What a product of matrices, or a sum over rows, is made of.

Which operands are matrices, and which is transposed, is read from the operation's formula: {0}·{1} + {2}, {0}ᵀ·{1}. A
vector before a matrix is a row, behind one a column, and two of them whose product is a matrix are one of each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gradstep.engine.arrays import Array, Index
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Program, Step
from gradstep.tui.pages.step.scene import Scene

PRODUCT = re.compile(r"\{(\d)\}(ᵀ?)·\{(\d)\}(ᵀ?)(?: \+ \{(\d)\})?")
COLUMN_SUM = "Σ {0}"


class Factor(NamedTuple):
    """An operand as it stands in the product: `turned` where its rows are the array's columns; a vector is one row.

    transposed: whether the formula says so; a vector that stands upright is turned all the same. vector: it is one.
    """

    symbol: str
    turned: bool = False
    transposed: bool = False
    vector: bool = False

    def element(self, row: int, column: int) -> Element:
        """What stands at a place as it is drawn."""
        row, column = (column, row) if self.turned else (row, column)
        return Element(self.symbol, (column,) if self.vector else (row, column))

    def row(self, array: Array, place: int) -> Array:
        """The numbers of a row as it is drawn."""
        array = np.atleast_2d(array)
        return array[:, place] if self.turned else array[place]

    def column(self, array: Array, place: int) -> Array:
        """The numbers of a column as it is drawn."""
        array = np.atleast_2d(array)
        return array[place] if self.turned else array[:, place]


@dataclass(frozen=True, eq=False)
class Factors:
    """A product left · right + bias, or the sum of the rows of `left`, where there is no right one.

    upright: whether the result is a vector that stands upright, as that of a matrix times a vector does.
    """

    left: Factor
    right: Factor | None = None
    bias: str = ""
    upright: bool = False

    def place(self, index: Index) -> tuple[int, int]:
        """The row and the column in which an element of the result is drawn."""
        row, column = (0, *index)[-2:]
        return (column, 0) if self.upright else (row, column)

    def count(self, program: Program) -> int:
        """How many terms an element of the result is the sum of."""
        shape = (1, *program.symbols[self.left.symbol].shape)[-2:]
        return shape[0 if self.left.turned else 1]

    def terms(self, scene: Scene, index: Index) -> tuple[Array, Array | None]:
        """The numbers whose products are summed for an element of the result; of a sum, the numbers themselves."""
        row, column = self.place(index)
        left = self.left.row(scene.read(self.left.symbol), row if self.right else column)
        return left, None if self.right is None else self.right.column(scene.read(self.right.symbol), column)

    def elements(self, index: Index, term: int) -> tuple[Element, Element | None]:
        """What the factors of a term are."""
        row, column = self.place(index)
        if self.right is None:
            return self.left.element(column, term), None
        return self.left.element(row, term), self.right.element(term, column)


def factors_of(program: Program, step: Step) -> Factors | None:
    """The matrices and vectors that a step multiplies or whose rows it adds; None for any other step."""
    shapes = [operand.shape for operand in program.operands(step)]
    formula, result = step.operation.formula, program.symbols[step.symbol].shape
    if formula == COLUMN_SUM and shapes and len(shapes[0]) == 2 and result == shapes[0][1:]:
        return Factors(Factor(step.operands[0], turned=True))
    match = PRODUCT.fullmatch(formula)
    if match is None:
        return None
    one, turned, other, other_turned, bias = match.groups()
    ranks = len(shapes[int(one)]), len(shapes[int(other)])
    if (*ranks, len(result)) not in ((2, 2, 2), (1, 1, 2), (1, 2, 1), (2, 1, 1)):
        return None
    if ranks == (1, 1):  # an outer product: a column times a row
        left = Factor(step.operands[int(one)], True, bool(turned), vector=True)
        return Factors(left, Factor(step.operands[int(other)], False, bool(other_turned), vector=True))
    left = Factor(step.operands[int(one)], bool(turned) and ranks[0] == 2, bool(turned), ranks[0] == 1)
    right = Factor(step.operands[int(other)], bool(other_turned) or ranks[1] == 1, bool(other_turned), ranks[1] == 1)
    return Factors(left, right, step.operands[int(bias)] if bias else "", upright=ranks[1] == 1)
