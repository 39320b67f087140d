"""Runs the steps of a program: once, each making an array of its own, or at full speed, keeping only where it arrives.

At full speed the steps' calls are bound to buffers beforehand. They are those that a frame makes step by step, in the
same order on arrays of the same layout, so that the bits agree. NaN and infinities are values like any other here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence

import numpy as np

from gradstep.engine.arrays import Array, frozen
from gradstep.engine.data.batches import Batches, Edit
from gradstep.engine.machine.layout import BlockLayout, State
from gradstep.engine.program.formulas import sharing_buffers
from gradstep.engine.program.operation import Calls
from gradstep.engine.program.program import Phase, Program, Role, Step, needed_for


def compute(step: Step, values: Mapping[str, Array]) -> Array:
    """The result of a step, from its operands. Raises ShapeError where they do not fit."""
    operands = [values[name] for name in step.operands]
    out: Array = np.empty(step.operation.shape(*(operand.shape for operand in operands)))
    step.operation.fill(out, *operands)
    return out


def run_steps(steps: Iterable[Step], values: MutableMapping[str, Array], draw: Callable[[str], Array]) -> None:
    """Write what each step makes into `values`, in order; what has no operands is drawn."""
    for step in steps:
        values[step.symbol] = compute(step, values) if step.operands else draw(step.symbol)


def bound(step: Step, buffers: Mapping[str, Array]) -> Calls:
    """The calls that fill the step's buffer from those of its operands, whenever they are made."""
    return step.operation.kernel(buffers[step.symbol], *(buffers[name] for name in step.operands))


class Machine:
    """A program and the batches that it draws."""

    def __init__(self, program: Program, batches: Batches) -> None:
        self.program = program
        self.batches = batches
        self.state_layout = BlockLayout({name: program.symbols[name].shape for name in program.carried})

    def edited(self, edit: Edit) -> Machine:
        """As after an edit: the same, but for a number of the data."""
        batches = self.batches.edited(edit)
        return self if batches is self.batches else Machine(self.program, batches)

    def drawn(self, symbol: str, iteration: int, step: int = 0) -> Array:
        """The rows that a symbol is drawn in an iteration, see `Batches.drawn`."""
        return self.batches.drawn(self.program.symbols[symbol], iteration, step)

    def pack(self, state: State) -> Array:
        """A state as one read-only array."""
        return frozen(self.state_layout.block(state))

    def unpack(self, packed: Array) -> State:
        """The state that such an array holds."""
        return self.state_layout.views(packed)

    def run(self, wanted: Iterable[str] | None = ()) -> Run:
        """A run at full speed. wanted: symbols to be computed apart from the loss and what is carried on; None: all."""
        return Run(self, None if wanted is None else frozenset(wanted))


