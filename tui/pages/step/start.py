"""What stands in the place of the arithmetic before any step has run: what is in front of you, and how to begin."""

from __future__ import annotations

import re

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.folding import folded
from gradstep.tui.text.page import Line
from gradstep.tui.words import step as words

SENTENCE = re.compile(r"(?<=[.;。])\s+")


def start_panel(moment: Moment, view: View, width: int, height: int, *, begins: bool = True) -> Panel:
    """A sentence on the scenario, what there is to see, the source, the key that runs the first step."""
    scenario, sign = moment.scenario, view.notation.sign

    def lines_of(text: str, key: str = "text", indent: int = 0) -> list[Line]:
        return folded(sign(text), max(2, width - 2), key, indent)

    canvas = Canvas(width, height)
    first = moment.program.steps[0]
    press = words.PRESS_SPACE.format(formula=view.notation.formula(first))
    if moment.program.symbols[first.symbol].data == "x":
        press = words.PRESS_SPACE_TO_DRAW.format(symbol=view.notation.symbol(first.symbol))
    last = lines_of(press, "bold text", 2)[: max(1, height - 1)] if begins else []
    about = SENTENCE.split(scenario.description.strip() or scenario.title)[0].rstrip(";")
    room = height - len(last) - 1
    lines = lines_of(about)
    if len(lines) > room:
        lines = lines_of(scenario.title)[: max(0, room)]
    here = lines_of(words.WHAT_IS_HERE(moment.length))
    lines += here if len(lines) + len(here) <= room else []
    source = lines_of(words.SOURCE.format(source=scenario.source), "quiet") if scenario.source else []
    lines += source if len(lines) + len(source) <= room else []
    y = 0
    for line in lines:
        canvas.put_all(1, y, line.pieces)
        y += 1
    y = min(y + 1, height - len(last))
    for line in last:
        canvas.put_all(1, y, line.pieces)
        y += 1
    return Panel(((sign(scenario.title), "bold text"),), canvas.drawing())
