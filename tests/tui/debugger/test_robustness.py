"""Claims about what nothing on the screen breaks: any keys at any moment, sizes, many forks."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen
from textual.widgets import Input

from gradstep import engine, tui
from gradstep.engine import Timeline, load_scenario
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.sessions import load_session, save_session
from gradstep.tui.debugger.registry import COMMANDS
from gradstep.tui.debugger.screen import DebuggerScreen
from gradstep.tui.debugger.work import Work
from tests.screen import Driven, driven
from tests.walks import bits
from tests.work import calls_of

LIMIT = 60.0  # seconds until something is given up


OURS = [Path(package.__file__).parent for package in (engine, tui) if package.__file__]


MOST_CALLS = 10_000_000  # of them, for anything of these sizes


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
        assert screen.written == screen.lines


@pytest.mark.parametrize("size", [(40, 10), (300, 100)])
async def test_resizing_while_a_run_is_under_way_goes_on_showing_how_far_it_is(size: tuple[int, int]) -> None:
    async with driven(parse_scenario(LONG, "long", "long.toml")) as screen:
        await screen.pilot.press("end")
        await screen.pilot.resize_terminal(*size)
        end = time.monotonic() + LIMIT
        while "b1⁺ [--" not in screen.message and time.monotonic() < end:
            await screen.pilot.pause(0.05)
        assert "b1⁺ [--" in screen.message
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


async def test_three_hundred_forks_are_as_usable_as_one(tmp_path: Path) -> None:
    with within_reason():
        timeline = forked(300)
        assert len(timeline.branches) == 301
        scenario: Any = timeline
        async with driven(scenario) as screen:
            debugger: DebuggerScreen = screen.debugger
            debugger.action_command("forks")
            await screen.settle()
            assert "fork-300" in screen.text
            assert debugger.bench.drawer is not None
            debugger.bench.drawer.chosen = 0
            debugger.bench.show()
            await screen.settle()
            assert "original" in screen.text
            await screen.press("enter")
            assert "this is original" in screen.message
            assert debugger.bench.timeline.branch.name == "original"
            assert screen.position == "30:E"
            await screen.press("s", "i", "S", "I")
            assert screen.position == "30:E"
            debugger.bench.drawer.chosen = 300
            await screen.press("K")
            assert "compared with fork-300: they part at 1:E_total" in screen.message
            await screen.press("i", "s")
            assert debugger.bench.view.other == "fork-300"
            debugger.bench.timeline.switch("fork-150")
            debugger.bench.show()
            await screen.press("s")
            assert debugger.bench.timeline.moment().parent == "fork-149"
    save_session(timeline, tmp_path / "a.gradstep")
    assert bits(load_session(tmp_path / "a.gradstep").values()) == bits(timeline.values())
