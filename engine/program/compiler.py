"""A network, a loss and an optimizer compiled to a program: forward pass, loss, backward pass, update, measurements.

The backward pass is reverse mode: from the loss back over the nodes, each of which adds the rules of its kind. Only
what leads to a parameter is differentiated.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gradstep.engine.arrays import Array, Shape
from gradstep.engine.program import backward as gradients
from gradstep.engine.program import forward as ops
from gradstep.engine.program.layers import Rule
from gradstep.engine.program.losses import Loss
from gradstep.engine.program.network import Network, Node
from gradstep.engine.program.operation import Assignment, ShapeError
from gradstep.engine.program.optimizers import Optimizer
from gradstep.engine.program.program import Measure, Program, Step, Symbol
from gradstep.engine.words import names as words


class CompileError(ValueError):
    """A network that cannot be compiled; `key` is where in the scenario the cause stands."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class _Compiler:
    """Collects the steps of a program, with the shape of every symbol."""

    def __init__(self) -> None:
        self.symbols: dict[str, Symbol] = {}
        self.steps: list[Step] = []

    def know(self, symbol: Symbol, key: str) -> None:
        if symbol.name in self.symbols:
            raise CompileError(key, words.NAME_OF_TWO_VALUES.format(name=symbol.name))
        self.symbols[symbol.name] = symbol

    def write(
        self,
        line: Assignment,
        role: str,
        where: tuple[str, str],
        *,
        of: str = "",
        use: int | None = None,
        note: str = "",
        key: str,
    ) -> None:
        """Append a step; `where` is its phase and layer, `key` what to name if shapes do not fit."""
        try:
            shape = line.operation.shape(*(self.symbols[name].shape for name in line.operands))
        except ShapeError as error:
            raise CompileError(key, str(error)) from None
        self.know(Symbol(line.symbol, shape, role, of, use), key)
        self.steps.append(Step(line.symbol, line.operation, line.operands, *where, note))


def compile_program(
    network: Network,
    loss: Loss | None,
    optimizer: Optimizer | None,
    drawn: Mapping[str, Shape],
    measure: Measure | None = None,
) -> Program:
    """The program of one iteration.

    drawn: the shapes of the rows that an iteration draws (x and t; empty for a graph without data).
    Raises CompileError where shapes do not fit or two values have one name.
    """
    compiler = _Compiler()
    start: dict[str, Array] = dict(network.inputs)
    for name, shape in drawn.items():
        compiler.know(Symbol(name, shape, "target" if name == "t" else "input"), "data")
        compiler.steps.append(Step(name, ops.draw, (), "draw", "data"))
    for name, value in network.inputs.items():
        compiler.know(Symbol(name, value.shape, "input"), f"inputs.{name}")
    for name, value in network.parameters.items():
        start[name] = value
        compiler.know(Symbol(name, value.shape, "parameter"), f"parameters.{name}")
    for name, number in optimizer.hyperparameters if optimizer else ():
        start[name] = np.asarray(number, dtype=np.float64)
        compiler.know(Symbol(name, (), "hyperparameter"), f"optimizer.{name}")

    for node in network.nodes:
        role = "output" if node.name == network.output else "value"
        line = Assignment(node.name, node.kind.operation, node.inputs)
        compiler.write(line, role, ("forward", node.layer), key=node.key)
    if loss:
        _write_loss(compiler, network, loss)
    _write_backward(compiler, network, loss)
    if optimizer:
        _write_updates(compiler, network, optimizer)
    if measure:
        _write_measures(compiler, network, drawn, measure)

    carried = {name: f"{name}_next" if f"{name}_next" in compiler.symbols else name for name in start}
    for value in start.values():
        value.flags.writeable = False
    every = measure.every if measure else 0
    return Program(compiler.symbols, tuple(compiler.steps), carried, start, "E" if loss else network.output, every)


def _write_loss(compiler: _Compiler, network: Network, loss: Loss) -> None:
    heading = network.nodes[-1].layer
    for line in loss.forward:
        compiler.write(_filled(line, network), "output", ("forward", heading), key="loss")
    compiler.write(_filled(loss.loss, network), "loss", ("loss", "loss"), key="data.t")


def _filled(line: Assignment, network: Network, parameter: str = "") -> Assignment:
    """The assignment with its placeholders replaced by this network's names."""

    def name(text: str) -> str:
        text = text.format(out=network.output, p=parameter)
        return network.gradient_name(text[2:]) if text.startswith("d:") else text

    return Assignment(name(line.symbol), line.operation, tuple(map(name, line.operands)))


