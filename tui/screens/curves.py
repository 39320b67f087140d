"""The curve on the screen: of the loss, of what is measured now and then, of a watched number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.stops import WATCH
from engine.watching import series
from tui.widgets.curve import Curve

if TYPE_CHECKING:
    from tui.screens.debugger import DebuggerScreen

WATCHED = "watch: "  # begins the name of the curve of a watched number
AXES = {"the loss, linear": False, "the loss, logarithmic": True}


def show_curve(screen: DebuggerScreen) -> None:
    """Draw what was chosen last, up to the cursor."""
    moment, curve = screen.moment, screen.query_one(Curve)
    cursor, chosen = moment.position.iteration, screen.curve
    points = screen.watched_curve if chosen.startswith(WATCHED) else moment.measured.get(chosen)
    if points is not None:
        places, numbers = points
        last = max(places, default=0)
        values, known = np.full(last, np.nan), np.zeros(last, dtype=bool)
        at = np.array(places, dtype=np.int64) - 1
        values[at], known[at] = numbers, True
        name = chosen.removeprefix(WATCHED)
        curve.border_title = name
        curve.show(values, known, cursor, moment.iterations, name, "")
        return
    loss = screen.view.wording.symbol(moment.program.loss)
    name = "loss" if moment.program.loss == "E" else loss
    curve.border_title = name + (" (l: accuracy)" if moment.measured else "")
    curve.show(moment.losses, moment.known, cursor, moment.iterations, loss, logarithmic=AXES.get(chosen))


def next_curve(screen: DebuggerScreen) -> None:
    """Another curve: of the loss, of what is measured, of a watch."""
    watched = {f"{WATCHED}{stop.when}": stop for stop in screen.timeline.stops if stop.kind == WATCH}
    choices = ["", *AXES, *screen.moment.measured, *watched]
    here = choices.index(screen.curve) if screen.curve in choices else 0
    screen.curve = choices[(here + 1) % len(choices)]
    small = screen.has_class("-narrow") or screen.has_class("-short")
    if screen.curve not in watched:
        if small:
            screen.turn_to("curve")
        screen.show()
        screen.say(f"the curve of {screen.curve or 'the loss'}")
        return
    stop, timeline = watched[screen.curve], screen.timeline

    def done(points: object) -> None:
        screen.watched_curve = points  # type: ignore[assignment]  # what `series` gives
        screen.turn_to("curve" if small else screen.panel)
        which = "at the end of each iteration so far" if screen.watched_curve[0] else "is no single number"
        screen.say(f"the curve of {stop.when}, {which}" if screen.watched_curve[0] else f"{stop.when} {which}")

    screen.work(f"looking at {stop.when}", lambda progress: series(timeline, stop, progress), done)
