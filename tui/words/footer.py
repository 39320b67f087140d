"""The texts of the line that says what the marks mean."""

from __future__ import annotations

from gradstep.engine.words.language import _

WRITTEN = _(" just written")
READ = _(" just read")
MISSING = _(" not yet")
PICKED = _("picked")
