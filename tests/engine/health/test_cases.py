"""Runs that go wrong in silence speak, at the iteration where it happens; those that do not are left alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.health import health_of, unit_states
from gradstep.engine.analysis.trends import trends
from gradstep.engine.health.record import Begin
from gradstep.engine.health.symptoms import (
    DEAD,
    EXPLODING,
    IDENTICAL,
    NOT_FINITE,
    PLATEAU,
    SATURATED,
    VANISHING,
)
from gradstep.engine.stops.stops import HEALTH_STOPS, NON_FINITE, Stop
from tests.walks import RUNNABLE

CASES = Path(__file__).parents[2] / "data" / "cases"
load = cache(load_scenario)


def case(name: str) -> Timeline:
    return Timeline(load(str(CASES / f"{name}.toml")))


def stopped(timeline: Timeline, direction: int = +1) -> list[tuple[str, tuple[str, ...]]]:
    """Where the stops on health stop a run, and which of them."""
    timeline.stops = [Stop(NON_FINITE), *HEALTH_STOPS]
    found: list[tuple[str, tuple[str, ...]]] = []
    while True:
        hit = timeline.run_on() if direction > 0 else timeline.run_back()
        if not hit.stops:
            return found
        found.append((str(hit.position), tuple(stop.kind for stop in hit.stops)))


def closed_for_all(timeline: Timeline, iteration: int) -> list[int]:
    """The units of layer 1 that no row of the data opens, with the weights that an iteration starts from."""
    timeline.goto(f"{iteration}:u1")
    data = timeline.scenario.dataset
    assert data is not None
    open_rows = np.array([[float(row @ column) for column in timeline["W1"].T] for row in data.x]) + timeline["b1"] > 0
    return [unit for unit in range(open_rows.shape[1]) if not open_rows[:, unit].any()]


# ── dead units ───────────────────────────────────────────────────────────────────────────────────────────────


def test_in_the_silent_net_the_last_unit_dies_in_iteration_13() -> None:
    timeline = case("dead-relu-in-silence")
    deaths = [at for at, kinds in stopped(timeline) if DEAD in kinds]
    assert deaths == ["3:u1", "4:u1", "13:u1"]
    timeline.goto("12:E")
    timeline.stops = HEALTH_STOPS
    found = timeline.run_on()
    assert (str(found.position), found.stops) == ("13:u1", (Stop(DEAD),))
    (symptom,) = found.symptoms
    assert (symptom.units, symptom.new) == (tuple(range(10)), (5, 6))
    assert symptom.text.startswith("10 of 10 ReLU units of u1 (layer 1) are dead (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)")
    assert "each of the 2,000 rows that can be drawn" in symptom.text
    assert "New in iteration 13: 5, 6." in symptom.text


def test_each_unit_has_the_iteration_that_it_died_at() -> None:
    timeline = case("dead-relu-in-silence")
    dead = {iteration: closed_for_all(timeline, iteration) for iteration in range(1, 15)}
    died = {unit: min(i for i, units in dead.items() if unit in units) for unit in dead[14]}
    timeline.stops = HEALTH_STOPS
    timeline.goto("start")
    while timeline.run_on().stops:
        pass
    (found,) = (each for each in health_of(timeline) if each.kind == DEAD)
    assert dict(found.since) == died
    assert (found.first, found.exact, found.now) == (1, True, True)


def test_two_deaths_are_told_apart() -> None:
    timeline = case("relu-dies")
    timeline.stops = HEALTH_STOPS
    first, second = timeline.run_on(), timeline.run_on()
    assert (str(first.position), first.symptoms[0].units, first.symptoms[0].new) == ("1:u1", (1,), (1,))
    assert (str(second.position), second.symptoms[0].units, second.symptoms[0].new) == ("2:u1", (0, 1), (0,))
    assert closed_for_all(timeline, 1) == [1]
    assert closed_for_all(timeline, 2) == [0, 1]


def test_the_mask_of_dead_units_is_that_of_all_rows_and_not_of_the_batch() -> None:
    timeline = case("dead-relu-in-silence")
    timeline.goto("1:u1")
    mask = unit_states(timeline.moment())["u1"].dead
    batch = np.flatnonzero((timeline["u1"] <= 0).all(axis=0)).tolist()
    assert np.flatnonzero(mask).tolist() == closed_for_all(timeline, 1) == [1, 9]
    assert len(batch) == 4


# ── what stands still, grows, or stays the same ──────────────────────────────────────────────────────────────


def test_a_loss_that_stays_where_it_is_is_a_plateau() -> None:
    timeline = case("bipolar-xor-stuck")
    assert stopped(timeline) == [("300:E", (PLATEAU,))]
    timeline.goto("start")
    (symptom,) = timeline.run_on().symptoms
    losses = timeline.branch.losses_of(101, 300).reshape(2, 100)
    assert symptom.detail["mean"] == pytest.approx(np.mean(losses[1]))
    assert abs(np.mean(losses[0]) / np.mean(losses[1]) - 1) < 0.005
    assert symptom.detail["scale"] == pytest.approx(0.5)  # ½ Σ (0 − t)² for one row, t = ±1
    assert "from iteration 101 to 300" in symptom.text


def test_units_that_start_equal_stay_equal() -> None:
    timeline = case("all-ones-stay-equal")
    timeline.stops = HEALTH_STOPS
    found = [timeline.run_on() for _ in range(2)]
    assert [(str(each.position), each.stops) for each in found] == [
        ("1:W2_next", (Stop(IDENTICAL),)),
        ("1:W3_next", (Stop(IDENTICAL),)),
    ]
    assert [each.symptoms[0].units for each in found] == [(0, 1, 2), (0, 1, 2)]
    assert "3 of 3 units of z1 (layer 1) have the same W1, b1 and W2" in found[0].symptoms[0].text


def test_a_learning_rate_that_is_far_too_large_saturates_explodes_and_overflows() -> None:
    timeline = case("learning-rate-overflows")
    found = stopped(timeline)
    assert found[:4] == [
        ("2:u1", ("saturated units",)),
        ("2:dW2", (EXPLODING,)),
        ("2:dW1", (VANISHING,)),
        ("41:E", (NON_FINITE,)),
    ]
    (lost,) = (each for each in health_of(timeline) if each.kind == NOT_FINITE)
    assert (lost.first, lost.symbol, lost.now) == (41, "E", True)
    assert {each.kind for each in health_of(timeline)} == {SATURATED["sigmoid"], EXPLODING, VANISHING, NOT_FINITE}


# ── no false alarms ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["zero-row-does-not-vanish", "xor-in-order-does-not-vanish"])
def test_a_row_of_zeros_makes_no_gradient_vanish(name: str) -> None:
    timeline = case(name)
    assert stopped(timeline) == []
    last = timeline.course.iterations
    for most in (last, max(1, last // 2), max(1, last // 4)):
        assert trends(Timeline(timeline.scenario), 1, last, most=most).onsets == ()
    assert not any(each.alarm for each in health_of(timeline))


@pytest.mark.parametrize("name", RUNNABLE)
def test_healthy_runs_are_left_alone(name: str) -> None:
    timeline = Timeline(load(name))
    found = stopped(timeline)
    if name == "sgd-regression-wide":  # it is there to diverge
        assert found[0] == ("5:db2", (EXPLODING,))
        return
    if name == "xor-stuck":  # it is there to be stuck
        assert {at for at, _ in found} == {"10:l1.1", "12:l1.1", "250:E"}
        assert found[-1] == ("250:E", (PLATEAU,))
        return
    assert found == []
    assert not any(each.alarm for each in health_of(timeline))


def test_iterations_that_are_looked_at_do_not_fall_in_step_with_the_batches() -> None:
    found = trends(case("xor-in-order-does-not-vanish"), 1, 400, most=100)
    rows = np.bincount((found.iterations - 1) % 4, minlength=4)
    assert rows.min() > 15


# ── the same from either side ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["dead-relu-in-silence", "relu-dies", "learning-rate-overflows"])
def test_searching_back_finds_what_searching_on_finds(name: str) -> None:
    timeline = case(name)
    found = stopped(timeline)
    assert stopped(timeline, -1) == found[::-1]
    fresh = Timeline(timeline.scenario, history_bytes=0)
    fresh.goto("end")
    assert stopped(fresh, -1) == found[::-1]


def test_what_began_is_on_record_where_a_search_has_passed() -> None:
    timeline = case("dead-relu-in-silence")
    begins, finished = timeline.survey(1, 20)
    assert finished
    assert str(timeline.position) == "start"
    alarms = [each for each in begins if each.symptom.alarm]
    assert [(str(timeline.course.at(each.iteration, each.step)), each.symptom.kind) for each in alarms] == [
        ("2:dW2", EXPLODING),
        ("3:u1", DEAD),
        ("4:u1", DEAD),
        ("13:u1", DEAD),
    ]
    assert begins[0] == Begin(1, timeline.course.parse("1:u1").step, begins[0].symptom)
    assert (begins[0].symptom.units, begins[0].symptom.alarm) == ((1, 9), False)
