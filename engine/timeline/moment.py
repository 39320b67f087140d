"""A moment: a frozen view of a run at one position, which is all that a screen, a picture or a report is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradstep.engine.arrays import Array, Mask
from gradstep.engine.data.batches import Batches
from gradstep.engine.data.edits import Edit
from gradstep.engine.machine.provenance import Record
from gradstep.engine.program.positions import Position
from gradstep.engine.program.program import Program, Step
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.branches import ORIGINAL


@dataclass(frozen=True)
class HistoryView:
    """What history holds of the present branch. first, last: iterations; stride: between checkpoints."""

    first: int
    last: int
    stride: int
    bytes: int
    budget: int


@dataclass(frozen=True, eq=False)
class Moment:
    """Everything there is to see at one position.

    batches: what iterations draw. values: what has a value at the position, by symbol; record: the same, and what
    was read and set by hand. previous: the same symbols one iteration earlier, as far as that iteration computed
    them; empty in the first. losses, known: of iterations 1, 2, …, as far as any ran, but without a last one that
    lies just ahead, in the cursor's own iteration. measured: symbol → the iterations in which it was measured, and
    what it was. branch: the name of the present one; edits: those that it takes.
    """

    scenario: Scenario
    batches: Batches
    position: Position
    length: int
    iterations: int
    epoch: int
    step: Step | None
    next_step: Step | None
    values: Mapping[str, Array]
    record: Record
    previous: Mapping[str, Array]
    losses: Array
    known: Mask
    measured: Mapping[str, tuple[list[int], list[float]]] = field(default_factory=dict)
    branch: str = ORIGINAL
    parent: str = ""
    edits: tuple[Edit, ...] = ()
    history: HistoryView | None = None

    @property
    def program(self) -> Program:
        """The program that is being stepped through."""
        return self.scenario.program
