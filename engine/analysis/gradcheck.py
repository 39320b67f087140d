"""Backpropagation against central differences: is what the program calls a gradient the derivative of its loss?

For an element p of a parameter (or of a graph's fixed input) the derivative is estimated from nothing but the forward
pass, on the rows that the iteration drew:

    (E(p + h) − E(p − h)) / 2h      truncated by h² E‴/6, rounded by about ε |E| / h

(Press et al., Numerical Recipes, 3rd ed., section 5.7.) That takes two forward passes an element, where
backpropagation needs one forward and one backward pass for all of them. Without a loss, E is the sum of the output's
elements. h is that of elements up to 1; of a larger one it is h |p|, or p + h would be p in the end.

Where that does not decide, h is chosen anew, as large as it can be without the loss bending sharply over it, and
differences with smaller and smaller ones are extrapolated. Two that are no further apart than rounding and truncation
may put them agree only if these are small beside the two, or beside the largest of the matrix; where they are not,
nothing can be told ("cannot be told").

Two things look like a wrong gradient and are none. What one of p ± h puts on the other side of its kink, such as a
ReLU or a maximum, has no derivative between: with all of them held on the side where they are, the two must agree
("kink"). And a loss shown with an ε has a slightly different derivative than the exact one, whose gradient the
program takes: with the exact loss the two must agree ("epsilon").
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from gradstep.engine.analysis.chainrule import stale_in
from gradstep.engine.analysis.differences import Calls, Estimate, Forward, derivative, good_step, late_edits, since
from gradstep.engine.analysis.rounding import ROUNDING, Rounding
from gradstep.engine.analysis.stale import improbable_targets
from gradstep.engine.analysis.verdicts import (
    AGREEING,
    AGREES,
    EPSILON,
    KINK,
    NOT_FINITE,
    UNTOLD,
    VERDICTS,
    WRONG,
    Cause,
    ElementCheck,
    GradientCheck,
    Kink,
    MatrixCheck,
)
from gradstep.engine.arrays import Array, Index, rounded, subscript
from gradstep.engine.data.batches import Edit
from gradstep.engine.machine.frame import Frame
from gradstep.engine.machine.provenance import Provenance
from gradstep.engine.machine.run import bound
from gradstep.engine.program.expression import Element
from gradstep.engine.program.positions import Course
from gradstep.engine.program.program import FORWARD_PASS, Phase, Program, needed_for
from gradstep.engine.progress import Progress, Pulse
from gradstep.engine.timeline.timeline import Timeline
from gradstep.engine.words import gradcheck as words

H = 1e-4
MOST = 2000  # elements
WIDEST = 0.1  # of an element, or of 1, which is more: the largest h
# Central differences with h = 1e-4 are good to some 1e-9 of themselves in an ordinary net, so 1e-8 is where they begin
# to say something. An element beyond it is not wrong yet: it is looked at again with other steps.
TOLERANCE = 1e-8
KNOWN = 1e-4  # of itself: what is known so well can be compared
SMALL = 1e-8  # of the largest of its matrix, or of what E varies by around it: as good as 0
SURE = 2.0  # times how far the two may be apart: what is further apart is wrong
LARGEST = 4  # one in so many of a sample are the largest of their matrix


@dataclass(frozen=True)
class _Given:
    """What elements are compared by.

    noise: how far rounding may move each of the gradients; loss: E itself. nothing: what is as good as 0 beside the
    largest of all gradients.
    """

    forward: Forward
    rounding: Rounding
    loss: float
    noise: Mapping[str, Array]
    nothing: float
    h: float
    tolerance: float


class _Matrix:
    """The elements of one symbol, checked one at a time."""

    def __init__(self, given: _Given, symbol: str, name: str, gradient: Array) -> None:
        self._given = given
        self._symbol = symbol
        self._gradient = gradient
        self._noise = given.noise[name]
        self._small = SMALL * _largest(gradient)
        self._bound: dict[tuple[bool, bool], Calls] = {}

    def calls(self, *, exact: bool = False, held: bool = False) -> Calls:
        """The forward pass as far as it depends on the symbol."""
        key = exact, held
        if key not in self._bound:
            self._bound[key] = self._given.forward.bound(self._symbol, exact=exact, held=held)
        return self._bound[key]

    def check(self, index: Index) -> ElementCheck:
        """The verdict on one element."""
        given, forward, symbol = self._given, self._given.forward, self._symbol
        backprop, noise = float(self._gradient[index]), float(self._noise[index])
        step = given.h * self._scale(index)
        numerical = forward.slope(self.calls(), symbol, index, step)
        found = ElementCheck(index, backprop, numerical, abs(backprop - numerical), 0.0, NOT_FINITE, given.loss / step)
        if not np.isfinite([backprop, numerical]).all():
            return replace(found, relative=self._relative(found, numerical, NOT_FINITE))
        apart = given.tolerance * max(abs(backprop), abs(numerical)) + found.error + noise
        if found.difference <= apart and self._known(backprop, numerical, found.error + noise, 0.0):
            return self._said(found, AGREES)
        if backprop == numerical == 0.0 and not forward.touches(symbol, index):
            return self._said(replace(found, error=0.0), AGREES)
        kinks = forward.reached(self.calls(), symbol, index, step) if forward.kinked else []
        far = found.difference > apart and bool(kinks)  # held kinks make the difference
        tries = [(KINK if far else AGREES, False)]
        if forward.exact is not None:  # beside a kink, the kink is what is named
            tries.append((KINK if far else EPSILON, True))
        first: ElementCheck | None = None
        for word, exact in tries:
            again = self._again(found, exact, noise)
            again = again if again.verdict != AGREES else replace(again, verdict=word)
            if again.verdict in AGREEING:
                return self._with_kinks(again, kinks)
            first = again if first is None or first.verdict == UNTOLD else first
        assert first is not None, "one at least was tried"
        return self._with_kinks(first, kinks if far else [])

    def _again(self, found: ElementCheck, exact: bool, noise: float) -> ElementCheck:
        """The verdict by other steps than the first one."""
        given, forward, symbol, index = self._given, self._given.forward, self._symbol, found.index
        calls, backprop = self.calls(exact=exact, held=True), found.backprop
        first, widest = given.h * self._scale(index), WIDEST * self._scale(index)
        step = good_step(forward, calls, symbol, index, first, max(first, widest))
        rounded_by = max(given.rounding.of_loss((symbol, index, side * step)) for side in (1.0, -1.0))
        best = derivative(partial(forward.slope, calls, symbol, index), step, rounded_by)
        if not np.isfinite([best.value, best.error]).all():
            return self._said(found, UNTOLD)
        up, down, here = forward.around(calls, symbol, index, step)[0]
        steepest = max(abs(up - here), abs(down - here)) / step  # E rises or falls from p
        small = 0.0
        if abs(backprop) <= noise:  # 0 but for rounding: beside the terms that cancel in backpropagation, or beside E
            small = SMALL * max(steepest, noise / ROUNDING)
        apart, allowed = abs(backprop - best.value), best.error + noise
        allowed += given.tolerance * max(abs(backprop), abs(best.value))
        word = UNTOLD
        if apart <= allowed and (
            self._known(backprop, best.value, best.error + noise, small)
            or (abs(backprop) <= given.nothing and not forward.touches(symbol, index))
        ):
            word = AGREES
        elif apart > SURE * allowed:
            word = WRONG
        return self._said(found, word, best)

    def _scale(self, index: Index) -> float:
        """What h is multiplied by: the size of an element larger than 1."""
        return max(1.0, abs(float(self._given.forward.values[self._symbol][index])))

    def _known(self, backprop: float, numerical: float, error: float, small: float) -> bool:
        """Whether an error is so small that a difference of two is known with it."""
        return error <= max(KNOWN * max(abs(backprop), abs(numerical)), self._small, small)

    def _said(self, found: ElementCheck, word: str, best: Estimate | None = None) -> ElementCheck:
        relative = self._relative(found, found.numerical, word)
        if best is None:
            return replace(found, verdict=word, relative=relative)
        return replace(
            found,
            verdict=word,
            relative=relative,
            error=best.error,
            refined=best.value,
            refined_relative=self._relative(found, best.value, word),
            widened=best.step > self._given.h * self._scale(found.index),
        )

    def _relative(self, found: ElementCheck, numerical: float, word: str) -> float:
        """The difference, relative to the larger of both or to what cannot be told from 0."""
        difference, larger = abs(found.backprop - numerical), max(abs(found.backprop), abs(numerical))
        if word in AGREEING:
            larger = max(larger, self._small + found.error)
        return difference / larger if difference > 0.0 and larger > 0.0 else difference

    def _with_kinks(self, found: ElementCheck, kinks: Sequence[Kink]) -> ElementCheck:
        return replace(found, kink=kinks[0], kinks=len(kinks)) if kinks and found.verdict in (KINK, WRONG) else found


def check(
    timeline: Timeline, h: float = H, progress: Progress | None = None, most: int = MOST, tolerance: float = TOLERANCE
) -> GradientCheck:
    """Compare every gradient of the cursor's iteration with central differences; the cursor stays where it is.

    What is checked is whatever an iteration starts from that has a gradient: parameters, frozen or not, a graph's
    fixed inputs, and the rows that it draws where theirs is computed. Of more than `most` elements it is a sample, the
    same each time, with the largest of each matrix in it (at least one of each, so that it may be more than `most`).
    progress: told of elements done and to do; gives False to stop. Raises ValueError for an h or tolerance that is no
    positive number, or a `most` below 1.
    """
    for name, number in (("h", h), ("tolerance", tolerance), ("most", most)):
        if not (np.isfinite(number) and number > 0):
            raise ValueError(f"{name} is {number}; a positive number is expected")
    program, iteration = timeline.program, timeline.position.iteration
    drawn = (symbol.name for symbol in program.symbols.values() if symbol.data and not symbol.rows)
    starts = ((name, program.gradient_of(name)) for name in (*program.carried, *drawn))
    gradients = {name: gradient for name, gradient in starts if gradient is not None}
    last = 1 + max(program.writers[name] for name in (program.loss, *gradients.values()))
    end = timeline.course.at(iteration, last)
    frame = timeline.restorer.computed(timeline.branch, end)
    edits = [e for e in late_edits(program, timeline.branch.owning(iteration).edits_in(iteration)) if e.step <= last]
    with np.errstate(all="ignore"):
        values = frame.at(last)
        began = time.perf_counter()
        forward = Forward(program, frame, edits, tuple(gradients))
        rounding = _rounding(program, frame, forward, edits, gradients.values())
        loss, noise = rounding.of_gradients()
        nothing = ROUNDING * max((_largest(values[gradient]) for gradient in gradients.values()), default=0.0)
        given = _Given(forward, rounding, loss, noise, nothing, h, tolerance)
        samples = _sampled({name: values[gradient] for name, gradient in gradients.items()}, most)
        planned = sum(len(sample) for sample in samples.values())
        forward.passes = 0
        pulse = Pulse(progress, planned)
        done = 0
        matrices = []
        for name, gradient in gradients.items():
            matrix = _Matrix(given, name, gradient, values[gradient])
            found: list[ElementCheck] = []
            for index in samples[name]:
                if not pulse.goes_on(done):
                    break
                found.append(matrix.check(index))
                done += 1
            if found:
                forward.run(matrix.calls())  # the buffers hold what the iteration's own value comes to again
            # NaN compares with nothing: among what is not finite the order is that of the indices.
            found.sort(key=lambda each: (VERDICTS.index(each.verdict), -np.nan_to_num(each.relative), each.index))
            wrong = [Element(gradient, element.index) for element in found if element.verdict == WRONG]
            if wrong:
                causes = _causes(timeline.provenance_at(end), timeline.course, wrong)
            else:
                causes = tuple(Cause(step.symbol, step.note) for step in program.not_derivatives(gradient))
            matrices.append(MatrixCheck(name, gradient, program.symbols[name].shape, tuple(found), causes))
        pulse.goes_on(done, now=True)
        seconds = time.perf_counter() - began
        seconds_backprop = _seconds_of_backprop(program, values)
    return GradientCheck(
        scenario=timeline.scenario.name,
        branch=timeline.branch.name,
        position=timeline.position,
        loss=program.loss,
        h=h,
        tolerance=tolerance,
        matrices=tuple(matrices),
        planned=planned,
        forward_passes=forward.passes,
        seconds=seconds,
        seconds_backprop=seconds_backprop,
        finished=done == planned,
    )


def _rounding(
    program: Program, frame: Frame, forward: Forward, edits: Sequence[Edit], gradients: Iterable[str]
) -> Rounding:
    """The forward and the backward pass from what the iteration starts from, with what was set by hand in between."""
    leaves = dict(forward.leaves)
    for step in needed_for(gradients, program.steps):
        for name in step.operands:
            place = program.writers.get(name)
            if name not in leaves and (place is None or not program.steps[place].operands):
                leaves[name] = frame.value(name, since(program, name))
    each = [replace(edit, index=index) for edit in edits for index in frame.machine.batches.places(edit)]
    return Rounding(program, leaves, each, gradients)


def _largest(array: Array) -> float:
    """The largest size of a finite element; 0 where there is none."""
    finite = np.abs(array[np.isfinite(array)])
    return float(finite.max()) if finite.size else 0.0


def _sampled(gradients: Mapping[str, Array], most: int) -> dict[str, list[Index]]:
    """Symbol → the indices to check, in order.

    Matrices share `most` evenly, and what small ones leave goes to the others. A quarter of a matrix's share are its
    largest gradients, the rest is drawn.
    """
    shares: dict[str, int] = {}
    room = most
    by_size = sorted(gradients, key=lambda name: gradients[name].size)
    for place, name in enumerate(by_size):
        shares[name] = min(gradients[name].size, max(1, room // (len(by_size) - place)))
        room -= shares[name]
    generator = np.random.default_rng(0)
    samples: dict[str, list[Index]] = {}
    for name, gradient in gradients.items():
        flat = np.arange(gradient.size)
        if shares[name] < gradient.size:
            order = np.argsort(-rounded(np.abs(gradient.reshape(-1))), kind="stable")
            largest = -(-shares[name] // LARGEST)
            drawn = generator.choice(order[largest:], shares[name] - largest, replace=False)
            flat = np.sort(np.concatenate([order[:largest], drawn]))
        samples[name] = [tuple(int(i) for i in np.unravel_index(place, gradient.shape)) for place in flat]
    return samples


def _causes(provenance: Provenance, course: Course, wrong: Sequence[Element]) -> tuple[Cause, ...]:
    """Everything on the way back to these elements of a gradient that is known to be no derivative.

    Those are steps with a note, numbers set by hand in between, and (y − t)/N behind a softmax whose targets an edit
    has made other than probabilities: it is the gradient only where each row of t sums to 1.
    """
    program, gradient = provenance.program, wrong[0].symbol
    found = [Cause(step.symbol, step.note) for step in program.leading_to(gradient, (Phase.BACKWARD,)) if step.note]
    edits = {provenance.by_hand[each.element][-1] for each in stale_in(provenance, course, wrong)}
    for edit in sorted(edits, key=lambda edit: edit.step):
        element = edit.symbol + subscript(edit.index)
        after = program.steps[edit.step - 1].symbol
        found.append(Cause(edit.symbol, words.WAS_SET.format(element=element, value=edit.value, after=after)))
    found += [Cause(at, note) for at, note in improbable_targets(program, gradient, provenance.read)]
    return tuple(found)


def _seconds_of_backprop(program: Program, values: Mapping[str, Array]) -> float:
    """One forward and one backward pass, bound as those of the check are: the best of a few."""
    buffers = dict(values)
    calls: Calls = []
    for step in program.steps:
        if step.phase in (*FORWARD_PASS, Phase.BACKWARD) and step.operands:
            buffers[step.symbol] = np.empty(program.symbols[step.symbol].shape)
            calls += bound(step, buffers)
    best = np.inf
    for _ in range(3):
        began = time.perf_counter()
        for call in calls:
            call()
        best = min(best, time.perf_counter() - began)
    return best
