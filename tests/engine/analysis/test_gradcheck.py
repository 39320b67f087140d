"""The gradient check finds wrong gradients, names what only looks like one, and leaves everything as it was."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradstep.engine import Scenario, Timeline, load_scenario
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.analysis.verdicts import VERDICTS, GradientCheck, Kink, as_json
from gradstep.engine.arrays import Array
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.operations import activations
from gradstep.engine.program.program import Step
from tests.strategies import SMOOTH, graphs, layered, scenario_of, scenarios
from tests.walks import RUNNABLE, bits

# ── the bundled scenarios ────────────────────────────────────────────────────────────────────────────────────


def checked(scenario: Scenario, at: str = "1", **options: Any) -> GradientCheck:
    timeline = Timeline(scenario)
    timeline.goto(at)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return check(timeline, **options)


def verdicts(result: GradientCheck) -> dict[str, str]:
    return {matrix.symbol: matrix.verdict for matrix in result.matrices}


loaded = cache(load_scenario)


@pytest.mark.parametrize("at", ["start", "1", "2", "1:2", "5:2", "end"])
@pytest.mark.parametrize("name", sorted({*RUNNABLE} - {"two-layer-digits"}))
def test_of_the_bundled_scenarios_only_the_one_as_printed_is_wrong_where_it_says(name: str, at: str) -> None:
    scenario = loaded(name)
    result = checked(scenario, at if at in ("start", "end") or int(at[0]) <= scenario.course.iterations else "end")
    assert (result.finished, result.sampled, result.checked) == (True, False, result.size)
    assert result.forward_passes >= 2 * result.checked > 0
    wrong = {matrix.symbol for matrix in result.matrices if matrix.verdict == "wrong"}
    assert wrong == ({"W1", "b1"} if name == "sgd-regression-as-printed" else set())
    assert result.passed == (not wrong and result.compared == result.checked)
    for matrix in result.matrices:
        assert [cause.symbol for cause in matrix.causes] == (["delta1"] if matrix.symbol in wrong else [])
        assert all("not the derivative of the forward pass: relu forward" in cause.note for cause in matrix.causes)
        ranks = [VERDICTS.index(element.verdict) for element in matrix.elements]
        assert ranks == sorted(ranks)


def test_what_is_checked_of_graphs_are_their_inputs() -> None:
    assert verdicts(checked(loaded("apples"))) == dict.fromkeys(["apple", "apple_num", "tax"], "agrees")
    found = {matrix.symbol: matrix.elements[0].numerical for matrix in checked(loaded("apples-and-oranges")).matrices}
    wanted = {"apple": 2.2, "apple_num": 110.0, "orange": 3.3, "orange_num": 165.0, "tax": 650.0}
    assert found == pytest.approx(wanted, rel=1e-9)


def test_digits_are_sampled_and_their_kinks_are_named() -> None:
    result = checked(loaded("two-layer-digits"), most=600)
    assert (result.checked, result.size, result.sampled, result.finished) == (600, 3760, True, True)
    assert [(matrix.checked, matrix.size) for matrix in result.matrices] == [
        (270, 3200),
        (50, 50),
        (270, 500),
        (10, 10),
    ]
    assert result.passed
    assert set(verdicts(result).values()) <= {"agrees", "kink"}
    kinks = [element for element in result.matrices[0].elements if element.verdict == "kink"]
    assert kinks
    for element in kinks:
        assert element.kink is not None
        assert (element.kink.kind, element.kink.symbol, element.kink.layer) == ("relu", "u1", "layer 1")
        row, unit = element.kink.index
        assert (unit, row < 100, element.kinks >= 1) == (element.index[1], True, True)


def test_of_a_run_that_goes_nan_nothing_is_wrong_but_nothing_can_be_compared_and_so_nothing_passes() -> None:
    scenario = loaded("sgd-regression-wide")
    for at in range(6, 11):  # on the way there E grows so large that it hides the smaller gradients
        found = checked(scenario, str(at))
        assert set(found.counts) <= {"agrees", "lost in rounding"}
        assert found.compared >= 24
    for late in ("11", "12", "100"):
        result = checked(scenario, late)
        assert set(verdicts(result).values()) == {"not finite"}
        assert (result.passed, result.counts, result.compared) == (False, {"not finite": 41}, 0)
        assert not any(matrix.passed for matrix in result.matrices)
        found = as_json(result)
        assert (found["passed"], found["checked"], found["compared"]) == (False, 41, 0)
    early = checked(scenario, "5")
    assert set(verdicts(early).values()) == {"agrees"}
    assert np.nanmax([abs(element.backprop) for element in early.matrices[0].elements]) > 100


def test_where_some_elements_are_not_finite_the_others_are_compared_and_the_whole_does_not_pass() -> None:
    result = checked(scenario_of(PARTLY_INFINITE))
    assert verdicts(result) == {"W1": "not finite", "b1": "agrees"}
    assert result.matrices[0].counts == {"not finite": 1, "agrees": 1}
    assert (result.checked, result.compared, result.passed) == (3, 2, False)
    assert [matrix.passed for matrix in result.matrices] == [False, True]
    assert (result.matrices[0].compared, result.matrices[1].compared) == (1, 1)


def test_what_smaller_steps_came_to_is_given_with_its_relative_difference() -> None:
    result = checked(loaded("mazur-2-2-2"), h=1.0)
    assert set(verdicts(result).values()) == {"agrees"}
    for element in (element for matrix in result.matrices for element in matrix.elements):
        assert element.relative > 1e-5
        assert element.refined is not None
        assert element.refined_relative is not None
        assert element.refined_relative < 1e-6
        assert element.refined_relative == pytest.approx(
            abs(element.refined - element.backprop) / max(abs(element.refined), abs(element.backprop)), rel=1e-6
        )
    found = as_json(result)["gradients"][0]["worst"][0]
    assert found["refined_relative"] < found["relative"]


DWARFED = """
format = 1
title = "a derivative as it is not, beside a large output"
data = {x = [[1.0]], t = [[0.0, 0.0]]}
parameters = {A = [[0.7]], a = [0.1], V = [[1.0, 0.0]], c = [0.0, LARGE]}
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 0.1}
[[node]]
name = "u"
kind = "affine"
inputs = ["x", "A", "a"]
[[node]]
name = "s"
kind = "sigmoid"
inputs = ["u"]
WRONG
[[node]]
name = "y"
kind = "affine"
inputs = ["s", "V", "c"]
"""


@pytest.mark.parametrize(
    ("large", "wrong", "right"),
    [
        (1.0, "wrong", "agrees"),
        (1e3, "wrong", "agrees"),
        (3e4, "wrong", "agrees"),
        (1e5, "wrong", "lost in rounding"),
        (1e6, "lost in rounding", "lost in rounding"),
        (1e9, "lost in rounding", "lost in rounding"),
    ],
)
def test_a_gradient_that_the_rounding_of_the_loss_hides_neither_agrees_nor_differs(
    large: float, wrong: str, right: str
) -> None:
    text = DWARFED.replace("LARGE", repr(large))
    foreign = 'derivative = "sigmoid"\nderivative_at = "output"'
    for line, verdict in ((foreign, wrong), ("", right)):
        result = checked(scenario_of(text.replace("WRONG", line)))
        found = verdicts(result)
        assert (found["A"], found["a"]) == (verdict, verdict)
        # An element that is lost beside others that agree fails nothing: so it is in V and c.
        assert [m.passed for m in result.matrices] == [
            m.symbol not in "Aa" or verdict == "agrees" for m in result.matrices
        ]
        assert result.passed == (verdict == "agrees")
        assert result.compared == sum(e.verdict != "lost in rounding" for m in result.matrices for e in m.elements)


def test_where_a_larger_step_shows_what_rounding_hides_it_decides() -> None:
    text = DWARFED.replace("LARGE", "30000.0")
    (element,) = checked(scenario_of(text.replace("WRONG", ""))).matrices[0].elements
    assert (element.verdict, element.widened) == ("agrees", True)
    assert element.refined == pytest.approx(element.backprop, rel=1e-4)


CONVERGING = """
format = 1
title = "outputs that come to meet their targets"
data = {x = [[0.3], [0.7]], t = [[0.5], [1.3]]}
loss = {kind = "squared_error"}
optimizer = {kind = "sgd", learning_rate = 0.5}
[[layer]]
kind = "affine"
W = [[0.1]]
b = [0.7]
LAYER
[training]
iterations = 5000
"""


@pytest.mark.parametrize("layer", ["", '[[layer]]\nkind = "affine"\nW = [[40.0]]\nb = [-2.0]'])
def test_where_outputs_meet_their_targets_rounding_makes_no_gradient_wrong(layer: str) -> None:
    text = CONVERGING.replace("LAYER", layer)
    if layer:
        text = text.replace("learning_rate = 0.5", "learning_rate = 0.0005")
    timeline = Timeline(scenario_of(text))
    for at in (1, 50, 200, 600, 700, 1000, 3000, 5000):
        timeline.goto(str(at))
        found = check(timeline)
        assert set(found.counts) <= {"agrees", "lost in rounding"}, at
        assert found.passed or at > 200


@pytest.mark.parametrize("value", [1e4, 1e12, np.inf, np.nan])
def test_a_loss_that_was_set_by_hand_excuses_nothing(value: float) -> None:
    timeline = Timeline(loaded("sgd-regression-as-printed"))
    timeline.goto("1:E")
    plain = check(timeline)
    timeline.edit("E", value)
    found = check(timeline)
    assert [m.elements for m in found.matrices] == [m.elements for m in plain.matrices]
    assert found.counts["wrong"] == 30


def test_a_program_without_parameters_has_nothing_that_could_pass() -> None:
    result = checked(scenario_of(NOTHING_TO_CHECK))
    assert (result.size, result.checked, result.finished, result.passed) == (0, 0, True, False)


def test_frozen_parameters_are_checked_too() -> None:
    text = FLAT + '[optimizer]\nkind = "sgd"\nlearning_rate = 0.1\nfrozen = ["W1", "b1"]\n'
    assert verdicts(checked(scenario_of(text))) == {"W1": "agrees", "b1": "agrees"}


# ── epsilon and kinks ────────────────────────────────────────────────────────────────────────────────────────

FLAT = """
format = 1
title = "one affine layer"
[data]
x = [[1.0, -0.5], [0.3, 2.0]]
t = [[1.0], [0.0]]
[[layer]]
kind = "affine"
W = [[0.4], [-0.7]]
b = [0.2]
[loss]
kind = "squared_error"
"""


# Half the square of 1e200 h is more than a double can hold: W1[0,0] has a gradient, but no difference to compare with.
PARTLY_INFINITE = """
format = 1
title = "one input that is far too large, and does not matter"
[data]
x = [[1e200, 1.0]]
t = [[1.0]]
[[layer]]
kind = "affine"
W = [[0.0], [0.7]]
b = [0.2]
[loss]
kind = "squared_error"
"""

NOTHING_TO_CHECK = """
format = 1
title = "a graph of the data alone"
[data]
x = [[0.5]]
t = [[1.0]]
[[node]]
name = "y"
kind = "sigmoid"
inputs = ["x"]
[loss]
kind = "squared_error"
"""


def test_a_shown_epsilon_is_named_after_the_exact_loss_was_seen_to_agree() -> None:
    result = checked(loaded("relu-softmax-2-3-2"))
    assert set(verdicts(result).values()) == {"epsilon"}
    for element in (element for matrix in result.matrices for element in matrix.elements):
        assert element.relative == pytest.approx(1e-7 / 0.91293423, rel=0.25)  # ε/(y + ε); truncation is 1e-8
        assert element.refined == pytest.approx(element.backprop, rel=1e-8)


@given(layered(activations=SMOOTH, epsilon=True))
@settings(max_examples=30, deadline=None)
def test_epsilon_is_the_only_thing_that_is_named_in_smooth_nets(text: str) -> None:
    result = checked(scenario_of(text))
    allowed = {"agrees", "epsilon"} if "epsilon = 1e-07" in text or "epsilon = 0.125" in text else {"agrees"}
    assert set(verdicts(result).values()) <= allowed


def test_epsilon_excuses_no_wrong_gradient() -> None:
    result = checked(scaled(loaded("relu-softmax-2-3-2"), "dW1", 1.001))
    assert verdicts(result) == {"W1": "wrong", "b1": "epsilon", "W2": "epsilon", "b2": "epsilon"}
    assert not result.passed


def kinked(kind: str, at: float, extra: str = "") -> Scenario:
    """Two units on two rows; the second unit of the first row has its input at `at`."""
    return scenario_of(
        f"""
