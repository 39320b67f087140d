"""The network's forward pass on rows of one's own, with the parameters at the cursor.

How its output is drawn is left to `output`.
"""

from __future__ import annotations

import numpy as np

from gradstep.engine.arrays import Array, Shape
from gradstep.engine.machine.run import compute
from gradstep.engine.program.operation import ShapeError
from gradstep.engine.program.program import Phase, Program
from gradstep.engine.timeline.moment import Moment

INPUTS = 2


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
