"""Claims about starting values that are drawn: by rules and by formulas, and from which random numbers."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.engine.data.drawing import drawn
from gradstep.engine.data.starting import RULES, Seeds, Spread, initialized, named_stream
from gradstep.engine.language.syntax import ExpressionError

# As people write them. numpy.random itself draws what they should be.
PASTED = (
    "0.01 * np.random.randn(2, 3)",
    "2 * np.random.random((3, 1)) - 1",
    "np.random.random_sample(size=(2, 2))",
    "np.random.rand(3, 2) - np.random.rand(3, 2)",
    "np.random.standard_normal((3, 2)).T",
    "np.random.normal(0.0, 0.1, (2, 5))",
    "np.random.normal(scale=2**-0.5, size=(2, 2))",
    "np.random.normal(0, np.sqrt(2.0 / 7), (7, 2))",
    "np.random.uniform(-1, 1, (2, 3))",
    "np.random.uniform(low=-0.5, high=0.5, size=4)",
    "np.random.uniform(-1, 1, size=(2, 3)) * np.sqrt(6. / (2 + 3))",
    "np.random.randn(3, 2) / np.sqrt(3) + np.random.rand(3, 2)",
    "np.zeros((2, 3)) + np.ones(3)",
    "np.eye(3) * 0.5",
    "np.eye(2, 3)",
    "np.array([[0.1, -0.2], [1e-3, 4]]).T",
    "np.array([1, 2 * 3, np.sqrt(2)]) + np.full((2, 3), 0.5)",
    "np.full(3, -1.0)",
)


def test_pasted_lines_draw_what_numpy_draws_one_after_another() -> None:
    legacy = Seeds(0, np.random.RandomState(5)).of(1, 2, 3)
    np.random.seed(5)
    for line in PASTED:
        expected = eval(line, {"np": np})
        np.testing.assert_array_equal(drawn(line, legacy), expected, strict=True, err_msg=line)


@pytest.mark.parametrize("line", PASTED)
def test_a_formula_has_the_shape_that_numpy_says_without_a_legacy_seed_too(line: str) -> None:
    random = Seeds(0).of(*named_stream("W"))
    assert drawn(line, random).shape == eval(line, {"np": np}).shape


def test_streams_are_apart_and_come_again() -> None:
    seeds = Seeds(3)
    names = ["W", "b", "Wb", "W1", "ｗ", "x"]
    first = [drawn("randn(4)", seeds.of(*named_stream(name))) for name in names]
    again = [drawn("randn(4)", seeds.of(*named_stream(name))) for name in reversed(names)][::-1]
    np.testing.assert_array_equal(first, again)
    assert len({array.tobytes() for array in first}) == len(names)
    assert not np.array_equal(first[0], drawn("randn(4)", Seeds(4).of(*named_stream("W"))))


@pytest.mark.parametrize(
    ("rule", "variance"),
    [
        ("xavier_normal", 2 / 500),
        ("xavier_uniform", 2 / 500),
        ("he_normal", 2 / 300),
        ("he_uniform", 2 / 300),
        ("normal", 1.0),
        ("uniform", 1 / 3),
    ],
)
def test_a_rule_has_the_variance_of_its_source(rule: str, variance: float) -> None:
    array = initialized(rule, (300, 200), Spread(scale=2.0), Seeds(1).of(2))
    assert np.var(array) == pytest.approx(4 * variance, rel=0.02)
    assert abs(np.mean(array)) < 0.02 * 2 * sqrt(variance)
    if "uniform" in rule:
        assert np.abs(array).max() <= 2 * sqrt(3 * variance)
    else:
        assert np.abs(array).max() > 2 * sqrt(3 * variance)


@pytest.mark.parametrize(
    ("name", "rule"),
    [("xavier", "xavier_normal"), ("xavier_uniform",) * 2, ("he", "he_normal"), ("he_uniform",) * 2],
)
def test_a_formula_has_the_rules_by_name(name: str, rule: str) -> None:
    expected = initialized(rule, (4, 3), Spread(), Seeds(7).of(1))
    np.testing.assert_array_equal(drawn(f"{name}(4, 3)", Seeds(7).of(1)), expected)


def test_a_spread_is_kept_to() -> None:
    shifted = initialized("normal", (2000,), Spread(0.1, 5.0), Seeds(0).of(1))
    np.testing.assert_allclose(shifted, 5 + 0.1 * Seeds(0).of(1).standard_normal(2000), rtol=1e-15)
    between = initialized("uniform", (2000,), Spread(low=2.0, high=3.0), Seeds(0).of(1))
    assert 2 <= between.min() < 2.01
    assert 2.99 < between.max() < 3
    assert initialized("ones", (2, 1), Spread(), Seeds(0).of(1)).tolist() == [[1], [1]]


def test_without_mean_or_bounds_the_bits_are_those_of_ever() -> None:
    def random() -> np.random.Generator:
        return np.random.Generator(np.random.Philox(np.random.SeedSequence(9, spawn_key=(2, 1, 0))))

    np.testing.assert_array_equal(
        initialized("normal", (3, 2), Spread(0.3), Seeds(9).of(2, 1, 0)), 0.3 * random().standard_normal((3, 2))
    )
    np.testing.assert_array_equal(
        initialized("uniform", (3, 2), Spread(0.3), Seeds(9).of(2, 1, 0)), random().uniform(-0.3, 0.3, (3, 2))
    )


@given(rule=st.sampled_from(sorted(RULES)), rows=st.integers(1, 5), columns=st.integers(1, 5))
def test_every_rule_draws_from_a_legacy_seed_too(rule: str, rows: int, columns: int) -> None:
    array = initialized(rule, (rows, columns), Spread(), Seeds(0, np.random.RandomState(1)).of())
    assert array.shape == (rows, columns)
    assert np.isfinite(array).all()


@pytest.mark.parametrize(
    "text",
    [
        "array([[1, 2], [3]])",
        "array([])",
        "array([[[[[1]]]]])",
        "array([[1, 2], 3])",
        "array([rand(2)])",
        "full((2, 0), 1)",
        "full((2, 1.5), 1)",
        "full((1e5, 1e5), 1)",
        "full(1e6, 1, 2)",
        "[1, 2]",
    ],
)
def test_lists_that_are_no_arrays_get_a_line(text: str) -> None:
    with pytest.raises(ExpressionError, match=r", column \d+: "):
        drawn(text, Seeds(0).of(1))


@given(st.text(alphabet="randnozeso(),.0123456789*-+@=[] '\"T", max_size=30))
def test_any_text_is_an_array_or_one_line_with_a_column(text: str) -> None:
    try:
        array = drawn(text, Seeds(0).of(1))
    except ExpressionError as error:
        line = str(error)
    else:
        line = f"column of {array.dtype}"
    assert "\n" not in line
    assert "column" in line or not text
