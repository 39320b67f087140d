"""Claims about conditions that cannot be used: errors point at the place, and no text takes long or breaks out."""

from __future__ import annotations

import ast
import builtins
import copy
import math
import pickle
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
    parse,
)
from tests.engine.language.test_conditions import ARRAYS, EARLIER, NOW, VALID, error, value

pytestmark = pytest.mark.filterwarnings("error")


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
    ("images[0,0,0,0,0]", 7, "found 5 indices, expected at most 4"),
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
