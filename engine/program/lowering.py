"""Lines of formulas as the nodes of a network: a step for each operation, the inner ones named after their line.

`h = tanh(x @ W + b)` is two nodes, `h.1 = x·W + b` and `h = tanh(h.1)`: an affine layer is one operation. Numbers that
stand in a formula are no nodes; operations are bound to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import prod

import numpy as np

from gradstep.engine import limits
from gradstep.engine.arrays import Shape
from gradstep.engine.errors import quoted
from gradstep.engine.language.formulas import ROWS, Line
from gradstep.engine.program.flows import bound
from gradstep.engine.program.formulas import Placed, composed
from gradstep.engine.program.names import Reference
from gradstep.engine.program.network import Measured, Node
from gradstep.engine.program.operation import Assignment, Operation, ShapeError
from gradstep.engine.program.operations.activations import identity
from gradstep.engine.program.operations.affine import affine
from gradstep.engine.program.operations.matrices import dot, matmul
from gradstep.engine.program.operations.spreading import plus
from gradstep.engine.program.program import Mask, Phase
from gradstep.engine.program.trees import Applied, Constant, Part, Place, TreeBuilder, number_text, written_whole
from gradstep.engine.words import formulas as words

LONGEST_NUMBER = 9  # signs of a formula of numbers that is written as it stands, such as (1 / N)


class TooLarge(ValueError):
    """A value of more numbers than one array may have."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(eq=False)
class Lowering:
    """Collects the nodes of lines. shapes: of every value that is known; constants: names that are numbers; aliases:
    names that stand for values of other names. seed: what masks are drawn from; masks: those of dropout, by name.
    """

    shapes: dict[str, Shape]
    constants: Mapping[str, Constant]
    nodes: list[Node] = field(default_factory=list)
    aliases: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0
    masks: dict[str, tuple[Shape, Mask]] = field(default_factory=dict)

    @property
    def references(self) -> Mapping[str, Reference]:
        """What names stand for, those of lines that are still to come among them once they are there."""
        return _References(self)

    def line(self, line: Line, key: str, phase: Phase = Phase.FORWARD) -> None:
        """Add the nodes of a line. Raises ExpressionError for what cannot be, with its place, and TooLarge."""
        builder = TreeBuilder(self.references, self.constants)
        tree = builder.part(line.formula)
        _Line(self, line, builder.symbols, key, phase).write(tree)


