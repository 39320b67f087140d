"""How far rounding moves the numbers of an iteration: it is computed again and again, every result moved at random.

Each step's result is moved by ± ½ε times its size, or, of a sum, times the size of what was summed; how far that
spreads a loss or a gradient is how far rounding may have moved it. This is stochastic arithmetic (Vignes, "A stochastic
arithmetic for reliable scientific computation", Mathematics and Computers in Simulation 35, 1993). Nothing is taken
from the gradients in question but how they are computed: a wrong one makes no other rounding larger.

On which side of its kink a ReLU, a step or a maximum is, rounding does not decide: it stays where the iteration has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index
from gradstep.engine.data.batches import Edit
from gradstep.engine.machine.run import compute
from gradstep.engine.program.program import FORWARD_PASS, Phase, Program, Step, needed_for

ROUNDING = float(np.finfo(np.float64).eps) / 2.0
RUNS = 8
BOUND = 4.0  # times the spread of the runs, for thousands of elements, of which none may be beyond it

Shift = tuple[str, Index, float]


class Rounding:
    """The forward and the backward pass of one iteration, to be computed with every result moved at random.

    leaves: what they begin with; edits: what is set by hand in between, an edit for each place.
    """

    def __init__(
        self, program: Program, leaves: Mapping[str, Array], edits: Sequence[Edit], gradients: Iterable[str]
    ) -> None:
        self._program = program
        self._leaves = leaves
        self._edits = sorted(edits, key=lambda edit: edit.step)
        body = [step for step in program.steps if step.phase is not Phase.MEASURE and step.symbol not in leaves]
        self._forward = needed_for({program.loss}, [step for step in body if step.phase in FORWARD_PASS])
        self._gradients = tuple(gradients)
        self._all = needed_for({program.loss, *self._gradients}, body)
        self._here: Mapping[str, Array] = {}
        self._here = self._computed(self._all, None, None)

    def of_loss(self, at: Shift | None = None) -> float:
        """How far rounding may move E, where an element is shifted or as it is; inf where E is not finite."""
        exact = self._loss(self._computed(self._forward, at, None))
        generator = np.random.default_rng(0)
        runs = [self._loss(self._computed(self._forward, at, generator)) for _ in range(RUNS)]
        return self._bound(np.asarray(runs), np.asarray(exact), ROUNDING * abs(exact)).item()

    def of_gradients(self) -> tuple[float, dict[str, Array]]:
        """How far rounding may move E, and each element of the gradients."""
        generator = np.random.default_rng(0)
        runs = [self._computed(self._all, None, generator) for _ in range(RUNS)]
        exact = self._loss(self._here)
        loss = self._bound(np.asarray([*map(self._loss, runs)]), np.asarray(exact), ROUNDING * abs(exact)).item()
        return loss, {
            name: self._bound(np.stack([run[name] for run in runs]), self._here[name], 0.0) for name in self._gradients
        }

    def _bound(self, runs: Array, exact: Array, least: float) -> Array:
        with np.errstate(all="ignore"):
            apart = np.abs(runs - exact)
            most = np.where(
                apart.max(axis=0) > 0.0, apart.max(axis=0), 1.0
            )  # its square may be more than a double holds
            spread = most * np.sqrt(np.mean(np.square(apart / most), axis=0)) + least
        return np.asarray(np.where(np.isfinite(spread), BOUND * spread, np.inf), dtype=np.float64)

    def _loss(self, values: Mapping[str, Array]) -> float:
        return float(arrays.add_reduce(values[self._program.loss], None))

    def _computed(
        self, steps: Sequence[Step], at: Shift | None, generator: np.random.Generator | None
    ) -> dict[str, Array]:
        """Every value of some steps, moved by what the generator draws. at: an element that is shifted, and by what."""
        values = dict(self._leaves)
        if at is not None and at[0] in values:
            symbol, index, shift = at
            values[symbol] = values[symbol].copy()
            values[symbol][index] += shift
        waiting = list(self._edits)
        with np.errstate(all="ignore"):
            for step in steps:
                while waiting and waiting[0].step <= self._program.writers[step.symbol]:
                    _set(values, waiting.pop(0), at)
                made = self._made(step, values)
                values[step.symbol] = (
                    made if generator is None else _moved(step, self._read(step, values), made, generator)
                )
            for edit in waiting:
                _set(values, edit, at)
        return values

    def _made(self, step: Step, values: Mapping[str, Array]) -> Array:
        """The result of a step; what only decides something is as the iteration has it."""
        here = self._here
        if not here:  # this makes it
            return compute(step, values)
        if step.operation.held is not None:
            operands = {name: here[name].copy() for name in step.operands}
            out = here[step.symbol].copy()
            calls = step.operation.held(out, *(operands[name] for name in step.operands))
            for name, array in operands.items():
                array[...] = values[name]
            for call in calls:
                call()
            return out
        return compute(step, self._read(step, values))

    def _read(self, step: Step, values: Mapping[str, Array]) -> Mapping[str, Array]:
        """The values with what only decides something in a step as the iteration has it."""
        deciding = (step.operands[place] for place in step.operation.compares)
        return {**values, **{name: self._here[name] for name in deciding}}


def _set(values: MutableMapping[str, Array], edit: Edit, at: Shift | None) -> None:
    """What is set by hand, shifted where that is the element in question."""
    if edit.symbol not in values:
        return
    array = values[edit.symbol] = values[edit.symbol].copy()
    shifted = at is not None and (edit.symbol, edit.index) == at[:2]
    array[edit.index] = edit.value + (at[2] if at is not None and shifted else 0.0)


def _moved(step: Step, values: Mapping[str, Array], made: Array, generator: np.random.Generator) -> Array:
    """A result moved by ± ½ε of its size."""
    size = np.abs(made)
    if step.operation.adds:
        deciding = {step.operands[place] for place in step.operation.compares}
        sizes = {name: np.asarray(np.abs(values[name])) for name in step.operands if name not in deciding}
        size = compute(step, {**values, **sizes})
    if step.operation.distributions:  # its logarithms are of numbers near 1, and off by ε itself
        size = size + 1.0
    return np.asarray(made + ROUNDING * size * generator.choice((-1.0, 1.0), size.shape))
