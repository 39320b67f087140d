"""Triggers: stops bound to a program, asked of an iteration's values whether and where they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from gradstep.engine import arrays
from gradstep.engine.arrays import Array
from gradstep.engine.errors import closest
from gradstep.engine.language import conditions
from gradstep.engine.language.syntax import ExpressionError, MissingValueError, SyntaxNode, nodes
from gradstep.engine.program.claims import RIGHT, claim
from gradstep.engine.program.names import Names, Reference
from gradstep.engine.program.positions import epoch_of
from gradstep.engine.program.program import Phase, Program
from gradstep.engine.stops.stops import CONDITION, PHASE, SIGNIFICANT_RISE, STEP, WATCH, Stop, StopError, Values
from gradstep.engine.words import phrases
from gradstep.engine.words import stops as words

_EVERY = re.compile(r"^(.*?)\s+every\s+(-?\d{1,9})(?:st|nd|rd|th)?$", re.DOTALL)


def parse_stop(text: str, names: Names) -> Stop:
    """A typed breakpoint: `dW1`, `backward`, `E < 0.1`, `dW1 if E < 0.1`, also with `every 10` behind. StopError."""
    typed = " ".join(text.split())
    every = 1
    counted = _EVERY.match(typed)
    if counted:
        typed, every = counted[1].strip(), int(counted[2])
        if every < 1:
            raise StopError(words.NEVER_STOPS.format(every=every))
    at, condition, when = typed.partition(" if ")
    if condition:
        return breakpoint_at(at.strip(), when.strip(), every, names)
    if typed in [*Phase] or typed in names.references:
        return breakpoint_at(typed, "", every, names)
    return breakpoint_at("", typed, every, names)


def breakpoint_at(at: str, when: str, every: int, names: Names) -> Stop:
    """A breakpoint on a symbol, name or phase, under a condition; either may be empty. Raises StopError."""
    if at:
        return checked(Stop(*_located(at, names), when, every), names)
    if not when:
        raise StopError(words.NOTHING_TO_STOP_AT)
    return checked(Stop(CONDITION, "", when, every), names)


def _located(at: str, names: Names) -> tuple[str, str]:
    """The kind and the canonical spelling of where a breakpoint stands."""
    if at in [*Phase]:
        if not any(step.phase == at for step in names.program.steps):
            raise StopError(words.NO_SUCH_PHASE.format(phase=at))
        return PHASE, at
    try:
        reference = names.resolve(at)
    except KeyError:
        hint = closest(at, {*names.references, *Phase})
        raise StopError(words.NO_SUCH_PLACE.format(text=at, hint=hint)) from None
    if reference.symbol not in names.program.writers:
        becomes = names.program.carried.get(reference.symbol, reference.symbol)
        if becomes != reference.symbol:
            raise StopError(words.ANOTHER_IS_WRITTEN.format(text=at, other=names.typed(becomes)))
        raise StopError(words.WRITTEN_BY_NO_STEP.format(text=at))
    return STEP, reference.symbol


def watch(text: str, names: Names, *, stops: bool = False) -> Stop:
    """A typed watch as a stop: one that is switched off, unless its change `stops`. Raises StopError."""
    if not text.strip():
        raise StopError(words.NOTHING_TO_WATCH)
    return checked(Stop(WATCH, "", " ".join(text.split()), 1, enabled=stops), names)


def checked(stop: Stop, names: Names) -> Stop:
    """The stop, if it can be used with this program; raises StopError."""
    Trigger(stop, names, 1).check()
    return stop


@dataclass(frozen=True, eq=False)
class Check:
    """A question that is asked at one moment of a run alone. symbols: whose values of that iteration it needs."""

    iteration: int
    step: int
    symbols: frozenset[str]
    fails: Callable[[Values], bool]


def own_line_checks(program: Program) -> Iterator[Check]:
    """What a stop at somebody's own lines asks: in the first iteration, of each line, whether it is wrong."""
    for step in program.own_lines:
        truth = program.symbols[step.symbol].truth
        if truth:
            needed = frozenset((step.symbol, truth))
            yield Check(1, program.writers[step.symbol] + 1, needed, partial(_is_wrong, program, step.symbol))


def _is_wrong(program: Program, symbol: str, values: Values) -> bool:
    return claim(program, values, symbol).verdict not in RIGHT


