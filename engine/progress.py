"""How long work is broken off and shown: whoever does it asks from time to time whether to go on.

What is asked is a `Progress`; the asking, and the memory of the answer, are a `Pulse`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

# Told how much of how much has been done; gives False to stop.
Progress = Callable[[int, int], bool]

PULSE = 0.05  # seconds between two calls of a Progress, about


class Pulse:
    """Asks a Progress at once and then about every `PULSE` seconds, and remembers that it said stop.

    What it is told grows up to `total`. A Progress that is None lets everything go on.
    """

    def __init__(self, progress: Progress | None, total: int = 0) -> None:
        self._progress = progress
        self._next = 0.0
        self.stopped = False
        self.begin(total)

    def begin(self, total: int, before: int = 0) -> None:
        """Something else, of which `before` has been done already, is under way from here on."""
        self._total = total
        self._before = self._done = before

    def goes_on(self, done: int, *, now: bool = False) -> bool:
        """Whether to go on when so much has been done since `begin`; asks where it is time to, or `now`."""
        self._done = min(self._total, max(self._done, self._before + done))
        clock = time.perf_counter()
        if self._progress is not None and not self.stopped and (now or clock >= self._next):
            self._next = clock + PULSE
            self.stopped = not self._progress(self._done, self._total)
        return not self.stopped

    def waits(self, part: int, of: int) -> bool:
        """Itself as a Progress, of something on the way of which nothing counts as done."""
        return self.goes_on(0)


def next_chunk(chunk: int, began: float) -> int:
    """How many iterations to run at once, so that it takes about half a `PULSE`, after a chunk that began then."""
    return chunk * 2 if time.perf_counter() - began < PULSE / 2 else max(1, chunk // 2)
