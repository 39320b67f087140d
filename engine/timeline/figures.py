"""A source's figures beside the run: which of them it has come past, and whether they hold there.

A figure is compared once in the branch that its iteration belongs to, and its verdict is remembered. Looking at a
moment compares those that it has come past, as far as that recomputes next to nothing: the iterations whose frames are
there, and `AT_ONCE` iterations beyond. The others follow at the next moment, or when `compare` is let run.

In a fork a figure that an edit bears on is one of another run than the source's: it is compared, but it neither holds
nor fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, partial
from weakref import WeakKeyDictionary

from gradstep.engine.program.names import Names
from gradstep.engine.program.positions import Position
from gradstep.engine.program.program import Program, needed_for
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.expectations import Verdict
from gradstep.engine.scenario.figures import Figure
from gradstep.engine.stops.stops import Values
from gradstep.engine.stops.trigger import Check
from gradstep.engine.timeline.branches import Branch
from gradstep.engine.timeline.restore import Restorer
from gradstep.engine.timeline.series import HistoryError

AT_ONCE = 2  # iterations that are recomputed for figures within a look at a moment


class Outcome(StrEnum):
    """What a comparison comes to."""

    HOLDS = "holds"
    DIFFERS = "differs"  # as the scenario says it does, with the reason
    FAILS = "fails"  # it differs without a reason, or does not differ in spite of one
    OF_FORK = "of a fork"


@dataclass(frozen=True, eq=False)
class Compared:
    """A figure with the engine's value beside it."""

    figure: Figure
    verdict: Verdict
    outcome: Outcome


@dataclass(frozen=True)
class Tally:
    """How many figures there are, how many of them have been compared, and with which outcome."""

    total: int
    compared: int
    holds: int
    differs: int
    fails: int
    of_fork: int


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of a scenario as they stand at a moment. compared: by number, those that have been so far."""

    all: tuple[Figure, ...]
    compared: Mapping[int, Compared]

    @cached_property
    def of_source(self) -> tuple[Figure, ...]:
        """Those that the source prints."""
        return tuple(each for each in self.all if each.expectation.from_source)

    @cached_property
    def tally(self) -> Tally:
        """How many of the source's hold."""
        return self._tally(from_source=True)

    @cached_property
    def expected(self) -> Tally:
        """How many of the others hold: what the scenario itself claims of the run."""
        return self._tally(from_source=False)

    def _tally(self, *, from_source: bool) -> Tally:
        mine = [each for each in self.all if each.expectation.from_source is from_source]
        found = [self.compared[each.number] for each in mine if each.number in self.compared]
        count = Counter(each.outcome for each in found)
        by_outcome = (count[Outcome.HOLDS], count[Outcome.DIFFERS], count[Outcome.FAILS], count[Outcome.OF_FORK])
        return Tally(len(mine), len(found), *by_outcome)

    @cached_property
    def _places(self) -> Mapping[int, int]:
        """Number → the place among those of the same kind, from 1."""
        seen: Counter[bool] = Counter()
        places: dict[int, int] = {}
        for each in self.all:
            seen[each.expectation.from_source] += 1
            places[each.number] = seen[each.expectation.from_source]
        return places

    def place(self, figure: Figure) -> int:
        """The place of a figure, from 1, among the source's, or among those that are not."""
        return self._places[figure.number]

    def at(self, position: Position) -> list[Figure]:
        """Those that are looked at just there."""
        return [figure for figure in self.all if figure.position == position]

    def failing(self, position: Position) -> list[Compared]:
        """Those that are looked at there and fail."""
        found = (self.compared.get(figure.number) for figure in self.at(position))
        return [each for each in found if each is not None and each.outcome is Outcome.FAILS]

    def nearest(self, position: Position, direction: int) -> Figure | None:
        """The first, in the source's order, at or after a position; with −1 the last at or before it."""
        ordered = self.all if direction > 0 else self.all[::-1]
        beyond = (f for f in ordered if (f.position >= position if direction > 0 else f.position <= position))
        return next(beyond, None)


