"""Another formula for a step, from the debugger: typed, told, listed, and said what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradstep.engine.sessions import load_session, save_session
from tests.screen import Still


def test_the_step_that_has_run_is_typed_already_and_becomes_a_fork() -> None:
    still = Still("mazur-2-2-2").goto("1:delta1").press("equals_sign")
    assert still.typed == "delta_h = dout_h * out_h * (1 - out_h)"
    still.answer("delta_h = dout_h * out_h * (2 - out_h)")
    assert "fork-1" in still.message
    assert "delta_h" in still.message
    assert still.value("delta_h1") == pytest.approx(0.036350306393 * 0.593269992107 * (2 - 0.593269992107))
    assert "(2 − out_h)" in still.panel("step")
    assert "⚠" in still.panel("program")
    assert "fork-1: delta_h = dout_h * out_h *" in still.panel("notes")
    still.press("asterisk")
    assert "delta_h = dout_h * out_h * (2 -" in still.drawer


def test_before_the_fork_the_old_formula_stands_there() -> None:
    still = Still("mazur-2-2-2").goto("3:delta1").press("equals_sign").answer("delta_h = dout_h")
    assert "⚠" in still.panel("program")
    still.goto("2:delta1")
    assert "⚠" not in still.panel("program")
    still.goto("4")
    assert "⚠" in still.panel("program")


def test_what_is_wrong_is_said_and_the_line_stays() -> None:
    still = Still("mazur-2-2-2").goto("1:delta1").press("equals_sign")
    for text, said in (("delta_h = dout_hh", "dout_h"), ("delta_h = dout_h @ W2.T.T.T @ i", "@"), ("w5 = 3", "w5")):
        still.answer(text)
        assert said in still.message
        assert still.asking
    assert [*still.bench.timeline.branches] == ["original"]


def test_rows_that_are_drawn_have_no_formula() -> None:
    still = Still("mazur-2-2-2")
    still.press("equals_sign")
    assert not still.asking
    still.goto("1:x").press("equals_sign")
    assert not still.asking
    assert "e " in still.message


def test_compared_with_the_original_what_the_step_made_stands_first() -> None:
    still = Still("mazur-2-2-2").goto("1:delta1").press("equals_sign").answer("delta_h = 2 * dout_h").press("K")
    assert "1:delta_h" in still.message
    assert "delta_h" in still.text


def test_a_step_that_reads_what_comes_later_runs_from_the_start() -> None:
    still = Still("mazur-2-2-2").goto("2:delta1").press("equals_sign")
    line = "delta_h = (delta_o @ W2_next.T) * out_h * (1 - out_h)"
    still.answer(line)
    assert "Enter again" in still.message
    assert still.asking
    still.answer(line)
    assert "a run of its own" in still.message
    assert still.position == "2:delta1"
    still.goto("2:E")
    assert still.value("E") == pytest.approx(0.291027923905, abs=1e-12)  # as the article prints it
    assert [step.symbol for step in still.bench.moment.program.steps].index("delta1") > 13


def test_such_a_run_is_kept_in_a_session(tmp_path: Path) -> None:
    still = Still("mazur-2-2-2").goto("2:delta1").press("equals_sign")
    line = "delta_h = (delta_o @ W2_next.T) * out_h * (1 - out_h)"
    still.answer(line).answer(line).goto("3")
    save_session(still.bench.timeline, tmp_path / "kept.json")
    again = load_session(tmp_path / "kept.json")
    assert str(again.position) == still.position
    assert again["E"].tobytes() == still.bench.timeline["E"].tobytes()


@pytest.mark.parametrize("formula", ["mean((y - t)**2) / 2", "sum(y) / 2 / 3", "sum(y) / 0", "mean(y) / N"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_a_sum_that_is_divided_is_drawn(formula: str, size: tuple[int, int]) -> None:
    still = Still("mazur-2-2-2", size).goto("1:E").press("equals_sign").answer(f"E = {formula}")
    assert "fork-1" in still.message
    assert "E_total" in still.panel("step")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
def test_a_value_that_nothing_uses_any_more_has_its_place_in_the_net(size: tuple[int, int]) -> None:
    still = Still("rnn-hello", size).goto("1:h4.2").press("equals_sign").answer("h4.2 = h1.4")
    assert "fork-1" in still.message
    assert still.press("y").text
