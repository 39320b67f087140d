"""Drawings: lines of pieces that fill an area exactly, and where in them something can be clicked.

A page or picture makes a `Panel`, what stands in a frame; `framed` draws the frame around it, and a widget, a picture
file or a test shows the lines. Nothing here knows what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len

from gradstep.engine.program.expression import Element
from gradstep.tui.text.glyphs import printable
from gradstep.tui.text.grid import Piece, crop

Pieces = tuple[Piece, ...]
Target = Element | int | str  # an element; a step by its place in the program; a command by its name


class Area(NamedTuple):
    """Cells from a top left corner."""

    x: int
    y: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell lies in it."""
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


@dataclass(frozen=True)
class Hit:
    """What a click in an area means."""

    area: Area
    target: Target

    def moved(self, right: int, down: int) -> Hit:
        """The same, so many cells and lines away."""
        x, y, width, height = self.area
        return Hit(Area(x + right, y + down, width, height), self.target)


@dataclass(frozen=True, eq=False)
class Drawing:
    """Lines, each of exactly `width` cells. hits: what can be clicked, the later above the earlier."""

    width: int
    lines: tuple[Pieces, ...]
    hits: tuple[Hit, ...] = ()

    @property
    def height(self) -> int:
        """How many lines."""
        return len(self.lines)

    def at(self, x: int, y: int) -> Target | None:
        """What a click there means."""
        return next((hit.target for hit in reversed(self.hits) if hit.area.holds(x, y)), None)

    @property
    def text(self) -> str:
        """The characters alone."""
        return "\n".join("".join(text for text, _ in line).rstrip() for line in self.lines)


def drawn(lines: Iterable[Iterable[Piece]], width: int, height: int, hits: Iterable[Hit] = ()) -> Drawing:
    """Lines in an area, each filled up or cut off to the width, blank ones below; what does not fit is left out."""
    kept = [_fitted([(printable(text), key) for text, key in line], width) for line in list(lines)[:height]]
    blank = ((" " * width, "space"),) if width else ()
    return Drawing(width, tuple(kept + [blank] * (height - len(kept))), tuple(hits))


def _fitted(pieces: Sequence[Piece], width: int) -> Pieces:
    """Pieces in exactly so many cells; those that have them are left as they are."""
    if sum(cell_len(text) for text, _ in pieces) == width:
        return tuple(pieces)
    return tuple(crop(pieces, 0, width))


@dataclass(frozen=True, eq=False)
class Panel:
    """What stands in a frame: a text at the left and one at the right of its upper edge, and what is inside.

    hue: the colour of the frame where it is not the usual one: that of the phase that is at work in it. foot: a line
    that stands in the lower edge, where there is room. A piece with the key `EDGE` has the colour of the frame.
    """

    title: Pieces
    inside: Drawing
    aside: Pieces = ()
    hue: str = ""
    foot: Drawing | None = None

    @property
    def footed(self) -> bool:
        """Whether the line of the lower edge is seen."""
        return self.foot is not None and self.foot.width + 4 <= self.inside.width


EDGE = "edge"
CORNERS = 7  # cells of the upper edge that no text can take: two at either end, three between the texts


# By whether they are in ASCII: the corners and lines of the upper edge, of both sides, of the lower edge.
FRAMES = {False: ("╭", "─", "╮", "│", "╰", "╯"), True: ("+", "-", "+", "|", "+", "+")}
SHARED = {False: ("├", "┤"), True: ("+", "+")}  # the corners of an upper edge that is the lower one of what is above


def framed(
    panel: Panel,
    *,
    focus: bool = False,
    ascii: bool = False,
    joined: bool = False,
    open: bool = False,
) -> Drawing:
    """The panel in its frame: two cells wider and two lines higher. focus: the frame is brighter then.

    joined: the upper edge is that of a panel above, too; it has the colour of this panel, whose title it bears.
    open: there is no lower edge, that of the next one is it.
    """
    key = panel.hue or ("focus" if focus else "frame")
    left, line, right, side, low_left, low_right = FRAMES[ascii]
    if joined:
        left, right = SHARED[ascii]
    inside = panel.inside
    top = _edge(panel, key, left, line, right, ascii=ascii)
    middle = [((side, key), *pieces, (side, key)) for pieces in inside.lines]
    bottom: Pieces = ((low_left + line * inside.width + low_right, key),)
    hits = [hit.moved(1, 1) for hit in inside.hits]
    if open:
        return Drawing(inside.width + 2, (top, *middle), tuple(hits))
    if panel.foot is not None and panel.footed:
        rest = inside.width - panel.foot.width - 3
        told = [(text, key if style == EDGE else style) for text, style in panel.foot.lines[0]]
        bottom = ((f"{low_left}{line} ", key), *told, (f" {line * rest}{low_right}", key))
        hits += (hit.moved(3, inside.height + 1) for hit in panel.foot.hits)
    return Drawing(inside.width + 2, (top, *middle, bottom), tuple(hits))


def _edge(panel: Panel, key: str, left: str, line: str, right: str, *, ascii: bool) -> Pieces:
    """The upper edge, with as much of both texts as there is room for; the one at the right is left out first."""
    width = panel.inside.width
    title = _shortened(panel.title, width - 4, "..." if ascii else "…")
    title = tuple((text, key if style == EDGE else style) for text, style in title)
    aside = tuple((printable(text), style) for text, style in panel.aside)
    used, other = (sum(cell_len(text) for text, _ in pieces) for pieces in (title, aside))
    if used + other + CORNERS > width:
        aside, other = (), 0
    pieces: list[Piece] = [(left + line, key)]
    if used:
        pieces += [(" ", key), *title, (" ", key)]
    rest = width - 1 - (used + 2 if used else 0)
    if other:
        pieces += [(line * (rest - other - 3) + " ", key), *aside, (f" {line}{right}", key)]
    else:
        pieces.append((line * rest + right, key))
    return tuple(crop(pieces, 0, width + 2))


def _shortened(title: Pieces, width: int, mark: str) -> Pieces:
    """A title of at most so many cells, with a mark where its end is left out."""
    title = tuple((printable(text), style) for text, style in title)
    if sum(cell_len(text) for text, _ in title) <= max(0, width):
        return title
    if width <= len(mark):
        return ()
    kept = crop(title, 0, width - len(mark))
    text, style = kept[-1]
    return (*kept[:-1], (text.rstrip() + mark, style))


def placed(width: int, height: int, parts: Sequence[tuple[int, int, Drawing]]) -> Drawing:
    """Drawings side by side and above one another, by their top left corners; they lie inside and do not overlap."""
    rows: list[list[tuple[int, Pieces, int]]] = [[] for _ in range(height)]
    hits: list[Hit] = []
    for x, y, part in parts:
        for row, pieces in enumerate(part.lines, start=y):
            rows[row].append((x, pieces, part.width))
        hits += (hit.moved(x, y) for hit in part.hits)
    return Drawing(width, tuple(_filled(row, width) for row in rows), tuple(hits))


def _filled(parts: list[tuple[int, Pieces, int]], width: int) -> Pieces:
    """A line of parts, blank between them."""
    line: list[Piece] = []
    at = 0
    for x, pieces, cells in sorted(parts, key=lambda part: part[0]):
        line += [(" " * (x - at), "space"), *pieces] if x > at else pieces
        at = x + cells
    return tuple([*line, (" " * (width - at), "space")] if at < width else line)
