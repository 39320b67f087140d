"""Errors of a scenario's file that is not of the format."""

from __future__ import annotations

from gradstep.engine.words.language import _

NO_TABLES = _("found {found}, expected tables, each begun [[{table}]]")
NO_TABLE = _("found {found}, expected a table, begun [{table}]")
UNKNOWN_KEY = _("unknown key{hint}; known are {known}")
KEY_OF_ANOTHER_KIND = _('does not belong to kind "{kind}", whose keys are {known}')
MISSING = _("missing, expected {expected}: {about}")
