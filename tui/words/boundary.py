"""The texts of what went wrong in the program itself, and of the session that was kept then."""

from __future__ import annotations

from gradstep.engine.words.language import _

FAULT = _("an error of gradstep's own, please report it: {what}")
NO_MEMORY = _("not enough memory for that")
REFUSED = _("the system refused a file: {reason}")
KEPT_IN = _("{what}; the session is kept in {file}")
AT = _("{what} (in {where})")
ENDED_EARLY = _("gradstep ended early last time")
KEPT = _("Open the session that was kept then?")
KEY_OPENS = "y Enter"
KEY_DROPS = "n"
KEY_LATER = "Esc"
OPENS = _("open it, and go on where it ended")
DROPS = _("drop it")
LATER = _("neither: it is offered again at the next start")
AWAITED = _("y, n or Esc?")
OPENED = _("the session that was kept; Ctrl+S saves it")
DROPPED = _("the session that was kept is dropped")
