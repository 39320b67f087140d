"""The texts of saving a session and of opening a scenario or a session."""

from __future__ import annotations

from gradstep.engine.words.language import _

SAVE_SUCH_AS = _("a file")
SAVE = _("save the session: forks, stops, watches, position; Enter saves, Esc does not")
SAVED = _("saved; gradstep --session {path} goes on from here")

OPENED = _("opened {scenario}: {size}")
OPENED_SESSION = _("opened {session}: {scenario}")
