"""Claims about symptoms in random scenarios, far away in a run, and in a search that is stopped."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.health import symptoms_of, unit_states
from gradstep.engine.analysis.trends import TrendsError, trends
from gradstep.engine.health.anatomy import activations_of
from gradstep.engine.health.symptoms import DEAD, NOT_FINITE, SYMPTOMS
from tests.engine.analysis.test_health import HIDDEN, loaded, net, no_warnings
from tests.strategies import layered, scenario_of, scenarios
from tests.walks import bits

# ── random scenarios ─────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=60, deadline=None)
@given(scenarios(iterations=6), st.floats(0, 1), st.floats(0, 1))
def test_symptoms_are_what_the_values_say(text: str, where: float, step: float) -> None:
    scenario = scenario_of(text)
    timeline = Timeline(scenario)
    iteration = 1 + int(where * (scenario.course.iterations - 1))
    timeline.goto(f"{iteration}:{round(step * timeline.course.length(iteration))}")
    before = bits(timeline.values())
    with no_warnings():
        found = symptoms_of(timeline.moment())
    assert bits(timeline.values()) == before
    assert [SYMPTOMS.index(s.kind) for s in found] == sorted(SYMPTOMS.index(s.kind) for s in found)
    assert len({(s.kind, s.symbol) for s in found}) == len(found)
    for symptom in found:
        value = timeline[symptom.symbol]
        assert 1 <= symptom.count <= symptom.of
        assert symptom.text.endswith(".")
        assert symptom.text.count("\n") == 0
        hash(symptom)
        if symptom.kind == DEAD:
            table = value if value.ndim == 2 else value.reshape(1, -1)
            assert {*symptom.units} <= {j for j in range(table.shape[1]) if (table[:, j] <= 0).all()}
            assert 3 * symptom.count >= symptom.of
        elif symptom.kind == NOT_FINITE:
            assert symptom.count == np.count_nonzero(~np.isfinite(value))
    with no_warnings():
        states = unit_states(timeline.moment())
    for symbol, state in states.items():
        columns = timeline.program.symbols[symbol].shape
        assert state.dead.shape == state.saturated.shape == (columns[1] if len(columns) == 2 else math.prod(columns),)
        assert not (state.dead & state.saturated).any()


@settings(max_examples=40, deadline=None)
@given(scenarios(iterations=8), st.data())
def test_trends_are_the_norms_of_a_timelines_values_and_move_nothing(text: str, data: st.DataObject) -> None:
    scenario = scenario_of(text)
    timeline, other = Timeline(scenario), Timeline(scenario)
    count = scenario.course.iterations
    timeline.goto(str(data.draw(st.integers(1, count))))
    timeline.move("step", -data.draw(st.integers(0, 1)) or -1)
    _edit(timeline, other, data)
    first = data.draw(st.integers(1, count))
    last = data.draw(st.integers(first, count))
    most = data.draw(st.integers(1, 10))
    here, before, branch = timeline.position, bits(timeline.values()), timeline.branch
    with no_warnings():
        found = trends(timeline, first, last, most=most)
    assert (timeline.position, timeline.branch, bits(timeline.values())) == (here, branch, before)
    assert found.finished
    assert found.iterations[0] == first
    assert len(found.iterations) == min(most, last - first + 1) == len(found.symptoms)
    if most > 1:
        assert found.iterations[-1] == last
    for place, iteration in enumerate(found.iterations.tolist()):
        other.goto(str(iteration))
        assert found.symptoms[place] == symptoms_of(other.moment())
        for name, trend in found.parameters.items():
            gradient = scenario.program.gradient_of(name)
            assert gradient is not None
            with np.errstate(all="ignore"):
                update = other[f"{name}_next"] - other[name]
                expected = [length(array) for array in (other[gradient], update, other[name])]
                expected.append(np.divide(expected[1], expected[2]))
            shown = [array[place] for array in (trend.gradient, trend.update, trend.weight, trend.ratio)]
            np.testing.assert_allclose(shown, expected, rtol=1e-12, atol=1e-150)
            assert not trend.gradient.flags.writeable
    for each in found.onsets:
        places = [
            i
            for i, there in enumerate(found.symptoms)
            if (each.kind, each.symbol) in {(s.kind, s.symbol) for s in there}
        ]
        assert (each.first, each.last) == (found.iterations[places[0]], found.iterations[places[-1]])
        until = found.iterations.tolist().index(each.until)
        assert places[: until - places[0] + 1] == list(range(places[0], until + 1))
        assert until + 1 not in places
        assert each.times == len(places)


def test_the_norms_of_a_fork_are_its_own_where_its_edit_is_not_looked_at() -> None:
    timeline = Timeline(load_scenario("sgd-regression"))
    timeline.goto("521:E")
    timeline.edit("W1[0,0]", 50.0)
    found = trends(timeline, 1, 1000, most=60)
    assert 521 not in found.iterations
    straight = Timeline(timeline.scenario)
    straight.goto("521:E")
    straight.edit("W1[0,0]", 50.0)
    for place, iteration in enumerate(found.iterations.tolist()):
        straight.goto(str(iteration))
        assert found.parameters["W1"].weight[place] == pytest.approx(length(straight["W1"]), rel=1e-12)


def length(array: np.ndarray) -> float:
    """np.linalg.norm, and where that leaves double precision between the numbers and their root, math.hypot."""
    plain = float(np.linalg.norm(array))
    if 1e-140 < plain < 1e150 or not np.isfinite(array).all():
        return plain
    return math.hypot(*array.ravel())


def _edit(timeline: Timeline, other: Timeline, data: st.DataObject) -> None:
    """Perhaps a fork or two, of both timelines, by a value that may be ill."""
    for _ in range(data.draw(st.integers(0, 2))):
        name = data.draw(st.sampled_from(sorted(timeline.values())))
        shape = timeline[name].shape
        index = ",".join("0" for _ in shape)
        value = data.draw(st.sampled_from([0.0, -1000.0, 1e200, math.inf, math.nan]))
        other.goto(timeline.position)
        for each in (timeline, other):
            each.edit(f"{name}[{index}]" if shape else name, value)


@settings(max_examples=25, deadline=None)
@given(layered(iterations=4))
def test_every_u_belongs_to_its_activation(text: str) -> None:
    scenario = scenario_of(text)
    found = [(each.symbol, each.operation.name, each.operands) for each in activations_of(scenario.program)]
    nodes = [node for node in scenario.network.nodes if node.operation.derivative is not None]
    assert found == [(node.name, node.operation.name, node.inputs) for node in nodes]


# ── far away, and not to the end ─────────────────────────────────────────────────────────────────────────────


def test_a_range_that_history_covers_comes_out_the_same() -> None:
    scenario = loaded("mazur-2-2-2")
    fresh, walked = Timeline(scenario), Timeline(scenario)
    walked.goto("end")
    one, two = (trends(timeline, 3001, 9001, most=7) for timeline in (fresh, walked))
    assert one.iterations.tolist() == two.iterations.tolist() == list(range(3001, 9002, 1000))
    for name, trend in one.parameters.items():
        assert trend.gradient.tobytes() == two.parameters[name].gradient.tobytes()
        assert trend.ratio.tobytes() == two.parameters[name].ratio.tobytes()
    assert fresh.position == fresh.course.start
    assert walked.position == walked.course.end


@pytest.mark.parametrize("asked", [1, 3, 40])
def test_it_can_be_stopped(asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.engine.progress.PULSE", 0.0)  # asked whenever it could be
    timeline = Timeline(loaded("two-layer-digits"))
    timeline.goto("5:u2")
    here, before = timeline.position, bits(timeline.values())
    calls: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        calls.append((done, total))
        return len(calls) < asked

    found = trends(timeline, 10, 1500, progress, most=1000)
    assert not found.finished
    assert len(calls) == asked
    assert calls[0] == (0, 1491)
    assert calls == sorted(calls)
    assert len(found.iterations) == len(found.symptoms) < 1000
    assert all(len(trend.weight) == len(found.iterations) for trend in found.parameters.values())
    assert (timeline.position, bits(timeline.values())) == (here, before)
    again = trends(timeline, 10, 30)
    assert again.finished
    shared = min(len(found.iterations), 5)
    assert found.parameters["W1"].gradient[:shared].tolist() == [
        again.parameters["W1"].gradient[iteration - 10] for iteration in found.iterations[:shared]
    ]


def test_it_can_be_stopped_on_the_way_to_the_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.engine.progress.PULSE", 0.0)
    calls: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        calls.append((done, total))
        return len(calls) < 2

    timeline = Timeline(loaded("two-layer-digits"))
    found = trends(timeline, 1400, 1500, progress)
    assert (len(found.iterations), found.finished, found.onsets) == (0, False, ())
    assert calls == [(0, 101), (0, 101)]
    assert timeline.position == timeline.course.start


def test_progress_that_goes_on_changes_nothing() -> None:
    timeline = Timeline(loaded("two-layer-digits"))
    calls: list[int] = []
    found = trends(timeline, 1, 300, lambda done, total: calls.append(done) or True)
    assert found.finished
    assert len(found.iterations) == 200
    assert calls == sorted(calls)


@pytest.mark.parametrize(("first", "last", "most"), [(0, 1, 5), (2, 1, 5), (1, 21, 5), (1, 2, 0)])
def test_a_range_must_be_one(first: int, last: int, most: int) -> None:
    timeline = Timeline(scenario_of(net(HIDDEN.format("relu"))))
    with pytest.raises(TrendsError, match="expected a range within 1 to 20"):
        trends(timeline, first, last, most=most)
