"""What is said of the curve: its titles, and which one it is."""

from __future__ import annotations

from engine.words.language import _

LOSS = _("loss")
ANOTHER_WITH_L = _("{name} (l: accuracy)")

THE_LOSS = _("the curve of the loss")
THE_LOSS_LINEAR = _("the curve of the loss, linear")
THE_LOSS_LOGARITHMIC = _("the curve of the loss, logarithmic")
MEASURED = _("the curve of {name}")
WATCHED = _("the curve of {expression}, at the end of each iteration so far")
NO_NUMBER = _("{expression} is no single number")
LOOKING_AT = _("looking at {expression}")

# ── above the curve ──────────────────────────────────────────────────────────────────────────────────────────

LOGARITHMIC = _("{name} (log)")
ITERATIONS = _("{total:,} iterations")
ITERATION = _("iteration {iteration:,} of {total:,}")
NOTHING_YET = _("nothing has run yet")
