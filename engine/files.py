"""The arrays of data files: tables as CSV, NumPy's NPZ archives, and the IDX files of MNIST, each read with checks.

A file may come from anywhere. Whatever it holds, a function returns whole arrays of finite numbers or raises a
FileError, and it reserves no more memory than a file may use that announces at most MOST_NUMBERS numbers; nothing in
a file is unpickled or executed. The message of an error is one line that says where inside the file something was
found and what was expected. It does not name the file.

Left to others: which file is read and what it is called in a message, what the arrays mean, whether their sizes fit
together, labels as classes, scaling, and any choice of samples.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import math
import stat
import struct
import warnings
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeAlias

import numpy as np

from engine.names import closest
from engine.operation import Array, counted, written
from engine.syntax import quoted

AnyArray: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Bytes: TypeAlias = IO[bytes] | gzip.GzipFile

MOST_NUMBERS = 50_000_000  # in one array: 400 MB
MOST_TEXT = 2**31  # bytes of a CSV file, after decompression
MOST_LINE = 2**24  # bytes of one line of it
MOST_HEADER = 10_000  # bytes of the header of an array in an archive, as numpy.load has it
MOST_DIMENSIONS = 32  # NumPy 1 has no more

_CHUNK = 2**20
_GZIP = b"\x1f\x8b"
_NPY = b"\x93NUMPY"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN_GZIP = (gzip.BadGzipFile, EOFError, zlib.error)


class FileError(ValueError):
    """One line: what was found and where inside the file, and what was expected. It does not name the file."""


class MissingFileError(FileError):
    """There is no such file."""


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────


def read_csv(path: Path, targets: Sequence[str]) -> tuple[Array, Array]:
    """The table of a CSV file as x: samples × inputs, and t: samples × targets, in the order of `targets`.

    The first line has the names of the columns; spaces around a name or a number do not count. Every column that is
    not a target is an input, in the order of the file. The text is UTF-8, with or without a byte order mark, and is
    read through gzip where the file's name ends in .gz. Blank lines are allowed at the end only.

    Raises MissingFileError where there is no such file, and FileError where it cannot be read, for names that are
    empty or equal, for targets that are unknown, for no input, target or row, and for the first line that has
    another number of values than the header or a value that is empty, no number, or not finite.
    """
    with _opened(path) as file:
        lines = _lines(_text(file, path))
        names = _header(lines)
        places = _target_places(names, targets)
        table = _table_at_once(lines, len(names))
    if table is None:
        with _opened(path) as file:
            table = _table_by_line(_lines(_text(file, path)), names)
        _check(len(table) > 0, "found a header only, expected at least one row")
    others = sorted(set(range(len(names))) - set(places))
    with _enough_memory():
        return np.ascontiguousarray(table[:, others]), np.ascontiguousarray(table[:, places])


def _text(file: BinaryIO, path: Path) -> Bytes:
    return gzip.GzipFile(fileobj=file) if path.suffix.lower() == ".gz" else file


def _lines(file: Bytes) -> Iterator[str]:
    """The lines up to the blank ones at the end, each ending in a line feed; FileError where they are no text."""
    size, number = 0, 1
    with _whole_gzip(lambda: f"line {number}"):
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
        chunk = file.read(_CHUNK)
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
    _check(bool(names), "line 1: found nothing, expected the names of the columns")
    seen: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        _check(bool(name), f"line 1, column {place}: found no name, expected one for each column")
        if name in seen:
            what = f"found the name {_quoted(name)} again, as of column {seen[name]}"
            raise FileError(f"line 1, column {place}: {what}, expected names that differ")
        seen[name] = place
    return names


def _target_places(names: Sequence[str], targets: Sequence[str]) -> list[int]:
    known = {name: place for place, name in enumerate(names)}
    _check(bool(targets), "found no target, expected at least one column as a target")
    for place, target in enumerate(targets):
        if target not in known:
            what = f"line 1: found no column {_quoted(target)}{_suggestion(target, names)}"
            raise FileError(f"{what}, expected one of {_listed(names)}")
        _check(target not in targets[:place], f"found the target {_quoted(target)} twice, expected targets that differ")
    _check(len(targets) < len(names), "line 1: found only targets, expected at least one column as an input")
    return [known[target] for target in targets]


def _table_at_once(lines: Iterator[str], columns: int) -> Array | None:
    """rows × columns by numpy.loadtxt; None where it finds anything that must be looked at line by line."""
    first = next(lines, None)
    _check(first is not None, "found a header only, expected at least one row")
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
            _check_count(row * columns, f"row {row}")
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
                _check_count(len(numbers), f"line {line}")
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
    found = _quoted(text) if text.strip() else "an empty cell"
    expected = "a number" if value is None else "a finite number"
    raise FileError(f"line {line}, column {_quoted(name)}: found {found}, expected {expected}")


# ── NPZ ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Header:
    """What an array in an archive says of itself."""

    shape: tuple[int, ...]
    by_column: bool
    dtype: np.dtype[Any]


def read_npz(path: Path, names: Sequence[str]) -> dict[str, Array]:
    """The arrays of these names in an archive that numpy.savez wrote, by name.

    Each is float64 and contiguous. An array of one dimension keeps its shape; otherwise the first dimension is kept
    and the others become one, so that images of N×28×28 become N×784. Truths become 0 and 1. Pickled objects are
    never loaded; only the arrays that are named are read.

    Raises MissingFileError where there is no such file, and FileError where it cannot be read, is no archive or a
    broken one, has no array of that name, or one of anything but real numbers, of no dimension, without elements, of
    too many, or with an element that is not finite.
    """
    with _opened(path) as file:
        start = file.read(len(_NPY))
        _check(bool(start), "found no bytes, expected an .npz archive")
        _check(start != _NPY, "byte 0: found a single array (.npy), expected an .npz archive of named arrays")
        expected = f"expected an .npz archive, so {_shown(_ZIP[0])}"
        _check(start.startswith(_ZIP), f"byte 0: found {_shown(start[:4])}, {expected}")
        with _whole_archive("the archive"), zipfile.ZipFile(file) as archive:
            members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            for name in names:
                if name not in members:
                    known = f"expected one of {_listed(list(members))}" if members else "the archive is empty"
                    raise FileError(f"found no array {_quoted(name)}{_suggestion(name, members)}, {known}")
            return {name: _member(archive, members[name], f"array {_quoted(name)}") for name in names}


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> Array:
    plain = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    _check(plain, f"{where}: found compression method {info.compress_type}, expected 0 (none) or 8 (deflate)")
    _check(not info.flag_bits & 1, f"{where}: found it encrypted, expected an archive without a password")
    with _whole_archive(where), archive.open(info) as file:
        header = _array_header(file, where)
        size = math.prod(header.shape) * header.dtype.itemsize
        data = _data(file, size, where)
        numbers = np.frombuffer(data, header.dtype)
        whole = numbers.reshape(header.shape[::-1]).T if header.by_column else numbers.reshape(header.shape)
        with np.errstate(all="ignore"):
            converted = np.ascontiguousarray(whole, np.float64)
    _check_finite(converted, where)
    return converted if converted.ndim == 1 else converted.reshape(len(converted), -1)


def _array_header(file: Bytes, where: str) -> _Header:
    """The header of an array, checked; the file is left where the numbers begin."""
    start = file.read(8)
    _check(start[:6] == _NPY, f"{where}, byte 0: found {_shown(start[:6])}, expected {_shown(_NPY)}")
    _check(start[6:] in (b"\x01\x00", b"\x02\x00"), f"{where}, byte 6: found another version, expected 1.0 or 2.0")
    prefix = file.read(2 if start[6] == 1 else 4)
    length = int.from_bytes(prefix, "little")
    _check(length <= MOST_HEADER, f"{where}, byte 8: found a header of {length} bytes, expected at most {MOST_HEADER}")
    text = BytesIO(prefix + file.read(length))
    parse = np.lib.format.read_array_header_1_0 if start[6] == 1 else np.lib.format.read_array_header_2_0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = _Header(*parse(text))
    except Exception:  # it is evaluated as a literal, which fails in a dozen ways
        raise FileError(f"{where}, byte 8: found a header that cannot be understood, expected a .npy header") from None
    _check_header(header, where)
    return header


def _check_header(header: _Header, where: str) -> None:
    kinds = {"c": "complex numbers", "O": "objects", "S": "text", "U": "text", "M": "dates", "m": "durations"}
    kind = header.dtype.kind
    _check(kind in "biuf", f"{where}: found {kinds.get(kind, 'records')}, expected real numbers")
    dimensions = len(header.shape)
    _check(dimensions > 0, f"{where}: found a single number, expected one dimension or more")
    few = dimensions <= MOST_DIMENSIONS
    _check(few, f"{where}: found {dimensions} dimensions, expected at most {MOST_DIMENSIONS}")
    _check(min(header.shape) >= 0, f"{where}: found a negative size, expected sizes of 1 or more")
    _check(min(header.shape) > 0, f"{where}: found no elements (shape {written(header.shape)}), expected at least one")
    _check_count(math.prod(header.shape), where)


@contextmanager
def _whole_archive(where: str) -> Iterator[None]:
    """Whatever zipfile raises for a broken archive, as a FileError."""
    try:
        yield
    except (FileError, MemoryError):
        raise
    except Exception as error:  # struct.error, ValueError, NotImplementedError and others come through from it
        reason = f"{type(error).__name__}: {_quoted(str(error), 60)}"
        raise FileError(f"{where}: found broken data ({reason}), expected a whole .npz archive") from None


# ── IDX ──────────────────────────────────────────────────────────────────────────────────────────────────────

_IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_IDX_KINDS = {1: "labels (1 dimension)", 3: "images (3 dimensions)"}


def read_idx(path: Path, dimensions: int) -> AnyArray:
    """The array of an IDX file, as MNIST has it, in its own type and the byte order of this machine.

    dimensions: 1 for labels (samples), 3 for images (samples × rows × columns). The file may be gzip, which its first
    two bytes tell and not its name; no more of it is expanded than its header announces, and one byte.

    Raises MissingFileError where there is no such file, and FileError where it cannot be read, is no IDX file, has
    another number of dimensions, a size of 0 or too many elements, fewer or more bytes than its header announces, or
    an element that is not finite.
    """
    with _opened(path) as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        file: Bytes = gzip.GzipFile(fileobj=raw) if packed else raw
        magic = _read(file, 4)
        _check(len(magic) == 4, f"found {counted(len(magic), 'byte')}, expected an IDX file, of 8 or more")
        known = magic[:2] == b"\0\0" and magic[2] in _IDX_TYPES and magic[3] > 0
        expected = "expected 00 00, a type of 08, 09 or 0b to 0e, and the number of dimensions"
        _check(known, f"byte 0: found {_shown(magic)}, {expected}")
        wrong = f"byte 3: found {_idx_kind(magic[3])}, expected {_idx_kind(dimensions)}"
        _check(magic[3] == dimensions, wrong)
        sizes = _read(file, 4 * dimensions)
        found = f"found {counted(4 + len(sizes), 'byte')}"
        _check(len(sizes) == 4 * dimensions, f"{found}, expected a header of {4 + 4 * dimensions}")
        shape = struct.unpack(f">{dimensions}I", sizes)
        for place, size in enumerate(shape):
            _check(size > 0, f"byte {4 + 4 * place}: found a size of 0, expected 1 or more")
        _check_count(math.prod(shape), "byte 4")
        dtype = np.dtype(_IDX_TYPES[magic[2]])
        data = _data(file, math.prod(shape) * dtype.itemsize, f"byte {4 + 4 * dimensions}")
        values = np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)
        if dtype.kind == "f":
            _check_finite(values, f"byte {4 + 4 * dimensions}")
        return values


def _idx_kind(dimensions: int) -> str:
    return _IDX_KINDS.get(dimensions, f"an array of {counted(dimensions, 'dimension')}")


def find_idx(folders: Sequence[Path], names: Sequence[str]) -> list[Path]:
    """The file of each name, from the first folder that has it, plain or with .gz.

    train-images-idx3-ubyte is also found as train-images.idx3-ubyte. Raises MissingFileError that names all files
    that are missing and all folders, and FileError where a folder may not be looked into.
    """
    found: list[Path] = []
    missing: list[str] = []
    for name in names:
        path = next(filter(_is_file, (folder / file for folder in folders for file in _spellings(name))), None)
        if path is None:
            missing.append(name)
        else:
            found.append(path)
    if missing:
        looked = ", ".join(_quoted(str(folder), 200) for folder in folders) or "no folder"
        files = ", ".join(_quoted(name, 60) for name in missing)
        raise MissingFileError(f"found no file {files} in {looked}, expected each there, plain or with .gz")
    return found


def _spellings(name: str) -> list[str]:
    before, mark, after = name.rpartition("-idx")
    both = [name, f"{before}.idx{after}"] if mark else [name]
    return [spelling + suffix for spelling in both for suffix in ("", ".gz")]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        raise FileError(f"{_quoted(str(path), 200)} cannot be looked for: {_reason(error)}") from None


# ── what they have in common ─────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes; what goes wrong with opening or reading it, and a lack of memory, become a FileError."""
    try:
        mode = path.stat().st_mode
        _check(not stat.S_ISDIR(mode), "found a folder, expected a file")
        _check(stat.S_ISREG(mode), "found a pipe or device, expected a file")
        file = path.open("rb")
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFileError("found no such file") from None
    except OSError as error:
        raise FileError(f"the file cannot be opened: {_reason(error)}") from None
    except FileError:
        raise
    except ValueError:  # a NUL in its name
        raise MissingFileError("found a name that no file can have") from None
    with file, _enough_memory():
        try:
            yield file
        except OSError as error:
            raise FileError(f"the file cannot be read: {_reason(error)}") from None


