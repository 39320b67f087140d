"""Why a step cannot be put in the place of another."""

from __future__ import annotations

from gradstep.engine.words.language import _

WRITTEN_BY_NO_STEP = _("{symbol} is written by no step that another could take the place of{hint}")
NOT_A_SYMBOL = _('{symbol}: "{operand}" is no symbol of the program{hint}')
OTHER_SHAPE = _("{symbol}: found the shape {found}, expected {expected}")
READS_A_MEASUREMENT = _("{symbol} cannot be made of {operand}, which is measured in some iterations only")
CIRCLE = _("no order of the steps lets each come after what it reads: {circle}")
READS = _(" reads ")  # between the symbols of such a circle
