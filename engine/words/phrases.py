"""Phrases in texts about several things: what stands between two of a list, a suggestion, a common reason."""

from __future__ import annotations

from gradstep.engine.words.language import _

AND = _(" and ")
OR = _(" or ")

# Behind a text that says what was not found.
DID_YOU_MEAN = _(' (did you mean "{name}"?)')

IN_LINE = _("{key} (line {line:,})")  # of a file
NO_VALUE_YET = _("{symbol} has no value yet at {place}")
CANNOT_BE_WRITTEN = _("cannot be written: {reason}")
