"""What a run is said to show depends on nothing but its values, and is what looking at all rows shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Scenario, Timeline
from gradstep.engine.analysis.health import health_of, symptoms_of, unit_states
from gradstep.engine.health.plateau import Plateau
from gradstep.engine.health.record import Record
from gradstep.engine.health.symptoms import DEAD, IDENTICAL, PLATEAU, VANISHING, Symptom
from gradstep.engine.stops.stops import HEALTH_STOPS, Stop
from tests.strategies import scenario_of, scenarios

pytestmark = pytest.mark.filterwarnings("error")

Moments = list[tuple[str, tuple[str, ...]]]


@contextmanager
def small() -> Iterator[None]:
    """Fewer iterations between checkpoints and before a symptom begins anew, so that a short run has some of both."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gradstep.engine.timeline.checkpoints.FIRST_STRIDE", 4)
        patch.setattr("gradstep.engine.timeline.search.STRETCH", 3)
        patch.setattr("gradstep.engine.health.monitor.QUIET", 2)
        patch.setattr("gradstep.engine.health.monitor.IN_TURN", 2)
        patch.setattr("gradstep.engine.health.plateau.PLATEAU_LEAST", 4)
        patch.setattr("gradstep.engine.health.plateau.PLATEAU_EPOCHS", 2)
        yield


def through(timeline: Timeline, direction: int) -> Moments:
    """Where the stops on health stop, from the cursor to an end of the run."""
    found: Moments = []
    while True:
        hit = timeline.run_on() if direction > 0 else timeline.run_back()
        if not hit.stops:
            return found
        assert len(hit.symptoms) >= len(hit.stops)
        found.append((str(hit.position), tuple(stop.kind for stop in hit.stops)))


@given(scenarios(iterations=40), st.sampled_from([0, 2048, 64 * 2**20]), st.data())
@settings(max_examples=60, deadline=None)
def test_from_both_ends_and_from_anywhere_symptoms_begin_at_the_same_steps(
    text: str, budget: int, data: st.DataObject
) -> None:
    with small():
        timeline, other = (Timeline(scenario_of(text), history_bytes=budget) for _ in range(2))
        for each in (timeline, other):
            each.stops = HEALTH_STOPS
        found = through(timeline, +1)
        before_end = [each for each in found if timeline.course.parse(each[0]) < timeline.course.end]
        assert through(timeline, -1) == before_end[::-1]
        iteration = data.draw(st.integers(1, other.course.iterations))
        here = other.course.at(iteration, data.draw(st.integers(0, other.course.length(iteration))))
        other.goto(here)
        assert through(other, +1) == [each for each in found if other.course.parse(each[0]) > here]
        other.goto(here)
        assert through(other, -1) == [each for each in found if other.course.parse(each[0]) < here][::-1]


DRAWS = ("in_order", "with_replacement", "without_replacement")


def relus(seed: int, draw: str, batch: int, rate: float, deep: bool) -> Scenario:
    hidden = '[[layer]]\nkind = "affine"\nunits = 5\nbias_init = "normal"\n[[layer]]\nkind = "relu"\n'
    return scenario_of(f"""
format = 1
title = "ReLUs that may die"
[data]
generate = "3*x0 - 2*x1"
inputs = 2
samples = 24
low = -1
high = 3
{hidden * (2 if deep else 1)}
[[layer]]
kind = "affine"
units = 1
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = {rate}
[training]
iterations = 30
draw = "{draw}"
batch = {batch}
seed = {seed}
""")


def dead_by_looking(timeline: Timeline, layers: int) -> list[list[int]]:
    """For each layer the units that no row of the data opens, with the weights at the cursor, row by row."""
    data = timeline.scenario.dataset
    assert data is not None
    opened = [np.zeros(5, dtype=bool) for _ in range(layers)]
    for row in data.x:
        z = row
        for layer in range(layers):
            u = np.array([sum(z * column) for column in timeline[f"W{layer + 1}"].T]) + timeline[f"b{layer + 1}"]
            opened[layer] |= u > 0
            z = np.where(u > 0, u, 0.0)
    return [np.flatnonzero(~each).tolist() for each in opened]


