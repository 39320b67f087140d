"""A scenario run without a screen, to a position, with every expectation on the way checked.

The result is a value: the position, every symbol there, and a verdict on each expectation. How it is shown is left to
others; `as_json` gives it in a form that a program reads.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradstep.engine import arrays
from gradstep.engine.arrays import Array
from gradstep.engine.health.record import Begin
from gradstep.engine.health.symptoms import NOT_FINITE
from gradstep.engine.program.positions import Position, epoch_of
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.expectations import SPECIAL, Verdict
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.stops.stops import WATCH, Stop
from gradstep.engine.timeline.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Replay:
    """Where a replay ended and what it found. beyond: how many expectations lie past that position.

    stopped: the breakpoints that it stopped at; None where none were asked for. breaks: the scenario's own breakpoints
    that are switched on, each with where it is first hit on the way, None where it is not. health: the symptoms that
    began on the way, in the order of the run. lost: where a number began not to be finite and nobody expected it; None
    for nowhere.
    """

    scenario: Scenario
    position: Position
    values: Mapping[str, Array]
    verdicts: tuple[Verdict, ...]
    beyond: int
    stopped: tuple[Stop, ...] | None = None
    health: tuple[Begin, ...] = ()
    lost: Begin | None = None
    breaks: tuple[tuple[Stop, Position | None], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every checked expectation holds, and no number was lost that was not expected to be."""
        return self.lost is None and all(map(self.holds, self.verdicts))

    def holds(self, verdict: Verdict) -> bool:
        """Whether an expectation holds. What the source is said to print wrongly may come out so by a replaced step."""
        return verdict.passed or self.explains(verdict)

    def explains(self, verdict: Verdict) -> bool:
        """Whether it comes out by a replaced step as it is printed, although it is said to differ."""
        return bool(self.scenario.replaced and verdict.expectation.disagrees and verdict.printed_holds)


MILESTONES = 10


class Stopped(Exception):
    """A replay that was stopped before its end; `position` is where."""

    def __init__(self, position: Position) -> None:
        super().__init__(str(position))
        self.position = position


@dataclass(frozen=True)
class Milestone:
    """How far training has come. measured: the latest.

    loss: that of this iteration where each sees the same rows, otherwise the mean of those since the last milestone.
    """

    iteration: int
    epoch: int
    loss: float
    measured: Mapping[str, float]


def replay(
    scenario: Scenario,
    at: str | None = None,
    progress: Progress | None = None,
    *,
    breaks: Sequence[Stop] = (),
    tell: Callable[[Milestone], None] | None = None,
) -> Replay:
    """Run to a typed position, by default as far as the expectations reach, or one iteration where there are none.

    breaks: stop at the first hit of these instead, if one lies before; with them the default is the end of the run.
    Where neither these nor a position nor expectations say how far, the scenario's own breakpoints are such, if it has
    some; otherwise they stop nothing, and it is told where each is hit first. Verdicts come in the order of the
    scenario. `progress` is told iterations done and to do, over the whole run, and `tell` some ten milestones on a long
    way. Raises PositionError, and Stopped where `progress` gives False.
    """
    timeline, course = Timeline(scenario), scenario.course
    own = tuple(stop for stop in scenario.stops if stop.enabled and stop.kind != WATCH)
    if at is None and not breaks and not scenario.expectations:
        breaks = own
    if at is not None:
        target = course.parse(at)
    elif breaks:
        target = course.end
    else:
        target = max((e.position for e in scenario.expectations), default=course.parse("1"))
    stopped: tuple[Stop, ...] | None = None
    if breaks:
        timeline.stops = tuple(breaks)
        found = timeline.run_on(progress)
        if not found.finished:
            raise Stopped(timeline.position)
        stopped = found.stops if found.position <= target else ()
        target = found.position if stopped else target
    due = [expectation for expectation in scenario.expectations if expectation.position <= target]

    begins: list[Begin] = []
    surveyed = 0

    def go(position: Position) -> None:
        nonlocal surveyed
        before = surveyed

        def overall(done: int, _: int) -> bool:
            return progress is None or progress(min(before + done, target.iteration), target.iteration)

        if position.iteration > surveyed and position.symbol is not None:
            found, finished = timeline.survey(surveyed + 1, position.iteration, overall)
            begins.extend(found)
            if not finished:
                raise Stopped(course.at(max(1, timeline.branch.checkpoints.last), 0))
            surveyed = position.iteration
        if not timeline.goto(position):
            raise Stopped(timeline.position)

    if tell is not None:
        _tell_milestones(timeline, target, go, tell)
        timeline.goto("start")
    verdicts: dict[str, Verdict] = {}
    for expectation in sorted(due, key=lambda each: each.position):
        go(expectation.position)
        verdicts[expectation.key] = expectation.check(timeline.values(), scenario.names)
    go(target)
    ordered = tuple(verdicts[expectation.key] for expectation in due)
    health = tuple(each for each in begins if (each.iteration, each.step) <= (target.iteration, target.step))
    beyond, lost = len(scenario.expectations) - len(due), _lost(scenario, health, [*scenario.stops, *breaks])
    hits = _first_hits(scenario, own, target, progress)
    return Replay(scenario, target, timeline.values(), ordered, beyond, stopped, _told(health), lost, hits)


