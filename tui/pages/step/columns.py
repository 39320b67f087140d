"""The arithmetic of an element as columns: what stands in them, and the signs between.

The tree of an element is written from left to right as one would compute it by hand. What the outermost operators join
are the columns; a part of theirs is one, too, with its number, and what it is made of comes before it where that is not
among the columns anyway: exp(− u) → 1 / (1 + e) = σ(u). Elements of one array have the same columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from itertools import pairwise

from gradstep.engine.program.expression import (
    ADDITION,
    OPERATORS,
    PRODUCT,
    Call,
    Choice,
    Element,
    Expression,
    Named,
    Number,
    Operand,
    Read,
    Sum,
    call,
    elements_of,
    parts,
    rebuilt,
    walk,
)
from gradstep.engine.program.network import ACTIVATIONS, LAYERS
from gradstep.engine.program.rendering import Style, render
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.sums import CONTEXT, EQUAL, nearly, worked_out

SIGNS = {"add": "+", "subtract": "−", "multiply": "×", "weigh": "×", "divide": "/"}
AROUND = {"step": ("[", "> 0]"), "square": ("(", ")²"), "negate": ("−", "")}
TIGHT_BEFORE, TIGHT_AFTER = ("×", "/", "−"), ("×", "/")  # signs beside which a sum stands in parentheses
APART, GIVES, EQUALS = "│", "→", EQUAL
LETTERS = {"max": "m", "log": "s"}  # what is the same for a whole row; a sum of one is Σ
TOTAL = "Σ"

Token = str | Expression
Known = dict[int, tuple[Expression, Expression]]  # a node's identity → it, and it with letters for what has some


@dataclass(frozen=True)
class Column:
    """before: the sign between it and the one before. part: of the element's tree; None for the result."""

    before: str
    part: Expression | None


@dataclass(frozen=True)
class Columns:
    """columns: the last of them is the result. derivative: the first and the last column of a factor that is one.

    tree: what the columns are parts of.
    """

    columns: tuple[Column, ...]
    tree: Expression
    derivative: tuple[int, int] | None = None
    named: tuple[Named, ...] = ()


def columns_of(tree: Expression, known: Known | None = None) -> Columns:
    """The columns of an element with this tree. known: what has been seen in trees that share parts with it."""
    known = {} if known is None else known
    tree = _lettered(tree, known)
    letters = {each.name: each for _, each in known.values() if isinstance(each, Named)}
    line = _Line()
    line.lay(tree)
    result = Column(f"{line.pending} {EQUALS}".strip(), None)
    columns = (*line.columns, result)
    return Columns(columns, tree, _derivative(tree, columns), tuple(letters.values()))


def sign_of_result(
    columns: Columns, texts: Sequence[str], value: Callable[[Expression], float], cells: int, factor: float = 1.0
) -> str:
    """The sign before a result, by its columns as they are written, the last of which it is itself.

    value: that of what is written by a letter, which is told beside the columns. factor: that the result is multiplied
    by.
    """
    *before, result = texts
    known = [column.part for column in columns.columns[:-1]]
    parts = {part: text.strip() for part, text in zip(known, before, strict=True) if part is not None}
    try:
        with localcontext(CONTEXT):
            found = worked_out(columns.tree, lambda node: repr(value(node)), parts) * Decimal(factor)
            return nearly(found, result, cells)
    except ArithmeticError:  # what is not finite is not worked out
        return EQUAL


def heading(part: Expression, notation: Notation) -> str:
    """A column's heading, of whole arrays: 1 − out_h, exp(−net_h), [u1 > 0]."""
    activation = known_activation(part)
    if activation is not None:
        name, inside = activation
        return notation.sign(LAYERS[name].formula.format(notation.symbol(inside.symbol)))
    if isinstance(part, Call) and part.operator == "step":
        return notation.sign(f"[{heading(part.arguments[0], notation)} > 0]")
    shortened = _with_activations(part, notation)
    return notation.sign(render(shortened, Style(lambda element: notation.symbol(element.symbol))))


