"""Texts about a training run's health: one sentence a symptom."""

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
    "The gradient of {parameter} is exploding: its norm, {norm:.3g}, is {ratio:.3g} times that of {weights} ({size:.3g})."
)
EXPLODING_AND_GROWN = _(
    "The gradient of {parameter} is exploding: its norm, {norm:.3g}, is {ratio:.3g} times that of {weights} ({size:.3g}), and {growth:.3g} times what it was one iteration earlier."
)
GROWN = _(
    "The gradient of {parameter} is exploding: its norm, {norm:.3g}, is {growth:.3g} times what it was one iteration earlier."
)

# last: the last layer's parameter; itself: the parameter without its layer.
VANISHING = _(
    "The gradient of {parameter} is vanishing: its RMS, {rms:.3g}, is {share:.2g} times that of the gradient of {last} and {ratio:.2g} times that of {itself} itself."
)
VANISHED = _("The gradient of {parameter} has vanished: it is exactly 0, while that of {last} is not.")

# ── units ────────────────────────────────────────────────────────────────────────────────────────────────────

UNITS = plural("{part:,} of {count:,} {kind} unit of {symbol}", "{part:,} of {count:,} {kind} units of {symbol}")

# Where. Rows are never one here, but other languages have more than two forms.
IN_EACH_ROW = plural("in each of the {count:,} rows of this batch", "in each of the {count:,} rows of this batch")
FOR_THIS_ROW = _("for this one row")
AT_THIS_VALUE = _("at this value")

# The second of each two is of a layer whose backward pass takes another derivative, so that something may pass back.
DEAD = plural(
    "{units} is dead in this batch: {symbol} ≤ 0 in each of its {rows:,} rows, so that the output is 0 and no gradient passes back.",
    "{units} are dead in this batch: {symbol} ≤ 0 in each of its {rows:,} rows, so that the output is 0 and no gradient passes back.",
)
DEAD_FORWARD = plural(
    "{units} is dead in this batch: {symbol} ≤ 0 in each of its {rows:,} rows, so that the output is 0.",
    "{units} are dead in this batch: {symbol} ≤ 0 in each of its {rows:,} rows, so that the output is 0.",
)
CLOSED = plural(
    "{units} is closed: {symbol} ≤ 0 {where}, so that the output is 0 and no gradient passes back.",
    "{units} are closed: {symbol} ≤ 0 {where}, so that the output is 0 and no gradient passes back.",
)
CLOSED_FORWARD = plural(
    "{units} is closed: {symbol} ≤ 0 {where}, so that the output is 0.",
    "{units} are closed: {symbol} ≤ 0 {where}, so that the output is 0.",
)
SATURATED = plural(
    "{units} is saturated: the derivative is below {below:.0%} of its maximum {where} (at most {most:.1%} of it), so that hardly any gradient passes back.",
    "{units} are saturated: the derivative is below {below:.0%} of its maximum {where} (at most {most:.1%} of it), so that hardly any gradient passes back.",
)
SATURATED_FORWARD = plural(
    "{units} is saturated: the derivative is below {below:.0%} of its maximum {where} (at most {most:.1%} of it).",
    "{units} are saturated: the derivative is below {below:.0%} of its maximum {where} (at most {most:.1%} of it).",
)
