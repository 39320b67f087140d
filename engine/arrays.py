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

MOST_DIMENSIONS = 4  # of an array

# What adds numbers in an order of its own: on another machine its last bits are others. Tests put another order here,
# so kernels look these up by `arrays.dot` and `arrays.add_reduce`, once, when they are bound to their buffers.
dot = np.dot
add_reduce = np.add.reduce

# Results that are the same in so many bits, that is but for some 64 units in the last place, may be one result on two
# machines, a product or a sum. So what is shown of them, and which of them comes first, is the same.
BITS = 46
LAST_BITS = 2.0**-BITS


def rounded(values: Array) -> Array:
    """The numbers in so many bits: what is one result on two machines is equal, so the first of equal ones is found."""
    with np.errstate(over="ignore"):
        fraction, exponent = np.frexp(values)
        short = np.ldexp(np.rint(fraction / LAST_BITS), exponent - BITS)
    return np.where(np.isinf(short), values, short)


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


def subscript(index: Index) -> str:
    """An index as it is typed behind a name: [0,1]; nothing for a number that is no array."""
    return f"[{','.join(map(str, index))}]" if index else ""
