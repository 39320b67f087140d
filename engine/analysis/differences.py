"""The derivative of a loss by central differences: the forward pass, over and over, and what its differences come to.

A `Forward` is the forward pass of one iteration, in buffers of its own, as a function of any single element;
`derivative` takes differences with steps that the loss does not bend sharply over, and extrapolates. Which elements
are looked at, and what is said of them, is gradcheck.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.analysis.reaching import reaches
from gradstep.engine.analysis.verdicts import Kink
from gradstep.engine.arrays import Array, Index
from gradstep.engine.data.batches import Edit
from gradstep.engine.machine.frame import Frame
from gradstep.engine.machine.run import bound
from gradstep.engine.program.program import FORWARD_PASS, Program, Role, Step

# σ and softmax have poles at a distance of π from the real axis, tanh of π/2: a step that moves their inputs by no more
# than a small part of that is one over which a short series says what they do.
FAR, NEAR = 0.25, 0.05  # of what a step moves such inputs by: at most, and where a larger step is as good
TRIES = 12  # to find such a step
LEVELS = 6  # steps, each half of the one before
ENOUGH = 1e-9  # of itself: what is known so well needs no more of them

Calls = list[Callable[[], object]]
Look = Callable[[], Array]
Around = tuple[list[float], list[tuple[Array, ...]]]


class Forward:
    """The forward pass and the loss of one iteration, bound to buffers of their own, with its late edits.

    An edit holds for the steps that come after it, as in the iteration itself; an edited element that is shifted is
    shifted before and after. `passes` counts. Buffers hold the iteration's own values between two calls.
    """

    def __init__(self, program: Program, frame: Frame, edits: Sequence[Edit], checked: Sequence[str]) -> None:
        self.program = program
        self.passes = 0
        self._steps = program.leading_to(program.loss, FORWARD_PASS)
        written = {step.symbol for step in self._steps}
        leaves = {*checked, *(name for step in self._steps for name in step.operands if name not in written)}
        self.values = {name: frame.value(name, since(program, name)).copy() for name in sorted(leaves)}
        for step in self._steps:
            self.values[step.symbol] = np.empty(program.symbols[step.symbol].shape)
        mine = (edit for edit in edits if edit.symbol in self.values)
        self.edits = [replace(edit, index=index) for edit in mine for index in frame.machine.batches.places(edit)]
        before = ((edit.symbol, edit.index) for edit in self.edits if edit.symbol in leaves)
        self._restored = [(symbol, index, float(self.values[symbol][index])) for symbol, index in before]
        self._shifted: tuple[str, Index, float] = "", (), 0.0
        self.exact = self._exact_loss()
        self.kinked = [step for step in self._steps if step.operation.held is not None]
        self._held: dict[str, Calls] = {}
        self.leaves = {name: self.values[name].copy() for name in sorted(leaves)}
        self.run(self.bound(None))
        for step in self.kinked:
            assert step.operation.held is not None
            self._held[step.symbol] = list(step.operation.held(*self._arrays(step.symbol, *step.operands)))
        self._bending = [step for step in self._steps if _bends(step)]

    def _arrays(self, *names: str) -> list[Array]:
        return [self.values[name] for name in names]

    def _exact_loss(self) -> Step | None:
        """In place of a cross-entropy that is shown with ε: that of the logits."""
        loss = self.program.steps[self.program.writers[self.program.loss]]
        if loss.operation.exact is None:
            return None
        y, t = loss.operands
        logits = self.program.steps[self.program.writers[y]].operands[0]
        return Step(loss.symbol, loss.operation.exact, (logits, t), loss.phase, loss.layer)

    def bound(self, symbol: str | None, *, exact: bool = False, held: bool = False) -> Calls:
        """The calls of all steps that a symbol bears on; None: of all. In an edited iteration always all.

        held: whatever has a kink stays on its side of it.
        """
        touched = {symbol}
        calls: Calls = []
        waiting = sorted(self.edits, key=lambda edit: edit.step)
        for step in self._steps:
            while waiting and waiting[0].step <= self.program.writers[step.symbol]:
                calls.append(partial(self._edit, waiting.pop(0)))
            if symbol is not None and not self.edits and touched.isdisjoint(step.operands):
                continue
            touched.add(step.symbol)
            here = self.exact if exact and self.exact and step.symbol == self.exact.symbol else step
            calls += self._held[step.symbol] if held and step.symbol in self._held else bound(here, self.values)
        return calls

    def _edit(self, edit: Edit) -> None:
        symbol, index, shift = self._shifted
        shifted = (symbol, index) == (edit.symbol, edit.index)
        self.values[edit.symbol][edit.index] = edit.value + (shift if shifted else 0.0)

    def run(self, calls: Calls) -> float:
        """E, by these calls; without a loss the sum of the output's elements."""
        self.passes += 1
        for call in calls:
            call()
        for symbol, index, value in reversed(self._restored):
            self.values[symbol][index] = value
        return float(arrays.add_reduce(self.values[self.program.loss], None))

    def slope(self, calls: Calls, symbol: str, index: Index, step: float) -> float:
        """(E(p + step) − E(p − step)) / 2 step, of one element p of a symbol; NaN where p ± step are both p.

        Leaves behind what −step came to.
        """
        array = self.values[symbol]
        before = float(array[index])
        sides = []
        for shift in (step, -step):
            array[index] = before + shift
            self._shifted = symbol, index, shift
            sides.append(self.run(calls))
            array[index] = before
        self._shifted = "", (), 0.0
        # What lies between the two as they were rounded: 2 step but for the last bits, nothing where p is too large.
        apart = (before + step) - (before - step)
        if not apart:
            return float("nan")
        return (sides[0] - sides[1]) / apart

    def around(self, calls: Calls, symbol: str, index: Index, step: float, look: Sequence[Look] = ()) -> Around:
        """E at p + step, p − step and p, of one element p of a symbol, and what there is to look at.

        Leaves behind what p comes to.
        """
        array = self.values[symbol]
        before = float(array[index])
        losses: list[float] = []
        seen: list[list[Array]] = []
        for shift in (step, -step, 0.0):
            array[index] = before + shift
            self._shifted = symbol, index, shift
            losses.append(self.run(calls))
            seen.append([np.array(each()) for each in look])
        array[index] = before
        self._shifted = "", (), 0.0
        return losses, list(zip(*seen, strict=True))

    def moved(self, calls: Calls, symbol: str, index: Index, step: float) -> float:
        """How far p ± step moves the inputs of what bends."""
        look = [partial(self.values.__getitem__, each.operands[0]) for each in self._bending]
        _, seen = self.around(calls, symbol, index, step, look)
        sides = (np.abs(side - here).max() for up, down, here in seen for side in (up, down))
        return max(map(float, sides), default=0.0)

    def touches(self, symbol: str, index: Index) -> bool:
        """Whether anything of an element gets to E; in an edited iteration it is taken to."""
        return bool(self.edits) or reaches(self._steps, self.values, symbol, index)

    def reached(self, calls: Calls, symbol: str, index: Index, step: float) -> list[Kink]:
        """The kinks that p ± step comes across or within reach of, nearest first."""
        with_kink = [each for each in self.kinked if each.operation.kink is not None]
        look = [partial(_kink, each, self.values) for each in with_kink]
        _, seen = self.around(calls, symbol, index, step, look)
        found: list[tuple[float, Kink]] = []
        for kinked, (up, down, here) in zip(with_kink, seen, strict=True):
            change = np.maximum(np.abs(up - here), np.abs(down - here))
            near = (change > 0) & ((np.sign(up) != np.sign(down)) | (np.abs(here) <= change))
            for place in np.argwhere(near):
                at = tuple(map(int, place))
                operand = self.values[kinked.operands[0]]
                gap = not np.array_equal(here, operand)
                where = kinked.operands[0] if here.shape == operand.shape else kinked.symbol
                kink = Kink(kinked.operation.name, where, kinked.layer, at, float(here[at]), gap)
                found.append((abs(kink.value) / float(change[at]), kink))
        return [kink for _, kink in sorted(found, key=lambda each: each[0])]


