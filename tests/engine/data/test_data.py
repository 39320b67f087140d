"""Claims about data that a scenario reads from files, the rows set apart, and what is measured on them."""

from __future__ import annotations

import gzip
import re
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gradstep.engine import MissingDataError, ScenarioError, Timeline, load_scenario
from gradstep.engine.replay import Milestone, replay
from gradstep.engine.scenario.files import DATA_VARIABLE
from gradstep.engine.scenario.loading import summary
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.stops.trigger import parse_stop
from gradstep.tui.cli import main
from tests.walks import bits

MNIST = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def idx(array: np.ndarray) -> bytes:
    """An array of bytes as an IDX file."""
    return (
        bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(np.uint8).tobytes()
    )


def write_mnist(folder: Path, rows: int, tests: int, side: int = 28, *, pack: bool = False) -> None:
    """Four files as MNIST has them: images whose label can be read off (a bright row), with noise."""
    random = np.random.default_rng(1)
    for count, images, labels in ((rows, *MNIST[:2]), (tests, *MNIST[2:])):
        classes = random.integers(0, 10, count)
        pixels = random.integers(0, 100, (count, side, side), dtype=np.uint8)
        pixels[np.arange(count), classes] = 255
        for name, array in ((images, pixels), (labels, classes)):
            content = idx(array)
            path = folder / (f"{name}.gz" if pack else name)
            path.write_bytes(gzip.compress(content, 1) if pack else content)


