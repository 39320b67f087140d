"""Runs one iteration step by step, keeping every value and what was set by hand in it.

NaN and infinities are values like any other here. Running at full speed is the business of `run`, which makes the
same calls in the same order on arrays of the same layout, so that the bits agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array, frozen
from gradstep.engine.data.batches import Edit
from gradstep.engine.machine.layout import State
from gradstep.engine.machine.run import Machine, run_steps


class Frame:
    """One iteration, computed as far as it was asked for, with the edits that were made in it.

    An edit never writes into an array: the symbol gets another one, and what it was before the edit is still known.
    """

    def __init__(self, machine: Machine, iteration: int, state: State, edits: Sequence[Edit] = ()) -> None:
        self.machine = machine
        self.iteration = iteration
        self.computed = 0
        self._values: dict[str, Array] = dict(state)
        self._edits = sorted(edits, key=lambda edit: edit.step)
        self._before: dict[str, list[tuple[int, Array]]] = {}  # symbol → until which step it was what
        self._apply_edits()

    def compute(self, steps: int) -> None:
        """Make sure that the first `steps` steps have run."""
        program = self.machine.program
        with np.errstate(all="ignore"):
            for step in program.steps[self.computed : steps]:
                run_steps((step,), self._values, self._drawn)
                frozen(self._values[step.symbol])
                self.computed += 1
                if self._edits:
                    self._apply_edits()

    def at(self, steps: int) -> dict[str, Array]:
        """Every value there is once `steps` steps have run, in the order of the program."""
        self.compute(steps)
        program = self.machine.program
        return {
            name: self.value(name, steps)
            for name in program.symbols
            if program.writers.get(name, -1) < steps and name in self._values
        }

    def view(self, steps: int) -> Mapping[str, Array]:
        """The same, each looked up when it is asked for: for who asks for a few values after each of many steps."""
        return _View(self, steps)

    def value(self, symbol: str, steps: int) -> Array:
        """One of those values; KeyError where there is none yet."""
        self.compute(steps)
        if self.machine.program.writers.get(symbol, -1) >= steps:
            raise KeyError(symbol)
        before = (array for until, array in self._before.get(symbol, ()) if steps < until)
        return next(before, self._values[symbol])

    def replaced(self, steps: int) -> dict[str, list[tuple[int, Array]]]:
        """Symbol → its arrays before edits of the first `steps` steps, each with how many steps had run until then."""
        self.compute(steps)
        found = {name: [(until, array) for until, array in old if until <= steps] for name, old in self._before.items()}
        return {name: old for name, old in found.items() if old}

    def made(self, symbol: str) -> Array:
        """A computed symbol as its step made it: before any edit."""
        before = self._before.get(symbol)
        return before[0][1] if before else self._values[symbol]

    def end_state(self) -> State:
        """The state that the next iteration starts from."""
        self.compute(self.machine.program.length(self.iteration))
        return {name: self._values[becomes] for name, becomes in self.machine.program.carried.items()}

    def _drawn(self, symbol: str) -> Array:
        return self.machine.drawn(symbol, self.iteration, self.computed)

    def _apply_edits(self) -> None:
        while self._edits and self._edits[0].step <= self.computed:
            edit = self._edits.pop(0)
            before = self._values[edit.symbol]
            self._before.setdefault(edit.symbol, []).append((edit.step, before))
            after = before.copy()
            for index in self.machine.batches.places(edit):
                after[index] = edit.value
            self._values[edit.symbol] = frozen(after)


@dataclass(frozen=True, eq=False)
class _View(Mapping[str, Array]):
    frame: Frame
    steps: int

    def __getitem__(self, symbol: str) -> Array:
        return self.frame.value(symbol, self.steps)

    def __iter__(self) -> Iterator[str]:
        return iter(self.frame.at(self.steps))

    def __len__(self) -> int:
        return len(self.frame.at(self.steps))
