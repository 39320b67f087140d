"""Operations as values, their gradients, and the rules by which shapes fit.

An operation is data: its kernel is the list of NumPy calls that fill a given output buffer, its shape rule says
what fits, its formula is how it is written, and `element` gives the arithmetic of one element. The operations
themselves stand in `operations`, a file a subject.

That a kernel gives its calls instead of making them is what lets ten thousand iterations run as fast as NumPy can:
they are bound to their buffers once and then made again and again. Stepping by hand makes the same calls, once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from string import Formatter

import numpy as np

from gradstep.engine.arrays import Array, Shape, frozen, written
from gradstep.engine.errors import Problem
from gradstep.engine.program.expression import Expression
from gradstep.engine.words import operations as words
from gradstep.engine.words import phrases

Calls = tuple[Callable[[], object], ...]

# A number in a kernel is an array made once: NumPy is twice as fast with it as with a Python float.
ONE, ZERO, HALF = (frozen(np.asarray(number)) for number in (1.0, 0.0, 0.5))


class ShapeError(Problem):
    """Operands whose shapes do not fit; the message names both."""


@dataclass(frozen=True, eq=False)
class Gradient:
    """How the gradient of one operand is made: ∂E/∂operand = operation(operands).

    of: which operand, by its place. operands: of the gradient's operation, each "d" (the upstream gradient), "out" (the
    result) or an operand's place. summed: stands in for `operation` where the operand is one number and the upstream
    gradient is not. note: why this is no derivative, where somebody asked for another one; otherwise "".
    """

    of: int
    operation: Operation
    operands: tuple[str, ...]
    summed: Operation | None = None
    note: str = ""


@dataclass(frozen=True, eq=False)
class Derivative:
    """φ′ of an activation at any array: `operation` is an upstream gradient times it, `written` how it is written."""

    operation: Operation
    written: str


@dataclass(frozen=True, eq=False)
class Operation:
    """One kind of assignment, with all that is to be known of it.

    kernel(out, *operands) gives the calls that fill `out` when they are made in order; shape(*shapes) is the shape of
    the result or raises ShapeError; formula is a template over the operands' names; element(index, *operands) is the
    arithmetic of one element. gradients: those of its operands, in the order of the backward pass.

    compares: the operands, by place, that only decide something, such as whether a number is above 0: what is not a
    number there does not become one in the result.
    sign: how it is written where there is no room for a formula; its name, if not given.
    weights: which operand is a matrix of weights, if one is.
    adds: the result is a sum, so what it is made of may be much larger than the result.
    held: of an operation with a kink, as `kernel`, but with every element kept on the side of the kink that it is on:
        the side that its operands are on, and `out` where that was made of them, when the calls are asked for.
    kink: of such an operation, what is 0 at its kink and has another sign on each side of it, an array of its operands.
    derivative: of an activation, φ′ at any array.
    slope: of an activation that saturates, φ′(u) over its maximum, exact also far out.
    closes: of an activation, whether φ′ is 0 wherever its input is not above 0.
    distribution: the elements of each row of the result sum to 1.
    distributions: the operands, by place, whose rows are taken to sum to 1.
    exact: of a loss shown with ε, the operation on the logits whose gradient the backward pass takes.
    rate: of dropout, the part of its mask, its last operand, that is 0 on average.
    share: the result is a number from 0 to 1, the share of something.
    view: of a result whose elements are those of its operand in other places, the operand seen so.
    backward: in place of `gradients`, that of each operand as a formula of d (the upstream gradient), out (the result)
        and the operands a, b, c; "" where none flows back. Where operands are spread, it is that of the spread one.
    terms: of a sum over what was spread, the operation whose results are added.
    in_place: its kernel may have an operand's own buffer to fill, and makes the same bits of it.
    by_hand: the arithmetic of one element as one would compute it, where `element` is its upstream gradients times its
        local derivatives, which are longer.
    """

    name: str
    kernel: Callable[..., Calls]
    shape: Callable[..., Shape]
    formula: str
    element: Callable[..., Expression]
    gradients: tuple[Gradient, ...] = ()
    compares: tuple[int, ...] = ()
    sign: str = ""
    weights: int | None = None
    adds: bool = False
    held: Callable[..., Calls] | None = None
    kink: Callable[..., Array] | None = None
    derivative: Derivative | None = None
    slope: Callable[[Array], Array] | None = None
    closes: bool = False
    distribution: bool = False
    distributions: tuple[int, ...] = ()
    exact: Operation | None = None
    view: Callable[[Array], Array] | None = None
    backward: tuple[str, ...] = ()
    in_place: bool = False
    terms: Operation | None = None
    share: bool = False
    rate: float | None = None
    by_hand: Callable[..., Expression] | None = None

    def fill(self, out: Array, *operands: Array) -> None:
        """Compute the result into `out`."""
        for call in self.kernel(out, *operands):
            call()

    @property
    def arity(self) -> int:
        """How many operands its formula has."""
        return len({name for _, name, _, _ in Formatter().parse(self.formula) if name is not None})

    @property
    def copies(self) -> bool:
        """Whether the result is the first operand, unchanged."""
        return self.kernel is copy

    @property
    def note(self) -> str:
        """Why its gradient is no derivative, where somebody asked for another one; otherwise ""."""
        return next((gradient.note for gradient in self.gradients if gradient.note), "")


def constant(out: Array, *operands: Array) -> Calls:
    """`held` of what only jumps: what `out` holds when the calls are asked for."""
    return (partial(np.copyto, out, out.copy()),)


def copy(out: Array, operand: Array) -> Calls:
    """The kernel of everything that hands an array on as it is."""
    return (partial(np.copyto, out, operand),)


def count(rows: Array) -> Array:
    """N, the number of rows, as a kernel takes it."""
    return np.asarray(float(len(rows)))


@dataclass(frozen=True, eq=False)
class Assignment:
    """symbol = operation(operands): a line of a loss or an optimizer.

    Names may hold placeholders ({out}, {p}) where they depend on the network; "d:" and a symbol is its gradient.
    text: the line as somebody has written it, for an error to repeat; "" where nobody has.
    """

    symbol: str
    operation: Operation
    operands: tuple[str, ...]
    text: str = ""


def same(*shapes: Shape) -> Shape:
    if any(shape != shapes[0] for shape in shapes):
        raise ShapeError(words.SHAPES_DIFFER.format(shapes=phrases.AND.join(map(written, shapes))))
    return shapes[0]


def first(*shapes: Shape) -> Shape:
    return shapes[0]


def same_to_scalar(*shapes: Shape) -> Shape:
    same(*shapes)
    return ()


def same_or_scalar(a: Shape, b: Shape) -> Shape:
    if a and b and a != b:
        raise ShapeError(words.SHAPES_DIFFER_NONE_SCALAR.format(one=written(a), other=written(b)))
    return a or b
