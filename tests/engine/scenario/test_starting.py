"""Claims about the arrays that a scenario starts from: how they may be written, and that it is the same array."""

from __future__ import annotations

import json
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from gradstep.engine import ScenarioError, Timeline, load_scenario
from gradstep.engine.scenario.format import json_schema
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.scenario.scenario import Scenario

NET = """\
format = 1
title = "a net"
[data]
x = {x}
t = {t}
[[layer]]
kind = "affine"
{first}
[[layer]]
kind = "tanh"
[[layer]]
kind = "affine"
{second}
[loss]
kind = "{loss}"
[training]
seed = 11
{training}
"""
USUAL = {
    "x": "[[1, 2], [3, 4], [5, 7]]",
    "t": "[[1], [0], [0]]",
    "first": "W = [[1, 2, 3], [4, 5, 6]]\nb = [7, 7, 7]",
    "second": "W = [[0.5], [0.25], [0.125]]\nb = [0.5]",
    "loss": "squared_error",
    "training": "",
}


def loaded(folder: Path | None = None, **changes: str) -> Scenario:
    text = NET.format(**{**USUAL, **changes})
    if folder is None:
        return parse_scenario(text.encode(), "net", "net.toml")
    (folder / "net.toml").write_text(text, encoding="utf-8")
    return load_scenario(folder / "net.toml")


def arrays(scenario: Scenario) -> dict[str, list[Any]]:
    assert scenario.dataset is not None
    data = {"x": scenario.dataset.x, "t": scenario.dataset.t}
    return {name: array.tolist() for name, array in {**data, **scenario.program.start}.items()}


# ── lists and single numbers ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "changes",
    [
        {"t": "[1, 0, 0]"},
        {"t": "[1.0, 0.0, 0.0]"},
        {"first": "W = [[1, 2, 3], [4, 5, 6]]\nb = 7"},
        {"first": "W = [[1, 2, 3], [4, 5, 6]]\nb = [[7, 7, 7]]"},
        {"first": "W = [[1, 2, 3], [4, 5, 6]]\nb = [[7], [7], [7]]"},
        {"first": "b = '7 * ones(1, 3)'\nW = {values = [[1, 4], [2, 5], [3, 6]], transpose = true}"},
        {"second": "W = [0.5, 0.25, 0.125]\nb = 0.5"},
        {"second": "units = 1\nW = [0.5, 0.25, 0.125]\nb = [0.5]"},
    ],
)
def test_another_spelling_is_the_same_net(changes: dict[str, str]) -> None:
    assert arrays(loaded(**changes)) == arrays(loaded())


def test_a_list_is_one_sample_where_targets_say_so() -> None:
    one = {"x": "[[1, 2]]", "t": "[[3]]"}
    for changes in ({"x": "[1, 2]", "t": "[[3]]"}, {"x": "[1, 2]", "t": "[3]"}, {"x": "[1, 2]", "t": "3"}):
        assert arrays(loaded(**changes)) == arrays(loaded(**one))


def test_a_list_is_several_samples_of_one_number_where_targets_say_so() -> None:
    first = "W = [[1, 2, 3]]\nb = 7"
    column = loaded(x="[[1], [2]]", t="[[3], [4]]", first=first)
    assert arrays(loaded(x="[1, 2]", t="[[3], [4]]", first="W = [1, 2, 3]\nb = 7")) == arrays(column)


def test_a_list_of_targets_of_one_sample_is_its_row() -> None:
    second = "W = [[1, 2], [3, 4], [5, 6]]\nb = 0"
    rows = loaded(x="[[1, 2]]", t="[[3, 4]]", second=second)
    assert arrays(loaded(x="[[1, 2]]", t="[3, 4]", second=second)) == arrays(rows)
    one_hot = loaded(x="[[1, 2]]", t="[[0, 1]]", second=second, loss="softmax_cross_entropy")
    for t in ("[0, 1]", "[1]", "1"):
        assert arrays(loaded(x="[[1, 2]]", t=t, second=second, loss="softmax_cross_entropy")) == arrays(one_hot)


def test_a_single_number_is_every_weight() -> None:
    found = arrays(loaded(first="units = 3\nW = 0.5\nb = 0.25"))
    assert found["W1"] == [[0.5] * 3] * 2
    assert found["b1"] == [0.25] * 3


