"""Pages: bands of tables and lines of text, and where each of them stands when they are laid out in a width.

A page says what is to be read and knows no screen; a widget, a picture or a test draws the rows that it is laid out to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from rich.cells import cell_len

from gradstep.engine.arrays import Index
from gradstep.tui.text.glyphs import GOES_ON, printable
from gradstep.tui.text.grid import Grid, Piece, crop

APART = 2  # cells between two items of a band where nothing connects them

Area = tuple[int, int, int, int]  # x and y of the top left corner, width, height
Covered = tuple[int, int, int, int]  # lines or cells above, to the right, below, to the left


@dataclass(frozen=True, eq=False)
class Line:
    """One line of text: a heading, a formula, or nothing at all. It is never folded."""

    pieces: tuple[Piece, ...] = ()

    heading_height: ClassVar[int] = 0
    height: ClassVar[int] = 1

    @cached_property
    def width(self) -> int:
        """Cells of the text."""
        return sum(cell_len(printable(text)) for text, _ in self.pieces)

    def line(self, y: int, left: int, right: int) -> list[Piece]:
        """The pieces that cover exactly the cells [left, right); blank for any `y` but 0."""
        return crop([(printable(text), key) for text, key in self.pieces] if y == 0 else (), left, right)


def text_line(text: str, key: str = "text") -> Line:
    """A line in one style."""
    return Line(((text, key),))


Item = Grid | Line


@dataclass(frozen=True, eq=False)
class Band:
    """Items side by side as far as the width allows, the first lines of their numbers at one height.

    A text between two of them ("·", "−", "=") connects them, and goes on to the next line with the second.
    """

    items: tuple[Item | str, ...]


Page = Sequence[Band | Line]


@dataclass(frozen=True, eq=False)
class Placed:
    """An item, its top left corner on the page, and how many cells and lines it takes there."""

    x: int
    y: int
    item: Item
    width: int

    def pinned_width(self, left: int, right: int) -> int:
        """Cells of a grid's row headings that stay in view while it is cut off at `left`."""
        if not isinstance(self.item, Grid) or self.x >= left:
            return 0
        heading = self.item.heading_width
        return heading if 2 * heading <= right - left and left + heading + 1 < self.x + self.item.width else 0

    def is_pinned(self, y: int, top: int | None) -> bool:
        """Whether line `y` shows the grid's column headings, which lie above the first line in view."""
        return isinstance(self.item, Grid) and y == top and self.y < y < self.y + self.item.height

    def line(self, y: int, left: int, right: int, top: int | None) -> list[Piece]:
        """The item's cells in [left, right) of the page's line `y`.

        Where a grid is cut off an arrow says so: the first digits of a number must not pass for a number.
        """
        item = self.item
        inside = 0 if self.is_pinned(y, top) else y - self.y
        if not isinstance(item, Grid) or right - left < 3:
            return item.line(inside, left - self.x, right - self.x)
        pinned = self.pinned_width(left, right)
        pieces = item.line(inside, 0, pinned)
        begin, end = left + pinned, right
        if self.x < left:
            pieces.append(("<" if item.ascii else "‹", "dim"))
            begin += 1
        if self.x + item.width > right:
            end -= 1
        pieces += item.line(inside, begin - self.x, end - self.x)
        return [*pieces, (GOES_ON.drawn(ascii=item.ascii), "dim")] if end < right else pieces


@dataclass(frozen=True, eq=False)
class Row:
    """The items that stand side by side, from left to right, in lines [y, y + height)."""

    y: int
    height: int
    placed: tuple[Placed, ...]


