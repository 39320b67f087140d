"""Arithmetic, element by element, of arrays that NumPy spreads over one another: what stands between two formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from gradstep.engine.arrays import MOST_DIMENSIONS, Array, Index, Mask, Shape, written
from gradstep.engine.program.expression import Choice, Expression, Operand, call
from gradstep.engine.program.operation import ZERO, Calls, Operation, ShapeError, constant
from gradstep.engine.words import formulas as words
from gradstep.engine.words import phrases


def bounded(shape: Shape) -> Shape:
    """The shape, if it has no more dimensions than there may be."""
    if len(shape) > MOST_DIMENSIONS:
        raise ShapeError(words.MOST_DIMENSIONS.format(found=len(shape), most=MOST_DIMENSIONS))
    return shape


def spread(*shapes: Shape) -> Shape:
    """The shape of arrays that are spread over one another, by NumPy's rule."""
    try:
        return bounded(np.broadcast_shapes(*shapes))
    except ShapeError:
        raise
    except ValueError:
        left, right = written(shapes[0]), phrases.AND.join(map(written, shapes[1:]))
        raise ShapeError(words.SHAPES_DO_NOT_SPREAD.format(left=left, right=right)) from None


def spread_element(operand: Operand, index: Index) -> Expression:
    """The element of an operand that is spread to an element of the result."""
    shape = operand.shape
    return operand[
        tuple(0 if size == 1 else i for size, i in zip(shape, index[len(index) - len(shape) :], strict=True))
    ]


_EXACT = ("plus", "minus", "times", "over", "maximum", "minimum")  # rounded correctly, wherever they stand


def _elementwise(
    name: str,
    ufunc: Callable[..., object],
    formula: str,
    element: Callable[..., Expression],
    backward: tuple[str, str],
    sign: str = "",
) -> Operation:
    """An operation by one call of NumPy's, whose element is made of the elements that are spread to its place."""
    return Operation(
        name,
        lambda out, *operands: (partial(ufunc, *operands, out=out),),
        spread,
        formula,
        lambda index, *operands: element(*(spread_element(operand, index) for operand in operands)),
        sign=sign,
        adds=name in ("plus", "minus"),
        backward=backward,
        in_place=name in _EXACT,
    )


# Where the exponent or the base is 0 the derivative is 0, and not 0 times infinity, as in PyTorch and Autograd.
_POWERS = ("d * where(b == 0, 0, b * a ** (b - 1))", "d * where(a == 0, 0, out * log(a))")
# Where both are equal, each has half of it, as in PyTorch.
_ABOVE, _BELOW = "d * ((a > b) + 0.5 * (a == b))", "d * ((a < b) + 0.5 * (a == b))"


def _extreme(name: str, ufunc: np.ufunc, backward: tuple[str, str], wins: np.ufunc) -> Operation:
    """The larger or the smaller of two. wins: of a and b, whether a is the one."""

    def held(out: Array, a: Array, b: Array) -> Calls:
        chosen, tied = wins(a, b), np.equal(a, b)
        calls: Calls = (partial(np.copyto, out, b), partial(np.copyto, out, a, where=chosen))
        return (*calls, partial(_mean_of_both, out, a, b, tied)) if tied.any() else calls

    return replace(
        _elementwise(name, ufunc, f"{name[:3]}({{0}}, {{1}})", lambda a, b: call(name[:3], a, b), backward),
        held=held,
        kink=np.subtract,
    )


def _mean_of_both(out: Array, a: Array, b: Array, here: Mask) -> None:
    np.copyto(out, 0.5 * (a + b), where=here)


plus = _elementwise("plus", np.add, "{0} + {1}", lambda a, b: a + b, ("d", "d"), "+")
minus = _elementwise("minus", np.subtract, "{0} − {1}", lambda a, b: a - b, ("d", "-d"), "−")
times = _elementwise("times", np.multiply, "{0} ∘ {1}", lambda a, b: a * b, ("d * b", "d * a"), "×")
over = _elementwise("over", np.divide, "{0} / {1}", lambda a, b: a / b, ("d / b", "-d * out / b"), "/")
power = _elementwise("power", np.power, "{0}^{1}", lambda a, b: a**b, _POWERS, "^")
fixed_power = replace(power, backward=("d * (b * a ** (b - 1))", ""))  # by a number other than 0
maximum = _extreme("maximum", np.maximum, (_ABOVE, _BELOW), np.greater)
minimum = _extreme("minimum", np.minimum, (_BELOW, _ABOVE), np.less)


def _comparison(name: str, ufunc: np.ufunc, sign: str, element: Callable[..., Expression]) -> Operation:
    """1 where it holds, else 0."""

    def kernel(out: Array, a: Array, b: Array) -> Calls:
        holds = np.empty(out.shape, dtype=bool)
        return (partial(ufunc, a, b, out=holds), partial(np.copyto, out, holds))

    return Operation(
        name,
        kernel,
        spread,
        f"[{{0}} {sign} {{1}}]",
        lambda index, a, b: element(spread_element(a, index), spread_element(b, index)),
        compares=(0, 1),
        sign=sign,
        held=constant,
        kink=np.subtract,
    )


COMPARISONS = {
    "<": _comparison("less", np.less, "<", lambda a, b: call("less", a, b)),
    "<=": _comparison("at_most", np.less_equal, "≤", lambda a, b: call("at_most", a, b)),
    ">": _comparison("greater", np.greater, ">", lambda a, b: call("less", b, a)),
    ">=": _comparison("at_least", np.greater_equal, "≥", lambda a, b: call("at_most", b, a)),
    "==": _comparison("equals", np.equal, "=", lambda a, b: call("equal", a, b)),
    "!=": _comparison("differs", np.not_equal, "≠", lambda a, b: 1.0 - call("equal", a, b)),
}


def _where_kernel(out: Array, chosen: Array, one: Array, other: Array) -> Calls:
    holds = np.empty(chosen.shape, dtype=bool)
    return (
        partial(np.not_equal, chosen, ZERO, out=holds),
        partial(np.copyto, out, other),
        partial(np.copyto, out, one, where=holds),
    )


def _held_choice(out: Array, chosen: Array, one: Array, other: Array) -> Calls:
    holds = np.broadcast_to(chosen != ZERO, out.shape).copy()
    return (partial(np.copyto, out, other), partial(np.copyto, out, one, where=holds))


def _where_element(index: Index, chosen: Operand, one: Operand, other: Operand) -> Expression:
    decides = call("abs", spread_element(chosen, index))
    return Choice(decides, spread_element(other, index), spread_element(one, index))


where = Operation(
    "where",
    _where_kernel,
    spread,
    "where({0}, {1}, {2})",
    _where_element,
    compares=(0,),
    held=_held_choice,
    backward=("", "where(a, d, 0)", "where(a, 0, d)"),
)
