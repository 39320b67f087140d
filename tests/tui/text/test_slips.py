"""What is likely a slip of a scenario's is said where it shows: by replay, by check, at its step."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradstep.tui.cli import main
from tests.screen import Still
from tests.strategies import scenario_of

LOGISTIC = """
format = 1
title = "logistic"
[data]
x = [[0.5, 1.0], [1.5, 0.2], [2.0, 2.5]]
t = [0, 1, 1]
[parameters]
w = {w}
b = 0.0
[model]
forward = "p = sigmoid(x @ w + b)"
loss = "E = -mean(t * log(p) + (1 - t) * log(1 - p))"
[optimizer]
kind = "sgd"
learning_rate = {rate}
"""
LIST, COLUMN = "[0.1, -0.2]", "[[0.1], [-0.2]]"
SPREAD = "3×1 ∘ 3 is spread to 3×3: each number of t meets each of"
UPHILL = "η = -0.1 is negative: updates go where the loss grows"


def said(command: str, w: str, rate: float, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    (folder / "own.toml").write_text(LOGISTIC.format(w=w, rate=rate))
    assert main([command, str(folder / "own.toml")]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "replay"])
def test_each_slip_is_said_in_a_line(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(command, LIST, -0.1, tmp_path, capsys)
    assert [out.count(text) for text in (SPREAD, "so does 1 more step", UPHILL)] == [1, 1, 1]
    out = said(command, COLUMN, 0.1, tmp_path, capsys)
    assert [out.count(text) for text in ("is spread to", "is negative")] == [0, 0]


def test_a_step_that_spreads_both_operands_says_so() -> None:
    still = Still(scenario_of(LOGISTIC.format(w=LIST, rate=0.1))).goto("1:E.2")
    assert "3×1 ∘ 3 is spread to 3×3" in still.panel("step")
    assert "is spread" not in still.press("s").panel("step")


def test_an_update_by_a_negative_learning_rate_says_so_also_where_that_was_set_by_hand() -> None:
    still = Still(scenario_of(LOGISTIC.format(w=COLUMN, rate=-0.1)))
    assert UPHILL in still.goto("1:w_next").panel("step")
    assert "is negative" not in still.goto("1:p").panel("step")
    still = Still().goto("1:delta1").put("e", "learning_rate = -0.1").answer("learning_rate = -0.1")
    assert UPHILL in still.goto("1:W1_next").panel("step")