def headings(columns: tuple[Column, ...], notation: Notation) -> tuple[str, ...]:
    """The headings of columns that have a part, a sum in parentheses where the sign beside it binds more tightly."""
    texts = []
    for column, after in pairwise(columns):
        assert column.part is not None, "the result is the last"
        text = heading(column.part, notation)
        beside = column.before.split()[-1:], after.before.split()[:1]
        tight = any(sign in TIGHT_BEFORE for sign in beside[0]) or any(sign in TIGHT_AFTER for sign in beside[1])
        texts.append(f"({text})" if tight and is_sum(column.part) else text)
    return tuple(texts)


def is_sum(part: Expression) -> bool:
    """Whether a part is written as a sum or a difference."""
    if isinstance(part, Sum):
        return len(part.terms) > 1
    return isinstance(part, Call) and part.operator in ("add", "subtract") and known_activation(part) is None


def known_activation(part: Expression) -> tuple[str, Element] | None:
    """The activation whose tree a part is, and of which element; None where it is none's."""
    match part:
        case Call("divide", (Number(), _)) | Call("tanh") | Call("max", (_, Number())):
            inside = elements_of(part)
        case _:
            return None
    if len(inside) != 1:
        return None
    element = inside[0]
    operand = Operand(element.symbol, tuple(each + 1 for each in element.index))
    names = (name for name in ACTIVATIONS if name not in ("identity", "step"))
    found = (name for name in names if LAYERS[name].element(element.index, operand) == part)
    return next(((name, element) for name in found), None)


def _with_activations(part: Expression, notation: Notation) -> Expression:
    """The part with activations in it by their names: 1 − σ(u) and not 1 − 1 / (1 + exp(−u))."""
    if isinstance(part, Named):
        return part
    activation = known_activation(part)
    if activation is None:
        return rebuilt(part, lambda below: _with_activations(below, notation))
    name, inside = activation
    return Named(LAYERS[name].formula.format(notation.symbol(inside.symbol)), part)


def _lettered(node: Expression, known: Known) -> Expression:
    """The tree with letters for what takes a whole row together: its maximum, the sum of its powers.

    known: what became of nodes, by identity: one that is shared is not gone through again.
    """
    if isinstance(node, Element | Number):
        return node
    if id(node) not in known:
        letter = _letter(node)
        below = rebuilt(node, lambda part: _lettered(part, known))
        known[id(node)] = node, Named(letter, below) if letter else below
    return known[id(node)][1]


def _letter(node: Expression) -> str:
    match node:
        case Sum(terms):
            symbols = [element.symbol for element in elements_of(node)]
            return TOTAL if len(terms) > 1 and len({*symbols}) < len(symbols) else ""
        case Call("max" as operator, arguments):
            return LETTERS[operator] if len(elements_of(node)) > 1 and len(arguments) > 1 else ""
        case Call("log" as operator, (Sum() as inside,)):
            return LETTERS[operator] if _letter(inside) else ""
    return ""


@dataclass
class _Line:
    """Columns as they are laid from left to right. pending: the signs since the last one."""

    columns: list[Column] = field(default_factory=list)
    pending: str = ""
    shown: set[Expression] = field(default_factory=set)

    def lay(self, node: Expression) -> None:
        """A node's tokens, and before them what they are made of."""
        tokens = list(_flat(node, set(self.shown), root=True))
        nodes = [token for token in tokens if not isinstance(token, str)]
        here = self.shown | {each for each in nodes if isinstance(each, Element | Read)}
        is_whole = nodes[:1] == [node]  # what has no parts that stand side by side
        for other in nodes if is_whole else nodes[1:]:
            for element in _needed(other):
                if element not in here:
                    here.add(element)
                    self._sign(APART if self.columns else "")
                    self._column(element)
        if nodes and not is_whole and nodes[0] not in self.shown and not {*_needed(nodes[0])} <= here:
            if self.columns:
                self._sign(APART)
            self.lay(nodes[0])
            self._sign(GIVES)
        elif self.columns:
            self._sign(APART)
        for token in tokens:
            if isinstance(token, str):
                self._sign(token)
            else:
                self._column(token)

    def _sign(self, text: str) -> None:
        self.pending = f"{self.pending} {text}".strip()

    def _column(self, part: Expression) -> None:
        self.columns.append(Column(self.pending, part))
        self.pending = ""
        self.shown.add(part)


