"""The whole run of a scenario with a cursor on it that goes both ways, and the forks that were made of it.

An iteration is a pure function of the state that it starts from and of its number, so going back is never undoing:
within an iteration it moves the cursor, across iterations it recomputes from the nearest state that history kept.
What is shown of a moment is a `Moment`, which nothing changes afterwards.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.branches import ORIGINAL, Branch, Known, patch_of
from engine.machine import Edit, Frame, Machine, Run
from engine.names import Reference
from engine.operation import Array, written
from engine.positions import Course, Position
from engine.program import Program, Step
from engine.scenario import Scenario
from engine.search import Found, Hit, Scanner, counted_without_looking
from engine.stops import BUILT_IN, CONDITION, Stop, Trigger

# Told how many iterations of how many have been recomputed; gives False to stop.
Progress = Callable[[int, int], bool]

HISTORY_BYTES = 64 * 2**20
FRAMES = 4  # iterations whose every value is kept; of very large ones only this and the one before
FRAME_BYTES = 256 * 2**20  # what they may take together
RUNS = 2  # sets of buffers that are kept for the next run
PULSE = 0.05  # seconds between two calls of a Progress, about


class EditError(ValueError):
    """A value that cannot be changed where the cursor is; the message says why."""


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

    values: what has a value at the position, by symbol. previous: the same symbols one iteration earlier, as far
    as that iteration computed them; empty in the first. losses, known: of iterations 1, 2, …, as far as any ran,
    but without a last one that lies just ahead, in the cursor's own iteration. measured: symbol → the iterations
    in which it was measured, and what it was. branch: the name of the present one; edits: those that it takes.
    """

    scenario: Scenario
    position: Position
    length: int
    iterations: int
    epoch: int
    step: Step | None
    next_step: Step | None
    values: Mapping[str, Array]
    previous: Mapping[str, Array]
    losses: Array
    known: Known
    measured: Mapping[str, tuple[list[int], list[float]]] = field(default_factory=dict)
    branch: str = ORIGINAL
    parent: str = ""
    edits: tuple[Edit, ...] = ()
    history: HistoryView | None = None

    @property
    def program(self) -> Program:
        """The program that is being stepped through."""
        return self.scenario.program


