"""Claims about edits and forks on the screen: each key does what it says."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from gradstep.engine.arrays import Array
from gradstep.engine.progress import Progress
from gradstep.engine.stops.stops import BUILT_IN
from gradstep.engine.timeline.branches import Branch
from gradstep.engine.timeline.restore import Restorer
from gradstep.tui.debugger.stepping import QUICK
from tests.screen import driven

# ── what if ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_value_is_changed_from_here_on_and_the_original_stays() -> None:
    async with driven() as screen:
        await screen.type_position("3:E")
        original = screen.timeline_value("E")
        await screen.press("S", "e")
        await screen.press("ctrl+u")
        await screen.answer("w5 = w6 * 2")
        assert screen.message.startswith("fork-1: w5 = 0.7337")
        assert "<fork-1>" in screen.text
        assert "fork-1 of original" in screen.text
        await screen.press("I", "i")
        assert screen.timeline_value("w5") == pytest.approx(0.7337009444926174)
        await screen.press("S")
        assert screen.timeline_value("w5") != pytest.approx(0.7337009444926174)
        await screen.press("k", "up", "enter")
        assert screen.message == "this is original"
        assert "<fork-1>" not in screen.text
        await screen.type_position("3:E")
        assert screen.timeline_value("E") == original


async def test_a_value_that_is_set_to_itself_makes_no_fork() -> None:
    async with driven() as screen:
        await screen.press("i", "e", "enter")
        assert screen.message == "nothing was changed: b2⁺[0] is 0.6 already"
        assert list(screen.bench.timeline.branches) == ["original"]
        await screen.ask("e", "b2[0] = 0.3 * 2")
        assert "nothing was changed" in screen.message
        await screen.ask("e", "b2[0] = 0.7")
        assert screen.message == "fork-1: b2⁺[0] = 0.7 at 1:b2_next (was 0.6); k lists the forks"


async def test_symbols_can_be_typed_as_they_are_shown() -> None:
    async with driven() as screen:
        await screen.type_position("2:W2_next")
        for text, found in (
            ("η", "η = 0.5"),
            ("∂E/∂w7", "∂E/∂w7 = "),
            ("W1⁺[0,1]", "w3⁺ = "),
            ("∂E/∂W1[1,1]", "∂E/∂w4 = "),
        ):
            await screen.ask("slash", text)
            assert screen.message.startswith(found), text
        await screen.ask("slash", "∂")
        assert "1 of " in screen.message
        await screen.ask("g", "3:δ1")
        assert screen.position == "3:delta1"
        await screen.ask("w", "norm(∂E/∂W2)")
        await screen.ask("e", "η = η / 2")
        assert screen.message.startswith("fork-1: η = 0.25")
        await screen.press("B")
        await screen.press("ctrl+u")
        await screen.answer("W2⁺ if ∂E/∂w5 > δ2[0,0]")
        watched, stop = screen.bench.timeline.stops[len(BUILT_IN) :]
        assert watched.when == "norm(dW2)"
        assert str(stop) == "W2_next if dw5 > delta2[0,0]"


async def test_what_cannot_be_changed_says_why_and_leaves_the_line_open() -> None:
    async with driven() as screen:
        await screen.press("s", "e")
        for text, problem in (
            ("0.5", "nothing is set"),
            ("w9 = 1", "did you mean"),
            ("W1 = 1", "expected one element of it"),
            ("dw5 = 1", "no value yet"),
            ("w5 = q", "not a symbol"),
            ("w5 = W1", "no single number"),
            ("W1[5,5] = 1", "no element"),
        ):
            await screen.press("ctrl+u")
            await screen.answer(text)
            assert problem in screen.message, text
        await screen.press("escape")
        assert len(screen.bench.timeline.branches) == 1


async def test_the_line_for_a_change_holds_what_was_clicked_or_the_step_s_first_element() -> None:
    async with driven() as screen:
        await screen.press(*"sss", "e")
        assert screen.debugger.query_one("#prompt").value == "net_h1 = 0.3775"  # type: ignore[attr-defined]


async def test_two_branches_are_compared_side_by_side() -> None:
    async with driven(size=(200, 60)) as screen:
        await screen.press("K")
        assert "no fork to compare with" in screen.message
        await screen.type_position("3:x")
        await screen.ask("e", "w5 = 0.9")
        await screen.type_position("3:E")
        await screen.press("K")
        assert "compared with original: they differ first at 3:x" in screen.message
        assert "W2 in original" in screen.text
        assert "the same in both: " in screen.text
        await screen.press("K")
        assert "W2 in original" not in screen.text


async def test_what_was_forked_from_a_dropped_fork_says_so() -> None:
    async with driven() as screen:
        for position, edit in (("1:u1", "w5 = 0.9"), ("1:z1", "w6 = 0.9")):
            await screen.type_position(position)
            await screen.ask("e", edit)
        assert "fork-2 of fork-1" in screen.text
        await screen.press("k", "down", "ctrl+d")
        assert "of a dropped fork" in screen.text
        await screen.press("escape")
        assert "fork-2 of a dropped fork" in screen.text
        assert "w5 = 0.9 at 1:u1 (fork-1)" in screen.text


async def test_a_fork_is_dropped_in_the_list() -> None:
    async with driven() as screen:
        await screen.press("s", "e")
        await screen.press("ctrl+u")
        await screen.answer("w5 = 0.9")
        await screen.press("k", "delete")
        assert "cannot be dropped" in screen.text
        await screen.press("down", "ctrl+d", "escape")
        assert list(screen.bench.timeline.branches) == ["original"]
        assert screen.bench.timeline.branch.name == "original"


async def test_what_is_compared_comes_along_without_keeping_the_screen_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    replay, here = Restorer._replay, threading.current_thread()
    far: list[int] = []

    def spied(restorer: Restorer, owner: Branch, first: int, packed: Array, target: int, told: Progress | None) -> Any:
        if threading.current_thread() is here and target - first > QUICK:
            far.append(target)
        return replay(restorer, owner, first, packed, target, told)

    async with driven() as screen:
        await screen.press("s", "e")
        await screen.press("ctrl+u")
        await screen.answer("w5 = 0.9")
        await screen.press("K", "B", *"iteration", "space", "equals_sign", "equals_sign", *"400", "enter", "escape")
        monkeypatch.setattr(Restorer, "_replay", spied)
        await screen.press("c")
        assert screen.bench.timeline.position.iteration == 400
        assert screen.bench.view.other == "original"
        await screen.press("k", "end", "delete")
        assert [*screen.bench.timeline.branches] == ["original"]
        assert screen.bench.timeline.position.iteration == 400
    assert far == []