@dataclass(frozen=True, eq=False)
class _References(Mapping[str, Reference]):
    """Looked up, not put together: there is one for each of very many lines."""

    lowering: Lowering

    def __getitem__(self, name: str) -> Reference:
        if name in self.lowering.aliases:
            return Reference(self.lowering.aliases[name])
        if name not in self.lowering.shapes:
            raise KeyError(name)
        return Reference(name)

    def __iter__(self) -> Iterator[str]:
        return iter({**self.lowering.shapes, **self.lowering.aliases})

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(eq=False)
class _Line:
    lowering: Lowering
    line: Line
    symbols: Sequence[str]
    key: str
    phase: Phase
    inner: int = 0

    def write(self, tree: Part) -> None:
        """The whole line."""
        if isinstance(tree, Constant) or _is_number(tree):  # a step that reads nothing would be one that draws
            raise self.line.formula.error(words.ONLY_A_NUMBER.format(name=quoted(self.line.name)))
        if isinstance(tree, Place):
            tree = Applied(identity, (tree,), self.line.formula)
        nodes = self.lowering.nodes
        first = len(nodes)
        self.node(tree, self.line.name)
        if self.inner:
            whole = Assignment(self.line.name, composed(tree), tuple(self.symbols))
            nodes[first:] = [replace(node, line=whole) for node in nodes[first:]]

    def node(self, tree: Applied, name: str = "") -> str:
        """A node for an operation, after those of its parts; its name, which is made up where none is given."""
        operation, parts = _affine(tree, self.shape) or (tree.operation, tree.parts)
        operands = [self.operand(part) for part in parts]
        if not name:
            self.inner += 1
            name = f"{self.line.name}.{self.inner}"
        measured = None
        if operation.rate is not None:
            operands, measured = self.dropped(tree, operands[0], name)
        numbers = [each if isinstance(each, Constant) else None for each in operands]
        inputs = tuple(each for each in operands if isinstance(each, str))
        made = bound(operation, numbers)
        try:
            shape = made.shape(*(self.lowering.shapes[each] for each in inputs))
        except (ShapeError, Placed) as error:
            raise tree.node.error(str(error)) from None
        if prod(shape) > limits.ARRAY:
            raise TooLarge(name)
        self.lowering.shapes[name] = shape
        counts = tree.for_rows is not None or any(map(_counts_rows, parts))
        for_rows = partial(_for_rows, replace(tree, operation=operation, parts=parts)) if counts else None
        node = Node(
            name,
            made,
            inputs,
            self.line.name,
            self.key,
            phase=self.phase,
            for_rows=for_rows,
            measured=measured,
        )
        self.lowering.nodes.append(node)
        return name

    def dropped(self, tree: Applied, operand: str | Constant, name: str) -> tuple[list[str | Constant], Measured]:
        """The operands of dropout, a mask of its own the last, and what takes its place where the net is measured."""
        if isinstance(operand, Constant):
            raise tree.node.error(words.DROPOUT_OF_A_NUMBER)
        mask, shape, rate = f"{name}_mask", self.lowering.shapes[operand], tree.operation.rate or 0.0
        if mask in self.lowering.shapes:
            raise tree.node.error(words.MASK_TAKEN.format(name=quoted(mask)))
        self.lowering.shapes[mask] = shape
        self.lowering.masks[mask] = shape, Mask(rate, self.lowering.seed, len(self.lowering.masks))
        return [operand, mask], Measured(identity, (operand,))

    def operand(self, part: Part) -> str | Constant:
        match part:
            case Constant():
                return part
            case Place(number):
                return self.symbols[number]
        if _is_number(part):
            return _computed(part)
        return self.node(part)

    def shape(self, part: Part) -> Shape:
        """The shape of a part whose nodes are not written yet. Raises ShapeError."""
        match part:
            case Constant():
                return ()
            case Place(number):
                return self.lowering.shapes[self.symbols[number]]
        return part.operation.shape(*map(self.shape, part.parts))


def _affine(tree: Applied, shape_of: Callable[[Part], Shape]) -> tuple[Operation, tuple[Part, ...]] | None:
    """x @ W + b as the one operation that it is."""
    if tree.operation is not plus:
        return None
    product, bias = tree.parts
    if not isinstance(product, Applied) or product.operation not in (matmul, dot) or isinstance(bias, Constant):
        return None
    parts = (*product.parts, bias)
    if any(isinstance(part, Constant) for part in parts):
        return None
    try:
        affine.shape(*map(shape_of, parts))
    except (ShapeError, IndexError):
        return None
    return affine, parts


def _counts_rows(part: Part) -> bool:
    """Whether the number of rows stands in a part that is a number."""
    if isinstance(part, Constant):
        return part.text == ROWS
    return _is_number(part) and isinstance(part, Applied) and any(map(_counts_rows, part.parts))


def _for_rows(tree: Applied, rows: int) -> Operation:
    """The operation of a node with another number of rows in its formula."""
    operation = tree.operation if tree.for_rows is None else tree.for_rows(rows)

    def of(part: Part) -> Part:
        if isinstance(part, Constant):
            return Constant(float(rows), ROWS) if part.text == ROWS else part
        return replace(part, parts=tuple(map(of, part.parts))) if isinstance(part, Applied) else part

    numbers: list[Constant | None] = []
    for part in map(of, tree.parts):
        if isinstance(part, Applied) and _is_number(part):
            numbers.append(_computed(part))
        else:
            numbers.append(part if isinstance(part, Constant) else None)
    return bound(operation, numbers)


def _is_number(part: Part) -> bool:
    """Whether nothing but numbers stands in it."""
    if isinstance(part, Applied):
        return part.operation.rate is None and all(map(_is_number, part.parts))
    return isinstance(part, Constant)


def _computed(part: Applied) -> Constant:
    operation = composed(part)
    try:
        shape = operation.shape()
    except ValueError as error:
        raise part.node.error(str(error)) from None
    if shape:
        raise part.node.error(words.NUMBERS_ONLY)
    out = np.empty(())
    with np.errstate(all="ignore"):
        operation.fill(out)
    text = written_whole(part)
    return Constant(float(out), text if len(text) <= LONGEST_NUMBER else number_text(float(out)))
