"""What there is to draw of a graph: its nodes, what each takes in, and what of it a moment knows.

A `Wire` is one use of a value, with the symbol of the gradient that flows back from it. How nodes are put in columns
is left to `graph_columns`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gradstep.engine.arrays import Array, Index, written
from gradstep.engine.program.expression import Element
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.writing import mark, number_piece, plain
from gradstep.tui.text.glyphs import printable
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import net as words

END = "→"
"""Begins the name of the place where a result leaves the graph."""
_SIGNS = {"multiply": "×", "add": "+", "affine": "·W+b", "sigmoid": "σ", "step": "[>0]", "identity": "="}


@dataclass(frozen=True)
class Wire:
    """What a node takes in at one place: a value, and the gradient that flows back."""

    source: str
    """The symbol of the value."""
    gradient: str
    """"" where the program computes none, such as that of the data."""


@dataclass(frozen=True, eq=False)
class Graph:
    """The nodes of a graph with the loss, and the wires into each, from a moment."""

    scene: Scene

    # How it is made up

    @cached_property
    def nodes(self) -> Mapping[str, tuple[Wire, ...]]:
        """Node → its wires; the places where results leave the graph are nodes, too."""
        program = self.scene.program
        steps = [step for step in program.steps if step.phase in ("forward", "loss")]
        nodes = {
            step.symbol: tuple(
                Wire(name, self._gradient(name, step.symbol, place)) for place, name in enumerate(step.operands)
            )
            for step in steps
        }
        used = {wire.source for wires in nodes.values() for wire in wires}
        for name in [name for name in nodes if name not in used]:
            gradient = self.scene.network.gradient_name(name)
            nodes[f"{END}{name}"] = (Wire(name, gradient if gradient in program.symbols else ""),)
        return nodes

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that nodes take in."""
        carried = self.scene.program.carried
        sources = (wire.source for wires in self.nodes.values() for wire in wires)
        return tuple(dict.fromkeys(source for source in sources if source in carried))

    @cached_property
    def _reaching(self) -> frozenset[str]:
        """The values that the output depends on, and the output."""
        network = self.scene.network
        reaching = {network.output}
        for node in reversed(network.nodes):
            if node.name in reaching:
                reaching.update(node.inputs)
        return frozenset(reaching)

    def _gradient(self, name: str, user: str, place: int) -> str:
        """The symbol of what flows back from a use of a value; "" where nothing does."""
        symbols, network = self.scene.program.symbols, self.scene.network
        gradient = network.gradient_name(name)
        for symbol in (f"{gradient}_from_{user}_{place}", f"{gradient}_from_{user}"):
            if symbol in symbols:
                return symbol
        is_node = any(node.name == user for node in network.nodes)
        flows = user in self._reaching if is_node else name == network.output
        return gradient if flows and gradient in symbols else ""

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
        gradient = self.scene.network.gradient_name(name)
        uses = (wire for wires in self.nodes.values() for wire in wires if wire.source == name)
        is_shared = any("_from_" in wire.gradient for wire in uses)
        return gradient if is_shared and gradient in self.scene.program.symbols else ""

    # What is read of it

    def sign(self, name: str) -> str:
        """The operation of a node."""
        program, wording = self.scene.program, self.scene.wording
        if program.symbols[name].role == "loss":
            return plain(words.LOSS, wording)
        operation = program.steps[program.writers[name]].operation.name
        sign = _SIGNS.get(operation, operation)
        return plain("*" if wording.ascii and sign == "×" else sign, wording)

    def name(self, symbol: str) -> str:
        """What a symbol is called."""
        return printable(self.scene.wording.symbol(symbol))

    def shown_name(self, symbol: str) -> str:
        """The same of what is shown for it: of a parameter the updated one, once that is computed."""
        return self.name(self.scene.latest(symbol))

    def lit(self, symbol: str) -> str:
        """Whether the step writes or reads what is shown for a symbol; of a number, not if it was set by hand since."""
        if not symbol:
            return ""
        latest = self.scene.latest(symbol)
        shape = self.scene.program.symbols[latest].shape
        index = (0,) * len(shape)
        is_single = math.prod(shape) == 1
        return "" if is_single and not self.scene.is_as_touched(Element(latest, index)) else self.scene.lit(latest)

    def number(self, symbol: str, digits: int, sign: str = "") -> tuple[Piece, ...]:
        """A value as it is written: its mark, its sign, the number, or the first of an array and its shape."""
        if not symbol:
            return ()
        array, wording = self.scene.value(self.scene.latest(symbol)), self.scene.wording
        first = None if array is None or not array.size else float(array[self._first(array)])
        text, key = number_piece(first, self.lit(symbol), digits, wording)
        shape = self.scene.program.symbols[symbol].shape
        more = plain(f" …{written(shape)}", wording) if shape and array is not None else ""
        pieces = [mark(self.lit(symbol), wording), (plain(sign, wording), "heading"), (text.removeprefix("+"), key)]
        return tuple(piece for piece in (*pieces, (more, "dim")) if piece[0])

    def _first(self, array: Array) -> Index:
        return (self.scene.row_of(array.shape[0]), 0) if array.ndim == 2 else (0,) * array.ndim
