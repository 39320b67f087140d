"""Training as a person would write it from a textbook: straight-line NumPy loops. They keep nothing for going back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gradstep.engine.arrays import Array

Rows = np.ndarray[Any, np.dtype[np.int64]]


def mazur(iterations: int) -> float:
    """The 2-2-2 example; gives the loss of its last forward pass."""
    x, t = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
    W1, b1 = np.array([[0.15, 0.25], [0.20, 0.30]]), np.array([0.35, 0.35])
    W2, b2 = np.array([[0.40, 0.50], [0.45, 0.55]]), np.array([0.60, 0.60])
    learning_rate = 0.5
    loss = 0.0
    for _ in range(iterations):
        hidden = 1 / (1 + np.exp(-(np.dot(x, W1) + b1)))
        output = 1 / (1 + np.exp(-(np.dot(hidden, W2) + b2)))
        loss = 0.5 * np.sum((output - t) ** 2)

        delta2 = (output - t) * output * (1 - output)
        delta1 = np.dot(delta2, W2.T) * hidden * (1 - hidden)
        dW2 = np.dot(hidden.T, delta2)
        dW1 = np.dot(x.T, delta1)

        W2 -= learning_rate * dW2
        W1 -= learning_rate * dW1
    return float(loss)


def classifier(
    x: Array,
    t: Array,
    start: Mapping[str, Array],
    iterations: int,
    batch: int,
    learning_rate: float,
    choose: Callable[[int, int], Rows] = np.random.choice,
) -> float:
    """A ReLU layer, then softmax with cross-entropy, on batches drawn with replacement; t: one-hot rows.

    start: W1, b1, W2, b2. Gives the loss of its last forward pass.
    """
    W1, b1, W2, b2 = (start[name].copy() for name in ("W1", "b1", "W2", "b2"))
    loss = 0.0
    for _ in range(iterations):
        rows = choose(len(x), batch)
        x_batch, t_batch = x[rows], t[rows]

        u1 = np.dot(x_batch, W1) + b1
        z1 = np.maximum(0, u1)
        u2 = np.dot(z1, W2) + b2
        powers = np.exp(u2 - np.max(u2, axis=1, keepdims=True))
        y = powers / np.sum(powers, axis=1, keepdims=True)
        loss = -np.sum(t_batch * np.log(y + 1e-7)) / batch

        delta2 = (y - t_batch) / batch
        delta1 = np.dot(delta2, W2.T) * (u1 > 0)
        dW2, db2 = np.dot(z1.T, delta2), np.sum(delta2, axis=0)
        dW1, db1 = np.dot(x_batch.T, delta1), np.sum(delta1, axis=0)

        W1 -= learning_rate * dW1
        b1 -= learning_rate * db1
        W2 -= learning_rate * dW2
        b2 -= learning_rate * db2
    return float(loss)
