"""A file as a whole: read within a bound, written all or nothing."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from gradstep.engine.data.files.errors import FileError, check
from gradstep.engine.errors import reason_of
from gradstep.engine.words import files as words


def read_whole(path: Path, most: int, expected: str) -> bytes:
    """The bytes of a file of at most `most` MiB; raises FileError, which says what was expected."""
    try:
        status = path.stat()
        check(not stat.S_ISDIR(status.st_mode), words.DIRECTORY.format(expected=expected))
        check(stat.S_ISREG(status.st_mode), words.NO_REGULAR_FILE.format(expected=expected))
        check(status.st_size <= most * 2**20, words.TOO_LARGE.format(most=most, expected=expected))
        return path.read_bytes()
    except FileError:
        raise
    except (OSError, ValueError) as error:
        raise FileError(words.CANNOT_BE_READ_AS.format(reason=reason_of(error).lower(), expected=expected)) from None


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place that is complete: whoever looks, and whenever this is cut short, finds it old or new."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    # The file is in place. That its name is on the disk, too, is as good as can be had where folders can be opened.
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
