"""The surface in colours: two samples a cell by half blocks, the contour of ½, and the data on top.

One output between 0 and 1 diverges around ½, one with both signs around 0, another goes from its lowest to its highest.
Classes have a colour each, the stronger the surer the net is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.tui.pictures.surface.output import CLASSES, HALF, SIDES, Surface
from gradstep.tui.pictures.surface.plane import Plane
from gradstep.tui.pictures.surface.points import Point, class_sign, mark_of
from gradstep.tui.text.cells import brief
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.palette import LEVELS
from gradstep.tui.text.shades import nonfinite_sign
from gradstep.tui.words import surface as words

STEEP = 2.0  # how much steeper one way than the other for a contour to be drawn upright or level
SURELY = 11  # the level of a class without a probability


@dataclass(frozen=True, eq=False)
class Grounds:
    """The grounds of samples, by row from the top and column. low, centre, high: the numbers of the scale."""

    keys: list[list[str]]
    low: float
    centre: float | None
    high: float


def grounds_of(surface: Surface, rows: int) -> Grounds:
    """The grounds of so many rows of samples."""
    values = surface.values.reshape(rows, -1)
    if surface.kind == CLASSES:
        return Grounds(_classes(values, surface, rows), 0.0, None, 0.0)
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Grounds([["heat 0"] * values.shape[1]] * rows, 0.0, None, 0.0)
    low, high = float(finite.min()), float(finite.max())
    centre = HALF if surface.kind == SIDES else 0.0 if low < 0 < high else low if low >= 0 else high
    far = max(high - centre, centre - low)
    if surface.kind == SIDES:
        far = max(far, HALF)
    with np.errstate(all="ignore"):
        shares = np.clip(np.nan_to_num((values - centre) / (far or 1.0)), -1.0, 1.0)
    levels = np.floor(shares * LEVELS + HALF + 1e-9).astype(np.int64)
    inner = centre if low < centre < high else None
    ends = (centre - far, centre + far) if surface.kind == SIDES or inner is not None else (low, high)
    return Grounds([[f"heat {level}" for level in row] for row in levels.tolist()], ends[0], inner, ends[1])


def _classes(values: Array, surface: Surface, rows: int) -> list[list[str]]:
    if surface.sure is None:
        levels = np.full(values.shape, SURELY)
    else:
        sure = np.nan_to_num(surface.sure.reshape(rows, -1))
        levels = np.clip(np.floor((2 * sure - 1) * (LEVELS - 4) + 4), 3, LEVELS).astype(np.int64)
    rows_of_both = zip(values.tolist(), levels.tolist(), strict=True)
    return [[_class(*both) for both in zip(*row, strict=True)] for row in rows_of_both]


def _class(number: float, level: int) -> str:
    return "heat 0" if math.isnan(number) else f"class {int(number) + 1} {level}"


def coloured(surface: Surface, grounds: Grounds, plane: Plane, points: Sequence[Point]) -> list[list[Piece]]:
    """The cells: half blocks, the contour, the marks of the data. plane: of cells, two samples high."""
    keys = grounds.keys
    cells = [
        [_half(upper, lower) for upper, lower in zip(keys[2 * row], keys[2 * row + 1], strict=True)]
        for row in range(plane.rows)
    ]
    values = surface.values.reshape(2 * plane.rows, plane.columns)
    for row, column in np.argwhere(~np.isfinite(values)).tolist():
        cells[row // 2][column] = nonfinite_sign(float(values[row, column]))[0], "bold fails on heat 0"
    if surface.kind == SIDES:
        for row, column, sign in _contour(values):
            cells[row][column] = sign, f"bold ink on {keys[2 * row][column]}"
    _put(cells, keys, plane, points, surface.kind)
    return cells


def _half(upper: str, lower: str) -> Piece:
    return (" ", f"text on {upper}") if upper == lower else ("▀", f"{upper} on {lower}")


def _contour(values: Array) -> list[tuple[int, int, str]]:
    """The cells where the surface crosses ½, and a line in the direction that it crosses."""
    with np.errstate(all="ignore"):
        cells = (values[0::2] + values[1::2]) / 2 - HALF
        crossed = np.zeros(cells.shape, dtype=np.bool_)
        for one, other in (
            ((slice(None), slice(None, -1)), (slice(None), slice(1, None))),
            ((slice(None, -1), slice(None)), (slice(1, None), slice(None))),
        ):
            apart = (cells[one] < 0) != (cells[other] < 0)
            nearer = np.abs(cells[one]) <= np.abs(cells[other])
            crossed[one] |= apart & nearer
            crossed[other] |= apart & ~nearer
        down, right = (np.gradient(cells, axis=axis) if cells.shape[axis] > 1 else 0 * cells for axis in (0, 1))
    found = []
    for row, column in np.argwhere(crossed & np.isfinite(cells)).tolist():
        dy, dx = float(down[row, column]) / 2, float(right[row, column])  # a cell is twice as high as it is wide
        found.append((row, column, _line(dx, dy)))
    return found


def _line(dx: float, dy: float) -> str:
    """A line across the direction in which a surface rises to the right and downwards."""
    if abs(dx) > STEEP * abs(dy):
        return "│"
    if abs(dy) > STEEP * abs(dx):
        return "─"
    return "╱" if (dx > 0) == (dy > 0) else "╲"


def _put(
    cells: list[list[Piece]], keys: Sequence[Sequence[str]], plane: Plane, points: Sequence[Point], kind: str
) -> None:
    """The mark of each point in the middle of its cell, unless there is another."""
    taken: set[tuple[int, int]] = set()
    for point in points:
        mark = mark_of(point.target, kind, batch=point.batch, ascii=False)
        row, column = plane.cell(point.x0, point.x1)
        first = min(max(0, column - len(mark) // 2), plane.columns - len(mark))
        places = {(row, first + place) for place in range(len(mark))}
        if not places & taken and first >= 0:
            taken |= places
            for place, character in enumerate(mark, start=first):
                weight = "bold ink" if point.batch else "ink"
                cells[row][place] = character, f"{weight} on {keys[2 * row][place]}"


def coloured_scale(surface: Surface, grounds: Grounds, width: int) -> list[Piece]:
    """What the grounds stand for: the ends of the scale with its centre, or the classes."""
    if surface.kind == CLASSES:
        classes = np.unique(surface.values[np.isfinite(surface.values)]).astype(int).tolist()
        pieces: list[Piece] = []
        for number in classes:
            if 4 * (len(pieces) + 2) > width - 24:
                break
            pieces += [(f" {class_sign(number)} ", f"ink on class {number + 1} {SURELY}"), (" ", "space")]
        more = f" … {class_sign(classes[-1])}" if len(pieces) < 2 * len(classes) else ""
        return [*pieces, (f"{more} {words.CLASS_OF_LARGEST}", "quiet")]
    if grounds.low == grounds.high:
        return [(words.EVERYWHERE.format(number=brief(grounds.low)), "quiet")]
    low, high = f"{brief(grounds.low)} ", f" {brief(grounds.high)}"
    room = min(2 * LEVELS + 1, max(3, width - len(low) - len(high)))
    ends = (-LEVELS, LEVELS)
    if surface.kind != SIDES and grounds.centre is None:
        ends = (0, LEVELS) if grounds.high > 0 else (-LEVELS, 0)
    levels = np.linspace(*ends, room).round().astype(int).tolist()
    middle = room // 2
    inner = "½" if grounds.centre == HALF else "0" if grounds.centre is not None else ""
    bar = [(inner if place == middle and inner else " ", f"ink on heat {level}") for place, level in enumerate(levels)]
    return [(low, "quiet"), *bar, (high, "quiet")]
