"""The states that a timeline keeps: within its budget, exactly, and still when a run is stopped on its way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Position, Timeline, load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.timeline.checkpoints import FIRST_STRIDE, NEIGHBOURHOOD, OVERHEAD, Checkpoints
from gradstep.engine.timeline.series import HistoryError, Series
from tests.strategies import scenario_of, scenarios
from tests.walks import Move, Straight, check_here, make, moves, straight

NUMBERS = 80
BYTES = NUMBERS + OVERHEAD  # of one state, in truth


def state(iteration: int) -> Array:
    """A packed state that says which iteration starts from it."""
    return np.full(NUMBERS // 8, float(iteration))


def begun(checkpoints: Checkpoints, iteration: int) -> int:
    """The latest iteration up to this one whose beginning is known."""
    found = checkpoints.nearest(iteration)
    return 1 if found is None else found[0]


def powers_of_two(number: int) -> bool:
    return number & (number - 1) == 0


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────


@given(
    st.lists(st.tuples(st.integers(1, 3000), st.booleans()), max_size=60),
    st.sampled_from([0, 79, 960, 6000, 30_000, 256 * 1024]),
    st.lists(st.integers(1, 4000), min_size=1, max_size=10),
)
@settings(max_examples=200, deadline=None)
def test_history_stays_within_its_budget_and_finds_the_latest_state_it_has(
    kept: list[tuple[int, bool]], budget: int, asked: list[int]
) -> None:
    checkpoints = Checkpoints(1, NUMBERS, budget)
    for iteration, near in kept:
        checkpoints.keep(iteration, state(iteration), near=near)
        assert checkpoints.bytes <= budget
        assert checkpoints.stride % FIRST_STRIDE == 0
        assert powers_of_two(checkpoints.stride // FIRST_STRIDE)
    there = {1, *(iteration for iteration in range(1, 3001) if begun(checkpoints, iteration) == iteration)}
    for iteration in asked:
        assert begun(checkpoints, iteration) == max(each for each in there if each <= iteration)
        found = checkpoints.nearest(iteration)
        assert found is None or (found[1] == found[0]).all()


def test_checkpoints_thin_out_by_doubling_their_distance() -> None:
    room = 8  # checkpoints: half of the budget
    checkpoints = Checkpoints(1, NUMBERS, 2 * room * BYTES)
    strides = []
    for iteration in range(2, 5000):
        checkpoints.keep(iteration, state(iteration), near=False)
        if iteration % 250 == 0:
            kept = [each for each in range(2, iteration + 1) if begun(checkpoints, each) == each]
            assert kept == list(range(1 + checkpoints.stride, iteration + 1, checkpoints.stride))
            assert len(kept) <= room < 2 * (len(kept) + 1) or checkpoints.stride == FIRST_STRIDE
        strides.append(checkpoints.stride)
    assert sorted(set(strides)) == [64, 128, 256, 512, 1024]
    assert strides == sorted(strides)


def test_the_states_next_to_a_place_are_kept_one_by_one() -> None:
    checkpoints = Checkpoints(1, NUMBERS, 64 * 2**20)
    for iteration in range(1000, 1000 + NEIGHBOURHOOD):
        checkpoints.keep(iteration, state(iteration), near=True)
    for iteration in range(1000, 1000 + NEIGHBOURHOOD):
        assert begun(checkpoints, iteration) == iteration


@pytest.mark.parametrize("budget", [10_000, 64 * 2**20])
def test_walking_back_recomputes_one_iteration_at_a_time(budget: int) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"), history_bytes=budget)
    timeline.goto("5000")
    for iteration in range(4999, 5000 - timeline.branch.checkpoints.neighbourhood, -1):
        assert timeline.replays(timeline.course.at(iteration, 3)) <= 1
        timeline.goto(f"{iteration}:3")


@pytest.mark.parametrize("budget", [50_000, 64 * 2**20])
def test_going_far_back_recomputes_no_more_than_lies_between_two_checkpoints(budget: int) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"), history_bytes=budget)
    timeline.goto("10001")
    stride = timeline.branch.checkpoints.stride
    assert stride < 1000
    replays = {timeline.replays(timeline.course.at(iteration, 1)) for iteration in range(2, 9000)}
    assert replays == set(range(1, stride + 1))


@given(scenarios(iterations=200), st.sampled_from([0, 1024, 64 * 1024]), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_replays_says_how_many_iterations_going_there_recomputes(
    text: str, budget: int, first: float, then: float
) -> None:
    timeline = Timeline(scenario_of(text), history_bytes=budget)
    last = timeline.course.iterations
    timeline.goto(str(1 + round(first * (last - 1))))
    target = timeline.course.at(1 + round(then * (last - 1)), 1)
    expected, to_do = timeline.replays(target), set[int]()
    timeline.goto(target, lambda done, of: not to_do.add(of))
    assert to_do <= {expected - 1}  # the last is not recomputed on the way, but looked at
    assert timeline.replays(target) == 0


# ── being stopped ────────────────────────────────────────────────────────────────────────────────────────────


def after(calls: int) -> Callable[[int, int], bool]:
    """A progress that stops at its n-th call."""
    told: list[tuple[int, int]] = []

    def progress(done: int, of: int) -> bool:
        assert not told or (done > told[-1][0] and of == told[-1][1])
        assert 0 < done <= of
        told.append((done, of))
        return len(told) < calls

    return progress


@given(st.integers(1, 12), st.integers(1, 400), st.integers(1, 400), st.sampled_from([0, 2048, 64 * 2**20]))
@settings(max_examples=60, deadline=None)
def test_a_stopped_goto_leaves_a_real_position_with_its_right_values(
    calls: int, first: int, then: int, budget: int
) -> None:
    run = straight("and-perceptron")
    timeline = Timeline(run.scenario, history_bytes=budget)
    timeline.goto(f"{first}:delta1")
    before = timeline.position
    arrived = timeline.goto(f"{then}:delta1", after(calls))
    assert arrived == (timeline.position == run.scenario.course.parse(f"{then}:delta1"))
    if timeline.position not in (before, run.scenario.course.parse(f"{then}:delta1")):
        assert timeline.position.step == len(run.scenario.program.steps)  # between two iterations
    if not arrived:
        low, high = sorted([before, run.scenario.course.parse(f"{then}:delta1")])
        assert low <= timeline.position <= high
        assert then > first or timeline.position == before  # on the way back it stays where it was
    check_here(timeline, run)
    timeline.step()
    check_here(timeline, run)
    timeline.goto("400")
    check_here(timeline, run)


def test_a_run_that_is_stopped_again_and_again_arrives_in_the_end() -> None:
    run = straight("and-perceptron")
    timeline = Timeline(run.scenario)
    stops = [timeline.position]
    while not timeline.goto("1000", after(2)):
        assert timeline.position > stops[-1]
        stops.append(timeline.position)
        check_here(timeline, run)
    assert len(stops) > 3
    check_here(timeline, run)


def test_nobody_is_asked_where_nothing_is_recomputed() -> None:
    timeline = Timeline(load_scenario("apples"))
    assert timeline.goto("end", lambda done, of: pytest.fail("nothing to wait for"))


# ── losses ───────────────────────────────────────────────────────────────────────────────────────────────────


@given(scenarios(iterations=120), st.lists(moves, min_size=1, max_size=10))
@settings(max_examples=100, deadline=None)
def test_the_loss_of_every_iteration_that_ran_is_known(text: str, path: list[Move]) -> None:
    run = Straight(scenario_of(text))
    program, course = run.scenario.program, run.scenario.course
    timeline = Timeline(run.scenario, history_bytes=1024)
    furthest = Position(1, 0)
    for move in path:
        make(timeline, move, course.iterations)
        furthest = max(furthest, timeline.position)
        moment = timeline.moment()
        seen = furthest.iteration - (furthest.step <= program.writers[program.loss])
        if seen == moment.position.iteration and program.loss not in moment.values:
            seen -= 1  # one that lies just ahead of the cursor is not shown
        assert len(moment.losses) == len(moment.known) == seen
        assert moment.known.all()
        for number, loss in enumerate(moment.losses, start=1):
            value = run.values(Position(number, len(program.steps)))[program.loss]
            assert np.array_equal(loss, value if value.shape == () else np.nan, equal_nan=True)


def test_there_is_room_for_any_number_of_losses() -> None:
    losses = Series()
    for iteration in (3, 1024, 1025, 40_000):
        losses.record(iteration, [float(iteration)])
    values, known = losses.view()
    assert len(values) == len(known) == 40_000
    assert np.flatnonzero(known).tolist() == [2, 1023, 1024, 39_999]
    assert values[known].tolist() == [3.0, 1024.0, 1025.0, 40_000.0]
    assert np.isnan(values[~known]).all()
    with pytest.raises(ValueError, match="read-only"):
        values[0] = 1.0
    losses.record(4, [4.0])  # who looks must not keep the timeline from recording
    assert losses.view()[0][3] == 4.0
    assert np.array_equal(losses.part(0, 5), [np.nan, np.nan, np.nan, 3.0, 4.0, np.nan], equal_nan=True)


# ── what does not come out again is no data ──────────────────────────────────────────────────────────────────


def test_a_replay_that_comes_to_another_loss_is_an_error() -> None:
    losses = Series()
    losses.record(1, [1.0, np.nan, 3.0])
    losses.record(2, [np.nan, 3.0, 4.0])
    with pytest.raises(HistoryError, match="iteration 3 came to another loss"):
        losses.record(1, [1.0, np.nan, 3.0000000000000004])


def test_a_checkpoint_that_has_changed_is_an_error_and_not_shown() -> None:
    timeline = Timeline(load_scenario("and-perceptron"))
    timeline.goto("300")
    (iteration, (packed, _)), *_ = timeline.branch.checkpoints._checkpoints.items()
    packed.base.flags.writeable = True
    np.ndarray(packed.shape, buffer=packed.base, offset=packed.ctypes.data - packed.base.ctypes.data)[0] += 1e-9
    with pytest.raises(HistoryError, match=f"before iteration {iteration} has changed"):
        timeline.goto(f"{iteration + 3}")


def test_a_replay_that_does_not_reproduce_the_next_checkpoint_is_an_error() -> None:
    timeline = Timeline(load_scenario("and-perceptron"))
    timeline.goto("300")
    checkpoints = timeline.branch.checkpoints
    checkpoints._recent.clear()
    place = checkpoints._places[1]
    checkpoints._checkpoints[place] = state(1), b"of something else"
    timeline.restorer._frames.clear()
    assert timeline.goto(f"{place - 1}")
    with pytest.raises(HistoryError, match=f"another state before iteration {place}"):
        timeline.goto(f"{place}")
