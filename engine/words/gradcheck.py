"""Texts about gradients that are no derivatives: why."""

from __future__ import annotations

from gradstep.engine.words.language import _

WAS_SET = _("{element} was set to {value:g} after {after}")
TARGETS_DO_NOT_SUM_TO_1 = _("row {row} of {targets} sums to {sum:g}; (y − t)/N is the gradient only where it is 1")
