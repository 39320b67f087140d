"""A program by its lines: a row for each, in which the inner steps of a formula of several operations are folded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gradstep.engine.program.operation import Assignment
from gradstep.engine.program.program import Program, Step


@dataclass(frozen=True)
class Row:
    """The steps from `first` to `last`, by their places in the program: the last one is what the line makes."""

    first: int
    last: int

    @property
    def several(self) -> bool:
        """Whether steps are folded away in it."""
        return self.first < self.last

    @property
    def places(self) -> range:
        """Those of its steps."""
        return range(self.first, self.last + 1)


def rows_of(program: Program, length: int) -> Iterator[Row]:
    """The rows of an iteration of so many steps. Inner steps belong to the next one of their phase that is none."""
    first = 0
    for place, step in enumerate(program.steps[:length]):
        ends = place + 1 == length or program.steps[place + 1].phase is not step.phase
        if step.symbol not in program.inner:
            yield Row(first, place)
            first = place + 1
        elif ends:  # nothing comes that they lead to
            yield from (Row(each, each) for each in range(first, place + 1))
            first = place + 1


def written_as(step: Step) -> Step | Assignment:
    """What a row shows of its last step: somebody's whole line, if that is one of its operations."""
    return step if step.line is None else step.line
