"""What a person typed as a tree of operations: constants, operands by their place, and operations of parts.

A tree is made of the syntax, and is written back as a formula; it computes nothing itself. `formulas` makes one
operation of it, `lowering` a step for each of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gradstep.engine.errors import closest, quoted
from gradstep.engine.language.formulas import ROWS
from gradstep.engine.language.syntax import Setting, SyntaxNode
from gradstep.engine.program.functions import FUNCTIONS, POWERS, SIGNS, is_fit
from gradstep.engine.program.names import Reference
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.operations.activations import relu
from gradstep.engine.program.operations.elementwise import negative, reciprocal
from gradstep.engine.program.operations.matrices import matmul
from gradstep.engine.program.operations.shaping import indexed
from gradstep.engine.program.operations.spreading import (
    COMPARISONS,
    fixed_power,
    maximum,
    minus,
    over,
    plus,
    power,
    times,
)
from gradstep.engine.words import formulas as words

MOST_IN_A_ROW = 60  # operands with signs between them


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
    """An operation of parts. node: where it stands, for an error to name. for_rows: where the number of the rows is one
    of its settings, the operation for another number of them.
    """

    operation: Operation
    parts: tuple[Part, ...]
    node: SyntaxNode
    for_rows: Callable[[int], Operation] | None = None


Part = Constant | Place | Applied


class TreeBuilder:
    """Makes trees of syntax. Names become places, in the order in which they come first, or constants.

    references: what names stand for; constants: names that are numbers, and how these are written.
    Raises ExpressionError for a name that is none, or a call that cannot be.
    """

    def __init__(self, references: Mapping[str, Reference], constants: Mapping[str, Constant]) -> None:
        self.references = references
        self.constants = constants
        self.symbols: list[str] = []

    def part(self, node: SyntaxNode) -> Part:
        """The part of a formula that a node of the syntax is."""
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
        return self.called(node)

    def called(self, node: SyntaxNode) -> Applied:
        """A call of a function. Raises ExpressionError for settings that do not fit."""
        function = FUNCTIONS[node.rule]
        settings = dict(node.settings)
        for name, value in settings.items():
            if not is_fit(node.rule, name, value):
                raise node.error(words.WRONG_SETTING.format(function=node.rule))
        for name in function.needed:
            if name not in settings:
                raise node.error(words.NO_SETTING_GIVEN.format(function=node.rule, setting=name))
        if function.signature.operands is None or len(function.signature.operands) > 1:
            settings["operands"] = len(node.operands)
        if not any(map(_counts_rows, settings.values())):
            return self.applied(node, function.make(**settings), node.operands)
        if ROWS not in self.constants:
            raise node.error(words.NO_NAME.format(name=quoted(ROWS), hint=""))

        def for_rows(rows: int) -> Operation:
            return function.make(**{name: _with_rows(value, rows) for name, value in settings.items()})

        made = for_rows(int(self.constants[ROWS].value))
        return Applied(made, tuple(map(self.part, node.operands)), node, for_rows)

    def constant(self, node: SyntaxNode) -> Constant:
        value = node.value
        if isinstance(value, str):
            raise node.error(words.A_LIST_IS_NO_ARRAY)
        return Constant(float(value), number_text(float(value)))

    def name(self, node: SyntaxNode) -> Part:
        name = str(node.value)
        if name in self.constants and name not in self.references:
            return self.constants[name]
        reference = self.references.get(name)
        if reference is None:
            hint = closest(name, (*self.references, *self.constants))
            raise node.error(words.NO_NAME.format(name=quoted(name), hint=hint))
        place = self.place(reference.symbol)
        return place if reference.index is None else Applied(indexed(reference.index), (place,), node)

    def place(self, symbol: str) -> Place:
        if symbol not in self.symbols:
            self.symbols.append(symbol)
        return Place(self.symbols.index(symbol))

    def signed(self, node: SyntaxNode) -> Part:
        inner = self.part(node.operands[0])
        if node.operators[0] == "+":
            return inner
        if isinstance(inner, Constant):
            return Constant(-inner.value, f"−{inner.text}")
        return Applied(negative, (inner,), node)

    def chain(self, node: SyntaxNode) -> Part:
        """Operands with signs between them, from the left; comparisons stand alone."""
        if len(node.operands) > MOST_IN_A_ROW:
            raise node.error(words.TOO_MANY_IN_A_ROW.format(found=len(node.operands), most=MOST_IN_A_ROW))
        if node.rule == "comparison" and len(node.operators) > 1:
            raise node.error(words.CHAINED_COMPARISON)
        parts = [self.part(operand) for operand in node.operands]
        if node.operators[0] == "**":  # one exponent; a further one stands within it
            return self.raised(node, parts)
        found = parts[0]
        for sign, part in zip(node.operators, parts[1:], strict=True):
            found = Applied(SIGNS[sign], (found, part), node)
        return found

    def raised(self, node: SyntaxNode, parts: Sequence[Part]) -> Part:
        base, exponent = parts[0] if len(parts) == 2 else self.raised(node, parts[:-1]), parts[-1]
        operation = POWERS.get(exponent.value) if isinstance(exponent, Constant) else None
        if operation is not None:
            return Applied(operation, (base,), node)
        is_fixed = isinstance(exponent, Constant) and exponent.value != 0.0
        return Applied(fixed_power if is_fixed else power, (base, exponent), node)

    def applied(self, node: SyntaxNode, operation: Operation, operands: Sequence[SyntaxNode]) -> Applied:
        parts = tuple(self.part(operand) for operand in operands)
        above_zero = [part for part in parts if not (isinstance(part, Constant) and part.value == 0.0)]
        if operation is maximum and len(above_zero) == 1:
            return Applied(relu, tuple(above_zero), node)
        return Applied(operation, parts, node)


def _counts_rows(setting: Setting) -> bool:
    """Whether the number of the rows stands in a setting."""
    return setting == ROWS or (isinstance(setting, tuple) and ROWS in setting)


def _with_rows(setting: Setting, rows: int) -> Setting:
    """The setting with that number in it."""
    if isinstance(setting, tuple):
        return tuple(rows if size == ROWS else size for size in setting)
    return rows if setting == ROWS else setting


# ── how a tree is written ────────────────────────────────────────────────────────────────────────────────────

SUM, PRODUCT, SIGNED, RAISED, WHOLE = range(5)  # how tightly what is written holds together
_TIGHTNESS = {plus: SUM, minus: SUM, times: PRODUCT, over: PRODUCT, matmul: PRODUCT}


def written(part: Part) -> str:
    """The formula of a tree, a template over the names of its operands."""
    return _written(part)[0]


def number_text(value: float) -> str:
    """A number with all of its digits."""
    text = f"{value:g}"
    return (text if float(text) == value else repr(value)).replace("-", "−")


def written_whole(part: Part) -> str:
    """The formula of a tree as it stands among others: in brackets, where it would not hold together."""
    text, tight = _written(part)
    return text if tight == WHOLE else f"({text})"


def _written(part: Part) -> tuple[str, int]:
    """How a part is written, and how tightly that holds together."""
    match part:
        case Constant(_, text):
            return text, SIGNED if text.startswith("−") else WHOLE
        case Place(number):
            return f"{{{number}}}", WHOLE
    operation, pieces = part.operation, [_written(each) for each in part.parts]
    if operation in _TIGHTNESS or operation in COMPARISONS.values():
        return _between(operation, *pieces)
    if operation is negative:
        (text, tight), *_ = pieces
        return f"−{text if tight > SUM else f'({text})'}", SIGNED
    if operation.rate is not None:  # whose mask is no part of the tree
        return f"dropout({pieces[0][0]}, {operation.rate:g})", WHOLE
    formula = operation.formula
    if operation.rate is not None:  # its mask is drawn, and stands in no formula that people write
        formula = f"dropout({{0}}, {operation.rate:g})"
    outside = formula[-1] not in ")|"  # what stands behind an operand holds all of it
    texts = [f"({text})" if outside and tight < WHOLE else text for text, tight in pieces]
    if operation is reciprocal:
        return formula.format(*texts), PRODUCT
    if operation in (power, fixed_power) or formula[-1] == "²":
        return formula.format(*texts), RAISED
    return formula.format(*texts), WHOLE if formula[-1] in ")|]ᵀ" else SUM


def _between(operation: Operation, left: tuple[str, int], right: tuple[str, int]) -> tuple[str, int]:
    """Two parts with a sign between them."""
    compares, here = operation not in _TIGHTNESS, _TIGHTNESS.get(operation, SUM)
    one = left[0] if left[1] >= here or compares else f"({left[0]})"
    other = right[0] if right[1] > here and right[1] != SIGNED else f"({right[0]})"
    return operation.formula.format(one, other), WHOLE if compares else here
