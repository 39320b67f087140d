"""Stops: a search finds what looking at every position finds, from either side, from anywhere, however little is kept.

Here every position is looked at: a `Walked` is every value at every position of a run, and each condition comes as a
text, as a function that says when it is true, and with what it names. Nothing of the search is used for either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Position, Timeline, load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.program.program import Program
from gradstep.engine.progress import Progress
from gradstep.engine.stops.stops import ALWAYS, FIGURE, LOSS_RISES, NON_FINITE, Stop
from gradstep.engine.stops.trigger import rises
from tests.strategies import layered, scenario_of, scenarios
from tests.walks import Straight, check_here

pytestmark = pytest.mark.filterwarnings("error")


BUDGETS = (0, 2048, 64 * 2**20)  # bytes of history


NETS = scenarios(iterations=40)


MAZUR = "mazur-2-2-2"


Draw = Callable[[st.SearchStrategy[Any]], Any]


Values = Mapping[str, Array]


Moments = list[tuple[Position, tuple[Stop, ...]]]


# ── looking at every position ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Here:
    """The values that a condition can ask about: now and at the end of the iteration before (None in the first)."""

    now: Values
    before: Values | None
    iteration: int
    step: int
    phase: str
    epoch: int


@dataclass(frozen=True)
class Walked:
    """A run, position by position: values[iteration - 1][step - 1]. epoch: iterations an epoch."""

    program: Program
    values: Sequence[Sequence[Values]]
    epoch: int = 1

    def loss(self, iteration: int) -> float:
        array = self.values[iteration - 1][self.program.writers[self.program.loss]][self.program.loss]
        return float(array) if array.shape == () else np.nan

    def here(self, iteration: int, step: int) -> Here:
        before = self.values[iteration - 2][-1] if iteration > 1 else None
        phase = self.program.steps[step - 1].phase
        now = self.values[iteration - 1][step - 1]
        return Here(now, before, iteration, step, phase, (iteration - 1) // self.epoch + 1)


def walked(timeline: Timeline) -> Walked:
    """Every position there is, come to step by step; the cursor is at the end then."""
    timeline.goto("start")
    values: list[list[Values]] = []
    while timeline.step():
        if timeline.position.step == 1:
            values.append([])
        values[-1].append(timeline.values())
    draw = timeline.scenario.draw
    return Walked(timeline.program, values, draw.iterations_per_epoch if draw else 1)


@dataclass(frozen=True)
class Asked:
    """A stop, the names that have to have a value, whether it names step or phase, and when its condition holds."""

    stop: Stop
    needs: frozenset[str] = frozenset()
    each: bool = False
    holds: Callable[[Here], bool] = lambda here: True

    def hits(self, run: Walked, window: int) -> list[tuple[int, int]]:
        """Iterations and steps, as the docstring of engine.stops says."""
        found: list[tuple[int, int]] = []
        for iteration, steps in enumerate(run.values, start=1):
            asked = range(1, len(steps) + 1)
            if self.stop.kind == NON_FINITE:
                found += [(iteration, step) for step in asked if begins_to_be_non_finite(run, iteration, step)]
                continue
            if self.stop.kind == FIGURE:
                continue  # these runs have no source; tests/engine/timeline/test_figures.py has those that do
            if self.stop.kind == LOSS_RISES:
                ends = [rising(run, end, window) for end in (iteration, iteration - 1)]
                found += [(iteration, run.program.writers[run.program.loss] + 1)] if ends == [True, False] else []
                continue
            if self.stop.at:
                field = [step.symbol if self.stop.kind == "step" else step.phase for step in run.program.steps]
                asked = range(field.index(self.stop.at) + 1, field.index(self.stop.at) + 2)
            ready = [step for step in asked if self.needs <= steps[step - 1].keys()]
            for step in ready if self.each else ready[:1]:
                if self.holds(run.here(iteration, step)):
                    found.append((iteration, step))
        return found[self.stop.every - 1 :: self.stop.every]


def begins_to_be_non_finite(run: Walked, iteration: int, step: int) -> bool:
    values, written = run.values[iteration - 1][step - 1], run.program.steps[step - 1]
    finite = [bool(np.isfinite(values[name]).all()) for name in (written.symbol, *written.operands)]
    return not finite[0] and all(finite[1:])


def rising(run: Walked, iteration: int, window: int) -> bool:
    if iteration < 2 * window:
        return False
    return rises(np.array([run.loss(each) for each in range(iteration - 2 * window + 1, iteration + 1)]))


def moments(run: Walked, timeline: Timeline, asked: Sequence[Asked], window: int) -> Moments:
    """Where a run stops, and at which stops, from the start to the end."""
    hits = {place: {*each.hits(run, window)} for place, each in enumerate(asked) if each.stop.enabled}
    return [
        (timeline.course.at(*where), tuple(asked[place].stop for place in hits if where in hits[place]))
        for where in sorted(set().union(*hits.values()))
    ]


# ── random stops ─────────────────────────────────────────────────────────────────────────────────────────────


def bits(array: Array) -> bytes:
    return np.where(np.isnan(array), np.nan, array).tobytes()


def highest(values: Values | None, symbol: str) -> float:
    """The largest element; NaN, which compares with nothing, where there is no such iteration."""
    return np.nan if values is None else float(np.max(values[symbol]))


def conditions(a: str, b: str, k: int) -> list[tuple[str, set[str], bool, Callable[[Here], bool]]]:
    """Conditions on two symbols and a number: a text, the names it needs, if it is asked at every step, when it holds.

    `changed` and `prev` have no value in the first iteration, and so neither has what they are part of.
    """

    def fell(h: Here) -> bool:
        return highest(h.now, a) < highest(h.before, a)

    def differs(h: Here) -> bool:
        return h.before is not None and bits(h.now[a]) != bits(h.before[a])

    text = f"max({a}) < prev(max({a}))"
    return [
        (text, {a}, False, fell),
        (f"changed({a})", {a}, False, differs),
        (f"not changed({a})", {a}, False, lambda h: h.before is not None and not differs(h)),
        (f"iteration == {k}", set(), False, lambda h: h.iteration == k),
        (f"epoch == {k}", set(), False, lambda h: h.epoch == k),
        (f"iteration == {k} or {text}", {a}, False, lambda h: h.iteration == k or fell(h)),
        (f"max({a}) < max({b})", {a, b}, False, lambda h: highest(h.now, a) < highest(h.now, b)),
        (f"prev(max({a})) > 0", set(), False, lambda h: highest(h.before, a) > 0),
        (f"step > {k} and phase == 'backward'", set(), True, lambda h: h.step > k and h.phase == "backward"),
        (f"step == {k} and {text}", {a}, True, lambda h: h.step == k and fell(h)),
        (f"max({a}) > 0 and step > {k}", {a}, True, lambda h: highest(h.now, a) > 0 and h.step > k),
    ]


@st.composite
def asked_stops(draw: Draw, program: Program) -> Asked:
    """Every kind of stop that fits a program."""
    symbols, k = st.sampled_from([*program.symbols]), draw(st.integers(1, 12))
    choice = conditions(a := draw(symbols), draw(symbols), k)
    kind = draw(st.sampled_from(["built in", "watch", "step", "phase", *["condition"] * 3]))
    every, enabled = draw(st.integers(1, 4)), draw(st.integers(0, 9)) > 0
    if kind == "built in":
        return Asked(draw(st.sampled_from([Stop(NON_FINITE), Stop(LOSS_RISES)])))
    if kind == "watch":
        return Asked(Stop("watch", "", a, 1, enabled), frozenset({a}), holds=choice[1][3])
    text, needs, each, holds = draw(st.sampled_from(choice))
    if kind == "condition":
        return Asked(Stop(kind, "", text, every, enabled), frozenset(needs), each, holds)
    fields = [step.symbol if kind == "step" else step.phase for step in program.steps]
    at = draw(st.sampled_from(fields))
    if fields.index(at) < max((program.writers.get(name, -1) for name in needs), default=0) or draw(st.booleans()):
        return Asked(Stop(kind, at, "", every, enabled))
    return Asked(Stop(kind, at, text, every, enabled), frozenset(needs), each, holds)


# ── the same moments from everywhere ─────────────────────────────────────────────────────────────────────────


@contextmanager
def small(window: int, stride: int) -> Iterator[None]:
    """Fewer losses to compare and checkpoints closer together, so that a short run has some of both."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gradstep.engine.stops.scanner.WINDOW", window)
        patch.setattr("gradstep.engine.timeline.checkpoints.FIRST_STRIDE", stride)
        yield


