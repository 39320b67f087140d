"""The texts of what went wrong in the program itself, and of the session that was kept then."""

from __future__ import annotations

from gradstep.engine.words.language import _

FAULT = _("an error of gradstep's own, please report it: {what}")
NO_MEMORY = _("not enough memory for that")
REFUSED = _("the system refused a file: {reason}")
KEPT_IN = _("{what}; the session is kept in {file}")
AT = _("{what} (in {where})")
KEPT = _(
    "gradstep ended early last time: open the session that was kept then? y and Enter open it, n and Enter drop it, Esc asks at the next start"
)
KEPT_SUCH_AS = _("y or n")
NO = (_("n"), _("no"))
OPENED = _("the session that was kept; Ctrl+S saves it")
DROPPED = _("the session that was kept is dropped")
