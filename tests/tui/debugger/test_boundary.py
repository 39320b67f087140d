"""Claims about what goes wrong in the program itself: it becomes a message, nothing is lost, and the run goes on."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import numpy as np
import pytest
from textual.widgets import Input

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.errors import Problem
from gradstep.engine.recovery import is_worth_keeping, keep_session, kept_session
from gradstep.engine.remembered import mark_seen
from gradstep.tui.app import TOUR
from gradstep.tui.debugger import boundary, screen
from gradstep.tui.debugger.boundary import fault_of, settle
from gradstep.tui.debugger.registry import BY_NAME, COMMANDS
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.text.faults import OURS
from tests.screen import Still, driven, timeline_of

SAID = "an error of gradstep's own, please report it: "


def fails(*_: object, **__: object) -> NoReturn:
    """Nobody expected it."""
    raise ZeroDivisionError("nobody expected it")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A folder for what is remembered, in which the tour has been shown."""
    mark_seen(TOUR, tmp_path / "state")
    return tmp_path / "state"


# ── every kind of handler ────────────────────────────────────────────────────────────────────────────────────


async def test_a_command_that_fails_is_a_message_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BY_NAME, "why", replace(BY_NAME["why"], act=fails))
    async with driven(guarded=True) as app:
        await app.press("s", "h")
        assert app.message.startswith(f"{SAID}ZeroDivisionError: nobody expected it")
        await app.press("s")
        assert app.bench.timeline.position.step == 2
        assert app.message == ""


async def test_what_is_raised_is_the_tests_where_nothing_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BY_NAME, "why", replace(BY_NAME["why"], act=fails))
    with pytest.raises(ZeroDivisionError):
        async with driven() as app:
            await app.press("s", "h")


async def test_work_that_fails_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def begin(bench: Workbench) -> None:
        bench.work("something long", fails, fails)

    monkeypatch.setitem(BY_NAME, "why", replace(BY_NAME["why"], act=begin))
    async with driven(guarded=True) as app:
        await app.press("s", "h")
        assert "ZeroDivisionError" in app.message
        assert app.debugger.busy == ""
        await app.press("i")
        assert app.bench.timeline.position.iteration == 2


async def test_a_drawer_that_cannot_be_drawn_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driven(guarded=True) as app:
        await app.press("s", "s", "h")
        assert app.bench.drawer is not None
        monkeypatch.setattr(app.bench.drawer, "page", fails)
        await app.press("s")
        assert app.bench.drawer is None
        assert "ZeroDivisionError" in app.message
        assert app.bench.timeline.position.step == 3
        assert "program" in app.text


async def test_a_screen_that_cannot_be_drawn_at_all_shows_the_message_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driven(guarded=True) as app:
        whole = screen.stage
        monkeypatch.setattr(screen, "stage", fails)
        await app.press("s")
        assert app.lines[0].startswith(SAID)
        assert not any(line.strip() for line in app.lines[3:])
        monkeypatch.setattr(screen, "stage", whole)
        await app.press("s")
        assert "program" in app.text
        assert app.bench.timeline.position.step == 2


async def test_a_widget_of_textuals_that_fails_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driven(guarded=True) as app:
        await app.press("g")
        with monkeypatch.context() as patch:
            patch.setattr(Input, "_on_key", fails)
            await app.press("5")
        assert "ZeroDivisionError" in app.message
        await app.type_position("5")
        assert app.bench.timeline.position.iteration == 5
        assert "program" in "\n".join(app.written)


async def test_a_dialog_that_fails_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driven(guarded=True) as app:
        await app.press("o")
        assert app.app.screen is not app.debugger
        with monkeypatch.context() as patch:
            patch.setattr(Input, "_on_key", fails)
            await app.press("x")
        assert app.app.screen is app.debugger
        assert "ZeroDivisionError" in app.message
        await app.press("s")
        assert app.bench.timeline.position.step == 1


async def test_faults_without_end_are_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary, "WITHIN", 1e9)
    async with driven(guarded=True) as app:
        for _ in range(boundary.MOST_FAULTS + 1):
            app.debugger.post_message(screen.Arrived(fails))
        await app.pilot.pause()
        assert app.app.return_code == 1


def test_a_fault_is_told_with_its_place_in_one_line() -> None:
    try:
        Timeline(load_scenario("apples")).goto("no position\n" * 100)
    except Problem as error:
        said = fault_of(error, None)
    assert said.startswith(SAID + "PositionError: ")
    assert "\n" not in said
    assert len(said) < 300
    file, line = said.rpartition("(in ")[2].rstrip(")").split(":")
    assert "def " not in (OURS / file).read_text(encoding="utf-8").split("\n")[int(line) - 1]


# ── the session that is kept ─────────────────────────────────────────────────────────────────────────────────


async def test_a_fault_keeps_the_session_and_the_next_start_offers_it(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BY_NAME, "why", replace(BY_NAME["why"], act=fails))
    async with driven(guarded=True, state=state) as app:
        await app.press("i", "s", "s")
        await app.ask("e", "w5 = 0.9")
        await app.press("i", "s", "h")
        value, position = app.bench.timeline["W2"], app.position
        kept = kept_session(app.bench.timeline.scenario, state)
        assert kept is not None
        assert str(kept) in app.message
        app.app.exit(return_code=1)
    async with driven(guarded=True, state=state) as app:
        assert "Open the session that was kept then?" in app.text
        await app.press("y")
        assert app.position == position
        assert np.array_equal(app.bench.timeline["W2"], value)
        assert len(app.bench.timeline.branches) == 2
        await app.press("q")
        assert "the forks are in no session" in app.message.lower()
        await app.answer("y")
    assert not kept.exists()


