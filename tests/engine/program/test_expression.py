"""Expressions: what is written reads as the tree that was meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from gradstep.engine.program.expression import (
    OPERATORS,
    Call,
    Choice,
    Element,
    Expression,
    Number,
    Sum,
    elements_of,
    evaluate,
    parts,
    rebuilt,
    total,
    walk,
)
from gradstep.engine.program.rendering import Style, render

VALUES = {"a": Fraction(3, 2), "b": Fraction(-7, 3), "c": Fraction(5), "d": Fraction(0), "e": Fraction(-1, 4)}

# What each operator means in exact arithmetic; functions are others here, only which one is applied to what counts.
FUNCTIONS: dict[str, Any] = {
    "exp": lambda v: 3 * v + 1,
    "log": lambda v: 5 - 2 * v,
    "sqrt": lambda v: v / 3 - 2,
    "abs": abs,
    "sin": lambda v: 2 - v,
    "cos": lambda v: 4 * v,
    "tanh": lambda v: v / 7,
    "erf": lambda v: v / 5 + 3,
    "max": max,
    "min": min,
    "step": lambda v: Fraction(v > 0),
    "argmax": lambda *v: Fraction(v.index(max(v))),
    "equal": lambda a, b: Fraction(a == b),
    "above_half": lambda v: Fraction(2 * v > 1),
    "less": lambda a, b: Fraction(a < b),
    "at_most": lambda a, b: Fraction(a <= b),
}
EXACT: dict[str, Any] = FUNCTIONS | {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "weigh": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negate": lambda a: -a,
    "square": lambda a: a * a,
    "power": lambda a, b: 3 * a + 2 * b + 1,
}
COUNTS = {
    **{"add": 2, "subtract": 2, "multiply": 2, "weigh": 2, "divide": 2, "power": 2},
    **{"max": 3, "min": 2, "argmax": 2, "equal": 2, "less": 2, "at_most": 2},
}


class Exact:
    """A fraction, of which a power is what `EXACT` says."""

    def __init__(self, value: Fraction | int) -> None:
        self.value = Fraction(value)

    def __pow__(self, other: Exact | int) -> Exact:
        if isinstance(other, int):
            return Exact(self.value**other)
        return Exact(EXACT["power"](self.value, other.value))

    def __add__(self, other: Exact) -> Exact:
        return Exact(self.value + other.value)

    def __sub__(self, other: Exact) -> Exact:
        return Exact(self.value - other.value)

    def __mul__(self, other: Exact) -> Exact:
        return Exact(self.value * other.value)

    def __truediv__(self, other: Exact) -> Exact:
        return Exact(self.value / other.value)

    def __neg__(self) -> Exact:
        return Exact(-self.value)

    def __le__(self, other: Exact) -> bool:
        return self.value <= other.value


a, b, c, d = (Element(name, ()) for name in "abcd")


def exactly(expression: Expression) -> Fraction:
    """The value of the tree itself."""
    match expression:
        case Number(value):
            return Fraction(value)
        case Element(symbol, _):
            return VALUES[symbol]
        case Sum(terms):
            return sum((exactly(term) for term in terms), Fraction(0))
        case Choice(test, low, high):
            return exactly(low if exactly(test) <= 0 else high)
        case Call(operator, arguments):
            return EXACT[operator](*map(exactly, arguments))
    raise AssertionError(expression)


def read(text: str) -> Fraction:
    """The value of what is written, by Python's rules of precedence, which are those of mathematics."""
    python = re.sub(r"\d+", r"F(\g<0>)", text).replace("²", "**2")
    python = python.replace("·", "*").replace("−", "-").replace("≤", "<=").replace("^", "**").replace("√", "sqrt")
    known = {name: partial(_applied, function) for name, function in FUNCTIONS.items()}
    found = eval(python, {"F": Exact, **known, **{name: Exact(value) for name, value in VALUES.items()}})
    return Fraction(found.value)


def _applied(function: Callable[..., Fraction], *arguments: Exact) -> Exact:
    return Exact(function(*(argument.value for argument in arguments)))


PLAIN = Style(lambda element: element.symbol)
# With the values of the elements in place of their names: negative ones bring signs of their own.
IN_NUMBERS = Style(lambda element: f"{int(VALUES[element.symbol]):d}".replace("-", "−"))

leaves = st.sampled_from(list("abcde")).map(lambda name: Element(name, ())) | st.integers(-3, 3).map(
    lambda n: Number(float(n))
)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    calls = [
        st.tuples(*[inner] * COUNTS.get(name, 1)).map(lambda arguments, name=name: Call(name, arguments))
        for name in OPERATORS
    ]
    sums = st.lists(inner, min_size=2, max_size=4).map(lambda terms: Sum(tuple(terms)))
    choices = st.tuples(inner, inner, inner).map(lambda parts: Choice(*parts))
    return st.one_of(*calls, sums, choices)


expressions = st.recursive(leaves, _larger, max_leaves=8)


