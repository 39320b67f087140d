"""Symptoms say what is so and nothing else, trends are the norms of what a timeline shows, and nothing moves."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Scenario, Timeline, load_scenario
from gradstep.engine.analysis.health import (
    CLOSED,
    DEAD,
    EXPLODING,
    NOT_FINITE,
    SATURATED,
    SYMPTOMS,
    VANISHING,
    Anatomy,
    Symptom,
    activations_of,
    norm,
    symptoms_of,
)
from gradstep.engine.analysis.trends import Onset, TrendsError, trends
from tests.strategies import layered, scenario_of, scenarios
from tests.walks import RUNNABLE, bits

loaded = cache(load_scenario)


@contextmanager
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="warn"):
        warnings.simplefilter("error")
        yield


def at(scenario: Scenario, where: str) -> tuple[Symptom, ...]:
    timeline = Timeline(scenario)
    timeline.goto(where)
    with no_warnings():
        return symptoms_of(timeline.moment())


def of_kind(found: tuple[Symptom, ...], kind: str) -> list[Symptom]:
    return [symptom for symptom in found if symptom.kind == kind]


def onset(onsets: tuple[Onset, ...], kind: str, symbol: str) -> Onset:
    (found,) = (each for each in onsets if (each.kind, each.symbol) == (kind, symbol))
    return found


def net(layers: str, rows: str = "[[1.0, 2.0], [0.5, -1.0]]", targets: str = "[[1.0], [0.0]]", more: str = "") -> str:
    return f"""
