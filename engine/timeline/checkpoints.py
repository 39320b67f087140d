"""The states that a timeline keeps: those at some iteration boundaries, within a byte budget.

Checkpoints stand at multiples of a stride; when they outgrow their share of the budget every other one is dropped
and the stride doubles. Apart from them the states of the neighbourhood last visited are kept one by one, so that
walking back costs no more than walking on. What lies between is recomputed, bit for bit, and each checkpoint carries
a digest by which that is checked.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict
from hashlib import blake2b

from gradstep.engine.arrays import Array
from gradstep.engine.timeline.series import HistoryError
from gradstep.engine.words import timeline as words

FIRST_STRIDE = 64
NEIGHBOURHOOD = 64
OVERHEAD = 400  # bytes that Python and NumPy add to a kept state, about
DIGEST_BYTES = 16


def digest(packed: Array) -> bytes:
    """A fingerprint of a state."""
    return blake2b(packed.data, digest_size=DIGEST_BYTES).digest()


class Checkpoints:
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
        """The size of the kept states."""
        return (len(self._checkpoints) + len(self._recent)) * self.state_bytes

    @property
    def last(self) -> int:
        """The last iteration whose beginning is kept."""
        return max(self._places[-1] if self._places else self.first, max(self._recent, default=0))

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
        if near and self.neighbourhood:
            self._recent[iteration] = packed
            self._recent.move_to_end(iteration)
        self._thin()

    def shrink(self, budget: int) -> None:
        """Live within another budget from now on."""
        self.budget = budget
        self._thin()

    def forget(self) -> None:
        """Drop every state; all of them can be recomputed."""
        self._checkpoints, self._places, self._recent = {}, [], OrderedDict()

    def _thin(self) -> None:
        while len(self._recent) > 2 * self.neighbourhood:
            self._recent.popitem(last=False)
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
