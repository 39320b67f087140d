"""Claims about `gradstep mistakes`: what it lists can be run, as typed, and is what `compare` blames."""

from __future__ import annotations

import json

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.words.mistakes import SAYS
from gradstep.tui.cli import main

NETS = ("mazur-2-2-2", "relu-softmax-2-3-2", "rnn-hello")


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, list[dict[str, list[str]]]]:
    assert main(["mistakes", *arguments, "--json"]) == 0
    found: dict[str, list[dict[str, list[str]]]] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("name", NETS)
def test_each_is_a_program_that_runs_from_its_lines(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = load_scenario(name)
    found = listed(capsys, name)["mistakes"]
    assert len(found) > 40
    for mistake in found[:: max(1, len(found) // 40)]:
        wrong = Timeline(scenario.with_steps(mistake["lines"]))
        wrong.goto("2")
        assert {line.partition(" = ")[0] for line in mistake["lines"]} == {*mistake["at"]}
        assert {*mistake["at"]} <= {*wrong.provenance().program.writers}


def test_of_one_id_only_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mistakes", "mazur-2-2-2", "early-update"]) == 0
    assert capsys.readouterr().out == (
        "1 mistake can be made in mazur-2-2-2\n"
        "early-update: the weights had been updated already when the gradient was handed back (at ∂E/∂out_h)\n"
        "    dz1 = delta2 @ W2_next.T\n"
    )


def test_its_line_gives_the_loss_that_the_text_prints(capsys: pytest.CaptureFixture[str]) -> None:
    (mistake,) = listed(capsys, "mazur-2-2-2", "early-update")["mistakes"]
    assert main(["replay", "mazur-2-2-2", "--with", *mistake["lines"], "--at", "2:E", "--json"]) in {0, 1}
    value = json.loads(capsys.readouterr().out)["values"]["E"]
    assert np.isclose(value, 0.291027924, rtol=0, atol=5e-10)


def test_what_can_be_made_nowhere_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mistakes", "apples"]) == 0
    assert capsys.readouterr().out == "0 mistakes can be made in apples\n"


def test_an_unknown_id_is_one_line_and_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mistakes", "mazur-2-2-2", "early-updat"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert 'did you mean "early-update"?' in said
    assert "early-update" in SAYS
