"""Texts about conditions: why one cannot be read, and why one has no value."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── where it is wrong ────────────────────────────────────────────────────────────────────────────────────────

AT_COLUMN = _("{text}, column {column}: {reason}")

# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

TOO_LONG = _("found {found:,} characters, expected at most {most:,}")
TOO_DEEP = _("nested more than {most} deep")
NOT_CLOSED = _("the text opened by {sign} is not closed")
CANNOT_READ = _('cannot read "{sign}"{hint}')
NO_FUNCTION = _("{name} is not a function{hint}")
TAKES_ARGUMENTS = plural(
    "found {count:,} argument of {function}, expected {numbers}",
    "found {count:,} arguments of {function}, expected {numbers}",
)
NESTED_LOOKING_BACK = _("prev and changed cannot be nested: they look back one iteration and no further")
TOO_MANY_AXES = _("found {found:,} indices, expected at most {most:,}")
STEP_OF_ZERO = _("the step of a slice cannot be 0")

EXPECTED = _("found {found}, expected {what}")
# What is expected:
AN_OPERATOR = _("an operator")
A_VALUE = _("a value")
INTEGER_OR_SLICE = _("an integer or a slice")
SHORT_INTEGER = _("an integer of at most {most} digits")
# What is found:
THE_END = _("the end")

# ── evaluating ───────────────────────────────────────────────────────────────────────────────────────────────

TEXT_IS_NO_CONDITION = _('the text {text} is neither true nor false: compare it with "==" or "!="')
ARRAY_IS_NO_CONDITION = _("an array of shape {shape} is neither true nor false: use any(...) or all(...)")
SHAPES_DO_NOT_COMBINE = _("shapes {left} and {right} do not combine")
EXPECTED_NUMBERS = _("found the text {text}, expected numbers")
HAS_NO_VALUE = _("{name} has no value")
HAS_NO_VALUE_BECAUSE = _("{name} has no value ({reason})")
NEITHER_NUMBERS_NOR_TEXT = _("{name} holds neither real numbers nor a text")
TOO_MANY_INDICES = _("too many indices for {value}")
OUT_OF_RANGE = _("index {index} is out of range for an array of shape {shape}")
NO_EARLIER_ITERATION = _("there is no earlier iteration for {function}")
NO_ELEMENTS = _("{function} of an array of shape {shape}, which has no elements")

DOES_NOT_COMPARE = _('"{operator}" does not compare {left} with {right}')
# What is compared, or has indices:
A_TEXT = _("the text {text}")
AN_ARRAY = _("an array of shape {shape}")
A_SCALAR = _("a scalar")
