"""The arrays, shapes and indices that everything is made of. Numbers are float64 throughout."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradstep.engine.words import operations as words

Index = tuple[int, ...]


Shape = tuple[int, ...]


Array = np.ndarray[Any, np.dtype[np.float64]]

# What adds numbers in an order of its own: on another machine its last bits are others. Tests put another order here,
# so kernels look these up by `arrays.dot` and `arrays.add_reduce`, once, when they are bound to their buffers.
dot = np.dot
add_reduce = np.add.reduce


def written(shape: Shape) -> str:
    """A shape as people write it: 2×3, 4, scalar."""
    return "×".join(map(str, shape)) if shape else words.SCALAR
