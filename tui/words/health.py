"""The texts of the badge of a run's health and of the list behind it."""

from __future__ import annotations

from gradstep.engine.words.language import _

OK = _("health ok")
SIGN = "⚠"
NOT_FINITE = _("not finite")
EXPLODING = _("exploding")
VANISHING = _("vanishing")
DEAD = _("dead ReLUs")
SATURATED = _("saturated units")
IDENTICAL = _("identical units")
PLATEAU = _("plateau")
SINCE = _("since {iteration:,}")
AT_LEAST_SINCE = _("since {iteration:,} or earlier")
OVER = _("(not any more, or not yet)")
AND_MORE = _(" +{count}")
UNIT_SINCE = _("unit {unit} since {iteration:,}")

TITLE = _("health")
KEYS = _("Enter goes to where it began")
ALL_IS_WELL = _(
    "Nothing is wrong as far as the run has come: no unit is dead or saturated for every row, no gradient vanishes or explodes, the loss is on no plateau, no units stay identical, and every number is finite."
)
NOTHING_YET = _("nothing has run yet, so there is nothing to say of its health")
