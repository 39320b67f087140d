"""Claims about replay: where it ends, what it finds, and the JSON that others read."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.replay import Stopped, as_json, replay
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
    assert set(found) == {"scenario", "position", "values", "expectations"}
    assert found["scenario"] == "mazur-2-2-2"
    assert found["position"] == {"iteration": 3, "step": 13, "phase": "backward", "symbol": "delta1"}
    timeline = Timeline(scenario)
    timeline.goto("3:delta1")
    assert set(found["values"]) == set(timeline.values())
    for name, value in timeline.values().items():
        assert np.array(found["values"][name]).tobytes() == value.tobytes()
    assert "dW1" not in found["values"]
    for expectation in found["expectations"]:
        assert set(expectation) - {"disagrees"} == {"at", "symbol", "passed", "printed", "value"}
        assert expectation["passed"] is True
    wrong = [expectation for expectation in found["expectations"] if "disagrees" in expectation]
    assert [(expectation["at"], expectation["printed"]) for expectation in wrong] == [("2:E", "0.291027924")]


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
