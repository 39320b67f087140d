"""What broadcasting spreads over both operands, in words: most often a column that meets a list by mistake."""

from __future__ import annotations

from gradstep.engine.analysis.spreads import spread_shapes, spread_steps
from gradstep.engine.arrays import written
from gradstep.engine.program.program import Program, Step
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import caveats as words


def spread_over_both(program: Program, step: Step, notation: Notation) -> str:
    """That a step spreads both of its operands, and to what; "" where it does not."""
    shapes = spread_shapes(program, step)
    if not shapes:
        return ""
    told, shape = step.operation.formula.format(*map(written, shapes)), written(program.symbols[step.symbol].shape)
    operands = [notation.symbol(name) for name in step.operands]
    return words.SPREAD.format(shapes=told, shape=shape, one=operands[0], other=operands[-1])


def spread_anywhere(program: Program, notation: Notation) -> str:
    """That for the first such step of a program, and how many more there are; "" where there is none."""
    steps = spread_steps(program)
    if not steps:
        return ""
    told = words.SPREAD_AT.format(
        formula=notation.formula(steps[0]), told=spread_over_both(program, steps[0], notation)
    )
    return words.MORE_SPREAD(len(steps) - 1, told=told) if len(steps) > 1 else told
