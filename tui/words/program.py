"""The texts of the list of an iteration's steps."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

PROGRAM = _("program")
MORE = plural("{count:,} more line: j k", "{count:,} more lines: j k")
FOLDED = plural("one step", "{count:,} steps")
FROZEN = _("frozen")
LAYER = _("L{number}")
IN_STEPS = plural("{symbol} in one step", "{symbol} in {count:,} steps")
