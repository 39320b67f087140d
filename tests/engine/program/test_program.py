"""Programs: with a step replaced, one is a program like any other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.operations import activations
from gradstep.engine.program.program import Program, ProgramError, Step
from gradstep.engine.stops.trigger import parse_stop
from tests.strategies import scenario_of, scenarios
from tests.walks import Straight, bits


def step_of(program: Program, symbol: str) -> Step:
    return program.steps[program.writers[symbol]]


def depends(program: Program, symbol: str, on: str) -> bool:
    """Whether a symbol is made of another, over any number of steps of the same iteration."""
    waiting, seen = [symbol], {symbol}
    while waiting:
        name = waiting.pop()
        if name == on:
            return True
        new = {*step_of(program, name).operands} - seen if name in program.writers else set()
        seen |= new
        waiting += new
    return False


@given(scenarios(iterations=3), st.data())
@settings(max_examples=60, deadline=None)
def test_a_replaced_step_leaves_a_program_that_runs_or_the_circle_is_named(text: str, data: st.DataObject) -> None:
    """A symbol becomes a copy of any other of its shape, which may be written later."""
    scenario = scenario_of(text)
    program = scenario.program
    symbol = data.draw(st.sampled_from([step.symbol for step in program.steps if step.operands]))
    alike = [name for name, other in program.symbols.items() if other.shape == program.symbols[symbol].shape]
    operand = data.draw(st.sampled_from(alike))
    step = replace(step_of(program, symbol), operation=activations.identity, operands=(operand,), phase="", layer="")
    if depends(program, operand, symbol):
        with pytest.raises(ProgramError, match=f"{symbol} reads {operand}"):
            program.with_step(step)
        return
    changed = program.with_step(step)
    places = changed.writers
    assert all(places.get(name, -1) < place for place, each in enumerate(changed.steps) for name in each.operands)
    assert step_of(changed, symbol).layer == step_of(program, symbol).layer
    if program.writers.get(operand, -1) < program.writers[symbol]:
        assert [*places] == [*program.writers]
    timeline = Timeline(scenario.with_program(changed))
    timeline.goto("end")
    assert timeline.value(symbol).tobytes() == timeline.value(operand).tobytes()
    assert bits(timeline.values()) == bits(Straight(timeline.scenario).values(timeline.position))


def test_a_step_waits_for_what_it_reads_and_the_others_keep_their_order() -> None:
    program = load_scenario("mazur-2-2-2").program
    mistaken = program.with_step(replace(step_of(program, "dz1"), operands=("delta2", "W2_next")))
    before, after = [*program.writers], [*mistaken.writers]
    assert after.index("W2_next") + 1 == after.index("dz1")
    waited = {name for name in before if depends(mistaken, name, "dz1")}
    for group in (waited, {*before} - waited):
        assert [name for name in before if name in group] == [name for name in after if name in group]


@pytest.mark.parametrize(
    ("symbol", "operands", "problem"),
    [
        ("W1", ("W1",), "W1 is written by no step that another could take the place of"),
        ("z1", ("u11",), 'z1: "u11" is no symbol of the program (did you mean "u1"?)'),
        ("z1", ("delta1",), "no order of the steps lets each come after what it reads: "),
        ("z1", ("b1",), "z1: found the shape 2, expected 1×2"),
    ],
)
def test_a_step_that_does_not_fit_is_refused_in_one_line(symbol: str, operands: tuple[str, ...], problem: str) -> None:
    program = load_scenario("mazur-2-2-2").program
    with pytest.raises(ProgramError) as refused:
        program.with_step(Step(symbol, activations.sigmoid, operands, "forward", ""))
    assert str(refused.value).startswith(problem)
    assert "\n" not in str(refused.value)


def test_nothing_is_made_of_what_is_measured_now_and_then() -> None:
    program = load_scenario("two-layer-digits").program
    (measured,) = program.measured_symbols[:1]
    with pytest.raises(ProgramError, match="measured in some iterations only"):
        program.with_step(replace(step_of(program, "E"), operation=activations.identity, operands=(measured,)))


def test_positions_names_and_expectations_are_of_the_program_that_is_run() -> None:
    scenario = load_scenario("mazur-2-2-2")
    program = scenario.program
    other = scenario.with_program(program.with_step(replace(step_of(program, "dz1"), operands=("delta2", "W2_next"))))
    assert other.names.resolve("w5") == scenario.names.resolve("w5")
    assert str(other.course.parse("1:dz1")) == "1:dz1"
    assert other.course.parse("1:dz1") > scenario.course.parse("1:dz1")
    timeline = Timeline(other)
    early = [expectation for expectation in other.expectations if expectation.position.iteration < 3]
    passed = {}
    for expectation in early:
        timeline.goto(expectation.position)
        passed[expectation.at, expectation.spelling] = expectation.check(timeline.values(), other.names).passed
    assert passed["1:dW2", "dW2[0,0]"]
    assert not passed["2:E", "E"]  # the printed loss is that of this mistake, and is said to be wrong
    timeline.goto("start")
    timeline.add_stop(parse_stop("dz1", timeline.names))
    assert timeline.run_on().position == other.course.parse("1:dz1")
