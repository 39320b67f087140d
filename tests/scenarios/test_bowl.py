"""Claims about the four paths down a bowl: each position is that of the textbook's optimizer classes, run here.

The classes are those of Saitoh, Deep Learning from Scratch (2016), section 6.1, line by line.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gradstep.engine import Timeline, load_scenario
from gradstep.engine.scenario.expectations import agrees_to_its_digits

UPDATES = 30


class SGD:
    def __init__(self, lr: float = 0.01) -> None:
        self.lr = lr

    def update(self, params: dict[str, Any], grads: dict[str, Any]) -> None:
        for key in params:
            params[key] -= self.lr * grads[key]


class Momentum:
    def __init__(self, lr: float = 0.01, momentum: float = 0.9) -> None:
        self.lr, self.momentum, self.v = lr, momentum, dict[str, Any]()

    def update(self, params: dict[str, Any], grads: dict[str, Any]) -> None:
        if not self.v:
            self.v = {key: np.zeros_like(value) for key, value in params.items()}
        for key in params:
            self.v[key] = self.momentum * self.v[key] - self.lr * grads[key]
            params[key] += self.v[key]


class AdaGrad:
    def __init__(self, lr: float = 0.01) -> None:
        self.lr, self.h = lr, dict[str, Any]()

    def update(self, params: dict[str, Any], grads: dict[str, Any]) -> None:
        if not self.h:
            self.h = {key: np.zeros_like(value) for key, value in params.items()}
        for key in params:
            self.h[key] += grads[key] * grads[key]
            params[key] -= self.lr * grads[key] / (np.sqrt(self.h[key]) + 1e-7)


class Adam:
    def __init__(self, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999) -> None:
        self.lr, self.beta1, self.beta2, self.iter = lr, beta1, beta2, 0
        self.m, self.v = dict[str, Any](), dict[str, Any]()

    def update(self, params: dict[str, Any], grads: dict[str, Any]) -> None:
        if not self.m:
            self.m = {key: np.zeros_like(value) for key, value in params.items()}
            self.v = {key: np.zeros_like(value) for key, value in params.items()}
        self.iter += 1
        lr_t = self.lr * np.sqrt(1.0 - self.beta2**self.iter) / (1.0 - self.beta1**self.iter)
        for key in params:
            self.m[key] += (1 - self.beta1) * (grads[key] - self.m[key])
            self.v[key] += (1 - self.beta2) * (grads[key] ** 2 - self.v[key])
            params[key] -= lr_t * self.m[key] / (np.sqrt(self.v[key]) + 1e-7)


BOWLS = {
    "bowl-sgd": lambda: SGD(lr=0.95),
    "bowl-momentum": lambda: Momentum(lr=0.1),
    "bowl-adagrad": lambda: AdaGrad(lr=1.5),
    "bowl-adam": lambda: Adam(lr=0.3),
}


@cache
def path(name: str) -> list[tuple[float, float]]:
    """Where the run begins, and where it is after each update."""
    optimizer, params = BOWLS[name](), {"x": np.array(-7.0), "y": np.array(2.0)}
    found = [(-7.0, 2.0)]
    for _ in range(UPDATES):
        optimizer.update(params, {"x": params["x"] / 10.0, "y": 2.0 * params["y"]})
        found.append((float(params["x"]), float(params["y"])))
    return found


@pytest.mark.parametrize("name", BOWLS)
def test_every_position_is_that_of_the_book_s_classes(name: str) -> None:
    timeline = Timeline(load_scenario(name))
    for update, (x, y) in enumerate(path(name)[1:], start=1):
        timeline.goto(str(update))
        np.testing.assert_allclose([timeline["x_next"], timeline["y_next"]], [x, y], rtol=1e-10, err_msg=str(update))
    assert timeline.course.iterations == UPDATES


@pytest.mark.parametrize("name", BOWLS)
def test_what_the_scenario_says_was_computed_by_them_was(name: str) -> None:
    checked = 0
    for each in load_scenario(name).expectations:
        if each.note != "by the book's own classes":
            continue
        place = ("x_next", "y_next").index(each.symbol)
        assert agrees_to_its_digits(str(each.printed), path(name)[int(each.at)][place])
        checked += 1
    assert checked == 8


def test_the_paths_are_as_they_are_told() -> None:
    across = {name: [y for _, y in path(name)] for name in BOWLS}
    along = {name: [x for x, _ in path(name)] for name in BOWLS}
    assert all(here * there < 0 for here, there in pairwise(across["bowl-sgd"])), "it zigzags"
    assert max(along["bowl-momentum"]) > 0, "it overshoots the lowest place"
    assert all(here > there > 0 for here, there in pairwise(across["bowl-adagrad"])), "it does not zigzag"
    assert min(across["bowl-momentum"]) < min(across["bowl-adam"]) < 0, "it swings less"
