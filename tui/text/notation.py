"""How symbols, formulas and one element's arithmetic are written on the screen.

A scenario's own names or the plain symbols, in mathematical signs or in ASCII: a `Wording` is that choice, and the
only place where it is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gradstep.engine.arrays import Array, Index, index_text
from gradstep.engine.program.expression import Element, Expression, Named, Rest, evaluate
from gradstep.engine.program.names import Names, Reference
from gradstep.engine.program.program import Step
from gradstep.engine.program.rendering import Style, render
from gradstep.tui.text.glyphs import plain, plain_formula
from gradstep.tui.text.numbers import short
from gradstep.tui.words import explaining as words


@dataclass(frozen=True, eq=False)
class Wording:
    """own: in the scenario's names where it has some. ascii: without signs beyond ASCII."""

    names: Names
    own: bool = True
    ascii: bool = False

    def sign(self, text: str) -> str:
        """A text of ours, in ASCII where that is wanted."""
        return plain(text) if self.ascii else text

    def symbol(self, symbol: str) -> str:
        """A symbol as it is read: ∂E/∂W1, or by the scenario's name."""
        return self.sign(self.names.dressed_own(symbol) if self.own else self.names.dressed(symbol))

    def formula(self, step: Step) -> str:
        """symbol = formula, over whole arrays."""
        operands = [self.symbol(name) for name in step.operands]
        shapes = self.names.program.symbols
        formula = step.operation.formula
        if not any(shapes[name].shape for name in (step.symbol, *step.operands)):
            formula = formula.replace("∘", "·")
        formula = plain_formula(formula) if self.ascii else formula
        return f"{self.symbol(step.symbol)} = {formula.format(*operands)}"

    def element(self, element: Element) -> str:
        """One element, by its label where it has one and labels are wanted."""
        label = self.names.label(element.symbol, element.index) if self.own else ""
        return self.sign(label) if label else self.symbol(element.symbol) + index_text(element.index)

    @property
    def style(self) -> Style:
        """How an expression is written in symbols."""
        return Style(self.element, named=self.part)

    def part(self, named: Named) -> str:
        """The name of a part, marked where something of the scenario is called so, too."""
        name = named.name
        while name in self.names.references:
            name += "_"
        return name

    def arithmetic(self, expression: Expression) -> str:
        """An element's arithmetic in symbols."""
        return self.sign(render(expression, self.style))

    def in_numbers(self, expression: Expression, values: Mapping[str, Array], digits: int) -> str:
        """The same in numbers."""

        def number(element: Element) -> str:
            return short(float(values[element.symbol][element.index]), digits).removeprefix("+")

        def value(node: Expression) -> str:
            return short(evaluate(node, values.__getitem__) + 0.0, digits).removeprefix("+")  # + 0.0: −0 is 0

        def rest(node: Rest) -> str:
            return words.REST(len(node.terms), value=value(node))

        return self.sign(render(expression, Style(number, times=" × ", rest=rest, named=value, read=value)))

    def numbers(
        self, expression: Expression, values: Mapping[str, Array], digits: int, value: float | None = None
    ) -> str:
        """The same in numbers, and what it comes to (`value`, where that is known)."""
        text = self.in_numbers(expression, values, digits)
        comes_to = evaluate(expression, values.__getitem__) if value is None else value
        result = short(comes_to, digits).removeprefix("+")
        return result if text == result else f"{text} = {result}"

    def own_formula_differs(self, step: Step) -> bool:
        """Whether the scenario's names make another formula of it than the plain symbols."""
        return any(self.names.dressed(n) != self.names.dressed_own(n) for n in (step.symbol, *step.operands))

    def label(self, symbol: str, index: Index) -> str:
        """The label of an element; "" where it has none or none are wanted."""
        return self.sign(self.names.label(symbol, index)) if self.own else ""


def undressed(text: str, names: Names) -> str:
    """A typed text with the mathematical dress taken off: δ2 is delta2, ∂E/∂W1 dW1, W1⁺ W1_next, η learning_rate.

    Only where that is how one symbol or element is shown and no other; a scenario's own names stay as they are. So is a
    part of a gradient: dp (via q) is dp_from_q.
    """
    wearers: dict[str, dict[Reference, str]] = {}
    for typed, reference in names.references.items():
        for dress in _dresses(reference, names):
            wearers.setdefault(dress, {}).setdefault(reference, typed)
    plain = {
        dress: typed
        for dress, known in wearers.items()
        if dress not in names.references
        for typed in (known.values() if len(known) == 1 else ())
    }
    longest_first = "|".join(re.escape(dress) for dress in sorted(plain, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{longest_first})(?!\w)", lambda match: plain[match[0]], text) if plain else text


def _dresses(reference: Reference, names: Names) -> Iterator[str]:
    """How a symbol or a labelled element is shown."""
    if reference.index is not None:
        yield names.label(reference.symbol, reference.index)
        return
    yield names.dressed(reference.symbol)
    yield names.dressed_own(reference.symbol)