def _write_backward(compiler: _Compiler, network: Network, loss: Loss | None) -> None:
    """The reverse of the nodes: each hands its upstream gradient on to its operands by its kind's rules."""
    reaching = _reaching(network)
    flows = _flows(network, reaching)
    received: dict[str, list[str]] = {name: [] for name in flows}
    where = ("backward", "loss" if loss else network.output)
    seed = Assignment("d:{out}", gradients.seed_gradient, ("{out}",))
    for line in loss.backward if loss else (seed,):
        compiler.write(_filled(line, network), "gradient", where, of=network.output, key="loss")
    for node in reversed(network.nodes):
        for rule in node.kind.rules if node.name in reaching else ():
            operand = node.inputs[rule.of]
            if operand not in flows:
                continue
            names = flows[operand]
            _write_rule(compiler, network, node, rule, names[node.name, rule.of])
            received[operand].append(names[node.name, rule.of])
            if len(received[operand]) == len(names) > 1:
                total = gradients.accumulate(len(names))
                line = Assignment(network.gradient_name(operand), total, tuple(received[operand]))
                compiler.write(line, "gradient", ("backward", node.layer), of=operand, key=node.key)


def _reaching(network: Network) -> frozenset[str]:
    """The output and every value that it depends on."""
    reaching = {network.output}
    for node in reversed(network.nodes):
        if node.name in reaching:
            reaching.update(node.inputs)
    return frozenset(reaching)


def _flows(network: Network, reaching: frozenset[str]) -> dict[str, dict[tuple[str, int], str]]:
    """Value → for each use of it, (node, operand place), the name of the gradient that flows back from there.

    Only values whose gradient is wanted: parameters, a graph's inputs, and what is made of them. Where a value is
    used once, what flows back is its gradient; otherwise the name says by which node it came.
    """
    wanted = {*network.parameters, *network.inputs}
    uses: dict[str, list[tuple[str, int]]] = {}
    for node in network.nodes:
        wanted |= {node.name for name in node.inputs if name in wanted}
        for place, name in enumerate(node.inputs):
            if name in wanted and node.name in reaching:
                uses.setdefault(name, []).append((node.name, place))
    flows: dict[str, dict[tuple[str, int], str]] = {}
    for name, places in uses.items():
        gradient, users = network.gradient_name(name), [user for user, _ in places]
        flows[name] = {
            (user, place): gradient
            if len(places) == 1
            else f"{gradient}_from_{user}" + (f"_{place}" if users.count(user) > 1 else "")
            for user, place in places
        }
    return flows


def _write_rule(compiler: _Compiler, network: Network, node: Node, rule: Rule, symbol: str) -> None:
    upstream, operand = network.gradient_name(node.name), node.inputs[rule.of]
    names = {"d": upstream, "out": node.name} | {str(place): name for place, name in enumerate(node.inputs)}
    summed = rule.summed if compiler.symbols[upstream].shape and not compiler.symbols[operand].shape else None
    line = Assignment(symbol, summed or rule.operation, tuple(names[name] for name in rule.operands))
    role = "gradient" if symbol == network.gradient_name(operand) else "contribution"
    use = rule.of if node.inputs.count(operand) > 1 else None
    compiler.write(line, role, ("backward", node.layer), of=operand, use=use, note=node.kind.note, key=node.key)


def _write_updates(compiler: _Compiler, network: Network, optimizer: Optimizer) -> None:
    for parameter in network.parameters:
        where = ("update", network.layer_of(parameter))
        for line in optimizer.assignments(parameter):
            filled = _filled(line, network, parameter)
            compiler.write(filled, "next", where, of=parameter, key=f"parameters.{parameter}")


def _write_measures(compiler: _Compiler, network: Network, drawn: Mapping[str, Shape], measure: Measure) -> None:
    """For each set of rows the forward pass with the updated parameters, up to the output, and its accuracy."""
    for name, rows in measure.sets.items():
        where = ("measure", name)
        called = {p: f"{p}_next" for p in network.parameters if f"{p}_next" in compiler.symbols}
        for symbol, shape in drawn.items():
            called[symbol] = f"{symbol}_{name}"
            role = "target" if symbol == "t" else "input"
            compiler.know(Symbol(called[symbol], (rows, *shape[1:]), role), "measure")
            compiler.steps.append(Step(called[symbol], ops.all_rows, (), *where))
        for node in network.nodes:
            called[node.name] = f"{node.name}_{name}"
            operands = tuple(called.get(operand, operand) for operand in node.inputs)
            compiler.write(Assignment(called[node.name], node.kind.operation, operands), "value", where, key="measure")
        line = Assignment(f"accuracy_{name}", ops.accuracy, (called[network.output], called["t"]))
        compiler.write(line, "measure", where, key="measure")
