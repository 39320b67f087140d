"""Claims about sessions and what is typed on the screen: nothing is lost."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.sessions import read_session, save_session
from gradstep.tui.debugger.stepping import go_back_to
from tests.screen import Still, driven
from tests.tui.debugger.test_screen import LONG


async def test_a_session_is_saved_and_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with driven() as screen:
        await screen.type_position("5:E")
        await screen.press("b", "e")
        await screen.press("ctrl+u")
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
        assert f"stopped at {screen.bench.view.notation.position(screen.bench.timeline.position)}" in screen.message


async def test_what_is_said_of_a_saved_session_can_be_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with driven() as screen:
        await screen.press("s", "ctrl+s")
        await screen.press("ctrl+u")
        await screen.answer("my sess.json")
        assert (tmp_path / "my sess.json").exists()
        assert "gradstep --session 'my sess.json' goes on from here" in screen.message


async def test_no_other_file_is_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    async with driven() as screen:
        await screen.press("s", "ctrl+s")
        await screen.press("ctrl+u")
        await screen.answer("notes.txt")
        assert "is there already and is no session" in screen.message
        assert (tmp_path / "notes.txt").read_text() == "mine"
        await screen.press("ctrl+u")
        await screen.answer("mine")
        assert (tmp_path / "mine.gradstep").exists()


def test_a_session_of_a_later_format_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "later.gradstep").write_text('{"gradstep session": 2}')
    still = Still().press("s").put("ctrl+s", str(tmp_path / "later.gradstep"))
    assert 'found "gradstep session": 2' in still.message
    assert (tmp_path / "later.gradstep").read_text() == '{"gradstep session": 2}'


MERELY = '# notes on a gradstep session\n"gradstep session": 1\n'


@pytest.mark.parametrize("text", [MERELY, '{"gradstep session": 1', '["gradstep session"]', "\x00gradstep session"])
def test_a_text_that_merely_says_session_is_not_written_over(text: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(text)
    still = Still().press("s").put("ctrl+s", str(tmp_path / "notes.txt"))
    assert "is there already and is no session" in still.message
    assert (tmp_path / "notes.txt").read_text() == text


def test_a_session_that_another_has_saved_since_is_asked_about(tmp_path: Path) -> None:
    file = tmp_path / "a.gradstep"
    mine, other = (Still().press("s").put("ctrl+s", str(file)) for _ in range(2))
    assert other.message == f"{file} is another session: y saves over it, n does not"
    other.answer("y")
    assert "goes on from here" in other.message, "the same content, but that nobody has told it"
    other.press("s").put("ctrl+s", str(file))
    assert "goes on from here" in other.message, "it is its own"
    saved = file.read_bytes()
    mine.put("ctrl+s", str(file))
    assert mine.message == f"{file} has been saved by another gradstep since: y saves over it, n does not"
    mine.answer("n")
    assert (mine.message, file.read_bytes()) == ("not saved", saved)
    mine.put("ctrl+s", str(file)).answer("y")
    assert file.read_bytes() != saved
    mine.press("s").put("ctrl+s", str(file))
    assert "goes on from here" in mine.message


def test_an_opened_session_is_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "a.gradstep"
    save_session(Still().press("s").bench.timeline, file)
    timeline, _ = read_session(file)
    still = Still()
    still.bench.take(timeline, file)
    still.press("s").put("ctrl+s", str(file))
    assert "goes on from here" in still.message


@pytest.mark.skipif(sys.platform == "win32", reason="there a folder that is used cannot be removed")
def test_a_folder_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    still = Still().press("s")
    (tmp_path / "gone").rmdir()
    still.put("ctrl+s", "a.gradstep")
    assert "cannot be written: no such file or directory" in still.message
    assert still.asking, "another place may be typed"
    still.answer(str(tmp_path / "a.gradstep"))
    assert (tmp_path / "a.gradstep").exists()


async def test_where_the_folder_is_gone_bundled_scenarios_can_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    async with driven() as screen:
        if sys.platform != "win32":
            (tmp_path / "gone").rmdir()
        await screen.press("o")
        await screen.answer("x" * 300)
        assert "bundled scenario and no file of this name" in screen.text
        await screen.press("ctrl+u")
        await screen.answer("apples")
        assert screen.bench.timeline.scenario.name == "apples"
        monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("typed_path", ["/", ".", "~nobody-of-this-name/a"])
async def test_a_path_that_is_none_is_refused_and_nothing_is_lost(typed_path: str) -> None:
    async with driven() as screen:
        await screen.press("s", "ctrl+s")
        await screen.press("ctrl+u")
        await screen.answer(typed_path)
        assert screen.app.is_running
        assert screen.message
        assert screen.position == "1:x"


def test_it_is_said_where_the_numbers_are_not_the_bits_of_then(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("50:E")
    file = tmp_path / "a.gradstep"
    save_session(timeline, file)
    for state, expected in ((None, ""), ("0" * 32, "not the same to the bit as when this session was saved")):
        content = json.loads(file.read_text())
        file.write_text(json.dumps(content | ({"state": state} if state else {})))
        again, position = read_session(file)
        still = Still(again)
        go_back_to(still.bench, position)
        still.finish()
        assert expected in still.message
        assert bool(expected) is bool(still.message)
        assert again.position == position
