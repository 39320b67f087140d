"""A drawer: a page, a list to choose from, or both, that stands beside the step and follows while one steps.

What it shows is asked for at every drawing. What its list can do is said by the commands that do it: Enter, Delete and
so on are commands like all others, and go to the drawer where it has an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gradstep.tui.text.drawing import Area, Hit, Panel, Pieces, drawn
from gradstep.tui.text.folding import folded_pieces
from gradstep.tui.text.glyphs import CHOSEN, plain
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.page import Layout, Page, lay_out
from gradstep.tui.words import debugger as words

ENTRY = "entry "  # begins what a click on an entry means; its place follows

Entry = Sequence[Piece]
Do = Callable[[int], str | None]  # with the entry at a place; gives what to say, None for nothing. May raise Problem


def no_page(width: int) -> Page:
    """The page of a drawer that is a list only."""
    return ()


@dataclass
class Drawer:
    """name: of the command that opens it. page: for a width. entries: below it. acts: command → what it does here.

    about: the keys, in a line. whole: it takes all the room; lines: what it needs at most, 0 for all there is. chosen:
    the place of an entry; top: the first line of the page that is seen; seen: how many of them.
    """

    name: str
    title: Callable[[], str]
    page: Callable[[int], Page] = no_page
    entries: Callable[[], Sequence[Entry]] = tuple
    acts: Mapping[str, Do] = field(default_factory=dict)
    about: str = ""
    whole: bool = False
    lines: int = 0
    empty: str = ""
    chosen: int = 0
    top: int = 0
    left: int = 0
    seen: int = 8

    def move(self, by: int) -> None:
        """Choose an entry further down, or up; where there are none, scroll."""
        count = len(self.entries())
        if count:
            self.chosen = min(max(0, self.chosen + by), count - 1)
        else:
            self.top = max(0, self.top + by)

    def panel(self, width: int, height: int, *, ascii: bool) -> Panel:
        """What is to be seen of it in an area."""
        layout = lay_out(self.page(width), width)
        entries = self.entries()
        self.chosen = min(max(0, self.chosen), max(0, len(entries) - 1))
        listed, at = _entries(entries, self.chosen, width, height, ascii)
        shown = min(len(listed), max(height * 2 // 5, height - layout.height), height)
        room = min(layout.height + bool(listed and layout.height), height - shown)
        self.top = min(self.top, max(0, layout.height - room))
        self.left = min(self.left, max(0, layout.width - width))
        lines: list[Entry] = [_line(layout, self.top + y, self.left, width, self.top) for y in range(room)]
        first = min(max(0, at - shown // 2), len(listed) - shown)
        seen = listed[first : first + shown]
        hits = [Hit(Area(0, room + y, width, 1), f"{ENTRY}{place}") for y, (place, _) in enumerate(seen)]
        if not entries and not layout.height and self.empty:
            lines = [line.pieces for line in folded_pieces([(self.empty, "quiet")], width)]
        self.seen = max(1, room)
        inside = drawn([*lines, *(pieces for _, pieces in seen)], width, height, hits)
        last = min(layout.height, self.top + room)
        part = words.PART.format(first=self.top + 1, last=last, count=layout.height) if layout.height > room else ""
        places = [place for place, _ in seen]
        if places and not layout.height and places[-1] - places[0] + 1 < len(entries):
            part = words.PART.format(first=places[0] + 1, last=places[-1] + 1, count=len(entries))
        part, about = (plain(text) if ascii else text for text in (part, self.about))
        return Panel(((self.title(), "bold text"),), inside, ((part, "faint"), (about, "quiet")))


def _line(layout: Layout, y: int, left: int, width: int, top: int) -> Entry:
    return layout.line(y, left, left + width, top)


def _on(key: str, ground: str) -> str:
    """A key on the ground of a chosen entry, where quiet text would be hard to read."""
    if not ground or " on " in key:
        return key
    return ("text" if key in ("quiet", "faint", "space") else key) + ground


def _entries(
    entries: Sequence[Entry], chosen: int, width: int, height: int, ascii: bool
) -> tuple[list[tuple[int, Pieces]], int]:
    """Folded entries with their places, and the line where the chosen one begins.

    Only so many before and after that as can be seen: there may be thousands.
    """
    lines: list[tuple[int, Pieces]] = []
    at = 0
    for place in range(max(0, chosen - height), min(len(entries), chosen + height + 1)):
        sign = CHOSEN.drawn(ascii=ascii) if place == chosen else " "
        ground = " on chosen" if place == chosen else ""
        if place == chosen:
            at = len(lines)
        for number, line in enumerate(folded_pieces(entries[place], width - 2, indent=2)):
            before = (f"{sign} " if number == 0 else "  ", f"bold text{ground}")
            pieces = [before, *((text, _on(key, ground)) for text, key in line.pieces)]
            lines.append((place, (*pieces, (" " * (width - 2 - line.width), f"text{ground}"))))
    return lines, at
