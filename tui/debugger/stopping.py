"""Breakpoints and watches: the keys that set them, the list of all, running to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gradstep.engine.health.symptoms import said
from gradstep.engine.stops.stops import BUILT_IN, FIGURE, HEALTH, NON_FINITE, PHASE, STEP, Stop, StopError
from gradstep.engine.stops.trigger import Trigger, checked, parse_stop
from gradstep.engine.stops.trigger import watch as parse_watch
from gradstep.tui.debugger import examples
from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.debugger.figures import failing_here
from gradstep.tui.debugger.stepping import ended, none_selected, run
from gradstep.tui.debugger.workbench import Act, Prompt, Reason, Workbench
from gradstep.tui.pages.notes import stop_sign, stop_text
from gradstep.tui.text.columns import Row, row
from gradstep.tui.text.notation import as_typed
from gradstep.tui.text.stops import stop_name
from gradstep.tui.words import stopping as words

if TYPE_CHECKING:
    from gradstep.engine.timeline.search import Found  # loaded by the first search


def _add(bench: Workbench, stop: Stop) -> None:
    bench.timeline.add_stop(stop)
    bench.show()


def _drop(bench: Workbench, *gone: Stop) -> None:
    bench.timeline.stops = [stop for stop in bench.timeline.stops if stop not in gone]
    bench.show()


def no_step_here(bench: Workbench) -> str | None:
    """The reason why no breakpoint can be set: there is no step to set it on."""
    return None if bench.moment.position.step else none_selected(bench)


def toggle_here(bench: Workbench) -> None:
    """A breakpoint on the selected step, or on the one that has just run; a second time takes it away."""
    place = bench.moment.position.step - 1 if bench.selected is None else bench.selected
    symbol = bench.moment.program.steps[place].symbol
    name = bench.view.notation.symbol(symbol)
    mine = [stop for stop in bench.timeline.stops if stop.kind == STEP and stop.at == symbol]
    if mine:
        _drop(bench, *mine)
        bench.say(words.NONE_HERE.format(symbol=name))
    else:
        _add(bench, Stop(STEP, symbol))
        bench.say(words.SET_HERE.format(symbol=name))


def _watch(bench: Workbench, text: str) -> None:
    names = bench.timeline.names
    stop = parse_watch(as_typed(text, names), names)
    if stop in bench.timeline.stops:
        raise StopError(words.WATCHED_ALREADY.format(expression=bench.view.notation.typed(stop.when)))
    bench.window.close_line()
    _add(bench, stop)
    bench.say(words.WATCHING.format(expression=bench.view.notation.typed(stop.when)))


WATCH = Prompt(examples.watches, words.WATCH, _watch)


def to_stop(direction: int) -> tuple[Act, Reason]:
    """Running to the next or the previous stop, in a worker, and the reason why that cannot be done."""

    def go(bench: Workbench) -> None:
        bench.leave()
        if direction > 0:
            run(bench, words.RUNNING_ON, bench.timeline.run_on, lambda found: _arrived(bench, found, words.NONE_AHEAD))
        else:
            search = bench.timeline.run_back
            run(bench, words.SEARCHING_BACK, search, lambda found: _arrived(bench, found, words.NONE_BEFORE))

    return go, lambda bench: ended(bench, direction)


def _arrived(bench: Workbench, found: Found, none: str) -> None:
    bench.show()
    if not found.finished:
        bench.say(words.STOPPED_BEFORE.format(position=bench.view.notation.position(found.position)))
    else:
        bench.say("; ".join(_reason(bench, stop, found) for stop in found.stops) or none)


def _reason(bench: Workbench, stop: Stop, found: Found) -> str:
    here, notation = bench.timeline.position, bench.view.notation
    if stop.kind == NON_FINITE:
        became = bench.timeline.what_became_non_finite() or words.NOT_FINITE
        return words.NON_FINITE.format(
            symbol=notation.symbol(here.symbol or ""), value=became, position=notation.position(here)
        )
    if stop.kind == FIGURE and (failing := failing_here(bench)):
        return failing
    place, name = notation.position(here), stop_name(stop, notation)
    if stop.kind in HEALTH.values():
        mine = [symptom for symptom in found.symptoms if HEALTH.get(symptom.kind) == stop.kind and symptom.alarm]
        name = notation.sign(" ".join(said(symptom, notation.symbol) for symptom in mine)) or name
    elif stop.kind == STEP and not stop.when and stop.every == 1:
        name = words.BREAKPOINT  # the place has its name already
    elif stop.kind == PHASE and not stop.when:
        name = words.BREAKPOINT_AT.format(stop=name)
    return words.STOPPED_AT.format(position=place, stop=name)


def list_stops(bench: Workbench) -> None:
    """All of them in a list, one's own first, to switch on and off, drop and add."""
    timeline, notation = bench.timeline, bench.view.notation

    def order() -> list[int]:
        """The places among the stops of those in the list."""
        return sorted(range(len(timeline.stops)), key=lambda at: timeline.stops[at].identity in BUILT_IN)

    def toggle(place: int) -> str:
        at = order()[place]
        stop = timeline.stops[at]
        other = checked(replace(stop, enabled=not stop.enabled), timeline.names)
        timeline.replace_stop(at, other)
        bench.show()
        return stop_text(other, notation)

    def drop(place: int) -> str:
        stop = timeline.stops[order()[place]]
        if stop.identity in BUILT_IN:
            raise StopError(words.ALWAYS_THERE)
        _drop(bench, stop)
        return words.DROPPED.format(stop=stop_name(stop, notation))

    def entry(stop: Stop) -> Row:
        switched = f"{stop_sign(stop, notation)} {words.ON if stop.enabled else words.OFF}"
        whose = words.BUILT_IN if stop.identity in BUILT_IN else words.YOURS
        return row(switched, ((whose, "quiet"),), stop_name(stop, notation), key="text" if stop.enabled else "quiet")

    def entries() -> list[Row]:
        return [entry(timeline.stops[at]) for at in order()]

    bench.open(
        Drawer(
            "stops",
            lambda: words.TITLE,
            entries=entries,
            heads=words.HEADS,
            folding=(2,),
            spare=(1,),
            acts={"open": toggle, "drop": drop},
            about=words.KEYS,
        )
    )


def _set(bench: Workbench, text: str) -> None:
    """`dW1`, `backward`, `E < 0.1`, `dW1 if E < 0.1`, `E every 10`."""
    names = bench.timeline.names
    stop = parse_stop(as_typed(text, names), names)
    if stop.identity in [known.identity for known in bench.timeline.stops]:
        raise StopError(words.BREAKPOINT_ALREADY.format(stop=stop_name(stop, bench.view.notation)))
    bench.window.close_line()
    _add(bench, stop)
    bench.say(words.SET.format(stop=stop_name(stop, bench.view.notation)) + _of_no_use(bench, stop))


def _of_no_use(bench: Workbench, stop: Stop) -> str:
    """That the condition does not depend on the run, and what follows; "" where it does, or every so many are meant."""
    holds = Trigger(stop, bench.timeline.names, 1).constant
    if holds is None or (holds and stop.every > 1):
        return ""
    if not holds:
        return words.NEVER
    place = stop_name(replace(stop, when=""), bench.view.notation)
    return words.ALWAYS_AT.format(place=place) if place else words.ALWAYS


SET = Prompt(examples.stops, words.SET_ONE, _set)
