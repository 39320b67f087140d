"""The losses: each a short list of assignments forward and backward.

In an assignment, `{out}` stands for the output of the network; a gradient is written `d:` and the symbol it
belongs to. Squared error is ½ Σ (y − t)², the ½ there so that its gradient is y − t. Softmax and cross-entropy
belong together: only together is their gradient (y − t)/N, and only where each row of t sums to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradstep.engine.program.operation import Assignment
from gradstep.engine.program.operations.losses import (
    cross_entropy,
    cross_entropy_from_logits,
    half_squared_error,
    mean_difference,
    mean_half_squared_error,
    softmax,
)


@dataclass(frozen=True, eq=False)
class Loss:
    """The assignments that a loss adds to a program. makes_output: it computes y itself, from logits."""

    kind: str
    forward: tuple[Assignment, ...]
    loss: Assignment
    backward: tuple[Assignment, ...]
    makes_output: bool


REDUCTIONS = {"sum": half_squared_error, "mean": mean_half_squared_error}


def squared_error(reduction: str = "sum") -> Loss:
    """½ Σ (y − t)² over everything ("sum"), or that divided by the number of samples N ("mean")."""
    error = REDUCTIONS[reduction]
    (gradient,) = error.gradients
    return Loss(
        "squared_error",
        (),
        Assignment("E", error, ("{out}", "t")),
        (Assignment("d:{out}", gradient.operation, ("{out}", "t")),),
        makes_output=False,
    )


def softmax_cross_entropy(epsilon: float = 0.0) -> Loss:
    """−Σ t ∘ log softmax(u) / N. A positive ε changes the shown loss to −Σ t ∘ log(y + ε) / N, never the gradient."""
    exact = Assignment("E", cross_entropy_from_logits, ("{out}", "t"))
    return Loss(
        "softmax_cross_entropy",
        (Assignment("y", softmax, ("{out}",)),),
        Assignment("E", cross_entropy(epsilon), ("y", "t")) if epsilon else exact,
        (Assignment("d:{out}", mean_difference, ("y", "t")),),
        makes_output=True,
    )


LOSSES: dict[str, Callable[..., Loss]] = {
    "squared_error": squared_error,
    "softmax_cross_entropy": softmax_cross_entropy,
}
