"""What all errors have in common that are the input's: whoever shows them needs to know no more."""

from __future__ import annotations


class Problem(ValueError):
    """Something that a person gave and that cannot be used. As text it is one line: where, what was found, what would
    be right.
    """


def clipped(text: str, most: int = 40) -> str:
    """At most so many characters of what was found, on one line."""
    line = text.replace("\n", " ")
    return line if len(line) <= most else line[:most] + "…"
