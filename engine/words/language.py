"""The language of all texts: that of the environment, where there is a catalogue for it, and English otherwise.

Catalogues are gettext's: LOCALE/<language>/LC_MESSAGES/gradstep.mo, with LOCALE the folder beside this module, or
what the environment variable GRADSTEP_LOCALE names. Which language is wanted is read from LANGUAGE, LC_ALL,
LC_MESSAGES and LANG, once, when the program starts; so a text can stand wherever a constant can.
"""

from __future__ import annotations

import gettext
import os
from dataclasses import dataclass
from pathlib import Path

DOMAIN = "gradstep"
LOCALE_VARIABLE = "GRADSTEP_LOCALE"

_catalogue = gettext.translation(
    DOMAIN, os.environ.get(LOCALE_VARIABLE) or Path(__file__).with_name("locale"), fallback=True
)


def _(text: str) -> str:
    """A text in the language of the environment."""
    return _catalogue.gettext(text)


@dataclass(frozen=True)
class Plural:
    """A text that depends on a number: called with that `count` and with what is to stand in its other places."""

    one: str
    many: str

    def __call__(self, count: int, **places: object) -> str:
        return _catalogue.ngettext(self.one, self.many, count).format(count=count, **places)


def plural(one: str, many: str) -> Plural:
    """A text in the language of the environment, in the form that a number asks for."""
    return Plural(one, many)
