"""The texts of leaving the program."""

from __future__ import annotations

from gradstep.engine.words.language import _

QUIT = _("quit? {lost}: y quits, Ctrl+S saves first, Esc stays")
LEAVE = _("open another? {lost}: y opens, Ctrl+S saves first, Esc stays")
FORKS = _("The forks are in no session")
STOPS = _("Stops and watches cannot be remembered here and are in no session")
QUIT_SUCH_AS = _("y or n")
YES = (_("y"), _("yes"), "q")
NO = (_("n"), _("no"))
NEVER_WOKEN = _("it is not halted: no shell is here that would let it go on; q quits")
STAYS = _("still here; Ctrl+S saves the session")
