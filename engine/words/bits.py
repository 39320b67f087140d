"""What the last bits of numbers depend on."""

from __future__ import annotations

from gradstep.engine.words.language import _

NUMPY = _("NumPy")
BLAS = _("BLAS")
KERNEL = _("BLAS kernel")
THREADS = _("threads of BLAS")
PROCESSOR = _("processor")
