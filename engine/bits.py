"""What the last bits of numbers depend on, apart from the program: NumPy, its BLAS, the threads of that, the processor.

A product of matrices is added up in an order that these decide. What is written down of them beside a digest of numbers
says later why the numbers are not the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import numpy as np

from gradstep.engine.words import bits as words

# What BLAS libraries are told their number of threads by, in the order in which OpenBLAS, the most common one, asks.
THREADS = (
    "OPENBLAS_NUM_THREADS",
    "GOTO_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)

# What is written down → what it is called.
SURROUNDINGS = {
    "numpy": words.NUMPY,
    "blas": words.BLAS,
    "kernel": words.KERNEL,
    "threads": words.THREADS,
    "processor": words.PROCESSOR,
}


def surroundings() -> dict[str, str]:
    """What the last bits depend on here, by the names in `SURROUNDINGS`; "" for what NumPy does not tell."""
    told: Any = np.show_config(mode="dicts")
    config: Mapping[str, Any] = told if isinstance(told, dict) else {}
    blas = config.get("Build Dependencies", {}).get("blas", {})
    found = config.get("SIMD Extensions", {}).get("found", [])
    return {
        "numpy": np.__version__,
        "blas": f"{blas.get('name', '')} {blas.get('version', '')}".strip(),
        "kernel": os.environ.get("OPENBLAS_CORETYPE") or str(blas.get("openblas configuration", "")),
        "threads": threads(),
        "processor": " ".join(map(str, found)),
    }


def threads() -> str:
    """How many threads BLAS has: as many as the environment says, otherwise as there are processors for it."""
    told = next((os.environ[name] for name in THREADS if os.environ.get(name)), "")
    if told:
        return told
    usable = getattr(os, "sched_getaffinity", None)  # not on every system
    return str(len(usable(0)) if usable is not None else os.cpu_count() or 1)


def digest(values: Mapping[str, np.ndarray[Any, Any]]) -> str:
    """A fingerprint of the bits of some numbers and of their names."""
    fingerprint = blake2b(digest_size=16)
    for name in sorted(values):
        fingerprint.update(f"{name} {values[name].shape}\n".encode())
        fingerprint.update(np.ascontiguousarray(values[name]).data)
    return fingerprint.hexdigest()
