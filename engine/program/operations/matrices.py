"""Products of matrices, and of stacks of them, by NumPy's rule for @; `dot` is the same up to two axes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Operand, total
from gradstep.engine.program.operation import Calls, Gradient, Operation, ShapeError
from gradstep.engine.program.operations.spreading import spread
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


def _matmul_element(index: Index, a: Operand, b: Operand) -> Expression:
    inner = a.shape[-1]
    rows, columns = len(a.shape) > 1, len(b.shape) > 1
    stack = index[: len(index) - rows - columns]
    row = index[len(stack) : len(stack) + rows]
    column = index[len(stack) + rows :]
    return total([_in_stack(a, stack, (*row, k)) * _in_stack(b, stack, (k, *column)) for k in range(inner)])


def _back(out: Array, d: Array, a: Array, b: Array, left: bool) -> None:
    """∂E/∂a = d·bᵀ or ∂E/∂b = aᵀ·d of a·b, summed over what was spread over the stack."""
    d = d[..., None, :] if a.ndim == 1 and b.ndim > 1 else d[..., None] if b.ndim == 1 and a.ndim > 1 else d
    if a.ndim == 1 and b.ndim == 1:
        np.multiply(d, b if left else a, out)
        return
    a, b = a[None, :] if a.ndim == 1 else a, b[:, None] if b.ndim == 1 else b
    full = np.matmul(d, b.swapaxes(-1, -2)) if left else np.matmul(a.swapaxes(-1, -2), d)
    shape = (a if left else b).shape
    extra = full.ndim - len(shape)
    axes = tuple(k for k in range(full.ndim) if k < extra or (shape[k - extra] == 1 and full.shape[k] > 1))
    np.copyto(out, (full.sum(axis=axes, keepdims=True) if axes else full).reshape(out.shape))


def _back_element(index: Index, d: Operand, a: Operand, b: Operand, left: bool) -> Expression:
    """A sum over every element of the product that the element went into."""
    own, other = (a, b) if left else (b, a)
    rows, columns = d.shape[-2:-1] if len(b.shape) > 1 else d.shape[-1:], d.shape[-1:]
    rows, columns = rows if len(a.shape) > 1 else (), columns if len(b.shape) > 1 else ()
    stack = d.shape[: len(d.shape) - len(rows) - len(columns)]
    here = index[max(0, len(own.shape) - 2) :]  # within its matrix, or row of numbers
    terms = []
    for at in product(*_stacks(stack, own.shape[:-2], index)):
        for k in np.ndindex(*(columns if left else rows)):
            row, column = (here[: len(rows)], k) if left else (k, here[1:])
            inner = here[-1:] if left else here[:1]
            factor = _in_stack(other, at, (*inner, *column) if left else (*row, *inner))
            terms.append(d[(*at, *row, *column)] * factor)
    return total(terms)


def _stacks(stack: Shape, own: Shape, index: Index) -> Iterator[Iterable[int]]:
    """Axis by axis, the places of a stack that an element of a matrix was spread to: all, or its own."""
    ahead = len(stack) - len(own)
    for axis, size in enumerate(stack):
        is_spread = axis < ahead or own[axis - ahead] == 1
        yield range(size) if is_spread else (index[axis - ahead],)


def _in_stack(operand: Operand, stack: Index, place: Index) -> Expression:
    """An element of the matrix that stands at a place of a stack, after spreading."""
    ahead = operand.shape[:-2]
    own = stack[len(stack) - len(ahead) :]
    return operand[(*(0 if size == 1 else i for i, size in zip(own, ahead, strict=True)), *place)]


def _back_kernel(out: Array, d: Array, a: Array, b: Array, left: bool) -> Calls:
    if a.ndim == b.ndim == 2:
        return (partial(arrays.dot, d, b.T, out) if left else partial(arrays.dot, a.T, d, out),)
    return (partial(_back, out, d, a, b, left),)


matmul_left = Operation(
    "matmul_left",
    lambda out, d, b, a: _back_kernel(out, d, a, b, True),
    lambda d, b, a: a,
    "{0}·{1}ᵀ",
    lambda index, d, b, a: _back_element(index, d, a, b, True),
    adds=True,
)
matmul_right = Operation(
    "matmul_right",
    lambda out, a, d, b: _back_kernel(out, d, a, b, False),
    lambda a, d, b: b,
    "{0}ᵀ·{1}",
    lambda index, a, d, b: _back_element(index, d, a, b, False),
    adds=True,
)

matmul = Operation(
    "matmul",
    _matmul_kernel,
    _matmul_shape,
    "{0}·{1}",
    _matmul_element,
    (Gradient(1, matmul_right, ("0", "d", "1")), Gradient(0, matmul_left, ("d", "1", "0"))),
    sign="·",
    adds=True,
)


def _dot_shape(a: Shape, b: Shape) -> Shape:
    if len(a) > 2 or len(b) > 2:
        raise ShapeError(words.DOT_OF_STACKS.format(left=written(a), right=written(b)))
    return _matmul_shape(a, b)


dot = replace(matmul, shape=_dot_shape)
