"""What an operation is, and the rules by which shapes fit.

An operation is data: its kernel writes into a given output buffer, its shape rule says what fits, its formula
is how it is written, and `element` gives the arithmetic of one element. The operations themselves stand in ops.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.expression import Expression, Shape

Array = np.ndarray[Any, np.dtype[np.float64]]


class ShapeError(ValueError):
    """Operands whose shapes do not fit; the message names both."""


@dataclass(frozen=True, eq=False)
class Operation:
    """One kind of assignment.

    kernel(out, *operands) fills `out`; shape(*shapes) is the shape of the result or raises ShapeError; formula is
    a template over the operands' names; element(index, *operands) is the arithmetic of one element.
    """

    name: str
    kernel: Callable[..., None]
    shape: Callable[..., Shape]
    formula: str
    element: Callable[..., Expression]


@dataclass(frozen=True, eq=False)
class Assignment:
    """symbol = operation(operands): a line of a loss or an optimizer.

    Names may hold placeholders ({out}, {p}) where they depend on the network; "d:" and a symbol is its gradient.
    """

    symbol: str
    operation: Operation
    operands: tuple[str, ...]


def written(shape: Shape) -> str:
    """A shape as people write it: 2×3, 4, scalar."""
    return "×".join(map(str, shape)) if shape else "scalar"


def counted(number: int, what: str) -> str:
    """1 sample, 2 samples, 10,001 iterations."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


# ── shape rules ──────────────────────────────────────────────────────────────────────────────────────────────


def same(*shapes: Shape) -> Shape:
    if any(shape != shapes[0] for shape in shapes):
        raise ShapeError(f"shapes {' and '.join(map(written, shapes))} differ; they must be equal")
    return shapes[0]


def first(*shapes: Shape) -> Shape:
    return shapes[0]


def scalar(*shapes: Shape) -> Shape:
    return ()


def same_to_scalar(*shapes: Shape) -> Shape:
    same(*shapes)
    return ()


def same_or_scalar(a: Shape, b: Shape) -> Shape:
    if a and b and a != b:
        raise ShapeError(f"shapes {written(a)} and {written(b)} differ; they must be equal, or one a scalar")
    return a or b
