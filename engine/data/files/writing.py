"""A file written as a whole: all or nothing, in the place of a regular file that may be written over."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from gradstep.engine.words import files as words

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

BEGUN = ".gradstep-"  # how the name of a file begins that is being written
OURS = re.compile(re.escape(BEGUN) + r"[0-9a-f]{16}")
STALE = 24 * 60 * 60  # seconds after which nobody writes a file any more, where that cannot be told
ANYONE_WRITES = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def check_writable(path: Path) -> Path:
    """The file that a path leads to, where it may be written, or be made. Raises OSError where it may not."""
    target = Path(os.path.realpath(path, strict=False))
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, words.NOT_A_REGULAR_FILE)
    if not (mode & ANYONE_WRITES and os.access(target, os.W_OK)):  # to root, all are accessible
        raise PermissionError(errno.EACCES, words.WRITE_PROTECTED)
    return target


def check_not_read(path: Path, files: Iterable[Path]) -> None:
    """Raises OSError where a path leads to one of these files, of which something is made that is to be written."""
    for file in files:
        with suppress(OSError):  # one of the two is not there
            if os.path.samefile(path, file):
                break
    else:
        return
    raise OSError(errno.EINVAL, words.IS_READ)


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place that is complete: whoever looks, and whenever this is cut short, finds it old or new.

    Through links, the file that they lead to is written. It keeps its permissions, and its owner where that is allowed;
    of hard links, only this one. Raises OSError where that is not possible, and for anything but a regular file.
    """
    target = check_writable(path)
    handle, beside = _begun(target.parent)
    _remove_abandoned(target.parent)
    try:
        with open(handle, "wb") as file:
            _keep_permissions(target, handle)
            file.write(content)
            file.flush()
            os.fsync(handle)
            if fcntl is not None:
                os.replace(beside, target)  # as long as it is locked, nobody removes it
        if fcntl is None:
            os.replace(beside, target)  # Windows moves no file that is open
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    # The file is in place. That its name is on the disk, too, is as good as can be had where folders can be opened.
    with suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _begun(folder: Path) -> tuple[int, Path]:
    """A new file for what is being written, locked while it is; its name is short, whatever that of the other."""
    while True:
        beside = folder / f"{BEGUN}{secrets.token_hex(8)}"
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            if _is_locked(handle) and beside.exists():  # nobody took it for abandoned before that
                return handle, beside
        except BaseException:
            os.close(handle)
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        os.close(handle)


def _is_locked(handle: int) -> bool:
    """Whether a file is locked by us from now on, until it is closed."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _remove_abandoned(folder: Path) -> None:
    """Remove what was left half-written by a process that was killed: nobody has it locked."""
    if fcntl is None:
        return
    entries: list[str] = []
    with suppress(OSError):
        entries += [each.path for each in os.scandir(folder) if OURS.fullmatch(each.name)]
    for entry in entries:
        with suppress(OSError):  # it may not be opened
            handle = os.open(entry, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                if _is_abandoned(handle):
                    os.unlink(entry)
            finally:
                os.close(handle)


def _is_abandoned(handle: int) -> bool:
    """Whether a file is ours, and nobody writes it any more."""
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return time.time() - status.st_mtime > STALE
    return True


def _keep_permissions(target: Path, handle: int) -> None:
    """Give a file the permissions of another, and its owner."""
    if fcntl is None or not target.exists():
        return
    status = target.stat()
    with suppress(OSError):
        os.fchown(handle, status.st_uid, status.st_gid)
    os.fchmod(handle, stat.S_IMODE(status.st_mode))