format = 1
title = "a net"
[data]
x = {rows}
t = {targets}
{layers}
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 0.01
{more}
[training]
iterations = 20
"""


def affine(W: str, b: str, activation: str) -> str:
    return f'[[layer]]\nkind = "affine"\nW = {W}\nb = {b}\n[[layer]]\nkind = "{activation}"\n'


# ── the bundled scenarios ────────────────────────────────────────────────────────────────────────────────────


def test_the_wide_regression_explodes_and_then_is_not_finite() -> None:
    scenario = loaded("sgd-regression-wide")
    with no_warnings():
        found = trends(Timeline(scenario), 1, 100)
    explodes, overflows = onset(found.onsets, EXPLODING, "dW1"), onset(found.onsets, NOT_FINITE, "E")
    assert 1 < explodes.first <= explodes.until <= explodes.last < overflows.first < 20
    assert found.iterations.tolist() == list(range(1, 101))
    assert onset(found.onsets, NOT_FINITE, "W1").last == 100
    assert {each.kind for each in found.onsets if each.first == 1} <= {CLOSED}
    assert math.isfinite(found.parameters["W1"].gradient[overflows.first - 2])
    assert not math.isfinite(found.parameters["W1"].weight[-1])
    (here,) = (each for each in at(scenario, str(explodes.first)) if each.symbol == "dW1")
    assert here == explodes.symptom
    assert "layer 1" in here.text
    assert here.detail["gradient"] > 1e3 * here.detail["weights"]


def test_the_numbers_begin_where_the_timeline_stops_at_them() -> None:
    timeline = Timeline(loaded("sgd-regression-wide"))
    while True:
        position = timeline.run_on().position
        if timeline.what_became_non_finite():
            break
    first = next(each for each in trends(timeline, 1, 100).onsets if each.kind == NOT_FINITE)
    assert (first.first, first.symbol) == (position.iteration, position.symbol)


def test_mazurs_net_is_in_health_when_it_starts() -> None:
    scenario = loaded("mazur-2-2-2")
    for where in ("start", "1:u1", "1:E", "1", "2", "end"):
        assert at(scenario, where) == ()
    with no_warnings():
        found = trends(Timeline(scenario), 1, 10001)
    assert set(found.parameters) == {"W1", "W2"}  # its biases are frozen
    assert (len(found.iterations), found.sampled, found.finished) == (200, True, True)
    assert (found.iterations[0], found.iterations[-1]) == (1, 10001)
    assert 50 <= np.diff(found.iterations).min() <= np.diff(found.iterations).max() <= 51
    assert found.onsets == ()


def test_some_units_of_the_digits_are_dead_for_a_batch() -> None:
    scenario = loaded("two-layer-digits")
    with no_warnings():
        found = trends(Timeline(scenario), 1, 60)
    assert {each.kind for each in found.onsets} == {DEAD}
    symptom = found.symptoms[0][0]
    timeline = Timeline(scenario)
    timeline.goto("1")
    dead = [j for j in range(50) if (timeline["u1"][:, j] <= 0).all()]
    assert (symptom.symbol, symptom.count, symptom.of, list(symptom.units)) == ("u1", len(dead), 50, dead)
    assert symptom.text.startswith(
        f"{len(dead)} of 50 ReLU units of u1 (layer 1) are dead in this batch: u1 ≤ 0 in each of its 100 rows"
    )


@pytest.mark.parametrize("name", RUNNABLE)
def test_those_that_learn_neither_explode_nor_overflow(name: str) -> None:
    scenario = loaded(name)
    with no_warnings():
        found = trends(Timeline(scenario), 1, scenario.course.iterations, most=100)
    kinds = {each.kind for each in found.onsets}
    assert kinds.isdisjoint({EXPLODING, NOT_FINITE}) == (name != "sgd-regression-wide")
    assert DEAD not in kinds or name == "two-layer-digits"


# ── made to be ill ───────────────────────────────────────────────────────────────────────────────────────────


def test_in_a_deep_net_of_sigmoids_the_gradient_vanishes_on_its_way_to_layer_1() -> None:
    layers = affine("[[0.1, -0.2], [0.2, 0.1]]", "[0.0, 0.0]", "sigmoid") * 9 + affine(
        "[[0.3], [0.1]]", "[0.0]", "sigmoid"
    )
    found = at(scenario_of(net(layers)), "1")
    assert {symptom.kind for symptom in found} == {VANISHING}
    assert [symptom.symbol for symptom in found][:2] == ["dW1", "dW2"]
    assert (found[0].layer, found[0].iteration, found[0].count, found[0].of) == ("layer 1", 1, 4, 4)
    assert "The gradient of W1 (layer 1) is vanishing" in found[0].text
    assert "dW10" not in [symptom.symbol for symptom in found]
    assert found[0].detail["gradient"] < 1e-3 * min(found[0].detail["last"], found[0].detail["weights"])


def test_a_gradient_of_exactly_0_has_vanished() -> None:
    text = net(affine("[[1.0], [1.0]]", "[0.7]", "step") + affine("[[1.0]]", "[0.0]", "identity"))
    (symptom,) = at(scenario_of(text), "1")
    assert (symptom.kind, symptom.symbol) == (VANISHING, "dW1")
    assert "exactly 0" in symptom.text


HIDDEN = affine("[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]", "[0.5, -1000.0, 0.7]", "{}") + affine(
    "[[1.0], [1.0], [1.0]]", "[0.0]", "identity"
)


def test_a_relu_with_a_bias_of_minus_1000_is_dead() -> None:
    scenario = scenario_of(net(HIDDEN.format("relu"), more='frozen = ["W1", "b1"]'))
    for where in ("1:u1", "1", "20"):
        (symptom,) = at(scenario, where)
        assert (symptom.kind, symptom.symbol, symptom.units) == (DEAD, "u1", (1,))
        assert (symptom.count, symptom.of, symptom.detail["rows"]) == (1, 3, 2)
        assert symptom.text == (
            "1 of 3 ReLU units of u1 (layer 1) is dead in this batch: u1 ≤ 0 in each of its 2 rows, so that the output"
            " is 0 and no gradient passes back."
        )
    assert at(scenario, "1:x") == ()
    found = trends(Timeline(scenario), 1, 20)
    assert [(o.kind, o.first, o.until, o.last, o.times) for o in found.onsets] == [(DEAD, 1, 20, 20, 20)]


def test_a_symptom_calls_its_symbols_as_it_is_told_to() -> None:
    timeline = Timeline(scenario_of(net(HIDDEN.format("relu"))))
    timeline.goto("1")
    plain, named = symptoms_of(timeline.moment()), symptoms_of(timeline.moment(), {"u1": "a"}.__getitem__)
    assert [symptom.text for symptom in named] == [symptom.text.replace("u1", "a") for symptom in plain]
    assert [symptom.symbol for symptom in named] == ["u1"]
    wide = Timeline(loaded("sgd-regression-wide"))
    wide.goto("6:dW1")
    (explosion,) = of_kind(symptoms_of(wide.moment(), lambda symbol: f"<{symbol}>"), EXPLODING)[:1]
    assert "<W" in explosion.text
    assert not any(f" {name} " in explosion.text for name in ("W1", "W2", "b1", "b2"))


def test_of_one_row_it_is_said_that_the_unit_is_closed_for_it() -> None:
    (symptom,) = at(scenario_of(net(HIDDEN.format("relu"), "[[1.0, 2.0]]", "[[1.0]]")), "1")
    assert (symptom.kind, symptom.units) == (CLOSED, (1,))
    assert "is closed: u1 ≤ 0 for this one row" in symptom.text
    assert "dead" not in symptom.text


def test_what_a_foreign_derivative_lets_through_is_not_called_stopped() -> None:
    found = of_kind(at(loaded("sgd-regression-as-printed"), "1"), CLOSED)
    assert [symptom.symbol for symptom in found] == ["u1"]
    assert "no gradient" not in found[0].text
    activations = activations_of(loaded("sgd-regression-as-printed").network)
    assert [(a.inputs[0], a.name, a.operation.name, bool(a.operation.note)) for a in activations] == [
        ("u1", "z1", "relu", True),
        ("u2", "y", "identity", False),
    ]


@pytest.mark.parametrize("kind", SATURATED)
def test_units_far_out_are_saturated(kind: str) -> None:
    (symptom,) = at(scenario_of(net(HIDDEN.format(kind))), "1")
    assert (symptom.kind, symptom.units) == (SATURATED[kind], (1,))
    assert (
        f"1 of 3 {kind} units of u1 (layer 1) is saturated: the derivative is below 1% of its maximum" in symptom.text
    )


@pytest.mark.parametrize(("kind", "slope"), [("sigmoid", lambda s: 4 * s * (1 - s)), ("tanh", lambda z: 1 - z * z)])
def test_saturation_begins_at_a_hundredth_of_the_largest_slope(kind: str, slope: Callable[[float], float]) -> None:
    scenario = scenario_of(net(affine("[[1.0], [0.0]]", "[0.0]", kind)))
    phi = {"sigmoid": lambda u: 1 / (1 + math.exp(-u)), "tanh": math.tanh}[kind]
    for u in (*np.linspace(-8, 8, 321), 700.0, -700.0):
        values = {"u1": np.array([[u], [-800.0]])}
        expected = slope(phi(u)) < 0.01
        with no_warnings():
            assert bool(Anatomy(scenario.program, scenario.network).symptoms(values, 1, {})) == expected, u


def test_where_training_starts_at_zero_nothing_explodes() -> None:
    text = net(affine("[[0.0], [0.0]]", "[0.0]", "identity")).replace("0.01\n", "1e-7\n")
    with no_warnings():
        assert trends(Timeline(scenario_of(text)), 1, 20).onsets == ()


def test_growth_needs_the_iteration_before() -> None:
    scenario = loaded("sgd-regression-wide")
    timeline = Timeline(scenario)
    first = next(each for each in trends(timeline, 1, 20).onsets if each.kind == EXPLODING)
    assert "before" in first.symptom.detail
    assert "one iteration earlier" in first.symptom.text
    assert onset(trends(timeline, first.first, first.first).onsets, EXPLODING, first.symbol).symptom == first.symptom
    timeline.goto(str(first.first))
    alone = Anatomy(scenario.program, scenario.network).symptoms(timeline.values(), 1, {})
    assert first.symbol not in [symptom.symbol for symptom in of_kind(alone, EXPLODING)]
    timeline.goto("1")
    (alone,) = Anatomy(scenario.program, scenario.network).symptoms(timeline.values(), 1, {})
    assert (alone.kind, alone.iteration) == (CLOSED, 1)


# ── norms ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_norms_neither_overflow_nor_underflow() -> None:
    with no_warnings():
        assert norm(np.array([3e200, 4e200])) == pytest.approx(5e200)
        assert norm(np.array([[3e-200], [4e-200]])) == pytest.approx(5e-200)
        assert norm(np.zeros((2, 3))) == 0
        assert norm(np.array(-2.5)) == 2.5
        assert norm(np.array([1.0, -np.inf])) == np.inf
        assert math.isnan(norm(np.array([1.0, np.inf, np.nan])))


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
    kinds = {a.inputs[0]: a.operation.name for a in activations_of(scenario.network)}
    assert [SYMPTOMS.index(s.kind) for s in found] == sorted(SYMPTOMS.index(s.kind) for s in found)
    assert len({(s.kind, s.symbol) for s in found}) == len(found)
    for symptom in found:
        value = timeline[symptom.symbol]
        assert 1 <= symptom.count <= symptom.of
        assert symptom.text.endswith(".")
        assert symptom.text.count("\n") == 0
        hash(symptom)
        if symptom.kind in (DEAD, CLOSED):
            table = value if value.ndim == 2 else value.reshape(1, -1)
            assert symptom.units == tuple(j for j in range(table.shape[1]) if (table[:, j] <= 0).all())
            assert (symptom.kind == DEAD) == (len(table) > 1)
        elif symptom.kind == NOT_FINITE:
            assert symptom.count == np.count_nonzero(~np.isfinite(value))
    shown = {symptom.symbol for symptom in found if symptom.kind in (DEAD, CLOSED)}
    for symbol, kind in kinds.items():
        if kind == "relu" and symbol in before and symbol not in shown and timeline[symbol].ndim == 2:
            assert (timeline[symbol] > 0).any(axis=0).all()


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
    timeline.goto("520:E")
    timeline.edit("W1[0,0]", 50.0)
    found = trends(timeline, 1, 1000, most=60)
    assert 520 not in found.iterations
    straight = Timeline(timeline.scenario)
    straight.goto("520:E")
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
    for each in activations_of(scenario.network):
        step = scenario.program.steps[scenario.program.writers[each.name]]
        assert (step.operation.name, step.operands) == (each.operation.name, each.inputs)


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