def run_through(timeline: Timeline, direction: int) -> Moments:
    """The moments at which repeated searches stop, from the cursor to an end of the run."""
    found: Moments = []
    while True:
        ended = timeline.run_on() if direction > 0 else timeline.run_back()
        assert ended.finished
        assert timeline.position == ended.position
        if not ended.stops:
            assert ended.position == (timeline.course.end if direction > 0 else timeline.course.start)
            return found
        found.append((ended.position, ended.stops))


def asking(data: st.DataObject, text: str, budget: int) -> tuple[Timeline, Moments]:
    """A timeline with stops that were drawn for it, and when they are hit, over `small(3, …)`."""
    scenario = scenario_of(text)
    asked = data.draw(st.lists(asked_stops(scenario.program), min_size=1, max_size=3))
    timeline = Timeline(scenario, history_bytes=budget)
    timeline.stops = [each.stop for each in asked]
    return timeline, moments(walked(Timeline(scenario)), timeline, asked, 3)


@given(st.data(), NETS, st.sampled_from(BUDGETS), st.sampled_from([4, 64]))
@settings(max_examples=50, deadline=None)
def test_running_on_and_back_finds_what_looking_at_every_position_finds(
    data: st.DataObject, text: str, budget: int, stride: int
) -> None:
    with small(3, stride):
        timeline, expected = asking(data, text, budget)
        assert run_through(timeline, +1) == expected
        before_end = [each for each in expected if each[0] < timeline.course.end]  # where it is, it does not go
        assert run_through(timeline, -1) == before_end[::-1]
        again = Timeline(timeline.scenario, history_bytes=budget)  # and from the far end at once
        again.stops = timeline.stops
        again.goto("end")
        assert run_through(again, -1) == before_end[::-1]


