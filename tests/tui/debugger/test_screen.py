"""Claims about the app: every key once, the line to type in, clicks, the wheel, sizes, work that takes long."""

from __future__ import annotations

import random
import time

import pytest

from gradstep.engine import Timeline
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.tui.app import known_themes
from gradstep.tui.debugger.registry import COMMANDS
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.text.drawing import Drawing
from gradstep.tui.text.palette import ROLES
from gradstep.tui.widgets.stage import StageView
from tests.screen import Driven, driven
from tests.walks import RUNNABLE

LONG = b"""
format = 1
title = "A run that takes a while"
[data]
x = [[0.5]]
t = [[1.0]]
[[layer]]
kind = "affine"
W = [[0.1]]
b = [0.0]
[loss]
kind = "squared_error"
[optimizer]
kind = "sgd"
learning_rate = 1e-9
[training]
iterations = 100000000
"""


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_key_draws_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driven() as screen:
        drawn: list[object] = []
        show = StageView.show

        def counted(view: StageView, drawing: Drawing) -> None:
            drawn.append(drawing)
            show(view, drawing)

        monkeypatch.setattr(StageView, "show", counted)
        for number, key in enumerate(("s", "b", "x", "j", "tab", "2", "escape", "p"), start=1):
            await screen.press(key)
            assert len(drawn) == number, key


async def test_every_key_gives_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    async with driven() as screen:
        monkeypatch.setattr(Workbench, "do", lambda bench, name: done.append(name))
        for command in COMMANDS:
            for key in command.keys:
                await screen.pilot.press(key)
    assert done == [command.name for command in COMMANDS for _ in command.keys]


async def test_what_was_done_is_what_is_written() -> None:
    async with driven() as screen:
        assert screen.written == screen.lines
        await screen.type_ahead("space", "space", "x")
        assert screen.position == "1:t"
        assert screen.bench.drawer is not None
        assert screen.written == screen.lines


async def test_while_a_line_is_typed_in_keys_are_letters() -> None:
    async with driven() as screen:
        await screen.press("g", *"12:E")
        assert screen.position == "start"
        assert screen.written[-1].strip() == "12:E"
        await screen.press("enter")
        assert screen.position == "12:E"
        await screen.press("g", "q", "escape", "s")
        assert screen.position == "12:dy"
        assert screen.written == screen.lines


async def test_what_is_typed_right_behind_a_key_that_asks_is_the_answer() -> None:
    async with driven() as screen:
        await screen.type_ahead("s", "g", "3", ":", "E", "enter")
        assert screen.position == "3:E"


async def test_keys_are_taken_in_their_order_before_a_line_within_it_and_after_it() -> None:
    async with driven() as screen:
        await screen.type_ahead("e", "x", "y", "ctrl+u", *"w5=0.98", "backspace", "enter", "s")
        assert screen.timeline_value("w5") == 0.9
        assert screen.bench.timeline.position.step == 1
        await screen.type_ahead("g", "2", "enter", "s")
        assert screen.position == "3:x"


async def test_what_cannot_be_used_is_marked_until_it_is_changed() -> None:
    async with driven() as screen:
        await screen.ask("g", "nowhere")
        line = screen.debugger.query_one("#prompt")
        assert line.has_class("-wrong")
        assert "nowhere" in screen.message
        await screen.press("1")
        assert not line.has_class("-wrong")
        await screen.press("ctrl+u", "enter")
        assert not screen.debugger.asking, "an empty line is closed"


OPENED_BY = (
    "x",
    "h",
    "B",
    "asterisk",
    "f1",
    "f12",
    "question_mark",
    "d",
    "z",
    "g",
    "e",
    "w",
    "a",
    "slash",
    "ctrl+s",
    "o",
    "ctrl+p",
)


async def test_escape_leads_out_of_everything() -> None:
    async with driven(size=(80, 24)) as screen:
        await screen.press("s", "s")
        before = screen.lines[2:-2]
        for key in OPENED_BY:
            await screen.press(key)
            await screen.type_ahead("escape", "escape")
            bench = screen.bench
            assert screen.app.screen is screen.debugger, key
            assert (bench.drawer, bench.full, bench.window.asking) == (None, False, False), key
            if bench.timeline.position.step == 2:
                assert screen.lines[2:-2] == before, key


# ── clicks and the wheel ─────────────────────────────────────────────────────────────────────────────────────


async def click(screen: Driven, x: int, y: int) -> None:
    await screen.pilot.click(offset=(x, y))
    await screen.settle()


def line_of(screen: Driven, part: str) -> int:
    return next(y for y, line in enumerate(screen.lines) if part in line)


async def test_a_clicked_step_is_selected_and_run_to() -> None:
    async with driven() as screen:
        await click(screen, 8, line_of(screen, "E_total = "))
        assert screen.message.startswith("E_total selected")
        await screen.press("t")
        assert screen.position == "1:E"


