"""Errors of a scenario's file that is not found or cannot be read."""

from __future__ import annotations

from gradstep.engine.words.language import _

NO_NAME = _("is no name, expected a bundled scenario or the path of a TOML file")
NO_SUCH_SCENARIO = _("no bundled scenario and no file of this name{hint}; bundled are {known}")
NO_DATA_FILES = _("its data files are not here: --data FOLDER or {variable} says where they are")
CANNOT_BE_USED = _("cannot be used")

A_TOML_FILE = _("a TOML file")
NOT_UTF8 = _("byte {byte} is not UTF-8 text, expected a TOML file")
TOO_DEEP = _("is nested too deeply, expected a TOML file")
NOT_TOML = _("is not TOML: {problem}")
