"""What an operation is, and the rules by which shapes fit.

An operation is data: its kernel is the list of NumPy calls that fill a given output buffer, its shape rule says
what fits, its formula is how it is written, and `element` gives the arithmetic of one element. The operations
themselves stand in ops.py.

That a kernel gives its calls instead of making them is what lets ten thousand iterations run as fast as NumPy can:
they are bound to their buffers once and then made again and again. Stepping by hand makes the same calls, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from gradstep.engine.arrays import Array, Shape, written
from gradstep.engine.program.expression import Expression
from gradstep.engine.words import operations as words
from gradstep.engine.words import phrases

Calls = tuple[Callable[[], object], ...]

# A number in a kernel is an array made once: NumPy is twice as fast with it as with a Python float.
ONE = np.asarray(1.0)
ZERO = np.asarray(0.0)
HALF = np.asarray(0.5)
for _constant in (ONE, ZERO, HALF):
    _constant.flags.writeable = False


class ShapeError(ValueError):
    """Operands whose shapes do not fit; the message names both."""


@dataclass(frozen=True, eq=False)
class Operation:
    """One kind of assignment.

    kernel(out, *operands) gives the calls that fill `out` when they are made in order; shape(*shapes) is the shape of
    the result or raises ShapeError; formula is a template over the operands' names; element(index, *operands) is the
    arithmetic of one element. compares: the operands, by place, that only decide something, such as whether a number is
    above 0: what is not a number there does not become one in the result.
    """

    name: str
    kernel: Callable[..., Calls]
    shape: Callable[..., Shape]
    formula: str
    element: Callable[..., Expression]
    compares: tuple[int, ...] = ()

    def fill(self, out: Array, *operands: Array) -> None:
        """Compute the result into `out`."""
        for call in self.kernel(out, *operands):
            call()

    @property
    def copies(self) -> bool:
        """Whether the result is the first operand, unchanged."""
        return self.kernel is copy


def copy(out: Array, operand: Array) -> Calls:
    """The kernel of everything that hands an array on as it is."""
    return (partial(np.copyto, out, operand),)


@dataclass(frozen=True, eq=False)
class Assignment:
    """symbol = operation(operands): a line of a loss or an optimizer.

    Names may hold placeholders ({out}, {p}) where they depend on the network; "d:" and a symbol is its gradient.
    """

    symbol: str
    operation: Operation
    operands: tuple[str, ...]


# ── shape rules ──────────────────────────────────────────────────────────────────────────────────────────────


def same(*shapes: Shape) -> Shape:
    if any(shape != shapes[0] for shape in shapes):
        raise ShapeError(words.SHAPES_DIFFER.format(shapes=phrases.AND.join(map(written, shapes))))
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
        raise ShapeError(words.SHAPES_DIFFER_NONE_SCALAR.format(one=written(a), other=written(b)))
    return a or b
