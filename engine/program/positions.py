"""Positions: the moments between two steps, how they are typed, and where the steps of a walk lead.

A position is an iteration and how many of its steps have run. (I, all) and (I + 1, 0) are the same moment, kept as
the former; only the start, before anything has run, is (1, 0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from gradstep.engine.errors import Problem
from gradstep.engine.program.names import Names
from gradstep.engine.program.program import Program, Step
from gradstep.engine.words import timeline as words

MOST_DIGITS = 18  # of a number; no run has more iterations


@dataclass(frozen=True, order=True)
class Position:
    """A moment; phase and symbol are those of the step that has just run, None at the start."""

    iteration: int
    step: int
    phase: str | None = field(default=None, compare=False)
    symbol: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return "start" if self.symbol is None else f"{self.iteration}:{self.symbol}"


def position_json(position: Position) -> dict[str, int | str | None]:
    """A position as a program reads it."""
    return asdict(position)


class PositionError(Problem):
    """A typed position that does not exist; the message says what would."""


@dataclass(frozen=True, eq=False)
class Course:
    """All positions of a run: a program's steps, `iterations` times over."""

    names: Names
    iterations: int

    @property
    def program(self) -> Program:
        """The program that is run."""
        return self.names.program

    def said(self, position: Position) -> str:
        """A position as sentences call it, in the scenario's own names."""
        if position.symbol is None:
            return str(position)
        return f"{position.iteration}:{self.names.dressed_own(position.symbol)}"

    def length(self, iteration: int) -> int:
        """How many steps an iteration has."""
        return self.program.length(iteration)

    @property
    def start(self) -> Position:
        """Before anything has run."""
        return Position(1, 0)

    @property
    def end(self) -> Position:
        """After everything has run."""
        return self.at(self.iterations, self.length(self.iterations))

    def at(self, iteration: int, step: int) -> Position:
        """The position after `step` steps of an iteration, both in range; 0 steps are the iteration before, whole."""
        if step == 0:
            if iteration == 1:
                return Position(1, 0)
            iteration, step = iteration - 1, self.length(iteration - 1)
        written = self.program.steps[step - 1]
        return Position(iteration, step, written.phase, written.symbol)

    def parse(self, text: str, current: int | None = None) -> Position:
        """A typed position: `I`, `I:K`, `I:SYMBOL`, `start`, `end`; with `current` also `:K`, `:SYMBOL`, `SYMBOL`.

        Raises PositionError.
        """
        text = text.strip()
        if text in ("start", "end"):
            return self.start if text == "start" else self.end
        if current is not None and text.partition("[")[0] in self.names.references:
            text = f":{text}"
        before, colon, after = text.partition(":")
        if not before and colon and current is not None:
            iteration = current
        else:
            iteration = _number(before, text)
            if not 1 <= iteration <= self.iterations:
                found = before.strip()[:24]
                raise PositionError(words.NO_SUCH_ITERATION.format(text=text, most=self.iterations, found=found))
        if not colon:
            return self.at(iteration, self.length(iteration))
        if after.strip().isdecimal():
            step, length = _number(after, text), self.length(iteration)
            if step > length:
                found = after.strip()[:24]
                raise PositionError(words.NO_SUCH_STEP.format(text=text, most=length, found=found))
            return self.at(iteration, step)
        return self.at(iteration, self._step_of(after.strip(), iteration, text))

    def _step_of(self, word: str, iteration: int, text: str) -> int:
        name, bracket, _ = word.partition("[")
        try:
            symbol = self.names.resolve(name if bracket and word.endswith("]") else word).symbol
        except KeyError as error:
            raise PositionError(f'"{text}": {error.args[0]}') from None
        place, shown = self.program.writers.get(symbol), self.names.dressed_own(symbol)
        if place is None:
            other = self.program.carried.get(symbol, symbol)
            if other != symbol:
                other = self.names.typed(other)
                raise PositionError(words.ANOTHER_IS_WRITTEN.format(text=text, symbol=shown, other=other))
            raise PositionError(words.WRITTEN_BY_NO_STEP.format(text=text, symbol=shown))
        if place >= self.length(iteration):
            every, first = self.program.measure_every, self.program.first_measured
            problem = words.MEASURED_NOW_AND_THEN.format(text=text, symbol=shown, first=first, second=first + every)
            raise PositionError(problem)
        return place + 1

    # ── where a walk leads: each unit has its ends, on goes to the next of them, back to the one before ──────

    def destination(self, unit: str, here: Position, direction: int) -> Position | None:
        """Where one `unit` on (+1) or back (−1) from `here` is; None where that is beyond the run's end or start."""
        if unit == "iteration":
            return self._same_place(here, direction)
        key = UNITS[unit]
        iteration, step = here.iteration, here.step
        if direction > 0 and step == self.length(iteration):
            iteration, step = iteration + 1, 0
        if not 1 <= iteration <= self.iterations or (direction < 0 and here == self.start):
            return None
        steps, count = self.program.steps, self.length(iteration)
        step += direction
        while 0 < step < count and key(steps[step - 1]) == key(steps[step]):
            step += direction
        return self.at(iteration, step)

    def _same_place(self, here: Position, direction: int) -> Position | None:
        iteration = here.iteration + direction
        if here == self.start:
            return self.at(1, self.length(1)) if direction > 0 else None
        if iteration == 0 and here.step == self.length(1):
            return self.start
        if not 1 <= iteration <= self.iterations:
            return None
        return self.at(iteration, min(here.step, self.length(iteration)))


def epoch_of(iteration: int, length: int) -> int:
    """The epoch that an iteration is of, from 1, where each has so many of them."""
    return (iteration - 1) // length + 1


def _number(word: str, text: str) -> int:
    """A number in a typed position; one of too many digits is one that there is not. Raises PositionError."""
    word = word.strip()
    if not (word.isascii() and word.isdecimal()):
        raise PositionError(words.NOT_A_POSITION.format(text=text))
    return int(word) if len(word) <= MOST_DIGITS else 10**MOST_DIGITS


# What two neighbouring steps have in common that belong to one unit.
UNITS: Mapping[str, Callable[[Step], object]] = {
    "step": id,
    "layer": lambda step: (step.phase, step.layer, step.line),  # a loss has several lines under one heading
    "phase": lambda step: step.phase,
}
