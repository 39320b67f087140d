"""Claims about what is measured now and then: it is of all rows, and a watch on it stops when it differs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.stops.trigger import watch
from gradstep.engine.timeline.watches import watch_value


def test_a_watch_on_an_accuracy_stops_when_it_is_measured_and_differs() -> None:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.stops = [replace(watch("accuracy_test", timeline.names), enabled=True)]
    found = timeline.run_on()
    assert str(found.position) == "30:accuracy_test"
    first = timeline.run_on().position
    assert timeline.run_back().position == found.position
    assert timeline.run_on().position == first
    timeline.goto("40:E")
    assert watch_value(timeline, timeline.stops[0]) == (float(timeline.branch.measured("accuracy_test")[1][1]), 30)


def test_measured_numbers_are_those_of_a_forward_pass_over_all_rows() -> None:
    scenario = load_scenario("two-layer-digits")
    timeline = Timeline(scenario)
    timeline.goto("30")
    data = scenario.dataset
    assert data is not None
    for x, t, name in ((data.x, data.t, "accuracy_train"), (data.x_test, data.t_test, "accuracy_test")):
        assert x is not None
        assert t is not None
        hidden = np.maximum(x @ timeline["W1_next"] + timeline["b1_next"], 0.0)
        output = hidden @ timeline["W2_next"] + timeline["b2_next"]
        assert float(timeline[name]) == (output.argmax(axis=1) == t.argmax(axis=1)).mean()
