"""Backpropagation against central differences: is what the program calls a gradient the derivative of its loss?

For an element p of a parameter (or of a graph's fixed input) the derivative is estimated from nothing but the forward
pass, on the rows that the iteration drew:

    (E(p + h) − E(p − h)) / 2h      truncated by h² E‴/6, rounded by about ε |E| / h

(Press et al., Numerical Recipes, 3rd ed., section 5.7.) That takes two forward passes an element, where
backpropagation needs one forward and one backward pass for all of them. Without a loss, E is the sum of the output's
elements. h is that of elements up to 1; of a larger one it is h |p|, or p + h would be p in the end.

Two things look like a wrong gradient and are none. A ReLU or step that one of p ± h puts on the other side of its kink
has no derivative between: with all of them held on the side where they are, the two must agree ("kink"). And a loss
shown with an ε has a slightly different derivative than the exact one, whose gradient the program takes: with the
exact loss the two must agree ("epsilon").
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from engine import ops
from engine.expression import Index, Shape
from engine.machine import Edit, Frame
from engine.operation import ZERO, Array
from engine.positions import Position
from engine.program import Program, Step
from engine.recall import PULSE, Progress
from engine.timeline import Timeline

AGREES, KINK, EPSILON, NOT_FINITE, WRONG, UNCHECKED = "agrees", "kink", "epsilon", "not finite", "wrong", "unchecked"
VERDICTS = (WRONG, NOT_FINITE, EPSILON, KINK, AGREES)  # what is most worth knowing comes first

H = 1e-4
MOST = 2000  # elements
# Central differences with h = 1e-4 are good to some 1e-9 of themselves in an ordinary net, so 1e-8 is where they begin
# to say something. An element beyond it is not wrong yet: it is looked at again with smaller steps.
TOLERANCE = 1e-8
# Next to the largest element of its matrix, one of 1e-8 of that is nothing: backpropagation rounds, too.
SMALL = 1e-8
# E is off by at most a few ε times the size of what went into it, at either end of the difference.
ROUNDING = 8 * float(np.finfo(np.float64).eps)
HALVINGS = 12  # of h, for elements in whose surroundings the loss bends sharply
SETTLED = 1e-5  # of itself: an extrapolated difference that is known so well can be compared
LARGEST = 4  # one in so many of a sample are the largest of their matrix
KINKED = ("relu", "step")
PROBABILITIES = 1e-9  # how far from 1 a row of targets may sum to


# ── what comes out ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Kink:
    """A ReLU or step that has its kink within reach of p ± h: element `index` (row, unit) of the array it is put on."""

    kind: str
    symbol: str
    layer: str
    index: Index
    value: float


@dataclass(frozen=True)
class ElementCheck:
    """One element. relative: |backprop − numerical| over the larger of both, or over what is as good as 0.

    refined: what differences with smaller h (or held kinks, or the exact loss) come to, where the first one did not
    decide. kink: the nearest of `kinks` within reach, for the verdict "kink".
    """

    index: Index
    backprop: float
    numerical: float
    difference: float
    relative: float
    verdict: str
    refined: float | None = None
    kink: Kink | None = None
    kinks: int = 0


@dataclass(frozen=True)
class Cause:
    """What on the way back to a wrong gradient is known to be no derivative: a step or an edited value, and why."""

    symbol: str
    note: str


@dataclass(frozen=True, eq=False)
class MatrixCheck:
    """One symbol and its gradient. elements: those that were checked, worst first. causes: only where it is wrong."""

    symbol: str
    gradient: str
    shape: Shape
    elements: tuple[ElementCheck, ...]
    causes: tuple[Cause, ...] = ()

    @property
    def size(self) -> int:
        """How many elements there are."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def checked(self) -> int:
        """How many of them were checked."""
        return len(self.elements)

    @property
    def counts(self) -> Mapping[str, int]:
        """verdict → how many elements have it; only those that occur."""
        found = Counter(element.verdict for element in self.elements)
        return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}

    @property
    def verdict(self) -> str:
        """The first of `VERDICTS` that an element has."""
        return next(iter(self.counts), UNCHECKED)

    @property
    def passed(self) -> bool:
        """Whether no element that was checked is wrong."""
        return WRONG not in self.counts


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """The whole check. position: the cursor's; its iteration is what was checked, in the branch of that name.

    forward_passes: two an element and more for those that the first two did not decide; downstream of the element only.
    seconds: of the check; seconds_backprop: of one forward and one backward pass. finished: False where it was stopped.
    """

    scenario: str
    branch: str
    position: Position
    loss: str
    h: float
    tolerance: float
    matrices: tuple[MatrixCheck, ...]
    planned: int
    forward_passes: int
    seconds: float
    seconds_backprop: float
    finished: bool

    @property
    def size(self) -> int:
        """How many elements there are in all."""
        return sum(matrix.size for matrix in self.matrices)

    @property
    def checked(self) -> int:
        """How many of them were checked."""
        return sum(matrix.checked for matrix in self.matrices)

    @property
    def sampled(self) -> bool:
        """Whether no more than a sample was to be checked."""
        return self.planned < self.size

    @property
    def counts(self) -> Mapping[str, int]:
        """verdict → how many elements have it; only those that occur."""
        found = sum((Counter(matrix.counts) for matrix in self.matrices), Counter[str]())
        return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}

    @property
    def passed(self) -> bool:
        """Whether no element that was checked is wrong."""
        return all(matrix.passed for matrix in self.matrices)


