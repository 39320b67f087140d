"""Claims about forks whatever was done before: any walk, where two branches part, many of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Position, Timeline, load_scenario
from gradstep.engine.data.batches import Edit
from gradstep.engine.stops.stops import LOSS_RISES, NON_FINITE, Stop
from gradstep.engine.timeline.branches import Branch
from tests.engine.stops.test_stops import Asked, Here, Walked, highest, moments, small
from tests.engine.timeline.test_forks import ROWS, Edited, act, check
from tests.strategies import layered, scenario_of
from tests.walks import Straight, bits

pytestmark = pytest.mark.filterwarnings("error")


BUDGETS = (0, 2048, 16 * 1024)  # bytes of history


# ── any walk ─────────────────────────────────────────────────────────────────────────────────────────────────

places = st.tuples(st.floats(0, 1), st.floats(0, 1))


acts = st.one_of(
    st.tuples(st.just("edit"), st.tuples(st.integers(0, 99), st.integers(0, 99), st.sampled_from([-1.5, 0.25, 40.0]))),
    st.tuples(st.just("goto"), places),
    st.tuples(st.just("switch"), st.integers(0, 99)),
    st.tuples(st.sampled_from(["step", "back", "run_on", "run_back", "drop"]), st.none()),
)


@given(
    layered(iterations=30) | layered(iterations=30, measured=True),
    st.lists(acts, max_size=30),
    st.sampled_from(BUDGETS),
    st.sampled_from([2, 64]),
)
@settings(max_examples=80, deadline=None)
def test_what_is_there_depends_on_nothing_but_the_fork_and_the_position(
    text: str, path: list[tuple[str, Any]], budget: int, stride: int
) -> None:
    scenario = scenario_of(text)
    asked = [
        Asked(Stop("condition", when="max(W1) > 0 and step > 2", every=5), each=True, holds=above),
        Asked(Stop("step", "E", "iteration > 3"), holds=lambda here: here.iteration > 3),
        *map(Asked, (Stop(NON_FINITE), Stop(LOSS_RISES))),
    ]
    runs: dict[tuple[Edit, ...], Edited] = {}
    with small(3, stride):
        timeline = Timeline(scenario, history_bytes=budget)
        timeline.restorer._most_frames = 2
        timeline.stops = [each.stop for each in asked]
        for kind, how in path:
            before = timeline.position
            act(timeline, kind, how)
            edits = timeline.branch.edits
            if edits not in runs:
                runs[edits] = Edited(scenario, edits)
            check(timeline, runs[edits])
            assert timeline.restorer.bytes <= budget
            if kind in ("run_on", "run_back"):
                assert timeline.position == sought(timeline, runs[edits], asked, kind, before)
        for name, branch in timeline.branches.items():
            fresh = Timeline(scenario)
            for edit in branch.edits:
                fresh.goto(fresh.course.at(edit.iteration, edit.step))
                fresh.edit(edit.symbol + f"[{','.join(map(str, edit.index))}]" * bool(edit.index), edit.value)
            fresh.goto(timeline.position)
            assert bits(timeline.values_in(name)) == bits(fresh.values())


def above(here: Here) -> bool:
    return highest(here.now, "W1") > 0 and here.step > 2


def sought(timeline: Timeline, run: Edited, asked: Sequence[Asked], kind: str, before: Position) -> Position:
    """Where a search from `before` has to end, by looking at every position."""
    draw = timeline.scenario.draw
    whole = Walked(timeline.program, [steps[1:] for steps in run.values], draw.iterations_per_epoch if draw else 1)
    found = [where for where, _ in moments(whole, timeline, asked, 3)]
    if kind == "run_on":
        return min((where for where in found if where > before), default=timeline.course.end)
    return max((where for where in found if where < before), default=timeline.course.start)


def held(timeline: Timeline) -> set[Branch]:
    """Every branch that is still needed, by a name or by what was forked from it."""
    return {each for branch in timeline.branches.values() for each in branch.line()}


def test_a_dropped_fork_that_others_start_from_counts_like_any_other() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"), history_bytes=20_000)
    for number in range(6):
        timeline.goto(f"{1 + 1500 * number}")
        dropped = timeline.edit("w5", float(number)).name
        timeline.goto(f"{1500 * (number + 1)}")
        timeline.edit("w5", 9.0)
        timeline.drop(dropped)
        assert sum(branch.bytes for branch in held(timeline)) <= 20_000


# ── where two branches part ──────────────────────────────────────────────────────────────────────────────────


@given(layered(iterations=5), st.lists(acts, min_size=2, max_size=12), st.sampled_from(BUDGETS))
@settings(max_examples=60, deadline=None)
def test_the_first_difference_is_where_looking_at_every_position_first_finds_one(
    text: str, path: list[tuple[str, Any]], budget: int
) -> None:
    scenario = scenario_of(text)
    timeline = Timeline(scenario, history_bytes=budget)
    for kind, how in path:
        act(timeline, kind, how)
    runs = {name: Edited(scenario, branch.edits) for name, branch in timeline.branches.items()}
    everywhere = [
        timeline.course.at(iteration, step)
        for iteration in range(1, timeline.course.iterations + 1)
        for step in range(iteration > 1, timeline.course.length(iteration) + 1)
    ]
    here = timeline.position
    for name, one in runs.items():
        for other, two in runs.items():
            if any(overwritten(timeline.branches[each].edits) for each in (name, other)):
                continue  # see below
            apart = [where for where in everywhere if bits(one.at(where)) != bits(two.at(where))]
            assert timeline.first_difference(name, other) == (apart[0] if apart else None)
    assert timeline.position == here


def overwritten(edits: Sequence[Edit]) -> bool:
    """Whether one of the edits is undone by another at the same moment."""
    return len({(edit.iteration, edit.step, edit.symbol, edit.index) for edit in edits}) < len(edits)


def test_an_edit_to_the_same_value_makes_no_difference() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("100:E")
    timeline.edit("w5", float(timeline["w5"]))
    assert timeline.first_difference("original", "fork-1") is None
    assert timeline.first_difference("fork-1", "fork-1") is None
    timeline.edit("w5", 0.0)
    assert str(timeline.first_difference("original", "fork-2")) == "100:E"
    assert str(timeline.first_difference("fork-2", "fork-1")) == "100:E"
    timeline.switch("fork-1")
    timeline.goto("103:y")
    timeline.edit("w5", 0.0)  # the edit before it makes no difference, this one does
    assert str(timeline.first_difference("original", "fork-3")) == "103:y"


@pytest.mark.parametrize("values", [(1.0, 2.0, 1.0), (0.0, -0.0)])
def test_branches_whose_edits_are_the_same_in_another_order_may_differ(values: Sequence[float]) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("5:E")
    for value in values:
        timeline.edit("w5", value)
    last = f"fork-{len(values)}"
    assert str(timeline.first_difference(f"fork-{len(values) - 1}", last)) == "5:E"


# ── many ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("budget", [4096, 64 * 2**20])
def test_three_hundred_forks_of_forks_are_as_usable_as_one(budget: int) -> None:
    scenario = load_scenario("mazur-2-2-2")
    timeline = Timeline(scenario, history_bytes=budget)
    for number in range(1, 301):
        timeline.goto(f"{3 * number}:{number % 19}")
        timeline.edit("w1", number / 100)
    assert timeline.goto("1000")
    run = Edited(scenario, timeline.branch.edits, 1000)
    check(timeline, run)
    timeline.stops = [Stop("condition", when="iteration == 450 and step > 3")]
    assert timeline.run_back().position > timeline.course.parse("450:dW1")
    check(timeline, run)
    for name in ("fork-150", "original", "fork-300"):
        assert timeline.switch(name)
    check(timeline, run)
    assert str(timeline.first_difference("fork-299", "fork-300")).startswith("900:")
    timeline.drop("fork-150")
    timeline.goto("500:E")
    check(timeline, run)
    assert timeline.restorer.bytes <= budget


def test_the_straight_run_without_edits_is_the_one_that_frames_make() -> None:
    scenario = scenario_of(ROWS)
    run, straight = Edited(scenario, ()), Straight(scenario)
    for iteration in (1, 5, 9):
        where = scenario.course.at(iteration, 12)
        assert bits(run.at(where)).items() >= bits(straight.values(where)).items()
