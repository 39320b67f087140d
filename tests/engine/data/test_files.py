"""Claims about data files: what is written is read back, and whatever else a file holds is one line of an error."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gradstep.engine.data.files import csv as tables
from gradstep.engine.data.files.csv import read_csv
from gradstep.engine.data.files.errors import FileError, MissingFileError
from gradstep.engine.data.files.idx import find_idx, read_idx
from gradstep.engine.data.files.npz import read_npz

HERE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FINITE = st.floats(allow_nan=False, allow_infinity=False)
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


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────


def csv_error(folder: Path, content: str | bytes, targets: Sequence[str] = ("t",), name: str = "data.csv") -> str:
    data = content.encode() if isinstance(content, str) else content
    return said(lambda: read_csv(put(folder, data, name), targets))


@HERE
@given(
    table=arrays.arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(2, 5)), elements=FINITE), draw=st.data()
)
def test_a_table_is_read_back_bit_for_bit(tmp_path: Path, table: np.ndarray[Any, Any], draw: st.DataObject) -> None:
    columns = table.shape[1]
    targets = draw.draw(st.lists(st.integers(0, columns - 1), min_size=1, max_size=columns - 1, unique=True))
    end = draw.draw(st.sampled_from(["\n", "\r\n"]))
    quote = draw.draw(st.sampled_from(["", '"']))
    rows = [[f"c{place}" for place in range(columns)], *([repr(float(v)) for v in row] for row in table)]
    text = end.join(",".join(f"{quote}{cell}{quote}" for cell in row) for row in rows)
    text = draw.draw(st.sampled_from(["", "\ufeff"])) + text + end * draw.draw(st.integers(0, 3))
    suffix, pack = draw.draw(st.sampled_from([("csv", bytes), ("csv.gz", gzip.compress)]))
    x, t = read_csv(put(tmp_path, pack(text.encode()), f"data.{suffix}"), [f"c{place}" for place in targets])
    inputs = [place for place in range(columns) if place not in targets]
    assert x.tobytes() == np.ascontiguousarray(table[:, inputs]).tobytes()
    assert t.tobytes() == np.ascontiguousarray(table[:, targets]).tobytes()
    for read, width in ((x, len(inputs)), (t, len(targets))):
        assert read.dtype == np.float64
        assert read.flags.c_contiguous
        assert read.shape == (len(table), width)


@HERE
@given(text=st.text("0123456789+-.eE_ xinfa\u0663\u00a0\t", max_size=8))
def test_quotes_do_not_change_which_texts_are_numbers(tmp_path: Path, text: str) -> None:
    """Quoted values are read line by line, others at once: both ways agree."""

    def outcome(cell: str) -> object:
        try:
            x, t = read_csv(put(tmp_path, f"x,t\n{cell},1\n".encode()), ["t"])
        except FileError as error:
            return str(error)
        return x.tobytes(), t.tobytes()

    assert outcome(text) == outcome(f'"{text}"')


def test_spaces_around_names_and_numbers_do_not_count(tmp_path: Path) -> None:
    x, t = read_csv(put(tmp_path, b"x1 , t\n 1 ,\t2\n   \n"), ["t"])
    assert x.tolist() == [[1.0]]
    assert t.tolist() == [[2.0]]


def test_targets_come_in_the_order_in_which_they_are_named(tmp_path: Path) -> None:
    x, t = read_csv(put(tmp_path, TABLE), ["t", "x1"])
    assert x.tolist() == [[2.0], [5.0], [8e-3]]
    assert t.tolist() == [[3.0, 1.0], [6.0, 4.0], [9.0, -7.5]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x1,x2,t\n1,2,3\n1,abc,3\n", 'line 3, column "x2": found "abc", expected a number'),
        ("x1,x2,t\n1,2,3\n1,,3\n", 'line 3, column "x2": found an empty cell, expected a number'),
        ("x1,x2,t\n1,2, \n", 'line 2, column "t": found an empty cell, expected a number'),
        ("x1,x2,t\n1,nan,3\n", 'line 2, column "x2": found "nan", expected a finite number'),
        ("x1,x2,t\n1,2,-inf\n", 'line 2, column "t": found "-inf", expected a finite number'),
        ("x1,x2,t\n1e999,2,3\n", 'line 2, column "x1": found "1e999", expected a finite number'),
        ("x1,x2,t\n1_0,2,3\n", 'line 2, column "x1": found "1_0", expected a number'),
        ("x1,x2,t\n١,2,3\n", 'line 2, column "x1": found "١", expected a number'),
        ("x1,x2,t\n0x1,2,3\n", 'line 2, column "x1": found "0x1", expected a number'),
        ('x1,x2,t\n"a\nb",2,3\n', 'line 2, column "x1": found "a\\nb", expected a number'),
        ('x1,x2,t\n"1\n",2,3\nx,1,2\n', 'line 4, column "x1": found "x", expected a number'),
        ("x1,x2,t\n1\0,2,3\n", 'line 2, column "x1": found "1\\x00", expected a number'),
        ("x1,x2,t\n1,2,3\n4,5\n", "line 3: found 2 values, expected 3 as in the header"),
        ("x1,x2,t\n1,2,3,4\n5,6,7,8\n", "line 2: found 4 values, expected 3 as in the header"),
        ("x1,x2,t\n1,2,3\n\n4,5,6\n", "line 3: found a blank line, expected one at the end only"),
        ("\nx1,x2,t\n1,2,3\n", "line 1: found a blank line, expected one at the end only"),
        (
            "x1,x2,t\n1,2,3\n4\r,5,6\n",
            "line 3, column 1: found a carriage return, expected one at the end of a line only",
        ),
        ("x1,x2,t\r1,2,3\r", "line 1, column 3: found a carriage return, expected one at the end of a line only"),
        ('x1,x2,t\n1,2,3\n"4,5,6\n', "line 3: found unexpected end of data, expected 3 numbers"),
        ('x1,"x2\n', "line 1: found unexpected end of data, expected the names of the columns"),
        ("", "line 1: found nothing, expected the names of the columns"),
        ("\n \n", "line 1: found nothing, expected the names of the columns"),
        ("\ufeff\n1\n", "line 1: found nothing, expected the names of the columns"),
        ("x1,,t\n1,2,3\n", "line 1, column 2: found no name, expected one for each column"),
        (
            "x1,t, x1\n1,2,3\n",
            'line 1, column 3: found the name "x1" again, as of column 1, expected names that differ',
        ),
        ("x1,x2,t\n", "found a header only, expected at least one row"),
        ("x1,x2,t\n\n\n", "found a header only, expected at least one row"),
        ("t\n1\n", "line 1: found only targets, expected at least one column as an input"),
        (b"x1,x2,t\n1,\xff,3\n", "line 2, byte 3: found 0xff, expected text in UTF-8"),
        (b"x1,x2,t\n1,2,3\xc3", "line 2, byte 6: found 0xc3, expected text in UTF-8"),
        ("x1;x2;t\n1;2;3\n", 'line 1: found no column "t", expected one of "x1;x2;t"'),
    ],
)
def test_the_first_thing_wrong_with_a_table_is_found(tmp_path: Path, content: str | bytes, message: str) -> None:
    assert csv_error(tmp_path, content) == message


def test_an_unknown_target_comes_with_a_suggestion(tmp_path: Path) -> None:
    message = csv_error(tmp_path, "height,weight,age\n1,2,3\n", ["wieght"])
    assert message == (
        'line 1: found no column "wieght" (did you mean "weight"?), expected one of "height", "weight", "age"'
    )


def test_there_is_a_target_and_none_is_named_twice(tmp_path: Path) -> None:
    assert "found no target" in csv_error(tmp_path, TABLE, [])
    assert 'found the target "t" twice' in csv_error(tmp_path, TABLE, ["t", "t"])


def test_long_and_strange_texts_are_shown_in_one_short_line(tmp_path: Path) -> None:
    message = csv_error(tmp_path, f"x,t\n{'a' * 10_000},1\n")
    assert message == f'line 2, column "x": found "{"a" * 30}…", expected a number'
    assert len(csv_error(tmp_path, ",".join(f"{'y' * 50}{n}" for n in range(3000)) + "\n", ["z"])) < 500
    assert "field larger than field limit" in csv_error(tmp_path, f"x,t\n{'a' * 140_000},1\n")


def test_packed_text_that_is_broken_says_how_far_it_was_good(tmp_path: Path) -> None:
    rows = "".join(f"{n},{n * n}\n" for n in range(20_000))
    whole = gzip.compress(f"x,t\n{rows}".encode())
    assert "broken gzip data" in csv_error(tmp_path, whole[: len(whole) // 2], name="data.csv.gz")
    assert csv_error(tmp_path, whole[:-4], name="data.csv.gz").startswith("line 20002: found broken gzip data")
    assert csv_error(tmp_path, TABLE, name="data.csv.gz").startswith("line 1: found broken gzip data")
    assert csv_error(tmp_path, whole) == "line 1, byte 2: found 0x8b, expected text in UTF-8"


def test_a_table_has_a_most_of_numbers_lines_and_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_NUMBERS", 8)
    assert csv_error(tmp_path, TABLE) == "row 3: found 9 numbers in an array, expected at most 8"
    assert (
        csv_error(tmp_path, TABLE.replace(b"1,", b'"1",')) == "line 4: found 9 numbers in an array, expected at most 8"
    )
    monkeypatch.setattr(tables, "MOST_LINE", 10)
    assert "line 4: found more than 10 bytes" in csv_error(tmp_path, TABLE)
    monkeypatch.setattr(tables, "MOST_TEXT", 15)
    assert "line 3: found more than 15 bytes of text" in csv_error(tmp_path, TABLE)
    assert "found more than 15 bytes of text" in csv_error(tmp_path, b"x,t\n1,2\n" + b"\n" * 20)


def test_a_packed_table_of_one_endless_line_takes_little_memory(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(b"0" * 2**27), "data.csv.gz")
    peak, message = measured(lambda: said(lambda: read_csv(path, ["t"])))
    assert "line 1: found more than 16,777,216 bytes" in message
    assert peak < 2**26


def measured(call: Callable[[], str]) -> tuple[int, str]:
    """The most bytes in use while the call runs, and its result."""
    tracemalloc.start()
    try:
        result = call()
        return tracemalloc.get_traced_memory()[1], result
    finally:
        tracemalloc.stop()


# ── NPZ ──────────────────────────────────────────────────────────────────────────────────────────────────────


def npz_error(folder: Path, content: bytes, names: Sequence[str] = ("x",)) -> str:
    return said(lambda: read_npz(put(folder, content), names))


def member_error(folder: Path, content: bytes) -> str:
    return npz_error(folder, archive({"x.npy": content}))


@HERE
@given(
    values=st.sampled_from(["<f8", ">f8", "<f4", "<f2", ">i2", "<i4", "u1", "?"]).flatmap(
        lambda dtype: arrays.arrays(
            np.dtype(dtype),
            arrays.array_shapes(min_dims=1, max_dims=4, max_side=4),
            elements={"allow_nan": False, "allow_infinity": False} if "f" in dtype else None,
        )
    ),
    by_column=st.booleans(),
    save=st.sampled_from([np.savez, np.savez_compressed]),
)
def test_an_archive_is_read_back(
    tmp_path: Path, values: np.ndarray[Any, Any], by_column: bool, save: Callable[..., None]
) -> None:
    save(tmp_path / "data.npz", x=np.asfortranarray(values) if by_column else values, other=np.array(["text"]))
    found = read_npz(tmp_path / "data.npz", ["x"])
    assert list(found) == ["x"]
    expected = values.astype(np.float64)
    expected = expected if values.ndim == 1 else expected.reshape(len(values), -1)
    np.testing.assert_array_equal(found["x"], expected, strict=True)
    assert found["x"].flags.c_contiguous


def test_images_become_rows(tmp_path: Path) -> None:
    images = np.arange(2 * 28 * 28).reshape(2, 28, 28)
    assert read_npz(put(tmp_path, npz(images=images)), ["images"])["images"].shape == (2, 784)


def test_a_missing_array_comes_with_what_there_is(tmp_path: Path) -> None:
    content = npz(x_train=[1.0], y_train=[1.0])
    message = npz_error(tmp_path, content, ["x_tran"])
    assert message == 'found no array "x_tran" (did you mean "x_train"?), expected one of "x_train", "y_train"'
    assert npz_error(tmp_path, archive({})) == 'found no array "x", the archive is empty'
    assert read_npz(put(tmp_path, content), []) == {}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.array([{}, None], object), "found objects, expected real numbers"),
        (np.array([1j]), "found complex numbers, expected real numbers"),
        (np.array(["a"]), "found text, expected real numbers"),
        (np.array([b"a"]), "found text, expected real numbers"),
        (np.array(["2020-01-01"], "M8[D]"), "found dates, expected real numbers"),
        (np.zeros(2, [("a", "f8")]), "found records, expected real numbers"),
        (np.float64(3), "found a single number, expected one dimension or more"),
        (np.zeros((3, 0)), "found no elements (shape 3×0), expected at least one"),
    ],
)
def test_only_real_numbers_are_read(tmp_path: Path, values: Any, message: str) -> None:
    assert npz_error(tmp_path, npz(x=values)) == f'array "x": {message}'


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_found_at_its_index(tmp_path: Path, bad: float) -> None:
    values = np.ones((4, 3, 2), order="F")
    values[2, 1, 0] = bad
    message = npz_error(tmp_path, npz(x=values))
    assert message == f'array "x", index [2, 1, 0]: found {bad}, expected a finite number'


def test_a_long_double_beyond_float64_is_not_finite(tmp_path: Path) -> None:
    values = np.array([1, 2], np.longdouble) * np.longdouble(10) ** 300
    values[1] *= np.longdouble(10) ** 300
    if np.isfinite(values[1]):
        assert 'array "x", index [1]: found inf' in npz_error(tmp_path, npz(x=values))


def test_what_is_no_archive_is_an_error(tmp_path: Path) -> None:
    single = io.BytesIO()
    np.save(single, np.ones(3))
    assert "found a single array (.npy)" in npz_error(tmp_path, single.getvalue())
    assert npz_error(tmp_path, TABLE) == "byte 0: found 78 31 2c 78, expected an .npz archive, so 50 4b 03 04"
    assert npz_error(tmp_path, b"") == "found no bytes, expected an .npz archive"
    whole = npz(x=np.arange(100.0))
    assert npz_error(tmp_path, whole[:-30]).startswith("the archive: found broken data (BadZipFile")
    for content in (b"text", b"", b"\x93NUMPY", b"\x93NUMPY\x09\x09"):
        assert 'array "x", byte ' in member_error(tmp_path, content)


def test_a_wrong_check_sum_is_an_error(tmp_path: Path) -> None:
    content = archive({"x.npy": npy(described("(2,)"), b"\0" * 16)}, zipfile.ZIP_STORED)
    place = content.index(b"\0" * 16)
    changed = content[: place + 3] + b"\x01" + content[place + 4 :]
    assert "Bad CRC-32" in npz_error(tmp_path, changed)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (described("(2,)"), "found 8 bytes of data, expected 16"),
        (described("()"), "a single number"),
        (described("(1,)", "'<f4'"), "found 8 bytes of data, expected 4"),
        (described("(-1,)"), "a negative size"),
        (described("(2, -1)"), "a negative size"),
        (described("(2.5,)"), "cannot be understood"),
        (described("(60000000,)"), "found 60,000,000 numbers in an array, expected at most 50,000,000"),
        (described("(9999999999, 9999999999)"), "found 99,999,999,980,000,000,001 numbers"),
        (described(f"({'9' * 4000}, {'9' * 4000})"), "found more than 10^30 numbers"),
        (described("(" + "1," * 33 + ")"), "found 33 dimensions, expected at most 32"),
        (described("(1,)", "'|O'"), "found objects"),
        (described("(1,)", "('<f8', (0,))"), "found records"),
        (described("(1,)", "'no such'"), "cannot be understood"),
        (described("(1,)", "'M8[s/0]'"), "cannot be understood"),  # numpy.dtype divides by it, which ends the process
        (described("(1,)", order="7"), "cannot be understood"),
        (described("(1L,)", "no_such"), "cannot be understood"),
        ("(" * 9000, "cannot be understood"),
        ("-" * 9000 + "1", "cannot be understood"),
        ("1" * 9000, "cannot be understood"),
        ("{'descr': '\\d'}", "cannot be understood"),
        ("", "cannot be understood"),
        ("{" + " " * 11_000 + "}", "cannot be understood"),
    ],
)
def test_a_header_is_not_believed(tmp_path: Path, header: str, message: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert message in member_error(tmp_path, npy(header, b"\0" * 8))


def test_a_header_of_four_gigabytes_is_not_read(tmp_path: Path) -> None:
    content = b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + b" " * 2**26
    path = put(tmp_path, archive({"x.npy": content}))
    peak, message = measured(lambda: said(lambda: read_npz(path, ["x"])))
    assert "found a header that cannot be understood" in message
    assert peak < 2**24


def test_an_array_that_is_larger_than_its_header_says_is_not_unpacked(tmp_path: Path) -> None:
    path = put(tmp_path, archive({"x.npy": npy(described("(1,)"), b"\0" * 2**27)}))
    peak, message = measured(lambda: said(lambda: read_npz(path, ["x"])))
    assert "found 134,217,728 bytes of data, expected 8" in message
    assert peak < 2**24


@pytest.mark.parametrize("claimed", [8, 2**20])
def test_a_size_in_the_directory_is_not_believed(tmp_path: Path, claimed: int) -> None:
    header = npy(described(f"({claimed // 8},)"))
    content = bytearray(archive({"x.npy": header + b"\0" * 2**16}))
    for place in (content.index(b"PK\x03\x04") + 22, content.index(b"PK\x01\x02") + 24):
        content[place : place + 4] = struct.pack("<I", len(header) + claimed)
    assert 'array "x": found broken data' in npz_error(tmp_path, bytes(content))


def test_an_archive_in_an_archive_is_no_array(tmp_path: Path) -> None:
    assert "cannot be understood" in member_error(tmp_path, npz(x=[1.0]))


def test_data_that_is_not_there_takes_no_memory(tmp_path: Path) -> None:
    path = put(tmp_path, archive({"x.npy": npy(described("(50000000,)"), b"\0" * 8)}))
    peak, message = measured(lambda: said(lambda: read_npz(path, ["x"])))
    assert "found 8 bytes of data, expected 400,000,000" in message
    assert peak < 2**24


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_is_plain_or_deflated(tmp_path: Path, method: int) -> None:
    content = archive({"x.npy": npy(described("(1,)"), b"\0" * 8)}, method)
    assert f"found compression method {method}, expected 0 (none) or 8 (deflate)" in npz_error(tmp_path, content)


def test_an_encrypted_archive_is_an_error(tmp_path: Path) -> None:
    content = bytearray(archive({"x.npy": npy(described("(1,)"), b"\0" * 8)}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert 'array "x": found it encrypted' in npz_error(tmp_path, bytes(content))


# ── IDX ──────────────────────────────────────────────────────────────────────────────────────────────────────

IMAGES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
LABELS = np.array([7, 2, 1, 0, 4], np.uint8)


def idx_error(folder: Path, content: bytes, dimensions: int = 3) -> str:
    plain = said(lambda: read_idx(put(folder, content), dimensions))
    assert said(lambda: read_idx(put(folder, gzip.compress(content)), dimensions)) == plain
    return plain


@HERE
@given(
    values=st.sampled_from(sorted(CODES)).flatmap(
        lambda dtype: arrays.arrays(
            np.dtype(dtype),
            arrays.array_shapes(min_dims=1, max_dims=4, max_side=4),
            elements={"allow_nan": False, "allow_infinity": False} if "f" in dtype else None,
        )
    ),
    pack=st.sampled_from([bytes, gzip.compress]),
)
def test_idx_is_read_back(tmp_path: Path, values: np.ndarray[Any, Any], pack: Callable[[bytes], bytes]) -> None:
    found = read_idx(put(tmp_path, pack(idx(values))), values.ndim)
    np.testing.assert_array_equal(found, values, strict=True)
    assert found.dtype.isnative


def test_a_small_set_is_found_and_read_plain_and_packed(tmp_path: Path) -> None:
    put(tmp_path, idx(IMAGES), "train-images-idx3-ubyte")
    put(tmp_path, gzip.compress(idx(LABELS)), "train-labels-idx1-ubyte.gz")
    paths = find_idx([tmp_path], ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"])
    assert np.array_equal(read_idx(paths[0], 3), IMAGES)
    assert np.array_equal(read_idx(paths[1], 1), LABELS)


def test_gzip_is_told_by_the_content_and_not_by_the_name(tmp_path: Path) -> None:
    assert np.array_equal(read_idx(put(tmp_path, idx(LABELS), "labels.gz"), 1), LABELS)
    assert np.array_equal(read_idx(put(tmp_path, gzip.compress(idx(LABELS)), "labels"), 1), LABELS)


@pytest.mark.parametrize(
    ("content", "dimensions", "message"),
    [
        (idx(LABELS), 3, "byte 3: found labels (1 dimension), expected images (3 dimensions)"),
        (idx(IMAGES), 1, "byte 3: found images (3 dimensions), expected labels (1 dimension)"),
        (idx(IMAGES[0]), 3, "byte 3: found an array of 2 dimensions, expected images (3 dimensions)"),
        (b"", 3, "found 0 bytes, expected an IDX file, which has at least 8"),
        (b"\0\0\x08", 3, "found 3 bytes, expected an IDX file, which has at least 8"),
        (idx(IMAGES)[:9], 3, "found 9 bytes, expected a header of 16"),
        (idx(IMAGES)[:-5], 3, "byte 16: found 19 bytes of data, expected 24"),
        (idx(IMAGES)[:16], 3, "byte 16: found 0 bytes of data, expected 24"),
        (idx(IMAGES) + b"!", 3, "byte 16: found more than 24 bytes of data, expected no more"),
        (idx(np.zeros((2, 0, 4), np.uint8)), 3, "byte 8: found a size of 0, expected 1 or more"),
        (
            b"\0\0\x08\x03" + b"\xff" * 12,
            3,
            "byte 4: found 79,228,162,458,924,105,385,300,197,375 numbers in an array, ",
        ),
        (
            b"\0\0\x0e\x01" + struct.pack(">I", 2**31),
            1,
            "byte 4: found 2,147,483,648 numbers in an array, expected at most 50,000,000",
        ),
        (
            b"\0\0\x0d\x01" + struct.pack(">I2f", 2, 1.0, np.nan),
            1,
            "byte 8, index [1]: found nan, expected a finite number",
        ),
    ],
)
def test_the_first_thing_wrong_with_idx_is_found(tmp_path: Path, content: bytes, dimensions: int, message: str) -> None:
    assert idx_error(tmp_path, content, dimensions).startswith(message)


@pytest.mark.parametrize(
    "magic", [b"\0\0\x07\x03", b"\0\0\x0a\x03", b"\0\0\x08\0", b"\1\0\x08\x03", b"<htm", b"PK\3\4"]
)
def test_a_bad_magic_number_is_shown(tmp_path: Path, magic: bytes) -> None:
    assert idx_error(tmp_path, magic + idx(IMAGES)[4:]).startswith(f"byte 0: found {magic.hex(' ')}, expected 00 00, ")


def test_broken_gzip_is_an_error(tmp_path: Path) -> None:
    whole = gzip.compress(idx(np.random.default_rng(1).integers(0, 255, (10, 20, 20), np.uint8)))
    for content in (whole[:-9], whole[:-4], whole[:100], whole[:3], whole + b"garbage", whole[:-8] + b"\0" * 8):
        assert "found broken gzip data" in said(lambda content=content: read_idx(put(tmp_path, content), 3))


def test_a_gzip_bomb_is_not_expanded(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(idx(LABELS) + b"\0" * 2**27))
    peak, message = measured(lambda: said(lambda: read_idx(path, 1)))
    assert message == "byte 8: found more than 5 bytes of data, expected no more"
    assert peak < 2**21


def test_sizes_that_are_announced_only_take_no_memory(tmp_path: Path) -> None:
    path = put(tmp_path, b"\0\0\x0e\x01" + struct.pack(">I", 50_000_000) + b"\0" * 80)
    peak, message = measured(lambda: said(lambda: read_idx(path, 1)))
    assert message == "byte 8: found 80 bytes of data, expected 400,000,000"
    assert peak < 2**22


NAMES = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"]


def test_a_name_is_looked_for_folder_by_folder_plain_then_packed(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    for folder, name in ((second, NAMES[0]), (first, NAMES[0] + ".gz"), (second, NAMES[1] + ".gz")):
        put(folder, b"", name)
    assert find_idx([tmp_path / "none", first, second], NAMES) == [first / f"{NAMES[0]}.gz", second / f"{NAMES[1]}.gz"]
    plain = put(first, b"", NAMES[0])
    assert find_idx([first, second], NAMES[:1]) == [plain]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_dot_may_stand_before_idx(tmp_path: Path, suffix: str) -> None:
    path = put(tmp_path, b"", f"train-images.idx3-ubyte{suffix}")
    assert find_idx([tmp_path], NAMES[:1]) == [path]


def test_a_folder_of_that_name_is_not_the_file(tmp_path: Path) -> None:
    (tmp_path / NAMES[0]).mkdir()
    path = put(tmp_path, b"", f"{NAMES[0]}.gz")
    assert find_idx([tmp_path], NAMES[:1]) == [path]


def test_all_missing_files_and_all_folders_are_named(tmp_path: Path) -> None:
    put(tmp_path, b"", "t10k-labels-idx1-ubyte")
    with pytest.raises(MissingFileError) as caught:
        find_idx([tmp_path, Path("elsewhere")], [NAMES[0], "t10k-labels-idx1-ubyte", NAMES[1]])
    for name in (*NAMES, str(tmp_path), "elsewhere"):
        assert f'"{name}"' in str(caught.value)
    assert "t10k" not in str(caught.value)


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
