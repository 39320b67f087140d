"""Stale derivatives: those of numbers that were set by hand between the forward pass and the backward pass.

The backward pass takes every local derivative at the numbers that there are when it comes by. Where one of them was
another when the forward pass read it, or was set after it was made, the product is what it is, but no derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array
from gradstep.engine.machine.provenance import Provenance
from gradstep.engine.program.expression import Element, Expression, elements_of
from gradstep.engine.program.program import FORWARD_PASS, Phase, Program
from gradstep.engine.words import gradcheck as words

PROBABILITIES = 1e-9  # how far from 1 a row of targets may sum to


@dataclass(frozen=True)
class Stale:
    """Why a derivative is stale: `element` was set by hand, which is `of` itself or a number that `of` was made with.

    made_with: that number as it was then; None where it is `of` that was set.
    """

    of: Element
    element: Element
    made_with: float | None


def stale(provenance: Provenance, element: Element, part: Expression, of: Element) -> Stale | None:
    """Why the derivative of `of` in a part of a gradient's arithmetic is stale; None where it is not."""
    program = provenance.program
    by = program.symbols[element.symbol].of
    if not provenance.replaced or of.symbol == by:  # which is a sum of contributions
        return None
    if of.symbol not in program.writers:  # a step of somebody's own may read the gradient of what no step makes
        return None
    forward, backward = program.writers[of.symbol], program.writers[element.symbol]
    if _was_read(provenance, of):
        return Stale(of, of, None)
    if of.symbol == program.loss and (skipped := _skipped(provenance, element, by)) is not None:
        return skipped
    for each in elements_of(part):
        if each.symbol in (of.symbol, *program.steps[forward].read) and _differs(provenance, each, forward, backward):
            return Stale(of, each, None if each == of else _as_read(provenance, each, forward))
    return None


def _was_read(provenance: Provenance, element: Element) -> bool:
    """Whether a step of the forward pass has read what an element was set to by hand."""
    users = (step.symbol for step in provenance.program.users(element.symbol) if step.phase in FORWARD_PASS)
    return any(provenance.until(element) <= provenance.program.writers[symbol] for symbol in users)


def _as_read(provenance: Provenance, element: Element, place: int) -> float:
    return float(provenance.read(element.symbol, place)[element.index])


def _differs(provenance: Provenance, element: Element, one: int, other: int) -> bool:
    """Whether the steps at two places have read different numbers."""
    return not np.array_equal(_as_read(provenance, element, one), _as_read(provenance, element, other), equal_nan=True)


def _skipped(provenance: Provenance, element: Element, by: str) -> Stale | None:
    """Why a derivative of the loss past its output y, a softmax's, is stale: that goes row by row."""
    program = provenance.program
    loss, backward = program.writers[program.loss], program.writers[element.symbol]
    row = [each for each in provenance.by_hand if each.index[:1] == element.index[:1]]
    for step in program.users(by):
        if step.phase is not Phase.FORWARD:
            continue
        place = program.writers[step.symbol]
        for each in row:
            if each.symbol == step.symbol and provenance.until(each) <= backward:
                return Stale(each, each, None)
            if each.symbol in step.read and _differs(provenance, each, place, loss):
                return Stale(Element(step.symbol, element.index), each, _as_read(provenance, each, place))
    return None


def improbable_targets(program: Program, gradient: str, read: Callable[[str, int], Array]) -> Iterator[tuple[str, str]]:
    """The steps that a gradient is made by, or itself, that take (y − t)/N behind a softmax though a row of t does not
    sum to 1, as an edit may have left it; and that it does not. read: a symbol as the step at a place has read it.
    """
    loss = program.steps[program.writers[program.loss]]
    targets = [loss.operands[place] for place in loss.operation.distributions]
    for step in program.leading_to(gradient, (Phase.BACKWARD,)):
        for t in (name for name in targets if name in step.operands):
            sums = arrays.add_reduce(read(t, program.writers[step.symbol]), 1)
            off = int(np.argmax(arrays.rounded(np.abs(sums - 1.0))))
            if not abs(sums[off] - 1.0) <= PROBABILITIES:
                yield step.symbol, words.TARGETS_DO_NOT_SUM_TO_1.format(row=off, targets=t, sum=sums[off])
