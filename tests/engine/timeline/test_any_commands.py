"""Any commands in any order leave a timeline that shows what a fresh one shows."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gradstep.engine import Moment, PositionError, Timeline, load_scenario
from gradstep.engine.sessions import load_session, save_session
from gradstep.engine.stops.stops import StopError
from gradstep.engine.stops.trigger import parse_stop
from gradstep.engine.timeline.timeline import EditError
from tests.strategies import layered
from tests.walks import UNITS, bits

TYPED = (  # breakpoints; what a program does not have is refused
    "E",
    "dW1",
    "y every 2",
    "forward",
    "update",
    "E < 0.5",
    "E > prev(E)",
    "E < 1 every 3",
    "dW1 if iteration > 2",
    "changed(W1)",
    "max(x) > 0.5 and step > 3",
    "iteration == 4 or norm(W1) > 1e300",
    'phase == "backward"',
)


VALUES = (0.0, -0.0, 0.25, -1.5, 40.0, 1e308, -1e308, 5e-324, math.nan, math.inf, -math.inf)


PLACES = ("start", "end", "1", ":E", "2:y", ":0", "3:5", "99", "0", "", "x", "1:dW9", ":x", "999999999999", "1:1:1")


def stopping(after: int) -> Callable[[int, int], bool]:
    """A progress that stops whatever it is told of when it was told so often."""
    told = iter(range(after))
    return lambda done, total: next(told, None) is not None


# ── any commands ─────────────────────────────────────────────────────────────────────────────────────────────


class Commands(RuleBasedStateMachine):
    """A timeline, and everything that can be done with it. What may be raised is caught where it is documented."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.timeline: Timeline

    def teardown(self) -> None:
        self.folder.cleanup()

    @initialize(text=layered(iterations=12), budget=st.sampled_from([0, 200, 2048, 2**16]))
    def begin(self, text: str, budget: int) -> None:
        path = Path(self.folder.name) / "random.toml"
        path.write_text(text)
        self.scenario = load_scenario(path)
        self.budget = budget
        self.timeline = Timeline(self.scenario, history_bytes=budget)

    @rule(on=st.booleans(), times=st.integers(1, 9))
    def step(self, on: bool, times: int) -> None:
        for _ in range(times):
            before = self.timeline.position
            moved = self.timeline.step() if on else self.timeline.back()
            ends = self.timeline.course.end, self.timeline.course.start
            assert moved == (before not in ends[:1] if on else before not in ends[1:])

    @rule(unit=st.sampled_from(UNITS), direction=st.sampled_from([1, -1]), after=st.none() | st.integers(0, 3))
    def move(self, unit: str, direction: int, after: int | None) -> None:
        before = self.timeline.position
        moved = self.timeline.move(unit, direction, None if after is None else stopping(after))
        here = self.timeline.position
        assert (here > before if direction > 0 else here < before) if moved else here == before

    @rule(place=st.sampled_from(PLACES), after=st.none() | st.integers(0, 5))
    def goto_typed(self, place: str, after: int | None) -> None:
        before = self.timeline.position
        try:
            self.timeline.goto(place, None if after is None else stopping(after))
        except PositionError:
            assert self.timeline.position == before

    @rule(share=st.floats(0, 1), within=st.floats(0, 1))
    def goto(self, share: float, within: float) -> None:
        course = self.timeline.course
        iteration = 1 + round(share * (course.iterations - 1))
        target = course.at(iteration, round(within * course.length(iteration)))
        assert self.timeline.goto(target)
        assert self.timeline.position == target

    @rule(on=st.booleans(), after=st.none() | st.integers(0, 5))
    def run(self, on: bool, after: int | None) -> None:
        before = self.timeline.position
        search = self.timeline.run_on if on else self.timeline.run_back
        found = search(None if after is None else stopping(after))
        here = self.timeline.position
        assert found.position == here
        assert here >= before if on else here <= before
        assert found.finished or after is not None
        if found.finished and not found.stops:
            assert here == (self.timeline.course.end if on else self.timeline.course.start)
        assert all(stop.enabled and stop in self.timeline.stops for stop in found.stops)

    @rule(typed=st.sampled_from(TYPED))
    def set_stop(self, typed: str) -> None:
        try:
            stop = parse_stop(typed, self.timeline.names)
        except StopError:
            return
        if stop not in self.timeline.stops:
            self.timeline.add_stop(stop)

    @rule(which=st.integers(0, 20))
    def toggle_stop(self, which: int) -> None:
        stops = self.timeline.stops
        stop = stops[which % len(stops)]
        other = type(stop)(stop.kind, stop.at, stop.when, stop.every, not stop.enabled)
        if other not in stops:
            self.timeline.replace_stop(which % len(stops), other)

    @rule(which=st.integers(0, 99), element=st.integers(0, 99), value=st.sampled_from(VALUES))
    def edit(self, which: int, element: int, value: float) -> None:
        symbols = self.timeline.program.symbols
        symbol = [*symbols][which % len(symbols)]
        shape = symbols[symbol].shape
        index = np.unravel_index(element % math.prod(shape), shape)
        here, names, there = self.timeline.position, [*self.timeline.branches], symbol in self.timeline.values()
        try:
            branch = self.timeline.edit(symbol + (f"[{','.join(map(str, index))}]" if shape else ""), value)
        except EditError:
            assert not there
            assert [*self.timeline.branches] == names
            return
        assert there
        assert [*self.timeline.branches] == [*names, branch.name]
        assert self.timeline.position == here
        made = branch.edits[-1]
        assert self.timeline.value(made.symbol)[made.index].tobytes() == np.float64(value).tobytes()

    @rule(which=st.integers(0, 9), after=st.none() | st.integers(0, 3))
    def switch(self, which: int, after: int | None) -> None:
        name, before, here = self._name(which), self.timeline.branch.name, self.timeline.position
        switched = self.timeline.switch(name, None if after is None else stopping(after))
        assert self.timeline.branch.name == (name if switched else before)
        assert self.timeline.position == here

    @rule(which=st.integers(0, 9))
    def drop(self, which: int) -> None:
        name = self._name(which)
        try:
            self.timeline.drop(name)
        except EditError:
            assert name == "original"
        else:
            assert name not in self.timeline.branches
            with pytest.raises(KeyError):
                self.timeline.switch(name)

    @rule(which=st.integers(0, 9), other=st.integers(0, 9))
    def compare(self, which: int, other: int) -> None:
        one, two = self._name(which), self._name(other)
        first = self.timeline.first_difference(one, two)
        assert first == self.timeline.first_difference(two, one)
        assert one != two or first is None

    def _name(self, which: int) -> str:
        names = [*self.timeline.branches]
        return names[which % len(names)]

    # An infinite edit is saved but not loaded: see test_sessions, test_an_edit_to_an_infinity_survives.
    @rule()
    def save_and_load(self) -> None:
        session, before = Path(self.folder.name) / "a.gradstep", self.timeline
        save_session(before, session)
        self.timeline = load_session(session, history_bytes=self.budget)
        assert self.timeline.position == before.position
        assert self.timeline.stops == before.stops
        assert [*self.timeline.branches] == [*before.branches]
        assert bits(self.timeline.values()) == bits(before.values())

    @rule(which=st.integers(0, 9))
    def a_fresh_timeline_shows_the_same(self, which: int) -> None:
        name, fresh = self._name(which), Timeline(self.scenario)
        for edit in self.timeline.branches[name].edits:
            fresh.goto(fresh.course.at(edit.iteration, edit.step))
            made = fresh.edit(edit.symbol + f"[{','.join(map(str, edit.index))}]" * bool(edit.index), edit.value)
        if self.timeline.branches[name].edits:
            assert repr(made.edits) == repr(self.timeline.branches[name].edits)
        fresh.goto(self.timeline.position)
        assert bits(self.timeline.values_in(name)) == bits(fresh.values())

    @invariant()
    def history_stays_within_its_budget(self) -> None:
        if hasattr(self, "timeline"):
            assert self.timeline.restorer.bytes <= self.budget

    @invariant()
    def there_is_always_a_moment_to_show(self) -> None:
        if hasattr(self, "timeline"):
            moment = self.timeline.moment()
            assert isinstance(moment, Moment)
            assert moment.branch in self.timeline.branches
            assert bits(moment.values) == bits(self.timeline.values())
            assert len(moment.losses) == len(moment.known) <= moment.iterations
            loss = moment.program.loss
            if loss in moment.values and not moment.values[loss].shape and loss not in {e.symbol for e in moment.edits}:
                shown = moment.losses[moment.position.iteration - 1]
                assert np.array_equal(shown, moment.values[moment.program.loss], equal_nan=True)


Commands.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


TestAnyCommandsInAnyOrder = pytest.mark.filterwarnings("error")(Commands.TestCase)
