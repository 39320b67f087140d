"""The rows that a scenario trains on, and which of them an iteration draws.

Everything random is a function of the scenario's seed: each purpose has a stream of its own (Philox, a
counter-based generator), and the rows of any iteration can be drawn without those before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from gradstep.engine.arrays import Array, Shape, frozen
from gradstep.engine.errors import Problem
from gradstep.engine.language.conditions import evaluate, names, parse
from gradstep.engine.language.syntax import ExpressionError
from gradstep.engine.program.program import Mask
from gradstep.engine.words import sources as words

Rows = np.ndarray[Any, np.dtype[np.int64]]

# One number a purpose, so that changing how parameters are drawn changes neither data nor draws.
DATA, PARAMETERS, DRAWS, NAMED, MASKS = 1, 2, 3, 4, 5


@dataclass(frozen=True, eq=False)
class Dataset:
    """x: samples × inputs. t: samples × targets (class labels as one-hot rows). And the same of rows to test on.

    generated: whether they follow from a recipe, and not from rows that somebody gave.
    """

    x: Array
    t: Array
    x_test: Array | None = None
    t_test: Array | None = None
    generated: bool = False

    def __len__(self) -> int:
        return len(self.x)


def generator(seed: int, *stream: int) -> np.random.Generator:
    """The random numbers of one purpose."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=stream)))


class GenerateError(Problem):
    """A `generate` expression that cannot be used; `place` is which of several."""

    def __init__(self, place: int, message: str) -> None:
        super().__init__(message)
        self.place = place


def generated(expressions: Sequence[str], inputs: int, samples: int, low: float, high: float, seed: int) -> Dataset:
    """Inputs uniform in [low, high), targets by expressions of x0, x1, …; raises GenerateError."""
    x = low + (high - low) * generator(seed, DATA).random((samples, inputs))
    columns = {f"x{column}": x[:, column] for column in range(inputs)}
    t = np.empty((samples, len(expressions)))
    for place, text in enumerate(expressions):
        try:
            tree = parse(text)
            unknown = sorted(names(tree) - columns.keys())
            if unknown:
                known = ", ".join(list(columns)[:8]) + (", …" if inputs > 8 else "")
                raise GenerateError(place, words.NOT_AN_INPUT.format(name=unknown[0], known=known))
            value = evaluate(tree, columns.__getitem__)
            if isinstance(value, str) or np.shape(value) not in ((), (samples,)):
                raise GenerateError(place, words.NO_NUMBER_A_SAMPLE.format(expression=text))
            t[:, place] = value
        except ExpressionError as error:
            raise GenerateError(place, str(error)) from None
    return Dataset(x, t)


def one_hot(labels: Sequence[int], classes: int) -> Array:
    """Rows of zeros with a 1 at each label."""
    rows = np.zeros((len(labels), classes))
    rows[np.arange(len(labels)), labels] = 1.0
    return rows


@dataclass(frozen=True)
class Draw:
    """Which rows each iteration sees: `batch` of `samples`, by one of `DRAWS_BY_KIND`."""

    kind: str
    batch: int
    samples: int
    seed: int

    @property
    def iterations_per_epoch(self) -> int:
        """How many iterations see as many samples as there are; without replacement an incomplete batch is dropped."""
        if self.kind == "without_replacement":
            return self.samples // self.batch
        return -(-self.samples // self.batch)

    def rows(self, iteration: int) -> Rows | None:
        """The rows of an iteration (from 1), of which there are always `batch`; None for all of them in order."""
        return DRAWS_BY_KIND[self.kind](self, iteration)


def drawn_mask(mask: Mask, shape: Shape, iteration: int) -> Array:
    """A mask of dropout in an iteration: 0 with the chance `rate`, otherwise 1 / (1 − rate)."""
    kept = generator(mask.seed, MASKS, mask.place, iteration).random(shape) >= mask.rate
    return np.asarray(kept / (1.0 - mask.rate))


def _block(draw: Draw) -> int:
    """How many iterations' rows are drawn at once, and kept for the next time: fewer of large batches."""
    return max(1, min(1024, 2**20 // draw.batch))


@lru_cache(maxsize=4)
def _drawn_block(draw: Draw, block: int) -> Rows:
    size = (_block(draw), draw.batch)
    return frozen(generator(draw.seed, DRAWS, block).integers(0, draw.samples, size=size, dtype=np.int64))


def _with_replacement(draw: Draw, iteration: int) -> Rows:
    block, place = divmod(iteration - 1, _block(draw))
    rows: Rows = _drawn_block(draw, block)[place]
    return rows


@lru_cache(maxsize=4)
def _shuffled(draw: Draw, epoch: int) -> Rows:
    return frozen(generator(draw.seed, DRAWS, epoch).permutation(draw.samples))


def _without_replacement(draw: Draw, iteration: int) -> Rows:
    epoch, place = divmod(iteration - 1, draw.iterations_per_epoch)
    rows: Rows = _shuffled(draw, epoch)[place * draw.batch : (place + 1) * draw.batch]
    return rows


def _in_order(draw: Draw, iteration: int) -> Rows:
    first = (iteration - 1) * draw.batch
    return np.arange(first, first + draw.batch, dtype=np.int64) % draw.samples


DRAWS_BY_KIND: dict[str, Callable[[Draw, int], Rows | None]] = {
    "all": lambda draw, iteration: None,
    "with_replacement": _with_replacement,
    "without_replacement": _without_replacement,
    "in_order": _in_order,
}
