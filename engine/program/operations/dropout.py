"""Dropout, which leaves units out at random while a net learns, and the masks that say which.

A mask has 0 where a unit is left out and 1 / (1 − rate) elsewhere, so that the mean stays what it is (Srivastava,
Hinton, Krizhevsky, Sutskever & Salakhutdinov, Dropout, 2014, section 10, as everybody writes it today). Like the rows
of the data it is drawn: no arithmetic makes it.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine.arrays import Array, Index, Shape
from gradstep.engine.program.expression import Expression, Operand
from gradstep.engine.program.operation import Calls, Gradient, Operation, first
from gradstep.engine.words import operations as words


def _no_kernel(out: Array) -> Calls:
    raise LookupError("a mask is drawn by the run")


def _no_element(index: Index) -> Expression:
    raise LookupError("a mask is drawn: no arithmetic made it")


dropout_mask = Operation("dropout_mask", _no_kernel, first, words.MASK_DRAWN, _no_element)


def _masked(out: Array, u: Array, mask: Array) -> Calls:
    return (partial(np.multiply, u, mask, out),)


def _masked_element(index: Index, u: Operand, mask: Operand) -> Expression:
    return u.at(index) * mask[index]


def _shape(u: Shape, mask: Shape = ()) -> Shape:
    return u


_dropout_gradient = Operation("dropout_gradient", _masked, _shape, "{0} ∘ {1}", _masked_element)


def dropout_of(rate: float) -> Operation:
    """Each number times its place in a mask, the last operand, in which a part `rate` is 0 on average."""
    gradient = Gradient(0, _dropout_gradient, ("d", "1"))
    return Operation("dropout", _masked, _shape, "{0} ∘ {1}", _masked_element, (gradient,), rate=rate)
