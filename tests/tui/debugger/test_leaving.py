"""Claims about leaving: what is open is closed first, and forks that would be lost are asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradstep.engine.sessions import read_session, save_session
from tests.screen import Still, driven

ASKED = "quit? The forks are in no session: y quits, Ctrl+S saves first, Esc stays"
OPENING = {"x": "explain", "h": "why", "B": "stops", "asterisk": "forks", "f1": "story", "d": "check", "f12": "tour"}


@pytest.mark.parametrize("leaving", ["q", "ctrl+c", "escape"])
@pytest.mark.parametrize("key", OPENING)
def test_a_drawer_is_closed_and_nothing_else(key: str, leaving: str) -> None:
    still = Still().press("s", "s", key)
    assert still.bench.drawer is not None
    assert still.bench.drawer.name == OPENING[key]
    assert "drawer" in still.seen
    still.press(leaving)
    assert still.bench.drawer is None
    assert "drawer" not in still.seen
    assert not still.has_quit


def test_the_help_has_all_the_room_and_gives_it_back() -> None:
    still = Still().press("question_mark")
    assert set(still.seen) == {"header", "drawer", "footer"}
    still.press("q")
    assert (still.bench.drawer, still.bench.full, still.has_quit) == (None, False, False)
    assert still.press("q").has_quit


def test_a_panel_of_full_size_and_a_picture_are_closed_before_it_quits() -> None:
    still = Still().press("z", "q")
    assert (still.bench.full, still.has_quit) == (False, False)
    still.bench.picture = "net"
    still.press("q")
    assert (still.bench.picture, still.has_quit) == ("", False)
    assert still.press("q").has_quit


def test_without_forks_it_quits_at_once() -> None:
    still = Still().press("s", "b").put("w", "E").press("q")
    assert still.has_quit, "stops and watches are kept by themselves"


def test_stops_and_watches_that_cannot_be_remembered_are_asked_about(tmp_path: Path) -> None:
    still = Still()
    still.remembers = False
    assert still.press("s", "q").has_quit, "nothing would be lost"
    still = Still().press("s").put("w", "E")
    still.remembers = False
    still.press("q")
    assert still.message.startswith("quit? Stops and watches cannot be remembered here and are in no session: y quits")
    still.answer("n")
    still.put("ctrl+s", str(tmp_path / "a")).press("q")
    assert still.has_quit, "they are in a session"


async def test_stops_that_cannot_be_written_are_asked_about(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder is wanted")
    async with driven("apples", state=tmp_path / "state" / "gradstep") as screen:
        await screen.press("escape", "s", "b", "q")
        assert "Stops and watches cannot be remembered here" in screen.message
    async with driven("apples", state=tmp_path / "other") as screen:
        await screen.press("escape", "s", "b", "q")
        assert not screen.app.is_running


def test_forks_that_are_in_no_session_are_asked_about() -> None:
    still = Still().press("s").put("e", "w5 = 0.9").press("q")
    assert (still.asking, still.message, still.has_quit) == (True, ASKED, False)
    still.answer("n")
    assert (still.asking, still.message, still.has_quit) == (False, "still here; Ctrl+S saves the session", False)
    assert still.press("q").answer("Y").has_quit


def test_a_drawer_is_closed_before_forks_are_asked_about() -> None:
    still = Still().press("s").put("e", "w5 = 0.9").press("asterisk", "q")
    assert not still.asking
    assert still.press("q").asking


def test_forks_in_a_session_are_not_asked_about_until_there_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    still = Still().press("s").put("e", "w5 = 0.9").put("ctrl+s", "a.gradstep")
    assert (tmp_path / "a.gradstep").exists()
    still.press("b").put("w", "E")  # a stop is no fork
    still.press("q")
    assert still.has_quit
    still.has_quit = False
    still.put("e", "w6 = 0.9").press("q")
    assert (still.message, still.has_quit) == (ASKED, False)


def test_forks_of_an_opened_session_are_not_asked_about(tmp_path: Path) -> None:
    still = Still().press("s").put("e", "w5 = 0.9")
    save_session(still.bench.timeline, tmp_path / "a.gradstep")
    timeline, _ = read_session(tmp_path / "a.gradstep")
    still.bench.take(timeline, tmp_path / "a.gradstep")
    assert len(still.bench.timeline.branches) == 2
    assert still.press("q").has_quit


def test_another_edit_in_the_place_of_a_saved_fork_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    still = Still().press("s").put("e", "w5 = 0.9").put("ctrl+s", "a.gradstep")
    still.press("asterisk", "j", "delete", "escape").put("e", "w5 = 0.8").press("q")
    assert (still.message, still.has_quit) == (ASKED, False)


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_a_run_that_is_under_way_is_stopped_before_anything_is_left(key: str) -> None:
    still = Still().press("s").put("e", "w5 = 0.9")
    still.bench.do("end")
    assert still.busy
    still.press(key)
    assert (still.busy, still.asking, still.has_quit) == ("", False, False)
    still.press(key)
    assert (still.asking, still.message, still.has_quit) == (True, ASKED, False)


async def test_one_key_answers_whether_to_quit_and_ctrl_c_closes_a_line() -> None:
    async with driven() as screen:
        await screen.press("s")
        await screen.ask("e", "w5 = 0.9")
        await screen.press("q", "n")
        assert (screen.debugger.asking, screen.message) == (False, "still here; Ctrl+S saves the session")
        await screen.press("q", "ctrl+s")
        assert "session" in screen.message
        assert screen.debugger.asking, "where to save it"
        for key in ("g", "slash"):
            await screen.press("escape", key, "n", "ctrl+c")
            assert (screen.debugger.asking, screen.app.is_running) == (False, True)
        await screen.press("q")
        await screen.pilot.press("y")
    assert screen.app.return_code == 0


def test_it_is_halted_where_a_shell_can_let_it_go_on() -> None:
    still = Still().press("ctrl+z")
    assert (still.halted, still.message) == (1, "")
    still.wakes = False
    still.press("ctrl+z")
    assert (still.halted, still.message) == (1, "it is not halted: no shell is here that would let it go on; q quits")


async def test_the_key_closes_asks_and_quits() -> None:
    async with driven() as screen:
        await screen.press("s", "x", "q")
        assert screen.bench.drawer is None
        assert screen.app.is_running
        await screen.ask("e", "w5 = 0.9")
        await screen.press("q")
        assert screen.message == ASKED
        await screen.press("escape")
        assert not screen.debugger.asking
        await screen.press("ctrl+c")
        await screen.pilot.press("y")
    assert screen.app.return_code == 0


async def test_the_keys_of_textual_for_quitting_ask_as_ours_do() -> None:
    async with driven() as screen:
        await screen.press("s")
        await screen.ask("e", "w5 = 0.9")
        await screen.press("ctrl+q")
        assert screen.message == ASKED
        assert screen.app.is_running
        await screen.press("escape", "ctrl+p", "ctrl+q")
        assert screen.app.screen is screen.debugger, "the dialog is closed"
        await screen.press("ctrl+q")
        assert screen.message == ASKED


async def test_keys_that_open_and_close_faster_than_it_is_drawn_are_no_fault() -> None:
    async with driven("apples", guarded=True) as screen:
        for _ in range(3):
            await screen.type_ahead("ctrl+p", "enter", "ctrl+p", "enter", "escape")
        await screen.press("escape", "escape", "s")
        assert "error of gradstep's own" not in screen.message
