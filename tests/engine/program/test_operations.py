"""Operations: one element's arithmetic is the kernel's number, shapes are what the rule says, operands stay untouched.

Every operation of the engine has a row in `CASES`; one without fails here.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as xnp

from gradstep.engine.arrays import written
from gradstep.engine.program import operations
from gradstep.engine.program.expression import Call, Expression, Operand, Sum, evaluate
from gradstep.engine.program.operation import Operation, ShapeError
from gradstep.engine.program.operations import (
    activations,
    affine,
    arithmetic,
    losses,
    samples,
)
from gradstep.engine.program.operations.counters import COUNTERS

Shape = tuple[int, ...]

ANY = st.floats(width=64)
MODERATE = st.floats(-100.0, 100.0)
SHARE = st.floats(0.0, 1.0)


@dataclass(frozen=True)
class Case:
    """shapes: the operands' and the result's, a letter a size, variants apart by |. misfits: what is refused, with
    the two operands at fault. sums: its kernel may add in another order than one element's arithmetic.
    """

    operation: Operation
    shapes: str
    misfits: tuple[tuple[str, int, int], ...] = ()
    sums: bool = False
    numbers: tuple[st.SearchStrategy[float], ...] = (ANY,)


PAIR = (("nm,nk", 0, 1), ("nm,mn", 0, 1), ("nm,m", 0, 1), ("nm,", 0, 1))
PAIR_OR_SCALAR = PAIR[:3]
TERMS = {"sums": True, "numbers": (MODERATE,)}

CASES: dict[str, Case] = {
    "affine": Case(affine.affine, "nk,km,m->nm", (("nk,jm,m", 0, 1), ("nk,km,j", 2, 1), (",km,m", 0, 1)), **TERMS),
    "linear": Case(affine.linear, "nk,km->nm", (("nk,jm", 0, 1), (",km", 0, 1)), **TERMS),
    "add": Case(arithmetic.add, "nm,nm->nm | nm,->nm | ,nm->nm | ,-> | n,n->n", PAIR_OR_SCALAR),
    "multiply": Case(arithmetic.multiply, "nm,nm->nm | nm,->nm | ,nm->nm | ,-> | n,n->n", PAIR_OR_SCALAR),
    "sigmoid": Case(activations.sigmoid, "nm->nm | n->n | ->"),
    "relu": Case(activations.relu, "nm->nm | n->n | ->"),
    "tanh": Case(activations.tanh, "nm->nm | n->n | ->"),
    "identity": Case(activations.identity, "nm->nm | n->n | ->"),
    "step": Case(activations.step, "nm->nm | n->n | ->"),
    "sigmoid_gradient": Case(activations.sigmoid_gradient, "nm,nm->nm | ,->", PAIR),
    "tanh_gradient": Case(activations.tanh_gradient, "nm,nm->nm | ,->", PAIR),
    "relu_gradient": Case(activations.relu_gradient, "nm,nm->nm | ,->", PAIR),
    "identity_gradient": Case(activations.identity_gradient, "nm->nm | ->"),
    "step_gradient": Case(activations.step_gradient, "nm->nm | ->"),
    "sigmoid_slope": Case(activations.sigmoid_slope, "nm,nm->nm | ,->", PAIR),
    "tanh_slope": Case(activations.tanh_slope, "nm,nm->nm | ,->", PAIR),
    "weight_gradient": Case(affine.weight_gradient, "nk,nm->km", (("nk,jm", 0, 1),), **TERMS),
    "bias_gradient": Case(affine.bias_gradient, "nm->m", **TERMS),
    "input_gradient": Case(affine.input_gradient, "nm,km->nk", (("nm,kj", 0, 1), ("nm,mk", 0, 1)), **TERMS),
    "pass_on": Case(arithmetic.pass_on, "nm->nm | n->n | ->"),
    "pass_on_summed": Case(arithmetic.pass_on_summed, "nm-> | n->", **TERMS),
    "pass_times": Case(arithmetic.pass_times, "nm,nm->nm | nm,->nm | ,->", PAIR_OR_SCALAR),
    "pass_times_summed": Case(arithmetic.pass_times_summed, "nm,nm-> | n,n->", PAIR_OR_SCALAR, **TERMS),
    "seed_gradient": Case(arithmetic.seed_gradient, "nm->nm | ->"),
    "half_squared_error": Case(losses.half_squared_error, "nm,nm->", PAIR, **TERMS),
    "mean_half_squared_error": Case(losses.mean_half_squared_error, "nm,nm->", PAIR, **TERMS),
    "difference": Case(losses.difference, "nm,nm->nm", PAIR),
    "mean_difference": Case(losses.mean_difference, "nm,nm->nm", PAIR),
    "softmax": Case(losses.softmax, "nm->nm", **TERMS),
    "cross_entropy_from_logits": Case(
        losses.cross_entropy_from_logits, "nm,nm->", PAIR, sums=True, numbers=(MODERATE, SHARE)
    ),
    "accuracy": Case(samples.accuracy, "nm,nm->", PAIR, **TERMS),
    "descend": Case(arithmetic.descend, "nm,nm,->nm | n,n,->n | ,,->", (("nm,mn,", 0, 1), ("n,m,", 0, 1))),
    "keep": Case(arithmetic.keep, "nm->nm | n->n | ->"),
    "draw": Case(samples.draw, "nm->nm"),
    "all_rows": Case(samples.all_rows, "nm->nm"),
}

# Operations that are made to measure, with the arguments they are made with.
MADE: dict[str, tuple[Case, ...]] = {
    "accumulate": (
        Case(arithmetic.accumulate(2), "nm,nm->nm | ,->", PAIR),
        Case(arithmetic.accumulate(3), "nm,nm,nm->nm | n,n,n->n", (("n,n,m", 0, 2),)),
        Case(arithmetic.accumulate(5), "nm,nm,nm,nm,nm->nm", (("nm,nm,nm,n,nm", 0, 3),)),
    ),
    "cross_entropy": tuple(
        Case(losses.cross_entropy(epsilon), "nm,nm->", PAIR, sums=True, numbers=(SHARE, SHARE))
        for epsilon in (1e-7, 0.125)
    ),
}

ALL = [*CASES.items(), *((name, case) for name, cases in MADE.items() for case in cases)]
COMPUTED = [(name, case) for name, case in ALL if name not in ("draw", "all_rows")]
every = pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in ALL])
every_computed = pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in COMPUTED])
thorough = settings(max_examples=25, deadline=None)


def shapes_of(text: str, sizes: dict[str, int]) -> list[Shape]:
    """'nk,km,m' with the sizes of n, k and m."""
    return [tuple(sizes[letter] for letter in word.strip()) for word in text.split(",")]


@st.composite
def fitting(draw: Any, case: Case) -> tuple[list[Shape], Shape]:
    """Shapes of operands that fit, and that of the result."""
    sizes = {letter: draw(st.integers(1, 6)) for letter in "nmkj"}
    operands, result = draw(st.sampled_from(case.shapes.split("|"))).split("->")
    return shapes_of(operands, sizes), shapes_of(result, sizes)[0]


@st.composite
def applications(draw: Any, case: Case) -> tuple[list[np.ndarray], Shape]:
    """Operands that fit, and the shape of the result."""
    shapes, result = draw(fitting(case))
    arrays = []
    for place, shape in enumerate(shapes):
        numbers = case.numbers[min(place, len(case.numbers) - 1)]
        arrays.append(draw(xnp.arrays(np.float64, shape, elements=numbers)))
    return arrays, result


def computed(operation: Operation, arrays: Sequence[np.ndarray], shape: Shape, before: float) -> np.ndarray:
    """The kernel's result, in a buffer that held `before` everywhere."""
    out = np.full(shape, before)
    with np.errstate(all="ignore"):
        operation.fill(out, *arrays)
    return out


