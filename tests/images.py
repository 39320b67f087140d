"""Convolution and pooling of images by plain loops over every number, forward and backward: no matrices, no windows.

What the engine computes is compared with these. Images are samples × channels × rows × columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Place = tuple[int, ...]


def _places(x: Array, K: Array, stride: int, padding: int) -> Iterator[tuple[Place, Place, Place]]:
    """Every product that convolution adds up: the places of the result, of the pixel and of the weight."""
    rows, columns = (
        (side + 2 * padding - size) // stride + 1 for side, size in zip(x.shape[2:], K.shape[2:], strict=True)
    )
    for n, o, i, j in np.ndindex(len(x), len(K), rows, columns):
        for c, a, b in np.ndindex(*K.shape[1:]):
            row, column = i * stride + a - padding, j * stride + b - padding
            if 0 <= row < x.shape[2] and 0 <= column < x.shape[3]:
                yield (n, o, i, j), (n, c, row, column), (o, c, a, b)


def conv2d(x: Array, K: Array, b: Array | None = None, stride: int = 1, padding: int = 0) -> Array:
    rows, columns = (
        (side + 2 * padding - size) // stride + 1 for side, size in zip(x.shape[2:], K.shape[2:], strict=True)
    )
    found = np.zeros((len(x), len(K), rows, columns))
    for at, pixel, weight in _places(x, K, stride, padding):
        found[at] += x[pixel] * K[weight]
    return found if b is None else found + b.reshape(1, -1, 1, 1)


def conv2d_back(d: Array, x: Array, K: Array, stride: int = 1, padding: int = 0) -> tuple[Array, Array]:
    """The gradients of the images and of the kernels."""
    dx, dK = np.zeros(x.shape), np.zeros(K.shape)
    for at, pixel, weight in _places(x, K, stride, padding):
        dx[pixel] += d[at] * K[weight]
        dK[weight] += d[at] * x[pixel]
    return dx, dK


def _windows(x: Array, size: int, stride: int) -> Iterator[tuple[Place, tuple[Any, ...]]]:
    """Every window: the place of its result, and what it sees."""
    rows, columns = ((side - size) // stride + 1 for side in x.shape[2:])
    for n, c, i, j in np.ndindex(*x.shape[:2], rows, columns):
        row, column = i * stride, j * stride
        yield (n, c, i, j), (n, c, slice(row, row + size), slice(column, column + size))


def pool(x: Array, size: int, stride: int | None, mean: bool) -> Array:
    found = {at: x[seen].mean() if mean else x[seen].max() for at, seen in _windows(x, size, stride or size)}
    shape = tuple(last + 1 for last in max(found))
    return np.array([found[at] for at in np.ndindex(*shape)]).reshape(shape)


def pool_back(d: Array, x: Array, size: int, stride: int | None, mean: bool) -> Array:
    """The gradient of the images; the largest of a window share it evenly."""
    dx = np.zeros(x.shape)
    for at, seen in _windows(x, size, stride or size):
        share = np.ones((size, size)) if mean else x[seen] == x[seen].max()
        dx[seen] += d[at] * share / share.sum()
    return dx
