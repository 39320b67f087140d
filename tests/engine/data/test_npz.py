"""Claims about NPZ files: what is read, and what is refused where."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gradstep.engine.data.files.npz import read_npz
from tests.engine.data.test_files import HERE, TABLE, archive, described, measured, npy, npz, put, said


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
