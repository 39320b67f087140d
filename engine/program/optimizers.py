"""An optimizer: a short list of assignments a parameter, made anew from its gradient.

A hyperparameter is a symbol like any other, so that it can be seen, explained and changed; so is what an optimizer
keeps of a parameter from one iteration to the next, its state. A frozen parameter is carried over unchanged and has no
state. The kinds that a scenario can name stand in `optimizer_kinds`, those that are written as formulas are read by
`updates`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gradstep.engine.program.operation import Assignment
from gradstep.engine.program.operations.arithmetic import descend, keep
from gradstep.engine.words import optimizers as words


@dataclass(frozen=True)
class Hyperparameter:
    """A number that an optimizer is given. default: None where it must be given. sign: η for the learning rate.

    low, high: the range that it must be in; below: what it must be less than.
    """

    name: str
    about: str
    default: float | None = None
    sign: str = ""
    low: float = -math.inf
    high: float = math.inf
    below: float = math.inf


@dataclass(frozen=True, eq=False)
class Optimizer:
    """How one parameter `{p}`, whose gradient is `d:{p}`, is updated.

    update: assignments, `{p}_next` among them. state: names of what is kept of each parameter, in its shape, 0 at the
    start; the `v` of W is the symbol v_W, written `{v}` or `v_{p}` in an assignment, and its next value `{v}_next`.
    settings: the hyperparameters' values. frozen: the parameters that stay as they are.
    schedule: assignments made once an iteration, before all updates, to hyperparameters that have no value given.
    counters: which counters are read. key: where in the scenario the update was written, if it was.
    """

    name: str
    hyperparameters: tuple[Hyperparameter, ...]
    update: tuple[Assignment, ...]
    state: tuple[str, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)
    frozen: frozenset[str] = frozenset()
    schedule: tuple[Assignment, ...] = ()
    counters: tuple[str, ...] = ()
    key: str = ""

    def using(self, settings: Mapping[str, float], frozen: frozenset[str] = frozenset()) -> Optimizer:
        """The same with values for its hyperparameters, of which those remain that some assignment reads."""
        kept = tuple(each for each in self.hyperparameters if each.name in self.read)
        scheduled = {line.symbol for line in self.schedule}
        known = {each.name: settings[each.name] for each in kept if each.name not in scheduled}
        return replace(self, hyperparameters=kept, settings=known, frozen=frozen)

    @property
    def read(self) -> frozenset[str]:
        """What its assignments read, as it is written there."""
        return frozenset(name for line in (*self.schedule, *self.update) for name in line.operands)

    def state_of(self, parameter: str) -> Mapping[str, str]:
        """The name of each state → the symbol that holds it for a parameter."""
        return {} if parameter in self.frozen else {name: f"{name}_{parameter}" for name in self.state}

    def assignments(self, parameter: str) -> tuple[Assignment, ...]:
        """The assignments that update this parameter."""
        return (KEEP,) if parameter in self.frozen else self.update


KEEP = Assignment("{p}_next", keep, ("{p}",))

LEARNING_RATE = Hyperparameter("learning_rate", words.LEARNING_RATE, sign="η")

sgd = Optimizer("sgd", (LEARNING_RATE,), (Assignment("{p}_next", descend, ("{p}", "d:{p}", "learning_rate")),))
