"""Somebody's own backward pass: each line is what plain NumPy says it is, and the first wrong one is found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradstep.engine import ScenarioError, Timeline
from gradstep.engine.program.claims import Claim, Verdict, as_json, claims, first_wrong
from gradstep.engine.timeline.branches import ORIGINAL
from tests.strategies import scenario_of

X, T = [[0.1, 0.2], [0.4, -0.3], [0.7, 0.5]], [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
W1, B1 = [[0.1, -0.2], [0.3, 0.4]], [0.05, 0.1]
W2, B2 = [[0.5, -0.6], [0.7, 0.8]], [0.0, 0.1]

RIGHT = """
du2 = (y - t) / N
dW2 = h.T @ du2
db2 = du2.sum(axis=0)
dh = du2 @ W2.T
du1 = dh * (1 - h**2)
dW1 = x.T @ du1
db1 = np.sum(du1, axis=0)
"""


def timeline(backward: str, iterations: int = 5) -> Timeline:
    return Timeline(
        scenario_of(
            f'''
format = 1
title = "own"
[data]
x = {X}
t = {T}
[model]
forward = """
h = tanh(x @ W1 + b1)
y = softmax(h @ W2 + b2)
"""
loss = "E = -sum(t * log(y)) / N"
backward = """{backward}"""
[parameters]
W1 = {W1}
b1 = {B1}
W2 = {W2}
b2 = {B2}
[optimizer]
kind = "sgd"
learning_rate = 0.5
[training]
iterations = {iterations}
'''
        )
    )


def found(backward: str, position: str = "1") -> dict[str, Claim]:
    run = timeline(backward)
    run.goto(position)
    return {each.symbol: each for each in claims(run.program, run.values())}


def first(backward: str) -> str | None:
    run = timeline(backward)
    run.goto("1")
    lines = {each.symbol: each for each in claims(run.program, run.values())}
    return first_wrong(run.program, lines)


def plain(wrong: bool, iterations: int) -> dict[str, Any]:
    """The same net trained in NumPy, by a wrong gradient of W1 where that is asked for."""
    x, t = np.array(X), np.array(T)
    P = {"W1": np.array(W1), "b1": np.array(B1), "W2": np.array(W2), "b2": np.array(B2)}
    for _ in range(iterations):
        h = np.tanh(x @ P["W1"] + P["b1"])
        powers = np.exp(h @ P["W2"] + P["b2"])
        y = powers / powers.sum(axis=1, keepdims=True)
        du2 = (y - t) / 3
        du1 = du2 @ P["W2"].T * (1 - h if wrong else 1 - h**2)
        steps = {"W1": x.T @ du1, "b1": du1.sum(axis=0), "W2": h.T @ du2, "b2": du2.sum(axis=0)}
        P = {name: P[name] - 0.5 * steps[name] for name in P}
    return P


def test_right_lines_are_right_and_those_without_a_name_are_what_they_equal() -> None:
    lines = found(RIGHT)
    assert all(each.verdict is Verdict.AGREES for each in lines.values())
    assert {name: each.of for name, each in lines.items()} == {
        "du2": "y.1", "dW2": "W2", "db2": "b2", "dh": "h", "du1": "h.1", "dW1": "W1", "db1": "b1",
    }  # fmt: skip
    assert first(RIGHT) is None


@pytest.mark.parametrize(
    ("line", "wrong", "symbol", "verdict", "begins"),
    [
        ("dW2 = h.T @ du2", "dW2 = 2 * h.T @ du2", "dW2", Verdict.MULTIPLE, "dW2"),
        ("du2 = (y - t) / N", "du2 = t - y", "dW2", Verdict.MULTIPLE, "du2"),
        ("dW2 = h.T @ du2", "dW2 = (h.T @ du2).T", "dW2", Verdict.TRANSPOSED, "dW2"),
        ("dh = du2 @ W2.T", "dh = du2 @ W2", "dh", Verdict.DIFFERS, "dh"),
        ("du1 = dh * (1 - h**2)", "du1 = dh * (1 - h)", "dW1", Verdict.DIFFERS, "du1"),
        ("du1 = dh * (1 - h**2)", "du1 = dh", "db1", Verdict.DIFFERS, "dW1"),
        ("db1 = np.sum(du1, axis=0)", "db1 = du1.mean(axis=0)", "db1", Verdict.MULTIPLE, "db1"),
        ("dW1 = x.T @ du1", "dW1 = x.T @ du1 + W1", "dW1", Verdict.DIFFERS, "dW1"),
    ],
)
def test_what_is_wrong_is_named_and_where_it_begins(
    line: str, wrong: str, symbol: str, verdict: Verdict, begins: str
) -> None:
    backward = RIGHT.replace(line, wrong)
    assert wrong in backward
    assert found(backward)[symbol].verdict is verdict
    assert first(backward) == begins


def test_multiples_and_the_element_furthest_off_have_their_numbers() -> None:
    assert found(RIGHT.replace("h.T @ du2", "2 * h.T @ du2"))["dW2"].ratio == 2.0
    assert found(RIGHT.replace("(y - t) / N", "t - y"))["dW2"].ratio == -3.0
    off = found(RIGHT.replace("dW1 = x.T @ du1", "dW1 = x.T @ du1 + W1"))["dW1"]
    assert off.index == (1, 1)  # where W1 is largest
    assert off.found - off.true == pytest.approx(0.4)


def test_what_is_not_given_is_derived() -> None:
    run = timeline("dW2 = h.T @ ((y - t) / N)")
    run.goto("5")
    expected = plain(wrong=False, iterations=5)
    for name, array in expected.items():
        np.testing.assert_allclose(run[f"{name}_next"], array, rtol=1e-12)


@pytest.mark.parametrize("wrong", [False, True])
def test_the_update_follows_the_lines(wrong: bool) -> None:
    run = timeline(RIGHT.replace("h**2", "h") if wrong else RIGHT)
    run.goto("5")
    for name, array in plain(wrong=wrong, iterations=5).items():
        np.testing.assert_allclose(run[f"{name}_next"], array, rtol=1e-12)


def test_the_derived_gradients_train_in_their_place() -> None:
    run = timeline(RIGHT.replace("h**2", "h"))
    symbols = run.program.symbols
    own = [step.symbol for step in run.program.own_lines if symbols[step.symbol].truth]
    run.replace_steps(*(f"{name} = {symbols[name].truth}" for name in own))
    run.goto("5")
    for name, array in plain(wrong=False, iterations=5).items():
        np.testing.assert_allclose(run[f"{name}_next"], array, rtol=1e-12)
    run.switch(ORIGINAL)
    np.testing.assert_allclose(run["W1_next"], plain(wrong=True, iterations=5)["W1"], rtol=1e-12)


def test_the_derived_gradients_are_beside_them() -> None:
    run = timeline(RIGHT.replace("h**2", "h"))
    run.goto("1")
    right = timeline(RIGHT)
    right.goto("1")
    np.testing.assert_allclose(run["dW1_true"], right["dW1"], rtol=1e-12)
    assert not np.allclose(run["dW1"], run["dW1_true"])


def test_as_plain_values() -> None:
    run = timeline(RIGHT.replace("h.T @ du2", "2 * h.T @ du2"))
    run.goto("1")
    told = as_json(run.program, run.values())
    assert told["first_wrong"] == "dW2"
    assert {"name": "dW2", "verdict": "multiple", "of": "W2", "ratio": 2.0} in told["lines"]


@pytest.mark.parametrize(
    ("backward", "said"),
    [
        ("", "found no line"),
        ("dW2 = h.T @ du9", "du9"),
        ("dW2 = h @ du2", "du2"),
        ("dW2 = h.T @ (y - t)\ndW2 = 2 * W2", "dW2"),
        ("h = x", "h"),
        ("dW2 = h.T @ y.T", "do"),
        ("dW1 = x", "(3,2)|3×2|shape"),
        ("dW1 = W1 +", "column"),
    ],
)
def test_lines_that_cannot_be_are_refused_in_one_line(backward: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as caught:
        timeline(backward)
    assert "\n" not in str(caught.value)
    assert "model.backward" in str(caught.value)


def test_a_gradient_by_a_name_that_trains_nothing_is_told_from_one_that_others_read() -> None:
    run = timeline(
        RIGHT.replace("dW1 =", "dWW1 =").replace(
            "db1 = np.sum(du1, axis=0)", "part = np.sum(du1, axis=0)\ndb1 = 1.0 * part"
        )
    )
    run.goto("1")
    found = {each.symbol: each for each in claims(run.program, run.values())}
    assert (found["dWW1"].verdict, found["dWW1"].of) == (Verdict.UNUSED, "W1")
    assert found["part"].verdict is Verdict.AGREES
    assert first_wrong(run.program, found) is None
