"""With --ascii nothing beyond ASCII is drawn on any screen, and what is drawn instead can be told apart."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gradstep.engine import load_scenario
from gradstep.tui.debugger.looking import by_group
from gradstep.tui.debugger.registry import COMMANDS
from gradstep.tui.pages.arrangement import STEP, TABLES
from gradstep.tui.pages.help import READING, help_page
from gradstep.tui.text.glyphs import plain, plain_formula
from gradstep.tui.text.notation import Notation
from tests.screen import Still, driven
from tests.walks import RUNNABLE

SIZES = [(80, 24), (120, 40), (200, 60)]
AT_EVERY_SIZE = ("mazur-2-2-2", "relu-softmax-2-3-2", "two-layer-digits", "apples", "xor")  # one of each kind of net
CASES = [(name, size) for name in RUNNABLE for size in (SIZES if name in AT_EVERY_SIZE else SIZES[1:2])]
AS_PRINTED = "sgd-regression-as-printed"
DRAWERS = ("x", "h", "B", "F", "asterisk", "f1", "f12", "d", "L", "question_mark")


def check_ascii(lines: list[str], where: object) -> None:
    for line in lines:
        signs = (sign for sign in line if not "\u3000" <= sign <= "\u9fff")  # of a scenario's own texts in Japanese
        assert all(sign.isascii() for sign in signs), (where, line)


@pytest.mark.parametrize(("name", "size"), CASES)
def test_every_step_is_shown_in_ascii_and_what_it_writes_and_reads_is_marked(name: str, size: tuple[int, int]) -> None:
    still = Still(name, size, ascii_only=True)
    check_ascii(still.lines, "start")
    for _ in range(still.bench.moment.length):
        check_ascii(still.press("s").lines, still.position)
        step = still.bench.moment.step
        assert step is not None
        shown = {panel: still.panel(panel) for panel in (STEP, TABLES) if panel in still.stage.areas}
        above = step.symbol == "E" and still.bench.moment.scenario.network.layered
        for panel, text in {**shown, **({TABLES: still.lines[0]} if above else {})}.items():
            assert "!" in text, (still.position, panel)
        read = [symbol for symbol in step.read if still.bench.moment.program.symbols[symbol].shape]
        assert not read or ":" in "".join(shown.values()), still.position


@pytest.mark.parametrize(("name", "size"), CASES)
def test_every_drawer_message_picture_and_panel_is_in_ascii(name: str, size: tuple[int, int]) -> None:
    still = Still(name, size, ascii_only=True)
    still.press("n", "f", "f").press("b")
    for key in DRAWERS:
        check_ascii(still.press(key).lines, key)
        check_ascii(still.press("j", "pagedown", "enter", "u").lines, key)
        still.press("escape", "escape", "escape")
    check_ascii(still.press("H").lines, "H")
    check_ascii(still.press("pagedown").lines, "H")
    still.press("escape")
    for key, answer in (("g", "nowhere"), ("w", "norm(E)"), ("e", "η = 0.1"), ("slash", "∂"), ("a", "backward")):
        still.press(key)
        check_ascii(still.lines, key)
        if still.prompt is not None:
            check_ascii(still.answer(answer).lines, key)
        still.press("escape", "escape")
    for _ in range(7):
        check_ascii(still.press("y").lines, "y")
        check_ascii(still.press("T").lines, "T")
        still.press("T")
    for _ in range(5):
        check_ascii(still.press("v", "l").lines, "v")
    check_ascii(still.press("K").lines, "K")


def test_a_star_is_a_product_and_nothing_else() -> None:
    product = Still("and-perceptron", ascii_only=True).goto("1:dW").panel(STEP)
    assert re.search(r"\] +@ +\[", product)
    digits = Still("two-layer-digits", ascii_only=True).goto("1:u1")
    assert "net, row 0 of 100" in digits.text
    assert "layer 1, 50 ReLU units" in digits.text
    assert "accuracy  train .  test ." in digits.text
    small = Still("two-layer-digits", (80, 24), ascii_only=True).goto("1:u1")
    assert " * " not in small.panel(TABLES).split("\n")[0]


async def test_what_stands_over_the_screen_is_in_ascii() -> None:
    async with driven(size=(80, 24), ascii_only=True) as screen:
        for key in ("ctrl+p", "o", "g"):
            await screen.press(key)
            check_ascii(screen.written, key)
            await screen.press("escape")


def test_every_line_of_the_help_is_ascii() -> None:
    page = help_page(by_group(COMMANDS), 80, ascii_only=True)
    assert all(text.isascii() for line in page for text, _ in line.pieces)


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


@pytest.mark.parametrize("ascii", [False, True])
def test_the_help_explains_the_signs_that_are_drawn(ascii: bool) -> None:
    still = Still(ascii_only=ascii).goto("1:t").press("b", "a").answer("backward")
    told = {text: [mark.drawn(ascii=ascii) for mark in signs] for signs, text in READING}
    past, now, later = told["in the strip of phases, one a step: has run; has just run; is still to come"]
    assert f"{past}{now}  forward {later}{later}{later}{later}" in still.lines[1]
    program = still.panel("program")
    (bar,), (runs_next,) = told["before a step or a number: just written"], told["before a step: it runs next"]
    on, off = told["before a step: a breakpoint; one that is switched off"]
    side = "|" if ascii else "│"
    assert f"{side}{bar}{on}  target = " in program
    assert f"{side}  {runs_next} net_h = " in program
    assert f"{side}{on}backward" in program
    still.bench.timeline.replace_stop(
        len(still.bench.timeline.stops) - 1, replace(still.bench.timeline.stops[-1], enabled=False)
    )
    still.bench.show()
    assert f"{side}{off}backward" in still.panel("program")
