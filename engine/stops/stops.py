"""Where a run stops: breakpoints on a step, a phase or a condition, watches, and the stops that are always there.

A stop is a value. Compiled against a program it becomes a `Trigger`, which says of any iteration at which of its
steps it hits. That depends on nothing but the iteration's values and those of the iteration before, so that searching
forwards and searching backwards find the same moments.

A condition is asked once an iteration, as soon as everything that it names has its value; one that names `step` or
`phase` is asked after every step from then on. `every` counts its hits from the start of the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gradstep.engine.arrays import Array
from gradstep.engine.errors import Problem
from gradstep.engine.health.symptoms import (
    DEAD,
    EXPLODING,
    EXPLODING_LEAST,
    IDENTICAL,
    PLATEAU,
    SATURATED,
    SATURATED_BELOW,
    SHARE,
    VANISHING,
    VANISHING_BELOW,
)
from gradstep.engine.program.program import Program
from gradstep.engine.words import stops as words

STEP, PHASE, CONDITION, WATCH = "step", "phase", "condition", "watch"
NON_FINITE, LOSS_RISES = "non-finite", "loss rises"
FIGURE = "figure"  # one that fails without a reason
OWN_LINE = "own line"  # of somebody's own backward pass, where it is wrong
WINDOW = 100  # iterations
SIGNIFICANT_RISE = 3.0  # standard errors of the difference of two means

# Kind of a symptom → kind of the stop that it is. What each text says is asked for when it is shown.
SATURATION = "saturated units"
HEALTH: Mapping[str, str] = {
    EXPLODING: EXPLODING,
    VANISHING: VANISHING,
    DEAD: DEAD,
    **dict.fromkeys(SATURATED.values(), SATURATION),
    IDENTICAL: IDENTICAL,
    PLATEAU: PLATEAU,
}
_SAID = {
    FIGURE: words.FIGURE_FAILS,
    OWN_LINE: words.OWN_LINE_IS_WRONG,
    EXPLODING: words.EXPLODES.format(above=EXPLODING_LEAST),
    VANISHING: words.VANISHES.format(below=VANISHING_BELOW),
    DEAD: words.DIE.format(share=SHARE),
    SATURATION: words.SATURATE.format(share=SHARE, below=SATURATED_BELOW),
    IDENTICAL: words.STAY_IDENTICAL,
    PLATEAU: words.STOPS_FALLING,
}

Values = Mapping[str, Array]


class StopError(Problem):
    """A breakpoint or watch that cannot be used; the message says where in it and what would be right."""


@dataclass(frozen=True)
class Stop:
    """kind: one of the constants above. at: a symbol or phase. when: a condition, or what a watch shows."""

    kind: str
    at: str = ""
    when: str = ""
    every: int = 1
    enabled: bool = True

    def __str__(self) -> str:
        if self.kind == NON_FINITE:
            return words.BECOMES_NON_FINITE
        if self.kind == LOSS_RISES:
            return words.LOSS_RISES(WINDOW)
        if self.kind in _SAID:
            return _SAID[self.kind]
        if self.kind == WATCH:
            return words.CHANGES.format(expression=self.when)
        text = f"{self.at} if {self.when}" if self.at and self.when else self.at or self.when
        return f"{text} every {self.every}" if self.every > 1 else text

    @property
    def identity(self) -> Stop:
        """The same, switched on: what its hits are counted under."""
        return replace(self, enabled=True)


HEALTH_STOPS = tuple(Stop(kind) for kind in dict.fromkeys(HEALTH.values()))
ALWAYS = (Stop(NON_FINITE), Stop(LOSS_RISES), Stop(FIGURE), *HEALTH_STOPS)  # in every program
BUILT_IN = (Stop(OWN_LINE), *ALWAYS)  # which nobody has to set


def built_in(program: Program) -> tuple[Stop, ...]:
    """Those that a program has: one at own lines where it has some."""
    return BUILT_IN if program.own_lines else ALWAYS
