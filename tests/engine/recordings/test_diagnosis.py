"""Somebody's own numbers: what agrees, where they part, and the mistake that was planted is the one that is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstep.engine import Scenario, Timeline, load_scenario
from gradstep.engine.program.program import Phase
from gradstep.engine.program.replacing import with_replaced
from gradstep.engine.recordings.diagnosis import AGREES, DIFFERS, MULTIPLE, TRANSPOSED, Diagnosis, as_json, diagnose
from gradstep.engine.recordings.given import GivenError, parsed
from gradstep.engine.recordings.mistakes import SLIPS, mistakes
from gradstep.engine.words.mistakes import SAYS
from tests.strategies import scenario_of

BATCH = """
format = 1
title = "a batch"
[data]
x = [[0.5, -1.0], [1.5, 0.3], [-0.7, 0.8]]
t = [[0.2, 0.9], [0.7, 0.1], [0.4, 0.6]]
[[layer]]
kind = "affine"
W = [[0.3, -0.2], [0.5, 0.7]]
b = [0.1, -0.3]
[[layer]]
kind = "tanh"
[[layer]]
kind = "affine"
W = [[0.6, -0.4], [-0.8, 0.2]]
b = [0.05, 0.2]
[[layer]]
kind = "sigmoid"
[loss]
kind = "squared_error"
reduction = "mean"
[optimizer]
kind = "sgd"
learning_rate = 0.4
[training]
iterations = 3
"""


def of(scenario: Scenario, *texts: str) -> Diagnosis:
    return diagnose(scenario, parsed(scenario, texts, {}))


def numbers(scenario: Scenario, lines: list[str], symbols: list[str], iteration: int = 1) -> dict[str, Any]:
    """What a run with these steps in the place of its own makes, as somebody would have noted it."""
    timeline = Timeline(scenario.with_program(with_replaced(scenario.names, lines)))
    timeline.goto(str(iteration))
    return {f"{iteration}:{name}": timeline[name] for name in symbols}


def noted(tmp_path: Path, values: dict[str, Any]) -> str:
    path = tmp_path / "mine.npz"
    np.savez(path, **values)
    return str(path)


def everything(scenario: Scenario) -> list[str]:
    return [step.symbol for step in scenario.program.steps if step.phase is not Phase.DRAW]


def named(found: Diagnosis) -> set[str]:
    return {mistake.id for mistake in found.mistakes}


# ── the mistake is named ─────────────────────────────────────────────────────────────────────────────────────


def test_the_loss_that_the_article_prints_comes_of_weights_that_were_updated_too_early() -> None:
    found = of(load_scenario("mazur-2-2-2"), "2:E=0.291027924")
    assert found.agree == 0
    assert [(mistake.id, mistake.at) for mistake in found.mistakes] == [("early-update", ("dz1",))]


@pytest.mark.parametrize(
    ("identifier", "line"),
    [
        ("bias-missing", "u1 = x @ W1"),
        ("activation-missing", "z1 = u1"),
        ("half-missing-in-loss", "E = sum((y - t)**2) / N"),
        ("error-sign", "dy = (t - y) / N"),
        ("batch-mean-missing", "dy = y - t"),
        ("derivative-missing", "delta2 = dy"),
        ("derivative-at-activation", "delta1 = dz1 * (1 - tanh(z1)**2)"),
        ("early-update", "dz1 = delta2 @ W2_next.T"),
        ("weights-untransposed", "dz1 = delta2 @ W2"),
        ("error-flows-back", "dz1 = dy @ W2.T"),
        ("preactivation-for-input", "dW2 = u1.T @ delta2"),
        ("gradient-transposed", "dW2 = (z1.T @ delta2).T"),
        ("last-row-only", "dW1 = x[-1:].T @ delta1[-1:]"),
        ("bias-gradient-mean", "db1 = mean(delta1, axis=0)"),
        ("ascent", "W1_next = W1 + learning_rate * dW1"),
        ("rate-missing", "b2_next = b2 - db2"),
    ],
)
def test_a_planted_mistake_is_named_and_where_it_was_made(tmp_path: Path, identifier: str, line: str) -> None:
    scenario = scenario_of(BATCH)
    values = numbers(scenario, [line], everything(scenario))
    found = of(scenario, noted(tmp_path, values))
    assert named(found) == {identifier}
    symbol = line.partition(" = ")[0]
    assert found.mistakes[0].at == (symbol,)
    assert found.first is not None
    assert found.first.given.reference.symbol == symbol
    assert [(origin.given.reference.symbol, {each.id for each in origin.mistakes}) for origin in found.origins] == [
        (symbol, {identifier})
    ]


def test_a_mistake_in_every_layer_is_one_mistake(tmp_path: Path) -> None:
    scenario = scenario_of(BATCH)
    lines = ["u1 = x @ W1", "u2 = z1 @ W2"]
    found = of(scenario, noted(tmp_path, numbers(scenario, lines, everything(scenario))))
    assert [(mistake.id, mistake.at) for mistake in found.mistakes] == [("bias-missing", ("u1", "u2"))]


def test_of_two_mistakes_at_once_both_steps_are_found(tmp_path: Path) -> None:
    scenario = scenario_of(BATCH)
    lines = ["delta2 = dy", "W1_next = W1 + learning_rate * dW1"]
    found = of(scenario, noted(tmp_path, numbers(scenario, lines, everything(scenario))))
    assert not found.mistakes  # no single one gives all of it
    assert [origin.given.reference.symbol for origin in found.origins] == ["delta2", "W1_next"]
    assert [{each.id for each in origin.mistakes} for origin in found.origins] == [{"derivative-missing"}, {"ascent"}]


def test_numbers_that_no_mistake_gives_get_none() -> None:
    found = of(load_scenario("mazur-2-2-2"), "2:E=0.123456789", "1:delta2=[[0.5, 0.25]]")
    assert not found.mistakes
    assert found.agree == 0


def test_what_cannot_be_told_apart_is_a_tie() -> None:
    told = as_json(of(load_scenario("mazur-2-2-2"), "2:E=0.298371109"))
    assert len({each["id"] for each in told["mistakes"]}) > 1
    assert all(each["tied"] for each in told["mistakes"])


# ── what agrees ──────────────────────────────────────────────────────────────────────────────────────────────


def test_right_numbers_agree_to_the_digits_written() -> None:
    found = of(load_scenario("mazur-2-2-2"), "E_total=0.298371109", "1:dw5=0.082167041", "w5_next=0.35891648")
    assert found.agree == len(found.compared) == 3
    assert found.first is None
    assert of(load_scenario("mazur-2-2-2"), "E=0.298371108").agree == 0


def test_arrays_of_a_run_in_single_precision_agree(tmp_path: Path) -> None:
    scenario = scenario_of(BATCH)
    values = {name: array.astype(np.float32) for name, array in numbers(scenario, [], everything(scenario)).items()}
    assert of(scenario, noted(tmp_path, values)).first is None


def test_multiples_and_transposed_arrays_are_told(tmp_path: Path) -> None:
    scenario = scenario_of(BATCH)
    right = numbers(scenario, [], ["dW1", "dW2", "db2"])
    given = {"dW1": 3 * right["1:dW1"], "dW2": right["1:dW2"].T, "db2": right["1:db2"] + [0.1, 0.0]}
    verdicts = {each.given.reference.symbol: each for each in of(scenario, noted(tmp_path, given)).compared}
    assert verdicts["dW1"].verdict == MULTIPLE
    assert verdicts["dW1"].ratio == pytest.approx(3.0)
    assert verdicts["dW2"].verdict == TRANSPOSED
    assert verdicts["db2"].verdict == DIFFERS


# ── how numbers are given ────────────────────────────────────────────────────────────────────────────────────


def test_json_has_iterations_and_texts_and_names_are_mapped(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"loss": "0.298371109", "2": {"E": 0.291027774}, "other": 3}), "utf-8")
    scenario = load_scenario("mazur-2-2-2")
    found = diagnose(scenario, parsed(scenario, [str(path)], {"loss": "E_total"}))
    assert [each.given.iteration for each in found.compared] == [1, 2]
    assert all(each.verdict == AGREES for each in found.compared)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", "POSITION:SYMBOL=VALUE"),
        ("2:E=", "number"),
        ("2:E=big", "number"),
        ("2:Q=1", "Q"),
        ("20000:E=1", "20000"),
        ("1:W2=[[1, 2, 3]]", "expected 2×2"),
        ("1:W2=[[1, 2], [3]]", "number"),
        ("/nowhere/at/all.npz", "nowhere"),
    ],
)
def test_what_cannot_be_laid_beside_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(GivenError) as caught:
        parsed(load_scenario("mazur-2-2-2"), [text], {})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) <= 300


def test_a_file_without_a_known_name_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", foo=np.ones(3))
    with pytest.raises(GivenError, match="foo"):
        parsed(load_scenario("mazur-2-2-2"), [str(tmp_path / "mine.npz")], {})


# ── the catalogue ────────────────────────────────────────────────────────────────────────────────────────────


def test_every_mistake_has_its_sentence_and_no_sentence_lacks_its_mistake() -> None:
    assert {slip.id for slips in SLIPS.values() for slip in slips} == set(SAYS)


@pytest.mark.parametrize("name", ["mazur-2-2-2", "relu-softmax-2-3-2", "two-layer-digits", "apples", "attention"])
def test_every_mistake_of_a_program_runs_and_is_another_program(name: str) -> None:
    scenario = load_scenario(name)
    made = list(mistakes(scenario.names))
    if name in ("mazur-2-2-2", "relu-softmax-2-3-2", "two-layer-digits"):
        assert len(made) > 60
    for mistake in made:
        assert {step.symbol for step in mistake.program.steps} == {step.symbol for step in scenario.program.steps}
        assert mistake.says
