"""The texts of a gradient check: its verdict in a line, its cost, the verdict on every matrix."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── in a line ────────────────────────────────────────────────────────────────────────────────────────────────

NOTHING_CHECKED = _("nothing was checked")
NO_GRADIENTS = _("nothing could be compared: there are no parameters and no inputs with a gradient")
NONE_COMPARED = plural(
    "nothing could be compared: {count:,} element checked", "nothing could be compared: {count:,} elements checked"
)
SOME_COMPARED = plural(
    "{count:,} of {checked:,} elements checked could be compared: it agrees",
    "{count:,} of {checked:,} elements checked could be compared: they agree",
)
NOT_ENOUGH = plural(
    "{count:,} of {checked:,} elements checked could be compared: it agrees; but of what matters, nothing can be told",
    "{count:,} of {checked:,} elements checked could be compared: they agree; but of what matters, nothing can be told",
)
ALL_AGREE = plural("{count:,} element checked: it agrees", "all {count:,} elements checked: they agree")
SAMPLE_AGREES = plural(
    "{count:,} of {size:,} elements checked: it agrees", "{count:,} of {size:,} elements checked: they agree"
)
DIFFER = plural(
    "backpropagation differs from central differences in {wrong:,} of {count:,} element",
    "backpropagation differs from central differences in {wrong:,} of {count:,} elements",
)

# Behind that, in parentheses: how many agree only
AT_KINK = _("{count:,} at a kink")
BUT_FOR_EPSILON = _("{count:,} but for ε in the shown loss")
NOT_FINITE_ELEMENTS = _("{count:,} not finite")
UNTOLD_ELEMENTS = _("{count:,} cannot be told")

STOPPED = _("stopped before the end; this is what was checked so far")
COST = plural(
    "central differences with h = {h:g}: {count:,} forward pass, {time}; backpropagation: one forward and one backward pass, {time_backprop}",
    "central differences with h = {h:g}: {count:,} forward passes, {time}; backpropagation: one forward and one backward pass, {time_backprop}",
)
HOW_CLOSE = _(
    "relative: the difference over the larger of the two (over what cannot be told from 0, where both are smaller). They agree up to {tolerance:g} and rounding; where that does not decide, h is chosen anew, differences with smaller and smaller h are extrapolated, and the two must agree within the error of that estimate, which must be small beside them."
)

# ── of one matrix ────────────────────────────────────────────────────────────────────────────────────────────

ELEMENTS = plural("{count:,} element", "{count:,} elements")
SOME_ELEMENTS = plural("{checked:,} of {count:,} element", "{checked:,} of {count:,} elements")

AGREES = _("agrees")
KINK = _("agrees but for a kink: something such as a ReLU switches between p − h and p + h")
EPSILON = _("agrees with the exact loss; the shown one has ε in its logarithm")
NOT_FINITE = _("not finite: nothing can be compared")
SOME_NOT_FINITE = plural(
    "{count:,} element agrees, {others:,} not finite: these cannot be compared",
    "{count:,} elements agree, {others:,} not finite: these cannot be compared",
)
UNTOLD = _("cannot be told: rounding may move the loss by so much that it hides this gradient")
SOME_UNTOLD = plural(
    "{count:,} element agrees, {others:,} cannot be told: the rounding of the loss hides them",
    "{count:,} elements agree, {others:,} cannot be told: the rounding of the loss hides them",
)
WRONG = _("DIFFERS")
UNCHECKED = _("not checked")

# Of a gradient that agrees, behind a step on the way to it that is no derivative in general:
THE_SAME_HERE = _("{note}; at these numbers it comes to the same")

# The headings of its elements:
WORST_FIRST = _("worst first")
WORST_OF = _("worst {shown:,} of {checked:,}")
BACKPROPAGATION = _("backprop")
NUMERICAL = _("numerical")
DIFFERENCE = _("difference")
RELATIVE = _("relative")

# Below an element for which the first difference did not decide, how the row differs from the one above:
SMALLER_H = _("smaller h")
LARGER_H = _("larger h")
KINK_HELD = _("kink held")
EXACT_LOSS = _("exact loss")

KINK_OF = _("kink of {element} = {value}")
KINK_APART = _("kink at {element}, {value} apart")
