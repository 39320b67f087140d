"""Claims about what nothing breaks: any commands in any order, any keys at any moment, sizes, many forks."""

from __future__ import annotations

import math
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from textual.screen import Screen
from textual.widgets import Input

from gradstep import engine, tui
from gradstep.engine import Moment, PositionError, Timeline, load_scenario
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.sessions import load_session, save_session
from gradstep.engine.stops.stops import StopError
from gradstep.engine.stops.trigger import parse_stop
from gradstep.engine.timeline.timeline import EditError
from gradstep.tui.debugger.registry import COMMANDS
from gradstep.tui.debugger.screen import DebuggerScreen
from gradstep.tui.debugger.work import Work
from tests.screen import Driven, driven
from tests.strategies import layered
from tests.walks import UNITS, bits
from tests.work import calls_of

LIMIT = 60.0  # seconds until something is given up
OURS = [Path(package.__file__).parent for package in (engine, tui) if package.__file__]
MOST_CALLS = 10_000_000  # of them, for anything of these sizes

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


# ── any keys ─────────────────────────────────────────────────────────────────────────────────────────────────

LONG = b"""
format = 1
title = "A run that takes a while"
data = {x = [[0.5, 0.1]], t = [[1.0]]}
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 1e-9}
layer = [{kind = "affine", W = [[0.1], [0.2]], b = [0.0]}]
training = {iterations = 100000000}
"""
QUITTING = {"q", "ctrl+c"}
KEYS = sorted({key for command in COMMANDS for key in command.keys} - QUITTING)
TYPING = (*"129E:W=[],<", "tab", "shift+tab", "enter", "pagedown", "shift+right", "backspace", "delete", "ctrl+p")


