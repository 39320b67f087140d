"""The texts around a matrix that is shown in full, and pictures."""

from __future__ import annotations

from gradstep.engine.words.language import _

KEYS = _("PgDn, Shift and arrows scroll; Esc closes")
