"""The names of watches."""

from __future__ import annotations

from gradstep.engine.words.language import _

WATCH = _("watch {expression}")
WATCH_AND_STOP = _("watch {expression}, stops when it changes")
