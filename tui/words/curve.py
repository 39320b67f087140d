"""The texts of the curve: its frame, the line above it, which one it is."""

from __future__ import annotations

from gradstep.engine.words.language import _

THE_LOSS_LINEAR = _("the curve of the loss, linear")
THE_LOSS_LOGARITHMIC = _("the curve of the loss, logarithmic")
MEASURED = _("the curve of {name}")
WATCHED = _("the curve of {expression}, at the end of each iteration so far")
NO_NUMBER = _("{expression} is no single number")
LOOKING_AT = _("looking at {expression}")

# ── in the frame ─────────────────────────────────────────────────────────────────────────────────────────────

LOSS = _("loss")
LINEAR = _("linear")
LOGARITHMIC = _("log")
LOGARITHMIC_WITHOUT_ZERO = _("log, without 0")
ON_AXIS = _("{name} ({axis})")
NEXT_WITH_L = _("l: {curve}")
LOSS_LINEAR = _("loss, linear")
LOSS_LOGARITHMIC = _("loss, log")

# ── above the curve ──────────────────────────────────────────────────────────────────────────────────────────

NOTHING_YET = _("nothing has run yet")
ITERATION = _("iteration {iteration:,} of {total:,}")
AT_END_OF_TOTAL = _("{value} at the end of iteration {iteration:,} of {total:,}")
AT_END_OF_ITERATION = _("{value} at the end of iteration {iteration:,}")
AT_END_OF = _("{value} at the end of {iteration:,}")
