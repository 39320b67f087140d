"""A line of a table, as it is put together."""

from __future__ import annotations

from dataclasses import dataclass

from gradstep.engine.arrays import Index
from gradstep.engine.program.expression import Element
from gradstep.tui.pages.layers.paint import Paint
from gradstep.tui.text.drawing import Area, Hit
from gradstep.tui.text.grid import Piece


@dataclass
class Line:
    """A line as it is written from left to right."""

    y: int
    pieces: list[Piece]
    hits: list[Hit]
    x: int = 0

    def add(self, text: str, key: str, cells: int) -> None:
        """A text of so many cells."""
        self.pieces.append((text, key))
        self.x += cells

    def number(self, paint: Paint, symbol: str, index: Index, value: float | None, cells: int) -> None:
        """A number, which a click picks."""
        self.hits.append(Hit(Area(self.x, self.y, cells, 1), Element(symbol, index)))
        self.add(*paint.number(symbol, index, value, cells), cells)

    def mark(self, paint: Paint, symbol: str) -> None:
        """The bar before what was just written."""
        self.add(*paint.mark(symbol), 1)

    def space(self, cells: int) -> None:
        """Nothing."""
        self.add(" " * cells, "space", cells)
