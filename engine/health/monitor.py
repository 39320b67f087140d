"""What a run shows of symptoms from iteration to iteration, and in which of them each begins.

A `Monitor` is shown iterations in order. What it finds of one depends on nothing but the values of that one and of some
`lead` iterations before it, so that searching forwards and backwards finds the same. A symptom begins where it shows
and has not shown in the `QUIET` iterations before: one that comes and goes with the rows of a batch begins once. Once a
number is not finite, that is all there is to say, and the monitor is not asked.

It is asked of every iteration at full speed, by whoever lets numbers overflow in silence. So each symptom has a test
that is one product of an array with itself, and only what that cannot rule out is looked at more closely.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import cast

import numpy as np

from gradstep.engine.arrays import Array, Mask
from gradstep.engine.data.batches import Batches
from gradstep.engine.health import gradients
from gradstep.engine.health.anatomy import Anatomy
from gradstep.engine.health.plateau import Plateau, Window
from gradstep.engine.health.symmetry import hidden_of, identical
from gradstep.engine.health.symptoms import (
    EXPLODING,
    EXPLODING_LEAST,
    IN_TURN,
    VANISHING,
    VANISHING_BELOW,
    Symptom,
    Values,
    is_many,
)
from gradstep.engine.health.units import WHOLE, Census, Integers, Units, standing_still
from gradstep.engine.program.program import Program

QUIET = 10  # iterations without a symptom, after which it begins anew
NEVER = -(10**9)

Begun = tuple[int, Symptom]  # the step at which it shows, from 1, and what it is
At = Callable[[int], Values]  # the values when so many steps have run


Squares = tuple[Callable[[], float], ...]  # of an array's elements, summed, whenever they are asked for


def _square(array: Array) -> Callable[[], float]:
    flat = array.reshape(-1)
    return cast(Callable[[], float], partial(flat.dot, flat))


class _Stood:
    """The iterations in which each of some units stood still last, and in which so many did that it is a symptom."""

    def __init__(self, of: int) -> None:
        self._last: Integers = np.full(of, NEVER)
        self._many = NEVER
        self._mask, self._iteration = b"", NEVER  # of the last time, which is not counted yet

    def same(self, mask: Mask, iteration: int) -> bool:
        """Whether the same units stand still as in the iteration before: then nothing begins."""
        if iteration != self._iteration + 1 or mask.tobytes() != self._mask:
            return False
        self._iteration = iteration
        return True

    def new(self, mask: Mask, iteration: int) -> list[int] | None:
        """The units that stand still now and have not shortly before; None where nothing begins."""
        self._count()
        still = mask.nonzero()[0]
        new: list[int] = still[iteration - self._last[still] > QUIET].tolist()
        begins = is_many(len(still), len(mask)) and iteration - self._many > QUIET
        self._mask, self._iteration = mask.tobytes(), iteration
        return new if new or begins else None

    def _count(self) -> None:
        """Remember the last time."""
        mask = np.frombuffer(self._mask, dtype=bool)
        self._last[mask.nonzero()[0]] = self._iteration
        if is_many(int(mask.sum()), max(1, len(mask))):
            self._many = self._iteration


class Monitor:
    """Asked of iterations in order, which symptoms begin in each.

    edited: iterations in which something is set by hand.
    """

    def __init__(self, program: Program, batches: Batches, window: Window, edited: Collection[int] = ()) -> None:
        self._program, self._window = program, window
        self._anatomy = Anatomy(program)
        self._census, self._plateau = Census(program, batches), Plateau(program, batches)
        self._hidden = hidden_of(self._anatomy)
        self._decided = {1, *edited, *(iteration + 1 for iteration in edited)}
        self._in_turn = IN_TURN if batches.vary else 1
        self._length = len(program.steps) - program.measures
        self._gradients = sorted(self._anatomy.gradients, key=lambda each: each.place)
        self._deep = self._anatomy.deep if len(self._anatomy.deep) > 1 else ()
        self._closing = tuple(units for units in self._census.units if units.edge is None)
        self._saturable = tuple(units for units in self._census.units if units.edge is not None)
        deltas, inputs = (each.delta for each in self._deep), (units.u for units in self._saturable)
        self._measured = (*(each.symbol for each in self._gradients), *deltas, *inputs)
        self._inputs = len(self._gradients) + len(self._deep)
        # A gradient whose RMS is not above the least does not explode; where each |u| is below the edge, none is
        # saturated.
        self._most = [EXPLODING_LEAST**2 * _size(program, each.symbol) for each in self._gradients]
        self._most += [math.inf] * len(self._deep) + [(units.edge or 0.0) ** 2 * WHOLE for units in self._saturable]
        # The RMS of the elements that are not 0 is no less than that of all of them, and none is above the norm.
        shares = (VANISHING_BELOW**2 * _size(program, each.delta) for each in self._deep[:-1])
        self._share = list(enumerate(shares, start=len(self._gradients)))  # place among what is measured, share
        self._bound: list[tuple[Values, Squares]] = []
        self._squares: list[float] = []  # one iteration earlier
        self._last: dict[str, int] = {}
        self._stood: dict[str, _Stood] = {}
        self._turns: dict[str, int] = {}

    @property
    def lead(self) -> int:
        """How many iterations before it has to be shown, for what it says of one to be so."""
        return QUIET + self._in_turn + 1

    def begins(self, iteration: int, values_at: At) -> list[Begun]:
        """The symptoms, and remarks that are no alarms, that begin in an iteration, in the order of its steps."""
        values = values_at(self._length)
        squares = [square() for square in self._squares_of(values)]
        before, self._squares = self._squares, squares
        found: list[Begun] = []
        if any(map(operator.gt, squares, self._most)):
            found += self._exploding(iteration, values, before)
            for units, square, most in zip(
                self._saturable, squares[self._inputs :], self._most[self._inputs :], strict=True
            ):
                if square > most:
                    found += self._units(units, iteration, values_at)
        if self._deep and self._may_vanish(squares):
            found += self._vanishing(iteration, values)
        for units in self._closing:
            found += self._units(units, iteration, values_at)
        if iteration in self._decided or iteration + 1 in self._decided:
            found += self._identical(iteration, values)
        if iteration % self._plateau.every == 0:
            plateau = self._plateau.begins(self._window, iteration)
            found += [(self._program.writers[self._program.loss] + 1, plateau)] if plateau is not None else []
        return sorted(found, key=lambda begun: begun[0]) if len(found) > 1 else found

    def _squares_of(self, values: Values) -> Squares:
        """What is measured in every iteration: gradients, deltas, and what goes into activations that saturate.

        A run has its values in two sets of buffers, in turn.
        """
        for known, squares in self._bound:
            if known is values:
                return squares
        squares = tuple(_square(values[symbol]) for symbol in self._measured)
        self._bound = [*self._bound[-1:], (values, squares)]
        return squares

    def _may_vanish(self, squares: list[float]) -> bool:
        """Whether a delta is so small beside the last one that its elements have to be looked at."""
        last = squares[self._inputs - 1]
        for place, share in self._share:
            if squares[place] < share * last or not last > 0:
                return True
        if self._turns:
            self._turns = {}
        return False

    def _fresh(self, key: str, iteration: int) -> bool:
        """Whether what shows in this iteration has not shown shortly before."""
        last = self._last.get(key, NEVER)
        self._last[key] = iteration
        return iteration - last > QUIET

    def _units(self, units: Units, iteration: int, values_at: At) -> Iterator[Begun]:
        standing = self._census.standing(units, values_at(units.place), iteration)
        if standing is None:
            return
        key, place = units.step.symbol, units.place
        fault = None
        if units.output:
            place = self._program.writers[key] + 1
            fault = units.at_fault(values_at(place))
        mask = standing.mask if fault is None else standing.mask & fault
        stood = self._stood.setdefault(key, _Stood(len(mask)))
        if not stood.same(mask, iteration) and (new := stood.new(mask, iteration)) is not None:
            symptom = standing_still(units, standing, iteration, new, fault)
            if symptom is not None:
                yield place, symptom

    def _exploding(self, iteration: int, values: Values, before: list[float]) -> Iterator[Begun]:
        earlier = {
            each.symbol: math.sqrt(square) for each, square in zip(self._gradients, before, strict=False) if square > 0
        }
        for each in self._gradients:
            symptom = gradients.exploding(each, values, iteration, earlier)
            if symptom is not None:
                if self._fresh(EXPLODING, iteration):
                    yield each.place, symptom
                return

    def _vanishing(self, iteration: int, values: Values) -> Iterator[Begun]:
        found: Begun | None = None
        for each in self._deep[:-1]:
            symptom = gradients.vanishing(each, self._deep[-1], values, iteration)
            turns = self._turns[each.delta] = self._turns.get(each.delta, 0) + 1 if symptom is not None else 0
            if found is None and symptom is not None and turns >= self._in_turn:
                found = each.weights.place, symptom
        if found is not None and self._fresh(VANISHING, iteration):
            yield found

    def _identical(self, iteration: int, values: Values) -> Iterator[Begun]:
        for hidden in self._hidden:
            symptom = identical(hidden, values, iteration)
            if symptom is not None and self._fresh(f"={hidden.symbol}", iteration) and iteration in self._decided:
                yield hidden.place, symptom


def _size(program: Program, symbol: str) -> int:
    return math.prod(program.symbols[symbol].shape)
