"""Numbers that a source prints, as they are, the computed ones beside them, and how both are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradstep.engine.arrays import Index, subscript
from gradstep.engine.program.expression import Element
from gradstep.engine.scenario.figures import Figure
from gradstep.tui.text.notation import Notation, by_number
from gradstep.tui.text.numbers import half_up


def as_printed(printed: Any) -> str:
    """One printed value: the text as it is, a number so that it is read back, a truth in lower case; "-" for none."""
    if isinstance(printed, bool):
        return "true" if printed else "false"
    return (printed or "-") if isinstance(printed, str) else repr(printed)


def as_computed(value: Any, printed: Any, *, agrees: bool) -> str:
    """The computed value beside a printed one, to two digits more than are printed.

    What agrees with a printed double is written without its last bits.
    """
    if isinstance(value, bool):
        return as_printed(value)
    if isinstance(printed, str) and printed:
        digits = sum(character.isdigit() for character in printed.lower().partition("e")[0].lstrip("+-−0."))
        shown = min(17, digits + 2)
        return f"{half_up(value, shown - 1, significant=True):.{shown}g}"
    return repr(float(f"{value:.15g}") if agrees else value)


def figure_name(figure: Figure, notation: Notation) -> str:
    """The name of a figure: the source's, a symbol or element as it is shown, or the expression in such names."""
    if figure.name and notation.own:
        return notation.sign(figure.name)
    if figure.reference is None:
        return notation.expression(figure.expectation.spelling)
    symbol, index = figure.reference.symbol, figure.reference.index
    return notation.symbol(symbol) if index is None else notation.element(Element(symbol, index))


def element_name(figure: Figure, index: Index, notation: Notation) -> str:
    """The name of one number of a figure; index () for a figure that is a single one."""
    reference = figure.reference
    if reference is not None and reference.index is None and index and not (figure.name and notation.own):
        return notation.element(Element(reference.symbol, index))
    name = figure_name(figure, notation)
    return f"({name}){subscript(index)}" if index and not name.isidentifier() else name + subscript(index)


def in_order(figure: Figure, indices: Sequence[Index], notation: Notation) -> Sequence[int]:
    """The places of a figure's numbers as they are listed: labelled ones in the order of their labels' numbers."""
    return by_number([element_name(figure, index, notation) for index in indices])
