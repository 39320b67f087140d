"""An array as a line of Python that makes it again, to the bit."""

from __future__ import annotations

import numpy as np

from gradstep.engine.arrays import Array


def as_numpy(array: Array) -> str:
    """`np.array([[0.1, 0.2]])`; of a single number, that. NaN and infinities are NumPy's."""
    text = repr(array.tolist())
    if not np.isfinite(array).all():
        text = text.replace("nan", "np.nan").replace("inf", "np.inf")
    return f"np.array({text})" if array.shape else text
