"""Losses by formulas and penalties, against plain NumPy: values, gradients, measurements, arithmetic of elements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gradstep.engine import Timeline
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.analysis.verdicts import AGREES, KINK
from gradstep.engine.program.expression import evaluations
from gradstep.engine.program.loss_kinds import KINDS, REDUCTIONS
from tests.strategies import scenario_of

Array = np.ndarray[Any, np.dtype[np.float64]]
Values = Mapping[str, Array]

DELTA, EPSILON = 0.4, 1e-3
DRAW = np.random.default_rng(7)
START: Values = {
    "W1": DRAW.uniform(-1, 1, (2, 3)),
    "b1": DRAW.uniform(-1, 1, 3),
    "W2": DRAW.uniform(-1, 1, (3, 3)),
    "b2": DRAW.uniform(-1, 1, 3),
}
X = DRAW.uniform(-1, 1, (9, 2))
REAL = DRAW.uniform(-1, 1, (9, 3))
CLASSES = DRAW.integers(0, 3, 9)
ONE_HOT = np.eye(3)[CLASSES]
SIGNS = 2.0 * ONE_HOT - 1.0


def huber(y: Array, t: Array) -> Array:
    size = np.abs(y - t)
    return np.where(size <= DELTA, size**2 / 2, DELTA * size - DELTA**2 / 2)


# The terms of one element, and the targets that they are of. Of logits where it says so.
TERMS: Mapping[str, tuple[Callable[[Array, Array], Array], Array, str]] = {
    "squared_error": (lambda y, t: (y - t) ** 2 / 2, REAL, "half = true"),
    "squared_error, not halved": (lambda y, t: (y - t) ** 2, REAL, "half = false"),
    "absolute_error": (lambda y, t: np.abs(y - t), REAL, ""),
    "huber": (huber, REAL, f"delta = {DELTA}"),
    "hinge": (lambda y, t: np.clip(1 - t * y, 0, None), SIGNS, ""),
    "cross_entropy": (lambda y, t: -t * np.log(y), ONE_HOT, ""),
    "cross_entropy, ε": (lambda y, t: -t * np.log(y + EPSILON), ONE_HOT, f"epsilon = {EPSILON}"),
    "binary_cross_entropy": (lambda y, t: -t * np.log(y) - (1 - t) * np.log1p(-y), ONE_HOT, ""),
    "binary_cross_entropy, ε": (
        lambda y, t: -t * np.log(y + EPSILON) - (1 - t) * np.log(1 - y + EPSILON),
        ONE_HOT,
        f"epsilon = {EPSILON}",
    ),
    "binary_cross_entropy_from_logits": (
        lambda u, t: -t * np.log(sigmoid(u)) - (1 - t) * np.log(sigmoid(-u)),
        ONE_HOT,
        "",
    ),
}
OF_PROBABILITIES = ("cross_entropy", "cross_entropy, ε", "binary_cross_entropy", "binary_cross_entropy, ε")


def sigmoid(u: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-u)))


def softmax(u: Array) -> Array:
    return np.asarray(np.exp(u) / np.exp(u).sum(axis=1, keepdims=True))


ACTIVATIONS: Mapping[str, Callable[[Array], Array]] = {"sigmoid": sigmoid, "softmax": softmax, "identity": lambda u: u}
REDUCED: Mapping[str, Callable[[Array], float]] = {
    "sum": lambda terms: float(terms.sum()),
    "mean": lambda terms: float(terms.sum(axis=1).mean()),
    "mean_all": lambda terms: float(terms.mean()),
}


def logits(values: Values, x: Array) -> Array:
    return np.asarray(np.tanh(x @ values["W1"] + values["b1"]) @ values["W2"] + values["b2"])


def rows_of(array: Array) -> str:
    return str(np.asarray(array).tolist())


LAYERS = "\n".join(
    f'[[layer]]\nkind = "affine"\nW = {rows_of(START[f"W{k}"])}\nb = {rows_of(START[f"b{k}"])}\n'
    f'[[layer]]\nkind = "{kind}"'
    for k, kind in ((1, "tanh"), (2, "ACTIVATION"))
)
PARAMETERS = "[parameters]\n" + "\n".join(f"{name} = {rows_of(array)}" for name, array in START.items())
NODES = "".join(
    f'[[node]]\nname = "{name}"\nkind = "{kind}"\ninputs = {inputs}\n'
    for name, kind, inputs in (
        ("u", "affine", ["x", "W1", "b1"]),
        ("h", "tanh", ["u"]),
        ("v", "affine", ["h", "W2", "b2"]),
        ("out", "ACTIVATION", ["v"]),
    )
)
MODEL = "[model]\nforward = '''\nh = tanh(x @ W1 + b1)\nv = h @ W2 + b2\nout = ACTIVATION(v)\n'''\n"
NETS = {"layers": LAYERS, "nodes": f"{PARAMETERS}\n{NODES}", "formulas": f"{MODEL}{PARAMETERS}"}


def scenario(net: str, activation: str, loss: str, t: Array, rows: int, more: str = "") -> str:
    """A net of this spelling on the first rows; what is left is to test on."""
    written = NETS[net].replace("ACTIVATION(v)", "1 * v" if activation == "identity" else f"{activation}(v)")
    return (
        f'format = 1\ntitle = "a loss"\n[data]\nx = {rows_of(X)}\nt = {rows_of(t)}\ntest = {len(X) - rows}\n'
        f"{written.replace('ACTIVATION', activation)}\n[loss]\n{loss}\n"
        f'[optimizer]\nkind = "sgd"\nlearning_rate = 0.1\n{more}'
    )


def run(text: str) -> Timeline:
    timeline = Timeline(scenario_of(text))
    timeline.goto("1")
    return timeline


def slopes(loss: Callable[[Values], float], h: float = 1e-6) -> Values:
    """The central differences of a loss, of every element of every parameter."""
    found = {}
    for name, array in START.items():
        found[name] = np.empty(array.shape)
        for index in np.ndindex(*array.shape):
            sides = []
            for shift in (h, -h):
                moved = array.copy()
                moved[index] += shift
                sides.append(loss({**START, name: moved}))
            found[name][index] = (sides[0] - sides[1]) / (2 * h)
    return found


def arithmetic_holds(timeline: Timeline) -> None:
    """Every element of every step comes to its value by its arithmetic."""
    value = evaluations(timeline.__getitem__)
    for step in timeline.program.steps:
        if step.operands:
            for index in np.ndindex(*timeline.program.symbols[step.symbol].shape):
                element = timeline.program.element(step.symbol, index)
                assert element is not None
                apart = abs(value(element) - float(timeline[step.symbol][index]))
                assert apart <= 1e-11, (step.symbol, step.operation.name, index)


CASES = [
    pytest.param(kind, reduction, activation, rows, id=f"{kind}-{reduction}-{activation}-{rows}")
    for kind, reduction, activation, rows in product(TERMS, REDUCED, ACTIVATIONS, (1, 5))
    if not (kind in OF_PROBABILITIES and activation == "identity")
]


def test_every_kind_and_every_reduction_is_tried() -> None:
    assert {name.split(",")[0] for name in TERMS} == {*KINDS, "squared_error"}
    assert REDUCED.keys() == REDUCTIONS.keys()


@pytest.mark.parametrize(("kind", "reduction", "activation", "rows"), CASES)
def test_a_loss_and_its_gradients_are_those_of_plain_numpy(
    kind: str, reduction: str, activation: str, rows: int
) -> None:
    terms, t, setting = TERMS[kind]
    net = ("layers", "nodes", "formulas")[CASES_ORDER[kind, reduction, activation, rows] % 3]
    loss = f'kind = "{kind.split(",", maxsplit=1)[0]}"\nreduction = "{reduction}"\n{setting}'
    timeline = run(scenario(net, activation, loss, t, rows))

    def expected(values: Values, x: Array = X[:rows], t: Array = t[:rows]) -> float:
        return REDUCED[reduction](terms(ACTIVATIONS[activation](logits(values, x)), t))

    assert float(timeline["E"]) == pytest.approx(expected(START), rel=1e-12)
    for name, slope in slopes(expected).items():
        assert_allclose(timeline[f"d{name}"], slope, rtol=1e-5, atol=1e-7, err_msg=name)
    arithmetic_holds(timeline)


CASES_ORDER = {case.values: place for place, case in enumerate(CASES)}


@pytest.mark.parametrize("kind", TERMS)
def test_the_check_agrees(kind: str) -> None:
    _, t, setting = TERMS[kind]
    loss = f'kind = "{kind.split(",", maxsplit=1)[0]}"\n{setting}\nl1 = 0.02\nl2 = 0.3'
    verdicts = {
        element.verdict
        for matrix in check(run(scenario("layers", "sigmoid", loss, t, 5))).matrices
        for element in matrix.elements
    }
    assert verdicts <= {AGREES, KINK}
    assert AGREES in verdicts


@pytest.mark.parametrize("reduction", REDUCED)
@pytest.mark.parametrize("kind", TERMS)
def test_a_loss_is_measured_on_other_rows_with_the_updated_parameters(kind: str, reduction: str) -> None:
    terms, t, setting = TERMS[kind]
    loss = f'kind = "{kind.split(",", maxsplit=1)[0]}"\nreduction = "{reduction}"\nl2 = 0.5\n{setting}'
    timeline = run(scenario("layers", "softmax", loss, t, 5, '[measure]\nloss = ["train", "test", "batch"]\n'))
    after = {name: timeline[f"{name}_next"] for name in START}
    penalty = 0.25 * sum(float((after[name] ** 2).sum()) for name in ("W1", "W2"))
    for name, rows in (("train", slice(5)), ("test", slice(5, None)), ("batch", slice(5))):
        data = REDUCED[reduction](terms(softmax(logits(after, X[rows])), t[rows]))
        assert float(timeline[f"E_{name}"]) == pytest.approx(data + penalty, rel=1e-12), name


# ── penalties ────────────────────────────────────────────────────────────────────────────────────────────────

PENALTIES = [(0.0, 0.3), (0.2, 0.0), (0.2, 0.3)]
PENALIZED = [None, ["W1"], ["W2", "b2"], ["W1", "b1", "W2", "b2"]]
PLAIN = ("squared_error", "softmax_cross_entropy", "huber")


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("names", PENALIZED)
@pytest.mark.parametrize(("l1", "l2"), PENALTIES)
def test_the_gradient_of_a_penalty_is_l2_w_and_l1_sign_w(
    kind: str, net: str, names: list[str] | None, l1: float, l2: float
) -> None:
    t = ONE_HOT if kind == "softmax_cross_entropy" else REAL
    named = "" if names is None else f"penalized = {names}"
    plain = run(scenario(net, "identity", f'kind = "{kind}"', t, 5))
    other = run(scenario(net, "identity", f'kind = "{kind}"\nl1 = {l1}\nl2 = {l2}\n{named}', t, 5))
    usual = ["W1", "W2"] if net == "layers" else [*START]
    on = usual if names is None else names
    size = sum(0.5 * l2 * float((START[w] ** 2).sum()) + l1 * float(np.abs(START[w]).sum()) for w in on)
    assert float(other["E"]) == pytest.approx(float(plain["E"]) + size, rel=1e-12)
    for name, w in START.items():
        more = l2 * w + l1 * np.sign(w) if name in on else 0.0
        assert_allclose(other[f"d{name}"], plain[f"d{name}"] + more, rtol=1e-10, atol=1e-12, err_msg=name)
    if kind == "softmax_cross_entropy":
        assert_allclose(other["y"], plain["y"], rtol=1e-14)


def test_at_0_the_slope_of_an_absolute_value_is_0() -> None:
    text = scenario("layers", "identity", 'kind = "squared_error"\nl1 = 0.5', REAL, 1)
    text = text.replace(rows_of(START["W2"]), rows_of(np.zeros((3, 3)))).replace(rows_of(X), rows_of(np.zeros_like(X)))
    timeline = run(text.replace(rows_of(START["b1"]), "[0.0, 0.0, 0.0]"))
    assert not timeline["dW2"].any()


def test_a_parameter_called_y_is_penalized_itself() -> None:
    timeline = run(
        'format = 1\ntitle = "y"\n[data]\nx = [[1.0]]\nt = [[2.0]]\n[model]\nforward = "out = x @ y"\n'
        '[parameters]\ny = [[3.0]]\n[loss]\nkind = "squared_error"\nl2 = 1.0\n'
    )
    assert float(timeline["E"]) == 0.5 * (3.0 - 2.0) ** 2 + 0.5 * 3.0**2
    assert float(timeline["dy"][0, 0]) == 1.0 + 3.0


# ── what cannot be ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("loss", "t", "problem"),
    [
        ('kind = "huber"\ndelta = 0', REAL, "loss.delta (line 21): found 0"),
        ('kind = "squared_error"\nl2 = -1', REAL, "loss.l2 (line 21): found -1"),
        ('kind = "squared_error"\nl1 = -1', REAL, "loss.l1 (line 21): found -1"),
        ('kind = "huber"\npenalized = ["W1"]', REAL, "loss.penalized (line 21): stands beside no penalty"),
        ('kind = "huber"\nl2 = 1\npenalized = ["w1"]', REAL, 'loss.penalized[0] (line 22): "w1" is no parameter'),
        ('kind = "huber"\nl2 = 1\npenalized = ["W1", "W1"]', REAL, "loss.penalized[1] (line 22)"),
        ('kind = "absolute_error"\nhalf = false', REAL, "loss.half (line 21)"),
        ('kind = "huber"\nepsilon = 1', REAL, "loss.epsilon (line 21)"),
        ('kind = "softmax_cross_entropy"\nreduction = "sum"', ONE_HOT, "loss.reduction (line 21)"),
        ('kind = "softmax_cross_entropy"\nepsilon = 1e-7\nl2 = 1', ONE_HOT, "loss.epsilon (line 21)"),
        ('kind = "hinge"', ONE_HOT, "data.t[0]["),
        ('kind = "binary_cross_entropy"', SIGNS, "expected a number from 0 to 1"),
        ('kind = "binary_cross_entropy_from_logits"', 2 * ONE_HOT, "found 2, expected a number from 0 to 1"),
        ('kind = "cross_entropy"', SIGNS, "found -1, expected a probability"),
        ('kind = "huber"', CLASSES, "found class labels, expected rows of numbers"),
        ('kind = "hinge"', CLASSES, "labels belong to softmax_cross_entropy and cross_entropy"),
    ],
)
def test_a_loss_that_cannot_be_is_refused_in_one_line(loss: str, t: Array, problem: str) -> None:
    with pytest.raises(Exception, match=r"random\.toml: ") as refused:
        scenario_of(scenario("layers", "identity", loss, t, 5))
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


def test_labels_are_no_signs_for_a_net_of_formulas_either() -> None:
    with pytest.raises(Exception, match="found class labels, expected rows of numbers"):
        scenario_of(scenario("formulas", "identity", 'kind = "hinge"', CLASSES, 5))


def test_a_penalty_on_nothing_is_none() -> None:
    loss = 'kind = "squared_error"\nl2 = 1.0\npenalized = []'
    assert [step.symbol for step in run(scenario("layers", "identity", loss, REAL, 5)).program.steps].count("E") == 1


def test_a_setting_of_the_loss_is_no_other_value_too() -> None:
    text = (
        'format = 1\ntitle = "l2"\n[data]\nx = [[1.0]]\nt = [[2.0]]\n[model]\nforward = "out = x @ l2"\n'
        '[parameters]\nl2 = [[3.0]]\n[loss]\nkind = "squared_error"\nl2 = 1.0\n'
    )
    with pytest.raises(Exception, match=r'loss.l2 \(line 12\): "l2" is the name of a value'):
        scenario_of(text)


@pytest.mark.parametrize("kind", ["cross_entropy", "softmax_cross_entropy"])
def test_class_labels_are_one_hot_rows(kind: str) -> None:
    activation = "softmax" if kind == "cross_entropy" else "identity"
    by_rows, by_labels = (
        run(scenario("layers", activation, f'kind = "{kind}"\nl2 = 0.1', t, 5)) for t in (ONE_HOT, CLASSES)
    )
    assert_allclose(by_rows["t"], by_labels["t"])
    assert float(by_rows["E"]) == float(by_labels["E"])


@pytest.mark.parametrize(("kind", "logarithms"), [("cross_entropy", 1), ("binary_cross_entropy", 2)])
def test_nothing_is_added_where_epsilon_is_0(kind: str, logarithms: int) -> None:
    def formulas(setting: str) -> list[str]:
        program = scenario_of(scenario("layers", "softmax", f'kind = "{kind}"\n{setting}', ONE_HOT, 5)).program
        return [step.operation.formula for step in program.steps if step.phase == "loss"]

    assert not any("+ 0" in formula for formula in formulas(""))
    assert len(formulas("epsilon = 0.5")) == len(formulas("")) + logarithms
