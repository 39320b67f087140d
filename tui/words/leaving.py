"""The texts of leaving the program."""

from __future__ import annotations

from gradstep.engine.words.language import _

QUIT = _("quit? The forks are in no session: y quits, Ctrl+S saves them first, Esc stays")
LEAVE = _("open another? The forks are in no session: y opens, Ctrl+S saves them first, Esc stays")
QUIT_SUCH_AS = _("y or n")
YES = (_("y"), _("yes"), "q")
STAYS = _("still here; Ctrl+S saves the session")
