"""The texts of the two lines above the panels."""

from __future__ import annotations

from gradstep.engine.program.program import Phase
from gradstep.engine.words.language import _

GRADSTEP = "gradstep"
FORK = _("<{fork}>")
NOT_YET = _("not yet")
ITERATION = _("iteration")
OF = _("of {count:,}")
EPOCH = _("epoch {epoch:,}")
STEP = _("step {step} of {steps}")
SHARE = _("{share:.0f} %")
SHARE_OF_STEPS = _("{done}/{count}")
PHASES = {
    Phase.DRAW: _("draw"),
    Phase.FORWARD: _("forward"),
    Phase.LOSS: _("loss"),
    Phase.BACKWARD: _("backward"),
    Phase.UPDATE: _("update"),
    Phase.MEASURE: _("measure"),
}