format = 1
title = "at a kink"
[data]
x = [[1.0, 0.0], [0.0, 1.0]]
t = [[0.3, -0.5], [0.4, 2.0]]
[[layer]]
kind = "affine"
W = [[0.5, {at}], [0.7, 0.9]]
b = [0.0, 0.0]
[[layer]]
kind = "{kind}"
{extra}
[loss]
kind = "squared_error"
"""
    )


@pytest.mark.parametrize("at", [0.0, 3e-5, -9e-5])
@pytest.mark.parametrize("kind", ["relu", "step"])
def test_a_kink_within_reach_is_named_with_its_layer_row_and_unit(kind: str, at: float) -> None:
    result = checked(kinked(kind, at))
    assert result.passed
    assert verdicts(result) == {"W1": "kink", "b1": "kink"}
    weights = result.matrices[0]
    assert weights.counts == {"kink": 1, "agrees": 3}
    (element, *_) = weights.elements
    assert element.index == (0, 1)
    assert element.kink == Kink(kind, "u1", "layer 1", (0, 1), at)
    assert element.refined == pytest.approx(element.backprop, rel=1e-8)


def test_beyond_reach_there_is_no_kink() -> None:
    assert verdicts(checked(kinked("relu", 1.5e-4))) == {"W1": "agrees", "b1": "agrees"}
    assert verdicts(checked(kinked("relu", 1.5e-4), h=1e-3)) == {"W1": "kink", "b1": "kink"}


def test_a_kink_excuses_no_wrong_gradient() -> None:
    scenario = kinked("relu", 3e-5)
    assert verdicts(checked(scaled(scenario, "dW1", 1.001))) == {"W1": "wrong", "b1": "kink"}
    result = checked(kinked("relu", 3e-5, 'derivative = "sigmoid"'))
    assert verdicts(result) == {"W1": "wrong", "b1": "wrong"}
    assert [[cause.symbol for cause in matrix.causes] for matrix in result.matrices] == [["delta1"], ["delta1"]]


def test_beside_an_epsilon_a_kink_is_named() -> None:
    text = """
