"""What stands around whatever opens over the debugger: help, pages, pictures, explanations, choosing a scenario."""

from __future__ import annotations

from engine.words.language import _

ESC_CLOSES = _("Esc closes")

# ── help ─────────────────────────────────────────────────────────────────────────────────────────────────────

HELP = _("help")
ALSO = _("Also")
READING = _("Reading the screen")

# ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────

PICTURES_KEYS = _("Tab: another picture; ←→: the next of its kind; t: as text; s S i I n N f F step; Esc closes")
PICTURE = _("{pictures} at {position}")
ONE_OF_PICTURES = _("{pictures} {place} of {count} at {position}")

# ── explanations ─────────────────────────────────────────────────────────────────────────────────────────────

EXPLAIN_KEYS = _("Enter opens, Backspace back, u unrolls, / another, PgDn scrolls, Esc")
ELEMENT_SUCH_AS = _("dW2[0,0] or w5")
EXPLAINED = _("{path} at {position}")
SOME_FACTORS = _("the first {most} of {count:,} factors are listed; / names any other")
NO_FACTORS = _("this is where it ends: a number that is given has no factors")

# ── choosing a scenario ──────────────────────────────────────────────────────────────────────────────────────

OPEN = _("open a scenario")
OPEN_SUCH_AS = _("part of a name or title, or a path")
OPEN_KEYS = _("up and down choose, Enter opens, Esc closes")
