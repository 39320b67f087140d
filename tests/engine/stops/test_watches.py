"""Claims about watches: what they show, and where they stop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Position, Timeline, load_scenario
from gradstep.engine.stops.stops import ALWAYS, Stop
from gradstep.engine.stops.trigger import parse_stop, watch
from gradstep.engine.timeline.watches import watch_value
from tests.engine.stops.test_stops import BUDGETS, DIVERGING, MAZUR, mazur, walked
from tests.strategies import layered, scenario_of
from tests.walks import straight

pytestmark = pytest.mark.filterwarnings("error")


# ── watches ──────────────────────────────────────────────────────────────────────────────────────────────────


@given(layered(iterations=4), st.data(), st.sampled_from(BUDGETS))
@settings(max_examples=25, deadline=None)
def test_a_watch_shows_the_value_now_or_that_of_the_iteration_before(
    text: str, data: st.DataObject, budget: int
) -> None:
    timeline = Timeline(scenario_of(text), history_bytes=budget)
    run, symbol = walked(timeline), data.draw(st.sampled_from([*timeline.program.symbols]))
    shown = watch(symbol, timeline.names)
    for iteration, steps in enumerate(run.values, start=1):
        for step, values in enumerate(steps, start=1):
            found = watch_value(timeline, shown, timeline.course.at(iteration, step))
            timeline.goto(timeline.course.at(iteration, step))
            again, now = watch_value(timeline, shown), symbol in values
            if not now and iteration == 1:
                assert found is again is None
                continue
            assert found is not None
            assert again is not None
            wanted = (values if now else run.values[iteration - 2][-1])[symbol]
            assert np.asarray(found[0]).tobytes() == np.asarray(again[0]).tobytes() == wanted.tobytes()
            assert found[1] == again[1] == (iteration if now else iteration - 1)


def test_what_a_watch_compares_with_the_iteration_before_needs_that_one() -> None:
    timeline, fallen = Timeline(load_scenario(MAZUR)), Stop("watch", when="prev(E) - E")
    losses = [float(straight(MAZUR).values(Position(each, 7))["E"]) for each in (1, 2)]
    for where, value in (("1:E", None), ("2:y", None), ("2:E", 2), ("2", 2), ("3:y", 2)):
        timeline.goto(where)
        assert watch_value(timeline, fallen) == (value and (losses[0] - losses[1], value))


@pytest.mark.parametrize("text", ["E - prev(E)", "W1 - prev(W1)", "changed(W1)", "W1[0,0]*2", "phase"])
def test_what_looks_back_can_be_watched_by_hand_and_in_a_file(text: str) -> None:
    timeline = Timeline(scenario_of(f"{DIVERGING}[[watch]]\nshow = '{text}'"))
    assert timeline.stops == (*ALWAYS, watch(text, timeline.names))
    timeline.goto("2")
    assert watch_value(timeline, timeline.stops[-1]) is not None


def test_a_number_is_the_same_one_iteration_earlier_if_there_was_one() -> None:
    timeline = Timeline(load_scenario(MAZUR))
    assert watch_value(timeline, watch("prev(1)", timeline.names), timeline.course.at(1, 3)) is None
    assert watch_value(timeline, watch("prev(1)", timeline.names), timeline.course.at(2, 3)) == (1.0, 2)
    timeline.stops = [parse_stop("prev(1) == 1", timeline.names)]
    assert timeline.run_on().position == timeline.course.at(2, 1)


def test_no_phase_has_run_at_the_start() -> None:
    assert watch_value(mazur(), watch("phase", mazur().names), mazur().course.start) is None


def test_stops_change_through_the_timeline_alone() -> None:
    timeline = mazur()
    before, one, other = timeline.stops, Stop("step", "u1"), Stop("step", "z1")
    timeline.add_stop(one)
    assert timeline.stops == (*before, one)
    timeline.replace_stop(len(before), other)
    assert timeline.stops == (*before, other)
    timeline.stops = [*before]
    assert timeline.stops == before == ALWAYS
