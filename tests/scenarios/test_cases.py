"""Nets as people write them, with values that were computed apart."""

from __future__ import annotations

import tomllib
from pathlib import Path

import jsonschema
import pytest

from gradstep.engine import ScenarioError, Timeline, load_scenario
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.analysis.verdicts import AGREES, WRONG
from gradstep.engine.replay import replay
from gradstep.engine.scenario.format import json_schema
from tests.strategies import scenario_of

CASES = Path(__file__).parents[1] / "data" / "cases"
HOLD = [
    "leaky-relu",
    "mean-squared-error-doubled",
    "softmax-and-cross-entropy-apart",
    "one-neuron-two-over-n",
    "xor-without-biases",
]


@pytest.mark.parametrize("name", HOLD)
def test_what_was_computed_apart_holds(name: str) -> None:
    result = replay(load_scenario(str(CASES / f"{name}.toml")))
    assert result.verdicts
    assert result.passed, [verdict for verdict in result.verdicts if not verdict.passed]


@pytest.mark.parametrize("name", HOLD)
def test_their_gradients_agree_with_central_differences(name: str) -> None:
    timeline = Timeline(load_scenario(str(CASES / f"{name}.toml")))
    timeline.goto("1")
    found = {element.verdict for matrix in check(timeline).matrices for element in matrix.elements}
    assert AGREES in found or name == "mean-squared-error-doubled"  # whose gradients are below all rounding
    assert WRONG not in found


def test_a_negative_probability_is_named_though_its_row_sums_to_1() -> None:
    with pytest.raises(ScenarioError, match=r"data\.t\[0\]\[0\] \(line 5\): found -0\.5, expected a probability"):
        load_scenario(str(CASES / "negative-probability.toml"))


def test_a_layer_without_biases_has_none() -> None:
    program = load_scenario(str(CASES / "xor-without-biases.toml")).program
    names = {name for name in program.symbols if name.startswith(("b", "db"))}
    assert names == set()
    assert [step.symbol for step in program.steps if step.phase == "forward"] == ["u1", "z1", "u2", "y"]
    assert [step.operands for step in program.steps if step.symbol in ("u1", "u2")] == [("x", "W1"), ("z1", "W2")]


def test_no_biases_and_biases_of_0_that_stay_are_the_same() -> None:
    path = CASES / "xor-without-biases.toml"
    text = path.read_text(encoding="utf-8")
    frozen = text.replace("bias = false", "b = 0.0").replace("rate = 0.5", 'rate = 0.5\nfrozen = ["b1", "b2"]')
    runs = []
    for each in (text, frozen):
        timeline = Timeline(scenario_of(each))
        timeline.goto("100")
        runs.append(timeline["W1_next"].tobytes() + timeline["W2_next"].tobytes())
    assert runs[0] == runs[1]


def test_biases_beside_none_are_refused() -> None:
    text = (CASES / "xor-without-biases.toml").read_text(encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"layer\[0\]\.b \(line 9\): stands beside bias = false"):
        scenario_of(text.replace("bias = false", "b = 0\nbias = false", 1))


@pytest.mark.parametrize("path", sorted(CASES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_schema_takes_what_the_reader_takes(path: Path) -> None:
    jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), json_schema())


@pytest.mark.parametrize(
    "loss",
    [
        {"kind": "hinge", "half": False},
        {"kind": "huber", "l2": -1},
        {"kind": "squared_error", "delta": 1},
        {"kind": "softmax_cross_entropy", "reduction": "sum"},
        {"kind": "squared_error", "reduction": "average"},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(loss: dict[str, object]) -> None:
    content = tomllib.loads((CASES / "leaky-relu.toml").read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content | {"loss": loss}, json_schema())
