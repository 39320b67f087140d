"""The network in words, for those who cannot see a picture or want to search it: all that the picture shows, and more.

Lines of text, a unit or a node on each, and below it what goes in. Nothing is left out for want of room but units of
shortened layers; what there is to tell comes from `layered` and `graph`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.operation import written
from tui.net.graph import END, Graph, Wire
from tui.net.layered import Layer, Weight, layers_of
from tui.net.scene import Scene
from tui.net.writing import Figure, plain
from tui.numbers import short

_DIGITS = 9
_MOST_NUMBERS = 10
"""Of an array that goes into a node."""


def _by_step(lit: str) -> str:
    """Whether the step touches what has just been told."""
    return f" ({lit} by this step)" if lit else ""


# ── layered nets ─────────────────────────────────────────────────────────────────────────────────────────────


def layered_text(scene: Scene) -> tuple[str, ...]:
    """A paragraph for each layer."""
    lines: list[str] = []
    before = None
    for layer in layers_of(scene):
        lines += _layer_text(layer, before)
        before = layer
    return tuple(plain(line, scene.wording) for line in lines)


def _layer_text(layer: Layer, before: Layer | None) -> Iterator[str]:
    yield f"{layer.title}:"
    for number, unit in enumerate(layer.units):
        if layer.left_out and number == len(layer.units) - 1:
            yield f"  {layer.left_out:,} more"
        yield f"  {unit.name}: " + ", ".join(_figure_text(figure) for figure in unit.all_figures)
        if before and layer.is_weighted:
            told = [_weight_text(weight, before) for weight in layer.weights if weight.target == number]
            more = [f"{before.left_out:,} more"] if before.left_out else []
            yield "    in: " + "; ".join([*told, *more])


def _figure_text(figure: Figure) -> str:
    number = "not computed yet" if figure.value is None else short(figure.value, _DIGITS)
    return f"{figure.name} = {number}{_by_step(figure.lit)}"


def _weight_text(weight: Weight, before: Layer) -> str:
    number, gradient = _figure_text(weight.number), _figure_text(weight.gradient)
    if weight.is_bias:
        return f"bias {number}, {gradient}"
    return f"{number} from {before.units[weight.source].name}, {gradient}"


# ── graphs ───────────────────────────────────────────────────────────────────────────────────────────────────


def graph_text(scene: Scene) -> tuple[str, ...]:
    """A line for each node, and for each value that goes into it."""
    graph = Graph(scene)
    lines = [line for name, wires in graph.nodes.items() for line in _node_text(graph, name, wires)]
    for name, depth in graph.depths.items():
        if depth == 0 and graph.total(name):
            lines.append(f"{graph.name(name)}: sum of its gradients {_value_text(graph, graph.total(name))}")
    return tuple(plain(line, scene.wording) for line in lines)


def _node_text(graph: Graph, name: str, wires: tuple[Wire, ...]) -> Iterator[str]:
    if name.startswith(END):
        yield f"{graph.name(wires[0].source)} leaves the graph: {_wire_text(graph, wires[0])}"
        return
    operands = ", ".join(graph.name(wire.source) for wire in wires)
    yield f"{graph.name(name)} = {graph.sign(name)} of {operands}{_by_step(graph.lit(name))}"
    for wire in wires:
        yield f"  {graph.name(wire.source)}: {_wire_text(graph, wire)}"
    if graph.total(name):
        yield f"  sum of its gradients: {_value_text(graph, graph.total(name))}"


def _wire_text(graph: Graph, wire: Wire) -> str:
    gradient = f"gradient {_value_text(graph, wire.gradient)}" if wire.gradient else "no gradient"
    return f"value {_value_text(graph, wire.source)}, {gradient}"


def _value_text(graph: Graph, symbol: str) -> str:
    """The numbers of a symbol, those of the row that is shown."""
    array = graph.scene.value(symbol)
    lit = _by_step(graph.lit(symbol))
    if array is None:
        return f"not computed yet{lit}"
    numbers = array[graph.scene.row_of(len(array))] if array.ndim == 2 else array
    told = " ".join(short(float(number), _DIGITS) for number in np.ravel(numbers)[:_MOST_NUMBERS])
    is_part = array.ndim == 2 or array.size > _MOST_NUMBERS
    return told + (f" (of {written(array.shape)})" if is_part else "") + lit
