"""The texts of the drawer that explains a number."""

from __future__ import annotations

from gradstep.engine.words.language import _

KEYS = _("Enter opens a factor, Backspace back, u unrolls")
NO_FACTORS = _("this is where it ends: a number that is given has no factors")
NO_VALUE_HERE = _("{element} has no value here: it is computed by a step still to come")
