"""Which symbols of a program stand in which box, and in which lines of it: from shapes alone, whatever they are worth.

A layer of a layered net is a box; so is its loss, where it is of several steps; what is measured is one; a graph of
nodes or formulas is a single one. In a box a
line holds one row of a value and, in other groups of columns, of what belongs to it: its gradient, what the optimizer
keeps of it, its next value. How wide all this is and what of it is seen is left to the forms that a box is drawn in.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from gradstep.engine.arrays import Index, Shape
from gradstep.engine.program.program import Phase, Program, Role, Symbol
from gradstep.engine.scenario.scenario import Scenario

VALUE, GRADIENT, NEXT = "value", "gradient", "next"
STATE = "state"  # begins the groups of what an optimizer makes or keeps of a parameter
GRAPH = ""  # the key of the box of a graph or of formulas
LOSS, MEASURED = "loss", "measure"  # the keys of the boxes of a loss of several steps, and of what is measured

# The parts of an iteration during which places stay as they are, where not everything fits.
PASSES = {
    Phase.DRAW: 0, Phase.FORWARD: 0, Phase.LOSS: 0, Phase.BACKWARD: 1, Phase.UPDATE: 2, Phase.MEASURE: 3,
}  # fmt: skip


def slot(place: int) -> str:
    """The group of what an optimizer makes or keeps of a parameter, in the order of its symbols."""
    return f"{STATE}{place}"


@dataclass(frozen=True, eq=False)
class Family:
    """A symbol and what belongs to it, by group. parts: the contributions of its uses to its gradient."""

    base: Symbol
    members: Mapping[str, str]
    parts: tuple[str, ...] = ()

    @property
    def symbols(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.members.values(), *self.parts)


@dataclass(frozen=True, eq=False)
class Box:
    """What stands in one frame. units: the symbol in whose columns the units are; "" where columns have no names.

    sources: symbol of weights → that of the values that come in along them, whose units are its rows.
    above, below: families that stand in lines of their own over and under the table, since their columns are others;
    beside: single numbers in one line.
    """

    key: str
    units: str
    table: tuple[Family, ...]
    above: tuple[Family, ...] = ()
    below: tuple[Family, ...] = ()
    beside: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    last: bool = False

    @property
    def families(self) -> tuple[Family, ...]:
        """Those that are arrays or stand in the table, from top to bottom."""
        return (*self.above, *self.table, *self.below)

    def __iter__(self) -> Iterator[str]:
        yield from (name for family in self.families for name in family.symbols)
        yield from self.beside


def beside_of(program: Program, box: Box) -> tuple[str, ...]:
    """The single numbers of a box that the tables show: not the loss, which stands above all panels."""
    return tuple(name for name in box.beside if name != program.loss)


def made_of(program: Program, box: Box, symbol: str) -> tuple[str, ...]:
    """What the loss is made of in its own box, to be in view where it is written; nothing of other symbols."""
    if symbol != program.loss or symbol not in box.beside:
        return ()
    place = program.writers.get(symbol)
    return () if place is None else program.steps[place].operands


def leads(shape: Shape) -> int:
    """The lines of an array, a line a row; of more dimensions those of one slice."""
    return shape[-2] if len(shape) > 1 else 1


def slice_of(shape: Shape, picked: Index | None) -> Index:
    """The leading indices of the slice that is shown: that of the picked element, or the first."""
    return (
        tuple(picked[: len(shape) - 2]) if picked is not None and len(picked) == len(shape) else (0,) * (len(shape) - 2)
    )


@lru_cache(maxsize=8)
def families_of(program: Program) -> Mapping[str, Family]:
    """Every symbol that belongs to no other, in the order of the program, with all that belongs to it."""
    found: dict[str, list[Symbol]] = {}
    for symbol in program.symbols.values():
        base = symbol
        while base.of:
            base = program.symbols[base.of]
        found.setdefault(base.name, []).append(symbol)
    ranked = sorted(found, key=lambda name: (_place(program, name), name in program.writers))
    return {name: _family(program.symbols[name], found[name]) for name in ranked}


def _place(program: Program, name: str) -> int:
    """The step that writes a symbol, or the first that reads it."""
    if name in program.writers:
        return program.writers[name]
    return next((place for place, step in enumerate(program.steps) if name in step.operands), len(program.steps))


def _family(base: Symbol, symbols: list[Symbol]) -> Family:
    members, parts, slots = {VALUE: base.name}, list[str](), list[str]()
    following = ""
    for symbol in symbols:
        if symbol is base:
            continue
        if symbol.role is Role.CONTRIBUTION or symbol.shape != base.shape:
            parts.append(symbol.name)
        elif symbol.role is Role.GRADIENT and symbol.of == base.name and GRADIENT not in members:
            members[GRADIENT] = symbol.name
        elif symbol.role is Role.NEXT and symbol.of == base.name:
            following = symbol.name
        else:
            slots.append(symbol.name)
    members |= {slot(place): name for place, name in enumerate(slots)}
    return Family(base, members | ({NEXT: following} if following else {}), tuple(parts))


@lru_cache(maxsize=8)
def boxes_of(scenario: Scenario) -> tuple[Box, ...]:
    """The boxes of a scenario, from top to bottom. Every symbol is in exactly one of them."""
    program = scenario.program
    families = families_of(program)
    measured = {step.symbol for step in program.steps if step.phase is Phase.MEASURE}
    kept = [family for name, family in families.items() if name not in measured]
    boxes = _layered(scenario, kept) if scenario.network.layered else (_graph(kept),)
    if not measured:
        return boxes
    late = [families[name] for name in families if name in measured]
    arrays = tuple(family for family in late if family.base.shape)
    numbers = tuple(family.base.name for family in late if not family.base.shape)
    return (*boxes, Box(MEASURED, "", arrays, beside=numbers))


def _graph(families: list[Family]) -> Box:
    return Box(GRAPH, "", tuple(families), last=True)


def _layered(scenario: Scenario, families: list[Family]) -> tuple[Box, ...]:
    """The layers, and the loss where it is of several steps."""
    of_loss = {step.symbol for step in scenario.program.steps if step.phase is Phase.LOSS}
    apart = [family for family in families if family.base.name in of_loss and len(of_loss) > 1]
    layers = _layers(scenario, [family for family in families if family not in apart])
    return (*layers, Box(LOSS, "", tuple(apart))) if apart else layers


def _layers(scenario: Scenario, families: list[Family]) -> tuple[Box, ...]:
    network, program = scenario.network, scenario.program
    layers = list(dict.fromkeys(node.layer for node in network.nodes))
    within: dict[str, list[Family]] = {layer: [] for layer in layers}
    for family in families:
        base = family.base
        place = program.writers.get(base.name)
        if base.role is Role.PARAMETER:
            layer = network.layer_of(base.name)
        elif base.data == "x":
            layer = layers[0]
        else:
            layer = layers[-1] if place is None else program.steps[place].layer
        within.get(layer, within[layers[-1]]).append(family)
    return tuple(_layer(scenario, layer, within[layer], last=layer == layers[-1]) for layer in layers)


def _layer(scenario: Scenario, layer: str, families: list[Family], *, last: bool) -> Box:
    """x above the table, t and the like below, E and η in a line."""
    nodes = [node for node in scenario.network.nodes if node.layer == layer]
    units = nodes[0].name
    columns = scenario.program.symbols[units].shape[-1:]
    table, above, below, beside = list[Family](), list[Family](), list[Family](), list[str]()
    for family in families:
        base = family.base
        if not base.shape and len(family.members) == 1 and not family.parts:
            beside.append(base.name)
        elif base.data == "x":
            above.append(family)
        elif base.shape[-1:] == columns:
            table.append(family)
        else:
            below.append(family)
    table.sort(key=lambda family: _rank(family.base))
    sources = {name: node.inputs[0] for node in nodes for name in node.inputs[1:]}
    return Box(layer, units, tuple(table), tuple(above), tuple(below), tuple(beside), sources, last)


def _rank(symbol: Symbol) -> int:
    """Parameters first, then values, then what is wanted."""
    return {Role.PARAMETER: 0, Role.TARGET: 2}.get(symbol.role, 1)


def columns_of(program: Program, box: Box) -> int:
    """The most columns that a line of the table has."""
    shapes = (program.symbols[name].shape for family in box.table for name in family.symbols)
    return max((shape[-1] if shape else 1 for shape in shapes), default=1)


def tallest_of(program: Program, box: Box) -> int:
    """The most lines that one symbol has."""
    return max((leads(program.symbols[name].shape) for name in box), default=1)


def size_of(program: Program, name: str) -> int:
    """How many numbers a symbol has."""
    return math.prod(program.symbols[name].shape)
