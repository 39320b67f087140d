"""The derivative of a loss by central differences: the forward pass, over and over, and what its differences come to.

A `Forward` is the forward pass of one iteration, in buffers of its own, as a function of any single element;
`settled` halves the step and extrapolates until the difference is known well enough to be compared with a gradient.
Which elements are looked at, and what is said of them, is gradcheck.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.analysis.verdicts import Kink
from gradstep.engine.arrays import Array, Index
from gradstep.engine.data.batches import Edit
from gradstep.engine.machine.frame import Frame
from gradstep.engine.machine.run import bound, compute
from gradstep.engine.program.program import FORWARD_PASS, Program, Role, Step

# E is off by at most a few ε times the size of what went into it, at either end of the difference.
ROUNDING = 8 * float(np.finfo(np.float64).eps)
HIDDEN = 1e-5  # of a gradient: what differs by more is not the same, whatever rounding allows for
HALVINGS = 12  # of h, for elements in whose surroundings the loss bends sharply
SETTLED = 1e-5  # of itself: an extrapolated difference that is known so well can be compared

Calls = list[Callable[[], object]]


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
        self.values = {name: frame.value(name, _since(program, name)).copy() for name in sorted(leaves)}
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
        self._here = self.run(self.bound(None))
        self.bend = 0.0  # E″ by the element that `slope` was last asked for
        for step in self.kinked:
            assert step.operation.held is not None
            self._held[step.symbol] = list(step.operation.held(self.values[step.symbol], self.values[step.operands[0]]))

    def _exact_loss(self) -> Step | None:
        """In place of a cross-entropy that is shown with ε: that of the logits."""
        loss = self.program.steps[self.program.writers[self.program.loss]]
        if loss.operation.exact is None:
            return None
        y, t = loss.operands
        logits = self.program.steps[self.program.writers[y]].operands[0]
        return Step(loss.symbol, loss.operation.exact, (logits, t), loss.phase, loss.layer)

    def bound(self, symbol: str | None, *, exact: bool = False, held: bool = False) -> Calls:
        """The calls of all steps that a symbol bears on; None: of all. In an edited iteration always all."""
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
        self.bend = (sides[0] - 2.0 * self._here + sides[1]) / (0.5 * apart) / (0.5 * apart)
        return (sides[0] - sides[1]) / apart

    def reached(self, calls: Calls, symbol: str, index: Index, step: float) -> list[Kink]:
        """The kinks that p ± step comes across or within reach of, nearest first; leaves behind what p comes to."""
        array = self.values[symbol]
        before = float(array[index])
        seen: list[list[Array]] = []
        for shift in (step, -step, 0.0):
            array[index] = before + shift
            self._shifted = symbol, index, shift
            self.run(calls)
            seen.append([self.values[kinked.operands[0]].copy() for kinked in self.kinked])
        array[index] = before
        self._shifted = "", (), 0.0
        found: list[tuple[float, Kink]] = []
        for kinked, up, down, here in zip(self.kinked, *seen, strict=True):
            change = np.maximum(np.abs(up - here), np.abs(down - here))
            near = (change > 0) & ((np.sign(up) != np.sign(down)) | (np.abs(here) <= change))
            for place in np.argwhere(near):
                at = tuple(map(int, place))
                kink = Kink(kinked.operation.name, kinked.operands[0], kinked.layer, at, float(here[at]))
                found.append((abs(kink.value) / float(change[at]), kink))
        return [kink for _, kink in sorted(found, key=lambda each: each[0])]


def _since(program: Program, symbol: str) -> int:
    """How many steps have run when a symbol is made (or, of data and of what the iteration starts from, first read)."""
    place = program.writers.get(symbol)
    if place is not None and program.steps[place].operands:
        return place
    users = (program.writers[step.symbol] for step in program.users(symbol))
    return min(users, default=0 if place is None else place + 1)


def late_edits(program: Program, edits: Sequence[Edit]) -> list[Edit]:
    """The edits that come in between: after a value was computed, or after it was first read. Nothing reads a loss."""
    read = [edit for edit in edits if program.symbols[edit.symbol].role is not Role.LOSS]
    return [edit for edit in read if edit.step > _since(program, edit.symbol)]


def size_of_rounding(forward: Forward, frame: Frame) -> tuple[float, float]:
    """E is off by about ε times the first number, |E| plus Σ |v| |∂E/∂v| over all values v on the way.

    The second is the largest |v|. v and E are those of the forward pass that is repeated, and count with the size of
    what was summed to make them. The gradients are those in question, as their steps made them; it is their order of
    magnitude that matters. A cross-entropy takes logarithms near 1, which are off by ε itself.
    """
    program, values = forward.program, forward.values
    size = float(arrays.add_reduce(np.abs(values[program.loss]), None))
    most = 0.0
    for step in program.leading_to(program.loss, FORWARD_PASS):
        if step.operation.distributions:
            size += 1.0
        if step.symbol == program.loss:
            continue
        out = np.asarray(np.abs(values[step.symbol]))
        if step.operation.adds:
            out = compute(step, {name: np.asarray(np.abs(values[name])) for name in step.operands})
        most = max(most, float(out.max(initial=0.0)))
        gradient = program.gradient_of(step.symbol)
        if gradient is not None and program.writers[gradient] < frame.computed:
            size += float(arrays.add_reduce(out * np.abs(frame.made(gradient)), None))
    return size, most


@dataclass(frozen=True)
class Limits:
    """How far apart the two may be.

    small: as good as 0 in this matrix; smallest: so it is among all gradients; size: what ε is multiplied by; most:
    the largest value on the way to E. noise: of backpropagation and of any difference.
    """

    tolerance: float
    small: float
    smallest: float
    size: float
    most: float
    noise: float = 0.0

    def bent(self, bend: float, step: float) -> Limits:
        """The same for an element by which the second derivative of E comes to `bend`, measured with this step.

        Where outputs meet their targets, E is about ½ r² with r ≈ 0, and r is off by ε of what is subtracted there. So
        is the gradient r ∂r/∂p, by ε times that and ∂r/∂p ≈ √E″, however small r is.
        """
        known = abs(bend) - 4.0 * ROUNDING * self.size / step / step  # the rest is rounding
        return replace(self, noise=ROUNDING * self.most * float(np.sqrt(known))) if known > 0 else self

    def rounding(self, step: float) -> float:
        """Of a central difference with this step."""
        return ROUNDING * self.size / step + self.noise

    def allowed(self, backprop: float, numerical: float, step: float) -> float:
        """By rounding, and by what of truncation need not be looked into."""
        return self.tolerance * max(abs(backprop), abs(numerical), self.small) + self.rounding(step)

    def lost(self, backprop: float, numerical: float) -> bool:
        """Whether two that are allowed to be so far apart are so by rounding alone, which hides what they are."""
        larger = max(abs(backprop), abs(numerical))
        as_good_as_equal = max(self.tolerance * self.small, HIDDEN * max(larger, self.smallest))
        return larger > self.noise and abs(backprop - numerical) > as_good_as_equal

    def relative(self, backprop: float, numerical: float, step: float) -> float:
        """The difference, relative to the larger of both or to what cannot be told from 0."""
        difference, larger = abs(backprop - numerical), max(abs(backprop), abs(numerical))
        if not self.lost(backprop, numerical):
            larger = max(larger, self.small + self.rounding(step))
        return difference / larger if difference else 0.0


@dataclass(frozen=True)
class Estimate:
    """The best estimate of a derivative, the smallest step it is made with, and whether backprop agrees with it."""

    value: float
    step: float
    agrees: bool


def settled(slope: Callable[[float], float], backprop: float, step: float, limits: Limits) -> Estimate:
    """Whether a smooth loss has this derivative, and the best estimate of it.

    Ridders' method (Advances in Engineering Software 4, 1982): halving h takes away three quarters of the truncation,
    so combining both cancels it, and so on with more of them; how far neighbouring estimates differ is their error,
    rounding included. With two of them it is Richardson's extrapolation, which decides nearly always.
    """
    row = [slope(step)]
    best, error, width = row[0], np.inf, step
    if abs(backprop - best) <= limits.allowed(backprop, best, step):
        return Estimate(best, step, agrees=True)
    for halving in range(1, HALVINGS + 1):
        smaller = step / 2**halving
        new = [slope(smaller)]
        for power, previous in enumerate(row, start=1):
            factor = 4.0**power
            new.append((factor * new[-1] - previous) / (factor - 1.0))
            apart = max(abs(new[-1] - new[-2]), abs(new[-1] - previous))
            if apart < error:
                best, error, width = new[-1], apart, smaller
        row = new
        if not np.isfinite(new[0]):
            return Estimate(float("nan"), smaller, agrees=False)
        difference = abs(backprop - best)
        known = error <= SETTLED * max(abs(backprop), abs(best)) + limits.rounding(width)
        if known and difference <= limits.allowed(backprop, best, width) + error:
            return Estimate(best, width, agrees=True)
        if known and halving > 1 and error <= difference / 10:
            # A loss that is flat at p ± h and p ± h/2 and steep between them would look the same.
            last = step / 2**HALVINGS
            if abs(slope(last) - best) <= difference / 10 + limits.rounding(last):
                return Estimate(best, width, agrees=False)
    # Where rounding leaves nothing better, the estimate's own error is what can be told.
    return Estimate(best, width, agrees=abs(backprop - best) <= limits.allowed(backprop, best, width) + error)
