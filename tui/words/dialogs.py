"""The texts around what opens over the debugger: pages, pictures, explanations, choosing a scenario."""

from __future__ import annotations

from gradstep.engine.words.language import _

# ── explanations ─────────────────────────────────────────────────────────────────────────────────────────────

EXPLAIN_KEYS = _("Backspace goes back, u unrolls, / another, PgDn scrolls, Esc closes")
ELEMENT_SUCH_AS = _("{element} or {name}")
FACTORS = _("its factors: Enter opens the chosen one")
EXPLAINED = _("{path} at {position}")
SOME_FACTORS = _("the first {most} of {count:,} factors are listed; / names any other")
NOTHING_TO_UNROLL = _("nothing to unroll: what it is made of is given, or has no arithmetic of its own here")
NO_FACTORS = _("this is where it ends: a number that is given has no factors")

# ── choosing a scenario ──────────────────────────────────────────────────────────────────────────────────────

OPEN = _("open a scenario")
OPEN_SUCH_AS = _("part of a name or title, or the path of a scenario or session")
OPEN_KEYS = _("up and down choose, Enter opens, Esc closes")
