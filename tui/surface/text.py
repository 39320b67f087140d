"""A surface in words and numbers: a coarse table of it, and what becomes of the batch's rows."""

from __future__ import annotations

import math
from collections.abc import Mapping

from rich.cells import cell_len

from engine.operation import Array
from engine.timeline import Moment
from tui.lines import padded
from tui.numbers import number_format
from tui.surface.captions import axis_names, brief, on_axis, title_of
from tui.surface.output import CLASSES, Surface, surface_at, why_not
from tui.surface.plane import Plane, ranges
from tui.wording import Wording
from tui.words import surface as words

COARSE = 5  # rows and columns of the table
MOST_READ = 8  # rows of the batch in the text


def surface_text(moment: Moment, wording: Wording, output: int = 0) -> tuple[str, ...]:
    """A coarse table of the surface, and what becomes of the batch's rows; why not where there is none."""
    reason = why_not(moment)
    if reason:
        return (wording.sign(reason),)
    plane = Plane(*ranges(moment), COARSE, COARSE)
    axis = axis_names(wording, moment)
    cells = _written(surface_at(moment, plane.points, output))
    table = [[f"{axis[1]} \\ {axis[0]}", *(on_axis(x0, plane.x0) for x0 in plane.across.tolist())]]
    for row, x1 in enumerate(reversed(plane.upwards.tolist())):
        table.append([on_axis(x1, plane.x1), *cells[row * COARSE : (row + 1) * COARSE]])
    widths = [max(cell_len(row[column]) for row in table) for column in range(COARSE + 1)]
    lines = ["  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)) for row in table]
    shown = [title_of(moment, wording, output), *lines, *_rows_read(moment, axis, output)]
    return tuple(wording.sign(line) for line in shown)


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


def _rows_read(moment: Moment, axis: tuple[str, str], output: int) -> list[str]:
    """The batch's rows with their targets and outputs, by the parameters at the cursor."""
    values: Mapping[str, Array] = moment.values
    if "x" not in values:
        return []
    x = values["x"][:MOST_READ]
    surface = surface_at(moment, x, output)
    told = _written(surface)
    lines = []
    for row in range(len(x)):
        x0, x1 = brief(float(x[row, 0])), brief(float(x[row, 1]))
        if "t" in values:
            target = _target_read(values["t"][row], surface.kind, output)
            read = words.ROW_WITH_TARGET.format(
                row=row, x0=axis[0], value0=x0, x1=axis[1], value1=x1, target=target, output=told[row]
            )
        else:
            read = words.ROW.format(row=row, x0=axis[0], value0=x0, x1=axis[1], value1=x1, output=told[row])
        lines.append(read)
    more = len(values["x"]) - len(x)
    return [*lines, words.MORE_ROWS.format(count=more)] if more else lines


def _target_read(target: Array, kind: str, output: int) -> str:
    """The target of a row: its class, or that of the output that is drawn."""
    return str(int(target.argmax())) if kind == CLASSES else brief(float(target[output % len(target)]))
