"""What all errors have in common that are the input's: whoever shows them needs to know no more."""

from __future__ import annotations


class Problem(ValueError):
    """Something that a person gave and that cannot be used. As text it is one line: where, what was found, what would
    be right.
    """
