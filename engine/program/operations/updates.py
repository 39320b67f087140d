"""The operations that make the next value of a parameter."""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.program.operation import Calls, Operation, copy, first, same


def _descend_kernel(out: Array, parameter: Array, gradient: Array, rate: Array) -> Calls:
    return (partial(np.multiply, rate, gradient, out), partial(np.subtract, parameter, out, out))


descend = Operation(
    "descend",
    _descend_kernel,
    lambda parameter, gradient, rate: same(parameter, gradient),
    "{0} − {2} {1}",
    lambda index, parameter, gradient, rate: parameter[index] - rate[()] * gradient[index],
)

keep = Operation("keep", copy, first, "{0}", lambda index, p: p[index])
