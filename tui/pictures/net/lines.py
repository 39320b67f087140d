"""A graph by the lines that somebody wrote: a node for each, and where each symbol of the program is seen in it.

The inner steps of a line belong to its node. What is no line, such as data and parameters, has no wires, which would be
many where it is used by many lines: its name stands in the nodes that read it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gradstep.engine.program.program import FORWARD_PASS, GRADIENTS, Role, Step
from gradstep.tui.pages.lines import rows_of
from gradstep.tui.pictures.net.graph import END, Graph, Wire


@dataclass(frozen=True)
class Place:
    """Where a symbol is seen: in a node; as a name that the node reads; on the wire between two nodes.

    leaf: the name; "" where it is the node itself. source: the node where the wire begins; "" for no wire.
    """

    node: str
    leaf: str = ""
    source: str = ""


@dataclass(frozen=True, eq=False)
class LineGraph(Graph):
    """The lines of a program as a graph."""

    @cached_property
    def _steps(self) -> Mapping[str, tuple[Step, ...]]:
        """Node → the steps of its line."""
        program = self.scene.program
        rows = rows_of(program, len(program.steps))
        lines = [tuple(program.steps[place] for place in row.places) for row in rows]
        return {line[-1].symbol: line for line in lines if line[-1].phase in FORWARD_PASS}

    @cached_property
    def _home(self) -> Mapping[str, str]:
        """Symbol of the forward pass → the node of its line."""
        return {step.symbol: node for node, steps in self._steps.items() for step in steps}

    @cached_property
    def _reads(self) -> Mapping[str, tuple[str, ...]]:
        """Node → what its line reads of others, each once."""
        return {
            node: tuple(dict.fromkeys(name for step in steps for name in step.operands if self._home.get(name) != node))
            for node, steps in self._steps.items()
        }

    @cached_property
    def nodes(self) -> Mapping[str, tuple[Wire, ...]]:
        """Node → its wires, each from another node; the places where results leave the graph are nodes, too."""
        nodes = {
            node: tuple(
                Wire(source, "") for source in dict.fromkeys(self._home.get(name, "") for name in names) if source
            )
            for node, names in self._reads.items()
        }
        used = {wire.source for wires in nodes.values() for wire in wires}
        return nodes | {f"{END}{name}": (Wire(name, ""),) for name in nodes if name not in used}

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """Node → how many lines lie before it at most."""
        depths: dict[str, int] = {}
        for name, wires in self.nodes.items():
            if not name.startswith(END):
                depths[name] = max((depths[wire.source] + 1 for wire in wires), default=0)
        return depths

    def leaves(self, node: str) -> tuple[str, ...]:
        """What a line reads that no line makes."""
        return tuple(name for name in self._reads.get(node, ()) if name not in self._home)

    @property
    def of_arrays(self) -> bool:
        """Whether a line makes more than single numbers."""
        symbols = self.scene.program.symbols
        return any(math.prod(symbols[node].shape) != 1 for node in self._steps)

    # Where a symbol is seen

    def places(self, symbol: str) -> frozenset[Place]:
        """Where a symbol is seen, or what it belongs to."""
        return frozenset(self._places(symbol, frozenset()))

    def _places(self, symbol: str, asked: frozenset[str]) -> Iterator[Place]:
        if symbol in asked:
            return
        if symbol in self._home:
            yield Place(self._home[symbol])
            return
        leaves = [Place(node, symbol) for node in self._steps if symbol in self.leaves(node)]
        if leaves:
            yield from leaves
            return
        known, asked = self.scene.program.symbols[symbol], asked | {symbol}
        if known.role in GRADIENTS and known.by in self._home:
            yield from self._on_the_way(known.of, self._home[known.by])
        else:
            of = [*self._places(known.of, asked)] if known.of in self.scene.program.symbols else []
            yield from of or self._nearby(symbol, asked)

    def _on_the_way(self, value: str, user: str) -> Iterator[Place]:
        """Where it is seen what comes back to a value from one of its uses."""
        source = self._home.get(value, "")
        if not source:
            yield Place(user, value)
        elif source == user:
            yield Place(user)
        else:
            yield Place(user, source=source)
            yield Place(source)

    def _nearby(self, symbol: str, asked: frozenset[str]) -> Iterator[Place]:
        """Of a symbol that belongs to none seen: where what its line makes is seen, what it reads, or what reads it."""
        program = self.scene.program
        place = program.writers.get(symbol)
        step = program.steps[place] if place is not None else None
        made = () if step is None or step.line is None else (step.line.symbol,)
        read = () if step is None else step.operands
        for names in (made, read, [user.symbol for user in program.users(symbol)]):
            found = [each for name in names for each in self._places(name, asked)]
            if found:
                yield from found
                return

    def lit_places(self) -> Mapping[Place, str]:
        """Where the step that has just run wrote, "written", and read, "read".

        The last step of a line has come by all that the line reads.
        """
        step = self.scene.moment.step
        if step is None:
            return {}
        user = self._home.get(step.symbol, "")
        read = self._reads[user] if step.symbol == user else step.read
        lit = {place for name in read for place in self.places(name) if not place.source}
        if user:  # a name is read here alone, and by wires
            sources = {self._home[name] for name in read if name in self._home} - {user}
            lit = {place for place in lit if not place.leaf or place.node == user}
            lit |= {Place(user, source=source) for source in sources}
        written = {place for symbol in (step.symbol, *self._summed(step)) for place in self.places(symbol)}
        return dict.fromkeys(lit, "read") | dict.fromkeys(written, "written")

    def _summed(self, step: Step) -> Iterator[str]:
        """What comes back from each use of a value, where the step is their sum."""
        known = self.scene.program.symbols
        of = known[step.symbol].of
        return (each for each in step.read if known[each].role is Role.CONTRIBUTION and known[each].of == of)
