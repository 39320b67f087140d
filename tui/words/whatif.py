"""The texts of forks: setting a value, the list of forks, switching between them, comparing two."""

from __future__ import annotations

from gradstep.engine.words.language import _

# ── setting a value ──────────────────────────────────────────────────────────────────────────────────────────

EDIT = _("what if: set a number to another value from here on; Enter forks, Esc does not")
NOTHING_SET = _('nothing is set: a name, "=" and a value are expected, such as {example}')
NOTHING_SET_OF = _(
    'nothing is set: a name, "=" and a value are expected, such as {example}, or a number alone for {element}'
)
FORKED = _("{fork}: {edit} (was {before}); * lists the forks")
NOT_FINITE = _("{element} would be {value}: Enter again forks, Esc does not")
NEGATIVE = _("{element} would be negative, {value}: Enter again forks, Esc does not")
NOTHING_CHANGED = _("nothing was changed: {element} is {value} already")

# ── another formula ──────────────────────────────────────────────────────────────────────────────────────────

REPLACE = _("what if: compute the step by another formula from this iteration on; Enter forks, Esc does not")
REPLACED = _("{fork}: another formula for {symbol} from iteration {iteration:,} on; * lists the forks")
ENTER_AGAIN = _("{reason}; Enter again runs it from the start, in that order, without the forks of this run")
RUN_ANEW = _("a run of its own, with another formula for {symbol}; o opens the scenario as it was")
NO_STEP_YET = _("no step is selected and none has run: s runs the first")
NOT_COMPUTED = _("rows of the data are drawn, not computed: e sets a number of them")

# ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────

TITLE = _("forks")
KEYS = _("Enter switches, K compares, Del drops, Esc closes")
NAME = _("fork")
EDITS = _("what was changed")
OF = _("of")
HISTORY = _("history kept")
HERE = _("this one")
COMPARED_WITH = _("compared")
NONE = _("none")
DROPPED_FORK = _("a dropped fork")
DROPPED = _("{fork} is dropped")
DROPPING = _("dropping {fork}")
STILL_THERE = _("stopped; {fork} is still there")

# ── switching ────────────────────────────────────────────────────────────────────────────────────────────────

SWITCHING = _("switching to {fork}")
SWITCHED = _("this is {fork}")
NOT_SWITCHED = _("stopped; this is still {fork}")

# ── comparing ────────────────────────────────────────────────────────────────────────────────────────────────

COMPARING = _("comparing with {fork}")
DIFFERENT = _("compared with {fork}: they part at {position}")
SAME = _("compared with {fork}: no difference was found")
NOT_COMPARED = _("stopped; not compared with {fork}")
NO_LONGER_COMPARED = _("no longer compared")
COMPARED_WITH_ITSELF = _("this is where you are: choose another one to compare it with")
NO_FORK = _("there is no fork to compare with: e changes a value and makes one, = a formula")
