"""The errors of data files and the checks that raise them: one line each, in printable characters, whatever comes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

from gradstep.engine.errors import Problem, closest, quoted
from gradstep.engine.limits import ARRAY
from gradstep.engine.words import files as words

AnyArray: TypeAlias = np.ndarray[Any, np.dtype[Any]]


class FileError(Problem):
    """One line: what was found and where inside the file, and what was expected. It does not name the file."""


class MissingFileError(FileError):
    """There is no such file."""


def check(holds: bool, message: str) -> None:
    """FileError with this message where something does not hold."""
    if not holds:
        raise FileError(message)


def check_count(numbers: int, where: str, most: int = ARRAY) -> None:
    """FileError for more numbers than an array may have."""
    if numbers > most:
        if numbers >= 10**30:
            raise FileError(words.FAR_TOO_MANY_NUMBERS.format(where=where, most=most))
        raise FileError(words.TOO_MANY_NUMBERS.format(where=where, found=numbers, most=most))


def check_finite(values: AnyArray, where: str) -> None:
    """FileError for the first element, in C order, that is not finite."""
    finite = np.isfinite(values)
    if not finite.all():
        index = tuple(int(place) for place in np.unravel_index(int(finite.argmin()), values.shape))
        raise FileError(words.NOT_FINITE.format(where=where, index=list(index), found=float(values[index])))


def suggestion(name: str, known: Iterable[str]) -> str:
    """A similar name, if any; looked for among a thousand at most, so that a strange file costs no time."""
    sensible = (other for other in known if len(other) <= 60 and other.isprintable())
    return closest(name, itertools.islice(sensible, 1000)) if len(name) <= 60 else ""


def listed(names: Sequence[str], most: int = 8) -> str:
    """The first few names, quoted."""
    return ", ".join(map(quoted, names[:most])) + (", …" if len(names) > most else "")


def excerpt(text: str) -> str:
    """What stands in a file, in quotes; of one that is no text only that."""
    return quoted(text) if text.replace("\n", " ").isprintable() else words.NO_TEXT


def in_hex(data: bytes | bytearray) -> str:
    """Bytes as they are shown: 50 4b 03 04."""
    return data.hex(" ") or words.NOTHING
