"""The chain rule from an element of a gradient to the loss: upstream gradients and local derivatives.

A `Link` is a gradient as the sum, over what its value goes into, of an upstream gradient and a local derivative. It
is what the backward pass has calculated with; where somebody has set a number by hand in between, that may be no
derivative of the forward pass that ran, and the link or factor says which number it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gradstep.engine.analysis.abbreviate import MOST_INNER_TERMS, MOST_TERMS, largest
from gradstep.engine.analysis.stale import Stale, stale
from gradstep.engine.machine.provenance import Provenance, origin
from gradstep.engine.program.expression import Call, Choice, Element, Expression, Number, Sum, evaluate
from gradstep.engine.program.positions import Course
from gradstep.engine.program.program import GRADIENTS

MOST_LINKS = 200  # of a chain that is written out
MOST_SEEN = 4_000  # gradients of a chain that are looked at


@dataclass(frozen=True, eq=False)
class Factor:
    """A local derivative: ∂`of`/∂`by` = expression.

    use: which operand of `of` alone is varied, where `by` is more than one of them; otherwise None.
    """

    expression: Expression
    value: float
    of: Element
    by: Element
    use: int | None = None
    stale: Stale | None = None


@dataclass(frozen=True, eq=False)
class Link:
    """One gradient of a chain: the sum of its terms. expression: set where it does not come from another gradient.

    note: why its local derivative is none of the forward pass, if it is none.
    """

    element: Element
    value: float
    expression: Expression | None
    terms: tuple[Term, ...]
    omitted: int = 0
    rest: float = 0.0
    note: str = ""
    origin: str = ""  # of what no arithmetic has made
    stale: Stale | None = None


@dataclass(frozen=True, eq=False)
class Term:
    """An upstream gradient times a local derivative (None: 1)."""

    value: float
    upstream: Link
    local: Factor | None


def chain(provenance: Provenance, course: Course, element: Element) -> Link | None:
    """The chain rule from an element of a gradient to the loss; None for what is no gradient, or was set by hand."""
    if provenance.program.symbols[element.symbol].role not in GRADIENTS or element in provenance.by_hand:
        return None
    return _Chain(provenance, course).link(element)


def stale_in(provenance: Provenance, course: Course, elements: Iterable[Element]) -> Iterator[Stale]:
    """Every stale derivative in the chains of some elements, also where it is left out when they are written."""
    chain_of, waiting = _Chain(provenance, course), deque(elements if provenance.by_hand else ())
    seen = {*waiting}
    while waiting and len(seen) <= MOST_SEEN:
        element = waiting.popleft()
        if element in provenance.by_hand:
            yield Stale(element, element, None)
            continue
        for upstream, found in chain_of.stale(element):
            if found is not None:
                yield found
            if upstream is not None and upstream not in seen:
                seen.add(upstream)
                waiting.append(upstream)


_Split = tuple[Expression, Element, Factor | None]  # a term, its upstream gradient and its local derivative


class _Chain:
    def __init__(self, provenance: Provenance, course: Course) -> None:
        self._course = course
        self._provenance = provenance
        self._program = provenance.program
        self._values = provenance.values
        self._links = 0

    def link(self, element: Element, depth: int = 0) -> Link:
        self._links += 1
        value = float(self._values[element.symbol][element.index])
        expression = self._provenance.element(element.symbol, element.index)
        if expression is None:
            return Link(element, value, None, (), origin=origin(self._provenance, self._course, element))
        note = self._note(element)
        if self._links > MOST_LINKS:
            return Link(element, value, expression, (), note=note)
        split = self._terms(element, expression)
        if split is None:
            return Link(element, value, expression, (), note=note, stale=self._stale_loss(element, expression))
        known = [(evaluate(part, self._values.__getitem__), (upstream, local)) for part, upstream, local in split]
        kept = largest([amount for amount, _ in known], MOST_TERMS if depth == 0 else MOST_INNER_TERMS)
        terms = tuple(
            Term(amount, self.link(upstream, depth + 1), local)
            for place, (amount, (upstream, local)) in enumerate(known)
            if place in kept
        )
        rest = sum(amount for place, (amount, _) in enumerate(known) if place not in kept)
        return Link(element, value, None, terms, len(known) - len(kept), float(rest), note)

    def stale(self, element: Element) -> Iterator[tuple[Element | None, Stale | None]]:
        """The upstream gradients of a gradient, and why the local derivative that each is multiplied by is stale."""
        expression = self._provenance.element(element.symbol, element.index) if self._is_gradient(element) else None
        if expression is None:
            return
        split = self._terms(element, expression)
        if split is None:
            yield None, self._stale_loss(element, expression)
            return
        for _, upstream, local in split:
            yield upstream, local.stale if local is not None else None

    def _stale_loss(self, element: Element, expression: Expression) -> Stale | None:
        """Why a derivative of the loss itself is stale; None where it is not."""
        return stale(self._provenance, element, expression, Element(self._program.loss, ()))

    def _terms(self, element: Element, expression: Expression) -> list[_Split] | None:
        """The terms of a gradient, each with its factors; None where one of them has no upstream gradient."""
        found = []
        for part in expression.terms if isinstance(expression, Sum) else (expression,):
            split = self._split(element, part)
            if split is None:
                return None
            found.append((part, *split))
        return found

    def _split(self, element: Element, part: Expression) -> tuple[Element, Factor | None] | None:
        """A term as upstream gradient and local derivative; None where it has no upstream gradient."""
        match part:
            case Element() if self._is_gradient(part):
                factor = self._factor(element, part, part, Number(1.0))
                return part, factor if self._note(element) or factor.stale else None
            case Call("multiply", (one, other)):
                for upstream, local in ((one, other), (other, one)):
                    if isinstance(upstream, Element) and self._is_gradient(upstream):
                        return upstream, self._factor(element, part, upstream, local)
                    inner = self._split(element, upstream)  # δ · a · b is (δ · a) · b
                    if inner is not None and inner[1] is not None:
                        return inner[0], self._factor(element, part, inner[0], inner[1].expression * local)
            case Call("negate", (inner_part,)):
                inner = self._split(element, inner_part)
                if inner is not None:
                    local = inner[1].expression if inner[1] is not None else Number(1.0)
                    return inner[0], self._factor(element, part, inner[0], -local)
            case Call("divide", (above, below)):
                inner = self._split(element, above)
                if inner is not None:
                    local = inner[1].expression if inner[1] is not None else Number(1.0)
                    return inner[0], self._factor(element, part, inner[0], local / below)
            case Choice(_, Number(), Element() as upstream) if self._is_gradient(upstream):
                local = Choice(part.test, Number(0.0), Number(1.0))
                return upstream, self._factor(element, part, upstream, local)
            case Choice(_, Element() as upstream, Number()) if self._is_gradient(upstream):
                local = Choice(part.test, Number(1.0), Number(0.0))
                return upstream, self._factor(element, part, upstream, local)
        return None

    def _factor(self, element: Element, part: Expression, upstream: Element, local: Expression) -> Factor:
        of = Element(self._program.symbols[upstream.symbol].of, upstream.index)
        by = Element(self._program.symbols[element.symbol].of, element.index)
        use = self._program.symbols[element.symbol].use
        flows = bool(self._values[upstream.symbol][upstream.index])  # 0 times anything is 0
        why = stale(self._provenance, element, part, of) if flows else None
        return Factor(local, evaluate(local, self._values.__getitem__), of, by, use, why)

    def _note(self, element: Element) -> str:
        return self._program.steps[self._program.writers[element.symbol]].note

    def _is_gradient(self, element: Element) -> bool:
        return self._program.symbols[element.symbol].role in GRADIENTS
