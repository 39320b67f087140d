"""What is said of a whole array in a line: its norm, its range, how its numbers are spread, how many are 0.

Each is one pass of NumPy over the array, made once: an array that nobody can write to any more stays what it is.
"""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array, Index, rounded

BINS = 12
MOST_SORTED = 50_000  # numbers that are counted into bins; of more, every n-th is
KNOWN = 256  # arrays that are remembered


@dataclass(frozen=True, eq=False)
class Measures:
    """low, high: of the finite numbers, NaN where none is. spread: how many lie in each of equal parts of that range.

    zeros: the share of zeros. columns: of each column the number of the largest magnitude, NaN before all. largest: the
    largest finite magnitude; foremost: the element of the largest of all.
    """

    norm: float
    low: float
    high: float
    spread: tuple[int, ...]
    zeros: float
    columns: Array
    largest: float
    foremost: Index


_known: dict[int, tuple[weakref.ref[Array], Measures]] = {}


def measures_of(array: Array) -> Measures:
    """Those of an array of any shape with at least one number."""
    remembered = _known.get(id(array))
    if remembered is not None and remembered[0]() is array:
        return remembered[1]
    measured = _measured(array)
    if not array.flags.writeable:
        while len(_known) >= KNOWN:
            del _known[next(iter(_known))]
        _known[id(array)] = weakref.ref(array), measured
    return measured


def _measured(array: Array) -> Measures:
    matrix = array.reshape(-1, array.shape[-1] if array.shape else 1)
    with np.errstate(all="ignore"):
        high, low = matrix.max(axis=0), matrix.min(axis=0)
        columns = np.where((rounded(high) >= rounded(-low)) | np.isnan(high), high, low)
        if np.isfinite(high).all() and np.isfinite(low).all():
            bottom, top, finite = float(low.min()), float(high.max()), matrix
        else:
            finite = matrix[np.isfinite(matrix)]
            bottom, top = (float(finite.min()), float(finite.max())) if finite.size else (math.nan, math.nan)
        return Measures(
            _norm(matrix, max(abs(bottom), abs(top))),
            bottom,
            top,
            _spread(finite, bottom, top),
            1 - float(np.count_nonzero(matrix)) / matrix.size,
            columns,
            max(abs(bottom), abs(top)) if finite.size else 0.0,
            _foremost(array, columns),
        )


def _norm(matrix: Array, largest: float) -> float:
    """The root of the sum of squares, also where those are beyond the range of numbers."""
    flat = matrix.ravel()
    squares = float(np.einsum("i,i", flat, flat))  # at once, where a BLAS would wake its threads first
    if largest > 0 and (squares < 1e-280 or squares > 1e290):
        scaled = flat / largest
        return largest * math.sqrt(float(np.einsum("i,i", scaled, scaled)))
    return math.sqrt(squares)


def _spread(values: Array, low: float, high: float) -> tuple[int, ...]:
    """How many numbers lie in each part, from the smallest on; all in the middle one where they are equal."""
    flat = values.ravel()
    flat = flat[:: (flat.size // MOST_SORTED) | 1]  # odd: not the same columns again and again
    if not flat.size:
        return (0,) * BINS
    if low == high:
        return tuple(flat.size if place == BINS // 2 else 0 for place in range(BINS))
    span = high / 4 - low / 4  # a quarter: the difference itself may be beyond the range of numbers
    places = ((flat / 4 - low / 4) / span * BINS).astype(np.intp) if span else np.zeros(flat.size, np.intp)
    return tuple(np.bincount(np.minimum(places, BINS - 1), minlength=BINS).tolist())


def _foremost(array: Array, columns: Array) -> Index:
    """The element of the largest magnitude, NaN before all."""
    if not array.shape:
        return ()
    column = int(_sizes(columns).argmax())
    row = int(_sizes(array.reshape(-1, array.shape[-1])[:, column]).argmax())
    return (*(int(place) for place in np.unravel_index(row, array.shape[:-1])), column) if array.ndim > 1 else (column,)


def _sizes(values: Array) -> Array:
    """Magnitudes, that of NaN infinite."""
    return np.where(np.isnan(values), np.inf, rounded(np.abs(values)))
