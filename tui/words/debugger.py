"""The texts of the debugger's screen that no command has for itself: titles of panels, work that takes long."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── the panels ───────────────────────────────────────────────────────────────────────────────────────────────

PROGRAM = _("program")
NET = _("net")
TABLES = _("layers")
LOSS = _("loss")
NOTES = _("notes")
STORY = _("what it is about")
CHAIN = _("where a number comes from")
CHAIN_OF = _("{element}, where it comes from")
MORE_LINES = plural("{count:,} more line", "{count:,} more lines")
MORE_ENTRIES = plural("{count:,} more", "{count:,} more")
MORE_BY = _("{more}: {key}")
UP = "PgUp"
DOWN = "PgDn"
NOW_BELOW = _("{panel}; v shows the next panel here")
ALL_IN_VIEW = _("all panels are in view: Tab and 1 to 9 move between them, z gives one all the room")
NO_DRAWER = _("this key is for a drawer: x explains, B lists the stops, * the forks")
NO_SUCH_PANEL = _("no panel {number}: {count} are in view")
OTHERS_OF = _("the other numbers of {symbol}")
SYMBOLS_HERE = _("the symbols of this step")
SYMBOLS_ELSEWHERE = _("the other symbols")
TOO_MUCH = _("{element} is made of very many numbers; x explains it")
NOTHING_YET = _("nothing has run yet; s runs the first step")

# ── long work ────────────────────────────────────────────────────────────────────────────────────────────────

UNDER_WAY = _("{work}; Esc stops it")
PROGRESS = _("{work} [{bar}] {done:,} of {total:,}; Esc stops it")

# ── the groups of commands ───────────────────────────────────────────────────────────────────────────────────

STEPPING = _("Stepping")
JUMPING = _("Jumping")
STOPPING = _("Stopping where it matters")
WHAT_IF = _("What if")
PANELS = _("Panels and drawers")
LOOKING = _("Looking")
GRADSTEP = _("The program itself")
