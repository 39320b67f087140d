"""Claims about what conditions cost: a few calls an iteration each, however often they are asked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.language import conditions
from gradstep.engine.stops.trigger import parse_stop
from tests.counting import calls


def run(texts: Sequence[str], iterations: int) -> int:
    """Calls of a run of so many iterations that asks these conditions, none of which holds."""
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    stop = parse_stop(f"E if iteration == {iterations}", timeline.names)
    timeline.stops = [*(parse_stop(text, timeline.names) for text in texts), stop]
    count = calls(timeline.run_on)
    assert str(timeline.position) == f"{iterations}:E"
    return count


def cost(texts: Sequence[str]) -> float:
    """Calls an iteration of such a run, without what is done once."""
    run(texts, 10)  # what is loaded by the first
    return (run(texts, 200) - run(texts, 100)) / 100


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("E < 0", 30),
        ("W1[0,0] > 99", 45),
        ("w5 < 0 and E < 0", 45),
        ("E > 2 * prev(E)", 50),
        ("isnan(E) or E < 0", 55),
        (" + ".join(["E"] * 200) + " < 0", 200 * 11 + 20),
    ],
)
def test_a_condition_is_a_few_calls_an_iteration(text: str, most: int) -> None:
    assert cost([text]) - cost([]) <= most


def test_twice_as_many_conditions_cost_twice_as_much() -> None:
    none, some, twice = cost([]), cost(["E < 0"] * 50), cost(["E < 0"] * 100)
    assert twice - none < 2.1 * (some - none)


def test_an_expression_is_gone_through_once_and_then_only_evaluated() -> None:
    tree = conditions.parse("1 + 2 * E ** 2 > 3 and not (E == 4)")
    run = conditions.compiled(tree)
    for number in (0.5, 1.5, 4.0):
        assert run(lambda name: number, None) == conditions.evaluate(tree, lambda name: number)  # noqa: B023 - at once
    asked = calls(lambda: run(lambda name: 1.5, None))
    assert asked < calls(lambda: conditions.evaluate(tree, lambda name: 1.5)) / 2
