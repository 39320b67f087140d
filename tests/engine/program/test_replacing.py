"""Claims about a step replaced: another program, run, checked and explained like any other."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.errors import Problem
from gradstep.engine.program.replacing import with_replaced
from gradstep.tui.cli import main

MISTAKE = "delta1 = (delta2 @ W2_next.T) * z1 * (1 - z1)"


def test_the_loss_that_the_article_prints_comes_out_with_the_weights_updated_too_early() -> None:
    scenario = load_scenario("mazur-2-2-2")
    timeline = Timeline(scenario.with_program(with_replaced(scenario.names, [MISTAKE])))
    timeline.goto("2:E")
    assert abs(float(timeline["E"]) - 0.29102792390) < 1e-11
    timeline.goto("1")
    assert timeline.position.symbol == "b2_next"


def test_the_steps_own_formula_in_its_place_changes_no_number() -> None:
    scenario = load_scenario("relu-softmax-2-3-2")
    own = [
        "u1 = x @ W1 + b1",
        "z1 = np.maximum(0, u1)",
        "dW1 = x.T @ delta1",
        "delta1 = dz1 * (u1 > 0)",
        "db1 = delta1.sum(axis=0)",
    ]
    one, other = Timeline(scenario), Timeline(scenario.with_program(with_replaced(scenario.names, own)))
    for position in ("1", "2"):
        one.goto(position)
        other.goto(position)
        for name, value in one.moment().values.items():
            assert np.allclose(other[name], value, rtol=1e-13, atol=0), name


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("foo = 1", '"foo" is written by no step'),
        ("w5 = 1", '"w5" is written by no step'),
        ("W1 = x", '"W1" is written by no step'),
        ("delta1 = W1", "delta_h: found the shape 2×2, expected 1×2"),
        ("z1 = z1", "no order of the steps"),
        ("z1 = x @ dW1", "no order of the steps"),
        ("net_h = x @ t", "1×2 @ 1×2 does not go"),
    ],
)
def test_what_does_not_fit_is_said(line: str, said: str) -> None:
    with pytest.raises(Problem) as caught:
        with_replaced(load_scenario("mazur-2-2-2").names, [line])
    assert said in str(caught.value)


def test_the_command_line_replaces_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "mazur-2-2-2", "--with", MISTAKE, "--at", "2:E", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert str(found["values"]["E"]).startswith("0.2910279239")
    assert main(["explain", "mazur-2-2-2", "delta1[0,0]", "--with", MISTAKE]) == 0
    assert "delta_h1 = (delta_o1 · w5⁺ + delta_o2 · w7⁺) · out_h1 · (1 − out_h1)" in capsys.readouterr().out
    assert main(["check", "mazur-2-2-2", "--with", MISTAKE]) == 1
    assert "another formula stands in the place of this step's own" in capsys.readouterr().out
    assert main(["replay", "mazur-2-2-2", "--with", "delta1 = foo"]) == 2
    assert capsys.readouterr().err.startswith('gradstep: --with: "delta1 = foo", column 10: "foo" is no name')


def test_a_figure_that_a_mistake_explains_holds_as_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "sheet.toml"
    sheet.write_text(
        """
format = 1
title = "a sheet"
[data]
x = [[2.0]]
t = [[1.0]]
[[layer]]
kind = "affine"
W = [[0.5]]
b = [0.25]
[loss]
kind = "squared_error"
[[expect]]
at = "1:dW1"
dW1 = [[0.25]]
disagrees = "the sheet forgets x"
instead = [[0.5]]
"""
    )
    assert main(["replay", str(sheet)]) == 0
    assert "≠ known" in capsys.readouterr().out
    assert main(["replay", str(sheet), "--with", "dW1 = delta1"]) == 0
    out = capsys.readouterr().out
    assert "✓ as printed" in out
    assert "1 expectation: 0 agree, 1 as printed by the replaced step" in out
    assert main(["replay", str(sheet), "--with", "dW1 = delta1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["passed"], found["expectations"][0]["passed"]) == (True, True)
    assert main(["replay", str(sheet), "--with", "dW1 = 2 * delta1 + 1"]) == 1


def test_a_scenario_replaces_steps(tmp_path: Path) -> None:
    content = load_scenario("mazur-2-2-2").content.decode()
    file = tmp_path / "early.toml"
    file.write_text(f'{content}\n[[replace]]\nstep = "{MISTAKE}"\n', encoding="utf-8")
    timeline = Timeline(load_scenario(str(file)))
    timeline.goto("2:E")
    assert abs(float(timeline["E"]) - 0.29102792390) < 1e-11
    file.write_text(f'{content}\n[[replace]]\nstep = "delta1 = foo"\n', encoding="utf-8")
    with pytest.raises(Problem, match=r"replace\[0\]\.step \(line \d+\): .*column 10"):
        load_scenario(str(file))


@pytest.mark.parametrize(
    ("scenario", "line", "symbol"), [("mazur-2-2-2", "E = 1", "E"), ("apples", "dapple = 3", "dapple")]
)
def test_a_formula_that_reads_nothing_is_a_number(scenario: str, line: str, symbol: str) -> None:
    found = load_scenario(scenario)
    timeline = Timeline(found.with_program(with_replaced(found.names, [line])))
    timeline.goto(f"1:{symbol}")
    assert float(timeline[symbol]) == float(line.rpartition(" ")[2])
    assert main(["check", scenario, "--with", line]) == 1
    assert main(["replay", scenario, "--with", line, "--at", "1"]) == 1
    assert main(["explain", scenario, symbol, "--with", line]) == 0


def test_an_element_is_not_written_by_a_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "mazur-2-2-2", "--with", "dw1 = 3"]) == 2
    assert '"dw1" is one element, expected all of dW1' in capsys.readouterr().err
