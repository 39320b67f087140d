"""Claims about what a net of very many lines costs: twice as many lines are about twice as many calls."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gradstep.engine import Timeline
from gradstep.engine.replay import replay
from gradstep.engine.scenario.scenario import Scenario
from tests.counting import calls
from tests.strategies import scenario_of

FEW = 60

CHAIN = '''
format = 1
title = "a chain of formulas"
{more}
[parameters]
{parameters}
[inputs]
h0 = [[0.5]]
{inputs}
[model]
forward = """
{forward}
"""
loss = "L = sum(h{last} ** 2)"
{model}
[optimizer]
kind = "sgd"
learning_rate = 0.1
[training]
iterations = 3
'''


def chain(count: int, *, parameters: str = "", inputs: str = "", model: str = "", factor: str = "w") -> str:
    """The text of a chain of so many lines."""
    forward = "\n".join(f"h{place} = tanh(h{place - 1} * {factor})" for place in range(1, count + 1))
    given = parameters or "w = [[0.9]]"
    return CHAIN.format(more="", parameters=given, inputs=inputs, forward=forward, last=count, model=model)


def of_many_parameters(count: int) -> str:
    lines = "\n".join(f"h{place} = h{place - 1} * w{place}" for place in range(1, count + 1))
    given = "\n".join(f"w{place} = [[1.01]]" for place in range(1, count + 1))
    return CHAIN.format(more="", parameters=given, inputs="", forward=lines, last=count, model="")


def with_a_backward_pass(count: int) -> str:
    lines = "\n".join(f"dh{place - 1} = dh{place} * (1 - h{place}**2) * w" for place in range(count, 1, -1))
    return chain(count, model=f'backward = """\ndh{count} = 2 * h{count}\n{lines}\n"""')


def with_carried_inputs(count: int) -> str:
    inputs = "\n".join(f"c{place} = [[0.5]]" for place in range(1, count + 1))
    carry = "\n".join(f"c{place} = h{place} * c{place}" for place in range(1, count + 1))
    return chain(count, inputs=inputs, model=f'carry = """\n{carry}\n"""')


@pytest.mark.parametrize("text", [chain, of_many_parameters, with_a_backward_pass, with_carried_inputs])
def test_loading_takes_twice_as_much_for_twice_as_many_lines(text: Callable[[int], str]) -> None:
    scenario_of(text(3))  # what is loaded by the first
    texts = [text(count) for count in (FEW, 2 * FEW, 4 * FEW)]
    some, twice, again = (calls(lambda each=each: scenario_of(each)) for each in texts)
    assert again - twice < 2.2 * (twice - some)


def looked_at(scenario: Scenario) -> None:
    """Its first iteration asked at each step, as a frame."""
    timeline = Timeline(scenario)
    timeline.goto("1")
    timeline.goto("start")
    timeline.run_on()


@pytest.mark.parametrize("work", [lambda scenario: replay(scenario, "1:1"), looked_at])
def test_looking_for_stops_takes_twice_as_much_for_twice_as_many_lines(work: Callable[[Scenario], object]) -> None:
    scenarios = [scenario_of(chain(count)) for count in (FEW, 2 * FEW, 4 * FEW)]
    work(scenario_of(chain(3)))
    some, twice, again = (calls(lambda scenario=scenario: work(scenario)) for scenario in scenarios)
    assert again - twice < 2.2 * (twice - some)
