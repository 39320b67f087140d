"""The texts of the pages of the step that has just run and of all values."""

from __future__ import annotations

from gradstep.engine.words.language import _

# ── at the start ─────────────────────────────────────────────────────────────────────────────────────────────

SOURCE = _("Source: {source}")
