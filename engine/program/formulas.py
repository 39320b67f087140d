"""A formula as an operation: what a person typed, over whole arrays, to be run, shown and explained like any other.

A formula is a tree of operations. As one operation, its kernel runs them in turn, each into a buffer of its own; its
shape, its arithmetic of one element and how it is written are theirs put together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from gradstep.engine.arrays import Array, Index, Shape, frozen
from gradstep.engine.language.syntax import SyntaxNode
from gradstep.engine.program.expression import Expression, Number, Operand
from gradstep.engine.program.names import Reference
from gradstep.engine.program.operation import Calls, Operation, ShapeError
from gradstep.engine.program.trees import Applied, Constant, Part, Place, TreeBuilder, written
from gradstep.engine.words import formulas as words

NAME = "formula"  # of every operation that is one


@dataclass(frozen=True, eq=False)
class Formula:
    """An operation and the symbols that it takes. root: the tree of its parts."""

    operation: Operation
    operands: tuple[str, ...]
    root: Part

    def numbers(self, *shapes: Shape) -> int:
        """How many numbers it computes from operands of these shapes, those of all its parts together."""
        return sum(math.prod(shape_of(part, shapes)) for part in _applied(self.root))


def formula_of(
    tree: SyntaxNode, references: Mapping[str, Reference], constants: Mapping[str, Constant] | None = None
) -> Formula:
    """The operation that a formula is, over symbols; constants: names that are numbers in it.

    Raises ExpressionError for a name that is none, or a call that cannot be.
    """
    builder = TreeBuilder(references, constants or {})
    root = builder.part(tree)
    for part in _applied(root):
        if part.operation.rate is not None:
            raise part.node.error(words.DROPOUT_ELSEWHERE)
    return Formula(composed(root), tuple(builder.symbols), root)


def composed(root: Part) -> Operation:
    """A tree as one operation of the operands that are its places."""
    return Operation(
        NAME,
        lambda out, *operands: _calls(root, out, operands),
        lambda *shapes: shape_of(root, shapes),
        written(root),
        lambda index, *operands: _inner(root, operands)[index],
        compares=tuple(sorted(_places(root, deciding=True) - _places(root, deciding=False))),
    )


def _applied(root: Part) -> Iterator[Applied]:
    """The parts of a formula that are computed, in no order that counts."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Applied):
            yield part
            waiting.extend(part.parts)


def _places(part: Part, *, deciding: bool, decides: bool = False) -> set[int]:
    """The operands that the numbers are made of, or (deciding) that are compared and such, by place."""
    match part:
        case Constant():
            return set()
        case Place(number):
            return {number} if deciding == decides else set()
    found = set[int]()
    for place, inner in enumerate(part.parts):
        found |= _places(inner, deciding=deciding, decides=decides or place in part.operation.compares)
    return found


def shape_of(part: Part, shapes: Sequence[Shape]) -> Shape:
    """The shape of a part. Raises ShapeError, which names the place in the line."""
    match part:
        case Constant():
            return ()
        case Place(number):
            return shapes[number]
        case Applied(operation, parts, node):
            inner = [shape_of(each, shapes) for each in parts]
            try:
                return operation.shape(*inner)
            except ShapeError as error:
                raise Placed(str(node.error(str(error)))) from None


class Placed(ValueError):
    """A ShapeError that has its place already."""


def _calls(root: Part, out: Array, operands: Sequence[Array]) -> Calls:
    """The calls that fill `out`: each operation's, after those of its parts."""
    binder = _Binder(operands)
    found, _ = binder.value(root, out if isinstance(root, Applied) else None)
    if found is not out:
        binder.calls.append(partial(np.copyto, out, found))
    return tuple(binder.calls)


_Buffers = dict[Shape, list[Array]]
_SHARED: ContextVar[_Buffers | None] = ContextVar("_SHARED", default=None)


@contextmanager
def sharing_buffers() -> Iterator[None]:
    """Formulas whose calls are bound in here use one another's buffers, so they must be made one after the other."""
    token = _SHARED.set({})
    try:
        yield
    finally:
        _SHARED.reset(token)


class _Binder:
    """Collects the calls of a formula with these operands.

    What is made on the way stands in buffers, which others take over once they have been read. Where the bits do not
    depend on that, an operation fills the buffer of one of its parts.
    """

    def __init__(self, operands: Sequence[Array]) -> None:
        self.operands = operands
        self.calls: list[Callable[[], object]] = []
        shared = _SHARED.get()
        self._free: _Buffers = {} if shared is None else shared  # buffers that nothing reads any more
        self._shapes: dict[int, Shape] = {}

    def value(self, part: Part, into: Array | None = None) -> tuple[Array, list[Array]]:
        """The array that a part is in once the calls are made, and the buffers that it needs until it is read."""
        match part:
            case Constant(number):
                return frozen(np.asarray(number)), []
            case Place(number):
                return self.operands[number], []
        operation = part.operation
        if operation.view is not None and into is None:
            inner, held = self.value(part.parts[0])
            seen = operation.view(inner)
            if np.may_share_memory(seen, inner):  # otherwise it is a copy of what is not computed yet
                return seen, held
            buffer, pairs = self._buffer(seen.shape), [(inner, held)]
        else:
            buffer = self._buffer(self._shape(part)) if into is None else into
            first = self._first_in(buffer.shape, part) if operation.in_place else None
            pairs = [self.value(each, buffer if each is first else None) for each in part.parts]
        self.calls.extend(operation.kernel(buffer, *(array for array, _ in pairs)))
        for array in (array for _, held in pairs for array in held):
            self._free.setdefault(array.shape, []).append(array)
        return buffer, [buffer] if into is None else []

    def _first_in(self, shape: Shape, part: Applied) -> Part | None:
        """The first part that is computed in this shape."""
        fit = (each for each in part.parts if isinstance(each, Applied) and each.operation.view is None)
        return next((each for each in fit if self._shape(each) == shape), None)

    def _buffer(self, shape: Shape) -> Array:
        free = self._free.get(shape)
        return free.pop() if free else np.empty(shape)

    def _shape(self, part: Part) -> Shape:
        match part:
            case Constant():
                return ()
            case Place(number):
                shape: Shape = self.operands[number].shape
                return shape
        if id(part) not in self._shapes:
            self._shapes[id(part)] = part.operation.shape(*map(self._shape, part.parts))
        return self._shapes[id(part)]


class _Inner(Operand):
    """A part of a formula as the operations around it see it: indexing gives the arithmetic of its elements."""

    def __init__(self, shape: Shape, element: Callable[[Index], Expression]) -> None:
        object.__setattr__(self, "symbol", "")
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "_element", element)
        object.__setattr__(self, "_known", {})

    def __getitem__(self, index: int | Index) -> Any:
        at = index if isinstance(index, tuple) else (index,)
        known: dict[Index, Expression] = self._known  # type: ignore[attr-defined]
        if at not in known:
            known[at] = self._element(at)  # type: ignore[attr-defined]
        return known[at]


def _inner(part: Part, operands: Sequence[Operand]) -> Operand:
    match part:
        case Constant(value, text):
            return _Inner((), lambda _: Number(value, text))
        case Place(number):
            return operands[number]
    parts = [_inner(each, operands) for each in part.parts]
    shape = part.operation.shape(*(each.shape for each in parts))
    return _Inner(shape, lambda index: part.operation.element(index, *parts))
