"""Claims about the bundled nets of formulas: every value and gradient is that of rules written by hand in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradstep.engine import Timeline, bundled, load_scenario
from gradstep.engine.scenario.expectations import agrees_to_its_digits
from gradstep.engine.scenario.loading import parse_scenario
from tests.scenarios import by_hand


def start_of(timeline: Timeline) -> dict[str, Any]:
    """The values that the first iteration starts from, with its data."""
    network = timeline.scenario.network
    timeline.goto("1")
    drawn = {name: timeline[name] for name in ("x", "t") if timeline.scenario.dataset is not None}
    return drawn | dict(network.inputs) | dict(network.carried) | dict(network.parameters)


@pytest.mark.parametrize("iteration", [1, 2, 20])
@pytest.mark.parametrize("name", by_hand.NETS)
def test_every_value_and_gradient_is_that_of_rules_written_by_hand(name: str, iteration: int) -> None:
    timeline = Timeline(load_scenario(name))
    parameters = [*timeline.scenario.network.parameters]
    rate = float(timeline["learning_rate"])
    expected = by_hand.trained(name, start_of(timeline), parameters, rate, iteration)
    timeline.goto(str(iteration))
    assert {f"d{each}" for each in parameters} <= expected.keys()
    for symbol, value in expected.items():
        np.testing.assert_allclose(timeline[symbol], value, rtol=1e-9, atol=1e-12, err_msg=symbol)
    for each in parameters:
        updated = expected[each] - rate * expected[f"d{each}"]
        np.testing.assert_allclose(timeline[f"{each}_next"], updated, rtol=1e-9, atol=1e-12, err_msg=each)


@pytest.mark.parametrize("name", by_hand.NETS)
def test_what_a_scenario_says_was_computed_by_hand_was(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    start, parameters = start_of(timeline), [*timeline.scenario.network.parameters]
    rate = float(timeline["learning_rate"])
    checked = 0
    for each in timeline.scenario.expectations:
        if each.note != "computed apart, by rules written out":
            continue
        expected = by_hand.trained(name, start, parameters, rate, int(each.at.partition(":")[0]))
        for index in np.ndindex(np.shape(each.printed)):
            assert agrees_to_its_digits(
                str(np.array(each.printed)[index]), float(np.array(expected[each.symbol])[index])
            )
            checked += 1
    assert checked > 5


def test_a_bias_before_batch_normalization_learns_nothing() -> None:
    timeline = Timeline(load_scenario("batch-norm"))
    timeline.goto("50")
    assert np.abs(timeline["db"]).max() < 1e-15
    np.testing.assert_allclose(timeline["b_next"], [0.3, -0.1], rtol=1e-12)


@pytest.mark.parametrize("iteration", [10, 50])
def test_batch_normalization_is_measured_by_its_running_statistics(iteration: int) -> None:
    timeline = Timeline(load_scenario("batch-norm"))
    start, parameters = start_of(timeline), [*timeline.scenario.network.parameters]
    following = by_hand.trained("batch-norm", start, parameters, 0.1, iteration + 1)
    timeline.goto(str(iteration))
    np.testing.assert_allclose(timeline["E_train"], by_hand.batch_norm_measured(following), rtol=1e-9)
    assert "var.1_train" not in timeline.program.symbols, "what only the variance of the batch needs is not computed"


def test_the_recurrent_net_says_what_comes_next() -> None:
    timeline = Timeline(load_scenario("rnn-hello"))
    timeline.goto("end")
    assert "".join("helo"[k] for k in timeline["p"].argmax(axis=1)) == "ello"


def test_a_step_learns_nothing_by_its_gradient_and_and_by_the_rule_of_the_perceptron() -> None:
    text = bundled()["step-perceptron"].read_text(encoding="utf-8").partition("[[expect]]")[0]
    timeline = Timeline(parse_scenario(text.encode(), "unit", "unit.toml"))
    timeline.goto("end")
    np.testing.assert_array_equal(timeline["W1_next"], timeline["W1"])
    timeline = Timeline(parse_scenario(f'{text}\n[[replace]]\nstep = "delta1 = dy"\n'.encode(), "unit", "unit.toml"))
    timeline.goto("end")
    np.testing.assert_array_equal(timeline["y"], [[0], [0], [0], [1]])
