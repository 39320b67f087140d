"""What a product of matrices, or a sum over rows, is made of.

Which operands are matrices, and which is transposed, is read from the operation's formula: {0}·{1} + {2}, {0}ᵀ·{1}.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gradstep.engine.arrays import Array, Index
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Program, Step
from gradstep.tui.pages.step.scene import Scene

PRODUCT = re.compile(r"\{(\d)\}(ᵀ?)·\{(\d)\}(ᵀ?)(?: \+ \{(\d)\})?")
COLUMN_SUM = "Σ {0}"


@dataclass(frozen=True, eq=False)
class Factors:
    """A product left · right + bias, or the sum of the rows of `left`, where there is no right one."""

    left: tuple[str, bool]
    right: tuple[str, bool] | None = None
    bias: str = ""

    def terms(self, scene: Scene, index: Index) -> tuple[Array, Array | None]:
        """The numbers whose products are summed for an element of the result; of a sum, the numbers themselves."""
        row, column = (0, *index)[-2:]
        left = _row_of(scene.read(self.left[0]), row if self.right else column, self.left[1])
        if self.right is None:
            return left, None
        return left, _row_of(scene.read(self.right[0]), column, not self.right[1])

    def elements(self, index: Index, term: int) -> tuple[Element, Element | None]:
        """What the factors of a term are."""
        row, column = (0, *index)[-2:]
        name, transposed = self.left
        if self.right is None:
            return Element(name, (term, column)), None
        first = Element(name, (term, row) if transposed else (row, term))
        name, transposed = self.right
        return first, Element(name, (column, term) if transposed else (term, column))


def _row_of(array: Array, place: int, transposed: bool) -> Array:
    return array[:, place] if transposed else array[place]


def factors_of(program: Program, step: Step) -> Factors | None:
    """The matrices that a step multiplies or whose rows it adds; None for any other step."""
    shapes = [operand.shape for operand in program.operands(step)]
    formula, result = step.operation.formula, program.symbols[step.symbol].shape
    if formula == COLUMN_SUM and shapes and len(shapes[0]) == 2 and result == shapes[0][1:]:
        return Factors((step.operands[0], True))
    match = PRODUCT.fullmatch(formula)
    if match is None or len(result) != 2:
        return None
    one, turned, other, other_turned, bias = match.groups()
    if len(shapes[int(one)]) != 2 or len(shapes[int(other)]) != 2:
        return None
    right = (step.operands[int(other)], bool(other_turned))
    return Factors((step.operands[int(one)], bool(turned)), right, step.operands[int(bias)] if bias else "")
