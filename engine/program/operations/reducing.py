"""What makes fewer numbers of many along axes: sums, means, the largest and smallest; and softmax, which needs sums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from math import prod

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Operand, call, total
from gradstep.engine.program.operation import Calls, Operation, ShapeError, first
from gradstep.engine.words import formulas as words

Axes = int | tuple[int, ...] | None  # None: all


def axes_of(shape: Shape, axes: Axes) -> tuple[int, ...]:
    """The axes, counted from 0, in order. Raises ShapeError where there is none of that number, or one comes twice."""
    given = tuple(range(len(shape))) if axes is None else (axes,) if isinstance(axes, int) else axes
    found: list[int] = []
    for axis in given:
        if not -len(shape) <= axis < len(shape):
            raise ShapeError(words.NO_AXIS.format(axis=axis, shape=written(shape)))
        if axis % len(shape) in found:
            raise ShapeError(words.SAME_AXIS.format(axis=axis))
        found.append(axis % len(shape))
    return tuple(sorted(found))


def reduced(shape: Shape, axes: Axes, *, keepdims: bool) -> Shape:
    """The shape of what is left."""
    gone = axes_of(shape, axes)
    sizes = (1 if axis in gone else size for axis, size in enumerate(shape) if keepdims or axis not in gone)
    return tuple(sizes)


def _among(operand: Operand, index: Index, axes: Axes, *, keepdims: bool) -> Iterator[Expression]:
    """The elements that one element of the result is made of, in the order of the array."""
    gone = axes_of(operand.shape, axes)
    kept = iter(index if not keepdims else [i for axis, i in enumerate(index) if axis not in gone])
    ranges = [range(size) if axis in gone else (next(kept),) for axis, size in enumerate(operand.shape)]
    return (operand[at] for at in product(*ranges))


def _written(name: str, axes: Axes, *, keepdims: bool) -> str:
    """The formula, with the settings that are not the usual ones."""
    settings = ("" if axes is None else f", axis={axes}") + (", keepdims=True" if keepdims else "")
    return f"{name}({{0}}{settings})"


def _reduction(
    name: str,
    kernel: Callable[..., Calls],
    element: Callable[[list[Expression]], Expression],
    axes: Axes,
    *,
    keepdims: bool,
) -> Operation:
    return Operation(
        name,
        kernel,
        partial(reduced, axes=axes, keepdims=keepdims),
        _written(name, axes, keepdims=keepdims),
        lambda index, u: element([*_among(u, index, axes, keepdims=keepdims)]),
        adds=name in ("sum", "mean"),
    )


def sum_of(axis: Axes = None, keepdims: bool = False) -> Operation:
    """The sum along axes."""
    return _reduction("sum", _added(axis, keepdims), total, axis, keepdims=keepdims)


def mean_of(axis: Axes = None, keepdims: bool = False) -> Operation:
    """The sum along axes, divided by how many there are."""

    def kernel(out: Array, u: Array) -> Calls:
        count = np.asarray(float(prod(u.shape[each] for each in axes_of(u.shape, axis))))
        return (*_added(axis, keepdims)(out, u), partial(np.divide, out, count, out))

    return _reduction("mean", kernel, lambda terms: total(terms) / float(len(terms)), axis, keepdims=keepdims)


def max_of(axis: Axes = None, keepdims: bool = False) -> Operation:
    """The largest along axes."""
    kernel = _extreme(np.maximum, axis, keepdims)
    return _reduction("max", kernel, lambda terms: call("max", *terms), axis, keepdims=keepdims)


def min_of(axis: Axes = None, keepdims: bool = False) -> Operation:
    """The smallest along axes."""
    kernel = _extreme(np.minimum, axis, keepdims)
    return _reduction("min", kernel, lambda terms: call("min", *terms), axis, keepdims=keepdims)


def _added(axis: Axes, keepdims: bool) -> Callable[..., Calls]:
    return lambda out, u: (partial(arrays.add_reduce, u, axis, None, out, keepdims),)


def _extreme(ufunc: np.ufunc, axis: Axes, keepdims: bool) -> Callable[..., Calls]:
    return lambda out, u: (partial(ufunc.reduce, u, axis=axis, out=out, keepdims=keepdims),)


def _shifted(index: Index, u: Operand, axis: int) -> tuple[Expression, Expression]:
    """exp of an element and the sum of all of them along the axis, each less the largest of them."""
    along = [u[(*index[:axis], k, *index[axis + 1 :])] for k in range(u.shape[axis])]
    largest = call("max", *along)
    powers = [call("exp", each - largest) for each in along]
    return powers[index[axis]], total(powers)


def softmax_of(axis: int = -1) -> Operation:
    """exp(u) over the sum of exp(u) along an axis; the largest is taken off first, which changes no value."""

    def kernel(out: Array, u: Array) -> Calls:
        (along,) = axes_of(u.shape, axis)
        largest = np.empty(reduced(u.shape, along, keepdims=True))
        return (
            partial(np.maximum.reduce, u, along, None, largest, True),
            partial(np.subtract, u, largest, out),
            partial(np.exp, out, out),
            partial(arrays.add_reduce, out, along, None, largest, True),
            partial(np.divide, out, largest, out),
        )

    def shape(u: Shape) -> Shape:
        axes_of(u, axis)
        return first(u)

    def element(index: Index, u: Operand) -> Expression:
        one, all_of_them = _shifted(index, u, axis % len(u.shape))
        return one / all_of_them

    formula = "softmax({0})" if axis == -1 else f"softmax({{0}}, axis={axis})"
    return Operation("softmax_along", kernel, shape, formula, element, distribution=axis == -1)


def log_softmax_of(axis: int = -1) -> Operation:
    """log softmax(u), as u less its largest less the logarithm of the sum, which does not lose small ones."""

    def kernel(out: Array, u: Array) -> Calls:
        (along,) = axes_of(u.shape, axis)
        largest, powers = np.empty(reduced(u.shape, along, keepdims=True)), np.empty(u.shape)
        return (
            partial(np.maximum.reduce, u, along, None, largest, True),
            partial(np.subtract, u, largest, out),
            partial(np.exp, out, powers),
            partial(arrays.add_reduce, powers, along, None, largest, True),
            partial(np.log, largest, largest),
            partial(np.subtract, out, largest, out),
        )

    def shape(u: Shape) -> Shape:
        axes_of(u, axis)
        return first(u)

    def element(index: Index, u: Operand) -> Expression:
        along = axis % len(u.shape)
        largest = call("max", *(u[(*index[:along], k, *index[along + 1 :])] for k in range(u.shape[along])))
        _, all_of_them = _shifted(index, u, along)
        return u[index] - largest - call("log", all_of_them)

    formula = "log_softmax({0})" if axis == -1 else f"log_softmax({{0}}, axis={axis})"
    return Operation("log_softmax", kernel, shape, formula, element)
