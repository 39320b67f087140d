"""The texts of the debugger's screen that no command has for itself: titles of panels, work that takes long."""

from __future__ import annotations

from gradstep.engine.words.language import _

# ── the panels ───────────────────────────────────────────────────────────────────────────────────────────────

PROGRAM = _("program")
STEP = _("step")
STEP_OF = _("step: {symbol}")
VALUES = _("values")
VALUES_COMPARED = _("values: {branch} | {other}")
LOSS = _("loss")
NOTES = _("notes")
NEXT_PANEL = _("v: {panel}")
NOTHING_YET = _("nothing has run yet; s runs the first step")

# ── long work ────────────────────────────────────────────────────────────────────────────────────────────────

UNDER_WAY = _("{work}; Esc stops it")
PROGRESS = _("{work} [{bar}] {done:,} of {total:,}; Esc stops it")

# ── the groups of commands ───────────────────────────────────────────────────────────────────────────────────

STEPPING = _("Stepping")
JUMPING = _("Jumping")
STOPPING = _("Stopping where it matters")
WHAT_IF = _("What if")
LOOKING = _("Looking")
GRADSTEP = _("The program itself")
