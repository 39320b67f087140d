"""A network, a loss and an optimizer compiled to the ordered assignments of one iteration.

A program is a value: steps can be replaced and it runs like any other. Every step writes a name of its own,
so that nothing within an iteration is overwritten. What an iteration starts from is `carried`: each parameter,
hyperparameter and fixed input, and the symbol whose value it has in the next iteration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.errors import Problem, closest
from gradstep.engine.program.expression import Expression, Operand
from gradstep.engine.program.operation import Operation, ShapeError
from gradstep.engine.words import program as words

PHASES = ("draw", "forward", "loss", "backward", "update", "measure")
FORWARD_PASS, BACKWARD_PASS, UPDATE = ("forward", "loss"), ("backward", "update"), ("update",)


class ProgramError(Problem):
    """A step that cannot take the place of another; the message says why."""


@dataclass(frozen=True)
class Measure:
    """The accuracy on some sets of rows, measured after every `every`-th update. sets: name → how many rows."""

    sets: Mapping[str, int]
    every: int


@dataclass(frozen=True)
class Symbol:
    """The name of one array. `of` is what a gradient or an updated value belongs to.

    use: of a contribution, which operand of its step the value was, where that step has it as several; otherwise None.
    """

    name: str
    shape: Shape
    role: str  # input target parameter hyperparameter value output loss gradient contribution next measure
    of: str = ""
    use: int | None = None


@dataclass(frozen=True, eq=False)
class Step:
    """symbol = operation(operands). `note` says what is odd about it, such as a foreign derivative."""

    symbol: str
    operation: Operation
    operands: tuple[str, ...]
    phase: str
    layer: str
    note: str = ""

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
    measure_every: the steps of the measure phase, which come last, run only in iterations that this divides.
    """

    symbols: Mapping[str, Symbol]
    steps: tuple[Step, ...]
    carried: Mapping[str, str]
    start: Mapping[str, Array]
    loss: str
    measure_every: int = 0

    @cached_property
    def measures(self) -> int:
        """How many steps the measure phase has."""
        return sum(step.phase == "measure" for step in self.steps)

    @property
    def measured_symbols(self) -> tuple[str, ...]:
        """What the measure phase is for, each a scalar: the accuracies."""
        return tuple(symbol.name for symbol in self.symbols.values() if symbol.role == "measure")

    def measured(self, iteration: int) -> bool:
        """Whether this iteration has a measure phase."""
        return bool(self.measures) and iteration % self.measure_every == 0

    def length(self, iteration: int) -> int:
        """How many steps an iteration has."""
        return len(self.steps) - (0 if self.measured(iteration) else self.measures)

    @cached_property
    def writers(self) -> Mapping[str, int]:
        """symbol → the place of the step that writes it, from 0."""
        return {step.symbol: place for place, step in enumerate(self.steps)}

    def users(self, symbol: str, iteration: int | None = None) -> tuple[Step, ...]:
        """The steps that read this symbol: all of them, or those that an iteration has."""
        steps = self.steps if iteration is None else self.steps[: self.length(iteration)]
        return tuple(step for step in steps if symbol in step.operands)

    def leading_to(self, symbol: str, phases: Sequence[str]) -> list[Step]:
        """The steps of some phases that a symbol is made by, its own included, in order."""
        return needed_for({symbol}, [step for step in self.steps if step.phase in phases])

    def with_step(self, step: Step) -> Program:
        """The same program with another assignment to one of its symbols, in the phase and layer of the one before.

        Steps keep their order but for those that must wait for what they read now. Raises ProgramError where the step
        does not fit: by its symbols, its shape, or in any order.
        """
        if step.symbol not in self.writers:
            hint = closest(step.symbol, self.writers)
            raise ProgramError(words.WRITTEN_BY_NO_STEP.format(symbol=step.symbol, hint=hint))
        place = self.writers[step.symbol]
        before, symbol = self.steps[place], self.symbols[step.symbol]
        measured = {each.symbol for each in self.steps if each.phase == "measure"}
        for name in step.operands:
            if name not in self.symbols:
                hint = closest(name, self.symbols)
                raise ProgramError(words.NOT_A_SYMBOL.format(symbol=symbol.name, operand=name, hint=hint))
            if name in measured and symbol.name not in measured:
                raise ProgramError(words.READS_A_MEASUREMENT.format(symbol=symbol.name, operand=name))
        try:
            shape = step.operation.shape(*(self.symbols[name].shape for name in step.operands))
        except ShapeError as error:
            raise ProgramError(f"{symbol.name}: {error}") from None
        if shape != symbol.shape:
            found, expected = written(shape), written(symbol.shape)
            raise ProgramError(words.OTHER_SHAPE.format(symbol=symbol.name, found=found, expected=expected))
        step = replace(step, phase=before.phase, layer=before.layer)
        return replace(self, steps=_in_order((*self.steps[:place], step, *self.steps[place + 1 :])))

    def by_row(self, symbol: str) -> bool:
        """Whether the rows of a symbol are those of the batch."""
        known = self.symbols[symbol]
        of = self.symbols.get(known.of, known)
        return len(known.shape) == 2 and of.role in ("input", "target", "value", "output")

    def not_derivatives(self, symbol: str) -> tuple[Step, ...]:
        """The steps that keep a gradient, or an update by it, from being what it is called: none is a derivative.

        Those are the steps with a note among the ones that it is made by, its own included, in order.
        """
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
        return next((s.name for s in self.symbols.values() if s.role == "gradient" and s.of == symbol), None)


def needed_for(symbols: Iterable[str], steps: Sequence[Step]) -> list[Step]:
    """Those of the steps that symbols are made by, in order."""
    needed, found = {*symbols}, list[Step]()
    for step in reversed(steps):
        if step.symbol in needed:
            found.append(step)
            needed.update(step.operands)
    return found[::-1]


def _in_order(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps, each as soon after its place as all that it reads is written. Raises ProgramError for a circle."""
    waiting, ordered = {step.symbol: step for step in steps}, list[Step]()
    while waiting:
        ready = next((step for step in waiting.values() if waiting.keys().isdisjoint(step.operands)), None)
        if ready is None:
            raise ProgramError(words.CIRCLE.format(circle=words.READS.join(_circle(waiting))))
        ordered.append(waiting.pop(ready.symbol))
    return tuple(ordered)


def _circle(waiting: Mapping[str, Step]) -> list[str]:
    """Symbols each of which is made of the next, the last being the first again, among steps that wait for others."""
    path = [next(iter(waiting))]
    while path[-1] not in path[:-1]:
        path.append(next(name for name in waiting[path[-1]].operands if name in waiting))
    return path[path.index(path[-1]) :]
