"""Errors of names and labels that cannot be used."""

from __future__ import annotations

from gradstep.engine.words.language import _

RESERVED = _('"{name}" has a meaning of its own, expected another name')
CANNOT_BE_TYPED = _('"{name}" cannot be typed, expected a name of letters, digits and underscores')
NOT_A_SYMBOL = _("is not a symbol of this network{hint}")
NOT_ONE_LABEL = _("found {found}, expected one label: {symbol} is {shape}")
OTHER_NUMBER_OF_LABELS = _("found {found}, expected a list of {count:,}: {symbol} is {shape}")
X_IS_NOT_USED = _("found no node that leads from x to the output, expected one, or no gradient of x")
