"""How a number came about, and what it is for.

An `Explanation` is one element with the arithmetic that made it; each element in that arithmetic can be explained in
turn; `chainrule` has a gradient factor by factor. Unrolled, all of it is one expression in values of the forward
pass. Everything is made of the operations' own element arithmetic, so that every line evaluates to its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array, Index, Mask, Shape, first_index
from gradstep.engine.errors import Problem
from gradstep.engine.machine.provenance import Provenance, earlier_in, origin
from gradstep.engine.machine.run import compute
from gradstep.engine.program.expression import Call, Element, Expression, Read, elements_of, memoised, parts, rebuilt
from gradstep.engine.program.program import BACKWARD_PASS, FORWARD_PASS, GRADIENTS, Phase, Program, Role
from gradstep.engine.timeline.timeline import Timeline
from gradstep.engine.words import timeline as words

FORWARD = (Role.VALUE, Role.OUTPUT, Role.LOSS)
UPDATED = (Role.NEXT, Role.INTERMEDIATE)
MOST_LEAVES = 4_000  # of an expression that is unrolled

Values = Mapping[str, Array]


class ExplainError(Problem):
    """A number that cannot be explained: it is not computed yet, or is no single number."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """One element. expression: None where no arithmetic has made it; `origin` says then where it is from.

    factors: the elements in the expression, each once. used_by: the elements that are made of it in one step. earlier:
    the factors that were set by hand since, with their values when they were read.
    """

    element: Element
    value: float
    expression: Expression | None
    origin: str
    factors: tuple[Element, ...]
    used_by: tuple[Element, ...]
    earlier: Mapping[Element, float]

    def read(self, factor: Element, values: Values) -> float:
        """The value of a factor when it was read. values: those at the cursor."""
        return self.earlier[factor] if factor in self.earlier else float(values[factor.symbol][factor.index])


def element_at(timeline: Timeline, name: str) -> Element:
    """The element that is typed: `dW2[0,0]`, `dw5`, `E`; of a whole array, its first. KeyError, ExplainError."""
    reference = timeline.names.element(name)
    shape = timeline.program.symbols[reference.symbol].shape
    element = Element(reference.symbol, reference.index if reference.index is not None else first_index(shape))
    if reference.symbol not in timeline.values():
        raise _missing(timeline, reference.symbol)
    return element


def _missing(timeline: Timeline, symbol: str) -> ExplainError:
    """Of what has no value: it is not computed yet, or not in this iteration."""
    program, here, shown = timeline.program, timeline.position, timeline.names.dressed_own(symbol)
    if program.steps[program.writers[symbol]].phase is Phase.MEASURE and not program.measured(here.iteration):
        first = program.first_measured
        second = first + program.measure_every
        problem = words.NOT_MEASURED.format(symbol=shown, iteration=here.iteration, first=first, second=second)
        return ExplainError(problem)
    return ExplainError(words.NOT_COMPUTED_YET.format(symbol=shown, position=timeline.course.said(here)))


def explain(timeline: Timeline, element: Element) -> Explanation:
    """How an element at the cursor came about. Raises ExplainError."""
    provenance = timeline.provenance()
    if element.symbol not in provenance.values:
        raise _missing(timeline, element.symbol)
    expression = provenance.element(element.symbol, element.index)
    return Explanation(
        element,
        float(provenance.values[element.symbol][element.index]),
        expression,
        origin(provenance, timeline.course, element) if expression is None else "",
        elements_of(expression) if expression is not None else (),
        tuple(_users(provenance, element)),
        earlier_in(expression) if expression is not None and provenance.replaced else {},
    )


def _users(provenance: Provenance, element: Element) -> Iterator[Element]:
    """The elements, among those that have a value, whose arithmetic has this one in it, and with this value."""
    program = provenance.program
    marks = {element.symbol: _only(provenance.values[element.symbol].shape, element.index)}
    for step in program.users(element.symbol):
        place = program.writers[step.symbol]
        if step.symbol in provenance.values and place >= provenance.since(element):
            touched = np.argwhere(_touched(provenance, step.symbol, marks)).tolist()
            users = (Element(step.symbol, tuple(index)) for index in touched)
            yield from (user for user in users if user not in provenance.by_hand)


def reach(program: Program, symbol: str) -> tuple[Phase, ...]:
    """The phases in which it is followed what a symbol reaches."""
    role = program.symbols[symbol].role
    if role in (Role.HYPERPARAMETER, Role.STATE, Role.CARRIED):
        return (Phase.UPDATE,)
    return BACKWARD_PASS if role in GRADIENTS else FORWARD_PASS


def reached(timeline: Timeline, element: Element) -> dict[str, Mask]:
    """Everything that an element has a part in: symbol → which of its elements. Only what has a value at the cursor.

    Of a value, what it reaches in the forward pass; of a gradient, the gradients and updates that it takes part in.
    """
    provenance, program = timeline.provenance(), timeline.program
    phases, since = reach(program, element.symbol), provenance.since(element)
    marks = {element.symbol: _only(provenance.values[element.symbol].shape, element.index)}
    for place, step in enumerate(program.steps):
        here = _still_made(provenance, marks, place, element) if provenance.by_hand else marks
        if place < since or step.phase not in phases or here.keys().isdisjoint(step.operands):
            continue
        touched = _touched(provenance, step.symbol, here) if step.symbol in provenance.values else None
        if touched is not None and touched.any():
            marks[step.symbol] = touched
    del marks[element.symbol]
    found = _still_made(provenance, marks, len(program.steps), element)
    return {symbol: mask for symbol, mask in found.items() if mask.any()}


def _still_made(provenance: Provenance, marks: Mapping[str, Mask], place: int, start: Element) -> dict[str, Mask]:
    """The marks without those of elements that had been set by hand before the step at a place."""
    left = dict(marks)
    for element in provenance.by_hand:
        if element != start and element.symbol in left and provenance.until(element) <= place:
            left[element.symbol] = left[element.symbol] & ~_only(left[element.symbol].shape, element.index)
    return left


def _only(shape: Shape, index: Index) -> Mask:
    mask = np.zeros(shape, dtype=bool)
    mask[index] = True
    return mask


def _touched(provenance: Provenance, symbol: str, marks: Mapping[str, Mask]) -> Mask:
    """The elements of a symbol that marked elements of its operands get into.

    A NaN gets into everything that is made of it and into nothing else, so it is what marks; other numbers that are
    not finite must not pass for marks.
    """
    place = provenance.program.writers[symbol]
    step = provenance.program.steps[place]
    operands: dict[str, Array] = {}
    for name in step.operands:
        read = provenance.read(name, place)
        finite = np.where(np.isfinite(read), read, 1.0)
        # Some matrix products skip zeros, and with them what they are multiplied by; a ReLU stays closed at this.
        there = np.where(finite == 0.0, -1e-300, finite)
        operands[name] = np.where(marks[name], np.nan, there) if name in marks else there
    with np.errstate(all="ignore"):
        out = compute(step, operands)
    touched = np.isnan(out)
    for place in step.operation.compares:
        decides = marks.get(step.operands[place])
        if decides is not None:
            touched |= decides if decides.shape == out.shape else decides.any()
    return np.asarray(touched)


def unrolled(timeline: Timeline, element: Element) -> Expression | None:
    """The element with every intermediate number replaced by its own arithmetic; None where it has none.

    A gradient down to values of the forward pass, a value down to inputs and parameters, an update to both. Where
    that would be too long, the longest parts stay as they are.
    """
    program = timeline.program
    role = program.symbols[element.symbol].role
    opened = {*GRADIENTS, *UPDATED} if role in UPDATED else {*GRADIENTS} if role in GRADIENTS else {*FORWARD}
    provenance = timeline.provenance()
    expression = provenance.element(element.symbol, element.index)
    if expression is None:
        return None
    budget = [MOST_LEAVES]

    @memoised
    def has_gradient(node: Expression) -> bool:
        if isinstance(node, Element | Read):
            element = node if isinstance(node, Element) else node.element
            return program.symbols[element.symbol].role in GRADIENTS
        return any(map(has_gradient, parts(node)))

    @memoised
    def expand(node: Expression) -> Expression:
        match node:
            case Element(symbol, index):
                known = program.symbols[symbol]
                made = provenance.element(symbol, index) if known.role in opened and budget[0] >= 0 else None
                if made is None:
                    return node
                budget[0] -= len(elements_of(made))
                return node if budget[0] < 0 else expand(made)
            case Call("multiply", (one, other)) if has_gradient(other) and not has_gradient(one):
                # The chain is written from the loss on: upstream gradient first, local derivative after it.
                return rebuilt(Call("multiply", (other, one)), expand)
        return rebuilt(node, expand)

    return expand(expression)
