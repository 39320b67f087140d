"""The original run and what was made of it by changing a value or a step: forks.

A fork is its parent up to one edit, or up to the iteration from which on a step is another one, and a run of its own
from there on. Nothing is copied: what lies before is asked of the parent, which stays as it was.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradstep.engine.arrays import Array, Mask
from gradstep.engine.data.batches import Edit
from gradstep.engine.health.record import Begin, Record
from gradstep.engine.machine.run import Machine
from gradstep.engine.program.positions import Position
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.checkpoints import Checkpoints
from gradstep.engine.timeline.series import Points, Series

ORIGINAL = "original"


@dataclass(frozen=True)
class Replacement:
    """Another formula for a symbol's step, `SYMBOL = FORMULA`, from an iteration on. fork: the one it was made in."""

    iteration: int
    symbol: str
    line: str
    fork: str = ""


Change = Edit | Replacement


def moment_of(change: Change) -> tuple[int, int]:
    """When a change happens; a step is another one from the beginning of an iteration on."""
    return change.iteration, change.step if isinstance(change, Edit) else 0


def changes_of(edits: Iterable[Edit], replaced: Iterable[Replacement]) -> list[Change]:
    """Both in the order of the run."""
    made: list[Change] = [*replaced, *edits]
    return sorted(made, key=moment_of)


class Branch:
    """The original run (parent None), or a fork: what it starts from, its changes, and what is remembered of it.

    scenario: with the program that its iterations run. edits, replaced: all that it takes to come from the original to
    this one, in the order of the run. first: the iteration of the last, the first that is not simply the parent's.
    """

    def __init__(
        self,
        name: str,
        parent: Branch | None,
        scenario: Scenario,
        machine: Machine,
        budget: int,
        edits: Sequence[Edit] = (),
        replaced: Sequence[Replacement] = (),
    ) -> None:
        self.name = name
        self.parent = parent
        self.scenario = scenario
        self.edits = tuple(edits)
        self.replaced = tuple(replaced)
        self.machine = machine
        self.first = max((change.iteration for change in self.changes[-1:]), default=1)
        self.checkpoints = Checkpoints(self.first, machine.state_layout.size * 8, budget)
        self.losses = Series(self.first)
        self.points: dict[str, Points] = {symbol: Points() for symbol in machine.program.measured_symbols}
        self.health = Record()
        self.hits: dict[Any, list[int]] = {}  # of a counted stop: hits from `first` on, iteration by iteration, summed

    @property
    def changes(self) -> list[Change]:
        """Its edits and other steps in the order of the run."""
        return changes_of(self.edits, self.replaced)

    def owning(self, iteration: int) -> Branch:
        """The branch that an iteration belongs to: this one, or the ancestor that it still shares it with."""
        branch = self
        while branch.parent is not None and iteration < branch.first:
            branch = branch.parent
        return branch

    def line(self) -> Iterator[Branch]:
        """This branch, its parent, and so on back to the original."""
        branch: Branch | None = self
        while branch is not None:
            yield branch
            branch = branch.parent

    def shares(self) -> Iterator[tuple[Branch, int]]:
        """Each branch of its line with the first iteration that this one does not share with it; of itself none is."""
        until = sys.maxsize
        for branch in self.line():
            yield branch, until
            until = branch.first

    def edits_in(self, iteration: int) -> tuple[Edit, ...]:
        """The edits that lie in an iteration that it owns."""
        return tuple(edit for edit in self.edits if edit.iteration == iteration)

    def parent_at(self, iteration: int, step: int) -> Branch:
        """The parent of a fork from that moment: the nearest branch of its line whose changes lie no later."""
        for branch in self.line():
            if all(moment_of(change) <= (iteration, step) for change in branch.changes[-1:]):
                return branch
        raise AssertionError("the original has no changes")

    @property
    def bytes(self) -> int:
        """The size of the states that are kept of it."""
        return self.checkpoints.bytes

    def seen(self) -> tuple[Array, Mask]:
        """The losses of iterations 1, 2, … as far as any ran in it, and which of them are known."""
        if self.parent is None:
            return self.losses.view()
        pieces: list[tuple[Array, Mask]] = []
        for branch, until in self.shares():
            values, known = branch.losses.view()
            own = len(values) if branch is self else until - branch.first
            gap = (0, max(0, own - len(values)))
            pieces.append((np.pad(values[:own], gap, constant_values=np.nan), np.pad(known[:own], gap)))
        return np.concatenate([v for v, _ in pieces[::-1]]), np.concatenate([k for _, k in pieces[::-1]])

    def losses_of(self, first: int, last: int) -> Array:
        """The losses of iterations first to last, NaN where one is not known."""
        pieces: list[Array] = []
        for branch, until in self.shares():
            pieces.append(branch.losses.part(max(first, branch.first), min(last, until - 1)))
            if branch.first <= first:
                break
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces[::-1])

    def begins(self, last: int) -> tuple[Begin, ...]:
        """The symptoms that are known to have begun up to an iteration, in the order of the run."""
        parts = [branch.health.begins(branch.first, min(last, until - 1)) for branch, until in self.shares()]
        return tuple(begin for part in parts[::-1] for begin in part)

    def measured(self, symbol: str) -> tuple[list[int], list[float]]:
        """The iterations in which a symbol was measured, as far as any ran in this branch, and what it was."""
        places: list[int] = []
        values: list[float] = []
        for branch, until in self.shares():
            more = branch.points[symbol].until(until)
            places, values = more[0] + places, more[1] + values
        return places, values

    def measured_before(self, iteration: int) -> dict[str, Array]:
        """The last measurements before an iteration, by symbol."""
        found: dict[str, Array] = {}
        for symbol in self.points:
            for branch, until in self.shares():
                _, values = branch.points[symbol].until(min(iteration, until))
                if values:
                    found[symbol] = np.asarray(values[-1])
                    break
        return found


@dataclass(frozen=True, eq=False)
class Left:
    """Where the session of a run was left. state: a digest of the numbers there, "" for none; made_with: what their
    bits depend on.
    """

    branch: Branch
    position: Position
    state: str
    made_with: Mapping[str, str]
