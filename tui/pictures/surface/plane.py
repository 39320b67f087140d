"""The plane of two inputs: which part of it is drawn, and the network's forward pass on points of it, a cell each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradstep.engine.arrays import Array, Shape
from gradstep.engine.machine.run import compute
from gradstep.engine.program.operation import ShapeError
from gradstep.engine.program.program import Phase, Program
from gradstep.engine.timeline.moment import Moment

INPUTS = 2
MARGIN = 0.1  # of the data's range, on each side
NARROW = 1e-9  # of its values: a range that is none

Range = tuple[float, float]


def ranges(moment: Moment) -> tuple[Range, Range]:
    """The range of each input that is drawn: that of the data and the batch, with a margin."""
    x = moment.batches.whole("x", moment.position.iteration, moment.position.step)
    ends: list[Range] = []
    for column in range(INPUTS):
        drawn = moment.values.get("x", x[:0])
        columns = [array[:, column][np.isfinite(array).all(axis=1)] for array in (x, drawn)]
        known = [array for array in columns if array.size]
        low, high = min(float(array.min()) for array in known), max(float(array.max()) for array in known)
        ends.append(widened(low, high))
    return ends[0], ends[1]


def widened(low: float, high: float) -> Range:
    """The range with its margin, its ends rounded outwards; a single value in the middle of a range of its size."""
    span = high - low
    if span <= NARROW * max(abs(low), abs(high)):
        return low - max(1.0, abs(low)), low + max(1.0, abs(low))
    low, high = low - MARGIN * span, high + MARGIN * span
    if not 1e-200 < span < 1e200:
        return low, high
    places = 1 - math.floor(math.log10(span))
    unit = 10.0**-places
    return round(math.floor(low / unit + NARROW) * unit, places), round(math.ceil(high / unit - NARROW) * unit, places)


def on_axis(number: float, ends: Range) -> str:
    """A place on an axis, to a ten-thousandth of its range or nearer."""
    decimals = 4 - math.floor(math.log10(ends[1] - ends[0]))
    return f"{round(number, decimals) + 0.0:.15g}"  # + 0.0: no minus before a zero


@dataclass(frozen=True, eq=False)
class Plane:
    """The plane of both inputs as rows × columns of cells, x1 upwards: the first and the last are at its ends.

    So the numbers at the ends of an axis are those of its outermost cells. There are two rows and columns at least.
    """

    x0: Range
    x1: Range
    rows: int
    columns: int

    @cached_property
    def points(self) -> Array:
        """The point of each cell, row by row from the top: an array of x."""
        grid: Array = np.empty((self.rows, self.columns, INPUTS))
        grid[:, :, 0], grid[:, :, 1] = self.across, self.upwards[::-1, np.newaxis]
        return grid.reshape(-1, INPUTS)

    @property
    def across(self) -> Array:
        """x0 of each column."""
        return np.linspace(*self.x0, self.columns)

    @property
    def upwards(self) -> Array:
        """x1 of each row, from the bottom."""
        return np.linspace(*self.x1, self.rows)

    def cell(self, x0: float, x1: float) -> tuple[int, int]:
        """Row and column of the cell whose point is nearest to a point."""
        row = math.floor((self.x1[1] - x1) / (self.x1[1] - self.x1[0]) * (self.rows - 1) + 0.5)
        column = math.floor((x0 - self.x0[0]) / (self.x0[1] - self.x0[0]) * (self.columns - 1) + 0.5)
        return min(max(0, row), self.rows - 1), min(max(0, column), self.columns - 1)


def parameters(moment: Moment) -> dict[str, Array]:
    """The parameters that a forward pass would start from at the cursor: the updated ones, where that has run."""
    values = moment.values
    return {name: values.get(becomes, values[name]) for name, becomes in moment.program.carried.items()}


def forward(moment: Moment, x: Array) -> dict[str, Array]:
    """The values of the forward pass for rows of x, as far as they are made of x and parameters alone."""
    known = {"x": x, **parameters(moment)}
    shapes = _shapes(moment.program, len(x))
    with np.errstate(all="ignore"):
        for step in moment.program.steps:
            if step.phase is Phase.FORWARD and step.symbol in shapes:
                known[step.symbol] = compute(step, known)
    return known


def row_by_row(program: Program, symbol: str) -> bool:
    """Whether a symbol can be computed for rows of one's own, one row of it from each."""
    # A number of rows that no other array has: what still fits treats each row by itself.
    rows = 1 + max((size for each in program.symbols.values() for size in each.shape), default=0)
    shape = _shapes(program, rows).get(symbol, ())
    return len(shape) == 2 and shape[0] == rows


def _shapes(program: Program, rows: int) -> dict[str, Shape]:
    """The shapes of what `forward` gives for so many rows of x."""
    known: dict[str, Shape] = {"x": (rows, INPUTS)} | {name: program.symbols[name].shape for name in program.carried}
    for step in program.steps:
        if step.phase is Phase.FORWARD and all(name in known for name in step.operands):
            try:
                known[step.symbol] = step.operation.shape(*(known[name] for name in step.operands))
            except ShapeError:
                continue
    return known
