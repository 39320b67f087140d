"""Claims about input that cannot be used: one line each, with the file, the key, what was found, what is expected."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gradstep.engine import ScenarioError, load_scenario
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.tui.cli import main

LAYERED = """\
format = 1
title = "two layers"
[data]
x = [[1.0, 2.0], [3.0, 4.0]]
t = [[1.0], [0.0]]
[[layer]]
kind = "affine"
W = [[0.1, 0.2], [0.3, 0.4]]
b = [0.0, 0.1]
[[layer]]
kind = "relu"
[[layer]]
kind = "affine"
W = [[0.5], [0.6]]
b = [0.0]
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 0.1
[training]
iterations = 3
"""

GRAPH = """\
format = 1
title = "a graph"
[inputs]
apple = 100
tax = 1.1
[[node]]
name = "price"
kind = "multiply"
inputs = ["apple", "tax"]
"""

SOFTMAX = (
    LAYERED.replace("squared_error", "softmax_cross_entropy")
    .replace("W = [[0.5], [0.6]]\nb = [0.0]", "W = [[0.5, 0.1], [0.6, 0.2]]\nb = [0.0, 0.0]")
    .replace("t = [[1.0], [0.0]]", "t = [1, 0]")
)

# Base, what is replaced, by what (with nothing replaced: appended), and what the line must hold.
WRONG: list[tuple[str, str, str, tuple[str, ...]]] = [
    (LAYERED, "format = 1", "format = 2", ("format", "found 2", "expected 1")),
    (LAYERED, "format = 1\n", "", ("format", "missing")),
    (LAYERED, 'title = "two layers"', "title = 3", ("title", "found 3", "a text")),
    (LAYERED, 'title = "two layers"', 'titel = "x"', ("titel", "unknown key", 'did you mean "title"')),
    (LAYERED, 'kind = "relu"', 'kind = "rellu"', ("layer[1].kind", "rellu", 'did you mean "relu"')),
    (LAYERED, 'kind = "relu"', 'kind = "relu"\nW = [[1]]', ("layer[1].W", "does not belong", "derivative")),
    (LAYERED, 'kind = "relu"', 'kind = "relu"\nderivativ = "step"', ("layer[1].derivativ", 'mean "derivative"')),
    (
        LAYERED,
        'kind = "relu"',
        'kind = "relu"\nderivative_at = "output"',
        ("layer[1].derivative_at", "found no derivative beside it, expected one"),
    ),
    (
        LAYERED,
        "[[1.0, 2.0], [3.0, 4.0]]",
        "[[1.0, 2.0], [3.0]]",
        ("data.x[1]", "found 1 number, expected 2 as in row 0"),
    ),
    (LAYERED, "[[1.0, 2.0], [3.0, 4.0]]", "[[1.0, 2.0]]", ("data.t", "found 2 rows, expected 1 as x has")),
    (LAYERED, "[[1.0, 2.0], [3.0, 4.0]]", "[[1.0, nan], [3.0, 4.0]]", ("data.x[0][1]", "found nan", "finite")),
    (LAYERED, "[[1.0, 2.0], [3.0, 4.0]]", '[[1.0, "a"], [3.0, 4.0]]', ("data.x[0][1]", '"a"', "a finite number")),
    (LAYERED, "[[1.0, 2.0], [3.0, 4.0]]", "[[1.0, true], [3.0, 4.0]]", ("data.x[0][1]", "found true")),
    (LAYERED, "[[1.0, 2.0], [3.0, 4.0]]", "[]", ("data.x", "a list of 0", "rows")),
    (
        LAYERED,
        "[[1.0, 2.0], [3.0, 4.0]]",
        "3",
        ("data.x", "found 1 number, expected a row for each row of t, of which there are 2"),
    ),
    (
        LAYERED.replace("[[0.5], [0.6]]\nb = [0.0]", "[[0.5, 1], [0.6, 1]]\nb = 0"),
        "[[1.0], [0.0]]",
        "[1, 0]",
        ("data.t", "class labels"),
    ),
    (LAYERED, "[[1.0], [0.0]]", "[[1.0, 2.0], [0.0, 1.0]]", ("data.t", "found 2 targets a row", "2×1")),
    (LAYERED, "[[0.5], [0.6]]\nb = [0.0]", "[[0.5, 1], [0.6, 1]]\nb = 0", ("data.t", "found 1 target a row", "2×2")),
    (LAYERED, "[[1.0], [0.0]]", "[1, 0, 1]", ("data.t", "found 3 rows, expected 2 as x has")),
    (
        LAYERED,
        "x = [[1.0, 2.0], [3.0, 4.0]]\nt = [[1.0], [0.0]]",
        "x = [1, 2]\nt = [1, 0]",
        ("data.x", "one sample or 2"),
    ),
    (LAYERED, "x = [[1.0, 2.0], [3.0, 4.0]]", "x = [1, 2, 3]", ("data.x", "found 3 numbers in a list")),
    (LAYERED, "[[1.0, 2.0], [3.0, 4.0]]", "'randn(2, 2, 2)'", ("data.x", "shape 2×2×2, expected rows, one a sample")),
    (
        LAYERED,
        "[[0.5], [0.6]]",
        "[[0.5], [0.6], [0.7]]",
        ("layer[2].W", "found weights of shape 3×1, expected 2 rows for 2 inputs"),
    ),
    (LAYERED, "b = [0.0, 0.1]", "b = [0.0]", ("layer[0].b", "found 1 bias, expected 2 for weights of shape 2×2")),
    (LAYERED, "b = [0.0, 0.1]", "units = 3", ("layer[0].W", "found weights of shape 2×2, expected 3 columns")),
    (
        LAYERED,
        "b = [0.0, 0.1]",
        "b = [[0.0, 0.1], [1, 1]]",
        ("layer[0].b", "found biases of shape 2×2, expected a list"),
    ),
    (
        LAYERED,
        "[[0.5], [0.6]]",
        "[0.5, 0.6, 0.7]",
        ("layer[2].W", "found 3 numbers in a list, expected 2, one an input"),
    ),
    (LAYERED, "[[0.5], [0.6]]", "0.5", ("layer[2].W", "found one number, expected units beside it")),
    (LAYERED, "[[0.5], [0.6]]", "[[0.5, 0.6]]", ("layer[2].W", "shape 1×2", "transpose = true")),
    (LAYERED, "[[0.5], [0.6]]", "'randn(2)'\nunits = 2", ("layer[2].W", "shape 2×1, expected 2 columns as units says")),
    (LAYERED, "[[0.5], [0.6]]", "'zeroes(2, 1)'", ("layer[2].W", "column 1", '(did you mean "zeros"?)')),
    (LAYERED, "[[0.5], [0.6]]", "'randn()'", ("layer[2].W", "randn needs sizes", "such as randn(2, 3)")),
    (LAYERED, "[[0.5], [0.6]]", "'x @ ones(2, 1)'", ("layer[2].W", '"x" is a name, expected numbers and functions')),
    (LAYERED, "[[0.5], [0.6]]", "'randn(2, 1) + ones(3, 2)'", ("layer[2].W", "shapes 2×1 and 3×2 do not fit together")),
    (LAYERED, "[[0.5], [0.6]]", "'ones(2, 1) / zeros(2, 1)'", ("layer[2].W", "found NaN or infinity")),
    (LAYERED, "[[0.5], [0.6]]", "'ones(60000, 1) @ ones(1, 60000)'", ("layer[2].W", "too many", "50,000,000")),
    (LAYERED, "[[0.5], [0.6]]", "'randn(1e300, 1e300)'", ("layer[2].W", "too many", "50,000,000")),
    (LAYERED, "[[0.5], [0.6]]", "'normal(0, -1, (2, 1))'", ("layer[2].W", "normal cannot draw from these numbers")),
    (LAYERED, "[[0.5], [0.6]]", "{}", ("layer[2].W", "found none in the table, expected one of values, npz, npy")),
    (LAYERED, "[[0.5], [0.6]]", "{npz = 'a.npz'}", ("layer[2].W.npz", "missing the name of its array")),
    (LAYERED, "[[0.5], [0.6]]", "{npy = 'a.npy', array = 'x'}", ("layer[2].W.array", "has one array only")),
    (LAYERED, "[[0.5], [0.6]]", "{npy = 'no.npy'}", ("layer[2].W.npy", "no.npy: found no such file")),
    (LAYERED, "[[0.5], [0.6]]", "{valuse = [[1], [2]]}", ("layer[2].W.valuse", 'did you mean "values"')),
    (LAYERED, "[[0.5], [0.6]]", "{values = [[1], ['a']]}", ("layer[2].W.values[1][0]", 'found the text "a"')),
    (LAYERED, "W = [[0.5], [0.6]]", "units = 1\nlow = 0", ("layer[2].low", 'expected init = "uniform"')),
    (LAYERED, "W = [[0.5], [0.6]]", "units = 1\ninit = 'uniform'\nlow = 0", ("layer[2].high", "missing")),
    (LAYERED, "W = [[0.5], [0.6]]", "units = 1\ninit = 'uniform'\nlow = 1\nhigh = 1", ("layer[2].high", "more than 1")),
    (LAYERED, "W = [[0.5], [0.6]]", "units = 1\ninit = 'he_normal'\nmean = 1", ("layer[2].mean", 'init = "normal"')),
    (LAYERED, "W = [[0.5], [0.6]]", "units = 1\nbias_init = 'he_normal'", ("layer[2].bias_init", "he_normal")),
    (LAYERED, "b = [0.0, 0.1]\n", "", ("layer[0].b", "missing")),
    (LAYERED, 'kind = "relu"\n[[layer]]\n', 'kind = "relu"\n[[layer]]\nkind = "tanh"\n[[layer]]\n', ("layer[2].kind",)),
    (
        LAYERED,
        "iterations = 3",
        "iterations = 0",
        ("training.iterations", "found 0, expected a whole number from 1 to 1,000,000,000"),
    ),
    (
        LAYERED.replace(
            'title = "two layers"\n[data]', 'title = "two layers"\n[training]\nlegacy_seed = 0\n[data]'
        ).replace("[training]\niterations = 3\n", ""),
        "[data]\nx = [[1.0, 2.0], [3.0, 4.0]]",
        "[parameters]\n[data]\nx = 'randn(2, 2)'",
        ("data", "found below parameters, expected above it"),
    ),
    (LAYERED, "iterations = 3", "iterations = 3.5", ("training.iterations", "found 3.5", "whole number")),
    (LAYERED, "iterations = 3", "batch = 2", ("training.batch", "draw")),
    (
        LAYERED,
        "iterations = 3",
        'draw = "without_replacement"\nbatch = 3',
        ("training.batch", "found 3", "at most 2"),
    ),
    (LAYERED, "iterations = 3", 'draw = "random"', ("training.draw", '"random"', "with_replacement")),
    (LAYERED, "iterations = 3", "seed = -1", ("training.seed", "found -1")),
    (LAYERED, "learning_rate = 0.1", 'learning_rate = "0.1"', ("optimizer.learning_rate", "a finite number")),
    (LAYERED, "learning_rate = 0.1", "learning_rate = inf", ("optimizer.learning_rate", "found inf")),
    (LAYERED, "learning_rate = 0.1", "learning_rate = 1\nfrozen = ['b3']", ("optimizer.frozen[0]", '"b3"', "mean")),
    (LAYERED, '[loss]\nkind = "squared_error"\n', "", ("loss", "missing")),
    (LAYERED, 'kind = "squared_error"', 'kind = "squared_error"\nepsilon = 1', ("loss.epsilon", "reduction")),
    (LAYERED, 'kind = "squared_error"', 'kind = "square_error"', ("loss.kind", 'did you mean "squared_error"')),
    (LAYERED, "", "[nodes]\n", ("nodes", "unknown key", 'did you mean "node"')),
    (LAYERED, "", "[names]\nu9 = 'net'\n", ("names.u9", "did you mean")),
    (LAYERED, "", "[names]\nu1 = 'net h'\n", ("names.u1", '"net h"', "letters")),
    (LAYERED, "", "[names]\nu1 = 'and'\n", ("names.u1", "meaning of its own")),
    (LAYERED, "", "[names]\nu1 = 'W1'\n", ("names.u1", '"W1"', "already")),
    (LAYERED, "", "[labels]\nW1 = [['a', 'b']]\n", ("labels.W1", "a list of 1", "a list of 2", "2×2")),
    (LAYERED, "", "[labels]\nW1 = [['a', 'b'], ['c']]\n", ("labels.W1[1]", "a list of 1", "2×2")),
    (LAYERED, "", "[labels]\nb1 = ['a', 'a']\n", ("labels.b1", '"a"', "already")),
    (LAYERED, "", "[[expect]]\nat = '9:E'\nE = 1\n", ("expect[0].at", "from 1 to 3", "found 9")),
    (LAYERED, "", "[[expect]]\nat = '1:dW9'\nE = 1\n", ("expect[0].at", '"dW9"', "did you mean")),
    (LAYERED, "", "[[expect]]\nat = '1:W1'\nE = 1\n", ("expect[0].at", "W1", "from the start", "W1_next")),
    (LAYERED, "", "[[expect]]\nat = '1:99'\nE = 1\n", ("expect[0].at", "a step from 0 to")),
    (LAYERED, "", "[[expect]]\nat = '1:u1'\nE = 1\n", ("expect[0].E", "no value yet")),
    (LAYERED, "", "[[expect]]\nat = '1'\ndw5 = 1\n", ("expect[0].dw5", '"dw5"', "not a symbol")),
    (LAYERED, "", "[[expect]]\nat = '1'\nW1 = [[1, 2]]\n", ("expect[0].W1", "1×2", "2×2")),
    (LAYERED, "", "[[expect]]\nat = '1'\nE = 'three'\n", ("expect[0].E", '"three"', "a number")),
    (LAYERED, "", "[[expect]]\nat = '1'\n'W1[7,0]' = 1\n", ("expect[0].W1[7,0]", "7")),
    (LAYERED, "", "[[expect]]\nat = '1'\n'W1.T' = 1\n", ("expect[0].W1.T", "column")),
    (LAYERED, "", "[[expect]]\nat = '1'\n'E < 1' = 3\n", ("expect[0].E < 1", "true or false")),
    (
        LAYERED,
        "",
        "[[expect]]\nat = '1'\n",
        ("expect[0]", 'found "at" alone, expected a symbol and its value beside it'),
    ),
    (GRAPH, '"apple", "tax"', '"aple", "tax"', ("node[0].inputs", '"aple"', 'did you mean "apple"')),
    (
        GRAPH,
        "apple = 100",
        "apple = [[[1, 2], [3, 4]], [[5, 6], [7]]]",
        ("inputs.apple[1][1]", "found 1 number, expected 2 as in row 0"),
    ),
    (GRAPH, "apple = 100", "apple = [[[1, 2]], [[3, 4], [5, 6]]]", ("inputs.apple[1]", "found 2×2, expected 1×2 as")),
    (GRAPH, "apple = 100", "apple = [[[[[1]]]]]", ("inputs.apple[0][0][0][0]", "a list of 1", "a finite number")),
    (GRAPH, "apple = 100", "apple = 'ones(2, 2, 2)'", ("inputs.apple", "shape 2×2×2, expected two dimensions at most")),
    (GRAPH, '["apple", "tax"]', '["apple"]', ("node[0].inputs", "found 1 name, expected 2 for multiply")),
    (GRAPH, '["apple", "tax"]', '["apple", "price"]', ("node", "cycle", "price → price")),
    (GRAPH, 'name = "price"', 'name = "apple"', ("node[0].name", '"apple"', "two values")),
    (GRAPH, 'name = "price"', 'name = "or"', ("node[0].name", '"or"', "meaning of its own")),
    (
        GRAPH,
        "apple = 100",
        "apple = 100\npear = 3",
        ("inputs.pear", "the output price does not depend on it, expected a node that uses it"),
    ),
    (GRAPH, "apple = 100", "apple = []", ("inputs.apple", "a list of 0")),
    (GRAPH, "tax = 1.1", "tax = [[1, 2], [3]]", ("inputs.tax[1]",)),
    (GRAPH, 'title = "a graph"', 'title = "a graph"\noutput = "prize"', ("output", '"prize"', 'mean "price"')),
    (GRAPH, "", '[loss]\nkind = "squared_error"\n', ("data", "missing")),
    (GRAPH, "", '[[layer]]\nkind = "relu"\n', ("node", "[[layer]]")),
    (SOFTMAX, "t = [1, 0]", "t = [1, 2]", ("data.t[1]", "label 2", "0 to 1")),
    (SOFTMAX, "t = [1, 0]", "t = [1, -1]", ("data.t[1]", "found -1, expected a class label")),
    (SOFTMAX, "t = [1, 0]", "t = [[0.5, 0.6], [0, 1]]", ("data.t[0]", "1.1", "sum to 1")),
    (SOFTMAX, "t = [1, 0]", "t = [[1.5, -0.5], [0, 1]]", ("data.t[0][1]", "found -0.5, expected a probability")),
]

GENERATED = LAYERED.replace(
    "x = [[1.0, 2.0], [3.0, 4.0]]\nt = [[1.0], [0.0]]", 'generate = "x0 + x1"\ninputs = 2\nsamples = 10'
)
WRONG += [
    (GENERATED, '"x0 + x1"', '"x0 + x2"', ("data.generate", '"x2"', "x0, x1")),
    (GENERATED, '"x0 + x1"', '"x0 +"', ("data.generate", "column")),
    (GENERATED, '"x0 + x1"', '"log(x0 - 2)"', ("data.generate", "NaN")),
    (GENERATED, '"x0 + x1"', "\"'a'\"", ("data.generate", "no number")),
    (GENERATED, '"x0 + x1"', '"x0[0:2]"', ("data.generate", "no number")),
    (GENERATED, '"x0 + x1"', '"__import__(1)"', ("data.generate",)),
    (GENERATED, "samples = 10", "samples = 1000000000000", ("data.samples", "found 1000000000000")),
    (GENERATED, "inputs = 2\n", "", ("data.inputs", "missing")),
    (GENERATED, "samples = 10", "samples = 10\nlow = 2", ("data.high", "more than low")),
    (GENERATED, "samples = 10", "samples = 10\nx = [[1]]", ("data.x", "beside generate")),
    (
        GENERATED,
        "W = [[0.1, 0.2], [0.3, 0.4]]\nb = [0.0, 0.1]",
        "units = 1000000000",
        ("layer[0].units", "found 1000000000"),
    ),
]


def changed(base: str, old: str, new: str) -> str:
    assert old in base
    return base.replace(old, new, 1) if old else base + new


@pytest.mark.parametrize(("base", "old", "new", "parts"), WRONG, ids=range(len(WRONG)))
def test_one_line_names_the_file_the_key_and_what_is_expected(
    base: str, old: str, new: str, parts: tuple[str, ...]
) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(changed(base, old, new).encode(), "case", "case.toml")
    line = str(caught.value)
    assert line.startswith(f"case.toml: {parts[0]}")
    assert "\n" not in line
    for part in parts:
        assert part in line


@pytest.mark.parametrize("base", [LAYERED, GRAPH, SOFTMAX, GENERATED])
def test_the_unchanged_files_are_good(base: str) -> None:
    assert parse_scenario(base.encode(), "good", "good.toml").program.steps


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"format = 1\ntitle = \n", ("not TOML", "line 2")),
        (b"\xff\xfe", ("not UTF-8",)),
        (b"", ("format", "missing")),
        (b"x = " + b"[" * 100_000, ("nested too deeply",)),
        (b"format = " + b"1" * 5_000, ("not TOML",)),
    ],
)
def test_a_file_that_is_no_scenario_says_why(content: bytes, parts: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ")
    assert "\n" not in line
    assert all(part in line for part in parts)


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    content = b"\xef\xbb\xbf" + LAYERED.replace("\n", "\r\n").encode()
    assert parse_scenario(content, "windows", "windows.toml").title == "two layers"


def test_what_is_no_file_says_so_with_status_2(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "broken.toml").write_text("format = 1\n")
    for name, part in {
        str(tmp_path): "directory",
        str(tmp_path / "pipe.toml"): "not a regular file",
        str(tmp_path / "none.toml"): "no such file",
        str(tmp_path / "broken.toml"): "title: missing",
        "mazur-2-2": 'did you mean "mazur-2-2-2"',
        "a\nb\0c": "no bundled scenario",
        "": "no name",
    }.items():
        for arguments in (["replay", name], [name]):
            assert main(arguments) == 2
            out, err = capfd.readouterr()
            assert out == ""
            assert err.count("\n") == 1
            assert part in err
