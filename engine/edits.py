"""What a person sets by hand: an element of one iteration, and with an element of x or t a number of the data."""

from __future__ import annotations

from dataclasses import dataclass

from engine.expression import Index


@dataclass(frozen=True)
class Edit:
    """One element of a symbol set to another value, once `step` steps of `iteration` have run."""

    iteration: int
    step: int
    symbol: str
    index: Index
    value: float


@dataclass(frozen=True)
class Patch:
    """One number of the data that is another one in all iterations after `after`."""

    after: int
    symbol: str
    row: int
    column: int
    value: float
