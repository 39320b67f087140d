"""A surface in words and numbers: a coarse table of it, and what becomes of the rows that the picture marks."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.cells import cell_len

from gradstep.engine.arrays import Array
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures.surface.output import CLASSES, Surface, axis_names, surface_at, title_of, why_not
from gradstep.tui.pictures.surface.plane import Plane, on_axis, ranges
from gradstep.tui.pictures.surface.points import ShownRows, batch_rows, other_rows
from gradstep.tui.text.folding import padded
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import number_format
from gradstep.tui.words import surface as words

COARSE = 5  # rows and columns of the table


def surface_text(moment: Moment, notation: Notation, output: int = 0) -> tuple[str, ...]:
    """A coarse table of the surface, and what becomes of the batch's rows and others; why not where there is none."""
    reason = why_not(moment)
    if reason:
        return (notation.sign(reason),)
    plane = Plane(*ranges(moment), COARSE, COARSE)
    axis = axis_names(notation, moment)
    cells = _written(surface_at(moment, plane.points, output))
    table = [[f"{axis[1]} \\ {axis[0]}", *(on_axis(x0, plane.x0) for x0 in plane.across.tolist())]]
    for row, x1 in enumerate(reversed(plane.upwards.tolist())):
        table.append([on_axis(x1, plane.x1), *cells[row * COARSE : (row + 1) * COARSE]])
    widths = [max(cell_len(row[column]) for row in table) for column in range(COARSE + 1)]
    lines = ["  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)) for row in table]
    shown = [title_of(moment, notation, output), *lines, *_rows_read(moment, axis, output)]
    return tuple(notation.sign(line) for line in shown)


def _written(surface: Surface) -> list[str]:
    """The values, a class with its probability."""
    numbers: list[float] = surface.values.tolist()
    if surface.kind != CLASSES:
        writing = number_format(surface.values, 6)
        return [writing.text(number).strip() for number in numbers]
    sure = [None] * len(numbers) if surface.sure is None else surface.sure.tolist()
    return [
        "NaN" if math.isnan(number) else f"{int(number)}" if chance is None else f"{int(number)} ({chance:.3f})"
        for number, chance in zip(numbers, sure, strict=True)
    ]


def _rows_read(moment: Moment, axis: tuple[str, str], output: int) -> Iterator[str]:
    """The rows that the picture marks, and how many more there are: those of the batch, then others."""
    batch, others = batch_rows(moment), other_rows(moment)
    for row, numbers in _numbers_read(moment, batch, axis, output):
        yield words.ROW_OF_BATCH.format(row=row, numbers=numbers)
    if batch.more:
        yield words.MORE_OF_BATCH(batch.more)
    is_drawn = "x" in moment.values
    for row, numbers in _numbers_read(moment, others, axis, output):
        if is_drawn:
            yield words.ROW_NOT_IN_BATCH.format(row=row, numbers=numbers)
        else:
            yield words.ROW_OF_DATA.format(row=row, numbers=numbers)
    if others.more:
        yield words.MORE_NOT_IN_BATCH(others.more) if is_drawn else words.MORE_OF_DATA(others.more)


def _numbers_read(moment: Moment, rows: ShownRows, axis: tuple[str, str], output: int) -> Iterator[tuple[int, str]]:
    """The number of each row, and its inputs, its target, its output by the parameters at the cursor."""
    surface = surface_at(moment, rows.x, output)
    read = zip(rows.numbers.tolist(), rows.x.tolist(), rows.t, _written(surface), strict=True)
    for number, (x0, x1), t, made in read:
        told = words.VALUES_OF_ROW.format(
            x0=axis[0],
            value0=f"{x0:.4g}",
            x1=axis[1],
            value1=f"{x1:.4g}",
            target=_target_read(t, surface.kind, output),
            output=made,
        )
        yield number, told


def _target_read(target: Array, kind: str, output: int) -> str:
    """The target of a row: its class, or that of the output that is drawn."""
    return str(int(target.argmax())) if kind == CLASSES else f"{float(target[output % len(target)]):.4g}"
