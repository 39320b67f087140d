"""The operations of the forward pass, the losses and the updates. Those of the backward pass stand in gradients.py.

Layers, losses and optimizers are short lists of these. Kernels never write to an operand. N is always the number
of rows of a batch. Softmax and its logarithm are computed from logits shifted by their row's maximum, which
changes no value and cannot overflow; everything else is the formula as it is written.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Number, Operand, call, total
from gradstep.engine.program.operation import (
    HALF,
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
)
from gradstep.engine.words import operations as words


def _affine_shape(x: Shape, W: Shape, b: Shape) -> Shape:
    if len(x) != 2 or len(W) != 2 or x[1] != W[0]:
        raise ShapeError(words.INPUTS_DO_NOT_FIT.format(inputs=written(x), weights=written(W)))
    if b != (W[1],):
        raise ShapeError(words.BIAS_DOES_NOT_FIT.format(bias=written(b), weights=written(W), expected=W[1]))
    return (x[0], W[1])


# ── forward: affine, add, multiply ───────────────────────────────────────────────────────────────────────────


def _affine_kernel(out: Array, x: Array, W: Array, b: Array) -> Calls:
    biases = b.reshape(out.shape) if len(out) == 1 else b  # NumPy adds arrays of one shape three times as fast
    return (partial(arrays.dot, x, W, out), partial(np.add, out, biases, out))


def _affine_element(index: Index, x: Operand, W: Operand, b: Operand) -> Expression:
    i, j = index
    return total([x[i, k] * W[k, j] for k in range(W.shape[0])]) + b[j]


def element_at(operand: Operand, index: Index) -> Expression:
    """The operand's element at `index`; a scalar operand has only one."""
    return operand[index if operand.shape else ()]


affine = Operation("affine", _affine_kernel, _affine_shape, "{0}·{1} + {2}", _affine_element)
add = Operation(
    "add",
    lambda out, a, b: (partial(np.add, a, b, out),),
    same_or_scalar,
    "{0} + {1}",
    lambda index, a, b: element_at(a, index) + element_at(b, index),
)
multiply = Operation(
    "multiply",
    lambda out, a, b: (partial(np.multiply, a, b, out),),
    same_or_scalar,
    "{0} ∘ {1}",
    lambda index, a, b: element_at(a, index) * element_at(b, index),
)

# ── forward: activations ─────────────────────────────────────────────────────────────────────────────────────


def sigmoid_kernel(out: Array, u: Array) -> Calls:
    """1 / (1 + exp(−u)); where exp(−u) overflows, that is 0."""
    return (
        partial(np.negative, u, out),
        partial(np.exp, out, out),
        partial(np.add, out, ONE, out),
        partial(np.divide, ONE, out, out),
    )


def sigmoid_element(index: Index, u: Operand) -> Expression:
    """The same, of one element."""
    return 1.0 / (1.0 + call("exp", -u[index]))


sigmoid = Operation("sigmoid", sigmoid_kernel, first, "σ({0})", sigmoid_element)
relu = Operation(
    "relu",
    lambda out, u: (partial(np.maximum, u, ZERO, out=out),),
    first,
    "max(0, {0})",
    lambda index, u: call("max", u[index], 0.0),
)
tanh = Operation(
    "tanh", lambda out, u: (partial(np.tanh, u, out),), first, "tanh({0})", lambda index, u: call("tanh", u[index])
)
identity = Operation("identity", copy, first, "{0}", lambda index, u: u[index])
step = Operation(
    "step",
    lambda out, u: (partial(np.heaviside, u, ZERO, out),),
    first,
    "[{0} > 0]",
    lambda index, u: call("step", u[index]),
)

# ── losses ───────────────────────────────────────────────────────────────────────────────────────────────────


def _mean(value: Expression, rows: int) -> Expression:
    """The value divided by N; of one row, the value itself."""
    return value if rows == 1 else value / float(rows)


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


def _count(rows: Array) -> Array:
    """N as a kernel takes it."""
    return np.asarray(float(len(rows)))


def _mean_half_squared_error_kernel(out: Array, y: Array, t: Array) -> Calls:
    return (*_half_squared_error_kernel(out, y, t), partial(np.divide, out, _count(y), out))


half_squared_error = Operation(
    "half_squared_error",
    _half_squared_error_kernel,
    same_to_scalar,
    "½ Σ ({0} − {1})²",
    lambda index, y, t: Number(0.5, "½") * _squared_terms(y, t),
)
mean_half_squared_error = Operation(
    "mean_half_squared_error",
    _mean_half_squared_error_kernel,
    same_to_scalar,
    "½ Σ ({0} − {1})² / N",
    lambda index, y, t: _mean(Number(0.5, "½") * _squared_terms(y, t), y.shape[0]),
)
difference = Operation(
    "difference",
    lambda out, y, t: (partial(np.subtract, y, t, out),),
    same,
    "{0} − {1}",
    lambda index, y, t: y[index] - t[index],
)


def _mean_difference_kernel(out: Array, y: Array, t: Array) -> Calls:
    return (partial(np.subtract, y, t, out), partial(np.divide, out, _count(y), out))


