"""Further activations, element by element: leaky ReLU, ELU, softplus, GELU in both forms, SiLU, softsign; erf."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from gradstep.engine.arrays import Array, Mask, frozen
from gradstep.engine.program.expression import Choice, Expression, Number, call
from gradstep.engine.program.operation import HALF, ONE, ZERO, Calls, Operation, first


def _number(value: float) -> Array:
    return frozen(np.asarray(value))


ROOT = math.sqrt(2.0 / math.pi)  # of the tanh form of GELU: Hendrycks & Gimpel, Gaussian Error Linear Units (2016), 2
CUBIC = 0.044715
TWO_OVER_ROOT_PI = 2.0 / math.sqrt(math.pi)


def _chosen(out: Array, u: Array, above: Array, below: Array, open_: Mask) -> Calls:
    """`above` where u > 0, else `below`."""
    return (
        partial(np.greater, u, ZERO, open_),
        partial(np.copyto, out, below),
        partial(np.copyto, out, above, where=open_),
    )


def leaky_relu_of(slope: float = 0.01) -> Operation:
    """u where u > 0, else slope · u. Its derivative at 0 is the slope."""
    factor = _number(slope)

    def kernel(out: Array, u: Array) -> Calls:
        below = np.empty(u.shape)
        return (partial(np.multiply, u, factor, below), *_chosen(out, u, u, below, np.empty(u.shape, dtype=bool)))

    return Operation(
        "leaky_relu",
        kernel,
        first,
        f"max(0, {{0}}) + {slope:g} ∘ min(0, {{0}})",
        lambda index, u: Choice(u[index], Number(slope, f"{slope:g}") * u[index], u[index]),
        held=lambda out, u: (partial(np.multiply, u, np.where(u > ZERO, ONE, factor), out),),
        kink=lambda u: u,
        backward=(f"d * where(a > 0, 1, {slope!r})",),
    )


def elu_of(alpha: float = 1.0) -> Operation:
    """u where u > 0, else α (exp(u) − 1). Clevert, Unterthiner & Hochreiter (2016), equation 15."""
    factor = _number(alpha)

    def below_zero(below: Array) -> Calls:
        return (
            partial(np.exp, below, below),
            partial(np.subtract, below, ONE, below),
            partial(np.multiply, factor, below, below),
        )

    def kernel(out: Array, u: Array) -> Calls:
        below = np.empty(u.shape)
        least = partial(np.minimum, u, ZERO, out=below)  # of what is above 0, exp may overflow
        return (least, *below_zero(below), *_chosen(out, u, u, below, np.empty(u.shape, dtype=bool)))

    def held(out: Array, u: Array) -> Calls:
        below = np.empty(u.shape)
        stays = partial(np.copyto, out, below, where=u <= ZERO)
        return (partial(np.copyto, below, u), *below_zero(below), partial(np.copyto, out, u), stays)

    def element(u: Expression) -> Expression:
        return Choice(u, Number(alpha, f"{alpha:g}") * (call("exp", u) - 1.0), u)

    return Operation(
        "elu",
        kernel,
        first,
        f"max(0, {{0}}) + {alpha:g} ∘ (exp(min(0, {{0}})) − 1)",
        lambda index, u: element(u[index]),
        held=held,
        kink=lambda u: u,
        backward=(f"d * where(a > 0, 1, out + {alpha!r})",),
    )


def _softplus_kernel(out: Array, u: Array) -> Calls:
    """max(u, 0) + log(1 + exp(−|u|)), which cannot overflow."""
    above = np.empty(u.shape)
    return (
        partial(np.absolute, u, out),
        partial(np.negative, out, out),
        partial(np.exp, out, out),
        partial(np.add, ONE, out, out),
        partial(np.log, out, out),
        partial(np.maximum, u, ZERO, out=above),
        partial(np.add, above, out, out),
    )


def _softplus_element(u: Expression) -> Expression:
    return call("max", u, 0.0) + call("log", 1.0 + call("exp", -call("abs", u)))


softplus = Operation(
    "softplus",
    _softplus_kernel,
    first,
    "log(1 + exp({0}))",
    lambda index, u: _softplus_element(u[index]),
    backward=("d * sigmoid(a)",),
)


def _silu_kernel(out: Array, u: Array) -> Calls:
    """u / (1 + exp(−u))."""
    return (
        partial(np.negative, u, out),
        partial(np.exp, out, out),
        partial(np.add, ONE, out, out),
        partial(np.divide, u, out, out),
    )


silu = Operation(
    "silu",
    _silu_kernel,
    first,
    "{0} ∘ σ({0})",
    lambda index, u: u[index] / (1.0 + call("exp", -u[index])),
    backward=("d * (sigmoid(a) + out * (1 - sigmoid(a)))",),
)


def _softsign_kernel(out: Array, u: Array) -> Calls:
    return (partial(np.absolute, u, out), partial(np.add, ONE, out, out), partial(np.divide, u, out, out))


softsign = Operation(
    "softsign",
    _softsign_kernel,
    first,
    "{0} / (1 + |{0}|)",
    lambda index, u: u[index] / (1.0 + call("abs", u[index])),
    backward=("d / (1 + abs(a)) ** 2",),
)


def _fill_erf(u: Array, out: Array) -> None:
    np.copyto(out, np.array([math.erf(value) for value in u.flat]).reshape(u.shape))


erf = Operation(
    "erf",
    lambda out, u: (partial(_fill_erf, u, out),),
    first,
    "erf({0})",
    lambda index, u: call("erf", u[index]),
    backward=(f"d * ({TWO_OVER_ROOT_PI!r} * exp(-a ** 2))",),
)


def _gelu_kernel(out: Array, u: Array) -> Calls:
    """½ u (1 + erf(u / √2)): u times how much of a standard normal distribution lies below it."""
    return (
        partial(np.divide, u, _number(math.sqrt(2.0)), out),
        partial(_fill_erf, out, out),
        partial(np.add, ONE, out, out),
        partial(np.multiply, u, out, out),
        partial(np.multiply, HALF, out, out),
    )


def _gelu_element(u: Expression) -> Expression:
    return Number(0.5, "½") * (u * (1.0 + call("erf", u / Number(math.sqrt(2.0), "√2"))))


gelu = Operation(
    "gelu",
    _gelu_kernel,
    first,
    "½ {0} ∘ (1 + erf({0} / √2))",
    lambda index, u: _gelu_element(u[index]),
    backward=(f"d * (0.5 * (1 + erf(a / {math.sqrt(2.0)!r})) + a * exp(-a ** 2 / 2) / {math.sqrt(2.0 * math.pi)!r})",),
)


def _inside(u: Array, out: Array) -> Calls:
    """√(2/π) (u + 0.044715 u³)."""
    return (
        partial(np.power, u, _number(3.0), out),
        partial(np.multiply, _number(CUBIC), out, out),
        partial(np.add, u, out, out),
        partial(np.multiply, _number(ROOT), out, out),
    )


def _gelu_tanh_kernel(out: Array, u: Array) -> Calls:
    return (
        *_inside(u, out),
        partial(np.tanh, out, out),
        partial(np.add, ONE, out, out),
        partial(np.multiply, u, out, out),
        partial(np.multiply, HALF, out, out),
    )


def _gelu_tanh_element(u: Expression) -> Expression:
    inside = Number(ROOT, "√(2/π)") * (u + Number(CUBIC) * call("power", u, 3.0))
    return Number(0.5, "½") * (u * (1.0 + call("tanh", inside)))


_TANH = f"tanh({ROOT!r} * (a + {CUBIC!r} * a ** 3))"
gelu_tanh = Operation(
    "gelu_tanh",
    _gelu_tanh_kernel,
    first,
    "½ {0} ∘ (1 + tanh(√(2/π) ({0} + 0.044715 {0}³)))",
    lambda index, u: _gelu_tanh_element(u[index]),
    backward=(f"d * (0.5 * (1 + {_TANH}) + 0.5 * a * (1 - {_TANH} ** 2) * ({ROOT!r} * (1 + {3 * CUBIC!r} * a ** 2)))",),
)
