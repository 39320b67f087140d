"""The optimizers: each a short list of assignments a parameter, made anew from its gradient.

A hyperparameter is a symbol like any other, so that it can be seen, explained and changed. A frozen parameter is
carried over unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradstep.engine.program import forward as ops
from gradstep.engine.program.operation import Assignment


@dataclass(frozen=True, eq=False)
class Optimizer:
    """`update` holds the assignments of one parameter `{p}`, whose gradient is `d:{p}`."""

    kind: str
    hyperparameters: tuple[tuple[str, float], ...]
    update: tuple[Assignment, ...]
    frozen: frozenset[str]

    def assignments(self, parameter: str) -> tuple[Assignment, ...]:
        """What updates this parameter."""
        return (KEEP,) if parameter in self.frozen else self.update


KEEP = Assignment("{p}_next", ops.keep, ("{p}",))


def sgd(learning_rate: float, frozen: frozenset[str] = frozenset()) -> Optimizer:
    """Plain gradient descent, p⁺ = p − η ∂E/∂p."""
    update = Assignment("{p}_next", ops.descend, ("{p}", "d:{p}", "learning_rate"))
    return Optimizer("sgd", (("learning_rate", learning_rate),), (update,), frozen)


KINDS = {"sgd": sgd}
