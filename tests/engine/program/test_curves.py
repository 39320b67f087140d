"""The further activations: their definitions and derivatives, far out and at 0, and the arithmetic of an element."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from gradstep.engine.program.expression import Operand, evaluate
from gradstep.engine.program.flows import bound
from gradstep.engine.program.functions import FUNCTIONS
from gradstep.engine.program.network import CURVES
from gradstep.engine.program.operation import Operation

POINTS = np.array([-800.0, -38.0, -3.0, -0.75, -1e-9, -0.0, 0.0, 1e-9, 0.75, 3.0, 38.0, 800.0])


def normal(u: float) -> float:
    """The probability that a standard normal variable is below u."""
    return 0.5 * math.erfc(-u / math.sqrt(2.0))


def sigmoid(u: float) -> float:
    return 1.0 / (1.0 + math.exp(-u)) if u > 0 else math.exp(u) / (1.0 + math.exp(u))


def tanh_inside(u: float) -> float:
    return math.tanh(math.sqrt(2.0 / math.pi) * (u + 0.044715 * u**3))


# Each by its definition: the name, its settings, the function.
DEFINITIONS: list[tuple[str, dict[str, float], Callable[[float], float]]] = [
    ("leaky_relu", {}, lambda u: u if u > 0 else 0.01 * u),
    ("leaky_relu", {"slope": 0.25}, lambda u: max(u, 0.25 * u)),
    ("elu", {}, lambda u: u if u > 0 else math.expm1(u)),
    ("elu", {"alpha": 0.5}, lambda u: u if u > 0 else 0.5 * math.expm1(u)),
    ("softplus", {}, lambda u: u + math.log1p(math.exp(-u)) if u > 0 else math.log1p(math.exp(u))),
    ("silu", {}, lambda u: u * sigmoid(u)),
    ("softsign", {}, lambda u: u / (1.0 + abs(u))),
    ("erf", {}, math.erf),
    ("gelu", {}, lambda u: u * normal(u)),
    ("gelu_tanh", {}, lambda u: 0.5 * u * (1.0 + tanh_inside(u))),
]
# What is taken where there is no derivative, at 0.
AT_KINK = {"leaky_relu": lambda settings: settings.get("slope", 0.01), "elu": lambda settings: settings.get("alpha", 1)}
each = pytest.mark.parametrize(
    ("name", "settings", "definition"),
    DEFINITIONS,
    ids=[f"{name}{[*more.values()]}" for name, more, _ in DEFINITIONS],
)


def made(name: str, settings: dict[str, float]) -> Operation:
    return bound(FUNCTIONS[name].make(**settings), [None])


def filled(operation: Operation, *operands: np.ndarray) -> np.ndarray:
    out = np.full(operands[0].shape, np.nan)
    with np.errstate(over="ignore", under="ignore", divide="raise", invalid="raise"):  # as runs do: exp may overflow
        operation.fill(out, *operands)
    return out


def derivative(operation: Operation, u: np.ndarray) -> np.ndarray:
    """The gradient's operation, for an upstream gradient of 1."""
    (gradient,) = operation.gradients
    given = {"d": np.ones(u.shape), "out": filled(operation, u), "0": u}
    return filled(gradient.operation, *(given[name] for name in gradient.operands))


def test_every_kind_of_layer_and_node_is_among_them() -> None:
    assert {*CURVES} - {name for name, _, _ in DEFINITIONS} == {"softmax"}


@each
def test_it_is_its_definition(name: str, settings: dict[str, float], definition: Callable[[float], float]) -> None:
    found = filled(made(name, settings), POINTS)
    np.testing.assert_allclose(found, [definition(u) for u in POINTS.tolist()], rtol=1e-14, atol=1e-16)


@each
def test_its_derivative_is_its_slope(
    name: str, settings: dict[str, float], definition: Callable[[float], float]
) -> None:
    operation, h = made(name, settings), 1e-5
    for u, found in zip(POINTS.tolist(), derivative(operation, POINTS).tolist(), strict=True):
        if u == 0 and name in AT_KINK:
            assert found == AT_KINK[name](settings)
        elif name in AT_KINK and abs(u) < h:
            side = math.copysign(h, u)
            assert found == pytest.approx((definition(u + side) - definition(u)) / side, abs=1e-5)
        else:
            apart = abs(u) * 1e-5 + h
            slope = (definition(u + apart) - definition(u - apart)) / (2 * apart)
            assert found == pytest.approx(slope, rel=1e-6, abs=2e-5 if abs(u) < h else 1e-9)


@each
def test_one_elements_arithmetic_is_the_kernels_number(
    name: str, settings: dict[str, float], definition: Callable[[float], float]
) -> None:
    operation = made(name, settings)
    (gradient,) = operation.gradients
    values = {"u": POINTS, "out": filled(operation, POINTS), "d": np.linspace(-2.0, 3.0, POINTS.size)}
    backward = [values["u" if each == "0" else each] for each in gradient.operands]
    out, back = values["out"], filled(gradient.operation, *backward)
    read = [Operand("u" if each == "0" else each, POINTS.shape) for each in gradient.operands]
    for k in range(POINTS.size):
        assert evaluate(operation.element((k,), Operand("u", POINTS.shape)), values.__getitem__) == out[k]
        element = evaluate(gradient.operation.element((k,), *read), values.__getitem__)
        assert element == pytest.approx(back[k], rel=1e-14, abs=0.0)


@each
def test_what_is_not_a_number_stays_none(
    name: str, settings: dict[str, float], definition: Callable[[float], float]
) -> None:
    with np.errstate(all="ignore"):
        out = np.empty(2)
        made(name, settings).fill(out, np.array([np.nan, 1.0]))
    assert np.isnan(out[0])
    assert np.isfinite(out[1])


@pytest.mark.parametrize("name", ["leaky_relu", "elu"])
def test_held_on_its_side_it_goes_straight_on_over_its_kink(name: str) -> None:
    operation = made(name, {"leaky_relu": {"slope": 0.25}, "elu": {"alpha": 0.5}}[name])
    u, out = np.array([-0.5, 0.0, 0.5]), np.full(3, np.nan)
    assert operation.held is not None
    assert operation.kink is not None
    calls = operation.held(out, u)
    u += [1.0, 1.0, -1.0]
    for call in calls:
        call()
    below = {"leaky_relu": lambda v: 0.25 * v, "elu": lambda v: 0.5 * np.expm1(v)}[name]
    np.testing.assert_allclose(out, [below(0.5), below(1.0), -0.5], rtol=1e-14)
    assert [*np.sign(operation.kink(np.array([-2.0, 0.0, 3.0])))] == [-1, 0, 1]
