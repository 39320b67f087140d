"""Walks over a timeline, and the straight run that says what must be found wherever one ends."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import strategies as st

from gradstep.engine import Position, Scenario, Timeline, bundled, load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.data.batches import Batches
from gradstep.engine.machine.frame import Frame
from gradstep.engine.machine.layout import State
from gradstep.engine.machine.run import Machine

UNITS = ("step", "layer", "phase", "iteration")
RUNNABLE = sorted({*bundled()} - {"two-layer-mnist"})  # whose data are not everybody's
BUDGETS = (0, 1024, 64 * 1024, 64 * 2**20)  # bytes of history


# ── a straight run: iteration after iteration, each from the one before, nothing remembered and nothing skipped ──


class Straight:
    """What a run from the start without any detour computes."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.machine = Machine(scenario.program, Batches(scenario.dataset, scenario.draw))
        self.states: list[State] = [self.machine.program.start]

    def frame(self, iteration: int) -> Frame:
        while len(self.states) < iteration:
            self.states.append(Frame(self.machine, len(self.states), self.states[-1]).end_state())
        return Frame(self.machine, iteration, self.states[iteration - 1])

    def values(self, position: Position) -> dict[str, Array]:
        frame = self.frame(position.iteration)
        frame.compute(position.step)
        return frame.at(position.step)


@cache
def straight(name: str) -> Straight:
    return Straight(load_scenario(name))


def bits(values: Mapping[str, Array]) -> dict[str, tuple[Any, ...]]:
    return {name: (array.shape, array.dtype, array.tobytes()) for name, array in values.items()}


def check_here(timeline: Timeline, run: Straight) -> None:
    """The cursor's values are those of the straight run, and each can be had by name."""
    values = timeline.values()
    assert bits(values) == bits(run.values(timeline.position)), timeline.position
    for name in timeline.program.symbols:
        if name in values:
            assert timeline[name].tobytes() == values[name].tobytes()
        else:
            with pytest.raises(KeyError, match="not computed yet"):
                timeline[name]


# ── walks ────────────────────────────────────────────────────────────────────────────────────────────────────

Move = tuple[str, Any]

moves: st.SearchStrategy[Move] = st.one_of(
    st.tuples(st.just("step"), st.sampled_from([1, -1])),
    st.tuples(st.sampled_from(UNITS), st.sampled_from([1, -1])),
    st.tuples(st.just("goto"), st.tuples(st.floats(0, 1), st.floats(0, 1))),
    st.just(("start", None)),
)


def make(timeline: Timeline, move: Move, furthest: int) -> None:
    """One move of a walk; the cursor stays where a move has no place to go to."""
    kind, how = move
    before = timeline.position
    if kind == "start":
        moved = timeline.goto("start")
    elif kind == "goto":
        iteration = 1 + int(how[0] * (furthest - 1))
        moved = timeline.goto(f"{iteration}:{round(how[1] * timeline.course.length(iteration))}")
    else:
        single = {1: timeline.step, -1: timeline.back}[how]
        moved = single() if kind == "step" else timeline.move(kind, how)
        assert moved == (timeline.position != before)
        assert not moved or (timeline.position > before) == (how > 0)
    assert moved or timeline.position == before
