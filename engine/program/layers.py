"""The kinds of layers and nodes: each an operation forward and a short list of rules backward.

A rule is one assignment of the backward pass: the gradient of one operand, made of the upstream gradient (`d`),
the layer's result (`out`) and its operands (`0`, `1`, …). Which of them are needed, and what the gradients are
called, is decided where the program is compiled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gradstep.engine.program import backward as gradients
from gradstep.engine.program import forward as ops
from gradstep.engine.program.operation import Operation
from gradstep.engine.words import network as words


@dataclass(frozen=True, eq=False)
class Rule:
    """The gradient of operand `of`. Where that operand is a scalar and the upstream gradient is not, `summed`."""

    of: int
    operation: Operation
    operands: tuple[str, ...]
    summed: Operation | None = None


@dataclass(frozen=True, eq=False)
class LayerKind:
    """A kind of layer: what it computes, and its backward rules in the order of the program."""

    name: str
    operands: int
    operation: Operation
    rules: tuple[Rule, ...]
    note: str = ""


def _activation(name: str, operation: Operation, gradient: Operation, at: tuple[str, ...]) -> LayerKind:
    return LayerKind(name, 1, operation, (Rule(0, gradient, ("d", *at)),))


KINDS: dict[str, LayerKind] = {
    kind.name: kind
    for kind in (
        LayerKind(
            "affine",  # x·W + b, one sample a row
            3,
            ops.affine,
            (
                Rule(1, gradients.weight_gradient, ("0", "d")),
                Rule(2, gradients.bias_gradient, ("d",)),
                Rule(0, gradients.input_gradient, ("d", "1")),
            ),
        ),
        _activation("sigmoid", ops.sigmoid, gradients.sigmoid_gradient, ("out",)),
        _activation("relu", ops.relu, gradients.relu_gradient, ("0",)),  # its derivative at 0 is taken as 0
        _activation("tanh", ops.tanh, gradients.tanh_gradient, ("out",)),
        _activation("identity", ops.identity, gradients.identity_gradient, ()),
        _activation("step", ops.step, gradients.step_gradient, ()),  # 1 where u > 0, else 0; derivative 0 everywhere
        LayerKind(
            "add",
            2,
            ops.add,
            (
                Rule(0, gradients.pass_on, ("d",), gradients.pass_on_summed),
                Rule(1, gradients.pass_on, ("d",), gradients.pass_on_summed),
            ),
        ),
        LayerKind(
            "multiply",
            2,
            ops.multiply,
            (
                Rule(0, gradients.pass_times, ("d", "1"), gradients.pass_times_summed),
                Rule(1, gradients.pass_times, ("d", "0"), gradients.pass_times_summed),
            ),
        ),
    )
}

ACTIVATIONS = tuple(name for name, kind in KINDS.items() if kind.operands == 1)

PLACES = {"input": "0", "output": "out"}

# Where φ′ can be taken at any array, not only where the layer's own rule takes it.
_SLOPES: dict[str, tuple[Operation, bool]] = {
    "sigmoid": (gradients.sigmoid_slope, True),
    "relu": (gradients.relu_gradient, True),
    "tanh": (gradients.tanh_slope, True),
    "identity": (gradients.identity_gradient, False),
    "step": (gradients.step_gradient, False),
}

_PRIMES = {"sigmoid": "σ′", "relu": "relu′", "tanh": "tanh′", "identity": "1", "step": "0"}


def with_derivative(kind: str, derivative: str, place: str) -> LayerKind:
    """The activation `kind` whose backward pass multiplies by φ′ of `derivative`, taken at its input or output.

    Where that is not the derivative of the activation itself, the kind carries a note that says so. ReLU's may be
    taken at its output: z > 0 exactly where u > 0.
    """
    own = KINDS[kind]
    operation, takes_array = _SLOPES[derivative]
    rule = Rule(0, operation, ("d", PLACES[place]) if takes_array else ("d",))
    same = derivative == kind and (place == "input" or not takes_array or kind == "relu")
    if same:
        return replace(own, rules=(rule,))
    prime = _PRIMES[derivative]
    if not takes_array:
        note = words.NOT_THE_DERIVATIVE.format(kind=kind, derivative=prime)
    elif place == "input":
        note = words.NOT_THE_DERIVATIVE_AT_INPUT.format(kind=kind, derivative=prime)
    else:
        note = words.NOT_THE_DERIVATIVE_AT_OUTPUT.format(kind=kind, derivative=prime)
    return replace(own, rules=(rule,), note=note)
