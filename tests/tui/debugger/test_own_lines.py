"""Somebody's own backward pass on the screen: a verdict at the step, a mark in the program, a switch."""

from __future__ import annotations

from tests.engine.program.test_claims import RIGHT, timeline
from tests.screen import Still


def test_a_line_has_its_verdict_beside_it() -> None:
    still = Still(timeline(RIGHT.replace("du1 = dh * (1 - h**2)", "du1 = dh * (1 - h)")))
    still.goto("1:dW2")
    assert "✓ equals ∂E/∂W2" in still.panel("step")
    still.goto("1:dW1")
    assert "≠ differs from ∂E/∂W1" in still.panel("step")
    assert "du1, where that" in still.panel("step")
    assert "≠ dW1" in still.panel("program")
    assert "✓ dh" in still.panel("program")


def test_without_signs_the_verdicts_are_still_told() -> None:
    still = Still(timeline(RIGHT.replace("h.T @ du2", "2 * h.T @ du2")), ascii_only=True)
    still.goto("1:dW2")
    assert "!= 2" in still.panel("step")


def test_the_derived_gradients_train_in_a_fork() -> None:
    still = Still(timeline(RIGHT.replace("h**2", "h")))
    still.goto("2").press("G")
    assert "fork-1" in still.message
    still.goto("2:dW1")
    assert "✓ equals ∂E/∂W1" in still.panel("step")
    still.goto("1:dW1")
    assert "≠" in still.panel("step")


def test_of_other_scenarios_it_is_said_why_not() -> None:
    still = Still("mazur-2-2-2").goto("1").press("G")
    assert "backward" in still.message


def test_a_run_stops_where_a_line_is_wrong_and_the_check_names_the_first() -> None:
    still = Still(timeline(RIGHT.replace("du1 = dh * (1 - h**2)", "du1 = dh * (1 - h)")))
    still.press("c")
    assert still.position == "1:dW1"
    assert "your own backward pass" in still.message
    still.press("d")
    assert "the first that is wrong: du1" in still.drawer
    assert Still(timeline(RIGHT)).press("c").position == "5:b2_next"


def test_only_nets_with_lines_of_ones_own_have_that_stop() -> None:
    assert not any(stop.kind == "own line" for stop in Still("mazur-2-2-2").bench.timeline.stops)
    assert any(stop.kind == "own line" for stop in timeline(RIGHT).stops)


def test_a_fork_by_several_steps_is_of_what_it_was_made_of() -> None:
    still = Still(timeline(RIGHT.replace("h**2", "h"))).goto("2:dW1").press("G")
    assert still.bench.timeline.parent_of(still.bench.timeline.branch) == "original"
    assert "⚠" not in still.panel("program")
