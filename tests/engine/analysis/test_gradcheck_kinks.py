"""Claims about what keeps a central difference from being the gradient: ε, kinks, rounding."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from gradstep.engine.analysis.verdicts import Kink
from tests.engine.analysis.test_gradcheck import checked, kinked, loaded, scaled, verdicts
from tests.strategies import SMOOTH, layered, scenario_of


def test_a_shown_epsilon_is_named_after_the_exact_loss_was_seen_to_agree() -> None:
    result = checked(loaded("relu-softmax-2-3-2"))
    assert set(verdicts(result).values()) == {"epsilon"}
    for element in (element for matrix in result.matrices for element in matrix.elements):
        assert element.relative == pytest.approx(1e-7 / 0.91293423, rel=0.25)  # ε/(y + ε); truncation is 1e-8
        assert element.refined == pytest.approx(element.backprop, rel=1e-8)


@given(layered(activations=SMOOTH, epsilon=True))
@settings(max_examples=30, deadline=None)
def test_epsilon_is_the_only_thing_that_is_named_in_smooth_nets(text: str) -> None:
    result = checked(scenario_of(text))
    allowed = {"agrees", "epsilon"} if "epsilon = 1e-07" in text or "epsilon = 0.125" in text else {"agrees"}
    assert set(verdicts(result).values()) <= allowed


def test_epsilon_excuses_no_wrong_gradient() -> None:
    result = checked(scaled(loaded("relu-softmax-2-3-2"), "dW1", 1.001))
    assert verdicts(result) == {"W1": "wrong", "b1": "epsilon", "W2": "epsilon", "b2": "epsilon"}
    assert not result.passed


@pytest.mark.parametrize("at", [0.0, 3e-5, -9e-5])
@pytest.mark.parametrize("kind", ["relu", "step"])
def test_a_kink_within_reach_is_named_with_its_layer_row_and_unit(kind: str, at: float) -> None:
    result = checked(kinked(kind, at))
    assert result.passed
    assert verdicts(result) == {"W1": "kink", "b1": "kink"}
    weights = result.matrices[0]
    assert weights.counts == {"kink": 1, "agrees": 3}
    (element, *_) = weights.elements
    assert element.index == (0, 1)
    assert element.kink == Kink(kind, "u1", "layer 1", (0, 1), at)
    assert element.refined == pytest.approx(element.backprop, rel=1e-8)


def test_beyond_reach_there_is_no_kink() -> None:
    assert verdicts(checked(kinked("relu", 1.5e-4))) == {"W1": "agrees", "b1": "agrees"}
    assert verdicts(checked(kinked("relu", 1.5e-4), h=1e-3)) == {"W1": "kink", "b1": "kink"}


def test_a_kink_excuses_no_wrong_gradient() -> None:
    scenario = kinked("relu", 3e-5)
    assert verdicts(checked(scaled(scenario, "dW1", 1.001))) == {"W1": "wrong", "b1": "kink"}
    result = checked(kinked("relu", 3e-5, 'derivative = "sigmoid"'))
    assert verdicts(result) == {"W1": "wrong", "b1": "wrong"}
    assert [[cause.symbol for cause in matrix.causes] for matrix in result.matrices] == [["delta1"], ["delta1"]]


def test_beside_an_epsilon_a_kink_is_named() -> None:
    text = """
format = 1
title = "both"
[data]
x = [[1.0]]
t = [[1, 0]]
[[layer]]
kind = "affine"
W = [[0.5, 1e-5]]
b = [0.0, 0.0]
[[layer]]
kind = "relu"
[[layer]]
kind = "affine"
W = [[0.5, 0.2], [-0.4, 0.3]]
b = [0.0, 0.0]
[loss]
kind = "softmax_cross_entropy"
epsilon = 0.1
"""
    weights = checked(scenario_of(text)).matrices[0]
    assert {element.index: element.verdict for element in weights.elements} == {(0, 0): "epsilon", (0, 1): "kink"}