class Run:
    """Iterations at full speed, in buffers made once.

    Each kernel's calls are bound to their buffers beforehand, twice: of two iterations in turn, the one writes its
    updated parameters where the other reads them. Steps that neither the loss nor the next iteration nor what is
    `wanted` needs are left out; one that only hands an array on shares its buffer. `iteration` is the next to run,
    `values` are those of the last one that ran.
    """

    def __init__(self, machine: Machine, wanted: frozenset[str] | None) -> None:
        program = machine.program
        self.machine = machine
        self.iteration = 1
        body = [step for step in program.steps if step.phase is not Phase.MEASURE]
        self._measuring = program.steps[len(body) :]
        measured = frozenset(name for step in self._measuring for name in step.operands)
        self._steps = _needed(program, body, None if wanted is None else wanted | measured)
        shapes = {f"here:{name}": shape for name, shape in machine.state_layout.shapes.items()}
        drawn = [step.symbol for step in self._steps if not step.operands]
        updated = {name: becomes for name, becomes in program.carried.items() if becomes != name}
        next_symbols = set(updated.values())
        shared = [step for step in self._steps if step.symbol not in next_symbols and not step.operation.copies]
        shapes |= {name: program.symbols[name].shape for name in (*drawn, *(step.symbol for step in shared))}
        layout = BlockLayout(shapes)
        self._size = machine.state_layout.size
        both = BlockLayout({"there": (self._size,), **layout.shapes})
        self.arena = both.block()
        buffers = both.views(self.arena)
        here = {name: buffers[f"here:{name}"] for name in program.carried}
        there = machine.state_layout.views(buffers["there"])
        begin = both.places[next(iter(shapes))][0] if here else 0
        self._blocks = self.arena[begin : begin + self._size], buffers["there"]
        self._turns = tuple(self._values(buffers, *pair, updated) for pair in ((here, there), (there, here)))
        with sharing_buffers():
            self._calls = tuple(self._bound(values) for values in self._turns)
        self._turn = 0
        self._losses = tuple(values[program.loss] for values in self._turns)
        self._drawn = {name: buffers[name] for name in drawn}
        always = {name for name in drawn if program.symbols[name].role in (Role.COUNTER, Role.MASK)}
        self._redrawn = {name: self._drawn[name] for name in drawn if machine.batches.vary or name in always}
        self._extra: Mapping[str, Array] = {}
        self.measured: list[tuple[int, str, float]] = []

    def _values(
        self, buffers: Mapping[str, Array], here: State, there: State, updated: Mapping[str, str]
    ) -> dict[str, Array]:
        """Symbol → its buffer, in an iteration that reads its state `here` and writes the next `there`."""
        values = dict(here)
        place = {becomes: there[name] for name, becomes in updated.items()}
        for step in self._steps:
            name = step.symbol
            if step.operation.copies and step.operands and name not in place:
                values[name] = values[step.operands[0]]
            else:
                values[name] = place[name] if name in place else buffers[name]
        return values

    def _bound(self, values: Mapping[str, Array]) -> list[Callable[[], object]]:
        return [
            call
            for step in self._steps
            if step.operands and values[step.symbol] is not values[step.operands[0]]
            for call in bound(step, values)
        ]

    def start(self, packed: Array, iteration: int) -> None:
        """Begin anew, at the beginning of an iteration with its packed state."""
        for block in self._blocks:
            np.copyto(block, packed)
        self.iteration, self._turn = iteration, 0
        for symbol, buffer in self._drawn.items():
            if symbol not in self._redrawn:
                np.copyto(buffer, self.machine.drawn(symbol, iteration))

    def advance(self, count: int, measure: Callable[[int], bool] | None = None) -> list[float]:
        """Run `count` iterations and give the loss of each (NaN where that is no scalar).

        measure: asked of each iteration that has a measure phase whether that is to run; `measured` holds the results.
        """
        losses: list[float] = []
        read = tuple(loss.item if loss.shape == () else lambda: np.nan for loss in self._losses)
        symbols, draw, turns = self.machine.program.symbols, self.machine.batches.drawn, self._calls
        redrawn = tuple((symbols[name], buffer) for name, buffer in self._redrawn.items())
        due = self.machine.program.measured if self._measuring and measure else None
        self.measured = []
        iteration, turn = self.iteration, self._turn
        with np.errstate(all="ignore"):
            for _ in range(count):
                for symbol, buffer in redrawn:
                    draw(symbol, iteration, out=buffer)
                for call in turns[turn]:
                    call()
                if due is not None and due(iteration) and measure and measure(iteration):
                    self._extra = self._measures(self._turns[turn], iteration)
                    accuracies = self.machine.program.measured_symbols
                    self.measured += [(iteration, name, float(self._extra[name])) for name in accuracies]
                elif self._extra:
                    self._extra = {}
                losses.append(read[turn]())
                turn = 1 - turn
                iteration += 1
        self.iteration, self._turn = iteration, turn
        return losses

    def _measures(self, values: Mapping[str, Array], iteration: int) -> Mapping[str, Array]:
        """The values of the measure phase at the end of an iteration with these values."""
        known = dict(values)
        run_steps(self._measuring, known, lambda symbol: self.machine.drawn(symbol, iteration))
        return {step.symbol: known[step.symbol] for step in self._measuring}

    @property
    def values(self) -> Mapping[str, Array]:
        """The values of the last iteration that ran, in buffers that the next but one writes to."""
        values = self._turns[1 - self._turn]
        return {**values, **self._extra} if self._extra else values

    def packed(self) -> Array:
        """A copy of the state that the next iteration starts from."""
        block = self.machine.state_layout.block()
        np.copyto(block, self._blocks[self._turn])
        return frozen(block)


def _needed(program: Program, steps: Sequence[Step], wanted: frozenset[str] | None) -> list[Step]:
    """The steps that the loss, the next iteration and what is wanted depend on; None wants all."""
    if wanted is None:
        return list(steps)
    needed = {program.loss, *wanted, *(becomes for becomes in program.carried.values() if becomes not in program.kept)}
    if any(becomes in program.kept and becomes in wanted for becomes in program.carried.values()):
        needed |= program.kept
    return needed_for(needed, steps)
