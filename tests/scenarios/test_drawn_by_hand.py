"""Claims about the bundled nets that draw rows or masks: every value is that of plain loops, with what was drawn."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.program import Role
from gradstep.engine.scenario.expectations import agrees_to_its_digits
from tests.scenarios import by_hand

LAST = 5  # iterations that are trained by hand


@cache
def trained(name: str) -> list[dict[str, Any]]:
    """What each of some iterations starts from, draws and computes, by hand."""
    timeline = Timeline(load_scenario(name))
    parameters, symbols = timeline.scenario.network.parameters, timeline.program.symbols
    values: dict[str, Any] = dict(parameters)
    drawn = [each.name for each in symbols.values() if (each.data and not each.rows) or each.role is Role.MASK]
    found = []
    for iteration in range(1, LAST + 1):
        timeline.goto(f"{iteration}:E")
        now = values | {each: timeline[each] for each in drawn}
        computed = by_hand.DRAWING[name](now)
        rate = float(timeline["learning_rate"])
        values = {each: values[each] - rate * computed[f"d{each}"] for each in parameters}
        found.append(now | computed | {f"{each}_next": value for each, value in values.items()})
    return found


@pytest.mark.parametrize("iteration", [1, 2, LAST])
@pytest.mark.parametrize("name", by_hand.DRAWING)
def test_every_value_and_gradient_is_that_of_rules_written_by_hand(name: str, iteration: int) -> None:
    timeline = Timeline(load_scenario(name))
    timeline.goto(str(iteration))
    for symbol, value in trained(name)[iteration - 1].items():
        np.testing.assert_allclose(timeline[symbol], value, rtol=1e-9, atol=1e-12, err_msg=symbol)


@pytest.mark.parametrize("name", by_hand.DRAWING)
def test_what_a_scenario_says_was_computed_by_hand_was(name: str) -> None:
    checked = 0
    for each in load_scenario(name).expectations:
        if each.note != "computed apart, by rules written out":
            continue
        expected = trained(name)[int(each.at.partition(":")[0]) - 1][each.symbol]
        for index in np.ndindex(np.shape(each.printed)):
            assert agrees_to_its_digits(str(np.array(each.printed)[index]), float(np.array(expected)[index]))
            checked += 1
    assert checked > 5


@pytest.mark.parametrize("iteration", [1, 2, 700])
def test_a_mask_follows_from_the_seed_and_the_iteration_alone(iteration: int) -> None:
    """By NumPy's generator: the fifth purpose of the seed, the first mask, and the iteration."""
    timeline = Timeline(load_scenario("dropout"))
    timeline.goto(f"{iteration}:h_mask")
    numbers = np.random.Generator(np.random.Philox(np.random.SeedSequence(1, spawn_key=(5, 0, iteration))))
    np.testing.assert_array_equal(timeline["h_mask"], np.where(numbers.random((4, 6)) < 0.5, 0.0, 2.0))


def test_what_is_measured_has_every_unit() -> None:
    timeline = Timeline(load_scenario("dropout"))
    timeline.goto("100")
    everything = {name: timeline[name] for name in ("x", "t")} | {"h_mask": np.ones((4, 6))}
    updated = {name: timeline[f"{name}_next"] for name in timeline.scenario.network.parameters}
    expected = by_hand.dropout(everything | updated)
    np.testing.assert_allclose(timeline["E_train"], expected["E"], rtol=1e-12)
    np.testing.assert_allclose(timeline["h_train"], expected["z"], rtol=1e-12)
