"""Texts of the pytest plugin about an expectation that does not hold: a heading, and lines under it."""

from __future__ import annotations

from gradstep.engine.words.language import _

EXPECTATION_AT = _("{expectation} at {position}")
PRINTED = _("  printed:  {value}")
COMPUTED = _("  computed: {value}")
AGREES_UNEXPECTEDLY = _("  expected to differ ({why}), but agrees")
DIFFERS_OTHERWISE = _("  expected instead: {instead} ({why})")
AS_TEXT = _("  written as text, in quotes, it would be compared to the digits that are written, and hold")
NOTE = _("  note: {note}")
