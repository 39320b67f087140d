"""A graph in an area: of single numbers by its operations where all of them have room, otherwise by its lines."""

from __future__ import annotations

from gradstep.tui.pictures.net.board import Board
from gradstep.tui.pictures.net.lines_picture import draw_lines
from gradstep.tui.pictures.net.lines_plan import line_plan
from gradstep.tui.pictures.net.look import Look
from gradstep.tui.pictures.net.nodes import plan_of
from gradstep.tui.pictures.net.nodes_picture import draw_nodes


def draw_graph(look: Look, width: int, height: int) -> tuple[Board, int]:
    """The graph, and how many nodes are not in it."""
    lines = line_plan(look, width, height)
    if not lines.graph.of_arrays:
        size = plan_of(look, width, height).size
        if size[0] <= width and size[1] <= height:
            return draw_nodes(look, width, height)
    return draw_lines(lines, width, height)
