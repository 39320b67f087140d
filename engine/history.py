"""What a timeline remembers: states at some iteration boundaries within a byte budget, and what was recorded.

Checkpoints stand at multiples of a stride; when they outgrow their share of the budget every other one is dropped
and the stride doubles. Apart from them the states of the neighbourhood last visited are kept one by one, so that
walking back costs no more than walking on. What lies between is recomputed, bit for bit, and each checkpoint carries
a digest by which that is checked.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from hashlib import blake2b

import numpy as np

from engine.operation import Array
from engine.words import timeline as words

FIRST_STRIDE = 64
NEIGHBOURHOOD = 64
OVERHEAD = 400  # bytes that Python and NumPy add to a kept state, about
DIGEST_BYTES = 16


class HistoryError(RuntimeError):
    """A replay that did not come to what was there before: a defect of the program or of the machine it runs on."""


def digest(packed: Array) -> bytes:
    """A fingerprint of a state."""
    return blake2b(packed.data, digest_size=DIGEST_BYTES).digest()


class History:
    """The packed states that iterations start from, by iteration, after that of `first`, which is known anyway."""

    def __init__(self, first: int, state_bytes: int, budget: int) -> None:
        self.first = first
        self.budget = budget
        self.state_bytes = state_bytes + OVERHEAD
        self.stride = FIRST_STRIDE
        self._checkpoints: dict[int, tuple[Array, bytes]] = {}
        self._places: list[int] = []  # of the checkpoints, in order
        self._recent: OrderedDict[int, Array] = OrderedDict()

    @property
    def neighbourhood(self) -> int:
        """How many states next to a place are kept: at most a quarter of the budget."""
        return min(NEIGHBOURHOOD, self.budget // 4 // self.state_bytes)

    @property
    def bytes(self) -> int:
        """What the kept states take."""
        return (len(self._checkpoints) + len(self._recent)) * self.state_bytes

    @property
    def range(self) -> tuple[int, int]:
        """The first and last iteration whose beginning is kept."""
        return self.first, max(self._places[-1] if self._places else self.first, max(self._recent, default=0))

    def keep(self, iteration: int, packed: Array, *, near: bool) -> None:
        """Remember the state that `iteration` starts from, as a checkpoint if it is one, and if `near` in any case.

        Raises HistoryError where a checkpoint of that iteration says otherwise.
        """
        if iteration <= self.first:
            return
        known = self._checkpoints.get(iteration)
        if known is not None:
            if digest(packed) != known[1]:
                raise HistoryError(words.ANOTHER_STATE.format(iteration=iteration))
        elif (iteration - 1) % self.stride == 0:
            self._checkpoints[iteration] = packed, digest(packed)
            insort(self._places, iteration)
            self._thin()
        if near and self.neighbourhood:
            self._recent[iteration] = packed
            self._recent.move_to_end(iteration)
            while len(self._recent) > 2 * self.neighbourhood:
                self._recent.popitem(last=False)

    def shrink(self, budget: int) -> None:
        """Live within another budget from now on."""
        self.budget = budget
        while len(self._recent) > 2 * self.neighbourhood:
            self._recent.popitem(last=False)
        self._thin()

    def forget(self) -> None:
        """Drop every state; all of them can be recomputed."""
        self._checkpoints, self._places, self._recent = {}, [], OrderedDict()

    def _thin(self) -> None:
        while len(self._checkpoints) * self.state_bytes > self.budget // 2:
            self.stride *= 2
            self._places = [place for place in self._places if (place - 1) % self.stride == 0]
            self._checkpoints = {place: self._checkpoints[place] for place in self._places}

    def next_checkpoint(self, iteration: int) -> int:
        """The first iteration after this one whose state would be a checkpoint."""
        return iteration + self.stride - (iteration - 1) % self.stride

    def nearest(self, iteration: int) -> tuple[int, Array] | None:
        """The latest known state at or before an iteration; None where none is kept after the first.

        Raises HistoryError where a checkpoint is no longer what it was when it was made.
        """
        exact = self._recent.get(iteration)
        if exact is not None:
            return iteration, exact
        place = bisect_right(self._places, iteration)
        checkpoint = self._places[place - 1] if place else 0
        recent = max((at for at in self._recent if at <= iteration), default=0)
        if recent > checkpoint:
            return recent, self._recent[recent]
        if not checkpoint:
            return None
        packed, expected = self._checkpoints[checkpoint]
        if digest(packed) != expected:
            raise HistoryError(words.CHECKPOINT_CHANGED.format(iteration=checkpoint))
        return checkpoint, packed


class Series:
    """A number an iteration, such as the loss, in whichever order iterations ran; from iteration `first` on."""

    def __init__(self, first: int = 1) -> None:
        self.first = first
        self._values: Array = np.full(64, np.nan)
        self._known = np.zeros(64, dtype=bool)
        self._last = 0

    @property
    def bytes(self) -> int:
        """What it takes."""
        return self._values.nbytes + self._known.nbytes

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
            differ = known & (old != new) & ~(np.isnan(old) & np.isnan(new))
            if differ.any():
                at = iteration + int(np.flatnonzero(differ)[0])
                raise HistoryError(words.ANOTHER_LOSS.format(iteration=at))
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

    def view(self) -> tuple[Array, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        """The numbers from `first` up to the latest iteration seen, and which are known; not to be written to."""
        values, known = self._values[: self._last], self._known[: self._last]
        values.flags.writeable = known.flags.writeable = False
        return values, known


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
        elif known != value and known == known and value == value:  # noqa: PLR0124 - that is, neither is NaN
            raise HistoryError(words.ANOTHER_MEASUREMENT.format(iteration=iteration))

    def knows(self, iteration: int) -> bool:
        """Whether an iteration's number is known."""
        return iteration in self._values

    def until(self, iteration: int) -> tuple[list[int], list[float]]:
        """The iterations before this one that have a number, and those numbers."""
        places = self._places[: bisect_left(self._places, iteration)]
        return places, [self._values[place] for place in places]

    def after(self, iteration: int) -> tuple[list[int], list[float]]:
        """The same of this iteration and those after it."""
        places = self._places[bisect_left(self._places, iteration) :]
        return places, [self._values[place] for place in places]
