"""Arithmetic as the program shows it, worked out again from the digits that are shown, by a reader of its own.

It knows the signs and words that stand in a line, and nothing of the program. Numbers are Python's decimals, so that a
digit counts as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, localcontext

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(e[+-]\d+)?")
_TOKEN = re.compile(
    r"\s*(?:(?P<rest>\(the other (?:term|[\d,]+ terms): (?P<value>-?[\d.]+(?:e[+-]\d+)?)\))"
    r"|(?P<number>\d+(?:\.\d+)?(?:e[+-]\d+)?)|(?P<word>[a-z_]+)|(?P<sign>[-−+×·*/²½√(),≤]|<=|\^2(?![\d.])|\^))"
)


class Unreadable(Exception):
    """A text that is no arithmetic in numbers alone."""


def places(number: str) -> Decimal:
    """The unit of the last digit of a number that is written out."""
    digits = Decimal(number).as_tuple()
    assert isinstance(digits.exponent, int)
    return Decimal(1).scaleb(digits.exponent)


def worked_out(text: str) -> Decimal:
    """What a text of arithmetic comes to. Raises Unreadable, and ArithmeticError where it comes to nothing finite."""
    with localcontext() as context:
        context.prec = 60
        context.Emax, context.Emin = 10**6, -(10**6)
        return +_Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        at = 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if match is None:
                raise Unreadable(text)
            if match["rest"]:
                self._tokens += [
                    "(",
                    *(["-"] if match["value"].startswith("-") else []),
                    match["value"].lstrip("-"),
                    ")",
                ]
            else:
                self._tokens.append(match[match.lastgroup or 0].strip())
            at = match.end()
        self._at = 0

    def whole(self) -> Decimal:
        found = self._sum()
        if self._at < len(self._tokens):
            raise Unreadable(" ".join(self._tokens))
        return found

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *wanted: str) -> str:
        token = self._next()
        if token not in wanted:
            raise Unreadable(" ".join(self._tokens))
        self._at += 1
        return token

    def _sum(self) -> Decimal:
        found = self._product()
        while self._next() in ("+", "-", "−") and self._next():
            sign = self._take("+", "-", "−")
            other = self._product()
            found = found + other if sign == "+" else found - other
        return found

    def _product(self) -> Decimal:
        found = self._signed()
        while self._next() in ("×", "·", "*", "/") and self._next():
            sign = self._take("×", "·", "*", "/")
            other = self._signed()
            found = found / other if sign == "/" else found * other
        return found

    def _signed(self) -> Decimal:
        if self._next() in ("-", "−") and self._next():
            self._at += 1
            return -self._signed()
        return self._squared()

    def _squared(self) -> Decimal:
        found = self._atom()
        while self._next() in ("²", "^2", "^") and self._next():
            sign = self._take("²", "^2", "^")
            found = found ** self._signed() if sign == "^" else found * found
        return found

    def _atom(self) -> Decimal:
        token = self._next()
        self._at += 1
        if token == "½":
            return Decimal("0.5")
        if token == "√":
            return self._atom().sqrt()
        if _NUMBER.fullmatch(token):
            return Decimal(token)
        if token == "(":
            found = self._sum()
            if self._next() == "if":
                found = self._choice(found)
            self._take(")")
            return found
        if token in _FUNCTIONS:
            self._take("(")
            arguments = [self._sum()]
            while self._next() == ",":
                self._at += 1
                arguments.append(self._sum())
            self._take(")")
            return _FUNCTIONS[token](*arguments)
        raise Unreadable(" ".join(self._tokens))

    def _choice(self, low: Decimal) -> Decimal:
        self._take("if")
        test = self._sum()
        self._take("≤", "<=")
        self._take("0")
        self._take("else")
        high = self._sum()
        return low if test <= 0 else high


def _tanh(value: Decimal) -> Decimal:
    if abs(value) > 100:
        return Decimal(1).copy_sign(value)
    power = (2 * value).exp()
    return (power - 1) / (power + 1)


def _argmax(*values: Decimal) -> Decimal:
    return Decimal(values.index(max(values)))


_FUNCTIONS: dict[str, Callable[..., Decimal]] = {
    "exp": lambda value: value.exp(),
    "log": lambda value: value.ln(),
    "tanh": _tanh,
    "max": lambda *values: max(values),
    "step": lambda value: Decimal(int(value > 0)),
    "argmax": _argmax,
    "equal": lambda one, other: Decimal(int(one == other)),
    "above_half": lambda value: Decimal(int(value > Decimal("0.5"))),
}
