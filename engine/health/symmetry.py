"""Units of a layer that stay identical: with the same weights coming in and going out, they learn the same forever.

Equal before an update and after it means equal in the next iteration, and so on: whatever comes back, they share it.
That is decided where a run starts and where somebody sets a value, and nowhere else, as long as numbers are finite.
Equal means: but for what rounding makes of it, 2⁻⁴⁰ of the largest weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.health.anatomy import Anatomy
from gradstep.engine.health.symptoms import IDENTICAL, Symptom, Values
from gradstep.engine.program.program import Step

EQUAL = 2.0**-40


@dataclass(frozen=True)
class Hidden:
    """The units of a layer between two affine steps. weights: those coming in, by column, W and b; outgoing: by row.

    symbol: of what they put out. place: of the last step, from 1, that writes a next value of one of these.
    """

    symbol: str
    layer: str
    weights: tuple[str, ...]
    outgoing: str
    following: tuple[str, ...]
    place: int


def hidden_of(anatomy: Anatomy) -> tuple[Hidden, ...]:
    """The layers whose units are told apart by nothing but their weights."""
    program, found = anatomy.program, list[Hidden]()
    trained = {name: becomes for name, (_, becomes) in anatomy.trained.items()}
    for step in anatomy.forward:
        if step.operation.weights != 1 or not {*step.operands[1:]} <= program.carried.keys():
            continue
        end = _followed(anatomy, step)
        if end is None:
            continue
        symbol, after = end
        names = *step.operands[1:], after.operands[1]
        following = tuple(trained.get(name, name) for name in names)
        place = max((program.writers.get(name, -1) + 1 for name in following), default=0)
        if place and after.operands[1] in program.carried:
            found.append(Hidden(*anatomy.named(symbol, step.layer), names[:-1], names[-1], following, place))
    return tuple(found)


def _followed(anatomy: Anatomy, step: Step) -> tuple[str, Step] | None:
    """The symbol that an affine step's result comes to by activations, and the affine step that alone reads it."""
    symbol = step.symbol
    while True:
        users = [each for each in anatomy.forward if symbol in each.operands]
        if len(users) != 1:
            return None
        (user,) = users
        if user.operation.weights == 1 and user.operands[0] == symbol:
            return symbol, user
        if user.operation.derivative is None or user.operation.distribution:
            return None
        symbol = user.symbol


def identical(hidden: Hidden, values: Values, iteration: int, *, after: bool = True) -> Symptom | None:
    """That some units are identical, before the iteration's update and, if it has run, after it.

    after: False where it has not; then what is equal before it counts.
    """
    incoming, outgoing = [values[name] for name in hidden.weights], values[hidden.outgoing]
    if _distinct(incoming[0]):
        return None
    groups = _groups(_features([*incoming, outgoing.T]))
    if after and groups:
        nexts = [values[name] for name in hidden.following]
        both = _features([*nexts[:-1], nexts[-1].T])
        groups = [part for group in groups for part in _groups(both[:, group], group)]
    units = tuple(sorted(unit for group in groups for unit in group))
    if not units:
        return None
    named = tuple((name, "") for name in (*hidden.weights, hidden.outgoing))
    of = outgoing.shape[0]
    return Symptom(IDENTICAL, hidden.symbol, len(units), of, iteration, hidden.layer, units, units, named)


def _distinct(weights: Array) -> bool:
    """Whether the first row tells all columns apart: mostly it does, and the rest need not be looked at."""
    scale = max(float(weights.max()), -float(weights.min()))
    return bool((np.diff(np.sort(weights[0])) > EQUAL * scale).all())


def _features(arrays: list[Array]) -> Array:
    """A column a unit, of all that tells it from others, each array measured by its largest number."""
    tables = [np.atleast_2d(array) for array in arrays]
    scales = [float(np.max(np.abs(table), initial=0.0)) or 1.0 for table in tables]
    return np.vstack([table / scale for table, scale in zip(tables, scales, strict=True)])


def _groups(features: Array, units: list[int] | None = None) -> list[list[int]]:
    """The units, by number, that are equal in every feature: groups of two and more."""
    names = list(range(features.shape[1])) if units is None else units
    if not np.isfinite(features).all():
        return []
    found: list[list[int]] = []
    order = np.argsort(features[0], kind="stable").tolist() if len(features) else []
    for place in _runs(features[0], order):
        found += _equal(features, place)
    return [sorted(names[unit] for unit in group) for group in found]


def _runs(first: Array, order: list[int]) -> Iterator[list[int]]:
    """Stretches of units in the order of their first feature in which each is next to equal to the one before."""
    run = order[:1]
    for unit in order[1:]:
        if first[unit] - first[run[-1]] > EQUAL:
            yield run
            run = []
        run.append(unit)
    yield run


def _equal(features: Array, units: list[int]) -> Iterator[list[int]]:
    """Groups among these units, each of those that equal its first one."""
    while len(units) > 1:
        near = np.abs(features[:, units] - features[:, units[:1]]).max(axis=0) <= EQUAL
        group = [unit for unit, same in zip(units, near.tolist(), strict=True) if same]
        units = [unit for unit, same in zip(units, near.tolist(), strict=True) if not same]
        if len(group) > 1:
            yield group
