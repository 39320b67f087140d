"""Claims about drawings: every line has its exact width, whatever stands in it, and a click finds what it is on."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.tui.text.drawing import Area, Drawing, Hit, Panel, Pieces, drawn, framed, placed

texts = st.text("aW1=∂· σ総入力あ｡\t\u200b\n", max_size=30)
pieces = st.lists(st.tuples(texts, st.sampled_from(["text", "quiet"])), max_size=4).map(tuple)
lines = st.lists(pieces, max_size=6)
sizes = st.tuples(st.integers(0, 40), st.integers(0, 8))


def widths(drawing: Drawing) -> set[int]:
    return {sum(cell_len(text) for text, _ in line) for line in drawing.lines}


@settings(max_examples=40)
@given(lines, sizes)
def test_lines_are_filled_up_or_cut_off(content: list[Pieces], size: tuple[int, int]) -> None:
    drawing = drawn(content, *size)
    assert (drawing.width, drawing.height) == size
    assert widths(drawing) <= {size[0]}


@settings(max_examples=40)
@given(lines, sizes, pieces, pieces, st.booleans(), st.booleans())
def test_a_frame_is_two_cells_and_two_lines(
    content: list[Pieces], size: tuple[int, int], title: Pieces, aside: Pieces, ascii: bool, focus: bool
) -> None:
    drawing = framed(Panel(title, drawn(content, *size), aside), focus=focus, ascii=ascii)
    assert (drawing.width, drawing.height) == (size[0] + 2, size[1] + 2)
    assert widths(drawing) == {size[0] + 2}


def top(title: str, aside: str = "", width: int = 20, *, ascii: bool = False) -> str:
    panel = Panel(((title, "text"),) if title else (), drawn([], width, 1), ((aside, "quiet"),) if aside else ())
    return framed(panel, ascii=ascii).text.split("\n")[0]


def test_the_upper_edge_has_a_title_and_something_at_the_right_where_there_is_room() -> None:
    assert top("") == "╭────────────────────╮"
    assert top("net") == "╭─ net ──────────────╮"
    assert top("net", "1 of 9") == "╭─ net ───── 1 of 9 ─╮"
    assert top("net", "much too long") == "╭─ net ──────────────╮"
    assert top("総入力", "1 of 9") == "╭─ 総入力 ── 1 of 9 ─╮"
    assert top("net", ascii=True) == "+- net --------------+"


def test_a_title_that_is_cut_off_says_so() -> None:
    assert top("a title of many words") == "╭─ a title of many… ─╮"
    assert top("総入力総入力総入力") == "╭─ 総入力総入力総… ──╮"
    assert top("a title of many words", ascii=True) == "+- a title of ma... -+"
    assert top("net", width=6) == "╭─ n… ─╮"
    assert top("net", width=5) == "╭─────╮"


def test_drawings_stand_where_they_are_placed() -> None:
    one, two = drawn([[("総", "text")]], 3, 2), drawn([[("b", "text")]], 2, 1)
    whole = placed(8, 3, [(4, 1, two), (0, 0, one)])
    assert whole.text == "総\n    b\n"
    assert widths(whole) == {8}


@given(st.integers(0, 3), st.integers(0, 1))
def test_what_is_placed_has_blanks_around_it(x: int, y: int) -> None:
    whole = placed(8, 4, [(x, y, drawn([[("abc総", "text")]] * 3, 5, 3))])
    assert (whole.height, widths(whole)) == (4, {8})
    assert whole.text.split("\n")[y] == " " * x + "abc総"


def test_a_click_finds_what_lies_on_top_wherever_it_was_placed_and_framed() -> None:
    inside = drawn([], 10, 4, [Hit(Area(0, 0, 10, 4), "below"), Hit(Area(2, 1, 3, 1), 7)])
    whole = placed(30, 10, [(5, 2, framed(Panel((), inside)))])
    assert whole.at(5 + 1 + 2, 2 + 1 + 1) == 7
    assert whole.at(5 + 1 + 5, 2 + 1 + 1) == "below"
    assert whole.at(5 + 1 + 9, 2 + 1 + 3) == "below"
    assert whole.at(5, 2) is None, "the frame"
    assert whole.at(5 + 1 + 10, 2 + 1) is None


def test_the_frame_has_the_colour_of_a_phase_or_says_where_the_focus_is() -> None:
    inside = drawn([], 4, 1)
    assert framed(Panel((), inside)).lines[-1][0][1] == "frame"
    assert framed(Panel((), inside), focus=True).lines[-1][0][1] == "focus"
    assert framed(Panel((), inside, hue="loss")).lines[-1][0][1] == "loss"


@given(st.integers(1, 30), st.integers(1, 30), st.integers(8, 70), st.booleans())
def test_a_line_parts_the_texts_of_the_upper_edge(title: int, aside: int, width: int, ascii: bool) -> None:
    panel = Panel((("t" * title, "title"),), drawn([], width, 1), (("a" * aside, "quiet"),))
    edge = framed(panel, ascii=ascii).text.split("\n")[0]
    assert len(edge) == width + 2
    assert "a" not in edge or re.search(r"t [─-]+ a", edge)


@settings(max_examples=40)
@given(lines, st.tuples(st.integers(1, 40), st.integers(0, 8)), pieces, st.booleans())
def test_panels_that_share_an_edge_lie_without_a_line_between_them(
    content: list[Pieces], size: tuple[int, int], title: Pieces, ascii: bool
) -> None:
    hit = Hit(Area(0, 0, 1, 1), 3)
    panel = Panel(title, drawn(content, *size, [hit]), foot=drawn([(("foot", "text"),)], 4, 1))
    upper = framed(panel, ascii=ascii, open=True)
    lower = framed(panel, ascii=ascii, joined=True)
    assert (upper.height, lower.height) == (size[1] + 1, size[1] + 2)
    assert widths(upper) | widths(lower) == {size[0] + 2}
    assert upper.at(1, 1) == lower.at(1, 1) == 3
    corners = "++" if ascii else "├┤"
    assert lower.text.split("\n")[0][0] + lower.text.split("\n")[0][-1] == corners
    assert "foot" not in upper.text
