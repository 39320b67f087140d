"""Symptoms say what is so and nothing else, trends are the norms of what a timeline shows, and nothing moves."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
import pytest

from gradstep.engine import Scenario, Timeline, load_scenario
from gradstep.engine.analysis.health import Examiner, symptoms_of
from gradstep.engine.analysis.trends import Onset, trends
from gradstep.engine.health.anatomy import activations_of
from gradstep.engine.health.symptoms import (
    DEAD,
    EXPLODING,
    NOT_FINITE,
    PLATEAU,
    SATURATED,
    VANISHING,
    Symptom,
    norm,
    said,
)
from tests.strategies import scenario_of
from tests.walks import RUNNABLE

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


def examiner(scenario: Scenario) -> Examiner:
    machine = Timeline(scenario).branch.machine
    return Examiner(machine.program, machine.batches)


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
    assert not any(each.first == 1 for each in found.onsets)
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


def test_units_of_the_digits_that_are_closed_for_a_batch_are_no_symptom() -> None:
    scenario = loaded("two-layer-digits")
    timeline = Timeline(scenario)
    timeline.goto("1")
    assert sum((timeline["u1"] <= 0).all(axis=0)) > 1
    with no_warnings():
        assert trends(Timeline(scenario), 1, 60).onsets == ()


@pytest.mark.parametrize("name", RUNNABLE)
def test_those_that_learn_show_no_symptom(name: str) -> None:
    scenario = loaded(name)
    with no_warnings():
        found = trends(Timeline(scenario), 1, scenario.course.iterations, most=100)
    kinds = {each.kind for each in found.onsets}
    ill = {"sgd-regression-wide": {EXPLODING, NOT_FINITE}, "xor-stuck": {SATURATED["sigmoid"], PLATEAU, VANISHING}}
    assert kinds <= ill.get(name, set())


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
            "1 of 3 ReLU units of u1 (layer 1) is dead (1): u1 ≤ 0 for each of the 2 rows that can be drawn, so that"
            " the output is 0 and no gradient passes back. It is a symptom from 33% of a layer on."
        )
    assert at(scenario, "1:x") == ()
    found = trends(Timeline(scenario), 1, 20)
    assert [(o.kind, o.first, o.until, o.last, o.times) for o in found.onsets] == [(DEAD, 1, 20, 20, 20)]


def test_a_symptom_calls_its_symbols_as_it_is_told_to() -> None:
    timeline = Timeline(scenario_of(net(HIDDEN.format("relu"))))
    timeline.goto("1")
    (symptom,) = symptoms_of(timeline.moment())
    assert said(symptom, {"u1": "a"}.__getitem__) == symptom.text.replace("u1", "a") != symptom.text
    assert symptom.symbol == "u1"
    wide = Timeline(loaded("sgd-regression-wide"))
    wide.goto("6:dW1")
    (explosion,) = of_kind(symptoms_of(wide.moment()), EXPLODING)[:1]
    text = said(explosion, lambda symbol: f"<{symbol}>")
    assert "<W" in text
    assert not any(f" {name} " in text for name in ("W1", "W2", "b1", "b2"))


def test_a_unit_that_is_closed_for_the_only_row_there_is_is_dead() -> None:
    (symptom,) = at(scenario_of(net(HIDDEN.format("relu"), "[[1.0, 2.0]]", "[[1.0]]")), "1")
    assert (symptom.kind, symptom.units) == (DEAD, (1,))
    assert "u1 ≤ 0 for the only row there is" in symptom.text


def test_what_a_foreign_derivative_lets_through_is_not_called_stopped() -> None:
    foreign = HIDDEN.format('relu"\nderivative = "sigmoid')
    (symptom,) = at(scenario_of(net(foreign)), "1")
    assert (symptom.kind, symptom.units) == (DEAD, (1,))
    assert "no gradient" not in symptom.text
    activations = activations_of(loaded("sgd-regression-as-printed").program)
    assert [(a.operands[0], a.symbol, a.operation.name, bool(a.operation.note)) for a in activations] == [
        ("u1", "z1", "relu", True),
        ("u2", "y", "identity", False),
    ]


@pytest.mark.parametrize("kind", SATURATED)
def test_units_far_out_are_saturated(kind: str) -> None:
    (symptom,) = at(scenario_of(net(HIDDEN.format(kind))), "1")
    assert (symptom.kind, symptom.units) == (SATURATED[kind], (1,))
    assert (
        f"1 of 3 {kind} units of u1 (layer 1) is saturated (1): the derivative is below 1% of its maximum"
        in symptom.text
    )


@pytest.mark.parametrize(("kind", "slope"), [("sigmoid", lambda s: 4 * s * (1 - s)), ("tanh", lambda z: 1 - z * z)])
def test_saturation_begins_at_a_hundredth_of_the_largest_slope(kind: str, slope: Callable[[float], float]) -> None:
    scenario = scenario_of(net(affine("[[1.0], [0.0]]", "[0.0]", kind) + affine("[[1.0]]", "[0.0]", "identity")))
    phi = {"sigmoid": lambda u: 1 / (1 + math.exp(-u)), "tanh": math.tanh}[kind]
    for u in (*np.linspace(-8, 8, 321), 700.0, -700.0):
        values = {"u1": np.array([[u], [-800.0]])}
        expected = slope(phi(u)) < 0.01
        with no_warnings():
            assert bool(examiner(scenario).symptoms(values, 1, {})) == expected, u


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
    alone = examiner(scenario).symptoms(timeline.values(), 1, {})
    assert first.symbol not in [symptom.symbol for symptom in of_kind(alone, EXPLODING)]


# ── norms ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_norms_neither_overflow_nor_underflow() -> None:
    with no_warnings():
        assert norm(np.array([3e200, 4e200])) == pytest.approx(5e200)
        assert norm(np.array([[3e-200], [4e-200]])) == pytest.approx(5e-200)
        assert norm(np.zeros((2, 3))) == 0
        assert norm(np.array(-2.5)) == 2.5
        assert norm(np.array([1.0, -np.inf])) == np.inf
        assert math.isnan(norm(np.array([1.0, np.inf, np.nan])))
