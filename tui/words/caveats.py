"""The texts beside arithmetic: a gradient that is none, numbers that were others when they were read."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── no gradient, whatever it is called ───────────────────────────────────────────────────────────────────────

MADE_OF = plural(
    "made of {symbols}, which is not the derivative of the forward pass",
    "made of {symbols}, which are not derivatives of the forward pass",
)

# Behind one of these, where what is no derivative in general is one at the numbers of this moment:
THE_SAME_HERE = _("{note}; at these numbers both come to the same, so here it is the gradient")

# ── what float64 cannot say ──────────────────────────────────────────────────────────────────────────────────

# The derivative of a sigmoid or tanh near the end of its range, where 1 − z has few digits or none:
COARSE_SLOPE = _(
    "{derivative} is {true} at {u} = {value} and comes out as {computed}, since {z} is so near {end} that float64 rounds the difference away: with all digits {gradient} would be {right}"
)
COARSE_OTHERS = plural(
    "{note} (so it is with {count:,} more of this step)", "{note} (so it is with {count:,} more of this step)"
)
# A cross-entropy that is shown with ε in its logarithm:
BELOW_ZERO = _(
    "below 0 because of the ε in the logarithm, which is above 0 where y + ε is above 1; without ε the loss is {exact}, whose gradient the backward pass takes"
)
# Arithmetic that overflows when it is written out from the left:
OVERFLOWS = _(
    "written out from the left it comes to {found}: a part of it is beyond float64; the program adds in another order, or rounds a product and a sum at once, and has {value}"
)

# ── another number when it was read ──────────────────────────────────────────────────────────────────────────

SET_SINCE = _("{element} was {value} when it was read here; only later, at {position}, it was set by hand")
MANY_SET_SINCE = _("{count:,} of its numbers were others when they were read here; only later they were set by hand")

# Of a gradient, what was set by hand between the forward pass and the step that read it:
SET_BETWEEN = _(
    "{element} was set by hand at {position}: what flows back through it is no derivative of the forward pass that ran"
)
MADE_WITH = _(
    "{of} was made with {element} = {value}, which was set by hand only later, at {position}: what flows back there is no derivative of the forward pass that ran"
)
ALSO_OF = _("of {element}: {note}")  # behind a warning's sign, of another element of the same gradient
MANY_SET_BETWEEN = _(
    "{count:,} numbers on the way back were set by hand in between: this is no derivative of the forward pass that ran"
)
