"""The affine layer x·W + b, one sample a row, and the gradients of its operands; `linear` is one without a bias.

A bias is spread over the rows of the batch, so its gradient is summed over them.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Operand, total
from gradstep.engine.program.operation import Calls, Gradient, Operation, ShapeError
from gradstep.engine.words import operations as words


def _linear_shape(x: Shape, W: Shape) -> Shape:
    if len(x) != 2 or len(W) != 2 or x[1] != W[0]:
        raise ShapeError(words.INPUTS_DO_NOT_FIT.format(inputs=written(x), weights=written(W)))
    return (x[0], W[1])


def _affine_shape(x: Shape, W: Shape, b: Shape) -> Shape:
    shape = _linear_shape(x, W)
    if b != (W[1],):
        raise ShapeError(words.BIAS_DOES_NOT_FIT.format(bias=written(b), weights=written(W), expected=W[1]))
    return shape


def _affine_kernel(out: Array, x: Array, W: Array, b: Array) -> Calls:
    biases = b.reshape(out.shape) if len(out) == 1 else b  # NumPy adds arrays of one shape three times as fast
    return (partial(arrays.dot, x, W, out), partial(np.add, out, biases, out))


def _linear_element(index: Index, x: Operand, W: Operand) -> Expression:
    i, j = index
    return total([x[i, k] * W[k, j] for k in range(W.shape[0])])


def _affine_element(index: Index, x: Operand, W: Operand, b: Operand) -> Expression:
    return _linear_element(index, x, W) + b[index[1]]


def _weight_gradient_shape(x: Shape, delta: Shape) -> Shape:
    if x[0] != delta[0]:
        raise ShapeError(words.ROWS_DIFFER.format(inputs=written(x), deltas=written(delta)))
    return (x[1], delta[1])


def _input_gradient_shape(delta: Shape, W: Shape) -> Shape:
    if delta[1] != W[1]:
        raise ShapeError(words.COLUMNS_DIFFER.format(deltas=written(delta), weights=written(W)))
    return (delta[0], W[0])


def _weight_gradient_element(index: Index, x: Operand, delta: Operand) -> Expression:
    i, j = index
    return total([x[n, i] * delta[n, j] for n in range(x.shape[0])])


def _input_gradient_element(index: Index, delta: Operand, W: Operand) -> Expression:
    i, j = index
    return total([delta[i, k] * W[j, k] for k in range(W.shape[1])])


weight_gradient = Operation(
    "weight_gradient",
    lambda out, x, delta: (partial(arrays.dot, x.T, delta, out),),
    _weight_gradient_shape,
    "{0}ᵀ·{1}",
    _weight_gradient_element,
    adds=True,
)

bias_gradient = Operation(
    "bias_gradient",
    lambda out, delta: (partial(arrays.add_reduce, delta, 0, None, out),),
    lambda delta: (delta[1],),
    "Σ {0}",
    lambda index, delta: total([delta[n, index[0]] for n in range(delta.shape[0])]),
    adds=True,
)

input_gradient = Operation(
    "input_gradient",
    lambda out, delta, W: (partial(arrays.dot, delta, W.T, out),),
    _input_gradient_shape,
    "{0}·{1}ᵀ",
    _input_gradient_element,
    adds=True,
)

affine = Operation(
    "affine",
    _affine_kernel,
    _affine_shape,
    "{0}·{1} + {2}",
    _affine_element,
    gradients=(
        Gradient(1, weight_gradient, ("0", "d")),
        Gradient(2, bias_gradient, ("d",)),
        Gradient(0, input_gradient, ("d", "1")),
    ),
    sign="·W+b",
    weights=1,
    adds=True,
)

linear = Operation(
    "linear",
    lambda out, x, W: (partial(arrays.dot, x, W, out),),
    _linear_shape,
    "{0}·{1}",
    _linear_element,
    gradients=(Gradient(1, weight_gradient, ("0", "d")), Gradient(0, input_gradient, ("d", "1"))),
    sign="·W",
    weights=1,
    adds=True,
)
