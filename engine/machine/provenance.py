"""Where the numbers of an iteration come from: computed by a step of it, read by one, or set by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array, Index
from gradstep.engine.data.batches import Edit
from gradstep.engine.machine.run import Machine
from gradstep.engine.program.expression import Element, Expression, Read, memoised, rebuilt, walk
from gradstep.engine.program.positions import Course
from gradstep.engine.program.program import Program, Role
from gradstep.engine.words import timeline as words

# The role of a symbol that an iteration starts from → what is said of it in the first one.
_BY_ROLE = {
    Role.PARAMETER: words.WHERE_TRAINING_BEGINS,
    Role.CARRIED: words.WHERE_TRAINING_BEGINS,
    Role.STATE: words.WHERE_TRAINING_BEGINS,
    Role.HYPERPARAMETER: words.GIVEN_BY_THE_SCENARIO,
}

_DRAWN = {Role.COUNTER: words.COUNTED, Role.MASK: words.DRAWN_BY_CHANCE}

Values = Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Provenance:
    """One iteration as far as the cursor.

    values: at the cursor, by symbol. replaced: symbol → what it was before, and how many steps had run until then.
    by_hand: element → how it was set in this iteration, in that order; edits: all of them, of earlier iterations, too.
    Edits behind the cursor are not in it.
    """

    machine: Machine
    iteration: int
    values: Values
    replaced: Mapping[str, Sequence[tuple[int, Array]]]
    by_hand: Mapping[Element, Sequence[Edit]]
    edits: Sequence[Edit]

    @property
    def program(self) -> Program:
        """The program that is run."""
        return self.machine.program

    def read(self, symbol: str, place: int) -> Array:
        """A symbol as the step at a place (from 0) has read it."""
        return next((array for until, array in self.replaced.get(symbol, ()) if place < until), self.values[symbol])

    def since(self, element: Element) -> int:
        """How many steps had run when an element was last set by hand; 0 where it was not."""
        return self.by_hand[element][-1].step if element in self.by_hand else 0

    def until(self, element: Element) -> float:
        """How many steps had run when an element was first set by hand; infinity where it was not."""
        return self.by_hand[element][0].step if element in self.by_hand else np.inf

    def operands_since(self, place: int) -> dict[Element, float]:
        """Elements that the step at a place has read and that were set by hand since, with their values then."""
        operands = self.program.steps[place].read
        mine = (each for each in self.by_hand if each.symbol in operands and place < self.since(each))
        return {element: float(self.read(element.symbol, place)[element.index]) for element in mine}

    def set_by(self, element: Element) -> Edit | None:
        """The edit that an element has its value from, in this iteration or an earlier one; None where it has none."""
        if element in self.by_hand:
            return self.by_hand[element][-1]
        program, symbol = self.program, element.symbol
        if symbol in program.writers:
            step = program.writers[symbol]
            return self.machine.batches.set_by(program.symbols[symbol], element.index, self.iteration, step)
        becomes = program.carried.get(symbol, symbol)
        first = self.iteration - 1 if becomes != symbol else 1  # of what is updated, one of what it was updated to
        before = (edit for edit in reversed(self.edits) if first <= edit.iteration < self.iteration)
        return next((edit for edit in before if (edit.symbol, edit.index) == (becomes, element.index)), None)

    def element(self, symbol: str, index: Index) -> Expression | None:
        """The arithmetic of an element, with its operands as they were read; None where it was not computed here."""
        made = None if Element(symbol, index) in self.by_hand else self.program.element(symbol, index)
        if made is None or not self.replaced:
            return made
        place = self.program.writers[symbol]

        @memoised
        def as_read(node: Expression) -> Expression:
            if isinstance(node, Element) and place < self.since(node):
                return Read(node, float(self.read(node.symbol, place)[node.index]))
            return rebuilt(node, as_read)

        return as_read(made)


def earlier_in(expression: Expression) -> dict[Element, float]:
    """The elements in it that were set by hand after they were read, with their values then."""
    return {node.element: node.value for node in walk(expression) if isinstance(node, Read)}


def origin(provenance: Provenance, course: Course, element: Element) -> str:
    """Where it is from: the data, the scenario, the iteration before, or somebody's hand."""
    program, name = provenance.program, element.symbol
    drawn = name in program.writers
    edit = provenance.set_by(element)
    if edit is not None:
        position = course.at(edit.iteration, edit.step)
        if drawn and element not in provenance.by_hand:
            return words.SET_IN_DATA.format(position=position, branch=edit.fork)
        return words.SET_BY_HAND.format(position=position, branch=edit.fork)
    if drawn:
        return _DRAWN.get(program.symbols[name].role, words.NUMBER_OF_THE_DATA)
    if program.carried.get(name, name) != name and provenance.iteration > 1:
        becomes, before = program.carried[name], provenance.iteration - 1
        shown = course.names.own_name(becomes) or becomes
        return words.UPDATED_TO.format(iteration=before, position=f"{before}:{shown}")
    return _BY_ROLE.get(program.symbols[name].role, words.GIVEN)
