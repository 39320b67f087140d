"""The activations φ, each with its gradient: the upstream gradient times φ′."""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine.arrays import Array, Index
from gradstep.engine.program.expression import Choice, Expression, Number, Operand, call
from gradstep.engine.program.operation import (
    ONE,
    ZERO,
    Calls,
    Derivative,
    Gradient,
    Operation,
    constant,
    copy,
    first,
    same,
)


def _sigmoid_kernel(out: Array, u: Array) -> Calls:
    """1 / (1 + exp(−u)); where exp(−u) overflows, that is 0."""
    return (
        partial(np.negative, u, out),
        partial(np.exp, out, out),
        partial(np.add, out, ONE, out),
        partial(np.divide, ONE, out, out),
    )


def _sigmoid_element(index: Index, u: Operand) -> Expression:
    return 1.0 / (1.0 + call("exp", -u[index]))


def _sigmoid_gradient_kernel(out: Array, dz: Array, z: Array) -> Calls:
    return (
        partial(np.subtract, ONE, z, out),
        partial(np.multiply, z, out, out),
        partial(np.multiply, dz, out, out),
    )


sigmoid_gradient = Operation(
    "sigmoid_gradient",
    _sigmoid_gradient_kernel,
    same,
    "{0} ∘ {1} ∘ (1 − {1})",
    lambda index, dz, z: dz[index] * (z[index] * (1.0 - z[index])),
)


def _sigmoid_slope_kernel(out: Array, dz: Array, v: Array) -> Calls:
    s = np.empty(out.shape)
    return (*_sigmoid_kernel(s, v), *_sigmoid_gradient_kernel(out, dz, s))


def _sigmoid_slope_element(index: Index, dz: Operand, v: Operand) -> Expression:
    s = _sigmoid_element(index, v)
    return dz[index] * (s * (1.0 - s))


sigmoid_slope = Operation("sigmoid_slope", _sigmoid_slope_kernel, same, "{0} ∘ σ′({1})", _sigmoid_slope_element)


def _relative_slope(u: Array) -> Array:
    """σ′(u) over its maximum ¼: 4e / (1 + e)² with e = exp(−|u|), exact also far out, where σ(1 − σ) is 0."""
    e = np.exp(-np.abs(u))
    slopes: Array = 4.0 * e / np.square(1.0 + e)
    return slopes


sigmoid = Operation(
    "sigmoid",
    _sigmoid_kernel,
    first,
    "σ({0})",
    _sigmoid_element,
    gradients=(Gradient(0, sigmoid_gradient, ("d", "out")),),
    sign="σ",
    derivative=Derivative(sigmoid_slope, "σ′"),
    slope=_relative_slope,
)


def _tanh_gradient_kernel(out: Array, dz: Array, z: Array) -> Calls:
    return (
        partial(np.square, z, out),
        partial(np.subtract, ONE, out, out),
        partial(np.multiply, dz, out, out),
    )


tanh_gradient = Operation(
    "tanh_gradient",
    _tanh_gradient_kernel,
    same,
    "{0} ∘ (1 − {1}²)",
    lambda index, dz, z: dz[index] * (1.0 - call("square", z[index])),
)


def _tanh_slope_kernel(out: Array, dz: Array, v: Array) -> Calls:
    z = np.empty(out.shape)
    return (partial(np.tanh, v, z), *_tanh_gradient_kernel(out, dz, z))


tanh_slope = Operation(
    "tanh_slope",
    _tanh_slope_kernel,
    same,
    "{0} ∘ tanh′({1})",
    lambda index, dz, v: dz[index] * (1.0 - call("square", call("tanh", v[index]))),
)

tanh = Operation(
    "tanh",
    lambda out, u: (partial(np.tanh, u, out),),
    first,
    "tanh({0})",
    lambda index, u: call("tanh", u[index]),
    gradients=(Gradient(0, tanh_gradient, ("d", "out")),),
    derivative=Derivative(tanh_slope, "tanh′"),
    slope=lambda u: _relative_slope(2.0 * u),  # tanh′(u) = 4 σ′(2u)
)


def _relu_gradient_kernel(out: Array, dz: Array, u: Array) -> Calls:
    closed = np.empty(u.shape, dtype=bool)
    return (
        partial(np.less_equal, u, ZERO, closed),
        partial(np.copyto, out, dz),
        partial(np.copyto, out, ZERO, where=closed),
    )


relu_gradient = Operation(
    "relu_gradient",
    _relu_gradient_kernel,
    same,
    "{0} ∘ [{1} > 0]",
    lambda index, dz, u: Choice(u[index], Number(0.0), dz[index]),
    compares=(1,),
)

relu = Operation(
    "relu",
    lambda out, u: (partial(np.maximum, u, ZERO, out=out),),
    first,
    "max(0, {0})",
    lambda index, u: call("max", u[index], 0.0),
    gradients=(Gradient(0, relu_gradient, ("d", "0")),),  # its derivative at 0 is taken as 0
    held=lambda out, u: (partial(np.copyto, out, u), partial(np.copyto, out, ZERO, where=u <= ZERO)),
    kink=lambda u: u,
    derivative=Derivative(relu_gradient, "relu′"),
    closes=True,
)

identity_gradient = Operation("identity_gradient", copy, first, "{0} ∘ 1", lambda index, dz: dz[index])

identity = Operation(
    "identity",
    copy,
    first,
    "{0}",
    lambda index, u: u[index],
    gradients=(Gradient(0, identity_gradient, ("d",)),),
    sign="=",
    derivative=Derivative(identity_gradient, "1"),
)

step_gradient = Operation(
    "step_gradient", lambda out, dz: (partial(out.fill, 0.0),), first, "{0} ∘ 0", lambda index, dz: Number(0.0)
)

step = Operation(
    "step",
    lambda out, u: (partial(np.heaviside, u, ZERO, out),),
    first,
    "[{0} > 0]",
    lambda index, u: call("step", u[index]),
    gradients=(Gradient(0, step_gradient, ("d",)),),  # 1 where u > 0, else 0; 0 is taken at the jump, too
    sign="[>0]",
    held=constant,
    kink=lambda u: u,
    derivative=Derivative(step_gradient, "0"),
)
