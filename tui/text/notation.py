"""How symbols, formulas and one element's arithmetic are written on the screen.

A scenario's own names or the plain symbols, in mathematical signs or in ASCII: a `Notation` is that choice, and the
only place where it is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradstep.engine.arrays import Array, Index, subscript
from gradstep.engine.program.expression import Element, Expression, Named, Rest, evaluate, evaluations
from gradstep.engine.program.names import Names, Reference
from gradstep.engine.program.operation import Assignment
from gradstep.engine.program.positions import Position
from gradstep.engine.program.program import Step
from gradstep.engine.program.rendering import Style, render
from gradstep.tui.text.glyphs import plain, plain_formula
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.text.sums import NEARLY, finer, sign_between, written
from gradstep.tui.words import notation as words

# Numbers, names that no bracket of a call follows, with an index of numbers alone, and everything else.
_TOKEN = re.compile(
    r"(?P<blank>\s+)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*(?:\.\d\w*)*(?!\w|\s*\())(?P<index>\[[\d\s,]+\])?|(?P<call>[^\W\d]\w*)"
    r"|(?P<sign>\*\*2(?![\d.])|\*\*|[<>!=]=|.)"
)
_PLACE = re.compile(r"\{(\d+)\}")
# The first factor of a product, or the next behind one that is a single number: an operand, a number, or a bracket.
_LEADING = re.compile(r"(?:^|(?<=[-+−(·] )|(?<=\())(?P<factor>\{\d+\}|\d[\d.e-]*|\([^()]*\)) ∘ ")
_RAISED = re.compile(r"\{(\d+)\}(?=[²^])")  # an operand that is raised to a power
_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})(\D*)")  # w5, ∂E/∂w5, w5⁺
_IN_ASCII = re.compile(r"(dE/d)?\w+")  # what can be typed of what is shown in ASCII: dE/dw1, eta
_BINARY = {
    **{"*": " · ", "-": " − ", "+": " + ", "/": " / ", "**2": "²", "<=": " ≤ ", ">=": " ≥ "},
    **{sign: f" {sign} " for sign in ("<", ">", "==", "!=")},
    ",": ", ",
}


def by_number(labels: Sequence[str]) -> Sequence[int]:
    """The places of labels in the order of their numbers, as sources list them: w5, w6, w7; as they are if they differ
    in more than that."""
    found = [_NUMBERED.fullmatch(label) for label in labels]
    known = [match for match in found if match is not None]
    if len(known) < len(labels) or len({(match[1], match[3]) for match in known}) > 1:
        return range(len(labels))
    return sorted(range(len(labels)), key=lambda place: int(known[place][2]))


@dataclass(frozen=True, eq=False)
class Notation:
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

    def gradient(self, value: str) -> str:
        """∂E/∂W1 of W1, by the scenario's names."""
        return self.sign(self.names.gradient(self.symbol(value)))

    def position(self, position: Position) -> str:
        """A moment in the names that are shown: 1:net_o."""
        return str(position) if position.symbol is None else f"{position.iteration}:{self.symbol(position.symbol)}"

    def formula(self, step: Step | Assignment) -> str:
        """symbol = formula, over whole arrays."""
        operands = [self.symbol(name) for name in step.operands]
        shapes = self.names.program.symbols
        formula = step.operation.formula
        if any(shapes[name].shape for name in (step.symbol, *step.operands)):
            formula = _scaled(formula, [not shapes[name].shape for name in step.operands])
        else:
            formula = formula.replace("∘", "·")
        formula = plain_formula(formula) if self.ascii else formula
        # A name that is written as a quotient, such as ∂E/∂W1, would have its last part raised.
        formula = _RAISED.sub(lambda place: f"({place[0]})" if "/" in operands[int(place[1])] else place[0], formula)
        return f"{self.symbol(step.symbol)} = {formula.format(*operands)}"

    def element(self, element: Element) -> str:
        """One element, by its label where it has one and labels are wanted."""
        label = self.names.label(element.symbol, element.index) if self.own else ""
        return self.sign(label) if label else self.symbol(element.symbol) + subscript(element.index)

    def expression(self, text: str) -> str:
        """An expression as it is typed, in the names that are shown: 0.5 · (target_o1 − out_o1)²."""
        shown: list[str] = []
        after_operand = False
        for token in _TOKEN.finditer(text):
            if token["blank"]:
                continue
            sign = token["sign"]
            if sign in _BINARY:
                sign = _BINARY[sign] if after_operand else sign.replace("-", "−")
            word = token[0]
            spaced = f" {word} " if word in ("and", "or") else f"{word} " if word == "not" else ""
            shown.append(sign or spaced or self._named(token))
            after_operand = sign in (None, ")", "]", "²")
        return self.sign("".join(shown))

    def typed(self, text: str) -> str:
        """An expression as it is typed, in the names that are shown; all else as it is: E_total < 0.1."""
        return self.sign(_TOKEN.sub(lambda token: self._named(token) if token["name"] else token[0], text))

    def _named(self, token: re.Match[str]) -> str:
        """A name, with its index where it has one, as it is shown; numbers, functions and words as they are."""
        name, index = token["name"], token["index"] or ""
        if not name or name not in self.names.references:
            return token[0]
        try:
            reference = self.names.element(name + index)
        except KeyError:
            return self.symbol(self.names.resolve(name).symbol) + index
        if reference.index is None:
            return self.symbol(reference.symbol)
        return self.element(Element(reference.symbol, reference.index))

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

    def in_numbers(
        self,
        expression: Expression,
        values: Mapping[str, Array],
        digits: int,
        computed: Callable[[Expression], float] | None = None,
    ) -> str:
        """An element's arithmetic in numbers. computed: what gives the value of a part, where that is remembered."""
        return self.sign(self._in_numbers(expression, self._writing(values, digits, computed)))

    def _writing(
        self, values: Mapping[str, Array], digits: int, computed: Callable[[Expression], float] | None
    ) -> Callable[[Expression], str]:
        """How an element, or what is written by its value, is written in numbers."""
        known = computed or evaluations(values.__getitem__)

        def shown(node: Expression) -> str:
            if isinstance(node, Element):
                return written(float(values[node.symbol][node.index]), digits)
            return written(known(node) + 0.0, digits)  # + 0.0: −0 is 0

        return shown

    def _in_numbers(self, expression: Expression, shown: Callable[[Expression], str]) -> str:
        def rest(node: Rest) -> str:
            return words.REST(len(node.terms), value=shown(node))

        return render(expression, Style(shown, times=" × ", rest=rest, named=shown, read=shown))

    def numbers(
        self, expression: Expression, values: Mapping[str, Array], digits: int, value: float | None = None
    ) -> str:
        """An element's arithmetic in numbers and its result (`value`, where that is known)."""
        comes_to = evaluate(expression, values.__getitem__) if value is None else value
        sign, text = self.given(expression, values, digits, comes_to)
        result = plain_number(comes_to, digits)
        return result if text == result else f"{text} {self.sign(sign)} {result}"

    def given(
        self,
        expression: Expression,
        values: Mapping[str, Array],
        digits: int,
        value: float,
        computed: Callable[[Expression], float] | None = None,
    ) -> tuple[str, str]:
        """The sign that stands before a result with so many digits, and the arithmetic in numbers before that.

        These have as many digits as it takes to give the result; where none do, the sign says so.
        """
        result, known = plain_number(value, digits), computed or evaluations(values.__getitem__)
        first: tuple[str, str] | None = None
        for more in finer(digits):
            shown = self._writing(values, more, known)
            sign = sign_between(expression, shown, result, value, digits)
            found = sign, self.sign(self._in_numbers(expression, shown))
            if sign != NEARLY:
                return found
            first = first or found
        assert first is not None, "the digits that are wanted are tried"
        return first

    def label(self, symbol: str, index: Index) -> str:
        """The label of an element; "" where it has none or none are wanted."""
        return self.sign(self.names.label(symbol, index)) if self.own else ""


