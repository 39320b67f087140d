"""NumPy's files: an array (NPY), and named arrays in a zip file (NPZ), of which none is unpickled.

zipfile and NumPy read them; here it is checked before that no more is unpacked and reserved than an array may have.
"""

from __future__ import annotations

import math
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import IO, Any

import numpy as np

from gradstep.engine.arrays import Array, written
from gradstep.engine.data.files.errors import (
    FileError,
    check,
    check_count,
    check_finite,
    in_hex,
    listed,
    suggestion,
)
from gradstep.engine.data.files.reading import opened
from gradstep.engine.errors import quoted
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
                    raise FileError(no_such_array(name, list(members)))
            return {name: _member(archive, members[name], words.ARRAY.format(name=quoted(name))) for name in names}


def read_recording(path: Path) -> dict[str, tuple[Array, bool]]:
    """All arrays of an archive, by name, in their own shapes, and whether each was kept in double precision.

    Single numbers and numbers that are not finite are taken, too. Raises as `read_npz` does.
    """
    with opened(path) as file:
        start = file.read(len(_NPY))
        check(bool(start), words.NO_BYTES)
        check(start != _NPY, words.SINGLE_ARRAY)
        check(start.startswith(_ZIP), words.NO_ARCHIVE.format(found=in_hex(start[:4]), magic=in_hex(_ZIP[0])))
        with _whole_archive(words.THE_ARCHIVE), zipfile.ZipFile(file) as archive:
            return {info.filename.removesuffix(".npy"): _recorded(archive, info) for info in archive.infolist()}


def _recorded(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[Array, bool]:
    where = words.ARRAY.format(name=quoted(info.filename.removesuffix(".npy")))
    plain = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    check(plain, words.COMPRESSION_METHOD.format(where=where, found=info.compress_type))
    check(not info.flag_bits & 1, words.ENCRYPTED.format(where=where))
    with _whole_archive(where), archive.open(info) as file, np.errstate(all="ignore"):
        _check_announced(file.read(12 + MOST_HEADER), info.file_size, where, single=True)
        file.seek(0)
        array = np.lib.format.read_array(file, allow_pickle=False)
        return np.ascontiguousarray(array, np.float64).reshape(array.shape), array.dtype.itemsize >= 8


def read_npy(path: Path) -> Array:
    """The array that numpy.save wrote, as `read_npz` gives one of an archive; raises as that does."""
    with opened(path) as file:
        start = file.read(len(_NPY))
        check(bool(start), words.NO_BYTES_OF_ARRAY)
        check(not start.startswith(_ZIP), words.ARCHIVE_OF_ARRAYS)
        check(start == _NPY, words.NO_SINGLE_ARRAY.format(found=in_hex(start[:4]), magic=in_hex(_NPY)))
        size = file.seek(0, SEEK_END)
        file.seek(0)
        with _whole_archive(words.THE_ARRAY):
            return _array(file, size, words.THE_ARRAY)


def no_such_array(name: str, known: Sequence[str]) -> str:
    """The error of a name that none of the arrays in a file has."""
    hint = suggestion(name, known)
    if not known:
        return words.EMPTY_ARCHIVE.format(name=quoted(name), hint=hint)
    return words.NO_SUCH_ARRAY.format(name=quoted(name), hint=hint, known=listed(known))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> Array:
    plain = info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    check(plain, words.COMPRESSION_METHOD.format(where=where, found=info.compress_type))
    check(not info.flag_bits & 1, words.ENCRYPTED.format(where=where))
    with _whole_archive(where), archive.open(info) as file:
        return _array(file, info.file_size, where)


def _array(file: IO[bytes], size: int, where: str) -> Array:
    """The array that so many bytes hold."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # NumPy's, of a header that Python 2 wrote
        _check_announced(file.read(12 + MOST_HEADER), size, where)
        file.seek(0)
        converted = np.ascontiguousarray(np.lib.format.read_array(file, allow_pickle=False), np.float64)
    check_finite(converted, where)
    return converted if converted.ndim == 1 else converted.reshape(len(converted), -1)


def _check_announced(start: bytes, size: int, where: str, *, single: bool = False) -> None:
    """FileError unless a member that starts so is an array of real numbers that its `size` bytes can hold exactly.

    single: whether it may be a single number. NumPy reserves memory for as many numbers as a header announces, and
    zipfile unpacks no more than `size` bytes.
    """
    try:
        shape, dtype, length = _header(start)
    except Exception:  # NumPy evaluates the text and makes a dtype of it, and both have many ways to fail
        raise FileError(words.UNCLEAR_HEADER.format(where=where)) from None
    check(
        dtype.kind in "biuf",
        words.NO_REAL_NUMBERS.format(where=where, found=_NO_NUMBERS.get(dtype.kind, words.RECORDS)),
    )
    check(single or len(shape) > 0, words.SINGLE_NUMBER.format(where=where))
    few = len(shape) <= MOST_DIMENSIONS
    check(few, words.MANY_DIMENSIONS.format(where=where, dimensions=len(shape), most=MOST_DIMENSIONS))
    check(min(shape, default=1) >= 0, words.NEGATIVE_SIZE.format(where=where))
    check(min(shape, default=1) > 0, words.NO_ELEMENTS.format(where=where, shape=written(shape)))
    check_count(math.prod(shape), where)
    expected = math.prod(shape) * dtype.itemsize
    check(size - length == expected, words.OTHER_SIZE(size - length, where=where, size=expected))


def _header(start: bytes) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """The shape and type that the header of an array announces, and how many bytes it takes."""
    file = BytesIO(start)
    version = np.lib.format.read_magic(file)
    width = {(1, 0): 2, (2, 0): 4}[version]
    text = start[8 + width :][: int.from_bytes(start[8 : 8 + width], "little")]
    # A duration of a zeroth ("M8[s/0]") kills the process in numpy.dtype; a real number's type has neither of these.
    if b"/" in text or b"\\" in text:
        raise ValueError(text)
    parse = np.lib.format.read_array_header_1_0 if width == 2 else np.lib.format.read_array_header_2_0
    shape, _, dtype = parse(file)
    return tuple(map(int, shape)), dtype, file.tell()


@contextmanager
def _whole_archive(where: str) -> Iterator[None]:
    """A failure of zipfile or NumPy to read an archive, as a FileError. Their ways to fail on broken data are many."""
    try:
        yield
    except (FileError, MemoryError):
        raise
    except Exception as error:
        ours = isinstance(error, zipfile.BadZipFile | zlib.error)  # others quote what they cannot read
        reason = f"{type(error).__name__}: {quoted(str(error), 60)}" if ours else type(error).__name__
        raise FileError(words.BROKEN_ARCHIVE.format(where=where, reason=reason)) from None
