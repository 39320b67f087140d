"""The curve on the screen: of the loss, of what is measured now and then, of a watched number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.stops import WATCH
from engine.watching import series
from tui.widgets.curve import Curve
from tui.words import curves as words

if TYPE_CHECKING:
    from tui.screens.debugger import DebuggerScreen

WATCHED = "watch: "  # begins the name of the curve of a watched number
LOSS, LINEAR, LOGARITHMIC = "", "linear", "logarithmic"  # what is drawn of the loss, on which axis
AXES = {LINEAR: False, LOGARITHMIC: True}
SAID = {LOSS: words.THE_LOSS, LINEAR: words.THE_LOSS_LINEAR, LOGARITHMIC: words.THE_LOSS_LOGARITHMIC}


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
    name = words.LOSS if moment.program.loss == "E" else loss
    curve.border_title = words.ANOTHER_WITH_L.format(name=name) if moment.measured else name
    curve.show(moment.losses, moment.known, cursor, moment.iterations, loss, logarithmic=AXES.get(chosen))


def next_curve(screen: DebuggerScreen) -> None:
    """Another curve: of the loss, of what is measured, of a watch."""
    watched = {f"{WATCHED}{stop.when}": stop for stop in screen.timeline.stops if stop.kind == WATCH}
    choices = [LOSS, *AXES, *screen.moment.measured, *watched]
    here = choices.index(screen.curve) if screen.curve in choices else 0
    screen.curve = choices[(here + 1) % len(choices)]
    small = screen.has_class("-narrow") or screen.has_class("-short")
    if screen.curve not in watched:
        if small:
            screen.turn_to("curve")
        screen.show()
        screen.say(SAID.get(screen.curve) or words.MEASURED.format(name=screen.curve))
        return
    stop, timeline = watched[screen.curve], screen.timeline

    def done(points: object) -> None:
        screen.watched_curve = points  # type: ignore[assignment]  # what `series` gives
        screen.turn_to("curve" if small else screen.panel)
        is_number = bool(screen.watched_curve[0])
        told = words.WATCHED.format(expression=stop.when) if is_number else words.NO_NUMBER.format(expression=stop.when)
        screen.say(told)

    label = words.LOOKING_AT.format(expression=stop.when)
    screen.work(label, lambda progress: series(timeline, stop, progress), done)
