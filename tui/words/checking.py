"""What is said of a gradient check: its verdict in a line, its cost, and the verdict on every matrix."""

from __future__ import annotations

from engine.words.language import _

# ── in a line ────────────────────────────────────────────────────────────────────────────────────────────────

NOTHING_CHECKED = _("nothing was checked")
ALL_AGREE = _("all elements checked: they agree")
SAMPLE_AGREES = _("{checked:,} of {size:,} elements checked: they agree")
DIFFER = _("backpropagation differs from central differences in {wrong:,} of {checked:,} elements")

# Behind that, in parentheses: how many agree only
AT_KINK = _("{count:,} at a kink")
BUT_FOR_EPSILON = _("{count:,} but for ε in the shown loss")
NOT_FINITE_ELEMENTS = _("{count:,} not finite")

STOPPED = _("stopped before the end; this is what was checked so far")
COST = _(
    "central differences with h = {h:g}: {passes:,} forward passes, {time}; backpropagation: one forward and one backward pass, {time_backprop}"
)

# ── of one matrix ────────────────────────────────────────────────────────────────────────────────────────────

SOME_ELEMENTS = _("{checked:,} of {size:,} elements")

AGREES = _("agrees")
KINK = _("agrees but for a kink: a ReLU or step switches between p − h and p + h")
EPSILON = _("agrees with the exact loss; the shown one has ε in its logarithm")
NOT_FINITE = _("not finite: nothing can be compared")
WRONG = _("DIFFERS")
UNCHECKED = _("not checked")

# The headings of its elements:
WORST_FIRST = _("worst first")
BACKPROPAGATION = _("backpropagation")
NUMERICAL = _("numerical")
DIFFERENCE = _("difference")
RELATIVE = _("relative")

KINK_OF = _("kink of {element} = {value}")
