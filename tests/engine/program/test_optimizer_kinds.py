"""Claims about the optimizers that can be named: what plain NumPy loops make, written as their sources write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gradstep.engine import Timeline
from gradstep.engine.program.optimizer_kinds import OPTIMIZERS
from gradstep.engine.program.program import Phase, Role
from tests.strategies import scenario_of

Arrays = dict[str, np.ndarray]
RATE, ITERATIONS = 0.05, 50
NAMES = ("W1", "b1", "W2", "b2")


def net(optimizer: str, seed: int, iterations: int = ITERATIONS) -> str:
    """A random net of 3-4-2 with sigmoid and tanh; six samples."""
    draw = np.random.default_rng(seed)
    rows = {"x": draw.normal(size=(6, 3)), "t": draw.normal(size=(6, 2))}
    sizes = {"W1": (3, 4), "b1": (4,), "W2": (4, 2), "b2": (2,)}
    given = {name: draw.normal(size=shape).tolist() for name, shape in sizes.items()}
    return f"""
format = 1
title = "a random net"
[data]
x = {rows["x"].tolist()}
t = {rows["t"].tolist()}
[[layer]]
kind = "affine"
W = {given["W1"]}
b = {given["b1"]}
[[layer]]
kind = "sigmoid"
[[layer]]
kind = "affine"
W = {given["W2"]}
b = {given["b2"]}
[[layer]]
kind = "tanh"
[loss]
kind = "squared_error"
reduction = "mean"
[training]
iterations = {iterations}
[optimizer]
{optimizer}
"""


def gradients(x: np.ndarray, t: np.ndarray, p: Arrays) -> Arrays:
    """By hand, for ½ Σ (y − t)² / N."""
    z = 1 / (1 + np.exp(-(x @ p["W1"] + p["b1"])))
    y = np.tanh(z @ p["W2"] + p["b2"])
    delta2 = (y - t) / len(x) * (1 - y**2)
    delta1 = delta2 @ p["W2"].T * z * (1 - z)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0), "W2": z.T @ delta2, "b2": delta2.sum(axis=0)}


def plain_loop(text: str, update: Callable[[np.ndarray, np.ndarray, dict[str, Any], int], np.ndarray]) -> Arrays:
    """Every parameter after the run, by `update` of parameter, gradient, what is kept of it, and iteration."""
    scenario = scenario_of(text)
    assert scenario.dataset is not None
    p = {name: scenario.program.start[name].copy() for name in NAMES}
    kept: dict[str, dict[str, Any]] = {name: {} for name in NAMES}
    for iteration in range(1, scenario.course.iterations + 1):
        for name, g in gradients(scenario.dataset.x, scenario.dataset.t, p).items():
            p[name] = update(p[name], g, kept[name], iteration)
    return p


# ── as the sources write them ────────────────────────────────────────────────────────────────────────────────


def torch_sgd(momentum: float, dampening: float = 0.0, *, nesterov: bool = False) -> Any:
    """torch.optim.SGD: the buffer begins as the first gradient."""

    def update(p: np.ndarray, g: np.ndarray, kept: dict[str, Any], k: int) -> np.ndarray:
        kept["b"] = g if k == 1 else momentum * kept["b"] + (1 - dampening) * g
        return p - RATE * (g + momentum * kept["b"] if nesterov else kept["b"])

    return update


def book_momentum(p: np.ndarray, g: np.ndarray, kept: dict[str, Any], k: int) -> np.ndarray:
    """Deep Learning from Scratch, section 6.1.4."""
    kept["v"] = 0.9 * kept.get("v", 0.0) - RATE * g
    return p + kept["v"]


def bengio_nesterov(p: np.ndarray, g: np.ndarray, kept: dict[str, Any], k: int) -> np.ndarray:
    """Bengio et al. (2013), equation 7: Θ + μ² v(t − 1) − (1 + μ) ε g."""
    before = kept.get("v", 0.0)
    kept["v"] = 0.9 * before - RATE * g
    return p + 0.9 * 0.9 * before - (1 + 0.9) * RATE * g


def adagrad(epsilon: float, *, inside: bool = False) -> Any:
    def update(p: np.ndarray, g: np.ndarray, kept: dict[str, Any], k: int) -> np.ndarray:
        kept["h"] = kept.get("h", 0.0) + g * g
        root = np.sqrt(kept["h"] + epsilon) if inside else np.sqrt(kept["h"]) + epsilon
        return p - RATE * g / root

    return update


def rmsprop(decay: float, epsilon: float, *, inside: bool = False) -> Any:
    def update(p: np.ndarray, g: np.ndarray, kept: dict[str, Any], k: int) -> np.ndarray:
        kept["v"] = decay * kept.get("v", 0.0) + (1 - decay) * g * g
        root = np.sqrt(kept["v"] + epsilon) if inside else np.sqrt(kept["v"]) + epsilon
        return p - RATE * g / root

    return update


def adam(
    epsilon: float = 1e-8,
    beta1: float = 0.9,
    beta2: float = 0.999,
    *,
    decay: float = 0.0,
    corrected: bool = True,
    inside: bool = False,
) -> Any:
    """Kingma & Ba, algorithm 1; with decay Loshchilov & Hutter's, times the learning rate."""

    def update(p: np.ndarray, g: np.ndarray, kept: dict[str, Any], k: int) -> np.ndarray:
        kept["m"] = beta1 * kept.get("m", 0.0) + (1 - beta1) * g
        kept["v"] = beta2 * kept.get("v", 0.0) + (1 - beta2) * g * g
        m, v = kept["m"], kept["v"]
        if corrected:
            m, v = m / (1 - beta1**k), v / (1 - beta2**k)
        root = np.sqrt(v + epsilon) if inside else np.sqrt(v) + epsilon
        return (1 - RATE * decay) * p - RATE * m / root

    return update


