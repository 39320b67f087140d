"""The texts of the pages of the step that has just run and of all values."""

from __future__ import annotations

from gradstep.engine.words.language import _

# ── at the start ─────────────────────────────────────────────────────────────────────────────────────────────

SOURCE = _("Source: {source}")

# ── all values ───────────────────────────────────────────────────────────────────────────────────────────────

VALUE = _("value")
GRADIENT = _("gradient")
IN_BRANCH = _("{symbol} in {branch}")
NOTHING_DIFFERS = _("nothing differs between {branch} and {other} here")
SAME_IN_BOTH = _("the same in both: {symbols}")
