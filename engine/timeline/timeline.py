"""The whole run of a scenario with a cursor on it that goes both ways, and the forks that were made of it.

An iteration is a pure function of the state that it starts from and of its number, so going back is never undoing:
within an iteration it moves the cursor, across iterations it recomputes from the nearest state that history kept.
What is shown of a moment is a `Moment`, which nothing changes afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gradstep.engine import limits
from gradstep.engine.arrays import Array, Mask, written
from gradstep.engine.data.batches import Batches, Edit
from gradstep.engine.errors import LimitError, Problem
from gradstep.engine.health.record import Begin
from gradstep.engine.machine.provenance import Provenance
from gradstep.engine.machine.run import Machine
from gradstep.engine.program.expression import Element
from gradstep.engine.program.names import Names, Reference
from gradstep.engine.program.positions import Course, Position
from gradstep.engine.program.program import Program, ProgramError
from gradstep.engine.program.replacing import replaced_by, with_replaced
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.figures import figures_of
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.stops.stops import BUILT_IN, FIGURE, HEALTH, NON_FINITE, OWN_LINE, Stop, built_in
from gradstep.engine.stops.trigger import Check, Trigger, own_line_checks
from gradstep.engine.timeline.branches import ORIGINAL, Branch, Change, Left, Replacement
from gradstep.engine.timeline.figures import Comparisons, Figures
from gradstep.engine.timeline.moment import HistoryView, Moment
from gradstep.engine.timeline.restore import Restorer
from gradstep.engine.words import limits as limit_words
from gradstep.engine.words import phrases
from gradstep.engine.words import timeline as words

if TYPE_CHECKING:
    from gradstep.engine.timeline.search import Found  # loaded by the first search

HISTORY_BYTES = limits.HISTORY


class EditError(Problem):
    """A value that cannot be changed where the cursor is; the message says why."""


class TooEarly(EditError):
    """A value that is not there yet at the cursor: later it can be changed."""


class OutOfOrder(ProgramError):
    """A step that would come later than the one in whose place it stands: a fork's steps keep their order."""


