"""Squared error ½ Σ (y − t)², its mean over the samples, and their gradients."""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array
from gradstep.engine.program.expression import Expression, Number, Operand, call, mean, total
from gradstep.engine.program.operation import HALF, Calls, Gradient, Operation, count, same, same_to_scalar


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


def _mean_half_squared_error_kernel(out: Array, y: Array, t: Array) -> Calls:
    return (*_half_squared_error_kernel(out, y, t), partial(np.divide, out, count(y), out))


difference = Operation(
    "difference",
    lambda out, y, t: (partial(np.subtract, y, t, out),),
    same,
    "{0} − {1}",
    lambda index, y, t: y[index] - t[index],
)


def _mean_difference_kernel(out: Array, y: Array, t: Array) -> Calls:
    return (partial(np.subtract, y, t, out), partial(np.divide, out, count(y), out))


mean_difference = Operation(
    "mean_difference",
    _mean_difference_kernel,
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
    _mean_half_squared_error_kernel,
    same_to_scalar,
    "½ Σ ({0} − {1})² / N",
    lambda index, y, t: mean(Number(0.5, "½") * _squared_terms(y, t), y.shape[0]),
    gradients=(Gradient(0, mean_difference, ("0", "1")),),
)