class Comparisons:
    """Compares the figures of a run and remembers what came out, branch by branch."""

    def __init__(self, figures: Sequence[Figure], names: Names, restorer: Restorer) -> None:
        self.figures = tuple(figures)
        self._names = names
        self._restorer = restorer
        self._known: WeakKeyDictionary[Branch, dict[int, Compared]] = WeakKeyDictionary()
        self._snapshots: WeakKeyDictionary[Branch, Figures] = WeakKeyDictionary()

    def seen(self, branch: Branch, position: Position) -> Figures:
        """The figures as they stand there. It recomputes `AT_ONCE` iterations at most."""
        left, due = AT_ONCE, self._due(branch, position)
        for figure in due:
            cost = 0 if self._is_there(branch, figure) else self._restorer.replays(branch, figure.position)
            if cost <= left:
                left -= cost
                with suppress(HistoryError):  # which going there says
                    self._compare(branch, figure)
        return self._snapshot(branch)

    def compare(self, branch: Branch, position: Position, progress: Progress | None = None) -> bool:
        """Compare all that lie up to a position, over any distance; False where `progress` stopped it."""
        due = self._due(branch, position)
        for place, figure in enumerate(due):
            if progress is not None and not progress(place, len(due)):
                return False
            with suppress(HistoryError):
                self._compare(branch, figure)
        return True

    def checks(self, branch: Branch) -> tuple[Check, ...]:
        """The questions of the stop at figures that fail; those that an edit of the branch bears on are not asked."""
        program = self._names.program
        return tuple(
            Check(each.position.iteration, max(1, each.position.step), each.symbols, partial(self._fails, each))
            for each in self.figures
            if not bears_on(branch, each, program)
        )

    def _fails(self, figure: Figure, values: Values) -> bool:
        return not figure.expectation.check(values, self._names).passed

    def _due(self, branch: Branch, position: Position) -> list[Figure]:
        """Those up to a position that have not been compared."""
        compared = self._snapshot(branch).compared
        return [each for each in self.figures if each.number not in compared and each.position <= position]

    def _snapshot(self, branch: Branch) -> Figures:
        """What is remembered of a branch and of those that it shares iterations with; the same until there is more."""
        snapshot = self._snapshots.get(branch)
        if snapshot is None:
            owners = ((each, self._known.get(branch.owning(each.position.iteration), {})) for each in self.figures)
            compared = {each.number: known[each.number] for each, known in owners if each.number in known}
            snapshot = self._snapshots[branch] = Figures(self.figures, compared)
        return snapshot

    def _is_there(self, branch: Branch, figure: Figure) -> bool:
        """Whether its values are there already."""
        frame = self._restorer.known(branch, figure.position.iteration)
        return frame is not None and frame.computed >= figure.position.step

    def _compare(self, branch: Branch, figure: Figure) -> None:
        values = self._restorer.values_aside(branch, figure.position, figure.symbols)
        verdict = figure.expectation.check(values, self._names)
        owner = branch.owning(figure.position.iteration)
        changed = bears_on(owner, figure, self._names.program)
        outcome = Outcome.OF_FORK if changed else _outcome(figure, verdict)
        self._known.setdefault(owner, {})[figure.number] = Compared(figure, verdict, outcome)
        self._snapshots.clear()  # of its forks, too


def _outcome(figure: Figure, verdict: Verdict) -> Outcome:
    if not verdict.passed:
        return Outcome.FAILS
    return Outcome.DIFFERS if figure.reason else Outcome.HOLDS


def bears_on(branch: Branch, figure: Figure, program: Program) -> bool:
    """Whether a change of a branch may change what a figure is compared with: any of an iteration before; of its own,
    one of a symbol that it is made of, or that one of these is computed from after an edit.
    """
    iteration, step = figure.position.iteration, figure.position.step
    for edit in branch.edits:
        if edit.iteration < iteration:
            return True
        if edit.iteration == iteration and edit.step <= step:
            since = needed_for(figure.symbols, program.steps[edit.step : step])
            if edit.symbol in figure.symbols.union(*(each.operands for each in since)):
                return True
    for each in branch.replaced:
        if each.iteration < iteration:
            return True
        if each.iteration == iteration:
            made = needed_for(figure.symbols, program.steps[:step])
            if any(one.symbol == each.symbol for one in made):
                return True
    return False
