"""The numbers that a run counts: its iterations and epochs. Like the rows that are drawn, no arithmetic makes them."""

from __future__ import annotations

from gradstep.engine.arrays import Array, Index
from gradstep.engine.program.expression import Expression
from gradstep.engine.program.operation import Calls, Operation
from gradstep.engine.words import operations as words


def _no_kernel(out: Array) -> Calls:
    raise LookupError("a counter is written by the run")


def _no_element(index: Index) -> Expression:
    raise LookupError("a counter is counted: no arithmetic made it")


# The name of each → what counts it.
COUNTERS = {
    name: Operation(name, _no_kernel, lambda: (), formula, _no_element)
    for name, formula in (("iteration", words.NUMBER_OF_THE_ITERATION), ("epoch", words.NUMBER_OF_THE_EPOCH))
}