@dataclass(frozen=True, eq=False)
class Trigger:
    """A stop against a program. epoch: iterations an epoch. checks: of a stop on figures, what it asks."""

    stop: Stop
    names: Names
    epoch: int
    checks: Sequence[Check] = ()

    @property
    def program(self) -> Program:
        """The program that is run."""
        return self.names.program

    @cached_property
    def tree(self) -> SyntaxNode | None:
        """The condition's tree; None where there is none. Raises StopError."""
        if not self.stop.when:
            return None
        try:
            tree = conditions.parse(self.stop.when)
            if self.stop.kind != WATCH or not self.stop.enabled:
                return tree
            if conditions.looks_back(tree):
                raise StopError(words.WATCH_LOOKS_BACK.format(text=self.stop.when))
            return conditions.parse(f"changed({self.stop.when})")
        except ExpressionError as error:
            raise StopError(str(error)) from None

    @cached_property
    def references(self) -> Mapping[str, Reference]:
        """Name in the condition → the symbol or element that it stands for. Raises StopError."""
        named = sorted(conditions.names(self.tree) - SPECIAL.keys()) if self.tree else ()
        try:
            return {name: self.names.resolve(name) for name in named}
        except KeyError as error:
            raise StopError(str(error.args[0])) from None

    @cached_property
    def now(self) -> frozenset[str]:
        """The symbols whose values in the same iteration it needs."""
        return self._symbols(conditions.names_now).union(*(check.symbols for check in self.checks))

    @cached_property
    def earlier(self) -> frozenset[str]:
        """The symbols whose values one iteration earlier it needs."""
        return self._symbols(conditions.names_before)

    def _symbols(self, names: Callable[[SyntaxNode], frozenset[str]]) -> frozenset[str]:
        """The symbols that some names in the condition stand for."""
        needed = names(self.tree) if self.tree else ()
        return frozenset(self.references[name].symbol for name in needed if name not in SPECIAL)

    @cached_property
    def looks_back(self) -> bool:
        """Whether it asks for anything one iteration earlier."""
        return self.tree is not None and conditions.looks_back(self.tree)

    @cached_property
    def place(self) -> int:
        """How many steps have run when everything that the condition names has a value."""
        return max((self.program.writers.get(symbol, -1) + 1 for symbol in self.now), default=0)

    @cached_property
    def _after_every_step(self) -> bool:
        if self.tree is None or self.stop.kind in (STEP, PHASE):
            return False
        return not {"step", "phase"}.isdisjoint(conditions.names(self.tree))

    def steps(self, iteration: int) -> range:
        """After which of an iteration's steps it is asked."""
        return self._steps[self.program.measured(iteration)]

    @cached_property
    def _steps(self) -> tuple[range, range]:
        """After which steps it is asked of an iteration without a measure phase, and of one with it."""
        steps = len(self.program.steps)
        return self._steps_of(steps - self.program.measures), self._steps_of(steps)

    def _steps_of(self, length: int) -> range:
        """After which steps it is asked of an iteration of so many."""
        program = self.program
        if self.stop.kind == STEP:
            place = program.writers[self.stop.at] + 1
        elif self.stop.kind == PHASE:
            place = next(place for place, step in enumerate(program.steps, 1) if step.phase == self.stop.at)
        else:
            place = max(1, self.place)
        return range(place, (length if self._after_every_step else min(place, length)) + 1)

    @cached_property
    def _checks(self) -> Mapping[int, Sequence[Check]]:
        """What it asks, by iteration."""
        found: dict[int, list[Check]] = {}
        for check in self.checks:
            found.setdefault(check.iteration, []).append(check)
        return found

    def failing(self, iteration: int, values_at: Callable[[int], Values]) -> Iterator[int]:
        """The steps of an iteration after which a check fails, each once."""
        checks = self._checks.get(iteration, ())
        return iter(sorted({check.step for check in checks if check.fails(values_at(check.step))}))

    def check(self) -> None:
        """Raises StopError where the condition cannot be evaluated, has no answer, or has none at its place."""
        program, tree = self.program, self.tree
        if tree is None:
            return
        if self.stop.kind in (STEP, PHASE) and self.place > self.steps(program.first_measured).start:
            late = next(s for s in self.now if program.writers.get(s, -1) + 1 == self.place)
            shown = [
                self.names.dressed_own(symbol) if symbol in program.symbols else symbol
                for symbol in (late, self.stop.at)
            ]
            raise StopError(phrases.NO_VALUE_YET.format(symbol=shown[0], place=shown[1]))
        blank = {each.symbol: np.zeros(program.symbols[each.symbol].shape) for each in self.references.values()}
        lookup = self._lookup(blank, 1, 1)
        # What `and` and `or` would not ask for, as the zeros are, has to be in order, too.
        inside = (operand for node in nodes(tree) if node.rule in ("logic", "not") for operand in node.operands)
        try:
            value = conditions.evaluate(tree, lookup, lookup)
            if self.stop.kind != WATCH or self.stop.enabled:
                conditions.is_true(value, tree)
            for node in inside:
                conditions.is_true(conditions.evaluate(node, lookup, lookup), node)
        except ExpressionError as error:
            raise StopError(str(error)) from None

    @property
    def constant(self) -> bool | None:
        """What a condition in which nothing of the run is named always comes to; None where it is no such one."""
        if self.tree is None or conditions.names(self.tree):
            return None
        return conditions.is_true(conditions.evaluate(self.tree, self._lookup({}, 1, 1)))

    def holds(self, values: Values, previous: Values | None, iteration: int, step: int) -> bool:
        """Whether the condition is true after a step; without a condition, always.

        It is asked again and again: NumPy's warnings are left to whoever asks.
        """
        if self.tree is None:
            return True
        try:
            return conditions.is_true(self._value(values, previous, iteration, step))
        except MissingValueError:
            return False

    def value(self, values: Values, previous: Values | None, iteration: int, step: int) -> conditions.Value:
        """The condition's value there. Raises MissingValueError where something has none."""
        with np.errstate(all="ignore"):
            return self._value(values, previous, iteration, step)

    def _value(self, values: Values, previous: Values | None, iteration: int, step: int) -> conditions.Value:
        assert self._run is not None, "there is a condition"
        before = None if previous is None else self._lookup(previous, iteration - 1, step)
        return self._run(self._lookup(values, iteration, step), before)

    @cached_property
    def _run(self) -> conditions.Run | None:
        """What evaluates the condition; None where there is none."""
        return None if self.tree is None else conditions.compiled(self.tree)

    def _lookup(self, values: Values, iteration: int, step: int) -> conditions.Lookup:
        references = self.references

        def found(name: str) -> conditions.Value:
            reference = references.get(name)
            if reference is not None and reference.symbol not in values:
                raise KeyError(name)
            return SPECIAL[name](self, iteration, step) if reference is None else reference.of(values)

        return found


