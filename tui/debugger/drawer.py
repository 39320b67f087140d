"""A drawer: a page, a list to choose from, or both, that stands beside the step and follows while one steps.

What it shows is asked for at every drawing. What its list can do is said by the commands that do it: Enter, Delete and
so on are commands like all others, and go to the drawer where it has an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rich.cells import cell_len

from gradstep.tui.text.columns import Pieces, Row, widths, written
from gradstep.tui.text.drawing import Area, Drawing, Hit, Panel, drawn
from gradstep.tui.text.glyphs import CHOSEN, plain
from gradstep.tui.text.page import Line, Page, lay_out
from gradstep.tui.words import debugger as words

ENTRY = "entry "  # begins what a click on an entry means; its place follows
TOUR = "tour"  # the name of the drawer that says itself how to go on
MARGIN = 1  # cells at either side
SIGN = 2  # cells before an entry
NARROW = 12  # cells below which there is no margin
ROOMY = 8  # lines from which on there is room for a page and a list
CORNERS = 4  # cells of the lower edge that no text can take
COMMA, SEMICOLON = ", ", "; "  # between keys; before those in the lower edge
LOW = 3  # lines in which there is no room for headings
MEASURED = 500  # entries; of a longer list the columns are as wide as what is seen of it asks for

Do = Callable[[int], str | None]  # with the entry at a place; gives what to say, None for nothing. May raise Problem


def no_page(width: int) -> Page:
    """The page of a drawer that is a list only."""
    return ()


@dataclass
class Drawer:
    """name: of the command that opens it. page: for a width. entries: below it, in columns. heads: over the columns.
    folding: the columns of words; spare: those that are left out, one by one, where there is no room for all.
    after: what goes on below the entries; all is one page to be scrolled then.

    acts: command → what it does here. about: the keys, those that are needed most first, with commas between them, the
    last one that which closes it. whole: it takes all the room; share: whether it has little to say, or much;
    lines: what it needs at most, 0 for all there is. chosen: the place of an entry; top: the first line that is seen;
    seen: how many lines or entries, which the page keys move by.
    """

    name: str
    title: Callable[[], str]
    page: Callable[[int], Page] = no_page
    entries: Callable[[], Sequence[Row]] = tuple
    heads: Sequence[str] = ()
    folding: Sequence[int] = ()
    spare: Sequence[int] = ()
    after: Callable[[int], Page] | None = None
    acts: Mapping[str, Do] = field(default_factory=dict)
    about: str = ""
    whole: bool = False
    share: str = ""
    lines: int = 0
    chosen: int = 0
    top: int = 0
    left: int = 0
    seen: int = 1
    _scrolls: bool = False  # whether the page keys scroll rather than choose
    _turned: int = 0  # by how many pages it was scrolled just now
    _shown: int = -1  # the chosen entry when it was brought into view last

    def move(self, by: int) -> None:
        """Choose an entry further down, or up; where there are none, or no more, scroll."""
        count = len(self.entries())
        before, self.chosen = self.chosen, min(max(0, self.chosen + by), max(0, count - 1))
        if not count or (self.after is not None and self.chosen == before):
            self.top = max(0, self.top + by)

    def turn(self, pages: int) -> None:
        """Scroll by as many lines as are seen, or choose as many entries further on."""
        by = max(1, self.seen - 1)
        if self._scrolls:
            self.top, self._turned = max(0, self.top + pages * by), pages
        else:
            self.move(pages * by)

    def panel(self, width: int, height: int, *, ascii: bool) -> Panel:
        """What is to be seen of it in an area."""
        margin = MARGIN if width >= NARROW else 0
        inside, more = self._inside(width - 2 * margin, height, ascii)
        lines = [((" " * margin, "space"), *line) for line in inside.lines]
        hits = [hit.moved(margin, 0) for hit in inside.hits]
        hits = [Hit(hit.area._replace(x=0, width=width), hit.target) for hit in hits]
        about = _as_fits(self.about, width - cell_len(self.title()) - 8)
        below = _with_keys(more, self.about.removeprefix(about).removeprefix(COMMA), width - CORNERS)
        about, below = (plain(text) if ascii else text for text in (about, below))
        foot = drawn([((below, "quiet"),)], cell_len(below), 1) if below else None
        aside = ((about, "quiet"),) if about else ()
        return Panel(((self.title(), "bold text"),), drawn(lines, width, height, hits), aside, foot=foot)

    def _inside(self, width: int, height: int, ascii: bool) -> tuple[Drawing, str]:
        """The lines, and how many more there are."""
        page = self.page(width)  # first: what it finds out may be what the entries are made of
        entries = self.entries()
        self.chosen = min(max(0, self.chosen), max(0, len(entries) - 1))
        listed = _Listed(entries, self.chosen, self.heads, self.folding, self.spare, width, ascii)
        if self.after is not None:
            return self._as_one(page, listed, self.after(width), width, height)
        return self._page_and_list(page, listed, width, height)

    def _as_one(self, page: Page, listed: _Listed, after: Page, width: int, height: int) -> tuple[Drawing, str]:
        """All lines below one another, and the part of them that is seen."""
        lines: list[tuple[int | None, Pieces]] = [(None, line) for line in _lines(page, width)]
        lines += listed.all()
        lines += [(None, line) for line in _lines(after, width)]
        last = max(0, len(lines) - height)
        if self.chosen != self._shown and listed.entries:
            own = [y for y, (place, _) in enumerate(lines) if place == self.chosen]
            self.top = min(max(self.top, own[-1] - height + 1), own[0]) if self.chosen else min(self.top, own[0])
            self._shown = self.chosen
        self.top = min(self.top, last)
        self.seen, self._scrolls = max(1, height), True
        seen = lines[self.top : self.top + height]
        self._choose_in_view([place for place, _ in seen if place is not None])
        if self.chosen != listed.chosen:
            return self._as_one(page, replace(listed, chosen=self.chosen), after, width, height)
        hits = [Hit(Area(0, y, width, 1), f"{ENTRY}{place}") for y, (place, _) in enumerate(seen) if place is not None]
        more = _more(self.top, len(seen), len(lines), words.MORE_LINES(len(lines) - len(seen)))
        return drawn([line for _, line in seen], width, height, hits), more

    def _choose_in_view(self, places: Sequence[int]) -> None:
        """After it was scrolled, choose an entry that is seen, if any is."""
        if self._turned and places and self.chosen not in places:
            self.chosen = self._shown = places[0] if self._turned > 0 else places[-1]
        self._turned = 0

    def _page_and_list(self, page: Page, listed: _Listed, width: int, height: int) -> tuple[Drawing, str]:
        """A page to be scrolled, and a list below it, of which the part around the chosen entry is seen."""
        layout = lay_out(() if listed.entries and height < ROOMY else page, width)
        rows, at, head = listed.around(height)
        head = head if height > LOW else []
        most = height - layout.height - len(head)
        shown = min(len(rows), max(height * 2 // 5, most), max(0, height - len(head)))
        blank = bool(rows and layout.height and layout.height + len(head) + shown < height)
        room = min(layout.height + blank, height - shown - len(head))
        self.top = min(self.top, max(0, layout.height - room))
        self.left = min(self.left, max(0, layout.width - width))
        lines: list[Sequence[tuple[str, str]]] = [
            layout.line(self.top + y, self.left, self.left + width, self.top) for y in range(room)
        ]
        own = sum(place == self.chosen for place, _ in rows)
        first = min(max(0, at - max(0, shown - own) // 2), len(rows) - shown)
        begins = [y for y, (place, _) in enumerate(rows) if y == 0 or rows[y - 1][0] != place]
        before = max((y for y in begins if y <= first), default=first)
        after = min((y for y in begins if first <= y <= min(at, len(rows) - shown)), default=first)
        first = before if at + own - before <= shown else after  # sooner a whole entry at the top than a part of one
        seen = rows[first : first + shown]
        above = room + len(head)
        hits = [Hit(Area(0, above + y, width, 1), f"{ENTRY}{place}") for y, (place, _) in enumerate(seen)]
        places = sorted({place for place, _ in seen})
        self._scrolls = layout.height > room or not listed.entries
        self.seen = max(1, room if self._scrolls else len(places))
        more = _more(self.top, room, layout.height, words.MORE_LINES(layout.height - room))
        count = len(listed.entries)
        if places and not more:
            more = _more(places[0], len(places), count, words.MORE_ENTRIES(count - len(places)))
        return drawn([*lines, *head, *(line for _, line in seen)], width, height, hits), more


def _lines(page: Page, width: int) -> list[Pieces]:
    layout = lay_out(page, width)
    return [tuple(layout.line(y, 0, width, 0)) for y in range(layout.height)]


def _more(first: int, seen: int, count: int, more: str) -> str:
    """How many lines or entries are not seen, and the keys that show them."""
    if seen >= count:
        return ""
    keys = ((words.UP,) if first > 0 else ()) + ((words.DOWN,) if first + seen < count else ())
    return words.MORE_BY.format(more=more, key=" ".join(keys))


def _as_fits(about: str, room: int) -> str:
    """As many of the keys as there is room for, the first ones first."""
    while about and cell_len(about) > room:
        about = about.rpartition(COMMA)[0]
    return about


def _with_keys(more: str, keys: str, room: int) -> str:
    """What the lower edge says: what is not seen, and the keys that the upper edge has no room for. The last key, which
    closes the drawer, is the last one to be left out.
    """
    *others, last = keys.split(COMMA)
    for kept in range(len(others), -1, -1):
        text = SEMICOLON.join(part for part in (more, COMMA.join((*others[:kept], last))) if part)
        if cell_len(text) <= room:
            return text
    return more


@dataclass(frozen=True, eq=False)
class _Listed:
    """Entries as lines with their places, the chosen one marked."""

    entries: Sequence[Row]
    chosen: int
    heads: Sequence[str]
    folding: Sequence[int]
    spare: Sequence[int]
    width: int
    ascii: bool

    @property
    def room(self) -> int:
        """Cells of an entry."""
        return max(1, self.width - SIGN)

    def _columns(self, entries: Sequence[Row]) -> tuple[int, ...]:
        heads = [Row(tuple(((text, "quiet"),) for text in self.heads))] if self.heads else []
        measured = entries if len(self.entries) > MEASURED else self.entries
        return widths([*heads, *measured], self.room, self.folding, self.spare)

    def _head(self, columns: Sequence[int]) -> list[Pieces]:
        """The line over the columns, where there are some."""
        if not self.heads or not columns:
            return []
        heads = Row(tuple(((text, "quiet"),) for text in self.heads))
        return [((" " * SIGN, "space"), *line) for line in written(heads, columns, self.room)[:1]]

    def all(self) -> list[tuple[int | None, Pieces]]:
        """All of them."""
        columns = self._columns(self.entries)
        heads: list[tuple[int | None, Pieces]] = [(None, line) for line in self._head(columns)] if self.entries else []
        return heads + [(at, line) for at, each in enumerate(self.entries) for line in self._entry(at, each, columns)]

    def around(self, height: int) -> tuple[list[tuple[int, Pieces]], int, list[Pieces]]:
        """Those before and after the chosen one that can be seen, the line where it begins, and the headings.

        There may be thousands.
        """
        begin, end = max(0, self.chosen - height), min(len(self.entries), self.chosen + height + 1)
        near = [self.entries[place] for place in range(begin, end)]
        columns = self._columns(near)
        lines: list[tuple[int, Pieces]] = []
        first = 0
        for place, each in enumerate(near, begin):
            if place == self.chosen:
                first = len(lines)
            lines += [(place, line) for line in self._entry(place, each, columns)]
        return lines, first, self._head(columns) if near else []

    def _entry(self, place: int, each: Row, columns: Sequence[int]) -> list[Pieces]:
        """The lines of one; what is said below it has no ground, for it is to be read."""
        sign = CHOSEN.drawn(ascii=self.ascii) if place == self.chosen else " "
        marked = len(written(replace(each, below=()), columns, self.room)) if place == self.chosen else 0
        lines = []
        for number, pieces in enumerate(written(each, columns, self.room) or [()]):
            ground = " on chosen" if number < marked else ""
            line = Line(tuple((text, _on(key, ground)) for text, key in pieces))
            before = (f"{sign} " if number == 0 else " " * SIGN, f"bold text{ground}")
            lines.append((before, *line.pieces, (" " * max(0, self.room - line.width), f"text{ground}")))
        return lines


def _on(key: str, ground: str) -> str:
    """A key on the ground of a chosen entry, where quiet text and red would be hard to read."""
    if not ground or " on " in key:
        return key
    return ("text" if key in ("quiet", "faint", "space") else key.replace("fails", "text")) + ground