def test_every_operator_is_tried() -> None:
    assert set(EXACT) == set(OPERATORS)


@given(expressions)
@example(a / (b * c))
@example(a - Sum((b, c, a)))
@example(a - (b - c))
@example(Call("square", (Call("negate", (a,)),)))
@example(Call("negate", (Call("square", (a,)),)))
@example(a**b**c)
@example((a**b) ** c)
@example((-a) ** b)
@example(-(a**b))
@example(a ** (-b))
@settings(max_examples=400, deadline=None)
def test_what_is_written_reads_as_the_tree_that_was_meant(expression: Expression) -> None:
    try:
        expected = exactly(expression)
    except ZeroDivisionError:
        assume(False)
    assert read(render(expression, PLAIN)) == expected, render(expression, PLAIN)


@given(expressions)
@settings(max_examples=200, deadline=None)
def test_negative_numbers_in_place_of_names_keep_their_signs_to_themselves(expression: Expression) -> None:
    whole = {name: Fraction(int(value)) for name, value in VALUES.items()}

    def put(node: Expression) -> Expression:
        return Number(float(whole[node.symbol])) if isinstance(node, Element) else rebuilt(node, put)

    try:
        expected = exactly(put(expression))
    except ZeroDivisionError:
        assume(False)
    assert read(render(expression, IN_NUMBERS)) == expected, render(expression, IN_NUMBERS)


@given(expressions)
@settings(max_examples=200, deadline=None)
def test_no_two_signs_and_no_two_squares_stand_together(expression: Expression) -> None:
    text = render(expression, IN_NUMBERS)
    assert "²²" not in text
    assert "−−" not in text.replace("-", "−")


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (a * b * c, "a · b · c"),
        (a * (b * c), "a · b · c"),
        (total([a * b, c * d]) + a, "a · b + c · d + a"),
        (1.0 / (Call("exp", (-a,)) + 1.0), "1 / (exp(−a) + 1)"),
        (a * (b * (1.0 - b)), "a · b · (1 − b)"),
        (Number(0.5, "½") * Sum((Call("square", (a - b,)), Call("square", (c - d,)))), "½ · ((a − b)² + (c − d)²)"),
        (a - b * c, "a − b · c"),
        (a - (-b), "a − (−b)"),
        (a + (-b), "a + (−b)"),
        (a * (-b), "a · (−b)"),
        (-a * b, "−a · b"),
        (c + -a * b, "c + (−a) · b"),
        (total([-a * b, -c * d]), "−a · b + (−c) · d"),
        ((c + -a * b) * d, "(c + (−a) · b) · d"),
        (c * (-a + b), "c · (−a + b)"),
        (a - Sum((b, c)), "a − (b + c)"),
        (a / (b * c), "a / (b · c)"),
        (Choice(a, Number(0.0), b), "(0 if a ≤ 0 else b)"),
    ],
)
def test_parentheses_stand_only_where_they_are_needed(expression: Expression, text: str) -> None:
    assert render(expression, PLAIN) == text


@given(expressions)
@settings(max_examples=100, deadline=None)
def test_the_elements_of_an_expression_are_those_whose_values_it_asks_for(expression: Expression) -> None:
    asked: set[str] = set()

    def lookup(symbol: str) -> np.ndarray:
        asked.add(symbol)
        return np.asarray(float(VALUES[symbol]))

    evaluate(expression, lookup)
    found = [element.symbol for element in elements_of(expression)]
    written = render(expression, Style(lambda element: f"⟨{element.symbol}⟩", number=lambda number: "1"))
    assert asked <= set(found)  # a choice asks for one of its two sides only
    assert sorted(found) == sorted(set(re.findall(r"⟨(\w)⟩", written)))


@given(expressions)
@settings(max_examples=100, deadline=None)
def test_a_node_rebuilt_of_its_own_parts_is_the_same(expression: Expression) -> None:
    def again(node: Expression) -> Expression:
        return rebuilt(node, again)

    assert again(expression) == expression
    assert {*walk(expression)} == {expression}.union(*({*walk(part)} for part in parts(expression)))


@dataclass(frozen=True)
class _Weighted(Expression):
    """A kind of node that only its fields tell of."""

    PARTS = ("weight", "of")
    weight: Expression
    of: tuple[Expression, ...]


def test_a_new_kind_of_node_is_gone_through_by_its_fields_alone() -> None:
    node = Sum((_Weighted(a * b, (b, c)), d))
    assert elements_of(node) == (a, b, c, d)

    def put(part: Expression) -> Expression:
        return d if part == b else rebuilt(part, put)

    assert put(node) == Sum((_Weighted(a * d, (d, c)), d))


def test_what_is_shared_is_gone_through_once() -> None:
    node: Expression = a
    for _ in range(200):  # as a tree it has 2²⁰⁰ leaves
        node = node + node
    assert len([*walk(node)]) == 201
    assert evaluate(node, lambda symbol: np.asarray(1.0)) == 2.0**200
