"""Texts about a training run's health: one or two sentences a symptom."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── not finite ───────────────────────────────────────────────────────────────────────────────────────────────

ELEMENTS = plural("{part:,} of {count:,} element of {symbol}", "{part:,} of {count:,} elements of {symbol}")

# what: the elements, or a scalar by its symbol. By where it is:
NOT_FINITE_AS_COMPUTED = plural(
    "{what} is not finite ({nans:,} NaN, {infinite:,} infinite), though all that it is made of is finite.",
    "{what} are not finite ({nans:,} NaN, {infinite:,} infinite), though all that it is made of is finite.",
)
NOT_FINITE_AS_DRAWN = plural(
    "{what} is not finite ({nans:,} NaN, {infinite:,} infinite), as it was drawn.",
    "{what} are not finite ({nans:,} NaN, {infinite:,} infinite), as it was drawn.",
)
NOT_FINITE_AT_START = plural(
    "{what} is not finite ({nans:,} NaN, {infinite:,} infinite), which the iteration starts from.",
    "{what} are not finite ({nans:,} NaN, {infinite:,} infinite), which the iteration starts from.",
)

# ── gradients ────────────────────────────────────────────────────────────────────────────────────────────────

# weights: the parameters that work together, their norm in parentheses.
EXPLODING = _(
    "The gradient of {parameter} is exploding: its norm, {norm:.3g}, is {ratio:.3g} times that of {weights} ({size:.3g}); it is called so above {above:,g} times."
)
EXPLODING_AND_GROWN = _(
    "The gradient of {parameter} is exploding: its norm, {norm:.3g}, is {ratio:.3g} times that of {weights} ({size:.3g}), and {growth:.3g} times what it was one iteration earlier; it is called so above {above:g} times that."
)
GROWN = _(
    "The gradient of {parameter} is exploding: its norm, {norm:.3g}, is {growth:.3g} times what it was one iteration earlier; it is called so above {above:g} times."
)

# delta, last: what comes back to this layer and to the last; itself: the parameter without its layer.
VANISHING = _(
    "The gradient of {parameter} is vanishing: the RMS of {delta}, {rms:.3g}, is {share:.2g} times that of {last}, and that of the gradient {ratio:.2g} times that of {itself} itself; it is called so below {below:g} times."
)
VANISHED = _("The gradient of {parameter} has vanished: {delta} is exactly 0, while {last} is not.")

# ── units ────────────────────────────────────────────────────────────────────────────────────────────────────

RELU = _("ReLU")
# which: the numbers of units, from 0.
UNITS = plural("{part:,} of {count:,} {kind} unit of {symbol}", "{part:,} of {count:,} {kind} units of {symbol}")
AND_MORE = plural("{units} and {count:,} more", "{units} and {count:,} more")

# For which rows. Of a large training set not all are asked.
IN_EACH_ROW = plural("for the only row there is", "for each of the {count:,} rows that can be drawn")
IN_ROWS_LOOKED_AT = plural(
    "for the {count:,} row that was looked at, of {total:,} that can be drawn",
    "for each of {count:,} rows, spread over the {total:,} that can be drawn",
)
NEW = _("{text} New in iteration {iteration:,}: {which}.")
FROM_SHARE = _("{text} It is a symptom from {share:.0%} of a layer on.")

# The second of each two is of a layer whose backward pass takes another derivative, so that something may pass back.
DEAD = plural(
    "{units} is dead ({which}): {symbol} ≤ 0 {where}, so that the output is 0 and no gradient passes back.",
    "{units} are dead ({which}): {symbol} ≤ 0 {where}, so that the output is 0 and no gradient passes back.",
)
DEAD_FORWARD = plural(
    "{units} is dead ({which}): {symbol} ≤ 0 {where}, so that the output is 0.",
    "{units} are dead ({which}): {symbol} ≤ 0 {where}, so that the output is 0.",
)
SATURATED = plural(
    "{units} is saturated ({which}): the derivative is below {below:.0%} of its maximum {where}, so that hardly any gradient passes back.",
    "{units} are saturated ({which}): the derivative is below {below:.0%} of its maximum {where}, so that hardly any gradient passes back.",
)
SATURATED_FORWARD = plural(
    "{units} is saturated ({which}): the derivative is below {below:.0%} of its maximum {where}.",
    "{units} are saturated ({which}): the derivative is below {below:.0%} of its maximum {where}.",
)

# weights: those coming in and going out.
OF_LAYER = plural("{part:,} of {count:,} unit of {symbol}", "{part:,} of {count:,} units of {symbol}")
IDENTICAL = _(
    "{units} have the same {weights}: whatever comes back, they learn the same, as if they were one ({which})."
)

# ── the loss ─────────────────────────────────────────────────────────────────────────────────────────────────

# since, iteration: from where to where it was looked at; span: how many iterations each of two means is of.
PLATEAU = _(
    "{loss} has hardly fallen from iteration {since:,} to {iteration:,}: its mean over {span:,} iterations, {mean:.4g}, is within {flat:.1%} of the one before"
)
PLATEAU_OF_CONSTANT = _(
    "{text}, and {share:.0%} of what the best constant output would come to ({scale:.4g}); above {above:.0%} that is called a plateau."
)
PLATEAU_OF_FIRST = _(
    "{text}, and {share:.0%} of the first loss ({scale:.4g}); above {above:.0%} that is called a plateau."
)
