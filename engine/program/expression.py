"""Scalar arithmetic as a small tree.

An operation says with such a tree how one element of its result is made of elements of its operands. The tree
has one table per interpretation: `evaluate` computes it, `render` writes it. It is built with Python's own
operators: `x[0, 1] * W[1, 0] + b[0]`, where `x`, `W` and `b` are `Operand`s, is such a tree. What an element is
called on the screen and how many digits are shown is left to the caller.

Whoever goes through a tree does so by `parts` and `rebuilt`, which know the kinds of nodes by their fields alone: a
new kind is a class and a row in each interpretation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeVar, TypeVarTuple

import numpy as np

from gradstep.engine.arrays import Index, Shape

_Sign = Callable[["Expression", "Expression | float"], "Expression"]


def _sign(operator: str) -> tuple[_Sign, _Sign]:
    """The methods that build a call of an operator: with the node to the left of its sign, and to the right."""
    return lambda left, right: call(operator, left, right), lambda right, left: call(operator, left, right)


class Expression:
    """A node of the tree; the arithmetic operators build larger ones.

    PARTS: the fields that hold the nodes below it, each of them a node or a tuple of nodes.
    """

    PARTS: ClassVar[tuple[str, ...]] = ()

    __add__, __radd__ = _sign("add")
    __sub__, __rsub__ = _sign("subtract")
    __mul__, __rmul__ = _sign("multiply")
    __truediv__, __rtruediv__ = _sign("divide")
    __pow__, __rpow__ = _sign("power")

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

    PARTS = ("arguments",)
    operator: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Sum(Expression):
    """A sum of any number of terms, added from the left."""

    PARTS = ("terms",)
    terms: tuple[Expression, ...]


@dataclass(frozen=True)
class Rest(Expression):
    """Terms of a sum that are not written out, taken together."""

    PARTS = ("terms",)
    terms: tuple[Expression, ...]


@dataclass(frozen=True)
class Named(Expression):
    """A part that is written by a name and told beside the expression, since it or its like is met more than once."""

    PARTS = ("part",)
    name: str
    part: Expression


@dataclass(frozen=True)
class Choice(Expression):
    """`at_most_zero` where `test` ≤ 0, otherwise `above` (also where `test` is NaN)."""

    PARTS = ("test", "at_most_zero", "above")
    test: Expression
    at_most_zero: Expression
    above: Expression


def _once(compute: Callable[[Any], int]) -> Callable[[Any], int]:
    """A node's hash, remembered in it: what it has in it may be shared, and would be gone through each time."""

    def remembered(node: Expression) -> int:
        known = node.__dict__.get("_hash")
        if known is None:
            known = node.__dict__["_hash"] = compute(node)
        return int(known)

    return remembered


for _kind in (Call, Sum, Rest, Named, Choice):
    setattr(_kind, "__hash__", _once(_kind.__hash__))  # noqa: B010 - a type checker knows no other way


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


def call(operator: str, *arguments: Expression | float) -> Expression:
    """An operator applied to arguments, for those that Python has no sign for: `call("exp", u)`."""
    return Call(operator, tuple(each if isinstance(each, Expression) else Number(float(each)) for each in arguments))


def total(terms: Sequence[Expression]) -> Expression:
    """The sum of the terms; of one term, the term itself."""
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


def mean(value: Expression, rows: int) -> Expression:
    """The value divided by N; of one row, the value itself."""
    return value if rows == 1 else value / float(rows)


Result = TypeVar("Result")
Context = TypeVarTuple("Context")


def parts(node: Expression) -> tuple[Expression, ...]:
    """The nodes right below a node, in the order of reading."""
    found: list[Expression] = []
    for name in node.PARTS:
        below = getattr(node, name)
        found += below if isinstance(below, tuple) else (below,)
    return tuple(found)


def rebuilt(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The same node with every part changed; a node without parts is itself."""
    made: dict[str, Any] = {}
    for name in node.PARTS:
        below = getattr(node, name)
        made[name] = tuple(map(change, below)) if isinstance(below, tuple) else change(below)
    return replace(node, **made) if made else node  # type: ignore[type-var]  # every kind is a dataclass


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything in it, in the order of reading; a node that is shared comes once."""
    waiting, seen = [expression], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting += reversed(parts(node))


def elements_of(expression: Expression) -> tuple[Element, ...]:
    """The elements that occur in it, each once, in the order of reading."""
    nodes = (node.element if isinstance(node, Read) else node for node in walk(expression))
    return tuple(dict.fromkeys(node for node in nodes if isinstance(node, Element)))


def memoised(function: Callable[[Expression, *Context], Result]) -> Callable[[Expression, *Context], Result]:
    """The function with its results remembered, node by node: one that is shared is not gone through again."""
    known: dict[tuple[Any, ...], tuple[Expression, Result]] = {}  # the node is kept, so that its identity stays

    def remembered(node: Expression, *context: *Context) -> Result:
        key = id(node), *context
        found = known.get(key)
        if found is None:
            found = known[key] = node, function(node, *context)
        return found[1]

    return remembered


@dataclass(frozen=True)
class Operator:
    """How an operator computes, how tightly it binds, and how it is written around its arguments."""

    evaluate: Callable[..., Any]
    precedence: int
    pattern: str


ADDITION, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5


def _weighed(weight: Any, value: Any) -> Any:
    """A product of which a weight of 0 leaves nothing, whatever it weighs: 0 log 0 is 0."""
    return np.where(weight == 0.0, 0.0, np.multiply(weight, value))[()]


# NumPy's own functions on float64 scalars: the same code as the kernels use, so that the bits agree.
OPERATORS: dict[str, Operator] = {
    "add": Operator(np.add, ADDITION, "{} + {}"),
    "subtract": Operator(np.subtract, ADDITION, "{} − {}"),
    "multiply": Operator(np.multiply, PRODUCT, "{}{times}{}"),
    "weigh": Operator(_weighed, PRODUCT, "{}{times}{}"),
    "divide": Operator(np.divide, PRODUCT, "{} / {}"),
    "negate": Operator(np.negative, SIGN, "−{}"),
    "square": Operator(np.square, POWER, "{}²"),
    "power": Operator(np.power, POWER, "{}^{}"),
    "exp": Operator(np.exp, ATOM, "exp({})"),
    "log": Operator(np.log, ATOM, "log({})"),
    "sqrt": Operator(np.sqrt, ATOM, "√({})"),
    "abs": Operator(np.absolute, ATOM, "abs({})"),
    "sin": Operator(np.sin, ATOM, "sin({})"),
    "cos": Operator(np.cos, ATOM, "cos({})"),
    "tanh": Operator(np.tanh, ATOM, "tanh({})"),
    "erf": Operator(lambda value: np.float64(math.erf(value)), ATOM, "erf({})"),
    "max": Operator(lambda *values: np.maximum.reduce(values), ATOM, "max({})"),
    "min": Operator(lambda *values: np.minimum.reduce(values), ATOM, "min({})"),
    "less": Operator(lambda one, other: np.float64(one < other), ATOM, "less({})"),
    "at_most": Operator(lambda one, other: np.float64(one <= other), ATOM, "at_most({})"),
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

    def value(node: Expression) -> Any:
        if isinstance(node, Number | Read):
            return np.float64(node.value)
        if isinstance(node, Element):
            return lookup(node.symbol)[node.index]
        return computed(node)

    computed = memoised(lambda node: _computed(node, value))

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
