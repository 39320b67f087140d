"""What a branch remembers of its health: which of its iterations were looked at, and what began in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from gradstep.engine.health.symptoms import Symptom


@dataclass(frozen=True)
class Begin:
    """A symptom, or a remark that is no alarm, and where it began. step: the one at which it shows, from 1."""

    iteration: int
    step: int
    symptom: Symptom


class Record:
    """The symptoms that began in the iterations that were looked at, in whichever order that was."""

    def __init__(self) -> None:
        self.version = 0  # grows with what is noted
        self._begins: dict[int, tuple[Begin, ...]] = {}
        self._spans: list[list[int]] = []  # first and last of stretches that were looked at, ascending, none adjacent

    def note(self, iteration: int, begun: Sequence[tuple[int, Symptom]]) -> None:
        """Remember an iteration that was looked at, and what began in it."""
        self.version += 1
        if begun:
            self._begins[iteration] = tuple(Begin(iteration, step, symptom) for step, symptom in begun)
        if self._spans and self._spans[-1][1] == iteration - 1:
            self._spans[-1][1] = iteration
            return
        place = bisect_right(self._spans, iteration, key=lambda span: span[0])
        before = self._spans[place - 1] if place else [0, -1]
        if before[1] >= iteration:
            return
        if before[1] == iteration - 1:
            before[1] = iteration
        else:
            before = [iteration, iteration]
            self._spans.insert(place, before)
            place += 1
        if place < len(self._spans) and self._spans[place][0] == iteration + 1:
            before[1] = self._spans.pop(place)[1]

    def looked_at(self, iteration: int) -> bool:
        """Whether an iteration was looked at."""
        place = bisect_right(self._spans, iteration, key=lambda span: span[0])
        return place > 0 and self._spans[place - 1][1] >= iteration

    def begins(self, first: int, last: int) -> tuple[Begin, ...]:
        """What began in iterations first to last, in the order of the run."""
        there = sorted(iteration for iteration in self._begins if first <= iteration <= last)
        return tuple(begin for iteration in there for begin in self._begins[iteration])
