"""The language of conditions: what an expression means, where an error points, and what no text can do."""

from __future__ import annotations

import ast
import builtins
import copy
import math
import pickle
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.engine.language import conditions
from gradstep.engine.language.conditions import (
    FUNCTIONS,
    ExpressionError,
    MissingValueError,
    evaluate,
    is_true,
    names,
    parse,
)

pytestmark = pytest.mark.filterwarnings("error")

W1 = np.array([[0.15, -0.25, 0.35], [0.20, 0.30, -4.0]])
Z1 = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])
NOW: dict[str, Any] = {
    "W1": W1,
    "b1": np.array([0.5, 1.0, 2.0]),
    "z1": Z1,
    "E": 0.25,
    "w5": 0.4,
    "net_h": np.array([[3.0, -0.0]]),
    "broken": np.array([1.0, math.nan, math.inf]),
    "mask": np.array([True, False, True]),
    "labels": np.array([3, 1, 4]),
    "single": np.array([0.1, 0.2], dtype=np.float32),
    "none": np.zeros((0, 3)),
    "u": np.array(2.5),
    "images": np.arange(24.0).reshape(2, 3, 4),
    "iteration": 7,
    "phase": "forward",
    "δ2": -0.5,
    "重み": 3.0,
    "max": 12.0,
}


def value(text: str, previous: dict[str, Any] | None = None) -> Any:
    return evaluate(parse(text), NOW.__getitem__, previous.__getitem__ if previous is not None else None)


def error(text: str, previous: dict[str, Any] | None = None) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        value(text, previous)
    return caught.value


def same(found: Any, expected: Any) -> bool:
    """The same kind of value with the same bits (any NaN for a NaN)."""
    if type(found) is not type(expected) or np.shape(found) != np.shape(expected):
        return False
    if isinstance(expected, str):
        return bool(found == expected)
    if np.asarray(found).dtype != np.asarray(expected).dtype:
        return False
    a, b = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    alike = (a == b) & (np.signbit(a) == np.signbit(b)) | np.isnan(a) & np.isnan(b)
    return bool(alike.all())


# ── what an expression means ───────────────────────────────────────────────────────────────────────────────


