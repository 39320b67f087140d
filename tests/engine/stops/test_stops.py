"""Stops: a search finds what looking at every position finds, from either side, from anywhere, however little is kept.

Here every position is looked at: a `Walked` is every value at every position of a run, and each condition comes as a
text, as a function that says when it is true, and with what it names. Nothing of the search is used for either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Position, ScenarioError, Timeline, load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.program.program import Program
from gradstep.engine.progress import Progress
from gradstep.engine.stops.stops import BUILT_IN, LOSS_RISES, NON_FINITE, Stop, StopError
from gradstep.engine.stops.trigger import parse_stop, rises, watch
from gradstep.engine.timeline.watches import watch_value
from tests.strategies import layered, scenario_of, scenarios
from tests.walks import Straight, check_here, straight

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
        return Asked(draw(st.sampled_from(BUILT_IN)))
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
    assert timeline.stops == BUILT_IN
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


# ── what is typed ────────────────────────────────────────────────────────────────────────────────────────────


@cache
def mazur() -> Timeline:
    return Timeline(load_scenario(MAZUR))


@pytest.mark.parametrize(
    ("text", "stop", "shown"),
    [
        ("dW1", Stop("step", "dW1"), "dW1"),
        ("  delta_h ", Stop("step", "delta1"), None),
        ("dw5", Stop("step", "dW2"), "dW2"),
        ("backward", Stop("phase", "backward"), "backward"),
        ("backward every 3rd", Stop("phase", "backward", every=3), "backward every 3"),
        ("E < 0.1", Stop("condition", "", "E < 0.1"), "E < 0.1"),
        ("E  <  0.1   every 10", Stop("condition", "", "E < 0.1", 10), "E < 0.1 every 10"),
        ("changed(w5)", Stop("condition", "", "changed(w5)"), "changed(w5)"),
        ("dW1 if E < 0.1", Stop("step", "dW1", "E < 0.1"), "dW1 if E < 0.1"),
        ("update if iteration > 5 every 2nd", Stop("phase", "update", "iteration > 5", 2), None),
    ],
)
def test_a_breakpoint_is_a_place_a_condition_or_both_and_a_count(text: str, stop: Stop, shown: str | None) -> None:
    assert parse_stop(text, mazur().names) == stop
    assert shown is None or str(stop) == shown
    assert parse_stop(str(stop), mazur().names) == stop


WRONG = {
    "": "found nothing to stop at, expected a symbol, a phase or a condition",
    "E < 0.1 every 0": '"every 0" never stops, expected a number of at least 1',
    "dW9": '"dW9" is not a symbol, name or label (did you mean "dW2"?)',
    "nothing if E < 1": '"nothing" is not a symbol, name, label or phase',
    "backwards if E < 1": '"backwards" is not a symbol, name, label or phase (did you mean "backward"?)',
    "W1": '"W1" is written by no step (W1_next is); a condition such as changed(W1) can be stopped at',
    "learning_rate": '"learning_rate" is written by no step; a condition such as changed(learning_rate)',
    "measure": 'this program has no phase "measure"',
    "u1 if E < 0.1": "E has no value yet at u1",
    "E <": '"E <", column 4: found the end, expected a value',
    "dW1 if Q > 1": '"Q" is not a symbol, name or label',
    "W1 > 0": '"W1 > 0", column 1: an array of shape 2×2 is neither true nor false: use any(...) or all(...)',
    "phase < 1": '"phase < 1", column 9: "<" does not compare the text "draw" with a scalar',
    "prev(prev(E))": "prev and changed cannot be nested: they look back one iteration and no further",
    "E.__class__": '"E.__class__", column 2: cannot read "."',
    "__import__('os')": '"__import__" is not a function',
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_stopped_at_is_refused_with_what_is_expected(text: str) -> None:
    with pytest.raises(StopError) as caught:
        parse_stop(text, mazur().names)
    assert WRONG[text] in str(caught.value)


def test_what_is_near_a_name_and_a_phase_gets_one_suggestion() -> None:
    with pytest.raises(StopError) as caught:
        parse_stop("draout if E < 1", mazur().names)
    assert str(caught.value).count("did you mean") == 1


HOSTILE = [
    "1 +" * 10**5 + "1",
    "(" * 10**4,
    "not " * 200 + "E",
    "-" * 5000 + "1",
    "E[" * 500,
    "(" * 60 + "E" + ")" * 60,
]
HOSTILE += ["prev(" * 100, "E if " * 10**4, "W1[0,0,0]", "E < 'a", "E = 1", "lambda: 0", "E; E", "E\x00", "every 3"]
HOSTILE += ["E every 99999999999", "{E}", "f'{E}'", "E[0]", "W1[10**9, 0] > 0", "W1[999999999, 0] > 0", "open('x')"]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20].encode("unicode_escape").decode())
def test_hostile_texts_are_refused_as_any_other_mistake_is(text: str) -> None:
    with pytest.raises(StopError):
        parse_stop(text, mazur().names)
    with pytest.raises(StopError):
        watch(text, mazur().names)


def test_a_huge_power_is_an_infinite_number_that_costs_nothing() -> None:
    assert parse_stop("9**9**9", mazur().names) == Stop("condition", "", "9**9**9")
    assert watch_value(mazur(), watch("9**9**9", mazur().names), mazur().course.start) == (np.inf, 1)


WORDS = [
    *"EWt(),[]<>=*'\"0 1-",
    " if ",
    " every ",
    "E",
    "W1",
    "phase",
    "step",
    "prev(",
    "changed(",
    "and ",
    "or ",
    "not ",
]


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=12).map("".join)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_stop_or_an_error_that_says_so(text: str) -> None:
    for read in (parse_stop, watch):
        with suppress(StopError):
            assert isinstance(read(text, mazur().names), Stop)


@pytest.mark.parametrize("text", ["E > 0 and y", "E == 0 or W1", "step > 9 and phase", "E > 0 and 'a'", "E and y > 0"])
def test_a_condition_without_an_answer_is_refused_however_far_into_it_that_is(text: str) -> None:
    with pytest.raises(StopError, match="neither true nor false"):
        parse_stop(text, mazur().names)


@pytest.mark.parametrize("text", ["changed(iteration)", "changed(epoch)", "iteration == prev(iteration) + 1"])
def test_the_number_of_an_iteration_differs_from_that_of_the_one_before(text: str) -> None:
    timeline = Timeline(load_scenario(MAZUR))
    timeline.stops = [parse_stop(text, timeline.names)]
    assert timeline.run_on().position == timeline.course.at(2, 1)


def test_a_condition_on_an_earlier_step_is_asked_after_every_step_too() -> None:
    timeline = Timeline(load_scenario(MAZUR))
    timeline.stops = [parse_stop("prev(step + 0*E) == 3", timeline.names)]
    assert timeline.run_on().position == timeline.course.at(2, 3)


# ── in a scenario's file ─────────────────────────────────────────────────────────────────────────────────────

TABLES = """
[[break]]
at = "dW1"
when = "iteration > 3"
every = 2
[[break]]
at = "backward"
enabled = false
[[watch]]
show = "norm(W1)"
[[watch]]
show = "E"
stop = true
"""


def test_breakpoints_and_watches_of_a_file_come_after_those_that_are_always_there() -> None:
    assert Timeline(scenario_of(DIVERGING + TABLES)).stops == [
        *BUILT_IN,
        Stop("step", "dW1", "iteration > 3", 2),
        Stop("phase", "backward", enabled=False),
        Stop("watch", when="norm(W1)", enabled=False),
        Stop("watch", when="E"),
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[[break]]\nat = "dW7"', 'random.toml: break[0]: "dW7" is not a symbol'),
        (
            '[[break]]\nat = "E"\n[[break]]\nwhen = "E <"',
            'random.toml: break[1]: "E <", column 4: found the end, expected a value',
        ),
        ("[[break]]\nevery = 2", "random.toml: break[0]: found nothing to stop at"),
        ('[[break]]\nat = "E"\nevery = 0', "random.toml: break[0].every: "),
        ('[[break]]\nat = "E"\nonce = true', "random.toml: break[0].once: "),
        ('[[watch]]\nshow = "V"', 'random.toml: watch[0].show: "V" is not a symbol'),
        ("[[watch]]\nstop = true", "random.toml: watch[0].show: "),
        ('[watch]\nshow = "E"', "random.toml: watch: "),
        ('[[watch]]\nshow = " "', "random.toml: watch[0].show: "),
        (
            '[[watch]]\nshow = "E - prev(E)"\nstop = true',
            'random.toml: watch[0].show: "E - prev(E)" looks back an iteration itself',
        ),
    ],
)
def test_what_is_wrong_with_them_is_said_with_file_and_key(table: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario_of(DIVERGING + table)
    assert message in str(caught.value)


# ── watches ──────────────────────────────────────────────────────────────────────────────────────────────────


@given(layered(iterations=4), st.data(), st.sampled_from(BUDGETS))
@settings(max_examples=25, deadline=None)
def test_a_watch_shows_the_value_now_or_that_of_the_iteration_before(
    text: str, data: st.DataObject, budget: int
) -> None:
    timeline = Timeline(scenario_of(text), history_bytes=budget)
    run, symbol = walked(timeline), data.draw(st.sampled_from([*timeline.program.symbols]))
    shown = watch(symbol, timeline.names)
    for iteration, steps in enumerate(run.values, start=1):
        for step, values in enumerate(steps, start=1):
            found = watch_value(timeline, shown, timeline.course.at(iteration, step))
            timeline.goto(timeline.course.at(iteration, step))
            again, now = watch_value(timeline, shown), symbol in values
            if not now and iteration == 1:
                assert found is again is None
                continue
            assert found is not None
            assert again is not None
            wanted = (values if now else run.values[iteration - 2][-1])[symbol]
            assert np.asarray(found[0]).tobytes() == np.asarray(again[0]).tobytes() == wanted.tobytes()
            assert found[1] == again[1] == (iteration if now else iteration - 1)


def test_what_a_watch_compares_with_the_iteration_before_needs_that_one() -> None:
    timeline, fallen = Timeline(load_scenario(MAZUR)), Stop("watch", when="prev(E) - E")
    losses = [float(straight(MAZUR).values(Position(each, 7))["E"]) for each in (1, 2)]
    for where, value in (("1:E", None), ("2:y", None), ("2:E", 2), ("2", 2), ("3:y", 2)):
        timeline.goto(where)
        assert watch_value(timeline, fallen) == (value and (losses[0] - losses[1], value))


@pytest.mark.parametrize("text", ["E - prev(E)", "W1 - prev(W1)", "changed(W1)", "W1[0,0]*2", "phase"])
def test_what_looks_back_can_be_watched_by_hand_and_in_a_file(text: str) -> None:
    timeline = Timeline(scenario_of(f"{DIVERGING}[[watch]]\nshow = '{text}'"))
    assert timeline.stops == (*BUILT_IN, watch(text, timeline.names))
    timeline.goto("2")
    assert watch_value(timeline, timeline.stops[-1]) is not None


def test_a_number_is_the_same_one_iteration_earlier_if_there_was_one() -> None:
    timeline = Timeline(load_scenario(MAZUR))
    assert watch_value(timeline, watch("prev(1)", timeline.names), timeline.course.at(1, 3)) is None
    assert watch_value(timeline, watch("prev(1)", timeline.names), timeline.course.at(2, 3)) == (1.0, 2)
    timeline.stops = [parse_stop("prev(1) == 1", timeline.names)]
    assert timeline.run_on().position == timeline.course.at(2, 1)


def test_no_phase_has_run_at_the_start() -> None:
    assert watch_value(mazur(), watch("phase", mazur().names), mazur().course.start) is None


def test_stops_change_through_the_timeline_alone() -> None:
    timeline = mazur()
    before, one, other = timeline.stops, Stop("step", "u1"), Stop("step", "z1")
    timeline.add_stop(one)
    assert timeline.stops == (*before, one)
    timeline.replace_stop(len(before), other)
    assert timeline.stops == (*before, other)
    timeline.stops = [*before]
    assert timeline.stops == before == BUILT_IN
