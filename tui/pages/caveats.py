"""The warnings beside arithmetic: a gradient that is none, and numbers that were set by hand after they were read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from gradstep.engine.machine.provenance import Record
from gradstep.engine.program.expression import Element
from gradstep.engine.program.positions import Course
from gradstep.engine.program.program import Program
from gradstep.tui.text.folding import folded
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.text.page import Line
from gradstep.tui.words import caveats as words

if TYPE_CHECKING:
    from gradstep.engine.analysis.stale import Spoiled  # loaded beside edits alone

MOST_SET_SINCE = 3  # elements that are named
MOST_LOOKED_AT = 100  # of an array, for what is to be said of any


def caveats(program: Program, symbol: str, notation: Notation, width: int) -> list[Line]:
    """Why a gradient, or an update by it, is not what it is called: its step's own note, and what it is made of."""
    found = program.not_derivatives(symbol)
    lines = [line for step in found if step.symbol == symbol for line in warning(step.note, notation, width)]
    others = [notation.symbol(step.symbol) for step in found if step.symbol != symbol]
    if others:
        lines += warning(words.MADE_OF(len(others), symbols=", ".join(others)), notation, width)
    return lines


def set_since(
    record: Record, earlier: Mapping[Element, float], course: Course, iteration: int, notation: Notation, width: int
) -> list[Line]:
    """Of elements that were set by hand after they were read: what they were then."""
    if len(earlier) > MOST_SET_SINCE:
        return warning(words.MANY_SET_SINCE.format(count=len(earlier)), notation, width)
    return [
        line
        for element, value in earlier.items()
        for line in warning(
            words.SET_SINCE.format(
                element=notation.element(element),
                value=plain_number(value, 9),
                position=course.at(iteration, record.since(element)),
            ),
            notation,
            width,
        )
    ]


def set_between(record: Record, element: Element, course: Course, notation: Notation, width: int) -> list[Line]:
    """Of a gradient that is not the derivative of the forward pass that ran: what was set by hand in between."""
    return [line for note in _notes(record, element, course, notation) for line in warning(note, notation, width)]


def set_between_others(record: Record, element: Element, course: Course, notation: Notation, width: int) -> list[Line]:
    """The same of the first other element of its array of which there is such a thing to say."""
    shape = record.values[element.symbol].shape
    if not record.replaced or math.prod(shape) > MOST_LOOKED_AT:
        return []
    for index in np.ndindex(shape):
        other = Element(element.symbol, index)
        for note in _notes(record, other, course, notation):
            return warning(words.ALSO_OF.format(element=notation.element(other), note=note), notation, width)
    return []


def _notes(record: Record, element: Element, course: Course, notation: Notation) -> list[str]:
    if not record.edits or element in record.by_hand:
        return []
    from gradstep.engine.analysis.chainrule import spoiled_in  # noqa: PLC0415 - only beside edits
    from gradstep.engine.analysis.stale import improbable_targets  # noqa: PLC0415

    notes = [note for _, note in improbable_targets(record.program, element.symbol, record.read)]
    spoiled: dict[Element, Spoiled] = {}
    for each in spoiled_in(record, course, [element]):
        spoiled.setdefault(each.element, each)
    if len(spoiled) > MOST_SET_SINCE:
        return [*notes, words.MANY_SET_BETWEEN.format(count=len(spoiled))]
    return [*notes, *(_between(record, each, course, notation) for each in spoiled.values())]


def _between(record: Record, spoiled: Spoiled, course: Course, notation: Notation) -> str:
    edit = record.set_by(spoiled.element)
    assert edit is not None, "it was set by hand"
    position = course.at(edit.iteration, edit.step)
    element, of = notation.element(spoiled.element), notation.element(spoiled.of)
    if spoiled.made_with is None:
        return words.SET_BETWEEN.format(element=element, position=position)
    value = plain_number(spoiled.made_with, 9)
    return words.MADE_WITH.format(of=of, element=element, value=value, position=position)


def warning(text: str, notation: Notation, width: int, lead: str = "") -> list[Line]:
    """A text with the sign of a warning."""
    return folded(notation.sign(f"{lead}⚠ {text}"), width, "changed", indent=len(lead) + 2)
