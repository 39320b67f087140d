"""An expression as one line of text, with parentheses only where they are needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradstep.engine.program.expression import (
    ADDITION,
    ATOM,
    OPERATORS,
    POWER,
    SIGN,
    Call,
    Choice,
    Element,
    Expression,
    Named,
    Number,
    Read,
    Rest,
    Sum,
)
from gradstep.engine.words import operations as words


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
            several = len(arguments) > 1 and name != "power"  # a power within a power stands in parentheses
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
    text = _render(argument, style, leads=leads)
    # A name that is written as a quotient, such as ∂E/∂w5, would have its last part raised.
    return f"({text})" if outer == POWER and isinstance(argument, Element) and "/" in text else text


def _chain(argument: Expression, around: str) -> bool:
    """Whether parentheses would be pedantry: a product of products, a sum within a sum."""
    if isinstance(argument, Sum):
        return around == "add"
    return isinstance(argument, Call) and argument.operator == around == "multiply"
