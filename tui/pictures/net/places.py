"""The places of a layered net: columns, what lies between them, and how wires find their way from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from gradstep.tui.pictures.net.boxes import SIGN_LEAST
from gradstep.tui.pictures.net.look import BRIEF
from gradstep.tui.pictures.net.wiring import Routes, find_routes, nearest_first
from gradstep.tui.text.cells import NARROWEST

FEW = 6  # units of a layer that are drawn as boxes


class Form(StrEnum):
    """How a layer is drawn."""

    INPUTS = "inputs"  # a line each
    BOXES = "boxes"
    LIST = "list"  # a line a unit with its numbers
    STRIP = "strip"  # a coloured cell a unit
    IMAGE = "image"
    BARS = "bars"  # the probabilities of classes


class Wires(StrEnum):
    """How much is written on the wires between two layers, the least first."""

    ARROW = "arrow"
    BARE = "bare"
    SLOT = "slot"
    FULL = "full"


@dataclass(frozen=True)
class Column:
    """A layer. lines: of a box; tops: of the boxes; parts: columns of a list; width: cells."""

    place: int
    form: Form
    units: int
    lines: int = 1
    tops: tuple[int, ...] = ()
    parts: int = 1
    width: int = 0
    signs: int = SIGN_LEAST
    names: int = 1
    pixel: int = 1


@dataclass(frozen=True)
class Gap:
    """What lies between two layers. names: cells of the names of wires; number: cells of the second number on one."""

    wires: Wires
    sources: int = 0
    names: int = 0
    full_names: bool = True
    number: int = BRIEF
    width: int = 0

    @property
    def tracks(self) -> int:
        """Cells that the tracks of the sources take, with the one where a value leaves."""
        return 2 * self.sources + 1


@dataclass(frozen=True)
class Layout:
    """The layers seen and what lies between them, in an area. number: cells of a number in a box; footer: its line."""

    columns: tuple[Column, ...]
    gaps: tuple[Gap, ...]
    width: int
    height: int
    number: int = NARROWEST
    pad: int = 0
    footer: bool = False

    @property
    def room(self) -> int:
        """Lines for the layers."""
        return self.height - (1 if self.footer else 0)

    @property
    def used(self) -> int:
        """Cells that they take across."""
        return sum(column.width for column in self.columns) + sum(gap.width for gap in self.gaps)


def ports_of(column: Column, sources: int) -> tuple[tuple[int, ...], ...] | None:
    """By unit the lines where wires come in, those of its numbers first; None where there are too few."""
    found = []
    for unit, top in enumerate(column.tops):
        below = column.tops[unit + 1] if unit + 1 < len(column.tops) else top + column.lines
        rows = range(top, below)
        if sources > column.lines:
            return None
        inner = rows[1 : column.lines - 1] if column.lines > 2 else rows
        if sources > len(inner):
            inner = rows[0 : column.lines] if sources == column.lines else rows[1 : column.lines]
        spare = (len(inner) - sources) // 2
        found.append(tuple(inner[spare : spare + sources]))
    return tuple(found)


def routes_of(before: Column, column: Column) -> tuple[Routes, tuple[tuple[int, ...], ...]] | None:
    """How wires find their way, and by unit the lines where they come in; None where they cannot."""
    ports = ports_of(column, before.units)
    if ports is None or before.units > FEW:
        return None
    source_of = {row: source for rows in ports for source, row in enumerate(rows)}
    candidates = []
    for source, top in enumerate(before.tops):
        if before.form is Form.INPUTS:
            edges = [0, *before.tops[1:]], [*before.tops[1:], 10**6]
            rows = range(max(0, top - 1), top + 2) if before.units > 1 else range(top, top + 1)
            rows = range(max(rows[0], edges[0][source]), min(rows[-1] + 1, edges[1][source]))
            ordered = nearest_first(rows, top)
        else:
            first = top + (1 if before.lines > 2 else 0)
            rows = range(first, max(first + 1, top + before.lines - (1 if before.lines > 3 else 0)))
            ordered = nearest_first(rows, rows[(len(rows) - 1) // 2])
        candidates.append(sorted(ordered, key=lambda row: source_of.get(row) != source))
    routes = find_routes(candidates, source_of)
    return None if routes is None else (routes, ports)


def spread_inputs(inputs: Column, boxes: Column) -> Column:
    """Inputs over the height of the boxes, each near the line where it would go straight on."""
    low, high = boxes.tops[0], boxes.tops[-1] + boxes.lines
    size, units = high - low, inputs.units
    if units > size:
        return inputs
    ports = ports_of(boxes, units)
    tops = [low + (2 * unit + 1) * size // (2 * units) for unit in range(units)]
    if ports is not None and units == len(ports):
        tops = [ports[unit][unit] for unit in range(units)]
    return replace(inputs, tops=tuple(tops))
