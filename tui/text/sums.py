"""Whether numbers that are written with so many digits give the number that is said to come of them.

Rounded factors do not always: (1 − 0.999999998) has one digit that counts. Between numbers that do not give what stands
behind them there is no "=": they are written with more digits, or the sign is another. It is worked out in decimals, as
a reader does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Context, Decimal, localcontext
from typing import Any

from gradstep.engine.program.expression import (
    Call,
    Choice,
    Element,
    Expression,
    Named,
    Number,
    Read,
    Rest,
    Sum,
    evaluate,
    memoised,
    rebuilt,
)
from gradstep.tui.text.numbers import FULL_PRECISION, plain_number

SIGNS = EQUAL, NEARLY, UNEQUAL = "=", "≈", "≠"
OFF = 0.9  # units of the last digit by which what is worked out may be off: half of one, and what rounding adds
MORE = (1, 2, 3, 5)  # digits, of numbers that are not as they are wanted
ALL = (18, 22, 26)  # digits, of which a double has more than it takes to tell it from others
CONTEXT = Context(prec=50, Emax=10**6, Emin=-(10**6))


def finer(digits: int) -> Iterator[int]:
    """Numbers of digits to try for what something is made of, beginning with those that are wanted."""
    yield digits
    if digits < FULL_PRECISION:
        yield from (digits + more for more in MORE if digits + more < FULL_PRECISION)
        yield from ALL


def written(value: float, digits: int) -> str:
    """A number as `plain_number` writes it; with more digits than it knows, as it is."""
    if digits <= FULL_PRECISION or not math.isfinite(value) or value == 0.0:
        return plain_number(value, min(digits, FULL_PRECISION))
    if 1e-3 <= abs(value) < 1e7:
        return f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return f"{value:.{digits}e}"


def sign_between(
    expression: Expression, shown: Callable[[Expression], str], text: str, value: float, digits: int
) -> str:
    """What stands between the arithmetic of numbers as they are written and their result.

    shown: the text of an element, or of what is written by its value. text: the result, as it is written; value: as it
    is; digits: with how many of them. "≠" where one of the two is not finite and not the other one.
    """

    @memoised
    def read(node: Expression) -> Expression:
        if isinstance(node, Element | Read | Rest | Named):
            return Number(_number(shown(node)))
        return rebuilt(node, read)

    found = evaluate(read(expression), _nothing)
    if not (math.isfinite(found) and math.isfinite(value)):
        return EQUAL if found == value or (math.isnan(found) and math.isnan(value)) else UNEQUAL
    if digits >= FULL_PRECISION:
        return EQUAL if found == value else NEARLY
    try:
        with localcontext(CONTEXT):
            off = abs(worked_out(expression, shown) - Decimal(text)) / unit(text, digits)
    except ArithmeticError:  # numbers beyond all decimals
        return NEARLY
    return EQUAL if off <= OFF else NEARLY


def nearly(value: Decimal | float, text: str, cells: int = 0) -> str:
    """What stands between a number that was worked out and one that is written, in so many cells or as it is."""
    if not math.isfinite(value):
        return EQUAL
    off = abs(Decimal(value) - Decimal(text.strip())) / (cell_unit(text, cells) if cells else unit(text, 0))
    return EQUAL if off <= OFF else NEARLY


def cell_unit(text: str, cells: int) -> Decimal:
    """The unit of the last digit of a number in cells, zeros at whose end may be blanks."""
    if "e" in text:
        return unit(text.strip(), 0)
    point = text.find(".")
    return Decimal(1).scaleb(-max(0, cells - (len(text.rstrip()) if point < 0 else point) - 1))


def total_sign(numbers: Sequence[str], factor: float, text: str, cells: int) -> str:
    """What stands between numbers that are added, times a factor, and their sum."""
    if any(not _finite(number) for number in (*numbers, text)):
        return EQUAL
    with localcontext(CONTEXT):
        found = sum((Decimal(number.strip()) for number in numbers), start=Decimal(0)) * Decimal(factor)
        return nearly(found, text, cells)


def _finite(text: str) -> bool:
    return math.isfinite(float(text))


def unit(text: str, digits: int) -> Decimal:
    """The unit of the last digit of a number that is written with so many, zeros at the end being left out."""
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return Decimal(1).scaleb(int(exponent or 0) - max(decimals, digits))


def worked_out(
    expression: Expression, shown: Callable[[Expression], str], parts: Mapping[Expression, str] | None = None
) -> Decimal:
    """What arithmetic comes to, of its numbers as they are written. parts: what stands there as one number."""

    @memoised
    def value(node: Expression) -> Decimal:
        if parts and node in parts:
            return Decimal(parts[node])
        match node:
            case Number(number, text):
                return _as_written(number, text)
            case Call(operator, arguments):
                return IN_DECIMALS[operator](*map(value, arguments))
            case Sum(terms):
                return sum(map(value, terms), start=Decimal(0))
            case Choice(test, at_most_zero, above):
                return value(at_most_zero if value(test) <= 0 else above)
        return Decimal(shown(node).replace("−", "-"))

    return value(expression)


def _as_written(number: float, text: str) -> Decimal:
    """A number of the formula with the digits that stand there; its value where a sign or a name does, ½ or N."""
    digits = text.replace("−", "-")
    return Decimal(digits if digits.lstrip("-")[:1].isdecimal() else repr(number))


def _tanh(value: Decimal) -> Decimal:
    power = (2 * min(max(value, Decimal(-99)), Decimal(99))).exp()
    return (power - 1) / (power + 1)


IN_DECIMALS: dict[str, Callable[..., Decimal]] = {
    "add": lambda one, other: one + other,
    "subtract": lambda one, other: one - other,
    "multiply": lambda one, other: one * other,
    "weigh": lambda weight, value: weight * value,
    "divide": lambda one, other: one / other,
    "negate": lambda value: -value,
    "square": lambda value: value * value,
    "power": lambda one, other: one**other,
    "exp": lambda value: value.exp(),
    "log": lambda value: value.ln(),
    "sqrt": lambda value: value.sqrt(),
    "abs": abs,
    "sin": lambda value: Decimal(math.sin(value)),  # more digits than are shown
    "cos": lambda value: Decimal(math.cos(value)),
    "tanh": _tanh,
    "erf": lambda value: Decimal(math.erf(value)),
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "step": lambda value: Decimal(int(value > 0)),
    "argmax": lambda *values: Decimal(values.index(max(values))),
    "equal": lambda one, other: Decimal(int(one == other)),
    "less": lambda one, other: Decimal(int(one < other)),
    "at_most": lambda one, other: Decimal(int(one <= other)),
    "above_half": lambda value: Decimal(int(value > Decimal("0.5"))),
}


def _number(text: str) -> float:
    """A number as it is read: with a minus of ours, inf and NaN."""
    return float(text.replace("−", "-"))


def _nothing(symbol: str) -> Any:
    raise KeyError(symbol)
