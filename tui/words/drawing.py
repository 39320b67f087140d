"""The texts around a matrix that is shown in full, and pictures."""

from __future__ import annotations

from gradstep.engine.words.language import _, plural

KEYS = _("PgDn, Shift and arrows scroll; Esc closes")
NO_PICTURE = _("no picture is seen: y shows the first")
PICTURE_KEYS = _("y next kind, > < turn, T as text")
TEXT_KEYS = _("y next kind, > < turn, T as picture")
COMPUTING_NORMS = plural("computing the norms of {count:,} iteration", "computing the norms of {count:,} iterations")
