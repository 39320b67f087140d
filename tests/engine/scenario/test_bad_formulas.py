"""Claims about nets of formulas that cannot be used: one line that says where, what was found, what is expected."""

from __future__ import annotations

import pytest

from gradstep.engine.errors import ScenarioError
from tests.strategies import scenario_of

PARAMETERS = "W = [[0.1, 0.2, 0.3], [0.3, 0.4, -0.2]]\nb = [0.0, 0.1, 0.2]\n"
FITS = "h = x @ W + b"


def text(forward: str, loss: str = "E = sum(h)", more: str = "") -> str:
    """A scenario with these lines; W is 2 × 3, b is 3, x is 2 × 2, t is 2 × 3."""
    return (
        'format = 1\ntitle = "formulas"\n[data]\nx = [[0.1, 0.2], [0.4, -0.3]]\nt = [[1, 0, 0], [0, 1, 0]]\n'
        f"[model]\nforward = '''\n{forward}\n'''\nloss = '''{loss}'''\n[parameters]\n{PARAMETERS}{more}"
    )


def refusal(given: str) -> str:
    with pytest.raises(ScenarioError) as error:
        scenario_of(given)
    line = str(error.value)
    assert "\n" not in line
    assert len(line) < 300
    return line


def test_what_the_others_are_a_change_of_can_be_used() -> None:
    assert scenario_of(text(FITS)).program.loss == "E"


@pytest.mark.parametrize(
    ("forward", "column", "reason"),
    [
        ("h = tahn(x @ W + b)", 5, '"tahn" is no function that formulas have (did you mean "tanh"?)'),
        ("h = np.outer(x, W) + b", 8, '"outer" is a function of NumPy that formulas do not have'),
        ("h = (x @ W + b).cumsum(axis=0)", 17, '"cumsum" is a function of NumPy that formulas do not have'),
        ("h = np.tanhh(x @ W) + b", 8, '(did you mean "tanh"?)'),
        ("h = np.exp + x @ W + b", 12, 'found "+", expected "("'),
        ("h = tanh(x @ w + b)", 14, '"w" is no name of this scenario (did you mean "W"?)'),
        ("h = tanh(x + W * t) + b", 10, "shapes 2×2 and 2×3 do not fit together"),
        ("h = x / W + b", 5, "shapes 2×2 and 2×3 do not fit together"),
        ("h = tanh(x @ W.T + b)", 10, "2×2 @ 3×2 does not go: the inner sizes differ"),
        ("h = x @ W + b @ 2", 13, "@ needs arrays on both sides"),
        ("h = reshape(x @ W + b, (1, 1, 1, 2, 3))", 5, "found 5 dimensions, expected at most 4"),
        ("h = stack([stack([stack([x @ W + b])])])", 5, "found 5 dimensions, expected at most 4"),
        ("h = h + x @ W + b", 5, '"h" is what this line writes, expected a name that is written before'),
        ("h = tanh(x @ W + b", 19, 'found the end, expected "," or ")"'),
        ("h = concatenate([x, x", 22, 'found the end, expected "," or "]"'),
        ("h = sum(x @ W + b, keepdim=True)", 20, 'sum has no setting "keepdim", expected axis or keepdims'),
        ("h = sum(x @ W + b, axis=0, axis=1)", 28, '"axis" is given twice'),
        ("h = tanh(x @ W, b)", 17, "tanh takes 1 argument"),
        ("h = sum(x @ W + b, 0, True, 1)", 29, "sum takes 3 arguments"),
        ("h = concatenate(x, x @ W + b)", 5, "expected a list of them, [a, b]"),
        ("h = transpose(x @ W + b, (0, 2))", 5, "expected each axis of 2×3 once, counted from 0"),
        ('h = sum(x @ W + b, axis="a")', 25, "formulas have no texts"),
        ("h = 2 * 3", 5, '"h" is a number alone'),
        ("h = tanh(0.5)", 5, '"h" is a number alone'),
        ("h = 1 / N", 5, '"h" is a number alone, expected it in the formulas that use it, or in [inputs]'),
        ("h = " + "(" * 200 + "x @ W + b" + ")" * 200, 56, "nested more than 50 deep"),
        ("h = " + "tanh(" * 80 + "x @ W + b" + ")" * 80, 260, "nested more than 50 deep"),
        ("h = " + "-" * 200 + "x @ W + b", 56, "nested more than 50 deep"),
        ("h = " + "x @ W + " * 1250 + "b", 1001, "found 10,005 characters, expected at most 1,000"),
        ("tanh(x @ W + b)", 1, "expected NAME = FORMULA"),
        ("h, k = x, W", 1, "expected NAME = FORMULA"),
    ],
)
def test_a_line_says_its_column_and_what_is_wrong(forward: str, column: int, reason: str) -> None:
    line = refusal(text(forward))
    assert "model.forward (line 8): " in line
    assert f"column {column}: " in line, line
    assert reason in line, line


