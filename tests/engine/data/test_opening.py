"""Claims about files that are opened for reading: regular ones are, and nothing else is waited for."""

from __future__ import annotations

import ast
import os
import socket
from pathlib import Path

import pytest

from gradstep.engine.data.files.opening import NotRegularError, open_regular
from gradstep.engine.sessions import looks_like_session

ROOT = Path(__file__).parents[3]


def test_a_pipe_a_device_and_a_socket_are_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        for name in ("pipe", "socket", os.devnull):
            for reading in (open_regular, looks_like_session):
                with pytest.raises(NotRegularError, match="not a regular file"):
                    reading(Path(name))
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)


def test_the_bytes_of_a_regular_file_and_those_of_a_link_to_it_are_read(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"abc\r\n")
    link.symlink_to(file)
    for path in (file, link):
        with open_regular(path) as opened:
            assert opened.read() == b"abc\r\n"


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="a file of Linux")
def test_a_file_of_the_systems_own_that_says_it_is_empty_is_not_read() -> None:
    assert Path("/proc/self/status").read_bytes()
    with open_regular(Path("/proc/self/status")) as opened:
        assert opened.read() == b""


def test_no_file_is_opened_for_reading_in_another_way() -> None:
    for path in sorted((*ROOT.glob("engine/**/*.py"), *ROOT.glob("tui/**/*.py"))):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "open":
                first, *others = map(ast.unparse, node.args)
                assert "'wb'" in others or first == "os.devnull", f"{path}:{node.lineno}"
