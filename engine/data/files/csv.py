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

from gradstep.engine import limits
from gradstep.engine.arrays import Array
from gradstep.engine.data.files.errors import FileError, check, check_count, excerpt, listed, suggestion
from gradstep.engine.data.files.reading import CHUNK, Bytes, enough_memory, opened, whole_gzip
from gradstep.engine.errors import quoted
from gradstep.engine.words import files as words


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
        check(len(table) > 0, words.ONLY_HEADER_LINE)
    others = sorted(set(range(len(names))) - set(places))
    with enough_memory():
        return np.ascontiguousarray(table[:, others]), np.ascontiguousarray(table[:, places])


def _text(file: BinaryIO, path: Path) -> Bytes:
    return gzip.GzipFile(fileobj=file) if path.suffix.lower() == ".gz" else file


def _lines(file: Bytes) -> Iterator[str]:
    """The lines up to the blank ones at the end, each ending in a line feed; FileError where they are no text."""
    size, number = 0, 1
    with whole_gzip(lambda: words.LINE.format(number=number)):
        while True:
            line = file.readline(limits.LINE + 1)
            size += len(line)
            if len(line) > limits.LINE:
                raise FileError(words.TOO_LONG_LINE.format(line=number, most=limits.LINE))
            if size > limits.TEXT:
                raise FileError(words.TOO_MUCH_TEXT_AT.format(line=number, most=limits.TEXT))
            if not line.strip():
                if not _is_blank(file, limits.TEXT - size):
                    raise FileError(words.BLANK_LINE.format(line=number))
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
    raise FileError(words.TOO_MUCH_TEXT.format(most=limits.TEXT))


def _decoded(line: bytes, number: int) -> str:
    line = line.removesuffix(b"\n").removesuffix(b"\r")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        found = line[error.start]
        raise FileError(words.NOT_UTF8.format(line=number, byte=error.start + 1, found=found)) from None
    if "\r" in text:
        column = text.count(",", 0, text.index("\r")) + 1
        raise FileError(words.CARRIAGE_RETURN.format(line=number, column=column))
    return text.removeprefix("\ufeff") if number == 1 else text


def _header(lines: Iterator[str]) -> list[str]:
    reader = csv.reader(lines, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        line = max(reader.line_num, 1)
        raise FileError(words.BROKEN_HEADER_LINE.format(line=line, problem=error)) from None
    check(bool(names), words.EMPTY_HEADER_LINE)
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        check(bool(name), words.NO_COLUMN_NAME.format(column=place))
        check(name.isprintable(), words.HEADER_IS_NO_TEXT.format(column=place))
        if name in seen:
            raise FileError(words.SAME_COLUMN_NAME.format(column=place, name=quoted(name), first=seen[name]))
        seen[name] = place
    return names


def _target_places(names: Sequence[str], targets: Sequence[str]) -> list[int]:
    known = {name: place for place, name in enumerate(names)}
    check(bool(targets), words.NO_TARGET)
    for place, target in enumerate(targets):
        if target not in known:
            hint = suggestion(target, names)
            raise FileError(words.NO_SUCH_COLUMN.format(name=quoted(target), hint=hint, known=listed(names)))
        check(target not in targets[:place], words.SAME_TARGET.format(name=quoted(target)))
    check(len(targets) < len(names), words.ONLY_TARGETS)
    return [known[target] for target in targets]


def _table_at_once(lines: Iterator[str], columns: int) -> Array | None:
    """rows × columns by numpy.loadtxt; None where it finds anything that must be looked at line by line."""
    first = next(lines, None)
    check(first is not None, words.ONLY_HEADER_LINE)
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
        if row * columns > limits.ARRAY:
            check_count(row * columns, words.ROW.format(number=row), limits.ARRAY)
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
                raise FileError(words.OTHER_NUMBER_OF_VALUES(len(row), line=line, expected=len(names)))
            numbers.extend(_number(text, line, name) for text, name in zip(row, names, strict=True))
            if len(numbers) > limits.ARRAY:
                check_count(len(numbers), words.LINE.format(number=line), limits.ARRAY)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileError(words.BROKEN_ROW(len(names), line=line, problem=error)) from None
    return np.frombuffer(numbers, np.float64).reshape(-1, len(names))


def _number(text: str, line: int, name: str) -> float:
    try:
        value = float(text) if text.strip().isascii() and "_" not in text else None
    except ValueError:
        value = None
    if value is not None and math.isfinite(value):
        return value
    column = quoted(name)
    if not text.strip():
        raise FileError(words.EMPTY_CELL.format(line=line, column=column))
    if value is None:
        raise FileError(words.NO_NUMBER.format(line=line, column=column, found=excerpt(text)))
    raise FileError(words.NO_FINITE_NUMBER.format(line=line, column=column, found=excerpt(text)))
