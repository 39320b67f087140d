"""A file's bytes: opened with checks, unpacked, and as many of them as were announced.

Whatever goes wrong with opening or reading a file, with gzip, or for lack of memory, is a FileError here.
"""

from __future__ import annotations

import gzip
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, TypeAlias

from engine.files.errors import FileError, MissingFileError, check, excerpt, reason_of
from engine.operation import counted

Bytes: TypeAlias = IO[bytes] | gzip.GzipFile

CHUNK = 2**20  # bytes that are read at once

_BROKEN_GZIP = (gzip.BadGzipFile, EOFError, zlib.error)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes; what goes wrong with opening or reading it, and a lack of memory, become a FileError."""
    try:
        mode = path.stat().st_mode
        check(not stat.S_ISDIR(mode), "found a folder, expected a file")
        check(stat.S_ISREG(mode), "found a pipe or device, expected a file")
        file = path.open("rb")
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFileError("found no such file") from None
    except OSError as error:
        raise FileError(f"the file cannot be opened: {reason_of(error)}") from None
    except FileError:
        raise
    except ValueError:  # a NUL in its name
        raise MissingFileError("found a name that no file can have") from None
    with file, enough_memory():
        try:
            yield file
        except OSError as error:
            raise FileError(f"the file cannot be read: {reason_of(error)}") from None


@contextmanager
def enough_memory() -> Iterator[None]:
    """A lack of memory as a FileError."""
    try:
        yield
    except MemoryError:
        raise FileError("found more numbers than fit into memory, expected fewer") from None


@contextmanager
def whole_gzip(where: Callable[[], str]) -> Iterator[None]:
    """Whatever gzip raises for broken data, as a FileError; `where` says how far it was good."""
    try:
        yield
    except _BROKEN_GZIP as error:
        reason = excerpt(str(error), 60)
        raise FileError(f"{where()}: found broken gzip data ({reason}), expected a whole file") from None


def read_at_most(file: Bytes, size: int) -> bytearray:
    """As many bytes as there are, at most `size`. Memory is taken as they come."""
    data = bytearray()
    with whole_gzip(lambda: f"after {counted(len(data), 'byte')}"):
        while len(data) < size:
            chunk = file.read(min(CHUNK, size - len(data)))
            if not chunk:
                break
            data += chunk
    return data


def read_exactly(file: Bytes, size: int, where: str) -> bytearray:
    """All that is left in the file, which must be `size` bytes. One more is read at most."""
    data = read_at_most(file, size)
    check(len(data) == size, f"{where}: found {counted(len(data), 'byte')} of data, expected {size:,}")
    check(not read_at_most(file, 1), f"{where}: found more than {counted(size, 'byte')} of data, expected no more")
    return data
