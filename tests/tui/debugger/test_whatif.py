"""Claims about edits and forks: each key does what it says."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest

from gradstep.engine import load_scenario
from gradstep.engine.arrays import Array
from gradstep.engine.progress import Progress
from gradstep.engine.timeline.branches import Branch
from gradstep.engine.timeline.restore import Restorer
from gradstep.tui.debugger.stepping import QUICK
from tests.screen import Still, driven

# ── what if ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_value_is_changed_from_here_on_and_the_original_stays() -> None:
    still = Still().goto("3:E")
    original = still.value("E")
    still.press("S").put("e", "w5 = w6 * 2")
    assert still.message.startswith("fork-1: w5 = 0.7337")
    assert "<fork-1>" in still.lines[0]
    assert "fork-1: w5 = 0.733701 at 3:out_o" in still.panel("notes")
    assert still.press("I", "i").value("w5") == pytest.approx(0.7337009444926174)
    assert still.press("S").value("w5") != pytest.approx(0.7337009444926174)
    still.press("asterisk", "up", "enter")
    assert still.message == "this is original"
    assert "<fork-1>" not in still.text
    assert still.goto("3:E").value("E") == original


def test_a_value_that_is_set_to_itself_makes_no_fork() -> None:
    still = Still().press("i", "e")
    still.answer(still.typed)
    assert still.message == "nothing was changed: b2⁺[0] is 0.6 already"
    assert list(still.bench.timeline.branches) == ["original"]
    assert "nothing was changed" in still.put("e", "b2[0] = 0.3 * 2").message
    still.put("e", "b2[0] = 0.7")
    assert still.message == "fork-1: b2⁺[0] = 0.7 at 1:b2⁺ (was 0.6); * lists the forks"


@pytest.mark.parametrize(
    ("text", "doubt"),
    [("w5 = nan", "w5 would be NaN"), ("w5 = 1/0", "w5 would be inf"), ("w5 = -inf", "w5 would be -inf"),
     ("learning_rate = -0.5", "η would be negative, -0.5")],
)  # fmt: skip
def test_a_value_that_may_be_a_slip_is_set_when_it_is_given_again(text: str, doubt: str) -> None:
    still = Still().press("s").put("e", text)
    assert still.message.startswith(doubt)
    assert "Enter again forks, Esc does not" in still.message
    assert (still.asking, still.wrong, still.typed) == (True, True, text)
    assert list(still.bench.timeline.branches) == ["original"]
    still.answer(text)
    assert still.message.startswith("fork-1: ")
    assert not still.asking


def test_a_slip_is_corrected_in_the_line_or_left() -> None:
    still = Still().press("s").put("e", "w5 = 1/0")
    still.answer("w5 = -1/0")
    assert still.message.startswith("w5 would be -inf")
    assert list(still.bench.timeline.branches) == ["original"]
    assert list(still.press("escape").bench.timeline.branches) == ["original"]
    assert not still.asking
    still.put("e", "w5 = 1/0")
    still.answer("w5 = 1")
    assert still.message.startswith("fork-1: w5 = 1 ")


def test_a_negative_weight_is_no_slip() -> None:
    assert Still().press("s").put("e", "w5 = -0.5").message.startswith("fork-1: w5 = -0.5")


def test_a_value_alone_is_that_of_the_picked_number() -> None:
    still = Still().goto("1:dW2").press("ctrl+right").put("e", "0.5")
    assert still.message.startswith("fork-1: ∂E/∂w5 = 0.5")
    assert still.value("dw5") == 0.5


def test_symbols_can_be_typed_as_they_are_shown() -> None:
    still = Still().goto("2:W2_next")
    for text, found in (
        ("η", "η = 0.5"),
        ("∂E/∂w7", "∂E/∂w7 = "),
        ("W1⁺[0,1]", "w3⁺ = "),
        ("∂E/∂W1[1,1]", "∂E/∂w4 = "),
    ):
        assert still.put("slash", text).message.startswith(found), text
    assert "1 of " in still.put("slash", "∂").message
    assert still.put("g", "3:δ1").position == "3:delta1"
    still.put("w", "norm(∂E/∂W2)")
    assert still.bench.timeline.stops[-1].when == "norm(dW2)"
    assert still.put("e", "η = η / 2").message.startswith("fork-1: η = 0.25")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("W1 = = 3", "expected"),
        ("w9 = 1", "did you mean"),
        ("W1 = 1", "expected one element of it"),
        ("w5 = q", "not a symbol"),
        ("w5 = W1", "no single number"),
        ("W1[5,5] = 1", "no element"),
    ],
)
def test_what_cannot_be_changed_says_why_and_leaves_the_line_open(text: str, problem: str) -> None:
    still = Still().press("s").put("e", text)
    assert problem in still.message
    assert (still.asking, still.wrong) == (True, True)
    assert len(still.press("escape").bench.timeline.branches) == 1


def test_what_has_no_value_yet_closes_the_line_for_it_can_be_changed_later() -> None:
    still = Still().press("s").put("e", "dw5 = 1")
    assert "no value yet" in still.message
    assert not still.asking


def test_at_the_start_a_value_alone_sets_nothing() -> None:
    assert "nothing is set" in Still().put("e", "0.5").message


def test_the_line_for_a_change_holds_what_was_picked_or_the_step_s_first_element() -> None:
    still = Still().press(*"sss", "e")
    assert still.typed == "net_h1 = 0.3775"
    still.press("escape").goto("1:dW2").press("ctrl+right", "ctrl+right", "e")
    assert still.typed == f"∂E/∂w7 = {still.value('dw7')!r}"


# ── forks ────────────────────────────────────────────────────────────────────────────────────────────────────


def forked() -> Still:
    """A fork of a fork, in the second of them."""
    still = Still()
    for position, edit in (("1:u1", "w5 = 0.9"), ("1:z1", "w6 = 0.9")):
        still.goto(position).put("e", edit)
    return still


def test_two_branches_are_compared() -> None:
    still = Still()
    assert "no fork to compare with" in still.press("K").message
    still.goto("3:x").put("e", "w5 = 0.9").goto("3:E").press("K")
    assert "compared with original: they part at 3:i" in still.message
    assert still.bench.view.other == "original"
    still.press("K")
    assert (still.bench.view.other, still.message) == (None, "no longer compared")


def test_what_is_compared_is_chosen_in_the_list() -> None:
    still = forked().press("asterisk")
    still.press("K")
    assert still.bench.view.other == "original"
    assert "original  compared" in still.drawer
    assert "fork-2    this one" in still.drawer
    still.press("down", "down", "K")
    assert still.bench.view.other is None
    assert "this is where you are" in still.press("K").message


def test_what_was_forked_from_a_dropped_fork_says_so() -> None:
    still = forked()
    assert "fork-2 of fork-1" in still.panel("notes")
    still.press("asterisk", "down", "ctrl+d")
    assert "a dropped fork" in next(line for line in still.drawer.split("\n") if "fork-2" in line)
    still.press("escape")
    assert "fork-2 of a dropped fork" in still.panel("notes")


def test_a_fork_is_dropped_in_the_list() -> None:
    still = Still().press("s").put("e", "w5 = 0.9").press("asterisk", "delete")
    assert "cannot be dropped" in still.message
    still.press("down", "ctrl+d")
    assert still.message == "fork-1 is dropped"
    assert list(still.bench.timeline.branches) == ["original"]
    assert still.bench.timeline.branch.name == "original"


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
def test_the_notes_of_a_fork_leave_the_program_where_it_is(size: tuple[int, int]) -> None:
    still = Still(size=size).goto("1:E")
    before = still.panel("program").split("\n")
    still.put("e", "w5 = 0.9")
    assert "fork-1: w5 = 0.9 at 1:E_total" in still.panel("notes")
    after = still.panel("program").split("\n")
    assert [line for line in after if line.strip("│╭╰─╮╯ ")] == [line for line in before if line.strip("│╭╰─╮╯ ")]


def test_notes_are_as_high_at_every_step_and_say_which_keys_show_the_rest() -> None:
    still = Still()
    for watched in ("E", "norm(dW1)"):
        still.put("w", watched)
    assert len({still.press("s").stage.areas["notes"] for _ in range(25)}) == 1
    for watched in ("W1", "dW2", "changed(W2) and E < prev(E) and norm(dW1) > 0"):
        still.put("w", watched)
    foot = still.panel("notes").split("\n")[-1]
    more, keys = re.match(r"╰─ (\d+) more lines: (\d z) ", foot).groups()  # type: ignore[union-attr]
    assert int(more) > 2
    assert "changed(W2)" not in still.panel("notes")
    still.press(*keys.split())
    assert "changed(W2) and E_total < prev(E_total)" in still.panel("notes")
    assert "more line" not in still.panel("notes")


def test_after_an_update_both_sides_of_an_edit_mean_the_updated_weight() -> None:
    still = Still().goto("2")
    still.put("e", "w5 = w5")
    assert "nothing was changed" in still.message or "already" in still.message
    assert len(still.bench.timeline.branches) == 1
    updated = float(still.bench.timeline["W2_next"][0, 0])
    still.put("e", "w5 = w5 * 2")
    assert float(still.bench.timeline["W2_next"][0, 0]) == updated * 2
    still.put("e", "w5 = w5 * 2")
    assert float(still.bench.timeline["W2_next"][0, 0]) == updated * 4


async def test_what_is_compared_comes_along_without_keeping_the_screen_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    replay, here = Restorer._replay, threading.current_thread()
    far: list[int] = []

    def spied(restorer: Restorer, owner: Branch, first: int, packed: Array, target: int, told: Progress | None) -> Any:
        if threading.current_thread() is here and target - first > QUICK:
            far.append(target)
        return replay(restorer, owner, first, packed, target, told)

    async with driven() as screen:
        await screen.press("s")
        await screen.ask("e", "w5 = 0.9")
        await screen.press("K")
        await screen.ask("a", "iteration == 400")
        monkeypatch.setattr(Restorer, "_replay", spied)
        await screen.press("c")
        assert screen.bench.timeline.position.iteration == 400
        assert screen.bench.view.other == "original"
        await screen.press("asterisk", "j", "delete")
        assert [*screen.bench.timeline.branches] == ["original"]
        assert screen.bench.timeline.position.iteration == 400
    assert far == []


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
def test_the_curve_of_what_is_compared_is_that_of_the_same_iteration_at_every_size(size: tuple[int, int]) -> None:
    still = Still(load_scenario("mazur-2-2-2"), size)
    still.put("e", "w5 = 0.9").press("K").goto("30:delta1")
    assert re.search(r"original +0\.1031", still.text)  # its loss in iteration 30, which nothing else asked for


def test_below_the_list_of_forks_the_tables_show_how_two_of_them_differ() -> None:
    still = Still("mazur-2-2-2", (120, 40)).press("i").put("e", "w5 = 0.9").press("i", "asterisk", "K")
    assert "compared" in still.drawer
    assert "beside original" in still.panel("tables")


def test_what_sets_nothing_is_told_what_a_number_alone_would_set() -> None:
    still = Still().goto("1:dW2[1,1]").put("e", "5 6")
    assert still.message.startswith('nothing is set: a name, "=" and a value are expected, such as ')
    assert still.message.endswith(", or a number alone for ∂E/∂w8")
    still.answer("0.5")
    assert still.value("dw8") == 0.5
