"""Texts about updates that are written as formulas: why a line cannot be used."""

from __future__ import annotations

from gradstep.engine.words.language import _

NO_NAME = _("{name} is no setting of the optimizer, and written by no line{hint}")
NOT_WRITTEN = _("{name} is given and cannot be written, expected another name")
WRITTEN_TWICE = _("{name} is written twice, expected one line for each name")
NO_NEXT_VALUE = _("found no line p = …, the next value of a parameter")
CONSTANT_SCHEDULE = _("expected a finite number, or a formula of iteration or epoch")
NOT_A_PARAMETER = _('"{name}" is not a parameter{hint}')
NOT_READ = _("found no line of the update that reads it, expected one")
NAME_GIVEN = _("means something else in updates, expected another name")
