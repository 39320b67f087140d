"""Claims about what a program has only where it is asked for: the gradient of x, and losses after the update."""

from __future__ import annotations

import numpy as np
import pytest

from gradstep.engine import ScenarioError, Timeline
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.program.positions import PositionError
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.stops.trigger import breakpoint_at, watch
from gradstep.engine.timeline.watches import watch_value

NET = """\
format = 1
title = "a net"
[data]
x = "randn(12, 2)"
t = {t}
test = 4
{data}
[[layer]]
kind = "affine"
units = 3
[[layer]]
kind = "tanh"
[[layer]]
kind = "affine"
units = 2
[loss]
kind = "{loss}"
[optimizer]
kind = "sgd"
learning_rate = 0.3
[training]
iterations = 20
draw = "without_replacement"
batch = 2
"""
LABELS = "[1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1]"


def timeline(more: str = "", *, loss: str = "softmax_cross_entropy", data: str = "") -> Timeline:
    text = NET.format(t=LABELS if "softmax" in loss else "'randn(12, 2)'", loss=loss, data=data)
    return Timeline(parse_scenario((text + more).encode(), "net", "net.toml"))


# ── the gradient of x ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("more", "data"),
    [
        ("", "gradient = true"),
        ("[[expect]]\nat = '1'\n'sum(dx) < 1e9' = true\n", ""),
        ("[[expect]]\nat = '1:dx'\n'E < 1e9' = true\n", ""),
        ("[[break]]\nat = 'dx'\n", ""),
        ("[[break]]\nwhen = 'norm(dx) < 0.1'\n", ""),
        ("[[watch]]\nshow = 'dx[0,1]'\n", ""),
        ("[names]\ndx = 'slope'\n", ""),
        ("[names]\nx = 'pixels'\n[[watch]]\nshow = 'dpixels'\n", ""),
        ("[labels]\nx = [['i1', 'i2'], ['', '']]\n[[watch]]\nshow = 'di2'\n", ""),
    ],
)
def test_the_gradient_of_x_is_there_where_it_is_asked_for_or_named(more: str, data: str) -> None:
    run = timeline(more, data=data)
    run.goto("3:dx")
    np.testing.assert_allclose(run["dx"], run["delta1"] @ run["W1"].T, rtol=1e-12)


def test_otherwise_it_is_not_and_nothing_else_differs() -> None:
    without, with_it = timeline("[[watch]]\nshow = 'E'\n"), timeline(data="gradient = true")
    assert "dx" not in without.program.symbols
    assert [step.symbol for step in with_it.program.steps if step.symbol != "dx"] == [
        step.symbol for step in without.program.steps
    ]


def test_it_is_checked_against_central_differences() -> None:
    run = timeline(data="gradient = true", loss="squared_error")
    run.goto("4")
    found = {matrix.symbol: matrix for matrix in check(run).matrices}["x"]
    assert {element.index for element in found.elements} == {(row, column) for row in range(2) for column in range(2)}
    assert found.verdict == "agrees"


def test_a_graph_adds_what_comes_back_to_x_from_each_use() -> None:
    text = """\
format = 1
title = "x used twice"
[data]
x = [[1, 2]]
t = [[0, 0]]
gradient = true
[[node]]
name = "s"
kind = "sigmoid"
inputs = ["x"]
[[node]]
name = "p"
kind = "multiply"
inputs = ["s", "x"]
[loss]
kind = "squared_error"
"""
    run = Timeline(parse_scenario(text.encode(), "g", "g.toml"))
    run.goto("end")
    x = np.array([[1.0, 2.0]])
    s = 1 / (1 + np.exp(-x))
    np.testing.assert_allclose(run["dx"], x * s * (s + x * s * (1 - s)), rtol=1e-12)
    unused = text.replace('["x"]', '["k"]').replace('["s", "x"]', '["s", "k"]') + "[inputs]\nk = [[1, 2]]\n"
    with pytest.raises(ScenarioError, match=r"data\.gradient .*no node that leads from x to the output"):
        parse_scenario(unused.encode(), "g", "g.toml")


