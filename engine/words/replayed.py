"""The meanings of the keys of a replay as JSON."""

from __future__ import annotations

from gradstep.engine.words.language import _

SCENARIO = _("its name")
PASSED = _(
    "whether every expectation that was checked holds, and no number became NaN or infinite that was not expected to: exit status 0 or 1"
)
POSITION = _(
    "where it ended: the iteration, how many of its steps have run, and the phase and symbol of the last one (null at the start)"
)
VALUES = _(
    'every symbol at that position: a number, or nested lists; what is not finite is the text "NaN", "Infinity" or "-Infinity"'
)
EXPECTATIONS = _("the expectations that were checked, in the order of the file")
HEALTH = _("the symptoms that began on the way")
BREAKS = _("the scenario's own breakpoints that are switched on")
STOPPED = _("the breakpoints that it stopped at; the key is there only where it ran to a breakpoint")

# ── of an expectation ────────────────────────────────────────────────────────────────────────────────────────

AT = _("the position, as it is written")
SYMBOL = _("the symbol, element or expression")
HOLDS = _("whether it holds")
PRINTED = _("what is printed: text, number, truth, or nested lists of them")
VALUE = _("what was computed, in the same shape")
DISAGREES = _("why what is printed is known to be wrong")
INSTEAD = _("what is right instead")

# ── of a symptom ─────────────────────────────────────────────────────────────────────────────────────────────

KIND = _("which symptom")
ITERATION = _("where it began: the iteration")
STEP = _("where it began: how many steps of it had run")
SHOWN_BY = _("the symbol that shows it")
UNITS = _("the units that it is about, counted from 0")
TEXT = _("the symptom in words")

# ── of a breakpoint ──────────────────────────────────────────────────────────────────────────────────────────

STOP = _("the breakpoint, as it is typed")
FIRST = _("where it was hit first on the way; null where it was not")
