"""The person's choices of how to see a moment, and an array of it as a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Index, Shape, differing
from gradstep.engine.program.program import Symbol
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.text.grid import Grid, Labels
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line

AUTOMATIC = 0
PRECISIONS = (AUTOMATIC, 6, 9, 12, 17)
FITTING = (9, 8, 7, 6, 5)
BLANK = Line()


@dataclass(frozen=True, eq=False)
class View:
    """A person's choices: notation, digits (0: what fits), an element picked, a branch to compare with.

    plain: there are no colours, so that characters have to say what the ground of a cell would.
    """

    notation: Notation
    digits: int = AUTOMATIC
    picked: tuple[str, Index] | None = None
    other: str | None = None
    plain: bool = False


def _labels(notation: Notation, symbol: Symbol) -> Labels | None:
    """The labels of a symbol's elements; those of a gradient or update are its parameter's own."""
    names = notation.names
    given = names.labels.get(symbol.name) or names.labels.get(symbol.of)
    if not given or not notation.own:
        return None
    grid = np.full(symbol.shape, "", dtype=object)
    for index, label in given.items():
        grid[index] = label
    return grid


def grid_of(moment: Moment, view: View, name: str, digits: int, *, labelled: bool = True, marked: bool = False) -> Grid:
    """The table of a symbol. labelled: with the labels of elements; marked: with stars at what has changed."""
    symbol = moment.program.symbols[name]
    before, now = moment.previous.get(name), moment.values.get(name)
    fresh = moment.step is not None and moment.step.symbol == name
    return Grid(
        title=view.notation.symbol(name),
        shape=symbol.shape,
        values=now,
        row_headings=row_headings(symbol.shape),
        labels=_labels(view.notation, symbol) if labelled or row_headings(symbol.shape) else None,
        marks=differing(before, now) if fresh and marked and before is not None and now is not None else None,
        fresh=fresh,
        selected=view.picked[1] if view.picked and view.picked[0] == name else None,
        digits=digits,
        ascii=view.notation.ascii,
        key=name,
    )


def row_headings(shape: Shape) -> tuple[str, ...] | None:
    """A single row needs no number."""
    return ("",) if len(shape) == 2 and shape[0] == 1 else None