def as_json(check: GradientCheck, worst: int = 10) -> dict[str, Any]:
    """The check as one object of plain numbers, with the `worst` elements of each matrix; NaN as in a replay's."""
    here = check.position
    return {
        "scenario": check.scenario,
        "branch": check.branch,
        "position": {
            "iteration": here.iteration,
            "step": here.step,
            "phase": here.phase,
            "symbol": here.symbol,
        },
        "of": check.loss,
        "h": check.h,
        "tolerance": check.tolerance,
        "passed": check.passed,
        "finished": check.finished,
        "elements": check.size,
        "checked": check.checked,
        "verdicts": dict(check.counts),
        "forward_passes": check.forward_passes,
        "seconds": check.seconds,
        "seconds_backprop": check.seconds_backprop,
        "gradients": [_matrix_json(matrix, worst) for matrix in check.matrices],
    }


def _matrix_json(matrix: MatrixCheck, worst: int) -> dict[str, Any]:
    return {
        "symbol": matrix.symbol,
        "gradient": matrix.gradient,
        "shape": list(matrix.shape),
        "elements": matrix.size,
        "checked": matrix.checked,
        "verdict": matrix.verdict,
        "verdicts": dict(matrix.counts),
        "causes": [{"symbol": cause.symbol, "note": cause.note} for cause in matrix.causes],
        "worst": [_element_json(element) for element in matrix.elements[:worst]],
    }


def _element_json(element: ElementCheck) -> dict[str, Any]:
    found: dict[str, Any] = {
        "index": list(element.index),
        "backprop": element.backprop,
        "numerical": element.numerical,
        "difference": element.difference,
        "relative": element.relative,
        "verdict": element.verdict,
    }
    if element.refined is not None:
        found["refined"] = element.refined
    if element.kink is not None:
        kink = element.kink
        found["kinks"] = element.kinks
        found["kink"] = {
            "kind": kink.kind,
            "symbol": kink.symbol,
            "layer": kink.layer,
            "index": list(kink.index),
            "value": kink.value,
        }
    return found


# ── the forward pass, over and over ──────────────────────────────────────────────────────────────────────────

_Calls = list[Callable[[], object]]


