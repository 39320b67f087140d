"""The texts of the pages of the step that has just run and of all values."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── at the start ─────────────────────────────────────────────────────────────────────────────────────────────

SOURCE = _("Source: {source}")
NOTHING_YET = _("Nothing has run yet. s runs the first of {count} steps of an iteration; ? shows all keys.")

# ── the rows that were drawn ─────────────────────────────────────────────────────────────────────────────────

ALL_ROWS = _("all rows of the data")
ONLY_ROW = _("the only row of the data")
ROWS = plural("row {rows} of 0 to {last:,}", "rows {rows} of 0 to {last:,}")

# ── one element ──────────────────────────────────────────────────────────────────────────────────────────────

NOT_COMPUTED = _("{element} is not computed yet")
TOO_MANY = _("{element} is a sum over {count:,} numbers, too many to write out here")
GIVEN = _("{element}: {given}")
LEFT_OUT = _("… {count} lines; x shows them all")

# ── what the step changed, and for whom ──────────────────────────────────────────────────────────────────────

CHANGE_SINCE = _("change since iteration {iteration:,}")
OTHER_ROWS = _("the rows of iteration {iteration:,} were others")
NO_DIFFERENCE = _("{difference}: none")
NEXT_ITERATION = _("is {symbol} of the next iteration")
USED_BY = _("used by {symbol}")
DRAWN_ONCE = _("{symbol} is drawn once and shared by {others} and {last}")
COMPUTED_ONCE = _("{symbol} is computed once and shared by {others} and {last}")
