"""One array as a table of text.

A `Grid` says what is to be seen of an array: its title, headings, the labels of its elements, what has
changed, what is selected. It knows its size in cells at once and writes its lines on demand: a line costs as
much as the columns that are in view, whatever the size of the array. Pieces of a line carry the key of a
style and no colour; which grids stand where, and what a style looks like, is left to others.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.cells import cell_len
from rich.segment import Segment

from gradstep.engine.arrays import Array, Index, Mask, Shape
from gradstep.tui.text.glyphs import MISSING, WRITTEN, printable
from gradstep.tui.text.numbers import NumberFormat, number_format

Piece = tuple[str, str]  # text and the key of its style
Labels = npt.NDArray[np.object_]
GAP = 2  # cells before each column; the brackets of a selected element are drawn inside them


@dataclass(frozen=True, eq=False)
class Grid:
    """An array of up to two dimensions as a table."""

    title: str  # the text in the corner, as the reader is to see it: "W1", "∂E/∂W1"
    shape: Shape  # () for a scalar, (n,) for a vector, drawn as one row, or (rows, columns)
    values: Array | None = None  # None while it is not computed: every cell is a dot then, never a zero
    row_headings: tuple[str, ...] | None = None  # by default the indices from 0; a vector has none
    labels: Labels | None = None  # of the elements ("w5"), "" for none; of a single row they are the column headings
    marks: Mask | None = None  # elements that have changed: a "*" follows them; None keeps no room for it
    fresh: bool | None = None  # whether it has just been written: "▸" goes before the title; None keeps no room for it
    selected: Index | None = None  # of an element in brackets: of the last column they take the cell past the edge
    digits: int = 6  # the most decimals, see `text.numbers`
    ascii: bool = False  # whether to keep to ASCII for what the grid itself adds
    key: str = ""  # whose array it is: carried by the message that an element was clicked
    missing: Mask | None = None  # elements that are not computed yet although others are; None for none
    absent: Mask | None = None  # cells that there is nothing to stand in: they stay blank; None for none

    def __post_init__(self) -> None:
        if len(self.shape) > 2:
            raise ValueError(f"grid {self.title!r}: shape {self.shape}: a grid has at most two dimensions")
        for name in ("values", "labels", "marks", "missing", "absent"):
            array = getattr(self, name)
            if array is not None and array.shape != self.shape:
                raise ValueError(f"grid {self.title!r}: {name} of shape {array.shape}, expected {self.shape}")

    # How large it is

    @cached_property
    def width(self) -> int:
        """Cells of every line."""
        return self.heading_width + self._columns * (GAP + self._column_width)

    @property
    def height(self) -> int:
        """Number of lines."""
        return self.heading_height + self._rows

    @cached_property
    def heading_width(self) -> int:
        """Cells of the title and the row headings, before the first column's gap."""
        marker = 0 if self.fresh is None else 1
        return marker + max(cell_len(printable(self.title)), 0 if self._is_one_line else self._row_heading_width)

    @property
    def heading_height(self) -> int:
        """Lines above the first row: 1, or 0 for a grid whose title and number share a line."""
        return 0 if self._is_one_line else 1

    @cached_property
    def number_format(self) -> NumberFormat | None:
        """How the elements are written; None while there are none to write."""
        return None if self.values is None else number_format(self.values, self.digits)

    # What stands where

    def line(self, y: int, left: int, right: int) -> list[Piece]:
        """The pieces that cover exactly the cells [left, right) of line `y`; blank outside of the grid."""
        if not 0 <= y < self.height:
            return crop((), left, right)
        pitch = GAP + self._column_width
        first = min(max(0, (left - self.heading_width) // pitch), self._columns)
        last = max(first, min(self._columns, -((self.heading_width - right) // pitch)))
        pieces = self._corner(y) if left < self.heading_width else []
        begin = 0 if pieces else self.heading_width + first * pitch
        row = y - self.heading_height
        if row < 0:
            for column in range(first, last):
                pieces += self._column_heading(column)
        else:
            pieces += self._cells(row, first, last)
        return crop(pieces, left - begin, right - begin)

    def cell_at(self, x: int, y: int) -> Index | None:
        """The index of the element that is drawn in cell `x` of line `y`, if one is."""
        column, inside = divmod(x - self.heading_width, GAP + self._column_width)
        row = y - self.heading_height
        if not (0 <= row < self._rows and 0 <= column < self._columns and inside >= GAP):
            return None
        return (row, column)[2 - len(self.shape) :]

    def place_of(self, index: Index) -> tuple[int, int, int]:
        """Cell, line and number of cells of the element at `index`, as `cell_at` would find it."""
        row, column = self._row_and_column(index)
        x = self.heading_width + column * (GAP + self._column_width) + GAP
        return x, row + self.heading_height, self._column_width

    # The parts of a line

    def _corner(self, y: int) -> list[Piece]:
        """The title or a row's heading, `heading_width` cells of it."""
        if y == 0:
            text, key = printable(self.title), "title"
            if self.fresh:
                text, key = WRITTEN.drawn(ascii=self.ascii) + text, "fresh"
            before = int(self.fresh is False)
        else:
            row = y - self.heading_height
            given = self.row_headings or ()
            key = "heading"
            if row < len(given):
                text, before = printable(given[row]), int(self.fresh is not None)
            else:
                text = str(row) if len(self.shape) == 2 else ""
                before = self.heading_width - len(text)
        return crop([(" " * before, "space"), (text, key)], 0, self.heading_width)

    def _column_heading(self, column: int) -> list[Piece]:
        """The gap and the heading of a column, its right edge over that of the numbers."""
        text = self._heading_labels[column] if self._heading_labels else ""
        if not text and self._columns > 1:
            text = str(column)
        after = 0 if self.marks is None else 1
        before = GAP + self._column_width - after - cell_len(text)
        return [(" " * before, "space"), (text, "heading"), (" " * after, "space")]

    def _cells(self, row: int, first: int, last: int) -> list[Piece]:
        """Gap and element of each column in [first, last), and the bracket that may follow the last."""
        labels = self._part(self.labels, row, first, last) if self._label_width else None
        marks = self._part(self.marks, row, first, last)
        chosen = self._selected_column(row)
        lead = " " * (GAP + self._column_width - self._cell_width)
        pieces: list[Piece] = []
        for place, (number, key) in enumerate(self._numbers(row, first, last)):
            is_chosen = first + place == chosen
            before = lead
            if first + place - 1 == chosen:
                pieces.append(("]", "selected"))
                before = lead[1:]
            if labels is not None:
                label = printable(str(labels[place]))
                pieces += [(before, "space"), (label, "label")]
                before = " " * (self._label_width + 1 - cell_len(label))
            if is_chosen:
                pieces += [(before[1:], "space"), ("[", "selected"), (number, "selected")]
            else:
                marked = (marks[place] if marks is not None else self.fresh) and key == "number"
                text = number.lstrip()
                before += " " * (len(number) - len(text))
                after = " " * (len(text) - len(text.rstrip()))
                pieces += [(before, "space"), (text.rstrip(), "changed" if marked else key), (after, "space")]
            if marks is not None:
                pieces.append(("*", "changed") if marks[place] else (" ", "space"))
        return [*pieces, ("]", "selected")] if last - 1 == chosen else pieces

    def _selected_column(self, row: int) -> int:
        """The column of the selected element if it is in `row`, else one that no column is next to."""
        if self.selected is not None and len(self.selected) == len(self.shape):
            selected_row, column = self._row_and_column(self.selected)
            if selected_row == row and 0 <= column < self._columns:
                return column
        return -2

    def _numbers(self, row: int, first: int, last: int) -> list[Piece]:
        """The elements of a row in [first, last) as text, each as wide as any other."""
        writing = self.number_format
        dot = MISSING.drawn(ascii=self.ascii)
        dot = f" {dot}".ljust(self._number_width) if self._is_one_line else dot.rjust(self._number_width)
        if writing is None:
            return [(dot, "missing")] * (last - first)
        numbers = self._part(self.values, row, first, last) or []
        pieces = [(writing.text(n), "number" if math.isfinite(n) else "nonfinite") for n in numbers]
        for mask, text in ((self.missing, dot), (self.absent, " " * self._number_width)):
            covered = self._part(mask, row, first, last)
            if covered is not None:
                pieces = [(text, "missing") if hidden else piece for piece, hidden in zip(pieces, covered, strict=True)]
        return pieces

    def _part(self, array: npt.NDArray[Any] | None, row: int, first: int, last: int) -> list[Any] | None:
        """Part of a row as Python values, which are much faster to write than NumPy's; None of None."""
        if array is None:
            return None
        part: list[Any] = array.reshape(self._rows, self._columns)[row, first:last].tolist()
        return part

    # Measures

    @property
    def _rows(self) -> int:
        return self.shape[0] if len(self.shape) == 2 else 1

    @property
    def _columns(self) -> int:
        return self.shape[-1] if self.shape else 1

    def _row_and_column(self, index: Index) -> tuple[int, int]:
        row, column = (0, 0, *index)[-2:]
        return row, column

    @cached_property
    def _is_one_line(self) -> bool:
        """Whether the title and the only number share a line."""
        if not self.shape:
            return True
        return self._rows == self._columns == 1 and not (self.row_headings or self._heading_labels)

    @cached_property
    def _label_width(self) -> int:
        """Cells of the widest label inside the cells, which one blank follows; 0 for no labels."""
        if self.labels is None or self._heading_labels:
            return 0
        return max((cell_len(printable(str(label))) for label in self.labels.ravel().tolist()), default=0)

    @cached_property
    def _heading_labels(self) -> tuple[str, ...]:
        """The labels that are column headings: those of a single row; a column with none has its index."""
        if self.labels is None or not self.shape or self._rows > 1 or not any(self.labels.flat):
            return ()
        return tuple(printable(str(label)) for label in self.labels.ravel().tolist())

    @cached_property
    def _row_heading_width(self) -> int:
        if len(self.shape) < 2:
            return 0
        given = self.row_headings or ()
        widest = max((cell_len(printable(name)) for name in given), default=0)
        return widest if len(given) >= self._rows else max(widest, len(str(self._rows - 1)))

    @cached_property
    def _number_width(self) -> int:
        """Cells of every number; while there are none, of what there is likely to be."""
        return self.digits + len("+0.") if self.number_format is None else self.number_format.width

    @cached_property
    def _cell_width(self) -> int:
        """Cells of an element: its label, the number, the mark."""
        label = self._label_width + 1 if self._label_width else 0
        return label + self._number_width + (0 if self.marks is None else 1)

    @cached_property
    def _column_width(self) -> int:
        """Cells of every column without its gap: the elements or the widest heading."""
        if self._is_one_line:
            return self._cell_width
        index = len(str(self._columns - 1)) if self._columns > 1 else 0
        heading = max(map(cell_len, self._heading_labels), default=0)
        if not self._heading_labels or not all(self._heading_labels):
            heading = max(heading, index)
        return max(self._cell_width, heading + (0 if self.marks is None else 1))


def crop(pieces: Iterable[Piece], left: int, right: int) -> list[Piece]:
    """Exactly the cells [left, right) of a line of pieces.

    Cells before and after the pieces are blank, and so is the half of a wide character that is cut in two.
    Neighbours of one style become one piece.
    """
    kept: list[Piece] = []

    def keep(text: str, key: str) -> None:
        if kept and kept[-1][1] == key:
            text = kept.pop()[0] + text
        kept.append((text, key))

    if left < min(0, right):
        keep(" " * (min(0, right) - left), "space")
    at = 0
    for text, key in pieces:
        if at >= right:
            break
        size = cell_len(text)
        begin, end = max(left - at, 0), min(right - at, size)
        if begin < end:
            keep(text if end - begin == size else _cut(text, begin, end), key)
        at += size
    if max(at, left) < right:
        keep(" " * (right - max(at, left)), "space")
    return kept


def _cut(text: str, begin: int, end: int) -> str:
    """The cells [begin, end) of a text."""
    if text.isascii():
        return text[begin:end]
    before, _ = Segment(text).split_cells(end)
    _, middle = before.split_cells(begin)
    return middle.text
