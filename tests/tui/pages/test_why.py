"""Claims about what a step says of itself: on a key, and on ? where a step is selected."""

from __future__ import annotations

from gradstep.tui.dialogs.help import HelpScreen
from gradstep.tui.dialogs.pager import PagerScreen
from tests.screen import driven


async def test_the_step_that_ran_says_what_it_is_and_why() -> None:
    async with driven("relu-softmax-2-3-2") as screen:
        await screen.press("h")
        assert "nothing has run yet" in screen.message
        await screen.type_position("1:delta2")
        await screen.press("h")
        assert isinstance(screen.app.screen, PagerScreen)
        assert "softmax and cross-entropy together that give this" in screen.text
        assert "Bishop" in screen.text
        await screen.press("escape")
        assert screen.app.screen is screen.debugger


async def test_a_question_mark_on_a_selected_step_is_about_that_step() -> None:
    async with driven() as screen:
        await screen.type_position("1:dW2")
        await screen.press("down", "question_mark")
        assert "∂E/∂b2: what it is and why" in screen.text
        assert "rows" in screen.text
        await screen.press("escape", "escape", "question_mark")
        assert isinstance(screen.app.screen, HelpScreen)


async def test_a_wrong_derivative_is_marked_there_too() -> None:
    async with driven("sgd-regression-as-printed") as screen:
        await screen.type_position("1:delta1")
        await screen.press("h")
        assert "⚠ not the derivative of the forward pass" in screen.text
