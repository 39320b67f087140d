"""Expressions made short enough to be read: long sums are cut, and what is met again and again gets a name.

It stays an expression that evaluates to the same number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from gradstep.engine.arrays import Array, rounded
from gradstep.engine.program.expression import (
    Call,
    Expression,
    Named,
    Rest,
    Sum,
    elements_of,
    evaluations,
    memoised,
    parts,
    rebuilt,
    walk,
)

MOST_TERMS = 5  # of a long sum that are written; the others count as one
MOST_INNER_TERMS = 2  # the same of a sum within a sum
FEWEST_OTHERS = 3  # that are taken together
MOST_WRITTEN = 10_000  # nodes that are written out for whoever wants all of it

# Operator → what its value is called where it is met more than once: softmax's maximum, the logarithm of its sum.
NAMES = {"max": "m", "log": "s"}

Values = Mapping[str, Array]


def largest(terms: Sequence[float], most: int) -> frozenset[int]:
    """The places of the terms of a sum that are written: all, unless the others are enough to be taken together."""
    if len(terms) < most + FEWEST_OTHERS:
        return frozenset(range(len(terms)))
    return frozenset(np.argsort(-rounded(np.abs(terms)), kind="stable")[:most].tolist())


def abbreviated(expression: Expression, values: Values, most: int = MOST_TERMS) -> Expression:
    """The expression with long sums cut to their largest terms, in their order, and one for all the others.

    Sums within sums are cut shorter: each of them is written once for every term around it. What is met again all the
    same, as the maximum is that softmax subtracts from every logit, has a name.
    """
    value = evaluations(values.__getitem__)

    @memoised
    def cut(node: Expression, room: int) -> Expression:
        if not isinstance(node, Sum):
            return rebuilt(node, lambda part: cut(part, room))
        inner = min(room, MOST_INNER_TERMS)
        kept = largest([value(term) for term in node.terms], room)
        written_out = tuple(cut(term, inner) for place, term in enumerate(node.terms) if place in kept)
        others = tuple(term for place, term in enumerate(node.terms) if place not in kept)
        return Sum((*written_out, Rest(others)) if others else written_out)

    return _with_names(cut(expression, most))


def within_bounds(expression: Expression, values: Values) -> Expression:
    """The expression as it is, or where it would be far too long to be written so, abbreviated.

    What it shares, as the terms of a loss share the sum over all classes, is written again for each of them.
    """

    @memoised
    def count(node: Expression) -> int:
        return 1 + sum(map(count, parts(node)))

    return expression if count(expression) <= MOST_WRITTEN else abbreviated(expression, values)


def _with_names(expression: Expression) -> Expression:
    """The expression with a name for what it has more than once, of the operators in `NAMES`."""
    calls = (node for node in occurrences(expression) if isinstance(node, Call) and node.operator in NAMES)
    found = Counter(node for node in calls if len(elements_of(node)) > 1)
    names: dict[Call, str] = {}
    for operator, letter in NAMES.items():
        mine = [node for node in found if node.operator == operator]
        if max((found[node] for node in mine), default=0) < 2:  # one is met again: then all have names
            continue
        numbers = range(1, len(mine) + 1) if len(mine) > 1 else ("",)
        names |= {node: f"{letter}{number}" for node, number in zip(mine, numbers, strict=False)}
    return _named(expression, names) if names else expression


def occurrences(node: Expression) -> Iterator[Expression]:
    """The expression and everything in it, each node as often as it is written; of a rest none."""
    yield node
    for part in () if isinstance(node, Rest) else parts(node):
        yield from occurrences(part)


def _named(node: Expression, names: Mapping[Call, str]) -> Expression:
    if isinstance(node, Rest):
        return node
    made = rebuilt(node, lambda part: _named(part, names))
    name = names.get(node) if isinstance(node, Call) and node.operator in NAMES else None
    return made if name is None else Named(name, made)


def named_parts(expression: Expression) -> tuple[Named, ...]:
    """Its parts that have a name, each once, in the order of reading."""
    return tuple(dict.fromkeys(node for node in walk(expression) if isinstance(node, Named)))
