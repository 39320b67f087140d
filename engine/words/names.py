"""Texts about the names of symbols and of their elements."""

from __future__ import annotations

from gradstep.engine.words.language import _

NOT_A_NAME = _('"{text}" is not a symbol, name or label{hint}')
NOT_AN_ELEMENT = _('"{text}" is not an element, expected such as {example}')
IS_ONE_NUMBER = _("{name} is a single number; it has no element [{indices}]")
NO_SUCH_ELEMENT = _("{name} is {shape}, counted from 0; it has no element [{indices}]")
ALREADY_STANDS_FOR = _('"{name}" already stands for {other}, expected a name of its own')
OWN_LINES = _("own lines")
GRADIENT_OF_OTHER_SHAPE = _("{name} has the shape {found}, expected {expected}, that of {of}")
NO_GRADIENT = _("{goal} does not change with it: only comparisons use it, expected a use that has a derivative")
NAME_OF_TWO_VALUES = _('"{name}" is the name of two values, expected a name of its own for each')

CARRIED_OF_OTHER_SHAPE = _("the next {name} is {found}, expected {expected}")
NEXT_OF_OTHER_SHAPE = _("the next {name} is {found}, expected {expected}, the shape of {parameter}")
DROPOUT = _("dropout")  # the heading of the masks that are drawn
OPTIMIZER = _("optimizer")  # the heading of what an optimizer computes once an iteration

# A gradient that a symbol receives by way of one of the nodes that use it.
BY_WAY_OF = _("{gradient} (via {node})")
