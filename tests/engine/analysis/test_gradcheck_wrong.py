"""Claims about programs whose gradients are wrong: they are found, and by an independent calculation, too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Timeline
from gradstep.engine.arrays import Array
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.operations import activations
from gradstep.engine.program.program import Step
from tests.engine.analysis.test_gradcheck import checked, loaded, mutated, scaled, verdicts
from tests.strategies import SMOOTH, graphs, layered, scenario_of


@pytest.mark.parametrize("factor", [1.001, 0.999, -1.0, 0.0])
@pytest.mark.parametrize("symbol", ["dW1", "db1", "dW2", "db2"])
@pytest.mark.parametrize("name", ["mazur-2-2-2", "sgd-regression", "sgd-regression-sigmoid", "two-layer-digits"])
def test_a_gradient_that_is_wrong_by_a_thousandth_fails_alone(name: str, symbol: str, factor: float) -> None:
    result = checked(scaled(loaded(name), symbol, factor), most=40)
    assert [matrix.gradient for matrix in result.matrices if not matrix.passed] == [symbol]
    matrix = next(matrix for matrix in result.matrices if not matrix.passed)
    assert matrix.causes == ()
    assert matrix.elements[0].verdict == "wrong"
    assert matrix.elements[0].relative == pytest.approx(abs(1 - factor) / max(1, abs(factor)), rel=0.01)


def test_a_wrong_delta_fails_everything_behind_it() -> None:
    result = checked(scaled(loaded("mazur-2-2-2"), "delta2", 1.001))
    assert {name for name, verdict in verdicts(result).items() if verdict == "wrong"} == {"W1", "b1", "W2", "b2"}
    result = checked(scaled(loaded("mazur-2-2-2"), "dz1", 1.001))
    assert {name for name, verdict in verdicts(result).items() if verdict == "wrong"} == {"W1", "b1"}


def test_a_wrong_operand_fails() -> None:
    """dz1 = δ2·W2 instead of δ2·W2ᵀ (both 2 × 2), and the sigmoid's derivative taken at u instead of z."""

    def not_transposed(step: Step) -> Step:
        own = step.operation
        kernel = lambda out, delta, W: (lambda: np.dot(delta, W, out),)  # noqa: E731
        return replace(step, operation=Operation(own.name, kernel, own.shape, own.formula, own.element))

    scenario = loaded("mazur-2-2-2")
    for symbol, change in (
        ("dz1", not_transposed),
        ("dz1", lambda step: replace(step, operands=("dy", "W2"))),
        ("dz1", lambda step: replace(step, operands=("delta2", "W1"))),
        ("delta1", lambda step: replace(step, operation=activations.tanh_gradient)),
        ("delta1", lambda step: replace(step, operands=("dz1", "u1"))),
        ("dW1", lambda step: replace(step, operands=("z1", "delta1"))),
    ):
        result = checked(mutated(scenario, symbol, change))
        assert not result.matrices[0].passed, symbol
        assert {m.symbol for m in result.matrices if not m.passed} <= {"W1", "b1"}


@given(layered(activations=SMOOTH, epsilon=False), st.sampled_from([1.001, 0.999]), st.data())
@settings(max_examples=40, deadline=None)
def test_a_thousandth_is_found_in_random_smooth_nets(text: str, factor: float, data: st.DataObject) -> None:
    scenario = scenario_of(text)
    gradient = data.draw(
        st.sampled_from([s.name for s in scenario.program.symbols.values() if s.name[:2] in ("dW", "db")])
    )
    timeline = Timeline(scenario)
    timeline.goto("1")
    result = checked(scaled(scenario, gradient, factor))
    if np.abs(timeline[gradient]).max() > 1e-5 * (1 + float(timeline["E"])):
        assert [matrix.gradient for matrix in result.matrices if not matrix.passed] == [gradient]


@given(graphs(activations=SMOOTH), st.data())
@settings(max_examples=40, deadline=None)
def test_a_thousandth_is_found_in_random_graphs(text: str, data: st.DataObject) -> None:
    scenario = scenario_of(text)
    found = [m.gradient for m in checked(scenario).matrices if max(abs(e.backprop) for e in m.elements) > 1e-3]
    timeline = Timeline(scenario)
    timeline.goto("1")
    if found and max(abs(array).max() for array in timeline.values().values()) < 100:
        gradient = data.draw(st.sampled_from(found))
        result = checked(scaled(scenario, gradient, 1.001))
        assert gradient in [matrix.gradient for matrix in result.matrices if not matrix.passed]


# ── an independent calculation ───────────────────────────────────────────────────────────────────────────────


def big() -> tuple[str, dict[str, Array], Array, Array]:
    """A 784-50-10 net on three samples."""
    generator = np.random.default_rng(5)
    x, t = generator.uniform(0, 1, (3, 784)).round(3), np.eye(10)[[3, 0, 7]]
    shapes = {"W1": (784, 50), "b1": (50,), "W2": (50, 10), "b2": (10,)}
    start = {name: generator.normal(0, 0.1, shape).round(4) for name, shape in shapes.items()}
    layers = [
        f'[[layer]]\nkind = "affine"\nW = {start[W].tolist()}\nb = {start[b].tolist()}\n'
        for W, b in (("W1", "b1"), ("W2", "b2"))
    ]
    text = f'format = 1\ntitle = "784-50-10"\n[data]\nx = {x.tolist()}\nt = {t.tolist()}\n'
    text += layers[0] + '[[layer]]\nkind = "tanh"\n' + layers[1] + '[loss]\nkind = "softmax_cross_entropy"\n'
    return text, start, x, t


def test_its_numbers_are_those_of_a_straightforward_calculation() -> None:
    text, start, x, t = big()

    def loss(**p: Array) -> float:
        u = np.tanh(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        y = np.exp(u) / np.exp(u).sum(axis=1, keepdims=True)
        return float(-(t * np.log(y)).sum() / 3)

    result = checked(scenario_of(text), most=240)
    assert (result.checked, result.size, result.passed) == (240, 784 * 50 + 50 + 500 + 10, True)
    for matrix in result.matrices:
        for element in matrix.elements:
            shift = np.zeros(matrix.shape)
            shift[element.index] = 1e-4
            up = loss(**start | {matrix.symbol: start[matrix.symbol] + shift})
            down = loss(**start | {matrix.symbol: start[matrix.symbol] - shift})
            assert element.numerical == pytest.approx((up - down) / 2e-4, rel=1e-9, abs=2e-10)
            assert element.difference == abs(element.backprop - element.numerical)
    assert result.seconds > 100 * result.seconds_backprop / 50  # 480 passes and more against one and a half