@pytest.fixture(params=[False, True], ids=["plain", "gzip"])
def mnist(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write_mnist(tmp_path, 300, 50, pack=request.param)
    return tmp_path


# ── MNIST ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_mnist_is_found_where_it_is_said_to_be(mnist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = load_scenario("two-layer-mnist", [mnist])
    monkeypatch.setenv(DATA_VARIABLE, f"/nowhere:{mnist}")
    named = load_scenario("two-layer-mnist")
    for scenario in (given, named):
        data = scenario.dataset
        assert data is not None
        assert data.x_test is not None
        assert data.x.shape == (300, 784)
        assert data.x_test.shape == (50, 784)
        assert data.t.shape == (300, 10)
        assert data.x.max() == 1.0
        assert scenario.image == (28, 28)
    assert given.digest == named.digest


def test_without_its_files_it_says_which_and_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    with pytest.raises(MissingDataError) as caught:
        load_scenario("two-layer-mnist", [tmp_path / "here"])
    assert f'"{MNIST[0]}", "{MNIST[1]}", …' in str(caught.value)
    assert all(f"…{str(tmp_path / folder)[-26:]}" in str(caught.value) for folder in ("here", "data"))
    assert "--data" in str(caught.value)
    assert DATA_VARIABLE in str(caught.value)
    assert main(["replay", "two-layer-mnist"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    found = summary("two-layer-mnist")
    assert not found.usable
    assert found.title.startswith("MNIST")


@pytest.mark.parametrize(
    ("name", "damage", "problem"),
    [
        (MNIST[0], lambda content: content[:-1], "expected"),
        (MNIST[0], lambda content: content + b"x", "more than"),
        (MNIST[1], lambda content: idx(np.zeros((300, 2, 2))), "labels"),
        (MNIST[1], lambda content: idx(np.zeros(299)), "found 299 rows, expected 300 as x has"),
        (MNIST[2], lambda content: b"not an IDX file at all", "expected"),
        (MNIST[2], lambda content: idx(np.zeros((50, 8, 8))), "found 64 inputs a row to test on, expected 784"),
        (MNIST[3], lambda content: idx(np.full(50, 12)), "found label 12, expected 0 to 9"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_one_clear_line(
    tmp_path: Path, name: str, damage: Callable[[bytes], bytes], problem: str
) -> None:
    write_mnist(tmp_path, 300, 50)
    path = tmp_path / name
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ScenarioError) as caught:
        load_scenario("two-layer-mnist", [tmp_path])
    assert problem in str(caught.value)
    assert str(caught.value).startswith("two-layer-mnist: data.")


def test_it_trains_at_full_size(tmp_path: Path) -> None:
    write_mnist(tmp_path, 60_000, 10_000)
    timeline = Timeline(load_scenario("two-layer-mnist", [tmp_path]))
    assert timeline.course.iterations == 10_000
    assert timeline.goto("600")
    assert timeline.position.symbol == "accuracy_test"
    assert timeline["x_train"].shape == (60_000, 784)
    assert float(timeline["accuracy_test"]) > 0.9  # a bright row is easily learnt
    here = bits({name: timeline[name] for name in ("W1_next", "accuracy_train", "accuracy_test")})
    assert timeline.goto("598:dW1")
    assert timeline.goto("600")
    assert bits({name: timeline[name] for name in ("W1_next", "accuracy_train", "accuracy_test")}) == here
    assert timeline.restorer.bytes <= timeline.history_bytes


# ── CSV and NPZ ──────────────────────────────────────────────────────────────────────────────────────────────

NET = """
[[layer]]
kind = "affine"
units = 3
[loss]
kind = "{loss}"
[optimizer]
kind = "sgd"
learning_rate = 0.1
[training]
iterations = 4
draw = "in_order"
batch = 2
"""


def written(folder: Path, data: str, loss: str = "softmax_cross_entropy") -> Scenario:
    """The scenario with this [data] table."""
    path = folder / "net.toml"
    path.write_text(f'format = 1\ntitle = "from a file"\n{data}\n{NET.format(loss=loss)}')
    return load_scenario(path)


def test_a_csv_file_beside_the_scenario_is_read_by_its_header(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,kind,b\n1,0,2\n3,2,4\n5,1,6\n")
    scenario = written(tmp_path, '[data]\ncsv = "rows.csv"\ntargets = ["kind"]\ndivide_by = 2')
    assert scenario.dataset is not None
    assert scenario.dataset.x.tolist() == [[0.5, 1.0], [1.5, 2.0], [2.5, 3.0]]
    assert scenario.dataset.t.tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_several_target_columns_are_numbers(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b,c,d\n1,2,3,4\n5,6,7,8\n")
    data = '[data]\ncsv = "rows.csv"\ntargets = ["d", "b", "c"]'
    scenario = written(tmp_path, data, "squared_error")
    assert scenario.dataset is not None
    assert scenario.dataset.x.tolist() == [[1], [5]]
    assert scenario.dataset.t.tolist() == [[4, 2, 3], [8, 6, 7]]


def test_an_npz_file_may_bring_rows_to_test_on(tmp_path: Path) -> None:
    images, labels = np.arange(24.0).reshape(3, 2, 4), np.array([0, 1, 2])
    np.savez(tmp_path / "rows.npz", X=images, Y=labels, XX=images[:1], YY=labels[:1])
    data = '[data]\nnpz = "rows.npz"\narrays = ["X", "Y", "XX", "YY"]\nimage = [2, 4]\n[measure]\naccuracy = ["test"]'
    scenario = written(tmp_path, data)
    assert scenario.dataset is not None
    assert scenario.dataset.x.shape == (3, 8)
    timeline = Timeline(scenario)
    timeline.goto("2")
    assert timeline.position.symbol == "accuracy_test"
    assert timeline["x_test"].shape == (1, 8)
    timeline.goto("3")
    assert timeline.position.symbol == "b1_next"
    assert scenario.course.length(2) == scenario.course.length(1) + 4


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ('csv = "none.csv"\ntargets = ["kind"]', "data.csv: none.csv: "),
        ('csv = "rows.csv"', "data.targets: missing"),
        ('csv = "rows.csv"\ntargets = ["kinds"]', 'did you mean "kind"?'),
        ('csv = "bad.csv"\ntargets = ["kind"]', "line 3"),
        ('csv = "rows.csv"\ntargets = ["kind"]\nx = [[1]]', "data.x: stands beside csv"),
        (
            'csv = "rows.csv"\ntargets = ["kind"]\ntest = 3',
            "data.test: found 3, expected fewer than the number of rows, 3",
        ),
        ('csv = "rows.csv"\ntargets = ["kind"]\nimage = [3, 3]', "data.image: found 3 × 3 pixels, expected 2 in all"),
        ('npz = "rows.csv"', "data.npz: rows.csv: "),
        ('npz = "rows.npz"\narrays = ["x"]', "data.arrays: found 1 name, expected those of x and t"),
        (
            "x = [[1], [2]]\nt = [[1, 0]]",
            "data.t: found 1 row, expected 2 as x has",
        ),
        ('idx = ["a"]', "data.idx: found 1 name, expected images and labels"),
        ('idx = ["a", "b"]', "data.idx: found no file"),
        (
            'x = [[1, 2], [3, 4]]\nt = [0, 1]\n[measure]\naccuracy = ["test"]',
            "measure.accuracy[0]: found no rows to test on",
        ),
        ('x = [[1, 2], [3, 4]]\nt = [0, 1]\n[measure]\naccuracy = ["tests"]', 'did you mean "test"?'),
        ('x = [[1, 2]]\nt = [0]\ntargets = ["a"]', "data.targets: belongs to csv"),
    ],
)
def test_what_is_wrong_with_the_data_is_said_with_file_and_key(tmp_path: Path, data: str, problem: str) -> None:
    (tmp_path / "rows.csv").write_text("a,kind,b\n1,0,2\n3,2,4\n5,1,6\n")
    (tmp_path / "bad.csv").write_text("a,kind,b\n1,0,2\n3,x,4\n")
    np.savez(tmp_path / "rows.npz", x=np.ones((2, 2)), t=np.zeros(2))
    with pytest.raises(ScenarioError) as caught:
        written(tmp_path, f"[data]\n{data}")
    assert problem in re.sub(r" \(line \d+\)", "", str(caught.value))
    assert "\n" not in str(caught.value)


# ── rows set apart ───────────────────────────────────────────────────────────────────────────────────────────


def test_rows_to_test_on_are_never_drawn(tmp_path: Path) -> None:
    data = "[data]\nx = [[1, 1], [2, 2], [3, 3], [9, 9]]\nt = [0, 1, 2, 0]\ntest = 1"
    scenario = written(tmp_path, data)
    timeline = Timeline(scenario)
    for iteration in range(1, 5):
        timeline.goto(f"{iteration}:x")
        assert 9 not in timeline["x"]


def test_a_replay_tells_how_far_it_has_come() -> None:
    told: list[Milestone] = []
    replay(load_scenario("two-layer-digits"), "300", tell=told.append)
    assert [(mark.iteration, mark.epoch) for mark in told] == [(30 * k, 2 * k) for k in range(1, 11)]
    assert told[0].loss > told[-1].loss
    assert all({*mark.measured} == {"accuracy_train", "accuracy_test"} for mark in told)


def test_of_a_run_over_the_same_rows_each_iteration_s_own_loss_is_told() -> None:
    told: list[Milestone] = []
    replay(scenario := load_scenario("mazur-2-2-2"), "100", tell=told.append)
    timeline = Timeline(scenario)
    assert told
    for mark in told:
        timeline.goto(f"{mark.iteration}:E")
        assert mark.loss == timeline["E"]


def test_what_was_measured_is_told_of_its_own_iteration_whatever_has_run_before() -> None:
    scenario = load_scenario("two-layer-digits")
    plain: list[Milestone] = []
    replay(scenario, "300", tell=plain.append)
    stopped: list[Milestone] = []
    replay(scenario, "600", breaks=[parse_stop("iteration == 300", scenario.names)], tell=stopped.append)
    by_iteration = {mark.iteration: mark.measured for mark in plain}
    assert stopped
    assert all(mark.measured == by_iteration[mark.iteration] for mark in stopped if mark.iteration in by_iteration)
    assert len({mark.measured["accuracy_test"] for mark in stopped}) > 1
