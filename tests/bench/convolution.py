"""A row of the table: a convolutional net against the loop that a textbook writes, with its windows as a matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from gradstep.engine import load_scenario
from gradstep.engine.arrays import Array
from tests.bench.measures import check_same, trained
from tests.bench.rows import Row, ratios

Rows = np.ndarray[Any, np.dtype[np.int64]]


def im2col(images: Array, size: int, stride: int = 1) -> Array:
    """What each window sees as a row: (images · rows · columns) × (channels · size · size)."""
    samples, channels, height, width = images.shape
    rows, columns = (height - size) // stride + 1, (width - size) // stride + 1
    found = np.zeros((samples, channels, size, size, rows, columns))
    for i in range(size):
        for j in range(size):
            found[:, :, i, j] = images[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
    return found.transpose(0, 4, 5, 1, 2, 3).reshape(samples * rows * columns, -1)


def col2im(windows: Array, shape: tuple[int, ...], size: int, stride: int = 1) -> Array:
    """Windows put back where they stand, and added where they overlap."""
    samples, channels, height, width = shape
    rows, columns = (height - size) // stride + 1, (width - size) // stride + 1
    each = windows.reshape(samples, rows, columns, channels, size, size).transpose(0, 3, 4, 5, 1, 2)
    images = np.zeros(shape)
    for i in range(size):
        for j in range(size):
            images[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride] += each[:, :, i, j]
    return images


def plain(
    x: Array,
    t: Array,
    start: Mapping[str, Array],
    iterations: int,
    batch: int,
    learning_rate: float,
    choose: Callable[[int, int], Rows] = np.random.choice,
) -> float:
    """Convolution, ReLU, maximum pooling, an affine layer, softmax with cross-entropy; its last loss."""
    K, b, W, c = (start[name].copy() for name in ("K", "b", "W", "c"))
    loss = 0.0
    for _ in range(iterations):
        rows = choose(len(x), batch)
        images, t_batch = x[rows].reshape(batch, 1, 8, 8), t[rows]
        windows = im2col(images, 3)
        a = (np.dot(windows, K.reshape(4, -1).T) + b).reshape(batch, 6, 6, 4).transpose(0, 3, 1, 2)
        h = np.maximum(0, a)
        pooled = im2col(h, 2, 2).reshape(-1, 4)
        largest = np.argmax(pooled, axis=1)
        p = np.max(pooled, axis=1).reshape(batch, 3, 3, 4).transpose(0, 3, 1, 2)
        flat = p.reshape(batch, -1)
        u = np.dot(flat, W) + c
        powers = np.exp(u - np.max(u, axis=1, keepdims=True))
        y = powers / np.sum(powers, axis=1, keepdims=True)
        loss = -np.sum(t_batch * np.log(y + 1e-7)) / batch

        du = (y - t_batch) / batch
        dW, dc = np.dot(flat.T, du), np.sum(du, axis=0)
        dp = np.dot(du, W.T).reshape(p.shape).transpose(0, 2, 3, 1)
        dpooled = np.zeros((dp.size, 4))
        dpooled[np.arange(dp.size), largest] = dp.flatten()
        dh = col2im(dpooled.reshape(batch * 9, -1), h.shape, 2, 2)
        da = (dh * (a > 0)).transpose(0, 2, 3, 1).reshape(-1, 4)
        dK, db = np.dot(windows.T, da).T.reshape(K.shape), np.sum(da, axis=0)

        K -= learning_rate * dK
        b -= learning_rate * db
        W -= learning_rate * dW
        c -= learning_rate * dc
    return float(loss)


def against_loop(*, quick: bool) -> Iterator[Row]:
    """A row: the bundled convolutional net against the plain loop."""
    scenario, iterations = load_scenario("simple-conv"), 200 if quick else 750
    dataset, draw, start = scenario.dataset, scenario.draw, scenario.program.start
    assert dataset is not None
    assert draw is not None
    rows = (np.asarray(draw.rows(iteration)) for iteration in range(1, 21))
    rate = float(start["learning_rate"])
    same = plain(dataset.x, dataset.t, start, 20, draw.batch, rate, lambda samples, batch: next(rows))
    check_same(trained(scenario, 20), same, 1e-4)
    ours = lambda: trained(scenario, iterations)  # noqa: E731
    theirs = lambda: plain(dataset.x, dataset.t, start, iterations, draw.batch, rate)  # noqa: E731
    what = f"{scenario.name}, {iterations:,} iterations, against a plain NumPy loop"
    yield Row(what, 1.1, ratios(ours, theirs, 3 if quick else 11))
