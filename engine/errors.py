"""The errors that are the input's: a person gave something that cannot be used, and one line says what and why."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice

from gradstep.engine.words import phrases

LONGEST_KEY = 80  # characters of a key that an error message repeats
MOST_KNOWN = 2_000  # words among which a near one is looked for


class Problem(ValueError):
    """Something given that cannot be used. As text it is one line: where, what was found, what would be right."""


def clipped(text: str, most: int = 40) -> str:
    """At most so many characters of what was found, on one line."""
    line = text.replace("\n", " ")
    return line if len(line) <= most else line[:most] + "…"


def reason_of(error: OSError | ValueError) -> str:
    """Why the operating system refused a file, without the file's name."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def closest(word: str, known: Iterable[str]) -> str:
    """' (did you mean "…"?)' where a known word is near, otherwise nothing. Not all of very many are looked at."""
    if len(word) > LONGEST_KEY:
        return ""
    near = difflib.get_close_matches(word, sorted(islice(known, MOST_KNOWN)), 1, 0.6 if len(word) > 2 else 0.5)
    return phrases.DID_YOU_MEAN.format(name=near[0]) if near else ""


class ScenarioError(Problem):
    """A scenario that cannot be used. As text it is one line: file, key, what was found, what is expected."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        line = ": ".join(part for part in (file, clipped(key, LONGEST_KEY), problem) if part)
        super().__init__(" ".join(line.split()))
        self.file = file
        self.key = key
        self.problem = problem
