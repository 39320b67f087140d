"""A curve of losses or other series in braille, with its axis, in a given number of cells; and the texts above it.

A run that diverges is what a debugger is for: NaN and infinities are shown where they happened, and stop nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rich.cells import cell_len

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.status import loss_here
from gradstep.tui.text.glyphs import NO_NUMBER
from gradstep.tui.text.grid import Piece, crop
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import number_format, short
from gradstep.tui.words import curve as words

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

AXIS_DIGITS = 4
DIGITS = 6  # of a caption
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

    def names(self, rows: int) -> list[str]:
        """The text beside each of the rows: the highest loss at the top, the lowest at the bottom."""
        ends = (self.highest, self.lowest)
        style = number_format(np.array(ends), AXIS_DIGITS)
        names = [" " * style.width] * rows
        if self.lowest == self.highest:
            names[rows // 2] = style.text(self.lowest)
        else:
            names[-1], names[0] = style.text(self.lowest), style.text(self.highest)
        return names


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


def curve_lines(
    losses: Losses, width: int, height: int, *, captions: Sequence[str] = (), ascii: bool = False
) -> list[list[Piece]]:
    """`height` lines of pieces, each of exactly `width` cells: a caption, the curve, the iterations below it.

    The caption is the first of `captions` that fits. Losses that have been computed and are no finite number are
    marked with "!" above the curve. The style keys are "caption", "axis", "curve", "cursor", "nonfinite" and "space".
    """
    width = max(0, width)
    caption = next((text for text in captions if cell_len(text) <= width), "")
    lines = [crop([(caption, "caption")], 0, width)]
    rows = height - 2 if height > 2 else height - 1
    if losses.values.size and rows > 0 and width > 0:
        lines += _picture(losses, width, rows, ascii)
    return (lines + [crop((), 0, width)] * height)[: max(0, height)]


def _picture(losses: Losses, width: int, rows: int, ascii: bool) -> list[list[Piece]]:
    """The lines below the caption: `rows` of them with the curve, and one with the iterations."""
    axis = losses.axis
    names = axis.names(rows) if axis else []
    margin = max((len(name) + 1 for name in names), default=0)
    if not names or 2 * margin > width:
        names, margin = [""] * rows, 0
    across = width - margin
    per_cell = 1 if ascii else 2
    places = places_of(losses.values.size, across * per_cell)
    at = None if losses.place is None else column_of(losses.place, losses.values.size, places) // per_cell
    dots = np.zeros((rows * (1 if ascii else 4), across * per_cell), dtype=np.bool_)
    if axis is not None:
        dots |= dots_of(*extremes(losses, axis, places, dots.shape[1]), dots.shape[0])
    bad = not_finite(losses, places, dots.shape[1]).reshape(across, per_cell)
    is_bad = [any(dots_of_cell) for dots_of_cell in bad.tolist()]
    upright = "|" if ascii else "│"
    lines = []
    for y, (name, text) in enumerate(zip(names, _rows_of_text(dots, ascii), strict=True)):
        cells = [(character, "space" if character == " " else "curve") for character in text]
        if at is not None:
            cells[at] = (upright if text[at] == " " else text[at], "cursor")
        if y == 0:
            cells = [(NO_NUMBER.sign, "nonfinite") if is_bad[x] else cell for x, cell in enumerate(cells)]
        lines.append(crop([(name.ljust(margin), "axis"), *cells], 0, width))
    below = _iterations(across, losses.values.size, at, "^" if ascii else "▲")
    return [*lines, crop([(" " * margin, "space"), *below], 0, width)]


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


def _rows_of_text(dots: Booleans, ascii: bool) -> list[str]:
    """Dots as characters: a star each, or braille of four rows and two columns each."""
    if ascii:
        return ["".join("*" if dot else " " for dot in row) for row in dots.tolist()]
    rows, columns = dots.shape
    cells = dots.reshape(rows // 4, 4, columns // 2, 2).transpose(0, 2, 1, 3)
    codes = (cells * BRAILLE_DOTS).sum(axis=(2, 3))
    return ["".join(chr(BRAILLE + code) if code else " " for code in row) for row in codes.tolist()]


def _iterations(across: int, size: int, at: int | None, pointer: str) -> list[Piece]:
    """The first and the last iteration below their ends, and what points at the cursor's column."""
    line = (" 1" if at == 0 else "1").ljust(across)
    last = f" {size:,}" if size > 1 else ""
    end = across if at is None or at < across - len(last) else at
    if end - len(last) >= len(line.rstrip()):
        line = line[: end - len(last)] + last + line[end:]
    pieces = [(character, "space" if character == " " else "axis") for character in line]
    if at is not None:
        pieces[at] = (pointer, "cursor")
    return pieces


def titled(name: str, losses: Losses) -> str:
    """The name of a curve and of its axis."""
    if losses.axis is None:
        return name
    axis = words.LOGARITHMIC if losses.axis.logarithmic else words.LINEAR
    return words.ON_AXIS.format(name=name, axis=axis)


def loss_captions(moment: Moment, notation: Notation) -> Sequence[str]:
    """Where the cursor is and the loss there, the longest first."""
    if moment.step is None and not moment.losses.size:
        return (words.NOTHING_YET,)
    iteration, loss = moment.position.iteration, loss_here(moment, notation, DIGITS)
    where = words.ITERATION.format(iteration=iteration, total=moment.iterations)
    return (f"{where}  {loss}", f"{iteration:,}  {loss}", loss, f"{iteration:,}")


def series_captions(losses: Losses, iterations: int) -> Sequence[str]:
    """The number of the cursor's iteration, where it is known, the longest first."""
    cursor, place = losses.cursor, losses.place
    if cursor is None:
        return ()
    if place is None or (losses.known is not None and not losses.known[place]):
        return (words.ITERATION.format(iteration=cursor, total=iterations), f"{cursor:,}")
    value = short(float(losses.values[place]), DIGITS)
    return (
        words.AT_END_OF_TOTAL.format(value=value, iteration=cursor, total=iterations),
        words.AT_END_OF_ITERATION.format(value=value, iteration=cursor),
        words.AT_END_OF.format(value=value, iteration=cursor),
        value,
    )
