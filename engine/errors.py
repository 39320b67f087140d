"""The errors that are the input's: a person gave something that cannot be used, and one line says what and why.

A line is of bounded length and of characters that can be seen, whatever is quoted in it: this is the one place that
sees to it, for every error of the engine and of the screen.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice
from typing import Self

from gradstep.engine.words import phrases

MOST_KNOWN = 2_000  # words among which a near one is looked for

LONGEST_LINE = 300  # characters of an error, with what a program writes before it
LONGEST = 280  # of its text alone
LONGEST_FILE, LONGEST_KEY = 90, 80  # of the parts that an error begins with


def escaped(text: str) -> str:
    """Control characters, those that turn the direction of a text, and others that cannot be seen: as \\u202e."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def one_line(text: str, most: int = LONGEST) -> str:
    """A text as one line of at most so many characters: what is too long loses its middle."""
    line = escaped(text)
    if len(line) <= most:
        return line
    begin = most * 3 // 5
    return f"{line[:begin]}…{line[len(line) - (most - begin - 1) :]}"


def clipped(text: str, most: int = 40) -> str:
    """At most so many characters of what was found, on one line."""
    line = escaped(text[: most + 1])
    return line if len(line) <= most else f"{line[:most]}…"


def clipped_left(text: str, most: int) -> str:
    """The end of a text: of a path, what says most."""
    line = escaped(text[-most - 1 :])
    return line if len(line) <= most else f"…{line[-most:]}"


def quoted(text: str, most: int = 30) -> str:
    """At most so many characters of a text, in quotes."""
    return f'"{clipped(text, most)}"'


class Problem(ValueError):
    """Something given that cannot be used. As text it is one line: where, what was found, what would be right."""

    def __init__(self, problem: str = "") -> None:
        super().__init__(one_line(problem))


class LimitError(Problem):
    """More than a run may take."""


def reason_of(error: OSError | ValueError) -> str:
    """Why the operating system refused a file, without the file's name."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def closest(word: str, known: Iterable[str]) -> str:
    """' (did you mean "…"?)' where a known word is near, otherwise nothing. Not all of very many are looked at."""
    if len(word) > LONGEST_KEY:
        return ""
    names = sorted(islice(known, MOST_KNOWN))
    near = [name for name in names if name.casefold() == word.casefold()]
    near = near or difflib.get_close_matches(word, names, 1, 0.6 if len(word) > 2 else 0.5)
    return phrases.DID_YOU_MEAN.format(name=clipped(near[0], LONGEST_KEY)) if near else ""


def in_file(file: str, key: str, problem: str, line: int = 0) -> str:
    """What is wrong with a file: its name, the key with its line, and the problem, of which each keeps its room."""
    place = clipped(key, LONGEST_KEY)
    parts = clipped_left(file, LONGEST_FILE), phrases.IN_LINE.format(key=place, line=line) if line else place
    before = ": ".join(part for part in parts if part)
    return ": ".join(part for part in (before, one_line(problem, LONGEST - len(before) - 2)) if part)


class ScenarioError(Problem):
    """A scenario that cannot be used. As text it is one line: file, key, what was found, what is expected.

    line: the line of the file where the key stands, 0 where it has none. within: where the key is a text of several
    lines, which of them is meant, from 1; 0 for all.
    """

    def __init__(self, file: str, key: str, problem: str, line: int = 0, within: int = 0) -> None:
        super().__init__(in_file(file, key, problem, line))
        self.file, self.key, self.problem, self.line, self.within = file, key, one_line(problem), line, within

    def in_line(self, line: int) -> Self:
        """The same, with the line where the key stands."""
        return type(self)(self.file, self.key, self.problem, line)
