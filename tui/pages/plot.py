"""Several curves over the iterations of a run in one picture of dots, with its axes, in an exact number of cells.

Curves differ by colour and by shape: the second is dotted, and where there are no colours for more of them each has a
character of its own. What is costly about a curve, its dots, is kept for the next picture of the same numbers: stepping
moves only the cursor.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np

from gradstep.tui.pages.curve import (
    BRAILLE,
    BRAILLE_DOTS,
    LOGARITHMIC_FROM,
    Axis,
    Booleans,
    Integers,
    Losses,
    column_of,
    dots_of,
    extremes,
    not_finite,
    places_of,
)
from gradstep.tui.text.cells import brief, squeezed
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.glyphs import NO_NUMBER
from gradstep.tui.text.grid import Piece

MARKS = "*o+x#@"  # of curves where neither colours nor dots tell them apart
DOTTED = 0x47  # the left half of a braille character
AXIS = 8  # cells of the numbers beside the curves: they stay where they are when the numbers change
NARROW = 24  # cells; a picture that is not wider has no numbers beside it
MIDDLE_FROM = 9  # lines from which on there is a number in the middle, too


@dataclass(frozen=True, eq=False)
class Curve:
    """One of several: what it is called, its numbers, and the style of its dots."""

    name: str
    losses: Losses
    key: str


class _Same:
    """Arrays that are the same as others where they are the same memory, as far as it has been filled.

    Numbers of a run are written once and never changed; only more of them become known.
    """

    def __init__(self, losses: Losses) -> None:
        self.losses = losses
        values, known = losses.values, losses.known
        at = None if known is None else (known.ctypes.data, int(np.count_nonzero(known)))
        self._key = values.ctypes.data, values.size, at

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._key == other._key


@dataclass(frozen=True, eq=False)
class _Dots:
    """Curves without their cursor: rows of text with the curve each cell is of, and the columns that have no number."""

    axis: Axis | None
    size: int
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    bad: frozenset[int]


def axis_of(curves: Iterable[Curve], logarithmic: bool | None = None) -> Axis | None:
    """The axis for all of them, None where no number is finite. logarithmic: None for where that helps."""
    return _axis(tuple(_Same(curve.losses) for curve in curves), logarithmic)


@lru_cache(maxsize=24)
def _axis(same: tuple[_Same, ...], logarithmic: bool | None) -> Axis | None:
    axes = [axis for each in same if (axis := each.losses.axis) is not None]
    if not axes:
        return None
    lowest, highest = min(axis.lowest for axis in axes), max(axis.highest for axis in axes)
    if lowest <= 0 or logarithmic is False:
        return Axis(lowest, highest, logarithmic=False)
    powers = math.log10(highest) - math.log10(lowest)
    return Axis(lowest, highest, logarithmic=bool(logarithmic) or powers > LOGARITHMIC_FROM)


def plot(
    curves: Sequence[Curve],
    width: int,
    height: int,
    *,
    cursor: int | None = None,
    ends: tuple[int, int] | None = None,
    logarithmic: bool | None = None,
    plain: bool = False,
    ascii: bool = False,
) -> list[Pieces]:
    """`height` lines of exactly `width` cells: the curves, the first above the others, and the iterations below them.

    cursor: a number's place from 1, marked by an upright line. ends: the first and the last iteration; None where the
    numbers are those of iterations 1, 2 and so on. Iterations whose number is not finite are marked at the top.
    """
    margin = AXIS + 1 if width > NARROW else 0
    across, rows = max(1, width - margin), max(1, height - 1)
    one_each = ascii or (plain and len(curves) > 2)
    drawn = _drawn(tuple(_Same(curve.losses) for curve in curves), across, rows, logarithmic, one_each)
    keys = [curve.key for curve in curves]
    at = _cell_of(cursor, drawn.size, across, one_each)
    names = _names(drawn.axis, rows) if margin else [""] * rows
    upright = "|" if ascii else "│"
    lines: list[Pieces] = []
    for y, ((text, owners), name) in enumerate(zip(drawn.rows, names, strict=True)):
        pieces = _row(text, owners, keys, at, upright, drawn.bad if y == 0 else frozenset())
        lines.append(((name.rjust(margin - 1) + " ", "quiet"), *pieces) if margin else pieces)
    below = _iterations(across, ends or ((1, drawn.size) if drawn.size else None), at, "^" if ascii else "▲")
    lines.append(((" " * margin, "space"), *below))
    return lines[:height]


def sign_of_curve(place: int, count: int, *, plain: bool, ascii: bool) -> str:
    """What a curve is drawn as, for a legend."""
    if ascii or (plain and count > 2):
        return MARKS[place % len(MARKS)]
    return "⠤⠤" if place == 0 or not plain or count == 1 else "⠄⠄"


@lru_cache(maxsize=24)
def _drawn(same: tuple[_Same, ...], across: int, rows: int, logarithmic: bool | None, one_each: bool) -> _Dots:
    losses = [each.losses for each in same]
    size = max((each.values.size for each in losses), default=0)
    axis = _axis(same, logarithmic)
    if not size:
        return _Dots(None, 0, ((" " * across, (0,) * across),) * rows, frozenset())
    per_cell, per_row = (1, 1) if one_each else (2, 4)
    places = places_of(size, across * per_cell)
    codes = np.zeros((rows, across), dtype=np.int64)
    owners = np.full((rows, across), -1)
    bad = np.zeros(across, dtype=np.bool_)
    for number, each in enumerate(losses):
        full = _padded(each, size)
        bad |= not_finite(full, places, across * per_cell).reshape(across, per_cell).any(axis=1)
        if axis is None:
            continue
        dots = dots_of(*extremes(full, axis, places, across * per_cell), rows * per_row)
        _add(codes, owners, dots, number, one_each)
    lines = tuple(_text(codes[row], owners[row], one_each) for row in range(rows))
    return _Dots(axis, size, lines, frozenset(np.flatnonzero(bad).tolist()))


def _padded(losses: Losses, size: int) -> Losses:
    """The same for so many iterations; of those it does not have nothing is known."""
    more = size - losses.values.size
    if not more:
        return losses
    known = np.ones(losses.values.size, dtype=np.bool_) if losses.known is None else losses.known
    return Losses(np.pad(losses.values, (0, more), constant_values=np.nan), np.pad(known, (0, more)))


def _add(codes: Integers, owners: Integers, dots: Booleans, number: int, one_each: bool) -> None:
    """Put a curve's dots below those that are there."""
    if one_each:
        free = dots & (owners < 0)
        owners[free] = number
        return
    rows, across = codes.shape
    cells = dots.reshape(rows, 4, across, 2).transpose(0, 2, 1, 3)
    found = (cells * BRAILLE_DOTS).sum(axis=(2, 3))
    if number:
        thin = found & DOTTED
        found = np.where(thin > 0, thin, found)
    owners[(owners < 0) & (found > 0)] = number
    codes |= found


