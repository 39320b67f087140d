"""The same numbers in other places: transposed, reshaped, some of them, or several arrays beside one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod

import numpy as np

from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Number, Operand
from gradstep.engine.program.operation import Calls, Gradient, Operation, ShapeError
from gradstep.engine.program.operations.reducing import axes_of
from gradstep.engine.program.operations.spreading import bounded
from gradstep.engine.words import formulas as words
from gradstep.engine.words import phrases

Key = int | tuple[int | None, int | None, int | None]


def _copied(out: Array, u: Array, view: Callable[[Array], Array]) -> None:
    """Looked at anew each time: of an array whose numbers do not follow one another, some views are copies."""
    np.copyto(out, view(u))


def _seen(
    name: str, view: Callable[[Array], Array], shape: Callable[[Shape], Shape], formula: str, gradient: Gradient
) -> Operation:
    """An operation whose elements are its operand's: which, a view of their places says."""

    def element(index: Index, u: Operand) -> Expression:
        place = int(view(np.arange(prod(u.shape), dtype=np.float64).reshape(u.shape))[index])
        return u[tuple(int(i) for i in np.unravel_index(place, u.shape))]

    return Operation(
        name, lambda out, u: (partial(_copied, out, u, view),), shape, formula, element, (gradient,), view=view
    )


def _put_back(name: str, view: Callable[[Array], Array], formula: str) -> Gradient:
    """The upstream gradient in the places that were seen, 0 in the others."""

    def put(out: Array, d: Array) -> None:
        out.fill(0.0)
        np.copyto(view(out), d)

    def element(index: Index, d: Operand, u: Operand) -> Expression:
        number = int(np.ravel_multi_index(index, u.shape)) if u.shape else 0
        found = np.argwhere(view(np.arange(prod(u.shape), dtype=np.float64).reshape(u.shape)) == number)
        return d[tuple(map(int, found[0]))] if len(found) else Number(0.0)

    return Gradient(
        0, Operation(name, lambda out, d, u: (partial(put, out, d),), lambda d, u: u, formula, element), ("d", "0")
    )


_reshaped_back = Operation(
    "reshaped_back",
    lambda out, d, u: (partial(lambda out, d: np.copyto(out, d.reshape(out.shape)), out, d),),
    lambda d, u: u,
    "reshape({0})",
    lambda index, d, u: d[
        tuple(map(int, np.unravel_index(int(np.ravel_multi_index(index, u.shape)) if u.shape else 0, d.shape)))
    ],
)


def transposed(axes: Sequence[int] | None = None) -> Operation:
    """The axes in another order; turned round if none is given."""

    def shape(u: Shape) -> Shape:
        order = range(len(u))[::-1] if axes is None else axes
        if sorted(axis % len(u) if u else axis for axis in order) != list(range(len(u))):
            raise ShapeError(words.NO_PERMUTATION.format(shape=written(u)))
        return tuple(u[axis] for axis in order)

    formula = "{0}ᵀ" if axes is None else f"transpose({{0}}, {tuple(axes)})"
    back = None if axes is None else tuple(int(i) for i in np.argsort([axis % len(axes) for axis in axes]))
    turned = Gradient(0, _turned_back(back), ("d",))
    return _seen("transposed", lambda u: np.transpose(u, axes), shape, formula, turned)


def _turned_back(axes: tuple[int, ...] | None) -> Operation:
    formula = "{0}ᵀ" if axes is None else f"transpose({{0}}, {axes})"

    def shape(d: Shape) -> Shape:
        return d[::-1] if axes is None else tuple(d[axis] for axis in axes)

    def element(index: Index, d: Operand) -> Expression:
        return d[index[::-1] if axes is None else tuple(index[axes.index(axis)] for axis in range(len(axes)))]

    return Operation(
        "transposed_back", lambda out, d: (partial(np.copyto, out, np.transpose(d, axes)),), shape, formula, element
    )


