"""The live net as a panel: at every step where its numbers are, where they come from, and along which wires they go."""

from __future__ import annotations

from dataclasses import replace

from gradstep.engine.program.program import Role
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.net.aside import what_moved
from gradstep.tui.pictures.net.board import Board
from gradstep.tui.pictures.net.boxes import USUAL, rows_wanted
from gradstep.tui.pictures.net.layered_panel import draw_layered
from gradstep.tui.pictures.net.layout import SOME
from gradstep.tui.pictures.net.legend import moment_legend
from gradstep.tui.pictures.net.look import Look, cells_of
from gradstep.tui.pictures.net.places import FEW
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.structure import Layer, layers_of
from gradstep.tui.pictures.net.writing import plain
from gradstep.tui.text.drawing import CORNERS, Drawing, Panel, drawn
from gradstep.tui.text.folding import packed
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import net as words

LEAST_LINES, MOST_LINES = 6, 30
LEAST_MOST = 9  # lines that the least takes of any net
LINES_OF_WIRE, LINES_OF_INPUT, LINES_OF_NODE = 3, 2, 4  # of a graph


def net_panel(moment: Moment, view: View, width: int, height: int) -> Panel:
    """The net at a moment, in an area of so many cells and lines inside of the frame."""
    look = Look(moment, view)
    board, out = _board(look, width, height)
    title = _title(look, out)
    aside = what_moved(look, width - CORNERS - cells_of(title))
    if not aside:  # what has moved is worth more than how much is left out
        title = title[:1]
        aside = what_moved(look, width - CORNERS - cells_of(title))
    return Panel(tuple(title), board.drawing(), aside)


def net_drawing(moment: Moment, view: View, width: int, height: int, row: int = 0) -> Drawing:
    """The same in a room of its own, for a row of the batch; above it what has moved, below it of which moment."""
    look = Look(moment, view, row)
    scene = Scene(moment, view.notation, look.row)
    phrases = [plain(phrase, view.notation) for phrase in moment_legend(scene, _parameters(look))]
    below = packed(phrases, width, "quiet") if height > LEAST_LINES else []
    board, out = _board(look, width, max(0, height - 2 - len(below)))
    note = _title(look, out)[1:]
    moved = what_moved(look, width - cells_of(note))
    lines = [(*moved, *note), (), *board.drawing().lines, *(line.pieces for line in below)]
    hits = tuple(replace(hit, area=hit.area._replace(y=hit.area.y + 2)) for hit in board.drawing().hits)
    return drawn(lines, width, height, (hit for hit in hits if hit.area.y < height))


def _parameters(look: Look) -> list[str]:
    """The parameters of the net."""
    return [name for name, symbol in look.program.symbols.items() if symbol.role is Role.PARAMETER]


def _board(look: Look, width: int, height: int) -> tuple[Board, tuple[int, int, int]]:
    """The net, and what of it is left out: layers before and after, nodes."""
    if look.moment.scenario.network.layered:
        board, before, after = draw_layered(look, width, height)
        return board, (before, after, 0)
    from gradstep.tui.pictures.net.graph_picture import draw_graph  # noqa: PLC0415 - graphs are few

    board, nodes = draw_graph(look, width, height)
    return board, (0, 0, nodes)


def net_heights(scenario: Scenario, view: View, width: int) -> tuple[int, int]:
    """The least lines inside of the frame, and those in which everything can be said; the same at every step."""
    if scenario.network.layered:
        layers = layers_of(scenario)
        least = max(map(_least_of, layers))
        return least, max(least, min(MOST_LINES, max(map(_lines_of, layers)) + 1))
    depths: dict[str, int] = {}
    lines: dict[int, int] = {}
    bare: dict[int, int] = {}
    for node in scenario.network.nodes:
        for name in node.inputs:
            if name not in depths:
                depths[name] = 0
                lines[0] = lines.get(0, 0) + LINES_OF_WIRE
                bare[0] = bare.get(0, 0) + LINES_OF_INPUT
        depths[node.name] = 1 + max((depths[name] for name in node.inputs), default=0)
        taken = max(LINES_OF_WIRE * len(node.inputs), 4) + 1
        lines[depths[node.name]] = lines.get(depths[node.name], 0) + taken
        bare[depths[node.name]] = bare.get(depths[node.name], 0) + LINES_OF_NODE
    least = min(LEAST_MOST, max(LEAST_LINES, *bare.values()))
    return least, max(least, min(MOST_LINES, max(lines.values(), default=0)))


def _least_of(layer: Layer) -> int:
    """Lines in which the boxes of a layer of very few units are closed, and all of them are seen."""
    lines = USUAL * layer.units if layer.W else 0
    return lines if LEAST_LINES < lines <= LEAST_MOST else LEAST_LINES


def _lines_of(layer: Layer) -> int:
    """Lines in which everything can be said of a layer."""
    if layer.units <= FEW:
        return layer.units * (rows_wanted(layer) if layer.W else 2) + layer.units - 1
    return layer.units + 1 if layer.units <= SOME else LEAST_LINES + 4


def _title(look: Look, out: tuple[int, int, int]) -> list[Piece]:
    """The name of the panel, which layers and nodes are left out, the row of the batch."""
    before, after, nodes = out
    has_row = look.rows > 1 and look.moment.scenario.network.layered  # a graph shows whole arrays
    parts = [
        (words.NET, "title"),
        (words.PART.format(part=words.TO_THE_LEFT(before)) if before else "", "quiet"),
        (words.PART.format(part=words.TO_THE_RIGHT(after)) if after else "", "quiet"),
        (words.PART.format(part=words.NODES_OUT(nodes)) if nodes else "", "quiet"),
        (words.PART.format(part=words.ROW.format(row=look.row, rows=look.rows)) if has_row else "", "quiet"),
    ]
    return [(look.notation.sign(text), key) for text, key in parts if text]
