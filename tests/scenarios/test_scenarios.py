"""Claims about the bundled scenarios, and about the format's documentation: examples run, every key is there."""

from __future__ import annotations

import json
import tomllib

import jsonschema
import pytest

from gradstep.engine import bundled, load_scenario
from gradstep.engine.replay import replay
from gradstep.engine.scenario.format import REQUIRED, TABLES, json_schema
from gradstep.engine.scenario.loading import parse_scenario
from tests.engine.scenario.test_mutations import FENCES, README
from tests.walks import RUNNABLE

ALL = {
    *("mazur-2-2-2", "relu-softmax-2-3-2", "sgd-regression", "sgd-regression-sigmoid", "sgd-regression-as-printed"),
    *("sgd-regression-wide", "and-perceptron", "step-perceptron", "apples", "apples-and-oranges"),
    *("two-layer-digits", "two-layer-mnist", "xor", "xor-stuck", "logistic-regression"),
    *("micrograd-neuron", "micrograd-expression", "cs231n-circuit", "cs231n-neuron"),
    *("sigmoid-graph", "softmax-graph", "softmax-jacobian", "layer-norm", "batch-norm"),
    *("attention", "lstm-cell", "rnn-hello", "simple-conv", "dropout"),
    *("bowl-sgd", "bowl-momentum", "bowl-adagrad", "bowl-adam"),
}


def test_the_scenarios_that_come_with_the_program() -> None:
    assert set(bundled()) == ALL


@pytest.mark.parametrize("name", RUNNABLE)
def test_a_bundled_scenario_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.title
    assert scenario.source
    assert scenario.description
    assert scenario.expectations
    assert scenario.size


@pytest.mark.parametrize(("place", "text"), list(enumerate(FENCES)))
def test_an_example_of_the_documentation_runs_and_holds(place: int, text: str) -> None:
    result = replay(parse_scenario(text.encode(), f"example {place}", "README.md"))
    assert result.passed


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_bundled_disagreement_says_what_is_right_instead(name: str) -> None:
    for table in tomllib.loads(bundled()[name].read_text(encoding="utf-8")).get("expect", []):
        assert ("disagrees" in table) == ("instead" in table), table


def test_there_are_examples() -> None:
    assert len(FENCES) >= 8
    assert "[[node]]" in "".join(FENCES)


def test_the_project_s_own_first_example_runs_and_holds() -> None:
    text = (README.parent.parent / "README.md").read_text(encoding="utf-8")
    fence = text.split("```toml\n")[1].split("```")[0]
    assert replay(parse_scenario(fence.encode(), "unit", "unit.toml")).passed


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name or "top")
def test_every_key_is_documented_with_its_default(table: object) -> None:
    text = README.read_text(encoding="utf-8")
    for key in table.keys:  # type: ignore[attr-defined]  # a Table
        rows = [line for line in text.splitlines() if line.startswith("|") and f"`{key.name}`" in line.split("|")[1]]
        assert rows, f"{key.name} is not documented"
        if isinstance(key.default, str | int | float) and key.default != "" and key.default is not REQUIRED:
            shown = [json.dumps(key.default), f"{key.default:g}" if not isinstance(key.default, str) else key.default]
            assert any(word in row for row in rows for word in shown), f"the default of {key.name}"


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", sorted(ALL))
def test_bundled_scenarios_are_valid_by_the_schema(name: str) -> None:
    jsonschema.validate(tomllib.loads(bundled()[name].read_text(encoding="utf-8")), json_schema())


@pytest.mark.parametrize(
    ("key", "value"),
    [("colour", "red"), ("title", 3), ("layer", [{"kind": "rellu"}]), ("layer", [{"kind": "relu", "W": [[1]]}])],
)
def test_what_the_reader_refuses_the_schema_refuses(key: str, value: object) -> None:
    content = tomllib.loads(bundled()["mazur-2-2-2"].read_text(encoding="utf-8"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content | {key: value}, json_schema())
