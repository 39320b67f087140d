"""The language of all texts: that of the environment, where there is a catalogue for it, and English otherwise.

Catalogues are gettext's: LOCALE/<language>/LC_MESSAGES/gradstep.mo, with LOCALE the folder beside this module, or
what the environment variable GRADSTEP_LOCALE names. Which language is wanted is read from LANGUAGE, LC_ALL,
LC_MESSAGES and LANG, once, when the program starts; so a text can stand wherever a constant can.
"""

from __future__ import annotations

import gettext
import os
import string
import struct
from dataclasses import dataclass
from pathlib import Path

DOMAIN = "gradstep"
LOCALE_VARIABLE = "GRADSTEP_LOCALE"


def _found() -> gettext.NullTranslations:
    """The catalogue for the environment; none where there is none, or none that can be read."""
    folder = os.environ.get(LOCALE_VARIABLE) or Path(__file__).with_name("locale")
    try:
        return gettext.translation(DOMAIN, folder, fallback=True)
    except (OSError, ValueError, struct.error):
        return gettext.NullTranslations()


_catalogue = _found()


def _(text: str) -> str:
    """A text in the language of the environment."""
    return _with_places(_catalogue.gettext(text), text)


def _with_places(said: str, *texts: str) -> str:
    """A translation, if it asks for nothing to be filled in but what the text does; otherwise the text."""
    if said in texts:
        return said
    asked, known = _places(said), [_places(text) for text in texts]
    return said if asked is not None and any(asked <= (each or set()) for each in known) else texts[-1]


def _places(text: str) -> set[str] | None:
    """The names of what is filled in; None where that cannot be read."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return None


@dataclass(frozen=True)
class Plural:
    """A text that depends on a number: called with that `count` and with what is to stand in its other places."""

    one: str
    many: str

    def __call__(self, count: int, **places: object) -> str:
        said = _catalogue.ngettext(self.one, self.many, count)
        return _with_places(said, self.one, self.many).format(count=count, **places)


def plural(one: str, many: str) -> Plural:
    """A text in the language of the environment, in the form that a number asks for."""
    return Plural(one, many)
