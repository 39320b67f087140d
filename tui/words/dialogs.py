"""What stands around whatever opens over the debugger: help, pages, pictures, explanations, choosing a scenario."""

from __future__ import annotations

from gradstep.engine.words.language import _

ESC_CLOSES = _("Esc closes")

# ── help ─────────────────────────────────────────────────────────────────────────────────────────────────────

HELP = _("help")
ALSO = _("Also")
READING = _("Reading the screen")

# ── pictures ─────────────────────────────────────────────────────────────────────────────────────────────────

PICTURE_BEING_DRAWN = _("the picture is being drawn")
PICTURE = _("{pictures} at {position}")
ONE_OF_PICTURES = _("{picture} {place} of {count}")

# Its keys, in as much detail as there is room for.
PICTURES_KEYS = _("Tab: another picture; ←→: the next of its kind; t: as text; s S i I n N f F step; Esc closes")
PICTURES_SHORT_KEYS = _("Tab another, ←→ next, t text, s S i I n N f F step, Esc closes")
PICTURES_KEYS_BUT_STEPS = _("Tab another, ←→ next, t text, Esc closes")
PICTURES_FEWEST_KEYS = _("Tab, ←→, t text, Esc closes")

# Before the keys, where the picture is larger than its frame.
SCROLLING = _("↑ ↓ Shift+←→ scroll; {keys}")
SCROLLING_DOWN = _("↑ ↓ scroll; {keys}")
SCROLLING_ACROSS = _("Shift+←→ scroll; {keys}")

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
