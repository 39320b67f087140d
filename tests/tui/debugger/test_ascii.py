"""With --ascii nothing beyond ASCII is drawn on any screen, and what is drawn instead can be told apart."""

from __future__ import annotations

import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.tui.debugger.looking import by_group
from gradstep.tui.debugger.registry import COMMANDS
from gradstep.tui.dialogs.help import READING, help_page
from gradstep.tui.pages.program import program_lines
from gradstep.tui.text.glyphs import (
    BREAKPOINT,
    CHANGED,
    DONE,
    MISSING,
    NEXT,
    NOW,
    SWITCHED_OFF,
    WRITTEN,
    plain,
    plain_formula,
)
from gradstep.tui.text.grid import Grid
from gradstep.tui.text.notation import Notation
from tests.screen import Driven, driven

SIZES = [(80, 24), (120, 40)]
AS_PRINTED = "sgd-regression-as-printed"
PICTURES = 6  # at most, of a scenario without a name in another script


def check_ascii(screen: Driven, where: object) -> None:
    for line in screen.lines:
        signs = (sign for sign in line if not "\u3000" <= sign <= "\u9fff")  # of a scenario's own texts in Japanese
        assert all(sign.isascii() for sign in signs), (where, line)


async def looked_at(screen: Driven, *keys: str) -> None:
    """What some keys lead to, and what stands further down."""
    await screen.press(*keys)
    check_ascii(screen, keys)
    await screen.press("pagedown")
    check_ascii(screen, keys)


@pytest.mark.parametrize(
    ("name", "size", "dialogs"),
    [("mazur-2-2-2", SIZES[0], ["B", "k", "o", "ctrl+p", "d", "h", "x"]), (AS_PRINTED, SIZES[1], ["d", "h", "x"])],
)
async def test_every_screen_is_ascii(name: str, size: tuple[int, int], dialogs: list[str]) -> None:
    async with driven(name, size, ascii_only=True) as screen:
        check_ascii(screen, "the start")
        await screen.press(*"sssnbfl")
        for panel in range(4):
            check_ascii(screen, panel)
            await screen.press("v")
        for keys in dialogs:
            await looked_at(screen, keys)
            await screen.press("escape")
        await looked_at(screen, "x", "enter", "enter", "u", "slash")
        await screen.press("escape", "escape")
        for keys in ("g", "w", "e", "slash", "ctrl+s"):
            await looked_at(screen, keys)
            await screen.press("escape")


@pytest.mark.parametrize("size", SIZES)
async def test_every_line_of_the_help_is_ascii(size: tuple[int, int]) -> None:
    async with driven(size=size, ascii_only=True) as screen:
        await screen.press("question_mark")
        check_ascii(screen, "the top")
    assert all(
        text.isascii() for line in help_page(by_group(COMMANDS), size[0], ascii_only=True) for text, _ in line.pieces
    )


@pytest.mark.parametrize(
    ("name", "size"),
    [("mazur-2-2-2", SIZES[1]), ("apples-and-oranges", SIZES[0]), ("two-layer-digits", SIZES[1])],
)
async def test_every_picture_and_its_text_are_ascii(name: str, size: tuple[int, int]) -> None:
    async with driven(name, size, ascii_only=True) as screen:
        await screen.press("i", "y")
        for picture in range(PICTURES):
            await looked_at(screen)
            await looked_at(screen, "t")
            await screen.press("t", "tab")
            check_ascii(screen, picture)


# ── the signs ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ascii", [False, True])
def test_the_help_explains_the_signs_that_are_drawn(ascii: bool) -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:t")
    notation = Notation(timeline.names, ascii=ascii)
    lines = program_lines(timeline.moment(), notation, None, {"t": True, "u1": False})
    drawn = {line.step: line.pieces[0][0] for line in lines if line.step is not None}
    marks = [mark.drawn(ascii=ascii) for mark in (DONE, NOW, NEXT, BREAKPOINT, SWITCHED_OFF)]
    assert [drawn[0][1], drawn[1][1], drawn[2][1], drawn[1][0], drawn[2][0]] == marks
    (empty,) = ["".join(text for text, _ in Grid("E", (), fresh=True, ascii=ascii).line(0, 0, 6))]
    assert empty.split() == [WRITTEN.drawn(ascii=ascii) + "E", MISSING.drawn(ascii=ascii)]
    told = {text: "".join(mark.drawn(ascii=ascii) for mark in signs) for signs, text in READING}
    assert told["of a step: has run; has just run; is next"] == "".join(marks[:3])
    assert told["before a step: a breakpoint; one that is switched off"] == "".join(marks[3:])
    assert told["before a table: just written"] == WRITTEN.drawn(ascii=ascii)
    assert told["after a number: differs from the iteration before"] == CHANGED.drawn(ascii=ascii)
    assert told["instead of a number: not computed yet"] == MISSING.drawn(ascii=ascii)
    page = ["".join(text for text, _ in line.pieces) for line in help_page({}, 90, ascii_only=ascii)]
    assert f"  {' '.join(marks[:3])} " in next(line for line in page if "has just run" in line)


def test_the_products_can_be_told_apart_in_ascii() -> None:
    names = load_scenario("mazur-2-2-2").names
    formulas = [Notation(names, own=False, ascii=True).formula(step) for step in names.program.steps]
    assert "u1 = x@W1 + b1" in formulas
    assert "dE/dW1 = x.T@delta1" in formulas
    assert "delta1 = dE/dz1 * z1 * (1 - z1)" in formulas
    assert "dE/dz1 = delta2@W2.T" in formulas


def test_numbers_are_multiplied_with_a_star() -> None:
    assert plain_formula("2 · x·Wᵀ ∘ z") == "2 * x@W.T * z"
    assert plain("w1·i1 in 12 µs") == "w1*i1 in 12 us"
