"""The whole run of a scenario with a cursor on it that goes both ways.

An iteration is a pure function of the state that it starts from and of its number, so going back is never undoing:
within an iteration it moves the cursor, across iterations it recomputes from the nearest state that history kept.
What is shown of a moment is a `Moment`, which nothing changes afterwards.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.history import History, Losses
from engine.machine import Frame, Machine, State
from engine.operation import Array
from engine.positions import Course, Position
from engine.program import Program, Step
from engine.scenario import Scenario

# Told how many iterations of how many have been recomputed; gives False to stop.
Progress = Callable[[int, int], bool]

HISTORY_BYTES = 64 * 2**20
FRAMES = 4  # iterations whose every value is kept; of very large ones only this and the one before
FRAME_BYTES = 256 * 2**20  # what they may take together
PULSE = 0.05  # seconds between two calls of a Progress, about


@dataclass(frozen=True, eq=False)
class Moment:
    """Everything there is to see at one position.

    values: what has a value at the position, by symbol. previous: the same symbols one iteration earlier, as far
    as that iteration computed them; empty in the first. losses, known: of iterations 1, 2, …, as far as any ran,
    but without a last one that lies just ahead, in the cursor's own iteration.
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
    known: np.ndarray[tuple[int], np.dtype[np.bool_]]

    @property
    def program(self) -> Program:
        """The program that is being stepped through."""
        return self.scenario.program


class Timeline:
    """A scenario's run. It starts at `start`, before anything has run."""

    def __init__(self, scenario: Scenario, *, history_bytes: int = HISTORY_BYTES) -> None:
        self.scenario = scenario
        self.program = scenario.program
        self.names = scenario.names
        self.course: Course = scenario.course
        self.machine = Machine(scenario.program, scenario.dataset, scenario.draw)
        self.history = History(self.machine.start_state(), history_bytes)
        self.losses = Losses()
        self.position = self.course.start
        self._frames: OrderedDict[int, Frame] = OrderedDict()
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
        Raises PositionError.
        """
        target = self.course.parse(where, self.position.iteration) if isinstance(where, str) else where
        target = self.course.at(target.iteration, target.step)
        reached = self._reach(target.iteration, progress)
        if reached < target.iteration:
            if reached > self.position.iteration:
                self.position = self.course.at(reached, 0)
            return False
        self._computed(target)
        self.position = target
        return True

    def replays(self, target: Position) -> int:
        """How many iterations going there recomputes."""
        if target.iteration in self._frames:
            return 0
        if target.iteration - 1 in self._frames:
            return 1
        return target.iteration - self.history.nearest(target.iteration)[0] + 1

    def _computed(self, target: Position) -> Frame:
        """The target's iteration, computed up to the target."""
        frame = self._frames[target.iteration]
        self._frames.move_to_end(target.iteration)
        frame.compute(target.step)
        if self.program.loss in frame.values:
            loss = frame.values[self.program.loss]
            self.losses.record(target.iteration, float(loss) if loss.shape == () else np.nan)
        return frame

    # ── states and frames ────────────────────────────────────────────────────────────────────────────────────

    def _reach(self, iteration: int, progress: Progress | None = None) -> int:
        """See to it that the iteration's frame is there; gives the iteration reached, less where it was stopped."""
        if iteration in self._frames:
            return iteration
        before = self._frames.get(iteration - 1)
        if before is not None:
            state: State = before.end_state()
            self._computed(self.course.at(iteration, 0))
            self.history.keep(iteration, state, near=True)
        else:
            reached, state = self._replay(iteration, progress)
            if reached < iteration:
                return reached
        self._frames[iteration] = Frame(self.machine, iteration, state)
        while len(self._frames) > self._most_frames:
            self._frames.popitem(last=False)
        return iteration

    def _replay(self, target: int, progress: Progress | None) -> tuple[int, State]:
        """Run from the nearest known state until `target` starts, keeping states on the way."""
        first, state = self.history.nearest(target)
        if first == target:
            return target, state
        run = self.machine.run(state, first)
        neighbourhood = target - self.history.neighbourhood
        chunk = 1
        while run.iteration < target:
            near = run.iteration >= neighbourhood
            far = min(neighbourhood, self.history.next_checkpoint(run.iteration), run.iteration + chunk)
            stop = run.iteration + 1 if near else far
            began = time.perf_counter()
            run.advance(stop - run.iteration, self.losses.record)
            chunk = chunk * 2 if time.perf_counter() - began < PULSE / 2 else max(1, chunk // 2)
            if near or stop == target or self.history.next_checkpoint(stop - 1) == stop:
                state = run.state()
                self.history.keep(stop, state, near=near or stop == target)
            if progress is not None and not progress(stop - first, target - first):
                self.history.keep(stop, run.state(), near=True)
                return stop, run.state()
        return target, state

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
        self._reach(self.position.iteration)
        return self._computed(self.position).values[symbol]

    def values(self) -> dict[str, Array]:
        """Every symbol that has a value at the cursor, in the order of the program."""
        return self._values_at(self.position)

    def _values_at(self, position: Position) -> dict[str, Array]:
        self._reach(position.iteration)
        values = self._computed(position).values
        written = {step.symbol for step in self.program.steps[: position.step]}
        return {
            name: values[name] for name in self.program.symbols if name in written or name not in self.program.writers
        }

    def moment(self) -> Moment:
        """A frozen view of the cursor's position."""
        here = self.position
        steps, length = self.program.steps, self.course.length(here.iteration)
        at_end = here == self.course.end
        earlier = self.course.at(here.iteration - 1, max(1, here.step)) if here.iteration > 1 else None
        values = self.values()
        losses, known = self.losses.view()
        if len(losses) == here.iteration and self.program.loss not in values:
            # The last loss there is lies just ahead: it is shown again once the cursor has passed it.
            losses, known = losses[:-1], known[:-1]
        draw = self.scenario.draw
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
        )
