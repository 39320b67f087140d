"""The arrays, shapes and indices that everything is made of. Numbers are float64 throughout."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from gradstep.engine.words import operations as words

Index = tuple[int, ...]


Shape = tuple[int, ...]


Array = np.ndarray[Any, np.dtype[np.float64]]


Mask = np.ndarray[Any, np.dtype[np.bool_]]


Kept = TypeVar("Kept", bound=np.ndarray[Any, Any])


def frozen(array: Kept) -> Kept:
    """The array, no longer writable: somebody may be looking at it."""
    array.flags.writeable = False
    return array


def differing(one: Array, other: Array) -> Mask:
    """Where two arrays of one shape differ; NaN is the same as NaN."""
    return np.asarray((one != other) & ~(np.isnan(one) & np.isnan(other)))


def written(shape: Shape) -> str:
    """A shape as people write it: 2×3, 4, scalar."""
    return "×".join(map(str, shape)) if shape else words.SCALAR


def first_index(shape: Shape) -> Index:
    """The index of an array's first element."""
    return (0,) * len(shape)


def index_text(index: Index) -> str:
    """An index as it is typed behind a name: [0,1]; nothing for a number that is no array."""
    return f"[{','.join(map(str, index))}]" if index else ""
