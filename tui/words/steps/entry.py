"""One entry of the catalogue: the texts on one kind of step.

A text is a whole sentence with named placeholders. These are {symbol}, {formula}, {operands}, {count}, {of} (what a
gradient or an updated value belongs to), {layer} (in the phase measure the set of rows), {goal} (what is
differentiated), {N} ("N = 4", or "N" where that is not known), of a gradient that flows back through a step {out} (what
that step computes) and {d} (the gradient of it: the upstream gradient), {forward} (the forward pass's formula), {culprit} (what
it is made of that is not the derivative of the forward pass) and those by which the entry calls its operands. `filling`
puts in what they stand for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """Texts on one kind of step, and what its operands are called in them. A remark has sentences alone.

    short: why it is so in a few words, for a line below the step's arithmetic; of_numbers: the same where there are no
    arrays, only single numbers, and other words are right then.
    """

    name: str
    sentences: tuple[str, ...]
    formula: str = ""
    source: str = ""
    operands: tuple[str, ...] = ()
    short: str = ""
    of_numbers: str = ""
