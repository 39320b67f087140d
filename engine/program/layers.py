"""The kinds of layers and nodes that a scenario can name; each is an operation."""

from __future__ import annotations

from dataclasses import replace

from gradstep.engine.program.operation import Gradient, Operation
from gradstep.engine.program.operations.activations import identity, relu, sigmoid, step, tanh
from gradstep.engine.program.operations.affine import affine
from gradstep.engine.program.operations.arithmetic import add, multiply
from gradstep.engine.words import network as words

LAYERS = {each.name: each for each in (affine, sigmoid, relu, tanh, identity, step, add, multiply)}

ACTIVATIONS = tuple(name for name, operation in LAYERS.items() if operation.derivative is not None)

PLACES = {"input": "0", "output": "out"}


def with_derivative(kind: str, derivative: str, place: str) -> Operation:
    """The activation `kind` whose backward pass multiplies by φ′ of `derivative`, taken at its input or output.

    Where that is not the derivative of the activation itself, its gradient carries a note that says so. ReLU's may be
    taken at its output: z > 0 exactly where u > 0.
    """
    own, other = LAYERS[kind], LAYERS[derivative].derivative
    assert other is not None, "only an activation has a derivative of its own"
    constant = other.operation.arity == 1
    same = derivative == kind and (place == "input" or constant or own.closes)
    if same:
        note = ""
    elif constant:
        note = words.NOT_THE_DERIVATIVE.format(kind=kind, derivative=other.written)
    elif place == "input":
        note = words.NOT_THE_DERIVATIVE_AT_INPUT.format(kind=kind, derivative=other.written)
    else:
        note = words.NOT_THE_DERIVATIVE_AT_OUTPUT.format(kind=kind, derivative=other.written)
    operands = ("d",) if constant else ("d", PLACES[place])
    return replace(own, gradients=(Gradient(0, other.operation, operands, note=note),))