def _needed(node: Expression) -> tuple[Expression, ...]:
    """The elements that a part is made of; of one taken by a letter none, of an element none."""
    if isinstance(node, Element | Read | Number | Named):
        return ()
    found: dict[Expression, None] = {}

    def look(part: Expression) -> None:
        if isinstance(part, Element | Read):
            found[part] = None
        elif not isinstance(part, Named):
            for below in parts(part):
                look(below)

    look(node)
    return tuple(found)


def _flat(node: Expression, shown: set[Expression], *, root: bool = False) -> Iterator[Token]:
    """A node as signs and the parts between them."""
    match node:
        case Number(value, text):
            yield text or f"{value:g}"
            return
        case Named(name):
            yield name
            return
        case Choice(test, Number(value=0.0), above):
            yield from _joined([("", above), (SIGNS["multiply"], call("step", test))], "multiply", shown)
            return
        case Sum(terms):
            yield from _joined([("" if not place else "+", term) for place, term in enumerate(terms)], "add", shown)
            return
        case Call(operator, (one, other)) if operator in SIGNS and (root or known_activation(node) is None):
            yield from _joined([("", one), (SIGNS[operator], other)], operator, shown)
            return
        case Call(operator, arguments) if root:
            yield from _called(operator, arguments, shown)
            return
    yield node
    shown.add(node)


def _called(operator: str, arguments: tuple[Expression, ...], shown: set[Expression]) -> Iterator[Token]:
    """A function or a power around its arguments; a sum of one part and numbers stands in it as it is."""
    before, _, after = OPERATORS[operator].pattern.partition("{}")
    before, after = AROUND.get(operator, (before, after))
    if before:
        yield before
    for place, argument in enumerate(arguments):
        if place:
            yield ","
        if isinstance(argument, Call) and (argument.operator == "negate" or len(_needed(argument)) == 1):
            inside = list(_flat(argument, set(shown), root=True))
            nodes = [token for token in inside if not isinstance(token, str)]
            if len(nodes) == 1 and (before.endswith("(") or len(inside) == 1):
                yield from inside
                continue
        if isinstance(argument, Call | Sum):
            yield argument
            shown.add(argument)
        else:
            yield from _flat(argument, shown)
    if after:
        yield after


def _joined(pairs: list[tuple[str, Expression]], operator: str, shown: set[Expression]) -> Iterator[Token]:
    """Parts with signs before them, each opened where that needs no parentheses, or only numbers beside one part."""
    for place, (sign, part) in enumerate(pairs):
        if sign:
            yield sign
        if _opens(part, operator, first=not place):
            yield from _flat(part, shown)
            continue
        inside = list(_flat(part, set(shown), root=True)) if isinstance(part, Call) and part.operator in SIGNS else []
        nodes = [token for token in inside if not isinstance(token, str)]
        alone = len(inside) > 1 and len(nodes) == 1 and nodes[0] not in shown
        if alone and not _has_letters(part) and known_activation(part) is None:
            yield "("
            yield from _flat(part, shown, root=True)
            yield ")"
        elif isinstance(part, Call | Sum):
            yield part
            shown.add(part)
        else:
            yield from _flat(part, shown)


def _has_letters(part: Expression) -> bool:
    """Whether something in it is written by a letter."""
    return any(isinstance(node, Named) for node in walk(part))


def _opens(part: Expression, around: str, *, first: bool) -> bool:
    """Whether a part can be written beside others without parentheses, its own parts as columns."""
    if known_activation(part) is not None:
        return False
    match part:
        case Call(operator) if operator in SIGNS:
            inner, outer = OPERATORS[operator].precedence, OPERATORS[around].precedence
            return inner > outer or (inner == outer and (first or operator == around == "multiply"))
        case Sum():
            return OPERATORS[around].precedence == ADDITION and (first or around == "add")
        case Choice():
            return OPERATORS[around].precedence <= PRODUCT and first
    return False


def _derivative(tree: Expression, columns: tuple[Column, ...]) -> tuple[int, int] | None:
    """Of a product with a factor that is itself made of several parts, the columns of that factor."""
    if not (isinstance(tree, Call) and tree.operator == "multiply" and isinstance(tree.arguments[1], Call)):
        return None
    factor = tree.arguments[1]
    inside = [token for token in _flat(factor, set(), root=True) if not isinstance(token, str)]
    last = len(columns) - 2
    return (last - len(inside) + 1, last) if inside and last - len(inside) >= 0 else None