def _text(codes: Integers, owners: Integers, one_each: bool) -> tuple[str, tuple[int, ...]]:
    own = tuple(owners.tolist())
    if one_each:
        return "".join(" " if owner < 0 else MARKS[owner % len(MARKS)] for owner in own), own
    return "".join(chr(BRAILLE + code) if code else " " for code in codes.tolist()), own


def _cell_of(cursor: int | None, size: int, across: int, one_each: bool) -> int | None:
    """The column of cells that an iteration is in; None where there is no such iteration."""
    if cursor is None or not 0 < cursor <= size:
        return None
    per_cell = 1 if one_each else 2
    return column_of(cursor - 1, size, places_of(size, across * per_cell)) // per_cell


def _row(
    text: str, owners: Sequence[int], keys: Sequence[str], at: int | None, upright: str, bad: frozenset[int]
) -> Pieces:
    """A row of cells as pieces, with the cursor's line and the marks of what is not finite."""
    pieces: list[Piece] = []
    x = 0
    for owner, group in groupby(owners):
        count = sum(1 for _ in group)
        pieces.append((text[x : x + count], "space" if owner < 0 else keys[owner]))
        x += count
    changed = [(x, (NO_NUMBER.sign, "bold fails")) for x in bad]
    if at is not None and at not in bad:
        changed.append((at, (upright, "quiet") if text[at] == " " else (text[at], "bold text")))
    for x, piece in changed:
        pieces = _with_cell(pieces, x, piece)
    return tuple(pieces)


def _with_cell(pieces: Sequence[Piece], x: int, cell: Piece) -> list[Piece]:
    """Pieces of narrow characters with another cell at a place."""
    kept: list[Piece] = []
    begin = 0
    for text, key in pieces:
        inside = x - begin
        if 0 <= inside < len(text):
            parts = ((text[:inside], key), cell, (text[inside + 1 :], key))
            kept += (part for part in parts if part[0])
        else:
            kept.append((text, key))
        begin += len(text)
    return kept


def _names(axis: Axis | None, rows: int) -> list[str]:
    """The numbers beside the rows, the highest at the top, with as many digits as tell them apart."""
    names = [""] * rows
    if axis is None:
        return names
    low, high = axis.lowest, axis.highest
    if low == high or rows == 1:
        names[rows // 2] = squeezed(high, AXIS)
        return names
    digits = next((few for few in (3, 4, 5, 6) if brief(low, few) != brief(high, few)), 6)
    names[0], names[-1] = squeezed(high, AXIS, digits), squeezed(low, AXIS, digits)
    if rows >= MIDDLE_FROM and rows % 2:
        middle = 10 ** (math.log10(low) / 2 + math.log10(high) / 2) if axis.logarithmic else low / 2 + high / 2
        text = squeezed(middle, AXIS, digits)
        names[rows // 2] = text if text not in (names[0], names[-1]) else ""
    return names


def _iterations(across: int, ends: tuple[int, int] | None, at: int | None, pointer: str) -> list[Piece]:
    """The first and the last iteration below their ends, and what points at the cursor's column."""
    first, last = (f"{end:,}" for end in ends) if ends else ("", "")
    last = "" if last == first else last
    begin = 0 if at is None or at >= len(first) else at + 1
    line = " " * begin + first if begin + len(first) <= across else ""
    stop = across if at is None or at < across - len(last) else at
    if last and stop - len(last) > len(line):
        line = line.ljust(stop - len(last)) + last
    line = line.ljust(across)
    if at is None:
        return [(line, "quiet")]
    return [(line[:at], "quiet"), (pointer, "bold text"), (line[at + 1 :], "quiet")]
