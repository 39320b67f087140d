"""Steps that spread both of their operands are told, and those that spread one are not."""

from __future__ import annotations

import pytest

from gradstep.engine import load_scenario
from gradstep.engine.analysis.spreads import spread_shapes, spread_steps
from gradstep.engine.program.program import Program
from gradstep.engine.scenario.loading import bundled
from tests.strategies import scenario_of

LOGISTIC = """
format = 1
title = "logistic"
[data]
x = [[0.5, 1.0], [1.5, 0.2], [2.0, 2.5]]
t = [0, 1, 1]
[parameters]
w = {w}
b = 0.0
[model]
forward = '''
p = sigmoid(x @ w + b)
'''
loss = '''
E = -mean({t} * log(p) + (1 - {t}) * log(1 - p))
'''
[optimizer]
kind = "sgd"
learning_rate = 0.1
"""
LIST, COLUMN = "[0.1, -0.2]", "[[0.1], [-0.2]]"


def program(w: str, t: str = "t") -> Program:
    return scenario_of(LOGISTIC.format(w=w, t=t)).program


def test_a_column_that_meets_a_list_is_spread_over_both() -> None:
    made = program(LIST)
    assert [spread_shapes(made, step) for step in spread_steps(made)] == [((3, 1), (3,))] * 2


@pytest.mark.parametrize(("w", "t"), [(COLUMN, "t"), (LIST, "t[:, 0]")])
def test_what_is_row_by_row_or_spreads_one_operand_is_not_told(w: str, t: str) -> None:
    assert spread_steps(program(w, t)) == ()


def test_no_bundled_scenario_does_it() -> None:
    for name in bundled():
        if name != "two-layer-mnist":
            assert spread_steps(load_scenario(name).program) == (), name
