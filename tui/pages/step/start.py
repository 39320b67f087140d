"""What stands in the place of the arithmetic before any step has run: what is in front of you, and how to begin."""

from __future__ import annotations

import re

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.drawing import Panel
from gradstep.tui.text.folding import folded
from gradstep.tui.words import step as words

SENTENCE = re.compile(r"(?<=[.;。])\s+")


def start_panel(moment: Moment, view: View, width: int, height: int) -> Panel:
    """A sentence on the scenario, its source, and the key that runs the first step."""
    scenario, sign = moment.scenario, view.notation.sign
    canvas = Canvas(width, height)
    first = moment.program.steps[0]
    hint = words.PRESS_SPACE.format(formula=view.notation.formula(first), count=moment.length)
    last = folded(sign(hint), max(2, width - 2), "bold text", indent=2)[: max(1, height - 1)]
    about = SENTENCE.split(scenario.description.strip() or scenario.title)[0].rstrip(";")
    source = (
        folded(sign(words.SOURCE.format(source=scenario.source)), max(2, width - 2), "quiet") if scenario.source else []
    )
    lines = folded(sign(about), max(2, width - 2))
    room = height - len(last) - 1
    if len(lines) > room:
        lines = folded(sign(scenario.title), max(2, width - 2))[: max(0, room)]
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