# ── drawn ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_change_of_one_array_changes_no_other() -> None:
    drawn = {"first": "W = 'randn(2, 3)'\nb = 'rand(3)'", "second": "units = 1\ninit = 'he_normal'"}
    before = arrays(loaded(**drawn))
    after = arrays(loaded(**{**drawn, "first": "b = 'rand(3)'\nW = 'randn(2, 3) + randn(2, 3)'"}))
    assert {name for name in before if before[name] != after[name]} == {"W1"}
    assert before["W1"] == arrays(loaded(first="units = 3"))["W1"]


def test_a_legacy_seed_draws_what_a_script_does_in_the_order_of_the_file() -> None:
    scenario = loaded(
        x="'np.random.randn(4, 2)'",
        t="'np.random.rand(4, 1)'",
        first="b = 'np.random.uniform(-1, 1, (1, 3))'\nW = '0.01 * np.random.randn(2, 3)'",
        second="units = 1\nscale = 0.5\nbias_init = 'normal'",
        training="legacy_seed = 4",
    )
    np.random.seed(4)
    x, t = np.random.randn(4, 2), np.random.rand(4, 1)
    b1, W1 = np.random.uniform(-1, 1, (1, 3)), 0.01 * np.random.randn(2, 3)
    W2, b2 = 0.5 * np.random.randn(3, 1), np.random.randn(1)
    expected = {"x": x, "t": t, "W1": W1, "b1": b1[0], "W2": W2, "b2": b2}
    assert arrays(scenario) == {name: array.tolist() for name, array in expected.items()}


GRAPH = """\
format = 1
title = "a graph"
{tables}
[[node]]
name = "p"
kind = "multiply"
inputs = ["a", "W"]
[[node]]
name = "q"
kind = "multiply"
inputs = ["p", "V"]
[training]
legacy_seed = 2
"""


@pytest.mark.parametrize("inputs_first", [True, False])
def test_inputs_and_parameters_of_a_graph_are_drawn_in_their_order(inputs_first: bool) -> None:
    tables = ["[inputs]\na = 'randn(2, 2)'", "[parameters]\nV = 'randn(2, 2)'\nW = 'rand(2, 2)'"]
    text = GRAPH.format(tables="\n".join(tables if inputs_first else tables[::-1]))
    start = parse_scenario(text.encode(), "graph", "graph.toml").program.start
    random = np.random.RandomState(2)
    drawn = {"a": lambda: random.randn(2, 2), "V": lambda: random.randn(2, 2), "W": lambda: random.rand(2, 2)}
    for name in ("a", "V", "W") if inputs_first else ("V", "W", "a"):
        np.testing.assert_array_equal(start[name], drawn[name](), err_msg=name)


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_weights_come_from_numpys_files(tmp_path: Path) -> None:
    W = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    np.savez(tmp_path / "w.npz", W1=W, other=np.array(["text"]))
    np.save(tmp_path / "w.npy", np.asfortranarray(W.T))
    for source in ('{npz = "w.npz", array = "W1"}', '{npy = "w.npy", transpose = true}'):
        assert arrays(loaded(tmp_path, first=f"W = {source}\nb = 7")) == arrays(loaded())


def test_data_come_from_them_too(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.array([[1, 2], [3, 4], [5, 7]]))
    np.save(tmp_path / "t.npy", np.array([1, 0, 0]))
    assert arrays(loaded(tmp_path, x='{npy = "x.npy"}', t='{npy = "t.npy"}')) == arrays(loaded())


def test_a_scenario_with_other_weights_in_its_file_is_another_one(tmp_path: Path) -> None:
    first = 'W = {npy = "w.npy"}\nb = 7'
    digests = []
    for factor in (1.0, 2.0, 1.0):
        np.save(tmp_path / "w.npy", factor * np.ones((2, 3)))
        digests.append(loaded(tmp_path, first=first).digest)
    assert digests[0] == digests[2] != digests[1]


