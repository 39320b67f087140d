"""What the rows and columns of an array are called, and its elements, as the arithmetic of a step names them."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len

from gradstep.engine.arrays import Index, Shape, subscript, written
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Program, Role, Step
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.pages.units import unit_names
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import step as words


@dataclass(frozen=True, eq=False)
class Naming:
    """The names of a scenario's arrays, their axes and elements, in one notation."""

    scenario: Scenario
    notation: Notation

    @property
    def program(self) -> Program:
        """The program that the names are of."""
        return self.scenario.program

    def base(self, symbol: str) -> str:
        """What a gradient, state or next value belongs to, also that of a state; of anything else, itself."""
        symbols = self.program.symbols
        while symbols[symbol].of in symbols:
            symbol = symbols[symbol].of
        return symbol

    def columns(self, symbol: str) -> tuple[str, ...]:
        """The names along the last axis of an array: units, or places from 0."""
        user = self._user(symbol)
        if user is not None:
            return unit_names(self.scenario, self.notation, user.symbol)
        return unit_names(self.scenario, self.notation, self.base(symbol))

    def rows(self, symbol: str) -> tuple[str, ...]:
        """The names along the first axis of a matrix: of weights the units that they come from, otherwise rows."""
        shape = self.program.symbols[symbol].shape
        user = self._user(symbol)
        if user is not None and len(shape) == 2:
            return unit_names(self.scenario, self.notation, user.operands[0])
        return tuple(map(str, range(shape[0]))) if len(shape) == 2 else ("",)

    def axes(self, symbol: str) -> str:
        """The shape of an array, with what its rows and columns are where that is known: 100 rows × 50 units."""
        shape, program = self.program.symbols[symbol].shape, self.program
        if not self.scenario.network.layered or not 0 < len(shape) <= 2:
            return written(shape)
        units = words.UNITS(shape[-1])
        if program.by_row(symbol):
            role = program.symbols[self.base(symbol)].role
            if role is Role.INPUT:
                units = words.INPUTS(shape[1])
            elif role in (Role.TARGET, Role.OUTPUT):
                units = words.OUTPUTS(shape[1])
            return words.AXES.format(rows=words.ROWS_OF(shape[0]), columns=units)
        if self._user(symbol) is None:
            return written(shape)
        return units if len(shape) == 1 else words.AXES.format(rows=words.INPUTS(shape[0]), columns=units)

    def _user(self, symbol: str) -> Step | None:
        """The affine step that has a parameter among its operands."""
        base = self.base(symbol)
        if self.program.symbols[base].role is not Role.PARAMETER:
            return None
        return next((s for s in self.program.users(base) if s.operation.weights is not None), None)

    def element(self, symbol: str, index: Index) -> str:
        """An element with its symbol: w5, net_h1, u1[0,3]."""
        return self.notation.element(Element(symbol, index))

    def label(self, symbol: str, index: Index) -> str:
        """The label of an element of a parameter, or of what belongs to one: w5; "" where there is none."""
        base = self.base(symbol)
        return self.notation.label(base, index) if self.program.symbols[base].role is Role.PARAMETER else ""

    def short(self, symbol: str, index: Index) -> str:
        """An element among others of its array: w5, h1, 3, [0,3]; "" for a scalar."""
        shape, label = self.program.symbols[symbol].shape, self.label(symbol, index)
        if label or not shape:
            return label
        if len(shape) == 1 or (len(shape) == 2 and shape[0] == 1):
            names = self.columns(symbol)
            return names[index[-1]] if index[-1] < len(names) else str(index[-1])
        if len(shape) == 2 and shape[1] == 1 and not self._user(symbol):
            return str(index[0])
        return subscript(index)

    def longest(self, symbol: str) -> int:
        """The most cells of an element's short name, without going through all of them."""
        shape = self.program.symbols[symbol].shape
        corners = {(0,) * len(shape), tuple(size - 1 for size in shape)}
        names = [cell_len(self.short(symbol, index)) for index in corners]
        base = self.base(symbol)
        named = self.notation.own and self.program.symbols[base].role is Role.PARAMETER
        labels = self.notation.names.labels.get(base, {}) if named else {}
        return max([*names, *(cell_len(label) for label in labels.values())])


def size_of(shape: Shape) -> int:
    """How many elements."""
    size = 1
    for each in shape:
        size *= each
    return size