def operands_of(arrays: Sequence[np.ndarray]) -> tuple[list[Operand], dict[str, np.ndarray]]:
    values = {f"operand{place}": array for place, array in enumerate(arrays)}
    return [Operand(name, array.shape) for name, array in values.items()], values


# operator → what a rounding error of its result is measured against, from its value and its operands' measures.
MEASURES: dict[str, Callable[..., float]] = {
    "add": lambda value, *terms: sum(terms),
    "subtract": lambda value, *terms: sum(terms),
    "multiply": lambda value, a, b: a * b,
    "weigh": lambda value, a, b: a * b,
    "divide": lambda value, a, b: a / b,
    "negate": lambda value, a: a,
    "square": lambda value, a: a * a,
    "exp": lambda value, a: value,
    "max": lambda value, *a: value,
    "equal": lambda value, *a: value,
    "argmax": lambda value, *a: value,
    "above_half": lambda value, *a: value,
    "log": lambda value, a: max(1.0, value),
}


def magnitude(expression: Expression, values: dict[str, np.ndarray]) -> float:
    """The sum of the magnitudes of all terms: the same arithmetic where nothing cancels."""
    value = abs(evaluate(expression, values.__getitem__))
    match expression:
        case Sum(terms):
            return sum(magnitude(term, values) for term in terms)
        case Call(operator, arguments):
            return MEASURES[operator](value, *(magnitude(argument, values) for argument in arguments))
    return value


