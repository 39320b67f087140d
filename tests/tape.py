"""Reverse-mode differentiation of lines of NumPy, by a tape: what gradients of formulas are compared with.

It shares nothing with the engine: the lines are executed by Python itself, over `Value`s that write down how each was
made; `gradients` then goes back over them. At a kink it takes what the engine says that it takes: 0 for relu, abs and
comparisons, an even share for those that are equally large.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial, partialmethod
from typing import Any

import numpy as np

from tests import images

Array = np.ndarray[Any, np.dtype[np.float64]]
Back = Callable[[Array], Array]  # the gradient of a result → that of what it was made of


class Value:
    """An array, and what it was made of: each part with the way back to it."""

    __array_ufunc__ = None  # NumPy leaves its operators to this class

    def __init__(self, array: Any, *made_of: tuple[Value, Back]) -> None:
        self.array: Array = np.asarray(array, dtype=np.float64)
        self.made_of = made_of

    def __neg__(self) -> Value:
        return Value(-self.array, (self, np.negative))

    def __getitem__(self, key: Any) -> Value:
        def back(d: Array) -> Array:
            whole = np.zeros(self.array.shape)
            whole[key] += d
            return whole

        return Value(self.array[key], (self, back))

    @property
    def T(self) -> Value:  # noqa: N802 - NumPy's name
        return transpose(self)


def value(of: Any) -> Value:
    return of if isinstance(of, Value) else Value(of)


def gradients(of: Value, wanted: Sequence[Value]) -> list[Array]:
    """The gradient of the sum of a value's elements with respect to each value that is wanted."""
    order: list[Value] = []
    seen: set[int] = set()

    def visit(node: Value) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            for part, _ in node.made_of:
                visit(part)
            order.append(node)

    visit(of)
    found = {id(of): np.ones(of.array.shape)}
    for node in reversed(order):
        for part, back in node.made_of:
            found[id(part)] = found.get(id(part), 0.0) + back(found[id(node)])
    return [found.get(id(each), np.zeros(each.array.shape)) for each in wanted]


def _unspread(d: Array, shape: tuple[int, ...]) -> Array:
    """The sum over the places that an array of this shape was spread to."""
    while d.ndim > len(shape):
        d = d.sum(axis=0)
    for axis, size in enumerate(shape):
        if size == 1 and d.shape[axis] != 1:
            d = d.sum(axis=axis, keepdims=True)
    return d


def _spreading(function: Any, *slopes: Callable[..., Any]) -> Callable[..., Value]:
    """A function of operands that are spread over one another. slopes: its derivative by each of them."""

    def applied(*given: Any) -> Value:
        operands = [value(each) for each in given]
        arrays = [each.array for each in operands]
        backs = [
            (part, lambda d, slope=slope, part=part: _unspread(d * slope(*arrays), part.array.shape))
            for part, slope in zip(operands, slopes, strict=True)
        ]
        return Value(function(*arrays), *backs)

    return applied


def _compared(one: Any, function: Any, other: Any) -> Value:
    return Value(function(value(one).array, value(other).array))


add = _spreading(np.add, lambda a, b: 1.0, lambda a, b: 1.0)
subtract = _spreading(np.subtract, lambda a, b: 1.0, lambda a, b: -1.0)
multiply = _spreading(np.multiply, lambda a, b: b, lambda a, b: a)
divide = _spreading(np.divide, lambda a, b: 1.0 / b, lambda a, b: -a / b**2)
power = _spreading(np.power, lambda a, b: b * a ** (b - 1.0), lambda a, b: np.log(np.where(a > 0, a, 1.0)) * a**b)
maximum = _spreading(np.maximum, lambda a, b: (np.sign(a - b) + 1) / 2, lambda a, b: (np.sign(b - a) + 1) / 2)
minimum = _spreading(np.minimum, lambda a, b: (np.sign(b - a) + 1) / 2, lambda a, b: (np.sign(a - b) + 1) / 2)


def where(chosen: Any, one: Any, other: Any) -> Value:
    holds = value(chosen).array != 0
    chosen_one = _spreading(lambda a, b: np.where(holds, a, b), lambda a, b: holds * 1.0, lambda a, b: 1.0 - holds)
    return chosen_one(one, other)


