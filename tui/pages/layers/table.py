"""A table that is drawn on demand, in whichever form, and which part of it is seen where it is higher than its room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradstep.engine.arrays import Index
from gradstep.tui.text.drawing import Drawing, Hit, Panel, Pieces, drawn
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import layers as words

FRAME = 2  # lines
Drawn = tuple[list[list[Piece]], list[Hit]]


@dataclass(frozen=True, eq=False)
class Table:
    """heads: lines of headings; rows: lines below. place(symbol, index): the row where that stands, None for elsewhere.

    draw(first, last): the headings and the rows [first, last), with what can be clicked in them. notes: what is left out.
    """

    title: str
    heads: int
    rows: int
    place: Callable[[str, Index | None], int | None]
    draw: Callable[[int, int], Drawn]
    notes: Sequence[str] = ()

    @property
    def height(self) -> int:
        """Lines with the frame."""
        return FRAME + self.heads + self.rows

    def panel(self, width: int, height: int, at: int, said: Sequence[str] = ()) -> Panel:
        """In at most `height` lines with the frame, with the row `at` in view: one of some parts that are always the same."""
        room = max(1, height - FRAME - self.heads)
        shown = min(self.rows, room)
        first = min(at // room * room, self.rows - shown)
        notes = [*said, *self.notes]
        if shown < self.rows:
            notes.append(words.ROWS.format(first=first + 1, last=first + shown, count=self.rows))
        lines, hits = self.draw(first, first + shown)
        inside = min(height - FRAME, self.heads + shown)
        if inside < self.heads + shown:  # no room for headings
            lines, hits = lines[self.heads :], [hit_above(hit, self.heads) for hit in hits if hit.area.y >= self.heads]
        aside: Pieces = ((words.BETWEEN.join(notes), "quiet"),) if notes else ()
        return Panel(((self.title, "title"),), _sized(lines, width, inside, hits), aside)


def hit_above(hit: Hit, lines: int) -> Hit:
    """The same some lines higher."""
    return Hit(hit.area._replace(y=hit.area.y - lines), hit.target)


def _sized(lines: list[list[Piece]], width: int, height: int, hits: list[Hit]) -> Drawing:
    return drawn(lines, width, max(0, height), [hit for hit in hits if hit.area.y < height])
