"""A plateau: the loss has stopped falling far above where it could be.

Where it could be is not known; but the loss of the best *constant* output is, the mean of the targets for every row. A
net whose loss lies above `PLATEAU_ABOVE` of that has learned little of what tells one row from another. (Where all
targets are equal that loss is 0, and the run's first loss stands in for it.)

The loss has stopped falling if its mean over some iterations differs from that over as many before by no more than
`PLATEAU_FLAT` of it, and by two standard errors not more, either: what noise hides is not called flat. The iterations
are 100 at least and ten epochs at least, and what is averaged first are whole epochs, so that it does not matter which
rows an iteration sees.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array
from gradstep.engine.data.batches import Batches
from gradstep.engine.health.symptoms import PLATEAU, Symptom
from gradstep.engine.machine.run import compute
from gradstep.engine.program.operation import ShapeError
from gradstep.engine.program.program import Phase, Program, needed_for

PLATEAU_LEAST = 100  # iterations of each of the two means
PLATEAU_EPOCHS = 10  # and epochs
PLATEAU_FLAT = 0.005  # of the mean
PLATEAU_ABOVE = 0.5  # of the loss of the best constant output, or of the first loss

Window = Callable[[int, int], Array]  # the losses of iterations from … to …, NaN where one is not known


class Plateau:
    """Asks whether a run's loss is on a plateau. epoch: iterations an epoch."""

    def __init__(self, program: Program, batches: Batches) -> None:
        draw = batches.draw
        self.epoch = draw.iterations_per_epoch if draw is not None else 1
        blocks = max(PLATEAU_EPOCHS, -(-PLATEAU_LEAST // self.epoch))
        self.span = blocks * self.epoch  # iterations of each mean
        self.every = max(1, self.span // 10)  # it is asked in iterations that this divides
        self._program, self._batches = program, batches

    @property
    def lead(self) -> int:
        """How many iterations must lie before the first one in which it can be."""
        return 2 * self.span

    def begins(self, window: Window, iteration: int) -> Symptom | None:
        """The plateau that is found in this iteration, and was not in any shortly before."""
        if iteration % self.every or iteration < self.lead:
            return None
        found = self.there(window, iteration)
        if found is None:
            return None
        earlier = range(iteration - self.every, max(self.lead, iteration - self.span) - 1, -self.every)
        return None if any(self.there(window, each) for each in earlier) else found

    def at(self, window: Window, iteration: int) -> Symptom | None:
        """The plateau that the last iteration to be asked lies on."""
        return self.there(window, iteration - iteration % self.every)

    def there(self, window: Window, iteration: int) -> Symptom | None:
        """The plateau that the iterations up to this one lie on."""
        program = self._program
        if iteration < self.lead or not program.has_loss or not self._trains:
            return None
        losses = window(iteration - self.lead + 1, iteration)
        scale = self.constant_loss or float(window(1, 1)[0])
        mean = float(arrays.add_reduce(losses[self.span :])) / self.span
        if not mean > PLATEAU_ABOVE * scale or not 0 < scale < np.inf or not np.isfinite(losses).all():
            return None
        if not flat(*losses.reshape(2, -1, self.epoch).mean(axis=2)):
            return None
        detail = {
            "mean": mean,
            "scale": scale,
            "constant": float(bool(self.constant_loss)),
            "since": iteration - self.lead + 1,
            "span": self.span,
            "flat": PLATEAU_FLAT,
            "above": PLATEAU_ABOVE,
        }
        return Symptom(PLATEAU, program.loss, 1, 1, iteration, detail=detail)

    @cached_property
    def _trains(self) -> bool:
        return any(
            name != becomes and becomes not in self._program.kept for name, becomes in self._program.carried.items()
        )

    @cached_property
    def constant_loss(self) -> float:
        """The loss of a batch, on average, if the output were the same for every row, and the best such; 0 for unknown.

        For a squared error that is the mean of the targets, for a cross-entropy their mean distribution, or its
        logarithm where the loss takes logits. Penalties are those of the starting values.
        """
        program, batches = self._program, self._batches
        steps = needed_for({program.loss}, [step for step in program.steps if step.phase is Phase.LOSS])
        read = {name for step in steps for name in step.operands} - {step.symbol for step in steps}
        others = [*(read - {"t"} - program.start.keys())]
        if batches.dataset is None or "t" not in read or len(others) != 1:
            return 0.0

        def loss(output: Array, t: Array) -> float:
            there = {**program.start, others[0]: output, "t": t}
            for step in steps:
                there[step.symbol] = compute(step, there)
            return float(there[program.loss])

        t = batches.whole("t", 1)
        mean = t.mean(axis=0)
        found: list[float] = []
        with np.errstate(all="ignore"):
            for row in (mean, np.log(mean)):
                try:
                    once, twice = (loss(np.tile(row, (len(rows), 1)), rows) for rows in (t, np.vstack([t, t])))
                except (ShapeError, TypeError):
                    return 0.0
                share = len(program_rows(program)) / len(t) if twice > 1.5 * once else 1.0
                found.append(once * share)
        finite = [loss for loss in found if np.isfinite(loss)]
        return min(finite, default=0.0)


def program_rows(program: Program) -> range:
    """The rows of a batch."""
    return range(program.symbols["t"].shape[0])


def flat(before: Array, after: Array) -> bool:
    """Whether two means are as good as equal, and the numbers so even that this is no accident."""
    mean = float(after.mean())
    with np.errstate(all="ignore"):
        error = float(np.sqrt((np.var(before) + np.var(after)) / len(after)))
    return abs(float(before.mean()) - mean) + 2 * error <= PLATEAU_FLAT * abs(mean)
