"""Backpropagation against central differences: is what the program calls a gradient the derivative of its loss?

For an element p of a parameter (or of a graph's fixed input) the derivative is estimated from nothing but the forward
pass, on the rows that the iteration drew:

    (E(p + h) − E(p − h)) / 2h      truncated by h² E‴/6, rounded by about ε |E| / h

(Press et al., Numerical Recipes, 3rd ed., section 5.7.) That takes two forward passes an element, where
backpropagation needs one forward and one backward pass for all of them. Without a loss, E is the sum of the output's
elements. h is that of elements up to 1; of a larger one it is h |p|, or p + h would be p in the end.

Where E is so large beside a gradient that its rounding hides it, h is made larger; where that does not help, nothing
can be told ("lost in rounding").

Two things look like a wrong gradient and are none. A ReLU or step that one of p ± h puts on the other side of its kink
has no derivative between: with all of them held on the side where they are, the two must agree ("kink"). And a loss
shown with an ε has a slightly different derivative than the exact one, whose gradient the program takes: with the
exact loss the two must agree ("epsilon").
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from gradstep.engine.analysis.chainrule import stale_in
from gradstep.engine.analysis.differences import Calls, Estimate, Forward, Limits, late_edits, settled, size_of_rounding
from gradstep.engine.analysis.stale import improbable_targets
from gradstep.engine.analysis.verdicts import (
    AGREES,
    EPSILON,
    KINK,
    LOST,
    NOT_FINITE,
    VERDICTS,
    WRONG,
    Cause,
    ElementCheck,
    GradientCheck,
    Kink,
    MatrixCheck,
)
from gradstep.engine.arrays import Array, Index, rounded, subscript
from gradstep.engine.machine.provenance import Provenance
from gradstep.engine.machine.run import bound
from gradstep.engine.program.expression import Element
from gradstep.engine.program.positions import Course
from gradstep.engine.program.program import FORWARD_PASS, Phase, Program, Role
from gradstep.engine.progress import Progress, Pulse
from gradstep.engine.timeline.timeline import Timeline
from gradstep.engine.words import gradcheck as words

H = 1e-4
MOST = 2000  # elements
WIDER = (1e1, 1e2, 1e3, 1e4)  # times h, for elements that E's rounding hides
WIDEST = 0.1  # of an element, or of 1, which is more
# Central differences with h = 1e-4 are good to some 1e-9 of themselves in an ordinary net, so 1e-8 is where they begin
# to say something. An element beyond it is not wrong yet: it is looked at again with smaller steps.
TOLERANCE = 1e-8
# Next to the largest element of its matrix, one of 1e-8 of that is nothing: backpropagation rounds, too.
SMALL = 1e-8
LARGEST = 4  # one in so many of a sample are the largest of their matrix


class _Matrix:
    """The elements of one symbol, checked one at a time."""

    def __init__(self, forward: Forward, symbol: str, gradient: Array, limits: Limits, h: float) -> None:
        self._forward = forward
        self._symbol = symbol
        self._gradient = gradient
        self._limits = limits
        self._h = h
        self._bound: dict[tuple[bool, bool], Calls] = {}

    def calls(self, *, exact: bool = False, held: bool = False) -> Calls:
        """The forward pass as far as it depends on the symbol."""
        key = exact, held
        if key not in self._bound:
            self._bound[key] = self._forward.bound(self._symbol, exact=exact, held=held)
        return self._bound[key]

    def check(self, index: Index) -> ElementCheck:
        """The verdict on one element."""
        forward, symbol = self._forward, self._symbol
        backprop = float(self._gradient[index])
        step = self._h * max(1.0, abs(float(forward.values[symbol][index])))
        numerical = forward.slope(self.calls(), symbol, index, step)
        limits = self._limits.bent(forward.bend, step)

        def verdict(
            word: str, refined: Estimate | None = None, kinks: Sequence[Kink] = (), *, widened: bool = False
        ) -> ElementCheck:
            return ElementCheck(
                index=index,
                backprop=backprop,
                numerical=numerical,
                difference=abs(backprop - numerical),
                relative=limits.relative(backprop, numerical, step),
                verdict=word,
                refined=None if refined is None else refined.value,
                refined_relative=None if refined is None else limits.relative(backprop, refined.value, refined.step),
                widened=widened,
                kink=kinks[0] if kinks else None,
                kinks=len(kinks),
            )

        if not np.isfinite([backprop, numerical, limits.rounding(step)]).all():
            return verdict(NOT_FINITE)
        if abs(backprop - numerical) <= limits.allowed(backprop, numerical, step):
            if not limits.lost(backprop, numerical):
                return verdict(AGREES)
            wider = self._wider(backprop, index, step, limits)
            word = LOST if wider is None else AGREES if wider.agrees else WRONG
            return verdict(word, wider, widened=True)
        kinks = forward.reached(self.calls(), symbol, index, step) if forward.kinked else []
        tries = [(KINK if kinks else AGREES, False)]
        if forward.exact is not None:  # beside a kink, the kink is what is named
            tries.append((KINK if kinks else EPSILON, True))
        first: Estimate | None = None
        for word, exact in tries:
            slope = partial(forward.slope, self.calls(exact=exact, held=bool(kinks)), symbol, index)
            refined = settled(slope, backprop, step, limits)
            if not np.isfinite(refined.value):
                return verdict(NOT_FINITE)
            if refined.agrees:
                return verdict(LOST if limits.lost(backprop, refined.value) else word, refined, kinks)
            first = first or refined
        return verdict(WRONG, first, kinks)

    def _wider(self, backprop: float, index: Index, step: float, limits: Limits) -> Estimate | None:
        """The derivative by larger steps, which E's rounding hides less of; None where it hides that, too."""
        forward = self._forward
        slope = partial(forward.slope, self.calls(), self._symbol, index)
        for wide in (step * factor for factor in WIDER if step * factor <= WIDEST * step / self._h):
            if forward.kinked and forward.reached(self.calls(), self._symbol, index, wide):
                return None
            found = settled(slope, backprop, wide, limits)
            if np.isfinite(found.value) and not (found.agrees and limits.lost(backprop, found.value)):
                return found
        return None


