"""Backpropagation gives the derivatives, and where a scenario asks for something else the program says so.

The derivatives are estimated by central differences, from nothing but the forward pass.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.data.batches import Batches
from gradstep.engine.machine.frame import Frame
from gradstep.engine.machine.layout import State
from gradstep.engine.machine.run import Machine
from gradstep.engine.scenario.scenario import Scenario
from tests.strategies import SMOOTH, graphs, layered, scenario_of, scenarios
from tests.walks import RUNNABLE

H = 1e-5  # truncation is about H² times the third derivative, rounding about 1e-16 / H


# ── central differences ──────────────────────────────────────────────────────────────────────────────────────


def forward(scenario: Scenario, state: State) -> dict[str, Array]:
    """Every value of the first iteration's forward pass and loss, begun from `state`."""
    machine = Machine(scenario.program, Batches(scenario.dataset, scenario.draw))
    frame = Frame(machine, 1, state)
    steps = sum(step.phase in ("draw", "forward", "loss") for step in scenario.program.steps)
    return dict(frame.at(steps))


def objective(scenario: Scenario, values: dict[str, Array]) -> float:
    """The number that is differentiated: the loss, or without one the output (the sum of its elements)."""
    return float(values[scenario.program.loss].sum())


def bends(scenario: Scenario, values: dict[str, Array]) -> list[bytes]:
    """On which side of its kink every element of every ReLU and step is."""
    kinked = [step for step in scenario.program.steps if step.operation.name in ("relu", "step")]
    return [np.sign(values[step.operands[0]]).tobytes() for step in kinked]


def estimated(scenario: Scenario, name: str, index: tuple[int, ...]) -> tuple[float | None, float]:
    """∂/∂(one element), None where a kink lies within H; and the size of what was subtracted."""
    sides, places = [], []
    for shift in (H, -H):
        state = {symbol: array.copy() for symbol, array in scenario.program.start.items()}
        state[name][index] += shift
        values = forward(scenario, state)
        sides.append(objective(scenario, values))
        places.append(bends(scenario, values))
    size = max(map(abs, sides))
    return ((sides[0] - sides[1]) / (2 * H) if places[0] == places[1] else None), size


def differences(scenario: Scenario) -> list[tuple[str, float, float]]:
    """Element, gradient by the program, and by differences, wherever the two disagree."""
    timeline = Timeline(scenario)
    timeline.goto("1")
    wrong = []
    for name in scenario.program.start:
        gradient = scenario.program.gradient_of(name)
        if gradient is None:
            assert name == "learning_rate", f"{name} has no gradient"
            continue
        for index in np.ndindex(scenario.program.symbols[name].shape):
            expected, size = estimated(scenario, name, index)
            found = float(timeline[gradient][index])
            if expected is not None and abs(found - expected) > 1e-7 * (1 + size) + 1e-6 * abs(expected):
                wrong.append((f"{gradient}{index}", found, expected))
    return wrong


def tame(scenario: Scenario) -> bool:
    """Whether no value is so large that differences of it mean nothing (products of products of sums grow fast)."""
    return all(abs(array).max() < 100 for array in forward(scenario, scenario.program.start).values())


@given(layered(epsilon=False))
@settings(max_examples=150, deadline=None)
def test_backpropagation_through_layers_agrees_with_central_differences(text: str) -> None:
    scenario = scenario_of(text)
    assume(tame(scenario))
    assert differences(scenario) == []


@given(graphs())
@settings(max_examples=200, deadline=None)
def test_backpropagation_through_graphs_agrees_with_central_differences(text: str) -> None:
    scenario = scenario_of(text)
    assume(tame(scenario))
    assert differences(scenario) == []


@given(layered(activations=SMOOTH, epsilon=True))
@settings(max_examples=30, deadline=None)
def test_epsilon_changes_the_shown_loss_and_no_gradient(text: str) -> None:
    values = [last_values(scenario_of(changed)) for changed in (text, _without_epsilon(text))]
    for name in values[0].keys() - {"E"}:
        assert values[0][name].tobytes() == values[1][name].tobytes(), name


def _without_epsilon(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("epsilon"))


def last_values(scenario: Scenario) -> dict[str, Array]:
    """Every value at the end of the first iteration."""
    timeline = Timeline(scenario)
    timeline.goto("1")
    return timeline.values()


# ── values used several times ────────────────────────────────────────────────────────────────────────────────


@given(scenarios())
@settings(max_examples=150, deadline=None)
def test_the_gradient_of_a_shared_value_is_the_sum_of_its_parts(text: str) -> None:
    scenario = scenario_of(text)
    program, values = scenario.program, last_values(scenario)
    for name in program.symbols:
        parts = [part.name for part in program.symbols.values() if (part.role, part.of) == ("contribution", name)]
        if not parts:
            continue
        gradient = program.gradient_of(name)
        assert gradient is not None
        np.testing.assert_allclose(values[gradient], sum(values[part] for part in parts), rtol=1e-12, atol=1e-12)
        uses = sum(step.operands.count(name) for step in program.steps if step.phase == "forward")
        assert 2 <= len(parts) <= uses  # fewer where a use does not bear on the output


