"""The losses' operations: squared error ½ Σ (y − t)² and its mean over the samples; softmax and cross-entropy.

Softmax and cross-entropy are computed from logits shifted by their row's maximum, which changes no value and cannot
overflow.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index
from gradstep.engine.program.expression import Expression, Number, Operand, call, mean, total
from gradstep.engine.program.operation import HALF, ZERO, Calls, Gradient, Operation, count, first, same, same_to_scalar


def _squared_terms(y: Operand, t: Operand) -> Expression:
    return total([call("square", y[at] - t[at]) for at in np.ndindex(*y.shape)])


def _half_squared_error_kernel(out: Array, y: Array, t: Array) -> Calls:
    errors = np.empty(y.shape)
    flat = errors.reshape(-1)
    return (
        partial(np.subtract, y, t, errors),
        partial(arrays.dot, flat, flat, out),
        partial(np.multiply, out, HALF, out),
    )


difference = Operation(
    "difference",
    lambda out, y, t: (partial(np.subtract, y, t, out),),
    same,
    "{0} − {1}",
    lambda index, y, t: y[index] - t[index],
)

mean_difference = Operation(
    "mean_difference",
    lambda out, y, t: (partial(np.subtract, y, t, out), partial(np.divide, out, count(y), out)),
    same,
    "({0} − {1}) / N",
    lambda index, y, t: mean(y[index] - t[index], y.shape[0]),
)

half_squared_error = Operation(
    "half_squared_error",
    _half_squared_error_kernel,
    same_to_scalar,
    "½ Σ ({0} − {1})²",
    lambda index, y, t: Number(0.5, "½") * _squared_terms(y, t),
    gradients=(Gradient(0, difference, ("0", "1")),),
)

mean_half_squared_error = Operation(
    "mean_half_squared_error",
    lambda out, y, t: (*_half_squared_error_kernel(out, y, t), partial(np.divide, out, count(y), out)),
    same_to_scalar,
    "½ Σ ({0} − {1})² / N",
    lambda index, y, t: mean(Number(0.5, "½") * _squared_terms(y, t), y.shape[0]),
    gradients=(Gradient(0, mean_difference, ("0", "1")),),
)


def _shift(out: Array, u: Array) -> Calls:
    """Each row minus its maximum."""
    largest = np.empty((len(u), 1))
    return (partial(np.maximum.reduce, u, 1, None, largest, True), partial(np.subtract, u, largest, out))


def _softmax_kernel(out: Array, u: Array) -> Calls:
    sums = np.empty((len(u), 1))
    return (
        *_shift(out, u),
        partial(np.exp, out, out),
        partial(arrays.add_reduce, out, 1, None, sums, True),
        partial(np.divide, out, sums, out),
    )


def _softmax_element(index: Index, u: Operand) -> Expression:
    i, j = index
    largest = call("max", *u.row(i))
    return call("exp", u[i, j] - largest) / total([call("exp", other - largest) for other in u.row(i)])


softmax = Operation("softmax", _softmax_kernel, first, "softmax({0})", _softmax_element, distribution=True)


def _negative_mean_kernel(out: Array, terms: Array) -> Calls:
    return (
        partial(arrays.add_reduce, terms, None, None, out),
        partial(np.divide, out, -count(terms), out),
        partial(np.add, out, ZERO, out),  # a loss of nothing is 0, not −0
    )


def _cross_entropy_from_logits_kernel(out: Array, u: Array, t: Array) -> Calls:
    shifted, powers, sums = np.empty(u.shape), np.empty(u.shape), np.empty((len(u), 1))
    unwanted = np.empty(t.shape, dtype=bool)
    return (
        *_shift(shifted, u),
        partial(np.exp, shifted, powers),
        partial(arrays.add_reduce, powers, 1, None, sums, True),
        partial(np.log, sums, sums),
        partial(np.subtract, shifted, sums, shifted),
        partial(np.multiply, t, shifted, shifted),
        partial(np.equal, t, ZERO, unwanted),
        partial(np.copyto, shifted, ZERO, where=unwanted),  # 0 log 0 is 0
        *_negative_mean_kernel(out, shifted),
    )


def _cross_entropy_from_logits_element(index: Index, u: Operand, t: Operand) -> Expression:
    terms: list[Expression] = []
    for i in range(u.shape[0]):
        largest = call("max", *u.row(i))
        log_sum = call("log", total([call("exp", other - largest) for other in u.row(i)]))
        terms += [call("weigh", t[i, k], u[i, k] - largest - log_sum) for k in range(u.shape[1])]
    return mean(-total(terms), u.shape[0])


cross_entropy_from_logits = Operation(
    "cross_entropy_from_logits",
    _cross_entropy_from_logits_kernel,
    same_to_scalar,
    "−Σ {1} ∘ log softmax({0}) / N",
    _cross_entropy_from_logits_element,
    distributions=(1,),
)


def cross_entropy(epsilon: float) -> Operation:
    """−Σ t ∘ log(y + ε) / N: the loss as texts show it whose code adds ε so that the logarithm stays finite."""

    def kernel(out: Array, y: Array, t: Array) -> Calls:
        logarithm = np.empty(y.shape)
        return (
            partial(np.add, y, np.asarray(epsilon), logarithm),
            partial(np.log, logarithm, logarithm),
            partial(np.multiply, t, logarithm, logarithm),
            *_negative_mean_kernel(out, logarithm),
        )

    def element(index: Index, y: Operand, t: Operand) -> Expression:
        shift = Number(epsilon, f"{epsilon:g}")
        terms = [t[at] * call("log", y[at] + shift) for at in np.ndindex(*y.shape)]
        return mean(-total(terms), y.shape[0])

    return Operation(
        "cross_entropy",
        kernel,
        same_to_scalar,
        f"−Σ {{1}} ∘ log({{0}} + {epsilon:g}) / N",
        element,
        distributions=(1,),
        exact=cross_entropy_from_logits,
    )
