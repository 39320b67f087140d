"""NumPy's NPZ archives: named arrays in a zip file, of which none is unpickled.

The zip file and the array's own header are taken apart by zipfile and numpy.lib.format; the numbers are read here,
no more of them than the header announces.
"""

from __future__ import annotations

import math
import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from engine.files.errors import FileError, check, check_count, check_finite, excerpt, in_hex, listed, suggestion
from engine.files.reading import Bytes, opened, read_exactly
from engine.operation import Array, written

MOST_HEADER = 10_000  # bytes of the header of an array in an archive, as numpy.load has it
MOST_DIMENSIONS = 32  # NumPy 1 has no more

_NPY = b"\x93NUMPY"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

# A header is cut into tokens, evaluated as a literal and made a dtype. Each of them has its own ways to fail: a literal
# may be nested too deeply (RecursionError, or MemoryError from the parser) or have a list for a key (TypeError), and
# a dtype be of two fields where there should be three (LookupError) or of too many bytes (ArithmeticError).
_BROKEN_HEADER = (
    ValueError,
    SyntaxError,
    tokenize.TokenError,
    TypeError,
    LookupError,
    ArithmeticError,
    RecursionError,
    MemoryError,
)
# What zipfile says itself, and what comes through it: from zlib, from unpacking what is too short, from places outside
# the file (ValueError, OSError, OverflowError) and from texts that are none.
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    NotImplementedError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)


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
    with opened(path) as file:
        start = file.read(len(_NPY))
        check(bool(start), "found no bytes, expected an .npz archive")
        check(start != _NPY, "byte 0: found a single array (.npy), expected an .npz archive of named arrays")
        expected = f"expected an .npz archive, so {in_hex(_ZIP[0])}"
        check(start.startswith(_ZIP), f"byte 0: found {in_hex(start[:4])}, {expected}")
        with _whole_archive("the archive"), zipfile.ZipFile(file) as archive:
            members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            for name in names:
                if name not in members:
                    known = f"expected one of {listed(list(members))}" if members else "the archive is empty"
                    raise FileError(f"found no array {excerpt(name)}{suggestion(name, members)}, {known}")
            return {name: _member(archive, members[name], f"array {excerpt(name)}") for name in names}


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> Array:
    plain = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    check(plain, f"{where}: found compression method {info.compress_type}, expected 0 (none) or 8 (deflate)")
    check(not info.flag_bits & 1, f"{where}: found it encrypted, expected an archive without a password")
    with _whole_archive(where), archive.open(info) as file:
        header = _array_header(file, where)
        size = math.prod(header.shape) * header.dtype.itemsize
        data = read_exactly(file, size, where)
        numbers = np.frombuffer(data, header.dtype)
        whole = numbers.reshape(header.shape[::-1]).T if header.by_column else numbers.reshape(header.shape)
        with np.errstate(all="ignore"):
            converted = np.ascontiguousarray(whole, np.float64)
    check_finite(converted, where)
    return converted if converted.ndim == 1 else converted.reshape(len(converted), -1)


def _array_header(file: Bytes, where: str) -> _Header:
    """The header of an array, checked; the file is left where the numbers begin."""
    start = file.read(8)
    check(start[:6] == _NPY, f"{where}, byte 0: found {in_hex(start[:6])}, expected {in_hex(_NPY)}")
    check(start[6:] in (b"\x01\x00", b"\x02\x00"), f"{where}, byte 6: found another version, expected 1.0 or 2.0")
    prefix = file.read(2 if start[6] == 1 else 4)
    length = int.from_bytes(prefix, "little")
    check(length <= MOST_HEADER, f"{where}, byte 8: found a header of {length} bytes, expected at most {MOST_HEADER}")
    text = file.read(length)
    # A duration of a zeroth ("M8[s/0]") kills the process in numpy.dtype; a real number's type has neither of these.
    check(b"/" not in text and b"\\" not in text, _unclear(where))
    parse = np.lib.format.read_array_header_1_0 if start[6] == 1 else np.lib.format.read_array_header_2_0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = _Header(*parse(BytesIO(prefix + text)))
    except _BROKEN_HEADER:
        raise FileError(_unclear(where)) from None
    _check_header(header, where)
    return header


def _unclear(where: str) -> str:
    return f"{where}, byte 8: found a header that cannot be understood, expected a .npy header"


def _check_header(header: _Header, where: str) -> None:
    kinds = {"c": "complex numbers", "O": "objects", "S": "text", "U": "text", "M": "dates", "m": "durations"}
    kind = header.dtype.kind
    check(kind in "biuf", f"{where}: found {kinds.get(kind, 'records')}, expected real numbers")
    dimensions = len(header.shape)
    check(dimensions > 0, f"{where}: found a single number, expected one dimension or more")
    few = dimensions <= MOST_DIMENSIONS
    check(few, f"{where}: found {dimensions} dimensions, expected at most {MOST_DIMENSIONS}")
    truth = any(isinstance(size, bool) for size in header.shape)
    check(not truth, f"{where}: found a truth for a size, expected sizes of 1 or more")
    check(min(header.shape) >= 0, f"{where}: found a negative size, expected sizes of 1 or more")
    check(min(header.shape) > 0, f"{where}: found no elements (shape {written(header.shape)}), expected at least one")
    check_count(math.prod(header.shape), where)


@contextmanager
def _whole_archive(where: str) -> Iterator[None]:
    """Whatever zipfile raises for a broken archive, as a FileError."""
    try:
        yield
    except FileError:
        raise
    except _BROKEN_ARCHIVE as error:
        reason = f"{type(error).__name__}: {excerpt(str(error), 60)}"
        raise FileError(f"{where}: found broken data ({reason}), expected a whole .npz archive") from None
