"""Claims about the debugger on the screen: every key once, both directions, errors that leave everything standing."""

from __future__ import annotations

import random
import time

import pytest
from rich.cells import cell_len

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.tui.debugger import files, searching, stepping, stopping, whatif
from gradstep.tui.debugger.looking import by_group
from gradstep.tui.debugger.registry import BY_NAME, COMMANDS
from gradstep.tui.dialogs.help import HelpScreen, help_page
from gradstep.tui.pages.status import where as status
from gradstep.tui.text.glyphs import plain
from gradstep.tui.text.notation import Notation
from tests.screen import driven
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


def test_no_name_and_no_key_stands_for_two_commands() -> None:
    assert len(BY_NAME) == len(COMMANDS)
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


LEADS = {
    "s": "1:x",
    "right": "1:x",
    "s s s S": "1:t",
    "s s left": "1:x",
    "n": "1:t",
    "n n": "1:z1",
    "n n N": "1:t",
    "f f": "1:y",
    "f f F": "1:t",
    "s s s i": "2:u1",
    "s s s i i I": "2:u1",
    "i home": "start",
    "end": "10001:b2_next",
    "down down t": "1:t",
    "f f up up t": "1:z1",
}


async def test_a_key_leads_where_the_help_says() -> None:
    async with driven() as screen:
        for keys, position in LEADS.items():
            await screen.press("home", *keys.split())
            assert screen.position == position, keys


@pytest.mark.parametrize("name", RUNNABLE)
async def test_five_steps_on_and_five_back_show_the_first_screen_again(name: str) -> None:
    async with driven(name) as screen:
        first = screen.text
        await screen.type_ahead(*"sssss")
        assert screen.text != first
        await screen.type_ahead(*"SSSSS")
        assert screen.text == first


async def test_the_ends_of_the_run_say_so() -> None:
    async with driven() as screen:
        await screen.press("S")
        assert "start" in screen.message
        assert screen.position == "start"
        await screen.press("end")
        await screen.press("s")
        assert "ends here" in screen.message
        await screen.press("i")
        assert "ends here" in screen.message
        await screen.press("S", "i")
        assert "is the last" in screen.message
        assert screen.position == "10001:W2_next"


async def test_a_typed_position_is_gone_to_and_a_wrong_one_is_explained() -> None:
    async with driven() as screen:
        await screen.type_position("10000:E")
        assert screen.position == "10000:E"
        assert "+0.000035109" in screen.text
        await screen.type_position("3:dW9")
        assert "did you mean" in screen.message
        assert screen.position == "10000:E"
        await screen.press("escape")
        await screen.type_position(":net_h")
        assert screen.position == "10000:u1"


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


async def test_what_is_not_computed_yet_is_dots_and_never_zeros() -> None:
    async with driven() as screen:
        await screen.press("n", "s")
        now, values = screen.text.split("values")[0], screen.text.split("values")[-1]
        assert "+0.3775" in now
        row = next(line for line in values.splitlines() if "out_h1" in line)
        below = values.splitlines()[values.splitlines().index(row) + 1]
        assert "·" in below
        assert "0.0" not in below[33:]


async def test_a_shared_value_is_said_to_be_shared() -> None:
    async with driven("and-perceptron") as screen:
        await screen.type_position("1:dZ")
        assert "dZ is computed once and shared by ∂E/∂W and ∂E/∂b" in screen.text


async def test_a_foreign_derivative_is_marked_in_the_program_and_at_the_step() -> None:
    async with driven("sgd-regression-as-printed") as screen:
        await screen.type_position("1:delta1")
        assert "▶⚠δ1" in screen.text
        assert "not the derivative of the forward pass" in screen.text
    async with driven("sgd-regression") as screen:
        assert "⚠" not in screen.text


async def test_infinities_and_nan_are_walked_through_calmly(recwarn: pytest.WarningsRecorder) -> None:
    async with driven("sgd-regression-wide") as screen:
        await screen.type_position("11")
        await screen.press(*"ssssssssssss")
        assert "NaN" in screen.text
        assert "inf" in screen.text
    assert not [warning for warning in recwarn if issubclass(warning.category, RuntimeWarning)]


async def test_help_lists_every_command() -> None:
    async with driven(size=(100, 80)) as screen:
        await screen.press("question_mark")
        assert isinstance(screen.app.screen, HelpScreen)
        for command in COMMANDS:
            assert command.help in screen.text
        await screen.press("escape")
        assert screen.app.screen is screen.debugger


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("width", [40, 60, 73, 96])
def test_no_line_of_the_help_is_cut(width: int, ascii: bool) -> None:
    lines = [
        "".join(text for text, _ in line.pieces) for line in help_page(by_group(COMMANDS), width, ascii_only=ascii)
    ]
    assert all(cell_len(line) <= width for line in lines)
    told = " ".join(" ".join(lines).split())
    for command in COMMANDS:
        assert (plain(command.help) if ascii else command.help) in told


def test_what_is_said_of_a_line_to_type_in_fits_in_eighty_columns() -> None:
    for prompt in (stepping.GO_TO, stopping.WATCH, whatif.EDIT, searching.SEARCH, files.SAVE):
        assert cell_len(prompt.hint) <= 78, prompt.hint
        assert cell_len(prompt.placeholder) <= 78, prompt.placeholder


