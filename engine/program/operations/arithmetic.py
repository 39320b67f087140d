"""Sums and products element by element, how gradients go back through them, and what they update."""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array
from gradstep.engine.program.expression import Number, total
from gradstep.engine.program.operation import (
    Calls,
    Gradient,
    Operation,
    copy,
    first,
    same,
    same_or_scalar,
    same_to_scalar,
)

pass_on = Operation("pass_on", copy, first, "{0} ∘ 1", lambda index, d: d[index])

pass_on_summed = Operation(
    "pass_on_summed",
    lambda out, d: (partial(arrays.add_reduce, d, None, None, out),),
    same_to_scalar,
    "Σ {0}",
    lambda index, d: total([d[at] for at in np.ndindex(*d.shape)]),
    adds=True,
)

pass_times = Operation(
    "pass_times",
    lambda out, d, other: (partial(np.multiply, d, other, out),),
    same_or_scalar,
    "{0} ∘ {1}",
    lambda index, d, other: d[index] * other.at(index),
)


def _pass_times_summed_kernel(out: Array, d: Array, other: Array) -> Calls:
    products = np.empty(d.shape)
    return (partial(np.multiply, d, other, products), partial(arrays.add_reduce, products, None, None, out))


pass_times_summed = Operation(
    "pass_times_summed",
    _pass_times_summed_kernel,
    same_to_scalar,
    "Σ {0} ∘ {1}",
    lambda index, d, other: total([d[at] * other.at(at) for at in np.ndindex(*d.shape)]),
    adds=True,
)

add = Operation(
    "add",
    lambda out, a, b: (partial(np.add, a, b, out),),
    same_or_scalar,
    "{0} + {1}",
    lambda index, a, b: a.at(index) + b.at(index),
    gradients=tuple(Gradient(of, pass_on, ("d",), pass_on_summed) for of in (0, 1)),
    sign="+",
    adds=True,
)

multiply = Operation(
    "multiply",
    lambda out, a, b: (partial(np.multiply, a, b, out),),
    same_or_scalar,
    "{0} ∘ {1}",
    lambda index, a, b: a.at(index) * b.at(index),
    gradients=(
        Gradient(0, pass_times, ("d", "1"), pass_times_summed),
        Gradient(1, pass_times, ("d", "0"), pass_times_summed),
    ),
    sign="×",
)

seed_gradient = Operation(
    "seed_gradient", lambda out, y: (partial(out.fill, 1.0),), first, "1", lambda index, y: Number(1.0)
)


def accumulate(uses: int) -> Operation:
    """The sum of the gradients that a value used `uses` times receives."""
    return Operation(
        "accumulate",
        lambda out, one, other, *more: (
            partial(np.add, one, other, out),
            *(partial(np.add, out, d, out) for d in more),
        ),
        same,
        " + ".join(f"{{{k}}}" for k in range(uses)),
        lambda index, *contributions: total([contribution[index] for contribution in contributions]),
        adds=True,
    )


descend = Operation(
    "descend",
    lambda out, p, gradient, rate: (partial(np.multiply, rate, gradient, out), partial(np.subtract, p, out, out)),
    lambda p, gradient, rate: same(p, gradient),
    "{0} − {2} {1}",
    lambda index, p, gradient, rate: p[index] - rate[()] * gradient[index],
)

keep = Operation("keep", copy, first, "{0}", lambda index, p: p[index])
