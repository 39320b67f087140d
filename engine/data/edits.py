"""Values set by hand: an element of one iteration, and with an element of x or t a number of the data."""

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
