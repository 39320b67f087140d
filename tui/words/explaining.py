"""What is said of one number: how it is written out, its chain rule, and who uses it."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── its arithmetic ───────────────────────────────────────────────────────────────────────────────────────────

UNROLLED = _("unrolled")

# Instead of the terms that are left out of a long sum, in numbers: how many they are, and what they come to.
REST = plural("(the other term: {value})", "(the other {count} terms: {value})")
LONG_SUMS = _("of a long sum the largest terms are written out; the others stand as one, with its value in numbers")

# ── what is no gradient, whatever it is called ───────────────────────────────────────────────────────────────

MADE_OF = plural(
    "made of {symbols}, which is not the derivative of the forward pass",
    "made of {symbols}, which are not derivatives of the forward pass",
)

# ── what was another number when it was read ─────────────────────────────────────────────────────────────────

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

# ── the chain rule ───────────────────────────────────────────────────────────────────────────────────────────

CHAIN_RULE = _("the chain rule, factor by factor")
SUM_OF = _("{element}, a sum of {count}")
OTHERS = plural("the other {count}", "the other {count}")
IN_PLACE_OF = _("in place of {derivative}: {arithmetic}")

# Of a value that a step has as several of its operands, what is varied alone: ∂q/∂(p as first operand).
AS_OPERAND = _("({element} as {operand})")
FIRST_OPERAND = _("first operand")
SECOND_OPERAND = _("second operand")
THIRD_OPERAND = _("third operand")

# ── who uses it ──────────────────────────────────────────────────────────────────────────────────────────────

WHO_USES_IT = _("who uses it, in one step")
IN_PHASE = _("{phase}: {elements}")
NOT_COMPUTED_YET = _("not computed yet: {symbols}")
NOBODY = _("nobody: nothing is made of it")
NOBODY_HERE = plural(
    "nobody: {symbols} comes out the same whatever this number is",
    "nobody: {symbols} come out the same whatever this number is",
)
NOBODY_SINCE = plural(
    "nobody since it was set by hand: {symbols} was computed before that",
    "nobody since it was set by hand: {symbols} were computed before that",
)
NEXT_ITERATION = _("it is {symbol} of the next iteration")
LAST_ITERATION = _("nobody: the run ends with this iteration")
DERIVATIVE_ALONE = _("nobody takes this number; the backward pass begins with its derivative, {symbol}")
DERIVATIVE = _("the backward pass begins with its derivative, {symbol}")

REACHED_FORWARD = _("what it has reached in the forward pass and the loss, in any number of steps")
REACHED_BACKWARD = _("the gradients and updates it has taken part in, in any number of steps")
REACHED_UPDATE = _("the updates it has taken part in")
AND_MORE = _("{elements} and {count:,} more")
ALL_OF = _("all of {symbol}")
SOME_OF = _("{count:,} of {symbol}")