@dataclass(frozen=True, eq=False)
class Layout:
    """A page laid out for a width: where everything stands."""

    rows: tuple[Row, ...] = ()
    height: int = 0
    width: int = 0  # cells of the widest line; more than the page was laid out for if an item alone is wider than that

    def line(self, y: int, left: int, right: int, top: int | None = None) -> list[Piece]:
        """The pieces that cover exactly the cells [left, right) of line `y`.

        `top` is the first line in view: there a grid that begins above it shows its column headings. A grid
        that begins before `left` keeps its row headings in view.
        """
        pieces: list[Piece] = []
        at = left
        for placed in self._in_line(y):
            begin, end = max(placed.x, left), min(placed.x + placed.width, right)
            if begin < end:
                pieces += [(" " * (begin - at), "space"), *placed.line(y, begin, end, top)]
                at = end
        return crop(pieces, 0, right - left)

    def element_at(
        self, x: int, y: int, left: int = 0, right: int | None = None, top: int | None = None
    ) -> tuple[str, Index] | None:
        """Key of the grid and index of the element drawn in cell `x` of line `y`, seen as `line` draws it."""
        end = max(self.width, x + 1) if right is None else right
        for placed in self._in_line(y):
            item = placed.item
            if not isinstance(item, Grid) or not placed.x <= x < placed.x + item.width:
                continue
            pinned = placed.pinned_width(left, min(end, placed.x + placed.width))
            index = item.cell_at(x - placed.x, y - placed.y)
            if index is not None and x >= left + pinned and not placed.is_pinned(y, top):
                return item.key, index
        return None

    def place_of(self, key: str, index: Index) -> tuple[Area, Covered] | None:
        """The cells of an element with its brackets, and how many around it headings and arrows may cover."""
        for row in self.rows:
            for placed in row.placed:
                if isinstance(placed.item, Grid) and placed.item.key == key:
                    x, y, width = placed.item.place_of(index)
                    covered = (placed.item.heading_height, 1, 0, placed.item.heading_width + 1)
                    return (placed.x + x - 1, placed.y + y, width + 2, 1), covered
        return None

    def _in_line(self, y: int) -> tuple[Placed, ...]:
        found = bisect_right(self.rows, y, key=lambda row: row.y) - 1
        if found < 0 or y >= self.rows[found].y + self.rows[found].height:
            return ()
        return self.rows[found].placed


def lay_out(page: Page, width: int) -> Layout:
    """Place a page's items for a view of `width` cells."""
    rows: list[Row] = []
    y = 0
    for block in page:
        lines: list[list[tuple[int, Item]]]
        lines = [[(0, block)]] if isinstance(block, Line) else _flow(block, width)
        for number, items in enumerate(lines):
            row = _row(y, items)
            if number and max(row.height, rows[-1].height) > 1:
                row = _row(y + 1, items)
            rows.append(row)
            y = row.y + row.height
    widest = max((placed.x + placed.width for row in rows for placed in row.placed), default=0)
    return Layout(tuple(rows), y, widest)


def _flow(band: Band, width: int) -> list[list[tuple[int, Item]]]:
    """The items of a band with the cells they begin at, by line."""
    lines: list[list[tuple[int, Item]]] = [[]]
    end = 0
    connector = ""
    for item in band.items:
        if isinstance(item, str):
            connector = f"{connector} {item}".strip()
            continue
        between = cell_len(printable(connector)) + 2 if connector else APART
        if lines[-1] and end + between + item.width > width:
            lines.append([])
        end = _connect(lines[-1], end, connector)
        lines[-1].append((end, item))
        end += item.width
        connector = ""
    if connector:
        _connect(lines[-1], end, connector)
    return [line for line in lines if line]


def _connect(line: list[tuple[int, Item]], end: int, connector: str) -> int:
    """Add what connects the next item of a line to what ends at `end`; where that item begins."""
    if not connector:
        return end + APART if line else 0
    begin = end + 1 if line else 0
    sign = text_line(connector, "connector")
    line.append((begin, sign))
    return begin + sign.width + 1


def _row(y: int, items: list[tuple[int, Item]]) -> Row:
    """Items beside one another, their first lines of numbers at one height."""
    above = max(item.heading_height for _, item in items)
    placed = tuple(Placed(x, y + above - item.heading_height, item, item.width + _overhang(item)) for x, item in items)
    return Row(y, max(part.y - y + part.item.height for part in placed), placed)


def _overhang(item: Item) -> int:
    """The cell past a grid that a bracket takes when the last column is selected."""
    if not isinstance(item, Grid) or item.selected is None:
        return 0
    return int(item.selected[-1:] == tuple(size - 1 for size in item.shape[-1:]))