@given(st.data(), NETS, st.sampled_from(BUDGETS), st.sampled_from([4, 64]))
@settings(max_examples=60, deadline=None)
def test_from_anywhere_and_after_any_walk_the_next_and_the_last_moment_are_the_same(
    data: st.DataObject, text: str, budget: int, stride: int
) -> None:
    with small(3, stride):
        timeline, expected = asking(data, text, budget)
        for _ in range(6):
            iteration = data.draw(st.integers(1, timeline.course.iterations))
            here = timeline.course.at(iteration, data.draw(st.integers(0, timeline.course.length(iteration))))
            timeline.goto(here)
            later = [each for each in expected if each[0] > here]
            earlier = [each for each in expected if each[0] < here]
            if data.draw(st.booleans()):
                found, (where, stops) = timeline.run_on(), (later or [(timeline.course.end, ())])[0]
            else:
                found, (where, stops) = timeline.run_back(), (earlier or [(timeline.course.start, ())])[-1]
            assert (found.position, found.stops, found.finished) == (where, stops, True)
            check_here(timeline, Straight(timeline.scenario))


@given(NETS)
@settings(max_examples=15, deadline=None)
def test_where_nothing_stops_it_a_run_ends_at_its_ends(text: str) -> None:
    timeline = Timeline(scenario_of(text))
    timeline.stops = [Stop("condition", when="iteration < 0"), Stop("condition", when="iteration > 0", enabled=False)]
    assert run_through(timeline, +1) == run_through(timeline, +1) == []
    assert run_through(timeline, -1) == run_through(timeline, -1) == []
    assert str(timeline.position) == "start"


def patience(calls: int) -> Progress:
    """Says stop at one call."""
    left = iter([True] * calls)
    return lambda done, total: next(left, False)


