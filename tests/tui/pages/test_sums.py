"""Claims about "=": what stands on both sides of it is the same, as far as the digits that are shown say."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.expression import OPERATORS, Element
from gradstep.tui.pages.explanation import tell
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.sums import IN_DECIMALS
from tests.reckoning import places, worked_out
from tests.walks import RUNNABLE

# A line that begins with its arithmetic in numbers, or with a name before it; a result without arithmetic says nothing.
LINE = re.compile(r"(?:.*? )?= (?P<numbers>.* .*|.*[(½].*) = (?P<result>-?[\d.]+(?:e[+-]\d+)?)")
LARGE = "two-layer-digits"
MOST = 60  # elements of an array from which on only some of them are looked at
SOME = 12


def elements(timeline: Timeline) -> list[Element]:
    found = []
    for step in timeline.program.steps:
        indices = list(np.ndindex(timeline[step.symbol].shape))
        if len(indices) > MOST:
            chosen = np.random.default_rng(0).choice(len(indices), SOME, replace=False)
            indices = [indices[place] for place in chosen]
        found += [Element(step.symbol, tuple(map(int, index))) for index in indices]
    return found


def off(numbers: str, result: str) -> Decimal:
    """By how many units of its last digit a result is off from what stands before it."""
    return abs(worked_out(numbers) - Decimal(result)) / places(result)


@pytest.mark.parametrize(
    ("name", "digits"), [(name, digits) for name in RUNNABLE for digits in (4, 9, 13) if digits == 9 or name != LARGE]
)
def test_every_line_of_an_explanation_comes_out_as_it_says(name: str, digits: int) -> None:
    timeline = Timeline(load_scenario(name))
    timeline.goto(str(timeline.program.measure_every or 1))
    notation, large = Notation(timeline.names), name == LARGE
    seen: set[str] = set()
    for element in elements(timeline):
        told = tell(timeline, element, notation, 10**6, digits=digits, unroll=not large)
        seen |= {"".join(text for text, _ in line.pieces).strip() for line in told.lines}
    lines = [match for match in map(LINE.fullmatch, seen) if match is not None]
    assert len(lines) >= 3
    wrong = [match[0] for match in lines if off(match["numbers"], match["result"]) > 1]
    assert wrong == []
    assert sum("≈" in line for line in seen) <= len(lines) / 50  # which is no way out


def test_factors_near_1_are_written_with_the_digits_that_count() -> None:
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:u2")
    timeline.edit("u2[0,0]", 21.5)  # σ is 0.99999999954
    timeline.goto("1:delta2")
    notation = Notation(timeline.names)
    lines = tell(timeline, Element("delta2", (0, 0)), notation, 10**6, digits=9, unroll=False).lines
    (line,) = [match for each in lines if (match := LINE.search("".join(text for text, _ in each.pieces)))]
    assert off(line["numbers"], line["result"]) <= 1
    assert float(line["result"]) == pytest.approx(4.55e-10, rel=0.02)  # (1 − 0.01) z (1 − z)


def test_every_operator_can_be_worked_out_in_decimals() -> None:
    assert IN_DECIMALS.keys() == OPERATORS.keys()
