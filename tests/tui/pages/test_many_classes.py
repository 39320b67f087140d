"""Claims about losses of many classes: twice as many are twice the work, to draw and to explain."""

from __future__ import annotations

import pytest

from gradstep.engine import Scenario, Timeline
from gradstep.engine.analysis.explain import element_at
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.tui.pages.explanation import tell
from gradstep.tui.text.notation import Notation
from tests.counting import calls
from tests.screen import Still


def classifier(classes: int) -> Scenario:
    text = f"""
format = 1
title = "many classes"
[data]
x = [[0.5, 0.2]]
t = [3]
[[layer]]
kind = "affine"
units = {classes}
[loss]
kind = "softmax_cross_entropy"
[optimizer]
kind = "sgd"
learning_rate = 0.1
"""
    return parse_scenario(text.encode(), "many", "many.toml")


@pytest.mark.parametrize("unroll", [False, True])
@pytest.mark.parametrize("name", ["E", "y[0,3]", "delta1[0,3]"])
def test_twice_as_many_classes_are_twice_the_work_to_explain(name: str, unroll: bool) -> None:
    counts = []
    for classes in (100, 200):
        timeline = Timeline(classifier(classes))
        timeline.goto("1")
        element, notation = element_at(timeline, name), Notation(timeline.names)
        counts.append(calls(lambda: tell(timeline, element, notation, 80, digits=9, unroll=unroll)))  # noqa: B023 - at once
    assert counts[1] < 2.4 * counts[0]


@pytest.mark.parametrize("symbol", ["y", "E"])
def test_twice_as_many_classes_are_at_most_twice_the_work_to_draw(symbol: str) -> None:
    counts = []
    for classes in (100, 200):
        still = Still(classifier(classes))
        still.goto(f"1:{symbol}")
        counts.append(calls(lambda: still.text))  # noqa: B023 - called at once
    assert counts[1] < 2.4 * counts[0]
