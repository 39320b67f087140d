"""Claims about expectations: how many digits count, what a tolerance is, when a known disagreement holds."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.engine import bundled
from gradstep.engine.replay import Replay, replay
from gradstep.engine.scenario.expectations import agrees_to_its_digits
from gradstep.engine.scenario.loading import parse_scenario
from gradstep.tui.report import print_report

SCENARIO = """
format = 1
title = "y = 0.5 · 2 + 0.25"
[data]
x = [[2.0]]
t = [[1.0]]
[[layer]]
kind = "affine"
W = [[0.5]]
b = [0.25]
[loss]
kind = "squared_error"
[[expect]]
at = "1"
"""


def outcome(lines: str) -> Replay:
    return replay(parse_scenario((SCENARIO + lines).encode(), "case", "case.toml"))


@pytest.mark.parametrize(
    ("printed", "value", "agrees"),
    [
        ("0.3775", 0.3775, True),
        ("0.3775", 0.37754999, True),
        ("0.3775", 0.37745001, True),
        ("0.3775", 0.3776, False),
        ("0.3775", -0.3775, False),
        ("−0.3775", -0.3775, True),
        ("3.5e-05", 0.0000351, True),
        ("3.5e-05", 0.0000361, False),
        ("220", 220.00000000000003, True),
        ("220", 220.6, False),
        ("0.000", 0.0004, True),
        ("", 17.0, True),
        ("", math.nan, True),
        ("nan", math.nan, True),
        ("nan", 1.0, False),
        ("inf", math.inf, True),
        ("inf", -math.inf, False),
        ("-inf", -math.inf, True),
        ("1.0", math.nan, False),
        ("1.0", math.inf, False),
    ],
)
def test_text_agrees_with_what_rounds_to_it(printed: str, value: float, agrees: bool) -> None:
    assert agrees_to_its_digits(printed, value) is agrees


@pytest.mark.parametrize("bits", range(-8, 9))
@pytest.mark.parametrize(
    ("printed", "value"), [("0.12", 0.125), ("0.13", 0.125), ("-1.0", -1.05), ("3.5e-05", 3.55e-5)]
)
def test_a_last_bit_does_not_decide_in_the_middle_between_two_printed_numbers(
    printed: str, value: float, bits: int
) -> None:
    assert agrees_to_its_digits(printed, value + bits * math.ulp(value))


def test_where_as_many_digits_are_printed_as_a_double_has_the_last_bit_decides() -> None:
    assert agrees_to_its_digits("0.30000000000000004", 0.30000000000000004)
    assert not agrees_to_its_digits("0.30000000000000000", 0.30000000000000004)


def test_a_source_s_last_digit_may_be_off_by_as_much_as_is_said() -> None:
    assert not agrees_to_its_digits("-0.019049119", -0.019049118258278114)
    assert agrees_to_its_digits("-0.019049119", -0.019049118258278114, off_by=1)
    assert not agrees_to_its_digits("-0.019049119", -0.0190491179, off_by=1)


@given(st.floats(-1e3, 1e3), st.integers(1, 10))
def test_a_printed_double_agrees_with_itself_and_not_two_units_away(value: float, digits: int) -> None:
    assert agrees_to_its_digits(f"{value:.{digits}f}", value)
    assert not agrees_to_its_digits(f"{value + 2 * 10.0**-digits:.{digits}f}", value)


@pytest.mark.parametrize(
    ("lines", "passed"),
    [
        ("y = [[1.25]]", True),
        ("y = [[1.2500000001]]", False),
        ("y = [[1.2500000001]]\ntolerance = 1e-9", True),
        ("E = 0.03125", True),
        ("E = 0", False),
        ("E = inf", False),
        ("E = nan", False),
        ('"E < 1" = true', True),
        ('"E < 1" = false', False),
        ('"W1 > 0" = [[true]]', True),
        ('"y[0,0] - t[0,0]" = "0.25"', True),
        ('E = "0.04"\ndisagrees = "it was rounded up"', True),
        ('E = "0.03"\ndisagrees = "it was rounded up"', False),
        ('E = "0.04"\ndisagrees = "it was rounded up"\ninstead = "0.03125"', True),
        ('E = "0.04"\ndisagrees = "it was rounded up"\ninstead = 0.03125', True),
        ('E = "0.04"\ndisagrees = "it was rounded up"\ninstead = "0.03126"', False),
        ('y = [["1.4"]]\ndisagrees = "a slip"\ninstead = [["1.25"]]', True),
        ('y = [["1.4"]]\ndisagrees = "a slip"\ninstead = [["1.1"]]', False),
    ],
)
def test_numbers_truths_and_known_disagreements(lines: str, passed: bool) -> None:
    result = outcome(lines)
    assert result.passed is passed
    assert len(result.verdicts) == 1


def test_a_report_shows_the_last_bits_only_of_a_number_that_differs(capsys: pytest.CaptureFixture[str]) -> None:
    for lines in ("'y[0,0] - 0.95' = 0.3", "'y[0,0] - 0.95' = 0.3\ntolerance = 0"):
        print_report(outcome(lines))
    agreeing, differing = (line.split() for line in capsys.readouterr().out.splitlines() if " − 0.95 " in line)
    assert agreeing[4:6] == ["0.3", "0.3"]
    assert differing[4:6] == ["0.3", "0.30000000000000004"]


def test_infinity_agrees_with_infinity_alone() -> None:
    lines = 'tolerance = 0.5\n"1 / (t[0,0] - 1)" = '
    assert outcome(lines + "inf").passed
    assert not outcome(lines + "1e300").passed


def test_any_figure_of_the_first_scenario_that_is_two_units_off_is_found() -> None:
    text = bundled()["mazur-2-2-2"].read_text(encoding="utf-8")
    changed = 0
    for figure in ("0.593269992", "0.138498562", "0.082167041", "0.35891648", "0.000438568", "0.149780716"):
        assert f'"{figure}"' in text
        wrong = f"{float(figure) + 2 * 10.0 ** -len(figure.partition('.')[2]):.{len(figure) - 2}f}"
        scenario = parse_scenario(text.replace(f'"{figure}"', f'"{wrong}"', 1).encode(), "wrong", "wrong.toml")
        result = replay(scenario, "2")
        assert [verdict.passed for verdict in result.verdicts].count(False) == 1
        changed += 1
    assert changed == 6
