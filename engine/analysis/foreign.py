"""Foreign derivatives that come out right: a derivative that is another function's, at numbers where both are the same.

ReLU with the derivative of the identity is right as long as every unit is open. A step that is made so is no derivative
of the forward pass in general, and is one here.
"""

from __future__ import annotations

import numpy as np

from gradstep.engine.machine.provenance import Provenance
from gradstep.engine.machine.run import compute
from gradstep.engine.program.network import LAYERS
from gradstep.engine.program.program import Step

SAME = 1e-12  # relatively: products of the same numbers in another order


def comes_out_right(provenance: Provenance, step: Step) -> bool:
    """Whether a step with a foreign derivative has made what the activation's own would have made of the same."""
    program, values = provenance.program, provenance.values
    known = program.symbols[step.symbol]
    node = program.steps[program.writers[known.by]] if known.by in program.writers else None
    own = LAYERS.get(node.operation.name) if node is not None else None
    if node is None or own is None or len(own.gradients) != 1 or step.symbol not in values:
        return False
    (gradient,) = own.gradients
    place = program.writers[step.symbol]
    names = {"d": step.operands[0], "out": node.symbol} | {str(at): name for at, name in enumerate(node.operands)}
    operands = tuple(names[name] for name in gradient.operands)
    right = Step(step.symbol, gradient.operation, operands, step.phase, step.layer)
    with np.errstate(all="ignore"):
        found = compute(right, {name: provenance.read(name, place) for name in operands})
    return bool(np.allclose(found, values[step.symbol], rtol=SAME, atol=0.0))
