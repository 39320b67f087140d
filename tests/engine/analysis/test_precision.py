"""Claims about what float64 cannot say: it is told at the step, with the number that is meant.

True values are worked out with Python's decimals.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest

from gradstep.engine import Timeline
from gradstep.engine.analysis.precision import coarse_slope
from gradstep.engine.program.expression import Element, evaluate
from gradstep.tui.cli import main
from gradstep.tui.pages.explanation import tell
from gradstep.tui.pages.step import step_panel
from gradstep.tui.pages.view import View
from gradstep.tui.text.notation import Notation
from tests.strategies import scenario_of


def net(kind: str, u: float, extra: str = "") -> str:
    """A unit with this input, and another one that is not saturated."""
    return f"""
format = 1
title = "far out"
[data]
x = [[1.0]]
t = [[0.25, 0.25]]
[[layer]]
kind = "affine"
W = [[{u}, 0.5]]
b = [0.0, 0.0]
[[layer]]
kind = "{kind}"
{extra}
[loss]
kind = "squared_error"
"""


def true_slope(kind: str, u: float) -> float:
    with localcontext() as context:
        context.prec = 60
        e = (-abs(Decimal(u)) * (1 if kind == "sigmoid" else 2)).exp()
        return float((1 if kind == "sigmoid" else 4) * e / (1 + e) ** 2)


def at_delta(text: str) -> Timeline:
    timeline = Timeline(scenario_of(text))
    timeline.goto("1:delta1")
    return timeline


def told(timeline: Timeline, symbol: str, index: tuple[int, ...] = (0, 0)) -> str:
    lines = tell(timeline, Element(symbol, index), Notation(timeline.names), 10**6, digits=9, unroll=False).lines
    return "\n".join("".join(text for text, _ in line.pieces) for line in lines)


@pytest.mark.parametrize(
    ("kind", "u", "coarse"),
    [
        *(("sigmoid", u, True) for u in (36.0, 37.0, 38.5, 60.0, 700.0)),
        *(("tanh", u, True) for u in (18.0, 19.5, -18.0, -25.0, 300.0)),
        *(("sigmoid", u, False) for u in (0.0, 5.0, 25.0, -36.0, -60.0, -700.0)),
        *(("tanh", u, False) for u in (0.0, 3.0, -12.0)),
    ],
)
def test_a_derivative_that_rounding_has_taken_is_told_at_its_step_with_the_true_one(
    kind: str, u: float, coarse: bool
) -> None:
    timeline = at_delta(net(kind, u))
    found = coarse_slope(timeline.provenance(), "delta1")
    text = told(timeline, "delta1")
    assert ("comes out as" in text) == coarse
    assert "comes out as" not in told(timeline, "delta1", (0, 1))
    view = View(Notation(timeline.names))
    assert ("comes out as" in step_panel(timeline.moment(), view, 160, 20).inside.text) == coarse
    if not coarse:
        assert found is None
        return
    assert found is not None
    true = true_slope(kind, u)
    assert (found.element, found.value, found.others) == (Element("delta1", (0, 0)), u, 0)
    assert found.true == pytest.approx(true, rel=1e-12)
    z = float(timeline["y"][0, 0])
    assert found.computed == (z * (1 - z) if kind == "sigmoid" else 1 - z * z)
    assert abs(found.computed - true) > 5e-3 * true
    assert found.gradient == pytest.approx(float(timeline["dy"][0, 0]) * true, rel=1e-12)
    said = re.search(r"′\(u1\[0,0\]\) is (\S+) at", text)
    assert said is not None
    assert float(said[1]) == pytest.approx(true, rel=1e-8)


def test_one_is_off_by_four_per_cent_at_36_and_nothing_from_37_on() -> None:
    found = coarse_slope(at_delta(net("sigmoid", 36.0)).provenance(), "delta1")
    assert found is not None
    assert abs(found.computed / found.true - 1) == pytest.approx(0.04, abs=0.01)
    found = coarse_slope(at_delta(net("sigmoid", 37.0)).provenance(), "delta1")
    assert found is not None
    assert (found.computed, found.true > 0) == (0.0, True)


def test_the_derivative_of_another_place_is_told_too_and_that_of_another_function_is_not() -> None:
    at_input = at_delta(net("sigmoid", 40.0, 'derivative = "sigmoid"\nderivative_at = "input"'))
    assert coarse_slope(at_input.provenance(), "delta1") is not None
    relu = at_delta(net("relu", 40.0))
    assert coarse_slope(relu.provenance(), "delta1") is None


def test_what_was_set_by_hand_is_no_rounding() -> None:
    timeline = Timeline(scenario_of(net("sigmoid", 3.0)))
    for symbol, value in (("y", 0.9), ("u1", 60.0)):
        timeline.goto("1:y")
        timeline.edit(f"{symbol}[0,0]", value)
        timeline.goto("1:delta1")
        assert coarse_slope(timeline.provenance(), "delta1") is None
        assert "comes out as" not in told(timeline, "delta1")
        timeline.switch("original")


def test_it_is_in_the_json_of_an_explanation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "far.toml"
    path.write_text(net("tanh", 20.0), encoding="utf-8")
    assert main(["explain", str(path), "delta1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["coarse_derivative"]
    assert found["computed"] == 0.0
    assert found["true"] == pytest.approx(true_slope("tanh", 20.0), rel=1e-12)
    assert main(["explain", str(path), "delta1[0,1]", "--json"]) == 0
    assert "coarse_derivative" not in json.loads(capsys.readouterr().out)


# ── losses ───────────────────────────────────────────────────────────────────────────────────────────────────


def logits(u: list[list[float]], t: list[list[float]], loss: str = "") -> Timeline:
    """Softmax and cross-entropy of these logits."""
    text = f"""