def softmax(of: Any, axis: int = -1) -> Value:
    shifted = exp(value(of) - value(of).array.max(axis=axis, keepdims=True))
    return shifted / reduced(shifted, axis, keepdims=True)


def matmul(left: Any, right: Any) -> Value:
    """By NumPy's sums over the indices that @ goes through."""
    one, other = value(left), value(right)
    a, b = one.array, other.array
    full_a, full_b = (a[None] if a.ndim == 1 else a), (b[:, None] if b.ndim == 1 else b)

    def full(d: Array) -> Array:
        d = d[..., None] if b.ndim == 1 else d
        return np.expand_dims(d, -2) if a.ndim == 1 else d

    def to_left(d: Array) -> Array:
        return _unspread(np.einsum("...ik,...jk->...ij", full(d), full_b), full_a.shape).reshape(a.shape)

    def to_right(d: Array) -> Array:
        return _unspread(np.einsum("...ij,...ik->...jk", full_a, full(d)), full_b.shape).reshape(b.shape)

    return Value(a @ b, (one, to_left), (other, to_right))


def reduced(of: Any, axis: Any = None, keepdims: bool = False) -> Value:
    node = value(of)

    def back(d: Array) -> Array:
        return np.broadcast_to(_kept(d, node.array, axis), node.array.shape)

    return Value(node.array.sum(axis=axis, keepdims=keepdims), (node, back))


def mean(of: Any, axis: Any = None, keepdims: bool = False) -> Value:
    total = reduced(of, axis, keepdims)
    return total * (total.array.size / value(of).array.size)


def _extreme(function: Any) -> Callable[..., Value]:
    def applied(of: Any, axis: Any = None, keepdims: bool = False) -> Value:
        node = value(of)
        here = node.array == function(node.array, axis=axis, keepdims=True)
        shares = here / here.sum(axis=axis, keepdims=True)
        found = function(node.array, axis=axis, keepdims=keepdims)
        return Value(found, (node, lambda d: shares * _kept(d, node.array, axis)))

    return applied


def _kept(d: Array, of: Array, axis: Any) -> Array:
    """The gradient with the axes that are gone as axes of size 1."""
    return d.reshape(of.sum(axis=axis, keepdims=True).shape)


def transpose(of: Any, axes: Any = None) -> Value:
    node = value(of)
    back = None if axes is None else np.argsort([axis % node.array.ndim for axis in axes])
    return Value(np.transpose(node.array, axes), (node, lambda d: np.transpose(d, back)))


def reshape(of: Any, shape: Any) -> Value:
    node = value(of)
    return Value(node.array.reshape(shape), (node, lambda d: d.reshape(node.array.shape)))


def flatten(of: Any) -> Value:
    node = value(of)
    return reshape(node, (len(node.array), -1))


def ravel(of: Any) -> Value:
    return reshape(of, (-1,))


def concatenate(parts: Sequence[Any], axis: int = 0) -> Value:
    nodes = [value(each) for each in parts]
    sizes = [each.array.shape[axis] for each in nodes]
    places = [slice(sum(sizes[:k]), sum(sizes[: k + 1])) for k in range(len(nodes))]
    backs = [
        (node, lambda d, place=place: np.moveaxis(np.moveaxis(d, axis, 0)[place], 0, axis))
        for node, place in zip(nodes, places, strict=True)
    ]
    return Value(np.concatenate([each.array for each in nodes], axis=axis), *backs)


def stack(parts: Sequence[Any], axis: int = 0) -> Value:
    nodes = [value(each) for each in parts]
    backs = [(node, lambda d, k=k: np.moveaxis(d, axis, 0)[k]) for k, node in enumerate(nodes)]
    return Value(np.stack([each.array for each in nodes], axis=axis), *backs)


def conv2d(x: Any, K: Any, b: Any = None, stride: int = 1, padding: int = 0) -> Value:
    one, kernels = value(x), value(K)
    found = images.conv2d(one.array, kernels.array, None, stride, padding)

    def back(d: Array, place: int) -> Array:
        return images.conv2d_back(d, one.array, kernels.array, stride, padding)[place]

    product = Value(found, (one, lambda d: back(d, 0)), (kernels, lambda d: back(d, 1)))
    return product if b is None else add(product, reshape(b, (1, -1, 1, 1)))


