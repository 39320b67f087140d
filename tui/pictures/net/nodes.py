"""A graph of operations in an area: its nodes in columns, the value above each wire and the gradient below it.

Where lines are scarce both stand on the wire. Where the whole graph has no room, the part around the node at work is
seen, and it moves only when that node would not be. All widths are those of cells, so nothing moves with the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradstep.engine.arrays import written
from gradstep.tui.pictures.net.graph import END, Graph, Wire
from gradstep.tui.pictures.net.look import BRIEF, Look, cells_of
from gradstep.tui.pictures.net.remembered import remembered
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.wiring import Routes, find_routes, nearest_first
from gradstep.tui.pictures.net.writing import shortened
from gradstep.tui.text.cells import NARROWEST, width_of
from gradstep.tui.text.grid import Piece

# Lines of a wire: its value above and its gradient below it; above and on it; both on it.
TALL, MIDDLE, FLAT = 3, 2, 1


@dataclass(frozen=True)
class Detail:
    """How much is written. number: cells of one; name: the most cells of a name; lines: of a wire."""

    number: int
    name: int
    lines: int


DETAILS = (
    *(Detail(number, name, TALL) for number in (11, NARROWEST, BRIEF) for name in (20, 14, 10)),
    *(Detail(number, name, MIDDLE) for number in (NARROWEST, BRIEF) for name in (20, 14, 10)),
    *(Detail(number, name, FLAT) for number in (NARROWEST, BRIEF) for name in (20, 14, 10)),
    Detail(BRIEF, 6, FLAT),
)


@dataclass(frozen=True)
class Entry:
    """A wire where it comes into a slot. source: the place in the column before of the slot that it comes from."""

    source: int
    wire: Wire
    user: str


@dataclass(frozen=True)
class Slot:
    """A place in a column: an input, a node, the end of a result, or ("") a wire that only passes by."""

    name: str
    entries: tuple[Entry, ...]
    lines: int  # of what is written in it
    wire: int  # lines of a wire

    @property
    def is_node(self) -> bool:
        """Whether it is drawn as a box."""
        return bool(self.lines and self.entries)

    @property
    def height(self) -> int:
        """Lines it takes."""
        if not self.name:
            return 1
        if not self.entries:
            return max(self.wire, self.lines)
        if not self.is_node:
            return self.wire
        inner = max(self.lines, len(self.entries) if self.wire == FLAT else 0)
        return max(self.wire * len(self.entries) + (self.wire == MIDDLE), 2 + inner)

    @property
    def ports(self) -> tuple[int, ...]:
        """The rows of its entries, its top being 0."""
        if not self.name or not self.is_node:
            return tuple(self.wire // 2 for _ in self.entries) if self.name else (0,)
        if self.wire != FLAT:
            return tuple(self.wire * place + 1 for place in range(len(self.entries)))
        first = 1 + (self.height - 2 - len(self.entries)) // 2
        return tuple(first + place for place in range(len(self.entries)))

    @property
    def exits(self) -> tuple[int, ...]:
        """The rows where its wire may leave, the best first."""
        if not self.is_node:
            return (self.wire // 2,) if self.name else (0,)
        return tuple(nearest_first(range(1, self.height - 1), (self.ports[0] + self.ports[-1]) // 2))


@dataclass(frozen=True)
class Column:
    """Slots, the rows where they stand, the tracks of the wires that leave them; cells of the widest slot and label."""

    slots: tuple[Slot, ...]
    tops: tuple[int, ...]
    routes: Routes
    width: int
    label: int

    @property
    def arrivals(self) -> list[tuple[Entry, int]]:
        """Every wire that comes in, and its row."""
        placed = zip(self.slots, self.tops, strict=True)
        return [
            (entry, top + port) for slot, top in placed for entry, port in zip(slot.entries, slot.ports, strict=True)
        ]


@dataclass(frozen=True, eq=False)
class Plan:
    """A graph in a detail, with all its places."""

    look: Look
    graph: Graph
    detail: Detail

    # What is written

    def name(self, symbol: str) -> str:
        """The name of a symbol, as long as there is room."""
        return shortened(self.graph.name(symbol), self.detail.name, self.look.notation)

    def shape(self, symbol: str) -> str:
        """The shape of an array of several numbers; "" of one."""
        shape = self.look.program.symbols[symbol].shape
        return self.look.notation.sign(f" {written(shape)}") if math.prod(shape) != 1 else ""

    def number(self, symbol: str, sign: str = "") -> tuple[Piece, ...]:
        """A value with its mark: its number, or of an array the norm and the shape. Always in as many cells."""
        if not symbol:
            return ()
        symbol = self.graph.scene.latest(symbol)
        shape = self.look.program.symbols[symbol].shape
        if math.prod(shape) == 1:
            return ((sign, "quiet"), *self.look.number(symbol, (0,) * len(shape), self.detail.number))
        array = self.look.array(symbol)
        with np.errstate(all="ignore"):
            norm = None if array is None else float(np.linalg.norm(array))
        bars = "‖‖" if not self.look.ascii else "||"
        mark, number = self.look.written(norm, self.detail.number, self.look.touch(symbol))
        return (sign + bars, "quiet"), mark, number, (self.shape(symbol), "faint")

    def above(self, entry: Entry) -> tuple[Piece, ...]:
        """The value that a wire carries."""
        return self.number(entry.wire.source)

    def below(self, entry: Entry) -> tuple[Piece, ...]:
        """The gradient that flows back along it."""
        return self.number(entry.wire.gradient, "d" if self.look.ascii else "∂")

    def width_of(self, entry: Entry) -> int:
        """Cells of what is written on a wire."""
        above, below = cells_of(self.above(entry)), cells_of(self.below(entry))
        return max(above, below) if self.detail.lines != FLAT else above + below + 1

    def inside(self, name: str) -> list[tuple[Piece, ...]]:
        """The lines in a node's box or for an input: operation, name, the sum of its gradients."""
        if name.startswith(END):
            return []
        is_node = name in self.graph.nodes
        fresh = self.look.touch(name) == "written"
        key = f"bold {self.look.phase}" if fresh else "bold text"
        lines: list[tuple[Piece, ...]] = []
        if is_node and self.detail.lines != FLAT:
            lines.append(((self.graph.sign(name), key),))
        sign = f"{self.graph.sign(name)} " if is_node and self.detail.lines == FLAT else ""
        becomes = self.look.program.carried.get(name, name)
        next_sign = ""
        if becomes != name:  # a parameter: its next value is shown once there is one
            next_sign = self.look.notation.sign("⁺") if becomes in self.look.moment.values else " "
        lines.append(((sign, "quiet"), (self.name(name) + next_sign, key if is_node else "label")))
        total = self.graph.total(name)
        if total:
            lines.append(self.number(total, "S" if self.look.ascii else "Σ∂"))
        return lines

    # Where it stands

    @cached_property
    def columns(self) -> list[Column]:
        """The columns, which are the same at every moment."""
        return remembered(self.look, ("columns", self.detail), lambda: self._columns)

    @property
    def _columns(self) -> list[Column]:
        """From left to right: placed from the results back, each wire going straight on if it can."""
        *others, last = self._slots
        tops = _stacked(last, [float(4 * place) for place in range(len(last))])
        columns = [self._column(last, tops, Routes((), ()))]
        for slots in reversed(others):
            columns.insert(0, self._before(columns[0], slots))
        return columns

    def _column(self, slots: Sequence[Slot], tops: tuple[int, ...], routes: Routes) -> Column:
        wide = [cells_of(line) for slot in slots if slot.name for line in self.inside(slot.name)]
        around = 4 if any(slot.is_node for slot in slots) else 1
        labels = [self.width_of(entry) for slot in slots if slot.name for entry in slot.entries]
        return Column(tuple(slots), tops, routes, max(wide, default=0) + around, max(labels, default=0))

    @cached_property
    def _slots(self) -> list[list[Slot]]:
        """The slots by column, ordered so that what belongs together is near; long wires pass through the columns."""
        graph, depths = self.graph, self.graph.depths
        columns: list[list[Slot]] = [[] for _ in range(max(depths.values(), default=0) + 1)]
        places: dict[str, int] = {}

        def put(depth: int, slot: Slot) -> int:
            columns[depth].append(slot)
            return len(columns[depth]) - 1

        def place_of(name: str) -> int:
            if name not in places:
                depth = depths[name]
                entries = tuple(entry_of(wire, depth, name) for wire in graph.nodes.get(name, ()))
                places[name] = put(depth, Slot(name, entries, len(self.inside(name)), self.detail.lines))
            return places[name]

        def entry_of(wire: Wire, depth: int, user: str) -> Entry:
            source = place_of(wire.source)
            for between in range(depths[wire.source] + 1, depth):
                source = put(between, Slot("", (Entry(source, wire, user),), 0, self.detail.lines))
            return Entry(source, wire, user)

        for name in graph.nodes:
            if name.startswith(END):
                place_of(name)
        return columns

    def _before(self, after: Column, slots: Sequence[Slot]) -> Column:
        """The slots as near as they can be to the middle of where their wires go, moved until each finds its way."""
        ports = {row: entry.source for entry, row in after.arrivals}
        wanted = []
        for place, slot in enumerate(slots):
            rows = [row for row, source in ports.items() if source == place]
            wanted.append(sum(rows) / len(rows) - slot.exits[0])
        tops, shift = _stacked(slots, wanted), 0
        while True:
            moved = tuple(top + shift for top in tops)
            exits = [
                sorted((moved[place] + row for row in slot.exits), key=lambda row, place=place: ports.get(row) != place)  # type: ignore[misc]
                for place, slot in enumerate(slots)
            ]
            routes = find_routes(exits, ports)
            if routes is not None:
                return self._column(slots, moved, routes.without_straight(ports))
            shift = -shift if shift > 0 else 1 - shift

    @cached_property
    def starts(self) -> list[int]:
        """The cell where each column's slots begin, and at the end the width of the whole."""
        x, found = 0, list[int]()
        before: Column | None = None
        for column in self.columns:
            if before is not None:
                x += 2 * (max(before.routes.tracks, default=-1) + 1) + 2 + column.label + 1
            found.append(x)
            x += column.width
            before = column
        return [*found, x]

    @cached_property
    def rows(self) -> tuple[int, int]:
        """The first row that is used, and how many are."""
        tops = [top for column in self.columns for top in column.tops]
        ends = [
            top + slot.height for column in self.columns for slot, top in zip(column.slots, column.tops, strict=True)
        ]
        return min(tops), max(ends) - min(tops)

    @property
    def size(self) -> tuple[int, int]:
        """Cells and lines of the whole."""
        return self.starts[-1], self.rows[1]


