"""The places of a layered net: columns, what lies between them, and how wires find their way from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from gradstep.tui.pictures.net.boxes import CELL, SIGN_LEAST, is_airy, rows_in
from gradstep.tui.pictures.net.look import BRIEF
from gradstep.tui.pictures.net.structure import Layer
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
    """A layer. lines: of a box; tops: of the boxes; parts: columns of a list; width: cells.

    number, signed: cells of an input's number, whether one of them is for its sign; out: the row of a box where its
    value leaves; slopes: of bars, whether their gradients are shown. Of a strip, lines are those of a symbol.
    """

    place: int
    form: Form
    units: int
    lines: int = 1
    tops: tuple[int, ...] = ()
    parts: int = 1
    width: int = 0
    signs: int = SIGN_LEAST
    names: int = 1
    number: int = BRIEF
    signed: bool = True
    out: int = 1
    slopes: bool = False


def tracks_of(sources: int, pitch: int) -> int:
    """Cells of the tracks of so many sources: before them one where a value leaves, behind them a blank."""
    return 1 + pitch * sources + (1 if pitch == 1 else 0)


@dataclass(frozen=True)
class Gap:
    """What lies between two layers. names: cells of the names of wires; weight, number: cells of the numbers on one.

    places: whether those without a label have their place for a name; paired: whether wires everywhere have room for
    an old and a new number; pitch: cells from one track to the next.
    """

    wires: Wires
    sources: int = 0
    names: int = 0
    number: int = BRIEF
    weight: int = BRIEF
    pitch: int = 2
    width: int = 0
    places: bool = False
    paired: bool = False

    @property
    def tracks(self) -> int:
        """Cells that the tracks of the sources take, with the one where a value leaves."""
        return tracks_of(self.sources, self.pitch)

    @property
    def numbers(self) -> int:
        """Cells of all numbers on a wire together."""
        return self.number + (self.weight + 1 if self.wires is Wires.FULL else 0)


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
    """By unit the lines of its wires, from its first number's on; None where there are too few."""
    if sources > column.lines:
        return None
    first = 0 if column.lines in (sources, CELL) else 1
    return tuple(tuple(range(top + first, top + first + sources)) for top in column.tops)


def joint_of(column: Column, layer: Layer, unit: int, *, back: bool) -> int:
    """The line of a box where its wires are joined into one: that of its first number, or going back of its delta."""
    if column.lines == CELL:
        return column.tops[unit] + (1 if back else 0)
    pitch = 2 if is_airy(layer, column.lines) else 1
    return column.tops[unit] + pitch * (rows_in(layer, column.lines) if back else 1)


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
            edge = 0 if before.lines == CELL else 1
            ordered = nearest_first(range(top + edge, top + before.lines - edge), top + before.out)
        candidates.append(ordered)
    straight = [sorted(rows, key=lambda row: source_of.get(row) != source) for source, rows in enumerate(candidates)]
    tries = (straight,) if before.form is Form.INPUTS else ([rows[:1] for rows in candidates], candidates, straight)
    routes = next((found for each in tries if (found := find_routes(each, source_of)) is not None), None)
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
