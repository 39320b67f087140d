"""Claims about exports: what is in the file is what a timeline shows, to the bit; what cannot be made is one line."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.exports import ExportError, export
from gradstep.tui.cli import main
from tests.strategies import scenario_of, scenarios

pytestmark = pytest.mark.filterwarnings("error")

MEASURED = """
format = 1
title = "four rows, two of them to test on, measured in every third iteration"
data = {x = [[0.0, 1.0], [1.0, 0.0], [0.5, 2.0], [2.0, 0.1]], t = [0, 1, 0, 1], test = 2}
measure = {accuracy = ["train", "test"], every = 3}
loss = {kind = "softmax_cross_entropy"}
optimizer = {kind = "sgd", learning_rate = 0.5}
layer = [{kind = "affine", units = 2, init = "normal"}]
training = {iterations = 10, draw = "in_order", batch = 1}
"""


def whole(timeline: Timeline, iteration: int, name: str) -> Array:
    """A value once all of an iteration has run; NaN where it has none."""
    timeline.goto(str(iteration))
    reference = timeline.names.element(name)
    value = timeline.values().get(reference.symbol)
    if value is None:
        return np.full(timeline.program.symbols[reference.symbol].shape, np.nan)
    return value if reference.index is None else np.asarray(value[reference.index])


def read(path: Path) -> tuple[list[str], Array]:
    """The header and the numbers of a CSV file."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    return header, np.array([[float(word) for word in line] for line in lines])


def same(one: Array, two: Array) -> bool:
    return one.dtype == two.dtype and one.shape == two.shape and one.tobytes() == two.tobytes()


def check_both(timeline: Timeline, folder: Path, names: Sequence[str], first: int, last: int) -> None:
    """Both kinds of file hold what a fresh timeline of the same branch shows, iteration by iteration."""
    assert export(timeline, folder / "a.csv", names, first, last)
    assert export(timeline, folder / "a.npz", names, first, last)
    wanted = {name: np.array([whole(timeline, at, name) for at in range(first, last + 1)]) for name in names}
    header, table = read(folder / "a.csv")
    assert len(header) == len(set(header)) == table.shape[1]
    assert table[:, 0].tolist() == [*range(first, last + 1)]
    columns = np.concatenate([array.reshape(len(array), -1) for array in wanted.values()], axis=1)
    nan = np.isnan(columns)
    assert same(np.where(nan, 0.0, table[:, 1:]), np.where(nan, 0.0, columns))  # a text has only one NaN
    assert np.isnan(table[:, 1:][nan]).all()
    with np.load(folder / "a.npz") as arrays:
        assert {*arrays} == {"iteration", *names}
        assert arrays["iteration"].tolist() == [*range(first, last + 1)]
        for name, array in wanted.items():
            assert same(arrays[name], array)


@given(scenarios(iterations=8), st.data())
@settings(max_examples=50, deadline=None)
def test_both_kinds_of_file_hold_what_a_timeline_shows_to_the_bit(text: str, data: st.DataObject) -> None:
    timeline = Timeline(scenario_of(text), history_bytes=data.draw(st.sampled_from([0, 2**26])))
    first = data.draw(st.integers(1, timeline.course.iterations))
    last = data.draw(st.integers(first, timeline.course.iterations))
    symbols = timeline.program.symbols
    names = data.draw(st.lists(st.sampled_from([*symbols]), min_size=1, max_size=4, unique=True))
    for name in data.draw(st.lists(st.sampled_from([s for s in symbols if symbols[s].shape] or [""]), unique=True)):
        if name:
            index = [data.draw(st.integers(0, size - 1)) for size in symbols[name].shape]
            names.append(f"{name}[{','.join(map(str, index))}]")
    with tempfile.TemporaryDirectory() as folder:
        header_clash = len({name.partition("[")[0] for name in names}) < len(names)
        check_both(timeline, Path(folder), names[:1] if header_clash else names, first, last)


