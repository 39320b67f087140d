"""How a breakpoint or a watch is named: where it stops and when, in the names that are shown."""

from __future__ import annotations

from gradstep.engine.stops.stops import CONDITION, PHASE, STEP, WATCH, Stop
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import stops as words


def stop_name(stop: Stop, notation: Notation) -> str:
    """The name of a stop: where it stops, or the expression that is watched."""
    when = notation.typed(stop.when)
    if stop.kind == WATCH:
        if stop.enabled:
            return words.WATCH_AND_STOP.format(expression=when)
        return words.WATCH.format(expression=when)
    if stop.kind not in (STEP, PHASE, CONDITION):
        return notation.sign(str(stop))
    at = notation.symbol(stop.at) if stop.kind == STEP else stop.at
    text = f"{at} if {when}" if at and when else at or when
    return f"{text} every {stop.every}" if stop.every > 1 else text
