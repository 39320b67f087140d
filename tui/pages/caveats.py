"""The warnings beside arithmetic: a gradient that is none, and numbers that were set by hand after they were read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from gradstep.engine.analysis.precision import CoarseSlope, coarse_slope, exact_loss, overflows
from gradstep.engine.machine.provenance import Provenance
from gradstep.engine.program.expression import Element, Expression
from gradstep.engine.program.network import LAYERS
from gradstep.engine.program.positions import Course
from gradstep.tui.text.folding import folded
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.text.page import Line
from gradstep.tui.words import caveats as words

if TYPE_CHECKING:
    from gradstep.engine.analysis.stale import Stale  # loaded beside edits alone

MOST_SET_SINCE = 3  # elements that are named
MOST_LOOKED_AT = 100  # of an array, for what is to be said of any


def caveats(provenance: Provenance, symbol: str, notation: Notation) -> list[str]:
    """Why a gradient, or an update by it, is not what it is called: its step's own note, and what it is made of.

    Where what is no derivative in general comes to the same at these numbers, that too.
    """
    found = provenance.program.not_derivatives(symbol)
    if not found:
        return []
    from gradstep.engine.analysis.foreign import comes_out_right  # noqa: PLC0415 - only beside such steps

    right = [comes_out_right(provenance, step) for step in found]
    told = []
    for step, same in zip(found, right, strict=True):
        if step.symbol == symbol:
            told.append(words.THE_SAME_HERE.format(note=step.note) if same else step.note)
    others = [notation.symbol(step.symbol) for step in found if step.symbol != symbol]
    if others:
        note = words.MADE_OF(len(others), symbols=", ".join(others))
        told.append(words.THE_SAME_HERE.format(note=note) if all(right) else note)
    return told


def imprecise(
    provenance: Provenance, element: Element, notation: Notation, expression: Expression | None, *, whole: bool = False
) -> list[str]:
    """What float64 cannot say of an element, or, if asked for the whole, of any of its array.

    expression: its arithmetic, where it has some.
    """
    told = []
    found = coarse_slope(provenance, element.symbol, None if whole else element.index)
    if found is not None:
        told.append(_coarse(provenance, found, notation))
    if element.symbol == provenance.program.loss:
        exact = exact_loss(provenance)
        if exact is not None:
            told.append(words.BELOW_ZERO.format(exact=plain_number(exact, 9)))
    value = float(provenance.values[element.symbol][element.index])
    beyond = None if expression is None else overflows(provenance, expression, value)
    if beyond is not None:
        told.append(words.OVERFLOWS.format(found=plain_number(beyond, 9), value=plain_number(value, 9)))
    return told


def _coarse(provenance: Provenance, found: CoarseSlope, notation: Notation) -> str:
    made = next(step for step in provenance.program.users(found.u.symbol) if step.operation.name == found.kind)
    derivative = LAYERS[found.kind].derivative
    assert derivative is not None, "an activation"
    note = words.COARSE_SLOPE.format(
        derivative=f"{derivative.written}({notation.element(found.u)})",
        z=notation.element(Element(made.symbol, found.u.index)),
        end=notation.sign("1" if found.value > 0 else "−1"),
        u=notation.element(found.u),
        value=plain_number(found.value, 9),
        computed=plain_number(found.computed, 9),
        true=plain_number(found.true, 9),
        gradient=notation.element(found.element),
        right=plain_number(found.gradient, 9),
    )
    return words.COARSE_OTHERS(found.others, note=note) if found.others else note


def set_since(
    provenance: Provenance, earlier: Mapping[Element, float], course: Course, iteration: int, notation: Notation
) -> list[str]:
    """Of elements that were set by hand after they were read: what they were then."""
    if len(earlier) > MOST_SET_SINCE:
        return [words.MANY_SET_SINCE.format(count=len(earlier))]
    return [
        words.SET_SINCE.format(
            element=notation.element(element),
            value=plain_number(value, 9),
            position=notation.position(course.at(iteration, provenance.since(element))),
        )
        for element, value in earlier.items()
    ]


def set_between(provenance: Provenance, element: Element, course: Course, notation: Notation) -> list[str]:
    """Of a gradient that is not the derivative of the forward pass that ran: what was set by hand in between."""
    if not provenance.edits or element in provenance.by_hand:
        return []
    from gradstep.engine.analysis.chainrule import stale_in  # noqa: PLC0415 - only beside edits
    from gradstep.engine.analysis.stale import improbable_targets  # noqa: PLC0415

    notes = [note for _, note in improbable_targets(provenance.program, element.symbol, provenance.read)]
    stale: dict[Element, Stale] = {}
    for each in stale_in(provenance, course, [element]):
        stale.setdefault(each.element, each)
    if len(stale) > MOST_SET_SINCE:
        return [*notes, words.MANY_SET_BETWEEN.format(count=len(stale))]
    return [*notes, *(_between(provenance, each, course, notation) for each in stale.values())]


def set_between_others(provenance: Provenance, symbol: str, course: Course, notation: Notation) -> list[str]:
    """The same of the first element of an array of which there is such a thing to say."""
    shape = provenance.values[symbol].shape
    if not provenance.replaced or math.prod(shape) > MOST_LOOKED_AT:
        return []
    for index in np.ndindex(shape):
        other = Element(symbol, index)
        for note in set_between(provenance, other, course, notation):
            return [words.ALSO_OF.format(element=notation.element(other), note=note)]
    return []


def _between(provenance: Provenance, stale: Stale, course: Course, notation: Notation) -> str:
    edit = provenance.set_by(stale.element)
    assert edit is not None, "it was set by hand"
    position = course.at(edit.iteration, edit.step)
    element, of = notation.element(stale.element), notation.element(stale.of)
    if stale.made_with is None:
        return words.SET_BETWEEN.format(element=element, position=notation.position(position))
    value = plain_number(stale.made_with, 9)
    return words.MADE_WITH.format(of=of, element=element, value=value, position=notation.position(position))


def warnings(texts: Iterable[str], notation: Notation, width: int, lead: str = "") -> list[Line]:
    """Texts with the sign of a warning."""
    signed = (notation.sign(f"{lead}⚠ {text}") for text in texts)
    return [line for text in signed for line in folded(text, width, "changed", indent=len(lead) + 2)]