@contextmanager
def _enough_memory() -> Iterator[None]:
    try:
        yield
    except MemoryError:
        raise FileError("found more numbers than fit into memory, expected fewer") from None


@contextmanager
def _whole_gzip(where: Callable[[], str]) -> Iterator[None]:
    """Whatever gzip raises for broken data, as a FileError; `where` says how far it was good."""
    try:
        yield
    except _BROKEN_GZIP as error:
        reason = _quoted(str(error), 60)
        raise FileError(f"{where()}: found broken gzip data ({reason}), expected a whole file") from None


def _read(file: Bytes, size: int) -> bytearray:
    """As many bytes as there are, at most `size`. Memory is taken as they come."""
    data = bytearray()
    with _whole_gzip(lambda: f"after {counted(len(data), 'byte')}"):
        while len(data) < size:
            chunk = file.read(min(_CHUNK, size - len(data)))
            if not chunk:
                break
            data += chunk
    return data


def _data(file: Bytes, size: int, where: str) -> bytearray:
    """All that is left in the file, which must be `size` bytes. One more is read at most."""
    data = _read(file, size)
    _check(len(data) == size, f"{where}: found {counted(len(data), 'byte')} of data, expected {size:,}")
    _check(not _read(file, 1), f"{where}: found more than {counted(size, 'byte')} of data, expected no more")
    return data


