"""Claims about values that lines of one's own carry to the next iteration, and lines for where a net is measured."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gradstep.engine import ScenarioError, Timeline
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.analysis.verdicts import AGREES
from gradstep.engine.program.expression import evaluations
from gradstep.engine.program.program import Phase, Role
from tests.strategies import scenario_of
from tests.walks import Straight

NET = """
format = 1
title = "carried on"
[data]
x = [[1.0, 2.0], [3.0, 5.0], [2.0, -1.0], [0.0, 4.0]]
t = [[1.0], [2.0], [0.0], [3.0]]
[measure]
loss = ["train", "batch"]
[training]
draw = "in_order"
batch = 2
iterations = 12
[parameters]
W = [[0.5], [0.25]]
[inputs]
share = 0.25
mean_u = [0.5]
[model]
forward = '''
u = x @ W
mu = mean(u, axis=0)
y = u - mu
'''
loss = "E = mean((y - t) ** 2)"
carry = "mean_u = (1 - share) * mean_u + share * mu * N / 2"
measure = "mu = mean_u"
[optimizer]
kind = "sgd"
learning_rate = 0.01
"""


def test_what_is_carried_on_follows_the_iterations_and_measurements_read_it() -> None:
    timeline = Timeline(scenario_of(NET))
    mean = np.array([0.5])
    for iteration in range(1, 13):
        timeline.goto(str(iteration))
        assert_allclose(timeline["mean_u"], mean, rtol=1e-14)
        mean = 0.75 * mean + 0.25 * (timeline["x"] @ timeline["W"]).mean(axis=0)
        assert_allclose(timeline["mean_u_next"], mean, rtol=1e-14)
        x, t = timeline["x"], timeline["t"]
        loss = np.mean((x @ timeline["W_next"] - mean - t) ** 2)
        if timeline.program.measured(iteration):
            assert_allclose(timeline["E_batch"], loss, rtol=1e-13)
            assert_allclose(timeline["mu_train"], mean, rtol=1e-14)


def test_it_is_no_parameter_and_no_gradient_reaches_it() -> None:
    program = Timeline(scenario_of(NET)).program
    assert program.symbols["mean_u"].role is Role.CARRIED
    assert program.carried["mean_u"] == "mean_u_next"
    assert program.steps[program.writers["mean_u_next"]].phase is Phase.UPDATE
    assert "dmean_u" not in program.symbols


def test_forward_and_back_every_bit_is_that_of_a_straight_run() -> None:
    timeline = Timeline(scenario_of(NET), history_bytes=0)
    straight = Straight(timeline.scenario)
    for position in ("end", "7:mean_u_next", "3", "11:E", "1"):
        timeline.goto(position)
        for name, value in straight.values(timeline.position).items():
            assert timeline[name].tobytes() == value.tobytes(), (position, name)


def test_a_value_that_is_carried_on_can_be_set() -> None:
    timeline = Timeline(scenario_of(NET))
    timeline.goto("2:u")
    timeline.edit("mean_u[0]", 8.0)
    timeline.goto("2")
    assert_allclose(timeline["mean_u_next"], 6.0 + 0.25 * timeline["mu"], rtol=1e-14)


def test_the_arithmetic_and_the_gradients_are_right_where_the_forward_pass_reads_it() -> None:
    timeline = Timeline(scenario_of(NET.replace("y = u - mu", "y = u - 0.5 * mu - mean_u * 0.5")))
    timeline.goto("3")
    value = evaluations(lambda name: timeline[name])
    for symbol in ("y", "mean_u_next", "dW"):
        for index in np.ndindex(timeline[symbol].shape):
            element = timeline.program.element(symbol, index)
            assert element is not None
            assert value(element) == pytest.approx(float(timeline[symbol][index]), rel=1e-12)
    assert {element.verdict for matrix in check(timeline).matrices for element in matrix.elements} == {AGREES}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('carry = "mean_u', 'carry = "mean_v', '"mean_v" is not in [inputs]'),
        ('carry = "mean_u', 'carry = "W', '"W" is not in [inputs]'),
        ("share * mu * N / 2", "share * u", "the next mean_u is 2×1, expected 1"),
        ("share * mu * N / 2", "share * dW", '"dW" is no name of this scenario'),
        ('carry = "mean_u = (1', "carry = '''\nmean_u = mu\nmean_u = mu\n'''\n#", "line 2"),
        ('carry = "mean_u = (1 - share) * mean_u + share * mu * N / 2"', 'carry = "mean_u = 2 * N"', "reads no value"),
        ('measure = "mu', 'measure = "mv', "mv"),
        ('measure = "mu = mean_u"', 'measure = "mu = y"', '"mu" reads "y", which is computed behind it'),
        ('measure = "mu = mean_u"', 'measure = "mu = mu"', '"mu" reads "mu"'),
        ('measure = "mu = mean_u"', 'measure = "mu = mean_u * N"', '"N" is no name'),
        ('measure = "mu = mean_u"', 'measure = "mu = mean_u +"', "found the end"),
    ],
)
def test_what_cannot_be_is_said(old: str, new: str, reason: str) -> None:
    assert old in NET
    with pytest.raises(ScenarioError) as refusal:
        scenario_of(NET.replace(old, new, 1))
    assert reason in str(refusal.value)