class Timeline:
    """A scenario's run. It starts at `start`, before anything has run, on the original branch."""

    def __init__(self, scenario: Scenario, *, history_bytes: int = HISTORY_BYTES) -> None:
        self.scenario = scenario
        self.program = scenario.program
        self.names = scenario.names
        self.course: Course = scenario.course
        self.history_bytes = history_bytes
        self.position = self.course.start
        machine = Machine(scenario.program, scenario.dataset, scenario.draw)
        self.branch = Branch(ORIGINAL, None, (), machine, history_bytes)
        self.branches: dict[str, Branch] = {ORIGINAL: self.branch}
        self.stops: list[Stop] = [*BUILT_IN, *scenario.stops]
        self._forked = 0
        self._used: OrderedDict[Branch, None] = OrderedDict({self.branch: None})  # least recently used first
        self._frames: OrderedDict[tuple[Branch, int], Frame] = OrderedDict()
        self._runs: OrderedDict[tuple[Machine, frozenset[str] | None], Run] = OrderedDict()
        frame_bytes = sum(8 * math.prod(symbol.shape) for symbol in self.program.symbols.values())
        self._most_frames = min(FRAMES, max(2, FRAME_BYTES // max(1, frame_bytes)))

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
        reached = self._reach(self.branch, target.iteration, progress)
        if reached < target.iteration:
            if reached > self.position.iteration:
                self.position = self.course.at(reached, 0)
            return False
        self._computed(self.branch, target)
        self.position = target
        return True

    def replays(self, target: Position) -> int:
        """How many iterations going there recomputes."""
        iteration, branch = target.iteration, self.branch.owning(target.iteration)
        if (branch, iteration) in self._frames:
            return 0
        if (self.branch.owning(iteration - 1), iteration - 1) in self._frames:
            return 1
        count = 1
        while iteration > 1:
            owner = branch.owning(iteration - 1)
            found = owner.history.nearest(iteration)
            if found is not None:
                return count + iteration - found[0]
            count += iteration - owner.first
            iteration, branch = owner.first, owner.parent or owner
        return count

    def _frame(self, branch: Branch, iteration: int) -> Frame:
        self._reach(branch, iteration)
        key = branch.owning(iteration), iteration
        self._frames.move_to_end(key)
        return self._frames[key]

    def _computed(self, branch: Branch, target: Position) -> Frame:
        """The target's iteration, computed up to the target."""
        owner = branch.owning(target.iteration)
        frame = self._frame(branch, target.iteration)
        before = frame.computed
        frame.compute(target.step)
        place = self.program.writers[self.program.loss]
        if before <= place < frame.computed:
            loss = frame.value(self.program.loss, place + 1)
            owner.losses.record(target.iteration, [float(loss) if loss.shape == () else np.nan])
        for symbol, points in owner.points.items():
            place = self.program.writers[symbol]
            if before <= place < frame.computed:
                points.record(target.iteration, float(frame.value(symbol, place + 1)))
        return frame

    # ── states and frames ────────────────────────────────────────────────────────────────────────────────────

    def _reach(self, branch: Branch, iteration: int, progress: Progress | None = None) -> int:
        """See to it that the iteration's frame is there; gives the iteration reached, less where it was stopped."""
        owner = branch.owning(iteration)
        if (owner, iteration) in self._frames:
            return iteration
        reached, packed = self._state(branch, iteration, progress)
        if reached == iteration:
            self._add_frame(owner, iteration, packed)
        return reached

    def _add_frame(self, owner: Branch, iteration: int, packed: Array) -> Frame:
        frame = Frame(owner.machine, iteration, owner.machine.unpack(packed), owner.edits_in(iteration))
        self._frames[owner, iteration] = frame
        while len(self._frames) > self._most_frames:
            self._frames.popitem(last=False)
        return frame

    def _state(self, branch: Branch, target: int, progress: Progress | None = None) -> tuple[int, Array]:
        """What an iteration of a branch starts from, packed; and its number, a smaller one where it was stopped.

        Where nothing is known of a branch yet, its first iteration is what the parent comes to, with the edit; so
        the way back may lead through several branches before it leads on.
        """
        waiting: list[tuple[Branch, int]] = []
        while True:
            owner = branch.owning(target - 1) if target > 1 else None
            if owner is None:
                at, packed = 1, self.branch.machine.pack(self.branch.machine.start_state())
                break
            frame = self._frames.get((owner, target - 1))
            if frame is not None:
                at, packed = target, self._end_of(owner, frame)
                break
            found = owner.history.nearest(target)
            if found is not None:
                at, packed = found
                break
            if owner.parent is None:
                at, packed = 1, owner.machine.pack(owner.machine.start_state())
                break
            waiting.append((owner, target))
            branch, target = owner.parent, owner.first
        if owner is not None:
            at, packed = self._replay(owner, at, packed, target, progress)
        while waiting and at == target:
            owner, target = waiting.pop()
            frame = self._frames.get((owner, owner.first)) or self._add_frame(owner, owner.first, packed)
            at, packed = owner.first + 1, self._end_of(owner, frame)
            at, packed = self._replay(owner, at, packed, target, progress)
        return at, packed

    def _end_of(self, owner: Branch, frame: Frame) -> Array:
        """The packed state after a frame's iteration, remembered."""
        self._computed(owner, self.course.at(frame.iteration, self.course.length(frame.iteration)))
        packed = owner.machine.pack(frame.end_state())
        self._make_room(owner)
        owner.history.keep(frame.iteration + 1, packed, near=True)
        return packed

    def _replay(
        self, owner: Branch, first: int, packed: Array, target: int, progress: Progress | None
    ) -> tuple[int, Array]:
        """Run on from a known state until `target` starts, keeping states on the way."""
        if first >= target:
            return first, packed
        self._make_room(owner)
        history = owner.history
        run = self._run(owner, ())
        run.start(packed, first)
        neighbourhood = target - history.neighbourhood
        chunk = 1
        while run.iteration < target:
            near = run.iteration >= neighbourhood
            far = min(max(neighbourhood, run.iteration + 1), history.next_checkpoint(run.iteration))
            stop = run.iteration + 1 if near else min(far, run.iteration + chunk)
            began = time.perf_counter()
            self._advance(owner, run, stop - run.iteration)
            chunk = chunk * 2 if time.perf_counter() - began < PULSE / 2 else max(1, chunk // 2)
            if near or stop == target or history.next_checkpoint(stop - 1) == stop:
                packed = run.packed()
                history.keep(stop, packed, near=near or stop == target)
            if progress is not None and not progress(stop - first, target - first):
                packed = run.packed()
                history.keep(stop, packed, near=True)
                return stop, packed
        return target, packed

    def _advance(self, owner: Branch, run: Run, count: int, *, measure: bool = False) -> None:
        """Run some iterations and record what they came to. measure: measure again what is known already."""
        first, points = run.iteration, next(iter(owner.points.values()), None)
        wanted = None if points is None else (lambda iteration: measure or not points.knows(iteration))
        owner.losses.record(first, run.advance(count, wanted))
        for iteration, symbol, value in run.measured:
            owner.points[symbol].record(iteration, value)

    def _run(self, owner: Branch, wanted: frozenset[str] | tuple[()] | None) -> Run:
        """Buffers to run in: those of before, or new ones."""
        key = owner.machine, None if wanted is None else frozenset(wanted)
        run = self._runs.pop(key, None) or owner.machine.run(wanted)
        self._runs[key] = run
        while len(self._runs) > RUNS:
            self._runs.popitem(last=False)
        return run

    def _make_room(self, owner: Branch) -> None:
        """Half of the budget at least is for the branch that runs: others forget, least recently used first."""
        self._used[owner] = None
        self._used.move_to_end(owner)
        if len(self._used) == 1:
            return
        others = sum(branch.bytes for branch in self._used if branch is not owner)
        for branch in list(self._used):
            if others <= self.history_bytes // 2:
                break
            if branch is not owner:
                others -= branch.bytes
                branch.history.forget()
                del self._used[branch]
        room = self.history_bytes - others
        if room != owner.history.budget:
            owner.history.shrink(room)

    # ── stops ────────────────────────────────────────────────────────────────────────────────────────────────

    def run_on(self, progress: Progress | None = None) -> Found:
        """To the next stop; to the end where there is none."""
        return self._search(+1, progress)

    def run_back(self, progress: Progress | None = None) -> Found:
        """To the nearest earlier stop, over any distance; to the start where there is none."""
        return self._search(-1, progress)

    def _search(self, direction: int, progress: Progress | None) -> Found:
        triggers = self.triggers([stop for stop in self.stops if stop.enabled])
        told = _Told(progress)
        here, end = self.position, self.course.iterations
        counted = [trigger for trigger in triggers if trigger.stop.every > 1 and not counted_without_looking(trigger)]
        if counted and not self._count(counted, here.iteration - 1, told):
            return Found(self.position, (), False)
        if direction > 0:
            found, reached = self._first_hit(triggers, here, end, told)
        else:
            found, reached = self._last_hit(triggers, here, told)
        if told.stopped:
            if direction > 0 and reached > here.iteration:
                self.goto(self.course.at(reached, 0))
            return Found(self.position, (), False)
        if found is None:
            self.goto(self.course.end if direction > 0 else self.course.start)
            return Found(self.position, (), True)
        self.goto(found[0])
        return Found(self.position, tuple(triggers[number].stop for number in found[1]), True)

    def triggers(self, stops: Sequence[Stop]) -> list[Trigger]:
        """Stops against this program."""
        draw = self.scenario.draw
        return [Trigger(stop, self.names, draw.iterations_per_epoch if draw else 1) for stop in stops]

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

        last, lead = here.iteration, Scanner(triggers, self.program, self.branch.losses_of).looks_back
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
        if (self.branch.owning(last), last) in self._frames:
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
        scanner = Scanner(triggers, self.program, branch.losses_of)
        iteration = first - 1 if scanner.looks_back and first > 1 else first
        while iteration <= last:
            owner = branch.owning(iteration)
            frame = self._frames.get((owner, iteration))
            if frame is not None or owner.edits_in(iteration):
                frame = self._frame(branch, iteration)
                self._computed(branch, self.course.at(iteration, self.course.length(iteration)))
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
        began, packed = self._state(branch, iteration, told.within(iteration - first))
        if began < iteration:
            return began
        self._make_room(owner)
        history, run = owner.history, self._run(owner, scanner.wanted)
        run.start(packed, iteration)
        triggers = list(scanner.triggers)
        pulse = time.perf_counter()
        while run.iteration <= last:
            self._advance(owner, run, 1, measure=scanner.measures)
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
        quiet = [Trigger(trigger.stop, self.names, trigger.epoch) for trigger in triggers]
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

    # ── forks ────────────────────────────────────────────────────────────────────────────────────────────────

    def editable(self, name: str) -> Reference:
        """What an edit of this name at the cursor would change.

        A parameter whose update has run has had its part in the iteration: the updated one is meant. Raises EditError
        where it is no single number, or has no value yet; KeyError where it is nothing.
        """
        reference = self.names.element(name)
        symbol = self.program.symbols[reference.symbol]
        if reference.index is None:
            if symbol.shape:
                raise EditError(f"{name} is an array of shape {written(symbol.shape)}; one element is expected")
            reference = Reference(symbol.name, ())
        becomes = self.program.carried.get(symbol.name, symbol.name)
        if becomes != symbol.name and self.program.writers[becomes] < self.position.step:
            reference = Reference(becomes, reference.index)
        if self.program.writers.get(reference.symbol, -1) >= self.position.step:
            raise EditError(f"{reference.symbol} has no value yet at {self.position}")
        return reference

    def edit(self, name: str, value: float) -> Branch:
        """Set an element at the cursor to another value from here on: a fork begins, and the cursor is on it.

        The branch that it was made of stays as it is. An element of x or t is one of the data, wherever that row is
        drawn again; an intermediate value is computed anew in the next iteration. Raises EditError or KeyError.
        """
        reference = self.editable(name)
        assert reference.index is not None
        here = self.position
        edit = Edit(here.iteration, here.step, reference.symbol, reference.index, float(value))
        self._forked += 1
        return self.fork(f"fork-{self._forked}", self.branch.parent_at(here.iteration, here.step), (edit,))

    def fork(self, name: str, parent: Branch, edits: Sequence[Edit]) -> Branch:
        """A new branch with a name of its own, by edits of a parent one after another; the cursor is on it then."""
        if name in self.branches:
            raise EditError(f'there is a fork "{name}" already')
        branch = parent
        for place, edit in enumerate(edits):
            last = place == len(edits) - 1
            machine = branch.machine.patched(patch_of(edit, branch.machine))
            branch = Branch(name if last else "", branch, (*branch.edits, edit), machine, self.history_bytes)
        number = name.removeprefix("fork-")
        self._forked = max(self._forked, int(number) if number.isdecimal() and len(number) < 10 else 0)
        self.branches[name] = branch
        self.branch = branch
        self._computed(branch, self.position)
        return branch

    def switch(self, name: str, progress: Progress | None = None) -> bool:
        """To another branch, at the same position; False where that was stopped. KeyError where there is none."""
        before, self.branch = self.branch, self.branches[name]
        if not self.goto(self.position, progress):
            self.branch = before
            return False
        return True

    def drop(self, name: str) -> None:
        """Forget a fork; what was forked from it stays. Raises EditError for the original, KeyError for no fork."""
        if name == ORIGINAL:
            raise EditError("the original run cannot be dropped")
        branch = self.branches.pop(name)
        self._used.pop(branch, None)
        for key in [key for key in self._frames if key[0] is branch]:
            del self._frames[key]
        if self.branch is branch:
            parent = branch.parent
            while parent is not None and self.branches.get(parent.name) is not parent:
                parent = parent.parent
            self.switch(parent.name if parent else ORIGINAL)

    def values_in(self, name: str) -> Mapping[str, Array]:
        """Every value at the cursor's position in another branch. KeyError where there is none."""
        return self._computed(self.branches[name], self.position).at(self.position.step)

    def first_difference(self, name: str, other: str, progress: Progress | None = None) -> Position | None:
        """The first position at which two branches differ; None where they never do, or where that was stopped."""
        one, two = self.branches[name], self.branches[other]
        apart = {*one.edits} ^ {*two.edits}
        if not apart:
            return None
        first = min(apart, key=lambda edit: (edit.iteration, edit.step))
        last_edit = max(edit.iteration for edit in apart)
        begin, end = first.iteration, self.course.iterations
        for iteration in range(begin, end + 1):
            step = first.step if iteration == begin else 1
            for place in range(step, self.course.length(iteration) + 1):
                position = self.course.at(iteration, place)
                if _differ(*(self._computed(branch, position).at(place) for branch in (one, two))):
                    return position
            same = self._state(one, iteration + 1)[1].tobytes() == self._state(two, iteration + 1)[1].tobytes()
            if same and iteration >= last_edit and one.machine.patches == two.machine.patches:
                return None
            if progress is not None and not progress(iteration - begin + 1, end - begin + 1):
                return None
        return None

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
            raise KeyError(f"{symbol} is not computed yet at {self.position}")
        return self._computed(self.branch, self.position).value(symbol, self.position.step)

    def values(self) -> dict[str, Array]:
        """Every symbol that has a value at the cursor, in the order of the program."""
        return self._values_at(self.position)

    def _values_at(self, position: Position) -> dict[str, Array]:
        return dict(self._computed(self.branch, position).at(position.step))

    def watched(self, stop: Stop, position: Position | None = None) -> tuple[object, int] | None:
        """What a watch shows at a position, by default the cursor's, and the iteration that the value is of.

        That is the iteration before, where this one has not come so far; None where that has no value either.
        """
        here = position or self.position
        (trigger,) = self.triggers([Stop(CONDITION, when=stop.when)])
        for iteration, step in ((here.iteration, here.step), (here.iteration - 1, 0)):
            if iteration < 1:
                break
            at = step or (self.course.length(iteration) if iteration < here.iteration else 0)
            if at < trigger.place:
                continue
            frame = self._computed(self.branch, self.course.at(iteration, at))
            previous = None
            if trigger.earlier and iteration > 1:
                end = self.course.at(iteration, 0)
                previous = self._computed(self.branch, end).at(end.step)
            try:
                return trigger.value(frame.at(at), previous, iteration, at), iteration
            except ValueError:
                continue
        return None

    def what_became_non_finite(self) -> str:
        """ "NaN" or "infinite", of what the last step wrote; "" where all of that is finite."""
        symbol = self.position.symbol
        if symbol is None or any(not np.isfinite(self.value(name)).all() for name in self._operands(symbol)):
            return ""
        value = self.value(symbol)
        return "NaN" if np.isnan(value).any() else "infinite" if np.isinf(value).any() else ""

    def _operands(self, symbol: str) -> tuple[str, ...]:
        return self.program.steps[self.program.writers[symbol]].operands

    def moment(self) -> Moment:
        """A frozen view of the cursor's position."""
        here = self.position
        steps, length = self.program.steps, self.course.length(here.iteration)
        at_end = here == self.course.end
        earlier = None
        if here.iteration > 1:
            earlier = self.course.at(here.iteration - 1, min(max(1, here.step), self.course.length(here.iteration - 1)))
        values = self.values()
        losses, known = self.branch.seen()
        if len(losses) == here.iteration and self.program.loss not in values:
            # The last loss there is lies just ahead: it is shown again once the cursor has passed it.
            losses, known = losses[:-1], known[:-1]
        draw, branch = self.scenario.draw, self.branch
        first, last = branch.history.range
        return Moment(
            scenario=self.scenario,
            position=here,
            length=length,
            iterations=self.course.iterations,
            epoch=(here.iteration - 1) // draw.iterations_per_epoch + 1 if draw else here.iteration,
            step=steps[here.step - 1] if here.step else None,
            next_step=None if at_end else steps[here.step % length],
            values=values,
            previous=self._values_at(earlier) if earlier else {},
            losses=losses,
            known=known,
            measured={symbol: self._measured(symbol) for symbol in self.program.measured_symbols},
            branch=branch.name,
            parent=branch.parent.name if branch.parent else "",
            edits=branch.edits,
            history=HistoryView(first, last, branch.history.stride, self.bytes, self.history_bytes),
        )

    def _measured(self, symbol: str) -> tuple[list[int], list[float]]:
        """As `Branch.measured`, without what lies just ahead in the cursor's own iteration."""
        places, values = self.branch.measured(symbol)
        if places and places[-1] == self.position.iteration and self.program.writers[symbol] >= self.position.step:
            return places[:-1], values[:-1]
        return places, values

    @property
    def bytes(self) -> int:
        """What the history of all branches takes."""
        return sum(branch.bytes for branch in self._used)


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


def _differ(one: Mapping[str, Array], two: Mapping[str, Array]) -> bool:
    return any(one[name].tobytes() != two[name].tobytes() for name in one)