def safetensors(arrays: dict[str, np.ndarray[Any, Any]], kind: str = "F32") -> bytes:
    """A file by the format's description: the header's length, the header, the numbers."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    content = b""
    for name, array in arrays.items():
        data = array.tobytes()
        offsets = [len(content), len(content) + len(data)]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": offsets}
        content += data
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + content


INSTALLED = pytest.mark.skipif(find_spec("safetensors") is None, reason="safetensors is not installed")
LINEAR = 'W = {safetensors = "net.safetensors", array = "fc1.weight", transpose = true}\nb = 7'


@INSTALLED
def test_weights_come_from_safetensors(tmp_path: Path) -> None:
    weight = np.array([[1, 4], [2, 5], [3, 6]], np.float32)
    (tmp_path / "net.safetensors").write_bytes(safetensors({"fc1.weight": weight, "fc1.bias": weight[0]}))
    assert arrays(loaded(tmp_path, first=LINEAR)) == arrays(loaded())


@INSTALLED
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", 'broken data ("'),
        (safetensors({"fc1.weight": np.ones((3, 2), np.float32)})[:-4], 'broken data ("'),
        (struct.pack("<Q", 2**62) + b"{}", 'broken data ("'),
        (safetensors({"fc1.weihgt": np.ones((3, 2), np.float32)}), '(did you mean "fc1.weihgt"?)'),
        (
            safetensors({"fc1.weight": np.ones((3, 2), np.float16)}, "BF16"),
            'found numbers of type "BF16", expected one',
        ),
        (safetensors({"fc1.weight": np.array(1.0, np.float32)}), "found a single number"),
        (safetensors({"fc1.weight": np.ones((0, 2), np.float32)}), "found no elements"),
        (safetensors({"fc1.weight": np.full((3, 2), np.nan, np.float32)}), "index [0, 0]: found nan"),
    ],
)
def test_safetensors_of_no_use_get_one_line(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "net.safetensors").write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        loaded(tmp_path, first=LINEAR)
    line = str(caught.value)
    assert "layer[0].W.safetensors (line 8): net.safetensors: " in line
    assert problem in line
    assert "\n" not in line


def test_where_safetensors_is_not_installed_the_line_says_how_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    (tmp_path / "net.safetensors").write_bytes(b"")
    monkeypatch.setattr("gradstep.engine.data.files.tensors.import_module", missing)
    with pytest.raises(ScenarioError, match=r"expected it: pip install gradstep\[safetensors\]$"):
        loaded(tmp_path, first=LINEAR)


def test_data_that_are_drawn_are_known_by_their_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    formula = loaded(x="'randn(3, 2)'").digest
    assert formula != loaded(x="'randn(3, 2) '").digest
    monkeypatch.setattr("gradstep.engine.scenario.starting.drawn", lambda text, random: np.ones((3, 2)))
    assert formula == loaded(x="'randn(3, 2)'").digest  # NumPy's bits may be others elsewhere


# ── the schema, and a run ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("W", "valid"),
    [
        (0.5, True),
        ([0.5, 1], True),
        ([[0.5, 1]], True),
        ("randn(2, 3)", True),
        ({"values": [[1, 2]], "transpose": True}, True),
        ({"npz": "a.npz", "array": "W"}, True),
        ({"npy": "a.npy"}, True),
        ({"safetensors": "a", "array": "W"}, True),
        ({"npz": "a.npz"}, False),
        ({"npz": "a.npz", "npy": "b.npy", "array": "W"}, False),
        ({"npy": "a.npy", "sise": 2}, False),
        ({}, False),
        (True, False),
    ],
)
def test_the_schema_knows_the_spellings(W: object, valid: bool) -> None:
    document = {"format": 1, "title": "t", "layer": [{"kind": "affine", "W": W, "b": 0}]}
    assert jsonschema.Draft202012Validator(json_schema()).is_valid(document) is valid


def test_a_net_of_such_arrays_runs() -> None:
    timeline = Timeline(loaded(first="W = 'xavier(2, 3)'\nb = 0", second="W = 'he(3, 1)'\nb = 0", t="[1, 0, 0]"))
    timeline.goto("end")
    x, W1, W2 = (timeline[name] for name in ("x", "W1", "W2"))
    np.testing.assert_allclose(timeline["y"], np.tanh(x @ W1) @ W2, rtol=1e-12)