MEANINGS: list[tuple[str, Any]] = [
    # numbers and constants
    ("2", 2.0),
    ("2.", 2.0),
    (".5", 0.5),
    ("1.25e-3", 0.00125),
    ("3E2", 300.0),
    ("007", 7.0),
    ("true", True),
    ("false", False),
    ("nan", math.nan),
    ("-inf", -math.inf),
    # names: symbols, labels, a source's own, in any script
    ("W1", W1),
    ("w5", 0.4),
    ("net_h", np.array([[3.0, -0.0]])),
    ("δ2 * 重み", -1.5),
    ("iteration", 7.0),
    ("phase", "forward"),
    ("u", 2.5),
    ("labels", np.array([3.0, 1.0, 4.0])),
    ("single", np.array([float(np.float32(0.1)), float(np.float32(0.2))])),
    ("max + max(1, 2)", 14.0),
    # elements
    ("W1[0,1]", -0.25),
    ("W1[-1, 0]", 0.2),
    ("W1[-1,-1]", -4.0),
    ("W1[+1,+0]", 0.2),
    ("W1[-2,-3]", 0.15),
    ("W1[1]", np.array([0.20, 0.30, -4.0])),
    ("z1[:,1:3]", np.array([[2.0, 3.0], [5.0, 6.0], [8.0, 9.0]])),
    ("z1[::-1,0]", np.array([7.0, 4.0, 1.0])),
    ("z1[-2:,:1]", np.array([[4.0], [7.0]])),
    ("z1[1:99,0]", np.array([4.0, 7.0])),
    ("z1[0][2]", 3.0),
    ("(W1 * 2)[0,0]", 0.3),
    ("-z1[0,1]**2", -4.0),
    ("images[1,2]", np.array([20.0, 21.0, 22.0, 23.0])),
    ("mask[0]", True),
    # arithmetic
    ("1 + 2*3 - 4/8", 6.5),
    ("10 - 4 - 3", 3.0),
    ("16 / 4 / 2", 2.0),
    ("-2**2", -4.0),
    ("2**-1", 0.5),
    ("2**3**2", 512.0),
    ("(2**3)**2", 64.0),
    ("2 - -3", 5.0),
    ("+-+2", -2.0),
    ("-0", -0.0),
    ("true + true", 2.0),
    ("-true", -1.0),
    ("mask - 1", np.array([0.0, -1.0, 0.0])),
    ("0.5*(w5 - E)**2", 0.5 * (0.4 - 0.25) ** 2),
    ("W1 - b1", np.array([[0.15 - 0.5, -0.25 - 1.0, 0.35 - 2.0], [0.2 - 0.5, 0.3 - 1.0, -4.0 - 2.0]])),
    ("b1 * W1", np.array([[0.075, -0.25, 0.7], [0.1, 0.3, -8.0]])),
    ("images + images[0,0]", np.arange(24.0).reshape(2, 3, 4) + np.array([0.0, 1.0, 2.0, 3.0])),
    # what has no finite value
    ("1/0", math.inf),
    ("-1/0", -math.inf),
    ("0/0", math.nan),
    ("0**-1", math.inf),
    ("(-8)**(1/3)", math.nan),
    ("10**400", math.inf),
    ("log(0)", -math.inf),
    ("sqrt(-1)", math.nan),
    ("inf - inf", math.nan),
    # comparisons
    ("E < 0.01", False),
    ("0 < E < 1", True),
    ("1 > E >= 0.25 == E", True),
    ("1 < E < 2", False),
    ("0 < E < 0.1", False),
    ("1 == true", True),
    ("nan == nan", False),
    ("nan != nan", True),
    ("b1 <= 1", np.array([True, True, False])),
    ("0.5 < b1 < 2", np.array([False, True, False])),
    ("2 < E < b1", np.array([False, False, False])),
    ("phase == 'forward'", True),
    ('phase == "loss"', False),
    ('"loss" != phase', True),
    ("'a' == 'a' == phase", False),
    # logic
    ("not E > 1 and iteration == 7", True),
    ("true or false and false", True),
    ("not true == false", True),
    ("not not 2", True),
    ("2 and 3", True),
    ("0 or 0.0", False),
    ("nan and true", True),
    # functions
    ("abs(W1[1])", np.array([0.2, 0.3, 4.0])),
    ("exp(1)", math.e),
    ("log(exp(2))", 2.0),
    ("sqrt(9)", 3.0),
    ("sin(0) + cos(0)", 1.0),
    ("tanh(inf)", 1.0),
    ("isnan(broken)", np.array([False, True, False])),
    ("isinf(broken)", np.array([False, False, True])),
    ("min(W1)", -4.0),
    ("max(W1)", 0.35),
    ("min(b1, 1)", np.array([0.5, 1.0, 1.0])),
    ("max(W1, b1)", np.array([[0.5, 1.0, 2.0], [0.5, 1.0, 2.0]])),
    ("max(broken)", math.nan),
    ("max(true, 0)", 1.0),
    ("mean(z1)", 5.0),
    ("mean(E)", 0.25),
    ("sum(z1)", 45.0),
    ("sum(z1 > 4)", 5.0),
    ("sum(none)", 0.0),
    ("norm(z1[0:1,0:2] * 0 + 3)", math.sqrt(18.0)),
    ("norm(-2)", 2.0),
    ("any(b1 > 1.5)", True),
    ("all(b1 > 1.5)", False),
    ("any(none)", False),
    ("all(none)", True),
    ("any(isnan(broken)) and not any(isnan(W1))", True),
]


