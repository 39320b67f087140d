"""Forks by a step: from their iteration on another formula computes a symbol; elsewhere nothing changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.explain import explain
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.program.program import ProgramError
from gradstep.engine.program.typing import typed
from gradstep.engine.scenario.loading import bundled
from gradstep.engine.sessions import load_session, save_session
from gradstep.engine.stops.trigger import breakpoint_at
from gradstep.engine.timeline.branches import ORIGINAL
from tests.counting import calls

HALVED = "delta_h = (delta_o @ W2.T) * out_h * (1 - out_h) / 2"


def mazur(iterations: int, halved_from: int) -> list[dict[str, np.ndarray]]:
    """Matt Mazur's net in plain NumPy, its hidden deltas halved from an iteration on: the values of each iteration."""
    i, t, rate = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]]), 0.5
    W1, b1 = np.array([[0.15, 0.25], [0.20, 0.30]]), np.array([0.35, 0.35])
    W2, b2 = np.array([[0.40, 0.50], [0.45, 0.55]]), np.array([0.60, 0.60])
    seen = []
    for iteration in range(1, iterations + 1):
        h = 1 / (1 + np.exp(-(i @ W1 + b1)))
        o = 1 / (1 + np.exp(-(h @ W2 + b2)))
        delta_o = (o - t) * o * (1 - o)
        delta_h = (delta_o @ W2.T) * h * (1 - h) / (2 if iteration >= halved_from else 1)
        seen.append({"E": 0.5 * ((o - t) ** 2).sum(), "delta1": delta_h, "W1": W1, "W2": W2})
        W1, W2 = W1 - rate * i.T @ delta_h, W2 - rate * h.T @ delta_o
    return seen


def at(timeline: Timeline, position: str, symbol: str) -> np.ndarray:
    timeline.goto(position)
    return timeline[symbol]


def test_from_its_iteration_on_the_step_is_another_one() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("5:delta1")
    branch = timeline.replace_steps(HALVED)
    assert timeline.branch is branch
    assert str(timeline.position.iteration) == "5"
    expected = mazur(60, 5)
    for iteration in (60, 5, 6, 4, 1, 7):  # also back, and before the fork
        for symbol in ("E", "delta1", "W1", "W2"):
            found = at(timeline, str(iteration), symbol)
            np.testing.assert_allclose(found, expected[iteration - 1][symbol], rtol=1e-12)


def test_before_it_and_in_the_original_nothing_changes() -> None:
    timeline, untouched = (Timeline(load_scenario("mazur-2-2-2")) for _ in range(2))
    timeline.goto("5:delta1")
    timeline.replace_steps(HALVED)
    timeline.goto("30")
    timeline.goto("4")
    formulas = [[step.operation.formula for step in each.program.steps] for each in (timeline, untouched)]
    assert formulas[0] == formulas[1]
    untouched.goto("4")
    assert all((timeline[name] == untouched[name]).all() for name in untouched.values())
    timeline.switch(ORIGINAL)
    for place in ("30", "5:delta1"):
        timeline.goto(place)
        untouched.goto(place)
        assert all((timeline[name] == untouched[name]).all() for name in untouched.values())


def test_what_is_explained_is_the_step_that_ran() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("5:delta1")
    timeline.replace_steps(HALVED)
    reference = timeline.names.element("delta1[0,0]")
    halved = explain(timeline, reference)
    timeline.goto("4:delta1")
    whole = explain(timeline, reference)
    assert str(halved.expression) != str(whole.expression)


def test_a_number_is_set_in_a_fork_by_a_step_and_a_step_replaced_in_one_by_a_number() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("3:delta1")
    timeline.replace_steps(HALVED)
    timeline.goto("8")
    timeline.edit("w5", 0.9)
    timeline.goto("10:E_total")
    timeline.replace_steps("E_total = sum((out_o - target)**2)")
    other = Timeline(load_scenario("mazur-2-2-2"))
    other.goto("3:delta1")
    other.replace_steps(HALVED)
    other.goto("8")
    other.edit("w5", 0.9)
    for iteration in (12, 9, 10, 2):
        doubled = 2.0 if iteration >= 10 else 1.0
        assert at(timeline, f"{iteration}:E", "E") == pytest.approx(doubled * float(at(other, f"{iteration}:E", "E")))


def test_stops_are_found_on_both_sides_of_where_the_fork_begins() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("50:delta1")
    timeline.replace_steps("delta_h = 0 * dout_h")
    expected = [each["E"] for each in mazur(49, 10**9)]
    limit = (expected[19] + expected[20]) / 2
    timeline.add_stop(breakpoint_at("", f"E < {float(limit)!r}", 1, timeline.names))
    timeline.goto("start")
    timeline.run_on()
    assert timeline.position.iteration == 21
    timeline.stops = tuple(stop for stop in timeline.stops if not stop.when)
    timeline.add_stop(breakpoint_at("", "norm(dW1) == 0", 1, timeline.names))
    timeline.run_on()
    assert timeline.position.iteration == 50
    timeline.goto("200")
    timeline.run_back()
    assert timeline.position.iteration == 200
    timeline.goto("49")
    timeline.run_back()
    assert timeline.position == timeline.course.start


