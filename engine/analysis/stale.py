"""What keeps a gradient from being the derivative of the forward pass that ran: numbers set by hand in between.

The backward pass takes every local derivative at the numbers that there are when it comes by. Where one of them was
another when the forward pass read it, or was set after it was made, the product is what it is, but no derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array
from gradstep.engine.machine.provenance import Record
from gradstep.engine.program.expression import Element, Expression, elements_of
from gradstep.engine.program.program import FORWARD_PASS, Program
from gradstep.engine.words import gradcheck as words

PROBABILITIES = 1e-9  # how far from 1 a row of targets may sum to


@dataclass(frozen=True)
class Spoiled:
    """What was set by hand in between: `of` itself, after it was made, or another number, after `of` was made with it.

    made_with: what that was then; None where it is `of` that was set.
    """

    of: Element
    element: Element
    made_with: float | None


def spoiled(record: Record, element: Element, part: Expression, of: Element) -> Spoiled | None:
    """What keeps the derivative in a part of a gradient's arithmetic from being that of the step that made `of`."""
    program = record.program
    by = program.symbols[element.symbol].of
    if not record.replaced or of.symbol == by:  # which is a sum of contributions
        return None
    forward, backward = program.writers[of.symbol], program.writers[element.symbol]
    if _was_read(record, of):
        return Spoiled(of, of, None)
    if of.symbol == program.loss and (skipped := _skipped(record, element, by)) is not None:
        return skipped
    for each in elements_of(part):
        if each.symbol in (of.symbol, *program.steps[forward].read) and _differs(record, each, forward, backward):
            return Spoiled(of, each, None if each == of else _as_read(record, each, forward))
    return None


def _was_read(record: Record, element: Element) -> bool:
    """Whether a step of the forward pass has read what an element was set to by hand."""
    users = (step.symbol for step in record.program.users(element.symbol) if step.phase in FORWARD_PASS)
    return any(record.until(element) <= record.program.writers[symbol] for symbol in users)


def _as_read(record: Record, element: Element, place: int) -> float:
    return float(record.read(element.symbol, place)[element.index])


def _differs(record: Record, element: Element, one: int, other: int) -> bool:
    """Whether the steps at two places have read different numbers."""
    return not np.array_equal(_as_read(record, element, one), _as_read(record, element, other), equal_nan=True)


def _skipped(record: Record, element: Element, by: str) -> Spoiled | None:
    """What spoils a derivative of the loss by what its output y is made of: a softmax's, row by row."""
    program = record.program
    loss, backward = program.writers[program.loss], program.writers[element.symbol]
    row = [each for each in record.by_hand if each.index[:1] == element.index[:1]]
    for step in program.users(by):
        if step.phase != "forward":
            continue
        place = program.writers[step.symbol]
        for each in row:
            if each.symbol == step.symbol and record.until(each) <= backward:
                return Spoiled(each, each, None)
            if each.symbol in step.read and _differs(record, each, place, loss):
                return Spoiled(Element(step.symbol, element.index), each, _as_read(record, each, place))
    return None


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
            sums = arrays.add_reduce(read(t, program.writers[step.symbol]), 1)
            off = int(np.argmax(arrays.rounded(np.abs(sums - 1.0))))
            if not abs(sums[off] - 1.0) <= PROBABILITIES:
                yield step.symbol, words.TARGETS_DO_NOT_SUM_TO_1.format(row=off, targets=t, sum=sums[off])
