"""How fast the engine trains, as ratios in one run: python -m tests.bench.speed

Against a straight-line NumPy loop such as a person would write from the text. Both run in turn, several times; the
median of the ratios of neighbouring runs is printed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from engine import Timeline, load_scenario

ITERATIONS = 10_000
MAZUR = load_scenario("mazur-2-2-2")
ROUNDS = 5


def plain_mazur() -> float:
    """The 2-2-2 example as a loop; gives the loss of its last forward pass."""
    x, t = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
    W1, b1 = np.array([[0.15, 0.25], [0.20, 0.30]]), np.array([0.35, 0.35])
    W2, b2 = np.array([[0.40, 0.50], [0.45, 0.55]]), np.array([0.60, 0.60])
    rate, loss = 0.5, 0.0
    for _ in range(ITERATIONS):
        hidden = 1 / (1 + np.exp(-(np.dot(x, W1) + b1)))
        output = 1 / (1 + np.exp(-(np.dot(hidden, W2) + b2)))
        loss = 0.5 * np.sum((output - t) ** 2)
        delta2 = (output - t) * output * (1 - output)
        delta1 = np.dot(delta2, W2.T) * hidden * (1 - hidden)
        W2 = W2 - rate * np.dot(hidden.T, delta2)
        W1 = W1 - rate * np.dot(x.T, delta1)
    return float(loss)


def engine_mazur() -> float:
    """The same by a timeline, with its history."""
    timeline = Timeline(MAZUR)
    timeline.goto(str(ITERATIONS))
    return float(timeline["E"])


def _seconds(run: Callable[[], float]) -> tuple[float, float]:
    began = time.perf_counter()
    loss = run()
    return time.perf_counter() - began, loss


def main() -> None:
    """Print the ratios."""
    ratios = []
    for _ in range(ROUNDS):
        (ours, one), (plain, other) = _seconds(engine_mazur), _seconds(plain_mazur)
        assert abs(one - other) <= 1e-12 * other, "both compute the same"
        ratios.append(ours / plain)
    median = statistics.median(ratios)
    print(f"mazur-2-2-2, {ITERATIONS:,} iterations, against a plain loop: {median:.2f}x its time")
    print(f"  ({min(ratios):.2f} to {max(ratios):.2f} in {ROUNDS} runs)")


if __name__ == "__main__":
    main()
