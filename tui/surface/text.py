"""A surface in words and numbers: a coarse table of it, and what becomes of the batch's rows."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from rich.cells import cell_len

from engine.operation import Array
from engine.timeline import Moment
from tui.lines import padded
from tui.numbers import number_format
from tui.surface.captions import axis_names, brief, title_of
from tui.surface.output import CLASSES, Surface, surface_at, why_not
from tui.surface.plane import ranges
from tui.wording import Wording

COARSE = 5  # rows and columns of the table
MOST_READ = 8  # rows of the batch in the text


def surface_text(moment: Moment, wording: Wording, output: int = 0) -> tuple[str, ...]:
    """A coarse table of the surface, and what becomes of the batch's rows; why not where there is none."""
    reason = why_not(moment)
    if reason:
        return (wording.sign(reason),)
    x0, x1 = ranges(moment)
    axis = axis_names(wording, moment)
    across, upwards = np.linspace(*x0, COARSE), np.linspace(*x1, COARSE)[::-1]
    x = np.array([(one, other) for other in upwards for one in across])
    words = _written(surface_at(moment, x, output))
    table = [[f"{axis[1]} \\ {axis[0]}", *map(brief, across)]]
    for row, other in enumerate(upwards):
        table.append([brief(float(other)), *words[row * COARSE : (row + 1) * COARSE]])
    widths = [max(cell_len(row[column]) for row in table) for column in range(COARSE + 1)]
    lines = ["  ".join(padded(word, cells) for word, cells in zip(row, widths, strict=True)) for row in table]
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
    lines = [
        f"row {row} of the batch: {axis[0]} {brief(float(x[row, 0]))}, {axis[1]} {brief(float(x[row, 1]))}"
        f"{_target_read(values, row, surface.kind, output)}, output {told[row]}"
        for row in range(len(x))
    ]
    more = len(values["x"]) - len(x)
    return [*lines, f"and {more:,} rows more"] if more else lines


def _target_read(values: Mapping[str, Array], row: int, kind: str, output: int) -> str:
    """The target of a row, where it has as many columns as there are outputs."""
    if "t" not in values:
        return ""
    target = values["t"][row]
    if kind == CLASSES:
        return f", target {int(target.argmax())}"
    return f", target {brief(float(target[output % len(target)]))}"
