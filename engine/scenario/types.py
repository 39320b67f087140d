"""What a value in a scenario file may be: each kind checks a value, converts it, and describes itself.

A kind says in words what it expects, for error messages and documentation, and as a JSON schema.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradstep.engine.errors import clipped, closest
from gradstep.engine.words import types as words

Json = dict[str, Any]

MOST_SIZE = 10_000  # of an image, in rows or columns


class Mismatch(ValueError):
    """A value that is not of its kind: where inside it (such as "[1][0]"), what was found, what is expected."""

    def __init__(self, where: str, found: str, expected: str) -> None:
        super().__init__(words.MISMATCH.format(found=found, expected=expected))
        self.where = where


@dataclass(frozen=True)
class Kind:
    """check gives the converted value or raises Mismatch."""

    expected: str
    check: Callable[[Any], Any]
    json: Mapping[str, Any]


def found(value: Any) -> str:
    """A value as an error message names it, short."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return words.THE_TEXT.format(text=clipped(value))
        case int() | float():
            return clipped(str(value))
        case list():
            return words.LIST_OF.format(count=len(value))
        case dict():
            return words.TABLE
    return words.OF_TYPE.format(type=type(value).__name__)


def truth() -> Kind:
    """true or false."""

    def check(value: Any) -> bool:
        if not isinstance(value, bool):
            raise Mismatch("", found(value), words.TRUE_OR_FALSE)
        return value

    return Kind(words.TRUE_OR_FALSE, check, {"type": "boolean"})


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _real(value: Any, where: str, expected: str) -> float:
    """The number in float64; neither text nor NaN nor an integer too large for a double."""
    if not _is_number(value):
        raise Mismatch(where, found(value), expected)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Mismatch(where, found(value), expected)
    return number


