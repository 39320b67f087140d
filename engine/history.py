"""What a timeline remembers: states at some iteration boundaries within a byte budget, and every loss seen.

Checkpoints stand at multiples of a stride; when they outgrow their share of the budget every other one is dropped
and the stride doubles. Apart from them the states of the neighbourhood last visited are kept one by one, so that
walking back costs no more than walking on. What lies between is recomputed, bit for bit.
"""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from engine.machine import State
from engine.operation import Array

FIRST_STRIDE = 32
NEIGHBOURHOOD = 64


class History:
    """The states that iterations start from, by iteration."""

    def __init__(self, start: State, budget: int) -> None:
        self.budget = budget
        self.state_bytes = max(1, sum(array.nbytes for array in start.values()))
        self.stride = FIRST_STRIDE
        self._start = start
        self._checkpoints: dict[int, State] = {}
        self._recent: OrderedDict[int, State] = OrderedDict()

    @property
    def neighbourhood(self) -> int:
        """How many states next to a place are kept: at most a quarter of the budget."""
        return min(NEIGHBOURHOOD, self.budget // 4 // self.state_bytes)

    @property
    def bytes(self) -> int:
        """What the kept states take."""
        return (len(self._checkpoints) + len(self._recent)) * self.state_bytes

    def keep(self, iteration: int, state: State, *, near: bool) -> None:
        """Remember the state that `iteration` starts from, as a checkpoint if it is one, and if `near` in any case.

        The first iteration's is known anyway.
        """
        if iteration == 1:
            return
        if (iteration - 1) % self.stride == 0:
            self._checkpoints[iteration] = state
            while len(self._checkpoints) * self.state_bytes > self.budget // 2:
                self._thin()
        if near and self.neighbourhood:
            self._recent[iteration] = state
            self._recent.move_to_end(iteration)
            while len(self._recent) > 2 * self.neighbourhood:
                self._recent.popitem(last=False)

    def _thin(self) -> None:
        self.stride *= 2
        self._checkpoints = {
            iteration: state for iteration, state in self._checkpoints.items() if (iteration - 1) % self.stride == 0
        }

    def next_checkpoint(self, iteration: int) -> int:
        """The first iteration after this one whose state would be a checkpoint."""
        return iteration + self.stride - (iteration - 1) % self.stride

    def nearest(self, iteration: int) -> tuple[int, State]:
        """The latest known state at or before an iteration."""
        known = self._recent.get(iteration) or self._checkpoints.get(iteration)
        if known is not None:
            return iteration, known
        # Checkpoints lie a stride apart, so the last one is found without looking at all of them.
        at = max((place for place in self._recent if place <= iteration), default=1)
        place = iteration - (iteration - 1) % self.stride
        while place > at and place not in self._checkpoints:
            place -= self.stride
        at = max(at, place)
        return at, self._recent.get(at) or self._checkpoints.get(at) or self._start


class Losses:
    """The loss of every iteration that has run, in whichever order they ran."""

    def __init__(self) -> None:
        self._values: Array = np.full(1024, np.nan)
        self._known = np.zeros(1024, dtype=bool)
        self._last = 0

    def record(self, iteration: int, loss: float) -> None:
        """The loss of an iteration, from 1."""
        if iteration > len(self._values):
            more = len(self._values)
            self._values = np.concatenate([self._values, np.full(more, np.nan)])
            self._known = np.concatenate([self._known, np.zeros(more, dtype=bool)])
            self.record(iteration, loss)
            return
        self._values[iteration - 1] = loss
        self._known[iteration - 1] = True
        self._last = max(self._last, iteration)

    def view(self) -> tuple[Array, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        """The losses up to the latest iteration seen, and which of them are known; not to be written to."""
        values, known = self._values[: self._last], self._known[: self._last]
        values.flags.writeable = known.flags.writeable = False
        return values, known