class _Forward:
    """The forward pass and the loss of one iteration, bound to buffers of their own, with its late edits.

    An edit holds for the steps that come after it, as in the iteration itself; an edited element that is shifted is
    shifted before and after. `passes` counts. Buffers hold the iteration's own values between two calls.
    """

    def __init__(self, program: Program, frame: Frame, edits: Sequence[Edit], checked: Sequence[str]) -> None:
        self.program = program
        self.passes = 0
        self._steps = _leading_to(program, program.loss, ("forward", "loss"))
        written = {step.symbol for step in self._steps}
        leaves = {*checked, *(name for step in self._steps for name in step.operands if name not in written)}
        self.values = {name: frame.value(name, _since(program, name)).copy() for name in sorted(leaves)}
        for step in self._steps:
            self.values[step.symbol] = np.empty(program.symbols[step.symbol].shape)
        self.edits = [edit for edit in edits if edit.symbol in self.values]
        before = ((edit.symbol, edit.index) for edit in self.edits if edit.symbol in leaves)
        self._restored = [(symbol, index, float(self.values[symbol][index])) for symbol, index in before]
        self._shifted: tuple[str, Index, float] = "", (), 0.0
        self.exact = self._exact_loss()
        self.kinked = [step for step in self._steps if step.operation.name in KINKED]
        self._held: dict[str, _Calls] = {}
        self.run(self.bound(None))
        for step in self.kinked:
            u, out = self.values[step.operands[0]], self.values[step.symbol]
            hold: _Calls = [partial(np.copyto, out, out.copy())]
            if step.operation.name == "relu":
                hold = [partial(np.copyto, out, u), partial(np.copyto, out, ZERO, where=u <= ZERO)]
            self._held[step.symbol] = hold

    def _exact_loss(self) -> Step | None:
        """In place of a cross-entropy that is shown with ε: that of the logits."""
        loss = self.program.steps[self.program.writers[self.program.loss]]
        if loss.operation.name != "cross_entropy":
            return None
        y, t = loss.operands
        logits = self.program.steps[self.program.writers[y]].operands[0]
        return Step(loss.symbol, ops.cross_entropy_from_logits, (logits, t), loss.phase, loss.layer)

    def bound(self, symbol: str | None, *, exact: bool = False, held: bool = False) -> _Calls:
        """The calls of all steps that a symbol bears on; None: of all. In an edited iteration always all."""
        touched = {symbol}
        calls: _Calls = []
        waiting = sorted(self.edits, key=lambda edit: edit.step)
        for step in self._steps:
            while waiting and waiting[0].step <= self.program.writers[step.symbol]:
                calls.append(partial(self._edit, waiting.pop(0)))
            if symbol is not None and not self.edits and touched.isdisjoint(step.operands):
                continue
            touched.add(step.symbol)
            here = self.exact if exact and self.exact and step.symbol == self.exact.symbol else step
            if held and step.symbol in self._held:
                calls += self._held[step.symbol]
            else:
                calls += here.operation.kernel(self.values[here.symbol], *(self.values[n] for n in here.operands))
        return calls

    def _edit(self, edit: Edit) -> None:
        symbol, index, shift = self._shifted
        self.values[edit.symbol][edit.index] = edit.value + (
            shift if (symbol, index) == (edit.symbol, edit.index) else 0.0
        )

    def run(self, calls: _Calls) -> float:
        """E, by these calls; without a loss the sum of the output's elements."""
        self.passes += 1
        for call in calls:
            call()
        for symbol, index, value in reversed(self._restored):
            self.values[symbol][index] = value
        return float(self.values[self.program.loss].sum())

    def slope(self, calls: _Calls, symbol: str, index: Index, step: float) -> float:
        """(E(p + step) − E(p − step)) / 2 step, of one element p of a symbol. Leaves behind what −step came to."""
        array = self.values[symbol]
        before = float(array[index])
        sides = []
        for shift in (step, -step):
            array[index] = before + shift
            self._shifted = symbol, index, shift
            sides.append(self.run(calls))
            array[index] = before
        self._shifted = "", (), 0.0
        # What lies between the two as they were rounded, which is 2 step but for the last bits.
        return (sides[0] - sides[1]) / ((before + step) - (before - step))

    def reached(self, calls: _Calls, symbol: str, index: Index, step: float) -> list[Kink]:
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