def check(
    timeline: Timeline, h: float = H, progress: Progress | None = None, most: int = MOST, tolerance: float = TOLERANCE
) -> GradientCheck:
    """Compare every gradient of the cursor's iteration with central differences; the cursor stays where it is.

    What is checked is whatever an iteration starts from that has a gradient: parameters, frozen or not, and a graph's
    fixed inputs. Of more than `most` elements it is a sample, the same each time, with the largest of each matrix in it
    (at least one of each, so that it may be more than `most`). progress: told of elements done and to do; gives False
    to stop. Raises ValueError for an h or tolerance that is no positive number, or a `most` below 1.
    """
    for name, number in (("h", h), ("tolerance", tolerance), ("most", most)):
        if not (np.isfinite(number) and number > 0):
            raise ValueError(f"{name} is {number}; a positive number is expected")
    program, iteration = timeline.program, timeline.position.iteration
    gradients = {name: gradient for name in program.carried if (gradient := program.gradient_of(name)) is not None}
    last = 1 + max(program.writers[name] for name in (program.loss, *gradients.values()))
    end = timeline.course.at(iteration, last)
    frame = timeline.restorer.computed(timeline.branch, end)
    edits = [e for e in late_edits(program, timeline.branch.owning(iteration).edits_in(iteration)) if e.step <= last]
    with np.errstate(all="ignore"):
        values = frame.at(last)
        began = time.perf_counter()
        forward = Forward(program, frame, edits, tuple(gradients))
        size, largest_value = size_of_rounding(forward, frame)
        samples = _sampled({name: values[gradient] for name, gradient in gradients.items()}, most)
        planned = sum(len(sample) for sample in samples.values())
        forward.passes = 0
        pulse = Pulse(progress, planned)
        done = 0
        largest = {gradient: _largest(values[gradient]) for gradient in gradients.values()}
        on_the_way = (values[name] for name in values if program.symbols[name].role is Role.GRADIENT)
        smallest = SMALL * max(map(_largest, on_the_way), default=0.0)
        matrices = []
        for name, gradient in gradients.items():
            limits = Limits(tolerance, SMALL * largest[gradient], smallest, size, largest_value)
            matrix = _Matrix(forward, name, values[gradient], limits, h)
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
            causes = _causes(timeline.provenance_at(end), timeline.course, wrong) if wrong else ()
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
