"""How one moment is shown in the net: its numbers with their marks, for one row of the batch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rich.cells import cell_len

from gradstep.engine.arrays import LAST_BITS, Array, Index
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Program
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.text.cells import NARROWEST, cell, missing
from gradstep.tui.text.glyphs import BAR, MISSING, READ
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import half_up

if TYPE_CHECKING:
    from gradstep.engine.analysis.health import UnitStates  # loaded once something has run

BRIEF = 7  # cells of a number on a wire: −1e−300
_LEADING = 3  # digits that count of a number on a wire, at least


@dataclass(frozen=True, eq=False)
class Look:
    """A moment and a person's choices. shown: the row of the batch, where that of the picked element is not wanted."""

    moment: Moment
    view: View
    shown: int | None = None

    @property
    def notation(self) -> Notation:
        """How names are written."""
        return self.view.notation

    @property
    def ascii(self) -> bool:
        """Whether only ASCII may be shown."""
        return self.view.notation.ascii

    @property
    def plain(self) -> bool:
        """Whether characters have to say what colours would."""
        return self.view.plain or self.ascii

    @property
    def program(self) -> Program:
        """The program of the moment."""
        return self.moment.program

    @property
    def phase(self) -> str:
        """The phase of the step that has just run, which is a colour; that of the draw at the start."""
        step = self.moment.step
        return step.phase.value if step else "draw"

    @cached_property
    def row(self) -> int:
        """The row of the batch that is shown: that of the picked element, or the first."""
        if self.shown is not None:
            return min(self.shown, self.rows - 1)
        picked = self.view.picked
        if picked is None or picked[0] not in self.program.symbols or not self.program.by_row(picked[0]):
            return 0
        return min(picked[1][0], self.rows - 1) if picked[1] else 0

    @property
    def rows(self) -> int:
        """How many rows the batch has."""
        x = self.program.symbols.get("x")
        return x.shape[0] if x is not None and x.data and len(x.shape) == 2 else 1

    @cached_property
    def still(self) -> Mapping[str, UnitStates]:
        """Pre-activations and activations → which of their units are dead or saturated for every row of the data."""
        from gradstep.engine.analysis.health import unit_states  # noqa: PLC0415 - nothing runs before the first frame

        return unit_states(self.moment)

    def array(self, symbol: str) -> Array | None:
        """The values of a symbol; None while they are not computed."""
        return self.moment.values.get(symbol)

    def vector(self, symbol: str) -> Array | None:
        """The numbers of the units, in the row that is shown."""
        array = self.array(symbol)
        if array is None or array.ndim != 2:
            return array
        row: Array = array[min(self.row, len(array) - 1)]
        return row

    def index(self, symbol: str, unit: int) -> Index:
        """The index of a unit's number."""
        shape = self.program.symbols[symbol].shape
        return (min(self.row, shape[0] - 1), unit) if len(shape) == 2 else (unit,) if shape else ()

    def touch(self, symbol: str, index: Index | None = None) -> str:
        """What the step does with a symbol: "written", "read" or "". Not with an element that was set by hand since."""
        step = self.moment.step
        if step is None or symbol not in (step.symbol, *step.read):
            return ""
        if index is not None and self.moment.provenance.since(Element(symbol, index)) >= self.moment.position.step:
            return ""
        return "written" if step.symbol == symbol else "read"

    def picked(self, symbol: str, index: Index) -> bool:
        """Whether this element is the picked one."""
        return self.view.picked == (symbol, index)

    def becomes(self, parameter: str) -> str:
        """The symbol of a parameter's next value."""
        return self.program.carried.get(parameter, "")

    # How a number is written

    def number(self, symbol: str, index: Index, width: int) -> tuple[Piece, Piece]:
        """The mark and the number of an element: width + 1 cells."""
        array = self.array(symbol)
        value = None if array is None else float(array[index])
        return self.written(value, width, self.touch(symbol, index), chosen=self.picked(symbol, index))

    def written(self, value: float | None, width: int, touch: str = "", *, chosen: bool = False) -> tuple[Piece, Piece]:
        """The mark and the number in the style of what the step does with it: width + 1 cells."""
        if value is None:
            sign = missing(width, MISSING.drawn(ascii=self.ascii))
            return (" ", "space"), (sign, "faint on chosen" if chosen else "faint")
        text = cell(value, width) if width >= NARROWEST else brief(value, width)
        front = "text" if math.isfinite(value) else "fails"
        if touch == "written":
            mark: Piece = (BAR.drawn(ascii=self.ascii), self.phase)
            key = f"bold {self.phase if front == 'text' else front} on written {self.phase}"
        elif touch == "read":
            mark = (READ.drawn(ascii=self.ascii), "quiet") if self.plain else (" ", "space")
            key = f"{front} on read"
        else:
            mark, key = (" ", "space"), front if front == "text" else "bold underline fails"
        return mark, (text, "bold text on chosen" if chosen else key)

    def name(self, symbol: str) -> str:
        """A symbol as it is read."""
        return self.notation.symbol(symbol)


def brief(value: float, width: int) -> str:
    """A number in few cells, at least `BRIEF`: three digits that count, without the zeros at the end of a round one."""
    return next((text for text in _forms(value, width) if len(text) <= width), "#" * width).ljust(width)


def _forms(value: float, width: int) -> Iterator[str]:
    """The number in fewer and fewer cells."""
    if not math.isfinite(value):
        yield " NaN" if math.isnan(value) else " inf" if value > 0 else "-inf"
        return
    if value == 0:
        yield " 0"
        return
    size = abs(value)
    decimals = width - 3 if size < 10 else width - 2 - len(f"{size:.0f}")
    if 10.0 ** (4 - width) <= size * (1 + LAST_BITS) < 10.0 ** (width - 1):
        for places in range(max(0, decimals), -1, -1):
            text = f"{half_up(value, places, significant=False): .{places}f}"
            is_round = abs(float(text) - value) <= size * LAST_BITS
            yield text.rstrip("0").rstrip(".") if "." in text and is_round else text
    for places in range(_LEADING - 1, -1, -1):
        mantissa, exponent = f"{half_up(value, places, significant=True): .{places}e}".split("e")
        yield f"{mantissa}e{int(exponent)}"


def cells_of(pieces: tuple[Piece, ...] | list[Piece]) -> int:
    """How many cells pieces take side by side."""
    return sum(cell_len(text) for text, _ in pieces)
