"""Texts of the pytest plugin about an expectation that does not hold: a heading, and lines under it."""

from __future__ import annotations

from gradstep.engine.words.language import _

EXPECTATION_AT = _("{expectation} at {position}")
PRINTED = _("  printed:  {value}")
COMPUTED = _("  computed: {value}")
AGREES_UNEXPECTEDLY = _("  expected to differ ({why}), but agrees")
NOTE = _("  note: {note}")