def test_the_numbers_are_those_of_the_fork_that_the_cursor_is_on(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("3:y")
    timeline.edit("w5", float("inf"))
    check_both(timeline, tmp_path, ["E", "W1", "w5", "dW2"], 1, 9)
    _, table = read(tmp_path / "a.csv")
    assert np.isnan(table[5:, 1]).all()
    timeline.switch("original")
    check_both(timeline, tmp_path, ["E", "W1", "w5", "dW2"], 1, 9)
    assert np.isfinite(read(tmp_path / "a.csv")[1]).all()


def test_an_array_becomes_columns_and_names_are_kept_as_they_were_typed(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    check_both(timeline, tmp_path, ["W1", "E_total", "w5", "W2[0,1]", "b1", "dw5"], 2, 5)
    header, _ = read(tmp_path / "a.csv")
    elements = ["W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]"]
    assert header == ["iteration", *elements, "E_total", "w5", "W2[0,1]", "b1[0]", "b1[1]", "dw5"]


def test_a_row_is_what_the_iteration_began_with_and_what_it_came_to(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    export(timeline, tmp_path / "a.csv", ["w5", "w5_next"], 1, 50)
    _, table = read(tmp_path / "a.csv")
    assert same(table[1:, 1], table[:-1, 2])
    assert table[0, 1] == 0.4


def test_an_iteration_that_does_not_measure_has_nan_for_what_is_measured(tmp_path: Path) -> None:
    timeline = Timeline(scenario_of(MEASURED))
    names = ["accuracy_train", "accuracy_test", "x_test", "E"]
    check_both(timeline, tmp_path, names, 2, 10)
    _, table = read(tmp_path / "a.csv")
    measures = table[:, 0] % 3 == 0
    assert np.isfinite(table[measures]).all()
    assert np.isnan(table[~measures, 1:-1]).all()
    assert np.isfinite(table[:, -1]).all()


def test_the_first_and_the_last_iteration_alone_can_be_exported(tmp_path: Path) -> None:
    timeline = Timeline(scenario_of(MEASURED))
    for iteration in (1, 10):
        check_both(timeline, tmp_path, ["E", "W1_next"], iteration, iteration)


# ── what cannot be made ──────────────────────────────────────────────────────────────────────────────────────


def test_what_cannot_be_exported_is_said_in_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    (tmp_path / "folder.csv").mkdir()
    before = sorted(tmp_path.rglob("*"))
    for file, names, message in (
        ("a.csv", ["E", "dW9"], r'"dW9" is not a symbol, name or label \(did you mean "dW\d"\?\)'),
        ("a.csv", ["W1[2,0]"], r"W1 is 2×2, counted from 0; it has no element \[2,0\]"),
        ("a.npz", ["W1[0,"], "is not an element"),
        ("a.txt", ["E"], r'found "a.txt", expected a file that ends in .csv or .npz'),
        ("csv", ["E"], r'found "csv", expected a file'),
        ("a.npz", ["iteration"], '"iteration" cannot be the name of an array in an NPZ file'),
        ("none/a.csv", ["E"], "none/a.csv: cannot be written: no such file or directory"),
        ("none/a.npz", ["E"], "none/a.npz: cannot be written: no such file or directory"),
        ("folder.csv", ["E"], "folder.csv: cannot be written: is a directory"),
        ("a" * 300 + ".csv", ["E"], "cannot be written: file name too long"),
    ):
        with pytest.raises(ExportError, match=message) as caught:
            export(timeline, tmp_path / file, names, 1, 3)
        assert "\n" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_export_that_would_be_too_large_is_refused_before_anything_runs(tmp_path: Path) -> None:
    long = MEASURED.replace("iterations = 10,", "iterations = 100000000,").replace("measure", "# measure")
    timeline = Timeline(scenario_of(long))
    with pytest.raises(ExportError, match=r"100,000,000 × 5 numbers are more than 2 GiB, expected fewer"):
        export(timeline, tmp_path / "a.csv", ["W1", "E"], 1, 100_000_000)
    assert timeline.position == timeline.course.start
    assert not [*tmp_path.iterdir()]


def test_an_export_that_is_stopped_writes_nothing_and_leaves_what_was_there(tmp_path: Path) -> None:
    timeline, told = Timeline(load_scenario("mazur-2-2-2")), []
    (tmp_path / "old.npz").write_text("old")

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return done < 5

    for file in ("a.csv", "a.npz", "old.npz"):
        assert not export(timeline, tmp_path / file, ["E"], 11, 30, progress)
    assert told == [(done, 20) for done in range(1, 6)] * 3
    assert [path.name for path in tmp_path.iterdir()] == ["old.npz"]
    assert (tmp_path / "old.npz").read_text() == "old"


def test_no_symbols_at_all_are_refused_or_give_the_iterations_alone(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    try:
        export(timeline, tmp_path / "a.csv", [], 1, 3)
    except ExportError:
        return
    assert read(tmp_path / "a.csv")[0] == ["iteration"]


@pytest.mark.parametrize("name", ["W1[" + "9" * 5000 + ",0]"])
def test_an_index_of_any_length_is_refused_as_one_out_of_range(name: str, tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    with pytest.raises(KeyError, match="it has no element"):
        timeline.editable(name)
    with pytest.raises(ExportError, match="it has no element"):
        export(timeline, tmp_path / "a.csv", [name], 1, 3)


@pytest.mark.parametrize(("first", "last"), [(3, 1), (0, 2), (10_000, 10_002)])
def test_iterations_that_do_not_exist_are_an_error_of_the_export(first: int, last: int, tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    with pytest.raises(ExportError):
        export(timeline, tmp_path / "a.csv", ["E"], first, last)


# ── on the command line ──────────────────────────────────────────────────────────────────────────────────────


def test_replay_exports_the_loss_of_every_iteration_up_to_where_it_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.csv"
    assert main(["replay", "mazur-2-2-2", "--at", "40:E", "--export", str(path)]) == 0
    header, table = read(path)
    assert header == ["iteration", "E"]
    assert table[:, 0].tolist() == [*range(1, 41)]
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    assert table[:, 1].tolist() == [float(whole(timeline, at, "E")) for at in range(1, 41)]
    assert capsys.readouterr().err == ""


def test_symbols_and_where_to_begin_can_be_chosen(tmp_path: Path) -> None:
    words = ["--symbols", "E_total W2 w5_next", "--from", "7:y", "--at", "9", "--json"]
    for ending in (".csv", ".npz"):
        assert main(["replay", "mazur-2-2-2", *words, "--export", str(tmp_path / f"a{ending}")]) == 0
    header, table = read(tmp_path / "a.csv")
    assert header == ["iteration", "E_total", *(f"W2[{i},{j}]" for i in (0, 1) for j in (0, 1)), "w5_next"]
    assert table[:, 0].tolist() == [7, 8, 9]
    with np.load(tmp_path / "a.npz") as arrays:
        assert same(arrays["W2"].reshape(3, 4), np.ascontiguousarray(table[:, 2:6]))


def test_a_breakpoint_ends_the_replay_and_the_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    words = ["--break", "E < 0.1", "--export", str(path)]
    assert main(["replay", "mazur-2-2-2", *words]) == 0
    losses = read(path)[1][:, 1]
    assert losses[-1] < 0.1 <= losses[-2]
    assert "E_total < 0.1" in capsys.readouterr().out
    assert main(["replay", "mazur-2-2-2", "--break", "E < 0", "--at", "5", "--export", str(path)]) == 0
    assert len(read(path)[1]) == 5


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--export", "a.csv", "--symbols", "W1[" + "1" * 50 + ",0]"], "has no element [" + "1" * 40 + "…]"),
        (["--export", "a.txt"], 'found "a.txt", expected a file that ends in .csv or .npz'),
        (["--export", "a.csv", "--symbols", "E dW9"], 'did you mean "dW'),
        (["--export", "none/a.csv"], "none/a.csv: cannot be written: no such file or directory"),
        (["--export", "a.csv", "--from", "9"], "--from: found 9, expected at most 5, where it ends"),
        (["--export", "a.csv", "--from", "W"], "is not a position"),
        (["--export", "a.csv", "--from", "0"], "an iteration from 1 to"),
        (["--break", "E <"], "--break: "),
        (["--break", "dW9"], 'did you mean "dW'),
        (["--break", "W1"], "written by no step"),
    ],
)
def test_bad_use_is_status_2_and_one_line(
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["replay", "mazur-2-2-2", "--at", "5", *words]) == 2
    err = capsys.readouterr().err
    assert err.startswith("gradstep: ")
    assert err.count("\n") == 1
    assert message in err
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    "words",
    [
        ["--export", "a.txt"],
        ["--export", "none/a.csv"],
        ["--export", "a.csv", "--symbols", "E dW9"],
        ["--export", "a.csv", "--symbols", " "],
        ["--export", "a.npz", "--symbols", "iteration"],
        ["--export", "a.csv", "--from", "9", "--at", "8"],
        ["--export", "a.csv", "--from", "9", "--at", "8", "--break", "E < 0"],
        ["--export", "folder.csv"],
    ],
)
def test_an_export_that_cannot_be_made_is_refused_before_anything_runs(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*_: object, **__: object) -> None:
        raise AssertionError("it ran")

    monkeypatch.setattr("gradstep.engine.replay.replay", run)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.csv").mkdir()
    assert main(["replay", "two-layer-digits", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


READS_CSV = """
format = 1
title = "from a table"
data = {csv = "rows.csv", targets = ["y"]}
loss = {kind = "squared_error"}
layer = [{kind = "affine", W = {npz = "start.npz", array = "W"}, b = [0.0]}]
"""


@pytest.mark.parametrize("file", ["rows.csv", "start.npz", "link.csv", "hard.npz"])
def test_what_the_scenario_is_made_of_is_not_written_over(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("made.toml").write_text(READS_CSV)
    Path("rows.csv").write_text("x,y\n1,2\n3,4\n")
    np.savez("start.npz", W=np.ones((1, 1)))
    Path("link.csv").symlink_to("rows.csv")
    Path("hard.npz").hardlink_to("start.npz")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert main(["replay", "made.toml", "--export", file]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"gradstep: {file}: cannot be written: the scenario is made of it\n")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert main(["replay", "made.toml", "--export", "other.csv"]) == 0


def test_the_files_of_a_scenario_are_all_that_it_was_read_from(tmp_path: Path) -> None:
    rows = np.zeros((2, 3, 3), dtype=np.uint8)
    (tmp_path / "images").write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3]) + rows.tobytes())
    (tmp_path / "labels").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 0, 1]))
    np.save(tmp_path / "W.npy", np.ones((9, 2)))
    text = """
        format = 1
        title = "images"
        data = {idx = ["images", "labels"]}
        loss = {kind = "softmax_cross_entropy"}
        layer = [{kind = "affine", W = {npy = "W.npy"}, b = [0.0, 0.0]}]
        """
    (tmp_path / "made.toml").write_text(text)
    scenario = load_scenario(tmp_path / "made.toml")
    assert {path.name for path in scenario.files} == {"made.toml", "images", "labels", "W.npy"}
    assert all(path.is_file() for path in scenario.files)


@pytest.mark.parametrize("words", [["--symbols", "E"], ["--from", "2"], ["apples", "--export", "a.csv"], ["--export"]])
def test_words_that_do_not_go_together_are_status_2_and_one_line(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", "mazur-2-2-2", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_blanks_for_symbols_are_no_traceback(tmp_path: Path) -> None:
    assert main(["replay", "mazur-2-2-2", "--at", "5", "--export", str(tmp_path / "a.csv"), "--symbols", " "]) in (0, 2)
