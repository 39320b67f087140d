"""The operations of the backward pass: what an upstream gradient becomes behind an activation or an affine layer.

Each is the chain rule for one operand of a layer. What a gradient is summed over is what the operand was spread over:
a bias over the rows of the batch, a scalar over everything.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Choice, Expression, Number, Operand, call, total
from gradstep.engine.program.forward import element_at, sigmoid_element, sigmoid_kernel
from gradstep.engine.program.operation import (
    ONE,
    ZERO,
    Calls,
    Operation,
    ShapeError,
    copy,
    first,
    same,
    same_or_scalar,
    same_to_scalar,
    scalar,
)
from gradstep.engine.words import operations as words

# ── backward through activations: the upstream gradient times φ′ ─────────────────────────────────────────────


def _sigmoid_gradient_kernel(out: Array, dz: Array, z: Array) -> Calls:
    return (
        partial(np.subtract, ONE, z, out),
        partial(np.multiply, z, out, out),
        partial(np.multiply, dz, out, out),
    )


def _tanh_gradient_kernel(out: Array, dz: Array, z: Array) -> Calls:
    return (
        partial(np.square, z, out),
        partial(np.subtract, ONE, out, out),
        partial(np.multiply, dz, out, out),
    )


def _relu_gradient_kernel(out: Array, dz: Array, u: Array) -> Calls:
    closed = np.empty(u.shape, dtype=bool)
    return (
        partial(np.less_equal, u, ZERO, closed),
        partial(np.copyto, out, dz),
        partial(np.copyto, out, ZERO, where=closed),
    )


def _zero_kernel(out: Array, dz: Array) -> Calls:
    return (partial(out.fill, 0.0),)


sigmoid_gradient = Operation(
    "sigmoid_gradient",
    _sigmoid_gradient_kernel,
    same,
    "{0} ∘ {1} ∘ (1 − {1})",
    lambda index, dz, z: dz[index] * (z[index] * (1.0 - z[index])),
)
tanh_gradient = Operation(
    "tanh_gradient",
    _tanh_gradient_kernel,
    same,
    "{0} ∘ (1 − {1}²)",
    lambda index, dz, z: dz[index] * (1.0 - call("square", z[index])),
)
relu_gradient = Operation(
    "relu_gradient",
    _relu_gradient_kernel,
    same,
    "{0} ∘ [{1} > 0]",
    lambda index, dz, u: Choice(u[index], Number(0.0), dz[index]),
    compares=(1,),
)
identity_gradient = Operation(
    "identity_gradient",
    copy,
    first,
    "{0} ∘ 1",
    lambda index, dz: dz[index],
)
step_gradient = Operation("step_gradient", _zero_kernel, first, "{0} ∘ 0", lambda index, dz: Number(0.0))


def _sigmoid_slope_kernel(out: Array, dz: Array, v: Array) -> Calls:
    s = np.empty(out.shape)
    return (*sigmoid_kernel(s, v), *_sigmoid_gradient_kernel(out, dz, s))


def _sigmoid_slope_element(index: Index, dz: Operand, v: Operand) -> Expression:
    s = sigmoid_element(index, v)
    return dz[index] * (s * (1.0 - s))


def _tanh_slope_kernel(out: Array, dz: Array, v: Array) -> Calls:
    z = np.empty(out.shape)
    return (partial(np.tanh, v, z), *_tanh_gradient_kernel(out, dz, z))


# φ′ taken at a given array v, whatever that is: what a layer with a `derivative` of another kind multiplies by.
sigmoid_slope = Operation("sigmoid_slope", _sigmoid_slope_kernel, same, "{0} ∘ σ′({1})", _sigmoid_slope_element)
tanh_slope = Operation(
    "tanh_slope",
    _tanh_slope_kernel,
    same,
    "{0} ∘ tanh′({1})",
    lambda index, dz, v: dz[index] * (1.0 - call("square", call("tanh", v[index]))),
)

# ── backward through affine, add, multiply ───────────────────────────────────────────────────────────────────


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


def _bias_gradient_element(index: Index, delta: Operand) -> Expression:
    return total([delta[n, index[0]] for n in range(delta.shape[0])])


def _input_gradient_element(index: Index, delta: Operand, W: Operand) -> Expression:
    i, j = index
    return total([delta[i, k] * W[j, k] for k in range(W.shape[1])])


weight_gradient = Operation(
    "weight_gradient",
    lambda out, x, delta: (partial(arrays.dot, x.T, delta, out),),
    _weight_gradient_shape,
    "{0}ᵀ·{1}",
    _weight_gradient_element,
)
bias_gradient = Operation(
    "bias_gradient",
    lambda out, delta: (partial(arrays.add_reduce, delta, 0, None, out),),
    lambda delta: (delta[1],),
    "Σ {0}",
    _bias_gradient_element,
)
input_gradient = Operation(
    "input_gradient",
    lambda out, delta, W: (partial(arrays.dot, delta, W.T, out),),
    _input_gradient_shape,
    "{0}·{1}ᵀ",
    _input_gradient_element,
)
pass_on = Operation("pass_on", copy, first, "{0} ∘ 1", lambda index, d: d[index])
pass_on_summed = Operation(
    "pass_on_summed",
    lambda out, d: (partial(arrays.add_reduce, d, None, None, out),),
    scalar,
    "Σ {0}",
    lambda index, d: total(list(d.elements())),
)
pass_times = Operation(
    "pass_times",
    lambda out, d, other: (partial(np.multiply, d, other, out),),
    same_or_scalar,
    "{0} ∘ {1}",
    lambda index, d, other: d[index] * element_at(other, index),
)


def _pass_times_summed_kernel(out: Array, d: Array, other: Array) -> Calls:
    products = np.empty(d.shape)
    return (partial(np.multiply, d, other, products), partial(arrays.add_reduce, products, None, None, out))


pass_times_summed = Operation(
    "pass_times_summed",
    _pass_times_summed_kernel,
    same_to_scalar,
    "Σ {0} ∘ {1}",
    lambda index, d, other: total([d[at] * element_at(other, at) for at in np.ndindex(*d.shape)]),
)
seed_gradient = Operation(
    "seed_gradient", lambda out, y: (partial(out.fill, 1.0),), first, "1", lambda index, y: Number(1.0)
)


def _accumulate_kernel(out: Array, one: Array, other: Array, *more: Array) -> Calls:
    return (partial(np.add, one, other, out), *(partial(np.add, out, contribution, out) for contribution in more))


def accumulate(count: int) -> Operation:
    """The sum of the gradients that a value used `count` times receives."""
    return Operation(
        "accumulate",
        _accumulate_kernel,
        same,
        " + ".join(f"{{{k}}}" for k in range(count)),
        lambda index, *contributions: total([contribution[index] for contribution in contributions]),
    )
