"""Numbers that somebody gives: typed at a position, or in a file of names and arrays; laid beside a scenario's values.

A number that is written as text is known to the digits written; one of a file to about as many as its type keeps.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import numpy as np

from gradstep.engine import limits
from gradstep.engine.arrays import Array, Mask, written
from gradstep.engine.data.files.errors import FileError
from gradstep.engine.data.files.npz import read_recording
from gradstep.engine.data.files.whole import read_whole
from gradstep.engine.errors import Problem, clipped, in_file
from gradstep.engine.program.names import Reference
from gradstep.engine.program.positions import PositionError
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.words import mistakes as words

OF_FLOAT64, OF_FLOAT32 = 1e-9, 2e-5  # relative to the largest of an array: what other orders of sums may come to
MOST_NAMED = 5


class GivenError(Problem):
    """Numbers that cannot be laid beside a scenario's."""


@dataclass(frozen=True, eq=False)
class Given:
    """The value of a symbol, or of one of its elements, in an iteration. values: theirs, in its shape. within: how far
    each may be from ours, in the same shape.
    """

    iteration: int
    reference: Reference
    values: Array
    within: Array

    def agrees(self, ours: Array) -> bool:
        """Whether ours are these numbers, as closely as they are known."""
        return bool(self.near(ours).all())

    def near(self, ours: Array) -> Mask:
        """Element by element."""
        with np.errstate(all="ignore"):
            close = np.abs(ours - self.values) <= self.within
        same: Mask = close | (ours == self.values) | (np.isnan(ours) & np.isnan(self.values))
        return same

    def part(self, array: Array) -> Array:
        """Of a symbol's array, what this is compared with."""
        return array if self.reference.index is None else np.asarray(array[self.reference.index])


def parsed(scenario: Scenario, texts: Iterable[str], mapping: Mapping[str, str]) -> list[Given]:
    """What is given by texts: POSITION:SYMBOL=VALUE, or the names of files. mapping: their names → ours.

    Raises GivenError.
    """
    found: list[Given] = []
    for text in texts:
        path = Path(text)
        if path.suffix in (".npz", ".json") and "=" not in text:
            found += _of_file(scenario, path, mapping)
        else:
            found.append(_typed(scenario, text))
    return found


def _typed(scenario: Scenario, text: str) -> Given:
    left, equals, value = text.partition("=")
    if not equals or not left.strip():
        raise GivenError(words.NOT_A_GIVEN.format(text=clipped(text)))
    iteration, name = _place(left.strip())
    given = _numbers(value.strip(), text)
    return _laid(scenario, iteration, name, *given)


def _place(text: str) -> tuple[int, str]:
    """`2:E` or `E`, of iteration 1."""
    first, colon, name = text.partition(":")
    if colon and first.strip().isdecimal() and len(first.strip()) < 10:
        return int(first), name.strip()
    return 1, text


def _numbers(value: Any, whole: str) -> tuple[Array, Array]:
    """Numbers as text or as JSON has them, nested: their values, and how far off they may be."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value, parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            raise GivenError(words.NOT_A_NUMBER.format(text=clipped(whole), found=clipped(value))) from None
    if isinstance(value, list):
        pieces = [_numbers(each, whole) for each in value]
        try:
            return np.array([each for each, _ in pieces]), np.array([each for _, each in pieces])
        except ValueError:
            raise GivenError(words.NOT_A_NUMBER.format(text=clipped(whole), found=clipped(str(value)))) from None
    text = str(value).strip().replace("−", "-")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise GivenError(words.NOT_A_NUMBER.format(text=clipped(whole), found=clipped(text))) from None
    exponent = number.as_tuple().exponent
    unit = 10.0**exponent if isinstance(exponent, int) else 0.0
    exact = float(number)
    within = 0.5000001 * unit + 1e-15 * abs(exact) if np.isfinite(exact) else 0.0
    return np.array(exact), np.array(within)


def _of_file(scenario: Scenario, path: Path, mapping: Mapping[str, str]) -> Iterator[Given]:
    try:
        if path.suffix == ".npz":
            arrays: dict[str, Any] = dict(read_recording(path))
        else:
            parsed_json = json.loads(read_whole(path, limits.SESSION, ".json"), parse_float=str, parse_int=str)
            if not isinstance(parsed_json, dict):
                raise GivenError(in_file(str(path), "", words.NOT_JSON.format(problem=type(parsed_json).__name__)))
            arrays = dict(_flat(parsed_json))
    except FileError as error:
        raise GivenError(in_file(str(path), "", str(error))) from None
    except (ValueError, RecursionError) as error:
        raise GivenError(in_file(str(path), "", words.NOT_JSON.format(problem=clipped(str(error))))) from None
    found, unknown = [], []
    for theirs, array in arrays.items():
        iteration, name = _place(theirs)
        name = mapping.get(theirs, mapping.get(name, name))
        if name not in scenario.names.references:
            unknown.append(theirs)
            continue
        if isinstance(array, tuple):
            values, double = array
            scale = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
            given = values, np.full(values.shape, (OF_FLOAT64 if double else OF_FLOAT32) * scale)
        else:
            given = _numbers(array, f"{path}: {theirs}")
        found.append(_laid(scenario, iteration, name, *given))
    if not found:
        named = ", ".join(map(clipped, unknown[:MOST_NAMED]))
        raise GivenError(in_file(str(path), "", words.NOTHING_KNOWN.format(names=named)))
    yield from found


def _flat(content: Mapping[str, Any], iteration: str = "") -> Iterator[tuple[str, Any]]:
    """{"E": 1, "2": {"E": 2}} as names and values."""
    for name, value in content.items():
        if isinstance(value, dict) and name.isdecimal():
            yield from _flat(value, f"{name}:")
        else:
            yield iteration + name, value


def _laid(scenario: Scenario, iteration: int, name: str, values: Array, within: Array) -> Given:
    """The numbers of a name in an iteration. Raises GivenError where it is none, or has another shape."""
    try:
        scenario.course.parse(str(iteration))
        reference = scenario.names.element(name)
    except (KeyError, PositionError) as error:
        raise GivenError(words.NO_SUCH_PLACE.format(name=clipped(name), problem=error.args[0])) from None
    shape = () if reference.index is not None else scenario.program.symbols[reference.symbol].shape
    if values.shape != shape:
        if values.size != np.prod(shape, dtype=int):
            raise GivenError(words.OTHER_SHAPE.format(name=name, found=written(values.shape), expected=written(shape)))
        values, within = values.reshape(shape), within.reshape(shape)
    return Given(iteration, reference, values, within)
