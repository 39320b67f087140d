"""The texts of the drawer that explains a number."""

from __future__ import annotations

from gradstep.engine.words.language import _

KEYS = _("Enter opens a factor, Backspace goes back, u unrolls, Esc closes")
EXPLAINING = _("explaining {element}")
STOPPED = _("stopped: it is explained when the cursor moves, or when x is pressed again")
NO_FACTORS = _("this is where it ends: a number that is given has no factors")
NO_VALUE_HERE = _("{element} has no value here: it is computed by a step still to come")
NOTHING_TO_UNROLL = _("nothing to unroll: what it is made of is given, or has no arithmetic of its own here")
SOME_FACTORS = _("the first {most} of {count:,} factors are listed; / names any other")

MADE_OF = _("made of")  # above the factors

# What a factor is that no step writes:
PARAMETER = _("a parameter")
HYPERPARAMETER = _("a setting of the optimizer")
CARRIED = _("what is carried from one iteration to the next")
STATE = _("what the optimizer keeps")
IS_GIVEN = _("given")