mean_difference = Operation(
    "mean_difference",
    _mean_difference_kernel,
    same,
    "({0} − {1}) / N",
    lambda index, y, t: _mean(y[index] - t[index], y.shape[0]),
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


def _row(operand: Operand, i: int) -> list[Expression]:
    return [operand[i, k] for k in range(operand.shape[1])]


def _softmax_element(index: Index, u: Operand) -> Expression:
    i, j = index
    largest = call("max", *_row(u, i))
    return call("exp", u[i, j] - largest) / total([call("exp", other - largest) for other in _row(u, i)])


softmax = Operation("softmax", _softmax_kernel, first, "softmax({0})", _softmax_element)


def _negative_mean_kernel(out: Array, terms: Array) -> Calls:
    return (
        partial(arrays.add_reduce, terms, None, None, out),
        partial(np.divide, out, -_count(terms), out),
        partial(np.add, out, ZERO, out),  # a loss of nothing is 0, not −0
    )


def _cross_entropy_from_logits_kernel(out: Array, u: Array, t: Array) -> Calls:
    shifted, powers, sums = np.empty(u.shape), np.empty(u.shape), np.empty((len(u), 1))
    return (
        *_shift(shifted, u),
        partial(np.exp, shifted, powers),
        partial(arrays.add_reduce, powers, 1, None, sums, True),
        partial(np.log, sums, sums),
        partial(np.subtract, shifted, sums, shifted),
        partial(np.multiply, t, shifted, shifted),
        *_negative_mean_kernel(out, shifted),
    )


def _cross_entropy_from_logits_element(index: Index, u: Operand, t: Operand) -> Expression:
    terms: list[Expression] = []
    for i in range(u.shape[0]):
        largest = call("max", *_row(u, i))
        log_sum = call("log", total([call("exp", other - largest) for other in _row(u, i)]))
        terms += [t[i, k] * (u[i, k] - largest - log_sum) for k in range(u.shape[1])]
    return _mean(-total(terms), u.shape[0])


cross_entropy_from_logits = Operation(
    "cross_entropy_from_logits",
    _cross_entropy_from_logits_kernel,
    same_to_scalar,
    "−Σ {1} ∘ log softmax({0}) / N",
    _cross_entropy_from_logits_element,
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
        return _mean(-total(terms), y.shape[0])

    return Operation("cross_entropy", kernel, same_to_scalar, f"−Σ {{1}} ∘ log({{0}} + {epsilon:g}) / N", element)


# ── updates ──────────────────────────────────────────────────────────────────────────────────────────────────


def _descend_kernel(out: Array, parameter: Array, gradient: Array, rate: Array) -> Calls:
    return (partial(np.multiply, rate, gradient, out), partial(np.subtract, parameter, out, out))


descend = Operation(
    "descend",
    _descend_kernel,
    lambda parameter, gradient, rate: same(parameter, gradient),
    "{0} − {2} {1}",
    lambda index, parameter, gradient, rate: parameter[index] - rate[()] * gradient[index],
)
keep = Operation("keep", copy, first, "{0}", lambda index, p: p[index])

# ── what is measured ─────────────────────────────────────────────────────────────────────────────────────────


def _classes(out: Array, y: Array) -> Calls:
    """The class of each row: the place of its largest element; of a single column, whether it is above ½."""
    if y.shape[1] == 1:
        return (partial(np.greater, y[:, 0], HALF, out),)
    return (partial(np.argmax, y, 1, out),)


def _accuracy_kernel(out: Array, y: Array, t: Array) -> Calls:
    kind = bool if y.shape[1] == 1 else np.intp
    predicted, labels, right = np.empty(len(y), kind), np.empty(len(y), kind), np.empty(len(y), bool)
    return (
        *_classes(predicted, y),
        *_classes(labels, t),
        partial(np.equal, predicted, labels, right),
        partial(arrays.add_reduce, right, 0, np.float64, out),
        partial(np.divide, out, _count(y), out),
    )


def _accuracy_element(index: Index, y: Operand, t: Operand) -> Expression:
    def kind(operand: Operand, i: int) -> Expression:
        row = _row(operand, i)
        return call("argmax", *row) if len(row) > 1 else call("above_half", row[0])

    return _mean(total([call("equal", kind(y, i), kind(t, i)) for i in range(y.shape[0])]), y.shape[0])


accuracy = Operation(
    "accuracy",
    _accuracy_kernel,
    same_to_scalar,
    "mean [argmax {0} = argmax {1}]",
    _accuracy_element,
    compares=(0, 1),
)

# ── draws ────────────────────────────────────────────────────────────────────────────────────────────────────


def _no_element(index: Index) -> Expression:
    raise LookupError("a drawn value is data: no arithmetic made it")


# The machine hands the rows over; a drawn value has no operands.
draw = Operation("draw", copy, first, words.ROWS_DRAWN, _no_element)
all_rows = Operation("all_rows", copy, first, words.ALL_ROWS, _no_element)
