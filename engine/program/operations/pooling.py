"""Pooling: of each window over an image, in each channel by itself, the largest pixel or their mean."""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Number, Operand, call, total
from gradstep.engine.program.operation import Calls, Gradient, Operation, ShapeError
from gradstep.engine.program.operations.reducing import to_the_next
from gradstep.engine.program.operations.windows import Windows
from gradstep.engine.words import formulas as words

AXES = 4  # images × channels × rows × columns


def _shape(name: str, windows: Windows, x: Shape) -> Shape:
    if len(x) != AXES:
        raise ShapeError(words.POOLING_AXES.format(function=name, images=written(x)))
    return (*x[:2], *windows.over(x))


def _seen(windows: Windows, x: Array) -> list[Array]:
    """Views: what all windows see at each place within them."""
    return [windows.seen_at(x, offset) for offset in windows.offsets]


def _pixels(windows: Windows, index: Index, x: Operand) -> list[Expression]:
    """What one window sees."""
    return [x[(*index[:2], *pixel)] for pixel, _ in windows.pixels(x.shape, (index[2], index[3]))]


def _gathered(windows: Windows, function: np.ufunc, out: Array, x: Array) -> Calls:
    """`function` over what each window sees, one place within it after another."""
    begin, *others = _seen(windows, x)
    return (partial(np.copyto, out, begin), *(partial(function, out, seen, out=out) for seen in others))


def _operation(name: str, windows: Windows) -> str:
    stride = "" if windows.stride == windows.size[0] else f", stride={windows.stride}"
    return f"{name}({{0}}, {windows.size[0]}{stride})"


def max_pooling(size: int = 2, stride: int | None = None) -> Operation:
    """The largest pixel of each window of size × size. stride: the size, if not given."""
    windows = Windows((size, size), stride or size)
    return Operation(
        "max_pool",
        partial(_gathered, windows, np.maximum),
        partial(_shape, "max_pool", windows),
        _operation("max_pool", windows),
        lambda index, x: call("max", *_pixels(windows, index, x)),
        (Gradient(0, _max_gradient(windows), ("d", "0", "out")),),
        held=partial(_held, windows),
        kink=partial(_kink, windows),
    )


def _max_gradient(windows: Windows) -> Operation:
    """The upstream gradient where the pixel is the largest of the window; several that are share it evenly."""

    def kernel(out: Array, d: Array, x: Array, found: Array) -> Calls:
        ties, share = np.empty(found.shape), np.empty(found.shape)
        here = [np.empty(found.shape, dtype=bool) for _ in windows.offsets]
        calls = [partial(ties.fill, 0.0), partial(out.fill, 0.0)]
        for seen, mask in zip(_seen(windows, x), here, strict=True):
            calls += [partial(np.equal, seen, found, mask), partial(np.add, ties, mask, ties)]
        for place, mask in zip(_seen(windows, out), here, strict=True):
            calls += [partial(np.divide, mask, ties, share), partial(np.multiply, d, share, share)]
            calls += [partial(np.add, place, share, place)]
        return tuple(calls)

    def element(index: Index, d: Operand, x: Operand, found: Operand) -> Expression:
        terms = []
        for window, _ in windows.seeing(x.shape, (index[2], index[3])):
            at = (*index[:2], *window)
            equal = [call("equal", pixel, found[at]) for pixel in _pixels(windows, at, x)]
            terms.append(d[at] * (call("equal", x[index], found[at]) / total(equal)))
        return total(terms) if terms else Number(0.0)

    formula = "Σ {0} ∘ [{1} = {2}]"
    return Operation("max_pool_gradient", kernel, lambda d, x, found: x, formula, element, compares=(1, 2), adds=True)


def _held(windows: Windows, out: Array, x: Array) -> Calls:
    """What the largest pixels have become, of several their mean."""
    here = [seen == out for seen in _seen(windows, x)]
    number = np.add.reduce(here, axis=0, dtype=np.float64)

    def follow() -> None:
        chosen = [np.where(mask, seen, 0.0) for seen, mask in zip(_seen(windows, x), here, strict=True)]
        np.divide(np.add.reduce(chosen), number, out)

    return (follow,)


def _kink(windows: Windows, x: Array) -> Array:
    """How far each pixel is above the largest of the others of its window (1 where there are none): of several windows
    that see it, the one where that is least.
    """
    apart = to_the_next(0, np.array(_seen(windows, x)), sign=1.0)
    nearest = np.full(x.shape, np.inf)
    for place, found in zip(_seen(windows, nearest), apart, strict=True):
        np.copyto(place, found, where=np.abs(found) < np.abs(place))
    return np.where(np.isinf(nearest), 1.0, nearest)


def average_pooling(size: int = 2, stride: int | None = None) -> Operation:
    """The mean of the pixels of each window of size × size. stride: the size, if not given."""
    windows = Windows((size, size), stride or size)
    count = np.asarray(float(size * size))
    return Operation(
        "average_pool",
        lambda out, x: (*_gathered(windows, np.add, out, x), partial(np.divide, out, count, out)),
        partial(_shape, "average_pool", windows),
        _operation("average_pool", windows),
        lambda index, x: total(_pixels(windows, index, x)) / float(count),
        (Gradient(0, _average_gradient(windows), ("d", "0")),),
        adds=True,
    )


def _average_gradient(windows: Windows) -> Operation:
    """To each pixel of a window an even share of the upstream gradient."""
    number = windows.size[0] * windows.size[1]
    count = np.asarray(float(number))

    def kernel(out: Array, d: Array, x: Array) -> Calls:
        share = np.empty(d.shape)
        places = _seen(windows, out)
        return (
            partial(np.divide, d, count, share),
            partial(out.fill, 0.0),
            *(partial(np.add, place, share, place) for place in places),
        )

    def element(index: Index, d: Operand, x: Operand) -> Expression:
        seeing = windows.seeing(x.shape, (index[2], index[3]))
        terms: list[Expression] = [d[(*index[:2], *window)] / float(number) for window, _ in seeing]
        return total(terms) if terms else Number(0.0)

    formula = f"Σ {{0}} / {number}"
    return Operation("average_pool_gradient", kernel, lambda d, x: x, formula, element, adds=True)