def _leading_to(program: Program, symbol: str, phases: Sequence[str]) -> list[Step]:
    """The steps of some phases that a symbol is made by, itself included, in order."""
    needed, found = {symbol}, []
    for step in reversed(program.steps):
        if step.symbol in needed and step.phase in phases:
            found.append(step)
            needed.update(step.operands)
    return found[::-1]


def _since(program: Program, symbol: str) -> int:
    """How many steps have run when a symbol is made (or, of data and of what the iteration starts from, first read)."""
    place = program.writers.get(symbol)
    if place is not None and program.steps[place].operands:
        return place
    return min(
        (program.writers[step.symbol] for step in program.users(symbol)), default=0 if place is None else place + 1
    )


def _late(program: Program, edits: Sequence[Edit]) -> list[Edit]:
    """The edits that come in between: after a value was computed, or after it was first read. Nothing reads a loss."""
    read = [edit for edit in edits if program.symbols[edit.symbol].role != "loss"]
    return [edit for edit in read if edit.step > _since(program, edit.symbol)]


def _size_of_rounding(program: Program, values: Mapping[str, Array]) -> float:
    """What ε is multiplied by to estimate how far E is off: |E| and, of every value v on the way, Σ |v| |∂E/∂v|.

    v counts with the size of what was summed to make it. The gradients are those in question; it is their order of
    magnitude that matters. A cross-entropy takes logarithms near 1, which are off by ε itself.
    """
    loss = values[program.loss]
    size = float(np.abs(loss).sum())
    for step in _leading_to(program, program.loss, ("forward", "loss")):
        if step.operation.name.startswith("cross_entropy"):
            size += 1.0
        gradient = program.gradient_of(step.symbol)
        if gradient is None or gradient not in values:
            continue
        out = np.abs(values[step.symbol], out=np.empty_like(values[step.symbol]))
        if step.operation.name in ("affine", "add"):
            step.operation.fill(out, *(np.asarray(np.abs(values[name])) for name in step.operands))
        size += float((out * np.abs(values[gradient])).sum())
    return size


# ── verdicts ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Limits:
    """How far apart the two may be. small: as good as 0 in this matrix; size: what ε is multiplied by."""

    tolerance: float
    small: float
    size: float

    def rounding(self, step: float) -> float:
        """Of a central difference with this step."""
        return ROUNDING * self.size / step

    def allowed(self, backprop: float, numerical: float, step: float) -> float:
        """By rounding, and by what of truncation need not be looked into."""
        return self.tolerance * max(abs(backprop), abs(numerical), self.small) + self.rounding(step)

    def relative(self, backprop: float, numerical: float, step: float) -> float:
        """The difference, relative to the larger of both or to what cannot be told from 0."""
        difference = abs(backprop - numerical)
        scale = max(abs(backprop), abs(numerical), self.small + self.rounding(step))
        return difference / scale if difference else 0.0


def _settled(slope: Callable[[float], float], backprop: float, step: float, limits: _Limits) -> tuple[bool, float]:
    """Whether a smooth loss has this derivative, and the best estimate of it.

    Ridders' method (Advances in Engineering Software 4, 1982): halving h takes away three quarters of the truncation,
    so combining both cancels it, and so on with more of them; how far neighbouring estimates differ is their error,
    rounding included. With two of them it is Richardson's extrapolation, which decides nearly always.
    """
    row = [slope(step)]
    best, error, width = row[0], np.inf, step
    if abs(backprop - best) <= limits.allowed(backprop, best, step):
        return True, best
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
            return False, float("nan")
        difference = abs(backprop - best)
        known = error <= SETTLED * max(abs(backprop), abs(best)) + limits.rounding(width)
        if known and difference <= limits.allowed(backprop, best, width) + error:
            return True, best
        if known and halving > 1 and error <= difference / 10:
            # A loss that is flat at p ± h and p ± h/2 and steep between them would look the same.
            last = step / 2**HALVINGS
            if abs(slope(last) - best) <= difference / 10 + limits.rounding(last):
                return False, best
    # Where rounding leaves nothing better, the estimate's own error is what can be told.
    return abs(backprop - best) <= limits.allowed(backprop, best, width) + error, best