format = 1
title = "both"
[data]
x = [[1.0]]
t = [[1, 0]]
[[layer]]
kind = "affine"
W = [[0.5, 1e-5]]
b = [0.0, 0.0]
[[layer]]
kind = "relu"
[[layer]]
kind = "affine"
W = [[0.5, 0.2], [-0.4, 0.3]]
b = [0.0, 0.0]
[loss]
kind = "softmax_cross_entropy"
epsilon = 0.1
"""
    weights = checked(scenario_of(text)).matrices[0]
    assert {element.index: element.verdict for element in weights.elements} == {(0, 0): "epsilon", (0, 1): "kink"}


# ── random nets and graphs ───────────────────────────────────────────────────────────────────────────────────


@given(scenarios())
@settings(max_examples=120, deadline=None)
def test_random_nets_and_graphs_pass(text: str) -> None:
    result = checked(scenario_of(text))
    assert result.passed or not result.size, [m.elements[0] for m in result.matrices if not m.passed]
    assert result.finished
    json.dumps(as_json(result))


@given(layered(activations=("relu", "step"), epsilon=True), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_random_nets_at_their_kinks_pass(text: str, seed: int) -> None:
    """Every parameter and number of the data is 0, ±½ or ±1, so that many sums are exactly 0."""
    generator = np.random.default_rng(seed)
    scenario = scenario_of(text)
    start = {
        name: generator.integers(-2, 3, array.shape) / 2 if array.shape else array
        for name, array in scenario.program.start.items()
    }
    result = checked(scenario.with_program(replace(scenario.program, start=start)))
    assert result.passed, [m.elements[0] for m in result.matrices if not m.passed]


UNNORMALISED = """
format = 1
title = "inputs that nobody normalised: over h the loss bends sharply"
[data]
x = [[31000.0, -2500.0], [120.0, 9000.0], [-400.0, 60000.0]]
t = [[1.0, 0.0], [0.0, 1.0], [0.5, -1.0]]
[[layer]]
kind = "affine"
W = [[2.1e-5, -1.3e-5, 3e-5], [1.7e-5, 2.2e-5, -0.9e-5]]
b = [0.2, -0.1, 0.3]
[[layer]]
kind = "tanh"
[[layer]]
kind = "affine"
W = [[0.5, 0.3], [-0.8, 1.1], [0.2, 0.9]]
b = [0.0, 0.1]
[[layer]]
kind = "sigmoid"
[loss]
kind = "squared_error"
"""


def test_a_step_too_large_for_the_loss_is_made_smaller() -> None:
    result = checked(scenario_of(UNNORMALISED))
    assert set(verdicts(result).values()) == {"agrees"}
    worst = result.matrices[0].elements[0]
    assert worst.relative > 0.01  # the plain difference says nothing here
    assert worst.refined == pytest.approx(worst.backprop, rel=1e-5)
    assert not checked(scaled(scenario_of(UNNORMALISED), "dW1", 1.001)).passed


# ── programs that are wrong ──────────────────────────────────────────────────────────────────────────────────


def mutated(scenario: Scenario, symbol: str, change: Callable[[Step], Step]) -> Scenario:
    program = scenario.program
    return scenario.with_program(program.with_step(change(program.steps[program.writers[symbol]])))


def scaled(scenario: Scenario, symbol: str, factor: float) -> Scenario:
    """A step's result is so many times what it should be."""

    def change(step: Step) -> Step:
        own = step.operation

        def kernel(out: Array, *operands: Array) -> Any:
            return (*own.kernel(out, *operands), lambda: np.multiply(out, factor, out))

        return replace(step, operation=Operation(own.name, kernel, own.shape, own.formula, own.element))

    return mutated(scenario, symbol, change)


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


