"""A table that is drawn on demand, in whichever form, and which part of it is seen where it is higher than its room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len

from gradstep.engine.arrays import Index
from gradstep.tui.text.drawing import CORNERS, EDGE, Drawing, Hit, Panel, Pieces, drawn
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import layers as words

FRAME = 2  # lines
APART = 2  # cells more of the line between the names of groups and what is left out, which is no group
BEFORE = 2  # cells inside that the title begins behind
Drawn = tuple[list[list[Piece]], list[Hit]]
Note = tuple[str, str, str]  # the same in words, in fewer words, in a few signs


@dataclass(frozen=True, eq=False)
class Table:
    """heads: lines of headings; rows: lines below. place(symbol, index): the row where that stands, None for elsewhere.

    draw(first, last): headings and the rows [first, last), with what can be clicked in them. notes: what is left out,
    each in words, in fewer words and, for very little room, in signs. brief: the title where there is little room;
    alone: both where no other table is seen. above: the rows that stand over the headings. groups: what stands in the
    upper edge over columns, by the cells they have. breaks: the rows before which a part may begin, since what stands
    between two of them belongs together.
    """

    title: str
    heads: int
    rows: int
    place: Callable[[str, Index | None], int | None]
    draw: Callable[[int, int], Drawn]
    notes: Sequence[Note] = ()
    brief: str = ""
    alone: tuple[str, str] = ("", "")
    above: int = 0
    groups: Sequence[tuple[int, int, str]] = ()
    line: str = "─"
    breaks: Sequence[int] = ()

    @property
    def height(self) -> int:
        """Lines with the frame."""
        return FRAME + self.heads + self.rows

    def panel(self, width: int, height: int, at: int, said: Sequence[Note] = ()) -> Panel:
        """In `height` lines with the frame: of parts that are always the same, that with the row `at`."""
        room = max(1, height - FRAME - self.heads)
        shown = min(self.rows, room)
        first = min(max(begin for begin in self._parts(room) if begin <= at), self.rows - shown)
        notes = [*said, *self.notes]
        if shown < self.rows:
            last, count = first + shown, self.rows
            in_full = words.ROWS.format(first=first + 1, last=last, count=count)
            notes.append((in_full, in_full, words.ROWS_BRIEFLY.format(first=first + 1, last=last, count=count)))
        lines, hits = self.draw(first, first + shown)
        inside = height - FRAME
        if inside < self.heads + shown:  # no room for headings
            at = max(0, min(self.above, first + shown) - first)
            lines = lines[:at] + lines[at + self.heads :]
            hits = [hit if hit.area.y < at else hit_above(hit, self.heads) for hit in hits]
        title, aside = self._edge(notes, width)
        edge: Pieces = ((aside, "quiet"),) if aside else ()
        return Panel(title, _sized(lines, width, inside, hits), edge)

    def _parts(self, room: int) -> list[int]:
        """The rows that parts of so many begin with: what belongs together is in one, where there is room for it."""
        begins = [0]
        for first, end in pairwise([*self.breaks, self.rows] if self.breaks else range(self.rows + 1)):
            if end - begins[-1] > room and first > begins[-1]:
                begins.append(first)
            while end - begins[-1] > room:
                begins.append(begins[-1] + room)
        return begins

    def _edge(self, notes: Sequence[Note], width: int) -> tuple[Pieces, str]:
        """The texts of the upper edge, as much of the title and of what is said as there is room for."""
        told, briefly, signs = (words.BETWEEN.join(each) for each in (zip(*notes, strict=True) if notes else [()] * 3))
        brief = self.brief or self.title
        choices = [(self._over(self.title), told)]
        choices += [(self._over(title), said) for said in (briefly, signs) for title in (self.title, brief)]
        choices += [(((title, "title"),), said) for said in (briefly, signs) for title in (self.title, brief)]
        taken = CORNERS + (APART if self.groups else 0)
        named = len(self.groups) * 2 + 1
        choices.sort(key=lambda pair: len(pair[0]) != named)  # sooner a brief title than a group without its name
        return next((pair for pair in choices if _cells(pair[0]) + cell_len(pair[1]) + taken <= width), choices[-1])

    def _over(self, title: str) -> Pieces:
        """A title and, behind it, the names of groups of columns over them; those that it covers are left out."""
        pieces: list[tuple[str, str]] = [(title, "title")]
        at = BEFORE + cell_len(title)
        for first, end, name in self.groups:
            begin = max(first, at + 3)
            if begin + cell_len(name) > end:
                continue
            pieces += [(f" {self.line * (begin - at - 2)} ", EDGE), (name, "quiet")]
            at = begin + cell_len(name)
        return tuple(pieces)


def parted(text: str, notation: Notation) -> str:
    """A text of the frame, its parts with a comma between them where the dot would be read as a product's sign."""
    return notation.sign(text.replace(words.BETWEEN, words.BETWEEN_IN_ASCII) if notation.ascii else text)


def _cells(pieces: Pieces) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def hit_above(hit: Hit, lines: int) -> Hit:
    """The same some lines higher."""
    return Hit(hit.area._replace(y=hit.area.y - lines), hit.target)


def _sized(lines: list[list[Piece]], width: int, height: int, hits: list[Hit]) -> Drawing:
    return drawn(lines, width, max(0, height), [hit for hit in hits if hit.area.y < height])


def left_out(names: Sequence[str]) -> Note:
    """What is said of groups or columns that are not shown: which, how many, how many more there are."""
    count = len({*names})
    named = words.NOT_SHOWN.format(groups=", ".join(dict.fromkeys(names)))
    return (
        named,
        named if count == 1 else words.SO_MANY_NOT_SHOWN.format(count=count),
        words.LEFT_OUT.format(count=count),
    )
