"""The texts of the list of symbols."""

from __future__ import annotations

from gradstep.engine.words.language import _

TITLE = _("the symbols")
NAME = _("name")
SHAPE = _("shape")
MEANING = _("what it is")

# By the part that a symbol has in the program:
INPUT = _("inputs")
TARGET = _("targets")
PARAMETER = _("parameter")
HYPERPARAMETER = _("a setting")
CARRIED = _("carried from one iteration to the next")
STATE = _("state of the optimizer, of {of}")
COUNTER = _("counted by the run")
MASK = _("mask of dropout, drawn")
VALUE = _("{layer}, forward")
GIVEN = _("given")
OUTPUT = _("output")
LOSS = _("loss")
GRADIENT = _("gradient by {of}")
CONTRIBUTION = _("part of the gradient by {of}")
TRUTH = _("derived gradient by {of}")
CLAIM = _("a line of one's own")
INTERMEDIATE = _("on the way to the next {of}")
NEXT = _("next {of}")
MEASURE = _("measured now and then")
