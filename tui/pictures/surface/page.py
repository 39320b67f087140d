"""The picture of a surface: its cells with the data on top, between axes, with a scale and a legend."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.surface.colours import coloured, coloured_scale, grounds_of
from gradstep.tui.pictures.surface.levels import Levels, levels_of
from gradstep.tui.pictures.surface.output import (
    CLASSES,
    HALF,
    SIDES,
    Surface,
    axis_names,
    surface_at,
    title_of,
    why_not,
)
from gradstep.tui.pictures.surface.plane import Plane, on_axis, ranges
from gradstep.tui.pictures.surface.points import Point, class_sign, mark_of, points_legend, points_of
from gradstep.tui.text.drawing import Drawing, drawn
from gradstep.tui.text.folding import clipped, ended, folded, padded
from gradstep.tui.text.grid import Piece, crop
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line
from gradstep.tui.text.shades import nonfinite_legend
from gradstep.tui.words import surface as words

LEAST_HEIGHT = 8  # lines of a picture in colours
SURE = 0.75  # a class of less probability is drawn thinly


def surface_page(
    moment: Moment, notation: Notation, width: int, height: int, output: int = 0
) -> tuple[Line, ...] | None:
    """The picture in at most `height` lines, with axes and a legend; None where there is none (see `why_not`)."""
    if why_not(moment):
        return None
    points, x0, x1 = points_of(moment), *ranges(moment)
    title = folded(notation.sign(title_of(moment, notation, output)), width, "title")
    legend = folded(notation.sign(points_legend(moment, points, ascii=notation.ascii)), width, "dim")
    axis = axis_names(notation, moment)
    numbers = [on_axis(end, x1) for end in x1]
    gutter = max(cell_len(text) for text in (*numbers, axis[1]))
    rows = max(3, height - len(title) - len(legend) - 3)
    plane = Plane(x0, x1, rows, max(4, width - gutter - 2))
    surface = surface_at(moment, plane.points, output)
    levels = levels_of(surface.values, HALF if surface.kind == SIDES else None, ascii=notation.ascii)
    cells = _cells(surface, levels, plane)
    _put_points(cells, plane, points, surface.kind, ascii=notation.ascii)
    framed = [Line(tuple(line)) for line in framed_cells(cells, plane, axis, gutter, ascii=notation.ascii)]
    lines = [*title, *framed, _scale(surface, levels, width), *legend]
    return tuple(clipped(line.pieces, width) for line in lines[: max(0, height)])


def surface_drawing(moment: Moment, view: View, width: int, height: int, output: int = 0) -> Drawing:
    """The picture in exactly width × height cells, in colours where there are some; why not where there is none."""
    notation = view.notation
    reason = why_not(moment)
    if reason:
        return drawn([line.pieces for line in folded(notation.sign(reason), width, "quiet")], width, height)
    if view.plain or notation.ascii or height < LEAST_HEIGHT:
        page = surface_page(moment, notation, width, height, output) or ()
        return drawn([line.pieces for line in page], width, height)
    points, x0, x1 = points_of(moment), *ranges(moment)
    title = (ended(title_of(moment, notation, output), width), "bold text")
    legend = folded(points_legend(moment, points, ascii=False), width, "quiet")
    legend = legend[: max(0, min(len(legend), (height - LEAST_HEIGHT) // 2))]
    axis = axis_names(notation, moment)
    gutter = max(cell_len(text) for text in (*(on_axis(end, x1) for end in x1), axis[1]))
    rows, columns = max(2, height - 4 - len(legend)), max(4, width - gutter - 2)
    surface = surface_at(moment, Plane(x0, x1, 2 * rows, columns).points, output)
    plane, grounds = Plane(x0, x1, rows, columns), grounds_of(surface, 2 * rows)
    framed = framed_cells(coloured(surface, grounds, plane, points), plane, axis, gutter, ascii=False)
    lines = [[title], *framed, coloured_scale(surface, grounds, width), *(line.pieces for line in legend)]
    return drawn(lines, width, height)


def _cells(surface: Surface, levels: Levels, plane: Plane) -> list[list[Piece]]:
    """One character and its style a cell, row by row."""
    values = surface.values.tolist()
    sure = [1.0] * len(values) if surface.sure is None else surface.sure.tolist()
    pieces: list[Piece] = []
    for place, (value, probability) in enumerate(zip(values, sure, strict=True)):
        row, column = divmod(place, plane.columns)
        if surface.kind != CLASSES or not math.isfinite(value):
            pieces.append(levels.sign(value))
        else:
            thin = probability < SURE and (row + column) % 2
            key = "negative" if int(value) % 2 else "positive"
            pieces.append((" " if thin else class_sign(int(value)), key))
    return [pieces[row * plane.columns : (row + 1) * plane.columns] for row in range(plane.rows)]


def _put_points(cells: list[list[Piece]], plane: Plane, points: Sequence[Point], kind: str, *, ascii: bool) -> None:
    """Draw the mark of each point in the middle of its cell, unless there is another."""
    taken: set[tuple[int, int]] = set()
    for point in points:
        mark = mark_of(point.target, kind, batch=point.batch, ascii=ascii)
        row, column = plane.cell(point.x0, point.x1)
        first = min(max(0, column - len(mark) // 2), plane.columns - len(mark))
        places = {(row, first + place) for place in range(len(mark))}
        if not places & taken:
            taken |= places
            for place, character in enumerate(mark, start=first):
                cells[row][place] = character, "fresh" if point.batch else "title"


def framed_cells(
    cells: Sequence[Sequence[Piece]], plane: Plane, axis: tuple[str, str], gutter: int, *, ascii: bool
) -> list[list[Piece]]:
    """The cells with their axes: the ends of both ranges and their names."""
    side, tick, corner, floor = "|++-" if ascii else "│┤└─"
    last = len(cells) - 1
    names = {0: on_axis(plane.x1[1], plane.x1), last: on_axis(plane.x1[0], plane.x1)}
    names.setdefault(last // 2, axis[1])
    lines: list[list[Piece]] = []
    for row, pieces in enumerate(cells):
        key = "label" if row == last // 2 else "heading"
        wall = f" {tick if row in (0, last) else side}"
        lines.append([(padded(names.get(row, ""), gutter), key), (wall, "dim"), *crop(pieces, 0, plane.columns)])
    before = " " * gutter
    lines.append([(f"{before} {corner}{floor * plane.columns}", "dim")])
    low, high = (on_axis(end, plane.x0) for end in plane.x0)
    middle = max(1, (plane.columns - cell_len(axis[0])) // 2 - len(low))
    rest = plane.columns - len(low) - middle - cell_len(axis[0])
    lines.append([(f"{before}  {low}{' ' * middle}", "heading"), (axis[0], "label"), (padded(high, rest), "heading")])
    return lines


def _scale(surface: Surface, levels: Levels, width: int) -> Line:
    """The meaning of the characters of the cells."""
    odd = nonfinite_legend(surface.values)
    pieces: list[Piece] = [(f"{odd}  ", "nonfinite")] if odd else []
    if surface.kind != CLASSES:
        return Line((*pieces, *levels.scale(width - (len(odd) + 2 if odd else 0))))
    signs = [class_sign(int(number)) for number in np.unique(surface.values[np.isfinite(surface.values)])]
    if not signs:
        return Line((*pieces, ("", "dim")))
    several = " ".join(signs) if len(signs) <= 10 else words.FROM_TO.format(first=signs[0], last=signs[-1])
    if surface.sure is not None and bool((surface.sure < SURE).any()):
        meaning = words.CLASSES_AND_THIN.format(classes=several, sure=SURE)
    else:
        meaning = words.CLASSES.format(classes=several)
    return Line((*pieces, (meaning, "dim")))
