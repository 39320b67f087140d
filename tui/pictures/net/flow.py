"""What goes along the wires between two layers: values forward, gradients back, or what becomes of a weight.

The wires are lit while the step is the one that uses their weights. While the step after it takes up what they brought,
the activation what the product made, φ′ what came back, the terms still stand on them, quietly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gradstep.engine.arrays import Array, Index, subscript
from gradstep.engine.program.operations.affine import input_gradient
from gradstep.engine.program.program import Phase, Step
from gradstep.tui.pictures.net.board import DOUBLE, HEAVY, LIGHT, Stroke
from gradstep.tui.pictures.net.look import Look
from gradstep.tui.pictures.net.remembered import remembered
from gradstep.tui.pictures.net.structure import Layer
from gradstep.tui.text.grid import Piece


class Kind(StrEnum):
    """What the wires show."""

    IDLE = "idle"
    FORWARD = "forward"  # the terms of the sum that a unit is made of
    BACKWARD = "backward"  # the terms of the sum that comes back to a unit
    GRADIENT = "gradient"  # those of the weights
    UPDATE = "update"  # what the weights become


@dataclass(frozen=True, eq=False)
class Flow:
    """What goes on between two layers.

    lit: the step does just that. phase: the colour of it. left, right: what the terms are products of, in the row that
    is shown: of the units before (or 1) and of the units after (or 1); weights: as they were read.
    """

    kind: Kind = Kind.IDLE
    lit: bool = False
    phase: str = ""
    weights: Array | None = None
    left: Array | None = None
    right: Array | None = None

    @property
    def back(self) -> bool:
        """Whether a gradient goes along them: the terms of what comes back, or the deltas that weights' own take up."""
        return self.kind is Kind.BACKWARD or (self.kind is Kind.GRADIENT and self.lit)

    @property
    def stroke(self) -> Stroke:
        """What the wires are drawn with."""
        if self.lit and (self.back or self.kind is Kind.FORWARD):
            return Stroke(DOUBLE if self.back else HEAVY, f"bold {self.phase}")
        return Stroke(LIGHT)

    def term(self, source: int, target: int) -> float | None:
        """What goes along one wire."""
        if self.weights is None:
            return None
        left = 1.0 if self.left is None else float(self.left[source])
        right = 1.0 if self.right is None else float(self.right[target])
        with np.errstate(all="ignore"):
            return float(np.float64(left) * self.weights[source, target] * right)


def flow_between(look: Look, before: Layer, layer: Layer) -> Flow:
    """What goes along the wires into a layer."""
    program, step = look.program, look.moment.step
    if step is None or step.phase is Phase.MEASURE:
        return _resting(look, layer)
    symbol = program.symbols[step.symbol]
    forward = _step_of(look, layer.values[0])
    if forward is not None and forward.operation.weights is not None and step.symbol in layer.values:
        return _forward(look, forward, lit=step.symbol == layer.values[0])
    back = _coming_back(look, before, step)
    if back is not None and _of(look, back.operands[1]) == layer.W:
        return _backward(look, back, lit=back is step)
    if step.symbol == program.gradient_of(layer.W):
        return Flow(Kind.GRADIENT, True, step.phase.value)
    if step.phase is Phase.UPDATE and symbol.of == layer.W:
        return Flow(Kind.UPDATE, True, step.phase.value)
    return _resting(look, layer)


def _resting(look: Look, layer: Layer) -> Flow:
    """What is known of the weights so far: their next values, or their gradients."""
    if look.array(look.becomes(layer.W)) is not None:
        return Flow(Kind.UPDATE)
    gradient = look.program.gradient_of(layer.W)
    return Flow(Kind.GRADIENT) if gradient and look.array(gradient) is not None else Flow()


def _step_of(look: Look, symbol: str) -> Step | None:
    place = look.program.writers.get(symbol)
    return None if place is None else look.program.steps[place]


def _of(look: Look, symbol: str) -> str:
    """The parameter that a symbol is, or is the next value of."""
    return look.program.symbols[symbol].of or symbol


def _coming_back(look: Look, before: Layer, step: Step) -> Step | None:
    """The step that brought a gradient back along wires: this one, or the one whose result it takes up."""
    if step.symbol not in before.gradients:
        return None
    for name in (step.symbol, *step.operands):
        made = _step_of(look, name) if name in before.gradients else None
        if made is not None and made.operation is input_gradient:
            return made
    return None


def _read(look: Look, step: Step, place: int) -> Array | None:
    """An operand as the step has read it."""
    name = step.operands[place]
    if look.array(name) is None:
        return None
    return look.moment.provenance.read(name, look.program.writers[step.symbol])


def _row(look: Look, array: Array | None) -> Array | None:
    if array is None or array.ndim != 2:
        return array
    row: Array = array[min(look.row, len(array) - 1)]
    return row


def _forward(look: Look, step: Step, *, lit: bool) -> Flow:
    weights = _read(look, step, step.operation.weights or 0)
    return Flow(Kind.FORWARD, lit, step.phase.value, weights, left=_row(look, _read(look, step, 0)))


def _backward(look: Look, step: Step, *, lit: bool) -> Flow:
    return Flow(Kind.BACKWARD, lit, step.phase.value, _read(look, step, 1), right=_row(look, _read(look, step, 0)))


def second(
    look: Look, layer: Layer, flow: Flow, source: int, target: int, width: int
) -> tuple[str, tuple[Piece, Piece]]:
    """What stands behind a weight on its wire: a sign of what it is, its mark and the number, or blanks."""
    index = (source, target)
    match flow.kind:
        case Kind.FORWARD | Kind.BACKWARD:
            value = flow.term(source, target)
            mark, (text, key) = look.written(value, width)
            front = "fails" if "fails" in key else f"bold {flow.phase}" if flow.lit else "quiet"
            return " ", (mark, (text, front))
        case Kind.GRADIENT:
            gradient = look.program.gradient_of(layer.W) or ""
            return "∂", look.number(gradient, index, width)
        case Kind.UPDATE:
            return "→", look.number(look.becomes(layer.W), index, width)
    return " ", ((" ", "space"), (" " * width, "space"))


def labels_of(look: Look, layer: Layer, *, places: bool = False) -> Sequence[Sequence[str]]:
    """The labels of the wires into a layer, by source and target: w5; of those that have none [0,1] or ""."""
    return remembered(look, ("wires", layer.W, places), lambda: _labels_of(look, layer, places=places))


def _labels_of(look: Look, layer: Layer, *, places: bool) -> Sequence[Sequence[str]]:
    rows, columns = look.program.symbols[layer.W].shape
    label = look.notation.label

    def named(index: Index) -> str:
        return label(layer.W, index) or (subscript(index) if places else "")

    return [[named((source, target)) for target in range(columns)] for source in range(rows)]
