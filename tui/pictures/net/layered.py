"""A layered network as it is drawn: layers, shortened where too wide, their units, the weights between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.program.network import Node
from gradstep.engine.program.program import Role
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.writing import Figure, strongest
from gradstep.tui.words import net as words

_MOST_WHOLE = 10  # units of a layer that are drawn one and all
MOST_SHORTENED = 8  # units that are shown of a layer with more
_BIAS = -1  # the source of a bias
_STRENGTHS = 3
_NO_FIGURE = Figure("", "", None)


@dataclass(frozen=True)
class Unit:
    """A unit: what is written in its box, and all that belongs to it for those who read it as text."""

    name: str
    figures: tuple[Figure, ...]
    all_figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Weight:
    """A line into a unit. source: its place among the units shown of the layer before, −1 for a bias."""

    source: int
    target: int
    number: Figure
    gradient: Figure
    strength: int  # how heavy the line is, from 0 to 3

    @property
    def is_bias(self) -> bool:
        """Whether it comes from no unit."""
        return self.source == _BIAS


@dataclass(frozen=True)
class Layer:
    """A column: the units shown, how many are left out before the last, the lines into it, the parameters on them."""

    title: str
    units: tuple[Unit, ...]
    left_out: int = 0
    weights: tuple[Weight, ...] = ()
    parameters: tuple[str, ...] = ()

    @property
    def is_weighted(self) -> bool:
        """Whether the lines into it are weights: those into the loss are not, and into the inputs there are none."""
        return bool(self.parameters)


def layers_of(scene: Scene, room: int = MOST_SHORTENED) -> tuple[Layer, ...]:
    """The inputs, every layer, and the loss; `room`: how many units are shown of a layer with too many."""
    symbols = scene.program.symbols
    size = symbols["x"].shape[1]
    shown = _shown_of(size, room)
    layers = [Layer(words.INPUTS, tuple(_unit(scene, ("x",), (), index) for index in shown), size - len(shown))]
    for node in scene.network.nodes:
        if node.operation.weights is None:
            continue
        size, before = symbols[node.name].shape[1], shown
        shown = _shown_of(size, room)
        values, gradients = _symbols_of(scene, node)
        units = tuple(_unit(scene, values, gradients, index) for index in shown)
        weights = _weights(scene, node, before, shown)
        layers.append(Layer(node.layer, units, size - len(shown), weights, node.inputs[1:]))
    if scene.program.has_loss:
        layers.append(_loss(scene, shown))
    return tuple(layers)


def _shown_of(size: int, room: int) -> tuple[int, ...]:
    """The indices of the units that are shown: all, or the first few and the last."""
    return tuple(range(size)) if size <= _MOST_WHOLE else (*range(room - 1), size - 1)


def _symbols_of(scene: Scene, affine: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values of a layer, u first, and their gradients, in the order in which they are computed."""
    network, symbols = scene.network, scene.program.symbols
    values = [affine.name, *(node.name for node in network.nodes if node.inputs == (affine.name,))]
    if values[-1] == network.output:  # behind which a softmax may come with the loss
        values += [name for name, each in symbols.items() if each.role is Role.OUTPUT and name not in values]
    gradients = [network.gradient_name(name) for name in reversed(values)]
    return tuple(values), tuple(name for name in gradients if name in symbols)


def _unit(scene: Scene, values: Sequence[str], gradients: Sequence[str], index: int) -> Unit:
    """One unit: of its values and of its gradients one each goes into the box, see `_foremost`."""
    place = (scene.row_of(scene.program.symbols[values[0]].shape[0]), index)
    signs = {"δ": "d", "∂": "g"} if scene.notation.ascii else {}
    figures = [scene.figure(name, place, name[0]) for name in values]
    starts = {name: scene.program.symbols[name].sign[:1] or "∂" for name in gradients}
    slopes = [scene.figure(name, place, signs.get(sign, sign)) for name, sign in starts.items()]
    shown = tuple(_foremost(group) for group in (figures, slopes) if group)
    return Unit(figures[-1].name, shown, (*figures, *slopes))


def _foremost(figures: Sequence[Figure]) -> Figure:
    """The one that the step writes, or else reads; otherwise the last that is computed, or that will be."""
    known = [figure for figure in figures if figure.value is not None] or figures
    lit = strongest(*(figure.lit for figure in known))
    return [figure for figure in known if figure.lit == lit][-1]


def _weights(scene: Scene, affine: Node, inputs: Sequence[int], outputs: Sequence[int]) -> tuple[Weight, ...]:
    """The lines into a layer, those of a unit together, its bias, if it has one, last."""
    W, *biases = affine.inputs[1:]
    shown = {name: (scene.latest(name), scene.network.gradient_name(name)) for name in affine.inputs[1:]}
    largest = {name: _largest(scene.value(name)) for name in shown}
    weights = []
    for target, output in enumerate(outputs):
        places = [(source, W, (each, output)) for source, each in enumerate(inputs)]
        for source, name, index in (*places, *((_BIAS, b, (output,)) for b in biases)):
            number, gradient = (scene.figure(symbol, index) for symbol in shown[name])
            weights.append(Weight(source, target, number, gradient, _strength(number.value, largest[name])))
    return tuple(weights)


def _largest(array: Array | None) -> float:
    if array is None:
        return 0.0
    return float(np.max(np.abs(array), initial=0.0, where=np.isfinite(array)))


def _strength(value: float | None, largest: float) -> int:
    """How heavy a line is: by thirds of the largest."""
    if value is None or value == 0:
        return 0
    if not math.isfinite(value) or largest == 0:
        return _STRENGTHS
    return max(1, min(_STRENGTHS, math.ceil(abs(value) / largest * _STRENGTHS - 1e-9)))


def _loss(scene: Scene, outputs: Sequence[int]) -> Layer:
    """The loss: in its box, under its value, the target of each output."""
    place = scene.row_of(scene.program.symbols["t"].shape[0])
    E = scene.figure("E", (), "E")
    figures = (E, *(scene.figure("t", (place, each), "t") for each in outputs))
    lines = tuple(Weight(each, 0, _NO_FIGURE, _NO_FIGURE, 1) for each in range(len(outputs)))
    return Layer("loss", (Unit(E.name, figures, figures),), 0, lines)
