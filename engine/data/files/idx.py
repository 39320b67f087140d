"""The IDX files of MNIST: a type, the sizes and the numbers, plain or gzip; and where such a file is found."""

from __future__ import annotations

import gzip
import math
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gradstep.engine.data.files.errors import (
    AnyArray,
    FileError,
    MissingFileError,
    check,
    check_count,
    check_finite,
    in_hex,
    listed,
)
from gradstep.engine.data.files.reading import Bytes, opened, read_at_most, read_exactly
from gradstep.engine.errors import clipped_left, quoted, reason_of
from gradstep.engine.words import files as words

_GZIP = b"\x1f\x8b"
_IDX_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_IDX_KINDS = {1: words.LABELS, 3: words.IMAGES}
SHOWN_FILES, SHOWN_OF_FOLDER = 2, 26  # of those missing; characters of the name of a folder that was looked into


def read_idx(path: Path, dimensions: int) -> AnyArray:
    """The array of an IDX file, as MNIST has it, in its own type and the byte order of this machine.

    dimensions: 1 for labels (samples), 3 for images (samples × rows × columns). The file may be gzip, which its first
    two bytes tell and not its name; no more of it is expanded than its header announces, and one byte.

    Raises MissingFileError where there is no such file, and FileError where it cannot be read, is no IDX file, has
    another number of dimensions, a size of 0 or too many elements, fewer or more bytes than its header announces, or
    an element that is not finite.
    """
    with opened(path) as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        file: Bytes = gzip.GzipFile(fileobj=raw) if packed else raw
        magic = read_at_most(file, 4)
        check(len(magic) == 4, words.SHORT_IDX(len(magic)))
        known = magic[:2] == b"\0\0" and magic[2] in _IDX_TYPES and magic[3] > 0
        check(known, words.NO_IDX.format(found=in_hex(magic)))
        wrong = words.OTHER_DIMENSIONS.format(found=_idx_kind(magic[3]), expected=_idx_kind(dimensions))
        check(magic[3] == dimensions, wrong)
        header = 4 + 4 * dimensions
        sizes = read_at_most(file, 4 * dimensions)
        check(len(sizes) == 4 * dimensions, words.SHORT_HEADER(4 + len(sizes), size=header))
        shape = struct.unpack(f">{dimensions}I", sizes)
        for place, size in enumerate(shape):
            check(size > 0, words.SIZE_OF_0.format(byte=4 + 4 * place))
        check_count(math.prod(shape), words.AT_BYTE.format(number=4))
        dtype = np.dtype(_IDX_TYPES[magic[2]])
        data = read_exactly(file, math.prod(shape) * dtype.itemsize, words.AT_BYTE.format(number=header))
        values = np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)
        if dtype.kind == "f":
            check_finite(values, words.AT_BYTE.format(number=header))
        return values


def _idx_kind(dimensions: int) -> str:
    return _IDX_KINDS.get(dimensions, words.ARRAY_OF_DIMENSIONS(dimensions))


def find_idx(folders: Sequence[Path], names: Sequence[str]) -> list[Path]:
    """The file of each name, from the first folder that has it, plain or with .gz.

    train-images-idx3-ubyte is also found as train-images.idx3-ubyte. Raises MissingFileError that names the first
    that are missing and the ends of the folders, and FileError where a folder may not be looked into.
    """
    paths = [next(filter(_is_file, (each / file for each in folders for file in _spellings(n))), None) for n in names]
    missing = [name for name, path in zip(names, paths, strict=True) if path is None]
    if missing:
        looked = ", ".join(clipped_left(str(folder), SHOWN_OF_FOLDER) for folder in folders) or words.NO_FOLDER
        raise MissingFileError(words.NO_FILE_IN.format(files=listed(missing, SHOWN_FILES), folders=looked))
    return [path for path in paths if path is not None]


def _spellings(name: str) -> list[str]:
    before, mark, after = name.rpartition("-idx")
    both = [name, f"{before}.idx{after}"] if mark else [name]
    return [spelling + suffix for spelling in both for suffix in ("", ".gz")]


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        looked_for = quoted(str(path), 200)
        raise FileError(words.CANNOT_BE_LOOKED_FOR.format(path=looked_for, reason=reason_of(error))) from None
