"""Claims about the check of random nets and graphs: they pass."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine.analysis.verdicts import as_json
from tests.engine.analysis.test_gradcheck import checked, scaled, verdicts
from tests.strategies import layered, scenario_of, scenarios


@given(scenarios())
@settings(max_examples=120, deadline=None)
def test_random_nets_and_graphs_pass(text: str) -> None:
    result = checked(scenario_of(text))
    assert result.passed or not result.size, [m.elements[0] for m in result.matrices if not m.passed]
    assert result.finished
    json.dumps(as_json(result))


@given(layered(activations=("relu", "step"), epsilon=True), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_random_nets_at_their_kinks_pass(text: str, seed: int) -> None:
    """Every parameter and number of the data is 0, ±½ or ±1, so that many sums are exactly 0."""
    generator = np.random.default_rng(seed)
    scenario = scenario_of(text)
    start = {
        name: generator.integers(-2, 3, array.shape) / 2 if array.shape else array
        for name, array in scenario.program.start.items()
    }
    result = checked(scenario.with_program(replace(scenario.program, start=start)))
    assert result.passed, [m.elements[0] for m in result.matrices if not m.passed]


UNNORMALISED = """
format = 1
title = "inputs that nobody normalised: over h the loss bends sharply"
[data]
x = [[31000.0, -2500.0], [120.0, 9000.0], [-400.0, 60000.0]]
t = [[1.0, 0.0], [0.0, 1.0], [0.5, -1.0]]
[[layer]]
kind = "affine"
W = [[2.1e-5, -1.3e-5, 3e-5], [1.7e-5, 2.2e-5, -0.9e-5]]
b = [0.2, -0.1, 0.3]
[[layer]]
kind = "tanh"
[[layer]]
kind = "affine"
W = [[0.5, 0.3], [-0.8, 1.1], [0.2, 0.9]]
b = [0.0, 0.1]
[[layer]]
kind = "sigmoid"
[loss]
kind = "squared_error"
"""


def test_a_step_too_large_for_the_loss_is_made_smaller() -> None:
    result = checked(scenario_of(UNNORMALISED))
    assert set(verdicts(result).values()) == {"agrees"}
    worst = result.matrices[0].elements[0]
    assert worst.relative > 0.01  # the plain difference says nothing here
    assert worst.refined == pytest.approx(worst.backprop, rel=1e-5)
    assert not checked(scaled(scenario_of(UNNORMALISED), "dW1", 1.001)).passed
