"""Edits, which are numbers set by hand, and the rows of the data that an iteration sees with those that concern them.

A number of the data is the same number in every row of every batch that its row is drawn for. What was set by hand
holds for all that is drawn later. Of what was drawn before, in the same iteration, it is an edit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from gradstep.engine.arrays import Array, Index
from gradstep.engine.data.datasets import Dataset, Draw, Rows, drawn_mask
from gradstep.engine.program.positions import epoch_of
from gradstep.engine.program.program import Role, Symbol

DRAWN = ("x", "t")


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


@dataclass(frozen=True, eq=False)
class Batches:
    """A dataset, how iterations draw from it, and what was set by hand in it. dataset, draw: None for none."""

    dataset: Dataset | None
    draw: Draw | None
    patches: tuple[Patch, ...] = ()

    @property
    def vary(self) -> bool:
        """Whether one iteration sees other rows than another."""
        return self.draw is not None and self.draw.kind != "all"

    def edited(self, edit: Edit) -> Batches:
        """The same with what an edit means for later iterations: of x or t, that a number of the data is another."""
        if edit.symbol not in DRAWN or self.dataset is None:
            return self
        return replace(self, patches=(*self.patches, Patch(edit, self._number(edit.index[0], edit.iteration))))

    def rows(self, iteration: int) -> Rows | None:
        """The rows of the data that an iteration sees; None for all of them."""
        return self.draw.rows(iteration) if self.draw is not None else None

    def same_rows(self, iteration: int, other: int) -> bool:
        """Whether two iterations see the same rows in the same order."""
        one, two = self.rows(iteration), self.rows(other)
        return one is two if one is None or two is None else bool((one == two).all())

    def drawn(self, symbol: Symbol, iteration: int, step: int = 0, out: Array | None = None) -> Array:
        """The rows of x or t that an iteration sees, or the whole of a set that accuracy is measured on; or a count, or
        a mask of dropout.

        step: how many steps of it have run. out: where a count, a mask, or rows that are not all of them are to be put.
        """
        if symbol.role is Role.COUNTER:
            return self._counted(symbol.name, iteration, out)
        if symbol.mask is not None:
            return _put(drawn_mask(symbol.mask, symbol.shape, iteration), out)
        base = symbol.data
        if symbol.rows == "test":
            return self._data(f"{base}_test").view()
        rows = None if symbol.rows else self.rows(iteration)
        if rows is None:
            return self.whole(base, iteration, step)
        array = self._data(base).take(rows, axis=0, out=out, mode="clip")  # the rows do exist
        if self.patches:
            _apply(self._patches(base, iteration, step), array, rows)
        return array

    def _counted(self, name: str, iteration: int, out: Array | None) -> Array:
        """The number of an iteration, or of the epoch that it belongs to."""
        length = self.draw.iterations_per_epoch if self.draw else 1
        array: Array = np.empty(()) if out is None else out
        array[...] = epoch_of(iteration, length) if name == "epoch" else iteration
        return array

    def whole(self, symbol: str, iteration: int, step: int = 0) -> Array:
        """All rows of x or t, as they are when so many steps of an iteration have run."""
        array, patches = self._data(symbol).view(), self._patches(symbol, iteration, step)
        if patches:
            array = array.copy()
            _apply(patches, array, None)
        return array

    def places(self, edit: Edit) -> list[Index]:
        """Where an edited element stands: one of the data in every row of the batch that is the same row of them."""
        rows = self.rows(edit.iteration) if edit.symbol in DRAWN else None
        if rows is None:
            return [edit.index]
        row, column = edit.index
        return [(int(place), column) for place in np.flatnonzero(rows == rows[row])]

    def set_by(self, symbol: Symbol, index: Index, iteration: int, step: int) -> Edit | None:
        """The edit that a number of the data had its value from when it was drawn; None for no edit."""
        patches = [] if symbol.rows == "test" else self._patches(symbol.data, iteration, step)
        if not patches:
            return None
        row, column = index
        number = row if symbol.rows else self._number(row, iteration)
        mine = (each.edit for each in reversed(patches) if (each.row, each.edit.index[1]) == (number, column))
        return next(mine, None)

    def _number(self, row: int, iteration: int) -> int:
        """Which row of the data stands in a row of an iteration's batch."""
        rows = self.rows(iteration)
        return row if rows is None else int(rows[row])

    def _patches(self, symbol: str, iteration: int, step: int) -> list[Patch]:
        """Those of x or t that had been made by then."""
        mine = (each for each in self.patches if each.edit.symbol == symbol)
        return [each for each in mine if (each.edit.iteration, each.edit.step) <= (iteration, step)]

    def _data(self, symbol: str) -> Array:
        assert self.dataset is not None, "there are data to draw from"
        array: Array = getattr(self.dataset, symbol)
        return array


def _put(array: Array, out: Array | None) -> Array:
    """The array, in a buffer if there is one."""
    if out is None:
        return array
    np.copyto(out, array)
    return out


def _apply(patches: Iterable[Patch], array: Array, rows: Rows | None) -> None:
    for each in patches:
        array[each.row if rows is None else rows == each.row, each.edit.index[1]] = each.edit.value
