"""The same numbers in other places: transposed, reshaped, some of them, or several arrays beside one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import prod

import numpy as np

from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Expression, Operand
from gradstep.engine.program.operation import Operation, ShapeError
from gradstep.engine.program.operations.reducing import axes_of
from gradstep.engine.program.operations.spreading import bounded
from gradstep.engine.words import formulas as words
from gradstep.engine.words import phrases

Key = int | tuple[int | None, int | None, int | None]


def _copied(out: Array, u: Array, view: Callable[[Array], Array]) -> None:
    """Looked at anew each time: of an array whose numbers do not follow one another, some views are copies."""
    np.copyto(out, view(u))


def _seen(name: str, view: Callable[[Array], Array], shape: Callable[[Shape], Shape], formula: str) -> Operation:
    """An operation whose elements are its operand's: which, a view of their places says."""

    def element(index: Index, u: Operand) -> Expression:
        place = int(view(np.arange(prod(u.shape), dtype=np.float64).reshape(u.shape))[index])
        return u[tuple(int(i) for i in np.unravel_index(place, u.shape))]

    return Operation(name, lambda out, u: (partial(_copied, out, u, view),), shape, formula, element, view=view)


def transposed(axes: Sequence[int] | None = None) -> Operation:
    """The axes in another order; turned round if none is given."""

    def shape(u: Shape) -> Shape:
        order = range(len(u))[::-1] if axes is None else axes
        if sorted(axis % len(u) if u else axis for axis in order) != list(range(len(u))):
            raise ShapeError(words.NO_PERMUTATION.format(shape=written(u)))
        return tuple(u[axis] for axis in order)

    formula = "{0}ᵀ" if axes is None else f"transpose({{0}}, {tuple(axes)})"
    return _seen("transposed", lambda u: np.transpose(u, axes), shape, formula)


def reshaped(sizes: Sequence[int]) -> Operation:
    """Other sizes, in the order of the elements; one may be −1, for what is left."""

    def shape(u: Shape) -> Shape:
        numbers, known = prod(u), prod(size for size in sizes if size != -1)
        open_ones = list(sizes).count(-1)
        fits = known == numbers if not open_ones else open_ones == 1 and known > 0 and numbers % known == 0
        if not fits or any(size < -1 for size in sizes):
            raise ShapeError(words.NO_RESHAPE.format(shape=written(u), wanted=written(tuple(sizes))))
        return bounded(tuple(numbers // known if size == -1 else size for size in sizes))

    return _seen("reshaped", lambda u: u.reshape(tuple(sizes)), shape, f"reshape({{0}}, {tuple(sizes)})")


def flattened() -> Operation:
    """All in one row of numbers for each sample: the first axis stays."""

    def shape(u: Shape) -> Shape:
        return (u[0], prod(u[1:])) if u else (1, 1)

    return _seen("flattened", lambda u: u.reshape(shape(u.shape)), shape, "flatten({0})")


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

    return _seen("indexed", lambda u: u[(*where, ...)], shape, f"{{0}}[{', '.join(map(_key, keys))}]")


def _key(key: Key) -> str:
    if isinstance(key, int):
        return str(key)
    start, stop, step = ("" if part is None else str(part) for part in key)
    return f"{start}:{stop}" + (f":{step}" if step else "")


def joined(axis: int = 0, *, fresh: bool = False) -> Operation:
    """Arrays one behind the other along an axis; fresh: along a new axis, each of them one place of it."""

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

    join = np.stack if fresh else np.concatenate
    return Operation(
        "stack" if fresh else "concatenate",
        lambda out, *operands: (partial(join, operands, axis=axis, out=out),),
        shape,
        "",  # whoever uses it knows how many there are
        element,
    )
