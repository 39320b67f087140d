"""The drawing of a graph: how much of it fits, the slots side by side, and the lines between them."""

from __future__ import annotations

from collections.abc import Sequence

from gradstep.tui.pictures.net.canvas import Canvas
from gradstep.tui.pictures.net.graph import Graph
from gradstep.tui.pictures.net.graph_columns import Column, Detail, Slot, graph_columns
from gradstep.tui.pictures.net.legend import Drawing, graph_legend, marks_legend, moment_legend
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.writing import cells
from gradstep.tui.text.grid import Piece, crop

_DETAILS = tuple(Detail(digits, name) for name in (24, 12, 8, 6) for digits in (6, 5, 4, 3))
"""The most first: digits go before names are shortened."""


def draw_graph(scene: Scene, width: int) -> Drawing:
    """The graph with as many digits, and then as long names, as the width allows."""
    graph = Graph(scene)
    canvas = Canvas(scene.notation.ascii)
    for detail in _DETAILS:
        canvas = Canvas(scene.notation.ascii)
        _draw_columns(canvas, graph_columns(graph, detail))
        if canvas.width <= width:
            break
    legend = (*graph_legend(graph), *marks_legend(canvas), *moment_legend(scene, graph.parameters))
    return Drawing(canvas, legend)


def _draw_columns(canvas: Canvas, columns: Sequence[Column]) -> None:
    x = 0
    before: Column | None = None
    for column in columns:
        if before:
            x = _draw_wires(canvas, before, column, x)
        for slot, top in zip(column.slots, column.tops, strict=True):
            _draw_slot(canvas, slot, x, top, column.width)
        x += column.width
        before = column


def _draw_wires(canvas: Canvas, before: Column, column: Column, x: int) -> int:
    """The lines between two columns, from `x` on, with what they carry above and below them; gives where they end."""
    routes = before.routes
    label = x + 2 * (max(routes.tracks, default=-1) + 1)
    end = label + 1 + column.label_width
    tracks = [x + 2 * track + 1 for track in routes.tracks]
    rows_of: dict[int, set[int]] = {}
    for entry, row in column.arrivals:
        rows_of.setdefault(entry.source, set()).add(row)
        canvas.horizontal(row, max(x, tracks[entry.source] + 1), end)
        canvas.text(label, row - 1, entry.above)
        canvas.text(label, row + 1, entry.below)
    for source, rows in rows_of.items():
        track, exit_row = tracks[source], routes.exits[source]
        if track > x:  # the others go straight on
            canvas.horizontal(exit_row, x, track)
            canvas.track(track, exit_row, rows)
    return end


def _draw_slot(canvas: Canvas, slot: Slot, x: int, top: int, width: int) -> None:
    if not slot.name:
        canvas.horizontal(top, x, x + width)
    elif slot.is_node:
        _draw_node(canvas, slot, x, top, width)
    elif slot.lines:
        for row, line in enumerate(slot.lines, top + 1):
            canvas.text(x, row, line)
        canvas.horizontal(top + 1, x + cells(slot.lines[0]) + 1, x + width)


def _draw_node(canvas: Canvas, slot: Slot, x: int, top: int, width: int) -> None:
    """A box with its operation and its name in the middle."""
    inner = width - 2
    edge = [(canvas.line_sign() * inner, "dim")]
    free = slot.height - 2 - len(slot.lines)
    blanks = [()] * (free // 2), [()] * (free - free // 2)
    inside = [_centred(line, inner) for line in (*blanks[0], *slot.lines, *blanks[1])]
    canvas.box(x, top, [edge, *inside, edge])


def _centred(line: Sequence[Piece], width: int) -> list[Piece]:
    left = (width - cells(line)) // 2
    return crop(line, -left, width - left)
