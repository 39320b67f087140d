"""The page of one whole array, which a line of a table stands for: every number, or those of two branches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gradstep.engine.arrays import Array, Index, differing, written
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.layers.compare import Beside
from gradstep.tui.pages.view import FITTING, View, grid_of
from gradstep.tui.text.folding import folded
from gradstep.tui.text.glyphs import DIFFERS
from gradstep.tui.text.grid import Grid
from gradstep.tui.text.page import Band, Line, Page
from gradstep.tui.words import layers as words

MOST_SLICES = 64  # of an array of more than two dimensions


def matrix_page(moment: Moment, view: View, symbol: str, width: int, beside: Beside | None = None) -> Page:
    """Every number of a symbol, to be scrolled, slice by slice; with `beside` also what they are there."""
    shape = moment.program.symbols[symbol].shape
    theirs = None if beside is None else beside.values.get(symbol)
    if len(shape) <= 2:
        return (_band(grid_of(moment, view, symbol, FITTING[0]), view, width, theirs, beside),)
    page: list[Band | Line] = []
    slices = _first(shape)
    for lead in slices:
        said = words.SLICE.format(slice=f"[{', '.join([*map(str, lead), ':', ':'])}]", shape=written(shape))
        page += folded(f"{view.notation.symbol(symbol)} {view.notation.sign(said)}", width, "quiet")
        values = moment.values.get(symbol)
        picked = view.picked if view.picked and view.picked[0] == symbol and view.picked[1][:-2] == lead else None
        grid = Grid(
            title=view.notation.symbol(symbol),
            shape=shape[-2:],
            values=None if values is None else values[lead],
            fresh=moment.step is not None and moment.step.symbol == symbol,
            selected=picked[1][-2:] if picked else None,
            digits=view.digits or FITTING[0],
            ascii=view.notation.ascii,
            key=symbol,
        )
        page.append(_band(grid, view, width, None if theirs is None else theirs[lead], beside))
    hidden = math.prod(shape[:-2]) - len(slices)
    return (*page, *(folded(words.MORE_SLICES(hidden), width, "quiet") if hidden else ()))


def _first(shape: Sequence[int]) -> Sequence[Index]:
    """The leading indices of the first slices."""
    count = min(MOST_SLICES, math.prod(shape[:-2]))
    return [tuple(int(i) for i in np.unravel_index(at, tuple(shape[:-2]))) for at in range(count)]


def _band(grid: Grid, view: View, width: int, theirs: Array | None, beside: Beside | None) -> Band:
    """The grid in as many digits as fit, with that of the other values beside it."""
    items: tuple[Grid | str, ...] = (grid,)
    for digits in (view.digits,) if view.digits else FITTING:
        mine = replace(grid, digits=digits)
        if theirs is None or mine.values is None or beside is None:
            items = (mine,)
        else:
            mine = replace(mine, marks=differing(mine.values, theirs))
            title = words.IN_BRANCH.format(symbol=mine.title, branch=beside.title)
            other = replace(mine, title=title, values=theirs, fresh=False, key="", selected=None)
            items = (mine, DIFFERS.drawn(ascii=view.notation.ascii), other)
        if sum(each.width + 3 for each in items if isinstance(each, Grid)) - 3 <= width:
            break
    return Band(items)
