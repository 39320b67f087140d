"""The IDX files of MNIST: a type, the sizes and the numbers, plain or gzip; and where such a file is found."""

from __future__ import annotations

import gzip
import math
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.files.errors import (
    AnyArray,
    FileError,
    MissingFileError,
    check,
    check_count,
    check_finite,
    excerpt,
    in_hex,
    reason_of,
)
from engine.files.reading import Bytes, opened, read_at_most, read_exactly
from engine.operation import counted

_GZIP = b"\x1f\x8b"
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
    with opened(path) as raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        file: Bytes = gzip.GzipFile(fileobj=raw) if packed else raw
        magic = read_at_most(file, 4)
        check(len(magic) == 4, f"found {counted(len(magic), 'byte')}, expected an IDX file, of 8 or more")
        known = magic[:2] == b"\0\0" and magic[2] in _IDX_TYPES and magic[3] > 0
        expected = "expected 00 00, a type of 08, 09 or 0b to 0e, and the number of dimensions"
        check(known, f"byte 0: found {in_hex(magic)}, {expected}")
        wrong = f"byte 3: found {_idx_kind(magic[3])}, expected {_idx_kind(dimensions)}"
        check(magic[3] == dimensions, wrong)
        sizes = read_at_most(file, 4 * dimensions)
        found = f"found {counted(4 + len(sizes), 'byte')}"
        check(len(sizes) == 4 * dimensions, f"{found}, expected a header of {4 + 4 * dimensions}")
        shape = struct.unpack(f">{dimensions}I", sizes)
        for place, size in enumerate(shape):
            check(size > 0, f"byte {4 + 4 * place}: found a size of 0, expected 1 or more")
        check_count(math.prod(shape), "byte 4")
        dtype = np.dtype(_IDX_TYPES[magic[2]])
        data = read_exactly(file, math.prod(shape) * dtype.itemsize, f"byte {4 + 4 * dimensions}")
        values = np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)
        if dtype.kind == "f":
            check_finite(values, f"byte {4 + 4 * dimensions}")
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
        looked = ", ".join(excerpt(str(folder), 200) for folder in folders) or "no folder"
        files = ", ".join(excerpt(name, 60) for name in missing)
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
        raise FileError(f"{excerpt(str(path), 200)} cannot be looked for: {reason_of(error)}") from None
