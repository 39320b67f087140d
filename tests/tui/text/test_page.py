"""Claims about a page of tables: where things stand, what is in view, what is clicked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gradstep.tui.text.grid import Grid, Piece, crop
from gradstep.tui.text.numbers import NumberFormat
from gradstep.tui.text.page import Band, Layout, Line, Page, lay_out

W1 = np.array([[0.15, 0.25], [0.20, 0.30]])
LARGE = np.arange(40_000, dtype=float).reshape(200, 200) / 8


def matrix(title: str = "W1", **options: object) -> Grid:
    return Grid(title, (2, 2), W1, key=title, **options)  # type: ignore[arg-type]  # handed on as they come


def vector(title: str = "b1") -> Grid:
    return Grid(title, (2,), W1[0], key=title)


def loss() -> Grid:
    return Grid("E", (), np.array(0.5), key="E")


def text_of(pieces: list[Piece]) -> str:
    return "".join(text for text, _ in pieces)


def page_of(layout: Layout) -> list[str]:
    return [text_of(layout.line(y, 0, layout.width)).rstrip() for y in range(layout.height)]


def test_a_page_is_its_lines_and_bands_below_one_another() -> None:
    layout = lay_out((Line((("forward", "title"), (" step", "dim"))), Line(), Band((vector(),)), Line()), 80)
    assert page_of(layout) == ["forward step", "", "b1      0      1", "    +0.15  +0.25", ""]
    assert (layout.width, layout.height) == (16, 5)
    assert lay_out((), 80).height == 0
    assert lay_out((Band(()),), 80).height == 0


def test_the_items_of_a_band_stand_side_by_side_with_their_numbers_at_one_height() -> None:
    layout = lay_out((Band((vector(), loss(), Line((("text", "text"),)))),), 80)
    assert page_of(layout) == ["b1      0      1", "    +0.15  +0.25  E  +0.5  text"]


def test_what_connects_two_grids_stands_between_their_first_rows() -> None:
    layout = lay_out((Band((vector("u1"), "=", vector("x"), "·", matrix())),), 80)
    assert page_of(layout) == [
        "u1      0      1   x      0      1   W1      0      1",
        "    +0.15  +0.25 =    +0.15  +0.25 ·  0  +0.15  +0.25",
        "                                      1  +0.20  +0.30",
    ]
    assert {key for text, key in layout.line(1, 0, 60) if "·" in text} == {"connector"}


def test_a_band_flows_like_words_and_takes_its_connectors_along() -> None:
    band = Band((vector("u1"), "=", vector("x"), "·", matrix(), "+ ½ ·", loss()))
    assert page_of(lay_out((band,), 40)) == [
        "u1      0      1   x      0      1",
        "    +0.15  +0.25 =    +0.15  +0.25",
        "",
        "  W1      0      1",
        "·  0  +0.15  +0.25 + ½ · E  +0.5",
        "   1  +0.20  +0.30",
    ]
    assert page_of(lay_out((Band((loss(), loss(), loss())),), 19)) == ["E  +0.5  E  +0.5", "E  +0.5"]


def test_a_connector_at_the_end_or_in_a_row_of_them_is_kept() -> None:
    assert page_of(lay_out((Band((loss(), "−", "½", loss(), "→")),), 80)) == ["E  +0.5 − ½ E  +0.5 →"]
    assert page_of(lay_out((Band(("=", loss())),), 80)) == ["= E  +0.5"]


def test_what_is_wider_than_the_view_is_not_split() -> None:
    layout = lay_out((Band((loss(), matrix(), loss())),), 9)
    assert page_of(layout)[0] == "E  +0.5"
    assert layout.width == matrix().width > 9
    assert lay_out((Line((("x" * 300, "text"),)),), 80).width == 300


def test_the_bracket_of_a_selected_element_has_room_everywhere() -> None:
    layout = lay_out((Band((matrix(selected=(0, 1)), "·", matrix(selected=(1, 1)))),), 80)
    assert page_of(layout) == [
        "W1      0      1   W1      0      1",
        " 0  +0.15 [+0.25]·  0  +0.15  +0.25",
        " 1  +0.20  +0.30    1  +0.20 [+0.30]",
    ]


@st.composite
def pages(draw: st.DrawFn) -> Page:
    def grid() -> Grid:
        shape = draw(st.tuples(st.integers(1, 6), st.integers(1, 5)))
        values = np.arange(shape[0] * shape[1], dtype=float).reshape(shape) / 3
        fresh, selected = draw(st.none() | st.booleans()), draw(st.none() | st.just((0, shape[1] - 1)))
        return Grid(draw(st.sampled_from(["W1", "総入力", "y"])), shape, values, fresh=fresh, selected=selected)

    def item(kind: str) -> Grid | Line | str:
        return grid() if kind == "grid" else line() if kind == "line" else kind

    def band() -> Band:
        kinds = draw(st.lists(st.sampled_from(["grid", "line", "+", "総"]), max_size=5))
        return Band(tuple(item(kind) for kind in kinds))

    def line() -> Line:
        return Line(((draw(st.text("ab総 ", max_size=12)), "text"), ("δ", "formula")))

    return tuple(band() if draw(st.booleans()) else line() for _ in range(draw(st.integers(0, 4))))


@given(pages(), st.integers(1, 60), st.data())
def test_any_part_of_a_line_is_covered_exactly(page: Page, width: int, data: st.DataObject) -> None:
    layout = lay_out(page, width)
    y = data.draw(st.integers(-1, layout.height))
    left = data.draw(st.integers(0, layout.width + 2))
    right = data.draw(st.integers(left, layout.width + 9))
    top = data.draw(st.none() | st.integers(0, layout.height))
    assert cell_len(text_of(layout.line(y, left, right, top))) == right - left
    whole = layout.line(y, 0, layout.width + 9)
    assert crop(whole, 0, layout.width + 9) == whole


@given(pages(), st.integers(1, 60))
def test_no_item_covers_another_and_all_that_fits_is_inside_the_width(page: Page, width: int) -> None:
    layout = lay_out(page, width)
    end = 0
    for row in layout.rows:
        assert row.y >= end
        end = row.y + row.height
        edge = 0
        for placed in row.placed:
            assert placed.x >= edge
            assert row.y <= placed.y <= placed.y + placed.item.height <= end
            edge = placed.x + placed.width
        grids = [placed for placed in row.placed if isinstance(placed.item, Grid)]
        assert len(grids) < 2 or grids[-1].x + grids[-1].item.width <= width
    assert end == layout.height


LARGE_PAGE = (Line(), Band((Grid("W", LARGE.shape, LARGE, key="W"), loss())), Line())


def test_headings_stay_in_view_and_arrows_say_where_a_grid_is_cut_off() -> None:
    layout = lay_out(LARGE_PAGE, 40)
    left, top = 113, 51
    assert [text_of(layout.line(y, left, left + 38, top)) for y in range(top, top + 3)] == [
        "W  ‹           8             9       ›",
        " 50‹+1251.000000  +1251.125000  +1251›",
        " 51‹+1276.000000  +1276.125000  +1276›",
    ]
    assert text_of(layout.line(top, 0, 38, 0)) == " 49  +1225.000000  +1225.125000  +122›"
    last = text_of(layout.line(top, layout.width - 40, layout.width, top))
    assert last == "W  ‹     197           198           199"
    ascii = lay_out((Band((Grid("W", LARGE.shape, LARGE, ascii=True),)),), 40)
    assert text_of(ascii.line(50, 113, 151)) == " 49<+1226.000000  +1226.125000  +1226>"


def test_an_element_is_found_where_it_is_drawn() -> None:
    layout = lay_out((Line(), Band((vector(), "·", matrix())), Band((loss(),))), 80)
    found: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for y in range(layout.height):
        line = text_of(layout.line(y, 0, layout.width))
        for x in range(layout.width):
            element = layout.element_at(x, y)
            if element is not None:
                found.setdefault(element, []).append(line[x])
    assert {element: "".join(characters) for element, characters in found.items()} == {
        ("b1", (0,)): "+0.15", ("b1", (1,)): "+0.25", ("E", ()): "+0.5",
        ("W1", (0, 0)): "+0.15", ("W1", (0, 1)): "+0.25", ("W1", (1, 0)): "+0.20", ("W1", (1, 1)): "+0.30",
    }  # fmt: skip


def test_headings_that_are_kept_in_view_are_not_the_elements_behind_them() -> None:
    layout = lay_out(LARGE_PAGE, 40)
    left, right, top = 113, 151, 51
    assert layout.element_at(left + 8, top, left, right, top) is None
    assert layout.element_at(left + 8, top + 1, left, right, top) == ("W", (50, 8))
    assert layout.element_at(left + 1, top + 1, left, right, top) is None


def test_only_the_elements_in_view_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = lay_out(LARGE_PAGE, 80)
    layout.line(2, 0, 80)
    written: list[float] = []
    text = NumberFormat.text

    def spy(self: NumberFormat, value: float) -> str:
        written.append(value)
        return text(self, value)

    monkeypatch.setattr(NumberFormat, "text", spy)
    for y in range(100, 124):
        layout.line(y, 500, 580, 100)
    assert 0 < len(written) <= 24 * 9
