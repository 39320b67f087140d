"""What is said where a scenario's file is not of the format. The descriptions of its tables and keys stand there."""

from __future__ import annotations

from gradstep.engine.words.language import _

PRINTED_LEAF = _("a number, a number as text, or true or false")
PRINTED = _("a printed value: text or number, a list or rows of them, or true or false")
LABEL = _("a label, or a list or rows of labels")

NO_TABLES = _("found {found}, expected tables, each begun [[{table}]]")
NO_TABLE = _("found {found}, expected a table, begun [{table}]")
UNKNOWN_KEY = _("unknown key{hint}; known are {known}")
KEY_OF_ANOTHER_KIND = _('does not belong to kind "{kind}", whose keys are {known}')
MISSING = _("missing, expected {expected}: {about}")

RESERVED = _('"{name}" has a meaning of its own, expected another name')
CANNOT_BE_TYPED = _('"{name}" cannot be typed, expected a name of letters, digits and underscores')
