"""The timeline: wherever a walk leads, what is there is what a straight run finds there, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Position, Timeline, load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.program.expression import evaluate
from gradstep.engine.program.program import Role
from tests.strategies import layered, scenario_of, scenarios
from tests.walks import BUDGETS, RUNNABLE, UNITS, Move, Straight, bits, check_here, make, moves, straight

pytestmark = pytest.mark.filterwarnings("error")

every_bundled = pytest.mark.parametrize("name", RUNNABLE)
several_iterations = [name for name in RUNNABLE if load_scenario(name).course.iterations > 1]


def walk(timeline: Timeline, run: Straight, path: list[Move], furthest: int) -> None:
    timeline.restorer._most_frames = 2 + len(path) % 3  # as few as very large nets leave room for, up to the usual
    for move in path:
        make(timeline, move, furthest)
        assert timeline.restorer.bytes <= timeline.history_bytes
    check_here(timeline, run)


@every_bundled
@given(st.lists(moves, max_size=12), st.sampled_from(BUDGETS))
@settings(max_examples=40, deadline=None)
def test_any_walk_over_a_bundled_scenario_ends_where_a_straight_run_ends(
    name: str, path: list[Move], budget: int
) -> None:
    run = straight(name)
    furthest = min(300, run.scenario.course.iterations)
    walk(Timeline(run.scenario, history_bytes=budget), run, path, furthest)


@given(scenarios(iterations=300), st.lists(moves, max_size=12), st.sampled_from(BUDGETS))
@settings(max_examples=200, deadline=None)
def test_any_walk_over_a_random_scenario_ends_where_a_straight_run_ends(
    text: str, path: list[Move], budget: int
) -> None:
    run = Straight(scenario_of(text))
    walk(Timeline(run.scenario, history_bytes=budget), run, path, run.scenario.course.iterations)


@given(layered(iterations=40, measured=True), st.lists(moves, max_size=12), st.sampled_from(BUDGETS))
@settings(max_examples=25, deadline=None)
def test_any_walk_over_a_scenario_that_measures_ends_where_a_straight_run_ends(
    text: str, path: list[Move], budget: int
) -> None:
    scenario = scenario_of(text)
    timeline, run = Timeline(scenario, history_bytes=budget), Straight(scenario)
    walk(timeline, run, path, scenario.course.iterations)
    timeline.goto("end")
    measured = [i for i in range(1, scenario.course.iterations + 1) if scenario.program.measured(i)]
    at, accuracies = timeline.branch.measured("accuracy_train")
    assert list(at) == measured
    for iteration, accuracy in zip(measured, accuracies, strict=True):
        values = run.values(timeline.course.at(iteration, timeline.course.length(iteration)))
        assert accuracy == values["accuracy_train"]


@given(layered(iterations=40), st.lists(moves, max_size=25))
@settings(max_examples=100, deadline=None)
def test_every_stop_of_a_walk_is_what_the_straight_run_shows_there(text: str, path: list[Move]) -> None:
    run = Straight(scenario_of(text))
    timeline = Timeline(run.scenario, history_bytes=1024)
    for move in path:
        make(timeline, move, run.scenario.course.iterations)
        check_here(timeline, run)


@pytest.mark.parametrize("budget", BUDGETS)
@every_bundled
def test_the_far_end_and_the_way_back_from_it_are_those_of_a_straight_run(name: str, budget: int) -> None:
    run = straight(name)
    timeline = Timeline(run.scenario, history_bytes=budget)
    timeline.goto("end")
    check_here(timeline, run)
    for unit in UNITS:
        timeline.move(unit, -1)
        check_here(timeline, run)


@given(scenarios(iterations=3))
@settings(max_examples=100, deadline=None)
def test_stepping_visits_every_position_and_stepping_back_visits_them_in_reverse(text: str) -> None:
    timeline = Timeline(scenario_of(text))
    seen = [(timeline.position, bits(timeline.values()))]
    while timeline.step():
        seen.append((timeline.position, bits(timeline.values())))
    assert len(seen) == 1 + len(timeline.program.steps) * timeline.course.iterations
    assert timeline.position == timeline.course.end
    back = [(timeline.position, bits(timeline.values()))]
    while timeline.back():
        back.append((timeline.position, bits(timeline.values())))
    assert back == seen[::-1]


# ── on and back ──────────────────────────────────────────────────────────────────────────────────────────────


@every_bundled
def test_five_steps_on_and_five_back_restore_the_first_moment(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    first = timeline.moment()
    assert all(timeline.step() for _ in range(5))
    assert all(timeline.back() for _ in range(5))
    again = timeline.moment()
    assert (again.position, again.length, again.iterations, again.epoch) == (
        (first.position, first.length, first.iterations, first.epoch)
    )
    assert (again.step, again.next_step) == (first.step, first.next_step)
    assert bits(again.values) == bits(first.values)
    assert again.previous == first.previous == {}


def boundaries(timeline: Timeline, unit: str) -> list[Position]:
    """Where moving on by `unit` stops, from the start to the end."""
    timeline.goto("start")
    stops = [timeline.position]
    while timeline.move(unit, +1):
        stops.append(timeline.position)
    return stops


@pytest.mark.parametrize("unit", UNITS)
@given(scenarios(iterations=4))
@settings(max_examples=60, deadline=None)
def test_moving_back_by_a_unit_mirrors_moving_on(unit: str, text: str) -> None:
    timeline = Timeline(scenario_of(text))
    stops = boundaries(timeline, unit)
    assert stops[-1] == timeline.course.end
    back = [timeline.position]
    while timeline.move(unit, -1):
        back.append(timeline.position)
    assert back == stops[::-1]


@every_bundled
def test_at_its_ends_the_timeline_stays_where_it_is(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    assert not any(timeline.move(unit, -1) for unit in UNITS)
    assert not timeline.back()
    assert (timeline.position.iteration, timeline.position.step, str(timeline.position)) == (1, 0, "start")
    timeline.goto("end")
    end = timeline.position
    assert not any(timeline.move(unit, +1) for unit in UNITS)
    assert not timeline.step()
    assert timeline.position == end
    assert end.iteration == timeline.course.iterations


@every_bundled
def test_layers_and_phases_are_stopped_at_wherever_one_ends(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    steps = timeline.program.steps[: timeline.course.length(1)]
    last = min(2, timeline.course.iterations)
    for unit, key in (("layer", lambda step: (step.phase, step.layer, step.line)), ("phase", lambda step: step.phase)):
        keys = [key(step) for step in steps]
        ends = [place for place in range(1, len(steps) + 1) if keys[place - 1 : place] != keys[place : place + 1]]
        timeline.goto("start")
        for iteration in range(1, last + 1):
            for end in ends:
                assert timeline.move(unit, +1)
                assert timeline.position == Position(iteration, end)
        for iteration in range(1, last + 1):
            for start, end in zip([0, *ends], ends, strict=False):
                timeline.goto(f"{iteration}:{end}")
                while timeline.position > timeline.course.at(iteration, start + 1):
                    assert timeline.back()
                    here = timeline.position
                    assert timeline.move(unit, -1)  # from anywhere within, back leads to where it began
                    assert timeline.position == timeline.course.at(iteration, start)
                    timeline.goto(here)


def test_an_iteration_on_or_back_keeps_the_place_in_it() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("7:delta2")
    timeline.move("iteration", +1)
    assert str(timeline.position) == "8:delta2"
    timeline.move("iteration", -1)
    assert str(timeline.position) == "7:delta2"
    timeline.goto("1:delta2")
    assert not timeline.move("iteration", -1)
    timeline.goto("10001:delta2")
    assert not timeline.move("iteration", +1)
    assert str(timeline.position) == "10001:delta2"


@pytest.mark.parametrize("name", several_iterations)
def test_the_end_of_an_iteration_is_the_start_of_the_next(name: str) -> None:
    scenario = load_scenario(name)
    timeline, other = Timeline(scenario), Timeline(scenario)
    timeline.goto("1")
    other.goto("2:0")
    assert timeline.position == other.position == Position(1, scenario.course.length(1))
    assert timeline.position.symbol == scenario.program.steps[scenario.course.length(1) - 1].symbol
    assert bits(timeline.values()) == bits(other.values())
    timeline.step()
    other.goto("2:1")
    assert timeline.position == other.position == Position(2, 1)
    for symbol, becomes in scenario.program.carried.items():
        assert other[symbol].tobytes() == straight(name).values(Position(1, 10**6))[becomes].tobytes()


# ── full speed ───────────────────────────────────────────────────────────────────────────────────────────────


@given(scenarios(iterations=1), st.integers(1, 40), st.integers(1, 40), st.booleans())
@settings(max_examples=200, deadline=None)
def test_full_speed_and_step_by_step_agree_to_the_bit(text: str, first: int, count: int, everything: bool) -> None:
    run = Straight(scenario_of(text))
    run.frame(first + count)
    machine = run.machine
    fast = machine.run(None if everything else ())
    fast.start(machine.pack(run.states[first - 1]), first)
    losses = fast.advance(count)
    assert fast.iteration == first + count
    assert bits(machine.unpack(fast.packed())) == bits(run.states[first + count - 1])
    for name, value in fast.values.items():
        assert value.tobytes() == run.values(Position(first + count - 1, 10**6))[name].tobytes()
    assert len(losses) == count
    for iteration, loss in enumerate(losses, start=first):
        value = run.values(Position(iteration, 10**6))[run.scenario.program.loss]
        assert np.array_equal(loss, value if value.shape == () else np.nan, equal_nan=True)


# ── what was handed out ──────────────────────────────────────────────────────────────────────────────────────


@given(scenarios(iterations=100), st.lists(moves, min_size=1, max_size=10), st.sampled_from(BUDGETS))
@settings(max_examples=40, deadline=None)
def test_arrays_that_were_handed_out_are_read_only_and_never_change(text: str, path: list[Move], budget: int) -> None:
    timeline = Timeline(scenario_of(text), history_bytes=budget)
    handed_out: list[tuple[Array, bytes]] = []
    for move in path:
        make(timeline, move, timeline.course.iterations)
        moment = timeline.moment()
        arrays = [*moment.values.values(), *moment.previous.values(), moment.losses, moment.known]
        handed_out += [(array, array.tobytes()) for array in arrays]
    for array, before in handed_out:
        assert array.tobytes() == before
        assert not array.flags.writeable


@pytest.mark.parametrize("name", several_iterations)
def test_a_moment_shows_the_previous_iteration_at_the_same_place(name: str) -> None:
    run = straight(name)
    timeline = Timeline(run.scenario)
    last = min(200, run.scenario.course.iterations)
    program, weights = run.scenario.program, run.scenario.network.parameters
    gradient = next(name for name, each in program.symbols.items() if each.role is Role.GRADIENT and each.of in weights)
    loss = program.loss
    for iteration, place in ((2, "1"), (2, loss), (2, gradient), (last, loss), (last, str(timeline.course.length(1)))):
        timeline.goto(f"{iteration}:{place}")
        moment = timeline.moment()
        assert moment.previous.keys() == moment.values.keys()
        assert bits(moment.previous) == bits(run.values(run.scenario.course.parse(f"{iteration - 1}:{place}")))
        assert moment.step is run.scenario.program.steps[timeline.position.step - 1]


@given(scenarios(iterations=3))
@settings(max_examples=30, deadline=None)
def test_a_moment_names_the_step_that_has_run_and_the_one_to_come(text: str) -> None:
    timeline = Timeline(scenario_of(text))
    steps = timeline.program.steps * timeline.course.iterations
    for place in range(len(steps) + 1):
        moment = timeline.moment()
        assert moment.step is (steps[place - 1] if place else None)
        assert moment.next_step is (steps[place] if place < len(steps) else None)
        assert moment.position == timeline.position
        assert timeline.step() == (place < len(steps))


# ── through infinities and NaN ───────────────────────────────────────────────────────────────────────────────


def test_a_run_into_nan_is_walked_through_without_a_warning() -> None:
    run = straight("sgd-regression-wide")
    timeline = Timeline(run.scenario)
    iterations = 30
    while timeline.position.iteration <= iterations and timeline.step():
        step = timeline.program.steps[timeline.position.step - 1]
        value = timeline.moment().values[step.symbol]
        assert value.tobytes() == run.values(timeline.position)[step.symbol].tobytes()
        if step.phase != "draw":
            explained(timeline, step.symbol)
    losses = timeline.moment().losses
    assert np.isfinite(losses[0])
    assert np.isnan(losses[iterations - 1])
    for unit in UNITS:
        while timeline.position.iteration > iterations - 3 and timeline.move(unit, -1):
            check_here(timeline, run)
        timeline.goto(str(iterations))


MOST_EXPLAINED = 40  # elements of a large array: every so many-th


def explained(timeline: Timeline, symbol: str) -> Array:
    """A symbol's array, each element made of those of its operands."""
    made = timeline[symbol].copy()
    indices = list(np.ndindex(made.shape))
    for index in indices[:: max(1, len(indices) // MOST_EXPLAINED)]:
        expression = timeline.program.element(symbol, index)
        assert expression is not None
        made[index] = evaluate(expression, timeline.value)
    return made


@every_bundled
def test_every_element_of_every_step_comes_out_of_its_operands(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    for _ in range(2 * len(timeline.program.steps)):
        if timeline.step() and timeline.program.steps[timeline.position.step - 1].operands:
            symbol = str(timeline.position.symbol)
            np.testing.assert_allclose(explained(timeline, symbol), timeline[symbol], rtol=1e-12, atol=1e-14)


def test_data_and_what_an_iteration_starts_from_have_no_arithmetic() -> None:
    program = load_scenario("mazur-2-2-2").program
    assert program.element("x", (0, 0)) is None
    assert program.element("W1", (0, 0)) is None
