"""A network, a loss and an optimizer compiled to a program: forward pass, loss, backward pass, update, measurements.

The backward pass is reverse mode: from the loss back over the nodes, each of which hands its upstream gradient on by
the gradients of its operation. Only what leads to a parameter or an input of a graph is differentiated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gradstep.engine.arrays import Array, Shape, written
from gradstep.engine.errors import Problem
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.limits import PROGRAM
from gradstep.engine.program.flows import summed_back
from gradstep.engine.program.formulas import Placed
from gradstep.engine.program.losses import Loss
from gradstep.engine.program.network import Network, Node, OwnLine
from gradstep.engine.program.operation import Assignment, Gradient, Operation, ShapeError
from gradstep.engine.program.operations.arithmetic import accumulate, seed_gradient
from gradstep.engine.program.operations.counters import COUNTERS
from gradstep.engine.program.operations.dropout import dropout_mask
from gradstep.engine.program.operations.samples import accuracy, all_rows, draw
from gradstep.engine.program.optimizers import Optimizer
from gradstep.engine.program.program import BATCH, Measure, Phase, Program, Role, Step, Symbol
from gradstep.engine.words import limits as limit_words
from gradstep.engine.words import names as words

SEED = Assignment("d:{out}", seed_gradient, ("{out}",))


class CompileError(Problem):
    """A network that cannot be compiled; `key` is where in the scenario the cause stands."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, eq=False)
class _Compiler:
    """Collects the steps of a program, with the shape of every symbol."""

    network: Network
    symbols: dict[str, Symbol] = field(default_factory=dict)
    start: dict[str, Array] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def know(self, symbol: Symbol, key: str) -> None:
        if symbol.name in self.symbols:
            raise CompileError(key, words.NAME_OF_TWO_VALUES.format(name=symbol.name))
        self.symbols[symbol.name] = symbol

    def begin_with(self, name: str, value: Array, role: Role, key: str, *, of: str = "", sign: str = "") -> None:
        """A symbol that an iteration starts from."""
        self.know(Symbol(name, value.shape, role, of, sign=sign), key)
        value.flags.writeable = False
        self.start[name] = value

    def write(
        self,
        line: Assignment,
        role: Role,
        where: tuple[Phase, str],
        key: str,
        *,
        of: str = "",
        by: str = "",
        use: int | None = None,
        note: str = "",
        sign: str = "",
        truth: str = "",
        whole: Assignment | None = None,
    ) -> None:
        """Append a step; `where` is its phase and layer, `key` what to name if shapes do not fit, whole: its line."""
        try:
            shape = line.operation.shape(*(self.symbols[name].shape for name in line.operands))
        except (ShapeError, Placed) as error:
            raise CompileError(key, str(error)) from None
        if role in (Role.GRADIENT, Role.TRUTH) and not sign:
            sign = self.network.gradient_sign(of)
        if len(self.steps) >= PROGRAM:
            raise CompileError(key, limit_words.TOO_LONG_PROGRAM.format(most=PROGRAM))
        self.know(Symbol(line.symbol, shape, role, of, by, use, sign=sign, truth=truth), key)
        self.steps.append(Step(line.symbol, line.operation, line.operands, *where, note, whole))

    def draw(self, symbol: Symbol, operation: Operation, where: tuple[Phase, str], key: str) -> None:
        """Append a step that takes rows of the data."""
        self.know(symbol, key)
        self.steps.append(Step(symbol.name, operation, (), *where))

    def filled(self, line: Assignment, names: Mapping[str, str] | None = None, *, derived: bool = False) -> Assignment:
        """The assignment with its placeholders replaced by this network's names. derived: gradients are the derived."""
        gradient = self.network.derived_name if derived else self.network.gradient_name

        def name(text: str) -> str:
            text = text.format_map({"out": self.network.goal} | dict(names or {}))
            return gradient(text[2:]) if text.startswith("d:") else text

        return Assignment(name(line.symbol), line.operation, tuple(map(name, line.operands)), line.text)


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
    compiler = _forward(network, drawn, optimizer)
    if loss:
        for line in loss.forward:
            compiler.write(compiler.filled(line), Role.OUTPUT, (Phase.FORWARD, network.nodes[-1].layer), "loss")
        compiler.write(compiler.filled(loss.loss), Role.LOSS, (Phase.LOSS, "loss"), "data.t")
    _write_backward(compiler, loss)
    for own in network.carrying:
        _write_carrying(compiler, own)
    if optimizer:
        _write_updates(compiler, optimizer)
    if measure:
        _write_measures(compiler, drawn, measure, loss)
    becomes = {symbol.of: symbol.name for symbol in compiler.symbols.values() if symbol.role is Role.NEXT}
    carried = {name: becomes.get(name, name) for name in compiler.start}
    goal = "E" if loss else network.goal
    when = (measure.every, measure.offset) if measure else ()
    return Program(compiler.symbols, tuple(compiler.steps), carried, compiler.start, goal, *when)


