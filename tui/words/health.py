"""The texts of the badge of a run's health and of the list behind it."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

OK = _("health ok")
SIGN = "⚠"
NOT_FINITE = _("not finite")
EXPLODING = _("exploding")
VANISHING = _("vanishing")
DEAD = _("dead ReLUs")
SATURATED = _("saturated units")
IDENTICAL = _("identical units")
PLATEAU = _("plateau")
SINCE = _("since {iteration}")
AND_MORE = _(" +{count}")

# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────

TITLE = _("health")
KEYS = _("Enter goes to where it began, Esc closes")
IN_SHORT = _("{kind} in {where}, since iteration {since}: {bad}")

# The headings:
WHAT = _("what")
WHERE = _("where")
SINCE_ITERATION = _("since")
HOW_BAD = _("how bad")

IN_LAYER = _("{symbol}, {layer}")
OR_EARLIER = _("{iteration:,} or earlier")
OVER = _("{since}, not now")

# How bad:
NOT_FINITE_OF = _("{nans:,} NaN, {infinite:,} infinite of {count:,}")
GROWN = _("norm {norm:.3g}, {growth:.3g} × that before")
TIMES_THE_WEIGHTS = _("norm {norm:.3g}, {ratio:.3g} × the weights'")
OF_THE_LAST = _("{share:.2g} of the last layer's")
MEAN_LOSS = _("loss {mean:.4g}, {share:.0%} of that")
UNITS = plural("{part:,} of {count:,} unit", "{part:,} of {count:,} units")

# Which units, where these are not all, or not since the same iteration:
ONLY_UNITS = plural("Unit {units}.", "Units {units}.")
UNITS_SINCE = plural("unit {units} since {iteration:,}", "units {units} since {iteration:,}")

# Of dead units, what made them so:
BORN_SO = _("So from the start.")
MADE_SO = _("The update of iteration {iteration:,} made it so.")

# From where on it is called so, and what comes of it:
BY = (
    _("The iteration starts from it."),
    _("It was drawn so."),
    _("All that it is made of is finite."),
)
ABOVE_WEIGHTS = _("So called above {above:,g} times the norm of the weights.")
ABOVE_BEFORE = _("So called above {above:g} times its norm one iteration earlier, and above that of the weights.")
BELOW_LAST = _(
    "What comes back to it, {delta}, beside what comes to the last layer, {last}, by their RMS: so called below {below:g}."
)
CLOSED = _(
    "{symbol} ≤ 0 {where}: the output is 0, and so is what passes back. A symptom from {share:.0%} of a layer on."
)
FLAT = _(
    "The derivative is below {below:.0%} of its maximum {where}: hardly any gradient passes back. A symptom from {share:.0%} of a layer on."
)
LEARN_THE_SAME = _("The same weights, coming in and going out: they learn the same, as if they were one.")
OF_CONSTANT = _("That is what the best constant output would come to. It no longer falls; so called above {above:.0%}.")
OF_FIRST = _("That is the first loss. It no longer falls; so called above {above:.0%}.")

# What is not wrong:
FINE = _("ok")
FINITE = _("every number is finite")
NONE_EXPLODES = _("no gradient explodes")
NONE_VANISHES = _("no gradient vanishes")
NONE_DEAD = _("no ReLU is dead for every row")
NONE_SATURATED = _("no unit is saturated for every row")
NONE_IDENTICAL = _("no units stay identical")
NO_PLATEAU = _("the loss is on no plateau")

NOTHING_YET = _("nothing has run yet, so there is nothing to say of its health")
