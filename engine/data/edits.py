"""Edits: numbers that a person sets by hand, each an element of one iteration; of x or t it is one of the data, too."""

from __future__ import annotations

from dataclasses import dataclass, field

from gradstep.engine.arrays import Index


@dataclass(frozen=True)
class Edit:
    """One element of a symbol set to another value, once `step` steps of `iteration` have run.

    fork: the name of the one that it was made in, also where that has been dropped since.
    """

    iteration: int
    step: int
    symbol: str
    index: Index
    value: float
    fork: str = field(default="", compare=False)


@dataclass(frozen=True)
class Patch:
    """An edit of x or t, as one of a number of the data: in which row of them that stands."""

    edit: Edit
    row: int