# What a condition can name apart from symbols.
SPECIAL: Mapping[str, Callable[[Trigger, int, int], conditions.Value]] = {
    "iteration": lambda trigger, iteration, step: float(iteration),
    "epoch": lambda trigger, iteration, step: float(epoch_of(iteration, trigger.epoch)),
    "step": lambda trigger, iteration, step: float(step),
    "phase": lambda trigger, iteration, step: _phase(trigger, step),
}


def _phase(trigger: Trigger, step: int) -> str:
    if not step:
        raise KeyError(words.NOTHING_HAS_RUN)
    return trigger.program.steps[step - 1].phase


def non_finite_steps(program: Program, values_at: Callable[[int], Values]) -> Iterator[int]:
    """The steps that make a NaN or an infinity out of finite operands: where it begins, not where it spreads to.

    Measuring does not count: it changes nothing.
    """
    known: dict[int, bool] = {}  # arrays that are looked at more than once

    def finite(array: Array) -> bool:
        if id(array) not in known:
            known[id(array)] = bool(np.isfinite(array).all())
        return known[id(array)]

    for place, step in enumerate(program.steps[: len(program.steps) - program.measures], start=1):
        values = values_at(place)
        if not finite(values[step.symbol]) and all(finite(values[name]) for name in step.operands):
            yield place


def rises(losses: Array) -> bool:
    """Whether the second half of the losses is higher than the first by more than chance: by `SIGNIFICANT_RISE`."""
    half = len(losses) // 2
    before, after = losses[:half], losses[half:]
    with np.errstate(all="ignore"):
        rise = float(arrays.add_reduce(after) - arrays.add_reduce(before)) / half
        if not rise > 0 or not np.isfinite(rise):
            return False
        return rise > SIGNIFICANT_RISE * float(np.sqrt((np.var(before) + np.var(after)) / half))