@pytest.mark.parametrize(("key", "remains"), [("n", False), ("escape", True), ("ctrl+c", True)])
async def test_a_session_that_was_kept_is_dropped_or_offered_again(key: str, remains: bool, state: Path) -> None:
    timeline = timeline_of("apples")
    timeline.step()
    kept = keep_session(timeline, state)
    async with driven("apples", guarded=True, state=state) as app:
        await app.press(key, "s")
        assert app.bench.timeline.position.step == 1
        await app.press("q")
    assert kept.exists() is remains


async def test_keys_that_do_not_answer_whether_it_is_opened_are_told_what_is_awaited(state: Path) -> None:
    timeline = timeline_of("apples")
    timeline.step()
    keep_session(timeline, state)
    async with driven("apples", guarded=True, state=state) as app:
        assert "y, n or Esc?" not in app.text
        await app.type_ahead("s", "space", "c", "q", "question_mark")
        assert "y, n or Esc?" in app.text
        assert app.bench.timeline.position.step == 0
        await app.press("enter")
        assert app.bench.timeline.position.step == 1
        assert app.app.screen is app.debugger


@pytest.mark.parametrize("key", ["n", "escape"])
async def test_who_does_not_open_it_is_where_the_start_leads(key: str, state: Path) -> None:
    timeline = timeline_of("apples")
    timeline.step()
    keep_session(timeline, state)
    async with driven("apples", guarded=True, state=state, position=timeline.position) as app:
        await app.press(key)
        assert app.bench.timeline.position == timeline.position


async def test_a_session_that_fits_no_more_is_refused_and_the_run_is_there(state: Path) -> None:
    timeline = timeline_of("apples")
    timeline.step()
    kept = keep_session(timeline, state)
    kept.write_text(kept.read_text(encoding="utf-8").replace('"digest": "', '"digest": "0'), encoding="utf-8")
    async with driven("apples", guarded=True, state=state) as app:
        await app.press("y")
        assert "changed" in app.message
        await app.press("escape", "s")
        assert app.bench.timeline.position.step == 1


async def test_who_quits_after_a_fault_leaves_nothing_behind(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BY_NAME, "why", replace(BY_NAME["why"], act=fails))
    async with driven("apples", guarded=True, state=state) as app:
        await app.press("s", "h")
        assert kept_session(app.bench.timeline.scenario, state) is not None
        await app.press("q")
    assert kept_session(load_scenario("apples"), state) is None


def test_nothing_is_kept_of_a_run_at_its_start() -> None:
    timeline = timeline_of("apples")
    assert not is_worth_keeping(timeline)
    timeline.step()
    assert is_worth_keeping(timeline)


# ── memory that runs out anywhere ────────────────────────────────────────────────────────────────────────────


@contextmanager
def running_out_at(call: int) -> Iterator[list[int]]:
    """No memory at the n-th call of a function of ours; 0 for never. Gives how many there were."""
    ours, count = str(OURS), [0]

    def called(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(ours):
            count[0] += 1
            if count[0] == call:
                raise MemoryError

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        yield count
    finally:
        sys.setprofile(before)


SHORT = "relu-softmax-2-3-2"  # two iterations
ANSWERS = {"goto": "2", "edit": "W1[0,0] = 0.9", "break": "E < 1", "watch": "E + 1", "search": "W"}


def act(still: Still, name: str) -> None:
    """A command, with an answer where it asks, and the screen after it."""
    still.bench.do(name)
    still.finish()
    if still.prompt is not None and name in ANSWERS:
        still.bench.answer(still.prompt, ANSWERS[name])
        still.finish()
    assert still.stage


def begun() -> Still:
    return Still(SHORT, (80, 24)).goto("2:E")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # in a generator that nobody waits for
@pytest.mark.parametrize("name", [each.name for each in COMMANDS if not each.name.startswith("panel_")])
def test_memory_that_runs_out_within_a_command_changes_no_number(name: str) -> None:
    clean = begun()
    with running_out_at(0) as count:
        act(clean, name)
    draw = random.Random(name)
    for place in {1, draw.randrange(1, count[0] + 1), draw.randrange(1, count[0] + 1)}:
        still = begun()
        try:
            with running_out_at(place):
                act(still, name)
        except MemoryError:
            still.busy = ""
            settle(still.bench)
            still.draw()
        assert still.stage
        assert_the_same_run(still.bench.timeline, f"{name}, at call {place} of {count[0]}")


def assert_the_same_run(timeline: Timeline, where: str) -> None:
    """The original is as it always is."""
    timeline.switch(next(iter(timeline.branches)))
    for position, values in true_values().items():
        timeline.goto(position)
        for symbol, value in values.items():
            assert np.array_equal(timeline[symbol], value), (where, position, symbol)


@cache
def true_values() -> dict[str, dict[str, Any]]:
    """What a run without faults has."""
    found: dict[str, dict[str, Any]] = {}
    timeline = timeline_of(SHORT)
    for position in ("1:E", "2", "2:E", "2:dW1"):
        timeline.goto(position)
        found[position] = {name: value.copy() for name, value in timeline.moment().values.items()}
    return found
