"""Claims about replay: where it ends, what it finds, and the JSON that others read."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from gradstep.engine import Scenario, Timeline, load_scenario
from gradstep.engine.replay import Stopped, replay
from gradstep.engine.replayed import as_json, json_schema
from gradstep.engine.stops.trigger import parse_stop
from gradstep.engine.strictjson import dumps
from tests.strategies import scenario_of
from tests.walks import RUNNABLE


@pytest.mark.parametrize("name", RUNNABLE)
def test_every_bundled_scenario_agrees_with_its_source(name: str) -> None:
    result = replay(load_scenario(name))
    assert result.passed
    assert result.beyond == 0
    assert len(result.verdicts) == len(load_scenario(name).expectations)


@pytest.mark.parametrize(("at", "loss"), [("2:E", 0.29102777369359933), ("10001:E", 3.510187782978859e-05)])
def test_the_losses_of_the_first_scenario_are_those_of_an_independent_autograd(at: str, loss: float) -> None:
    found = as_json(replay(load_scenario("mazur-2-2-2"), at))
    assert math.isclose(found["values"]["E"], loss, rel_tol=1e-12)


def test_the_object_has_the_agreed_form_and_reads_back_to_the_bit() -> None:
    scenario = load_scenario("mazur-2-2-2")
    found = json.loads(json.dumps(as_json(replay(scenario, "3:delta1"))))
    assert set(found) == {"scenario", "passed", "position", "values", "expectations", "health", "breaks"}
    assert found["scenario"] == "mazur-2-2-2"
    assert found["position"] == {"iteration": 3, "step": 13, "phase": "backward", "symbol": "delta1"}
    timeline = Timeline(scenario)
    timeline.goto("3:delta1")
    assert set(found["values"]) == set(timeline.values())
    for name, value in timeline.values().items():
        assert np.array(found["values"][name]).tobytes() == value.tobytes()
    assert "dW1" not in found["values"]
    for expectation in found["expectations"]:
        assert set(expectation) - {"disagrees", "instead"} == {"at", "symbol", "passed", "printed", "value"}
        assert expectation["passed"] is True
    wrong = [expectation for expectation in found["expectations"] if "disagrees" in expectation]
    assert [(expectation["at"], expectation["printed"]) for expectation in wrong] == [("2:E", "0.291027924")]


@pytest.mark.parametrize(("name", "at"), [("mazur-2-2-2", None), ("sgd-regression-wide", "end"), ("relu-dies", None)])
def test_the_object_is_as_its_schema_says(name: str, at: str | None) -> None:
    scenario = case(name) if name == "relu-dies" else load_scenario(name)
    found = json.loads(dumps(as_json(replay(scenario, at))))
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**found, "passed": "yes"}, schema)


def test_what_is_not_finite_is_read_back_too() -> None:
    found = json.loads(json.dumps(as_json(replay(load_scenario("sgd-regression-wide"), "12:y"))))
    assert math.isnan(found["values"]["y"][0][0])
    assert math.isinf(found["values"]["W1"][0][0])


@pytest.mark.parametrize(
    ("at", "position"),
    [("start", (1, 0, None, None)), ("end", (1, 7, "backward", "dapple_num")), ("1:3", (1, 3, "backward", "dprice"))],
)
def test_a_replay_ends_where_it_is_told_to(at: str, position: tuple[object, ...]) -> None:
    result = replay(load_scenario("apples"), at)
    here = result.position
    assert (here.iteration, here.step, here.phase, here.symbol) == position
    assert len(result.verdicts) + result.beyond == 7


def test_without_being_told_it_runs_as_far_as_the_expectations_reach() -> None:
    assert str(replay(load_scenario("relu-softmax-2-3-2")).position) == "2:E"


def test_a_replay_that_is_stopped_says_where() -> None:
    with pytest.raises(Stopped) as stopped:
        replay(load_scenario("mazur-2-2-2"), "9000", lambda done, total: done < 2000)
    assert 1 < stopped.value.position.iteration < 9000


# ── what went wrong on the way ───────────────────────────────────────────────────────────────────────────────

CASES = Path(__file__).parents[1] / "data" / "cases"


def case(name: str, **changes: str) -> Scenario:
    text = (CASES / f"{name}.toml").read_text("utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    return scenario_of(text) if changes else load_scenario(str(CASES / f"{name}.toml"))


def test_a_replay_that_loses_its_numbers_says_where_and_does_not_pass() -> None:
    result = replay(case("learning-rate-overflows"), "end")
    assert not result.passed
    assert result.lost is not None
    assert str(result.scenario.course.at(result.lost.iteration, result.lost.step)) == "41:E"
    assert result.lost.symptom.detail["infinite"] == 1
    found = as_json(result)["health"]
    assert {"kind": "not finite", "iteration": 41, "step": 7, "symbol": "E"}.items() <= found[3].items()
    assert [each["kind"] for each in found[:3]] == ["saturated sigmoid", "exploding gradient", "vanishing gradient"]
    assert found[0]["units"] == list(range(10))
    assert "units" not in found[1]
    assert replay(case("learning-rate-overflows"), "40").passed
    assert replay(case("learning-rate-overflows"), "41:y").passed
    assert not replay(case("learning-rate-overflows"), "41:E").passed


DIVERGES = """
format = 1
title = "far too large steps"
data = {x = [[1.0]], t = [[0.0]]}
layer = [{kind = "affine", W = [[1.0]], b = [0.0]}]
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 1e300}
training = {iterations = 4}
"""


@pytest.mark.parametrize(
    ("more", "passed"),
    [
        ("", False),
        ('[[expect]]\nat = "1:E"\nE = 0.5\n', False),
        ('[[expect]]\nat = "4:E"\nE = "nan"\n', True),
        ('[[expect]]\nat = "2:E"\nE = "inf"\n', True),
        ('[[expect]]\nat = "3:E"\n"isnan(E) or isinf(E)" = true\n', True),
        ('[[break]]\nwhen = "isinf(E)"\n', True),
        ('[[break]]\nwhen = "E < 0"\n', False),
    ],
)
def test_lost_numbers_are_expected_where_something_says_so(more: str, passed: bool) -> None:
    result = replay(scenario_of(DIVERGES + more), "end")
    assert all(verdict.passed for verdict in result.verdicts)
    assert (result.passed, result.lost is None) == (passed, passed)
    assert as_json(result)["health"][-1]["kind"] == "not finite"


def test_a_break_that_asks_for_what_is_not_finite_expects_it() -> None:
    scenario = scenario_of(DIVERGES)
    result = replay(scenario, breaks=[parse_stop("isinf(E)", scenario.names)])
    assert (str(result.position), result.passed) == ("2:E", True)


def test_the_deaths_of_units_are_told_with_those_that_came_before_them() -> None:
    found = as_json(replay(case("dead-relu-in-silence"), "end"))["health"]
    deaths = [(each["iteration"], each["units"]) for each in found if each["kind"] == "dead ReLU"]
    six, eight = [0, 1, 3, 4, 7, 9], [0, 1, 2, 3, 4, 7, 8, 9]
    assert deaths == [(1, [1, 9]), (3, six), (4, eight), (13, list(range(10)))]


def test_a_scenario_s_own_break_stops_a_replay_that_is_told_nothing_else() -> None:
    result = replay(case("relu-dies"))
    assert (str(result.position), [stop.when for stop in result.stopped or ()]) == ("2:z1", ["max(z1) == 0"])
    assert [(each.iteration, each.symptom.units) for each in result.health] == [(1, (1,)), (2, (0, 1))]
    assert replay(case("relu-dies"), "5").stopped is None


def test_a_scenario_s_own_breaks_are_told_where_they_are_hit_first_though_they_stop_nothing() -> None:
    more = '[[break]]\nat = "E"\nevery = 4\n[[break]]\nwhen = "E < -1"\n[[break]]\nat = "y"\nenabled = false\n'
    scenario = case("relu-dies", **{"[[watch]]": more + "[[watch]]"})
    found = as_json(replay(scenario, "5"))
    assert found["position"]["iteration"] == 5
    hits = [
        (each["stop"], each["first"] and (each["first"]["iteration"], each["first"]["symbol"]))
        for each in found["breaks"]
    ]
    assert hits == [("E every 4", (4, "E")), ("E < -1", None), ("max(z1) == 0", (2, "z1"))]
    assert [each["first"] for each in as_json(replay(scenario, "1"))["breaks"]] == [None, None, None]
    late = '[[expect]]\nat = "3:E"\n"E > 0" = true\n'
    found = as_json(replay(case("relu-dies", **{"[[watch]]": late + "[[watch]]"})))
    assert [each["first"]["iteration"] for each in found["breaks"]] == [2]
    assert found["position"]["iteration"] == 3


def test_the_object_says_whether_it_has_passed() -> None:
    assert as_json(replay(load_scenario("apples")))["passed"] is True
    assert as_json(replay(case("wrong-figure")))["passed"] is False
    assert as_json(replay(case("learning-rate-overflows"), "end"))["passed"] is False


@pytest.mark.parametrize("name", RUNNABLE)
def test_of_what_learns_nothing_is_told(name: str) -> None:
    found = {each["kind"] for each in as_json(replay(load_scenario(name)))["health"]}
    ill = {"sgd-regression-wide": {"exploding gradient", "not finite"}, "xor-stuck": {"saturated sigmoid", "plateau"}}
    assert found == ill.get(name, set())
