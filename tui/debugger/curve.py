"""Which curve is drawn: of the loss, of something measured now and then, of a watched number."""

from __future__ import annotations

from gradstep.engine.stops.stops import WATCH, Stop
from gradstep.engine.timeline.watches import series
from gradstep.tui.debugger.workbench import Points, Workbench
from gradstep.tui.pages.arrangement import CURVE
from gradstep.tui.pages.curve import Losses, losses_at
from gradstep.tui.pages.curve_panel import curve_panel
from gradstep.tui.text.drawing import Panel
from gradstep.tui.words import curve as words

WATCHED = "watch: "  # begins the name of the curve of a watched number
LINEAR, LOGARITHMIC = "linear", "logarithmic"  # what is drawn of the loss: on which axis
AXES = {LINEAR: False, LOGARITHMIC: True}
SHORT = {LINEAR: words.LINEAR, LOGARITHMIC: words.LOGARITHMIC}
NEXT = {LINEAR: words.LOSS_LINEAR, LOGARITHMIC: words.LOSS_LOGARITHMIC}
SAID = {LINEAR: words.THE_LOSS_LINEAR, LOGARITHMIC: words.THE_LOSS_LOGARITHMIC}


def drawn_curve(bench: Workbench, width: int, height: int) -> Panel:
    """The panel with the curve that was chosen last, or the first; with that of the branch that is compared."""
    order = _choices(bench)
    chosen = bench.curve if bench.curve in order else order[0]
    following = order[(order.index(chosen) + 1) % len(order)]
    points = bench.watched if chosen.startswith(WATCHED) else bench.moment.measured.get(chosen)
    names = SHORT if points is None else NEXT
    told = words.NEXT_WITH_L.format(curve=names.get(following) or _name(bench, following))
    aside = told if following != chosen else ""
    if points is not None:
        iteration = bench.moment.position.iteration
        shown = _name(bench, chosen), losses_at(*points, max(points[0], default=0), iteration)
        return curve_panel(bench.moment, bench.view, width, height, shown=shown, aside=aside)
    axis = None if chosen == order[0] else AXES[chosen]
    return curve_panel(bench.moment, bench.view, width, height, logarithmic=axis, other=_other(bench), aside=aside)


def _name(bench: Workbench, chosen: str) -> str:
    """What is measured or watched, in the names that are shown."""
    notation = bench.view.notation
    return notation.typed(chosen.removeprefix(WATCHED)) if chosen.startswith(WATCHED) else notation.symbol(chosen)


def _other(bench: Workbench) -> tuple[str, Losses] | None:
    """The losses of the branch that is compared, as far as they are known."""
    name = bench.view.other
    if name is None or bench.window.busy:
        return None
    bench.timeline.values_in(name)  # which goes as far as this branch has come
    return name, Losses(*bench.timeline.losses_in(name), bench.moment.position.iteration)


def _watches(bench: Workbench) -> dict[str, Stop]:
    return {f"{WATCHED}{stop.when}": stop for stop in bench.timeline.stops if stop.kind == WATCH}


def _choices(bench: Workbench) -> list[str]:
    """The curves that l goes through: the loss on the axis that suits it and on the other, measures, watches."""
    axis = Losses(bench.moment.losses, bench.moment.known).axis
    if axis is None:
        axes = [LINEAR, LOGARITHMIC]
    elif axis.lowest <= 0:
        axes = [LINEAR]
    else:
        axes = [LOGARITHMIC, LINEAR] if axis.logarithmic else [LINEAR, LOGARITHMIC]
    return [*axes, *bench.moment.measured, *_watches(bench)]


def next_curve(bench: Workbench) -> None:
    """Another curve: of the loss, of what is measured, of a watch."""
    order = _choices(bench)
    here = order.index(bench.curve) if bench.curve in order else 0
    chosen = order[(here + 1) % len(order)]
    bench.curve = "" if chosen == order[0] else chosen  # the first stays the axis that suits the losses to come
    stop, timeline = _watches(bench).get(chosen), bench.timeline
    if stop is None:
        _turn_to_curve(bench)
        bench.say(SAID.get(chosen) or words.MEASURED.format(name=_name(bench, chosen)))
        return
    watched = bench.view.notation.typed(stop.when)

    def done(points: Points) -> None:
        bench.watched = points
        _turn_to_curve(bench)
        known = bool(points[0])
        bench.say(words.WATCHED.format(expression=watched) if known else words.NO_NUMBER.format(expression=watched))

    bench.work(words.LOOKING_AT.format(expression=watched), lambda progress: series(timeline, stop, progress), done)


def _turn_to_curve(bench: Workbench) -> None:
    bench.turn_to(CURVE if bench.window.small else bench.lower)