class Timeline:
    """A scenario's run. It starts at `start`, before anything has run, on the original branch.

    history_bytes: what may be kept for going back. Raises LimitError where that is more than a run may hold.
    """

    def __init__(self, scenario: Scenario, *, history_bytes: int = HISTORY_BYTES) -> None:
        held = replace(scenario.held, history=history_bytes // 8)
        if held.too_many and history_bytes > HISTORY_BYTES:
            left = (limits.NUMBERS - held.total) * 8 + history_bytes
            found, most = history_bytes // limits.MEBIBYTE, left // limits.MEBIBYTE
            raise LimitError(limit_words.TOO_MUCH_HISTORY.format(found=found, most=most))
        self.history_bytes = history_bytes
        self.position = scenario.course.start
        machine = Machine(scenario.program, Batches(scenario.dataset, scenario.draw))
        self.branch = Branch(ORIGINAL, None, scenario, machine, history_bytes)
        self.branches: dict[str, Branch] = {ORIGINAL: self.branch}
        self._stops: tuple[Stop, ...] = (*built_in(scenario.program), *scenario.stops)
        self._forked = 0
        self.left: Left | None = None  # where its session was left, of a run that is from one
        self._provenance: tuple[Branch, Position, Provenance] | None = None  # the last that was asked for
        self.restorer = Restorer(scenario.course, history_bytes)
        self._comparisons = Comparisons(figures_of(scenario), self.names, self.restorer)

    @property
    def original(self) -> Branch:
        """The run that all forks are made of."""
        return self.branches[ORIGINAL]

    @property
    def scenario(self) -> Scenario:
        """The scenario, with the program that the cursor's iteration runs: a fork may have another."""
        return self.branch.owning(self.position.iteration).scenario

    @property
    def program(self) -> Program:
        """The program that the cursor's iteration runs."""
        return self.scenario.program

    @property
    def names(self) -> Names:
        """The names of its symbols."""
        return self.scenario.names

    @property
    def course(self) -> Course:
        """Its positions."""
        return self.scenario.course

    # ── moving ───────────────────────────────────────────────────────────────────────────────────────────────

    def step(self) -> bool:
        """One assignment on; False at the end."""
        return self.move("step", +1)

    def back(self) -> bool:
        """One assignment back; False at the start."""
        return self.move("step", -1)

    def move(self, unit: str, direction: int, progress: Progress | None = None) -> bool:
        """One `unit` (step, layer, phase, iteration) on (+1) or back (−1); False where the run ends there."""
        target = self.course.destination(unit, self.position, direction)
        return target is not None and self.goto(target, progress)

    def goto(self, where: str | Position, progress: Progress | None = None) -> bool:
        """Go to a typed position; False where `progress` stopped it.

        Stopped on the way on, the cursor stays where the run has come to; on the way back, where it was.
        Raises PositionError, and HistoryError where a replay does not come to what was there before.
        """
        target = self.course.parse(where, self.position.iteration) if isinstance(where, str) else where
        target = self.course.at(target.iteration, target.step)
        reached = self.restorer.reach(self.branch, target.iteration, progress)
        if reached < target.iteration:
            if reached > self.position.iteration:
                self.position = self.course.at(reached, 0)
            return False
        self.restorer.computed(self.branch, target)
        self.position = target
        return True

    def replays(self, target: Position) -> int:
        """How many iterations going there recomputes."""
        return self.restorer.replays(self.branch, target)

    # ── stops ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The breakpoints and watches, those that are switched off among them."""
        return self._stops

    @stops.setter
    def stops(self, stops: Iterable[Stop]) -> None:
        self._stops = tuple(stops)

    def add_stop(self, stop: Stop) -> None:
        """One more stop, behind the others."""
        self._stops = (*self._stops, stop)

    def replace_stop(self, place: int, stop: Stop) -> None:
        """Another stop in the place of one."""
        self._stops = (*self._stops[:place], stop, *self._stops[place + 1 :])

    def run_on(self, progress: Progress | None = None) -> Found:
        """To the next stop; to the end where there is none."""
        return self._search(+1, progress)

    def run_back(self, progress: Progress | None = None) -> Found:
        """To the nearest earlier stop, over any distance; to the start where there is none."""
        return self._search(-1, progress)

    def _search(self, direction: int, progress: Progress | None) -> Found:
        triggers, here = self.triggers([stop for stop in self.stops if stop.enabled]), self.position
        from gradstep.engine.timeline.search import Found, Search  # noqa: PLC0415 - loaded by the first search

        search = Search(self.restorer, self.branch, triggers, progress)
        hit, reached = search.run(direction, here)
        if search.pulse.stopped:
            if direction > 0 and reached > here.iteration:
                self.goto(self.course.at(reached, 0))
            return Found(self.position, (), False)
        if hit is None:
            self.goto(self.course.end if direction > 0 else self.course.start)
            return Found(self.position, (), True)
        self.goto(hit[0])
        return Found(self.position, tuple(triggers[number].stop for number in hit[1]), True, tuple(hit[2]))

    def survey(self, first: int, last: int, progress: Progress | None = None) -> tuple[tuple[Begin, ...], bool]:
        """The symptoms that begin in iterations first to last, lost numbers among them, and whether all were seen.

        The cursor stays where it is. Where that was stopped, what was found so far.
        """
        triggers = self.triggers([stop for stop in BUILT_IN if stop.kind in (NON_FINITE, *HEALTH.values())])
        from gradstep.engine.timeline.search import Search  # noqa: PLC0415 - loaded by the first search

        search = Search(self.restorer, self.branch, triggers, progress)
        reached = search.survey(first, last)
        begins = self.branch.begins(min(last, reached))
        return tuple(begin for begin in begins if begin.iteration >= first), not search.pulse.stopped

    def triggers(self, stops: Sequence[Stop]) -> list[Trigger]:
        """Stops against this program."""
        asked: dict[str, tuple[Check, ...]] = {}
        if any(stop.kind == FIGURE for stop in stops):
            asked[FIGURE] = self._comparisons.checks(self.branch)
        if any(stop.kind == OWN_LINE for stop in stops):
            asked[OWN_LINE] = tuple(own_line_checks(self.original.scenario.program))
        epoch = self.scenario.iterations_per_epoch
        return [Trigger(stop, self.names, epoch, asked.get(stop.kind, ())) for stop in stops]

    # ── figures ──────────────────────────────────────────────────────────────────────────────────────────────

    def figures(self) -> Figures:
        """The source's figures as they stand at the cursor.

        Those that it has come past are compared, as far as that recomputes next to nothing.
        """
        return self._comparisons.seen(self.branch, self.position)

    def compare_figures(self, progress: Progress | None = None) -> bool:
        """Compare all figures up to the cursor, however much that recomputes; False where it was stopped."""
        return self._comparisons.compare(self.branch, self.position, progress)

    # ── forks ────────────────────────────────────────────────────────────────────────────────────────────────

    def editable(self, name: str) -> Reference:
        """The element that an edit of this name at the cursor would change.

        A parameter whose update has run has had its part in the iteration: the updated one is meant. Raises EditError
        where it is no single number, or has no value yet; KeyError where it is nothing.
        """
        reference = self.names.element(name)
        symbol = self.program.symbols[reference.symbol]
        if reference.index is None:
            if symbol.shape:
                raise EditError(words.IS_AN_ARRAY.format(name=name, shape=written(symbol.shape)))
            reference = Reference(symbol.name, ())
        becomes = self.program.carried.get(symbol.name, symbol.name)
        if becomes != symbol.name and self.program.writers[becomes] < self.position.step:
            reference = Reference(becomes, reference.index)
        if self.program.writers.get(reference.symbol, -1) >= self.position.step:
            shown = self.names.dressed_own(reference.symbol)
            raise TooEarly(phrases.NO_VALUE_YET.format(symbol=shown, place=self.course.said(self.position)))
        return reference

    def edit(self, name: str, value: float) -> Branch:
        """Set an element at the cursor to another value from here on: a fork begins, and the cursor is on it.

        The branch that it was made of stays as it is. An element of x or t is one of the data, wherever that row is
        drawn; an intermediate value is computed anew in the next iteration. Raises EditError or KeyError.
        """
        reference = self.editable(name)
        assert reference.index is not None
        here = self.position
        number = math.nan if math.isnan(value) else float(value)  # of all NaNs the one that can be written
        edit = Edit(here.iteration, here.step, reference.symbol, reference.index, number)
        self._forked += 1
        return self.fork(f"fork-{self._forked}", self.branch.parent_at(here.iteration, here.step), (edit,))

    def replace_steps(self, *lines: str) -> Branch:
        """Compute symbols by other formulas, `SYMBOL = FORMULA`, from this iteration on: a fork begins.

        The steps keep their order, so that positions mean the same in both. Raises ExpressionError for what cannot be
        read, ProgramError for what does not fit.
        """
        here = self.position
        parent = self.branch.parent_at(here.iteration, here.step)
        scenario = parent.scenario
        changes = [Replacement(here.iteration, replaced_by(scenario.names, line), line) for line in lines]
        for change in changes:
            scenario = self._with_step(scenario, change)  # where that fails, there is no fork
        self._forked += 1
        return self.fork(f"fork-{self._forked}", parent, changes)

    def fork(self, name: str, parent: Branch, changes: Sequence[Change]) -> Branch:
        """A new branch with a name of its own, by changes of a parent one after another; the cursor is on it then.

        A change that does not say in which fork it was made is this one's.
        """
        if name in self.branches:
            raise EditError(words.FORK_EXISTS.format(name=name))
        branch = parent
        for place, each in enumerate(changes):
            called = name if place == len(changes) - 1 else ""
            change = each if each.fork else replace(each, fork=name)
            scenario, machine, edits, replaced = branch.scenario, branch.machine, branch.edits, branch.replaced
            if isinstance(change, Replacement):
                scenario, replaced = self._with_step(scenario, change), (*replaced, change)
                machine = Machine(scenario.program, machine.batches)
            else:
                machine, edits = machine.edited(change), (*edits, change)
            branch = Branch(called, branch, scenario, machine, self.history_bytes, edits, replaced)
        number = name.removeprefix("fork-")
        self._forked = max(self._forked, int(number) if number.isdecimal() and len(number) < 10 else 0)
        self.branches[name] = branch
        self.branch = branch
        self.restorer.computed(branch, self.position)
        return branch

    @staticmethod
    def _with_step(scenario: Scenario, change: Replacement) -> Scenario:
        """The scenario with another step in the place of one. Raises ProgramError where that would come later."""
        program = with_replaced(scenario.names, [change.line])
        for before, after in zip(scenario.program.steps, program.steps, strict=True):
            if before.symbol != after.symbol:
                step = program.steps[program.writers[change.symbol]]
                places = scenario.program.writers
                late = max(step.operands, key=lambda name: places.get(name, -1))
                shown = scenario.names.dressed_own
                raise OutOfOrder(words.IN_ANOTHER_ORDER.format(symbol=shown(change.symbol), late=shown(late)))
        return scenario.with_program(program)

    def switch(self, name: str, progress: Progress | None = None) -> bool:
        """To another branch, at the same position; False where that was stopped. KeyError where there is none."""
        before, self.branch = self.branch, self.branches[name]
        if not self.goto(self.position, progress):
            self.branch = before
            return False
        return True

    def drop(self, name: str, progress: Progress | None = None) -> bool:
        """Forget a fork; what was forked from it stays. From the present one it is switched to what it was forked from:
        False, and nothing is dropped, where that was stopped. Raises EditError for the original, KeyError for no fork.
        """
        if name == ORIGINAL:
            raise EditError(words.ORIGINAL_STAYS)
        branch = self.branches[name]
        if self.branch is branch and not self.switch(self.kept_ancestor(branch).name, progress):
            return False
        del self.branches[name]
        self.restorer.forget(branch)
        return True

    def kept_ancestor(self, fork: Branch) -> Branch:
        """The nearest of a fork's ancestors that has not been dropped; the original never is."""
        return next(each for each in fork.line() if each is not fork and self.branches.get(each.name) is each)

    def parent_of(self, branch: Branch) -> str:
        """The name of what a branch is a fork of; "" for the original, and where that has been dropped."""
        parent = branch.parent
        while parent is not None and not parent.name:  # one of several changes that were made at once
            parent = parent.parent
        return parent.name if parent is not None and self.branches.get(parent.name) is parent else ""

    def prepare(self, name: str, progress: Progress | None = None) -> bool:
        """See to it that another branch can be looked at here; False where that was stopped."""
        iteration = self.position.iteration
        return self.restorer.reach(self.branches[name], iteration, progress) == iteration

    def values_in(self, name: str) -> Mapping[str, Array]:
        """Every value at the cursor's position in another branch. KeyError where there is none."""
        return self.restorer.computed(self.branches[name], self.position).at(self.position.step)

    def losses_in(self, name: str) -> tuple[Array, Mask]:
        """The losses of iterations 1, 2, … of a branch, as far as any ran in it, and which are known. KeyError."""
        return self.branches[name].seen()

    def first_difference(self, name: str, other: str, progress: Progress | None = None) -> Position | None:
        """The first position at which two branches differ; None where they never do, or where that was stopped."""
        from gradstep.engine.timeline.search import first_difference  # noqa: PLC0415 - loaded by the first search

        return first_difference(self.restorer, self.branches[name], self.branches[other], progress)

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────────

    def __getitem__(self, name: str) -> Array:
        """The array of a symbol, name or label at the cursor; KeyError if unknown or not computed yet."""
        reference = self.names.resolve(name)
        value = self.value(reference.symbol)
        return value if reference.index is None else value[reference.index]

    def value(self, symbol: str) -> Array:
        """The array of a symbol at the cursor; KeyError if it is not computed yet."""
        place = self.program.writers.get(symbol)
        if place is not None and place >= self.position.step:
            shown, here = self.names.dressed_own(symbol), self.course.said(self.position)
            raise KeyError(words.NOT_COMPUTED_YET.format(symbol=shown, position=here))
        return self.restorer.computed(self.branch, self.position).value(symbol, self.position.step)

    def values(self, position: Position | None = None) -> dict[str, Array]:
        """Every symbol that has a value at a position, by default the cursor's, in the order of the program."""
        here = position or self.position
        return self.restorer.computed(self.branch, here).at(here.step)

    def provenance(self) -> Provenance:
        """The provenance of the numbers at the cursor."""
        if self._provenance is None or self._provenance[:2] != (self.branch, self.position):
            self._provenance = self.branch, self.position, self.provenance_at(self.position)
        return self._provenance[2]

    def provenance_at(self, position: Position) -> Provenance:
        """The same of any position."""
        branch, frame = self.branch, self.restorer.computed(self.branch, position)
        by_hand: dict[Element, tuple[Edit, ...]] = {}
        for edit in branch.edits_in(position.iteration):
            if edit.step <= position.step:
                for index in branch.machine.batches.places(edit):
                    element = Element(edit.symbol, index)
                    by_hand[element] = (*by_hand.get(element, ()), edit)
        values, replaced = frame.at(position.step), frame.replaced(position.step)
        owner = branch.owning(position.iteration).machine
        machine = branch.machine if owner.program is branch.machine.program else owner
        return Provenance(machine, position.iteration, values, replaced, by_hand, branch.edits)

    def what_became_non_finite(self) -> str:
        """The word for the last step's result where it is not finite though its operands are; "" otherwise."""
        symbol, provenance = self.position.symbol, self.provenance()
        if symbol is None:
            return ""
        place = self.position.step - 1
        made = provenance.read(symbol, place)  # as the step has made it: it may have been set by hand since
        if any(not np.isfinite(provenance.read(name, place)).all() for name in self.program.steps[place].operands):
            return ""
        return "NaN" if np.isnan(made).any() else words.INFINITE if np.isinf(made).any() else ""

    def moment(self) -> Moment:
        """A frozen view of the cursor's position."""
        here = self.position
        earlier = self.course.destination("iteration", here, -1) if here.iteration > 1 else None
        provenance = self.provenance()
        losses, known = self.branch.seen()
        if len(losses) == here.iteration and self.program.loss not in provenance.values:
            # The last loss there is lies just ahead: it is shown again once the cursor has passed it.
            losses, known = losses[:-1], known[:-1]
        branch = self.branch
        last = max(each.checkpoints.last for each in branch.line())
        return Moment(
            scenario=self.scenario,
            position=here,
            provenance=provenance,
            previous=self.values(earlier) if earlier else {},
            losses=losses,
            known=known,
            measured={symbol: self._measured(symbol) for symbol in self.program.measured_symbols},
            branch=branch.name,
            parent=self.parent_of(branch),
            replaced=branch.replaced,
            figures=self.figures(),
            history=HistoryView(1, last, branch.checkpoints.stride, self.restorer.bytes, self.history_bytes),
        )

    def _measured(self, symbol: str) -> tuple[list[int], list[float]]:
        """As `Branch.measured`, without what lies just ahead in the cursor's own iteration."""
        places, values = self.branch.measured(symbol)
        if places and places[-1] == self.position.iteration and self.program.writers[symbol] >= self.position.step:
            return places[:-1], values[:-1]
        return places, values
