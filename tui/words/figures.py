"""The texts of the figures that a source prints: beside a step, in the badge, in the list, from one to the next."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── one figure ───────────────────────────────────────────────────────────────────────────────────────────────

SOURCE = _("source")  # before what the source prints
EXPECTED = _("expected")  # before what comes from elsewhere
VALUE = _("{name} = {printed}")
TRUTH = _("{name} is {printed}")
NUMBERS = plural("{name}: {count:,} number", "{name}: {count:,} numbers")
IN_ITERATION = _("in {iteration:,}")  # an iteration, where it is not the first
SO_MANY = plural("{count:,} number", "{count:,} numbers")
SOME_DIFFER = plural("{count:,} differs", "{count:,} differ")
DOES_NOT_DIFFER = _("does not differ")
NOT_INSTEAD = _("{reason}; but neither is it {instead}, which is said to be right instead")
OF_FORK = _("in this fork {computed}")
NOT_YET = _("not reached yet")
WAITING = _("not yet")

# ── several ──────────────────────────────────────────────────────────────────────────────────────────────────

MORE = plural("{count:,} more, L lists it", "{count:,} more, L lists them")
BADGE = plural("{count:,} figure:", "{count:,} figures:")
BADGE_EXPECTED = _("{count:,} expected:")
BADGE_OF = _("of {total:,}")
THE_REASON = _("L: the reason")
THE_NOTE = _("L: more on it")
NEXT = _(" next figure: {name}")

# ── going from one to the next ───────────────────────────────────────────────────────────────────────────────

AT_FIGURE = _("{which}: {figure}")
FIGURE_OF = _("figure {number:,} of {total:,}")
EXPECTED_OF = _("expected, not printed by the source, {number:,} of {total:,}")
WITH_REMARK = _("{figure}; {remark}")
NO_FIGURES = _("this scenario has no figures: no table [[expect]] says what its source prints")
ONLY_ONE = _("the scenario has this one figure")
LAST = _("this is the last figure; [ goes back to the one before")
FIRST = _("this is the first figure; ] goes on to the next")
NONE_AFTER = _("no figure lies here or after this; [ goes back to one")
NONE_BEFORE = _("no figure lies here or before this; ] goes on to one")
FAILS_HERE = _("stopped at {position}: {which}: {figure}")

# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────

TITLE = _("figures")
KEYS = _("Enter goes there, Esc closes")

# The headings:
NUMBER = _("no.")
WHERE = _("at")
FIGURE = _("figure")
PRINTED = _("printed")
COMPUTED = _("computed")

# The signs:
HOLDS = _("holds")
NEARLY = _("last digit off")
DIFFERS = _("differs, with a reason")
FAILS = _("differs")

# Below what is not the source's:
NOT_PRINTED = _("not printed by the source: {remark}")
NOT_PRINTED_AT_ALL = _("not printed by the source")