# ── every operation ──────────────────────────────────────────────────────────────────────────────────────────


OF_FORMULAS = (  # tried in test_formulas.py and test_curves.py, and dropout where it draws
    *(
        "convolution",
        "curves",
        "dropout",
        "elementwise",
        "matrices",
        "pooling",
        "reducing",
        "shaping",
        "spreading",
        "windows",
    ),
)


def test_every_operation_has_a_case() -> None:
    modules = [
        importlib.import_module(f"{operations.__name__}.{found.name}")
        for found in pkgutil.iter_modules(operations.__path__)
        if found.name not in OF_FORMULAS
    ]
    values = {value.name for module in modules for value in vars(module).values() if isinstance(value, Operation)}
    makers = {
        name
        for module in modules
        for name, maker in inspect.getmembers(module, inspect.isfunction)
        if inspect.signature(maker).return_annotation == "Operation" and not name.startswith("_")
    }
    assert values - {*COUNTERS} == {*CASES}
    assert makers == set(MADE)
    assert all(case.operation.name == name for name, case in ALL)


@pytest.mark.parametrize("name", COUNTERS)
def test_a_counter_is_one_number_that_no_kernel_and_no_arithmetic_makes(name: str) -> None:
    counter = COUNTERS[name]
    assert (counter.name, counter.shape(), counter.arity, counter.gradients) == (name, (), 0, ())
    with pytest.raises(LookupError):
        counter.fill(np.empty(()))
    with pytest.raises(LookupError):
        counter.element(())


@every_computed
@thorough
@given(st.data())
def test_one_elements_arithmetic_is_the_kernels_number(case: Case, data: Any) -> None:
    arrays, shape = data.draw(applications(case))
    out = computed(case.operation, arrays, shape, np.nan)
    operands, values = operands_of(arrays)
    for index in np.ndindex(*shape):
        expression = case.operation.element(index, *operands)
        value = evaluate(expression, values.__getitem__)
        if case.sums:
            assert abs(value - out[index]) <= 1e-12 * magnitude(expression, values), (index, value, out[index])
        elif np.isnan(value):
            assert np.isnan(out[index]), (index, value, out[index])
        else:
            assert value.hex() == float(out[index]).hex(), index


@every
@thorough
@given(st.data())
def test_the_shape_rule_gives_the_kernels_shape(case: Case, data: Any) -> None:
    operands, result = data.draw(fitting(case))
    assert case.operation.shape(*operands) == result


@every
@thorough
@given(st.data())
def test_a_kernel_changes_no_operand_and_writes_all_of_its_result(case: Case, data: Any) -> None:
    arrays, shape = data.draw(applications(case))
    before = [array.tobytes() for array in arrays]
    first = computed(case.operation, arrays, shape, np.nan)
    assert [array.tobytes() for array in arrays] == before
    for array in arrays:
        array.flags.writeable = False
    again = computed(case.operation, arrays, shape, -7e300)
    assert first.tobytes() == again.tobytes()


@every
@given(st.permutations(range(2, 6)))
@settings(max_examples=10, deadline=None)
def test_shapes_that_do_not_fit_are_named(case: Case, sizes: list[int]) -> None:
    for text, one, other in case.misfits:
        shapes = shapes_of(text, dict(zip("nmkj", sizes, strict=True)))
        with pytest.raises(ShapeError) as refusal:
            case.operation.shape(*shapes)
        assert written(shapes[one]) in str(refusal.value), (text, str(refusal.value))
        assert written(shapes[other]) in str(refusal.value), (text, str(refusal.value))


