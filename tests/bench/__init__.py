"""How fast gradstep is, as ratios measured in one run: python -m tests.bench

One thread does the arithmetic, in NumPy as in PyTorch. What reads these variables reads them when it is imported; so
they are set here, before.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[_name] = "1"
