"""The nodes of a graph in columns: where each stands, and what is written in it and on its wires."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from gradstep.tui.pictures.net.graph import END, Graph, Wire
from gradstep.tui.pictures.net.wiring import Routes, find_routes, nearest_first
from gradstep.tui.pictures.net.writing import cells, mark, shortened
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.notation import Notation

_ROWS_OF_WIRE = 3  # the value, the line and the gradient


@dataclass(frozen=True)
class Detail:
    """How much is written: digits of a number, the most cells of a name."""

    digits: int
    name: int


@dataclass(frozen=True)
class Entry:
    """A wire where it comes into a slot. source: the place of the slot it comes from in the column before."""

    source: int
    above: tuple[Piece, ...] = ()  # the value that it carries, with its mark
    below: tuple[Piece, ...] = ()  # the gradient that flows back, with its mark

    @property
    def width(self) -> int:
        """Cells of what is written on it."""
        return max(cells(self.above), cells(self.below))


@dataclass(frozen=True)
class Slot:
    """A place in a column: an input, a node, the end of a result, or a line that only passes by.

    name: "" for a passing line, which has one entry.
    """

    name: str
    lines: tuple[tuple[Piece, ...], ...]
    entries: tuple[Entry, ...]

    @property
    def is_node(self) -> bool:
        """Whether it is drawn as a box."""
        return bool(self.lines and self.entries)

    @property
    def width(self) -> int:
        """Cells of what is written in it."""
        return max((cells(line) for line in self.lines), default=0)

    @property
    def height(self) -> int:
        """Lines it takes."""
        if not self.name:
            return 1
        if not self.is_node:
            return max(3, 1 + len(self.lines))
        return max(_ROWS_OF_WIRE * len(self.entries), 2 + len(self.lines))

    @property
    def ports(self) -> tuple[int, ...]:
        """The rows of its entries, its top being 0."""
        return tuple(_ROWS_OF_WIRE * place + 1 for place in range(len(self.entries))) if self.name else (0,)

    @property
    def exits(self) -> tuple[int, ...]:
        """The rows where its line may leave, the best first."""
        if not self.is_node:
            return (1,) if self.name else (0,)
        return tuple(nearest_first(range(1, self.height - 1), (self.ports[0] + self.ports[-1]) // 2))


@dataclass(frozen=True)
class Column:
    """Slots, the rows where they stand, and the tracks of the lines that leave them."""

    slots: tuple[Slot, ...]
    tops: tuple[int, ...]
    routes: Routes

    @property
    def arrivals(self) -> list[tuple[Entry, int]]:
        """Every wire that comes in, and its row."""
        placed = zip(self.slots, self.tops, strict=True)
        return [
            (entry, top + port) for slot, top in placed for entry, port in zip(slot.entries, slot.ports, strict=True)
        ]

    @property
    def width(self) -> int:
        """Cells of its widest slot."""
        around = 4 if any(slot.is_node for slot in self.slots) else 1
        return max((slot.width for slot in self.slots), default=0) + around

    @property
    def label_width(self) -> int:
        """Cells of the widest that is written on the wires into it, with the mark before it."""
        return max((entry.width for slot in self.slots if slot.name for entry in slot.entries), default=1)


def graph_columns(graph: Graph, detail: Detail) -> list[Column]:
    """The columns from left to right: placed from the results back, each line going straight on if it can."""
    *others, last = _slots(graph, detail)
    tops = _stacked(last, [float(4 * place) for place in range(len(last))])
    columns = [Column(tuple(last), tops, Routes((), ()))]
    for slots in reversed(others):
        columns.insert(0, _column_before(columns[0], slots))
    return columns


def _slots(graph: Graph, detail: Detail) -> list[list[Slot]]:
    """The slots by column, ordered so that what belongs together is near; long wires pass through the columns."""
    columns: list[list[Slot]] = [[] for _ in range(max(graph.depths.values(), default=0) + 1)]
    places: dict[str, int] = {}

    def put(depth: int, slot: Slot) -> int:
        columns[depth].append(slot)
        return len(columns[depth]) - 1

    def place_of(name: str) -> int:
        """The place of a symbol's slot in its column, after those of all that it is made of."""
        if name not in places:
            depth = graph.depths[name]
            entries = tuple(entry_of(wire, depth) for wire in graph.nodes.get(name, ()))
            places[name] = put(depth, Slot(name, _slot_lines(graph, name, detail), entries))
        return places[name]

    def entry_of(wire: Wire, depth: int) -> Entry:
        """The wire as it comes into the column `depth`, passing those before."""
        source = place_of(wire.source)
        for between in range(graph.depths[wire.source] + 1, depth):
            source = put(between, Slot("", (), (Entry(source),)))
        value = graph.number(wire.source, detail.digits)
        return Entry(source, value, graph.number(wire.gradient, detail.digits, "∂"))

    for name in graph.nodes:
        if name.startswith(END):
            place_of(name)
    return columns


