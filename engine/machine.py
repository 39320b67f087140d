"""Runs a program: step by step, keeping every value, or at full speed, keeping only where it arrives.

Both run the same kernels in the same order on arrays of the same layout, so that the bits agree. A state is what
an iteration starts from: read-only arrays by name. NaN and infinities are values like any other here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from engine.datasets import Dataset, Draw
from engine.operation import Array
from engine.program import Program, Step

State = Mapping[str, Array]


def frozen(array: Array) -> Array:
    """The array, no longer writable: somebody may be looking at it."""
    array.flags.writeable = False
    return array


class Frame:
    """One iteration, computed as far as it was asked for. `values` holds what is known so far."""

    def __init__(self, machine: Machine, iteration: int, state: State) -> None:
        self.machine = machine
        self.iteration = iteration
        self.state = state
        self.values: dict[str, Array] = dict(state)
        self.computed = 0

    def compute(self, steps: int) -> None:
        """Make sure that the first `steps` steps have run."""
        program = self.machine.program
        with np.errstate(all="ignore"):
            for step in program.steps[self.computed : steps]:
                self.values[step.symbol] = frozen(self._run(step))
                self.computed += 1

    def _run(self, step: Step) -> Array:
        if step.phase == "draw":
            return self.machine.drawn(step.symbol, self.iteration)
        out = np.empty(self.machine.program.symbols[step.symbol].shape)
        step.operation.kernel(out, *(self.values[name] for name in step.operands))
        return out

    def end_state(self) -> State:
        """What the next iteration starts from."""
        self.compute(len(self.machine.program.steps))
        return {name: self.values[becomes] for name, becomes in self.machine.program.carried.items()}


class Machine:
    """A program and the data that it draws from."""

    def __init__(self, program: Program, dataset: Dataset | None, draw: Draw | None) -> None:
        self.program = program
        self.draw = draw
        self._data = {"x": dataset.x, "t": dataset.t} if dataset else {}

    def start_state(self) -> State:
        """What the first iteration starts from."""
        return self.program.start

    def drawn(self, symbol: str, iteration: int) -> Array:
        """The rows of x or t that an iteration sees."""
        data = self._data[symbol]
        rows = self.draw.rows(iteration) if self.draw else None
        return data.view() if rows is None else data.take(rows, axis=0)

    def run(self, state: State, first: int) -> Run:
        """A run at full speed from the beginning of iteration `first`, which starts from `state`."""
        return Run(self, state, first)


class Run:
    """Iterations at full speed, in buffers made once.

    Each step's kernel is bound to its buffers beforehand, twice: of two iterations in turn, the one writes its
    updated parameters where the other reads them. `iteration` is the next one to run, `loss` the last one's.
    """

    def __init__(self, machine: Machine, state: State, first: int) -> None:
        program, draw = machine.program, machine.draw
        self.machine = machine
        self.iteration = first
        here = {name: array.copy() for name, array in state.items()}
        updated = {name: becomes for name, becomes in program.carried.items() if becomes != name}
        there = {name: np.empty_like(array) if name in updated else array for name, array in here.items()}
        own = {*here, *updated.values()}
        shared = {name: np.empty(symbol.shape) for name, symbol in program.symbols.items() if name not in own}
        self._turns = (
            shared | here | {becomes: there[name] for name, becomes in updated.items()},
            shared | there | {becomes: here[name] for name, becomes in updated.items()},
        )
        self._bound = tuple(_bound(program, values) for values in self._turns)
        self._turn = 0
        self.loss = shared[program.loss]
        self._redrawn = {step.symbol: shared[step.symbol] for step in program.steps if step.phase == "draw"}
        if draw is None or draw.kind == "all":
            for symbol, buffer in self._redrawn.items():
                np.copyto(buffer, machine.drawn(symbol, 1))
            self._redrawn = {}

    def advance(self, count: int, record: Callable[[int, float], None]) -> None:
        """Run `count` iterations; `record` is told each one's number and loss (NaN where that is no scalar)."""
        scalar = self.loss.shape == ()
        with np.errstate(all="ignore"):
            for _ in range(count):
                for symbol, buffer in self._redrawn.items():
                    np.copyto(buffer, self.machine.drawn(symbol, self.iteration))
                for kernel in self._bound[self._turn]:
                    kernel()
                self._turn = 1 - self._turn
                record(self.iteration, float(self.loss) if scalar else np.nan)
                self.iteration += 1

    def state(self) -> State:
        """A copy of what the next iteration starts from."""
        values = self._turns[self._turn]
        return {name: frozen(values[name].copy()) for name in self.machine.program.carried}


def _bound(program: Program, values: Mapping[str, Array]) -> list[Callable[[], None]]:
    return [
        partial(step.operation.kernel, values[step.symbol], *(values[name] for name in step.operands))
        for step in program.steps
        if step.phase != "draw"
    ]