async def back_to_the_debugger(screen: Driven) -> None:
    """Close everything that is open, and end what is under way."""
    debugger, deadline = screen.debugger, time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        await screen.pilot.press("escape")
        if screen.app.screen is debugger and not debugger.asking and not debugger.busy:
            break
    assert screen.app.screen is debugger
    assert not debugger.busy


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long work that sleeps most of the time: the processor is the screen's."""
    begin = Work.begin

    def with_breaks(work: Work, screen: Screen[None], label: str, job: Callable[[Progress], Any], done: Any) -> None:
        def rested(progress: Progress) -> Progress:
            return lambda done, total: time.sleep(0.02) or progress(done, total)  # type: ignore[func-returns-value]

        begin(work, screen, label, lambda progress: job(rested(progress)), done)

    monkeypatch.setattr(Work, "begin", with_breaks)


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("seed", range(2))
async def test_any_keys_and_sizes_while_a_run_is_under_way_leave_a_screen_that_answers(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # sessions may be saved
    chance = random.Random(seed)
    async with driven(parse_scenario(LONG, "long", "long.toml")) as screen:
        for _ in range(25):
            if chance.random() < 0.2:
                await screen.pilot.press(chance.choice(["end", "c", "C"]))
            for _ in range(chance.randrange(6)):
                await screen.pilot.press(chance.choice(KEYS if chance.random() < 0.7 else TYPING))
            if chance.random() < 0.3:
                await screen.pilot.resize_terminal(chance.randint(40, 300), chance.randint(10, 100))
            assert screen.app.is_running
        await back_to_the_debugger(screen)
        await screen.pilot.resize_terminal(120, 40)
        await screen.press("home", "s")
        assert screen.position.startswith("1:")
        assert screen.lines[1].startswith(" iteration ")


@pytest.mark.parametrize("size", [(40, 10), (300, 100)])
async def test_resizing_while_a_run_is_under_way_goes_on_showing_how_far_it_is(size: tuple[int, int]) -> None:
    async with driven(parse_scenario(LONG, "long", "long.toml")) as screen:
        await screen.pilot.press("end")
        await screen.pilot.resize_terminal(*size)
        end = time.monotonic() + LIMIT
        while "b1_next [--" not in screen.message and time.monotonic() < end:
            await screen.pilot.pause(0.05)
        assert "b1_next [--" in screen.message
        await screen.press("escape")
        assert "stopped at" in screen.message


async def test_an_answer_that_was_begun_before_a_run_does_not_change_what_is_being_run() -> None:
    async with driven(parse_scenario(LONG, "long", "long.toml")) as screen:
        await screen.press("s", "e")
        screen.debugger.query_one(Input).value = "W1[0,0] = 5"
        screen.debugger.action_command("end")  # as the palette does it, which opens over the line
        await screen.pilot.pause()
        screen.debugger.query_one(Input).focus()
        await screen.pilot.press("enter")
        assert [*screen.bench.timeline.branches] == ["original"]
        await back_to_the_debugger(screen)


# ── sizes ────────────────────────────────────────────────────────────────────────────────────────────────────

HEAD = (
    'format = 1\ntitle = "large"\nloss = {kind = "squared_error"}\noptimizer = {kind = "sgd", learning_rate = 1e-6}\n'
)
LAYER = '[[layer]]\nkind = "affine"\nunits = %d\ninit = "normal"\nscale = 0.1\n'


def generated(inputs: int, samples: int, outputs: int, *, batch: int, layers: str) -> Scenario:
    formulas = ", ".join(['"x0"'] * outputs)
    data = f"data = {{generate = [{formulas}], inputs = {inputs}, samples = {samples}}}\n"
    training = f'training = {{iterations = 5, draw = "in_order", batch = {batch}}}\n'
    return parse_scenario((HEAD + data + training + layers).encode(), "large", "large.toml")


LARGE: dict[str, Callable[[], Scenario]] = {
    "fifty layers": lambda: generated(4, 8, 2, batch=8, layers=LAYER % 5 * 49 + LAYER % 2),
    "a batch of ten thousand rows": lambda: generated(4, 10_000, 1, batch=10_000, layers=LAYER % 5 + LAYER % 1),
    "a matrix of two thousand by two thousand": lambda: generated(2000, 1, 1, batch=1, layers=LAYER % 2000 + LAYER % 1),
}


@contextmanager
def within_reason() -> Iterator[None]:
    with calls_of(*OURS) as work:
        yield
    assert 1000 < work.calls < MOST_CALLS


@pytest.mark.parametrize("what", LARGE)
async def test_what_is_large_opens_steps_goes_back_and_is_shown(what: str) -> None:
    with within_reason():
        scenario = LARGE[what]()
        async with driven(scenario, (120, 40)) as screen:
            await screen.press("s", "f", "i", "i")
            assert screen.bench.timeline.position.iteration == 3
            shown, values = screen.text, bits(screen.bench.timeline.values())
            await screen.press("I", "i")
            await screen.press("S", "s")
            assert bits(screen.bench.timeline.values()) == values
            assert screen.lines[1] in shown
            await screen.type_position("2:dW1")
            assert screen.position == "2:dW1"
            await screen.press("home")
            assert screen.position == "start"


# ── many forks ───────────────────────────────────────────────────────────────────────────────────────────────


def forked(count: int) -> Timeline:
    """So many forks, each of the one before, here and there in the first iterations."""
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    for number in range(count):
        timeline.goto(f"{1 + number // 10}:E")
        timeline.edit("w1", 0.1 + number / count)
    return timeline


async def test_a_thousand_forks_are_as_usable_as_one(tmp_path: Path) -> None:
    with within_reason():
        timeline = forked(1000)
        assert len(timeline.branches) == 1001
        scenario: Any = timeline
        async with driven(scenario) as screen:
            debugger: DebuggerScreen = screen.debugger
            debugger.action_command("forks")
            await screen.settle()
            assert "fork-1000" in screen.text
            await screen.press("home")
            assert "original" in screen.text
            await screen.press("enter")
            assert "this is original" in screen.message
            assert debugger.bench.timeline.branch.name == "original"
            assert screen.position == "100:E"
            await screen.press("s", "i", "S", "I")
            assert screen.position == "100:E"
            await screen.press("k", "end", "c")
            assert "compared with fork-1000: they differ first at 1:E" in screen.message
            await screen.press("i", "s")
            assert "original | fork-1000" in screen.text
            debugger.bench.timeline.switch("fork-500")
            debugger.bench.show()
            await screen.press("s")
            assert debugger.bench.timeline.moment().parent == "fork-499"
    save_session(timeline, tmp_path / "a.gradstep")
    assert bits(load_session(tmp_path / "a.gradstep").values()) == bits(timeline.values())
