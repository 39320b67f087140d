"""Claims about "=": what stands on both sides of it is the same, as far as the digits that are shown say."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.program.expression import OPERATORS, Element
from gradstep.tui.pages.explanation import tell
from gradstep.tui.pages.step import step_panel
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.sums import IN_DECIMALS
from tests.reckoning import Unreadable, places, worked_out
from tests.tui.pages.test_step_panel import at, moments, view_of
from tests.walks import RUNNABLE

# A line that begins with its arithmetic in numbers, or with a name before it; a result without arithmetic says nothing.
LINE = re.compile(r"(?:.*? )?= (?P<numbers>.* .*|.*[(½].*) = (?P<result>-?[\d.]+(?:e[+-]\d+)?)")
LARGE = "two-layer-digits"
# Unrolled, these fill pages.
DEEP = ("lstm-cell", "rnn-hello", "attention", "layer-norm", "batch-norm", "simple-conv", "dropout")
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
        told = tell(timeline, element, notation, 10**6, digits=digits, unroll=not (large or name in DEEP))
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


# ── in the panel of a step ───────────────────────────────────────────────────────────────────────────────────

RESULT = re.compile(r"=\s*[▌▸]?\s*(-?\d+(?:\.\d+)?(?:e[+-]\d+)?)(?![\d.e])")
SIZES = ((82, 9), (82, 11), (110, 14), (160, 30))


def arithmetic_before(text: str) -> str:
    """The longest end of a line that is arithmetic in numbers: what stands before it is a name or another result."""
    text = re.split(r"[→│=≈▏]|(?<=\d)\s{2,}(?=-\d)", text)[-1].replace("▌", " ").replace("▸", " ")
    starts = [match.start() for match in re.finditer(r"(?<!\S)\S", text)]
    for start in starts:
        try:
            worked_out(text[start:])
        except Unreadable:
            continue
        except ArithmeticError:
            return ""
        return text[start:] if re.search(r"[×+/−(²]", text[start:]) else ""
    return ""


def rows(text: str) -> list[tuple[str, str]]:
    """Arithmetic and the result behind its "=", of every line in which both stand."""
    found = []
    for line in re.sub(r"(?<=[+×−/]) *\n *|\n *(?=[+×−/] )", " ", text).splitlines():  # folded
        for match in RESULT.finditer(line):
            numbers = arithmetic_before(line[: match.start()])
            found += [(numbers, match[1])] if numbers else []
    return found


@pytest.mark.parametrize("name", RUNNABLE)
def test_every_row_of_a_steps_panel_comes_out_as_it_says(name: str) -> None:
    found = []
    for moment in moments(name):
        if moment.step is not None and moment.step.operation.formula.startswith("−"):
            continue  # behind the place of its number a sign that is turned reads as a difference
        for width, height in SIZES[1:3] if name == LARGE else SIZES:
            found += rows(step_panel(moment, view_of(moment), width, height).inside.text)
    assert len(found) >= 3
    assert [row for row in found if off(*row) > 1] == []


def test_a_row_of_rounded_factors_that_does_not_come_out_says_so() -> None:
    """−0.0261197 five times is −0.1305985, and stands beside −0.1305987."""
    text = step_panel(at("relu-softmax-2-3-2", "dW1"), view_of(at("relu-softmax-2-3-2", "dW1")), 82, 9).inside.text
    line = next(line for line in text.splitlines() if "⎡ 1⎤" in line)
    assert "-0.0261197] ≈ ⎡" in line
    more = step_panel(at("relu-softmax-2-3-2", "dW1"), view_of(at("relu-softmax-2-3-2", "dW1")), 160, 9).inside.text
    line = next(line for line in more.splitlines() if "⎡ 1⎤" in line)
    digits = [Decimal(number) for number in re.findall(r"-?\d+\.\d+", line)]
    assert all(abs(left - right) <= places(str(right)) for left, right in zip(digits[:3], digits[3:6], strict=True))


def test_a_total_that_the_numbers_above_do_not_give_says_so() -> None:
    """−0.258302252 − 1.239404158 − 0.587470464 is −2.085176874."""
    moment = at("sgd-regression", "u1")
    lines = step_panel(moment, view_of(moment), 82, 9).inside.text.splitlines()
    place = next(place for place, line in enumerate(lines) if line.strip().startswith("b1["))
    terms = [Decimal(re.findall(r"-?\d+\.\d+", line)[-1]) for line in lines[place - 2 : place + 1]]
    total = Decimal(re.findall(r"-?\d+\.\d+", lines[place + 1])[-1])
    assert ("≈" in lines[place + 1]) == (abs(sum(terms) - total) > places(str(total)) / 2)