@pytest.mark.parametrize(("text", "expected"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_an_expression_means_what_numpy_would_compute(text: str, expected: Any) -> None:
    assert same(value(text), expected)


def test_every_function_is_among_the_examples() -> None:
    used = {word for text, _ in MEANINGS + HISTORY for word in re.findall(r"(\w+)\(", text)}
    assert used >= FUNCTIONS.keys()


def test_space_means_nothing_full_width_and_line_ends_included() -> None:
    assert value(" 1\t+\n2 *\u3000W1 [ 0 ,\u00a01 ] ") == value("1+2*W1[0,1]") == 0.5


def test_looked_up_arrays_are_not_written_to() -> None:
    before = copy.deepcopy(NOW)
    for text, _ in MEANINGS:
        value(text)
    assert all(same(np.asarray(NOW[name]), np.asarray(before[name])) for name in NOW if name != "phase")


PYTHON_NUMBER = re.compile(r"[0-9.]+")


class PythonNumber:
    """A number that lets Python's own parser decide what is applied to what, and NumPy compute it."""

    def __init__(self, number: Any) -> None:
        self.number = np.float64(number)


def _delegated(ufunc: np.ufunc, wrap: Callable[[Any], Any]) -> Callable[..., Any]:
    return lambda *operands: wrap(ufunc(*(operand.number for operand in operands)))


PYTHON_ARITHMETIC: dict[str, np.ufunc] = {
    **{"add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.true_divide, "pow": np.power},
    **{"neg": np.negative, "pos": np.positive},
}
PYTHON_COMPARISONS: dict[str, np.ufunc] = {
    **{"lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal},
    **{"eq": np.equal, "ne": np.not_equal},
}
for special, ufunc in PYTHON_ARITHMETIC.items():
    setattr(PythonNumber, f"__{special}__", _delegated(ufunc, PythonNumber))
for special, ufunc in PYTHON_COMPARISONS.items():
    setattr(PythonNumber, f"__{special}__", _delegated(ufunc, bool))


def pythons(text: str) -> Any:
    with np.errstate(all="ignore"):
        return eval(PYTHON_NUMBER.sub(r"N(\g<0>)", text), {"N": PythonNumber})


Texts = st.SearchStrategy[str]


def _joined(operators: list[str]) -> Callable[[Texts], Texts]:
    """a ∘ b without brackets, so that precedence decides."""
    return lambda part: st.tuples(part, st.sampled_from(operators), part).map("".join)


def _around(*forms: str) -> Callable[[Texts], Texts]:
    return lambda part: st.tuples(st.sampled_from(forms), part).map(lambda pair: pair[0].format(pair[1]))


def _grown(base: Texts, *ways: Callable[[Texts], Texts]) -> Texts:
    return st.recursive(base, lambda part: st.one_of([way(part) for way in ways]), max_leaves=12)


NUMBERS = st.sampled_from(["0", "1", "2", "3", "0.5", "1.5", "10"])
ARITHMETIC = _grown(NUMBERS, _joined(["+", " - ", "*", "/", " **"]), _around("-{}", "+ {}", "({})"))
COMPARISONS = _joined(["<", "<=", " > ", ">=", "==", " != "])
CHAINS = st.tuples(COMPARISONS(ARITHMETIC), st.sampled_from(["", "<1", "!=2", ">=0 < 3"])).map("".join)
LOGIC = _grown(CHAINS, _joined([" and ", " or "]), _around("not {}", "({})", "not({})"))


@given(ARITHMETIC)
def test_arithmetic_binds_as_in_python(text: str) -> None:
    assert same(value(text), float(pythons(text).number))


@given(LOGIC)
def test_comparisons_and_logic_bind_as_in_python(text: str) -> None:
    assert value(text) is pythons(text)


def test_and_or_evaluate_no_further_than_the_answer_needs() -> None:
    assert value("iteration > 100 and W9 > 1") is False
    assert value("iteration < 100 or W9 > 1") is True
    assert value("0 or 1 or W9") is True


def test_a_comparison_has_the_same_shape_whatever_the_values() -> None:
    assert value("1 < E < b1").shape == value("0 < E < b1").shape == (3,)


# ── one iteration earlier ──────────────────────────────────────────────────────────────────────────────────


EARLIER: dict[str, Any] = {
    **NOW,
    "E": 0.5,
    "b1": np.array([0.5, 1.0, 1.75]),
    "net_h": np.array([[3.0, 0.0]]),
    "broken": np.array([1.0, -math.nan, math.inf]),
    "z1": Z1[:2],
    "phase": "loss",
    "u": np.array([2.5]),
}
HISTORY: list[tuple[str, Any]] = [
    ("prev(E)", 0.5),
    ("E < prev(E)", True),
    ("(prev(E) - E) / prev(E)", 0.5),
    ("prev(E + w5)", 0.9),
    ("prev(b1)[2]", 1.75),
    ("prev(phase) == 'loss'", True),
    ("changed(E)", True),
    ("changed(w5)", False),
    ("changed(W1)", False),
    ("changed(b1)", True),
    ("changed(b1[0:2])", False),
    ("changed(E > 1)", False),
    ("changed(net_h)", True),  # -0.0 and 0.0 are different bits
    ("changed(broken)", False),  # NaN is as it was
    ("changed(z1)", True),  # a batch of another size
    ("changed(u)", True),
    ("changed(phase)", True),
    ("changed('a')", False),
    ("prev(max(b1, 1))", np.array([1.0, 1.0, 1.75])),
]


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


# ── errors, and where they point ───────────────────────────────────────────────────────────────────────────


NESTED_HISTORY = "prev and changed cannot be nested: they look back one iteration and no further"
ERRORS: list[tuple[str, int, str]] = [
    # what is not an expression
    ("", 1, "found the end, expected a value"),
    ("   ", 4, "found the end, expected a value"),
    ("W1 +* 2", 5, 'found "*", expected a value'),
    ("1 +", 4, "found the end, expected a value"),
    ("1 2", 3, 'found "2", expected an operator'),
    ("2W1", 2, 'found "W1", expected an operator'),
    ("1_000", 2, 'found "_000", expected an operator'),
    ("1.2.3", 4, 'found ".3", expected an operator'),
    ("1e", 2, 'found "e", expected an operator'),
    ("(1 + 2", 7, 'found the end, expected ")"'),
    ("1)", 2, 'found ")", expected an operator'),
    ("()", 2, 'found ")", expected a value'),
    ("(E)(1)", 4, 'found "(", expected an operator'),
    ("true(1)", 5, 'found "(", expected an operator'),
    ("E and", 6, "found the end, expected a value"),
    ("and E", 1, 'found "and", expected a value'),
    ("1 + not E", 5, 'found "not", expected a value'),
    ("1 == not E", 6, 'found "not", expected a value'),
    ("2 ** not E", 6, 'found "not", expected a value'),
    ("E < 1 'a'", 7, """found "'a'\", expected an operator"""),
    ("phase == 'forward", 10, "the text opened by ' is not closed"),
    ('phase == "', 10, 'the text opened by " is not closed'),
    ("E @ 2", 3, 'cannot read "@"'),
    ("W1.T", 3, 'cannot read "."'),
    ("E = 1", 3, 'cannot read "=" (did you mean "=="?)'),
    ("E ^ 2", 3, 'cannot read "^" (did you mean "**"?)'),
    ("y − t", 3, 'cannot read "−" (did you mean "-"?)'),
    ("E ÷ 2", 3, 'cannot read "÷" (did you mean "/"?)'),
    ("E & 1", 3, 'cannot read "&" (did you mean "and"?)'),
    ("E | 1", 3, 'cannot read "|" (did you mean "or"?)'),
    ("!E", 1, 'cannot read "!" (did you mean "not"?)'),
    ("W1×2", 3, 'cannot read "×" (did you mean "*"?)'),
    ("W1 +* 2 @", 5, 'found "*", expected a value'),  # the first of two
    # indices
    ("W1[", 4, "found the end, expected an integer or a slice"),
    ("W1[]", 4, 'found "]", expected an integer or a slice'),
    ("W1[0", 5, 'found the end, expected "]"'),
    ("W1[0,]", 6, 'found "]", expected an integer or a slice'),
    ("W1[i]", 4, 'found "i", expected an integer or a slice'),
    ("W1[1.5]", 4, 'found "1.5", expected an integer of at most 9 digits'),
    ("W1[1e1]", 4, 'found "1e1", expected an integer of at most 9 digits'),
    ("W1[-]", 5, 'found "]", expected an integer of at most 9 digits'),
    ("W1[0:1234567890]", 6, 'found "1234567890", expected an integer of at most 9 digits'),
    ("W1[0, ::0]", 7, "the step of a slice cannot be 0"),
    ("images[0,0,0]", 7, "found 3 indices, expected at most 2"),
    ("1 + W1[2,0]", 5, "index 2 is out of range for an array of shape 2×3"),
    ("W1[0,-4]", 1, "index -4 is out of range for an array of shape 2×3"),
    ("none[0]", 1, "index 0 is out of range for an array of shape 0×3"),
    ("b1[0,0]", 1, "too many indices for an array of shape 3"),
    ("E[0]", 1, "too many indices for a scalar"),
    ("phase[0]", 1, 'too many indices for the text "forward"'),
    # functions
    ("2 * maxx(E)", 5, '"maxx" is not a function (did you mean "max"?)'),
    ("zzz(1)", 1, '"zzz" is not a function'),
    ("1 + norm(W1, 2)", 5, "found 2 arguments of norm, expected 1"),
    ("min()", 1, "found 0 arguments of min, expected 1 or 2"),
    ("min(1, 2, 3)", 1, "found 3 arguments of min, expected 1 or 2"),
    ("min(1,)", 7, 'found ")", expected a value'),
    ("min(1 2)", 7, 'found "2", expected ")"'),
    ("1 + min(none)", 5, "min of an array of shape 0×3, which has no elements"),
    ("max(W1[2:])", 1, "max of an array of shape 0×3, which has no elements"),
    ("mean(none)", 1, "mean of an array of shape 0×3, which has no elements"),
    ("abs(phase)", 5, 'found the text "forward", expected numbers'),
    ("max(1, 'a')", 8, 'found the text "a", expected numbers'),
    ("prev(1 + changed(E))", 1, NESTED_HISTORY),
    ("1 + changed(prev(E))", 5, NESTED_HISTORY),
    # values that do not fit
    ("W1 + z1", 6, "shapes 2×3 and 3×3 do not combine"),
    ("W1 + 1 + z1", 10, "shapes 2×3 and 3×3 do not combine"),
    ("W1 * b1[0:2]", 6, "shapes 2×3 and 2 do not combine"),
    ("z1[:,0:1] * z1", 13, "shapes 3×1 and 3×3 do not combine"),
    ("images * W1", 10, "shapes 2×3×4 and 2×3 do not combine"),
    ("b1[0:1] - b1", 11, "shapes 1 and 3 do not combine"),
    ("max(W1, z1)", 1, "shapes 2×3 and 3×3 do not combine"),
    ("W1 < z1", 6, "shapes 2×3 and 3×3 do not combine"),
    ("W1 < 1 < z1", 10, "shapes 2×3 and 3×3 do not combine"),
    ("phase + 1", 1, 'found the text "forward", expected numbers'),
    ("1 + 'a'", 5, 'found the text "a", expected numbers'),
    ("-phase", 2, 'found the text "forward", expected numbers'),
    ("phase == 1", 10, '"==" does not compare the text "forward" with a scalar'),
    ("b1 != 'a'", 7, '"!=" does not compare an array of shape 3 with the text "a"'),
    ("phase < 'g'", 9, '"<" does not compare the text "forward" with the text "g"'),
    ("E and W1", 7, "an array of shape 2×3 is neither true nor false: use any(...) or all(...)"),
    ("W1 or E", 1, "an array of shape 2×3 is neither true nor false: use any(...) or all(...)"),
    ("not b1", 5, "an array of shape 3 is neither true nor false: use any(...) or all(...)"),
    ("phase or E", 1, 'the text "forward" is neither true nor false: compare it with "==" or "!="'),
    ("1 + W3", 5, '"W3" has no value'),
    ("δ2 + δ3", 6, '"δ3" has no value'),
]


@pytest.mark.parametrize(("text", "column", "reason"), ERRORS, ids=[text for text, _, _ in ERRORS])
def test_an_error_says_what_was_found_and_where(text: str, column: int, reason: str) -> None:
    found = error(text, EARLIER)
    assert (found.text, found.offset + 1, found.reason) == (text, column, reason)


@pytest.mark.parametrize("text", [text for text, _, _ in ERRORS[1:]])
def test_an_error_is_one_line_with_its_text_and_column(text: str) -> None:
    found = error(text, EARLIER)
    assert str(found) == f'"{text}", column {found.offset + 1}: {found.reason}'


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert str(error("1 +\n\x1b[31m")) == r'"1 +\n\x1b[31m", column 5: cannot read "\x1b"'


def test_an_error_can_be_pickled_and_copied() -> None:
    found = error("1 + W3")
    for twin in (pickle.loads(pickle.dumps(found)), copy.copy(found)):
        assert type(twin) is MissingValueError
        assert str(twin) == str(found)


def test_a_long_name_is_cut_in_the_reason() -> None:
    assert error("x" * 500 + "(1)").reason == f'"{"x" * 30}…" is not a function'


# ── bounds ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_expression_has_at_most_a_thousand_characters() -> None:
    assert value("1" + " " * 998 + "\n") == 1.0
    found = error("1" + " " * 1000)
    assert (found.offset, found.reason) == (1000, "found 1,001 characters, expected at most 1,000")


NESTED: list[tuple[str, Callable[[int], str], Any]] = [
    ("brackets", lambda depth: "(" * depth + "1" + ")" * depth, 1.0),
    ("signs", lambda depth: "-" * depth + "1", 1.0),
    ("not", lambda depth: "not " * depth + "true", True),
    ("powers", lambda depth: "1**" * depth + "1", 1.0),
    ("calls", lambda depth: "abs(" * depth + "1" + ")" * depth, 1.0),
]


@pytest.mark.parametrize(("nested", "expected"), [row[1:] for row in NESTED], ids=[row[0] for row in NESTED])
def test_fifty_operations_can_be_nested_and_no_more(nested: Callable[[int], str], expected: Any) -> None:
    assert value(nested(50)) == expected
    assert error(nested(51)).reason == "nested more than 50 deep"
    assert error(nested(180)).reason == "nested more than 50 deep"


def test_indices_of_indices_are_nested() -> None:
    assert error("z1" + "[:]" * 51 + "[0,0]").reason == "nested more than 50 deep"
    assert value("z1" + "[:]" * 49 + "[0,0]") == 1.0


def test_brackets_left_open_by_the_hundred_are_an_error_like_any_other() -> None:
    for opened in ("(", "-", "not ", "abs(", "W1[", "2**", "(1+", "(1*1+1<1 and 1 or "):
        assert error((opened * 1000)[:1000]).reason


def test_a_long_chain_is_not_nested() -> None:
    assert value("+".join(["1"] * 500)) == 500.0
    assert value("1" + "*1" * 499) == 1.0
    assert value("0" + "<1" + "==1" * 300) is True
    assert value("0" + " or 0" * 199) is False


DEEPEST = [
    "((" * 25 + "1" + "))" * 25,
    "abs(-" * 20 + "1" + ")" * 20,
    "(" * 10 + "1" + "*1+1<1 and 1 or 0)" * 10,
    "-" * 48 + "W1[0][0]",
]


@pytest.mark.parametrize("text", DEEPEST)
def test_what_can_be_parsed_needs_little_of_pythons_stack(text: str) -> None:
    """A tree is parsed, evaluated, compared, hashed and printed far within the recursion limit."""
    limit = sys.getrecursionlimit()
    frame, depth = sys._getframe(), 0
    while frame.f_back:
        frame, depth = frame.f_back, depth + 1
    sys.setrecursionlimit(depth + 450)
    try:
        tree = parse(text)
        assert isinstance(evaluate(tree, NOW.__getitem__), float | bool)
        assert tree == parse(text)
        assert hash(tree) == hash(parse(text))
        assert repr(tree)
    finally:
        sys.setrecursionlimit(limit)


HOSTILE: list[tuple[str, str]] = [
    ("__import__('os')", '"__import__" is not a function'),
    ("__import__", '"__import__" has no value'),
    ("W1.__class__", 'cannot read "."'),
    ("W1.tofile('/tmp/x')", 'cannot read "."'),
    ("(lambda: 0)()", 'found ":", expected ")"'),
    ("lambda: 0", 'found ":", expected an operator'),
    ("[1]*10**9", 'found "[", expected a value'),
    ("'W1'*1000000000", 'found the text "W1", expected numbers'),
    ('"W1"*W1', 'found the text "W1", expected numbers'),
    ("(E := 1)", 'found ":", expected ")"'),
    ("f'{E}'", "found \"'{E}'\", expected an operator"),
    ("eval('1')", '"eval" is not a function'),
    ("open('/etc/passwd')", '"open" is not a function'),
    ("W1[__import__('os')]", 'found "__import__", expected an integer or a slice'),
    ("W1 if E else 0", 'found "if", expected an operator'),
    ("[x for x in W1]", 'found "[", expected a value'),
    ("{}", 'cannot read "{"'),
    ("E; E", 'cannot read ";"'),
    ("*W1", 'found "*", expected a value'),
    ("1j", 'found "j", expected an operator'),
    ("0x10", 'found "x10", expected an operator'),
    ("max(key=1)", 'cannot read "=" (did you mean "=="?)'),
    ("E # comment", 'cannot read "#"'),
    ("１ + 1", 'cannot read "１"'),
    ("E\x00", 'cannot read "\x00"'),
    ("\ud800", 'cannot read "\ud800"'),
]


@pytest.mark.parametrize(("text", "reason"), HOSTILE, ids=[ascii(text) for text, _ in HOSTILE])
def test_python_that_is_no_expression_is_an_error(text: str, reason: str) -> None:
    found = error(text)
    assert found.reason == reason
    assert str(found).isprintable()


@pytest.mark.parametrize("text", ["9**9**9**9", "1" * 900, "1e999999", "9" * 300 + "e" + "9" * 300])
def test_numbers_beyond_all_bounds_are_infinite(text: str) -> None:
    assert value(text) == math.inf


def test_a_number_is_never_an_integer() -> None:
    assert value("9007199254740993 - 9007199254740992") == 0.0  # 2⁵³ + 1 is no float64


# ── whatever the text ──────────────────────────────────────────────────────────────────────────────────────


def outcome(text: str) -> Any:
    """The value of any text; where it has none, all that is ever raised: a well-formed ExpressionError."""
    try:
        found = value(text, EARLIER)
    except ExpressionError as caught:
        found = caught
    if isinstance(found, ExpressionError):
        assert found.text == text
        assert 0 <= found.offset <= len(text)
        assert found.reason
        assert str(found).isprintable()
    elif isinstance(found, np.ndarray):
        assert found.dtype in (np.float64, np.bool_)
        assert found.ndim > 0
        assert found.size <= max(np.size(array) for array in NOW.values())
    else:
        assert type(found) in (float, bool, str)
    return found


PIECES = st.sampled_from(
    [
        *NOW,
        *FUNCTIONS,
        *("1", "2.5", "-1", "0", "1e300", "nan", "inf", "true", "'forward'", "[0]", "[:,1:3]", "[0,1]"),
        *("+", "-", "*", "/", "**", "==", "!=", "<", "<=", ">", ">=", " and ", " or ", " not "),
        *("(", "(", ")", ")", "[", "]", ",", ":", " ", "@", "."),
    ]
)
VALID = st.one_of(ARITHMETIC, LOGIC, st.sampled_from([text for text, _ in MEANINGS + HISTORY]))


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_an_expression_error(text: str) -> None:
    outcome(text)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_heap_of_tokens_is_an_expression_or_an_expression_error(text: str) -> None:
    outcome(text)


@given(VALID, st.integers(0, 10_000), st.integers(0, 3), st.one_of(PIECES, st.characters()))
def test_a_mistyped_expression_is_an_expression_or_an_expression_error(
    text: str, place: int, cut: int, typed: str
) -> None:
    place %= len(text) + 1
    outcome(text[:place] + typed + text[place + cut :])


ARRAYS = st.sampled_from([name for name in NOW if name != "phase"])


@given(ARRAYS, st.sampled_from(["+", "*", "<", "=="]), ARRAYS)
def test_arrays_combine_when_equal_in_shape_or_one_a_scalar_or_one_a_row_of_the_other(
    left: str, operator: str, right: str
) -> None:
    found = outcome(f"{left} {operator} {right}")
    a, b = np.shape(NOW[left]), np.shape(NOW[right])
    if a in ((), b, b[-1:]) or b in ((), a[-1:]):
        assert np.shape(found) == np.broadcast_shapes(a, b)
    else:
        assert "do not combine" in found.reason


def test_the_module_has_nothing_at_hand_that_runs_python() -> None:
    source = ast.parse(Path(conditions.__file__).read_text(encoding="utf-8"))
    called = {node.id for node in ast.walk(source) if isinstance(node, ast.Name)}
    assert called & vars(builtins).keys() >= {"str", "len"}  # the names were found
    assert not called & {"eval", "exec", "compile", "getattr", "globals", "vars", "__import__", "open"}