SHARED = """
format = 1
title = "a value used three times"
[parameters]
a = [2.0, -3.0]
s = 4.0
[[node]]
name = "square"
kind = "multiply"
inputs = ["a", "a"]
[[node]]
name = "scaled"
kind = "multiply"
inputs = ["square", "s"]
[[node]]
name = "f"
kind = "add"
inputs = ["scaled", "a"]
"""


def test_a_value_used_by_one_node_twice_and_by_another_once_gets_three_parts() -> None:
    timeline = Timeline(scenario_of(SHARED))  # f = s a² + a
    timeline.goto("1")
    assert timeline["da"].tolist() == [17.0, -23.0]  # 2 s a + 1
    assert timeline["ds"] == 13.0  # Σ a²
    parts = [name for name in timeline.values() if name.startswith("da_from_")]
    assert [timeline[name].tolist() for name in parts] == [[1.0, 1.0], [8.0, -12.0], [8.0, -12.0]]


# ── derivatives that are not those of the forward pass ───────────────────────────────────────────────────────

U, DZ = np.array([[-1.5, -0.2, 0.0, 0.4, 2.0]]), np.array([[1.0, -2.0, 3.0, 0.5, -0.25]])

PHI = {
    "sigmoid": lambda v: 1 / (1 + np.exp(-v)),
    "relu": lambda v: np.where(v > 0, v, 0.0),
    "tanh": np.tanh,
    "identity": lambda v: v,
    "step": lambda v: np.where(v > 0, 1.0, 0.0),
}
SLOPE = {
    "sigmoid": lambda v: PHI["sigmoid"](v) * (1 - PHI["sigmoid"](v)),
    "relu": lambda v: np.where(v > 0, 1.0, 0.0),
    "tanh": lambda v: 1 - np.tanh(v) ** 2,
    "identity": np.ones_like,
    "step": np.zeros_like,
}


def activated(kind: str, extra: str = "") -> Scenario:
    """One activation on u1 = U whose output's gradient is DZ."""
    t = PHI[kind](U) - DZ
    return scenario_of(
        f"""
format = 1
title = "{kind}"
[data]
x = {U.tolist()}
t = {t.tolist()}
[[layer]]
kind = "affine"
W = {np.eye(5).tolist()}
b = {[0.0] * 5}
[[layer]]
kind = "{kind}"
{extra}
[loss]
kind = "squared_error"
"""
    )


def delta_and_notes(scenario: Scenario) -> tuple[Array, list[str]]:
    timeline = Timeline(scenario)
    timeline.goto("1")
    return timeline["delta1"], [step.note for step in scenario.program.steps if step.note]


@pytest.mark.parametrize("kind", PHI)
def test_an_activation_has_its_own_derivative_and_no_mark(kind: str) -> None:
    delta, notes = delta_and_notes(activated(kind))
    np.testing.assert_allclose(delta, DZ * SLOPE[kind](U), rtol=1e-12, atol=1e-16)
    assert notes == []


@pytest.mark.parametrize("place", ["input", "output"])
@pytest.mark.parametrize("derivative", PHI)
@pytest.mark.parametrize("kind", PHI)
def test_another_derivative_is_what_it_says_and_is_marked_unless_it_is_the_true_one(
    kind: str, derivative: str, place: str
) -> None:
    scenario = activated(kind, f'derivative = "{derivative}"\nderivative_at = "{place}"')
    delta, notes = delta_and_notes(scenario)
    taken_at = U if place == "input" else PHI[kind](U)
    np.testing.assert_allclose(delta, DZ * SLOPE[derivative](taken_at), rtol=1e-12, atol=1e-16)
    # ReLU's may be taken at its output: z > 0 exactly where u > 0. Those of identity and step are taken nowhere.
    true = kind == derivative and (place == "input" or kind in ("relu", "identity", "step"))
    assert bool(notes) != true
    if notes:
        (marked,) = [step for step in scenario.program.steps if step.note]
        assert (marked.symbol, marked.phase) == ("delta1", "backward")
        assert "not the derivative of the forward pass" in marked.note


@pytest.mark.parametrize("kind", PHI)
def test_every_place_that_claims_to_be_true_is(kind: str) -> None:
    """No mark means the same numbers as without the keys; a mark means that some input tells the two apart."""
    own, _ = delta_and_notes(activated(kind))
    for derivative in PHI:
        for place in ("input", "output"):
            delta, notes = delta_and_notes(activated(kind, f'derivative = "{derivative}"\nderivative_at = "{place}"'))
            same = np.allclose(delta, own, rtol=1e-12, atol=1e-16)
            assert same or notes, (derivative, place)
            assert not same or not notes, (derivative, place)


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_nothing_flows_back_through_a_step(data: Any) -> None:
    text = data.draw(layered(activations=("step",), epsilon=False))
    scenario = scenario_of(text)
    values = last_values(scenario)
    for step in scenario.program.steps:
        if step.operation.name == "step_gradient":
            assert not values[step.symbol].any()


def test_the_bundled_scenario_as_printed_marks_its_wrong_delta_and_no_other_step() -> None:
    for name in RUNNABLE:
        marked = [step.symbol for step in load_scenario(name).program.steps if step.note]
        assert marked == (["delta1"] if name == "sgd-regression-as-printed" else []), name
