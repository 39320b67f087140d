"""The chain rule from an element of a gradient to the loss: upstream gradients and local derivatives.

A `Link` is a gradient as the sum, over what its value goes into, of an upstream gradient and a local derivative. It
is what the backward pass has calculated with; where somebody has set a number by hand in between, that may be no
derivative of the forward pass that ran, and the link or factor says which number it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.expression import Call, Choice, Element, Expression, Number, Sum, elements_of, evaluate
from engine.given import given
from engine.operation import Array
from engine.positions import Course
from engine.program import FORWARD_PASS, Program
from engine.record import Record
from engine.shortening import MOST_INNER_TERMS, MOST_TERMS, largest
from engine.words import gradcheck as words

GRADIENTS = ("gradient", "contribution")
PROBABILITIES = 1e-9  # how far from 1 a row of targets may sum to
MOST_LINKS = 200  # of a chain that is written out
MOST_SEEN = 4_000  # gradients of a chain that are looked at


@dataclass(frozen=True)
class Spoiled:
    """What was set by hand in between: `of` itself, after it was made, or another number, after `of` was made with it.

    made_with: what that was then; None where it is `of` that was set.
    """

    of: Element
    element: Element
    made_with: float | None


@dataclass(frozen=True, eq=False)
class Factor:
    """A local derivative: ∂`of`/∂`by` = expression.

    use: which operand of `of` alone is varied, where `by` is more than one of them; otherwise None. spoiled: if it is
    not the derivative of the forward pass that ran, why.
    """

    expression: Expression
    value: float
    of: Element
    by: Element
    use: int | None = None
    spoiled: Spoiled | None = None


@dataclass(frozen=True, eq=False)
class Link:
    """One gradient of a chain: the sum of its terms. expression: set where it does not come from another gradient.

    note: why its local derivative is none of the forward pass, if it is none. given: what it is, if it is given.
    spoiled: as of a factor, where there is none: it is the derivative of the loss itself.
    """

    element: Element
    value: float
    expression: Expression | None
    terms: tuple[Term, ...]
    omitted: int = 0
    rest: float = 0.0
    note: str = ""
    given: str = ""
    spoiled: Spoiled | None = None


@dataclass(frozen=True, eq=False)
class Term:
    """An upstream gradient times a local derivative (None: 1)."""

    value: float
    upstream: Link
    local: Factor | None


def chain(record: Record, course: Course, element: Element) -> Link | None:
    """The chain rule from an element of a gradient to the loss; None for what is no gradient, or was set by hand."""
    if record.program.symbols[element.symbol].role not in GRADIENTS or element in record.by_hand:
        return None
    return _Chain(record, course).link(element)


def spoiled_in(record: Record, course: Course, element: Element) -> Iterator[Spoiled]:
    """All that spoils the chain of an element, also what is left out where it is written."""
    chain_of, waiting = _Chain(record, course), [element]
    seen = {element}
    while waiting and len(seen) <= MOST_SEEN:
        for upstream, spoiled in chain_of.parts(waiting.pop(0)):
            if spoiled is not None:
                yield spoiled
            if upstream is not None and upstream not in seen:
                seen.add(upstream)
                waiting.append(upstream)


def improbable_targets(program: Program, gradient: str, read: Callable[[str, int], Array]) -> Iterator[tuple[str, str]]:
    """The steps that a gradient is made by, or itself, that take (y − t)/N behind a softmax though a row of t does not
    sum to 1, as an edit may have left it; and that it does not. read: a symbol as the step at a place has read it.
    """
    loss = program.steps[program.writers[program.loss]]
    if not loss.operation.name.startswith("cross_entropy"):
        return
    t = loss.operands[1]
    for step in program.leading_to(gradient, ("backward",)):
        if t in step.operands:
            sums = read(t, program.writers[step.symbol]).sum(axis=1)
            off = int(np.argmax(np.abs(sums - 1.0)))
            if not abs(sums[off] - 1.0) <= PROBABILITIES:
                yield step.symbol, words.TARGETS_DO_NOT_SUM_TO_1.format(row=off, targets=t, sum=sums[off])


class _Chain:
    def __init__(self, record: Record, course: Course) -> None:
        self._course = course
        self._record = record
        self._program = record.program
        self._values = record.values
        self._links = 0

    def link(self, element: Element, depth: int = 0) -> Link:
        self._links += 1
        value = float(self._values[element.symbol][element.index])
        expression = self._record.element(element.symbol, element.index)
        if expression is None:
            return Link(element, value, None, (), given=given(self._record, self._course, element))
        note = self._note(element)
        if self._links > MOST_LINKS:
            return Link(element, value, expression, (), note=note)
        parts = expression.terms if isinstance(expression, Sum) else (expression,)
        split = [self._split(element, part) for part in parts]
        if any(each is None for each in split):
            of_loss = Element(self._program.loss, ())
            return Link(element, value, expression, (), note=note, spoiled=self._spoiled(element, expression, of_loss))
        known = [(evaluate(part, self._lookup), each) for part, each in zip(parts, split, strict=True) if each]
        kept = largest([amount for amount, _ in known], MOST_TERMS if depth == 0 else MOST_INNER_TERMS)
        terms = tuple(
            Term(amount, self.link(upstream, depth + 1), local)
            for place, (amount, (upstream, local)) in enumerate(known)
            if place in kept
        )
        rest = sum(amount for place, (amount, _) in enumerate(known) if place not in kept)
        return Link(element, value, None, terms, len(known) - len(kept), float(rest), note)

    def parts(self, element: Element) -> Iterator[tuple[Element | None, Spoiled | None]]:
        """The upstream gradients of a gradient, and what spoils the local derivative that each is multiplied by."""
        if not self._is_gradient(element):
            return
        expression = self._record.element(element.symbol, element.index)
        if expression is None:
            return
        for part in expression.terms if isinstance(expression, Sum) else (expression,):
            split = self._split(element, part)
            if split is None:
                yield None, self._spoiled(element, expression, Element(self._program.loss, ()))
                return
            upstream, factor = split
            flows = bool(self._values[upstream.symbol][upstream.index])  # 0 times anything is 0
            yield upstream, factor.spoiled if factor is not None and flows else None

    def _lookup(self, symbol: str) -> Array:
        return self._values[symbol]

    def _split(self, element: Element, part: Expression) -> tuple[Element, Factor | None] | None:
        """A term as upstream gradient and local derivative; None where it has no upstream gradient."""
        match part:
            case Element() if self._is_gradient(part):
                factor = self._factor(element, part, part, Number(1.0))
                return part, factor if self._note(element) or factor.spoiled else None
            case Call("multiply", (one, other)):
                for upstream, local in ((one, other), (other, one)):
                    if isinstance(upstream, Element) and self._is_gradient(upstream):
                        return upstream, self._factor(element, part, upstream, local)
            case Choice(_, Number(), Element() as upstream) if self._is_gradient(upstream):
                local = Choice(part.test, Number(0.0), Number(1.0))
                return upstream, self._factor(element, part, upstream, local)
        return None

    def _factor(self, element: Element, part: Expression, upstream: Element, local: Expression) -> Factor:
        of = Element(self._program.symbols[upstream.symbol].of, upstream.index)
        by = Element(self._program.symbols[element.symbol].of, element.index)
        use = self._program.symbols[element.symbol].use
        return Factor(local, evaluate(local, self._lookup), of, by, use, self._spoiled(element, part, of))

    def _spoiled(self, element: Element, part: Expression, of: Element) -> Spoiled | None:
        """What keeps the derivative in a part of a gradient's arithmetic from being that of the step that made `of`."""
        record, program = self._record, self._program
        by = program.symbols[element.symbol].of
        if not record.replaced or of.symbol == by:  # which is a sum of contributions
            return None
        forward, backward = program.writers[of.symbol], program.writers[element.symbol]
        if self._was_read(of):
            return Spoiled(of, of, None)
        if of.symbol == program.loss and (skipped := self._skipped(element, by, forward)) is not None:
            return skipped
        involved = {of.symbol, *program.steps[forward].read}
        for each in elements_of(part):
            if each.symbol in involved:
                made_with, now = (record.read(each.symbol, at)[each.index] for at in (forward, backward))
                if not np.array_equal(made_with, now, equal_nan=True):
                    return Spoiled(of, each, None if each == of else float(made_with))
        return None

    def _was_read(self, element: Element) -> bool:
        """Whether a step of the forward pass has read what an element was set to by hand."""
        users = self._program.users(element.symbol)
        places = (self._program.writers[step.symbol] for step in users if step.phase in FORWARD_PASS)
        return any(self._record.until(element) <= place for place in places)

    def _skipped(self, element: Element, by: str, loss: int) -> Spoiled | None:
        """What spoils a derivative of the loss by what its output y is made of: a softmax's, row by row."""
        record, program = self._record, self._program
        for step in program.users(by):
            if step.phase != "forward":
                continue
            row, place = element.index[:1], program.writers[step.symbol]
            for each in record.by_hand:
                if each.index[:1] != row:
                    continue
                if each.symbol == step.symbol and record.until(each) <= program.writers[element.symbol]:
                    return Spoiled(each, each, None)
                made_with, now = (record.read(each.symbol, at)[each.index] for at in (place, loss))
                if each.symbol in step.read and not np.array_equal(made_with, now, equal_nan=True):
                    return Spoiled(Element(step.symbol, element.index), each, float(made_with))
        return None

    def _note(self, element: Element) -> str:
        return self._program.steps[self._program.writers[element.symbol]].note

    def _is_gradient(self, element: Element) -> bool:
        return self._program.symbols[element.symbol].role in GRADIENTS
