"""The rows of the data that an iteration sees, some numbers of which may have been set by hand.

A number of the data is the same number in every row of every batch that its row is drawn for. What was set by hand
in an iteration holds for the data from the next one on; in the iteration itself it is an edit of what was drawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from engine.datasets import Dataset, Draw, Rows
from engine.edits import Edit, Patch
from engine.expression import Index
from engine.operation import Array

DRAWN = ("x", "t")


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
        row, column = edit.index
        patch = Patch(edit.iteration, edit.symbol, self._number(row, edit.iteration), column, edit.value)
        return replace(self, patches=(*self.patches, patch))

    # What an iteration sees

    def drawn(self, symbol: str, iteration: int) -> Array:
        """The rows of x or t that an iteration sees, or the whole of a set that accuracy is measured on."""
        base, _, subset = symbol.partition("_")
        if subset == "test":
            return self._data(symbol).view()
        rows = None if subset else self._rows(iteration)
        if rows is None:
            return self.whole(base, iteration)
        array = self._data(base).take(rows, axis=0)
        _apply(self._patches(base, iteration), array, rows)
        return array

    def draw_into(self, buffer: Array, symbol: str, iteration: int) -> None:
        """The rows of x or t that an iteration sees, into a buffer."""
        rows = self._rows(iteration)
        if rows is None:
            np.copyto(buffer, self.whole(symbol, iteration))
            return
        self._data(symbol).take(rows, axis=0, out=buffer, mode="clip")  # the rows do exist
        if self.patches:
            _apply(self._patches(symbol, iteration), buffer, rows)

    def whole(self, symbol: str, iteration: int) -> Array:
        """All rows of x or t, as they are when an iteration begins."""
        array, patches = self._data(symbol).view(), self._patches(symbol, iteration)
        if patches:
            array = array.copy()
            _apply(patches, array, None)
        return array

    # What was set by hand

    def places(self, edit: Edit) -> list[Index]:
        """Where an edited element stands: one of the data in every row of the batch that is the same row of them."""
        rows = self._rows(edit.iteration) if edit.symbol in DRAWN else None
        if rows is None:
            return [edit.index]
        row, column = edit.index
        return [(int(place), column) for place in np.flatnonzero(rows == rows[row])]

    def set_in(self, symbol: str, index: Index, iteration: int) -> int | None:
        """The iteration before this one in which a number of the data was set by hand last; None where it was not."""
        base, _, subset = symbol.partition("_")
        if subset == "test":
            return None
        row, column = index
        number = row if subset else self._number(row, iteration)
        found = (p.after for p in reversed(self._patches(base, iteration)) if (p.row, p.column) == (number, column))
        return next(found, None)

    def _rows(self, iteration: int) -> Rows | None:
        return self.draw.rows(iteration) if self.draw is not None else None

    def _number(self, row: int, iteration: int) -> int:
        """Which row of the data stands in a row of an iteration's batch."""
        rows = self._rows(iteration)
        return row if rows is None else int(rows[row])

    def _patches(self, symbol: str, iteration: int) -> list[Patch]:
        return [patch for patch in self.patches if patch.symbol == symbol and patch.after < iteration]

    def _data(self, symbol: str) -> Array:
        assert self.dataset is not None, "there are data to draw from"
        array: Array = getattr(self.dataset, symbol)
        return array


def _apply(patches: Iterable[Patch], array: Array, rows: Rows | None) -> None:
    for patch in patches:
        array[patch.row if rows is None else rows == patch.row, patch.column] = patch.value
