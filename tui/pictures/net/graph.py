"""A graph of operations as it is drawn: its nodes, the wires into each, and the values that a moment knows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import FORWARD_PASS, Role
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.writing import plain
from gradstep.tui.text.glyphs import printable
from gradstep.tui.words import net as words

END = "→"  # begins the name of the place where a result leaves the graph


@dataclass(frozen=True)
class Wire:
    """A value that a node takes in at one place, and the gradient that flows back."""

    source: str  # the symbol of the value
    gradient: str  # "" where the program computes none, such as that of the data


@dataclass(frozen=True, eq=False)
class Graph:
    """The nodes of a graph with the loss, and the wires into each, from a moment."""

    scene: Scene

    # How it is made up

    @cached_property
    def nodes(self) -> Mapping[str, tuple[Wire, ...]]:
        """Node → its wires; the places where results leave the graph are nodes, too."""
        program = self.scene.program
        steps = [step for step in program.steps if step.phase in FORWARD_PASS]
        nodes = {
            step.symbol: tuple(
                Wire(name, self._gradient(name, step.symbol, place)) for place, name in enumerate(step.operands)
            )
            for step in steps
        }
        used = {wire.source for wires in nodes.values() for wire in wires}
        for name in [name for name in nodes if name not in used]:
            nodes[f"{END}{name}"] = (Wire(name, program.gradient_of(name) or ""),)
        return nodes

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that nodes take in."""
        carried = self.scene.program.carried
        sources = (wire.source for wires in self.nodes.values() for wire in wires)
        return tuple(dict.fromkeys(source for source in sources if source in carried))

    def _gradient(self, name: str, user: str, place: int) -> str:
        """The symbol of what flows back from a use of a value; "" where nothing does."""
        program, network = self.scene.program, self.scene.network
        if any(node.name == user for node in network.nodes):
            return program.flow(name, user, place)
        return (program.gradient_of(name) or "") if name == network.output else ""

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """Symbol → how many operations lie between it and the inputs at most; results leave after the last."""
        depths: dict[str, int] = {}
        for name, wires in self.nodes.items():
            for wire in wires:
                if wire.source not in self.nodes:
                    depths[wire.source] = 0
            depths[name] = 1 + max((depths[wire.source] for wire in wires), default=0)
        last = max((depth for name, depth in depths.items() if not name.startswith(END)), default=0)
        return {name: last + 1 if name.startswith(END) else depth for name, depth in depths.items()}

    def total(self, name: str) -> str:
        """The gradient of a value with several uses: the sum of what flows back; "" where there is one use."""
        program = self.scene.program
        is_shared = any(each.of == name and each.role is Role.CONTRIBUTION for each in program.symbols.values())
        return (program.gradient_of(name) or "") if is_shared else ""

    # What is read of it

    def sign(self, name: str) -> str:
        """The operation of a node."""
        program, notation = self.scene.program, self.scene.notation
        if program.symbols[name].role is Role.LOSS:
            return plain(words.LOSS, notation)
        operation = program.steps[program.writers[name]].operation
        sign = operation.sign or operation.name
        return plain("*" if notation.ascii and sign == "×" else sign, notation)

    def name(self, symbol: str) -> str:
        """The name of a symbol."""
        return printable(self.scene.notation.symbol(symbol))

    def shown_name(self, symbol: str) -> str:
        """The name of the symbol that is shown for one, see `Scene.latest`."""
        return self.name(self.scene.latest(symbol))

    def lit(self, symbol: str) -> str:
        """As `Scene.lit`, of what is shown for a symbol; "" for a number that was set by hand since."""
        if not symbol:
            return ""
        latest = self.scene.latest(symbol)
        shape = self.scene.program.symbols[latest].shape
        index = (0,) * len(shape)
        is_single = math.prod(shape) == 1
        return "" if is_single and not self.scene.is_as_touched(Element(latest, index)) else self.scene.lit(latest)
