"""The texts of the two lines above the panels."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

ITERATION = _("iteration {iteration:,} of {iterations:,}")
STEP = _("step {step:,} of {steps:,}")
START = _("start")
EPOCH = _("epoch {epoch:,}")

HISTORY = plural(
    "history {first:,}–{last:,}, every iteration, {size} of {most}",
    "history {first:,}–{last:,}, one in {count:,} kept, {size} of {most}",
)
HISTORY_SHORT = _("history {first:,}–{last:,}/{stride:,}, {size}")

LOSS_COMPUTED = _("{loss} computed")
LOSS_NOT_YET = _("{loss} not yet")
LOSS_BEFORE = _("{loss} not yet ({before} before)")
