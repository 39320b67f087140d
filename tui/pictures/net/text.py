"""The network in words, for those who cannot see a picture or want to search it: all that it shows, and more."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradstep.engine.arrays import written
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures.net.graph import END, Graph, Wire
from gradstep.tui.pictures.net.layered import Layer, Weight, layers_of
from gradstep.tui.pictures.net.legend import moment_legend
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.writing import Figure, plain
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import short
from gradstep.tui.words import net as words

_DIGITS = 9
_MOST_NUMBERS = 10  # of an array that goes into a node


def net_text(moment: Moment, notation: Notation, row: int = 0) -> tuple[str, ...]:
    """All of a net in words, for one row of the batch: a unit or the lines into it on each line."""
    scene = Scene(moment, notation, row)
    caption = "  ".join(filter(None, (scene.caption(), scene.which_row())))
    if scene.network.layered:
        return plain(caption, notation), *layered_text(scene)
    return caption, *graph_text(scene)


def _by_step(told: str, lit: str) -> str:
    """A text, and whether the step writes or reads the thing that it tells of."""
    if not lit:
        return told
    return words.WRITTEN.format(told=told) if lit == "written" else words.READ.format(told=told)


def layered_text(scene: Scene) -> tuple[str, ...]:
    """A paragraph for each layer; before them, which parameters are updated ones already."""
    layers = layers_of(scene)
    lines = list(moment_legend(scene, [name for layer in layers for name in layer.parameters]))
    before = None
    for layer in layers:
        lines += _layer_text(layer, before)
        before = layer
    return tuple(plain(line, scene.notation) for line in lines)


def _layer_text(layer: Layer, before: Layer | None) -> Iterator[str]:
    yield f"{layer.title}:"
    for number, unit in enumerate(layer.units):
        if layer.left_out and number == len(layer.units) - 1:
            yield f"  {words.MORE.format(count=layer.left_out)}"
        yield f"  {', '.join(_figure_text(figure) for figure in unit.all_figures)}"
        if before and layer.is_weighted:
            told = [_weight_text(weight, before) for weight in layer.weights if weight.target == number]
            if before.left_out:
                told.append(words.MORE.format(count=before.left_out))
            yield f"    {words.INTO_UNIT.format(weights='; '.join(told))}"


def _figure_text(figure: Figure) -> str:
    number = words.NOT_COMPUTED if figure.value is None else short(figure.value, _DIGITS)
    return _by_step(f"{figure.name} = {number}", figure.lit)


def _weight_text(weight: Weight, before: Layer) -> str:
    number, gradient = _figure_text(weight.number), _figure_text(weight.gradient)
    if weight.is_bias:
        return words.BIAS.format(bias=number, gradient=gradient)
    return words.WEIGHT.format(weight=number, unit=before.units[weight.source].name, gradient=gradient)


def graph_text(scene: Scene) -> tuple[str, ...]:
    """The same, and a line for each node and for each value that goes into it."""
    graph = Graph(scene)
    lines = list(moment_legend(scene, graph.parameters))
    lines += [line for name, wires in graph.nodes.items() for line in _node_text(graph, name, wires)]
    for name, depth in graph.depths.items():
        if depth == 0 and graph.total(name):
            total = _value_text(graph, graph.total(name))
            lines.append(words.SUM_INTO_INPUT.format(node=graph.name(name), gradient=total))
    return tuple(plain(line, scene.notation) for line in lines)


def _node_text(graph: Graph, name: str, wires: tuple[Wire, ...]) -> Iterator[str]:
    if name.startswith(END):
        yield words.LEAVES.format(node=graph.name(wires[0].source), wire=_wire_text(graph, wires[0]))
        return
    operands = ", ".join(graph.name(wire.source) for wire in wires)
    node = words.NODE.format(node=graph.name(name), operation=graph.sign(name), operands=operands)
    yield _by_step(node, graph.lit(name))
    for wire in wires:
        yield f"  {graph.shown_name(wire.source)}: {_wire_text(graph, wire)}"
    if graph.total(name):
        yield f"  {words.SUM_INTO_NODE.format(gradient=_value_text(graph, graph.total(name)))}"


def _wire_text(graph: Graph, wire: Wire) -> str:
    value = _value_text(graph, wire.source)
    if not wire.gradient:
        return words.WIRE_WITHOUT_GRADIENT.format(value=value)
    return words.WIRE.format(value=value, gradient=_value_text(graph, wire.gradient))


def _value_text(graph: Graph, symbol: str) -> str:
    """The numbers of a symbol, those of the row that is shown."""
    array = graph.scene.value(graph.scene.latest(symbol))
    lit = graph.lit(symbol)
    if array is None:
        return _by_step(words.NOT_COMPUTED, lit)
    numbers = array[graph.scene.row_of(len(array))] if array.ndim == 2 else array
    told = " ".join(short(float(number), _DIGITS) for number in np.ravel(numbers)[:_MOST_NUMBERS])
    if array.ndim == 2 or array.size > _MOST_NUMBERS:
        told = words.PART_OF_ARRAY.format(numbers=told, shape=written(array.shape))
    return _by_step(told, lit)