def _stacked(slots: Sequence[Slot], wanted: Sequence[float]) -> tuple[int, ...]:
    """The tops of slots, as near to what is wanted as they can be without overlap."""
    order = sorted(range(len(slots)), key=lambda place: (wanted[place] + slots[place].height / 2, place))
    tops, end = [0] * len(slots), -math.inf
    for place in order:
        slot = slots[place]
        tops[place] = int(max(math.floor(wanted[place] + 0.5), end))
        end = tops[place] + slot.height + (1 if slot.is_node and slot.wire == TALL else 0)
    shift = round(sum(top - want for top, want in zip(tops, wanted, strict=True)) / len(slots))
    return tuple(top - shift for top in tops)


def plan_of(look: Look, width: int, height: int) -> Plan:
    """The graph in the most detail that fits, or the least."""
    graph = Graph(Scene(look.moment, look.notation, look.row))
    detail = remembered(look, ("detail", width, height, look.view.digits), lambda: _detail(look, graph, width, height))
    return Plan(look, graph, detail)


def _detail(look: Look, graph: Graph, width: int, height: int) -> Detail:
    asked = [Detail(width_of(look.view.digits), 20, lines) for lines in (TALL, FLAT)] if look.view.digits else []
    for detail in (*asked, *DETAILS):
        size = Plan(look, graph, detail).size
        if size[0] <= width and size[1] <= height:
            return detail
    return DETAILS[-1]