def _slot_lines(graph: Graph, name: str, detail: Detail) -> tuple[tuple[Piece, ...], ...]:
    """The lines in a node's box or for an input: operation, name, sum of the gradients."""
    if name.startswith(END):
        return ()
    notation, lit = graph.scene.notation, graph.lit(name)
    is_node, is_fresh = name in graph.nodes, lit == "written"
    lines = [
        [(part, "fresh" if is_fresh else "label")] for part in _folded(graph.shown_name(name), detail.name, notation)
    ]
    if is_node:
        lines.insert(0, [(graph.sign(name), "fresh" if is_fresh else "title")])
    if is_fresh or (lit and is_node):  # where an input is read, its line says so
        lines[0].insert(0, mark(lit, notation))
    lines.append(list(graph.number(graph.total(name), detail.digits, "Σ")))
    return tuple(tuple(line) for line in lines if line)


def _folded(name: str, most: int, notation: Notation) -> list[str]:
    """A name in up to two lines, folded after an underscore."""
    head, bar, tail = name.rpartition("_")
    parts = [name] if cell_len(name) <= most or not head else [head + bar, tail]
    return [shortened(part, most, notation) for part in parts]


def _column_before(after: Column, slots: Sequence[Slot]) -> Column:
    """The slots as near as they can be to the middle of where their lines go."""
    ports = {row: entry.source for entry, row in after.arrivals}
    wanted = []
    for place, slot in enumerate(slots):
        rows = [row for row, source in ports.items() if source == place]
        wanted.append(sum(rows) / len(rows) - slot.exits[0])
    return _settled(slots, _stacked(slots, wanted), ports)


def _stacked(slots: Sequence[Slot], wanted: Sequence[float]) -> tuple[int, ...]:
    """The tops of slots, as near to what is wanted as they can be without overlap."""
    order = sorted(range(len(slots)), key=lambda place: (wanted[place] + slots[place].height / 2, place))
    tops = [0] * len(slots)
    end = -math.inf
    for place in order:
        tops[place] = int(max(math.floor(wanted[place] + 0.5), end))
        end = tops[place] + slots[place].height + (1 if slots[place].is_node else 0)
    shift = round(sum(top - want for top, want in zip(tops, wanted, strict=True)) / len(slots))
    return tuple(top - shift for top in tops)


def _settled(slots: Sequence[Slot], tops: Sequence[int], ports: Mapping[int, int]) -> Column:
    """The column, moved by as little as lets every line find its way; past all ports every line does."""
    shift = 0
    while True:
        moved = tuple(top + shift for top in tops)
        routes = find_routes([_exits(place, slot, moved[place], ports) for place, slot in enumerate(slots)], ports)
        if routes is not None:
            return Column(tuple(slots), moved, routes.without_straight(ports))
        shift = -shift if shift > 0 else 1 - shift


def _exits(place: int, slot: Slot, top: int, ports: Mapping[int, int]) -> list[int]:
    """The rows where a slot's line may leave, best first: if it can go straight on, it does."""
    rows = [top + row for row in slot.exits]
    return sorted(rows, key=lambda row: ports.get(row) != place)
