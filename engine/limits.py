"""What a run may take, in one place: numbers held, steps, bytes of a file. README.md states the same.

A run that would take more is refused before it takes it. What is counted are float64 numbers of eight bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

MEBIBYTE = 2**20

NUMBERS = 250_000_000  # that a run holds, everything together: 2 GB
ARRAY = 50_000_000  # of them in one array: 400 MB
HISTORY = 64 * MEBIBYTE  # bytes for going back, where nothing else is said

PROGRAM = 100_000  # steps of one iteration
STEPS = 100_000_000_000  # of a run, all iterations together

SCENARIO = 16  # MiB of a scenario's file; more data than that are read from files of their own
SESSION = 16  # MiB of a session's
TEXT = 2**30  # bytes of a CSV file, after decompression
LINE = 2**24  # bytes of one line of it

LARGEST = 1e300  # of what is drawn: a few times it is finite


@dataclass(frozen=True)
class Held:
    """The numbers that a run holds. values: those of two iterations that are looked at, and of two that run."""

    data: int = 0
    parameters: int = 0
    values: int = 0
    losses: int = 0
    history: int = HISTORY // 8

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(getattr(self, each.name) for each in fields(self))

    @property
    def too_many(self) -> bool:
        """Whether that is more than a run may hold."""
        return self.total > NUMBERS

    @property
    def most(self) -> str:
        """Which of them are the most, by name; history is not among them."""
        return max(("data", "parameters", "values", "losses"), key=lambda name: int(getattr(self, name)))
