"""Pictures of a network in characters: units and the lines between them, or a graph of operations.

Both are drawn alike. Columns of boxes stand from left to right; between two columns every source has a vertical
track of its own, from which a line goes off to each box that uses it. A corner or a T (in ASCII "o") is a
connection; where a line only passes a track, it goes under it. What a line carries is written on it: a weight with its
sign, or in a graph the value above and the gradient below. Colours say nothing that a character does not say too.

What there is to draw of a moment (`scene`) is found in `layered` and `graph`, what is written of it and where it stands
in `layered_columns` and `graph_columns`; `layered_picture` and `graph_picture` draw it, and `text` tells it in words.
"""

from __future__ import annotations

from rich.cells import cell_len

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures.net.graph_picture import draw_graph
from gradstep.tui.pictures.net.layered_picture import draw_layers
from gradstep.tui.pictures.net.panel import net_heights, net_panel
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.text import graph_text, layered_text
from gradstep.tui.pictures.net.writing import cells, plain, trimmed
from gradstep.tui.text.folding import packed
from gradstep.tui.text.grid import Piece, crop
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line

__all__ = ["net_heights", "net_page", "net_panel", "net_text"]

_BESIDE = 3  # lines above and below the drawing: the caption, and a legend of up to two lines


def net_page(moment: Moment, notation: Notation, width: int, height: int, row: int = 0) -> tuple[Line, ...]:
    """The network at a moment, for one row of the batch: every line of it equally wide, up to `width` if it can be."""
    scene = Scene(moment, notation, row)
    drawing = draw_layers(scene, width, height - _BESIDE) if scene.network.layered else draw_graph(scene, width)
    caption = _caption(scene, drawing.note, width)
    legend = packed([plain(phrase, notation) for phrase in drawing.legend], width, "dim")
    lines = [caption, *drawing.canvas.lines(), *(line.pieces for line in legend)]
    widest = max(drawing.canvas.width, *map(cells, lines))
    return tuple(Line(tuple(crop(trimmed(pieces), 0, widest))) for pieces in lines)


def _caption(scene: Scene, note: str, width: int) -> list[Piece]:
    """The step, and behind it what there is room for: the note, or better, the row of the batch and the note."""
    step = scene.caption()
    for phrases in ((scene.which_row(), note), (note,)):
        beside = "".join(f"  {phrase}" for phrase in phrases if phrase)
        if cells(step) + cell_len(beside) <= width:
            break
    told = trimmed(crop(step, 0, max(0, width - cell_len(beside))))
    return trimmed(crop([*told, (beside, "dim")], 0, width))


def net_text(moment: Moment, notation: Notation, row: int = 0) -> tuple[str, ...]:
    """The same in words, a unit or the lines into it on each line."""
    scene = Scene(moment, notation, row)
    caption = "  ".join(filter(None, ("".join(text for text, _ in scene.caption()).strip(), scene.which_row())))
    if scene.network.layered:
        return plain(caption, notation), *layered_text(scene)
    return caption, *graph_text(scene)
