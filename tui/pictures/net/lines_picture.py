"""The drawing of a graph of lines: its boxes, the names in them, its wires with their names, and what is lit."""

from __future__ import annotations

from gradstep.engine.program.expression import Element
from gradstep.tui.pictures.net.board import DOUBLE, HEAVY, LIGHT, Board, Stroke
from gradstep.tui.pictures.net.lines import Place
from gradstep.tui.pictures.net.lines_plan import LinePlan
from gradstep.tui.pictures.net.look import cells_of
from gradstep.tui.pictures.net.nodes import Column, Entry, Slot
from gradstep.tui.pictures.net.wires import BACKWARD_HEAD, FORWARD_HEAD, head


def draw_lines(plan: LinePlan, width: int, height: int) -> tuple[Board, int]:
    """The graph in the middle of an area, and how many nodes are not in it."""
    board = Board(width, height, plan.look.ascii)
    left = max(0, (width - plan.size[0]) // 2)
    first, rows = plan.rows
    top = max(0, (height - rows) // 2) - first
    for place, column in enumerate(plan.columns[1:], 1):
        span = plan.starts[place - 1] + left, plan.starts[place] + left
        _draw_wires(board, plan, (plan.columns[place - 1], column), span, top)
    out = 0
    for place, column in enumerate(plan.columns):
        x = plan.starts[place] + left
        for slot, row in zip(column.slots, column.tops, strict=True):
            if not slot.name:
                board.across(row + top, x, x + column.width, _stroke(plan, slot.entries[0]))
            elif x + column.width > width or row + top < 0 or row + top + slot.height > height:
                out += 1
            else:
                _draw_node(board, plan, slot, (x, row + top), column.width)
    return board, out


def _stroke(plan: LinePlan, entry: Entry) -> Stroke:
    """How a wire is drawn: heavy while its value is read by its line, double while its gradient is written."""
    touch = plan.lit.get(Place(entry.user, source=entry.wire.source), "")
    strength = {"written": DOUBLE, "read": HEAVY}.get(touch, LIGHT)
    return Stroke(strength, f"bold {plan.look.phase}") if touch else Stroke(LIGHT)


def _draw_wires(board: Board, plan: LinePlan, columns: tuple[Column, Column], span: tuple[int, int], top: int) -> None:
    """The wires between two columns, with their names and heads."""
    before, column = columns
    start, end = span[0] + before.width, span[1]
    arrivals = sorted(column.arrivals, key=lambda arrival: _stroke(plan, arrival[0]).strength)
    passing = {row for slot, row in zip(column.slots, column.tops, strict=True) if not slot.name}
    for entry, row in arrivals:
        stroke, track = _stroke(plan, entry), start + 1 + before.routes.tracks[entry.source]
        leaves = before.routes.exits[entry.source] + top
        board.across(leaves, start, max(start, track), stroke)
        board.across(row + top, track + 1 if track > start else start, end, stroke)
        if track > start:
            board.track(track, leaves, [row + top], stroke)
        backward = stroke.strength == DOUBLE
        if backward and before.slots[entry.source].name:
            board.text(start, leaves, [(head(BACKWARD_HEAD, plan.look), stroke.key)])
        if row in passing:
            continue
        if not backward:
            board.text(end - 1, row + top, [(head(FORWARD_HEAD, plan.look), stroke.key)])
        key = "label" if stroke.strength == LIGHT else stroke.key
        board.text(end - 1 - column.label, row + top, [(plan.wire_name(entry), key)])


def _draw_node(board: Board, plan: LinePlan, slot: Slot, at: tuple[int, int], width: int) -> None:
    """A node's box, or its name."""
    (x, y), name, look = at, slot.name, plan.look
    title = plan.title(name)
    latest = plan.touched(name, gradients=True) or name
    board.hit(x, y if plan.detail.box else y + (slot.height - 1) // 2, cells_of(title) + 2, _first(plan, latest))
    written = plan.lit.get(Place(name), "") == "written"
    backward = bool(plan.touched(name, gradients=True))
    stroke = Stroke(DOUBLE if backward else HEAVY, look.phase) if written else Stroke(LIGHT, "focus")
    if not plan.detail.box:
        board.sides(x, y, width, slot.height, stroke)
        board.text(x + 1, y + (slot.height - 1) // 2, title)
        return
    board.frame(x, y, width, slot.height, stroke)
    board.text(x + 1, y, title)
    board.text(x + 1, y + slot.height - 1, [(plan.sign(name), "quiet")])
    leaves = plan.leaf_lines(name)
    for row, line in enumerate(plan.inside(name)):
        board.text(x + 1, y + 1 + row, line)
        cell = x + 1
        for leaf in leaves[row] if row < len(leaves) else ():
            size = cells_of(plan.leaf(name, leaf))
            board.hit(cell, y + 1 + row, size, _first(plan, leaf))
            cell += size + 1


def _first(plan: LinePlan, symbol: str) -> Element:
    """The first element of what is shown for a symbol."""
    latest = plan.graph.scene.latest(symbol)
    return Element(latest, (0,) * len(plan.look.program.symbols[latest].shape))
