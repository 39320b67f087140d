"""What the debugger's screen says: the titles of its panels, moving through a run, work that takes long."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── the panels ───────────────────────────────────────────────────────────────────────────────────────────────

PROGRAM = _("program")
STEP = _("step")
STEP_OF = _("step: {symbol}")
VALUES = _("values")
VALUES_COMPARED = _("values: {branch} | {other}")
LOSS = _("loss")
NOTES = _("notes")
NEXT_PANEL = _("v: {panel}")

# ── moving ───────────────────────────────────────────────────────────────────────────────────────────────────

AT_END = plural(
    "the run ends here: its only iteration has run; S goes back, Home to the start",
    "the run ends here: all {count:,} iterations have run; S goes back, Home to the start",
)
NOTHING_YET = _("nothing has run yet; s runs the first step")
AT_START = _("this is the start: nothing has run yet; s runs the first step")
LAST_ITERATION = _("iteration {iterations:,} is the last; f, n and s still go on within it")
FIRST_ITERATION = _("this is the first iteration; F, N and S go back within it")
SELECTED = _("{symbol} selected; t runs to it, Esc drops the selection")
NO_STEP_SELECTED = _("no step is selected: select one with the arrow keys up and down, or with a click")
OPENED = _("opened {scenario}: {size}")
OPENED_SESSION = _("opened {session}: {scenario}")

# ── long work ────────────────────────────────────────────────────────────────────────────────────────────────

RUNNING_TO = _("running to {target}")
STOPPED_AT = _("stopped at {position}")
UNDER_WAY = _("{work}; Esc stops it")
PROGRESS = _("{work} [{bar}] {done:,} of {total:,}; Esc stops it")