def _check(holds: bool, message: str) -> None:
    if not holds:
        raise FileError(message)


def _check_count(numbers: int, where: str) -> None:
    if numbers > MOST_NUMBERS:
        found = f"{numbers:,}" if numbers < 10**30 else "more than 10^30"
        raise FileError(f"{where}: found {found} numbers, expected at most {MOST_NUMBERS:,}")


def _check_finite(values: AnyArray, where: str) -> None:
    finite = np.isfinite(values)
    if not finite.all():
        index = tuple(int(place) for place in np.unravel_index(int(finite.argmin()), values.shape))
        raise FileError(f"{where}, index {list(index)}: found {float(values[index])}, expected a finite number")


def _suggestion(name: str, known: Iterable[str]) -> str:
    """What was meant, perhaps; looked for among a thousand names, so that a strange file costs no time."""
    sensible = (other for other in known if len(other) <= 60 and other.isprintable())
    return closest(name, itertools.islice(sensible, 1000)) if len(name) <= 60 else ""


def _listed(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(map(_quoted, names[:most])) + (", …" if len(names) > most else "")


def _quoted(text: str, most: int = 30) -> str:
    """At most so many characters of a text, in quotes and on one line."""
    start = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: most + 1])
    return quoted(start, most)


def _shown(data: bytes | bytearray) -> str:
    return data.hex(" ") or "nothing"


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