def test_every_operation_of_several_operands_refuses_misfits() -> None:
    assert not [name for name, case in ALL if "," in case.shapes and not case.misfits]


@every
def test_a_formula_has_a_place_for_each_operand_and_no_more(case: Case) -> None:
    names = [f"⟨{place}⟩" for place in range(case.shapes.split("->")[0].count(",") + 1)]
    assert case.operation.formula.format(*names)
    if len(names) > 1:
        assert all(name in case.operation.formula.format(*names) for name in names)


def test_a_drawn_value_has_no_arithmetic() -> None:
    with pytest.raises(LookupError):
        samples.draw.element((0, 0))


# ── softmax and its loss at the ends of what doubles can hold ────────────────────────────────────────────────

logits = xnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(1, 5)),
    elements=st.sampled_from([-1000.0, 1000.0, 0.0, -999.5, 998.0]) | st.floats(-1000.0, 1000.0),
)


def exact_softmax(row: np.ndarray) -> list[Decimal]:
    """To fifty digits, from the definition: Decimals do not overflow at e¹⁰⁰⁰."""
    with localcontext() as context:
        context.prec = 50
        powers = [Decimal(float(logit)).exp() for logit in row]
        return [power / sum(powers) for power in powers]


@given(logits)
@settings(max_examples=100, deadline=None)
def test_softmax_is_right_for_logits_of_a_thousand(u: np.ndarray) -> None:
    y = computed(losses.softmax, [u], u.shape, np.nan)
    for row, expected in zip(y, map(exact_softmax, u), strict=True):
        np.testing.assert_allclose(row, [float(each) for each in expected], rtol=1e-12, atol=1e-300)


@given(logits, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_cross_entropy_is_right_for_logits_of_a_thousand(u: np.ndarray, numbers: Any) -> None:
    labels = [numbers.randrange(u.shape[1]) for _ in u]
    t = np.eye(u.shape[1])[labels]
    with localcontext() as context:
        context.prec = 50
        terms = [exact_softmax(row)[label].ln() for row, label in zip(u, labels, strict=True)]
        expected = float(-sum(terms) / len(u))
    for loss in (
        computed(losses.cross_entropy_from_logits, [u, t], (), np.nan),
        evaluate(
            losses.cross_entropy_from_logits.element((), Operand("u", u.shape), Operand("t", t.shape)),
            {"u": u, "t": t}.__getitem__,
        ),
    ):
        assert abs(float(loss) - expected) <= 1e-12 * max(1.0, expected)


@given(logits)
@settings(max_examples=50, deadline=None)
def test_the_shown_loss_with_epsilon_stays_finite(u: np.ndarray) -> None:
    y = computed(losses.softmax, [u], u.shape, np.nan)
    t = np.zeros_like(y)
    t[:, 0] = 1.0
    loss = float(computed(losses.cross_entropy(1e-7), [y, t], (), np.nan))
    expected = sum(-np.log(y[row, 0] + 1e-7) for row in range(len(y))) / len(y)
    assert loss == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_a_loss_of_nothing_has_no_sign() -> None:
    u, t = np.array([[1000.0, -1000.0]]), np.array([[1.0, 0.0]])
    assert not np.signbit(computed(losses.cross_entropy_from_logits, [u, t], (), np.nan))


@given(st.integers(1, 8), st.integers(1, 4), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_accuracy_is_the_share_of_rows_whose_class_is_right(rows: int, columns: int, numbers: Any) -> None:
    y = np.array([[numbers.uniform(0, 1) for _ in range(columns)] for _ in range(rows)])
    labels = [numbers.randrange(max(2, columns)) for _ in range(rows)]
    t = np.array([[float(label)] for label in labels]) if columns == 1 else np.eye(columns)[labels]
    right = 0
    for row, label in zip(y.tolist(), labels, strict=True):
        right += (row[0] > 0.5) == bool(label) if columns == 1 else row.index(max(row)) == label
    assert computed(samples.accuracy, [y, t], (), np.nan) == right / rows
