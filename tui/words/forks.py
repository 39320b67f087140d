"""What is said of forks: the list of them, switching between them, comparing two."""

from __future__ import annotations

from gradstep.engine.words.language import _

# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────

TITLE = _("forks")
KEYS = _("Enter: switch to; c: compare with; Del, Ctrl+D: drop; Esc closes")
THIS_FORK = _("{fork}  (this one)")
COMPARED_FORK = _("{fork}  (compared with)")
FORK = _("{fork}: {edits}; of {parent}; {history}")
DROPPED_FORK = _("a dropped fork")
HISTORY = _("history {size}")
NO_HISTORY = _("no history kept: recomputed when looked at")
DROPPED = _("{fork} is dropped")
DROPPING = _("dropping {fork}")
STILL_THERE = _("stopped; {fork} is still there")

# ── switching ────────────────────────────────────────────────────────────────────────────────────────────────

SWITCHING = _("switching to {fork}")
SWITCHED = _("this is {fork}")
NOT_SWITCHED = _("stopped; this is still {fork}")

# ── comparing ────────────────────────────────────────────────────────────────────────────────────────────────

COMPARING = _("comparing with {fork}")
DIFFERENT = _("compared with {fork}: they differ first at {position}")
SAME = _("compared with {fork}: no difference was found")
NOT_COMPARED = _("stopped; not compared with {fork}")
NO_LONGER_COMPARED = _("no longer compared")
COMPARED_WITH_ITSELF = _("this is where you are: choose another one to compare it with")
NO_FORK = _("there is no fork to compare with: e changes a value and makes one")
