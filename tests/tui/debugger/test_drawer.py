"""Claims about drawers: a page and a list in any size, choosing, scrolling, what a click is on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.tui.debugger.drawer import Drawer, Entry
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.page import Page, text_line
from tests.screen import Still


def drawer(page: Sequence[str] = (), entries: Sequence[str] = (), **more: str) -> Drawer:
    lines: Page = tuple(text_line(text) for text in page)
    listed: list[Entry] = [((text, "text"),) for text in entries]
    return Drawer("test", lambda: "title", lambda width: lines, lambda: listed, **more)  # type: ignore[arg-type]


def lines_of(panel: Panel) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in panel.inside.lines]


def seen(of: Drawer, width: int = 30, height: int = 8) -> list[str]:
    """The lines that are not blank."""
    return [line for line in lines_of(of.panel(width, height, ascii=False)) if line]


def numbered(what: str, count: int) -> list[str]:
    return [f"{what} {number}" for number in range(count)]


def test_a_list_begins_at_the_top_and_the_chosen_entry_has_a_sign() -> None:
    listed = drawer(entries=numbered("entry", 3))
    assert lines_of(listed.panel(30, 8, ascii=False))[:3] == ["▸ entry 0", "  entry 1", "  entry 2"]
    listed.move(+1)
    assert seen(listed) == ["  entry 0", "▸ entry 1", "  entry 2"]
    assert lines_of(listed.panel(30, 8, ascii=True))[1] == "> entry 1"


def test_choosing_ends_at_both_ends() -> None:
    listed = drawer(entries=numbered("entry", 3))
    listed.move(+99)
    assert listed.chosen == 2
    listed.move(-99)
    assert listed.chosen == 0


def test_the_chosen_entry_is_in_view_wherever_it_is() -> None:
    listed = drawer(entries=numbered("entry", 100))
    for chosen in (0, 1, 50, 98, 99):
        listed.chosen = chosen
        shown = seen(listed)
        assert len(shown) == 8
        assert f"▸ entry {chosen}" in shown


def test_a_page_is_scrolled_no_further_than_to_its_end_and_says_which_part_is_seen() -> None:
    paged = drawer(page=numbered("line", 20))
    assert seen(paged)[0] == "line 0"
    paged.move(+5)
    assert seen(paged)[0] == "line 5"
    paged.move(+99)
    assert seen(paged)[-1] == "line 19"
    assert paged.panel(30, 8, ascii=False).aside[0][0].strip() == "13–20 of 20"
    paged.move(-99)
    assert paged.top == 0
    assert drawer(page=numbered("line", 3)).panel(30, 8, ascii=False).aside[0][0] == ""


def test_a_long_page_leaves_room_for_its_list_and_a_short_one_is_followed_by_it() -> None:
    both = drawer(page=numbered("line", 50), entries=numbered("entry", 50))
    shown = seen(both, height=10)
    assert sum(line.startswith("line") for line in shown) == 6
    assert sum("entry" in line for line in shown) == 4
    assert lines_of(drawer(["line"], ["entry"]).panel(30, 8, ascii=False))[:3] == ["line", "", "▸ entry"]


def test_a_chosen_entry_that_is_gone_hands_over_to_the_last() -> None:
    entries = numbered("entry", 3)
    listed = drawer(entries=entries)
    listed.chosen = 7
    assert "▸ entry 2" in seen(listed)


def test_an_empty_drawer_says_so() -> None:
    assert seen(drawer(empty="nothing here")) == ["nothing here"]
    assert seen(drawer()) == []


def test_a_long_entry_is_folded_and_a_click_on_any_of_its_lines_is_on_it() -> None:
    panel = drawer(entries=["first", "an entry of many words that take two lines", "last"]).panel(24, 8, ascii=False)
    assert [panel.inside.at(3, y) for y in range(5)] == ["entry 0", "entry 1", "entry 1", "entry 2", None]


@settings(max_examples=60)
@given(
    st.lists(st.text("ab 総\n", max_size=40), max_size=30),
    st.lists(st.text("ab 総\n", max_size=40), max_size=30),
    st.integers(1, 60),
    st.integers(0, 20),
    st.integers(-50, 50),
)
def test_any_drawer_fills_any_size(page: list[str], entries: list[str], width: int, height: int, by: int) -> None:
    either = drawer(page, entries)
    either.move(by)
    inside = either.panel(width, height, ascii=False).inside
    assert (inside.width, inside.height) == (width, height)
    assert {sum(cell_len(text) for text, _ in line) for line in inside.lines} <= {width}
    if entries and width >= 4 and height:
        assert [y for y in range(height) if inside.at(0, y) == f"entry {either.chosen}"]


def test_only_what_is_seen_of_a_long_list_is_laid_out() -> None:
    asked: list[int] = []

    class Spied(list[Entry]):
        def __getitem__(self, place: object) -> Entry:  # type: ignore[override]
            assert isinstance(place, int)
            asked.append(place)
            return super().__getitem__(place)

    entries = Spied([(("entry", "text"),)] * 5000)
    Drawer("test", lambda: "", entries=lambda: entries, chosen=2500).panel(30, 10, ascii=False)
    assert 10 <= len(asked) <= 21


# ── on the screen ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [(40, 10), (60, 16), (80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("key", ["x", "h", "B", "asterisk", "f1", "d", "f12", "L", "question_mark"])
def test_every_drawer_is_seen_at_every_size(key: str, size: tuple[int, int]) -> None:
    still = Still(size=size).goto("1:dW2").press(key)
    assert "drawer" in still.seen
    assert [line for line in still.drawer.split("\n") if line.strip()]
    still.press("j", "pagedown", "pageup", "k", "tab", "escape", "escape")
    assert "drawer" not in still.seen


def test_what_a_drawer_shows_follows_while_one_steps() -> None:
    still = Still().goto("1:dW2").press("x")
    assert "= 0.593269992 × 0.138498562 = 0.082167041" in still.drawer
    still.press("i")
    assert still.position == "2:dW2"
    assert "0.082167041" not in still.drawer
    assert still.press("I").drawer.count("0.082167041") == 1


def test_another_drawer_takes_the_place_of_one_and_its_own_key_closes_it() -> None:
    still = Still().press("s", "B", "h")
    assert "what it is and why" in still.panel("drawer")
    assert "drawer" not in still.press("h").seen
