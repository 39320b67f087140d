"""What makes fewer numbers of many along axes: sums, means, the largest and smallest; and softmax, which needs sums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product
from math import prod

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Operand, call, total
from gradstep.engine.program.operation import Calls, Gradient, Operation, ShapeError, first
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
    gradient: Gradient,
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
        gradients=(gradient,),
    )


def _spread_back(name: str, formula: str, axes: Axes, *, divided: bool) -> Gradient:
    """The upstream gradient in the place of every element that was added; divided: by how many they were."""

    def number(shape: Shape) -> float:
        return float(prod(shape[each] for each in axes_of(shape, axes))) if divided else 1.0

    def kernel(out: Array, d: Array, u: Array) -> Calls:
        return (partial(_spread_into, out, d, reduced(u.shape, axes, keepdims=True), np.asarray(number(u.shape))),)

    def element(index: Index, d: Operand, u: Operand) -> Expression:
        at = _kept(index, u.shape, d.shape, axes)
        return d[at] / number(u.shape) if divided else d[at]

    return Gradient(0, Operation(name, kernel, lambda d, u: u, formula, element), ("d", "0"))


def _spread_into(out: Array, d: Array, shape: Shape, count: Array) -> None:
    np.divide(d.reshape(shape), count, out)


def _kept(index: Index, of: Shape, to: Shape, axes: Axes) -> Index:
    """The place in what is left of an array, of the shape `to`, that an element of the array went into."""
    gone = axes_of(of, axes)
    if len(to) == len(of):
        return tuple(0 if axis in gone else i for axis, i in enumerate(index))
    return tuple(i for axis, i in enumerate(index) if axis not in gone)


def _extreme_gradient(name: str, axes: Axes) -> Gradient:
    """The upstream gradient where the element is the extreme one; several that are share it evenly."""

    def kernel(out: Array, d: Array, u: Array, found: Array) -> Calls:
        shape, along = reduced(u.shape, axes, keepdims=True), axes_of(u.shape, axes)
        here, ties = np.empty(u.shape, dtype=bool), np.empty(shape)

        def share() -> None:
            np.equal(u, found.reshape(shape), here)
            np.add.reduce(here, along, None, ties, keepdims=True)
            np.divide(here, ties, out)
            np.multiply(d.reshape(shape), out, out)

        return (share,)

    def element(index: Index, d: Operand, u: Operand, found: Operand) -> Expression:
        at = _kept(index, u.shape, d.shape, axes)
        here = call("equal", u[index], found[at])
        ranges = [range(n) if axis in axes_of(u.shape, axes) else (index[axis],) for axis, n in enumerate(u.shape)]
        return d[at] * (here / total([call("equal", u[each], found[at]) for each in product(*ranges)]))

    return Gradient(
        0,
        Operation(name, kernel, lambda d, u, found: u, "{0} ∘ [{1} = {2}]", element, compares=(1, 2)),
        ("d", "0", "out"),
    )


def sum_of(axis: Axes = None, keepdims: bool = False) -> Operation:
    """The sum along axes."""
    gradient = _spread_back("sum_gradient", "{0} ∘ 1", axis, divided=False)
    return _reduction("sum", _added(axis, keepdims), total, axis, gradient, keepdims=keepdims)


def mean_of(axis: Axes = None, keepdims: bool = False) -> Operation:
    """The sum along axes, divided by how many there are."""

    def kernel(out: Array, u: Array) -> Calls:
        count = np.asarray(float(prod(u.shape[each] for each in axes_of(u.shape, axis))))
        return (*_added(axis, keepdims)(out, u), partial(np.divide, out, count, out))

    gradient = _spread_back("mean_gradient", "{0} / n", axis, divided=True)
    return _reduction("mean", kernel, lambda terms: total(terms) / float(len(terms)), axis, gradient, keepdims=keepdims)


def max_of(axis: Axes = None, keepdims: bool = False) -> Operation:
    """The largest along axes."""
    kernel = _extreme(np.maximum, axis, keepdims)
    gradient = _extreme_gradient("max_gradient", axis)
    made = _reduction("max", kernel, lambda terms: call("max", *terms), axis, gradient, keepdims=keepdims)
    return replace(made, held=partial(_held_extreme, axis), kink=partial(to_the_next, axis, sign=1.0))


def min_of(axis: Axes = None, keepdims: bool = False) -> Operation:
    """The smallest along axes."""
    kernel = _extreme(np.minimum, axis, keepdims)
    gradient = _extreme_gradient("min_gradient", axis)
    made = _reduction("min", kernel, lambda terms: call("min", *terms), axis, gradient, keepdims=keepdims)
    return replace(made, held=partial(_held_extreme, axis), kink=partial(to_the_next, axis, sign=-1.0))


def _held_extreme(axes: Axes, out: Array, u: Array) -> Calls:
    """What the extreme elements have become, of several their mean."""
    along = axes_of(u.shape, axes)
    extreme = u == out.reshape(reduced(u.shape, axes, keepdims=True))
    number = np.add.reduce(extreme, along, dtype=np.float64).reshape(out.shape)

    def follow() -> None:
        np.divide(np.where(extreme, u, 0.0).sum(axis=along).reshape(out.shape), number, out)

    return (follow,)


def to_the_next(axes: Axes, u: Array, *, sign: float) -> Array:
    """How far each element is above the largest of the others along the axes; 1 where there are none.

    sign: of what is compared: with −1 it is how far below the smallest.
    """
    along = axes_of(u.shape, axes)
    rest = tuple(axis for axis in range(u.ndim) if axis not in along)
    turned = u.transpose(*rest, *along)
    rows = sign * turned.reshape((*turned.shape[: len(rest)], -1))
    if rows.shape[-1] == 1:
        return np.ones(u.shape)
    second, largest = np.moveaxis(np.partition(rows, -2)[..., -2:, None], -2, 0)
    apart = np.where(rows == largest, largest - second, rows - largest)
    found: Array = apart.reshape(turned.shape).transpose(np.argsort((*rest, *along)))
    return found


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
    gradient = Gradient(0, _softmax_gradient(axis), ("d", "out"))
    return Operation(
        "softmax_along", kernel, shape, formula, element, (gradient,), sign="softmax", distribution=axis == -1
    )


def _softmax_gradient(axis: int) -> Operation:
    """Σ_k d_k ∂y_k/∂u_i with the Jacobian ∂y_k/∂u_i = y_k ([i = k] − y_i), as y ∘ (d − Σ d ∘ y)."""

    def kernel(out: Array, d: Array, y: Array) -> Calls:
        (along,) = axes_of(y.shape, axis)
        sums = np.empty(reduced(y.shape, along, keepdims=True))
        return (
            partial(np.multiply, d, y, out),
            partial(arrays.add_reduce, out, along, None, sums, True),
            partial(np.subtract, d, sums, out),
            partial(np.multiply, out, y, out),
        )

    def element(index: Index, d: Operand, y: Operand) -> Expression:
        terms: list[Expression] = []
        for at in _along(index, y.shape, axis):
            terms.append(d[at] * (y[at] * (1.0 - y[index]) if at == index else -(y[at] * y[index])))
        return total(terms)

    def by_hand(index: Index, d: Operand, y: Operand) -> Expression:
        return y[index] * (d[index] - total([d[at] * y[at] for at in _along(index, y.shape, axis)]))

    formula = "{1} ∘ ({0} − Σ {0} ∘ {1})"
    return Operation("softmax_gradient", kernel, first, formula, element, adds=True, by_hand=by_hand)


def _along(index: Index, shape: Shape, axis: int) -> Iterator[Index]:
    """The places of all elements along an axis, an element's own among them."""
    at = axis % len(shape)
    return ((*index[:at], k, *index[at + 1 :]) for k in range(shape[at]))


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
    gradient = Gradient(0, _log_softmax_gradient(axis), ("d", "out"))
    return Operation("log_softmax", kernel, shape, formula, element, (gradient,))


def _log_softmax_gradient(axis: int) -> Operation:
    """Σ_k d_k ([i = k] − y_i) with y = exp(log softmax), as d − y ∘ Σ d."""

    def kernel(out: Array, d: Array, v: Array) -> Calls:
        (along,) = axes_of(v.shape, axis)
        sums = np.empty(reduced(v.shape, along, keepdims=True))
        return (
            partial(np.exp, v, out),
            partial(arrays.add_reduce, d, along, None, sums, True),
            partial(np.multiply, out, sums, out),
            partial(np.subtract, d, out, out),
        )

    def element(index: Index, d: Operand, v: Operand) -> Expression:
        y = call("exp", v[index])
        return total([d[at] * (1.0 - y if at == index else -y) for at in _along(index, v.shape, axis)])

    def by_hand(index: Index, d: Operand, v: Operand) -> Expression:
        return d[index] - call("exp", v[index]) * total([d[at] for at in _along(index, v.shape, axis)])

    formula = "{0} − exp({1}) ∘ Σ {0}"
    return Operation("log_softmax_gradient", kernel, first, formula, element, adds=True, by_hand=by_hand)
