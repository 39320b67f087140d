"""The drawing of a graph of operations: its boxes, its wires and what is on them."""

from __future__ import annotations

from collections.abc import Iterator

from gradstep.engine.program.expression import Element
from gradstep.tui.pictures.net.board import DOUBLE, HEAVY, LIGHT, Board, Stroke
from gradstep.tui.pictures.net.graph import END
from gradstep.tui.pictures.net.look import cells_of
from gradstep.tui.pictures.net.nodes import BARE, FLAT, TALL, Column, Entry, Plan, Slot
from gradstep.tui.pictures.net.wires import BACKWARD_HEAD, FORWARD_HEAD, head
from gradstep.tui.text.grid import Piece


def draw_nodes(plan: Plan, width: int, height: int) -> Board:
    """The graph in the middle of an area that has room for it."""
    first, rows = plan.rows
    left, top = -((width - plan.size[0]) // 2), first - (height - rows) // 2
    board = Board(width, height, plan.look.ascii)
    for place, column in enumerate(plan.columns):
        x = plan.starts[place] - left
        if place:
            _draw_wires(board, plan, plan.columns[place - 1], column, (plan.starts[place - 1] - left, x), top)
    for place, column in enumerate(plan.columns):
        for slot, row in zip(column.slots, column.tops, strict=True):
            _draw_slot(board, plan, slot, (plan.starts[place] - left, row - top), column.width)
    return board


def _stroke(plan: Plan, entry: Entry) -> Stroke:
    """How a wire is drawn: heavy while its value is read by its node, double while its gradient is written."""
    look = plan.look
    step = look.moment.step
    if step is not None and entry.wire.gradient and step.symbol == entry.wire.gradient:
        return Stroke(DOUBLE, f"bold {look.phase}")
    if step is not None and step.symbol == entry.user:
        return Stroke(HEAVY, f"bold {look.phase}")
    return Stroke(LIGHT)


def _draw_wires(board: Board, plan: Plan, before: Column, column: Column, span: tuple[int, int], top: int) -> None:
    """The wires between two columns, with what they carry."""
    start, end = span[0] + before.width, span[1]
    tracks = [start + 2 * track + 1 for track in before.routes.tracks]
    label = end - column.label - 1
    arrivals = sorted(column.arrivals, key=lambda arrival: _stroke(plan, arrival[0]).strength)
    for entry, row in arrivals:
        stroke, track = _stroke(plan, entry), tracks[entry.source]
        exit_row = before.routes.exits[entry.source]
        board.across(row - top, max(start, track + 1), end, stroke)
        if track > start:
            board.across(exit_row - top, start, track, stroke)
            board.track(track, exit_row - top, [row - top], stroke)
        if plan.detail.lines == BARE:
            _draw_head(board, plan, entry, (start, exit_row - top), (end, row - top), passes=_passes(column, row))
        elif not _passes(column, row):
            _draw_numbers(board, plan, entry, (label, row - top), end, stroke)


def _draw_head(
    board: Board, plan: Plan, entry: Entry, begin: tuple[int, int], end: tuple[int, int], *, passes: bool
) -> None:
    """Where nothing stands on a wire: its head at the node, or where a gradient comes back at the value."""
    stroke = _stroke(plan, entry)
    if stroke.strength == DOUBLE:
        board.text(*begin, [(head(BACKWARD_HEAD, plan.look), stroke.key)])
    elif not passes:
        board.text(end[0] - 1, end[1], [(head(FORWARD_HEAD, plan.look), stroke.key)])


def _passes(column: Column, row: int) -> bool:
    """Whether the wire in a row only passes by this column."""
    return any(not slot.name and top == row for slot, top in zip(column.slots, column.tops, strict=True))


def _draw_numbers(board: Board, plan: Plan, entry: Entry, at: tuple[int, int], end: int, stroke: Stroke) -> None:
    x, row = at
    above, below = plan.above(entry), plan.below(entry)
    lines = plan.detail.lines
    first, second = row - (lines > FLAT), row + (lines == TALL)
    board.text(x, first, above if lines > FLAT else _open(above))
    x_below = x if lines > FLAT else x + cells_of(above) + 1
    board.text(x_below, second, below if lines == TALL else _open(below))
    for symbol, place, y, pieces in (
        (entry.wire.source, x, first, above),
        (entry.wire.gradient, x_below, second, below),
    ):
        if symbol:
            known = plan.look.program.symbols[symbol]
            size = cells_of(pieces)
            board.hit(place, y, size, Element(symbol, (0,) * len(known.shape)))
    backward = stroke.strength == DOUBLE
    if not entry.user.startswith(END) or backward:
        sign = BACKWARD_HEAD if backward else FORWARD_HEAD
        board.text(x - 1 if backward else end - 1, row, [(head(sign, plan.look), stroke.key)])


def _open(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces of what stands on a wire, which goes on right behind the number."""
    kept = list(pieces)
    while kept and " on " not in kept[-1][1] and not kept[-1][0].strip():
        kept.pop()
    if kept and " on " not in kept[-1][1]:
        kept[-1] = kept[-1][0].rstrip() + " ", kept[-1][1]
    return tuple(kept)


def _draw_slot(board: Board, plan: Plan, slot: Slot, at: tuple[int, int], width: int) -> None:
    (x, y), look = at, plan.look
    if not slot.name:
        stroke = _stroke(plan, slot.entries[0])
        board.across(y, x, x + width, stroke)
        return
    lines = plan.inside(slot.name)
    if plan.detail.lines == BARE:
        _draw_numbers_in(board, plan, slot, at, width)
        return
    if not slot.is_node:
        for row, line in enumerate(lines, y + slot.wire // 2):
            board.text(x, row, line)
        if lines:
            strokes = [_stroke(plan, entry) for entry in _entries_from(plan, slot.name)]
            stroke = max(strokes, key=lambda each: each.strength, default=Stroke())
            board.across(y + slot.wire // 2, x + cells_of(lines[0]) + 1, x + width, stroke)
        return
    fresh = look.touch(slot.name) == "written"
    board.frame(x, y, width, slot.height, Stroke(HEAVY, look.phase) if fresh else Stroke(LIGHT, "focus"))
    first = y + 1 + (slot.height - 2 - len(lines)) // 2
    for row, line in enumerate(lines, first):
        board.text(x + (width - cells_of(line)) // 2, row, line)


def _draw_numbers_in(board: Board, plan: Plan, slot: Slot, at: tuple[int, int], width: int) -> None:
    """A node's box with its name in the upper edge, or an input: in it, at the right, its value and its gradient."""
    (x, y), look = at, plan.look
    lines, first = plan.inside(slot.name), y
    wide = [cells_of(line) for line in lines]
    if slot.is_node:
        fresh = look.touch(slot.name) == "written"
        board.frame(x, y, width, slot.height, Stroke(HEAVY, look.phase) if fresh else Stroke(LIGHT, "focus"))
        board.text(x + 1, y, plan.title(slot.name))
        first = y + 1
    else:
        board.text(x, y, lines[0][:1])
        lines[0] = lines[0][1:]
        wide[0] = cells_of(lines[0])
        strokes = [_stroke(plan, entry) for entry in _entries_from(plan, slot.name)]
        stroke = max(strokes, key=lambda each: each.strength, default=Stroke())
        seen = _open(lines[0])
        board.across(y, x + width - wide[0] + cells_of(seen), x + width, stroke)
        lines[0] = seen
    symbols = plan.graph.scene.latest(slot.name), plan.gradient(slot.name)
    for row, (line, symbol, cells) in enumerate(zip(lines, symbols, wide, strict=False), first):
        left = x + width - cells - (1 if slot.is_node else 0)
        board.text(left, row, line)
        shape = look.program.symbols[symbol].shape
        board.hit(left, row, cells, Element(symbol, (0,) * len(shape)))


def _entries_from(plan: Plan, name: str) -> Iterator[Entry]:
    for column in plan.columns:
        for slot in column.slots:
            yield from (entry for entry in slot.entries if entry.wire.source == name and slot.name)