def shapes_of(network: Network, drawn: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shape of every value of a network's forward pass. Raises CompileError as `compile_program` does."""
    return {name: symbol.shape for name, symbol in _forward(network, drawn, None).symbols.items()}


def _forward(network: Network, drawn: Mapping[str, Shape], optimizer: Optimizer | None) -> _Compiler:
    """What an iteration draws and starts from, and its forward pass up to the output."""
    compiler = _Compiler(network)
    for name, shape in drawn.items():
        compiler.draw(Symbol(name, shape, _ROWS[name], data=name), draw, (Phase.DRAW, "data"), "data")
    for name, (mask_shape, mask) in network.masks.items():
        symbol = Symbol(name, mask_shape, Role.MASK, mask=mask)
        compiler.draw(symbol, dropout_mask, (Phase.DRAW, words.DROPOUT), "model.forward")
    for name, value in network.inputs.items():
        compiler.begin_with(name, value, Role.INPUT, f"inputs.{name}")
    for name, value in network.parameters.items():
        compiler.begin_with(name, value, Role.PARAMETER, f"parameters.{name}")
    if optimizer:
        _begin_optimizer(compiler, optimizer)
    for name, value in network.carried.items():
        compiler.begin_with(name, value, Role.CARRIED, f"inputs.{name}")
    for node in network.everything:
        is_output = node.name == network.output or (node in network.ending and node.phase is Phase.FORWARD)
        role = Role.LOSS if node.name == network.loss else Role.OUTPUT if is_output else Role.VALUE
        line = Assignment(node.name, node.operation, node.inputs)
        layer = "loss" if node.phase is Phase.LOSS else node.layer
        compiler.write(line, role, (node.phase, layer), node.key, whole=node.line)
    return compiler


_ROWS = {"x": Role.INPUT, "t": Role.TARGET}


def _begin_optimizer(compiler: _Compiler, optimizer: Optimizer) -> None:
    """The hyperparameters, and the state of every parameter that is not frozen: 0 at the start."""
    taken = compiler.network.names
    for each in optimizer.hyperparameters:
        if each.name in taken:
            raise CompileError(f"optimizer.{each.name}", words.NAME_OF_TWO_VALUES.format(name=each.name))
        if each.name in optimizer.settings:
            number = np.asarray(optimizer.settings[each.name], dtype=np.float64)
            compiler.begin_with(each.name, number, Role.HYPERPARAMETER, f"optimizer.{each.name}", sign=each.sign)
    for parameter, value in compiler.network.parameters.items():
        key = optimizer.key or f"parameters.{parameter}"
        for name, state in optimizer.state_of(parameter).items():
            if state in taken:
                text = next((line.text for line in optimizer.update if line.symbol == f"{name}_{{p}}_next"), "")
                raise CompileError(key, _name_taken(text, state))
            compiler.begin_with(state, np.zeros(value.shape), Role.STATE, key, of=parameter)


def _name_taken(text: str, name: str) -> str:
    """That what a line of an update writes is something else already. text: the line, as somebody has written it."""
    return str(ExpressionError(text, 0, words.NAME_OF_TWO_VALUES.format(name=name)))


def _write_backward(compiler: _Compiler, loss: Loss | None) -> None:
    """The reverse of the nodes: each hands its upstream gradient on to its operands."""
    network = compiler.network
    flows = _flows(network)
    received: dict[str, list[str]] = {name: [] for name in flows}
    where = (Phase.BACKWARD, "loss" if loss or network.loss else network.output)
    for line in loss.backward if loss else (SEED,):
        role = _role(compiler, network.goal)
        compiler.write(compiler.filled(line, derived=True), role, where, "loss", of=network.goal)
    for node in reversed(network.everything):
        for gradient in node.operation.gradients:
            operand = node.inputs[gradient.of]
            names = flows.get(operand, {})
            if (node.name, gradient.of) not in names:
                continue
            flow = names[node.name, gradient.of]
            _write_gradient(compiler, node, gradient, flow, shared=len(names) > 1)
            received[operand].append(flow)
            if len(received[operand]) == len(names) > 1:
                line = Assignment(network.derived_name(operand), accumulate(len(names)), tuple(received[operand]))
                role = _role(compiler, operand)
                compiler.write(line, role, (Phase.BACKWARD, node.layer), node.key, of=operand)
    for own in network.own:
        _write_own(compiler, own)


def _role(compiler: _Compiler, value: str) -> Role:
    """That of a derived gradient."""
    return Role.TRUTH if value in compiler.network.of_own_lines else Role.GRADIENT


def _write_own(compiler: _Compiler, own: OwnLine) -> None:
    """A line of somebody's own backward pass."""
    truth = compiler.network.derived_name(own.of) if own.of else ""
    line = Assignment(own.name, own.operation, own.operands)
    role = Role.GRADIENT if truth else Role.CLAIM
    compiler.write(line, role, (Phase.BACKWARD, words.OWN_LINES), own.key, of=own.of, truth=truth, sign=own.name)
    found = compiler.symbols[own.name].shape
    if own.of in compiler.network.parameters and found != compiler.symbols[own.of].shape:
        expected = written(compiler.symbols[own.of].shape)
        problem = words.GRADIENT_OF_OTHER_SHAPE.format(
            name=own.name, found=written(found), of=own.of, expected=expected
        )
        raise CompileError(own.key, problem)


def _flows(network: Network) -> dict[str, dict[tuple[str, int], str]]:
    """Value → for each use of it, (node, operand place), the name of the gradient that flows back from there.

    Only values whose gradient is wanted (parameters, a graph's inputs, what else is asked for, and what is made of
    them), and only uses that the output depends on. Where a value is used once, what flows back is its gradient;
    otherwise the name says by which node it came.
    """
    wanted = network.differentiable
    passing = {network.goal}  # what has a gradient to pass on
    found: list[tuple[str, str, int]] = []
    for node in reversed(network.everything):
        if node.name in passing:
            places = {gradient.of for gradient in node.operation.gradients if node.inputs[gradient.of] in wanted}
            passing |= {node.inputs[place] for place in places}
            found += [(node.inputs[place], node.name, place) for place in sorted(places, reverse=True)]
    uses: dict[str, list[tuple[str, int]]] = {}
    for name, by, operand in reversed(found):
        uses.setdefault(name, []).append((by, operand))
    flows: dict[str, dict[tuple[str, int], str]] = {}
    for name, used in uses.items():
        gradient, users = network.derived_name(name), Counter(user for user, _ in used)
        flows[name] = {
            (user, place): gradient
            if len(used) == 1
            else f"{gradient}_from_{user}" + (f"_{place}" if users[user] > 1 else "")
            for user, place in used
        }
    return flows


def _write_gradient(compiler: _Compiler, node: Node, gradient: Gradient, symbol: str, *, shared: bool) -> None:
    """One step of the backward pass. shared: the operand has other uses, so that this is a contribution."""
    upstream, operand = compiler.network.derived_name(node.name), node.inputs[gradient.of]
    names = {"d": upstream, "out": node.name} | {str(place): name for place, name in enumerate(node.inputs)}
    summed = gradient.summed if compiler.symbols[upstream].shape and not compiler.symbols[operand].shape else None
    operands = tuple(names[name] for name in gradient.operands)
    operation = summed or _summed(compiler, gradient.operation, operands, compiler.symbols[operand].shape)
    line = Assignment(symbol, operation, operands)
    role = Role.CONTRIBUTION if shared else _role(compiler, operand)
    use = gradient.of if node.inputs.count(operand) > 1 else None
    where = (Phase.BACKWARD, node.layer)
    compiler.write(line, role, where, node.key, of=operand, by=node.name, use=use, note=gradient.note)


def _summed(compiler: _Compiler, operation: Operation, operands: tuple[str, ...], to: Shape) -> Operation:
    """The gradient's operation, with a sum where the operand was spread."""
    shape = operation.shape(*(compiler.symbols[name].shape for name in operands))
    return operation if shape == to else summed_back(operation, shape, to)


def _write_updates(compiler: _Compiler, optimizer: Optimizer) -> None:
    """What is computed once an iteration, then the update of each parameter."""
    signs = {each.name: each.sign for each in optimizer.hyperparameters}
    for name in optimizer.counters:
        symbol = Symbol(name, (), Role.COUNTER)
        compiler.draw(symbol, COUNTERS[name], (Phase.UPDATE, words.OPTIMIZER), f"optimizer.{name}")
    for line in optimizer.schedule:
        key = f"optimizer.{line.symbol}"
        compiler.write(line, Role.HYPERPARAMETER, (Phase.UPDATE, words.OPTIMIZER), key, sign=signs[line.symbol])
    for parameter in compiler.network.parameters:
        _write_update(compiler, optimizer, parameter)


def _write_carrying(compiler: _Compiler, line: OwnLine) -> None:
    """What a value is in the next iteration, by a line of one's own."""
    made = Assignment(f"{line.name}_next", line.operation, line.operands)
    compiler.write(made, Role.NEXT, (Phase.UPDATE, line.name), line.key, of=line.name)
    found, expected = (compiler.symbols[name].shape for name in (made.symbol, line.name))
    if found != expected:
        reason = words.CARRIED_OF_OTHER_SHAPE.format(name=line.name, found=written(found), expected=written(expected))
        raise CompileError(line.key, reason)


def _write_update(compiler: _Compiler, optimizer: Optimizer, parameter: str) -> None:
    if compiler.network.gradient_name(parameter) not in compiler.symbols and parameter not in optimizer.frozen:
        raise CompileError(f"parameters.{parameter}", words.NO_GRADIENT.format(goal=compiler.network.goal))
    where, key = (Phase.UPDATE, compiler.network.layer_of(parameter)), optimizer.key or f"parameters.{parameter}"
    state = optimizer.state_of(parameter)
    following = {f"{name}_next": name for name in (parameter, *state.values())}
    shape = compiler.symbols[parameter].shape
    for line in optimizer.assignments(parameter):
        filled = compiler.filled(line, {**state, "p": parameter})
        if filled.symbol in compiler.symbols:
            raise CompileError(key, _name_taken(line.text, filled.symbol))
        of = following.get(filled.symbol)
        role = Role.INTERMEDIATE if of is None else Role.NEXT
        compiler.write(filled, role, where, key, of=of or parameter)
        found = compiler.symbols[filled.symbol].shape
        if role is Role.NEXT and found != shape:
            reason = words.NEXT_OF_OTHER_SHAPE.format(
                name=of, found=written(found), expected=written(shape), parameter=parameter
            )
            raise CompileError(key, str(ExpressionError(line.text, 0, reason)))


def _write_measures(compiler: _Compiler, drawn: Mapping[str, Shape], measure: Measure, loss: Loss | None) -> None:
    """For each set of rows the forward pass with the updated parameters, up to the output, its loss, its accuracy."""
    network = compiler.network
    for name in measure.sets:
        lines = [
            (
                _measured(node, measure.rows[name]),
                Role.MEASURE if node.name == network.loss else Role.VALUE,
            )
            for node in network.everything
            if node.phase is Phase.FORWARD or name in measure.loss
        ]
        if loss and name in measure.loss:
            lines += [(compiler.filled(line), Role.VALUE) for line in loss.forward]
            lines.append((compiler.filled(loss.loss), Role.MEASURE))
        if name in measure.accuracy:
            lines.append((Assignment("accuracy", accuracy, (network.output, "t")), Role.MEASURE))
        measured = {line.symbol for line, role in lines if role is Role.MEASURE}
        needed = _needed([line for line, _ in lines], {network.output, *measured})
        lines = [(line, role) for line, role in lines if line.symbol in needed]
        _write_measure(compiler, name, {} if name == BATCH else drawn, measure.rows[name], lines)


def _whole_lines(network: Network) -> dict[str, Assignment]:
    """The line that each node is one of several operations of, where it is measured as it is written."""
    others = {node.line for node in network.everything if node.measured is not None}
    return {n.name: n.line for n in network.everything if n.line is not None and n.line not in others}


def _needed(lines: Sequence[Assignment], wanted: set[str]) -> set[str]:
    """The symbols that some are made of, themselves among them."""
    for line in reversed(lines):
        if line.symbol in wanted:
            wanted.update(line.operands)
    return wanted


def _measured(node: Node, rows: int) -> Assignment:
    """A node as it is where a set of so many rows is measured."""
    if node.measured is not None:
        return Assignment(node.name, node.measured.operation, node.measured.inputs)
    operation = node.operation if node.for_rows is None else node.for_rows(rows)
    return Assignment(node.name, operation, node.inputs)


def _write_measure(
    compiler: _Compiler, name: str, drawn: Mapping[str, Shape], rows: int, lines: Sequence[tuple[Assignment, Role]]
) -> None:
    """The steps of one set: its rows are taken, unless the iteration has drawn them, and lines follow, renamed."""
    where = (Phase.MEASURE, name)
    updated = {*compiler.network.parameters, *compiler.network.carried}
    called = {s.of: s.name for s in compiler.symbols.values() if s.role is Role.NEXT and s.of in updated}
    for symbol, shape in drawn.items():
        called[symbol] = f"{symbol}_{name}"
        known = Symbol(called[symbol], (rows, *shape[1:]), _ROWS[symbol], data=symbol, rows=name)
        compiler.draw(known, all_rows, where, "measure")

    def renamed(line: Assignment) -> Assignment:
        operands = tuple(called.get(operand, operand) for operand in line.operands)
        return Assignment(f"{line.symbol}_{name}", line.operation, operands)

    of_node, whole = _whole_lines(compiler.network), dict[str, Assignment]()
    for line, role in lines:
        own = of_node.get(line.symbol)
        if own is not None and own.symbol not in whole:
            whole[own.symbol] = renamed(own)
        made = renamed(line)
        called[line.symbol] = made.symbol
        compiler.write(made, role, where, "measure", whole=whole[own.symbol] if own is not None else None)
