"""Claims about drawers: a page and a list in any size, choosing, scrolling, what a click is on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.text.columns import Row, row
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.page import Page, text_line
from tests.screen import Still


def drawer(page: Sequence[str] = (), entries: Sequence[str] = (), **more: str) -> Drawer:
    lines: Page = tuple(text_line(text) for text in page)
    listed = [row(text) for text in entries]
    return Drawer("test", lambda: "title", lambda width: lines, lambda: listed, **more)  # type: ignore[arg-type]


def lines_of(panel: Panel) -> list[str]:
    """Without the blank before each."""
    return ["".join(text for text, _ in line).rstrip()[1:] for line in panel.inside.lines]


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
    assert foot_of(paged) == "12 more lines: PgUp"
    paged.move(-4)
    assert foot_of(paged) == "12 more lines: PgUp PgDn"
    paged.move(-99)
    assert (paged.top, foot_of(paged)) == (0, "12 more lines: PgDn")
    assert foot_of(drawer(page=numbered("line", 3))) == ""


def test_the_keys_that_have_no_room_above_stand_below_and_the_one_that_closes_is_left_out_last() -> None:
    def edges(width: int, lines: int) -> tuple[str, str]:
        keyed = Drawer("test", lambda: "title", lambda _: [text_line("")] * lines, about="a adds, b bends, c closes")
        panel = keyed.panel(width, 8, ascii=False)
        return "".join(text for text, _ in panel.aside), panel.foot.text if panel.foot is not None else ""

    assert edges(60, 3) == ("a adds, b bends, c closes", "")
    assert edges(30, 3) == ("a adds, b bends", "c closes")
    assert edges(30, 9) == ("a adds, b bends", "1 more line: PgDn")
    assert edges(34, 9) == ("a adds, b bends", "1 more line: PgDn; c closes")
    assert edges(18, 3) == ("", "c closes")
    assert edges(22, 3) == ("a adds", "b bends, c closes")
    assert edges(9, 3) == ("", "")


def foot_of(of: Drawer) -> str:
    """What stands in the lower edge."""
    foot = of.panel(30, 8, ascii=False).foot
    return foot.text if foot is not None else ""


def test_the_page_keys_move_by_what_is_seen_of_a_page_or_of_a_list() -> None:
    for height in (4, 9, 17):
        paged = drawer(page=numbered("line", 60))
        before = seen(paged, height=height)
        paged.turn(+1)
        assert seen(paged, height=height)[0] == before[-1], "one line is seen twice"
        paged.turn(-1)
        assert seen(paged, height=height) == before
        listed = drawer(entries=numbered("entry", 60))
        seen(listed, height=height)
        listed.turn(+1)
        assert listed.chosen == height - 1
        listed.turn(-1)
        assert listed.chosen == 0


def test_what_goes_on_below_the_entries_is_scrolled_to_and_the_chosen_entry_stays_in_view() -> None:
    lines: Page = tuple(text_line(f"line {number}") for number in range(3))
    after: Page = tuple(text_line(f"after {number}") for number in range(9))
    listed = [row(f"entry {number}") for number in range(5)]
    all_in_one = Drawer("test", lambda: "", lambda width: lines, lambda: listed, after=lambda width: after)
    assert seen(all_in_one, height=6)[2:5] == ["line 2", "▸ entry 0", "  entry 1"]
    for chosen in range(1, 5):
        all_in_one.move(+1)
        assert f"▸ entry {chosen}" in seen(all_in_one, height=6)
    all_in_one.move(+1)
    assert seen(all_in_one, height=6)[-1] == "after 0", "behind the last entry it scrolls"
    all_in_one.turn(+9)
    assert seen(all_in_one, height=6)[-1] == "after 8"
    all_in_one.turn(-9)
    assert seen(all_in_one, height=6)[0] == "line 0"


def test_an_entry_of_several_lines_is_seen_from_its_first_one_on_where_that_can_be() -> None:
    listed = [row(f"entry {number}", below=(("said of it", "text"),)) for number in range(20)]
    table = Drawer("test", lambda: "", entries=lambda: listed)
    for chosen in range(20):
        table.chosen = chosen
        shown = seen(table, height=7)
        assert shown[0].strip("▸ ").startswith("entry") or chosen > 17
        assert [f"▸ entry {chosen}", "    said of it"] == shown[(at := shown.index(f"▸ entry {chosen}")) : at + 2]


def test_the_chosen_entry_has_a_ground_and_what_is_said_below_it_has_none() -> None:
    listed = [row("entry", ((text, "bold fails"),), below=(("said of it", "quiet"),)) for text in ("bad", "worse")]
    lines = Drawer("test", lambda: "", entries=lambda: listed).panel(30, 8, ascii=False).inside.lines
    keys = [{key for text, key in line if text.strip()} for line in lines[:4]]
    assert keys == [{"bold text on chosen", "text on chosen"}, {"quiet"}, {"text", "bold fails"}, {"quiet"}]


def test_where_there_is_no_room_for_all_columns_spare_ones_are_left_out() -> None:
    rows = [row("1", "somewhere", "a name of words", "2.5")]
    table = Drawer(
        "test", lambda: "", entries=lambda: rows, heads=("no.", "at", "what", "how"), folding=(2,), spare=(1, 0)
    )
    assert seen(table, width=44) == ["  no.  at         what             how", "▸ 1    somewhere  a name of words  2.5"]
    assert seen(table, width=30) == ["  no.  what             how", "▸ 1    a name of words  2.5"]
    assert seen(table, width=24) == ["  what             how", "▸ a name of words  2.5"]


def test_columns_stand_under_their_headings_and_are_written_like_sentences_where_there_is_no_room() -> None:
    rows = [row("a", "first words", "1"), row("long name", "some more words", "22", below=(("said of it", "text"),))]
    table = Drawer("test", lambda: "", entries=lambda: rows, heads=("name", "what", "how"), folding=(1,))
    assert seen(table, width=40) == [
        "  name       what             how",
        "▸ a          first words      1",
        "  long name  some more words  22",
        "             said of it",
    ]
    assert seen(table, width=32)[2:4] == ["  long name  some more     22", "             words"]
    assert seen(table, width=20) == [
        "▸ a  first words",
        "    1",
        "  long name  some",
        "    more words  22",
        "    said of it",
    ]


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


def test_a_long_entry_is_folded_and_a_click_on_any_of_its_lines_is_on_it() -> None:
    panel = drawer(entries=["first", "an entry of many words that take two lines", "last"]).panel(26, 8, ascii=False)
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

    class Spied(list[Row]):
        def __getitem__(self, place: object) -> Row:  # type: ignore[override]
            assert isinstance(place, int)
            asked.append(place)
            return super().__getitem__(place)

    entries = Spied([row("entry")] * 5000)
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
