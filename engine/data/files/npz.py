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

from gradstep.engine.arrays import Array, written
from gradstep.engine.data.files.errors import (
    FileError,
    check,
    check_count,
    check_finite,
    excerpt,
    in_hex,
    listed,
    suggestion,
)
from gradstep.engine.data.files.reading import Bytes, opened, read_exactly
from gradstep.engine.words import files as words

MOST_HEADER = 10_000  # bytes of the header of an array in an archive, as numpy.load has it
MOST_DIMENSIONS = 32  # NumPy 1 has no more

_NPY = b"\x93NUMPY"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

_NO_NUMBERS = {  # by NumPy's letter for a kind of array
    "c": words.COMPLEX_NUMBERS,
    "O": words.OBJECTS,
    "S": words.TEXT,
    "U": words.TEXT,
    "M": words.DATES,
    "m": words.DURATIONS,
}

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
# What zipfile says itself (NotImplementedError of a compression that it does not know), and what comes through it: from
# zlib, from unpacking what is too short, from places outside the file (ValueError, OSError, OverflowError) and from
# texts that are none.
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
        check(bool(start), words.NO_BYTES)
        check(start != _NPY, words.SINGLE_ARRAY)
        check(start.startswith(_ZIP), words.NO_ARCHIVE.format(found=in_hex(start[:4]), magic=in_hex(_ZIP[0])))
        with _whole_archive(words.THE_ARCHIVE), zipfile.ZipFile(file) as archive:
            members = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            for name in names:
                if name not in members:
                    raise FileError(_no_such_array(name, list(members)))
            return {name: _member(archive, members[name], words.ARRAY.format(name=excerpt(name))) for name in names}


def _no_such_array(name: str, known: Sequence[str]) -> str:
    hint = suggestion(name, known)
    if not known:
        return words.EMPTY_ARCHIVE.format(name=excerpt(name), hint=hint)
    return words.NO_SUCH_ARRAY.format(name=excerpt(name), hint=hint, known=listed(known))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> Array:
    plain = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    check(plain, words.COMPRESSION_METHOD.format(where=where, found=info.compress_type))
    check(not info.flag_bits & 1, words.ENCRYPTED.format(where=where))
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
    check(start[:6] == _NPY, words.NO_ARRAY.format(where=where, found=in_hex(start[:6]), expected=in_hex(_NPY)))
    check(start[6:] in (b"\x01\x00", b"\x02\x00"), words.OTHER_VERSION.format(where=where))
    prefix = file.read(2 if start[6] == 1 else 4)
    length = int.from_bytes(prefix, "little")
    check(length <= MOST_HEADER, words.LONG_HEADER.format(where=where, length=length, most=MOST_HEADER))
    text = file.read(length)
    # A duration of a zeroth ("M8[s/0]") kills the process in numpy.dtype; a real number's type has neither of these.
    unclear = words.UNCLEAR_HEADER.format(where=where)
    check(b"/" not in text and b"\\" not in text, unclear)
    parse = np.lib.format.read_array_header_1_0 if start[6] == 1 else np.lib.format.read_array_header_2_0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = _Header(*parse(BytesIO(prefix + text)))
    except _BROKEN_HEADER:
        raise FileError(unclear) from None
    _check_header(header, where)
    return header


def _check_header(header: _Header, where: str) -> None:
    kind = header.dtype.kind
    check(kind in "biuf", words.NO_REAL_NUMBERS.format(where=where, found=_NO_NUMBERS.get(kind, words.RECORDS)))
    dimensions = len(header.shape)
    check(dimensions > 0, words.SINGLE_NUMBER.format(where=where))
    few = dimensions <= MOST_DIMENSIONS
    check(few, words.MANY_DIMENSIONS.format(where=where, dimensions=dimensions, most=MOST_DIMENSIONS))
    truth = any(isinstance(size, bool) for size in header.shape)
    check(not truth, words.TRUTH_FOR_A_SIZE.format(where=where))
    check(min(header.shape) >= 0, words.NEGATIVE_SIZE.format(where=where))
    check(min(header.shape) > 0, words.NO_ELEMENTS.format(where=where, shape=written(header.shape)))
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
        raise FileError(words.BROKEN_ARCHIVE.format(where=where, reason=reason)) from None
