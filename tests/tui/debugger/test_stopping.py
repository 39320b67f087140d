"""Claims about breakpoints, conditions and watches on the screen: each key does what it says."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from gradstep.engine import load_scenario
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.stops.stops import BUILT_IN
from gradstep.engine.timeline.series import HistoryError
from gradstep.tui.dialogs.choices import ChoicesScreen
from tests.screen import driven
from tests.tui.debugger.test_screen import LONG

BELOW_BUILT_IN = ["down"] * len(BUILT_IN)  # to the first of a list that is not always there
SILENT = Path(__file__).parents[2] / "data" / "cases" / "dead-relu-in-silence.toml"


async def test_a_breakpoint_is_set_on_the_step_that_ran_shown_and_taken_away() -> None:
    async with driven() as screen:
        await screen.press(*"ssssb")
        assert "●▶ out_h" in screen.text
        assert "breakpoint on out_h" in screen.message
        await screen.press("c")
        assert screen.position == "2:z1"
        assert "stopped at 2:z1" in screen.message
        await screen.press("c", "C")
        assert screen.position == "2:z1"
        await screen.press("b")
        assert "●" not in screen.text
        assert "no breakpoint on out_h any more" in screen.message


async def test_a_breakpoint_goes_to_the_selected_step() -> None:
    async with driven() as screen:
        await screen.press("b")
        assert "no step is selected" in screen.message
        await screen.press("down", "down", "b", "c")
        assert screen.position == "1:t"


async def test_without_a_stop_the_run_goes_to_its_end_and_says_so() -> None:
    async with driven("and-perceptron") as screen:
        await screen.press("C")
        assert "this is the start" in screen.message
        await screen.press("c")
        assert screen.position == "1000:b1_next"
        assert "no stop lies ahead; this is the end of the run" in screen.message
        await screen.press("c")
        assert "the run ends here" in screen.message
        await screen.press("C")
        assert screen.position == "start"
        assert "no stop lies before; this is the start" in screen.message


async def test_the_first_number_that_is_not_finite_is_named() -> None:
    async with driven("sgd-regression-wide") as screen:
        await screen.press("c")
        assert screen.position == "5:db2"
        assert "stopped at 5:db2: The gradient of b2" in screen.message
        await screen.press("c")
        assert screen.position == "11:E"
        assert "E became infinite at 11:E, from finite operands" in screen.message
        await screen.press("S")
        assert np.isfinite(screen.bench.timeline["y"]).all()


async def test_where_units_die_the_run_stops_and_the_message_says_which() -> None:
    async with driven(load_scenario(str(SILENT))) as screen:
        await screen.type_position("12")
        await screen.press("c")
        assert screen.position == "13:u1"
        assert "stopped at 13:u1: 10 of 10 ReLU units of u1 (layer 1) are dead" in screen.message


async def test_conditions_are_typed_switched_and_dropped_in_a_list() -> None:
    async with driven() as screen:
        await screen.press("B")
        assert isinstance(screen.app.screen, ChoicesScreen)
        await screen.answer("E < 0.01")
        assert "● E < 0.01" in screen.text
        await screen.answer("nonsense")
        assert '"nonsense" is not a symbol' in screen.text
        await screen.press("ctrl+u")
        await screen.press(*BELOW_BUILT_IN, "enter")
        assert "○ E < 0.01" in screen.text
        await screen.press("enter")
        assert "● E < 0.01" in screen.text
        await screen.press("up", "delete")
        assert "always there" in screen.text
        await screen.press("escape", "c")
        assert screen.timeline_value("E") < 0.01
        before = screen.position
        await screen.press("S", "c")
        assert screen.position == before
        await screen.press("B", *BELOW_BUILT_IN, "ctrl+d", "escape")
        assert len(screen.bench.timeline.stops) == len(BUILT_IN)


async def test_a_watch_shows_its_value_and_how_it_changed() -> None:
    async with driven() as screen:
        await screen.type_position("2:out_o")
        await screen.press("w")
        await screen.answer("E")
        assert "E = +0.298371109 (iteration 1)" in screen.text
        await screen.press("s")
        assert "E = +0.291027774" in screen.text
        assert "was +0.298371, -0.007343" in screen.text
        await screen.press("w")
        await screen.answer("E <")
        assert "expected a value" in screen.message
        await screen.press("escape")
        assert "E <" not in screen.text


async def test_a_watch_that_looks_back_is_shown_but_its_change_is_not_stopped_at() -> None:
    async with driven() as screen:
        await screen.type_position("2")
        await screen.press("w")
        await screen.answer("w1 - prev(w1)")
        assert f"w1 - prev(w1) = {screen.timeline_value('w1') - 0.15:.6f}" in screen.text
        await screen.press("B", *BELOW_BUILT_IN, "enter")
        assert "looks back an iteration itself" in screen.text
        assert not screen.bench.timeline.stops[-1].enabled


async def test_the_notes_can_be_seen_on_a_small_screen() -> None:
    async with driven(size=(80, 24)) as screen:
        await screen.press("w")
        await screen.answer("w5")
        await screen.press("v", "v", "v")
        assert "w5 = +0.4" in screen.text
        await screen.press("v")
        assert "w5 = +0.4" not in screen.text


async def test_a_search_that_takes_long_shows_progress_and_is_stopped_at_a_real_position() -> None:
    async with driven(parse_scenario(LONG, "long", "long.toml")) as screen:
        screen.bench.timeline.stops = ()
        await screen.pilot.press("c")
        deadline = time.monotonic() + 20
        while "[" not in screen.message and time.monotonic() < deadline:
            await screen.pilot.pause(0.05)
        assert "running to the next stop" in screen.message
        await screen.press("escape")
        assert "no stop was hit so far" in screen.message
        assert screen.bench.timeline.position.iteration > 1
        await screen.press("s", "S")


async def test_a_replay_that_does_not_come_out_again_is_an_error_and_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    async with driven() as screen:

        def broken(*words: object) -> bool:
            raise HistoryError("replaying came to something else")

        monkeypatch.setattr(screen.bench.timeline, "goto", broken)
        await screen.press("s")
        assert "came to something else" in screen.message
        await screen.press("end")
        assert "came to something else" in screen.message
        assert screen.position == "start"
