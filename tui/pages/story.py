"""The page on a scenario: what it says of itself, what it is made of, and where it is from."""

from __future__ import annotations

from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.pages.view import BLANK
from gradstep.tui.text.folding import folded
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line
from gradstep.tui.words import pages as words


def story_page(scenario: Scenario, notation: Notation, width: int) -> tuple[Line, ...]:
    """In lines of at most `width` cells."""
    sign = notation.sign
    lines = folded(sign(scenario.description), width)
    if scenario.source:
        lines += [BLANK, *folded(sign(words.SOURCE.format(source=scenario.source)), width, "quiet")]
    return (*lines, BLANK, *folded(sign(scenario.size), width, "quiet"))