class _Matrix:
    """The elements of one symbol, checked one at a time."""

    def __init__(self, forward: _Forward, symbol: str, gradient: Array, limits: _Limits, h: float) -> None:
        self._forward = forward
        self._symbol = symbol
        self._gradient = gradient
        self._limits = limits
        self._h = h
        self._bound: dict[tuple[bool, bool], _Calls] = {}

    def calls(self, *, exact: bool = False, held: bool = False) -> _Calls:
        """The forward pass as far as it depends on the symbol."""
        key = exact, held
        if key not in self._bound:
            self._bound[key] = self._forward.bound(self._symbol, exact=exact, held=held)
        return self._bound[key]

    def check(self, index: Index) -> ElementCheck:
        """The verdict on one element."""
        forward, limits, symbol = self._forward, self._limits, self._symbol
        backprop = float(self._gradient[index])
        step = self._h * max(1.0, abs(float(forward.values[symbol][index])))
        numerical = forward.slope(self.calls(), symbol, index, step)

        def verdict(word: str, refined: float | None = None, kinks: Sequence[Kink] = ()) -> ElementCheck:
            relative = limits.relative(backprop, numerical, step)
            nearest = kinks[0] if kinks else None
            difference = abs(backprop - numerical)
            return ElementCheck(index, backprop, numerical, difference, relative, word, refined, nearest, len(kinks))

        def settled(*, exact: bool = False, held: bool = False) -> tuple[bool, float]:
            slope = partial(forward.slope, self.calls(exact=exact, held=held), symbol, index)
            return _settled(slope, backprop, step, limits)

        if not np.isfinite([backprop, numerical, limits.rounding(step)]).all():
            return verdict(NOT_FINITE)
        if abs(backprop - numerical) <= limits.allowed(backprop, numerical, step):
            return verdict(AGREES)
        kinks = forward.reached(self.calls(), symbol, index, step) if forward.kinked else []
        tries = [(KINK if kinks else AGREES, False)]
        if forward.exact is not None:  # beside a kink, the kink is what is named
            tries.append((KINK if kinks else EPSILON, True))
        first = np.nan
        for word, exact in tries:
            right, refined = settled(exact=exact, held=bool(kinks))
            if not np.isfinite(refined):
                return verdict(NOT_FINITE)
            if right:
                return verdict(word, refined, kinks)
            first = refined if np.isnan(first) else first
        return verdict(WRONG, first, kinks)

    def leave(self) -> None:
        """Put the buffers back to what the iteration's own value of the symbol comes to."""
        self._forward.run(self.calls())


# ── what is checked ──────────────────────────────────────────────────────────────────────────────────────────


def check(
    timeline: Timeline,
    h: float = H,
    progress: Progress | None = None,
    most: int = MOST,
    tolerance: float = TOLERANCE,
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
    frame = timeline.recall.computed(timeline.branch, timeline.course.at(iteration, last))
    edits = [e for e in _late(program, timeline.branch.owning(iteration).edits_in(iteration)) if e.step <= last]
    with np.errstate(all="ignore"):
        values = frame.at(last)
        began = time.perf_counter()
        forward = _Forward(program, frame, edits, tuple(gradients))
        size = _size_of_rounding(program, values)
        samples = _sampled({name: values[gradient] for name, gradient in gradients.items()}, most)
        planned = sum(len(sample) for sample in samples.values())
        forward.passes = 0
        pulse = _Pulse(progress, planned)
        matrices = []
        for name, gradient in gradients.items():
            limits = _Limits(tolerance, SMALL * _largest(values[gradient]), size)
            matrix = _Matrix(forward, name, values[gradient], limits, h)
            found: list[ElementCheck] = []
            for index in samples[name]:
                if not pulse.goes_on():
                    break
                found.append(matrix.check(index))
                pulse.done += 1
            if found:
                matrix.leave()
            # NaN compares with nothing: among what is not finite the order is that of the indices.
            found.sort(key=lambda each: (VERDICTS.index(each.verdict), -np.nan_to_num(each.relative), each.index))
            wrong = any(element.verdict == WRONG for element in found)
            causes = _causes(program, gradient, edits, values) if wrong else ()
            matrices.append(MatrixCheck(name, gradient, program.symbols[name].shape, tuple(found), causes))
        pulse.tell()
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
        finished=pulse.done == planned,
    )


