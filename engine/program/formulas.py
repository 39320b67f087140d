"""A formula as an operation: what a person typed, over whole arrays, to be run, shown and explained like any other.

Each function and sign of the language is an operation of its own; a formula is a tree of them. As one operation, its
kernel runs them in turn; its shape, its arithmetic of one element and how it is written are theirs put
together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np

from gradstep.engine.arrays import Array, Index, Shape, frozen
from gradstep.engine.errors import closest, quoted
from gradstep.engine.language.syntax import SyntaxNode
from gradstep.engine.program.expression import Expression, Number, Operand
from gradstep.engine.program.functions import FUNCTIONS, POWERS, SIGNS, is_fit
from gradstep.engine.program.names import Reference
from gradstep.engine.program.operation import Calls, Operation, ShapeError
from gradstep.engine.program.operations.elementwise import negative, reciprocal
from gradstep.engine.program.operations.shaping import indexed
from gradstep.engine.program.operations.spreading import power
from gradstep.engine.words import formulas as words

MOST_IN_A_ROW = 60  # operands with signs between them
NAME = "formula"  # of every operation that is one


@dataclass(frozen=True, eq=False)
class Constant:
    """A number that stands in the formula."""

    value: float
    text: str


@dataclass(frozen=True, eq=False)
class Place:
    """An operand of the whole formula, by its place."""

    number: int


@dataclass(frozen=True, eq=False)
class Applied:
    """An operation of parts. node: where it stands, for an error to name. binding: how tightly it is written."""

    operation: Operation
    parts: tuple[Part, ...]
    node: SyntaxNode
    written: str


Part = Constant | Place | Applied

SUM, PRODUCT, SIGNED, RAISED, WHOLE = range(5)  # how tightly what is written holds together
_TIGHTNESS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "@": PRODUCT, "**": RAISED}


@dataclass(frozen=True, eq=False)
class Formula:
    """An operation and the symbols that it takes."""

    operation: Operation
    operands: tuple[str, ...]


class Known(Protocol):
    """Whoever knows what names stand for: those of a program, or of the lines of an update."""

    @property
    def references(self) -> Mapping[str, Reference]:
        """Everything that can be typed, and what it stands for."""
        ...


class _Builder:
    """Makes the tree. Names become places, in the order in which they come first."""

    def __init__(self, names: Known, constants: Mapping[str, float]) -> None:
        self.names = names
        self.constants = constants
        self.symbols: list[str] = []

    def part(self, node: SyntaxNode) -> tuple[Part, str, int]:
        """A part of the formula, how it is written, and how tightly that holds together."""
        match node.rule:
            case "constant":
                return self.constant(node)
            case "name":
                return self.name(node)
            case "sign":
                return self.signed(node)
            case "arithmetic" | "comparison":
                return self.chain(node)
            case "tuple":
                raise node.error(words.A_LIST_IS_NO_ARRAY)
            case "index":
                return self.applied(node, indexed(node.keys), node.operands)
        function = FUNCTIONS[node.rule]
        settings = dict(node.settings)
        for name, value in settings.items():
            if not is_fit(node.rule, name, value):
                raise node.error(words.WRONG_SETTING.format(function=node.rule))
        for name in function.needed:
            if name not in settings:
                raise node.error(words.NO_SETTING_GIVEN.format(function=node.rule, setting=name))
        return self.applied(node, function.make(**settings), node.operands)

    def constant(self, node: SyntaxNode) -> tuple[Part, str, int]:
        value = node.value
        if isinstance(value, str):
            raise node.error(words.A_LIST_IS_NO_ARRAY)
        text = f"{float(value):g}"
        return Constant(float(value), text), text, WHOLE

    def name(self, node: SyntaxNode) -> tuple[Part, str, int]:
        name = str(node.value)
        if name in self.constants and name not in self.names.references:
            return Constant(self.constants[name], name), name, WHOLE
        reference = self.names.references.get(name)
        if reference is None:
            hint = closest(name, (*self.names.references, *self.constants))
            raise node.error(words.NO_NAME.format(name=quoted(name), hint=hint))
        place, text = self.place(reference)
        if reference.index is None:
            return place, text, WHOLE
        operation = indexed(reference.index)
        return Applied(operation, (place,), node, operation.formula), operation.formula.format(text), WHOLE

    def place(self, reference: Reference) -> tuple[Place, str]:
        if reference.symbol not in self.symbols:
            self.symbols.append(reference.symbol)
        number = self.symbols.index(reference.symbol)
        return Place(number), f"{{{number}}}"

    def signed(self, node: SyntaxNode) -> tuple[Part, str, int]:
        if node.operators[0] == "+":
            return self.part(node.operands[0])
        inner, text, tight = self.part(node.operands[0])
        if isinstance(inner, Constant):
            return Constant(-inner.value, f"−{inner.text}"), f"−{inner.text}", SIGNED
        text = text if tight > SUM else f"({text})"
        return Applied(negative, (inner,), node, "−{0}"), f"−{text}", SIGNED

    def chain(self, node: SyntaxNode) -> tuple[Part, str, int]:
        """Operands with signs between them, from the left; comparisons all have to hold."""
        if len(node.operands) > MOST_IN_A_ROW:
            raise node.error(words.TOO_MANY_IN_A_ROW.format(found=len(node.operands), most=MOST_IN_A_ROW))
        if node.rule == "comparison" and len(node.operators) > 1:
            raise node.error(words.CHAINED_COMPARISON)
        pieces = [self.part(operand) for operand in node.operands]
        if node.operators[0] == "**":  # one exponent; a further one stands within it
            return self.raised(node, pieces)
        found, text, tight = pieces[0]
        for sign, (part, written, tightness) in zip(node.operators, pieces[1:], strict=True):
            operation = SIGNS[sign]
            here = _TIGHTNESS.get(sign, SUM)
            left = text if tight >= here or node.rule == "comparison" else f"({text})"
            right = written if tightness > here and tightness != SIGNED else f"({written})"
            found = Applied(operation, (found, part), node, operation.formula)
            text, tight = operation.formula.format(left, right), WHOLE if node.rule == "comparison" else here
        return found, text, tight

    def raised(self, node: SyntaxNode, pieces: Sequence[tuple[Part, str, int]]) -> tuple[Part, str, int]:
        (base, text, tight), (exponent, above, tightness) = pieces[0], pieces[-1]
        if len(pieces) > 2:
            base, text, tight = self.raised(node, pieces[:-1])
        text = text if tight == WHOLE else f"({text})"
        operation = POWERS.get(exponent.value) if isinstance(exponent, Constant) else None
        if operation is not None:
            return (
                Applied(operation, (base,), node, operation.formula),
                operation.formula.format(text),
                (PRODUCT if operation is reciprocal else RAISED),
            )
        above = above if tightness == WHOLE else f"({above})"
        return Applied(power, (base, exponent), node, power.formula), power.formula.format(text, above), RAISED

    def applied(self, node: SyntaxNode, operation: Operation, operands: Sequence[SyntaxNode]) -> tuple[Part, str, int]:
        pieces = [self.part(operand) for operand in operands]
        formula = operation.formula or f"{node.rule}({', '.join(f'{{{k}}}' for k in range(len(pieces)))})"
        outside = formula[-1] not in ")|"  # what stands behind an operand holds all of it
        written = [f"({text})" if outside and tight < WHOLE else text for _, text, tight in pieces]
        parts = tuple(part for part, _, _ in pieces)
        tight = WHOLE if formula[-1] in ")|]ᵀ" else SUM  # as divide(a, b), which is written a / b
        return Applied(operation, parts, node, formula), formula.format(*written), tight


def formula_of(tree: SyntaxNode, names: Known, constants: Mapping[str, float] | None = None) -> Formula:
    """The operation that a formula is, over the symbols of a program; constants: names that are numbers in it.

    Raises ExpressionError for a name that is none, or a call that cannot be.
    """
    builder = _Builder(names, constants or {})
    root, text, _ = builder.part(tree)
    operation = Operation(
        NAME,
        lambda out, *operands: _calls(root, out, operands),
        lambda *shapes: _shape(root, shapes),
        text,
        lambda index, *operands: _inner(root, operands)[index],
    )
    return Formula(operation, tuple(builder.symbols))


def _shape(part: Part, shapes: Sequence[Shape]) -> Shape:
    """The shape of a part. Raises ShapeError, which names the place in the line."""
    match part:
        case Constant():
            return ()
        case Place(number):
            return shapes[number]
        case Applied(operation, parts, node):
            inner = [_shape(each, shapes) for each in parts]
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
