"""How gradients flow back through an operation as it stands in a formula: bound to numbers, and over what was spread.

An operation of which some operands are numbers of the formula is one of the others alone; its gradients are bound
likewise. What was spread over other places receives the sum of what flows back from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import product
from typing import Any

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array, Index, Shape
from gradstep.engine.language.formulas import parse_formula
from gradstep.engine.language.syntax import SyntaxNode
from gradstep.engine.program.expression import Expression, Operand, total
from gradstep.engine.program.formulas import composed
from gradstep.engine.program.functions import KNOWN
from gradstep.engine.program.names import Reference
from gradstep.engine.program.operation import Calls, Gradient, Operation
from gradstep.engine.program.operations.arithmetic import pass_on
from gradstep.engine.program.trees import Applied, Constant, Part, Place, TreeBuilder

OPERANDS = "abc"  # what the operands are called in a gradient's formula
NOWHERE = SyntaxNode("", 0, "")


def bound(operation: Operation, numbers: Sequence[Constant | None]) -> Operation:
    """The operation of those of its operands for which no number is given, with its gradients."""
    if not any(numbers):
        return _free(operation)
    places = iter(range(len(numbers)))
    parts: list[Part] = [Place(next(places)) if number is None else number for number in numbers]
    made = composed(Applied(operation, tuple(parts), NOWHERE))
    return replace(
        made,
        name=operation.name,
        gradients=tuple(_flowing(operation, parts)),
        sign=operation.sign,
        adds=operation.adds,
        held=_with_numbers(operation.held, numbers, ahead=1),
        kink=_with_numbers(operation.kink, numbers),
    )


def _with_numbers(
    function: Callable[..., Any] | None, numbers: Sequence[Constant | None], ahead: int = 0
) -> Callable[..., Any] | None:
    """A function of all operands as one of those that are no numbers. ahead: how many arguments come before them."""
    if function is None:
        return None
    given = [None if each is None else np.asarray(each.value) for each in numbers]

    def of_the_others(*arguments: Array) -> Any:
        others = iter(arguments[ahead:])
        return function(*arguments[:ahead], *(next(others) if each is None else each for each in given))

    return of_the_others


@cache
def _free(operation: Operation) -> Operation:
    if not operation.backward:
        return operation
    return replace(operation, gradients=tuple(_flowing(operation, [*map(Place, range(len(operation.backward)))])))


def _flowing(operation: Operation, parts: Sequence[Part]) -> Iterator[Gradient]:
    """The gradient of each operand that is a place."""
    if operation.backward:
        for part, formula in zip(parts, operation.backward, strict=True):
            if isinstance(part, Place) and formula:
                yield _by_formula(operation, parts, part, formula)
        return
    for gradient in operation.gradients:
        part = parts[gradient.of]
        if isinstance(part, Place):
            yield _by_operation(gradient, parts, part)


def _by_formula(operation: Operation, parts: Sequence[Part], part: Place, formula: str) -> Gradient:
    named = dict(zip(OPERANDS, parts, strict=False))
    references = {"d": Reference("d"), "out": Reference("out")}
    references |= {name: Reference(str(each.number)) for name, each in named.items() if isinstance(each, Place)}
    builder = TreeBuilder(references, {name: each for name, each in named.items() if isinstance(each, Constant)})
    tree = builder.part(parse_formula(formula, KNOWN))
    made = pass_on if isinstance(tree, Place) else composed(tree)
    return Gradient(part.number, replace(made, name=f"{operation.name}_gradient"), tuple(builder.symbols))


def _by_operation(gradient: Gradient, parts: Sequence[Part], part: Place) -> Gradient:
    """Its operation with the numbers in it."""
    operands: list[str] = []
    inside: list[Part] = []
    for name in gradient.operands:
        each = parts[int(name)] if name.isdecimal() else None
        if isinstance(each, Constant):
            inside.append(each)
            continue
        called = str(each.number) if isinstance(each, Place) else name
        if called not in operands:
            operands.append(called)
        inside.append(Place(operands.index(called)))
    made = composed(Applied(gradient.operation, tuple(inside), NOWHERE))
    made = replace(made, name=gradient.operation.name, adds=gradient.operation.adds)
    return replace(gradient, of=part.number, operation=made, operands=tuple(operands), summed=None)


def summed_back(operation: Operation, full: Shape, to: Shape) -> Operation:
    """A gradient of the shape `full` as that of an operand of the shape `to`, which was spread to it: the sum."""
    ahead = len(full) - len(to)
    axes = tuple(k for k in range(len(full)) if k < ahead or (to[k - ahead] == 1 and full[k] > 1))
    kept = tuple(1 if k in axes else size for k, size in enumerate(full))

    def kernel(out: Array, *operands: Array) -> Calls:
        add = partial(arrays.add_reduce, axis=axes, dtype=None, out=out.reshape(kept), keepdims=True)
        if operation.copies:
            return (partial(add, operands[0]),)
        terms = np.empty(full)
        return (*operation.kernel(terms, *operands), partial(add, terms))

    def element(index: Index, *operands: Operand) -> Expression:
        places = (0,) * ahead + index
        ranges = [range(size) if k in axes else (places[k],) for k, size in enumerate(full)]
        return total([operation.element(at, *operands) for at in product(*ranges)])

    formula = operation.formula.removesuffix(" ∘ 1")
    loose = " + " in formula or " − " in formula
    return Operation(
        f"{operation.name}_summed",
        kernel,
        lambda *shapes: to,
        f"Σ ({formula})" if loose else f"Σ {formula}",
        element,
        adds=True,
        terms=operation,
    )
