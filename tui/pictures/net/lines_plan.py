"""Where the nodes of a graph of lines stand: a small box for each, with its name in the upper edge, in columns.

In as much detail as has room for the whole graph: the names that a line reads, the names of the wires, and two lines
for the numbers of the step. It follows from names and shapes alone, so that nothing moves while one steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rich.cells import cell_len

from gradstep.engine.health.symptoms import norm
from gradstep.engine.program.program import GRADIENTS
from gradstep.tui.pictures.net.lines import LineGraph, Place
from gradstep.tui.pictures.net.look import BRIEF, Look, cells_of
from gradstep.tui.pictures.net.nodes import BARE, Column, Detail, Entry, Plan, Routes, Slot
from gradstep.tui.pictures.net.remembered import remembered
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.wiring import find_routes, nearest_first
from gradstep.tui.text.cells import NARROWEST
from gradstep.tui.text.folding import shortened
from gradstep.tui.text.grid import Piece

IN_A_ROW, STACKED, NONE = "in a row", "stacked", "none"  # how the names that a line reads stand in its box
ALL, MEETING = "all", "meeting"  # which wires have their names: those of nodes where several meet, or each


@dataclass(frozen=True)
class LineDetail(Detail):
    """How much is written. number: 0 for none; leaves: how names stand; wires: which have their names.

    box: whether a node has one. tight: whether every column begins in the same row.
    """

    leaves: str = NONE
    wires: str = NONE
    box: bool = True
    tight: bool = False


def _details(number: int, leaves: str, wires: str, *, name: int = 12, box: bool = True) -> Iterator[LineDetail]:
    for tight in (False, True):
        yield LineDetail(number, name, BARE, leaves, wires, box, tight)


LINE_DETAILS = tuple(
    detail
    for details in (
        *(
            _details(number, leaves, wires)
            for number in (NARROWEST, BRIEF)
            for wires in (ALL, MEETING)
            for leaves in (IN_A_ROW, STACKED)
        ),
        *(_details(0, leaves, wires) for wires in (ALL, MEETING) for leaves in (IN_A_ROW, STACKED)),
        *(_details(BRIEF, leaves, NONE) for leaves in (IN_A_ROW, STACKED)),
        *(_details(0, leaves, NONE) for leaves in (IN_A_ROW, STACKED)),
        *(_details(0, NONE, wires) for wires in (ALL, MEETING, NONE)),
        *(_details(0, NONE, NONE, name=name, box=False) for name in (12, 8, 6)),
    )
    for detail in details
)


@dataclass(frozen=True)
class LineSlot(Slot):
    """A node in a column: a box, or where `lines` is 0 its name."""

    @property
    def is_node(self) -> bool:
        """Always."""
        return True

    @property
    def height(self) -> int:
        """Lines it takes."""
        inside = max(1, self.lines, len(self.entries))
        return inside + 2 if self.lines else inside

    @property
    def ports(self) -> tuple[int, ...]:
        """The rows of its entries, its top being 0."""
        first = (self.height - len(self.entries)) // 2
        return tuple(first + place for place in range(len(self.entries)))

    @property
    def exits(self) -> tuple[int, ...]:
        """The rows where its wire may leave, the best first."""
        middle = (self.height - 1) // 2
        return tuple(nearest_first(range(1, self.height - 1), middle)) if self.lines else (middle,)


@dataclass(frozen=True, eq=False)
class LinePlan(Plan):
    """A graph of lines in a detail, with all its places."""

    graph: LineGraph
    detail: LineDetail

    @cached_property
    def lit(self) -> Mapping[Place, str]:
        """Where the step has written and read; where no names stand in a node, the node itself."""
        lit = self.graph.lit_places()
        if self.detail.leaves != NONE:
            return lit
        by_touch = sorted(lit.items(), key=lambda item: item[1] == "written")
        return {Place(place.node) if place.leaf else place: touch for place, touch in by_touch}

    # What is written

    def leaf_lines(self, name: str) -> list[tuple[str, ...]]:
        """The names that a line reads, as they stand in its box."""
        leaves = self.graph.leaves(name) if self.detail.leaves != NONE else ()
        if self.detail.leaves == STACKED:
            return [(leaf,) for leaf in leaves]
        return [leaves[place : place + 2] for place in range(0, len(leaves), 2)]

    def leaf(self, name: str, leaf: str) -> tuple[Piece, ...]:
        """The name of something that a line reads, with a sign behind it once a parameter has its next value."""
        key = self._key(self.lit.get(Place(name, leaf), ""), "label")
        return ((self.name(leaf) + self._next(leaf).rstrip(), key), (" " * len(self._room(leaf)), "space"))

    def _room(self, leaf: str) -> str:
        """The cell that the sign of a next value will take, while it is not there."""
        return " " if self._next(leaf) == " " else ""

    def inside(self, name: str) -> list[tuple[Piece, ...]]:
        """The lines in a node's box: the names that it reads, and its value and gradient while a step is at them."""
        lines: list[tuple[Piece, ...]] = []
        for leaves in self.leaf_lines(name):
            pieces: list[Piece] = []
            for leaf in leaves:
                pieces += [*([(" ", "space")] if pieces else []), *self.leaf(name, leaf)]
            lines.append(tuple(pieces))
        if self.detail.number:
            lines += [self._touched(name, gradients=False), self._touched(name, gradients=True)]
        return lines

    def _touched(self, name: str, *, gradients: bool) -> tuple[Piece, ...]:
        """The number of what the step writes or reads at a node: a value, or a gradient; blank if it does neither."""
        symbol = self.touched(name, gradients=gradients)
        if not symbol:
            return ((" " * (self._wide_sign + 2 + self.detail.number), "space"),)
        shape = self.look.program.symbols[symbol].shape
        if math.prod(shape) == 1:
            number = self.look.number(symbol, (0,) * len(shape), self.detail.number)
        else:
            array = self.look.array(symbol)
            size = None if array is None else norm(array)
            number = self.look.written(size, self.detail.number, self.look.touch(symbol))
        return (self._sign_of(symbol, gradients=gradients).ljust(self._wide_sign + 1), "quiet"), *number

    def touched(self, name: str, *, gradients: bool) -> str:
        """What the step has written of a node or of a name in it, or what it has read of the node; "" for nothing."""
        step, known = self.look.moment.step, self.look.program.symbols
        if step is None:
            return ""
        if (known[step.symbol].role in GRADIENTS) is gradients and self._writes_at(name, step.symbol):
            return step.symbol
        read = (each for each in step.read if (known[each].role in GRADIENTS) is gradients)
        return next((each for each in read if Place(name) in self.graph.places(each)), "")

    def _writes_at(self, name: str, symbol: str) -> bool:
        """Whether a symbol is seen as a node or as a name in it."""
        return any(place.node == name and not place.source for place in self.graph.places(symbol))

    def _sign_of(self, symbol: str, *, gradients: bool) -> str:
        """What stands before a number: of an array its norm, by a name of one sign; ∂ for a gradient."""
        sign = ("d" if self.look.ascii else "∂") if gradients else ""
        if math.prod(self.look.program.symbols[symbol].shape) == 1:
            return sign or "="
        return f"|{sign or 'v'}|" if self.look.ascii else f"‖{sign or '·'}‖"

    @property
    def _wide_sign(self) -> int:
        """Cells of the widest sign."""
        return 3

    def title(self, name: str) -> tuple[Piece, ...]:
        """The name of a node, for its upper edge."""
        touch = self.lit.get(Place(name), "")
        return ((self.name(name), self._key(touch, "bold text")),)

    def _key(self, touch: str, idle: str) -> str:
        """The style of a name by what the step does."""
        phase = self.look.phase
        return f"bold {phase} on written {phase}" if touch == "written" else "text on read" if touch else idle

    def sign(self, name: str) -> str:
        """The operation of a node, for its lower edge; "" where it is what the node is called."""
        return (
            ""
            if self.graph.sign(name) == self.graph.name(name)
            else shortened(self.graph.sign(name), self.detail.name, ascii=self.look.ascii)
        )

    def wire_name(self, entry: Entry) -> str:
        """The name of what goes along a wire; "" where it has none, such as one that meets no other at its node."""
        meets = len(self.graph.nodes[entry.user]) > 1
        has_name = self.detail.wires == ALL or (self.detail.wires == MEETING and meets)
        return self.name(entry.wire.source) if has_name else ""

    # Where it stands

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """The column of each node."""
        return self.graph.depths

    @cached_property
    def columns(self) -> list[Column]:
        """The columns, which are the same at every moment."""
        return remembered(self.look, ("lines", self.detail), lambda: self._columns)

    def _slot(self, name: str, entries: tuple[Entry, ...]) -> Slot:
        return LineSlot(name, entries, max(1, len(self.inside(name))) if self.detail.box else 0, BARE)

    def _column(self, slots: Sequence[Slot], tops: tuple[int, ...], routes: Routes) -> Column:
        named = [slot.name for slot in slots if slot.name]
        wide = max((self._wide_of(name) for name in named), default=0)
        labels = [cell_len(self.wire_name(entry)) for slot in slots if slot.name for entry in slot.entries]
        return Column(tuple(slots), tops, routes, wide, max(labels, default=0))

    def _before(self, after: Column, slots: Sequence[Slot]) -> Column:
        column = super()._before(after, slots)
        if not self.detail.tight:
            return column
        tops, end = [0] * len(slots), min(after.tops)
        for place in sorted(range(len(slots)), key=lambda place: column.tops[place]):
            tops[place] = end
            end += slots[place].height
        ports = {row: entry.source for entry, row in after.arrivals}
        exits = [
            sorted((tops[place] + row for row in slot.exits), key=lambda row, place=place: ports.get(row) != place)  # type: ignore[misc]
            for place, slot in enumerate(slots)
        ]
        routes = find_routes(exits, ports)
        return column if routes is None else self._column(slots, tuple(tops), routes.without_straight(ports))

    def _wide_of(self, name: str) -> int:
        """Cells of a node."""
        if not self.detail.box:
            return cells_of(self.title(name)) + 2
        inside = max(map(cells_of, self.inside(name)), default=0)
        return max(inside, cells_of(self.title(name)), cell_len(self.sign(name))) + 2

    @cached_property
    def starts(self) -> list[int]:
        """The cell where each column's slots begin, and at the end the width of the whole."""
        x, found = 0, list[int]()
        before: Column | None = None
        for column in self.columns:
            if before is not None:
                x += max(before.routes.tracks, default=-1) + 3 + (column.label + 1 if column.label else 0)
            found.append(x)
            x += column.width
            before = column
        return [*found, x]


def line_plan(look: Look, width: int, height: int) -> LinePlan:
    """The graph of lines in the most detail that fits whole; where none does, in the least."""
    graph = LineGraph(Scene(look.moment, look.notation, look.row))

    def chosen() -> LineDetail:
        for detail in LINE_DETAILS:
            size = LinePlan(look, graph, detail).size
            if size[0] <= width and size[1] <= height:
                return detail
        return LINE_DETAILS[-1]

    return LinePlan(look, graph, remembered(look, ("line detail", width, height), chosen))
