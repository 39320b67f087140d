"""The parts of a program that health is about: its gradients, the weights that they belong to, its activations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from gradstep.engine.health.symptoms import Named
from gradstep.engine.program.program import Phase, Program, Role, Step


def activations_of(program: Program) -> tuple[Step, ...]:
    """The steps of the forward pass that are activations, in order: which u belongs to which kind."""
    forward = (step for step in program.steps if step.phase is Phase.FORWARD)
    return tuple(step for step in forward if step.operation.derivative is not None)


@dataclass(frozen=True)
class Gradient:
    """A parameter's gradient. weights: the parameters that work together with it (W and b of one affine layer).

    place: of its step, from 1.
    """

    symbol: str
    parameter: str
    layer: str
    weights: tuple[str, ...]
    place: int


@dataclass(frozen=True)
class Depth:
    """The weights of an affine step, the gradient of its result, and whether a ReLU lies on the way to the last one."""

    weights: Gradient
    delta: str
    closes: bool


@dataclass(frozen=True)
class Anatomy:
    """The gradients, weights and activations of a program, put together once."""

    program: Program

    def named(self, symbol: str, layer: str) -> Named:
        """A symbol with its layer; of graphs, whose layers are called after their values, without."""
        return symbol, "" if layer in self.program.symbols else layer

    @cached_property
    def forward(self) -> tuple[Step, ...]:
        """The steps of the forward pass."""
        return tuple(step for step in self.program.steps if step.phase is Phase.FORWARD)

    @cached_property
    def activations(self) -> tuple[Step, ...]:
        """The activations, each kind of each u once."""
        return tuple({(a.operands, a.operation.name): a for a in activations_of(self.program)}.values())

    @cached_property
    def gradients(self) -> tuple[Gradient, ...]:
        """Those of parameters, in the order of the parameters."""
        symbols = self.program.symbols
        gradient_of = {s.of: s.name for s in symbols.values() if s.role is Role.GRADIENT}
        parameters = {name for name, symbol in symbols.items() if symbol.role is Role.PARAMETER}
        weights: dict[str, tuple[str, ...]] = {}
        layers: dict[str, str] = {}
        for step in self.forward:
            own = tuple(dict.fromkeys(name for name in step.operands if name in parameters))
            layers = dict.fromkeys(own, step.layer) | layers
            if step.operation.weights is not None:
                weights |= {name: own for name in own if name not in weights}
        return tuple(
            Gradient(
                gradient_of[name],
                name,
                self.named(name, layers.get(name, name))[1],
                weights.get(name, (name,)),
                self.program.writers[gradient_of[name]] + 1,
            )
            for name in symbols
            if name in parameters and name in gradient_of
        )

    @cached_property
    def deep(self) -> tuple[Depth, ...]:
        """The weights of affine steps, comparable with one another, the last one last."""
        by_parameter = {gradient.parameter: gradient for gradient in self.gradients}
        found: dict[str, Depth] = {}
        closes = False
        for step in reversed(self.forward):
            place, delta = step.operation.weights, self.program.gradient_of(step.symbol)
            closes = bool(found) and (closes or step.operation.closes)
            weights = None if place is None else by_parameter.get(step.operands[place])
            if weights is not None and delta is not None and weights.parameter not in found:
                found[weights.parameter] = Depth(weights, delta, closes)
        return tuple(reversed(found.values()))

    @cached_property
    def trained(self) -> dict[str, tuple[str, str]]:
        """Parameter that an update changes → its gradient and its next value."""
        program = self.program
        return {
            gradient.parameter: (gradient.symbol, program.carried[gradient.parameter])
            for gradient in self.gradients
            if program.carried.get(gradient.parameter, gradient.parameter) not in (gradient.parameter, *program.kept)
        }
