"""A layered net as it is drawn: its layers from the inputs to the outputs, and which step works where."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gradstep.engine.program.network import Node
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.program import Phase, Program, Role
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.words import net as words


@dataclass(frozen=True, eq=False)
class Layer:
    """The inputs or what an affine node begins.

    values: the symbols of its units, as they are computed: pre-activation, activation. gradients: those of these
    values, as they are computed. W, b: the parameters on the wires into it, "" for what it has not. target: what its
    units are to be, "" where that is not a number for each of them.
    """

    title: str
    units: int
    values: tuple[str, ...]
    gradients: tuple[str, ...]
    W: str = ""
    b: str = ""
    activation: Operation | None = None
    target: str = ""

    @property
    def out(self) -> str:
        """What goes on to the next layer."""
        return self.values[-1]

    @property
    def distribution(self) -> bool:
        """Whether its units are the probabilities of classes."""
        return self.activation is not None and self.activation.distribution

    @property
    def symbols(self) -> frozenset[str]:
        """Everything that belongs to its units."""
        return frozenset((*self.values, *self.gradients))


def layers_of(scenario: Scenario) -> tuple[Layer, ...]:
    """The inputs and every affine layer of a layered net."""
    program, network = scenario.program, scenario.network
    size = program.symbols["x"].shape[1]
    gradient = program.gradient_of("x")
    layers = [Layer(words.INPUTS, size, ("x",), (gradient,) if gradient else ())]
    for node in network.nodes:
        if node.operation.weights is not None:
            layers.append(_layer(scenario, node))
    return tuple(layers)


def _layer(scenario: Scenario, affine: Node) -> Layer:
    program, network = scenario.program, scenario.network
    values, activation = [affine.name], None
    for node in network.nodes:
        if node.inputs == (affine.name,):
            values.append(node.name)
            activation = node.operation
    if values[-1] == network.output:  # behind which a softmax may come with the loss
        for step in program.steps:
            if program.symbols[step.symbol].role is Role.OUTPUT and step.symbol not in values:
                values.append(step.symbol)
                activation = step.operation
    gradients = [network.gradient_name(name) for name in reversed(values)]
    return Layer(
        affine.layer,
        program.symbols[affine.name].shape[-1],
        tuple(values),
        tuple(name for name in gradients if name in program.symbols),
        affine.inputs[affine.operation.weights or 0],
        (*affine.inputs, "")[2],
        activation,
        _target(program, program.symbols[affine.name].shape[-1]) if network.output in values else "",
    )


def _target(program: Program, units: int) -> str:
    """The symbol of the targets, where there is one for each of so many units."""
    symbol = program.symbols.get("t")
    return "t" if symbol is not None and len(symbol.shape) == 2 and symbol.shape[1] == units else ""


def at_work(program: Program, layers: Sequence[Layer]) -> list[frozenset[int]]:
    """By the place of each step: the layers that have to be seen while it runs."""
    of_parameter = {name: place for place, layer in enumerate(layers) for name in (layer.W, layer.b) if name}
    of_symbol = {name: place for place, layer in enumerate(layers) for name in layer.symbols}
    found = []
    for step in program.steps:
        seen: set[int] = set()
        for name in () if step.phase is Phase.MEASURE else (step.symbol, *step.operands):
            symbol = program.symbols[name]
            parameter = of_parameter.get(name, of_parameter.get(symbol.of))
            if parameter is not None:
                seen |= {parameter - 1, parameter} if layers[parameter].W in (name, symbol.of) else {parameter}
        if not seen and step.symbol in of_symbol:
            seen = {of_symbol[step.symbol]}
        if not seen and program.symbols[step.symbol].role in (Role.TARGET, Role.LOSS):
            seen = {len(layers) - 1}
        found.append(frozenset(seen if len(seen) <= 2 else {max(seen) - 1, max(seen)}))
    return found


def window(needed: Sequence[frozenset[int]], size: int, count: int, steps: int) -> int:
    """The first of `size` layers out of `count` that are seen after so many steps.

    It moves only where the layer at work would not be seen, and no further than it must.
    """
    first = 0
    for seen in needed[:steps]:
        if seen:
            first = min(first, max(0, min(seen)))
            first = max(first, max(seen) - size + 1)
    return min(first, count - size)


def is_image(scenario: Scenario, layer: Layer) -> bool:
    """Whether the units of the layer are the pixels of an image."""
    return scenario.image is not None and layer.values == ("x",) and math.prod(scenario.image) == layer.units