def test_a_node_that_is_called_dx_stays_what_it_is() -> None:
    text = NET.split("[[layer]]", maxsplit=1)[0].format(t="'randn(12, 2)'", data="")
    text += '[[node]]\nname = "dx"\nkind = "tanh"\ninputs = ["x"]\n[loss]\nkind = "squared_error"\n'
    run = Timeline(parse_scenario((text + "[[watch]]\nshow = 'dx[0,0]'\n").encode(), "g", "g.toml"))
    run.goto("end")
    np.testing.assert_array_equal(run["dx"], np.tanh(run["x"]))


# ── measurements ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "loss", ["squared_error", "softmax_cross_entropy", 'softmax_cross_entropy"\nepsilon = 1e-7\n# "']
)
def test_a_measured_loss_is_that_of_the_updated_parameters(loss: str) -> None:
    run = timeline("[measure]\nloss = ['batch', 'train', 'test']\nevery = 4\n", loss=loss)
    data = run.scenario.dataset
    run.goto("8")
    assert data is not None
    assert data.x_test is not None
    assert data.t_test is not None
    sets = {"batch": (run["x"], run["t"]), "train": (data.x, data.t), "test": (data.x_test, data.t_test)}
    for name, (x, t) in sets.items():
        u = np.tanh(x @ run["W1_next"] + run["b1_next"]) @ run["W2_next"] + run["b2_next"]
        if "softmax" in loss:
            y = np.exp(u) / np.exp(u).sum(axis=1, keepdims=True)
            expected = -(t * np.log(y + (1e-7 if "epsilon" in loss else 0))).sum() / len(x)
        else:
            expected = ((u - t) ** 2).sum() / 2
        assert float(run[f"E_{name}"]) == pytest.approx(expected, rel=1e-12)


def test_the_loss_of_all_rows_after_an_update_is_that_of_the_next_iteration() -> None:
    text = NET.format(t=LABELS, loss="softmax_cross_entropy", data="").replace("test = 4\n", "")
    text = text.replace('draw = "without_replacement"\nbatch = 2\n', "") + "[measure]\nloss = ['batch', 'train']\n"
    run = Timeline(parse_scenario(text.encode(), "net", "net.toml"))
    run.goto("5")
    measured = float(run["E_batch"]), float(run["E_train"])
    run.goto("6:E")
    assert measured == (float(run["E"]),) * 2


@pytest.mark.parametrize(("every", "offset"), [(4, 0), (4, 1), (4, 3), (1, 0), (20, 7)])
def test_an_offset_says_in_which_iterations(every: int, offset: int) -> None:
    run = timeline(f"[measure]\naccuracy = ['test']\nloss = ['train']\nevery = {every}\noffset = {offset}\n")
    run.goto("end")
    expected = [iteration for iteration in range(1, 21) if iteration % every == offset]
    for symbol in ("accuracy_test", "E_train"):
        assert run.branch.measured(symbol)[0] == expected
    program = run.program
    assert program.first_measured == expected[0]
    for iteration in range(0, 21):
        before = [each for each in expected if each <= iteration]
        assert program.measurements(iteration) == len(before)
        assert program.last_measured(iteration) == (before[-1] if before else 0)


def test_stops_and_watches_on_what_is_measured_keep_to_the_offset() -> None:
    run = timeline("[measure]\nloss = ['train']\nevery = 4\noffset = 1\n")
    run.stops = [breakpoint_at("E_train", "", 2, run.names)]
    assert [str(run.run_on().position) for _ in range(2)] == ["5:E_train", "13:E_train"]
    assert str(run.run_back().position) == "5:E_train"
    run.goto("8:E")
    watched = watch("E_train", run.names)
    assert watch_value(run, watched) == (float(run.branch.measured("E_train")[1][1]), 5)
    with pytest.raises(PositionError, match=r"E_train is measured in some iterations only, 1, 5 and so on"):
        run.goto("6:E_train")


@pytest.mark.parametrize(
    ("measure", "problem"),
    [
        ("every = 3", "measure (line 25): found nothing to measure, expected accuracy or loss"),
        ("loss = ['valid']", 'measure.loss[0] (line 26): "valid" is not a set of rows'),
        ("loss = ['test', 'test']", 'measure.loss[1] (line 26): "test" is not a set of rows'),
        ("loss = ['test']\nevery = 2\noffset = 2", "measure.offset (line 28): found 2, expected less than every, 2"),
    ],
)
def test_measurements_of_no_use_get_one_line(measure: str, problem: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        timeline(f"[measure]\n{measure}\n")
    assert problem in str(caught.value)
