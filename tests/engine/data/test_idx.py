"""Claims about IDX files: what is read, and what is refused where."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gradstep.engine.data.files.errors import MissingFileError
from gradstep.engine.data.files.idx import find_idx, read_idx
from tests.engine.data.test_files import CODES, HERE, IMAGES, idx, measured, put, said

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
        assert name[-26:] in str(caught.value)
    assert "t10k" not in str(caught.value)
