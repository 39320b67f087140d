"""The live net as a panel: at every step where its numbers are, where they come from, and along which wires they go."""

from __future__ import annotations

from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.net.aside import what_moved
from gradstep.tui.pictures.net.layered_panel import draw_layered
from gradstep.tui.pictures.net.look import Look, cells_of
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import net as words

LEAST_LINES = 6


def net_panel(moment: Moment, view: View, width: int, height: int) -> Panel:
    """The net at a moment, in an area of so many cells and lines inside of the frame."""
    look = Look(moment, view)
    board, before, after = draw_layered(look, width, height)
    title = _title(look, before, after)
    aside = what_moved(look, width - 6 - cells_of(title))
    if not aside:  # what has moved is worth more than how much is left out
        title = title[:1]
        aside = what_moved(look, width - 6 - cells_of(title))
    return Panel(tuple(title), board.drawing(), aside)


def _title(look: Look, before: int, after: int) -> list[Piece]:
    """The name of the panel, which layers are left out, the row of the batch."""
    parts = [
        (words.NET, "title"),
        (f"  ‹ {words.LAYERS(before)}" if before else "", "quiet"),
        (f"  {words.LAYERS(after)} ›" if after else "", "quiet"),
        (f"  {words.ROW.format(row=look.row, rows=look.rows)}" if look.rows > 1 else "", "quiet"),
    ]
    return [(look.notation.sign(text), key) for text, key in parts if text]
