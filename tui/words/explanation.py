"""The texts of one number: how it is written out, its chain rule, and who uses it."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── its arithmetic ───────────────────────────────────────────────────────────────────────────────────────────

UNROLLED = _("unrolled")
UNROLLED_LEFT_OUT = plural(
    "unrolled, {count} line: u in the explanation",
    "unrolled, {count} lines: u in the explanation",
)
UNROLLED_TOO_LONG = _("unrolled, more than {most} lines: u in the explanation")
LONG_SUMS = _("of a long sum the largest terms are written out; the others stand as one, with its value in numbers")

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
OPERAND = _("operand {number}")

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
