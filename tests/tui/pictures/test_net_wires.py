"""Claims about the wires of a net: each can be followed with the eye from its source to its number."""

from __future__ import annotations

import re

import pytest

from gradstep.engine import Timeline
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.net.panel import net_panel
from gradstep.tui.text.notation import Notation
from tests.nets import timeline_of

SIZES = [(78, 8), (78, 17), (80, 34), (82, 9), (150, 54)]


def lines_of(timeline: Timeline, position: str, size: tuple[int, int], *, ascii: bool = False) -> list[str]:
    timeline.goto(position)
    return net_panel(timeline.moment(), View(Notation(timeline.names, ascii=ascii)), *size).inside.text.splitlines()


RIGHT, LEFT = "─━═┄┌┏╔└┗╚├┣╠┬┳╦┴┻╩┼╋╬", "─━═┄┐┓╗┘┛╝┤┫╣┬┳╦┴┻╩┼╋╬"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["relu-softmax-2-3-2", "and-perceptron", "mazur-2-2-2"])
@pytest.mark.parametrize("position", ["start", "1:u1", "1:dW1", "1"])
def test_a_wire_that_passes_another_goes_on_at_both_sides_of_it(
    name: str, position: str, size: tuple[int, int]
) -> None:
    for line in lines_of(timeline_of(name), position, size):
        # upright strokes in the midst of a wire: between two parts of it, or before the number on it
        assert not re.search(rf"[{RIGHT}●◀][│┃║]+(?:[{LEFT}]| +[-\d])", line), line


@pytest.mark.parametrize("ascii", [False, True])
def test_both_of_two_wires_that_cross_are_unbroken(ascii: bool) -> None:
    timeline = timeline_of("relu-softmax-2-3-2")
    lines = lines_of(timeline, "start", (80, 34), ascii=ascii)
    cross, off = (r"\+", r"\+") if ascii else ("┼", "┤")
    # the second of the inputs passes the track of the first one before it comes to its own
    assert re.search(cross + off, next(line for line in lines if line.startswith("x[1]")))
    # and the first one passes that of the second before its number
    for number in (r"0\.3", r"0\.5"):
        assert any(re.search(rf"[├└+]{cross}(?:──|--) {number}", line) for line in lines)