def text() -> Kind:
    """Any text."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise Mismatch("", found(value), words.TEXT)
        return value

    return Kind(words.TEXT, check, {"type": "string"})


def one_of(*options: str) -> Kind:
    """One of a few words."""
    expected = words.ONE_OF.format(options=", ".join(options)) if len(options) > 1 else f'"{options[0]}"'

    def check(value: Any) -> str:
        if value not in options:
            hint = closest(value, options) if isinstance(value, str) else ""
            raise Mismatch("", found(value) + hint, expected)
        return str(value)

    return Kind(expected, check, {"enum": list(options)})


def whole(low: int, high: int = 10**9) -> Kind:
    """A whole number in a range."""
    expected = words.WHOLE_NUMBER.format(low=low, high=high) if low != high else str(low)

    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Mismatch("", found(value), expected)
        return value

    return Kind(expected, check, {"type": "integer", "minimum": low, "maximum": high})


def sizes(count: int) -> Kind:
    """So many whole numbers from 1 on."""
    expected = words.SIZES(count, most=MOST_SIZE)

    def check(value: Any) -> tuple[int, ...]:
        each = whole(1, MOST_SIZE)
        if not isinstance(value, list) or len(value) != count:
            raise Mismatch("", found(value), expected)
        for place, item in enumerate(value):
            try:
                each.check(item)
            except Mismatch as mismatch:
                raise Mismatch(f"[{place}]", found(item), each.expected) from mismatch
        return tuple(value)

    items = whole(1, MOST_SIZE).json
    return Kind(expected, check, {"type": "array", "items": items, "minItems": count, "maxItems": count})


def number(low: float | None = None) -> Kind:
    """A finite number, at least `low`."""
    expected = words.NUMBER if low is None else words.NUMBER_FROM.format(low=low)

    def check(value: Any) -> float:
        real = _real(value, "", expected)
        if low is not None and real < low:
            raise Mismatch("", found(value), expected)
        return real

    return Kind(expected, check, {"type": "number"} | ({} if low is None else {"minimum": low}))


def numbers() -> Kind:
    """A list of numbers, as a vector."""
    expected = words.NUMBERS

    def check(value: Any) -> Any:
        if not isinstance(value, list) or not value:
            raise Mismatch("", found(value), expected)
        return np.array([_real(item, f"[{place}]", words.NUMBER) for place, item in enumerate(value)])

    return Kind(expected, check, {"type": "array", "items": {"type": "number"}, "minItems": 1})


_ROWS_JSON: Json = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "array", "minItems": 1, "items": {"type": "number"}},
}


def rows() -> Kind:
    """Rows of equally many numbers, as a matrix."""
    expected = words.ROWS

    def check(value: Any) -> Any:
        if not isinstance(value, list) or not value:
            raise Mismatch("", found(value), expected)
        converted: list[list[float]] = []
        for place, row in enumerate(value):
            if not isinstance(row, list) or not row:
                raise Mismatch(f"[{place}]", found(row), words.ROW)
            if converted and len(row) != len(converted[0]):
                expected_here = words.AS_MANY_AS_IN_ROW_0.format(count=len(converted[0]))
                raise Mismatch(f"[{place}]", words.SO_MANY_NUMBERS(len(row)), expected_here)
            cells = [_real(item, f"[{place}][{column}]", words.NUMBER) for column, item in enumerate(row)]
            converted.append(cells)
        return np.array(converted)

    return Kind(expected, check, _ROWS_JSON)


def rows_or_labels() -> Kind:
    """Rows of numbers, or a flat list of class labels (kept as a list of integers)."""
    expected = words.ROWS_OR_LABELS
    as_rows = rows()

    def check(value: Any) -> Any:
        if isinstance(value, list) and value and not isinstance(value[0], list):
            for place, item in enumerate(value):
                if not isinstance(item, int) or isinstance(item, bool) or not 0 <= item < 10**6:
                    raise Mismatch(f"[{place}]", found(item), words.CLASS_LABEL)
            return value
        if not isinstance(value, list) or not value:
            raise Mismatch("", found(value), expected)
        return as_rows.check(value)

    labels = {"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 0}}
    return Kind(expected, check, {"anyOf": [dict(_ROWS_JSON), labels]})


def array() -> Kind:
    """A number, a list or rows of numbers, as an array of that shape."""
    expected = words.ARRAY
    as_list, as_rows = numbers(), rows()

    def check(value: Any) -> Any:
        if isinstance(value, list):
            return (as_rows if value and isinstance(value[0], list) else as_list).check(value)
        return np.array(_real(value, "", expected))

    return Kind(expected, check, {"anyOf": [{"type": "number"}, dict(as_list.json), dict(_ROWS_JSON)]})


def texts() -> Kind:
    """A list of texts."""
    expected = words.TEXTS

    def check(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise Mismatch("", found(value), expected)
        for place, item in enumerate(value):
            if not isinstance(item, str):
                raise Mismatch(f"[{place}]", found(item), words.TEXT)
        return tuple(value)

    return Kind(expected, check, {"type": "array", "items": {"type": "string"}})


def text_or_texts() -> Kind:
    """One text, or a list of them; as a tuple."""
    many = texts()

    def check(value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            return (value,)
        checked: tuple[str, ...] = many.check(value)
        if not checked:
            raise Mismatch("", words.EMPTY_LIST, words.TEXT_OR_TEXTS)
        return checked

    return Kind(words.TEXT_OR_TEXTS, check, {"anyOf": [{"type": "string"}, dict(many.json)]})


def identifier() -> Kind:
    """A name that can be typed: letters of any script, digits, underscores."""
    expected = words.NAME

    def check(value: Any) -> str:
        if not isinstance(value, str) or not value.isidentifier() or len(value) > 60:
            raise Mismatch("", found(value), expected)
        return value

    return Kind(expected, check, {"type": "string", "minLength": 1, "maxLength": 60})


def nested(leaf: Kind, expected: str) -> Kind:
    """A leaf, a list or rows of them; kept as nested lists."""

    def check(value: Any, where: str = "", depth: int = 0) -> Any:
        if isinstance(value, list) and depth < 2:
            return [check(item, f"{where}[{place}]", depth + 1) for place, item in enumerate(value)]
        try:
            return leaf.check(value)
        except Mismatch as mismatch:
            raise Mismatch(where + mismatch.where, found(value), leaf.expected if where else expected) from None

    items = {"type": "array", "items": dict(leaf.json)}
    return Kind(expected, check, {"anyOf": [dict(leaf.json), items, {"type": "array", "items": items}]})