def test_two_branches_part_at_the_step() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("7:delta1")
    name = timeline.replace_steps(HALVED).name
    found = timeline.first_difference(ORIGINAL, name)
    assert found is not None
    assert (found.iteration, found.symbol) == (7, "delta1")


def test_branches_that_stay_the_same_for_long_are_compared_at_full_speed() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("3:b2_next")
    name = timeline.replace_steps("b2_next = b2").name  # as it is anyway: the biases stay as they are
    assert calls(lambda: timeline.first_difference(ORIGINAL, name)) < 1000 * timeline.course.iterations
    assert timeline.first_difference(ORIGINAL, name) is None
    timeline.goto("9000")
    timeline.switch(name)
    timeline.edit("w5", 0.5)
    assert str(timeline.first_difference(ORIGINAL, timeline.branch.name)).startswith("9000:")


def test_comparing_branches_that_stay_the_same_can_be_stopped() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    name = timeline.replace_steps("b2_next = b2").name
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        told.append((done, total))
        return len(told) < 3

    assert timeline.first_difference(ORIGINAL, name, progress) is None
    assert len(told) == 3
    assert told[-1][0] < told[-1][1] == timeline.course.iterations


def test_a_session_keeps_the_step(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("5:delta1")
    timeline.replace_steps(HALVED)
    timeline.goto("9")
    timeline.edit("w1", 0.5)
    timeline.drop("fork-1")
    save_session(timeline, tmp_path / "kept.json")
    again = load_session(tmp_path / "kept.json")
    for place in ("9", "30", "5:delta1", "4"):
        timeline.goto(place)
        again.goto(place)
        assert {name: array.tobytes() for name, array in again.values().items()} == {
            name: array.tobytes() for name, array in timeline.values().items()
        }


def test_a_session_whose_step_cannot_be_used_is_refused_in_one_line(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.replace_steps(HALVED)
    path = tmp_path / "kept.json"
    save_session(timeline, path)
    path.write_text(path.read_text("utf-8").replace("out_h)", "out_hh)"), "utf-8")
    with pytest.raises(Exception, match="out_hh") as caught:
        load_session(path)
    assert "\n" not in str(caught.value)


def test_figures_that_the_step_bears_on_do_not_fail() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:delta1")
    timeline.replace_steps("delta_h = dout_h")
    timeline.goto("start")
    timeline.run_on()
    assert timeline.position == timeline.course.end


def test_a_step_that_would_come_later_is_refused() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:delta1")
    with pytest.raises(ProgramError, match="W2"):
        timeline.replace_steps("delta_h = delta_o @ W2_next.T * out_h")
    with pytest.raises(ExpressionError):
        timeline.replace_steps("delta_h = delta_o @")
    assert list(timeline.branches) == [ORIGINAL]


@pytest.mark.parametrize("name", sorted({*bundled()} - {"two-layer-mnist"}))
def test_a_step_is_typed_as_what_it_computes(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    timeline.goto("1")
    values, names = timeline.values(), timeline.names
    untyped = 0
    for step in timeline.program.steps:
        line = typed(names, step)
        if not step.operands or step.symbol not in values:
            continue
        if line.endswith("= "):
            untyped += 1
            continue
        again = Timeline(load_scenario(name))
        again.goto(f"1:{step.symbol}")
        again.replace_steps(line)
        np.testing.assert_allclose(again[step.symbol], values[step.symbol], rtol=1e-12, atol=1e-15)
    assert untyped * 2 < len(timeline.program.steps)  # sums over what was spread, and the like


def test_a_number_and_then_a_step_of_the_same_iteration_are_kept_in_a_session(tmp_path: Path) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("3:u1")
    timeline.edit("w5", 0.9)
    timeline.goto("3:delta1")
    timeline.replace_steps(HALVED)
    timeline.edit("w6", 0.1)
    save_session(timeline, tmp_path / "kept.json")
    again = load_session(tmp_path / "kept.json")
    for branch in timeline.branches:
        for each in (timeline, again):
            each.switch(branch)
            each.goto("5")
        found = {name: array.tobytes() for name, array in again.values().items()}
        assert found == {name: array.tobytes() for name, array in timeline.values().items()}


def test_the_chain_of_a_gradient_that_reads_another_after_an_edit() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:y")
    timeline.edit("out_o1", 0.5)
    timeline.goto("1:dW1")
    timeline.replace_steps("dW1 = dW2")
    explain(timeline, timeline.names.element("dW1[0,0]"))
