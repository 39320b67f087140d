"""Claims about optimizers: an entry is all there is to one, also where it keeps something of each parameter."""

from __future__ import annotations

import numpy as np
import pytest

from gradstep.engine import Scenario, Timeline, load_scenario
from gradstep.engine.analysis.explain import unrolled
from gradstep.engine.program.compiler import compile_program
from gradstep.engine.program.expression import Element, elements_of, evaluate
from gradstep.engine.program.losses import squared_error
from gradstep.engine.program.operation import Assignment
from gradstep.engine.program.operations.arithmetic import add, descend, multiply
from gradstep.engine.program.optimizers import LEARNING_RATE, Hyperparameter, Optimizer
from gradstep.engine.program.program import Role
from tests.walks import bits

RATE, MOMENTUM = 0.5, 0.9

HEAVY_BALL = Optimizer(
    "heavy ball",
    (LEARNING_RATE, Hyperparameter("momentum", "the share of the velocity that is kept", sign="μ")),
    (
        Assignment("kept_{p}", multiply, ("{v}", "momentum")),
        Assignment("{v}_next", add, ("kept_{p}", "d:{p}")),
        Assignment("{p}_next", descend, ("{p}", "{v}_next", "learning_rate")),
    ),
    state=("v",),
)


def trained(frozen: frozenset[str] = frozenset()) -> Scenario:
    """The 2-2-2 example with this optimizer."""
    scenario = load_scenario("mazur-2-2-2")
    rows = {name: scenario.program.symbols[name].shape for name in ("x", "t")}
    optimizer = HEAVY_BALL.using({"learning_rate": RATE, "momentum": MOMENTUM}, frozen)
    return scenario.with_program(compile_program(scenario.network, squared_error(), optimizer, rows))


def plain_loop(scenario: Scenario, iterations: int) -> dict[str, np.ndarray]:
    """The same in NumPy alone, by central differences of the loss: parameters and velocities afterwards."""
    assert scenario.dataset is not None
    x, t = scenario.dataset.x, scenario.dataset.t
    parameters = {name: scenario.program.start[name].copy() for name in ("W1", "b1", "W2", "b2")}
    velocities = {f"v_{name}": np.zeros(value.shape) for name, value in parameters.items()}

    def loss() -> float:
        z = 1 / (1 + np.exp(-(x @ parameters["W1"] + parameters["b1"])))
        y = 1 / (1 + np.exp(-(z @ parameters["W2"] + parameters["b2"])))
        return float(0.5 * np.sum((y - t) ** 2))

    def slope(array: np.ndarray, index: tuple[int, ...], h: float = 1e-5) -> float:
        before, sides = array[index], []
        for shift in (h, -h):
            array[index] = before + shift
            sides.append(loss())
        array[index] = before
        return (sides[0] - sides[1]) / (2 * h)

    for _ in range(iterations):
        gradients = {
            name: np.array([slope(array, at) for at in np.ndindex(*array.shape)]).reshape(array.shape)
            for name, array in parameters.items()
        }
        for name, array in parameters.items():
            velocities[f"v_{name}"] = MOMENTUM * velocities[f"v_{name}"] + gradients[name]
            np.subtract(array, RATE * velocities[f"v_{name}"], out=array)
    return parameters | velocities


def test_parameters_and_state_are_those_of_a_plain_loop() -> None:
    scenario = trained()
    timeline = Timeline(scenario)
    timeline.goto("25")
    for name, expected in plain_loop(scenario, 25).items():
        np.testing.assert_allclose(timeline[f"{name}_next"], expected, rtol=1e-6, atol=1e-9)


def test_state_begins_at_zero_is_carried_on_and_comes_back_with_every_walk() -> None:
    timeline = Timeline(trained())
    assert not timeline["v_W1"].any()
    timeline.goto("40")
    there = bits(timeline.values())
    timeline.goto("7:v_W2_next")
    timeline.goto("41:x")
    kept = timeline["v_b1"].tobytes()
    timeline.back()
    assert timeline["v_b1_next"].tobytes() == kept
    assert bits(timeline.values()) == there


def test_a_number_of_the_state_is_explained_and_set_by_its_labels_name() -> None:
    timeline = Timeline(trained())
    assert timeline.names.dressed_own("v_W1_next").endswith("⁺")
    assert timeline.names.label("v_W2_next", (0, 0)) == "v_w5⁺"
    assert timeline.names.resolve("v_w5").symbol == "v_W2"
    assert timeline.names.dressed("momentum") == "μ"
    timeline.goto("3")
    whole = unrolled(timeline, Element("W2_next", (0, 0)))
    assert whole is not None
    assert evaluate(whole, timeline.values().__getitem__) == pytest.approx(timeline["w5_next"], rel=1e-12)
    assert Element("v_W2", (0, 0)) in elements_of(whole)
    timeline.goto("2:E")
    timeline.edit("v_w5", 100.0)
    timeline.goto("2")
    assert timeline["w5_next"] == pytest.approx(timeline["w5"] - RATE * (MOMENTUM * 100 + timeline["dw5"]), rel=1e-12)


def test_a_frozen_parameter_has_no_state() -> None:
    program = trained(frozenset({"W1", "b1"})).program
    assert [each.name for each in program.symbols.values() if each.role is Role.STATE] == ["v_W2", "v_b2"]
    assert program.kept == {"W1_next", "b1_next"}
