"""The original run and what was made of it by changing a value: forks.

A fork is its parent up to one edit, and a run of its own from there on. Nothing is copied: what lies before the
iteration of the edit is asked of the parent, which stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gradstep.engine.arrays import Array, Mask
from gradstep.engine.data.batches import Edit
from gradstep.engine.machine.run import Machine
from gradstep.engine.timeline.checkpoints import Checkpoints
from gradstep.engine.timeline.series import Points, Series

ORIGINAL = "original"


class Branch:
    """The original run (parent None), or a fork: what it starts from, its edits, and what is remembered of it.

    edits: all that it takes to come from the original to this one, in the order of the run. first: the iteration of
    the last, the first that is not simply the parent's.
    """

    def __init__(self, name: str, parent: Branch | None, edits: Sequence[Edit], machine: Machine, budget: int) -> None:
        self.name = name
        self.parent = parent
        self.edits = tuple(edits)
        self.machine = machine
        self.first = self.edits[-1].iteration if parent else 1
        state_bytes = machine.state_layout.size * 8
        self.checkpoints = Checkpoints(self.first, state_bytes, budget)
        self.losses = Series(self.first)
        self.points: dict[str, Points] = {symbol: Points() for symbol in machine.program.measured_symbols}
        self.hits: dict[Any, list[int]] = {}  # of a counted stop: hits from `first` on, iteration by iteration, summed

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

    def edits_in(self, iteration: int) -> tuple[Edit, ...]:
        """The edits that lie in an iteration that it owns."""
        return tuple(edit for edit in self.edits if edit.iteration == iteration)

    def parent_at(self, iteration: int, step: int) -> Branch:
        """The parent of a fork from that moment: the nearest branch of its line whose edits lie no later."""
        for branch in self.line():
            if not branch.edits or (branch.edits[-1].iteration, branch.edits[-1].step) <= (iteration, step):
                return branch
        raise AssertionError("the original has no edits")

    @property
    def bytes(self) -> int:
        """The size of the states that are kept of it."""
        return self.checkpoints.bytes

    def seen(self) -> tuple[Array, Mask]:
        """The losses of iterations 1, 2, … as far as any ran in it, and which of them are known."""
        pieces: list[tuple[Array, Mask]] = []
        until: int | None = None
        for branch in self.line():
            values, known = branch.losses.view()
            if until is not None:
                own = until - branch.first
                missing = max(0, own - len(values))
                values = np.concatenate([values[:own], np.full(missing, np.nan)])
                known = np.concatenate([known[:own], np.zeros(missing, dtype=bool)])
            pieces.append((values, known))
            until = branch.first
        if len(pieces) == 1:
            return pieces[0]
        return np.concatenate([v for v, _ in pieces[::-1]]), np.concatenate([k for _, k in pieces[::-1]])

    def losses_of(self, first: int, last: int) -> Array:
        """The losses of iterations first to last, NaN where one is not known."""
        pieces: list[Array] = []
        for branch in self.line():
            if last >= branch.first:
                begin = max(first, branch.first)
                pieces.append(branch.losses.part(begin, last))
                last = begin - 1
            if last < first:
                break
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces[::-1])

    def measured(self, symbol: str) -> tuple[list[int], list[float]]:
        """The iterations in which a symbol was measured, as far as any ran in this branch, and what it was."""
        places: list[int] = []
        values: list[float] = []
        until: int | None = None
        for branch in self.line():
            points = branch.points[symbol]
            more = points.after(branch.first) if until is None else points.until(until)
            places, values = more[0] + places, more[1] + values
            until = branch.first
        return places, values

    def measured_before(self, iteration: int) -> dict[str, Array]:
        """The last measurements before an iteration, by symbol."""
        found: dict[str, Array] = {}
        for symbol in self.points:
            for branch in self.line():
                until = iteration if branch is self else min(iteration, self._shared_until(branch))
                places, values = branch.points[symbol].until(until)
                if places and places[-1] >= branch.first:
                    found[symbol] = np.asarray(values[-1])
                    break
        return found

    def _shared_until(self, ancestor: Branch) -> int:
        """The first iteration that an ancestor does not share with this branch."""
        until = self.first
        for branch in self.line():
            if branch is ancestor:
                return until
            until = min(until, branch.first)
        return until
