"""BLAS on one thread, for the command: how many there are decides in which order products are added up.

The environment is read by BLAS when NumPy is imported, so this comes before; it imports neither. What somebody has set
there stays.
"""

from __future__ import annotations

import os
import sys

# As in `engine.bits`, which cannot be imported before NumPy.
THREADS = (
    "OPENBLAS_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def on_one_thread() -> None:
    """Tell BLAS so, unless somebody has said how many, or it has been loaded."""
    if "numpy" not in sys.modules and not any(os.environ.get(name) for name in THREADS):
        os.environ.update(dict.fromkeys(THREADS, "1"))


on_one_thread()
