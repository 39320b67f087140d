"""Claims about opening another scenario: what is listed, what a typed name or path opens, what is said."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.sessions import save_session
from gradstep.tui.dialogs.open import OpenScreen, found_files
from gradstep.tui.widgets.entries import Entries
from tests.screen import driven
from tests.tui.debugger.test_screen import LONG
from tests.walks import RUNNABLE


async def test_opening_lists_bundled_scenarios_and_files_with_title_and_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_bytes(LONG)
    (tmp_path / "broken.toml").write_text("format = 1\ntitle = 3\n")
    (tmp_path / "other.toml").write_text("[tool]\n")
    assert sorted(map(str, found_files(tmp_path))) == ["broken.toml", "mine.toml"]
    async with driven(size=(120, 80)) as screen:
        await screen.press("o")
        assert isinstance(screen.app.screen, OpenScreen)
        for name in RUNNABLE:
            assert name in screen.text
        await screen.press(*"broken")
        assert "broken.toml" in screen.text
        await screen.press("ctrl+u", *"mine")
        assert "mine.toml" in screen.text
        assert "A run that takes a while" in screen.text
        assert "1-1, 1 sample, 100,000,000 iterations" in screen.text
        await screen.press("enter")
        assert screen.bench.moment.scenario.name == "mine"


async def test_an_exact_name_opens_that_and_not_another_with_the_name_in_it() -> None:
    async with driven(size=(80, 24)) as screen:
        await screen.press("o")
        await screen.press(*"apples")
        assert "> apples  2 nodes" in screen.text
        await screen.press("enter")
        assert screen.bench.moment.scenario.name == "apples"
        await screen.press("o")
        await screen.press(*"apples", "up")
        assert "> apples-and-oranges" in screen.text
        await screen.press("enter")
        assert screen.bench.moment.scenario.name == "apples-and-oranges"
        await screen.press("o")
        await screen.press(*"apples", "backspace")
        assert "> apples-and-oranges" in screen.text


async def test_the_path_of_a_file_goes_before_what_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "mine.toml").write_bytes(LONG)
    (tmp_path / "mine").write_bytes(LONG.replace(b"A run that takes a while", b"Without an ending"))
    async with driven() as screen:
        await screen.press("o")
        await screen.press(*"mine")
        assert "all/mine.toml" in screen.text
        assert "> " not in screen.text
        await screen.press("enter")
        assert screen.bench.moment.scenario.title == "Without an ending"
        await screen.press("o")
        await screen.press(*"mine", "down", "enter")
        assert screen.bench.moment.scenario.title == "A run that takes a while"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_typed_path_that_is_no_file_is_said_to_be_none(tmp_path: Path, size: tuple[int, int]) -> None:
    async with driven(size=size) as screen:
        await screen.press("s", "o")
        assert "part of a name or title, or the path of a scenario or session" in screen.text
        for typed, said in (("/", "is a directory"), ("/" + "a" * 300, "cannot be read"), ("/nowhere", "no such file")):
            await screen.press("ctrl+u")
            await screen.answer(typed)
            assert said in str(screen.app.screen.query_one("#answer").render())
        await screen.press("escape")
        assert screen.position == "1:x"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("broken.toml", "format = 1\ntitle = 3\n", "broken.toml: title (line 2): found 3, expected a text"),
        ("bad.gradstep", "{}", "is no session of this program"),
    ],
)
async def test_what_cannot_be_used_leaves_open_what_was(
    name: str, content: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text(content)
    async with driven() as screen:
        await screen.press("s", "o")
        await screen.answer(name)
        assert said in screen.text
        await screen.press("escape")
        assert screen.position == "1:x"


async def test_a_session_is_opened_by_any_name_where_it_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    left = Timeline(load_scenario("sgd-regression"))
    left.goto("700:E")
    save_session(left, tmp_path / "mine.json")
    async with driven() as screen:
        await screen.press("o")
        await screen.answer("mine.json")
        assert (screen.position, screen.bench.moment.scenario.name) == ("700:E", "sgd-regression")
        assert screen.bench.session == Path("mine.json")


async def test_a_file_that_was_mended_opens_without_being_typed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with driven() as screen:
        await screen.press("o", *"mine", "full_stop", *"toml", "enter")
        assert "mine.toml: cannot be read: no such file or directory" in screen.text
        (tmp_path / "mine.toml").write_bytes(LONG)
        await screen.press("enter")
        assert screen.bench.moment.scenario.name == "mine"


async def test_a_path_at_home_may_begin_with_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.toml").write_bytes(LONG)
    async with driven() as screen:
        await screen.press("o")
        await screen.answer("~/mine.toml")
        assert screen.bench.moment.scenario.name == "mine"


async def test_a_run_that_was_left_takes_no_memory() -> None:
    async with driven() as screen:
        left = weakref.ref(screen.bench.timeline)
        await screen.press("s", "o", *"apples", "enter")
        assert screen.bench.moment.scenario.name == "apples"
        gc.collect()
        assert left() is None


async def test_an_empty_list_of_scenarios_can_be_paged() -> None:
    async with driven() as screen:
        await screen.press("o")
        await screen.press(*"zzzz", "tab", "pagedown", "pageup", "down", "escape")
        assert screen.app.screen is screen.debugger


@pytest.mark.parametrize("size", [(80, 16), (80, 24), (120, 40)])
async def test_the_page_keys_move_by_as_many_entries_as_are_seen(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(30):
        (tmp_path / f"mine{number:02}.toml").write_bytes(LONG)
    async with driven(size=size) as screen:
        await screen.press("o", *"mine")
        entries = screen.app.screen.query_one(Entries)
        seen = sum("mine" in line and ".toml" in line for line in screen.text.split("\n"))
        assert entries.highlighted == 0
        await screen.press("pagedown")
        assert entries.highlighted is not None
        assert seen - 2 <= entries.highlighted <= seen
        await screen.press("pageup")
        assert entries.highlighted == 0
