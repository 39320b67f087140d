"""An array in words: how large it is, which signs there are, and the elements that stand out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradstep.engine.arrays import Array, Index, Mask, rounded, written
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import short
from gradstep.tui.text.shades import largest_magnitude
from gradstep.tui.words import pictures as words

LARGEST = 5  # elements named in the text

Naming = Callable[[Index], str]


def heat_text(values: Array, notation: Notation, element_name: Naming) -> tuple[str, ...]:
    """The map in words: how large it is, which signs there are, and the elements that stand out."""
    finite = np.isfinite(values)
    count = int(np.count_nonzero(finite))
    negative, zero = (int(np.count_nonzero(places & finite)) for places in (values < 0, values == 0))
    positive, others = count - negative - zero, values.size - count
    lines = [
        words.SHAPE(values.size, shape=written(values.shape)),
        words.SIGNS.format(negative=negative, zero=zero, positive=positive, others=others),
    ]
    if count:
        lines.append(_range(values, finite, element_name))
        largest = [f"{element_name(at)} = {short(float(values[at]), 9)}" for at in _most(values, finite)]
        lines.append(words.LARGEST.format(elements=", ".join(largest)))
    if others:
        places = np.argwhere(np.atleast_1d(~finite))[:LARGEST].tolist()
        odd: list[Index] = [tuple(place) if values.shape else () for place in places]
        listed = [f"{element_name(at)} = {short(float(values[at]), 4)}" for at in odd]
        if others > len(odd):
            listed.append("…")
        lines.append(words.NOT_FINITE.format(elements=", ".join(listed)))
    return tuple(notation.sign(line) for line in lines)


def _range(values: Array, finite: Mask, element_name: Naming) -> str:
    """Where the smallest and the largest finite number are, and the mean of all of them."""
    alike = rounded(values)
    low = _unravelled(values, int(np.where(finite, alike, np.inf).argmin()))
    high = _unravelled(values, int(np.where(finite, alike, -np.inf).argmax()))
    scale = largest_magnitude(values) or 1.0
    with np.errstate(over="ignore"):  # NumPy 1 divides beyond the end of an array, too
        mean = float((values[finite] / scale).mean()) * scale
    shown = short(mean, 9)
    return words.RANGE.format(
        smallest=short(float(values[low]), 9),
        at_smallest=element_name(low),
        largest=short(float(values[high]), 9),
        at_largest=element_name(high),
        mean=words.MEAN.format(mean=shown) if finite.all() else words.MEAN_OF_FINITE.format(mean=shown),
    )


def _most(values: Array, finite: Mask) -> list[Index]:
    """Where the largest finite magnitudes are, the first of equal ones first."""
    sizes = np.where(finite, rounded(np.abs(values)), -1.0).ravel()
    found: list[Index] = []
    for _ in range(min(LARGEST, int(np.count_nonzero(finite)))):
        at = int(sizes.argmax())
        sizes[at] = -1.0
        found.append(_unravelled(values, at))
    return found


def _unravelled(values: Array, flat: int) -> Index:
    return tuple(int(place) for place in np.unravel_index(flat, values.shape)) if values.shape else ()