def _scaled(formula: str, single: Sequence[bool]) -> str:
    """The template with a dot behind factors that are single numbers: η · ∂E/∂W1, as against W1 ∘ W1.

    single: of each operand, whether it is one.
    """

    def dotted(found: re.Match[str]) -> str:
        alone = all(single[int(place)] for place in _PLACE.findall(found["factor"]))
        return f"{found['factor']} · " if alone else found[0]

    before = ""
    while formula != before:
        before, formula = formula, _LEADING.sub(dotted, formula)
    return formula


def as_typed(text: str, names: Names) -> str:
    """A text in names that can be typed: δ2 becomes delta2, ∂E/∂W1 dW1, W1⁺ W1_next, η learning_rate.

    Only where one symbol or element is shown so and no other; a scenario's own names stay as they are. A part of a
    gradient, dp (via q), becomes dp_from_q.
    """
    shown: dict[str, dict[Reference, str]] = {}
    for typed, reference in names.references.items():
        for text_shown in _texts_of(reference, names):
            shown.setdefault(text_shown, {}).setdefault(reference, typed)
    plain = {
        written: typed
        for written, known in shown.items()
        if written not in names.references
        for typed in (known.values() if len(known) == 1 else ())
    }
    longest_first = "|".join(re.escape(each) for each in sorted(plain, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{longest_first})(?!\w)", lambda match: plain[match[0]], text) if plain else text


def _texts_of(reference: Reference, names: Names) -> Iterator[str]:
    """The texts that a symbol or a labelled element is shown as."""
    if reference.index is not None:
        label = names.label(reference.symbol, reference.index)
        yield label
        if _IN_ASCII.fullmatch(plain(label)):
            yield plain(label)
        return
    for shown in (names.dressed(reference.symbol), names.dressed_own(reference.symbol)):
        yield shown
        if _IN_ASCII.fullmatch(plain(shown)):
            yield plain(shown)
