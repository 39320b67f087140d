"""Claims about breakpoints, conditions and watches: each key does what it says."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.engine.stops.stops import NON_FINITE
from gradstep.engine.timeline.series import HistoryError
from tests.screen import Still, driven
from tests.tui.debugger.test_screen import LONG


def line_with(text: str, part: str) -> str:
    """The first line that has a part in it."""
    return next(line for line in text.split("\n") if part in line)


def only_where_not_finite(timeline: Timeline) -> None:
    """No other stop than that."""
    timeline.stops = [stop for stop in timeline.stops if stop.kind == NON_FINITE]


def test_a_breakpoint_is_set_on_the_step_that_ran_shown_and_taken_away() -> None:
    still = Still().press(*"ssssb")
    assert "▌●  out_h = " in still.panel("program")
    assert "breakpoint on out_h" in still.message
    still.press("c")
    assert (still.position, still.message) == ("2:z1", "stopped at 2:out_h: a breakpoint")
    assert still.press("c", "C").position == "2:z1"
    still.press("b")
    assert "●" not in still.panel("program")
    assert "no breakpoint on out_h any more" in still.message


def test_a_breakpoint_goes_to_the_selected_step() -> None:
    still = Still()
    assert "no step is selected" in still.press("b").message
    assert still.press("down", "down", "b", "c").position == "1:t"


def test_without_a_stop_the_run_goes_to_its_end_and_says_so() -> None:
    still = Still("and-perceptron")
    assert "this is the start" in still.press("C").message
    still.press("c")
    assert (still.position, still.message) == ("1000:b1_next", "no stop lies ahead; this is the end of the run")
    assert "the run ends here" in still.press("c").message
    still.press("C")
    assert (still.position, still.message) == ("start", "no stop lies before; this is the start")


def test_the_first_number_that_is_not_finite_is_named() -> None:
    still = Still("sgd-regression-wide")
    only_where_not_finite(still.bench.timeline)
    still.press("c")
    assert still.position == "11:E"
    assert "E became infinite at 11:E, from finite operands" in still.message
    assert np.isfinite(still.press("S").bench.timeline["y"]).all()


def test_a_stop_is_typed_at_a_key_and_a_wrong_one_may_be_corrected() -> None:
    still = Still().put("a", "nonsense")
    assert '"nonsense" is not a symbol' in still.message
    assert still.wrong
    still.answer("E < 0.01")
    assert (still.asking, still.message) == (False, "set E_total < 0.01")
    assert "already" in still.put("a", "E < 0.01").message
    still.press("escape", "c")
    assert still.value("E") < 0.01
    before = still.position
    assert still.press("S", "c").position == before


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_one_s_own_stops_are_listed_first_and_on_and_off_are_words(size: tuple[int, int]) -> None:
    still = Still(size=size).put("a", "E < 0.01").put("w", "W1[0,0]").press("B")
    heads, first, second, third = still.drawer.split("\n")[:4]
    assert heads.split()[:2] == ["stops", "whose"]
    assert first.split() == ["▸", "●", "on", "yours", "E_total", "<", "0.01"]
    assert second.split()[:4] == ["○", "off", "yours", "watch"]
    assert third.split()[:4] == ["●", "on", "built", "in"]
    still.press("enter")
    assert "▸ ○ off" in still.drawer
    edges = "".join((still.panel("drawer").split("\n")[0], still.panel("drawer").split("\n")[-1]))
    for key in ("Enter switches on/off", "Del drops", "a adds", "w watches", "Esc closes"):
        assert key in edges


def test_stops_are_switched_and_dropped_in_a_drawer() -> None:
    still = Still().put("a", "E < 0.01").press("B")
    count = len(still.bench.timeline.stops)
    assert "● on   yours     E_total < 0.01" in still.drawer
    still.press("enter")
    assert "○ off  yours     E_total < 0.01" in still.drawer
    assert not still.bench.timeline.stops[-1].enabled
    still.press("enter")
    assert "● on   yours     E_total < 0.01" in still.drawer
    still.press("down", "delete")
    assert "always there" in still.message
    assert len(still.bench.timeline.stops) == count
    still.press("up", "ctrl+d")
    assert "E < 0.01" not in still.drawer
    assert still.message == "dropped E_total < 0.01"
    assert len(still.bench.timeline.stops) == count - 1
    assert line_with(still.drawer, "▸"), "another one is chosen"


def test_a_stop_that_is_added_while_they_are_listed_stands_in_the_list_at_once() -> None:
    still = Still().press("B").put("a", "backward")
    assert "● on   yours     backward" in still.drawer
    assert "●backward" in still.panel("program")


def test_symbols_can_be_typed_as_they_are_shown() -> None:
    still = Still().goto("2:W2_next").put("a", "W2⁺ if ∂E/∂w5 > δ2[0,0]")
    assert str(still.bench.timeline.stops[-1]) == "W2_next if dw5 > delta2[0,0]"


def test_a_watch_shows_its_value_and_how_it_changed() -> None:
    still = Still().goto("2:out_o").put("w", "E")
    assert "E_total = 0.298371109" in still.panel("notes")
    assert "E_total = 0.291027774" in still.press("s").panel("notes")
    assert "was 0.298371" in still.panel("notes")
    assert "expected a value" in still.put("w", "E <").message
    still.press("escape")
    assert "E <" not in still.text
    assert "watched already" in still.put("w", "E").message


def test_a_matrix_that_is_watched_keeps_its_rows() -> None:
    still = Still(size=(160, 50)).goto("2:E").put("w", "W1").put("w", "W1[0,:]")
    notes = " ".join(still.panel("notes").replace("│", " ").split())
    first, second = notes.split("W1 = ")[1], notes.split("W1[0,:] = ")[1]
    assert first.startswith("[[0.149780716 0.249751144] [0.199561432 ")
    assert second.startswith("[0.149780716 ")


def test_a_watch_that_looks_back_is_shown_but_its_change_is_not_stopped_at() -> None:
    still = Still().goto("2").put("w", "w1 - prev(w1)")
    _, shown = still.panel("notes").split("w1 - prev(w1) =")
    assert float(shown.split("│")[2].split()[0]) == pytest.approx(still.value("w1") - 0.15, rel=1e-3)
    still.press("B", "enter")
    assert "looks back an iteration itself" in still.message
    assert not still.bench.timeline.stops[-1].enabled


def test_the_notes_can_be_seen_in_a_small_terminal() -> None:
    still = Still(size=(80, 24)).put("w", "w5")
    seen = set()
    for _ in range(5):
        seen |= {*still.press("v").seen}
        assert "step" in still.seen
        assert ("w5 = " in still.text) == ("notes" in still.seen)
    assert {"tables", "net", "program", "curve", "notes"} <= seen


async def test_a_search_that_takes_long_shows_progress_and_is_stopped_at_a_real_position() -> None:
    async with driven(parse_scenario(LONG, "long", "long.toml")) as screen:
        only_where_not_finite(screen.bench.timeline)
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


def test_where_units_die_the_run_stops_and_the_message_says_which() -> None:
    silent = Path(__file__).parents[2] / "data" / "cases" / "dead-relu-in-silence.toml"
    still = Still(load_scenario(str(silent))).goto("12")
    assert still.press("c").position == "13:u1"
    assert "stopped at 13:u1: 10 of 10 ReLU units of u1 (layer 1) are dead" in still.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1", "set 1: always true, c stops in every iteration"),
        ("1 < 2 every 10", "set 1 < 2 every 10"),
        ("not nan", "set not nan: never true, c does not stop there"),
        ("0 every 10", "set 0 every 10: never true, c does not stop there"),
        ("dW1 if 2 > 1", "set ∂E/∂W1 if 2 > 1: always true, c stops at every ∂E/∂W1"),
        ("backward if 0", "set backward if 0: never true, c does not stop there"),
        ("iteration > 0", "set iteration > 0"),
        ("prev(E) < 9", "set prev(E_total) < 9"),
        ("dW1", "set ∂E/∂W1"),
    ],
)
def test_a_condition_that_names_nothing_of_the_run_is_told_to_hold_always_or_never(text: str, said: str) -> None:
    assert Still().put("a", text).message == said


def test_what_is_said_of_a_condition_that_holds_always_is_so() -> None:
    still = Still().put("a", "1")
    assert [still.press("c").position for _ in range(3)] == ["1:x", "2:x", "3:x"]


def test_at_a_breakpoint_the_place_is_said_once() -> None:
    assert Still().put("a", "backward").press("c").message == "stopped at 1:∂E/∂out_o: a breakpoint on backward"
    assert Still().put("a", "dW1 every 2").press("c").message == "stopped at 2:∂E/∂W1: ∂E/∂W1 every 2"


def test_the_curve_of_a_watch_is_called_as_the_watch_is() -> None:
    still = Still("mazur-2-2-2", (120, 40)).press("i", "i").put("w", "norm(dW1)")
    assert "l: norm(∂E/∂W1)" in still.press("l").text
    assert "─ norm(∂E/∂W1) ─" in still.press("l").text
    assert "dW1" not in still.text
