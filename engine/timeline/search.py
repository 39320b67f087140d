"""Looks through iterations for the moments at which stops hit, forwards and backwards, and at which branches part.

A `Search` chooses what a `Scanner` is shown: on from the cursor, or stretch by stretch back from it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.data.batches import Edit
from gradstep.engine.health.monitor import Begun, Monitor
from gradstep.engine.health.symptoms import Symptom
from gradstep.engine.program.positions import Position
from gradstep.engine.progress import Progress, Pulse
from gradstep.engine.stops.scanner import Hit, Scanner
from gradstep.engine.stops.stops import PHASE, STEP, Stop
from gradstep.engine.stops.trigger import Trigger
from gradstep.engine.timeline.branches import Branch
from gradstep.engine.timeline.restore import Restorer

Hits = tuple[Position, list[int], list[Symptom]]  # where, which triggers hit there, and the symptoms that begin there
Ask = Callable[[int, list[Hit]], bool]  # shown an iteration with its hits, it says whether to go on


STRETCH = 64  # iterations that a search back takes at once at least, where it has to begin some before the first


@dataclass(frozen=True)
class Found:
    """Where a search ended. stops: those that hit there; none at an end of the run, or where it was broken off.

    symptoms: what begins there, of which some of the stops may be.
    """

    position: Position
    stops: tuple[Stop, ...]
    finished: bool
    symptoms: tuple[Symptom, ...] = ()


class Search:
    """Looks for hits of triggers on a branch, forwards and backwards, by what a `Restorer` comes to."""

    def __init__(
        self, restorer: Restorer, branch: Branch, triggers: Sequence[Trigger], progress: Progress | None
    ) -> None:
        self.restorer = restorer
        self.course = restorer.course
        self.branch = branch
        self.triggers = list(triggers)
        self.pulse = Pulse(progress)
        self._counts = any(trigger.stop.every > 1 for trigger in self.triggers)
        self._begun: list[Begun] = []  # in the iteration that was looked at last

    def run(self, direction: int, here: Position) -> tuple[Hits | None, int]:
        """The nearest hit after (+1) or before (−1) a position, if any, and the iteration before which none is.

        Backwards it goes stretch by stretch from checkpoint to checkpoint, each of them forwards.
        """
        counted = [t for t in self.triggers if t.stop.every > 1 and not counted_without_looking(t)]
        if counted and not self._count(counted, here.iteration - 1):
            return None, here.iteration
        if direction > 0:
            self.pulse.begin(self.course.iterations - here.iteration + 1)
            return self._look(here.iteration, self.course.iterations, here, direction)
        last, lead = here.iteration if here.step else 0, self._scanner(self.triggers).lead
        while last >= 1:
            first = self._stretch(last, lead)
            self.pulse.begin(here.iteration, before=here.iteration - last)
            found, reached = self._look(first, last, here, direction)
            if found or self.pulse.stopped:
                return (None if self.pulse.stopped else found), reached
            last = first - 1
        return None, 1

    def survey(self, first: int, last: int) -> int:
        """Ask the triggers of iterations first to last; gives how far that came. What begins is on record then."""
        self.pulse.begin(last - first + 1)
        return self._scan(self.triggers, first, last, lambda iteration, hits: True)

    def _look(self, first: int, last: int, here: Position, direction: int) -> tuple[Hits | None, int]:
        """The first hit after a position, or the last before it, in these iterations, and how far it has looked."""
        found: list[Hits] = []
        lies_beyond = operator.gt if direction > 0 else operator.lt

        def ask(iteration: int, hits: list[Hit]) -> bool:
            beyond = [hit for hit in hits if lies_beyond((iteration, hit[0]), (here.iteration, here.step))]
            if beyond:
                step = beyond[0 if direction > 0 else -1][0]
                numbers = [number for at, number in beyond if at == step]
                symptoms = [symptom for at, symptom in self._begun if at == step]
                found[:] = [(self.course.at(iteration, step), numbers, symptoms)]
            return direction < 0 or not found

        reached = self._scan(self.triggers, first, last, ask)
        return (found[0] if found else None), reached

    def _scanner(self, triggers: Sequence[Trigger]) -> Scanner:
        branch, machine = self.branch, self.branch.machine

        def monitor() -> Monitor:
            edited = {edit.iteration for edit in branch.edits}
            return Monitor(machine.program, machine.batches, branch.losses_of, edited)

        return Scanner(triggers, machine.program, branch.losses_of, branch.measured_before, monitor)

    def _stretch(self, last: int, lead: int) -> int:
        """Where to begin to look so as to end with iteration `last`: `lead` iterations after a known state."""
        if self.restorer.known(self.branch, last) is not None:
            return last
        target = max(1, last - lead - (STRETCH if lead > 1 else 0))
        owner = self.branch.owning(target)
        found = owner.checkpoints.nearest(target)
        begin = found[0] if found is not None else owner.first
        return min(last, begin + lead) if begin > 1 else begin

    def _scan(self, triggers: list[Trigger], first: int, last: int, ask: Ask) -> int:
        """Show iterations first to last to `ask` with their hits, until it gives False; how far that came.

        A hit is a step and the place of a trigger. Those that count are asked for the hits that they count to.
        """
        with np.errstate(all="ignore"):
            return self._scan_quietly(triggers, first, last, ask)

    def _scan_quietly(self, triggers: list[Trigger], first: int, last: int, ask: Ask) -> int:
        branch = self.branch
        scanner = self._scanner(triggers)
        iteration = max(1, first - scanner.lead)
        while iteration <= last:
            owner = branch.owning(iteration)
            frame = self.restorer.known(branch, iteration)
            if frame is not None or owner.edits_in(iteration):
                frame = self.restorer.frame(branch, iteration)
                self.restorer.computed(branch, self.course.at(iteration, self.course.length(iteration)))
                hits = scanner.show_frame(frame, ask=iteration >= first)
                self._note(owner, iteration, first, scanner)
                if iteration >= first and not ask(iteration, self._due(triggers, iteration, hits)):
                    return iteration
                iteration += 1
                continue
            changed = (change.iteration for change in branch.changes if change.iteration > iteration)
            until = min(last, min(changed, default=last + 1) - 1)  # where a run is another's, or one with edits begins
            iteration = self._scan_run(scanner, iteration, until, first, ask)
            if self.pulse.stopped or iteration <= until:
                return iteration
        return iteration

    def _note(self, owner: Branch, iteration: int, first: int, scanner: Scanner) -> None:
        """Remember what began in an iteration that was shown, if it is asked about."""
        self._begun = scanner.begun
        if scanner.monitors and iteration >= first:
            owner.health.note(iteration, scanner.begun)

    def _scan_run(self, scanner: Scanner, iteration: int, last: int, first: int, ask: Ask) -> int:
        """As `_scan`, for iterations that one run goes through; gives the next one, or the one where it ended."""
        owner, branch = self.branch.owning(iteration), self.branch
        began, packed = self.restorer.state(branch, iteration, self.pulse.waits)
        if began < iteration:
            return began
        self.restorer.make_room(owner)
        checkpoints, run = owner.checkpoints, self.restorer.run(owner, scanner.wanted)
        run.start(packed, iteration)
        triggers = list(scanner.triggers)
        while run.iteration <= last:
            self.restorer.advance(owner, run, 1, measure=scanner.measures)
            done = run.iteration - 1
            hits = scanner.show_run(run, ask=done >= first)
            self._note(owner, done, first, scanner)
            if checkpoints.next_checkpoint(done) == run.iteration:
                checkpoints.keep(run.iteration, run.packed(), near=False)
            if done >= first and not ask(done, self._due(triggers, done, hits)):
                checkpoints.keep(done + 1, run.packed(), near=True)
                return done
            if not self.pulse.goes_on(done - first + 1):
                checkpoints.keep(done + 1, run.packed(), near=True)
                return done + 1
        return run.iteration

    # Hits are counted from the start of the run, so that the tenth is the tenth from whichever side it is come to.

    def _count(self, triggers: list[Trigger], until: int) -> bool:
        """See to it that the hits of all iterations up to `until` are counted; False where that was stopped."""
        first = min(self._counted(trigger) for trigger in triggers) + 1
        if first > until:
            return True
        quiet = [Trigger(trigger.stop, trigger.names, trigger.epoch) for trigger in triggers]
        self.pulse.begin(until - first + 1)
        self._scan(quiet, first, until, lambda iteration, hits: True)
        return not self.pulse.stopped

    def _counted(self, trigger: Trigger) -> int:
        """The last iteration up to which a trigger's hits have been counted."""
        for owner, until in self.branch.shares():
            sums = owner.hits.get(trigger.stop.identity)
            if sums:
                return min(owner.first + len(sums), until) - 1
        return 0

    def _count_before(self, trigger: Trigger, iteration: int) -> int | None:
        """How many hits lie in the iterations before this one; None where they have not been counted."""
        total, last = 0, iteration - 1
        for owner in self.branch.line():
            if last < owner.first:
                continue
            sums = owner.hits.get(trigger.stop.identity, [])
            if last - owner.first + 1 > len(sums):
                return None
            total += sums[last - owner.first]
            last = owner.first - 1
        return total

    def _due(self, triggers: list[Trigger], iteration: int, hits: Sequence[Hit]) -> list[Hit]:
        """The hits that count, of those of an iteration: every n-th where a stop says so."""
        if not hits and not self._counts:
            return []
        due: list[Hit] = []
        for number, trigger in enumerate(triggers):
            steps, every = [step for step, stop in hits if stop == number], trigger.stop.every
            before = self._hits_before(trigger, iteration, len(steps)) if every > 1 else 0
            due += [(step, number) for count, step in enumerate(steps, before + 1) if count % every == 0]
        return sorted(due)

    def _hits_before(self, trigger: Trigger, iteration: int, found: int) -> int:
        """How often a stop hits before an iteration, which itself has `found` hits."""
        if counted_without_looking(trigger):
            program = trigger.program
            place = trigger.steps(program.first_measured).start
            if place <= len(program.steps) - program.measures:
                return iteration - 1
            return program.measurements(iteration - 1)
        before = self._count_before(trigger, iteration) or 0
        owner = self.branch.owning(iteration)
        sums = owner.hits.setdefault(trigger.stop.identity, [])
        if len(sums) == iteration - owner.first:
            sums.append((sums[-1] if sums else 0) + found)
        return before


