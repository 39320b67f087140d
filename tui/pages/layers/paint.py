"""How numbers, marks and names look in the tables: what was just written, what was just read, what is not there yet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from rich.cells import cell_len, set_cell_size

from gradstep.engine.arrays import Index
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.text import folding
from gradstep.tui.text.cells import NARROWEST, cell, missing, whole
from gradstep.tui.text.glyphs import BAR, MISSING, READ, Mark, printable
from gradstep.tui.text.grid import Piece

WALL = Mark("│", "|")


def shortened(text: str, width: int, *, ascii: bool) -> str:
    """A text in exactly `width` cells, with its end left out where it is longer."""
    text = printable(text)
    if cell_len(text) <= width:
        return text + " " * (width - cell_len(text))
    end = "." if ascii else "…"
    return set_cell_size(text, width - 1) + end if width > 0 else ""


def fitted_name(name: str, width: int, *, ascii: bool) -> str:
    """A name in exactly `width` cells, with its middle left out where it is longer: ends tell names apart."""
    text = folding.shortened(printable(name), width, ascii=ascii)
    return text + " " * (width - cell_len(text))


@dataclass(frozen=True, eq=False)
class Paint:
    """The looks of a moment's symbols."""

    moment: Moment
    view: View

    @cached_property
    def written(self) -> str:
        """The symbol that the last step wrote; "" at the start."""
        return self.moment.step.symbol if self.moment.step else ""

    @cached_property
    def read(self) -> frozenset[str]:
        """The symbols that the last step read."""
        return frozenset(self.moment.step.read) if self.moment.step else frozenset()

    @cached_property
    def hue(self) -> str:
        """The colour of what the last step did."""
        return str(self.moment.step.phase.value) if self.moment.step else "text"

    @property
    def ascii(self) -> bool:
        """Whether to keep to ASCII."""
        return self.view.notation.ascii

    def sign(self, mark: Mark) -> str:
        """A mark as it stands on the screen."""
        return mark.drawn(ascii=self.ascii)

    def ground(self, symbol: str) -> str:
        """The end of the keys of all that belongs to a symbol's numbers."""
        if symbol == self.written:
            return f" on written {self.hue}"
        return " on read" if symbol in self.read else ""

    def mark(self, symbol: str) -> Piece:
        """The cell before the numbers of a symbol."""
        if symbol == self.written:
            return self.sign(BAR), f"bold {self.hue}{self.ground(symbol)}"
        if symbol in self.read:
            sign = self.sign(READ) if self.view.plain or self.ascii else " "
            return sign, "quiet on read"
        return " ", "space"

    def space(self, symbol: str, cells: int) -> Piece:
        """Blanks between the numbers of a symbol."""
        return " " * cells, f"text{self.ground(symbol)}"

    def key(self, symbol: str, value: float) -> str:
        """The key of a number."""
        if not math.isfinite(value):
            return f"bold fails{self.ground(symbol)}"
        if symbol == self.written:
            return f"bold {self.hue}{self.ground(symbol)}"
        return f"{'quiet' if symbol in self.moment.program.kept else 'text'}{self.ground(symbol)}"

    def number(self, symbol: str, index: Index, value: float | None, cells: int) -> Piece:
        """A number of a symbol, or the sign that it is not computed yet."""
        picked = self.view.picked == (symbol, index)
        if value is None:
            return missing(cells, self.sign(MISSING)), "faint on chosen" if picked else f"faint{self.ground(symbol)}"
        text = cell(value, cells) if cells >= NARROWEST else whole(value, cells)
        return text, "bold text on chosen" if picked else self.key(symbol, value)
