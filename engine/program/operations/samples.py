"""The rows that an iteration draws, and the accuracy over rows."""

from __future__ import annotations

from functools import partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index
from gradstep.engine.program.expression import Expression, Operand, call, mean, total
from gradstep.engine.program.operation import HALF, Calls, Operation, copy, count, first, same_to_scalar
from gradstep.engine.words import operations as words


def _no_element(index: Index) -> Expression:
    raise LookupError("a drawn value is data: no arithmetic made it")


draw = Operation("draw", copy, first, words.ROWS_DRAWN, _no_element)

all_rows = Operation("all_rows", copy, first, words.ALL_ROWS, _no_element)


def _classes(out: Array, y: Array) -> Calls:
    """The class of each row: the place of its largest element; of a single column, whether it is above ½."""
    if y.shape[1] == 1:
        return (partial(np.greater, y[:, 0], HALF, out),)
    return (partial(np.argmax, y, 1, out),)


def _accuracy_kernel(out: Array, y: Array, t: Array) -> Calls:
    kind = bool if y.shape[1] == 1 else np.intp
    predicted, labels, right = np.empty(len(y), kind), np.empty(len(y), kind), np.empty(len(y), bool)
    return (
        *_classes(predicted, y),
        *_classes(labels, t),
        partial(np.equal, predicted, labels, right),
        partial(arrays.add_reduce, right, 0, np.float64, out),
        partial(np.divide, out, count(y), out),
    )


def _accuracy_element(index: Index, y: Operand, t: Operand) -> Expression:
    def kind(operand: Operand, i: int) -> Expression:
        row = operand.row(i)
        return call("argmax", *row) if len(row) > 1 else call("above_half", row[0])

    return mean(total([call("equal", kind(y, i), kind(t, i)) for i in range(y.shape[0])]), y.shape[0])


accuracy = Operation(
    "accuracy",
    _accuracy_kernel,
    same_to_scalar,
    "mean [argmax {0} = argmax {1}]",
    _accuracy_element,
    compares=(0, 1),
    share=True,
)
