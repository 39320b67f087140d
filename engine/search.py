"""Looks through iterations for the moments at which stops hit, forwards and backwards.

A `Scanner` is shown one iteration after another, in order, and gives its hits. Where the values come from (a run at
full speed, or a frame that is being looked at) makes no difference to what it finds. A `Search` chooses what it is
shown: on from the cursor, or stretch by stretch back from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.branches import Branch
from engine.machine import Frame, Run
from engine.operation import Array
from engine.positions import Position
from engine.program import Program
from engine.recall import PULSE, Progress, Recall
from engine.stops import LOSS_RISES, NON_FINITE, PHASE, STEP, WINDOW, Stop, Trigger, Values, non_finite_steps, rises

ZEROS = np.zeros(2**16)


@dataclass(frozen=True)
class Hit:
    """A step of an iteration after which a stop hits; `stop` is its place among those that were asked."""

    step: int
    stop: int


@dataclass(frozen=True)
class Found:
    """Where a search ended. stops: those that hit there; none at an end of the run, or where it was broken off."""

    position: Position
    stops: tuple[Stop, ...]
    finished: bool


Window = Callable[[int, int], Array]  # the losses of iterations from … to …


class Scanner:
    """Asks triggers of one iteration after another. `window` gives the losses that are known.

    measured_before: what was measured last before an iteration; that is what `prev` of it means.
    """

    def __init__(
        self, triggers: Sequence[Trigger], program: Program, window: Window, measured_before: Callable[[int], Values]
    ) -> None:
        self.triggers = tuple(triggers)
        self._measured_before = measured_before
        self._program = program
        self._window = window
        kinds = {trigger.stop.kind for trigger in triggers}
        self._watches_numbers = NON_FINITE in kinds
        self._watches_loss = LOSS_RISES in kinds
        self._earlier = frozenset().union(*(trigger.earlier for trigger in triggers))
        self._previous: tuple[int, Values] | None = None

    @property
    def wanted(self) -> frozenset[str] | None:
        """The symbols that a run must compute for it; None for all."""
        if self._watches_numbers:
            return None
        return frozenset().union(self._earlier, *(trigger.now for trigger in self.triggers))

    @cached_property
    def measures(self) -> bool:
        """Whether it asks for what is measured now and then."""
        needed = self._earlier.union(*(trigger.now for trigger in self.triggers))
        return any(step.phase == "measure" and step.symbol in needed for step in self._program.steps)

    @property
    def looks_back(self) -> bool:
        """Whether it has to be shown the iteration before the first one that it is asked about."""
        return any(trigger.looks_back for trigger in self.triggers)

    def show_frame(self, frame: Frame, *, ask: bool = True) -> list[Hit]:
        """The hits of an iteration that is there as a frame."""
        length = self._program.length(frame.iteration)
        hits = self._hits(frame.iteration, frame.at) if ask else []
        self._remember(frame.iteration, frame.at(length))
        return hits

    def show_run(self, run: Run, *, ask: bool = True) -> list[Hit]:
        """The hits of the iteration that a run has just run; the losses of it must be known already."""
        iteration, values = run.iteration - 1, run.values
        finite = not self._watches_numbers or is_finite(run.arena)
        hits = self._hits(iteration, lambda step: values, finite=finite) if ask else []
        self._remember(iteration, values)
        return hits

    def _hits(self, iteration: int, values_at: Callable[[int], Values], *, finite: bool = False) -> list[Hit]:
        previous = self._previous[1] if self._previous and self._previous[0] == iteration - 1 else None
        if previous is not None and self.measures:
            previous = {**previous, **self._measured_before(iteration)}
        hits: list[Hit] = []
        for number, trigger in enumerate(self.triggers):
            if trigger.stop.kind == NON_FINITE:
                if not finite:
                    hits += [Hit(step, number) for step in non_finite_steps(self._program, values_at)]
            elif trigger.stop.kind == LOSS_RISES:
                if self._begins_to_rise(iteration):
                    hits.append(Hit(self._program.writers[self._program.loss] + 1, number))
            else:
                for step in trigger.steps(iteration):
                    if trigger.holds(values_at(step), previous, iteration, step):
                        hits.append(Hit(step, number))
        hits.sort(key=lambda hit: hit.step)
        return hits

    def _begins_to_rise(self, iteration: int) -> bool:
        if iteration < 2 * WINDOW or not rises(self._window(iteration - 2 * WINDOW + 1, iteration)):
            return False
        before = self._window(iteration - 2 * WINDOW, iteration - 1)
        return iteration == 2 * WINDOW or not rises(before)

    def _remember(self, iteration: int, values: Mapping[str, Array]) -> None:
        if not self.looks_back:
            return
        if self._previous is None:
            self._previous = iteration, {name: values[name].copy() for name in self._earlier if name in values}
            return
        kept = dict(self._previous[1])
        for name in self._earlier:
            if name not in values:
                kept.pop(name, None)
            elif name in kept:
                np.copyto(kept[name], values[name])
            else:
                kept[name] = values[name].copy()
        self._previous = iteration, kept


def is_finite(arena: Array) -> bool:
    """Whether every number of a block is finite: 0 times it is 0 then, and NaN otherwise."""
    with np.errstate(all="ignore"):
        for begin in range(0, arena.size, ZEROS.size):
            piece = arena[begin : begin + ZEROS.size]
            if np.isnan(np.dot(piece, ZEROS[: piece.size])):
                return False
    return True


class Search:
    """Looks for hits of triggers on a branch, forwards and backwards, by what a `Recall` comes to."""

    def __init__(self, recall: Recall, branch: Branch, triggers: Sequence[Trigger], progress: Progress | None) -> None:
        self.recall = recall
        self.course = recall.course
        self.program = recall.program
        self.branch = branch
        self.triggers = list(triggers)
        self._told = _Told(progress)

    @property
    def stopped(self) -> bool:
        """Whether it was broken off."""
        return self._told.stopped

    def run(self, direction: int, here: Position) -> tuple[tuple[Position, list[int]] | None, int]:
        """The nearest hit after (+1) or before (−1) a position: where, and of which triggers; None for none.

        And the iteration up to whose beginning there was none.
        """
        told = self._told
        counted = [t for t in self.triggers if t.stop.every > 1 and not counted_without_looking(t)]
        if counted and not self._count(counted, here.iteration - 1, told):
            return None, here.iteration
        if direction > 0:
            return self._first_hit(self.triggers, here, self.course.iterations, told)
        return self._last_hit(self.triggers, here, told)

    def _first_hit(
        self, triggers: list[Trigger], here: Position, end: int, told: _Told
    ) -> tuple[tuple[Position, list[int]] | None, int]:
        """The first hit after `here`, and the iteration up to which there was none."""
        found: list[tuple[Position, list[int]]] = []

        def ask(iteration: int, hits: list[tuple[int, int]]) -> bool:
            later = [hit for hit in hits if (iteration, hit[0]) > (here.iteration, here.step)]
            if later:
                step = later[0][0]
                found.append((self.course.at(iteration, step), [number for at, number in later if at == step]))
            return not found

        reached = self._scan(triggers, here.iteration, end, ask, told)
        return (found[0] if found else None), reached

    def _last_hit(
        self, triggers: list[Trigger], here: Position, told: _Told
    ) -> tuple[tuple[Position, list[int]] | None, int]:
        """The last hit before `here`: stretch by stretch from checkpoint to checkpoint, each of them forwards."""
        found: list[tuple[Position, list[int]]] = []

        def ask(iteration: int, hits: list[tuple[int, int]]) -> bool:
            earlier = [hit for hit in hits if (iteration, hit[0]) < (here.iteration, here.step)]
            if earlier:
                step = earlier[-1][0]
                found[:] = [(self.course.at(iteration, step), [number for at, number in earlier if at == step])]
            return True

        last, lead = (
            here.iteration,
            Scanner(triggers, self.program, self.branch.losses_of, self.branch.measured_before).looks_back,
        )
        if here.step == 0:
            return None, 1
        while last >= 1:
            first = self._stretch(last, lead)
            told.base, told.total = here.iteration - last, here.iteration
            reached = self._scan(triggers, first, last, ask, told)
            if found or told.stopped:
                return (found[0] if found and not told.stopped else None), reached
            last = first - 1
        return None, 1

    def _stretch(self, last: int, lead: bool) -> int:
        """Where to begin to look so as to end with iteration `last`: at a known state, or one later if `lead`."""
        if self.recall.known(self.branch, last) is not None:
            return last
        target = last - 1 if lead and last > 1 else last
        owner = self.branch.owning(target)
        found = owner.history.nearest(target)
        begin = found[0] if found is not None else owner.first
        return min(last, begin + 1) if lead and begin > 1 else begin

    def _scan(
        self,
        triggers: list[Trigger],
        first: int,
        last: int,
        ask: Callable[[int, list[tuple[int, int]]], bool],
        told: _Told,
    ) -> int:
        """Show iterations first to last to `ask` with their hits, until it gives False; how far that came.

        A hit is a step and the place of a trigger. Those that count are asked for the hits that they count to.
        """
        branch = self.branch
        scanner = Scanner(triggers, self.program, branch.losses_of, branch.measured_before)
        iteration = first - 1 if scanner.looks_back and first > 1 else first
        while iteration <= last:
            owner = branch.owning(iteration)
            frame = self.recall.known(branch, iteration)
            if frame is not None or owner.edits_in(iteration):
                frame = self.recall.frame(branch, iteration)
                self.recall.computed(branch, self.course.at(iteration, self.course.length(iteration)))
                hits = scanner.show_frame(frame, ask=iteration >= first)
                if iteration >= first and not ask(iteration, self._due(branch, triggers, iteration, hits)):
                    return iteration
                iteration += 1
                continue
            until = self._edited_after(branch, iteration, last)
            iteration = self._scan_run(scanner, iteration, until, first, ask, told)
            if told.stopped or iteration <= until:
                return iteration
        return iteration

    def _edited_after(self, branch: Branch, iteration: int, last: int) -> int:
        """The last iteration up to `last` that a run reaches before one with edits in it, or of another branch."""
        edited = (edit.iteration for edit in branch.edits if edit.iteration >= iteration)
        return min(last, min(edited, default=last + 1) - 1)

    def _scan_run(
        self,
        scanner: Scanner,
        iteration: int,
        last: int,
        first: int,
        ask: Callable[[int, list[tuple[int, int]]], bool],
        told: _Told,
    ) -> int:
        """As `_scan`, for iterations that one run goes through; gives the next one, or the one where it ended."""
        owner, branch = self.branch.owning(iteration), self.branch
        began, packed = self.recall.state(branch, iteration, told.within(iteration - first))
        if began < iteration:
            return began
        self.recall.make_room(owner)
        history, run = owner.history, self.recall.run(owner, scanner.wanted)
        run.start(packed, iteration)
        triggers = list(scanner.triggers)
        pulse = time.perf_counter()
        while run.iteration <= last:
            self.recall.advance(owner, run, 1, measure=scanner.measures)
            done = run.iteration - 1
            hits = scanner.show_run(run, ask=done >= first)
            if history.next_checkpoint(done) == run.iteration:
                history.keep(run.iteration, run.packed(), near=False)
            if done >= first and not ask(done, self._due(branch, triggers, done, hits)):
                history.keep(done + 1, run.packed(), near=True)
                return done
            if time.perf_counter() - pulse > PULSE:
                pulse = time.perf_counter()
                if not told(done - first + 1, last - first + 1):
                    history.keep(done + 1, run.packed(), near=True)
                    return done + 1
        return run.iteration

    # Hits are counted from the start of the run, so that the tenth is the tenth from whichever side it is come to.

    def _count(self, triggers: list[Trigger], until: int, told: _Told) -> bool:
        """See to it that the hits of all iterations up to `until` are counted; False where that was stopped."""
        first = min(self._counted(self.branch, trigger) for trigger in triggers) + 1
        if first > until:
            return True
        quiet = [Trigger(trigger.stop, trigger.names, trigger.epoch) for trigger in triggers]
        self._scan(quiet, first, until, lambda iteration, hits: True, told)
        return not told.stopped

    def _counted(self, branch: Branch, trigger: Trigger) -> int:
        """The last iteration up to which a trigger's hits have been counted."""
        for owner in branch.line():
            sums = owner.hits.get(trigger.stop.identity)
            if sums:
                return min(owner.first + len(sums) - 1, self._shared(branch, owner))
        return 0

    def _shared(self, branch: Branch, owner: Branch) -> int:
        """The last iteration of `owner` that is `branch`'s, too."""
        last = self.course.iterations
        for each in branch.line():
            if each is owner:
                return last
            last = min(last, each.first - 1)
        return last

    def _count_before(self, branch: Branch, trigger: Trigger, iteration: int) -> int | None:
        """How many hits lie in the iterations before this one; None where they have not been counted."""
        total, last = 0, iteration - 1
        for owner in branch.line():
            if last < owner.first:
                continue
            sums = owner.hits.get(trigger.stop.identity, [])
            if last - owner.first + 1 > len(sums):
                return None
            total += sums[last - owner.first]
            last = owner.first - 1
        return total

    def _due(
        self, branch: Branch, triggers: list[Trigger], iteration: int, hits: Sequence[Hit]
    ) -> list[tuple[int, int]]:
        """The hits that count, of those of an iteration: every n-th where a stop says so."""
        numbers: dict[int, list[int]] = {}
        for hit in hits:
            numbers.setdefault(hit.stop, []).append(hit.step)
        due: list[tuple[int, int]] = []
        for number, trigger in enumerate(triggers):
            steps, every = numbers.get(number, []), trigger.stop.every
            if every == 1:
                due += [(step, number) for step in steps]
                continue
            before = self._hits_before(branch, trigger, iteration, len(steps))
            due += [(step, number) for count, step in enumerate(steps, before + 1) if count % every == 0]
        return sorted(due)

    def _hits_before(self, branch: Branch, trigger: Trigger, iteration: int, found: int) -> int:
        """How often a stop hits before an iteration, which itself has `found` hits."""
        if counted_without_looking(trigger):
            place = trigger.steps(self.program.measure_every or 1).start
            if place <= self.program.length(1) or self.program.measure_every == 1:
                return iteration - 1
            return (iteration - 1) // self.program.measure_every
        before = self._count_before(branch, trigger, iteration) or 0
        owner = branch.owning(iteration)
        sums = owner.hits.setdefault(trigger.stop.identity, [])
        if len(sums) == iteration - owner.first:
            sums.append((sums[-1] if sums else 0) + found)
        return before


class _Told:
    """A Progress that may be None, adds what was done before, and remembers that it said stop."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.stopped = False
        self.base = 0
        self.total: int | None = None

    def __call__(self, done: int, total: int) -> bool:
        if self._progress is not None and not self._progress(self.base + done, self.total or total):
            self.stopped = True
        return not self.stopped

    def within(self, done: int) -> Progress:
        """The same for a part of the way."""
        return lambda part, of: self(max(0, done), max(1, of))


def counted_without_looking(trigger: Trigger) -> bool:
    """Whether its hits are a matter of counting iterations: a step or phase without a condition."""
    return trigger.stop.kind in (STEP, PHASE) and trigger.tree is None