@given(layered(iterations=40), st.sampled_from(BUDGETS), st.sampled_from([1, -1]), st.data())
@settings(max_examples=60, deadline=None)
def test_a_search_that_is_broken_off_stands_at_a_real_position_and_goes_on_to_the_same_hit(
    text: str, budget: int, direction: int, data: st.DataObject
) -> None:
    scenario = scenario_of(text)
    with small(3, 4), pytest.MonkeyPatch.context() as patch:
        patch.setattr("gradstep.engine.progress.PULSE", -1.0)  # tell the progress of every iteration
        timeline, whole = Timeline(scenario, history_bytes=budget), Timeline(scenario)
        last = data.draw(st.integers(1, timeline.course.iterations))
        conditions = f"iteration == {last} and changed(W1)", f"step == 3 and iteration >= {last}"
        for each in (timeline, whole):
            each.stops = [Stop("condition", when=conditions[0]), Stop("condition", when=conditions[1], every=3)]
            each.goto("start" if direction > 0 else "end")
        search, wanted = (timeline.run_on, whole.run_on()) if direction > 0 else (timeline.run_back, whole.run_back())
        for calls in data.draw(st.lists(st.integers(0, 9), max_size=6)):
            before, found = timeline.position, search(patience(calls))
            assert found.position == timeline.position
            check_here(timeline, Straight(timeline.scenario))
            if found.finished:
                break
            assert not found.stops
            if direction < 0:
                assert timeline.position == before
            else:  # no further than where it has looked
                assert before <= timeline.position <= wanted.position
        else:
            found = search()
        assert (found.position, found.stops) == (wanted.position, wanted.stops)


# ── the stops that are always there ──────────────────────────────────────────────────────────────────────────


def test_a_run_stops_where_the_first_number_stops_being_finite_and_says_what_it_became() -> None:
    plain, timeline = Timeline(load_scenario("sgd-regression-wide")), Timeline(load_scenario("sgd-regression-wide"))
    while plain.step() and np.isfinite(plain[str(plain.position.symbol)]).all():
        assert plain.what_became_non_finite() == ""
    timeline.stops = (Stop(NON_FINITE),)
    found = timeline.run_on()
    assert (found.position, found.stops) == (plain.position, (Stop(NON_FINITE),))
    became = "NaN" if np.isnan(timeline[str(found.position.symbol)]).any() else "infinite"
    assert timeline.what_became_non_finite() == became
    assert timeline.step()
    timeline.run_back()
    assert timeline.position == found.position


DIVERGING = """
format = 1
title = "overshoots a little more each time"
data = {x = [[1.0]], t = [[0.0]]}
layer = [{kind = "affine", W = [[1e-6]], b = [0.0]}]
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 1.0002}
training = {iterations = 500}
"""


def test_a_loss_that_rises_slowly_stops_the_run_once_and_one_that_falls_never_does() -> None:
    timeline = Timeline(scenario_of(DIVERGING))
    assert timeline.stops == ALWAYS
    assert timeline.run_on().stops == (Stop(LOSS_RISES),)
    assert str(timeline.position) == "200:E"
    assert timeline.run_on().position == timeline.course.end
    falling = Timeline(load_scenario(MAZUR))
    falling.stops = [Stop(LOSS_RISES)]
    assert falling.run_on().position == falling.course.end == falling.course.parse("10001")
    assert falling.run_back().position == falling.course.start


def test_losses_rise_where_the_second_half_is_higher_than_noise_explains() -> None:
    noise = np.random.default_rng(0).standard_normal(200)
    ramp, step = np.linspace(0.0, 1.0, 200), np.repeat([1.0, 2.0], 100)
    assert all(rises(losses) for losses in (ramp, step, ramp + 0.01 * noise, noise + 10 * ramp))
    ends = [np.append(ramp[:-1], end) for end in (np.inf, np.nan)]  # another stop's business
    quiet = ramp[::-1], step[::-1], noise, noise + 0.01 * ramp, np.ones(200), np.full(200, np.nan), *ends
    assert not any(rises(losses) for losses in quiet)


@cache
def mazur() -> Timeline:
    return Timeline(load_scenario(MAZUR))
