"""A program: the ordered assignments of one iteration, and what each symbol is in it.

A program is a value: steps can be replaced and it runs like any other. Every step writes a name of its own,
so that nothing within an iteration is overwritten. What an iteration starts from is `carried`: each parameter,
hyperparameter and fixed input, and the symbol whose value it has in the next iteration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from heapq import heappop, heappush

from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.errors import Problem, closest
from gradstep.engine.program.expression import Expression, Operand
from gradstep.engine.program.operation import Assignment, Operation, ShapeError
from gradstep.engine.words import program as words


class Phase(StrEnum):
    """The part of an iteration that a step belongs to, in their order."""

    DRAW = "draw"
    FORWARD = "forward"
    LOSS = "loss"
    BACKWARD = "backward"
    UPDATE = "update"
    MEASURE = "measure"


BATCH = "batch"  # the rows that an iteration draws, as a set that something is measured on

FORWARD_PASS, BACKWARD_PASS = (Phase.FORWARD, Phase.LOSS), (Phase.BACKWARD, Phase.UPDATE)


class Role(StrEnum):
    """The part that a symbol has in its program."""

    INPUT = "input"
    TARGET = "target"
    PARAMETER = "parameter"
    HYPERPARAMETER = "hyperparameter"
    CARRIED = "carried"  # what a line of one's own gives its value for the next iteration, such as a running mean
    STATE = "state"  # what an optimizer keeps of a parameter
    MASK = "mask"  # of dropout: which units are left out
    COUNTER = "counter"  # the number of the iteration, or of the epoch
    VALUE = "value"
    OUTPUT = "output"
    LOSS = "loss"
    GRADIENT = "gradient"
    CONTRIBUTION = "contribution"  # of one use of a value to its gradient
    TRUTH = "truth"  # the derived gradient of a value whose gradient somebody's own line computes
    CLAIM = "claim"  # what a line of somebody's own backward pass computes that names no value
    INTERMEDIATE = "intermediate"  # made in an update on the way to the next value of a parameter
    NEXT = "next"  # of a parameter or state
    MEASURE = "measure"


GRADIENTS = (Role.GRADIENT, Role.CONTRIBUTION, Role.TRUTH)


class ProgramError(Problem):
    """A step that cannot take the place of another; the message says why."""


@dataclass(frozen=True)
class Measure:
    """The accuracy or the loss on some sets of rows, measured after the update of every `every`-th iteration.

    rows: how many rows each set has: "train", "test", or "batch", the rows of the iteration. accuracy, loss: on which
    of them. offset: in the iterations that `every` divides with this rest, so 0 or less than `every`.
    """

    rows: Mapping[str, int]
    accuracy: tuple[str, ...]
    loss: tuple[str, ...]
    every: int
    offset: int = 0

    @property
    def sets(self) -> tuple[str, ...]:
        """All sets that something is measured on."""
        return tuple(dict.fromkeys((*self.accuracy, *self.loss)))


@dataclass(frozen=True)
class Mask:
    """How a mask of dropout is drawn. rate: the part of it that is 0 on average; place: which of the masks it is."""

    rate: float
    seed: int
    place: int


@dataclass(frozen=True)
class Symbol:
    """The name of one array, and how it is related to others.

    of: what a gradient, contribution, state, intermediate or next value belongs to.
    by: of what flows back, the node that it comes from; "" for the gradient of the output itself.
    use: which operand of that node the value was, where the node has it as several; otherwise None.
    data: of rows of the data, which they are, "x" or "t"; rows: of which set, "train" or "test", if not drawn.
    sign: how it is written in a formula where that is neither its name nor follows from `of`: δ1, η, one's own dW1.
    truth: of a gradient that somebody's own line computes, the symbol of the derived one.
    mask: of a mask, how it is drawn.
    """

    name: str
    shape: Shape
    role: Role
    of: str = ""
    by: str = ""
    use: int | None = None
    data: str = ""
    rows: str = ""
    sign: str = ""
    truth: str = ""
    mask: Mask | None = None

    def derived(self, name: str) -> str:
        """Its name, typed, if what it belongs to had this name: dW, W_next, v_W; "" where its name does not follow."""
        match self.role:
            case Role.GRADIENT:
                return f"d{name}"
            case Role.TRUTH:
                return f"d{name}_true"
            case Role.NEXT:
                return f"{name}_next"
            case Role.STATE | Role.INTERMEDIATE:
                return f"{self.name.removesuffix(self.of)}{name}"
        return ""


@dataclass(frozen=True, eq=False)
class Step:
    """symbol = operation(operands). `note` says what is odd about it, such as a foreign derivative.

    line: of a step that is one of several operations of somebody's line, that line, which they have in common.
    """

    symbol: str
    operation: Operation
    operands: tuple[str, ...]
    phase: Phase
    layer: str
    note: str = ""
    line: Assignment | None = None

    @cached_property
    def read(self) -> tuple[str, ...]:
        """The operands whose numbers it reads. One that only lends its shape does not stand in the formula."""
        formula = self.operation.formula
        return tuple(dict.fromkeys(name for place, name in enumerate(self.operands) if f"{{{place}}}" in formula))


@dataclass(frozen=True, eq=False)
class Program:
    """The ordered steps of one iteration.

    carried: state symbol → the symbol that becomes its value in the next iteration (itself when it never changes).
    start: the state of the first iteration. loss: the symbol of the loss, or of the output where there is no loss.
    measure_every: the steps of the measure phase, which come last, run only in iterations that this divides, with a
    rest of measure_offset.
    """

    symbols: Mapping[str, Symbol]
    steps: tuple[Step, ...]
    carried: Mapping[str, str]
    start: Mapping[str, Array]
    loss: str
    measure_every: int = 0
    measure_offset: int = 0

    @property
    def has_loss(self) -> bool:
        """Whether what is differentiated is a loss, not the output."""
        return self.symbols[self.loss].role is Role.LOSS

    @cached_property
    def own_lines(self) -> tuple[Step, ...]:
        """The steps that are lines of somebody's own backward pass."""
        known = self.symbols
        return tuple(step for step in self.steps if known[step.symbol].truth or known[step.symbol].role is Role.CLAIM)

    @cached_property
    def measures(self) -> int:
        """How many steps the measure phase has."""
        return sum(step.phase is Phase.MEASURE for step in self.steps)

    @property
    def measured_symbols(self) -> tuple[str, ...]:
        """The accuracies and losses that the measure phase makes, each a scalar."""
        return tuple(symbol.name for symbol in self.symbols.values() if symbol.role is Role.MEASURE)

    def measured(self, iteration: int) -> bool:
        """Whether this iteration has a measure phase."""
        return bool(self.measures) and iteration % self.measure_every == self.measure_offset

    @property
    def first_measured(self) -> int:
        """The first iteration with a measure phase; 1 where there is none."""
        return self.measure_offset or self.measure_every or 1

    def last_measured(self, iteration: int) -> int:
        """The last iteration with a measure phase up to this one; 0 for none."""
        return max(0, iteration - (iteration - self.measure_offset) % self.measure_every)

    def measurements(self, iteration: int) -> int:
        """How many iterations up to this one have a measure phase."""
        return (iteration - self.measure_offset) // self.measure_every + (self.measure_offset > 0)

    def is_share(self, symbol: str) -> bool:
        """Whether a symbol is a share, from 0 to 1."""
        place = self.writers.get(symbol)
        return place is not None and self.steps[place].operation.share

    def length(self, iteration: int) -> int:
        """How many steps an iteration has."""
        return len(self.steps) - (0 if self.measured(iteration) else self.measures)

    @cached_property
    def inner(self) -> frozenset[str]:
        """The symbols that lines of several operations have within them, and what flows back to or by way of these."""
        within = {step.symbol for step in self.steps if step.line is not None and step.symbol != step.line.symbol}
        known = self.symbols.values()
        return frozenset(within | {s.name for s in known if s.role in GRADIENTS and within & {s.of, s.by}})

    @cached_property
    def writers(self) -> Mapping[str, int]:
        """symbol → the place of the step that writes it, from 0."""
        return {step.symbol: place for place, step in enumerate(self.steps)}

    @cached_property
    def kept(self) -> frozenset[str]:
        """The next values that are the values themselves: those of frozen parameters."""
        copies = {step.symbol: step.operands for step in self.steps if step.operation.copies}
        return frozenset(becomes for name, becomes in self.carried.items() if copies.get(becomes) == (name,))

    def users(self, symbol: str, iteration: int | None = None) -> tuple[Step, ...]:
        """The steps that read this symbol: all of them, or those that an iteration has."""
        steps = self.steps if iteration is None else self.steps[: self.length(iteration)]
        return tuple(step for step in steps if symbol in step.operands)

    def leading_to(self, symbol: str, phases: Sequence[Phase]) -> list[Step]:
        """The steps of some phases that a symbol is made by, its own included, in order."""
        return needed_for({symbol}, [step for step in self.steps if step.phase in phases])

    def with_step(self, step: Step, shown: Callable[[str], str] = str) -> Program:
        """The same program with another assignment to one of its symbols, in the phase and layer of the one before.

        Steps keep their order but for those that must wait for what they read now. Raises ProgramError where the step
        does not fit: by its symbols, its shape, or in any order. shown: how it names symbols there.
        """
        if step.symbol not in self.writers:
            hint = closest(step.symbol, self.writers)
            raise ProgramError(words.WRITTEN_BY_NO_STEP.format(symbol=step.symbol, hint=hint))
        place = self.writers[step.symbol]
        before, symbol = self.steps[place], self.symbols[step.symbol]
        measured = {each.symbol for each in self.steps if each.phase is Phase.MEASURE}
        for name in step.operands:
            if name not in self.symbols:
                hint = closest(name, self.symbols)
                raise ProgramError(words.NOT_A_SYMBOL.format(symbol=shown(symbol.name), operand=name, hint=hint))
            if name in measured and symbol.name not in measured:
                problem = words.READS_A_MEASUREMENT.format(symbol=shown(symbol.name), operand=shown(name))
                raise ProgramError(problem)
        try:
            shape = step.operation.shape(*(self.symbols[name].shape for name in step.operands))
        except ShapeError as error:
            raise ProgramError(f"{shown(symbol.name)}: {error}") from None
        if shape != symbol.shape:
            found, expected = written(shape), written(symbol.shape)
            raise ProgramError(words.OTHER_SHAPE.format(symbol=shown(symbol.name), found=found, expected=expected))
        step = replace(step, phase=before.phase, layer=before.layer)
        steps = {each.symbol: each for each in (*self.steps[:place], step, *self.steps[place + 1 :])}
        if before.line is not None:  # which is no longer what runs
            of_line = {each.symbol for each in self.steps if each.line is before.line}
            steps = {name: replace(each, line=None) if name in of_line else each for name, each in steps.items()}
        try:
            ordered = in_order({name: each.operands for name, each in steps.items()})
        except CircleError as error:
            raise ProgramError(words.CIRCLE.format(circle=words.READS.join(map(shown, error.circle)))) from None
        return replace(self, steps=tuple(steps[name] for name in ordered))

    def by_row(self, symbol: str) -> bool:
        """Whether the rows of a symbol are those of the batch."""
        known = self.symbols[symbol]
        of = self.symbols.get(known.of, known)
        return len(known.shape) == 2 and of.role in (Role.INPUT, Role.TARGET, Role.VALUE, Role.OUTPUT)

    def not_derivatives(self, symbol: str) -> tuple[Step, ...]:
        """The steps that a gradient, or an update by it, is made by and that are no derivatives, as their notes say."""
        return tuple(step for step in self.leading_to(symbol, BACKWARD_PASS) if step.note)

    def operands(self, step: Step) -> tuple[Operand, ...]:
        """The operands of a step with their shapes, as `Operation.element` takes them."""
        return tuple(Operand(name, self.symbols[name].shape) for name in step.operands)

    def element(self, symbol: str, index: Index) -> Expression | None:
        """How one element of a symbol is made of others; None for data and for what an iteration starts from."""
        place = self.writers.get(symbol)
        if place is None or not self.steps[place].operands:
            return None
        step = self.steps[place]
        return step.operation.element(index, *self.operands(step))

    def gradient_of(self, symbol: str) -> str | None:
        """The symbol of its gradient, where the program computes one."""
        return self._gradients.get(symbol)

    @cached_property
    def _gradients(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for each in self.symbols.values():
            if each.role is Role.GRADIENT:
                found.setdefault(each.of, each.name)
        return found

    def flow(self, value: str, user: str, use: int) -> str:
        """The symbol of what flows back to a value from a node that has it as this operand; "" where nothing does.

        user: "" for what the backward pass begins with, the gradient of the output.
        """
        flows = (s for s in self.symbols.values() if s.of == value and s.by == user and s.role in GRADIENTS)
        return next((s.name for s in flows if s.use in (None, use)), "")


def needed_for(symbols: Iterable[str], steps: Sequence[Step]) -> list[Step]:
    """Those of the steps that symbols are made by, in order."""
    needed, found = {*symbols}, list[Step]()
    for step in reversed(steps):
        if step.symbol in needed:
            found.append(step)
            needed.update(step.operands)
    return found[::-1]


class CircleError(ValueError):
    """Values of which none can be made first. circle: each is made of the next, the last being the first again."""

    def __init__(self, circle: list[str]) -> None:
        super().__init__(circle)
        self.circle = circle


def in_order(operands: Mapping[str, Sequence[str]]) -> list[str]:
    """The keys, each as soon after its place as all of its operands that are keys have come. Raises CircleError."""
    keys = list(operands)
    waits, users = dict[str, int](), {name: list[int]() for name in keys}
    for place, name in enumerate(keys):
        read = {operand for operand in operands[name] if operand in users}
        waits[name] = len(read)
        for operand in read:
            users[operand].append(place)
    ready = [place for place, name in enumerate(keys) if not waits[name]]  # a heap: the first of them comes next
    ordered: list[str] = []
    while ready:
        name = keys[heappop(ready)]
        ordered.append(name)
        for place in users[name]:
            waits[keys[place]] -= 1
            if not waits[keys[place]]:
                heappush(ready, place)
    if len(ordered) < len(keys):
        raise CircleError(_circle(operands, {name for name in keys if waits[name]}))
    return ordered


def _circle(operands: Mapping[str, Sequence[str]], waiting: Set[str]) -> list[str]:
    """A circle among values each of which waits for another of them."""
    path = {next(name for name in operands if name in waiting): 0}
    while True:
        name = next(reversed(path))
        following = next(operand for operand in operands[name] if operand in waiting)
        if following in path:
            return [*list(path)[path[following] :], following]
        path[following] = len(path)
