"""Claims about names in a condition: one iteration earlier, and the names and values that the caller supplies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradstep.engine.language.conditions import (
    ExpressionError,
    MissingValueError,
    evaluate,
    is_true,
    names,
    parse,
)
from tests.engine.language.test_conditions import EARLIER, HISTORY, NOW, error, same, value

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize(("text", "expected"), HISTORY, ids=[text for text, _ in HISTORY])
def test_prev_and_changed_look_one_iteration_back(text: str, expected: Any) -> None:
    assert same(value(text, EARLIER), expected)


def test_a_text_that_was_a_number_has_changed() -> None:
    assert value("changed(phase)", {"phase": 1.0}) is True
    assert value("changed(E)", {"E": "0.25"}) is True


@pytest.mark.parametrize("text", ["prev(E)", "changed(E)", "1 + prev(E)"])
def test_before_the_first_iteration_there_is_no_earlier_value(text: str) -> None:
    found = error(text)
    assert isinstance(found, MissingValueError)
    assert "there is no earlier iteration" in found.reason


# ── names and values the caller supplies ───────────────────────────────────────────────────────────────────


def test_names_are_those_outside_function_position() -> None:
    assert names(parse("max(W1[0,1], w5) + prev(z1) < 'E' and not max or true")) == {"W1", "w5", "z1", "max"}
    assert names(parse("1 + nan")) == frozenset()


def test_only_the_names_of_an_expression_are_looked_up() -> None:
    asked: list[str] = []

    def lookup(name: str) -> float:
        asked.append(name)
        return 1.0

    tree = parse("a + b*a - sum(c)")
    evaluate(tree, lookup)
    assert set(asked) == names(tree) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("raised", "shown"),
    [
        (KeyError("not computed yet"), '"1 + dW1", column 5: "dW1" has no value (not computed yet)'),
        (KeyError("dW1"), '"1 + dW1", column 5: "dW1" has no value'),
        (KeyError(), '"1 + dW1", column 5: "dW1" has no value'),
    ],
)
def test_a_lookups_key_error_names_the_name_and_its_column(raised: KeyError, shown: str) -> None:
    def lookup(_: str) -> float:
        raise raised

    with pytest.raises(MissingValueError) as caught:
        evaluate(parse("1 + dW1"), lookup)
    assert str(caught.value) == shown
    assert caught.value.__cause__ is raised


def test_a_lookups_other_errors_are_its_own() -> None:
    def lookup(_: str) -> float:
        raise OSError("the file is gone")

    with pytest.raises(OSError, match="the file is gone"):
        evaluate(parse("x"), lookup)


@pytest.mark.parametrize("strange", [1j, np.array([1j]), np.array(["a"]), None, object(), 10**400])
def test_a_name_holds_real_numbers_or_a_text(strange: Any) -> None:
    with pytest.raises(ExpressionError, match='column 2: "x" holds neither real numbers nor a text'):
        evaluate(parse("-x"), lambda _: strange)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (True, True),
        (False, False),
        (0.0, False),
        (-0.0, False),
        (2.0, True),
        (math.nan, True),
        (np.array(0.0), False),
        (np.array(3.0), True),
    ],
)
def test_a_number_but_0_is_true(condition: Any, holds: bool) -> None:
    assert is_true(condition) is holds


@pytest.mark.parametrize("text", ["W1 > 0", "W1[0:1,0:1] > 0", "none"])
def test_an_array_is_no_condition(text: str) -> None:
    tree = parse(text)
    array = evaluate(tree, NOW.__getitem__)
    with pytest.raises(ExpressionError) as caught:
        is_true(array)
    shape = "×".join(map(str, np.shape(array)))
    advice = "is neither true nor false: use any(...) or all(...)"
    assert str(caught.value) == f"an array of shape {shape} {advice}"
    with pytest.raises(ExpressionError) as placed:
        is_true(array, tree)
    assert str(placed.value) == f'"{text}", column 1: {caught.value.reason}'


def test_a_text_is_no_condition() -> None:
    with pytest.raises(ExpressionError) as caught:
        is_true("forward")
    assert str(caught.value) == 'the text "forward" is neither true nor false: compare it with "==" or "!="'
