"""Units that are dead or saturated: not for a row or a batch, but for every row that an iteration could draw.

A ReLU is closed for a row where u ≤ 0: its output is 0 and no gradient passes back. It is dead if it is closed for
every row of the training set; a sigmoid or tanh is saturated if its slope is below `SATURATED_BELOW` for every row.
Where iterations see all rows, their own values say so. Where they see some of them, a unit that is still for its batch
is looked at for the whole set, with the weights as they are: a function of the iteration's state and the data, and so
the same from whichever side it is come to. It costs little, since mostly one row tells that a unit is alive:

- a unit keeps a *witness*, a row for which it was open; only where that is closed by now is the whole set asked;
- in a layer that the data feed, a dead unit stays dead while its weights have moved by less than what was missing:
  |Δu| ≤ |x| |ΔW| + |Δb|, and the margin is how far below 0 its largest u was.

Units of deeper layers need a forward pass of the rows. There `MOST_ROWS` of them are asked, spread evenly over the
training set, where it has more; the symptom says how many.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradstep.engine.arrays import Array, Mask
from gradstep.engine.data.batches import Batches
from gradstep.engine.health.anatomy import Anatomy
from gradstep.engine.health.symptoms import (
    DEAD,
    SATURATED,
    SATURATED_BELOW,
    WRONG_ABOVE,
    Named,
    Symptom,
    Values,
    is_many,
)
from gradstep.engine.machine.run import compute
from gradstep.engine.program.operation import ShapeError
from gradstep.engine.program.program import Program, Role, Step, needed_for

MOST_ROWS = 2048  # that units of deeper layers are asked for
IMAGES = 4  # axes: samples × channels × rows × columns
WHOLE = 1 - 1e-9  # of a margin: what rounding may take of it

Integers = np.ndarray[Any, np.dtype[np.int64]]


def _edge(slope: Callable[[Array], Array]) -> float:
    """The |u| at which a slope, falling from 1, comes to `SATURATED_BELOW`."""
    low, high = 0.0, 64.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if float(slope(np.asarray(middle))) > SATURATED_BELOW else (low, middle)
    return high


@dataclass(frozen=True, eq=False)
class Units:
    """An activation whose units can come to stand still. place: of the step that writes u, from 1."""

    step: Step
    kind: str
    place: int
    named: Named
    edge: float | None  # |u| beyond which it is saturated; None where it closes
    output: bool  # whether it makes what is compared with the targets

    @property
    def u(self) -> str:
        """The symbol of what goes in."""
        return self.step.operands[0]

    def depths(self, u: Array) -> Array:
        """How far inside of where it stands still each u lies: at 0 or above, it does. It moves by no more than u."""
        return -u if self.edge is None else np.abs(u) - self.edge

    def still(self, u: Array) -> Mask:
        """Which columns of rows × units stand still in each row. NaN does not."""
        if self.edge is None:
            return np.asarray(np.maximum.reduce(u, axis=0) <= 0.0)
        return np.asarray(np.minimum.reduce(np.abs(u), axis=0) >= self.edge)

    def at_fault(self, values: Values) -> Mask | None:
        """Of units of the output, which of them are wrong; None where that is not the question."""
        y, t = values.get(self.step.symbol), values.get("t")
        if self.edge is None or not self.output or y is None or t is None or y.shape != t.shape or y.ndim != 2:
            return None
        return np.asarray(np.abs(y - t).mean(axis=0) > WRONG_ABOVE)


def units_of(anatomy: Anatomy) -> tuple[Units, ...]:
    """The activations whose units can be dead or saturated, of a program that trains."""
    program, found = anatomy.program, list[Units]()
    if not anatomy.trained:
        return ()
    for step in anatomy.activations:
        u, operation = step.operands[0], step.operation
        if (not operation.closes and operation.slope is None) or u not in program.writers:
            continue
        edge = None if operation.slope is None else _edge(operation.slope)
        kind = DEAD if operation.slope is None else SATURATED[operation.name]
        output = program.symbols[step.symbol].role is Role.OUTPUT
        found.append(Units(step, kind, program.writers[u] + 1, anatomy.named(u, step.layer), edge, output))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Standing:
    """Units that stand still. mask: one truth a unit; rows, total: for how many rows, of how many that there are."""

    mask: Mask
    rows: int
    total: int


def table_of(u: Array) -> Array:
    """u as rows × units. Of images each channel is a unit, and every window a row; of anything else each element is a
    unit.
    """
    if u.ndim == IMAGES:
        return np.moveaxis(u, 1, -1).reshape(-1, u.shape[1])
    return u if u.ndim == 2 else u.reshape(1, -1)


class Census:
    """Asks, of the units of a program, which stand still for every row of the data.

    What it keeps from one iteration to the next saves work and changes no answer.
    """

    def __init__(self, program: Program, batches: Batches) -> None:
        self.units = units_of(Anatomy(program))
        self._program, self._batches = program, batches
        self._vary = batches.vary and batches.dataset is not None
        self._by_row = {units.u for units in self.units if self._vary and program.by_row(units.u)}
        self._judges: dict[str, _Direct | _Deep | None] = {}
        self._patched = 0

    def standing(self, units: Units, values: Values, iteration: int) -> Standing | None:
        """Which units stand still in an iteration with these values; None where none does, or it cannot be told."""
        u = table_of(values[units.u])
        if not u.size or not np.count_nonzero(mask := units.still(u)):
            return None
        if units.u not in self._by_row:
            if self._vary and values[units.u].ndim == IMAGES:
                return None  # the images of a batch do not speak for the others
            return Standing(mask, len(u), len(u))
        judge = self._judge(units, iteration)
        if judge is None:
            return None
        mask = judge.closed(mask, values)
        return Standing(mask, judge.rows, judge.total) if np.count_nonzero(mask) else None

    def _judge(self, units: Units, iteration: int) -> _Direct | _Deep | None:
        if self._batches.patches:
            patched = sum(each.edit.symbol == "x" and each.edit.iteration < iteration for each in self._batches.patches)
            if patched != self._patched:
                self._judges, self._patched = {}, patched
        if units.u not in self._judges:
            self._judges[units.u] = self._made(units, self._batches.whole("x", iteration))
        return self._judges[units.u]

    def _made(self, units: Units, x: Array) -> _Direct | _Deep | None:
        program, data = self._program, self._drawn
        step = program.steps[program.writers[units.u]]
        place = step.operation.weights
        if place == 1 and step.operation.adds and len(step.operands) == 3 and step.operands[0] == data:
            return _Direct(units, *step.operands[1:], x)
        steps = [each for each in program.steps[: units.place] if each.operands]
        needed = needed_for({units.u}, steps)
        drawn = {s.symbol for s in program.steps if not s.operands} & {name for s in needed for name in s.operands}
        return _Deep(units, needed, data, x) if drawn == {data} else None

    @cached_property
    def _drawn(self) -> str:
        symbols = self._program.symbols.values()
        return next((each.name for each in symbols if each.data == "x" and not each.rows), "")


class _Direct:
    """Units of u = x W + b, of all rows x of the data, which are `rows` and `total`. W, b: symbols.

    Of a unit for which a row was found that it is not still for, that row is its witness. Of one that was found to
    stand still, the weights that it had then are kept, and the margin by which it did.
    """

    def __init__(self, units: Units, W: str, b: str, x: Array) -> None:
        self.rows = self.total = len(x)
        self._units, self._names, self._x = units, (W, b), x
        self._reach = float(np.sqrt(np.max(np.einsum("ij,ij->i", x, x), initial=0.0)))
        self._witness: Array | None = None
        self._settled: _Settled | None = None

    def closed(self, mask: Mask, values: Values) -> Mask:
        """Which of these units stand still for every row."""
        W, b = values[self._names[0]], values[self._names[1]]
        if self._witness is None:
            self._witness, self._witnessed = np.zeros(W.shape), np.zeros(len(b), dtype=bool)
            self._W, self._b, self._margin = W.copy(), b.copy(), np.full(len(b), -1.0)
        still, settled = np.zeros(len(mask), dtype=bool), self._settled
        if settled is not None and settled.holds(mask, W, b):
            still, mask = settled.mask.copy(), mask & ~settled.mask
        (asked,) = mask.nonzero()
        if not asked.size:
            return still
        own, bias = W.take(asked, axis=1), b.take(asked)
        u = np.add.reduce(self._witness.take(asked, axis=1) * own, axis=0) + bias
        alive = (self._units.depths(u) < 0) & self._witnessed.take(asked)
        if np.count_nonzero(alive) < asked.size:
            (rest,) = (~alive).nonzero()
            still[asked[rest]] = self._asked(asked[rest], own[:, rest], bias[rest])
            self._settled = _Settled.of(still, W, b) if np.count_nonzero(still) else None
        return still

    def _asked(self, asked: Integers, W: Array, b: Array) -> Mask:
        """The same of units whose weights have changed, with these: by their margins, or by all rows."""
        assert self._witness is not None
        change, turned, margin = W - self._W[:, asked], b - self._b[asked], self._margin[asked]
        moved = np.sqrt(np.einsum("ij,ij->j", change, change)) * self._reach + np.abs(turned)
        still = np.asarray((moved < margin * WHOLE) | ((moved == 0) & (margin >= 0)))
        for place in (~still).nonzero()[0].tolist():  # a column at a time, for rows there may be many of
            unit, column = asked[place], np.ascontiguousarray(W[:, place])
            depths = self._units.depths(self._x @ column + b[place])
            row = int(depths.argmin())
            still[place] = found = bool(depths[row] >= 0)
            self._W[:, unit], self._b[unit] = column, b[place]
            self._margin[unit], self._witnessed[unit] = depths[row] if found else -1.0, not found
            if not found:
                self._witness[:, unit] = self._x[row]
        return still


@dataclass(frozen=True, eq=False)
class _Settled:
    """Units that stand still, with the weights that they have then: as long as they have these, they do."""

    mask: Mask
    units: Integers
    weights: tuple[bytes, bytes]

    @classmethod
    def of(cls, mask: Mask, W: Array, b: Array) -> _Settled:
        """Those of a mask, with their columns of W and their elements of b."""
        (units,) = mask.nonzero()
        return cls(mask.copy(), units, (W.take(units, axis=1).tobytes(), b.take(units).tobytes()))

    def holds(self, mask: Mask, W: Array, b: Array) -> bool:
        """Whether they are all in another mask, and have these weights still, to the bit."""
        units = self.units
        if np.count_nonzero(mask.take(units)) < units.size:
            return False
        return (W.take(units, axis=1).tobytes(), b.take(units).tobytes()) == self.weights


@dataclass(eq=False)
class _Deep:
    """Units that a forward pass leads to.

    steps: of it. x: the name of the rows, of which `rows` of `total` are asked.
    """

    units: Units
    steps: Sequence[Step]
    name: str
    x: Array

    def __post_init__(self) -> None:
        self.total = len(self.x)
        if self.total > MOST_ROWS:
            self.x = self.x[np.linspace(0, self.total - 1, MOST_ROWS).round().astype(np.int64)]
        self.rows = len(self.x)
        self._witness: dict[int, int] = {}

    def closed(self, mask: Mask, values: Values) -> Mask:
        """Which of these units stand still for every row that is asked; none where the pass does not fit other rows."""
        still, asked = np.zeros(len(mask), dtype=bool), mask.nonzero()[0]
        with suppress(ShapeError):
            still[asked] = self._closed(asked, values)
        return still

    def _closed(self, asked: Integers, values: Values) -> Mask:
        rest = np.ones(asked.size, dtype=bool)
        seen = [(place, self._witness[unit]) for place, unit in enumerate(asked.tolist()) if unit in self._witness]
        if seen:
            places = np.array([place for place, _ in seen])
            u = self._u(values, self.x[[row for _, row in seen]])
            rest[places] = self.units.depths(u[np.arange(len(seen)), asked[places]]) >= 0
        if not rest.any():
            return rest
        columns = asked[rest]
        depths = self.units.depths(self._u(values, self.x)[:, columns])
        still = depths.min(axis=0) >= 0
        for unit, row, dead in zip(columns.tolist(), depths.argmin(axis=0).tolist(), still.tolist(), strict=True):
            if not dead:
                self._witness[unit] = row
        rest[rest] = still
        return rest

    def _u(self, values: Values, rows: Array) -> Array:
        """The pre-activations of some rows."""
        there: dict[str, Array] = {**values, self.name: rows}
        for step in self.steps:
            there[step.symbol] = compute(step, there)
        return there[self.units.u]


def standing_still(
    units: Units, standing: Standing, iteration: int, new: Sequence[int] = (), at_fault: Mask | None = None
) -> Symptom | None:
    """What is to be said of units that stand still: an alarm where they are many, otherwise a remark."""
    mask = standing.mask if at_fault is None else standing.mask & at_fault
    still, of = np.flatnonzero(mask).tolist(), len(mask)
    if not still:
        return None
    symbol, layer = units.named
    foreign = float(bool(units.step.operation.note))
    detail: Mapping[str, float] = {"rows": standing.rows, "total": standing.total, "foreign": foreign}
    alarm = is_many(len(still), of)
    places = tuple(still), tuple(unit for unit in new if mask[unit])
    return Symptom(units.kind, symbol, len(still), of, iteration, layer, *places, detail=detail, alarm=alarm)