def _first_hits(
    scenario: Scenario, stops: Sequence[Stop], target: Position, progress: Progress | None
) -> tuple[tuple[Stop, Position | None], ...]:
    """Where each stop is first hit on the way to a position; None where it is not. Raises Stopped."""
    timeline, first = Timeline(scenario), dict[Stop, Position]()
    interrupted = False

    def before_target(done: int, _: int) -> bool:
        nonlocal interrupted
        here = timeline.position.iteration - 1 + done
        interrupted = progress is not None and not progress(min(here, target.iteration), target.iteration)
        return not interrupted and here <= target.iteration

    waiting = list(dict.fromkeys(stops))
    while waiting:
        timeline.stops = tuple(waiting)
        found = timeline.run_on(before_target)
        if interrupted:
            raise Stopped(found.position)
        if not found.stops or found.position > target:
            break
        first |= dict.fromkeys(found.stops, found.position)
        waiting = [stop for stop in waiting if stop not in first]
    return tuple((stop, first.get(stop)) for stop in stops)


def _told(health: Sequence[Begin]) -> tuple[Begin, ...]:
    """The alarms, and the remarks on what comes to be one: the first units to die, where many do."""
    alarms = {(each.symptom.kind, each.symptom.symbol) for each in health if each.symptom.alarm}
    return tuple(each for each in health if (each.symptom.kind, each.symptom.symbol) in alarms)


def _lost(scenario: Scenario, health: Sequence[Begin], stops: Sequence[Stop]) -> Begin | None:
    """Where a number began not to be finite, unless that is expected.

    It is, where a value printed there or later is NaN or infinite, and where an expectation or a breakpoint asks
    `isnan` or `isinf`.
    """
    begin = next((each for each in health if each.symptom.kind == NOT_FINITE), None)
    if begin is None or any(_ILL.search(stop.when) for stop in stops):
        return None
    later = (each for each in scenario.expectations if each.position.iteration >= begin.iteration)
    expected = any(_ILL.search(each.spelling) or _is_ill(each.printed) for each in later)
    return None if expected else begin


_ILL = re.compile(r"\b(isnan|isinf)\b")


def _is_ill(printed: Any) -> bool:
    """Whether a printed value, or one of nested ones, is NaN or infinite."""
    if isinstance(printed, list):
        return any(map(_is_ill, printed))
    if isinstance(printed, str):
        return printed in SPECIAL
    return not math.isfinite(printed)


def _tell_milestones(
    timeline: Timeline, target: Position, go: Callable[[Position], None], tell: Callable[[Milestone], None]
) -> None:
    epoch = timeline.scenario.iterations_per_epoch
    apart = epoch * -(-target.iteration // (MILESTONES * epoch))
    if target.iteration < MILESTONES:
        return
    for iteration in range(apart, target.iteration + 1, apart):
        end = timeline.course.at(iteration, timeline.course.length(iteration))
        if end > target:
            return
        go(end)
        losses = timeline.branch.losses_of(iteration if epoch == 1 else iteration - apart + 1, iteration)
        latest = {name: float(value) for name, value in timeline.branch.measured_before(iteration + 1).items()}
        tell(Milestone(iteration, epoch_of(iteration, epoch), float(arrays.add_reduce(losses)) / losses.size, latest))
