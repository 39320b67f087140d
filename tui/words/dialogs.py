"""The texts of choosing a scenario."""

from __future__ import annotations

from gradstep.engine.words.language import _

OPEN = _("open a scenario")
OPEN_SUCH_AS = _("part of a name or title, or the path of a scenario or session")
OPEN_KEYS = _("up and down choose, Enter opens, Esc closes")
SEARCH_THEMES = _("Search for themes…")
