"""Products of matrices, and of stacks of them, by NumPy's rule for @; `dot` is the same up to two axes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Operand, total
from gradstep.engine.program.operation import Calls, Gradient, Operation, ShapeError
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
    rows, columns = len(a.shape) > 1, len(b.shape) > 1
    stack = d.shape[: len(d.shape) - rows - columns]
    matrix = len(own.shape) > 1
    here = index[-2:] if matrix else index
    inner = here[-1] if left else here[0]
    places: list[Iterable[int]] = [
        range(size)
        if k < len(stack) - len(own.shape[:-2]) or own.shape[k - len(stack) + len(own.shape[:-2])] == 1
        else (at,)
        for k, (size, at) in enumerate(zip(stack, (*(0,) * (len(stack) - len(index[:-2])), *index[:-2]), strict=True))
    ]
    free: Iterable[int | None] = (
        range(d.shape[-1]) if left and columns else range(d.shape[-1 - columns]) if not left and rows else (None,)
    )
    terms = []
    for *at, k in product(*places, free):
        row = (here[0],) if left and rows else (k,) if not left and rows else ()
        column = (k,) if left and columns else (here[-1],) if not left and columns else ()
        along = (inner, *column) if left else (*row, inner)
        stacked = _Stacked(other, along) if len(other.shape) > 1 else None
        factor = spread_element(stacked, tuple(at)) if stacked else other[along]
        terms.append(d[(*at, *row, *column)] * factor)
    return total(terms)


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
