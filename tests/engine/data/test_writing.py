"""Claims about files that are written as a whole: which may be written over, and what they keep."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gradstep.engine.data.files import writing
from gradstep.engine.data.files.writing import check_writable, write_whole

UNIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions, links and pipes as of Unix")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    for content in (b"one", b"another"):
        write_whole(tmp_path / "a", content)
        assert (tmp_path / "a").read_bytes() == content
    assert names(tmp_path) == {"a"}


def test_a_name_as_long_as_there_are_is_written(tmp_path: Path) -> None:
    write_whole(tmp_path / ("a" * 255), b"one")
    assert names(tmp_path) == {"a" * 255}


@UNIX
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755, 0o200])
def test_permissions_are_kept(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"one")
    file.chmod(mode)
    write_whole(file, b"another")
    assert stat.S_IMODE(file.stat().st_mode) == mode


@UNIX
def test_a_new_file_has_the_permissions_that_any_new_file_has(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_whole(tmp_path / "a", b"one")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


@UNIX
def test_a_link_is_followed_and_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a").write_bytes(b"one")
    (tmp_path / "link").symlink_to("there/a")
    (tmp_path / "further").symlink_to("link")
    write_whole(tmp_path / "further", b"another")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "further").is_symlink()
    assert (tmp_path / "there" / "a").read_bytes() == b"another"
    assert names(tmp_path / "there") == {"a"}


@UNIX
def test_a_link_to_what_is_not_there_yet_makes_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("a")
    write_whole(tmp_path / "link", b"one")
    assert (tmp_path / "a").read_bytes() == b"one"
    assert (tmp_path / "link").is_symlink()


@UNIX
def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        write_whole(tmp_path / "a", b"one")
    assert names(tmp_path) == {"a", "b"}


@UNIX
def test_what_is_no_regular_file_is_refused_and_left(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "null").symlink_to(os.devnull)
    for name, reason in [("pipe", "not a regular file"), ("folder", "directory"), ("null", "not a regular file")]:
        with pytest.raises(OSError, match=reason):
            write_whole(tmp_path / name, b"one")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert names(tmp_path) == {"pipe", "folder", "null"}


@UNIX
def test_a_write_protected_file_is_refused_also_to_root(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "a").chmod(0o444)
    with pytest.raises(PermissionError, match="write-protected"):
        write_whole(tmp_path / "a", b"another")
    assert (tmp_path / "a").read_bytes() == b"one"
    assert names(tmp_path) == {"a"}


def test_what_may_be_written_is_told_before(tmp_path: Path) -> None:
    assert check_writable(tmp_path / "a") == (tmp_path / "a").resolve()
    with pytest.raises(IsADirectoryError):
        check_writable(tmp_path)


WRITES = """
import sys
import time
from pathlib import Path
from gradstep.engine.data.files import writing
handle, beside = writing._begun(Path(sys.argv[1]))
print(beside.name, flush=True)
sys.stdin.read()
"""


@UNIX
def test_what_a_killed_process_left_is_removed_and_what_another_is_writing_is_not(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITES, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    begun = [writer.stdout.readline().strip() for writer in writers if writer.stdout]
    writers[0].kill()
    writers[0].communicate()
    assert names(tmp_path) == {*begun}
    assert all(name.startswith(writing.BEGUN) for name in begun)
    write_whole(tmp_path / "a", b"one")
    assert names(tmp_path) == {"a", begun[1]}
    writers[1].communicate("")


def half_written(folder: Path, digit: str, days: float) -> Path:
    path = folder / f"{writing.BEGUN}{digit * 16}"
    path.write_bytes(b"half")
    at = time.time() - days * 24 * 60 * 60
    os.utime(path, (at, at))
    return path


@UNIX
def test_without_locks_what_was_left_is_removed_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(writing.fcntl, "flock", no_locks)
    young = half_written(tmp_path, "1", 0.9)
    half_written(tmp_path, "2", 1.1)
    write_whole(tmp_path / "a", b"one")
    assert names(tmp_path) == {"a", young.name}


@UNIX
def test_what_another_person_left_is_not_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = half_written(tmp_path, "1", 400)
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    write_whole(tmp_path / "a", b"one")
    assert names(tmp_path) == {"a", theirs.name}


@UNIX
def test_nothing_else_of_that_beginning_is_touched(tmp_path: Path) -> None:
    (tmp_path / ".gradstep-notes.txt").write_text("mine")
    (tmp_path / f"{writing.BEGUN}{'0' * 16}").mkdir()
    os.mkfifo(tmp_path / f"{writing.BEGUN}{'1' * 16}")
    before = names(tmp_path)
    write_whole(tmp_path / "a", b"one")
    assert names(tmp_path) == before | {"a"}
