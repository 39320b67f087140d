"""The texts of the list of an iteration's steps."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

PROGRAM = _("program")
MORE = _("{first}–{last} of {count}")
FOLDED = plural("one step", "{count:,} steps")
FROZEN = _("frozen")
LAYER = _("L{number}")