@given(
    st.integers(0, 99),
    st.sampled_from(DRAWS),
    st.integers(1, 6),
    st.sampled_from([0.01, 0.1, 0.3]),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_a_unit_is_dead_if_no_row_of_the_data_opens_it(
    seed: int, draw: str, batch: int, rate: float, deep: bool
) -> None:
    timeline = Timeline(relus(seed, draw, batch, rate, deep))
    layers = 2 if deep else 1
    known: list[set[int]] = [set() for _ in range(layers)]
    timeline.survey(1, 30)
    begun = {(each.iteration, each.symptom.symbol): each.symptom for each in timeline.branch.begins(30)}
    for iteration in range(1, 31):
        timeline.goto(str(iteration))
        if not all(np.isfinite(value).all() for value in timeline.values().values()):
            return
        states = unit_states(timeline.moment())
        for layer, dead in enumerate(dead_by_looking(timeline, layers)):
            symbol = f"u{layer + 1}"
            closed = np.flatnonzero((timeline[symbol] <= 0).all(axis=0)).tolist()
            expected = [unit for unit in dead if unit in closed]
            assert np.flatnonzero(states[symbol].dead).tolist() == expected
            symptom = begun.get((iteration, symbol))
            if not {*expected} <= known[layer]:
                assert symptom is not None
                assert list(symptom.units) == expected
                assert symptom.alarm == (3 * len(expected) >= 5)
            known[layer] |= {*expected}


SILENT = """
format = 1
title = "two of three units are closed for all rows but one"
data = {x = [[1.0], [2.0], [3.0], [9.0]], t = [[1.0], [0.0], [1.0], [0.0]]}
layer = [
    {kind = "affine", W = [[1.0, 1.0, 1.0]], b = [0.0, -8.0, -8.5]},
    {kind = "relu"},
    {kind = "affine", W = [[0.1], [0.1], [0.1]], b = [0.0]},
]
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 1e-9}
training = {iterations = 40, draw = "in_order", batch = 1}
"""


def test_a_unit_that_one_row_opens_is_alive_until_that_row_is_changed() -> None:
    timeline = Timeline(scenario_of(SILENT))
    timeline.stops = HEALTH_STOPS
    assert through(timeline, +1) == []
    timeline.goto("4:x")
    timeline.edit("x[0,0]", 4.0)  # the one that opens them
    found = through(timeline, +1)
    assert found == [("5:u1", ("dead ReLU",))]
    assert [each.units for each in health_of(timeline) if each.kind == DEAD] == [(1, 2)]
    assert through(timeline, -1) == found[::-1]


def test_the_stop_that_is_switched_off_does_not_stop() -> None:
    timeline = Timeline(scenario_of(SILENT.replace("[9.0]", "[4.0]")))
    timeline.stops = [stop for stop in HEALTH_STOPS if stop.kind != DEAD]
    assert through(timeline, +1) == []
    timeline.goto("start")
    timeline.stops = (Stop(DEAD),)
    assert through(timeline, +1) == [("1:u1", ("dead ReLU",))]


# ── a badge ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_in_the_middle_of_an_iteration_a_badge_says_what_the_one_before_showed() -> None:
    timeline = Timeline(scenario_of(SILENT.replace("[9.0]", "[4.0]")))
    timeline.goto("3")
    while timeline.step() and timeline.position.iteration == 4:
        (found,) = health_of(timeline)
        assert (found.kind, found.units, found.now) == (DEAD, (1, 2), True)
    timeline.goto("start")
    assert health_of(timeline) == ()


def test_a_badge_replays_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    timeline = Timeline(scenario_of(SILENT.replace("[9.0]", "[4.0]")))
    timeline.goto("39")
    timeline.moment()
    with monkeypatch.context() as patch:
        patch.delattr("gradstep.engine.machine.run.Run.advance")
        (found,) = health_of(timeline)
    assert (found.first, found.exact) == (39, False)  # nobody has looked before
    timeline.survey(1, 39)
    (found,) = health_of(timeline)
    assert (found.first, found.exact, dict(found.since)) == (1, True, {1: 1, 2: 1})


# ── units that stay equal ────────────────────────────────────────────────────────────────────────────────────

EQUAL = """
format = 1
title = "two equal units among four"
data = {x = [[1.0, 2.0]], t = [[1.0]]}
layer = [
    {kind = "affine", W = [[0.5, 0.1, 0.5, 0.5], [0.2, 0.3, 0.2, 0.2]], b = [0.0, 0.0, 0.0, 0.0]},
    {kind = "tanh"},
    {kind = "affine", W = [[0.1], [0.1], [0.1], [0.3]], b = [0.0]},
]
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 0.1}
training = {iterations = 50}
"""


def test_units_are_identical_if_what_comes_in_and_what_goes_out_is_the_same() -> None:
    timeline = Timeline(scenario_of(EQUAL))
    timeline.goto("1")
    (symptom,) = symptoms_of(timeline.moment())
    assert (symptom.kind, symptom.units, symptom.of) == (IDENTICAL, (0, 2), 4)  # the last one goes out otherwise


def test_an_edit_makes_units_identical_or_tells_them_apart() -> None:
    timeline = Timeline(scenario_of(EQUAL))
    timeline.stops = HEALTH_STOPS
    assert through(timeline, +1) == [("1:W2_next", (IDENTICAL,))]
    timeline.goto("20")
    timeline.edit("W1_next[0,0]", 0.9)
    assert through(timeline, +1) == []
    assert not any(each.now for each in health_of(timeline))
    for row in range(2):
        timeline.goto("30")
        timeline.edit(f"W1_next[{row},0]", float(timeline["W1_next"][row, 1]))
    timeline.edit("b1_next[0]", float(timeline["b1_next"][1]))
    timeline.edit("W2_next[0,0]", float(timeline["W2_next"][1, 0]))
    assert through(timeline, +1) == [("31:W2_next", (IDENTICAL,))]


# ── plateaus ─────────────────────────────────────────────────────────────────────────────────────────────────


def classes(reduction: str, more: str = "") -> Plateau:
    kind = f'kind = "squared_error", reduction = "{reduction}"' if reduction else 'kind = "softmax_cross_entropy"'
    loss = f"{{{kind}{more}}}"
    machine = Timeline(
        scenario_of(f"""
format = 1
title = "three rows of one class, one of the other"
data = {{x = [[0.0], [1.0], [2.0], [3.0]], t = [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]}}
layer = [{{kind = "affine", W = [[0.0, 0.0]], b = [0.0, 0.0]}}]
loss = {loss}
optimizer = {{kind = "sgd", learning_rate = 0.0}}
training = {{iterations = 300, draw = "in_order", batch = 2}}
""")
    ).branch.machine
    return Plateau(machine.program, machine.batches)


def test_the_best_constant_output_is_the_mean_of_the_targets() -> None:
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    squared = 0.5 * 2 * (3 * 0.25**2 + 0.75**2) / 4  # of a row: two outputs that miss by the same
    assert classes("").constant_loss == pytest.approx(entropy)
    assert classes("mean").constant_loss == pytest.approx(squared)
    assert classes("sum").constant_loss == pytest.approx(2 * squared)  # a batch has two rows


def test_it_is_also_of_a_loss_of_several_steps() -> None:
    for reduction in ("sum", "mean"):
        one_step = classes(reduction).constant_loss
        assert classes(reduction, ", half = false").constant_loss == pytest.approx(2 * one_step)
        assert classes(reduction, ", l2 = 0.5").constant_loss == pytest.approx(one_step)  # of weights that are 0
    assert classes("", ", l1 = 0.5").constant_loss == pytest.approx(classes("").constant_loss)
    assert classes("mean_all").constant_loss == pytest.approx(classes("mean").constant_loss / 2)  # of two outputs


def test_a_plateau_is_flat_and_high_and_nothing_else() -> None:
    plateau = classes("mean")
    scale, noise = plateau.constant_loss, np.random.default_rng(0).standard_normal(200)
    turns = np.tile([0.2, 1.8], 100)  # rows that differ, in turn
    for losses in (np.ones(200), turns, 1 + 1e-5 * noise):
        assert plateau.there(lambda first, last, losses=losses: scale * losses[first - 1 : last], 200) is not None
    falling, low, noisy = np.linspace(1.0, 0.9, 200), np.full(200, 0.4), 1 + 0.3 * noise
    for losses in (falling, low, noisy, falling[::-1], np.full(200, np.nan), np.full(200, np.inf)):
        assert plateau.there(lambda first, last, losses=losses: scale * losses[first - 1 : last], 200) is None
    assert plateau.there(lambda first, last: np.ones(last - first + 1), 199) is None


def test_a_net_that_does_not_train_is_on_no_plateau() -> None:
    timeline = Timeline(scenario_of(EQUAL.replace("learning_rate = 0.1", "learning_rate = 0.0").replace("50}", "300}")))
    timeline.stops = (Stop(PLATEAU),)
    assert through(timeline, +1) == [("200:E", (PLATEAU,))]  # it is trained, if by nothing
    still = EQUAL.replace('optimizer = {kind = "sgd", learning_rate = 0.1}\n', "").replace("50}", "300}")
    timeline = Timeline(scenario_of(still))
    timeline.stops = HEALTH_STOPS
    assert through(timeline, +1) == []


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────


@given(st.permutations(range(1, 13)), st.integers(1, 12))
def test_a_record_knows_which_iterations_were_looked_at_in_whichever_order(order: list[int], count: int) -> None:
    record = Record()
    symptom = Symptom(VANISHING, "dW1", 1, 1, 1)
    for iteration in order[:count]:
        record.note(iteration, [(2, symptom)] if iteration % 3 == 0 else [])
    assert [i for i in range(14) if record.looked_at(i)] == sorted(order[:count])
    assert [each.iteration for each in record.begins(2, 10)] == sorted(i for i in order[:count] if i in (3, 6, 9))