def counted_without_looking(trigger: Trigger) -> bool:
    """Whether its hits are a matter of counting iterations: a step or phase without a condition."""
    return trigger.stop.kind in (STEP, PHASE) and trigger.tree is None


def first_difference(restorer: Restorer, one: Branch, two: Branch, progress: Progress | None = None) -> Position | None:
    """The first position at which two branches differ; None where they never do, or where that was stopped."""
    common = 0
    while common < min(len(one.edits), len(two.edits)) and _same(one.edits[common], two.edits[common]):
        common += 1
    moments = [(edit.iteration, edit.step) for edit in (*one.edits[common:], *two.edits[common:])]
    steps = {(each.iteration, 1) for each in {*one.replaced} ^ {*two.replaced}}
    if not moments and not steps:
        return None
    begin, first_step = min((*moments, *steps))
    end = restorer.course.iterations
    last_edit = end if steps else max(iteration for iteration, _ in moments)
    pulse = Pulse(progress, end - begin + 1)
    iteration = begin
    while iteration <= end and pulse.goes_on(iteration - begin):
        if all(change.iteration != iteration for change in (*one.changes, *two.changes)):
            same_until = _same_until(restorer, (one, two), iteration, lambda done: pulse.goes_on(done - begin))
            if same_until > iteration or pulse.stopped:
                iteration = same_until
                continue
        step = first_step if iteration == begin else 1
        apart = _apart_after(restorer, (one, two), iteration, step)
        if apart is not None:
            return restorer.course.at(iteration, apart)
        iteration += 1
        if iteration > last_edit and not _apart(*({"": restorer.state(each, iteration)[1]} for each in (one, two))):
            return None
    return None


