"""What float64 cannot say: derivatives that rounding has taken, losses below 0, sums that overflow when written out.

The program computes as its texts do; here it is told where that is not the number meant, and which that is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array, Index, Mask
from gradstep.engine.machine.provenance import Provenance
from gradstep.engine.machine.run import compute
from gradstep.engine.program.expression import Element, Expression, evaluate
from gradstep.engine.program.network import LAYERS
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.program import Step

LAST_BITS = 1e-15
COARSE = 5e-3  # of a derivative: what z(1 − z) may be off by without being told; at u = 32 it begins to be more


@dataclass(frozen=True)
class CoarseSlope:
    """A derivative that comes out coarse: of which activation, at which u; as computed, and as it is.

    gradient: the gradient with the derivative as it is. others: how many more of the array are so.
    """

    element: Element
    kind: str
    u: Element
    value: float
    computed: float
    true: float
    gradient: float
    others: int = 0


def coarse_slope(provenance: Provenance, symbol: str, preferred: Index | None = None) -> CoarseSlope | None:
    """The derivative of a step that is furthest off, or that of an element; None where none is.

    σ′ = σ(1 − σ) and tanh′ = 1 − tanh² lose their digits where σ or |tanh| is near 1; by exp(−|u|) they keep them.
    """
    program = provenance.program
    place = program.writers.get(symbol)
    found = _slope_of(provenance, program.steps[place]) if place is not None and symbol in provenance.values else None
    if place is None or found is None:
        return None
    own, u = found
    step = program.steps[place]
    d, at = (provenance.read(name, place) for name in (step.operands[0], u))
    assert own.slope is not None, "an activation that saturates"
    with np.errstate(all="ignore"):
        true = own.slope(at) * _steepest(own)
        computed = _factor(provenance, step)
        off = np.abs(computed - true)
        coarse = np.isfinite(at) & (off > COARSE * true) & _as_made(provenance, step, own, u)
    if not coarse.any() or (preferred is not None and not coarse[preferred]):
        return None
    worst = np.where(coarse, np.abs(at), -1.0)
    index = preferred if preferred is not None else tuple(map(int, np.unravel_index(int(worst.argmax()), at.shape)))
    return CoarseSlope(
        Element(symbol, index),
        own.name,
        Element(u, index),
        float(at[index]),
        float(computed[index]),
        float(true[index]),
        float(d[index] * true[index]),
        int(coarse.sum()) - 1,
    )


def _slope_of(provenance: Provenance, step: Step) -> tuple[Operation, str] | None:
    """The activation whose derivative a step multiplies by, and the symbol that it is taken at."""
    for own in LAYERS.values():
        if own.slope is None or own.derivative is None or len(step.operands) != 2:
            continue
        if step.operation is own.derivative.operation:
            return own, step.operands[1]
        if any(step.operation is gradient.operation for gradient in own.gradients):
            made = provenance.program.writers.get(step.operands[1])
            forward = None if made is None else provenance.program.steps[made]
            if forward is not None and forward.operation.name == own.name:
                return own, forward.operands[0]
    return None


def _as_made(provenance: Provenance, step: Step, own: Operation, u: str) -> Mask:
    """Where what the derivative is taken at is what the activation makes of u, and not what somebody has set."""
    place = provenance.program.writers[step.symbol]
    of, at = (provenance.read(name, place) for name in (step.operands[1], u))
    if step.operands[1] == u:
        return np.ones(at.shape, dtype=bool)
    made = np.empty(at.shape)
    own.fill(made, at)
    return np.asarray(np.abs(made - of) <= LAST_BITS)


def _factor(provenance: Provenance, step: Step) -> Array:
    """The derivative as a step has it: what it makes of an upstream gradient of 1."""
    place = provenance.program.writers[step.symbol]
    values = {name: provenance.read(name, place) for name in step.operands}
    values[step.operands[0]] = np.ones(values[step.operands[0]].shape)
    return compute(step, values)


def _steepest(own: Operation) -> float:
    """The largest derivative of an activation that saturates: that at 0."""
    assert own.derivative is not None, "an activation"
    out = np.empty(1)
    own.derivative.operation.fill(out, np.ones(1), np.zeros(1))
    return float(out[0])


def exact_loss(provenance: Provenance) -> float | None:
    """The loss without the ε that stands in its logarithm, where with it, it is below 0."""
    program = provenance.program
    step = program.steps[program.writers[program.loss]]
    if step.operation.exact is None or program.loss not in provenance.values:
        return None
    if not float(provenance.values[program.loss]) < 0.0:
        return None
    y, t = step.operands
    logits = program.steps[program.writers[y]].operands[0]
    exact = Step(step.symbol, step.operation.exact, (logits, t), step.phase, step.layer)
    place = program.writers[program.loss]
    return float(compute(exact, {name: provenance.read(name, place) for name in (logits, t)}))


def overflows(provenance: Provenance, expression: Expression, value: float) -> float | None:
    """What arithmetic comes to when it is written out, where that is not finite and the value another one; or None."""
    found = evaluate(expression, provenance.values.__getitem__)
    if math.isfinite(found) and math.isfinite(value):
        return None
    return None if found == value or (math.isnan(found) and math.isnan(value)) else found
