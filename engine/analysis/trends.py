"""The norms of gradients, updates and weights over a range of iterations, with the symptoms of each.

They are replayed beside the timeline, whose cursor stays where it is. What a norm and a symptom are is in health.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradstep.engine.analysis.health import Examiner
from gradstep.engine.arrays import Array, frozen
from gradstep.engine.errors import Problem
from gradstep.engine.health.symptoms import Symptom, Values, norm
from gradstep.engine.machine.run import Run
from gradstep.engine.progress import Progress, Pulse, next_chunk
from gradstep.engine.timeline.timeline import Timeline
from gradstep.engine.words import timeline as words

GOLDEN = (5**0.5 - 1) / 2  # its multiples modulo 1 are spread evenly and never in step with anything
MOST = 200  # iterations that are looked at; a curve on a screen is seldom wider

Integers = np.ndarray[Any, np.dtype[np.int64]]


class TrendsError(Problem):
    """A range of iterations that there is not; the message says what would be right."""


@dataclass(frozen=True)
class Onset:
    """A kind of symptom of one symbol over the iterations that were looked at.

    first: where it occurs first; until: the last of the unbroken stretch that begins there; last: where it occurs
    last of all; times: in how many of those looked at. symptom: as it was at first.
    """

    symptom: Symptom
    first: int
    until: int
    last: int
    times: int

    @property
    def kind(self) -> str:
        """That of the symptom."""
        return self.symptom.kind

    @property
    def symbol(self) -> str:
        """That of the symptom."""
        return self.symptom.symbol


@dataclass(frozen=True, eq=False)
class Trend:
    """The norms of one trained parameter p, a number for each iteration looked at; NaN and infinities are kept.

    gradient: |∂E/∂p|. update: |p⁺ − p|. weight: |p|, as the update reads it. ratio: update / weight, without unit;
    about 1e-3 is called healthy (CS231n). Infinite or NaN where the weight is 0.
    """

    parameter: str
    gradient: Array
    update: Array
    weight: Array
    ratio: Array


@dataclass(frozen=True, eq=False)
class Trends:
    """A range of iterations of a branch. iterations: those looked at, ascending; sampled: they are not all of them.

    parameters: trained parameter → its `Trend`, arrays as long as `iterations`. symptoms: of each of them, in that
    order, at its end. onsets: by first occurrence. finished: False where it was stopped; what there is, is right.
    """

    branch: str
    first: int
    last: int
    iterations: Integers
    sampled: bool
    parameters: Mapping[str, Trend]
    symptoms: tuple[tuple[Symptom, ...], ...]
    onsets: tuple[Onset, ...]
    finished: bool


def trends(timeline: Timeline, first: int, last: int, progress: Progress | None = None, most: int = MOST) -> Trends:
    """The norms and symptoms of iterations first to last of the present branch, `most` of them.

    They are evenly spaced where all iterations see the same rows. Otherwise the distances vary, so that those looked
    at do not fall in step with the batches: every second of a run that goes through four rows in order sees two of
    them. The first and the last are among them. Each is looked at when all of its steps have run. progress: told of
    iterations done and to do, before the first and then about every `PULSE` seconds; gives False to stop. Raises
    TrendsError for a range that the run does not have.
    """
    if not 1 <= first <= last <= timeline.course.iterations or most < 1:
        there = timeline.course.iterations
        raise TrendsError(words.NO_SUCH_RANGE.format(iterations=there, first=first, last=last, most=most))
    machine = timeline.branch.machine
    examiner = Examiner(machine.program, machine.batches)
    trained = examiner.anatomy.trained
    count = last - first + 1
    chosen = _chosen(first, last, min(most, count), evenly=not machine.batches.vary)
    looked = set(chosen)
    pulse = Pulse(progress, count)
    iterations: list[int] = []
    rows: dict[str, list[tuple[float, float, float]]] = {name: [] for name in trained}
    found_there: list[tuple[Symptom, ...]] = []
    before: tuple[int, Mapping[str, float]] = 0, {}
    for iteration, values in _visit(timeline, sorted({*looked, *(i - 1 for i in chosen if i > 1)}), first, pulse):
        norms = examiner.norms(values)
        if iteration in looked:
            iterations.append(iteration)
            with np.errstate(all="ignore"):
                for name, (gradient, becomes) in trained.items():
                    rows[name].append((norms[gradient], norm(values[becomes] - values[name]), norm(values[name])))
            found_there.append(examiner.symptoms(values, iteration, before[1] if before[0] == iteration - 1 else {}))
        before = iteration, norms
    return Trends(
        timeline.branch.name,
        first,
        last,
        frozen(np.array(iterations, dtype=np.int64)),
        len(chosen) < count,
        {name: _trend(name, numbers) for name, numbers in rows.items()},
        tuple(found_there),
        _onsets(iterations, found_there),
        len(iterations) == len(chosen),
    )


def _chosen(first: int, last: int, most: int, *, evenly: bool) -> list[int]:
    """So many iterations from first to last, ascending, both ends among them (one: the first)."""
    spaced = np.linspace(first, last, most)
    inner = spaced[1:-1]
    if not evenly and inner.size:
        apart = (last - first) / (most - 1)
        spaced[1:-1] = inner + (np.arange(1, most - 1) * GOLDEN % 1 - 0.5) * max(0.0, apart - 1)
    return [int(iteration) for iteration in np.unique(spaced.round().astype(np.int64))]


def _trend(name: str, numbers: Sequence[tuple[float, float, float]]) -> Trend:
    gradient, update, weight = np.array(numbers, dtype=np.float64).reshape(-1, 3).T.copy()
    with np.errstate(all="ignore"):
        ratio = update / weight
    return Trend(name, frozen(gradient), frozen(update), frozen(weight), frozen(ratio))


def _onsets(iterations: Sequence[int], found: Sequence[tuple[Symptom, ...]]) -> tuple[Onset, ...]:
    """One for each kind of each symbol, by first occurrence."""
    places: dict[tuple[str, str], list[tuple[int, Symptom]]] = {}
    for place, there in enumerate(found):
        for symptom in there:
            places.setdefault((symptom.kind, symptom.symbol), []).append((place, symptom))
    onsets: list[Onset] = []
    for occurrences in places.values():
        at = [place for place, _ in occurrences]
        unbroken = next((k for k in range(1, len(at)) if at[k] != at[0] + k), len(at))
        first, until, last = (iterations[at[k]] for k in (0, unbroken - 1, -1))
        onsets.append(Onset(occurrences[0][1], first, until, last, len(at)))
    return tuple(onsets)


def _visit(timeline: Timeline, iterations: Sequence[int], first: int, pulse: Pulse) -> Iterator[tuple[int, Values]]:
    """Iterations, ascending, each with its values when all of its steps have run; fewer where it was stopped.

    The values stand in buffers that the next iteration writes to. Nothing is recorded of what a run passes through;
    iterations with edits in them are looked at as frames, as a search does.
    """
    restorer, branch, course = timeline.restorer, timeline.branch, timeline.course
    run: Run | None = None
    ran = branch  # what the run is of: a fork's may be at the same machine as its parent's
    for iteration in iterations:
        owner = branch.owning(iteration)
        if not pulse.goes_on(iteration - first, now=run is None):
            return
        if owner.edits_in(iteration):
            if restorer.reach(branch, iteration, pulse.waits) < iteration:
                return
            place = course.at(iteration, course.length(iteration))
            yield iteration, restorer.computed(branch, place).at(place.step)
            run = None
            continue
        if run is None or ran is not owner or run.iteration > iteration:
            reached, packed = restorer.state(branch, iteration, pulse.waits)
            if reached < iteration:
                return
            run, ran = restorer.run(owner, None), owner
            run.start(packed, iteration)
        elif (nearer := owner.checkpoints.nearest(iteration)) is not None and nearer[0] > run.iteration:
            run.start(nearer[1], nearer[0])
        chunk = 1
        while run.iteration <= iteration:
            began = time.perf_counter()
            run.advance(min(chunk, iteration + 1 - run.iteration))
            chunk = next_chunk(chunk, began)
            if not pulse.goes_on(run.iteration - first):
                return
        yield iteration, run.values
