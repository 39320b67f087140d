"""The names of the kinds of pictures."""

from __future__ import annotations

from gradstep.engine.words.language import _

NET = _("net")
HEAT_MAP = _("heat map")
LEARNED = _("learned")
NORMS = _("norms")
IMAGES = _("images of {symbol}")

COMPUTING = _("the norms of the iterations so far are being computed")
