"""A scenario run without a screen, to a position, with every expectation on the way checked.

The result is a value: the position, every symbol there, and a verdict on each expectation. How it is shown is left to
others; `as_json` gives it in a form that a program reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradstep.engine import arrays
from gradstep.engine.arrays import Array
from gradstep.engine.program.positions import Position, epoch_of, position_json
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.expectations import Verdict
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.stops.stops import Stop
from gradstep.engine.timeline.timeline import Timeline


@dataclass(frozen=True, eq=False)
class Replay:
    """Where a replay ended and what it found. beyond: how many expectations lie past that position.

    stopped: the breakpoints that it stopped at; None where none were asked for.
    """

    scenario: Scenario
    position: Position
    values: Mapping[str, Array]
    verdicts: tuple[Verdict, ...]
    beyond: int
    stopped: tuple[Stop, ...] | None = None

    @property
    def passed(self) -> bool:
        """Whether every checked expectation holds."""
        return all(verdict.passed for verdict in self.verdicts)


MILESTONES = 10


class Stopped(Exception):
    """A replay that was stopped before its end; `position` is where."""

    def __init__(self, position: Position) -> None:
        super().__init__(str(position))
        self.position = position


@dataclass(frozen=True)
class Milestone:
    """How far training has come. loss: the mean of the iterations since the last one; measured: the latest."""

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
    Verdicts come in the order of the scenario. `progress` is told iterations done and to do, over the whole run, and
    `tell` some ten milestones on a long way. Raises PositionError, and Stopped where `progress` gives False.
    """
    timeline, course = Timeline(scenario), scenario.course
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

    def go(position: Position) -> None:
        before = timeline.position.iteration

        def overall(done: int, _: int) -> bool:
            return progress is None or progress(before + done, target.iteration)

        if not timeline.goto(position, overall):
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
    return Replay(scenario, target, timeline.values(), ordered, len(scenario.expectations) - len(due), stopped)


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
        losses = timeline.branch.losses_of(iteration - apart + 1, iteration)
        latest = {name: float(value) for name, value in timeline.branch.measured_before(iteration + 1).items()}
        tell(Milestone(iteration, epoch_of(iteration, epoch), float(arrays.add_reduce(losses)) / losses.size, latest))


def as_json(result: Replay) -> dict[str, Any]:
    """The replay as one object. Python's json writes its doubles so that they are read back exactly."""
    return {
        "scenario": result.scenario.name,
        "position": position_json(result.position),
        "values": {name: value.tolist() for name, value in result.values.items()},
        "expectations": [_verdict_json(verdict) for verdict in result.verdicts],
    } | ({} if result.stopped is None else {"stopped": [str(stop) for stop in result.stopped]})


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    expectation = verdict.expectation
    found = {
        "at": expectation.at,
        "symbol": expectation.symbol,
        "passed": verdict.passed,
        "printed": expectation.printed,
        "value": verdict.value,
    }
    return found | ({"disagrees": expectation.disagrees} if expectation.disagrees else {})
