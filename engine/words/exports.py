"""Errors of exports that cannot be written."""

from __future__ import annotations

from gradstep.engine.words.language import _

ENDS_OTHERWISE = _('found "{name}", expected a file that ends in {endings}')
NOTHING_TO_WRITE = _("there is nothing to write, expected symbols, such as E or W1_next")
NO_SUCH_ITERATIONS = _("found iterations {first:,} to {last:,}, expected some from 1 to {most:,}")
TAKEN_BY_NPZ = _('"{name}" cannot be the name of an array in an NPZ file, expected another name or CSV')
TOO_LARGE = _("{iterations:,} × {numbers:,} numbers are more than 2 GiB, expected fewer iterations or symbols")
