"""Claims about numbers in cells of a fixed width."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gradstep.tui.text.cells import FULL, NARROWEST, brief, cell, missing, pointed, squeezed, width_of

HARD = (0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1e300, 1e-300, 99.96)
HARD += (
    9.9999999999,
    9999999.5,
    -999999.95,
    0.1 + 0.2,
    1e16,
    123456789.0,
    0.001,
    0.00999999999,
    -9.99999999999,
    2.0**53,
)
widths = st.integers(NARROWEST, FULL)
numbers = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(HARD), st.floats(-100, 100))


@given(st.floats(), widths)
def test_a_number_takes_exactly_its_cells(value: float, width: int) -> None:
    assert len(cell(value, width)) == width


@given(numbers, st.integers(NARROWEST, FULL - 1))
@example(9.99999999999, 12)
@example(99.6123456789, 12)
def test_what_is_shown_is_the_number_within_its_last_digit(value: float, width: int) -> None:
    text = cell(value, width)
    shown, exact = Decimal(text.strip()), Decimal(value)
    error, (_, _, exponent) = abs(shown - exact), shown.as_tuple()
    assert isinstance(exponent, int)
    last_bits = abs(exact) * Decimal(2) ** -46
    assert error <= Decimal(10) ** exponent / 2 + last_bits
    assert not text.endswith(" ") or "e" in text or error <= last_bits, "blanks stand for zeros"


@given(numbers, widths)
def test_what_is_not_zero_never_looks_like_zero(value: float, width: int) -> None:
    assert (Decimal(cell(value, width).strip()) == 0) == (value == 0)


@given(st.floats(), st.integers(NARROWEST, 12))
def test_aligned_numbers_take_their_cells_and_are_true(value: float, width: int) -> None:
    text = pointed(value, width)
    assert len(text) == width
    if math.isfinite(value):
        shown, exact = Decimal(text.strip()), Decimal(value)
        assert (shown == 0) == (value == 0)
        assert abs(shown - exact) <= abs(exact) * Decimal("0.051")


@given(st.floats(0.01, 998), st.sampled_from([-1, 1]))
def test_aligned_numbers_have_their_points_in_one_place(size: float, sign: int) -> None:
    text = pointed(sign * size, 9)
    assert text.rstrip().find(".") in (4, -1)
    assert len(text.partition(".")[0].rstrip()) == 4


@given(numbers)
def test_in_full_every_number_is_read_back(value: float) -> None:
    read = float(cell(value, FULL))
    assert (read, math.copysign(1, read)) == (value, math.copysign(1, value))


@given(numbers.filter(bool), widths)
def test_a_minus_is_shown_and_a_plus_is_not(value: float, width: int) -> None:
    assert cell(value, width)[0] == ("-" if value < 0 else " ")


@given(st.floats(0.1, 9.9), st.booleans(), widths)
def test_below_ten_point_stands_under_point(value: float, minus: bool, width: int) -> None:
    text = cell(-value if minus else value, width)
    assert text[1].isdigit()
    assert text[2] in ". "


@pytest.mark.parametrize(
    ("value", "width", "shown"),
    [
        (0.15, 12, " 0.15       "),
        (0.1 + 0.2, 12, " 0.3        "),
        (-1.0, 12, "-1          "),
        (0.0, 12, " 0          "),
        (-0.0, 12, " 0          "),
        (-0.0, FULL, "-0" + " " * 22),
        (1 / 3, 12, " 0.333333333"),
        (0.5932699921071872, 12, " 0.593269992"),
        (1e300, NARROWEST, " 1.0e+300"),
        (-1.25e-300, NARROWEST, "-1.3e-300"),
        (5e-324, NARROWEST, " 4.9e-324"),
        (math.nan, 12, " NaN        "),
        (math.inf, 12, " inf        "),
        (-math.inf, 12, "-inf        "),
    ],
)
def test_numbers_as_a_person_would_write_them(value: float, width: int, shown: str) -> None:
    assert cell(value, width) == shown


def test_what_is_missing_has_its_sign_where_the_units_digit_will_stand() -> None:
    assert missing(12, "·") == " ·          "
    assert cell(3.0, 12).index("3") == missing(12, "·").index("·")


def test_the_width_follows_from_the_digits_alone() -> None:
    assert [width_of(digits) for digits in (3, 6, 9, 12, 17, 20)] == [9, 9, 12, 15, 24, 24]


@given(st.floats(), st.integers(0, 12))
def test_a_squeezed_number_fits_or_is_left_out(value: float, width: int) -> None:
    text = squeezed(value, width)
    assert len(text) <= width
    if text and math.isfinite(value):
        assert abs(Decimal(text) - Decimal(value)) <= abs(Decimal(value)) / 2


@given(numbers, st.integers(1, 6))
def test_a_brief_number_is_the_number_within_its_digits(value: float, digits: int) -> None:
    shown = Decimal(brief(value, digits))
    assert abs(shown - Decimal(value)) <= abs(Decimal(value)) * Decimal(5) * Decimal(10) ** -digits
    assert (shown == 0) == (value == 0)
