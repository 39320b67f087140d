"""Numbers of a run's iterations as dots of a curve: its axis, its columns, and what in them is no finite number.

A run that diverges is what a debugger is for: NaN and infinities are shown where they happened, and stop nothing. The
dots are put together to pictures by `plot`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

LOGARITHMIC_FROM = 2.0  # powers of ten between the smallest and the largest loss
HALF = 0.5 + 1e-9  # a height in the middle between two dots is at the lower, whatever its last bits are
BRAILLE = 0x2800  # the blank of the braille characters
BRAILLE_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])  # by row and column of a cell


@dataclass(frozen=True)
class Axis:
    """The vertical axis: how a loss becomes a height."""

    lowest: float
    highest: float
    logarithmic: bool

    def heights(self, losses: Floats) -> Floats:
        """From 0 for the lowest loss to 1 for the highest; ½ if they are the same. NaN for NaN."""
        if self.logarithmic:
            scaled, ends = np.log10(losses), np.log10((self.lowest, self.highest))
        else:
            # Scaled so that neither the largest doubles overflow nor the smallest ones vanish.
            scale = max(abs(self.lowest), abs(self.highest)) or 1.0
            with np.errstate(over="ignore"):  # NumPy 1 divides beyond the end of an array, too
                scaled, ends = losses / scale, np.array((self.lowest, self.highest)) / scale
        bottom, top = ends.tolist()
        return (scaled - bottom) / (top - bottom) if top > bottom else 0.0 * scaled + 0.5


@dataclass(frozen=True, eq=False)
class Losses:
    """The losses of a run's first iterations, and which of them is being looked at."""

    values: Floats  # the loss of iteration i + 1 at i
    known: Booleans | None = None  # which of them have been computed; None if all have
    cursor: int | None = None  # an iteration, counted from 1
    logarithmic: bool | None = None  # whether the axis is to be; None: where that helps

    @cached_property
    def finite(self) -> Booleans:
        """Which iterations have a loss that can be drawn."""
        finite: Booleans = np.isfinite(self.values)
        return finite if self.known is None else finite & self.known

    @cached_property
    def nonfinite(self) -> Booleans:
        """Which iterations have run and ended with no finite number."""
        return ~self.finite if self.known is None else self.known & ~self.finite

    @property
    def place(self) -> int | None:
        """Where in `values` the cursor is."""
        return self.cursor - 1 if self.cursor is not None and 0 < self.cursor <= self.values.size else None

    @cached_property
    def axis(self) -> Axis | None:
        """The axis for the finite losses, None if there are none. Only positive losses have logarithms."""
        if not self.finite.any():
            return None
        lowest = float(np.min(self.values, where=self.finite, initial=math.inf))
        highest = float(np.max(self.values, where=self.finite, initial=-math.inf))
        if lowest <= 0 or self.logarithmic is False:
            return Axis(lowest, highest, logarithmic=False)
        powers = math.log10(highest) - math.log10(lowest)
        return Axis(lowest, highest, logarithmic=bool(self.logarithmic) or powers > LOGARITHMIC_FROM)


def losses_at(iterations: npt.ArrayLike, numbers: npt.ArrayLike, size: int, cursor: int | None) -> Losses:
    """Numbers of some of a run's first `size` iterations, which are counted from 1."""
    values, known = np.full(size, np.nan), np.zeros(size, dtype=bool)
    at = np.asarray(iterations, dtype=np.int64) - 1
    values[at], known[at] = numbers, True
    return Losses(values, known, cursor)


def places_of(size: int, count: int) -> Integers:
    """How `size` iterations share `count` columns of dots.

    More iterations than columns: the first iteration of each column. Otherwise: the column of each iteration,
    the first and the last at the ends.
    """
    if size > count:
        return np.arange(count) * size // count
    return (2 * np.arange(size) * (count - 1) + size - 1) // max(1, 2 * (size - 1))


def column_of(place: int, size: int, places: Integers) -> int:
    """The column of dots of one iteration."""
    if size > places.size:
        return int(np.searchsorted(places, place, side="right")) - 1
    return int(places[place])


def extremes(losses: Losses, axis: Axis, places: Integers, count: int) -> tuple[Floats, Floats]:
    """The lowest and the highest height in each of `count` columns, NaN where there is nothing to draw.

    Where iterations are farther apart than columns a straight line leads from one to the next.
    """
    values, finite = losses.values, losses.finite
    if values.size <= count:
        heights = axis.heights(np.where(finite, values, np.nan))
        line = np.interp(np.arange(count), places, heights, right=np.nan)
        line[places] = heights
        return line, line
    everything = bool(finite.all())
    lowest = np.minimum.reduceat(values if everything else np.where(finite, values, np.inf), places)
    highest = np.maximum.reduceat(values if everything else np.where(finite, values, -np.inf), places)
    nothing = lowest > highest
    lowest[nothing] = highest[nothing] = np.nan
    return axis.heights(lowest), axis.heights(highest)


def not_finite(losses: Losses, places: Integers, count: int) -> Booleans:
    """The columns of dots with a loss that is no finite number."""
    bad = np.zeros(count, dtype=np.bool_)
    if losses.values.size > count:
        np.logical_or.reduceat(losses.nonfinite, places, out=bad)
    else:
        bad[places] = losses.nonfinite
    return bad


def dots_of(lowest: Floats, highest: Floats, rows: int) -> Booleans:
    """The dots of the curve: in each column those between its ends and half of the way to its neighbours."""
    drawn = ~np.isnan(lowest)
    top, bottom = (
        np.floor((1 - np.nan_to_num(heights)) * (rows - 1) + HALF).astype(np.int64) for heights in (highest, lowest)
    )
    begin, end = top.copy(), bottom.copy()
    left, right = slice(None, -1), slice(1, None)
    for above, below in ((left, right), (right, left)):
        falls = drawn[above] & drawn[below] & (bottom[above] < top[below])
        half = (bottom[above] + top[below]) // 2
        end[above] = np.maximum(end[above], np.where(falls, half, 0))
        begin[below] = np.minimum(begin[below], np.where(falls, half + 1, rows))
    row = np.arange(rows)[:, np.newaxis]
    dots: Booleans = drawn & (begin <= row) & (row <= end)
    return dots
