"""Claims about data files: what is written is read back, and whatever else a file holds is one line of an error."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradstep.engine.data.files import csv as tables
from gradstep.engine.data.files.csv import read_csv
from gradstep.engine.data.files.errors import FileError, MissingFileError
from gradstep.engine.data.files.idx import read_idx
from gradstep.engine.data.files.npz import read_npz

HERE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


TABLE = b"x1,x2,t\n1,2,3\n4,5,6\n-7.5,8e-3,9\n"


READERS: dict[str, Callable[[Path], Any]] = {
    "csv": lambda path: read_csv(path, ["t"]),
    "npz": lambda path: read_npz(path, ["x", "t"]),
    "idx": lambda path: read_idx(path, 3),
}


each_reader = pytest.mark.parametrize("read", READERS.values(), ids=READERS)


def put(folder: Path, content: bytes, name: str = "data") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def said(call: Callable[[], object]) -> str:
    """The message of the FileError that the call raises."""
    with pytest.raises(FileError) as caught:
        call()
    message = str(caught.value)
    assert message.isprintable()
    return message


def idx(values: np.ndarray[Any, Any], code: int | None = None) -> bytes:
    code = CODES[values.dtype.str[1:]] if code is None else code
    head = bytes([0, 0, code, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    return head + values.astype(values.dtype.newbyteorder(">")).tobytes()


def npz(**named: Any) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **named)
    return file.getvalue()


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


def npy(header: str, data: bytes = b"") -> bytes:
    """An array as an archive holds it, whatever its header says."""
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def described(shape: str, descr: str = "'<f8'", order: str = "False") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n"


# ── any file ─────────────────────────────────────────────────────────────────────────────────────────────────


@each_reader
def test_a_file_that_is_not_there_is_missing(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    present = put(tmp_path, b"")
    for path in (tmp_path / "none", present / "below", tmp_path / "nul\0"):
        with pytest.raises(MissingFileError):
            read(path)


@each_reader
def test_a_link_to_what_is_not_there_is_missing(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(MissingFileError, match="a link to a file that is not there"):
        read(tmp_path / "link")


@each_reader
def test_a_folder_is_no_file(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    assert "found a folder" in said(lambda: read(tmp_path))


@each_reader
def test_a_pipe_is_not_waited_for(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "found a pipe" in said(lambda: read(tmp_path / "pipe"))


@each_reader
def test_a_name_that_cannot_be_opened_is_an_error(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (tmp_path / "loop", tmp_path / ("long" * 200)):
        assert "cannot be opened" in said(lambda path=path: read(path))


@each_reader
@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_an_error(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    path = put(tmp_path, TABLE)
    path.chmod(0)
    assert "Permission denied" in said(lambda: read(path))


@each_reader
def test_a_message_does_not_name_the_file(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    for content in (b"", b"a", b"\x1f\x8b", b"PK\x03\x04", b"\0\0\x08\x03", b"\n\n\n"):
        assert "peculiar" not in said(lambda content=content: read(put(tmp_path, content, "peculiar")))


@each_reader
def test_too_little_memory_is_an_error(
    tmp_path: Path, read: Callable[[Path], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object, **named: object) -> None:
        raise MemoryError

    monkeypatch.setattr(tables, "_decoded", full)
    monkeypatch.setattr(np, "frombuffer", full)
    valid = {"csv": TABLE, "npz": npz(x=[1.0], t=[2.0]), "idx": idx(np.ones((1, 1, 1), "u1"))}
    content = next(valid[kind] for kind, other in READERS.items() if other is read)
    assert "memory" in said(lambda: read(put(tmp_path, content)))


def measured(call: Callable[[], str]) -> tuple[int, str]:
    """The most bytes in use while the call runs, and its result."""
    tracemalloc.start()
    try:
        result = call()
        return tracemalloc.get_traced_memory()[1], result
    finally:
        tracemalloc.stop()


IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────────

VALID = {
    "csv": [TABLE, b'x1,x2,t\r\n"1",2,3\r\n4,"5",6\r\n\r\n', b"\xef\xbb\xbf" + TABLE],
    "csv.gz": [gzip.compress(TABLE)],
    "npz": [
        npz(x=np.arange(12.0).reshape(2, 3, 2), t=np.array([1, 2], ">i4")),
        archive(
            {"x.npy": npy(described("(2,)"), bytes(16)), "t": npy(described("(1,)"), bytes(8))}, zipfile.ZIP_STORED
        ),
    ],
    "idx": [idx(IMAGES), gzip.compress(idx(IMAGES)), idx(IMAGES.astype("f4"))],
}


@st.composite
def damaged(draw: Callable[[st.SearchStrategy[Any]], Any], contents: list[bytes]) -> bytes:
    """A valid file after one to four accidents: bytes changed, lost, put in or doubled, or the end cut off."""
    content = bytearray(draw(st.sampled_from(contents)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.integers(1, 6))
        kind = draw(st.sampled_from(["flip", "change", "lose", "insert", "double", "cut"]))
        if kind == "flip" and place < len(content):
            content[place] ^= 1 << draw(st.integers(0, 7))
        elif kind == "change":
            content[place : place + length] = draw(st.binary(min_size=length, max_size=length))
        elif kind == "insert":
            content[place:place] = draw(
                st.binary(max_size=length) | st.sampled_from([b'"', b",", b"\n", b"\r", b"nan"])
            )
        elif kind == "lose":
            del content[place : place + length]
        elif kind == "double":
            content[place:place] = content[place : place + 8 * length]
        elif kind == "cut":
            del content[place:]
    return bytes(content)


@pytest.mark.parametrize("suffix", VALID)
@settings(HERE, max_examples=400)
@given(draw=st.data())
def test_a_damaged_file_gives_arrays_or_a_file_error(tmp_path: Path, suffix: str, draw: st.DataObject) -> None:
    path = put(tmp_path, draw.draw(damaged(VALID[suffix])), f"data.{suffix}")
    check_outcome(path, READERS[suffix.removesuffix(".gz")])


@each_reader
@settings(HERE, max_examples=100)
@given(start=st.sampled_from([b"", b"x,t\n", b"PK\x03\x04", b"\x1f\x8b\x08", b"\0\0\x08\x03"]), rest=st.binary())
def test_any_bytes_give_arrays_or_a_file_error(
    tmp_path: Path, read: Callable[[Path], Any], start: bytes, rest: bytes
) -> None:
    check_outcome(put(tmp_path, start + rest), read)


@each_reader
@pytest.mark.parametrize("suffix", VALID)
def test_every_beginning_of_a_file_gives_arrays_or_a_file_error(
    tmp_path: Path, read: Callable[[Path], Any], suffix: str
) -> None:
    for content in VALID[suffix]:
        for end in range(len(content)):
            check_outcome(put(tmp_path, content[:end], f"data.{suffix}"), read)


def check_outcome(path: Path, read: Callable[[Path], Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = read(path)
        except FileError as error:
            found, message = {}, str(error)
        else:
            message = ""
    assert message.isprintable()
    assert str(path) not in message
    several = found.values() if isinstance(found, dict) else found if isinstance(found, tuple) else [found]
    for values in several:
        assert values.size > 0
        assert np.isfinite(values).all()
