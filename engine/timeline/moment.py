"""A moment: a frozen view of a run at one position, which is all that a screen, a picture or a report is given."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradstep.engine.arrays import Array, Mask
from gradstep.engine.data.batches import Batches, Edit
from gradstep.engine.machine.provenance import Provenance
from gradstep.engine.program.positions import Position, epoch_of
from gradstep.engine.program.program import Program, Step
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.branches import Replacement
from gradstep.engine.timeline.figures import Figures


@dataclass(frozen=True)
class HistoryView:
    """The extent of the present branch's history. first, last: iterations; stride: between checkpoints."""

    first: int
    last: int
    stride: int
    bytes: int
    budget: int


@dataclass(frozen=True, eq=False)
class Moment:
    """Everything there is to see at one position.

    provenance: the values there and where they come from. previous: those one iteration earlier, as far as that
    computed the same symbols; empty in the first. losses, known: of iterations 1, 2, …, as far as any ran, but without
    a last one that lies just ahead, in the cursor's own iteration. measured: symbol → the iterations in which it was
    measured, and what it was. branch, parent: names. replaced: the steps that are others in the branch. figures: of the
    source.
    """

    scenario: Scenario
    position: Position
    provenance: Provenance
    previous: Mapping[str, Array]
    losses: Array
    known: Mask
    measured: Mapping[str, tuple[list[int], list[float]]]
    branch: str
    parent: str
    history: HistoryView
    figures: Figures
    replaced: Sequence[Replacement] = ()

    @property
    def program(self) -> Program:
        """The program that is being stepped through."""
        return self.scenario.program

    @property
    def values(self) -> Mapping[str, Array]:
        """By symbol, of those that have a value here."""
        return self.provenance.values

    @property
    def edits(self) -> Sequence[Edit]:
        """Those that the branch takes."""
        return self.provenance.edits

    @property
    def batches(self) -> Batches:
        """The rows that iterations draw."""
        return self.provenance.machine.batches

    @property
    def iterations(self) -> int:
        """How many the run has."""
        return self.scenario.course.iterations

    def latest(self, symbol: str) -> float | None:
        """What was measured last at or before the cursor's iteration; None where nothing was."""
        iterations, values = self.measured.get(symbol, ((), ()))
        place = bisect_right(iterations, self.position.iteration)
        return values[place - 1] if place else None

    @property
    def epoch(self) -> int:
        """The one that the iteration is of."""
        return epoch_of(self.position.iteration, self.scenario.iterations_per_epoch)

    @property
    def length(self) -> int:
        """How many steps the iteration has."""
        return self.program.length(self.position.iteration)

    @property
    def step(self) -> Step | None:
        """The step that has just run; None at the start."""
        return self.program.steps[self.position.step - 1] if self.position.step else None

    @property
    def next_step(self) -> Step | None:
        """The step that runs next; None at the end."""
        at_end = self.position == self.scenario.course.end
        return None if at_end else self.program.steps[self.position.step % self.length]