def reshaped(sizes: Sequence[int]) -> Operation:
    """Other sizes, in the order of the elements; one may be −1, for what is left."""

    def shape(u: Shape) -> Shape:
        numbers, known = prod(u), prod(size for size in sizes if size != -1)
        open_ones = list(sizes).count(-1)
        fits = known == numbers if not open_ones else open_ones == 1 and known > 0 and numbers % known == 0
        if not fits or any(size < -1 for size in sizes):
            raise ShapeError(words.NO_RESHAPE.format(shape=written(u), wanted=written(tuple(sizes))))
        return bounded(tuple(numbers // known if size == -1 else size for size in sizes))

    gradient = Gradient(0, _reshaped_back, ("d", "0"))
    return _seen("reshaped", lambda u: u.reshape(tuple(sizes)), shape, f"reshape({{0}}, {tuple(sizes)})", gradient)


def flattened() -> Operation:
    """All in one row of numbers for each sample: the first axis stays."""

    def shape(u: Shape) -> Shape:
        return (u[0], prod(u[1:])) if u else (1, 1)

    gradient = Gradient(0, _reshaped_back, ("d", "0"))
    return _seen("flattened", lambda u: u.reshape(shape(u.shape)), shape, "flatten({0})", gradient)


def indexed(keys: Sequence[Key]) -> Operation:
    """Some of the elements, by indices and slices."""
    where = tuple(key if isinstance(key, int) else slice(*key) for key in keys)

    def shape(u: Shape) -> Shape:
        if len(keys) > len(u):
            raise ShapeError(words.TOO_MANY_INDICES.format(shape=written(u)))
        for key, size in zip(keys, u, strict=False):
            if isinstance(key, int) and not -size <= key < size:
                raise ShapeError(words.OUT_OF_RANGE.format(index=key, shape=written(u)))
        found = np.broadcast_to(np.float64(0), u)[where].shape
        if 0 in found:
            raise ShapeError(words.NOTHING_LEFT.format(shape=written(u)))
        return found

    def view(u: Array) -> Array:
        return u[(*where, ...)]

    at = f"[{', '.join(map(_key, keys))}]"
    return _seen("indexed", view, shape, f"{{0}}{at}", _put_back("indexed_back", view, f"{{0}} → {at}"))


def _key(key: Key) -> str:
    if isinstance(key, int):
        return str(key)
    start, stop, step = ("" if part is None else str(part) for part in key)
    return f"{start}:{stop}" + (f":{step}" if step else "")


def joined(axis: int = 0, *, operands: int = 1, fresh: bool = False) -> Operation:
    """Arrays one behind the other along an axis; fresh: along a new axis, each of them one place of it.

    operands: how many they are.
    """

    def shape(*shapes: Shape) -> Shape:
        dimensions = len(shapes[0]) + fresh
        along = axes_of((1,) * dimensions, axis)[0]
        rest = {(each if fresh else (*each[:along], *each[along + 1 :])) for each in shapes}
        if len(rest) > 1 or any(len(each) != len(shapes[0]) for each in shapes):
            listed = phrases.AND.join(map(written, shapes))
            raise ShapeError(words.SIZES_DIFFER.format(shapes=listed, axis=axis))
        size = len(shapes) if fresh else sum(each[along] for each in shapes)
        left = shapes[0] if fresh else (*shapes[0][:along], *shapes[0][along + 1 :])
        return bounded((*left[:along], size, *left[along:]))

    def element(index: Index, *operands: Operand) -> Expression:
        along = axis % len(index)
        place = index[along]
        if fresh:
            return operands[place][(*index[:along], *index[along + 1 :])]
        for operand in operands:
            if place < operand.shape[along]:
                return operand[(*index[:along], place, *index[along + 1 :])]
            place -= operand.shape[along]
        raise IndexError(index)

    join, name = (np.stack, "stack") if fresh else (np.concatenate, "concatenate")
    return Operation(
        name,
        lambda out, *operands: (partial(join, operands, axis=axis, out=out),),
        shape,
        f"{name}({', '.join(f'{{{k}}}' for k in range(operands))}" + (f", axis={axis})" if axis else ")"),
        element,
        tuple(Gradient(k, _part_of(k, axis, fresh), ("d", *map(str, range(operands)))) for k in range(operands)),
    )


def _part_of(place: int, axis: int, fresh: bool) -> Operation:
    """What flows back to one of the arrays that were joined: its part of the upstream gradient."""

    def keys(d: Shape, shapes: Sequence[Shape]) -> tuple[int | slice, ...]:
        along = axis % len(d)
        start = place if fresh else sum(each[along] for each in shapes[:place])
        here = start if fresh else slice(start, start + shapes[place][along])
        return (*(slice(None),) * along, here)

    def kernel(out: Array, d: Array, *operands: Array) -> Calls:
        return (partial(np.copyto, out, d[keys(d.shape, [each.shape for each in operands])]),)

    def element(index: Index, d: Operand, *operands: Operand) -> Expression:
        along = axis % len(d.shape)
        if fresh:
            return d[(*index[:along], place, *index[along:])]
        before = sum(each.shape[along] for each in operands[:place])
        return d[(*index[:along], index[along] + before, *index[along + 1 :])]

    formula = f"part({{0}}, {place + 1})"
    return Operation("joined_back", kernel, lambda d, *shapes: shapes[place], formula, element)