@pytest.mark.parametrize(
    ("forward", "number", "reason"),
    [
        ("z = x @ W + b\nh = tanh(z) * x", 2, '"h = tanh(z) * x", column 5: shapes 2×3 and 2×2'),
        ("z = x @ W + b\n\n# a comment\nh = tahn(z)", 4, '"h = tahn(z)", column 5: "tahn"'),
        ("h = x @ W + b\nh = 2 * h", 2, '"h" is the name of two values'),
        ("W = x @ W\nh = W + b", 1, '"W" is the name of two values'),
        ("N = 2 * x\nh = N @ W + b", 1, '"N" is the number of rows, expected another name'),
        ("h = tanh(z)\nz = x @ W + b", 1, '"h = tanh(z)", column 10: "z" is written further below, expected'),
        ("h = k + b\nk = h @ W.T", 1, '"h = k + b", column 5: "k" is written further below, expected'),
        ("h = x @ W\nh += b", 2, '"h += b", column 1: expected NAME = FORMULA'),
        ("# nothing\n\n", 0, "found no line, expected NAME = FORMULA"),
    ],
)
def test_of_several_lines_the_one_is_named_with_its_place_in_the_file(forward: str, number: int, reason: str) -> None:
    assert f"model.forward (line {7 + number}): {reason}" in refusal(text(forward))


@pytest.mark.parametrize("quotes", ["'''", '"""'])
@pytest.mark.parametrize("begins", ["", "\n"])
def test_a_line_of_an_own_backward_pass_is_named_by_its_place_in_the_file(quotes: str, begins: str) -> None:
    backward = f"backward = {quotes}{begins}dh = 1.0 + 0 * h\ndW = k @ dh\n{quotes}\n"
    given = text(FITS).replace("[parameters]", f"{backward}[parameters]")
    line = given[: given.index("dW = k @ dh")].count("\n") + 1
    assert f'model.backward (line {line}): "dW = k @ dh", column 6: "k" is no name' in refusal(given)


@pytest.mark.parametrize(
    ("loss", "reason"),
    [
        ("E = sum(h, axis=1)", "model.loss (line 10): E has the shape 2, expected one number: sum or mean makes one"),
        ("E = sum(k)", 'model.loss (line 10): "E = sum(k)", column 9: "k" is no name of this scenario'),
        ("sum(h)", 'model.loss (line 10): "sum(h)", column 1: expected NAME = FORMULA'),
        ("h = sum(h)", 'model.loss (line 10): "h" is the name of two values'),
    ],
)
def test_a_loss_that_is_none_is_refused(loss: str, reason: str) -> None:
    assert reason in refusal(text(FITS, loss))


def test_what_nothing_uses_is_named() -> None:
    line = refusal(text(FITS, more="c = 2.0\n"))
    assert "parameters.c (line 14): E does not depend on it" in line
