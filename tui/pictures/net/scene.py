"""A moment as a picture shows it, for one row of the batch: numbers and their names, and what the step touches."""

from __future__ import annotations

from dataclasses import dataclass

from gradstep.engine.arrays import Array, Index
from gradstep.engine.program.expression import Element
from gradstep.engine.program.network import Network
from gradstep.engine.program.program import Program
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures.net.writing import Figure, plain
from gradstep.tui.text.glyphs import printable
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import net as words


@dataclass(frozen=True, eq=False)
class Scene:
    """A moment as it is shown. row: of the batch; where there are fewer rows, the last is shown."""

    moment: Moment
    notation: Notation
    row: int

    @property
    def network(self) -> Network:
        """The network that is shown."""
        return self.moment.scenario.network

    @property
    def program(self) -> Program:
        """The program of the moment."""
        return self.moment.program

    def row_of(self, rows: int) -> int:
        """The row that is shown of something with so many."""
        return min(self.row, rows - 1)

    def value(self, symbol: str) -> Array | None:
        """The array of a symbol; None while it is not computed."""
        return self.moment.values.get(symbol)

    def latest(self, symbol: str) -> str:
        """The symbol that is shown for one: for a parameter the updated one, once that is computed."""
        becomes = self.program.carried.get(symbol, symbol)
        return becomes if becomes in self.moment.values else symbol

    def figure(self, symbol: str, index: Index, sign: str = "") -> Figure:
        """One element of a symbol."""
        array = self.value(symbol)
        value = None if array is None else float(array[index])
        lit = self.lit(symbol) if self.is_as_touched(Element(symbol, index)) else ""
        return Figure(sign, printable(self.notation.element(Element(symbol, index))), value, lit)

    def is_as_touched(self, element: Element) -> bool:
        """Whether an element is still what the step that has just run read or wrote: not set by hand since."""
        return self.moment.provenance.since(element) < max(1, self.moment.position.step)

    def set_since(self) -> list[Element]:
        """The elements drawn that were set by hand after steps had read them, which computed with other numbers."""
        provenance, program = self.moment.provenance, self.program
        return [
            each
            for each in provenance.by_hand
            if self._is_shown(each)
            and any(
                step.symbol in provenance.values and program.writers[step.symbol] < provenance.since(each)
                for step in program.users(each.symbol)
            )
        ]

    def _is_shown(self, element: Element) -> bool:
        """Whether it is in the row of the batch, or in none."""
        if not self.program.by_row(element.symbol):
            return True
        return element.index[0] == self.row_of(self.program.symbols[element.symbol].shape[0])

    def lit(self, symbol: str) -> str:
        """How the step that has just run touches a symbol: "written", "read", or "" for not at all."""
        step = self.moment.step
        if step is None or symbol not in (step.symbol, *step.read):
            return ""
        return "written" if step.symbol == symbol else "read"

    def caption(self) -> str:
        """The step that has just run."""
        step = self.moment.step
        if step is None:
            return words.BEFORE_FIRST_STEP
        return plain("▸ ", self.notation) + printable(self.notation.formula(step))

    def which_row(self) -> str:
        """Which row of the batch is shown; "" where there is one."""
        x = self.program.symbols.get("x")
        if x is None or not x.data or x.shape[0] == 1:  # a parameter may be called so
            return ""
        return words.ROW.format(row=self.row_of(x.shape[0]), rows=x.shape[0])
