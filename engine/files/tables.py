"""A table as CSV, plain or through gzip: named columns of numbers.

It is read by NumPy at once where everything in it is as expected; only where that fails, value by value, for the
line and column that the message names.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from engine.files.errors import MOST_NUMBERS, FileError, check, check_count, excerpt, listed, suggestion
from engine.files.reading import CHUNK, Bytes, enough_memory, opened, whole_gzip
from engine.operation import Array, counted

MOST_TEXT = 2**31  # bytes of a CSV file, after decompression
MOST_LINE = 2**24  # bytes of one line of it


def read_csv(path: Path, targets: Sequence[str]) -> tuple[Array, Array]:
    """The table of a CSV file as x: samples × inputs, and t: samples × targets, in the order of `targets`.

    The first line has the names of the columns; spaces around a name or a number do not count. Every column that is
    not a target is an input, in the order of the file. The text is UTF-8, with or without a byte order mark, and is
    read through gzip where the file's name ends in .gz. Blank lines are allowed at the end only.

    Raises MissingFileError where there is no such file, and FileError where it cannot be read, for names that are
    empty or equal, for targets that are unknown, for no input, target or row, and for the first line that has
    another number of values than the header or a value that is empty, no number, or not finite.
    """
    with opened(path) as file:
        lines = _lines(_text(file, path))
        names = _header(lines)
        places = _target_places(names, targets)
        table = _table_at_once(lines, len(names))
    if table is None:
        with opened(path) as file:
            table = _table_by_line(_lines(_text(file, path)), names)
        check(len(table) > 0, "found a header only, expected at least one row")
    others = sorted(set(range(len(names))) - set(places))
    with enough_memory():
        return np.ascontiguousarray(table[:, others]), np.ascontiguousarray(table[:, places])


def _text(file: BinaryIO, path: Path) -> Bytes:
    return gzip.GzipFile(fileobj=file) if path.suffix.lower() == ".gz" else file


def _lines(file: Bytes) -> Iterator[str]:
    """The lines up to the blank ones at the end, each ending in a line feed; FileError where they are no text."""
    size, number = 0, 1
    with whole_gzip(lambda: f"line {number}"):
        while True:
            line = file.readline(MOST_LINE + 1)
            size += len(line)
            if len(line) > MOST_LINE:
                raise FileError(f"line {number}: found more than {MOST_LINE:,} bytes, expected no more in a line")
            if size > MOST_TEXT:
                raise FileError(f"line {number}: found more than {MOST_TEXT:,} bytes of text, expected no more")
            if not line.strip():
                if not _is_blank(file, MOST_TEXT - size):
                    raise FileError(f"line {number}: found a blank line, expected one at the end only")
                return
            yield _decoded(line, number) + "\n"
            number += 1


def _is_blank(file: Bytes, most: int) -> bool:
    """Whether only white space is left to read, and no more bytes of it than these."""
    size = 0
    while size <= most:
        chunk = file.read(CHUNK)
        if not chunk:
            return True
        if chunk.strip():
            return False
        size += len(chunk)
    raise FileError(f"found more than {MOST_TEXT:,} bytes of text, expected no more")


def _decoded(line: bytes, number: int) -> str:
    line = line.removesuffix(b"\n").removesuffix(b"\r")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"line {number}, byte {error.start + 1}: found 0x{line[error.start]:02x}"
        raise FileError(f"{what}, expected text in UTF-8") from None
    if "\r" in text:
        what = f"line {number}, column {text.count(',', 0, text.index(chr(13))) + 1}: found a carriage return"
        raise FileError(f"{what}, expected one at the end of a line only")
    return text.removeprefix("\ufeff") if number == 1 else text


def _header(lines: Iterator[str]) -> list[str]:
    reader = csv.reader(lines, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise FileError(f"line {max(reader.line_num, 1)}: found {error}, expected the names of the columns") from None
    check(bool(names), "line 1: found nothing, expected the names of the columns")
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        check(bool(name), f"line 1, column {place}: found no name, expected one for each column")
        if name in seen:
            what = f"found the name {excerpt(name)} again, as of column {seen[name]}"
            raise FileError(f"line 1, column {place}: {what}, expected names that differ")
        seen[name] = place
    return names


def _target_places(names: Sequence[str], targets: Sequence[str]) -> list[int]:
    known = {name: place for place, name in enumerate(names)}
    check(bool(targets), "found no target, expected at least one column as a target")
    for place, target in enumerate(targets):
        if target not in known:
            what = f"line 1: found no column {excerpt(target)}{suggestion(target, names)}"
            raise FileError(f"{what}, expected one of {listed(names)}")
        check(target not in targets[:place], f"found the target {excerpt(target)} twice, expected targets that differ")
    check(len(targets) < len(names), "line 1: found only targets, expected at least one column as an input")
    return [known[target] for target in targets]


def _table_at_once(lines: Iterator[str], columns: int) -> Array | None:
    """rows × columns by numpy.loadtxt; None where it finds anything that must be looked at line by line."""
    first = next(lines, None)
    check(first is not None, "found a header only, expected at least one row")
    if first is None or first.count(",") + 1 != columns:
        return None
    counted_lines = _at_most(itertools.chain([first], lines), columns)
    try:
        table = np.loadtxt(counted_lines, np.float64, comments=None, delimiter=",", ndmin=2, encoding="utf-8")
    except FileError:
        raise
    except ValueError:
        return None
    return table if table.shape[1] == columns and np.isfinite(table).all() else None


def _at_most(lines: Iterable[str], columns: int) -> Iterator[str]:
    for row, line in enumerate(lines, 1):
        if row * columns > MOST_NUMBERS:
            check_count(row * columns, f"row {row}", MOST_NUMBERS)
        yield line


def _table_by_line(lines: Iterator[str], names: Sequence[str]) -> Array:
    """rows × columns, every value checked; FileError for the first that is no finite number."""
    numbers = array("d")
    reader = csv.reader(lines, strict=True)
    line = 1
    try:
        next(reader, None)
        line = reader.line_num + 1
        for row in reader:
            if len(row) != len(names):
                found = counted(len(row), "value")
                raise FileError(f"line {line}: found {found}, expected {len(names):,} as in the header")
            numbers.extend(_number(text, line, name) for text, name in zip(row, names, strict=True))
            if len(numbers) > MOST_NUMBERS:
                check_count(len(numbers), f"line {line}", MOST_NUMBERS)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileError(f"line {line}: found {error}, expected {counted(len(names), 'number')}") from None
    return np.frombuffer(numbers, np.float64).reshape(-1, len(names))


def _number(text: str, line: int, name: str) -> float:
    try:
        value = float(text) if text.strip().isascii() and "_" not in text else None
    except ValueError:
        value = None
    if value is not None and math.isfinite(value):
        return value
    found = excerpt(text) if text.strip() else "an empty cell"
    expected = "a number" if value is None else "a finite number"
    raise FileError(f"line {line}, column {excerpt(name)}: found {found}, expected {expected}")
