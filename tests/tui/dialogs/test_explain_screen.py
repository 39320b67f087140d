"""Claims about explanations on the screen: factors are opened and chosen by keys, and what the panels say."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from gradstep.tui.dialogs.explain import ExplainScreen
from gradstep.tui.widgets.entries import Entries
from gradstep.tui.widgets.sheet import Sheet
from tests.engine.analysis.test_explain import AS_PRINTED, FOREIGN, MADE_OF
from tests.screen import driven


async def test_factors_are_opened_down_to_what_is_given_and_back() -> None:
    async with driven(size=(120, 40)) as screen:
        await screen.press("x")
        assert "nothing is picked" in screen.message
        await screen.type_position("1:dW2")
        await screen.press("x")
        assert isinstance(screen.app.screen, ExplainScreen)
        assert "= 0.593269992 × 0.138498562 = 0.082167041" in screen.text
        await screen.press("down", "enter")
        assert "delta_o1" in screen.lines[1]
        assert "= 0.741365070 × 0.751365070 × (1 − 0.751365070) = 0.138498562" in screen.text
        await screen.press("u")
        assert "the chain rule, factor by factor" in screen.text
        await screen.press(*["enter"] * 9)
        assert "this is where it ends" in screen.text
        await screen.press(*["backspace"] * 9)
        assert "= 0.593269992 × 0.138498562 = 0.082167041" in screen.text
        await screen.press("slash")
        assert screen.app.screen.query_one(Input).placeholder == "dW2[0,0] or w5"
        await screen.answer("w5")
        assert "where training begins" in screen.text
        await screen.press("escape")
        assert screen.app.screen is screen.debugger
        assert screen.bench.view.picked == ("W2", (0, 0))


async def test_the_chosen_factor_has_a_sign_under_a_heading_and_the_keys_are_said() -> None:
    async with driven(AS_PRINTED, size=(80, 24)) as screen:
        await screen.type_position("1:dW1")
        await screen.press("ctrl+right", "x", "down")
        lines = [line.strip(" │╭╰─╮╯") for line in screen.lines]
        place = lines.index("its factors: Enter opens the chosen one")
        assert [line[:6] for line in lines[place + 1 : place + 3]] == ["x[0,0]", "> δ1[0"]
        assert "Backspace goes back, u unrolls, / another, PgDn scrolls, Esc closes" in lines
        await screen.press("up", "slash")
        assert screen.app.screen.query_one(Input).placeholder == "dW2[0,0] or E"
        assert "> x[0,0] = " in screen.text
        await screen.answer("x[0,0]")
        assert "its factors" not in screen.text


async def test_what_is_unrolled_comes_into_view() -> None:
    async with driven(size=(80, 24)) as screen:
        await screen.type_position("1:dW1")
        await screen.press("ctrl+right", "x")
        sheet = screen.app.screen.query_one("#explanation", Sheet)
        assert "unrolled" not in screen.text
        await screen.press("u")
        assert sheet.render_line(0).text.strip() == "unrolled"
        await screen.press("u")
        assert sheet.render_line(0).text.startswith("∂E/∂W1[0,0] = x[0,0] · δ1[0,0]")
        await screen.press("u", "down", "enter")
        assert "delta_h1" in screen.lines[1]
        assert sheet.scroll_offset.y == 0


@pytest.mark.parametrize(("position", "size"), [("1:db2", (80, 24)), ("1:dW1", (120, 50))])
async def test_what_is_unrolled_stands_below_the_arithmetic_where_there_is_room(
    position: str, size: tuple[int, int]
) -> None:
    async with driven(size=size) as screen:
        await screen.type_position(position)
        await screen.press("ctrl+right", "x", "u")
        sheet = screen.app.screen.query_one("#explanation", Sheet)
        assert sheet.scroll_offset.y == 0
        assert "unrolled" in screen.text
        assert "× ∂out_o1/∂net_o1 = out_o1 · (1 − out_o1)" in screen.text


@pytest.mark.parametrize(("key", "height"), [("B", 1), ("o", 2)])
async def test_the_chosen_entry_of_any_list_has_a_sign_and_no_other_has(key: str, height: int) -> None:
    async with driven() as screen:
        await screen.press(key)
        entries = screen.app.screen.query_one(Entries)
        for chosen in range(2):
            shown = [entries.render_line(line).text for line in range(entries.virtual_size.height)]
            assert [line for line, text in enumerate(shown) if text[:2] != "  "] == [chosen * height]
            assert shown[chosen * height].startswith("> ")
            await screen.press("down")


async def test_any_element_is_picked_with_the_arrow_keys() -> None:
    async with driven() as screen:
        await screen.press("ctrl+right")
        assert "nothing has run yet" in screen.message
        await screen.type_position("1:dW2")
        await screen.press("ctrl+right")
        assert screen.bench.view.picked == ("dW2", (0, 0))
        await screen.press("ctrl+right", "ctrl+down", "ctrl+down")
        assert screen.bench.view.picked == ("dW2", (1, 1))
        await screen.press("ctrl+left", "ctrl+up", "x")
        assert "∂E/∂w5 = " in screen.text.replace("     ", "")


async def test_the_panel_of_the_step_says_it_too() -> None:
    async with driven(AS_PRINTED) as screen:
        for position, said in (("1:delta1", FOREIGN), ("1:dW1", MADE_OF), ("1:db1", MADE_OF), ("1:W1_next", MADE_OF)):
            await screen.type_position(position)
            assert f"⚠ {said}" in screen.text.replace(" │", ""), position
        await screen.type_position("1:dW2")
        assert "derivative of the forward pass" not in screen.text


async def test_where_nothing_can_be_unrolled_that_is_said() -> None:
    async with driven() as screen:
        await screen.type_position("1:u1")
        await screen.press("slash")
        await screen.answer("w1")
        await screen.press("x", "u")
        assert "nothing to unroll" in screen.text
        await screen.press("u")
        assert "nothing to unroll" not in screen.text
