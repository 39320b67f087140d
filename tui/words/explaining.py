"""What is said of one number: how it is written out, its chain rule, and who uses it."""

from __future__ import annotations

from engine.words.language import _, plural

# ── its arithmetic ───────────────────────────────────────────────────────────────────────────────────────────

UNROLLED = _("unrolled")

# Instead of the terms that are left out of a long sum, in numbers: what they come to, and how many they are.
REST = plural("{value} ({count} more)", "{value} ({count} more)")

# ── the chain rule ───────────────────────────────────────────────────────────────────────────────────────────

CHAIN_RULE = _("the chain rule, factor by factor")
SUM_OF = _("{element}, a sum of {count}")
OTHERS = plural("the other {count}", "the other {count}")

# ── who uses it ──────────────────────────────────────────────────────────────────────────────────────────────

WHO_USES_IT = _("who uses it")
NOBODY = _("nobody: nothing is made of it")
NOBODY_YET = _("nobody yet; it goes into {symbols}")
NEXT_ITERATION = _("it is {symbol} of the next iteration")
IN_ONE_STEP = _("in one step: {elements}")
IN_ALL = _("in all: {elements}")
AND_MORE = _("{elements} and {count:,} more")
ALL_OF = _("all of {symbol}")
SOME_OF = _("{count:,} of {symbol}")
