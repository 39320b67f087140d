"""The texts of the curve: its frame, and which one it is."""

from __future__ import annotations

from gradstep.engine.words.language import _

THE_LOSS_LINEAR = _("the curve of the loss, linear")
THE_LOSS_LOGARITHMIC = _("the curve of the loss, logarithmic")
MEASURED = _("the curve of {name}")
WATCHED = _("the curve of {expression}, at the end of each iteration so far")
NO_NUMBER = _("{expression} is no single number")
LOOKING_AT = _("looking at {expression}")

# ── in the frame ─────────────────────────────────────────────────────────────────────────────────────────────

LINEAR = _("linear")
LOGARITHMIC = _("log")
LOGARITHMIC_WITHOUT_ZERO = _("log, without 0")
ON_AXIS = _("{name} ({axis})")
NEXT_WITH_L = _("l: {curve}")
LOSS_LINEAR = _("loss, linear")
LOSS_LOGARITHMIC = _("loss, log")
NONE_SO_FAR = _("no value so far")
ONE_SO_FAR = _("one value so far (iteration {iteration:,})")
BEGINS_WITH_TWO = _("a second begins the curve")
DIFFERENCE = _("difference")
