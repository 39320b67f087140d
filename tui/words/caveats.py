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
