"""The optimizers: each a short list of assignments a parameter, made anew from its gradient.

A hyperparameter is a symbol like any other, so that it can be seen, explained and changed; so is what an optimizer
keeps of a parameter from one iteration to the next, its state. A frozen parameter is carried over unchanged and has no
state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gradstep.engine.program.operation import Assignment
from gradstep.engine.program.operations.arithmetic import descend, keep
from gradstep.engine.words import optimizers as words


@dataclass(frozen=True)
class Hyperparameter:
    """A number that an optimizer is given. default: None where it must be given. sign: η for the learning rate."""

    name: str
    about: str
    default: float | None = None
    sign: str = ""


@dataclass(frozen=True, eq=False)
class Optimizer:
    """How one parameter `{p}`, whose gradient is `d:{p}`, is updated.

    update: assignments, `{p}_next` among them. state: names of what is kept of each parameter, in its shape, 0 at the
    start; the `v` of W is the symbol v_W, written `{v}` in an assignment, and its next value `{v}_next`.
    settings: the hyperparameters' values. frozen: the parameters that stay as they are.
    """

    name: str
    hyperparameters: tuple[Hyperparameter, ...]
    update: tuple[Assignment, ...]
    state: tuple[str, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)
    frozen: frozenset[str] = frozenset()

    def using(self, settings: Mapping[str, float], frozen: frozenset[str] = frozenset()) -> Optimizer:
        """The same with values for its hyperparameters."""
        known = {each.name: settings[each.name] for each in self.hyperparameters}
        return replace(self, settings=known, frozen=frozen)

    def state_of(self, parameter: str) -> Mapping[str, str]:
        """The name of each state → the symbol that holds it for a parameter."""
        return {} if parameter in self.frozen else {name: f"{name}_{parameter}" for name in self.state}

    def assignments(self, parameter: str) -> tuple[Assignment, ...]:
        """The assignments that update this parameter."""
        return (KEEP,) if parameter in self.frozen else self.update


KEEP = Assignment("{p}_next", keep, ("{p}",))

LEARNING_RATE = Hyperparameter("learning_rate", words.LEARNING_RATE, sign="η")

sgd = Optimizer("sgd", (LEARNING_RATE,), (Assignment("{p}_next", descend, ("{p}", "d:{p}", "learning_rate")),))

OPTIMIZERS = {each.name: each for each in (sgd,)}