def _apart_after(restorer: Restorer, branches: Sequence[Branch], iteration: int, first: int) -> int | None:
    """After which of an iteration's steps, from `first` on, values of two branches differ first; None after none."""
    edited = {edit.step for branch in branches for edit in branch.edits if edit.iteration == iteration}
    steps = restorer.course.program.steps
    for place in range(first, restorer.course.length(iteration) + 1):
        position = restorer.course.at(iteration, place)
        here, there = (restorer.computed(branch, position).view(place) for branch in branches)
        if place == first or place in edited:
            names: Iterable[str] = here
        else:
            names = [steps[place - 1].symbol]
        if _apart(here, there, names):
            return place
    return None


def _same_until(restorer: Restorer, branches: Sequence[Branch], first: int, goes_on: Callable[[int], bool]) -> int:
    """The first iteration from `first` on in which a value of two branches differs, or something changes in one of
    them; the first that was not looked at, where that was stopped. Both are run at full speed, side by side.
    """
    changed = (change.iteration for branch in branches for change in branch.changes if change.iteration > first)
    until = min(changed, default=restorer.course.iterations + 1)
    owners = [branch.owning(first) for branch in branches]
    states = [restorer.state(branch, first)[1] for branch in branches]
    runs = [owner.machine.run(None) for owner in owners]  # of the same machine, perhaps
    for run, packed in zip(runs, states, strict=True):
        run.start(packed, first)
    for iteration in range(first, until):
        if not goes_on(iteration):
            return iteration
        for owner, run in zip(owners, runs, strict=True):
            restorer.advance(owner, run, 1, measure=True)
        if _apart(runs[0].values, runs[1].values):
            return iteration
        for owner, run in zip(owners, runs, strict=True):
            if iteration + 1 in (until, owner.checkpoints.next_checkpoint(iteration)):
                restorer.make_room(owner)
                owner.checkpoints.keep(iteration + 1, run.packed(), near=iteration + 1 == until)
    return until


def _apart(here: Mapping[str, Array], there: Mapping[str, Array], names: Iterable[str] | None = None) -> bool:
    """Whether any of the same values, or of those of these names, differ in a bit."""
    return any(here[name].tobytes() != there[name].tobytes() for name in (here if names is None else names))


def _same(one: Edit, other: Edit) -> bool:
    """Whether two edits set the same element to the same bits, at the same moment."""
    return one == other and math.copysign(1.0, one.value) == math.copysign(1.0, other.value)
