"""Claims about the check of what has fooled checks: huge targets, lost gradients, steep losses, diverging nets.

Where the truth is more than a double says, it is computed with Python's decimals.
"""

from __future__ import annotations

import decimal
import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.analysis.gradcheck import check
from gradstep.engine.analysis.verdicts import GradientCheck, as_json
from gradstep.tui.cli import main
from tests.engine.analysis.test_gradcheck import verdicts
from tests.strategies import array, scenario_of

CASES = Path(__file__).parents[2] / "data" / "cases"


def case(name: str, at: str = "1") -> GradientCheck:
    timeline = Timeline(load_scenario(str(CASES / f"{name}.toml")))
    timeline.goto(at)
    return check(timeline)


def test_a_huge_target_elsewhere_lets_no_wrong_gradient_pass() -> None:
    """∂E/∂W1[1,1] is 0.0572 and comes out as 0.2278, beside a loss of 5e25."""
    result = case("check-passes-wrongly-large-target")
    assert not result.passed
    assert not any(matrix.passed for matrix in result.matrices if matrix.symbol in ("W1", "b1"))
    assert {each.verdict for each in result.matrices[0].elements} <= {"wrong", "cannot be told"}


def test_zeros_that_agree_do_not_make_up_for_what_matters() -> None:
    """Units that are closed get a quarter of their upstream gradient, of some 1e62, instead of nothing."""
    result = case("check-passes-wrongly-lost", "9:db1")
    assert not result.passed
    found = {matrix.symbol: matrix for matrix in result.matrices}
    assert not found["W1"].passed
    assert not found["b1"].passed
    assert found["b2"].passed


def test_a_loss_that_is_steep_beside_h_raises_no_alarm() -> None:
    result = case("check-alarms-wrongly-steep")
    assert set(verdicts(result).values()) <= {"agrees", "cannot be told"}
    decimal.getcontext().prec = 40
    u = decimal.Decimal(10**7) * 1 + decimal.Decimal("-9999999.5")
    e = (2 * u).exp()
    z = (e - 1) / (e + 1)
    target = decimal.Decimal("0.2")
    true = (z - target) * (1 - z * z)
    (bias,) = result.matrices[1].elements
    assert bias.backprop == pytest.approx(float(true), rel=1e-12)
    if bias.verdict == "agrees":
        assert bias.refined == pytest.approx(float(true), rel=1e-4)


def test_a_foreign_derivative_that_is_right_here_passes_and_is_named_all_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = str(CASES / "foreign-derivative-right-here.toml")
    assert main(["check", path]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "✓ ∂E/∂W1 (2 elements) agrees ⚠ δ1: not the derivative of the forward pass: relu forward" in told
    assert "at these numbers it comes to the same" in told
    for element in ("delta1", "dW1[1,0]"):
        assert main(["explain", path, element]) == 0
        told = " ".join(capsys.readouterr().out.split())
        assert "not the derivative of the forward pass" in told
        assert "at these numbers both come to the same" in told
    assert main(["explain", "sgd-regression-as-printed", "delta1"]) == 0
    assert "at these numbers" not in capsys.readouterr().out


# ── nets that diverge ────────────────────────────────────────────────────────────────────────────────────────


def diverging(seed: int) -> str:
    """A ReLU net of 2 to 4 layers whose learning rate is too large."""
    numbers = random.Random(seed)
    widths = [numbers.randint(1, 4) for _ in range(numbers.randint(3, 5))]
    rows = numbers.randint(1, 4)
    layers = []
    for inputs, units in pairwise(widths):
        W, b = array(numbers, (inputs, units), 2.0), array(numbers, (units,), 0.5)
        layers += ["[[layer]]", 'kind = "affine"', f"W = {W}", f"b = {b}", "[[layer]]", 'kind = "relu"']
    return "\n".join(
        [
            'format = 1\ntitle = "diverges"\n[data]',
            f"x = {array(numbers, (rows, widths[0]), 3.0)}",
            f"t = {array(numbers, (rows, widths[-1]), 3.0)}",
            *layers[: -2 if numbers.random() < 0.7 else None],
            '[loss]\nkind = "squared_error"',
            f'[optimizer]\nkind = "sgd"\nlearning_rate = {numbers.choice([0.5, 2.0, 10.0, 1e3, 1e6])}',
            "[training]\niterations = 60",
        ]
    )


def test_nets_that_diverge_are_checked_to_their_end() -> None:
    """All the way from finite numbers to NaN: no error, no false alarm, and nothing that is not finite passes."""
    ended = dict.fromkeys(("finite", "not finite"), 0)
    for seed in range(40):
        timeline = Timeline(scenario_of(diverging(seed)))
        for at in (1, 2, 3, 4, 6, 9, 14, 60):
            timeline.goto(str(at))
            result = check(timeline)
            assert result.finished
            json.dumps(as_json(result))
            assert "wrong" not in result.counts, (seed, at)
            finite = all(np.isfinite(timeline[matrix.gradient]).all() for matrix in result.matrices)
            assert not result.passed or finite
        ended["finite" if np.isfinite(timeline["E"]) else "not finite"] += 1
    assert ended["not finite"] >= 10
    assert ended["finite"] >= 10
