"""The rows of the table: what was measured, what it should be at most, and what it came to in several rounds."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTHS = 75, 11, 9, 16


def as_ratio(value: float) -> str:
    """So many times the other's time."""
    return f"{value:.3f}"


def as_part(value: float) -> str:
    """One part in so many."""
    return f"1/{1 / value:,.0f}" if value else "0"


def as_mebibytes(value: float) -> str:
    """Memory."""
    return f"{value:.1f} MiB"


@dataclass(frozen=True)
class Row:
    """values: one of each round. Without any it was skipped, and `reason` says why."""

    what: str
    target: float
    values: Sequence[float]
    written: Callable[[float], str] = as_ratio
    reason: str = ""

    def __str__(self) -> str:
        target = f"<= {self.written(self.target)}"
        if not self.values:
            return _in_columns(self.what, target, "skipped", self.reason)
        measured = statistics.median(self.values)
        verdict = "met" if measured <= self.target else "missed"
        low, high = self.written(min(self.values)), self.written(max(self.values))
        spread = f"{low} to {high}" if len(self.values) > 1 else "one round"
        return _in_columns(self.what, target, self.written(measured), spread, verdict)


HEADING = ("what", "target", "measured", "spread", "")


def heading() -> str:
    """The first line of the table."""
    return _in_columns(*HEADING)


def _in_columns(*cells: str) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=False)]
    return "  ".join([*padded, *cells[len(WIDTHS) :]]).rstrip()


def seconds(run: Callable[[], object]) -> float:
    """How long it takes once, garbage of before not counted."""
    gc.collect()
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def ratios(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> list[float]:
    """Our time as a multiple of theirs, round by round, once both have run to warm up.

    Both run one right after the other, and take turns in being the first.
    """
    ours(), theirs()
    found: list[float] = []
    for number in range(rounds):
        if number % 2:
            other, own = seconds(theirs), seconds(ours)
        else:
            own, other = seconds(ours), seconds(theirs)
        found.append(own / other)
    return found
