"""The origin of elements that no arithmetic of their iteration has made."""

from __future__ import annotations

from gradstep.engine.machine.provenance import Provenance
from gradstep.engine.program.expression import Element
from gradstep.engine.program.positions import Course
from gradstep.engine.program.program import Role
from gradstep.engine.words import timeline as words

# The role of a symbol that an iteration starts from → what is said of it in the first one.
_BY_ROLE = {
    Role.PARAMETER: words.WHERE_TRAINING_BEGINS,
    Role.STATE: words.WHERE_TRAINING_BEGINS,
    Role.HYPERPARAMETER: words.GIVEN_BY_THE_SCENARIO,
}


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
        return words.NUMBER_OF_THE_DATA
    if program.carried.get(name, name) != name and provenance.iteration > 1:
        return words.UPDATED_TO.format(iteration=provenance.iteration - 1)
    return _BY_ROLE.get(program.symbols[name].role, words.GIVEN)