def book_adam(p: np.ndarray, g: np.ndarray, kept: dict[str, Any], k: int) -> np.ndarray:
    """Deep Learning from Scratch's optimizer: means that go towards the gradient, a corrected rate, ε at √v."""
    m, v = kept.get("m", np.zeros_like(p)), kept.get("v", np.zeros_like(p))
    kept["m"], kept["v"] = m + (1 - 0.9) * (g - m), v + (1 - 0.999) * (g**2 - v)
    rate = RATE * np.sqrt(1 - 0.999**k) / (1 - 0.9**k)
    return p - rate * kept["m"] / (np.sqrt(kept["v"]) + 1e-7)


MOMENTUM = 'kind = "momentum"\nmomentum = 0.9'
NESTEROV = 'kind = "nesterov"\nmomentum = 0.9'
CASES = {
    "momentum": (MOMENTUM, torch_sgd(0.9)),
    "momentum, damped": (f"{MOMENTUM}\ndampening = 0.3", torch_sgd(0.9, 0.3)),
    "momentum of textbooks": (f'{MOMENTUM}\nconvention = "textbook"', book_momentum),
    "nesterov": (NESTEROV, torch_sgd(0.9, nesterov=True)),
    "nesterov of textbooks": (f'{NESTEROV}\nconvention = "textbook"', bengio_nesterov),
    "adagrad": ('kind = "adagrad"', adagrad(1e-10)),
    "adagrad, inside": ('kind = "adagrad"\nepsilon = 0.01\nepsilon_at = "inside"', adagrad(0.01, inside=True)),
    "rmsprop": ('kind = "rmsprop"', rmsprop(0.99, 1e-8)),
    "rmsprop, inside": (
        'kind = "rmsprop"\ndecay = 0.9\nepsilon = 1e-3\nepsilon_at = "inside"',
        rmsprop(0.9, 1e-3, inside=True),
    ),
    "adam": ('kind = "adam"', adam()),
    "adam, betas": ('kind = "adam"\nbeta1 = 0.5\nbeta2 = 0.9\nepsilon = 1e-4', adam(1e-4, 0.5, 0.9)),
    "adam, inside": ('kind = "adam"\nepsilon = 1e-4\nepsilon_at = "inside"', adam(1e-4, inside=True)),
    "adam, biased": ('kind = "adam"\nbias_correction = false', adam(corrected=False)),
    "adam of the book": ('kind = "adam"\nepsilon = 1e-7\nepsilon_at = "uncorrected"', book_adam),
    "adamw": ('kind = "adamw"', adam(decay=0.01)),
    "adamw, decay": ('kind = "adamw"\nweight_decay = 0.3\nbias_correction = false', adam(decay=0.3, corrected=False)),
}
CASE = pytest.mark.parametrize("case", CASES)


@CASE
@pytest.mark.parametrize("seed", range(3))
def test_parameters_are_those_of_a_plain_loop(case: str, seed: int) -> None:
    lines, update = CASES[case]
    text = net(f"{lines}\nlearning_rate = {RATE}", seed)
    timeline = Timeline(scenario_of(text))
    timeline.goto("end")
    for name, expected in plain_loop(text, update).items():
        # Numbers are about 1. Where gradients are almost 0, a division by their size makes last bits larger.
        assert_allclose(timeline[f"{name}_next"], expected, rtol=1e-9, atol=1e-9, err_msg=name)


def test_every_kind_has_a_case() -> None:
    assert {"sgd", *(case.split(",")[0].split(" ")[0] for case in CASES)} == set(OPTIMIZERS)


@CASE
def test_a_run_at_full_speed_makes_the_bits_of_its_steps(case: str) -> None:
    timeline = Timeline(scenario_of(net(f"{CASES[case][0]}\nlearning_rate = {RATE}", 1, 30)))
    timeline.goto("end")
    fast = {name: array.tobytes() for name, array in timeline.values().items()}
    timeline.goto("start")
    while timeline.step():
        pass
    assert {name: array.tobytes() for name, array in timeline.values().items()} == fast


@CASE
def test_a_frozen_parameter_stays_and_has_nothing_kept(case: str) -> None:
    text = net(f'{CASES[case][0]}\nlearning_rate = {RATE}\nfrozen = ["W1", "b2"]', 1, 5)
    timeline = Timeline(scenario_of(text))
    start = {name: timeline[name] for name in ("W1", "b2")}
    timeline.goto("end")
    assert all((timeline[f"{name}_next"] == before).all() for name, before in start.items())
    updates = [step.symbol for step in timeline.program.steps if step.phase is Phase.UPDATE]
    assert not [name for name in updates if "W1" in name.removesuffix("_next")[2:] or name.startswith("b2_hat")]
    state = {each.of for each in timeline.program.symbols.values() if each.role is Role.STATE}
    assert state == {"b1", "W2"}


def test_what_no_line_reads_is_no_symbol() -> None:
    symbols = scenario_of(net(f'{MOMENTUM}\nlearning_rate = 0.1\nconvention = "textbook"', 1)).program.symbols
    assert "momentum" in symbols
    assert "dampening" not in symbols
