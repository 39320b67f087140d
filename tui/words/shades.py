"""The texts of the characters that stand for magnitudes."""

from __future__ import annotations

from gradstep.engine.words.language import _

QUARTERS = _("each sign: a quarter of the largest magnitude more; blank is 0")
ALL_ZERO = _("every number is 0")
NONE_FINITE = _("no number is finite")
