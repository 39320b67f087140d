"""Scalar arithmetic as a small tree.

An operation says with such a tree how one element of its result is made of elements of its operands. The tree
has one table per interpretation: `evaluate` computes it, `render` writes it. It is built with Python's own
operators: `x[0, 1] * W[1, 0] + b[0]`, where `x`, `W` and `b` are `Operand`s, is such a tree. What an element is
called on the screen and how many digits are shown is left to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradstep.engine.arrays import Index, Shape
from gradstep.engine.words import operations as words


class Expression:
    """A node of the tree; the arithmetic operators build larger ones."""

    def __add__(self, other: Expression | float) -> Expression:
        return Call("add", (self, _lift(other)))

    def __radd__(self, other: float) -> Expression:
        return Call("add", (_lift(other), self))

    def __sub__(self, other: Expression | float) -> Expression:
        return Call("subtract", (self, _lift(other)))

    def __rsub__(self, other: float) -> Expression:
        return Call("subtract", (_lift(other), self))

    def __mul__(self, other: Expression | float) -> Expression:
        return Call("multiply", (self, _lift(other)))

    def __rmul__(self, other: float) -> Expression:
        return Call("multiply", (_lift(other), self))

    def __truediv__(self, other: Expression | float) -> Expression:
        return Call("divide", (self, _lift(other)))

    def __rtruediv__(self, other: float) -> Expression:
        return Call("divide", (_lift(other), self))

    def __neg__(self) -> Expression:
        return Call("negate", (self,))


@dataclass(frozen=True)
class Number(Expression):
    """A number that stands in the formula itself, such as the 1 of 1 − z; `text` is how it is written there."""

    value: float
    text: str = ""


@dataclass(frozen=True)
class Element(Expression):
    """One element of a symbol's array; the index of a scalar is ()."""

    symbol: str
    index: Index


@dataclass(frozen=True)
class Read(Expression):
    """An element as a step has read it, before it was set to another value by hand."""

    element: Element
    value: float


@dataclass(frozen=True)
class Call(Expression):
    """An operator of `OPERATORS` applied to arguments."""

    operator: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Sum(Expression):
    """A sum of any number of terms, added from the left."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True)
class Rest(Expression):
    """Terms of a sum that are not written out, taken together."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True)
class Named(Expression):
    """A part that is written by a name, and told beside the expression: it is met in it more than once."""

    name: str
    part: Expression


@dataclass(frozen=True)
class Choice(Expression):
    """`at_most_zero` where `test` ≤ 0, otherwise `above` (also where `test` is NaN)."""

    test: Expression
    at_most_zero: Expression
    above: Expression


@dataclass(frozen=True)
class Operand:
    """A symbol as an operation sees it: indexing gives its `Element`s."""

    symbol: str
    shape: Shape

    def __getitem__(self, index: int | Index) -> Element:
        return Element(self.symbol, index if isinstance(index, tuple) else (index,))

    def at(self, index: Index) -> Element:
        """The element at `index`; of a single number, that."""
        return self[index if self.shape else ()]

    def row(self, i: int) -> list[Element]:
        """The elements of a row."""
        return [self[i, k] for k in range(self.shape[1])]

    def elements(self) -> Iterator[Element]:
        """Every element in C order."""
        for index in np.ndindex(*self.shape):
            yield Element(self.symbol, index)


def _lift(value: Expression | float) -> Expression:
    return value if isinstance(value, Expression) else Number(float(value))


def call(operator: str, *arguments: Expression | float) -> Expression:
    """An operator that Python has no sign for: `call("exp", u)`."""
    return Call(operator, tuple(_lift(argument) for argument in arguments))


def total(terms: Iterator[Expression] | Sequence[Expression]) -> Expression:
    """The sum of the terms; of one term, the term itself."""
    terms = tuple(terms)
    return terms[0] if len(terms) == 1 else Sum(terms)


def mean(value: Expression, rows: int) -> Expression:
    """The value divided by N; of one row, the value itself."""
    return value if rows == 1 else value / float(rows)


@dataclass(frozen=True)
class Operator:
    """How an operator computes, how tightly it binds, and how it is written around its arguments."""

    evaluate: Callable[..., Any]
    precedence: int
    pattern: str


ADDITION, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5

# NumPy's own functions on float64 scalars: the same code as the kernels use, so that the bits agree.
OPERATORS: dict[str, Operator] = {
    "add": Operator(np.add, ADDITION, "{} + {}"),
    "subtract": Operator(np.subtract, ADDITION, "{} − {}"),
    "multiply": Operator(np.multiply, PRODUCT, "{}{times}{}"),
    "divide": Operator(np.divide, PRODUCT, "{} / {}"),
    "negate": Operator(np.negative, SIGN, "−{}"),
    "square": Operator(np.square, POWER, "{}²"),
    "exp": Operator(np.exp, ATOM, "exp({})"),
    "log": Operator(np.log, ATOM, "log({})"),
    "tanh": Operator(np.tanh, ATOM, "tanh({})"),
    "max": Operator(lambda *values: np.maximum.reduce(values), ATOM, "max({})"),
    "step": Operator(lambda value: np.heaviside(value, 0.0), ATOM, "step({})"),
    "argmax": Operator(lambda *values: np.float64(np.argmax(values)), ATOM, "argmax({})"),
    "equal": Operator(lambda one, other: np.float64(one == other), ATOM, "equal({})"),
    "above_half": Operator(lambda value: np.float64(value > 0.5), ATOM, "above_half({})"),
}

Lookup = Callable[[str], np.ndarray]


def evaluate(expression: Expression, lookup: Lookup) -> float:
    """The expression's value in float64; `lookup` gives the array of a symbol."""
    return evaluations(lookup)(expression)


