"""Steps of formulas that spread both of their operands over one another, which is seldom meant.

NumPy lays the last axes of two arrays beside each other (NumPy User Guide, broadcasting), so a column of n numbers and
a list of n make n×n: each number of one with each of the other, where row by row was meant.
"""

from __future__ import annotations

from gradstep.engine.arrays import Shape
from gradstep.engine.program.operations.spreading import spread
from gradstep.engine.program.program import Program, Step


def spread_shapes(program: Program, step: Step) -> tuple[Shape, ...]:
    """The shapes of a step's operands where each of them is spread, so that the result has none of them; else ()."""
    shapes = tuple(program.symbols[name].shape for name in step.operands)
    both = step.operation.shape is spread and program.symbols[step.symbol].shape not in shapes
    return shapes if both else ()


def spread_steps(program: Program) -> tuple[Step, ...]:
    """All steps of that kind, in the order of the program."""
    return tuple(step for step in program.steps if spread_shapes(program, step))
