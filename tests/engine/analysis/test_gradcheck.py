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

from gradstep.engine import Scenario, Timeline, load_scenario
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.analysis.verdicts import VERDICTS, GradientCheck, as_json
from gradstep.engine.arrays import Array
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.program import Step
from tests.strategies import scenario_of
from tests.walks import RUNNABLE

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
    stuck = name == "xor-stuck" and at == "end"  # some gradients are too small to be told there
    assert result.passed == (not wrong and (stuck or result.compared == result.checked))
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
        assert set(found.counts) <= {"agrees", "cannot be told"}
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
        (1e4, "wrong", "agrees"),
        (3e4, "wrong", "cannot be told"),
        (1e5, "wrong", "cannot be told"),
        (1e6, "cannot be told", "cannot be told"),
        (1e9, "cannot be told", "cannot be told"),
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
        assert result.compared == sum(e.verdict != "cannot be told" for m in result.matrices for e in m.elements)


def test_where_a_larger_step_shows_what_rounding_hides_it_decides() -> None:
    text = DWARFED.replace("LARGE", "10000.0")
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
        assert set(found.counts) <= {"agrees", "cannot be told"}, at
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
    assert at_a_kink["kink"] == {
        "kind": "relu",
        "symbol": "u1",
        "layer": "layer 1",
        "index": (0, 1),
        "value": 0.0,
        "gap": False,
    }