def evaluations(lookup: Lookup) -> Callable[[Expression], float]:
    """As `evaluate`, for many expressions that share parts: a part that is met again is not computed again."""
    known: dict[int, tuple[Expression, Any]] = {}  # by identity; the part itself is kept, so that its identity stays

    def value(node: Expression) -> Any:
        if isinstance(node, Number | Read):
            return np.float64(node.value)
        if isinstance(node, Element):
            return lookup(node.symbol)[node.index]
        found = known.get(id(node))
        if found is None:
            found = known[id(node)] = node, _computed(node, value)
        return found[1]

    def evaluated(node: Expression) -> float:
        with np.errstate(all="ignore"):
            return float(value(node))

    return evaluated


def _computed(expression: Expression, value: Callable[[Expression], Any]) -> Any:
    match expression:
        case Call(operator, arguments):
            return OPERATORS[operator].evaluate(*map(value, arguments))
        case Sum(terms) | Rest(terms):
            added = value(terms[0])
            for term in terms[1:]:
                added = added + value(term)
            return added
        case Choice(test, at_most_zero, above):
            return value(at_most_zero if value(test) <= 0 else above)
        case Named(_, part):
            return value(part)
    raise TypeError(f"not an expression: {expression!r}")


@dataclass(frozen=True)
class Style:
    """How `render` writes an element, a formula's own number, what is left out, what is named; what joins factors."""

    element: Callable[[Element], str]
    number: Callable[[Number], str] = lambda number: number.text or f"{number.value:g}"
    times: str = " · "
    rest: Callable[[Rest], str] = lambda rest: words.MORE_TERMS(len(rest.terms))
    named: Callable[[Named], str] = lambda named: named.name
    read: Callable[[Read], str] | None = None  # as its element, unless told otherwise


def render(expression: Expression, style: Style) -> str:
    """The expression as one line of text."""
    return _render(expression, style, leads=True)


def _render(expression: Expression, style: Style, *, leads: bool) -> str:
    """leads: nothing stands before it that a sign at its beginning could run into."""
    match expression:
        case Number():
            return style.number(expression)
        case Element():
            return style.element(expression)
        case Read(element):
            return style.element(element) if style.read is None else style.read(expression)
        case Sum(terms):
            pieces = (_wrapped(term, style, "add", not place, leads) for place, term in enumerate(terms))
            return " + ".join(pieces)
        case Rest():
            return style.rest(expression)
        case Named():
            return style.named(expression)
        case Choice(test, at_most_zero, above):
            low, high = render(at_most_zero, style), render(above, style)
            return words.CHOICE.format(low=low, test=render(test, style), high=high)
        case Call(name, arguments):
            operator = OPERATORS[name]
            if operator.precedence == ATOM:
                return operator.pattern.format(", ".join(render(argument, style) for argument in arguments))
            several = len(arguments) > 1
            pieces = (
                _wrapped(argument, style, name, several and not place, leads)
                for place, argument in enumerate(arguments)
            )
            return operator.pattern.format(*pieces, times=style.times)
    raise TypeError(f"not an expression: {expression!r}")


def _precedence(expression: Expression, style: Style) -> int:
    """How tightly its outermost operator binds; a negative number binds as its sign does."""
    match expression:
        case Number() | Element() | Read() | Rest() | Named():
            return SIGN if _render(expression, style, leads=True).startswith(("-", "−")) else ATOM
        case Sum():
            return ADDITION
        case Call(name):
            return OPERATORS[name].precedence
    return ATOM


def _wrapped(argument: Expression, style: Style, around: str, first: bool, leads: bool) -> str:
    """The argument, in parentheses where it binds less tightly than the operator `around` it.

    first: it is the first of several, so that reading from the left takes it together anyway; leads: as of the
    whole that it stands in. A sign that does not lead stands in parentheses: 0.1 × 0.5 + (−0.3) × 0.2.
    """
    inner, outer = _precedence(argument, style), OPERATORS[around].precedence
    leads = leads and first
    loose = inner < outer if first else inner <= outer
    if (loose and not _chain(argument, around)) or (inner == SIGN and not leads):
        return f"({render(argument, style)})"
    return _render(argument, style, leads=leads)


def _chain(argument: Expression, around: str) -> bool:
    """Whether parentheses would be pedantry: a product of products, a sum within a sum."""
    if isinstance(argument, Sum):
        return around == "add"
    return isinstance(argument, Call) and argument.operator == around == "multiply"


def elements_of(expression: Expression) -> tuple[Element, ...]:
    """The elements that occur in it, each once, in the order of reading."""
    found: dict[Element, None] = {}
    seen: set[int] = set()

    def visit(node: Expression) -> None:
        if isinstance(node, Element | Read):
            found[node if isinstance(node, Element) else node.element] = None
            return
        if id(node) in seen:
            return
        seen.add(id(node))
        match node:
            case Call(_, arguments):
                for argument in arguments:
                    visit(argument)
            case Sum(terms) | Rest(terms):
                for term in terms:
                    visit(term)
            case Choice(test, at_most_zero, above):
                for part in (test, at_most_zero, above):
                    visit(part)
            case Named(_, part):
                visit(part)

    visit(expression)
    return tuple(found)


def written(node: Expression) -> Iterator[Expression]:
    """The expression and all its parts, each as often as it is written; of a rest none."""
    yield node
    match node:
        case Call(_, parts) | Sum(parts):
            pass
        case Choice(test, low, high):
            parts = (test, low, high)
        case Named(_, part):
            parts = (part,)
        case _:
            return
    for part in parts:
        yield from written(part)
