"""Numbers of every iteration, such as its loss: within a budget all of them, beyond it a sample."""

from __future__ import annotations

from bisect import bisect_left, insort

import numpy as np

from gradstep.engine.arrays import Array, Mask, differing, frozen
from gradstep.engine.words import timeline as words


class HistoryError(RuntimeError):
    """A replay that did not come to what was there before: a defect of the program or of the machine it runs on."""


class Series:
    """A number an iteration, such as the loss, in whichever order iterations ran; from iteration `first` on."""

    def __init__(self, first: int = 1) -> None:
        self.first = first
        self._values: Array = np.full(64, np.nan)
        self._known = np.zeros(64, dtype=bool)
        self._last = 0

    def record(self, iteration: int, values: list[float]) -> None:
        """The numbers of an iteration and those after it. Raises HistoryError where other numbers are known."""
        begin = iteration - self.first
        end = begin + len(values)
        while end > len(self._values):
            more = len(self._values)
            self._values = np.concatenate([self._values, np.full(more, np.nan)])
            self._known = np.concatenate([self._known, np.zeros(more, dtype=bool)])
        if len(values) == 1 and not self._known[begin]:
            self._values[begin], self._known[begin] = values[0], True
            self._last = max(self._last, end)
            return
        new, old, known = np.asarray(values), self._values[begin:end], self._known[begin:end]
        if known.any():
            differ = known & differing(old, new)
            if differ.any():
                raise HistoryError(words.ANOTHER_LOSS.format(iteration=iteration + int(np.flatnonzero(differ)[0])))
        old[:] = new
        known[:] = True
        self._last = max(self._last, end)

    def part(self, first: int, last: int) -> Array:
        """The numbers of iterations first to last, NaN where one is not known."""
        values = np.full(max(0, last - first + 1), np.nan)
        begin, end = max(first, self.first), min(last, self.first + self._last - 1)
        if begin <= end:
            values[begin - first : end - first + 1] = self._values[begin - self.first : end - self.first + 1]
        return values

    def knows(self, iteration: int) -> bool:
        """Whether an iteration's number is known."""
        place = iteration - self.first
        return 0 <= place < self._last and bool(self._known[place])

    def view(self) -> tuple[Array, Mask]:
        """The numbers from `first` up to the latest iteration seen, and which are known; not to be written to."""
        return frozen(self._values[: self._last]), frozen(self._known[: self._last])


class Points:
    """Numbers of a few iterations, such as accuracies measured once an epoch."""

    def __init__(self) -> None:
        self._values: dict[int, float] = {}
        self._places: list[int] = []

    def record(self, iteration: int, value: float) -> None:
        """Raises HistoryError where another number is known."""
        known = self._values.get(iteration)
        if known is None:
            insort(self._places, iteration)
            self._values[iteration] = value
        elif not np.array_equal(known, value, equal_nan=True):
            raise HistoryError(words.ANOTHER_MEASUREMENT.format(iteration=iteration))

    def knows(self, iteration: int) -> bool:
        """Whether an iteration's number is known."""
        return iteration in self._values

    def until(self, iteration: int) -> tuple[list[int], list[float]]:
        """The iterations before this one that have a number, and those numbers."""
        places = self._places[: bisect_left(self._places, iteration)]
        return places, [self._values[place] for place in places]
