"""A file's bytes: opened with checks, unpacked, and as many of them as were announced.

A failure to open or read a file, broken gzip data and a lack of memory are FileErrors here.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, TypeAlias

from gradstep.engine.data.files.errors import FileError, MissingFileError, check
from gradstep.engine.data.files.opening import NotRegularError, open_regular
from gradstep.engine.errors import quoted, reason_of
from gradstep.engine.words import files as words

Bytes: TypeAlias = IO[bytes] | gzip.GzipFile

CHUNK = 2**20  # bytes that are read at once


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes; a failure to open or read it and a lack of memory become a FileError."""
    try:
        file = open_regular(path)
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFileError(words.FOUND_LINK_TO_NOTHING if path.is_symlink() else words.NO_SUCH_FILE) from None
    except IsADirectoryError:
        raise FileError(words.FOLDER) from None
    except NotRegularError:
        raise FileError(words.PIPE_OR_DEVICE) from None
    except OSError as error:
        raise FileError(words.CANNOT_BE_OPENED.format(reason=reason_of(error))) from None
    except ValueError:  # a NUL in its name
        raise MissingFileError(words.IMPOSSIBLE_NAME) from None
    with file, enough_memory():
        try:
            yield file
        except OSError as error:
            raise FileError(words.CANNOT_BE_READ.format(reason=reason_of(error))) from None


@contextmanager
def enough_memory() -> Iterator[None]:
    """A lack of memory as a FileError."""
    try:
        yield
    except MemoryError:
        raise FileError(words.NOT_ENOUGH_MEMORY) from None


@contextmanager
def whole_gzip(where: Callable[[], str]) -> Iterator[None]:
    """Broken gzip data as a FileError; `where` says how far they were good."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        reason = quoted(str(error), 60)
        raise FileError(words.BROKEN_GZIP.format(where=where(), reason=reason)) from None


def read_at_most(file: Bytes, size: int) -> bytearray:
    """As many bytes as there are, at most `size`. Memory is taken as they come."""
    data = bytearray()
    with whole_gzip(lambda: words.AFTER_BYTES(len(data))):
        while len(data) < size:
            chunk = file.read(min(CHUNK, size - len(data)))
            if not chunk:
                break
            data += chunk
    return data


def read_exactly(file: Bytes, size: int, where: str) -> bytearray:
    """All that is left in the file, which must be `size` bytes. One more is read at most."""
    data = read_at_most(file, size)
    check(len(data) == size, words.OTHER_SIZE(len(data), where=where, size=size))
    check(not read_at_most(file, 1), words.MORE_BYTES(size, where=where))
    return data
