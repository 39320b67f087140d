"""The texts of looking closer: at a number, a step, gradients, pictures."""

from __future__ import annotations

from gradstep.engine.words.language import _

OWN_NAMES = _("the scenario's own names")
PLAIN_SYMBOLS = _("plain symbols")
AS_MANY_DIGITS = _("as many digits as fit")
UP_TO_DIGITS = _("up to {digits} digits")

NOTHING_PICKED = _("nothing is picked that has a value: click on a number, or search one with /")
WHY = _("{symbol}: what it is and why")

HELP = _("help")
CLOSES = _("Esc closes")
FORMULA = _("the formula")
COPIED = _("{what} is in the clipboard")

NOTHING_OPEN = _("nothing is open that scrolls: Enter in the tables opens a matrix, x an explanation")
CHECKING = _("checking gradients")
GRADIENTS = _("gradients of iteration {iteration:,}")