@pytest.mark.parametrize("keys", ["k", "B"])
async def test_lists_name_the_same_keys_for_the_same_thing(keys: str) -> None:
    async with driven(size=(80, 24)) as screen:
        await screen.press(keys)
        assert "Del, Ctrl+D: drop" in screen.text
        assert "Esc closes" in screen.text


@pytest.mark.parametrize("keys", ["h", "d", "ctrl+right"])
async def test_at_the_start_every_key_says_alike_that_nothing_has_run(keys: str) -> None:
    async with driven() as screen:
        await screen.press(keys)
        assert screen.message == "nothing has run yet; s runs the first step"


async def test_the_end_of_a_run_of_one_iteration_is_said_in_the_singular() -> None:
    async with driven("apples-and-oranges") as screen:
        await screen.press("end", "s")
        assert screen.message.startswith("the run ends here: its only iteration has run;")


async def test_names_digits_and_a_clicked_number_change_what_is_shown() -> None:
    async with driven() as screen:
        await screen.type_position("1:dW2")
        assert "out_h1" in screen.text
        assert "0.593269992 × 0.138498562 = 0.082167041" in screen.text
        await screen.press("m")
        assert "out_h1" not in screen.text
        await screen.press("p", "p", "p", "p")
        assert repr(float(screen.bench.timeline["dw5"])) in screen.text
        await screen.press("m", "p")
        y = next(y for y, line in enumerate(screen.lines) if "W1 " in line[33:] and y > 16)
        await screen.pilot.click(offset=(screen.lines[y + 1].index("+0.15") + 1, y + 1))
        await screen.pilot.pause()
        assert "w1: where training begins" in screen.text


@pytest.mark.parametrize(
    ("name", "position", "others"),
    [("sgd-regression", "2:z1", True), ("sgd-regression", "2:db1", False), ("mazur-2-2-2", "2:z1", False)],
)
async def test_what_is_compared_with_other_rows_is_said_to_be(name: str, position: str, others: bool) -> None:
    async with driven(name, (120, 120)) as screen:
        await screen.type_position(position)
        assert "change since iteration 1" in screen.text
        assert ("the rows of iteration 1 were others" in screen.text) == others


async def test_a_clicked_step_is_selected_and_run_to() -> None:
    async with driven() as screen:
        y = next(y for y, line in enumerate(screen.lines) if "E_total = " in line[:33])
        await screen.pilot.click(offset=(8, y))
        await screen.press("t")
        assert screen.position == "1:E"


@pytest.mark.parametrize("name", ["mazur-2-2-2", "sgd-regression-wide", "apples-and-oranges"])
async def test_every_size_shows_where_we_are(name: str) -> None:
    sizes = [(40, 10), (80, 24), (120, 40), (200, 60), (300, 100)]
    async with driven(name, sizes[0]) as screen:
        for size in sizes:
            await screen.pilot.resize_terminal(*size)
            await screen.type_ahead("home", "f", "s", "v", "v", "i")
            assert screen.lines[1].startswith(" iteration ")
            assert all(len(line) <= size[0] for line in screen.lines)


@pytest.mark.parametrize("name", ["mazur-2-2-2", "two-layer-digits", "relu-softmax-2-3-2"])
@pytest.mark.parametrize("where", ["1:y", "2:x", "2:E", "2"])
def test_the_status_keeps_the_loss_longest(name: str, where: str) -> None:
    timeline = Timeline(load_scenario(name))
    timeline.goto(where)
    moment, notation = timeline.moment(), Notation(timeline.names)
    loss = notation.symbol("E")
    for width in range(50, 130):
        assert f" {loss} " in f"{status(moment, notation, width)[1]} ", width
    lines = [status(moment, notation, width)[1] for width in range(10, 200)]
    assert all(cell_len(line) <= width for width, line in enumerate(lines, start=10))
    assert [len(line) for line in lines] == sorted(map(len, lines))
    assert all(line == lines[-1] for line in lines[140:])


async def test_resizing_at_any_moment_is_survived() -> None:
    async with driven("relu-softmax-2-3-2") as screen:
        for size in [(40, 10), (300, 100), (5, 3), (80, 24), (120, 40)]:
            await screen.pilot.resize_terminal(*size)
            await screen.press("s")
        assert screen.position == "1:u2"


async def test_wide_characters_break_no_table() -> None:
    async with driven("relu-softmax-2-3-2") as screen:
        await screen.type_position("1:delta1")
        names = load_scenario("relu-softmax-2-3-2").names
        assert names.own_name("u1") == "総入力1"
        assert "総入力1" in screen.text


KEYS = (
    *"sssSnNfFiIgovmpt12:EdW",
    *("question_mark", "up", "down", "tab", "pageup", "pagedown", "shift+left", "shift+right"),
    *("home", "end", "enter", "escape", "escape"),
)


@pytest.mark.parametrize("seed", range(6))
async def test_random_keys_and_sizes_break_nothing(seed: int) -> None:
    choose = random.Random(seed)
    async with driven(choose.choice(RUNNABLE), (80, 24)) as screen:
        for _ in range(25):
            await screen.pilot.press(choose.choice(KEYS))
            if choose.random() < 0.1:
                await screen.pilot.resize_terminal(choose.randint(1, 200), choose.randint(1, 60))
        await screen.press("escape", "escape")
        assert screen.app.is_running
