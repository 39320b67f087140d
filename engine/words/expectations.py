"""Errors of expectations that cannot be checked."""

from __future__ import annotations

from gradstep.engine.words.language import _

NO_VALUE_YET = _('{symbol} has no value yet at "{at}"')

OTHER_SHAPE = _("the printed value is {found}, expected {expected}")
OR_ONE_ELEMENT = _('{problem}, or one element: "{element}" = {printed}')
NAME_SUCH_AS = _('{problem}, expected one and what is printed of it, such as {name} = "0.25"')
RAGGED = _("ragged")
OF_SHAPE = _("of shape {shape}")
SINGLE_VALUE = _("a single value")

TEXT_AS_VALUE = _("found a text, expected a number or a truth")
NO_TRUTH = _("found {found}, expected true or false")
NO_NUMBER = _("found {found}, expected a number")
NO_PRINTED_NUMBER = _('found the text "{text}", expected a number such as "0.3775", "nan" or ""')
