"""Starting values that are drawn by a named rule, and the random numbers that everything at the start is drawn from.

Where a scenario has a legacy seed, everything is drawn from one `numpy.random.RandomState`, in the order of the file,
as a script draws after `np.random.seed`; otherwise each array has a stream of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from gradstep.engine.arrays import Array, Shape
from gradstep.engine.data.datasets import NAMED, generator

Random: TypeAlias = np.random.Generator | np.random.RandomState


@dataclass(frozen=True, eq=False)
class Seeds:
    """Where random numbers come from. legacy: one generator for everything, if there is one."""

    seed: int
    legacy: np.random.RandomState | None = None

    def of(self, *stream: int) -> Random:
        """The random numbers of one array."""
        return generator(self.seed, *stream) if self.legacy is None else self.legacy


def named_stream(name: str) -> tuple[int, ...]:
    """The stream of a value that is known by its name."""
    return (NAMED, *name.encode())


@dataclass(frozen=True)
class Spread:
    """What a rule is set to. scale: the standard deviation, the half-width, or a factor. low, high: both or none."""

    scale: float = 1.0
    mean: float = 0.0
    low: float | None = None
    high: float | None = None


def _normal(random: Random, shape: Shape, spread: Spread) -> Array:
    drawn: Array = spread.scale * random.standard_normal(shape)
    return drawn + spread.mean if spread.mean else drawn


def _uniform(random: Random, shape: Shape, spread: Spread) -> Array:
    if spread.low is None or spread.high is None:
        scale = spread.scale + 0.0  # of −0, which would turn the range round
        return random.uniform(-scale, scale, shape)
    return random.uniform(spread.low, spread.high, shape)


def _scaled(uniform: bool, variance: Callable[[Shape], float]) -> Callable[[Random, Shape, Spread], Array]:
    """A distribution of this variance, times `scale`; the uniform one is as wide as that asks for, √(3 · variance)."""

    def draw(random: Random, shape: Shape, spread: Spread) -> Array:
        deviation = math.sqrt(variance(shape))
        if uniform:
            return _uniform(random, shape, Spread(spread.scale * math.sqrt(3.0) * deviation))
        return _normal(random, shape, Spread(spread.scale * deviation))

    return draw


def _glorot(shape: Shape) -> float:
    """2 / (inputs + outputs): Glorot & Bengio, Understanding the difficulty of training … (2010), equation 16."""
    return 2.0 / (shape[0] + shape[1])


def _he(shape: Shape) -> float:
    """2 / inputs: He et al., Delving deep into rectifiers (2015), equation 10."""
    return 2.0 / shape[0]


RULES: Mapping[str, Callable[[Random, Shape, Spread], Array]] = {
    "normal": _normal,
    "uniform": _uniform,
    "zeros": lambda random, shape, spread: np.zeros(shape),
    "ones": lambda random, shape, spread: np.ones(shape),
    "xavier_normal": _scaled(False, _glorot),
    "xavier_uniform": _scaled(True, _glorot),
    "he_normal": _scaled(False, _he),
    "he_uniform": _scaled(True, _he),
}
BIAS_RULES = ("normal", "uniform", "zeros", "ones")  # the others need inputs and outputs
WITHOUT_SCALE = ("zeros", "ones")


def initialized(rule: str, shape: Shape, spread: Spread, random: Random) -> Array:
    """An array that one of `RULES` draws."""
    return RULES[rule](random, shape, spread)
