"""The values of expressions along a timeline: a watch at a position, a number at the cursor, a series of them."""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np

from gradstep.engine.language.conditions import Value
from gradstep.engine.language.syntax import ExpressionError, MissingValueError
from gradstep.engine.program.positions import Position
from gradstep.engine.progress import Progress
from gradstep.engine.stops.stops import CONDITION, Stop, StopError
from gradstep.engine.stops.trigger import Trigger
from gradstep.engine.timeline.timeline import Timeline
from gradstep.engine.words import stops as words

MOST = 400  # points of a series; a curve on a screen is seldom wider


def watch_value(timeline: Timeline, stop: Stop, position: Position | None = None) -> tuple[object, int] | None:
    """The value of a watch at a position, by default the cursor's, and the iteration that it is of.

    That is the iteration before, where this one has not come so far, and for what is measured now and then the last
    that measured it; None where that has no value either.
    """
    here, course = position or timeline.position, timeline.course
    (trigger,) = timeline.triggers([Stop(CONDITION, when=stop.when)])
    ends = [course.at(here.iteration, 0)] if here.iteration > 1 else []
    for at in (here, *ends):
        if at.step >= trigger.place:
            with suppress(ValueError):
                return _value(timeline, trigger, at), at.iteration
    return _last_measured(timeline, trigger, here.iteration)


def evaluate(timeline: Timeline, text: str) -> float:
    """The number that an expression comes to at the cursor, as an edit means it. Raises StopError where it is none.

    A parameter whose update has run has had its part in the iteration: the updated one is meant, as by `editable`.
    """
    (trigger,) = timeline.triggers([Stop(CONDITION, when=text.strip())])
    if trigger.tree is None:
        raise StopError(words.NOTHING_TO_EVALUATE)
    trigger.references  # noqa: B018 - every name in it must be one
    try:
        value = _value(timeline, trigger, timeline.position, updated=True)
    except ExpressionError as error:
        raise StopError(str(error)) from None
    if isinstance(value, str) or np.ndim(value):
        raise StopError(words.NO_SINGLE_NUMBER.format(text=text))
    return float(value)


def series(
    timeline: Timeline, stop: Stop, progress: Progress | None = None, most: int = MOST
) -> tuple[list[int], list[float]]:
    """A watched number over the iterations that have run in this branch, at the end of each; at most `most`.

    Those are spread evenly; where it is no single number, or `progress` stopped it, it ends there.
    """
    (trigger,) = timeline.triggers([Stop(CONDITION, when=stop.when)])
    last = max(1, min(len(timeline.branch.seen()[0]), timeline.course.iterations))
    places = sorted({1 + round(k * (last - 1) / max(1, most - 1)) for k in range(most)})
    found: list[float] = []
    for number, iteration in enumerate(places):
        try:
            value = _value(timeline, trigger, timeline.course.at(iteration, timeline.course.length(iteration)))
        except MissingValueError:
            value = math.nan
        if isinstance(value, str) or np.ndim(value):
            return [], []
        found.append(float(value))
        if progress is not None and not progress(number + 1, len(places)):
            break
    return places[: len(found)], found


def _value(timeline: Timeline, trigger: Trigger, position: Position, *, updated: bool = False) -> Value:
    """The value of a trigger's expression at a position. Raises MissingValueError, ExpressionError.

    updated: of parameters whose update has run.
    """
    iteration, previous = position.iteration, None
    if trigger.looks_back and iteration > 1:
        measured = timeline.branch.measured_before(iteration)
        previous = {**timeline.values(timeline.course.at(iteration, 0)), **measured}
    values = timeline.values(position)
    if updated:
        program = timeline.program
        following = {name: program.writers.get(to, -1) for name, to in program.carried.items() if to != name}
        late = {name for name, place in following.items() if place < position.step and program.carried[name] in values}
        values = {**values, **{name: values[program.carried[name]] for name in late}}
    return trigger.value(values, previous, iteration, position.step)


def _last_measured(timeline: Timeline, trigger: Trigger, iteration: int) -> tuple[object, int] | None:
    """The last measurement before an iteration, where a trigger asks for nothing else."""
    program = timeline.program
    if trigger.looks_back or not trigger.now or not trigger.now <= {*program.measured_symbols}:
        return None
    try:
        value = trigger.value(timeline.branch.measured_before(iteration), None, iteration, 1)
    except ValueError:
        return None
    return value, program.last_measured(iteration - 1)