def _kink(step: Step, values: Mapping[str, Array]) -> Array:
    """What is 0 at the kink of a step."""
    assert step.operation.kink is not None
    return step.operation.kink(*(values[name] for name in step.operands))


def _bends(step: Step) -> bool:
    """Whether a step's result is more than a short polynomial of its first operand."""
    own = step.operation
    return own.slope is not None or own.distribution or bool(own.distributions)


def since(program: Program, symbol: str) -> int:
    """How many steps have run when a symbol is made (or, of data and of what the iteration starts from, first read)."""
    place = program.writers.get(symbol)
    if place is not None and program.steps[place].operands:
        return place
    users = (program.writers[step.symbol] for step in program.users(symbol))
    return min(users, default=0 if place is None else place + 1)


def late_edits(program: Program, edits: Sequence[Edit]) -> list[Edit]:
    """The edits that come in between: after a value was computed, or after it was first read. Nothing reads a loss."""
    read = [edit for edit in edits if program.symbols[edit.symbol].role is not Role.LOSS]
    return [edit for edit in read if edit.step > since(program, edit.symbol)]


@dataclass(frozen=True)
class Estimate:
    """A derivative, how far truncation and rounding may have it off, and the smallest step that it was found with."""

    value: float
    error: float
    step: float


def good_step(forward: Forward, calls: Calls, symbol: str, index: Index, first: float, widest: float) -> float:
    """The largest step up to `widest` that the loss does not bend sharply over."""
    step = first
    for _ in range(TRIES):
        moved = forward.moved(calls, symbol, index, step)
        if not moved <= FAR:
            step *= max(1e-6, 0.8 * FAR / moved) if np.isfinite(moved) else 1e-6
        elif moved < NEAR and step < widest:
            step = min(widest, step * min(1e4, 0.8 * FAR / moved) if moved else widest)
        else:
            break
    return step


def derivative(slope: Callable[[float], float], step: float, rounding: float) -> Estimate:
    """The derivative of a loss that does not bend sharply over a step. rounding: how far that may move the loss.

    Ridders' method (Advances in Engineering Software 4, 1982): halving the step takes away three quarters of the
    truncation, so combining both cancels it, and so on with more of them; how far neighbouring estimates differ is
    their error, to which rounding is added.
    """
    row = [slope(step)]
    best = Estimate(row[0], float("inf"), step)
    for level in range(1, LEVELS):
        smaller = step / 2**level
        new = [slope(smaller)]
        if level == 1:
            best = Estimate(row[0], abs(new[0] - row[0]) * 4.0 / 3.0 + rounding / step, step)
        for power, previous in enumerate(row, start=1):
            factor = 4.0**power
            new.append((factor * new[-1] - previous) / (factor - 1.0))
            error = max(abs(new[-1] - new[-2]), abs(new[-1] - previous)) + 2.0 * rounding / smaller
            if error < best.error:
                best = Estimate(new[-1], error, smaller)
        row = new
        if best.error <= ENOUGH * abs(best.value) or not np.isfinite(new[0]):
            break
    return best
