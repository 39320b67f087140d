"""Products of matrices, and of stacks of them, by NumPy's rule for @; `dot` is the same up to two axes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Operand, total
from gradstep.engine.program.operation import Calls, Operation, ShapeError
from gradstep.engine.program.operations.spreading import spread, spread_element
from gradstep.engine.words import formulas as words


def _matmul_shape(a: Shape, b: Shape) -> Shape:
    if not a or not b:
        raise ShapeError(words.SCALARS_DO_NOT_MULTIPLY)
    if a[-1] != b[-min(2, len(b))]:
        raise ShapeError(words.SHAPES_DO_NOT_MULTIPLY.format(left=written(a), right=written(b)))
    rows = a[-2:-1]
    columns = b[-1:] if len(b) > 1 else ()
    return (*spread(a[:-2], b[:-2]), *rows, *columns)


def _matmul_kernel(out: Array, a: Array, b: Array) -> Calls:
    product = arrays.dot if a.ndim <= 2 and b.ndim <= 2 else np.matmul
    return (partial(product, a, b, out),)


class _Stacked:
    """The last axes of an operand at one place of the axes before them."""

    def __init__(self, operand: Operand, stack: Index) -> None:
        self.operand, self.stack = operand, stack
        self.shape = operand.shape[:-2]

    def __getitem__(self, index: Index) -> Expression:
        """What `spread_element` asks for: the place in the stack; the rest is added behind."""
        return self.operand[(*index, *self.stack)]


def _matmul_element(index: Index, a: Operand, b: Operand) -> Expression:
    inner = a.shape[-1]
    rows, columns = len(a.shape) > 1, len(b.shape) > 1
    stack = index[: len(index) - rows - columns]
    row = index[len(stack) : len(stack) + rows]
    column = index[len(stack) + rows :]
    return total(
        [
            spread_element(_Stacked(a, (*row, k)), stack)  # type: ignore[arg-type]
            * spread_element(_Stacked(b, (k, *column)), stack)  # type: ignore[arg-type]
            for k in range(inner)
        ]
    )


matmul = Operation("matmul", _matmul_kernel, _matmul_shape, "{0}·{1}", _matmul_element, sign="·", adds=True)


def _dot_shape(a: Shape, b: Shape) -> Shape:
    if len(a) > 2 or len(b) > 2:
        raise ShapeError(words.DOT_OF_STACKS.format(left=written(a), right=written(b)))
    return _matmul_shape(a, b)


dot = replace(matmul, shape=_dot_shape)
