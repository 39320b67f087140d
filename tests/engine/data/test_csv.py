"""Claims about CSV files: what is read, and what is refused where."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gradstep.engine import limits
from gradstep.engine.data.files.csv import read_csv
from gradstep.engine.data.files.errors import FileError
from tests.engine.data.test_files import HERE, TABLE, measured, put, said

FINITE = st.floats(allow_nan=False, allow_infinity=False)


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
        ("x1,x2,t\n1\0,2,3\n", 'line 2, column "x1": found what is no text, expected a number'),
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
    monkeypatch.setattr(limits, "ARRAY", 8)
    assert csv_error(tmp_path, TABLE) == "row 3: found 9 numbers in an array, expected at most 8"
    assert (
        csv_error(tmp_path, TABLE.replace(b"1,", b'"1",')) == "line 4: found 9 numbers in an array, expected at most 8"
    )
    monkeypatch.setattr(limits, "LINE", 10)
    assert "line 4: found more than 10 bytes" in csv_error(tmp_path, TABLE)
    monkeypatch.setattr(limits, "TEXT", 15)
    assert "line 3: found more than 15 bytes of text" in csv_error(tmp_path, TABLE)
    assert "found more than 15 bytes of text" in csv_error(tmp_path, b"x,t\n1,2\n" + b"\n" * 20)


def test_a_packed_table_of_one_endless_line_takes_little_memory(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(b"0" * 2**27), "data.csv.gz")
    peak, message = measured(lambda: said(lambda: read_csv(path, ["t"])))
    assert "line 1: found more than 16,777,216 bytes" in message
    assert peak < 2**26
