"""Another order of adding, in every interpreter that has this folder on its path: `pytest --other-rounding`.

Processors, libraries and numbers of threads add up a product of matrices or a sum in different orders, so the last bits
of a result are a machine's own. Under the option every one is added in an order that no plain run has, and always in
the same. A product of one term and a sum of two are the same on every machine, and stay so.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradstep.engine import arrays

FEW_TERMS = 16  # up to here a product is added in extended precision, as fused operations come near to


def dot(a: Any, b: Any, out: Any = None) -> Any:
    """The product, its terms added from the last to the first."""
    if a.shape[-1] < 2:
        return np.dot(a, b, out)
    a, b = a[..., ::-1].copy(), b[::-1].copy()
    made = np.dot(a, b, out)
    if a.shape[-1] > FEW_TERMS:
        return made
    precise = np.dot(a.astype(np.longdouble), b.astype(np.longdouble)).astype(np.float64)
    if out is None:
        return np.where(np.isfinite(made), precise, made)[()]
    np.copyto(out, precise, where=np.isfinite(made))
    return out


def add_reduce(array: Any, axis: Any = 0, *more: Any, **options: Any) -> Any:
    """The sum along an axis, or of everything, from the last number to the first."""
    array = np.asarray(array)
    turned = np.flip(array, axis).copy(order="C")  # a view would be added in the order in which it lies in memory
    return np.add.reduce(turned, axis, *more, **options)


arrays.dot = dot
arrays.add_reduce = add_reduce
