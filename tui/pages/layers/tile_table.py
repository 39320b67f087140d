"""The arrays of a graph as tiles side by side, with the numbers of a moment in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradstep.engine.arrays import Index
from gradstep.tui.pages.layers.line import Line
from gradstep.tui.pages.layers.model import Box
from gradstep.tui.pages.layers.paint import Paint, fitted_name
from gradstep.tui.pages.layers.setting import Setting
from gradstep.tui.pages.layers.table import Drawn, Note, Table
from gradstep.tui.pages.layers.tiles import FOLDS_APART, Page, Place, Tile, pages_of
from gradstep.tui.text.drawing import Hit
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import layers as words


@dataclass(frozen=True, eq=False)
class TileTable:
    """The page of a moment in at most `height` lines, as high as the highest page."""

    setting: Setting
    box: Box
    paint: Paint
    title: str
    height: int

    @cached_property
    def page(self) -> Page:
        """The one with what was just written."""
        pages = pages_of(self.setting, self.box, self.height)
        at = self.setting.program.writers.get(self.paint.written, 0)
        return next(page for page in pages if at <= page.last)

    def table(self) -> Table:
        """As it is drawn on demand."""
        rows = max(page.height for page in pages_of(self.setting, self.box, self.height))
        return Table(self.title, 0, rows, self._place, self._draw, self._notes)

    @property
    def _notes(self) -> Sequence[Note]:
        shown, count = len(self.page.places), len([*self.box])
        if shown == count:
            return ()
        parts = {"shown": shown, "count": count, "first": self.page.first + 1, "last": self.page.last + 1}
        told = words.ARRAYS if self.page.first < self.page.last else words.ARRAYS_OF_STEP
        briefly, signs = words.ARRAYS_BRIEFLY
        return [(told.format(**parts), briefly.format(**parts), signs.format(**parts))]

    def _place(self, symbol: str, index: Index | None) -> int | None:
        del index
        return next((place.y for place in self.page.places if place.tile.symbol == symbol), None)

    def _draw(self, first: int, last: int) -> Drawn:
        lines: list[list[Piece]] = []
        hits: list[Hit] = []
        for y in range(first, last):
            line = Line(len(lines), [], [])
            across = [each for each in self.page.places if each.y <= y < each.y + each.tile.lines]
            for place in sorted(across, key=lambda each: each.x):
                line.space(place.x - line.x)
                self._line(line, place, y - place.y)
            lines.append(line.pieces)
            hits += line.hits
        return lines, hits

    def _line(self, line: Line, place: Place, at: int) -> None:
        """The line of a tile: its name, or the rows that stand side by side in it."""
        tile, paint = place.tile, self.paint
        if tile.name:
            line.mark(paint, tile.symbol)
            self._name(line, tile, tile.name)
            line.add(*paint.space(tile.symbol, 1), 1)
            self._number(line, tile, ())
            return
        if not at:
            line.space(1)
            self._name(line, tile, tile.width - 1)
            return
        line.mark(paint, tile.symbol)
        for fold in range(tile.folds):
            row = fold * tile.per_fold + at - 1
            if row < tile.rows:
                if fold:
                    line.add(*paint.space(tile.symbol, FOLDS_APART), FOLDS_APART)
                self._row(line, tile, row)

    def _name(self, line: Line, tile: Tile, cells: int) -> None:
        name = self.paint.view.notation.symbol(tile.symbol)
        key = f"bold {self.paint.hue}" if tile.symbol == self.paint.written else "bold text"
        line.add(fitted_name(name, cells, ascii=self.paint.ascii), key, cells)

    def _row(self, line: Line, tile: Tile, row: int) -> None:
        paint, symbol = self.paint, tile.symbol
        ground = paint.ground(symbol)
        if tile.number:
            line.add(f"{row:>{tile.number}} ", f"quiet{ground}", tile.number + 1)
        shape = self.setting.program.symbols[symbol].shape
        for column in range(tile.columns):
            index = (row, column)[-len(shape) :]
            if column:
                line.add(*paint.space(symbol, 1), 1)
            if tile.label:
                label = fitted_name(paint.view.notation.label(symbol, index), tile.label, ascii=paint.ascii)
                line.add(f"{label} ", f"label{ground}", tile.label + 1)
            self._number(line, tile, index)

    def _number(self, line: Line, tile: Tile, index: Index) -> None:
        values = self.paint.moment.values.get(tile.symbol)
        value = None if values is None else float(np.asarray(values)[index])
        line.number(self.paint, tile.symbol, index, value, tile.cell)
