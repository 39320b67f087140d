"""What is likely a slip of the scenario's, although it can be computed: shapes that spread, a rate below 0."""

from __future__ import annotations

from collections.abc import Mapping

from gradstep.engine.analysis.spreads import spread_shapes, spread_steps
from gradstep.engine.arrays import Array, written
from gradstep.engine.program.optimizers import LEARNING_RATE
from gradstep.engine.program.program import Program, Step
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.words import slips as words


def slips_of(program: Program, step: Step, values: Mapping[str, Array], notation: Notation) -> list[str]:
    """Those that show at a step. values: of its moment."""
    rate = uphill(values, notation) if LEARNING_RATE.name in step.operands else ""
    return [text for text in (spread_over_both(program, step, notation), rate) if text]


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


def uphill(values: Mapping[str, Array], notation: Notation) -> str:
    """That the learning rate is negative; "" where it is not, or where there is none."""
    name = LEARNING_RATE.name
    rate = float(values[name]) if name in values else 0.0
    if rate >= 0:
        return ""
    return words.UPHILL.format(rate=notation.symbol(name), value=plain_number(rate, 9))


def slips(program: Program, values: Mapping[str, Array], notation: Notation) -> list[str]:
    """What is likely a slip of the scenario's, a line each. values: those of a moment."""
    told = (spread_anywhere(program, notation), uphill(values, notation))
    return [notation.sign(f"⚠ {text}") for text in told if text]
