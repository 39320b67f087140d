"""A graph of operations in an area: its nodes in columns, the value above each wire and the gradient below it.

Where lines are scarce both stand on the wire. Where the whole graph has no room, the part around the node at work is
seen, and it moves only when that node would not be. All widths are those of cells, so nothing moves with the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gradstep.engine.arrays import written
from gradstep.engine.health.symptoms import norm
from gradstep.tui.pictures.net.graph import END, Graph, Wire
from gradstep.tui.pictures.net.lines import LineGraph, Place
from gradstep.tui.pictures.net.look import BRIEF, Look, cells_of
from gradstep.tui.pictures.net.remembered import remembered
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.wiring import Routes, find_routes, nearest_first
from gradstep.tui.text.cells import NARROWEST, width_of
from gradstep.tui.text.folding import shortened
from gradstep.tui.text.grid import Piece

# Lines of a wire: its value above and its gradient below it; above and on it; both on it; both where it comes from.
TALL, MIDDLE, FLAT, BARE = 3, 2, 1, 0


@dataclass(frozen=True)
class Detail:
    """How much is written. number: cells of one; name: the most cells of a name; lines: of a wire."""

    number: int
    name: int
    lines: int


DETAILS = (
    *(Detail(number, 20, TALL) for number in (11, NARROWEST, BRIEF)),
    *(Detail(number, 20, BARE) for number in (11, NARROWEST, BRIEF)),
    *(Detail(number, name, TALL) for number in (NARROWEST, BRIEF) for name in (14, 10)),
    *(Detail(number, name, BARE) for number in (NARROWEST, BRIEF) for name in (14, 10)),
    *(Detail(number, name, MIDDLE) for number in (NARROWEST, BRIEF) for name in (20, 14, 10)),
    *(Detail(number, name, FLAT) for number in (NARROWEST, BRIEF) for name in (20, 14, 10)),
    Detail(BRIEF, 6, FLAT),
)
PART = Detail(BRIEF, 14, FLAT)  # where only a part is seen: names are not cut for a whole that has no room all the same


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
        inner = max(self.lines, len(self.entries) if self.wire <= FLAT else 0)
        return max(self.wire * len(self.entries) + (self.wire == MIDDLE), 2 + inner)

    @property
    def ports(self) -> tuple[int, ...]:
        """The rows of its entries, its top being 0."""
        if not self.name or not self.is_node:
            return tuple(self.wire // 2 for _ in self.entries) if self.name else (0,)
        if self.wire > FLAT:
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
        return shortened(self.graph.name(symbol), self.detail.name, ascii=self.look.ascii)

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
        size = None if array is None else norm(array)
        bars = "‖‖" if not self.look.ascii else "||"
        mark, number = self.look.written(size, self.detail.number, self.look.touch(symbol))
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
        if self.detail.lines == BARE:
            return self._numbers(name)
        is_node = name in self.graph.nodes
        fresh = self.look.touch(name) == "written"
        key = f"bold {self.look.phase}" if fresh else "bold text" if is_node else self._key_of_input(name)
        lines: list[tuple[Piece, ...]] = []
        if is_node and self.detail.lines != FLAT:
            lines.append(((self.graph.sign(name), key),))
        sign = f"{self.graph.sign(name)} " if is_node and self.detail.lines == FLAT else ""
        lines.append(((sign, "quiet"), (self.name(name) + self._next(name), key)))
        total = self.graph.total(name)
        if total:
            lines.append(self.number(total, "S" if self.look.ascii else "Σ∂"))
        return lines

    def _key_of_input(self, name: str) -> str:
        """The style of an input's name: lit where the step writes what belongs to it, such as an optimizer's state."""
        phase = self.look.phase
        is_written = any(place.leaf == name for place in self._written)
        return f"bold {phase} on written {phase}" if is_written else "label"

    @cached_property
    def _written(self) -> frozenset[Place]:
        """Where the step that has just run wrote."""
        step = self.look.moment.step
        return frozenset() if step is None else LineGraph(self.graph.scene).places(step.symbol)

    def _next(self, name: str) -> str:
        """Behind the name of a parameter: its next value is shown once there is one."""
        becomes = self.look.program.carried.get(name, name)
        if becomes == name:
            return ""
        return self.look.notation.sign("⁺") if becomes in self.look.moment.values else " "

    def title(self, name: str) -> tuple[Piece, ...]:
        """What stands in the upper edge of a node's box: its operation and its name."""
        fresh = self.look.touch(name) == "written"
        key = f"bold {self.look.phase}" if fresh else "bold text"
        return (f" {self.graph.sign(name)} ", "quiet"), (f"{self.name(name)} ", key)

    def gradient(self, name: str) -> str:
        """The gradient of a value; "" where the program computes none."""
        return self.look.program.gradient_of(name) or ""

    def _numbers(self, name: str) -> list[tuple[Piece, ...]]:
        """A value, behind the name of an input, and the gradient below it."""
        gradient = self.gradient(name)
        lead = () if name in self.graph.nodes else ((self.name(name) + self._next(name), self._key_of_input(name)),)
        sign = "d" if self.look.ascii else "∂"
        if self.graph.total(name):
            sign = "S" if self.look.ascii else f"Σ{sign}"
        return [(*lead, *self.number(name)), *([self.number(gradient, sign)] if gradient else [])]

    # Where it stands

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """The column of each node; where wires are bare, inputs stand before their first use, and no result leaves."""
        depths = self.graph.depths
        if self.detail.lines != BARE:
            return depths
        nodes = {name: depth for name, depth in depths.items() if name in self.graph.nodes and not name.startswith(END)}
        first = dict[str, int]()
        for name, depth in nodes.items():
            for wire in self.graph.nodes[name]:
                first[wire.source] = min(depth, first.get(wire.source, depth))
        return {name: depth - 1 for name, depth in first.items() if name not in nodes} | nodes

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
        named = [slot for slot in slots if slot.name]
        if self.detail.lines == BARE:
            return Column(tuple(slots), tops, routes, max((self._wide(slot) for slot in named), default=0), 0)
        wide = [cells_of(line) for slot in named for line in self.inside(slot.name)]
        around = 4 if any(slot.is_node for slot in slots) else 1
        labels = [self.width_of(entry) for slot in named for entry in slot.entries]
        return Column(tuple(slots), tops, routes, max(wide, default=0) + around, max(labels, default=0))

    def _wide(self, slot: Slot) -> int:
        """Cells of a slot in which the numbers stand."""
        wide = max(map(cells_of, self.inside(slot.name)), default=0)
        return max(wide + 3, cells_of(self.title(slot.name)) + 2) if slot.is_node else wide

    @cached_property
    def _slots(self) -> list[list[Slot]]:
        """The slots by column, ordered so that what belongs together is near; long wires pass through the columns."""
        graph, depths = self.graph, self.depths
        columns: list[list[Slot]] = [[] for _ in range(max(depths.values(), default=0) + 1)]
        places: dict[str, int] = {}

        def put(depth: int, slot: Slot) -> int:
            columns[depth].append(slot)
            return len(columns[depth]) - 1

        def place_of(name: str) -> int:
            if name not in places:
                depth = depths[name]
                entries = tuple(entry_of(wire, depth, name) for wire in graph.nodes.get(name, ()))
                places[name] = put(depth, self._slot(name, entries))
            return places[name]

        def entry_of(wire: Wire, depth: int, user: str) -> Entry:
            source = place_of(wire.source)
            for between in range(depths[wire.source] + 1, depth):
                source = put(between, Slot("", (Entry(source, wire, user),), 0, self.detail.lines))
            return Entry(source, wire, user)

        for name in graph.nodes:
            if name.startswith(END):
                place_of(name if name in depths else graph.nodes[name][0].source)
        return columns

    def _slot(self, name: str, entries: tuple[Entry, ...]) -> Slot:
        """The place of an input or node."""
        return Slot(name, entries, len(self.inside(name)), self.detail.lines)

    def _before(self, after: Column, slots: Sequence[Slot]) -> Column:
        """The slots as near as they can be to the middle of where their wires go, moved until each finds its way."""
        ports = {row: entry.source for entry, row in after.arrivals}
        wanted = []
        for place, slot in enumerate(slots):
            rows = [row for row, source in ports.items() if source == place]
            wanted.append((sum(rows) / len(rows) if rows else max(ports, default=0)) - slot.exits[0])
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
    """The graph in the most detail that fits, or in that of a part."""
    graph = Graph(Scene(look.moment, look.notation, look.row))
    detail = remembered(look, ("detail", width, height, look.view.digits), lambda: _detail(look, graph, width, height))
    return Plan(look, graph, detail)


def _detail(look: Look, graph: Graph, width: int, height: int) -> Detail:
    asked = [Detail(width_of(look.view.digits), 20, lines) for lines in (TALL, FLAT)] if look.view.digits else []
    for detail in (*asked, *DETAILS):
        size = Plan(look, graph, detail).size
        if size[0] <= width and size[1] <= height:
            return detail
    return PART