async def test_a_click_gives_a_panel_the_focus_and_chooses_in_a_drawer() -> None:
    async with driven() as screen:
        await screen.press("s", "B")
        await click(screen, 8, line_of(screen, "E_total = "))
        assert screen.bench.focus == "program"
        y = line_of(screen, "the loss rises")
        await click(screen, screen.lines[y].index("the loss rises"), y)
        assert screen.bench.focus == "drawer"
        assert screen.bench.drawer is not None
        assert screen.bench.drawer.chosen == 1
        assert "▸" in screen.lines[y]


async def test_the_wheel_moves_in_the_program_and_in_a_drawer() -> None:
    async with driven() as screen:
        view = screen.debugger.query_one(StageView)
        view.post_message(view.Scrolled(5, 10, 3))
        await screen.settle()
        assert screen.bench.selected == 0
        await screen.press("question_mark")
        view.post_message(view.Scrolled(60, 20, 3))
        await screen.settle()
        assert screen.bench.drawer is not None
        assert screen.bench.drawer.top == 3


# ── the palette and themes ───────────────────────────────────────────────────────────────────────────────────


async def test_every_command_is_in_the_palette() -> None:
    async with driven() as screen:
        titles = {command.title for command in screen.app.get_system_commands(screen.app.screen)}
        assert {command.label for command in COMMANDS} <= titles


@pytest.mark.parametrize("theme", ["gradstep-light", "nord", "textual-light", "ansi-light"])
async def test_another_theme_changes_colours_and_nothing_else(theme: str) -> None:
    async with driven() as screen:
        await screen.press("s", "s")
        before, style = screen.written, screen.debugger.query_one(StageView).palette.style("text")
        screen.app.theme = theme
        await screen.settle()
        assert screen.written == before
        assert screen.debugger.query_one(StageView).palette.style("text") != style


async def test_every_theme_that_can_be_asked_for_has_all_colours() -> None:
    async with driven(size=(40, 10)) as screen:
        for name in known_themes():
            screen.app.theme = name
            for key in (*ROLES, "quiet", "text on read", "bold loss on written loss", "text on heat -7", "series 6"):
                assert screen.app.palette.style(key).bgcolor is not None, name


# ── sizes ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_resizing_at_any_moment_is_survived() -> None:
    async with driven("relu-softmax-2-3-2") as screen:
        for size in [(40, 10), (300, 100), (5, 3), (80, 24), (120, 40)]:
            await screen.pilot.resize_terminal(*size)
            await screen.press("s")
            assert (len(screen.lines), screen.written) == (size[1], screen.lines)
        assert screen.position == "1:u2"


async def test_a_drawer_stays_open_while_the_terminal_changes_its_size() -> None:
    async with driven() as screen:
        await screen.type_position("1:dW2")
        await screen.press("x")
        for size in [(80, 24), (40, 10), (300, 100), (170, 32), (60, 12), (120, 40)]:
            await screen.pilot.resize_terminal(*size)
            await screen.settle()
            assert "drawer" in screen.debugger.seen
            assert screen.written == screen.lines
            assert any("∂E/∂w5" in line for line in screen.lines)


KEYS = (
    *"sssSnNfFiIgovmpt12:EdWxhBjkzaelYwb*",
    *("question_mark", "up", "down", "tab", "pageup", "pagedown", "shift+tab", "f1", "f12", "ctrl+right"),
    *("home", "end", "enter", "escape", "escape", "asterisk", "delete", "backspace"),
)


@pytest.mark.parametrize("seed", range(4))
async def test_random_keys_and_sizes_break_nothing(seed: int) -> None:
    choose = random.Random(seed)
    async with driven(choose.choice(RUNNABLE), (80, 24)) as screen:
        for _ in range(25):
            await screen.pilot.press(choose.choice(KEYS))
            if choose.random() < 0.1:
                await screen.pilot.resize_terminal(choose.randint(1, 200), choose.randint(1, 60))
        await screen.press("escape", "escape")
        assert screen.app.is_running


# ── long work ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_long_run_shows_progress_and_stops_at_a_real_position() -> None:
    scenario = parse_scenario(LONG, "long", "long.toml")
    async with driven(scenario) as screen:
        await screen.pilot.press("end")
        deadline = time.monotonic() + 20
        while "[" not in screen.message and time.monotonic() < deadline:
            await screen.pilot.pause(0.05)
        assert "of 99,999,999; Esc stops it" in screen.message
        await screen.pilot.press("s")
        assert "Esc stops it" in screen.message
        await screen.press("escape")
        assert "stopped at" in screen.message
        position = screen.bench.timeline.position
        assert 1 < position.iteration < 100_000_000
        straight = Timeline(scenario)
        straight.goto(position)
        assert straight["W1_next"].tobytes() == screen.bench.timeline["W1_next"].tobytes()
        await screen.press("S", "s")
        assert screen.bench.timeline.position == position
