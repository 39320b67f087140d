"""The one way in which a file is opened for reading: only regular files are, so that none keeps a reader waiting."""

from __future__ import annotations

import errno
import io
import stat
from pathlib import Path
from typing import BinaryIO

from gradstep.engine.words import files as words


class NotRegularError(OSError):
    """A pipe, a device or a socket; opening one may wait for somebody else, or begin something."""


def open_regular(path: Path) -> BinaryIO:
    """The bytes of a regular file. Raises OSError: IsADirectoryError, NotRegularError, what the system says; ValueError
    for a name that none can have.

    One that is empty by its size is not read. Files of the system's own, such as /proc/kmsg, pass for such ones, and
    may give bytes without end, or none until there are some.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise FileNotFoundError(errno.ENOENT, words.LINK_TO_NOTHING) from None
        raise
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(words.A_DIRECTORY)
    if not stat.S_ISREG(status.st_mode):
        raise NotRegularError(words.NOT_A_REGULAR_FILE)
    file = path.open("rb")
    if status.st_size:
        return file
    file.close()
    return io.BytesIO()
