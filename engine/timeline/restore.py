"""Restores any iteration of any branch: from the nearest state that was kept, by replaying what lies between.

A `Restorer` holds the frames of the iterations that were looked at last, the buffers of runs, and sees to it that the
histories of all branches together stay within one budget.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Iterable

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.machine.frame import Frame
from gradstep.engine.machine.run import Machine, Run
from gradstep.engine.program.positions import Course, Position
from gradstep.engine.progress import Progress, next_chunk
from gradstep.engine.timeline.branches import Branch

FRAMES = 4  # iterations whose every value is kept; of very large ones only this and the one before
FRAME_BYTES = 256 * 2**20  # what they may take together
RUNS = 2  # sets of buffers that are kept for the next run


class Restorer:
    """Frames and states of iterations, kept or replayed. budget: bytes for the states of all branches."""

    def __init__(self, course: Course, budget: int) -> None:
        self.course = course
        self.budget = budget
        self._used: OrderedDict[Branch, None] = OrderedDict()  # least recently used first
        self._frames: OrderedDict[tuple[Branch, int], Frame] = OrderedDict()
        self._runs: OrderedDict[tuple[Machine, frozenset[str] | None], Run] = OrderedDict()
        frame_bytes = sum(8 * math.prod(symbol.shape) for symbol in course.program.symbols.values())
        self._most_frames = min(FRAMES, max(2, FRAME_BYTES // max(1, frame_bytes)))

    @property
    def bytes(self) -> int:
        """The size of the states that are kept of all branches."""
        return sum(branch.bytes for branch in self._used)

    def forget(self, branch: Branch) -> None:
        """Nobody looks at this branch any more; what was forked from it may come to it again."""
        branch.checkpoints.forget()
        self._used.pop(branch, None)
        for key in [key for key in self._frames if key[0] is branch]:
            del self._frames[key]

    def known(self, branch: Branch, iteration: int) -> Frame | None:
        """The frame of an iteration of a branch, if it is there."""
        return self._frames.get((branch.owning(iteration), iteration))

    def frame(self, branch: Branch, iteration: int) -> Frame:
        """The frame of an iteration of a branch."""
        self.reach(branch, iteration)
        key = branch.owning(iteration), iteration
        self._frames.move_to_end(key)
        return self._frames[key]

    def computed(self, branch: Branch, target: Position) -> Frame:
        """The target's iteration, computed up to the target."""
        owner = branch.owning(target.iteration)
        frame = self.frame(branch, target.iteration)
        program, before = owner.machine.program, frame.computed
        frame.compute(target.step)
        place = program.writers[program.loss]
        if before <= place < frame.computed:
            loss = frame.value(program.loss, place + 1)
            owner.losses.record(target.iteration, [float(loss) if loss.shape == () else np.nan])
        for symbol, points in owner.points.items():
            place = program.writers[symbol]
            if before <= place < frame.computed:
                points.record(target.iteration, float(frame.value(symbol, place + 1)))
        return frame

    def values_aside(self, branch: Branch, position: Position, symbols: Iterable[str]) -> dict[str, Array]:
        """Some values at a position, without making room for its frame among those that are looked at."""
        if self.known(branch, position.iteration) is not None:
            frame = self.computed(branch, position)
        else:
            owner = branch.owning(position.iteration)
            _, packed = self.state(branch, position.iteration)
            machine, edits = owner.machine, owner.edits_in(position.iteration)
            frame = Frame(machine, position.iteration, machine.unpack(packed), edits)
        return {symbol: frame.value(symbol, position.step) for symbol in symbols}

    def replays(self, branch: Branch, target: Position) -> int:
        """How many iterations going there recomputes."""
        iteration, branch = target.iteration, branch.owning(target.iteration)
        if (branch, iteration) in self._frames:
            return 0
        if (branch.owning(iteration - 1), iteration - 1) in self._frames:
            return 1
        count = 1
        while iteration > 1:
            owner = branch.owning(iteration - 1)
            found = owner.checkpoints.nearest(iteration)
            if found is not None:
                return count + iteration - found[0]
            count += iteration - owner.first
            iteration, branch = owner.first, owner.parent or owner
        return count

    def reach(self, branch: Branch, iteration: int, progress: Progress | None = None) -> int:
        """See to it that the iteration's frame is there; gives the iteration reached, less where it was stopped."""
        owner = branch.owning(iteration)
        if (owner, iteration) in self._frames:
            return iteration
        reached, packed = self.state(branch, iteration, progress)
        if reached == iteration:
            self._add_frame(owner, iteration, packed)
        return reached

    def _add_frame(self, owner: Branch, iteration: int, packed: Array) -> Frame:
        frame = Frame(owner.machine, iteration, owner.machine.unpack(packed), owner.edits_in(iteration))
        self._frames[owner, iteration] = frame
        while len(self._frames) > self._most_frames:
            self._frames.popitem(last=False)
        return frame

    def state(self, branch: Branch, target: int, progress: Progress | None = None) -> tuple[int, Array]:
        """The number of an iteration, smaller where it was stopped, and the packed state that it starts from.

        Where nothing is known of a branch yet, its first iteration is what the parent comes to, with the edit; so
        the way back may lead through several branches before it leads on.
        """
        waiting: list[tuple[Branch, int]] = []
        while True:
            owner = branch.owning(target - 1)
            frame = self._frames.get((owner, target - 1))
            if frame is not None:
                at, packed = target, self._end_of(owner, frame)
                break
            found = owner.checkpoints.nearest(target)
            if found is not None:
                at, packed = found
                break
            if owner.parent is None:
                at, packed = 1, owner.machine.pack(owner.machine.program.start)
                break
            waiting.append((owner, target))
            branch, target = owner.parent, owner.first
        at, packed = self._replay(owner, at, packed, target, progress)
        while waiting and at == target:
            owner, target = waiting.pop()
            frame = self._frames.get((owner, owner.first)) or self._add_frame(owner, owner.first, packed)
            at, packed = owner.first + 1, self._end_of(owner, frame)
            at, packed = self._replay(owner, at, packed, target, progress)
        return at, packed

    def _end_of(self, owner: Branch, frame: Frame) -> Array:
        """The packed state after a frame's iteration, remembered."""
        self.computed(owner, self.course.at(frame.iteration, self.course.length(frame.iteration)))
        packed = owner.machine.pack(frame.end_state())
        self.make_room(owner)
        owner.checkpoints.keep(frame.iteration + 1, packed, near=True)
        return packed

    def _replay(
        self, owner: Branch, first: int, packed: Array, target: int, progress: Progress | None
    ) -> tuple[int, Array]:
        """Run on from a known state until `target` starts, keeping states on the way."""
        if first >= target:
            return first, packed
        self.make_room(owner)
        checkpoints = owner.checkpoints
        run = self.run(owner, ())
        run.start(packed, first)
        neighbourhood = target - checkpoints.neighbourhood
        chunk = 1
        while run.iteration < target:
            near = run.iteration >= neighbourhood
            far = min(max(neighbourhood, run.iteration + 1), checkpoints.next_checkpoint(run.iteration))
            stop = run.iteration + 1 if near else min(far, run.iteration + chunk)
            began = time.perf_counter()
            self.advance(owner, run, stop - run.iteration)
            chunk = next_chunk(chunk, began)
            if near or stop == target or checkpoints.next_checkpoint(stop - 1) == stop:
                packed = run.packed()
                checkpoints.keep(stop, packed, near=near or stop == target)
            if progress is not None and not progress(stop - first, target - first):
                packed = run.packed()
                checkpoints.keep(stop, packed, near=True)
                return stop, packed
        return target, packed

    def advance(self, owner: Branch, run: Run, count: int, *, measure: bool = False) -> None:
        """Run some iterations and keep their losses. measure: measure again what is known already."""
        first, points = run.iteration, next(iter(owner.points.values()), None)
        wanted = None if points is None else (lambda iteration: measure or not points.knows(iteration))
        owner.losses.record(first, run.advance(count, wanted))
        for iteration, symbol, value in run.measured:
            owner.points[symbol].record(iteration, value)

    def run(self, owner: Branch, wanted: frozenset[str] | tuple[()] | None) -> Run:
        """Buffers to run in: those of before, or new ones."""
        key = owner.machine, None if wanted is None else frozenset(wanted)
        run = self._runs.pop(key, None) or owner.machine.run(wanted)
        self._runs[key] = run
        while len(self._runs) > RUNS:
            self._runs.popitem(last=False)
        return run

    def make_room(self, owner: Branch) -> None:
        """Half of the budget at least is for the branch that runs: others forget, least recently used first."""
        self._used[owner] = None
        self._used.move_to_end(owner)
        others = sum(branch.bytes for branch in self._used if branch is not owner)
        for branch in list(self._used):
            if others <= self.budget // 2:
                break
            if branch is not owner:
                others -= branch.bytes
                branch.checkpoints.forget()
                del self._used[branch]
        room = self.budget - others
        if room != owner.checkpoints.budget:
            owner.checkpoints.shrink(room)
