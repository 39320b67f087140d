"""The texts of saving a session and of opening a scenario or a session."""

from __future__ import annotations

from gradstep.engine.words.language import _

SAVE_SUCH_AS = _("a file")
SAVE = _("save the session: forks, stops, watches, position; Enter saves, Esc does not")
SAVED = _("saved; gradstep --session {path} goes on from here")
SAVED_SINCE = _("{path} has been saved by another gradstep since: y saves over it, n does not")
ANOTHER_IS_THERE = _("{path} is another session: y saves over it, n does not")
NOT_SAVED = _("not saved")

OPENED = _("opened {scenario}: {size}")
OPENED_SESSION = _("opened {session}: {scenario}")
