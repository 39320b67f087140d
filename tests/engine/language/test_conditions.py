"""The language of conditions: what an expression means."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradstep.engine.language.conditions import (
    FUNCTIONS,
    ExpressionError,
    evaluate,
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
    ("0.5*(w5 - E)**2", float(0.5 * np.power(0.4 - 0.25, 2.0))),
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


VALID = st.one_of(ARITHMETIC, LOGIC, st.sampled_from([text for text, _ in MEANINGS + HISTORY]))


ARRAYS = st.sampled_from([name for name in NOW if name != "phase"])