def _pool(x: Any, size: int = 2, stride: int | None = None, *, mean: bool) -> Value:
    node = value(x)
    found = images.pool(node.array, size, stride, mean)
    return Value(found, (node, lambda d: images.pool_back(d, node.array, size, stride, mean)))


def _operators() -> None:
    """The signs between values, and between a value and a number on either side."""
    for sign, function in {"add": add, "sub": subtract, "mul": multiply, "truediv": divide, "pow": power}.items():
        setattr(Value, f"__{sign}__", function)
        setattr(Value, f"__r{sign}__", lambda right, left, function=function: function(left, right))
    for sign, ufunc in {"lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal}.items():
        setattr(Value, f"__{sign}__", partialmethod(_compared, ufunc))
    Value.__eq__ = partialmethod(_compared, np.equal)  # type: ignore[assignment]
    Value.__ne__ = partialmethod(_compared, np.not_equal)  # type: ignore[assignment]
    Value.__matmul__ = matmul  # type: ignore[attr-defined]


_operators()
_erf = np.vectorize(math.erf, otypes=[float])
exp = _spreading(np.exp, np.exp)
log = _spreading(np.log, lambda a: 1.0 / a)
FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "exp": exp,
    "log": log,
    "sqrt": _spreading(np.sqrt, lambda a: 0.5 / np.sqrt(a)),
    "square": _spreading(np.square, lambda a: 2.0 * a),
    "abs": _spreading(np.abs, np.sign),
    "sin": _spreading(np.sin, np.cos),
    "cos": _spreading(np.cos, lambda a: -np.sin(a)),
    "tanh": _spreading(np.tanh, lambda a: 1.0 / np.cosh(a) ** 2),
    "sigmoid": _spreading(lambda a: 1.0 / (1.0 + np.exp(-a)), lambda a: 0.25 / np.cosh(a / 2) ** 2),
    "relu": _spreading(lambda a: a * (a > 0), lambda a: 1.0 * (a > 0)),
    "softplus": _spreading(lambda a: np.logaddexp(0.0, a), lambda a: 0.5 * (1.0 + np.tanh(a / 2))),
    "silu": lambda of: value(of) * FUNCTIONS["sigmoid"](of),
    "softsign": lambda of: value(of) / (1.0 + FUNCTIONS["abs"](of)),
    "erf": _spreading(_erf, lambda a: 2.0 / np.sqrt(np.pi) * np.exp(-(a**2))),
    "gelu": lambda of: value(of) * 0.5 * (1.0 + FUNCTIONS["erf"](value(of) / np.sqrt(2.0))),
    "gelu_tanh": lambda of: (
        0.5 * value(of) * (1.0 + FUNCTIONS["tanh"](np.sqrt(2.0 / np.pi) * (value(of) + 0.044715 * value(of) ** 3)))
    ),
    "leaky_relu": lambda of, slope=0.01: where(value(of) > 0, of, slope * value(of)),
    "elu": lambda of, alpha=1.0: where(value(of) > 0, of, alpha * (exp(minimum(of, 0.0)) - 1.0)),
    "softmax": softmax,
    "log_softmax": lambda of, axis=-1: log(softmax(of, axis)),
    "maximum": maximum,
    "minimum": minimum,
    "where": where,
    "sum": reduced,
    "mean": mean,
    "max": _extreme(np.max),
    "min": _extreme(np.min),
    "dot": matmul,
    "transpose": transpose,
    "reshape": reshape,
    "flatten": flatten,
    "ravel": ravel,
    "concatenate": concatenate,
    "stack": stack,
    "conv2d": conv2d,
    "max_pool": partial(_pool, mean=False),
    "average_pool": partial(_pool, mean=True),
}


def run(lines: Sequence[str], given: Mapping[str, Any]) -> dict[str, Value]:
    """Every value of the lines, as Python executes them."""
    values: dict[str, Any] = {name: value(each) for name, each in given.items()}
    for line in lines:
        exec(line, dict(FUNCTIONS), values)
    return values