class _Pulse:
    """Tells a Progress from time to time, at first and at last, and remembers that it wanted to stop."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._next = 0.0
        self._stopped = False
        self.done = 0

    def goes_on(self) -> bool:
        """Whether to go on; asks at most every `PULSE` seconds."""
        now = time.perf_counter()
        if not self._stopped and now >= self._next:
            self.tell()
            self._next = now + PULSE
        return not self._stopped

    def tell(self) -> None:
        """How far it is."""
        if self._progress is not None and not self._stopped:
            self._stopped = not self._progress(self.done, self._total)


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
            order = np.argsort(-np.abs(gradient.reshape(-1)), kind="stable")
            largest = -(-shares[name] // LARGEST)
            drawn = generator.choice(order[largest:], shares[name] - largest, replace=False)
            flat = np.sort(np.concatenate([order[:largest], drawn]))
        samples[name] = [tuple(int(i) for i in np.unravel_index(place, gradient.shape)) for place in flat]
    return samples


def _causes(program: Program, gradient: str, edits: Sequence[Edit], values: Mapping[str, Array]) -> tuple[Cause, ...]:
    """What on the way back to a gradient is no derivative, and known to be none.

    Those are steps with a note, values edited on the way, and (y − t)/N behind a softmax whose targets an edit has
    made other than probabilities: it is the gradient only where each row of t sums to 1.
    """
    path = _leading_to(program, gradient, ("backward",))
    involved = {gradient, *(name for step in path for name in (step.symbol, *step.operands))}
    involved |= {program.symbols[step.symbol].of for step in path if step.symbol != gradient}
    found = [Cause(step.symbol, step.note) for step in path if step.note]
    for edit in edits:
        if edit.symbol == gradient or (edit.symbol in involved and edit.step <= program.writers[gradient]):
            place = f"[{','.join(map(str, edit.index))}]" if edit.index else ""
            after = program.steps[edit.step - 1].symbol
            found.append(Cause(edit.symbol, f"{edit.symbol}{place} was set to {edit.value:g} after {after}"))
    loss = program.steps[program.writers[program.loss]]
    if loss.operation.name.startswith("cross_entropy"):
        t = loss.operands[1]
        sums = values[t].sum(axis=1)
        off = int(np.argmax(np.abs(sums - 1.0)))
        at = next((step.symbol for step in path if t in step.operands), None)
        if at is not None and not abs(sums[off] - 1.0) <= PROBABILITIES:
            found.append(
                Cause(at, f"row {off} of {t} sums to {sums[off]:g}; (y − t)/N is the gradient only where it is 1")
            )
    return tuple(found)


def _seconds_of_backprop(program: Program, values: Mapping[str, Array]) -> float:
    """One forward and one backward pass, bound as those of the check are: the best of a few."""
    buffers = dict(values)
    calls: _Calls = []
    for step in program.steps:
        if step.phase in ("forward", "loss", "backward") and step.operands:
            buffers[step.symbol] = np.empty(program.symbols[step.symbol].shape)
            calls += step.operation.kernel(buffers[step.symbol], *(buffers[name] for name in step.operands))
    best = np.inf
    for _ in range(3):
        began = time.perf_counter()
        for call in calls:
            call()
        best = min(best, time.perf_counter() - began)
    return best
