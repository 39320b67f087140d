"""Asks the triggers of stops of one iteration after another.

A `Scanner` is shown iterations in order, and gives their hits. Where the values come from (a run at full speed, or a
frame that is being looked at) makes no difference to what it finds. Which iterations it is shown is left to others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.health.gradients import not_finite_there
from gradstep.engine.health.monitor import Begun, Monitor
from gradstep.engine.health.symptoms import Symptom
from gradstep.engine.machine.frame import Frame
from gradstep.engine.machine.run import Run
from gradstep.engine.program.program import Phase, Program
from gradstep.engine.stops.stops import FIGURE, HEALTH, LOSS_RISES, NON_FINITE, OWN_LINE, WINDOW, Values
from gradstep.engine.stops.trigger import Trigger, non_finite_steps, rises

ZEROS = np.zeros(2**16)

Hit = tuple[int, int]  # a step of an iteration, and which of the triggers hits after it
Window = Callable[[int, int], Array]  # the losses of iterations from … to …


class Scanner:
    """Asks triggers of one iteration after another. `window` gives the losses that are known.

    measured_before: what was measured last before an iteration; that is what `prev` of it means.
    monitor: asked for the symptoms that begin in each iteration, where there is a stop for some; `begun` are those of
    the last iteration that was asked about.
    """

    def __init__(
        self,
        triggers: Sequence[Trigger],
        program: Program,
        window: Window,
        measured_before: Callable[[int], Values],
        monitor: Callable[[], Monitor],
    ) -> None:
        self.triggers = tuple(triggers)
        self._asked = [(number, each) for number, each in enumerate(triggers) if each.stop.kind not in HEALTH.values()]
        self._healths = {
            each.stop.kind: number for number, each in enumerate(triggers) if each.stop.kind in HEALTH.values()
        }
        self._monitor = monitor() if self._healths else None
        self.begun: list[Begun] = []
        self._measured_before = measured_before
        self._program = program
        self._window = window
        self._watches_numbers = any(trigger.stop.kind == NON_FINITE for trigger in triggers)
        self._earlier = frozenset().union(*(trigger.earlier for trigger in triggers))
        self._previous: tuple[int, dict[str, Array]] | None = None

    @property
    def wanted(self) -> frozenset[str] | None:
        """The symbols that a run must compute for it; None for all."""
        if self._watches_numbers or self._monitor is not None:
            return None
        return frozenset().union(self._earlier, *(trigger.now for trigger in self.triggers))

    @cached_property
    def measures(self) -> bool:
        """Whether it asks for what is measured now and then."""
        needed = self._earlier.union(*(trigger.now for trigger in self.triggers))
        return any(step.phase is Phase.MEASURE and step.symbol in needed for step in self._program.steps)

    @property
    def looks_back(self) -> bool:
        """Whether a condition asks for the iteration before."""
        return any(trigger.looks_back for trigger in self.triggers)

    @property
    def lead(self) -> int:
        """How many iterations it has to be shown before the first one that it is asked about."""
        return max(int(self.looks_back), self._monitor.lead if self._monitor is not None else 0)

    @property
    def monitors(self) -> bool:
        """Whether it knows the symptoms that begin."""
        return self._monitor is not None

    def show_frame(self, frame: Frame, *, ask: bool = True) -> list[Hit]:
        """The hits of an iteration that is there as a frame."""
        length = self._program.length(frame.iteration)
        finite = self._monitor is None or self._finite(frame.at(length))
        self._examine(frame.iteration, frame.view, finite=finite)
        hits = self._hits(frame.iteration, frame.view) if ask else []
        self._remember(frame.iteration, frame.at(length))
        return hits

    def show_run(self, run: Run, *, ask: bool = True) -> list[Hit]:
        """The hits of the iteration that a run has just run; the losses of it must be known already."""
        iteration, values = run.iteration - 1, run.values
        finite = not (self._watches_numbers or self.monitors) or is_finite(run.arena)
        self._examine(iteration, lambda step: values, finite=finite)
        hits = self._hits(iteration, lambda step: values, finite=finite) if ask else []
        self._remember(iteration, values)
        return hits

    def _not_finite(self, iteration: int, step: int, values_at: Callable[[int], Values]) -> Symptom:
        symbol = self._program.steps[step - 1].symbol
        return not_finite_there(self._program, symbol, values_at(step)[symbol], iteration)

    def _finite(self, values: Values) -> bool:
        """Whether everything is finite that an iteration without its measure phase computes."""
        measured = {step.symbol for step in self._program.steps if step.phase is Phase.MEASURE}
        return all(np.isfinite(array).all() for name, array in values.items() if name not in measured)

    def _examine(self, iteration: int, values_at: Callable[[int], Values], *, finite: bool) -> None:
        """Ask for the symptoms that begin in an iteration; once numbers are not finite there is nothing to ask."""
        self.begun = self._monitor.begins(iteration, values_at) if self._monitor is not None and finite else []

    def _hits(self, iteration: int, values_at: Callable[[int], Values], *, finite: bool = False) -> list[Hit]:
        previous: Values | None = self._previous[1] if self._previous and self._previous[0] == iteration - 1 else None
        if previous is not None and self.measures:
            previous = {**previous, **self._measured_before(iteration)}
        hits: list[Hit] = []
        if self.begun:
            alarms = ((step, HEALTH.get(symptom.kind, "")) for step, symptom in self.begun if symptom.alarm)
            hits += {(step, self._healths[kind]) for step, kind in alarms if kind in self._healths}
        for number, trigger in self._asked:
            if trigger.stop.kind == NON_FINITE:
                if not finite:
                    steps = list(non_finite_steps(self._program, values_at))
                    hits += [(step, number) for step in steps]
                    self.begun += [(step, self._not_finite(iteration, step, values_at)) for step in steps]
            elif trigger.stop.kind == LOSS_RISES:
                if self._begins_to_rise(iteration):
                    hits.append((self._program.writers[self._program.loss] + 1, number))
            elif trigger.stop.kind in (FIGURE, OWN_LINE):
                hits += [(step, number) for step in trigger.failing(iteration, values_at)]
            else:
                for step in trigger.steps(iteration):
                    if trigger.holds(values_at(step), previous, iteration, step):
                        hits.append((step, number))
        return sorted(hits)

    def _begins_to_rise(self, iteration: int) -> bool:
        if iteration < 2 * WINDOW or not rises(self._window(iteration - 2 * WINDOW + 1, iteration)):
            return False
        return iteration == 2 * WINDOW or not rises(self._window(iteration - 2 * WINDOW, iteration - 1))

    def _remember(self, iteration: int, values: Mapping[str, Array]) -> None:
        if not self.looks_back:
            return
        kept = self._previous[1] if self._previous else {}
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
