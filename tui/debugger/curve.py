"""The curve on the screen: of the loss, of what is measured now and then, of a watched number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gradstep.engine.stops.stops import WATCH
from gradstep.engine.timeline.watches import series
from gradstep.tui.pages.captions import loss_captions, series_captions, titled
from gradstep.tui.pages.curve import Losses
from gradstep.tui.text.lines import bare
from gradstep.tui.widgets.curve import Curve
from gradstep.tui.words import curves as words

if TYPE_CHECKING:
    from gradstep.tui.debugger.screen import DebuggerScreen

WATCHED = "watch: "  # begins the name of the curve of a watched number
LINEAR, LOGARITHMIC = "linear", "logarithmic"  # what is drawn of the loss: on which axis
AXES = {LINEAR: False, LOGARITHMIC: True}
SHORT = {LINEAR: words.LINEAR, LOGARITHMIC: words.LOGARITHMIC}
NEXT = {LINEAR: words.LOSS_LINEAR, LOGARITHMIC: words.LOSS_LOGARITHMIC}
SAID = {LINEAR: words.THE_LOSS_LINEAR, LOGARITHMIC: words.THE_LOSS_LOGARITHMIC}

Points = tuple[list[int], list[float]]  # iterations, and a number of each


def show_curve(screen: DebuggerScreen, leads_to: str) -> None:
    """Draw what was chosen last, up to the cursor; the frame says what it is, what l leads to, and `leads_to`."""
    moment, curve, wording = screen.moment, screen.query_one(Curve), screen.view.wording
    order = _choices(screen)
    chosen = screen.curve if screen.curve in order else order[0]
    points = screen.watched_curve if chosen.startswith(WATCHED) else moment.measured.get(chosen)
    if points is None:
        name = words.LOSS if moment.program.loss == "E" else wording.symbol(moment.program.loss)
        losses = Losses(moment.losses, moment.known, moment.position.iteration, AXES[chosen])
        captions = loss_captions(moment, wording)
    else:
        name = chosen.removeprefix(WATCHED)
        losses = _of_points(points, moment.position.iteration)
        captions = series_captions(losses, moment.iterations)
    curve.show(losses, captions)
    curve.border_title = bare(titled(name, losses))
    following = order[(order.index(chosen) + 1) % len(order)]
    names = SHORT if points is None else NEXT
    told = words.NEXT_WITH_L.format(curve=names.get(following, following.removeprefix(WATCHED)))
    curve.border_subtitle = bare("  ".join(filter(None, (told if following != chosen else "", leads_to))))


def _choices(screen: DebuggerScreen) -> list[str]:
    """What l leads through: the loss on the axis that suits it and on the other, what is measured, the watches."""
    axis = Losses(screen.moment.losses, screen.moment.known).axis
    if axis is None:
        axes = [LINEAR, LOGARITHMIC]
    elif axis.lowest <= 0:
        axes = [LINEAR]
    else:
        axes = [LOGARITHMIC, LINEAR] if axis.logarithmic else [LINEAR, LOGARITHMIC]
    watched = (f"{WATCHED}{stop.when}" for stop in screen.timeline.stops if stop.kind == WATCH)
    return [*axes, *screen.moment.measured, *watched]


def _of_points(points: Points, cursor: int) -> Losses:
    places, numbers = points
    last = max(places, default=0)
    values, known = np.full(last, np.nan), np.zeros(last, dtype=bool)
    at = np.array(places, dtype=np.int64) - 1
    values[at], known[at] = numbers, True
    return Losses(values, known, cursor)


def next_curve(screen: DebuggerScreen) -> None:
    """Another curve: of the loss, of what is measured, of a watch."""
    watched = {f"{WATCHED}{stop.when}": stop for stop in screen.timeline.stops if stop.kind == WATCH}
    order = _choices(screen)
    here = order.index(screen.curve) if screen.curve in order else 0
    chosen = order[(here + 1) % len(order)]
    screen.curve = "" if chosen == order[0] else chosen  # the first stays the axis that suits the losses to come
    small = screen.has_class("-narrow") or screen.has_class("-short")
    if chosen not in watched:
        if small:
            screen.turn_to("curve")
        screen.show()
        screen.say(SAID.get(chosen) or words.MEASURED.format(name=chosen))
        return
    stop, timeline = watched[chosen], screen.timeline

    def done(points: object) -> None:
        screen.watched_curve = points  # type: ignore[assignment]  # what `series` gives
        screen.turn_to("curve" if small else screen.panel)
        is_number = bool(screen.watched_curve[0])
        told = words.WATCHED.format(expression=stop.when) if is_number else words.NO_NUMBER.format(expression=stop.when)
        screen.say(told)

    label = words.LOOKING_AT.format(expression=stop.when)
    screen.work(label, lambda progress: series(timeline, stop, progress), done)
