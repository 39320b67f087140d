"""A network as a graph of nodes: what is computed from what, before anything is run.

A layered net is such a graph, too, with the conventional names: u1, z1, u2, …, y. Everything after this treats
both alike; only what gradients are called differs (delta1 for ∂E/∂u1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from gradstep.engine.arrays import Array, Shape
from gradstep.engine.program.operation import Assignment, Gradient, Operation
from gradstep.engine.program.operations.activations import identity, relu, sigmoid, step, tanh
from gradstep.engine.program.operations.affine import affine, linear
from gradstep.engine.program.operations.arithmetic import add, multiply
from gradstep.engine.program.operations.curves import (
    elu_of,
    gelu,
    gelu_tanh,
    leaky_relu_of,
    silu,
    softplus,
    softsign,
)
from gradstep.engine.program.operations.reducing import softmax_of
from gradstep.engine.program.program import Mask, Phase
from gradstep.engine.words import network as words


def _same(operation: Operation) -> Operation:
    return operation


# The kinds of layers and nodes that a scenario can name; each is an operation.
LAYERS = {each.name: each for each in (affine, sigmoid, relu, tanh, identity, step, add, multiply)}
ACTIVATIONS = tuple(name for name, operation in LAYERS.items() if operation.derivative is not None)
# Those that are one of several by a setting, or have no derivative that could stand in another's place.
CURVES: Mapping[str, Callable[..., Operation]] = {
    "leaky_relu": leaky_relu_of,
    "elu": elu_of,
    **{each.name: partial(_same, each) for each in (softplus, silu, softsign, gelu, gelu_tanh)},
    "softmax": softmax_of,
}
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


@dataclass(frozen=True, eq=False)
class Node:
    """name = operation(inputs); `layer` is the heading it stands under, `key` where in the scenario it was written.

    gradient: the name of its gradient and how that is written in a formula, where it is not d and its own name.
    phase: forward, or of the loss where it is computed by nodes, too. for_rows: where the number of rows stands in the
    formula, the operation for another number of them. line: the whole line that it is one of several operations of.
    measured: what takes its place where the net is measured.
    """

    name: str
    operation: Operation
    inputs: tuple[str, ...]
    layer: str
    key: str
    gradient: tuple[str, str] | None = None
    phase: Phase = Phase.FORWARD
    for_rows: Callable[[int], Operation] | None = None
    line: Assignment | None = None
    measured: Measured | None = None


@dataclass(frozen=True, eq=False)
class Measured:
    """What takes the place of a node where the net is measured: operation(inputs)."""

    operation: Operation
    inputs: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class OwnLine:
    """A line of somebody's own backward pass: name = operation(operands). of: the value whose gradient it is, by its
    name; "" where it names none. key: where in the scenario it was written.
    """

    name: str
    operation: Operation
    operands: tuple[str, ...]
    of: str
    key: str


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes in an order in which they can be computed, trainable parameters, fixed inputs, and the output's name.

    The drawn rows `x` and `t` are known to every network that has data. loss: the node that is to become small, ""
    where a loss of its own follows, or none. differentiated: what the gradient is wanted of beside parameters and
    inputs. ending: nodes of the loss, behind the output. own: lines that compute gradients in the place of the derived
    ones, which are computed beside them. masks: of dropout, each with its shape.
    carried: values that lines of one's own carry from one iteration to the next; carrying: these lines, which are run
    with the update.
    """

    nodes: tuple[Node, ...]
    parameters: Mapping[str, Array]
    inputs: Mapping[str, Array]
    output: str
    layered: bool
    loss: str = ""
    differentiated: frozenset[str] = frozenset()
    own: tuple[OwnLine, ...] = ()
    ending: tuple[Node, ...] = ()
    masks: Mapping[str, tuple[Shape, Mask]] = field(default_factory=dict)
    carried: Mapping[str, Array] = field(default_factory=dict)
    carrying: tuple[OwnLine, ...] = ()

    @property
    def everything(self) -> tuple[Node, ...]:
        """The nodes, and those that make the loss of their output."""
        return (*self.nodes, *self.ending)

    @property
    def goal(self) -> str:
        """What is differentiated here: the loss among the nodes, or the output."""
        return self.loss or self.output

    @cached_property
    def _gradients(self) -> Mapping[str, tuple[str, str]]:
        return {node.name: node.gradient for node in self.everything if node.gradient}

    def gradient_name(self, symbol: str) -> str:
        """delta1 for the u1 of a layered net, otherwise d and the symbol."""
        return self._gradients.get(symbol, (f"d{symbol}", ""))[0]

    def derived_name(self, symbol: str) -> str:
        """The same of the derived gradient, which has another name where somebody's own line computes it."""
        name = self.gradient_name(symbol)
        return f"{name}_true" if symbol in self.of_own_lines else name

    @cached_property
    def of_own_lines(self) -> frozenset[str]:
        """The values whose gradients somebody's own lines compute."""
        return frozenset(line.of for line in self.own)

    def gradient_sign(self, symbol: str) -> str:
        """δ1 for the u1 of a layered net, otherwise ""."""
        return self._gradients.get(symbol, ("", ""))[1]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all its values and of their gradients, of the drawn rows and the loss."""
        values = {
            "x",
            "t",
            "E",
            *self.parameters,
            *self.inputs,
            *self.masks,
            *self.carried,
            *(node.name for node in self.everything),
        }
        return frozenset(values | {self.gradient_name(name) for name in values})

    @cached_property
    def differentiable(self) -> frozenset[str]:
        """Parameters, inputs, and every value that is made of them."""
        found = {*self.parameters, *self.inputs, *self.differentiated, self.goal}
        for node in self.everything:
            if found & {*node.inputs}:
                found.add(node.name)
        return frozenset(found)

    @cached_property
    def reaching(self) -> frozenset[str]:
        """What is differentiated, and every value that it depends on."""
        reaching = {self.goal}
        for node in reversed(self.everything):
            if node.name in reaching:
                reaching.update(node.inputs)
        return frozenset(reaching)

    @cached_property
    def _layers(self) -> Mapping[str, str]:
        """Value → the layer of the first node that uses it."""
        return {name: node.layer for node in reversed(self.nodes) for name in node.inputs}

    def layer_of(self, parameter: str) -> str:
        """The heading of the layer that uses this parameter; in a graph, where several nodes may, its own name."""
        return self._layers.get(parameter, parameter) if self.layered else parameter


@dataclass(frozen=True, eq=False)
class Layer:
    """An affine layer's parameters, W: inputs × outputs, b: one number an output or None, and the activation after it,
    if any.

    key, activation_key: where in the scenario they were written.
    """

    W: Array
    b: Array | None
    key: str
    activation: Operation | None = None
    activation_key: str = ""


def layered(layers: Sequence[Layer], *, loss_makes_output: bool) -> Network:
    """The graph of a chain of layers; the identity follows where there is no activation.

    The last activation is the output y; where the loss makes the output itself (softmax), the network ends in the
    last layer's logits instead.
    """
    nodes: list[Node] = []
    parameters: dict[str, Array] = {}
    value = "x"
    for number, layer in enumerate(layers, start=1):
        heading, last = words.LAYER.format(number=number), number == len(layers)
        W, b, u = f"W{number}", f"b{number}", f"u{number}"
        parameters[W] = layer.W
        delta = (f"delta{number}", f"δ{number}")
        operation = linear if layer.b is None else affine
        inputs = (value, W) if layer.b is None else (value, W, b)
        if layer.b is not None:
            parameters[b] = layer.b
        nodes.append(Node(u, operation, inputs, heading, layer.key, delta))
        value = u
        if layer.activation is None and last and loss_makes_output:
            break
        value = "y" if last and not loss_makes_output else f"z{number}"
        operation, key = layer.activation or LAYERS["identity"], layer.activation_key or layer.key
        nodes.append(Node(value, operation, (u,), heading, key))
    return Network(tuple(nodes), parameters, {}, value, layered=True)
