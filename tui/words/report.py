"""The report of a replay: how far it came, what it wrote, the table of its expectations."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── how far ──────────────────────────────────────────────────────────────────────────────────────────────────

REPLAYED_TO_START = _("{size}; replayed to the start")
REPLAYED_TO = _("{size}; replayed to {position} (iteration {iteration:,} of {iterations:,}, step {step})")
STOPPED_BY = _("stopped by {stops}")
NO_STOP = _("no breakpoint was hit")
BREAK_HIT = _("breakpoint {stop}: first hit at {position}")  # one of the scenario's own, which did not stop it
BREAK_NOT_HIT = _("breakpoint {stop}: not hit so far")

# While it runs, in columns. measured: an accuracy, and the like.
MILESTONE = _("iteration {iteration:>7,}  loss {loss:<12.6g}  {measured}")
MILESTONE_OF_EPOCH = _("epoch {epoch:>4,}  iteration {iteration:>7,}  mean of the losses {loss:<12.6g}  {measured}")

LARGE_ARRAY = _("{name} is {shape}, from {smallest:.9g} to {largest:.9g}; --json writes all of it")

# ── what went wrong on the way ───────────────────────────────────────────────────────────────────────────────

BEGINS = _("{position}  {symptom}")
MORE_SYMPTOMS = plural("{count:,} more; --json lists all", "{count:,} more; --json lists all")
LOST = _("{verdicts}; numbers are not finite from {position} on, which nothing here expects")

# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────

AT = _("at")
WHAT = _("what")
PRINTED = _("printed")
COMPUTED = _("computed")
VERDICT = _("verdict")

AGREES = _("✓ agrees")
DIFFERS = _("✗ differs")
DIFFERS_AS_KNOWN = _("≠ known")
DIFFERS_OTHERWISE = _("✗ not as stated")  # neither as printed nor as it is said to be instead
AGREES_UNEXPECTEDLY = _("✗ does not differ")  # although it is said to

AS_PRINTED_SO = _("✓ as printed")  # with a step replaced, although the scenario's own differs

# Below it, of numbers that do not hold.
AS_TEXT = _(
    "a number is compared to all its digits; written as text, in quotes, it would be compared to those that are written, and hold"
)

# ── what it comes to ─────────────────────────────────────────────────────────────────────────────────────────

NO_EXPECTATIONS = _("no expectations")
NONE_BUT_BEYOND = plural("no expectations here, {count:,} lies beyond", "no expectations here, {count:,} lie beyond")
EXPECTATIONS = plural("{count:,} expectation: {verdicts}", "{count:,} expectations: {verdicts}")
AGREE = plural("{count:,} agrees", "{count:,} agree")
KNOWN_TO_DIFFER = _("{count:,} known to differ")
EXPLAINED = _("{count:,} as printed by the replaced step")
FAILED = _("{count:,} failed")
BEYOND = plural("{count:,} lies beyond", "{count:,} lie beyond")
