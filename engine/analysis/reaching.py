"""Whether anything of one element gets to the loss: past zeros, closed ReLUs and saturated units.

What does not has the derivative 0, whatever the rounding of the loss may hide. It is followed step by step, by moving
what it has reached so far by huge amounts, beside which no number is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradstep.engine.arrays import Array, Index, Mask
from gradstep.engine.machine.run import compute
from gradstep.engine.program.program import Step

HUGE = 1e100
FLAT = 1e-12  # of its largest slope: a unit that is no steeper lets nothing through


def reaches(steps: Sequence[Step], values: Mapping[str, Array], symbol: str, index: Index) -> bool:
    """Whether an element of a symbol gets to the result of the last of these steps. values: of all that they read."""
    mark = np.zeros(values[symbol].shape, dtype=bool)
    mark[index] = True
    marks: dict[str, Mask] = {symbol: mark}
    generator = np.random.default_rng(0)
    for step in steps:
        if marks.keys().isdisjoint(step.operands):
            continue
        touched = _touched(step, values, marks, generator)
        if touched.any():
            marks[step.symbol] = touched
    return steps[-1].symbol in marks


def _touched(
    step: Step, values: Mapping[str, Array], marks: Mapping[str, Mask], generator: np.random.Generator
) -> Mask:
    """The elements of a step's result that change with the marked elements of its operands."""
    operands = {name: values[name] for name in step.operands}
    shifts = {
        name: (HUGE * (1.0 + generator.random(marks[name].shape)) * marks[name]).astype(np.float64)
        for name in marks
        if name in operands
    }
    with np.errstate(all="ignore"):
        here = compute(step, operands)
        touched = np.zeros(here.shape, dtype=bool)
        for sign in (1.0, -1.0):
            there = _held(step, operands, here, {name: sign * shift for name, shift in shifts.items()})
            touched |= ~(there == here)  # NaN is another number, too
    if step.operation.slope is not None:
        touched &= ~(step.operation.slope(operands[step.operands[0]]) < FLAT)
    return touched


def _held(step: Step, operands: Mapping[str, Array], here: Array, shifts: Mapping[str, Array]) -> Array:
    """The result of a step with shifted operands; what has a kink stays on the side where it is."""
    shifted = {name: array + shifts.get(name, 0.0) for name, array in operands.items()}
    if step.operation.held is None:
        return compute(step, shifted)
    arrays, out = {name: array.copy() for name, array in operands.items()}, here.copy()
    calls = step.operation.held(out, *(arrays[name] for name in step.operands))
    for name, array in arrays.items():
        array[...] = shifted[name]
    for call in calls:
        call()
    return out
