"""Claims about losses of many classes: twice as many are twice the work, to draw and to explain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gradstep.engine import Scenario, Timeline
from gradstep.engine.analysis.explain import element_at
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.tui.debugger import explaining
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


# ── on the screen ────────────────────────────────────────────────────────────────────────────────────────────


def explained(monkeypatch: pytest.MonkeyPatch, classes: int, *, goes_on: bool = True) -> tuple[Still, list[str]]:
    """A screen on which the loss is explained, and the labels of the work that this set going.

    goes_on: what a job is told when it asks.
    """
    still, labels = Still(classifier(classes)), list[str]()
    still.goto("1:E")
    begin = still.work

    def work(label: str, job: Callable[[Progress], Any], done: Callable[[Any], object]) -> None:
        labels.append(label)
        begin(label, lambda progress: job(lambda at, total: goes_on), done)

    monkeypatch.setattr(still, "work", work)
    still.press("x")
    assert still.stage.areas
    return still, labels


def test_a_long_explanation_is_written_down_in_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "LONG", 30)
    still, labels = explained(monkeypatch, 31)
    assert labels == ["explaining E"]
    assert "E = " in still.drawer
    short, none = explained(monkeypatch, 30)
    assert none == []
    assert "E = " in short.drawer


def test_it_can_be_stopped_and_is_not_begun_again_until_something_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "LONG", 30)
    still, labels = explained(monkeypatch, 31, goes_on=False)
    assert labels == ["explaining E"]
    assert "stopped: it is explained when the cursor moves" in " ".join(still.drawer.split())
    still.resize(120, 40)
    assert still.stage.areas
    assert labels == ["explaining E"]
