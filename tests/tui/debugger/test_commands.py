"""Claims about breakpoints, watches, forks, searches, images and sessions on the screen: each key does what it says."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.sessions import read_session, save_session
from gradstep.engine.stops.trigger import watch
from gradstep.engine.timeline.branches import Branch
from gradstep.engine.timeline.restore import Restorer
from gradstep.engine.timeline.series import HistoryError
from gradstep.engine.timeline.watches import watch_value
from gradstep.tui.debugger.stepping import QUICK
from gradstep.tui.dialogs.choices import ChoicesScreen
from gradstep.tui.dialogs.pictures import PicturesScreen
from tests.screen import Driven, driven
from tests.tui.debugger.test_screen import LONG


async def cleared(screen: Driven) -> None:
    """An empty line to type in."""
    await screen.press("ctrl+u")


# ── stopping ─────────────────────────────────────────────────────────────────────────────────────────────────


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
        assert screen.position == "11:E"
        assert "E became infinite at 11:E, from finite operands" in screen.message
        await screen.press("S")
        assert np.isfinite(screen.bench.timeline["y"]).all()


async def test_conditions_are_typed_switched_and_dropped_in_a_list() -> None:
    async with driven() as screen:
        await screen.press("B")
        assert isinstance(screen.app.screen, ChoicesScreen)
        await screen.answer("E < 0.01")
        assert "● E < 0.01" in screen.text
        await screen.answer("nonsense")
        assert '"nonsense" is not a symbol' in screen.text
        await cleared(screen)
        await screen.press("down", "down", "enter")
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
        await screen.press("B", "down", "down", "ctrl+d", "escape")
        assert len(screen.bench.timeline.stops) == 2


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
        await screen.press("B", "down", "down", "enter")
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


# ── what if ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_value_is_changed_from_here_on_and_the_original_stays() -> None:
    async with driven() as screen:
        await screen.type_position("3:E")
        original = screen.timeline_value("E")
        await screen.press("S", "e")
        await cleared(screen)
        await screen.answer("w5 = w6 * 2")
        assert screen.message.startswith("fork-1: w5 = 0.7337")
        assert "<fork-1>" in screen.text
        assert "fork-1 of original" in screen.text
        await screen.press("I", "i")
        assert screen.timeline_value("w5") == pytest.approx(0.7337009444926174)
        await screen.press("S")
        assert screen.timeline_value("w5") != pytest.approx(0.7337009444926174)
        await screen.press("k", "up", "enter")
        assert screen.message == "this is original"
        assert "<fork-1>" not in screen.text
        await screen.type_position("3:E")
        assert screen.timeline_value("E") == original


async def test_a_value_that_is_set_to_itself_makes_no_fork() -> None:
    async with driven() as screen:
        await screen.press("i", "e", "enter")
        assert screen.message == "nothing was changed: b2⁺[0] is 0.6 already"
        assert list(screen.bench.timeline.branches) == ["original"]
        await screen.ask("e", "b2[0] = 0.3 * 2")
        assert "nothing was changed" in screen.message
        await screen.ask("e", "b2[0] = 0.7")
        assert screen.message == "fork-1: b2⁺[0] = 0.7 at 1:b2_next (was 0.6); k lists the forks"


async def test_symbols_can_be_typed_as_they_are_shown() -> None:
    async with driven() as screen:
        await screen.type_position("2:W2_next")
        for text, found in (
            ("η", "η = 0.5"),
            ("∂E/∂w7", "∂E/∂w7 = "),
            ("W1⁺[0,1]", "w3⁺ = "),
            ("∂E/∂W1[1,1]", "∂E/∂w4 = "),
        ):
            await screen.ask("slash", text)
            assert screen.message.startswith(found), text
        await screen.ask("slash", "∂")
        assert "1 of " in screen.message
        await screen.ask("g", "3:δ1")
        assert screen.position == "3:delta1"
        await screen.ask("w", "norm(∂E/∂W2)")
        await screen.ask("e", "η = η / 2")
        assert screen.message.startswith("fork-1: η = 0.25")
        await screen.press("B")
        await cleared(screen)
        await screen.answer("W2⁺ if ∂E/∂w5 > δ2[0,0]")
        watched, stop = screen.bench.timeline.stops[2:]
        assert watched.when == "norm(dW2)"
        assert str(stop) == "W2_next if dw5 > delta2[0,0]"


async def test_what_cannot_be_changed_says_why_and_leaves_the_line_open() -> None:
    async with driven() as screen:
        await screen.press("s", "e")
        for text, problem in (
            ("0.5", "nothing is set"),
            ("w9 = 1", "did you mean"),
            ("W1 = 1", "expected one element of it"),
            ("dw5 = 1", "no value yet"),
            ("w5 = q", "not a symbol"),
            ("w5 = W1", "no single number"),
            ("W1[5,5] = 1", "no element"),
        ):
            await cleared(screen)
            await screen.answer(text)
            assert problem in screen.message, text
        await screen.press("escape")
        assert len(screen.bench.timeline.branches) == 1


async def test_the_line_for_a_change_holds_what_was_clicked_or_the_step_s_first_element() -> None:
    async with driven() as screen:
        await screen.press(*"sss", "e")
        assert screen.debugger.query_one("#prompt").value == "net_h1 = 0.3775"  # type: ignore[attr-defined]


async def test_two_branches_are_compared_side_by_side() -> None:
    async with driven(size=(200, 60)) as screen:
        await screen.press("K")
        assert "no fork to compare with" in screen.message
        await screen.type_position("3:x")
        await screen.ask("e", "w5 = 0.9")
        await screen.type_position("3:E")
        await screen.press("K")
        assert "compared with original: they differ first at 3:x" in screen.message
        assert "W2 in original" in screen.text
        assert "the same in both: " in screen.text
        await screen.press("K")
        assert "W2 in original" not in screen.text


async def test_what_was_forked_from_a_dropped_fork_says_so() -> None:
    async with driven() as screen:
        for position, edit in (("1:u1", "w5 = 0.9"), ("1:z1", "w6 = 0.9")):
            await screen.type_position(position)
            await screen.ask("e", edit)
        assert "fork-2 of fork-1" in screen.text
        await screen.press("k", "down", "ctrl+d")
        assert "of a dropped fork" in screen.text
        await screen.press("escape")
        assert "fork-2 of a dropped fork" in screen.text
        assert "w5 = 0.9 at 1:u1 (fork-1)" in screen.text


async def test_a_fork_is_dropped_in_the_list() -> None:
    async with driven() as screen:
        await screen.press("s", "e")
        await cleared(screen)
        await screen.answer("w5 = 0.9")
        await screen.press("k", "delete")
        assert "cannot be dropped" in screen.text
        await screen.press("down", "ctrl+d", "escape")
        assert list(screen.bench.timeline.branches) == ["original"]
        assert screen.bench.timeline.branch.name == "original"


# ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_search_finds_symbols_labels_elements_and_the_largest() -> None:
    async with driven() as screen:
        await screen.type_position("1:W2_next")
        await screen.press("slash")
        await screen.answer("dw7")
        assert "∂E/∂w7 = " in screen.message
        await screen.press("slash")
        await screen.answer("largest W2")
        assert "w8 = 0.55" in screen.message
        await screen.press("slash")
        await screen.answer("out_")
        assert "1 of" in screen.message
        first = screen.message
        await screen.press("comma")
        assert "2 of" in screen.message
        await screen.press("full_stop")
        assert screen.message == first
        await screen.press("slash")
        await screen.answer("zzz")
        assert "is not a symbol" in screen.message


async def test_an_element_far_away_is_brought_into_view() -> None:
    async with driven("two-layer-digits", (80, 24)) as screen:
        await screen.press("i", "slash")
        await screen.answer("W1[60,47]")
        value = screen.bench.timeline["W1"][60, 47]
        assert f"[{value:+.6e}]" in screen.text or f"[{value:+.6f}]" in screen.text


async def test_inputs_and_weights_are_seen_as_images() -> None:
    async with driven("two-layer-digits", (80, 24)) as screen:
        await screen.press("f", "y", "tab", "tab", "tab")
        assert isinstance(screen.app.screen, PicturesScreen)
        assert "x[0], row 0 of 100 drawn" in screen.text
        assert "█" in screen.text
        await screen.press("right")
        assert "x[1], row 1 of 100 drawn" in screen.text
        await screen.press("tab")
        assert "weights into unit 0 of 50" in screen.text
        await screen.press("t")
        assert "█" not in screen.text
        await screen.press("escape")
        assert screen.app.screen is screen.debugger


async def test_the_net_is_seen_while_it_is_stepped_through() -> None:
    async with driven(size=(120, 40)) as screen:
        await screen.press("y")
        assert "[net] | heat map | learned | norms" in screen.text
        assert "E ·" in screen.text
        await screen.press(*"sssssss")
        assert screen.position == "1:E"
        assert "E +0.2984" in screen.text or "E +0.29837" in screen.text
        await screen.press("S", "t")
        assert screen.position == "1:y"
        assert "out_o1" in screen.text


async def test_each_picture_has_its_text() -> None:
    async with driven("sgd-regression", (120, 40)) as screen:
        await screen.type_position("30")
        await screen.press("y", "tab")
        assert "[heat map]" in screen.text
        await screen.press("tab")
        assert "[learned]" in screen.text
        picture = screen.text
        await screen.press("t")
        assert screen.text != picture
        await screen.press("tab")
        assert "size of the update relative to W1" in screen.text
        await screen.press("t")
        assert "norm of ∂E/∂W1" in screen.text


async def test_a_picture_of_a_run_that_diverged_is_drawn_all_the_same() -> None:
    async with driven("sgd-regression-wide", (80, 24)) as screen:
        await screen.type_position("20:dW1")
        for keys in ("y", "tab", "tab", "tab", "t", "tab", "tab", "tab"):
            await screen.press(keys)
        await screen.press("escape")
        assert screen.app.screen is screen.debugger


async def test_the_curve_is_linear_logarithmic_or_that_of_an_accuracy_or_a_watch() -> None:
    async with driven("two-layer-digits") as screen:
        await screen.type_position("150")
        assert screen.curve_frame == ("loss (linear)", "l: log")
        await screen.press("l")
        assert "the curve of the loss, logarithmic" in screen.message
        assert screen.curve_frame == ("loss (log)", "l: accuracy_train")
        await screen.press("l")
        assert screen.curve_frame == ("accuracy_train (linear)", "l: accuracy_test")
        await screen.press("l")
        assert screen.curve_frame == ("accuracy_test (linear)", "l: loss, linear")
        assert "+0.845118 at the end of 150" in screen.text
        await screen.press("w")
        await screen.answer("norm(W1)")
        assert screen.curve_frame == ("accuracy_test (linear)", "l: norm(W1)")
        await screen.press("l")
        assert "the curve of norm(W1), at the end of each iteration so far" in screen.message
        norm = float(np.linalg.norm(screen.bench.timeline["W1"]))
        assert f"+{norm:.5f}"[:6] in screen.text
        assert "at the end of 150" in screen.text
        await screen.press("l")
        assert screen.curve_frame == ("loss (linear)", "l: log")
        assert "E = +" in screen.text


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_frame_of_the_curve_says_on_which_axis_it_is_and_what_follows(size: tuple[int, int]) -> None:
    async with driven(size=size) as screen:
        await screen.press("l")
        await screen.type_position("50")
        after = "" if size[0] > 80 else "  v: step"
        frames = [("loss (log)", f"l: linear{after}"), ("loss (linear)", f"l: log{after}")]
        assert screen.curve_frame == frames[0]
        assert "loss (log)" in screen.text
        assert f"l: linear{after}" in screen.text
        await screen.press("l")
        assert screen.curve_frame == frames[1]


async def test_the_frame_of_the_curve_shows_an_element_as_it_was_typed() -> None:
    async with driven() as screen:
        await screen.press("i", "w")
        await screen.answer("W1[0,0]")
        await screen.press("l", "l")
        assert "W1[0,0] (linear)" in screen.text


async def test_above_the_curve_stands_what_the_status_line_says_of_the_loss() -> None:
    async with driven() as screen:
        assert screen.caption == "nothing has run yet"
        await screen.press("f", "f")
        assert screen.caption == "1  E_total not yet"
        await screen.press("s")
        assert screen.caption == "1  E_total = +0.298371"
        await screen.type_position("3:E")
        await screen.type_position("1:t")  # the curve still has the losses of three iterations
        assert screen.caption == "1  E_total not yet"
        await screen.type_position("1:b2_next")
        await screen.ask("e", "E = 3")
        assert screen.caption == "1  E_total = +3"
        assert "E_total = +3" in screen.lines[1]


async def test_above_the_curve_of_a_watch_it_says_that_the_value_is_that_at_the_end_of_the_iteration() -> None:
    async with driven() as screen:
        await screen.type_position("2:delta1")
        await screen.press("w")
        await screen.answer("norm(dW1)/norm(W1)")
        await screen.press("l", "l")
        timeline = screen.bench.timeline
        timeline.goto("2")
        value = float(np.linalg.norm(timeline["dW1"]) / np.linalg.norm(timeline["W1"]))
        assert screen.caption == f"{value:+.6f} at the end of 2"


async def test_what_history_holds_stands_in_the_status_line() -> None:
    async with driven(size=(120, 40)) as screen:
        assert "history" not in screen.lines[0]
        await screen.press("end")
        assert "history 1–10,001, one in 64 kept, " in screen.lines[0]
        assert screen.lines[0].endswith("of 64 MiB")


# ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_session_is_saved_and_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with driven() as screen:
        await screen.type_position("5:E")
        await screen.press("b", "e")
        await cleared(screen)
        await screen.answer("w5 = 0.9")
        await screen.press("ctrl+s")
        await screen.press("enter")
        assert "gradstep --session mazur-2-2-2.gradstep goes on from here" in screen.message
        loss = screen.timeline_value("E")
        await screen.press("end", "o")
        await screen.answer("mazur-2-2-2.gradstep")
        assert screen.position == "5:E"
        assert "<fork-1>" in screen.text
        assert screen.timeline_value("E") == loss
    timeline, position = read_session(tmp_path / "mazur-2-2-2.gradstep")
    async with driven(timeline, position=position) as screen:
        assert screen.position == "5:E"
        assert screen.timeline_value("E") == loss


async def test_the_way_to_where_a_session_was_left_is_shown_and_can_be_stopped(tmp_path: Path) -> None:
    (tmp_path / "long.toml").write_bytes(LONG)
    timeline = Timeline(load_scenario(str(tmp_path / "long.toml")))
    timeline.goto("2:y")
    session = tmp_path / "a.gradstep"
    save_session(timeline, session)
    session.write_text(session.read_text().replace('"2:', '"90000000:'))
    timeline, position = read_session(session)
    async with driven(timeline, position=position) as screen:
        deadline = time.monotonic() + 20
        while "[" not in screen.message and time.monotonic() < deadline:
            await screen.pilot.pause(0.05)
        assert "of 89,999,999; Esc stops it" in screen.message
        await screen.press("escape")
        assert f"stopped at {screen.position}" in screen.message


async def test_what_is_said_of_a_saved_session_can_be_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with driven() as screen:
        await screen.press("s", "ctrl+s")
        await cleared(screen)
        await screen.answer("my sess.json")
        assert (tmp_path / "my sess.json").exists()
        assert "gradstep --session 'my sess.json' goes on from here" in screen.message


async def test_no_other_file_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    async with driven() as screen:
        await screen.press("s", "ctrl+s")
        await cleared(screen)
        await screen.answer("notes.txt")
        assert "is there already and is no session" in screen.message
        assert (tmp_path / "notes.txt").read_text() == "mine"
        await cleared(screen)
        await screen.answer("mine")
        assert (tmp_path / "mine.gradstep").exists()


async def test_the_smallest_and_the_largest_number_are_numbers() -> None:
    async with driven() as screen:
        await screen.press("s", "e")
        await cleared(screen)
        await screen.answer("w1 = nan")
        for which, label in (("smallest", "w2"), ("largest", "w4")):
            await screen.press("slash")
            await screen.answer(f"{which} W1")
            assert f"{label} = " in screen.message


@pytest.mark.parametrize("typed_path", ["/", ".", "~nobody-of-this-name/a"])
async def test_a_path_that_is_none_is_refused_and_nothing_is_lost(typed_path: str) -> None:
    async with driven() as screen:
        await screen.press("s", "ctrl+s")
        await cleared(screen)
        await screen.answer(typed_path)
        assert screen.app.is_running
        assert screen.message
        assert screen.position == "1:x"


async def test_what_is_compared_comes_along_without_keeping_the_screen_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    replay, here = Restorer._replay, threading.current_thread()
    far: list[int] = []

    def spied(restorer: Restorer, owner: Branch, first: int, packed: Array, target: int, told: Progress | None) -> Any:
        if threading.current_thread() is here and target - first > QUICK:
            far.append(target)
        return replay(restorer, owner, first, packed, target, told)

    async with driven() as screen:
        await screen.press("s", "e")
        await cleared(screen)
        await screen.answer("w5 = 0.9")
        await screen.press("K", "B", *"iteration", "space", "equals_sign", "equals_sign", *"400", "enter", "escape")
        monkeypatch.setattr(Restorer, "_replay", spied)
        await screen.press("c")
        assert screen.bench.timeline.position.iteration == 400
        assert screen.bench.view.other == "original"
        await screen.press("k", "end", "delete")
        assert [*screen.bench.timeline.branches] == ["original"]
        assert screen.bench.timeline.position.iteration == 400
    assert far == []


async def test_what_is_typed_right_behind_a_key_that_asks_is_the_answer() -> None:
    async with driven() as screen:
        await screen.type_ahead("s", "g", "3", ":", "E", "enter")
        assert screen.position == "3:E"


def test_a_watch_on_an_accuracy_stops_when_it_is_measured_and_differs() -> None:
    timeline = Timeline(load_scenario("two-layer-digits"))
    timeline.stops = [replace(watch("accuracy_test", timeline.names), enabled=True)]
    found = timeline.run_on()
    assert str(found.position) == "30:accuracy_test"
    first = timeline.run_on().position
    assert timeline.run_back().position == found.position
    assert timeline.run_on().position == first
    timeline.goto("40:E")
    assert watch_value(timeline, timeline.stops[0]) == (float(timeline.branch.measured("accuracy_test")[1][1]), 30)


def test_measured_numbers_are_those_of_a_forward_pass_over_all_rows() -> None:
    scenario = load_scenario("two-layer-digits")
    timeline = Timeline(scenario)
    timeline.goto("30")
    data = scenario.dataset
    assert data is not None
    for x, t, name in ((data.x, data.t, "accuracy_train"), (data.x_test, data.t_test, "accuracy_test")):
        assert x is not None
        assert t is not None
        hidden = np.maximum(x @ timeline["W1_next"] + timeline["b1_next"], 0.0)
        output = hidden @ timeline["W2_next"] + timeline["b2_next"]
        assert float(timeline[name]) == (output.argmax(axis=1) == t.argmax(axis=1)).mean()
