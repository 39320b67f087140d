"""Claims about searches, pictures and the curve on the screen: each key does what it says."""

from __future__ import annotations

import numpy as np
import pytest

from gradstep.tui.dialogs.pictures import PicturesScreen
from tests.screen import driven

# ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_search_finds_symbols_labels_elements_and_the_largest() -> None:
    async with driven() as screen:
        await screen.type_position("1:W2_next")
        await screen.press("slash")
        await screen.answer("dw7")
        assert "∂E/∂w7 = " in screen.message
        await screen.press("slash")
        await screen.answer("largest W2")
        assert "w8 = 0.55" in screen.message
        await screen.press("slash")
        await screen.answer("out_")
        assert "1 of" in screen.message
        first = screen.message
        await screen.press("comma")
        assert "2 of" in screen.message
        await screen.press("full_stop")
        assert screen.message == first
        await screen.press("slash")
        await screen.answer("zzz")
        assert "is not a symbol" in screen.message


async def test_an_element_far_away_is_brought_into_view() -> None:
    async with driven("two-layer-digits", (80, 24)) as screen:
        await screen.press("i", "slash")
        await screen.answer("W1[60,47]")
        value = screen.bench.timeline["W1"][60, 47]
        assert f"[{value:+.6e}]" in screen.text or f"[{value:+.6f}]" in screen.text


async def test_inputs_and_weights_are_seen_as_images() -> None:
    async with driven("two-layer-digits", (80, 24)) as screen:
        await screen.press("f", "y", "tab", "tab", "tab")
        assert isinstance(screen.app.screen, PicturesScreen)
        assert "x[0], row 0 of 100 drawn" in screen.text
        assert "█" in screen.text
        await screen.press("right")
        assert "x[1], row 1 of 100 drawn" in screen.text
        await screen.press("tab")
        assert "weights into unit 0 of 50" in screen.text
        await screen.press("t")
        assert "█" not in screen.text
        await screen.press("escape")
        assert screen.app.screen is screen.debugger


async def test_the_net_is_seen_while_it_is_stepped_through() -> None:
    async with driven(size=(120, 40)) as screen:
        await screen.press("y")
        assert "[net] | heat map | learned | norms" in screen.text
        assert "E ·" in screen.text
        await screen.press(*"sssssss")
        assert screen.position == "1:E"
        assert "E +0.2984" in screen.text or "E +0.29837" in screen.text
        await screen.press("S", "t")
        assert screen.position == "1:y"
        assert "out_o1" in screen.text


async def test_each_picture_has_its_text() -> None:
    async with driven("sgd-regression", (120, 40)) as screen:
        await screen.type_position("30")
        await screen.press("y", "tab")
        assert "[heat map]" in screen.text
        await screen.press("tab")
        assert "[learned]" in screen.text
        picture = screen.text
        await screen.press("t")
        assert screen.text != picture
        await screen.press("tab")
        assert "size of the update relative to W1" in screen.text
        await screen.press("t")
        assert "norm of ∂E/∂W1" in screen.text


async def test_a_picture_of_a_run_that_diverged_is_drawn_all_the_same() -> None:
    async with driven("sgd-regression-wide", (80, 24)) as screen:
        await screen.type_position("20:dW1")
        for keys in ("y", "tab", "tab", "tab", "t", "tab", "tab", "tab"):
            await screen.press(keys)
        await screen.press("escape")
        assert screen.app.screen is screen.debugger


async def test_the_curve_is_linear_logarithmic_or_that_of_an_accuracy_or_a_watch() -> None:
    async with driven("two-layer-digits") as screen:
        await screen.type_position("150")
        assert screen.curve_frame == ("loss (linear)", "l: log")
        await screen.press("l")
        assert "the curve of the loss, logarithmic" in screen.message
        assert screen.curve_frame == ("loss (log)", "l: accuracy_train")
        await screen.press("l")
        assert screen.curve_frame == ("accuracy_train (linear)", "l: accuracy_test")
        await screen.press("l")
        assert screen.curve_frame == ("accuracy_test (linear)", "l: loss, linear")
        assert "+0.845118 at the end of 150" in screen.text
        await screen.press("w")
        await screen.answer("norm(W1)")
        assert screen.curve_frame == ("accuracy_test (linear)", "l: norm(W1)")
        await screen.press("l")
        assert "the curve of norm(W1), at the end of each iteration so far" in screen.message
        norm = float(np.linalg.norm(screen.bench.timeline["W1"]))
        assert f"+{norm:.5f}"[:6] in screen.text
        assert "at the end of 150" in screen.text
        await screen.press("l")
        assert screen.curve_frame == ("loss (linear)", "l: log")
        assert "E = +" in screen.text


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_frame_of_the_curve_says_on_which_axis_it_is_and_what_follows(size: tuple[int, int]) -> None:
    async with driven(size=size) as screen:
        await screen.press("l")
        await screen.type_position("50")
        after = "" if size[0] > 80 else "  v: step"
        frames = [("loss (log)", f"l: linear{after}"), ("loss (linear)", f"l: log{after}")]
        assert screen.curve_frame == frames[0]
        assert "loss (log)" in screen.text
        assert f"l: linear{after}" in screen.text
        await screen.press("l")
        assert screen.curve_frame == frames[1]


async def test_the_frame_of_the_curve_shows_an_element_as_it_was_typed() -> None:
    async with driven() as screen:
        await screen.press("i", "w")
        await screen.answer("W1[0,0]")
        await screen.press("l", "l")
        assert "W1[0,0] (linear)" in screen.text


async def test_above_the_curve_stands_what_the_status_line_says_of_the_loss() -> None:
    async with driven() as screen:
        assert screen.caption == "nothing has run yet"
        await screen.press("f", "f")
        assert screen.caption == "1  E_total not yet"
        await screen.press("s")
        assert screen.caption == "1  E_total = +0.298371"
        await screen.type_position("3:E")
        await screen.type_position("1:t")  # the curve still has the losses of three iterations
        assert screen.caption == "1  E_total not yet"
        await screen.type_position("1:b2_next")
        await screen.ask("e", "E = 3")
        assert screen.caption == "1  E_total = +3"
        assert "E_total = +3" in screen.lines[1]


async def test_above_the_curve_of_a_watch_it_says_that_the_value_is_that_at_the_end_of_the_iteration() -> None:
    async with driven() as screen:
        await screen.type_position("2:delta1")
        await screen.press("w")
        await screen.answer("norm(dW1)/norm(W1)")
        await screen.press("l", "l")
        timeline = screen.bench.timeline
        timeline.goto("2")
        value = float(np.linalg.norm(timeline["dW1"]) / np.linalg.norm(timeline["W1"]))
        assert screen.caption == f"{value:+.6f} at the end of 2"


async def test_what_history_holds_stands_in_the_status_line() -> None:
    async with driven(size=(120, 40)) as screen:
        assert "history" not in screen.lines[0]
        await screen.press("end")
        assert "history 1–10,001, one in 64 kept, " in screen.lines[0]
        assert screen.lines[0].endswith("of 64 MiB")


async def test_the_smallest_and_the_largest_number_are_numbers() -> None:
    async with driven() as screen:
        await screen.press("s", "e")
        await screen.press("ctrl+u")
        await screen.answer("w1 = nan")
        for which, label in (("smallest", "w2"), ("largest", "w4")):
            await screen.press("slash")
            await screen.answer(f"{which} W1")
            assert f"{label} = " in screen.message
