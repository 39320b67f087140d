"""The texts of moving through a run."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

GOTO = _("go to: iteration, iteration:step or iteration:symbol; Enter goes, Esc does not")

AT_END = plural(
    "the run ends here: its only iteration has run; S goes back, Home to the start",
    "the run ends here: all {count:,} iterations have run; S goes back, Home to the start",
)
AT_START = _("this is the start: nothing has run yet; s runs the first step")
LAST_ITERATION = _("iteration {iterations:,} is the last; f, n and s still go on within it")
FIRST_ITERATION = _("this is the first iteration; F, N and S go back within it")

SELECTED = _("{symbol} selected; t runs to it, Esc drops the selection")
NO_STEP_SELECTED = _("no step is selected: select one with the arrow keys up and down, or with a click")

RUNNING_TO = _("running to {target}")
STOPPED_AT = _("stopped at {position}")
