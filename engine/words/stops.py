"""Texts about breakpoints, watches and expressions that are evaluated."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

# ── what is stopped at ───────────────────────────────────────────────────────────────────────────────────────

BECOMES_NON_FINITE = _("a value becomes NaN or infinite")
LOSS_RISES = plural("the loss rises over {count:,} iteration", "the loss rises over {count:,} iterations")
OWN_LINE_IS_WRONG = _("a line of your own backward pass is not the gradient that it is called")
FIGURE_FAILS = _("a figure of the source differs without a reason")
EXPLODES = _("a gradient explodes: its RMS is above {above:g}, far above the weights or what it was")
VANISHES = _("a gradient vanishes: below {below:g} of the last layer's, and of the weights")
DIE = _("ReLUs die: {share:.0%} of a layer or more are closed for every row")
SATURATE = _("units saturate: {share:.0%} of a layer or more have a slope below {below:.0%} for every row")
STAY_IDENTICAL = _("units of a layer stay identical")
STOPS_FALLING = _("the loss stops falling far above where it could be")
CHANGES = _("{expression} changes")

# ── what cannot be used ──────────────────────────────────────────────────────────────────────────────────────

NEVER_STOPS = _('"every {every}" never stops, expected a number of at least 1')
NOTHING_TO_STOP_AT = _("found nothing to stop at, expected a symbol, a phase or a condition")
NO_SUCH_PHASE = _('this program has no phase "{phase}"')
NO_SUCH_PLACE = _('"{text}" is not a symbol, name, label or phase{hint}')
WRITTEN_BY_NO_STEP = _('"{text}" is written by no step; a condition such as changed({text}) can be stopped at')
ANOTHER_IS_WRITTEN = _(
    '"{text}" is written by no step ({other} is); a condition such as changed({text}) can be stopped at'
)
WATCH_LOOKS_BACK = _(
    '"{text}" looks back an iteration itself: its change cannot be stopped at, but a condition on it can'
)
NOTHING_TO_WATCH = _("found nothing to watch, expected an expression")
NOTHING_TO_EVALUATE = _("found nothing to evaluate, expected a number or an expression")
NO_SINGLE_NUMBER = _('"{text}" is no single number')

# Why a name in a condition has no value: nothing, and so no phase, lies before the start of an iteration.
NOTHING_HAS_RUN = _("nothing has run yet")