# ── samples, stopping, and what stays as it was ──────────────────────────────────────────────────────────────


def test_a_sample_has_the_largest_gradients_of_each_matrix_and_is_the_same_each_time() -> None:
    scenario = loaded("two-layer-digits")
    one, two = checked(scenario, most=90), checked(scenario, most=90)
    timeline = Timeline(scenario)
    timeline.goto("1")
    assert [m.checked for m in one.matrices] == [27, 26, 27, 10]
    for matrix, again in zip(one.matrices, two.matrices, strict=True):
        assert matrix.elements == again.elements
        found = [abs(element.backprop) for element in matrix.elements]
        largest = np.sort(np.abs(timeline[matrix.gradient]).reshape(-1))[::-1]
        assert set(largest[: -(-len(found) // 4)]) <= set(found)
        assert len({element.index for element in matrix.elements}) == len(found)
    assert [m.checked for m in checked(scenario, most=1).matrices] == [1, 1, 1, 1]


def test_it_can_be_stopped_and_says_how_far_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gradstep.engine.progress.PULSE", 0.0)
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 7

    result = checked(loaded("mazur-2-2-2"), progress=progress)
    assert seen == [(done, 12) for done in range(8)]
    assert (result.finished, result.checked, result.planned, result.size) == (False, 7, 12, 12)
    assert verdicts(result) == {"W1": "agrees", "b1": "agrees", "W2": "agrees", "b2": "unchecked"}
    assert [matrix.checked for matrix in result.matrices] == [4, 2, 1, 0]
    assert result.passed
    seen.clear()
    whole = checked(loaded("mazur-2-2-2"), progress=lambda done, total: bool(seen.append((done, total))) or True)
    assert whole.finished
    assert seen[-1] == (12, 12)
    none = checked(loaded("mazur-2-2-2"), progress=lambda done, total: False)
    assert (none.checked, none.finished) == (0, False)


def test_cursor_and_values_stay_as_they_were() -> None:
    for name, at in (("relu-softmax-2-3-2", "2:z1"), ("sgd-regression-as-printed", "30"), ("apples", "start")):
        timeline = Timeline(loaded(name))
        timeline.goto(at)
        before, position = bits(timeline.values()), timeline.position
        moment = timeline.moment()
        result = check(timeline)
        assert (result.position, timeline.position) == (position, position)
        assert bits(timeline.values()) == before
        after = timeline.moment()
        assert (after.losses.tobytes(), after.known.tobytes()) == (moment.losses.tobytes(), moment.known.tobytes())
        untouched = Timeline(loaded(name))
        for _ in range(10):
            timeline.step()
        untouched.goto(timeline.position)
        assert bits(timeline.values()) == bits(untouched.values())


@pytest.mark.parametrize(("option", "value"), [("h", 0.0), ("h", float("nan")), ("most", 0), ("tolerance", -1.0)])
def test_impossible_options_are_refused(option: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{option} is .* positive number is expected"):
        checked(loaded("apples"), **{option: value})


# ── forks ────────────────────────────────────────────────────────────────────────────────────────────────────


def edited(at: str, name: str, value: float) -> GradientCheck:
    timeline = Timeline(loaded("mazur-2-2-2"))
    timeline.goto(at)
    timeline.edit(name, value)
    return check(timeline)


def test_a_fork_is_checked_with_its_own_values() -> None:
    plain = checked(loaded("mazur-2-2-2"))
    for at in ("start", "1:2"):  # both before anything has read it
        fork = edited(at, "W1[0,0]", 0.9)
        assert (fork.passed, fork.branch) == (True, "fork-1")
        numbers = [[element.numerical for element in m.elements] for m in fork.matrices]
        assert numbers != [[element.numerical for element in m.elements] for m in plain.matrices]
    assert edited("1:x", "x[0,1]", 3.0).passed


def test_an_edit_in_the_middle_of_an_iteration_is_named_where_it_spoils_a_gradient() -> None:
    assert edited("1:E", "W1[0,0]", 0.9).passed  # no step of the backward pass reads W1
    result = edited("1:E", "W2[0,0]", 0.9)  # dz1 = δ2·W2ᵀ does
    assert {matrix.symbol for matrix in result.matrices if not matrix.passed} == {"W1", "b1"}
    assert [(c.symbol, c.note) for c in result.matrices[0].causes] == [("W2", "W2[0,0] was set to 0.9 after E")]
    timeline = Timeline(load_scenario("mazur-2-2-2"))
    timeline.goto("1:E")
    for value in (3.0, np.inf, 0.9):
        timeline.edit("W2[0,0]", value)
    assert [cause.note for cause in check(timeline).matrices[0].causes] == ["W2[0,0] was set to 0.9 after E"]
    result = edited("1:delta2", "delta2[0,1]", 7.0)
    assert {matrix.symbol for matrix in result.matrices if not matrix.passed} == {"W1", "b1", "W2", "b2"}
    assert all(matrix.causes[0].symbol == "delta2" for matrix in result.matrices)
    result = edited("1:z1", "z1[0,0]", 0.5)  # dW2 sees it, but nothing flows back through it
    assert {matrix.symbol for matrix in result.matrices if not matrix.passed} == {"W1", "b1"}
    assert all([cause.symbol for cause in matrix.causes] == ["z1"] for matrix in result.matrices if not matrix.passed)
    result = edited("1:db2", "dW2[0,0]", 7.0)
    assert [(m.symbol, [c.symbol for c in m.causes]) for m in result.matrices if not m.passed] == [("W2", ["dW2"])]
    assert edited("1", "W1_next[0,0]", 9.0).passed
    assert edited("1:E", "E", 9.0).passed


def test_targets_that_are_no_probabilities_any_more_are_named() -> None:
    timeline = Timeline(loaded("relu-softmax-2-3-2"))
    timeline.goto("1:t")
    timeline.edit("t[0,0]", 0.5)
    for at in ("1", "2"):
        timeline.goto(at)
        result = check(timeline)
        assert not result.passed
        for matrix in result.matrices:
            assert [cause.symbol for cause in matrix.causes] == ["delta2"]
            assert matrix.causes[0].note.startswith("row 0 of t sums to 1.5;")


def test_targets_are_blamed_as_they_were_read_and_not_as_they_are_now() -> None:
    timeline = Timeline(loaded("relu-softmax-2-3-2"))
    timeline.goto("1:delta1")
    timeline.edit("delta1[0,0]", 0.9)
    timeline.goto("1:dW1")
    timeline.edit("t[0,0]", 5.0)  # δ2 has read it before
    causes = {matrix.symbol: [cause.symbol for cause in matrix.causes] for matrix in check(timeline).matrices}
    assert causes == {"W1": ["delta1"], "b1": ["delta1"], "W2": [], "b2": []}
    timeline.switch("original")
    timeline.goto("1:t")
    before = float(timeline["t"][0, 0])
    timeline.edit("t[0,0]", 5.0)
    timeline.goto("1:dW1")
    timeline.edit("t[0,0]", before)
    assert all([cause.symbol for cause in matrix.causes] == ["delta2"] for matrix in check(timeline).matrices)


# ── as JSON ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_as_json_is_made_of_plain_numbers() -> None:
    result = checked(loaded("sgd-regression-as-printed"), "3")
    found = json.loads(json.dumps(as_json(result, worst=3)))
    assert (found["passed"], found["finished"], found["checked"], found["elements"]) == (False, True, 41, 41)
    assert found["position"] == {"iteration": 3, "step": result.position.step, "phase": "update", "symbol": "b2_next"}
    assert found["verdicts"] == dict(result.counts)
    by_name = {each["symbol"]: each for each in found["gradients"]}
    assert [cause["symbol"] for cause in by_name["W1"]["causes"]] == ["delta1"]
    assert (by_name["W1"]["shape"], by_name["W1"]["verdict"], len(by_name["W1"]["worst"])) == ([2, 10], "wrong", 3)
    worst, element = by_name["W1"]["worst"][0], result.matrices[0].elements[0]
    assert (worst["backprop"], worst["numerical"], tuple(worst["index"])) == (
        element.backprop,
        element.numerical,
        element.index,
    )
    at_a_kink = as_json(checked(kinked("relu", 0.0)))["gradients"][0]["worst"][0]
    assert at_a_kink["kink"] == {"kind": "relu", "symbol": "u1", "layer": "layer 1", "index": (0, 1), "value": 0.0}
