"""What is said when one looks closer: at a number, a step, gradients, pictures."""

from __future__ import annotations

from engine.words.language import _

OWN_NAMES = _("the scenario's own names")
PLAIN_SYMBOLS = _("plain symbols")
AS_MANY_DIGITS = _("as many digits as fit")
UP_TO_DIGITS = _("up to {digits} digits")

NOTHING_TO_PICK = _("nothing has run yet; / picks a parameter, such as W1[0,0]")
NOTHING_PICKED = _("nothing is picked that has a value: click on a number, or search one with /")
NO_STEP = _("nothing has run yet: s runs the first step, or select one with the arrow keys")
WHY = _("{symbol}: what it is and why")

NOTHING_TO_CHECK = _("nothing has run yet: s draws the rows that gradients are of")
CHECKING = _("checking gradients")
GRADIENTS = _("gradients of iteration {iteration:,}")

COMPUTING_NORMS = _("computing the norms of {iterations:,} iterations")
