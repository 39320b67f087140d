"""Lines of somebody's own backward pass against the derived gradients: which they are, and where they differ.

A line that bears a gradient's name (`dW2`) is compared with that gradient; any other, such as the `du2` of a net whose
pre-activation has no name, with every derived gradient of its shape: it is what it equals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from gradstep.engine.arrays import Array, Index
from gradstep.engine.program.program import GRADIENTS, Program, Role

TOLERANCE = 1e-9  # relative to the largest element: what two orders of the same sums may come to


class Verdict(StrEnum):
    """What a line is to the gradient that it is compared with."""

    AGREES = "agrees"
    MULTIPLE = "multiple"  # a constant multiple of it
    TRANSPOSED = "transposed"
    DIFFERS = "differs"
    UNUSED = "unused"  # a parameter's gradient by another name than that has, so that nothing is trained by it
    OTHER = "other"  # it names no gradient and equals none


RIGHT = (Verdict.AGREES, Verdict.UNUSED, Verdict.OTHER)  # what makes no line wrong


@dataclass(frozen=True)
class Claim:
    """What a line is: `symbol` against the gradient `of`, "" where it is none. ratio: of a multiple.

    index, found, true: of a line that differs, its element that is furthest off, and what that is and should be.
    """

    symbol: str
    verdict: Verdict
    of: str = ""
    ratio: float = 1.0
    index: Index = ()
    found: float = 0.0
    true: float = 0.0


def claim(program: Program, values: Mapping[str, Array], symbol: str) -> Claim:
    """What a line of somebody's own backward pass is, from the values of its iteration."""
    own, known = values[symbol], program.symbols[symbol]
    if known.truth:
        return _against(symbol, own, known.of, values[known.truth])
    found = [_against(symbol, own, of, true) for of, true in _derived(program, values)]
    best = (Verdict.AGREES, Verdict.MULTIPLE, Verdict.TRANSPOSED)
    matching = [each for each in found if each.verdict in best]
    nearest = min(matching, key=lambda each: best.index(each.verdict), default=Claim(symbol, Verdict.OTHER))
    trained = nearest.of in program.symbols and program.symbols[nearest.of].role is Role.PARAMETER
    if nearest.verdict is Verdict.AGREES and trained and not program.users(symbol):
        return replace(nearest, verdict=Verdict.UNUSED)
    return nearest


def claims(program: Program, values: Mapping[str, Array]) -> list[Claim]:
    """Those of all lines that have a value."""
    return [claim(program, values, step.symbol) for step in program.own_lines if step.symbol in values]


def _derived(program: Program, values: Mapping[str, Array]) -> Iterable[tuple[str, Array]]:
    """Every derived gradient that has a value, by what it is of, the last ones of the backward pass first."""
    for name, symbol in reversed([*program.symbols.items()]):
        is_derived = symbol.role in GRADIENTS and symbol.role is not Role.CONTRIBUTION and not symbol.truth
        if is_derived and name in values:
            yield symbol.of, values[name]


def _against(symbol: str, own: Array, of: str, true: Array) -> Claim:
    if own.shape == true.shape:
        if _equal(own, true):
            return Claim(symbol, Verdict.AGREES, of)
        ratio = _ratio(own, true)
        if ratio and _equal(own, ratio * true):
            return Claim(symbol, Verdict.MULTIPLE, of, ratio)
    if own.ndim == 2 and own.T.shape == true.shape and _equal(own.T, true):
        return Claim(symbol, Verdict.TRANSPOSED, of)
    if own.shape != true.shape:
        return Claim(symbol, Verdict.DIFFERS, of)
    with np.errstate(all="ignore"):
        apart = np.nan_to_num(np.abs(own - true), nan=np.inf)
    worst = np.unravel_index(int(np.argmax(apart)), own.shape)
    index = tuple(int(place) for place in worst)
    return Claim(symbol, Verdict.DIFFERS, of, index=index, found=float(own[index]), true=float(true[index]))


def _equal(one: Array, other: Array) -> bool:
    finite = np.isfinite(one) & np.isfinite(other)
    scale = max((float(np.abs(each[finite]).max(initial=0.0)) for each in (one, other)), default=0.0)
    with np.errstate(all="ignore"):
        near = np.abs(one - other) <= TOLERANCE * scale
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    return bool((np.where(finite, near, same)).all())


def _ratio(own: Array, true: Array) -> float:
    """The constant that the one may be of the other: what their largest elements say; 0 where there is none."""
    place = int(np.argmax(np.abs(true))) if np.isfinite(true).all() else 0
    largest, there = float(true.flat[place]), float(own.flat[place])
    if not (largest and np.isfinite(largest) and np.isfinite(there)):
        return 0.0
    ratio = there / largest
    nearest = round(ratio, 9)
    return nearest if abs(ratio - nearest) <= TOLERANCE * abs(ratio) else ratio


def origin(program: Program, found: Mapping[str, Claim], symbol: str) -> tuple[str, ...]:
    """The own lines that a line reads, itself or through others, and where what is wrong begins.

    Those are lines that are wrong, or equal no gradient, and read none that is. A line that equals no gradient may be
    right as it stands (a part of one); where one that reads it is wrong, it is where to look first.
    """
    steps = {step.symbol: step for step in program.own_lines}
    begins: dict[str, None] = {}
    waiting, seen = [name for name in steps[symbol].operands if name in steps], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        before = [each for each in steps[name].operands if each in steps]
        if found[name].verdict is not Verdict.AGREES:
            if not any(found[each].verdict is not Verdict.AGREES for each in before):
                begins[name] = None
            waiting += before
    return tuple(begins)


def first_wrong(program: Program, found: Mapping[str, Claim]) -> str | None:
    """The line where what is wrong begins, the first of several; None where every line is right."""
    places = program.writers
    wrong = [symbol for symbol, each in found.items() if each.verdict not in RIGHT]
    begins = [min(origin(program, found, symbol), key=places.__getitem__, default=symbol) for symbol in wrong]
    return min(begins, key=places.__getitem__, default=None)


def as_json(program: Program, values: Mapping[str, Array]) -> dict[str, Any]:
    """All own lines as plain values: {"lines": [{"name", "verdict", "of", "ratio"?}], "first_wrong"}."""
    found = {each.symbol: each for each in claims(program, values)}
    lines = [
        {"name": each.symbol, "verdict": str(each.verdict), "of": each.of or None}
        | ({"ratio": each.ratio} if each.verdict is Verdict.MULTIPLE else {})
        for each in found.values()
    ]
    return {"lines": lines, "first_wrong": first_wrong(program, found)}
