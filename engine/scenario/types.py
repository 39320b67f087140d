"""The types of values in scenario and session files: each checks a value, converts it, and describes itself.

A type says in words what it expects, for error messages and documentation, and as a JSON schema.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradstep.engine.arrays import MOST_DIMENSIONS, Shape, written
from gradstep.engine.errors import Problem, clipped, closest
from gradstep.engine.strictjson import NOT_FINITE
from gradstep.engine.words import types as words

Json = dict[str, Any]

MOST_SIZE = 10_000  # of an image, in rows or columns


class Mismatch(Problem):
    """A value that is not of its type. where: the place inside it, such as "[1][0]"."""

    def __init__(self, problem: str, where: str = "") -> None:
        super().__init__(problem)
        self.where = where


def mismatch(value: Any, expected: str, where: str = "") -> Mismatch:
    """The error of a value that is something else than expected."""
    return Mismatch(words.MISMATCH.format(found=found(value), expected=expected), where)


@dataclass(frozen=True)
class Type:
    """check gives the converted value or raises Mismatch."""

    expected: str
    check: Callable[[Any], Any]
    json: Mapping[str, Any]

    def then(self, convert: Callable[[Any], Any]) -> Type:
        """The same, converted further; `convert` may raise Mismatch, too."""
        return replace(self, check=lambda value: convert(self.check(value)))

    def inside(self, where: str, value: Any) -> Any:
        """The converted value of one that stands at a place inside another."""
        try:
            return self.check(value)
        except Mismatch as error:
            raise Mismatch(str(error), where + error.where) from None


def found(value: Any) -> str:
    """A value as an error message names it, short."""
    match value:
        case None:
            return words.NOTHING
        case bool():
            return "true" if value else "false"
        case str():
            return words.THE_TEXT.format(text=clipped(value))
        case int() | float():
            return clipped(str(value))
        case list():
            return words.LIST_OF.format(count=len(value))
        case dict():
            return words.A_TABLE
    return words.OF_TYPE.format(type=type(value).__name__)


def _only(holds: Callable[[Any], bool], expected: str, json: Json) -> Type:
    """The values for which something holds, as they are."""

    def check(value: Any) -> Any:
        if not holds(value):
            raise mismatch(value, expected)
        return value

    return Type(expected, check, json)


def truth() -> Type:
    """true or false."""
    return _only(lambda value: isinstance(value, bool), words.TRUE_OR_FALSE, {"type": "boolean"})


def text() -> Type:
    """Any text."""
    return _only(lambda value: isinstance(value, str), words.TEXT, {"type": "string"})


def identifier() -> Type:
    """A name that can be typed: letters of any script, digits, underscores."""

    def holds(value: Any) -> bool:
        return isinstance(value, str) and value.isidentifier() and len(value) <= 60

    return _only(holds, words.NAME, {"type": "string", "minLength": 1, "maxLength": 60})


def one_of(*options: str) -> Type:
    """One of a few words."""
    expected = words.ONE_OF.format(options=", ".join(options)) if len(options) > 1 else f'"{options[0]}"'

    def check(value: Any) -> str:
        if value not in options:
            hint = closest(value, options) if isinstance(value, str) else ""
            raise Mismatch(words.MISMATCH.format(found=found(value) + hint, expected=expected))
        return str(value)

    return Type(expected, check, {"enum": list(options)})


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def whole(low: int, high: int = 10**9, expected: str = "") -> Type:
    """A whole number in a range."""
    expected = expected or (words.WHOLE_NUMBER.format(low=low, high=high) if low != high else str(low))
    json = {"type": "integer", "minimum": low, "maximum": high}
    return _only(lambda value: _is_whole(value) and low <= value <= high, expected, json)


def number(low: float = -math.inf, high: float = math.inf, below: float = math.inf) -> Type:
    """A finite number in a range, in float64, and less than `below`."""
    if below < math.inf:
        expected = words.NUMBER_BELOW.format(low=low, below=below)
    elif high < math.inf:
        expected = words.NUMBER_BETWEEN.format(low=low, high=high)
    else:
        expected = words.NUMBER if low == -math.inf else words.NUMBER_FROM.format(low=low)

    def check(value: Any) -> float:
        try:
            real = float(value) if _is_whole(value) or isinstance(value, float) else math.nan
        except OverflowError:
            real = math.inf
        if not (math.isfinite(real) and low <= real <= high and real < below):
            raise mismatch(value, expected)
        return real

    bounds = {"minimum": low, "maximum": high, "exclusiveMaximum": below}
    return Type(expected, check, {"type": "number"} | {key: end for key, end in bounds.items() if math.isfinite(end)})


def printed() -> Type:
    """A number, a number as text, or a truth, as a source prints it."""

    def holds(value: Any) -> bool:
        return isinstance(value, str | float) or (isinstance(value, int) and abs(value) < 2**1023)

    return _only(holds, words.PRINTED, {"type": ["string", "number", "boolean"]})


def any_of(expected: str, pick: Callable[[Any], int], *options: Type) -> Type:
    """One of several types; `pick` tells from a value which."""

    def check(value: Any) -> Any:
        try:
            return options[pick(value)].check(value)
        except Mismatch as error:
            raise error if error.where else mismatch(value, expected) from None

    return Type(expected, check, {"anyOf": [dict(option.json) for option in options]})


def double() -> Type:
    """Any number; in JSON one that is not finite is a text."""
    finite, special = number(), one_of(*NOT_FINITE).then(NOT_FINITE.__getitem__)
    return any_of(finite.expected, lambda value: isinstance(value, str), finite, special)


def number_or_formula() -> Type:
    """A finite number, or the text of a formula."""
    return any_of(words.NUMBER_OR_FORMULA, lambda value: isinstance(value, str), number(), text())


def list_of(each: Type, expected: str = words.LIST, least: int = 0, most: int | None = None) -> Type:
    """A list of so many values of one type; as a tuple."""

    def check(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) < least or (most is not None and len(value) > most):
            raise mismatch(value, expected)
        return tuple(each.inside(f"[{place}]", item) for place, item in enumerate(value))

    bounds = ({"minItems": least} if least else {}) | ({} if most is None else {"maxItems": most})
    return Type(expected, check, {"type": "array", "items": dict(each.json)} | bounds)


def record(types: Mapping[str, Type], **defaults: Any) -> Type:
    """A table with these keys, of which only those with a default may be missing; others do not count."""

    def check(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise mismatch(value, words.A_TABLE)
        return {name: each.inside(f".{name}", value.get(name, defaults.get(name))) for name, each in types.items()}

    properties = {name: dict(each.json) for name, each in types.items()}
    required = [name for name in types if name not in defaults]
    return Type(words.A_TABLE, check, {"type": "object", "properties": properties, "required": required})


def sizes(count: int) -> Type:
    """So many whole numbers from 1 on."""
    return list_of(whole(1, MOST_SIZE), words.SIZES(count, most=MOST_SIZE), count, count)


def numbers(expected: str = words.NUMBERS) -> Type:
    """A list of numbers, as a vector."""
    return list_of(number(), expected, 1).then(np.array)


def rows() -> Type:
    """Rows of equally many numbers, as a matrix."""
    return _blocks(2)


def _blocks(dimensions: int) -> Type:
    """Lists of lists of numbers, so deep, all of one depth as long as each other, as an array."""
    inner = _blocks(dimensions - 1) if dimensions > 2 else numbers(words.ROW)
    expected = words.BLOCKS.format(count=dimensions) if dimensions > 2 else words.ROWS

    def array(converted: tuple[Any, ...]) -> Any:
        for place, each in enumerate(converted):
            if each.shape != converted[0].shape:
                raise Mismatch(_another_shape(each.shape, converted[0].shape), f"[{place}]")
        return np.array(converted)

    return list_of(inner, expected, 1).then(array)


def _another_shape(shape: Shape, first: Shape) -> str:
    if len(shape) > 1:
        return words.MISMATCH.format(found=written(shape), expected=words.AS_THE_FIRST.format(shape=written(first)))
    expected = words.AS_MANY_AS_IN_ROW_0.format(count=first[0])
    return words.MISMATCH.format(found=words.SO_MANY_NUMBERS(shape[0]), expected=expected)


def depth(value: Any) -> int:
    """0 for what is no list, 1 for a list, 2 for rows, up to as many dimensions as an array may have."""
    found = 0
    while isinstance(value, list) and found < MOST_DIMENSIONS:
        value, found = value[0] if value else None, found + 1
    return found


def array() -> Type:
    """A number, a list or rows of numbers, or lists of such rows, as an array of that shape."""
    deeper = (_blocks(dimensions) for dimensions in range(2, MOST_DIMENSIONS + 1))
    return any_of(words.ARRAY, depth, number().then(np.array), numbers(), *deeper)


def texts() -> Type:
    """A list of texts."""
    return list_of(text(), words.TEXTS)


def text_or_texts() -> Type:
    """One text, or a list of them; as a tuple."""
    one, many = text().then(lambda value: (value,)), list_of(text(), least=1)
    return any_of(words.TEXT_OR_TEXTS, lambda value: isinstance(value, list), one, many)


def nested(leaf: Type, expected: str) -> Type:
    """A leaf, a list or rows of them; kept as nested lists."""

    def or_list_of(inner: Type, expected: str) -> Type:
        return any_of(expected, lambda value: isinstance(value, list), leaf, list_of(inner).then(list))

    return or_list_of(or_list_of(leaf, leaf.expected), expected)