format = 1
title = "logits"
data = {{x = [[1.0]], t = {t}}}
[[layer]]
kind = "affine"
W = {[[0.0] * len(u[0])]}
b = {u[0]}
[loss]
kind = "softmax_cross_entropy"
{loss}
"""
    timeline = Timeline(scenario_of(text))
    timeline.goto("1")
    return timeline


@pytest.mark.parametrize(
    ("u", "t", "loss"),
    [
        ([1e308, -1e308, 0.0], [1.0, 0.0, 0.0], 0.0),
        ([1e308, -1e308, 0.0], [0.0, 0.0, 1.0], 1e308),
        ([1e308, -1e308, 0.0], [0.0, 1.0, 0.0], math.inf),
        ([-1.7e308, 1.7e308], [0.0, 1.0], 0.0),
        ([1.0, 1.0], [1.0, 0.0], math.log(2.0)),
    ],
)
def test_logits_that_lie_further_apart_than_a_double_reaches_have_the_loss_that_they_have(
    u: list[float], t: list[float], loss: float
) -> None:
    timeline = logits([u], [t])
    assert float(timeline["E"]) == pytest.approx(loss, rel=1e-12)
    expression = timeline.program.element("E", ())
    assert expression is not None
    assert evaluate(expression, timeline.values().__getitem__) == pytest.approx(loss, rel=1e-12)
    assert np.isfinite(timeline["delta1"]).all()


def test_a_loss_below_0_is_told_with_the_epsilon_that_makes_it_so() -> None:
    timeline = logits([[20.0, 0.0]], [[1.0, 0.0]], "epsilon = 1e-7")
    assert float(timeline["E"]) == pytest.approx(-9.79e-8, rel=1e-2)
    with localcontext() as context:
        context.prec = 40
        exact = float((1 + Decimal(-20).exp()).ln())
    text = told(timeline, "E", ())
    assert "below 0 because of the ε" in text
    said = re.search(r"without ε the loss is (\S+),", text)
    assert said is not None
    assert float(said[1]) == pytest.approx(exact, rel=1e-6)
    timeline.goto("1:E")
    assert "below 0" in step_panel(timeline.moment(), View(Notation(timeline.names)), 200, 20).inside.text
    assert "below 0" not in told(logits([[2.0, 0.0]], [[1.0, 0.0]], "epsilon = 1e-7"), "E", ())


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_where_arithmetic_overflows_and_the_number_does_not_it_is_told() -> None:
    """1e200² − 1e200²: written out it is ∞ − ∞, whatever the kernel makes of it."""
    text = """
format = 1
title = "too large"
data = {x = [[1e200, 1e200]], t = [[0.0]]}
[[layer]]
kind = "affine"
W = [[1e200], [-1e200]]
b = [0.0]
[loss]
kind = "squared_error"
"""
    timeline = Timeline(scenario_of(text))
    timeline.goto("1:u1")
    kernel = float(timeline["u1"][0, 0])
    assert ("written out from the left it comes to NaN" in told(timeline, "u1")) == (not math.isnan(kernel))
    timeline.edit("u1[0,0]", 1.0)
    assert "written out" not in told(timeline, "u1")


@pytest.mark.parametrize("value", [math.inf, -math.inf, 7.0])
def test_whatever_a_kernel_makes_of_it_is_not_said_to_be_equal(value: float) -> None:
    timeline = logits([[1.0, 2.0]], [[1.0, 0.0]])
    expression = Element("u1", (0, 0)) - Element("u1", (0, 0))
    values = {"u1": np.asarray([[math.inf]])}
    text = Notation(timeline.names).numbers(expression, values, 9, value)
    assert " = " not in text
    assert " ≠ " in text
