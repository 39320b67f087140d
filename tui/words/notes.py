"""The texts of the notes: watches and their values, stops, edits, where a fork comes from."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

FORK = _("{fork}: ")
OF_FORK = _("{fork} of {parent}")
EDIT = _("{element} = {value} at {position}")
REPLACED = _("{line} from iteration {iteration:,} on")
EARLIER_EDITS = plural("and {count} earlier edit; * shows it", "and {count} earlier edits; * shows them")

# ── the value of a watch ─────────────────────────────────────────────────────────────────────────────────────

NOT_COMPUTED = _("not computed yet")
OF_ITERATION = _("(iteration {iteration:,})")
SOME_TRUE = _("{count:,} of {total:,} true")
FROM_TO = _("{shape} from {smallest} to {largest}")

CHANGED = _("changed")
SOME_CHANGED = _("{count:,} of {total:,} changed")
WAS = _("was {before}, {difference}")
