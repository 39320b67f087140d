"""Claims about how numbers are written."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradstep.tui.text import numbers
from gradstep.tui.text.numbers import NumberFormat, number_format, short
from tests.work import work_of

ANY_FLOAT = st.one_of(
    st.floats(width=64),
    st.floats(-2.0, 2.0),
    st.integers(-200, 200).map(lambda n: n / 8),
    st.integers(-(10**6), 10**6).map(lambda n: n / 1000),
    st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 9.9999999]),
)
ARRAYS = hnp.arrays(np.float64, st.integers(0, 12), elements=ANY_FLOAT)
DIGITS = st.integers(4, 17)


def written(values: npt.ArrayLike, digits: int = 6) -> list[str]:
    array = np.asarray(values, dtype=np.float64)
    style = number_format(array, digits)
    return [style.text(value) for value in array.ravel().tolist()]


@given(ARRAYS, DIGITS)
@example(np.array([9.99999999, -99.9999999]), 6)
@example(np.array([9.9999999e99, 1.0]), 6)
@example(np.array([0.1, 0.09999999999999999]), 17)
@example(np.array([1234567.0, 0.0001]), 17)
def test_every_number_takes_exactly_the_width_and_the_points_line_up(
    values: npt.NDArray[np.float64], digits: int
) -> None:
    style = number_format(values, digits)
    texts = [style.text(value) for value in values.tolist()]
    assert all(len(text) == style.width for text in texts)
    assert len({text.index(".") for text in texts if "." in text}) <= 1
    for value, text in zip(values.tolist(), texts, strict=True):
        if value == 0:
            assert text.strip() in ("+0", "-0")
            assert text.rstrip().endswith("0")
            assert len(text.rstrip()) == style.units
        elif math.isfinite(value) and not style.scientific and "." in text:
            assert text.index(".") == style.units


@given(ARRAYS, DIGITS)
def test_a_number_reads_back_within_the_digits_shown_with_its_sign(
    values: npt.NDArray[np.float64], digits: int
) -> None:
    style = number_format(values, digits)
    for value in values.tolist():
        text = style.text(value).strip()
        back = float(text)
        if math.isnan(value):
            assert text == "NaN"
            continue
        minus = value < 0 or (digits == 17 and math.copysign(1.0, value) < 0)
        assert text[0] == ("-" if minus else "+")
        assert (back == 0) == (value == 0)
        if digits == 17 or value == 0 or not math.isfinite(value):
            assert back == value
        elif style.scientific:
            slip = abs(Decimal(text) - Decimal(value)) / abs(Decimal(value))
            assert slip <= Decimal("0.501").scaleb(-style.decimals)
        else:
            slack = 0.5 * 10.0**-style.decimals + math.ulp(value)
            assert abs(back - value) <= slack


@given(ARRAYS, DIGITS)
def test_what_is_not_zero_shows_three_digits_unless_it_is_written_exactly(
    values: npt.NDArray[np.float64], digits: int
) -> None:
    style = number_format(values, digits)
    for value in values.tolist():
        text = style.text(value).strip()
        counting = text.partition("e")[0].lstrip("+-0.").replace(".", "")
        exact = float(text) == pytest.approx(value, rel=1e-12)
        assert not math.isfinite(value) or value == 0 or len(counting) >= 3 or exact


@pytest.mark.parametrize(
    ("values", "digits", "expected"),
    [
        ([0.15, 0.25, 1.0, 5.0], 6, ["+0.15", "+0.25", "+1.00", "+5.00"]),
        ([1.0, 100.0, -3.0], 6, ["  +1", "+100", "  -3"]),
        ([0.593269992, -0.038098], 6, ["+0.593270", "-0.038098"]),
        ([3.510187782978859e-05, 0.5], 6, ["+3.510188e-05", "+5.000000e-01"]),
        ([0.0, 0.593269992, -0.0], 6, ["+0       ", "+0.593270", "+0       "]),
        ([0.0, -0.0], 6, ["+0", "+0"]),
        ([0.0, -0.0], 17, ["+0", "-0"]),
        ([0.0, 3.51018778e-05], 6, ["+0           ", "+3.510188e-05"]),
        ([math.nan, math.inf, -math.inf], 6, [" NaN", "+inf", "-inf"]),
        ([math.nan, 1.5], 6, ["NaN  ", " +1.5"]),
        ([math.nan, 12345678.0], 6, ["          NaN", "+1.234568e+07"]),
        ([1e-310, 1.0], 4, ["+1.0000e-310", "+1.0000e+00 "]),
        ([0.00001], 6, ["+0.00001"]),
        ([0.1, 0.30000000000000004], 17, ["+0.10000000000000000", "+0.30000000000000004"]),
        ([0.1, 1e-5 / 3], 17, ["+1.0000000000000000e-01", "+3.3333333333333337e-06"]),
        ([], 6, []),
    ],
)
def test_examples(values: list[float], digits: int, expected: list[str]) -> None:
    assert written(values, digits) == expected


def beside(value: float, bits: int) -> float:
    """The double so many doubles away from a value."""
    return value + bits * math.ulp(value)


@given(st.integers(1, 10**9), st.integers(0, 9), st.integers(-64, 64), st.sampled_from([9, 10, 12]))
@example(421, 2, 1, 9)
@example(10**7, 0, -1, 9)
@example(1, 7, -1, 9)
def test_last_bits_do_not_change_how_a_short_decimal_is_written(
    number: int, places: int, bits: int, digits: int
) -> None:
    value = number / 10**places
    assume(abs(bits) * math.ulp(value) < 0.5 * 10.0**-digits)  # otherwise they are among the digits asked for
    assert short(beside(value, bits), digits) == short(value, digits)
    assert short(-beside(value, bits), digits) == short(-value, digits)


@given(st.integers(1000, 10**6), st.integers(-64, 64))
@example(7812, 0)
@example(7812, -1)
def test_last_bits_do_not_decide_how_the_middle_is_rounded(number: int, bits: int) -> None:
    value = beside((number + 0.5) / 10**6, bits)
    assert f"{float(short(value, 6)):.6f}" == f"{(number + 1) / 10**6:.6f}"
    assert short(value * 1e9, 6).rstrip("0") == short((number + 0.5) * 1e3, 6).rstrip("0")
    assert short(beside(1.2345675e-9, bits), 6) == "+1.234568e-09"


def test_in_full_precision_the_last_bit_is_seen() -> None:
    assert short(0.3, 17) == "+0.3"
    assert short(beside(0.3, 1), 17) == "+0.30000000000000004"
    assert [short(zero, 17) for zero in (0.0, -0.0)] == ["+0", "-0"]


def test_a_format_is_made_for_any_shape_and_for_nothing() -> None:
    assert number_format(np.zeros((0, 3)), 6).width == 2
    assert number_format(np.full((2, 2), np.nan), 6) == NumberFormat(3, 0, scientific=False)
    assert number_format(np.float64(0.298371109), 9).text(0.298371109) == "+0.298371109"


def test_few_decimals_are_not_looked_for_in_large_arrays() -> None:
    assert number_format(np.full(4096, 0.5), 6).decimals == 1
    assert number_format(np.full(4097, 0.5), 6).decimals == 6


def test_a_single_number_is_written_by_the_same_rules_without_blanks() -> None:
    assert [short(value, 6) for value in (0.298371109, 5.0, 0.0, 3.510187783e-05, math.nan, -math.inf)] == [
        "+0.298371", "+5", "+0", "+3.510188e-05", "NaN", "-inf",
    ]  # fmt: skip


def test_the_format_of_a_large_array_is_found_in_passing(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(1).normal(size=(784, 50))
    values[3, 4] = np.nan
    work = work_of(lambda: number_format(values, 6), numbers, monkeypatch)
    assert values.size < work.numbers < 10 * values.size
    assert 0 < work.lines < 200
