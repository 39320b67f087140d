"""Claims about formulas: what NumPy makes of the same text, down to the arithmetic of each element."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gradstep.engine import load_scenario
from gradstep.engine.language.formulas import parse_formula, parse_line
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.program.expression import Operand, evaluations
from gradstep.engine.program.formulas import Formula, Placed, formula_of, sharing_buffers
from gradstep.engine.program.functions import FUNCTIONS, KNOWN
from gradstep.engine.program.names import Names, Reference
from gradstep.engine.program.program import Program, Role, Symbol
from gradstep.engine.program.trees import Constant
from tests import images

SHAPES = {
    "s": (),
    "v": (3,),
    "w": (3,),
    "A": (2, 3),
    "B": (3, 4),
    "C": (2, 3),
    "P": (2, 1),
    "S": (2, 3, 4),
    "Q": (1, 2, 3, 2),
    "X": (2, 2, 4, 5),
    "K": (3, 2, 3, 2),
}


def names() -> Names:
    """A program of nothing but these symbols."""
    symbols = {name: Symbol(name, shape, Role.INPUT) for name, shape in SHAPES.items()}
    return Names(Program(symbols, (), {}, {}, "s"))


def shape_of(text: str) -> tuple[int, ...]:
    formula = formula_of(parse_formula(text, KNOWN), names().references)
    return formula.operation.shape(*(SHAPES[name] for name in formula.operands))


def values(seed: int = 1) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    return {name: draw.uniform(0.2, 2.0, shape) * draw.choice([-1.0, 1.0], shape) for name, shape in SHAPES.items()}


def softmax(u: np.ndarray, axis: int = -1) -> np.ndarray:
    powers = np.exp(u - u.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


erf = np.vectorize(math.erf, otypes=[float])


def again(formula: Formula, shape: tuple[int, ...], arrays: list[Any], other: dict[str, Any]) -> Any:
    """What the calls that were bound to arrays make when these have other numbers in them, as they do in a run."""
    held, out = [np.array(array) for array in arrays], np.full(shape, np.nan)
    calls = formula.operation.kernel(out, *held)
    for array, name in zip(held, formula.operands, strict=True):
        array[...] = other[name]
    with np.errstate(all="ignore"):
        for call in calls:
            call()
    return out


def again_by_itself(formula: Formula, shape: tuple[int, ...], other: dict[str, Any]) -> Any:
    out = np.full(shape, np.nan)
    with np.errstate(all="ignore"):
        formula.operation.fill(out, *(other[name] for name in formula.operands))
    return out


NUMPY = {
    "np": np,
    "softmax": softmax,
    "log_softmax": lambda u, axis=-1: np.log(softmax(u, axis)),
    "sigmoid": lambda u: 1 / (1 + np.exp(-u)),
    "relu": lambda u: np.maximum(u, 0),
    "softplus": lambda u: np.logaddexp(0, u),
    "silu": lambda u: u / (1 + np.exp(-u)),
    "softsign": lambda u: u / (1 + abs(u)),
    "erf": erf,
    "gelu": lambda u: u * (1 + erf(u / 2**0.5)) / 2,
    "gelu_tanh": lambda u: u * (1 + np.tanh((2 / np.pi) ** 0.5 * (u + 0.044715 * u**3))) / 2,
    "leaky_relu": lambda u, slope=0.01: np.where(u > 0, u, slope * u),
    "elu": lambda u, alpha=1: np.where(u > 0, u, alpha * np.expm1(u)),
    "flatten": lambda u: u.reshape(len(u), -1),
    "conv2d": images.conv2d,
    "max_pool": lambda x, size=2, stride=None: images.pool(x, size, stride, mean=False),
    "average_pool": lambda x, size=2, stride=None: images.pool(x, size, stride, mean=True),
    **{name: getattr(np, name) for name in ("exp", "log", "sqrt", "tanh", "sin", "cos", "maximum", "minimum", "where")},
    **{name: getattr(np, name) for name in ("dot", "square", "concatenate", "stack", "mean", "transpose", "reshape")},
}
FORMULAS = [
    "A + C", "A - C * s", "v - A", "A / P", "-A", "+A", "2 * A - 1", "A ** 2", "np.abs(A) ** 0.5", "np.abs(A) ** -1",
    "2 ** A", "np.abs(A) ** v", "A ** 2 ** 2", "-A ** 2", "(-A) ** 2", "A - (C - v)", "A / (C / v)", "A * (C + v)",
    "-(A + C)", "1 - (-s)", "A @ B", "v @ B", "A @ v", "v @ w", "A.T @ C", "A @ C.T", "(A * C) @ B", "S @ B.T",
    "Q @ A[0:2, 0:2]", "A < C", "A <= v", "A > 0", "A >= C", "A == A", "A != C", "(A > 0) * A", "where(A > 0, A, C)",
    "np.where(A, s, v)", "exp(A)", "log(np.abs(A))", "sqrt(square(A))", "np.sin(A) + np.cos(C)", "tanh(A)",
    "sigmoid(A)", "relu(A)", "np.fabs(A)", "np.sum(A)", "np.sum(A, axis=0)", "np.sum(A, 1)",
    "A.sum(axis=-1, keepdims=True)", "np.mean(S, axis=(0, 2))", "S.mean()", "np.max(S, axis=1)", "A.min()",
    "np.max(A, axis=1, keepdims=True)", "np.sum(np.sum(S, axis=0), axis=0)", "softmax(A)", "softmax(A, axis=0)",
    "softmax(S, axis=1)", "log_softmax(A)", "np.exp(A) / np.sum(np.exp(A), axis=1, keepdims=True)", "A.T",
    "np.transpose(S, (1, 0, 2))", "S.transpose(2, 0, 1)", "A.reshape(3, 2)", "np.reshape(S, (4, -1))",
    "S.reshape(-1)", "flatten(S)", "S.flatten()", "np.ravel(A.T)", "s.flatten()",
    "A[0]", "A[1, 2]", "A[:, 1]", "A[:, 0:2]", "A[-1, ::-1]", "S[0, 1:, ::2]",
    "S[1][2]", "A[0] @ B[:, 1]", "np.concatenate([A, C])", "np.concatenate((A, C, P), axis=1)", "np.stack([v, w])",
    "np.stack([A, C], axis=-1)", "np.maximum(0, A)", "minimum(A, v)", "np.dot(A, B)", "A.dot(B)",
    "np.multiply(A, np.add(C, v))", "np.power(np.abs(A), 1.5)", "1 / (1 + np.exp(-(A @ B)))",
    "-np.mean(np.sum(square(A) * np.log(softmax(C)), axis=1))", "0.5 * np.sum((A - C) ** 2)", "np.pi * A",
    "A * True", "S[:, :, 0:1] * A.reshape(2, 3, 1)", "s", "3.5", "s ** 2 + v @ w - A[0, 0]", "(A + 1)[0, 1] * v",
    "softplus(A)", "silu(A)", "softsign(A)", "erf(A)", "gelu(A)", "gelu_tanh(A)", "leaky_relu(A)",
    "leaky_relu(A, slope=0.25)", "elu(A)", "elu(A, alpha=2)", "leaky_relu(A @ B, slope=-0.5) + elu(s, 1.5)",
    "conv2d(X, K)", "conv2d(X, K, v)", "conv2d(X, K, stride=2, padding=1)", "conv2d(X, K, v, 3, 2)",
    "conv2d(X.transpose(1, 0, 3, 2), K * s)", "conv2d(X, K[:, :, ::-1, ::-1], w, padding=3)", "conv2d(X, X)",
    "max_pool(X)", "max_pool(X, 3)", "max_pool(X, size=2, stride=1)", "max_pool(X[:, :, ::-1], 1, 2)",
    "average_pool(X)", "average_pool(X, 3, 1)", "average_pool(relu(conv2d(X, K, v, padding=1)), 2)",
    "np.exp(v)[1] * A", "(A @ B)[0][1] + s", "s + (B - s).T.reshape(1, -1)", "np.exp(A).T.reshape(3, 2)[0]",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_what_numpy_makes_of_it(text: str) -> None:
    given = values()
    with np.errstate(all="ignore"):
        expected = np.asarray(eval(text, NUMPY, given), dtype=np.float64)
    formula = formula_of(parse_formula(text, KNOWN), names().references)
    arrays = [given[name] for name in formula.operands]
    shape = formula.operation.shape(*(array.shape for array in arrays))
    assert shape == expected.shape
    out = np.full(shape, np.nan)
    formula.operation.fill(out, *map(np.asarray, arrays))
    assert_allclose(out, expected, rtol=1e-13, atol=1e-13)
    assert_array_equal(
        again(formula, shape, arrays, values(2)), again_by_itself(formula, shape, values(2)), err_msg=text
    )
    operands = [Operand(name, SHAPES[name]) for name in formula.operands]
    computed = evaluations(given.__getitem__)
    for index in np.ndindex(*shape):
        element = formula.operation.element(index, *operands)
        assert_allclose(computed(element), expected[index], rtol=1e-12, atol=1e-12, err_msg=f"{text} at {index}")


def test_all_functions_are_among_them() -> None:
    same = {
        "np.abs": "absolute",
        "np.dot": "matmul",
        "np.max": "amax",
        "A.min": "amin",
        "/": "divide",
        "-A": "negative",
    }
    said = " ".join(FORMULAS)
    missing = [name for name in FUNCTIONS if f"{name}(" not in said and name not in same.values()]
    assert missing == ["subtract", "true_divide", "dropout"], "other names of - and /, and what draws"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("(delta2 @ W2.T) * z1 * (1 - z1)", "δ2·W2ᵀ ∘ z1 ∘ (1 − z1)"),
        ("x @ W1 + b1", "x·W1 + b1"),
        ("a - (b - c)", "a − (b − c)"),
        ("(a - b) - c", "a − b − c"),
        ("a / (b * c)", "a / (b ∘ c)"),
        ("(a + b) * c", "(a + b) ∘ c"),
        ("(a * b) ** 2", "(a ∘ b)²"),
        ("-(a + b)", "−(a + b)"),
        ("a * (-b)", "a ∘ (−b)"),
        ("(a + b).T", "(a + b)ᵀ"),
        ("a ** (b + 1)", "a^(b + 1)"),
        ("np.sum((a - b) ** 2, axis=1)", "sum((a − b)², axis=1)"),
        ("(a > 0) * b", "[a > 0] ∘ b"),
        ("1 / (1 + np.exp(-a))", "1 / (1 + exp(−a))"),
        ("a[0, 1:]", "a[0, 1:]"),
        ("np.divide(a, b) ** 2", "(a / b)²"),
        ("np.abs(a + b).T", "|a + b|ᵀ"),
        ("np.square(a + b)", "(a + b)²"),
    ],
)
def test_a_formula_is_written_as_people_write_it(text: str, written: str) -> None:
    symbols = {
        name: Symbol(name, (2, 2), Role.INPUT) for name in ("a", "b", "c", "x", "W1", "b1", "delta2", "W2", "z1")
    }
    formula = formula_of(parse_formula(text, KNOWN), {name: Reference(name) for name in symbols})
    shown = formula.operation.formula.format(*(name.replace("delta", "δ") for name in formula.operands))
    assert shown == written


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("A +", 4, "found the end"),
        ("A @ foo", 5, '"foo" is no name of this scenario'),
        ("sigmod(A)", 1, '"sigmod" is no function that formulas have (did you mean "sigmoid"?)'),
        ("np.linalg(A)", 4, '"linalg" is no function'),
        ("np.newaxis", 4, "np.newaxis"),
        ("A.shape", 3, '"shape" cannot follow a point'),
        ("A.__class__", 3, '"__class__" cannot follow a point'),
        ("A @ C", 1, "2×3 @ 2×3 does not go"),
        ("A + B", 1, "shapes 2×3 and 3×4 do not fit together"),
        ("s @ A", 1, "@ needs arrays on both sides"),
        ("np.sum(A, axis=2)", 4, "there is no axis 2 in 2×3"),
        ("np.sum(A, axis=(0, 0))", 4, "the axis 0 stands there twice"),
        ("np.sum(A, axis=0.5)", 16, "expected a whole number"),
        ("np.sum(A, axis=True)", 4, "the settings of sum do not fit"),
        ("softmax(A, axis=None)", 1, "the settings of softmax do not fit"),
        ("np.concatenate([A, C], axis=None)", 4, "the settings of concatenate do not fit"),
        ("np.dot(S, A.T)", 4, "np.dot of 2×3×4 and 3×2"),
        ("A" + ".T" * 60, 1, "nested more than 50 deep"),
        ("s" + " * s" * 60, 1, "found 61 operands in a row"),
        ("np.sum(A, which=1)", 11, 'sum has no setting "which", expected axis or keepdims'),
        ("np.sum(A, 0, axis=1)", 11, '"axis" is given twice'),
        ("np.sum()", 4, "found 0 arrays for sum, expected 1"),
        ("exp(A, C)", 8, "exp takes 1 argument"),
        ("A.reshape(4, 4)", 1, "2×3 cannot be reshaped to 4×4"),
        ("A.reshape(-1, -1)", 1, "cannot be reshaped"),
        ("A[2]", 1, "the index 2 is out of range for 2×3"),
        ("A[0, 0, 0]", 1, "2×3 has fewer axes"),
        ("A[2:]", 1, "nothing is left of 2×3"),
        ("S[0, 0, 0, 0, 0]", 2, "found 5 indices"),
        ("Q[0:1] * S", 1, "shapes 1×2×3×2 and 2×3×4"),
        ("conv2d(A, K)", 1, "found 2×3 and 3×2×3×2"),
        ("conv2d(X, X[:, 0:1])", 1, "images of 2×2×4×5 and kernels of 2×1×4×5 do not fit: their channels"),
        ("conv2d(X, K, A)", 1, "found 2×3 as the bias of kernels of 3×2×3×2, expected one number a kernel"),
        ("conv2d(Q, X)", 1, "a window of 4×5 is larger than its image of 3×2"),
        ("conv2d(X[:, :, 0:1], K, padding=0)", 1, "a window of 3×2 is larger than its image of 1×5"),
        ("conv2d(X[:, :, :, 0:1], X, padding=1)", 1, "a window of 4×5 is larger than its image of 4×1 with padding 1"),
        ("conv2d(X, K, stride=0)", 1, "the settings of conv2d do not fit"),
        ("conv2d(X, K, stride=None)", 1, "the settings of conv2d do not fit"),
        ("conv2d(X, K, padding=-1)", 1, "the settings of conv2d do not fit"),
        ("conv2d(X)", 1, "found 1 array for conv2d, expected 2 or 3"),
        ("max_pool(S)", 1, "max_pool takes images × channels × rows × columns, found 2×3×4"),
        ("max_pool(X, 5)", 1, "a window of 5×5 is larger than its image of 4×5"),
        ("max_pool(X, 0)", 1, "the settings of max_pool do not fit"),
        ("average_pool(X, 2.5)", 17, "expected a whole number"),
        ("np.stack([Q, Q])", 4, "found 5 dimensions"),
        ("np.concatenate([A, B])", 4, "do not fit beside one another"),
        ("np.concatenate(A)", 4, "found 0 arrays for concatenate, expected a list of them, [a, b]"),
        ("(A, C)", 1, "a list is no array"),
        ("A + (v, w)", 5, "a list is no array"),
        ("0 < A < 1", 1, "two comparisons in a row"),
        ("A and C", 3, "expected an operator"),
        ("A; C", 2, "cannot read"),
        ("'A'", 1, "formulas have no texts"),
        ("__import__(A)", 1, "is no function"),
        ("A = C", 3, "expected an operator"),
        ("(" * 60 + "A" + ")" * 60, 52, "nested more than 50 deep"),
        ("A" + " + A" * 400, 1_001, "found 1,601 characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str, column: int, reason: str) -> None:
    with pytest.raises((ExpressionError, Placed)) as caught:
        shape_of(text)
    said = str(caught.value)
    assert reason in said
    assert f"column {column:}:" in said
    assert len(said) < 300


@pytest.mark.parametrize("text", ["", "=", "a", "a == b", "1 = 2", "a.b = c", "= a", "a b = c"])
def test_a_line_is_a_name_and_a_formula(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_line(text, KNOWN)


def test_rows_of_the_batch_are_a_number_of_the_formula() -> None:
    formula = formula_of(parse_formula("A / N", KNOWN), names().references, {"N": Constant(4.0, "N")})
    out = np.empty((2, 3))
    formula.operation.fill(out, values()["A"])
    assert_array_equal(out, values()["A"] / 4.0)
    assert formula.operation.formula == "{0} / N"


def test_labels_are_elements() -> None:
    formula = formula_of(parse_formula("w5 * 2", KNOWN), load_scenario("mazur-2-2-2").names.references)
    assert formula.operands == ("W2",)
    assert formula.operation.shape((2, 2)) == ()


def written_into(text: str) -> set[int]:
    """The buffers, apart from the result's own, that the calls of a formula fill."""
    formula = formula_of(parse_formula(text, KNOWN), names().references)
    arrays = [np.ones(SHAPES[name]) for name in formula.operands]
    out = np.empty(formula.operation.shape(*(array.shape for array in arrays)))
    calls: Any = formula.operation.kernel(out, *arrays)
    filled = {id(call.keywords["out"] if call.keywords else call.args[-1]) for call in calls}
    return filled - {id(out), *map(id, arrays)}


@pytest.mark.parametrize(
    ("text", "buffers"),
    [
        ("v + w", 0),
        ("v * w + v", 0),
        ("v * w + v * v", 1),
        ("v * w + v * v + w * w - v / w", 1),
        ("sqrt(abs(v)) / (sqrt(abs(w)) + 1)", 1),
        ("exp(v * w) + exp(v)", 2),  # an exponential does not fill the buffer that it reads
    ],
)
def test_a_formula_fills_few_buffers_besides_its_result(text: str, buffers: int) -> None:
    assert len(written_into(text)) <= buffers


def test_formulas_that_are_bound_together_take_turns_with_their_buffers() -> None:
    with sharing_buffers():
        one, other = written_into("v * w + v * v"), written_into("v / w - w * w")
    assert one == other
