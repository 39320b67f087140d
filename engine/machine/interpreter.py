"""The plain interpreter of steps: each makes an array of its own out of the values that are there.

It is what stepping by hand, measuring and looking at other inputs than those drawn run on. Where the same steps run
again and again (`run`, and the differences of a gradient check), their calls are bound to buffers beforehand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.program.operation import Calls
from gradstep.engine.program.program import Step


def compute(step: Step, values: Mapping[str, Array]) -> Array:
    """The result of a step, from its operands. Raises ShapeError where they do not fit."""
    operands = [values[name] for name in step.operands]
    out: Array = np.empty(step.operation.shape(*(operand.shape for operand in operands)))
    step.operation.fill(out, *operands)
    return out


def run_steps(steps: Iterable[Step], values: MutableMapping[str, Array], draw: Callable[[str], Array]) -> None:
    """Write what each step makes into `values`, in order; what has no operands is drawn."""
    for step in steps:
        values[step.symbol] = compute(step, values) if step.operands else draw(step.symbol)


def bound(step: Step, buffers: Mapping[str, Array]) -> Calls:
    """The calls that fill the step's buffer from those of its operands, whenever they are made."""
    return step.operation.kernel(buffers[step.symbol], *(buffers[name] for name in step.operands))
