"""The step that has just run, with all that its arithmetic is drawn of: values as it read them, names, a pick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradstep.engine.arrays import Array, Index, Shape, first_index, rounded
from gradstep.engine.program.expression import Element, Expression, evaluations
from gradstep.engine.program.program import Program, Role, Step
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.step.ink import Ink, ink_of, widths
from gradstep.tui.pages.step.names import Naming
from gradstep.tui.pages.view import View
from gradstep.tui.text.notation import Notation, by_number

Room = tuple[int, int, int, int]  # x, y, width, height
MANY = 4096  # numbers from which on they are not all sorted


@dataclass(frozen=True, eq=False)
class Scene:
    """A moment at which a step has run, as a person wants to see it. brief: without what arithmetic can do without."""

    moment: Moment
    view: View
    step: Step
    brief: bool = False

    @cached_property
    def program(self) -> Program:
        """The program that is run."""
        return self.moment.program

    @cached_property
    def naming(self) -> Naming:
        """What arrays, axes and elements are called."""
        return Naming(self.moment.scenario, self.view.notation)

    @property
    def notation(self) -> Notation:
        """How symbols are written."""
        return self.view.notation

    @cached_property
    def ink(self) -> Ink:
        """How numbers are written."""
        return ink_of(self.view, str(self.step.phase))

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Widths of numbers to try."""
        return widths(self.view)

    @property
    def shape(self) -> Shape:
        """Of the result."""
        return self.program.symbols[self.step.symbol].shape

    @cached_property
    def result(self) -> Array:
        """What the step has written."""
        return self.moment.values[self.step.symbol]

    @cached_property
    def _place(self) -> int:
        return self.moment.position.step - 1

    def read(self, symbol: str) -> Array:
        """An array as the step has read it."""
        if symbol == self.step.symbol:
            return self.result
        return self.moment.provenance.read(symbol, self._place)

    def operand(self, place: int) -> Array:
        """An operand as the step has read it."""
        return self.read(self.step.operands[place])

    def value(self, tree: Expression) -> float:
        """What a tree over operands comes to."""
        return self._evaluated(tree)

    @cached_property
    def _evaluated(self) -> Callable[[Expression], float]:
        return evaluations(self.read)

    def tree(self, index: Index) -> Expression:
        """The arithmetic of an element of the result, as one would do it."""
        operation = self.step.operation
        return (operation.by_hand or operation.element)(index, *self.program.operands(self.step))

    def constant(self, symbol: str) -> bool:
        """Whether a symbol has the same numbers in every iteration: data that is not drawn, a frozen parameter."""
        role, program = self.program.symbols[symbol].role, self.program
        if role in (Role.INPUT, Role.TARGET):
            draw = self.moment.scenario.draw
            return draw is None or draw.kind == "all"
        return program.carried.get(symbol) in (symbol, *program.kept)

    def by_hand(self, index: Index) -> bool:
        """Whether an element of the result is not what the step made, but was set by hand."""
        return Element(self.step.symbol, index) in self.moment.provenance.by_hand

    def number(self, index: Index) -> float:
        """An element of the result."""
        return float(self.result[index])

    @cached_property
    def picked(self) -> Index | None:
        """The element of the result that a person has picked, itself or as that of what it belongs to."""
        if self.view.picked is None:
            return None
        symbol, index = self.view.picked
        symbols = self.program.symbols
        base = self.naming.base(self.step.symbol)
        related = symbol in symbols and (symbol == self.step.symbol or self.naming.base(symbol) == base)
        return index if related and symbols[symbol].shape == self.shape else None

    @cached_property
    def first(self) -> Index:
        """The element whose arithmetic is shown where all are: the picked one, or the first."""
        return first_index(self.shape) if self.picked is None else self.picked

    def largest(self, count: int) -> list[Index]:
        """The elements that are shown where not all are: the picked one, then the largest by magnitude."""
        found = largest_of(self.result, count)
        if self.picked is not None:
            found = [self.picked, *(index for index in found if index != self.picked)][:count]
        return found

    def shown(self, count: int) -> list[Index]:
        """All elements of the result in their order, labelled ones in that of their numbers; of more the largest."""
        if count < self.result.size:
            return self.largest(count)
        indices: list[Index] = [tuple(index) for index in np.ndindex(*self.shape)]
        return [indices[place] for place in by_number([self.naming.label(self.step.symbol, each) for each in indices])]

    def element(self, index: Index) -> Element:
        """An element of the result, as a click on it picks it."""
        return Element(self.step.symbol, index)


def largest_of(values: Array, count: int) -> list[Index]:
    """Where the largest magnitudes are, NaN and infinities first, the first of equal ones first.

    They lie in the rows whose own largest magnitudes are the largest, so only so many rows are looked through.
    """
    rows = values.reshape(values.shape[0] if values.ndim > 1 else 1, -1)
    most = _sizes(np.maximum(rows.max(axis=1), -rows.min(axis=1)))
    chosen = np.sort(np.argsort(-most, kind="stable")[:count])
    sizes = _sizes(np.abs(rows[chosen])).ravel()
    if sizes.size > MANY:  # the first of equal ones, too: partitioning finds the least that counts
        least = np.partition(sizes, sizes.size - count)[sizes.size - count]
        places = np.flatnonzero(sizes >= least)
    else:
        places = np.arange(sizes.size)
    found = places[np.argsort(-sizes[places], kind="stable")[:count]]
    flat = chosen[found // rows.shape[1]] * rows.shape[1] + found % rows.shape[1]
    return [tuple(int(each) for each in np.unravel_index(place, values.shape)) for place in flat.tolist()]


def _sizes(magnitudes: Array) -> Array:
    """Magnitudes as they are compared: but for their last bits, what is no number before all others."""
    return rounded(np.where(np.isnan(magnitudes), np.inf, magnitudes))
