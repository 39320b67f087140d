"""Breakpoints and watches on the screen: the key that sets one, the list of all, running to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gradstep.engine.stops.stops import BUILT_IN, NON_FINITE, STEP, Stop, StopError
from gradstep.engine.stops.trigger import checked
from gradstep.engine.timeline.search import Found
from gradstep.tui.debugger.prompts import add_breakpoint
from gradstep.tui.debugger.stepping import move
from gradstep.tui.pages.notes import stop_name, stop_text
from gradstep.tui.words import debugger
from gradstep.tui.words import stops as words

if TYPE_CHECKING:
    from gradstep.tui.debugger.screen import DebuggerScreen
    from gradstep.tui.dialogs.choices import Answer


def toggle_here(screen: DebuggerScreen) -> None:
    """A breakpoint on the selected step, or on the one that has just run; a second time takes it away."""
    steps, here = screen.moment.program.steps, screen.moment.position.step
    if screen.selected is None and not here:
        screen.say(debugger.NO_STEP_SELECTED)
        return
    symbol = steps[screen.selected if screen.selected is not None else here - 1].symbol
    timeline = screen.timeline
    name = screen.view.wording.symbol(symbol)
    others = tuple(stop for stop in timeline.stops if (stop.kind, stop.at) != (STEP, symbol))
    if others != timeline.stops:
        timeline.stops = others
        screen.show()
        screen.say(words.NONE_HERE.format(symbol=name))
        return
    timeline.add_stop(Stop(STEP, symbol))
    screen.show()
    screen.say(words.SET_HERE.format(symbol=name))


def run(screen: DebuggerScreen, direction: int) -> None:
    """To the next or the previous stop, in a worker."""
    timeline = screen.timeline
    course = timeline.course
    if timeline.position == (course.end if direction > 0 else course.start):
        screen.say_end(direction)
        return
    search = timeline.run_on if direction > 0 else timeline.run_back
    label = words.RUNNING_ON if direction > 0 else words.SEARCHING_BACK
    screen.leave()
    move(screen, label, search, lambda found: _arrived(screen, found, direction))


def _arrived(screen: DebuggerScreen, found: object, direction: int) -> None:
    assert isinstance(found, Found)
    screen.show()
    if not found.finished:
        screen.say(words.STOPPED_BEFORE.format(position=found.position))
    elif not found.stops:
        screen.say(words.NONE_AHEAD if direction > 0 else words.NONE_BEFORE)
    else:
        screen.say("; ".join(_reason(screen, stop) for stop in found.stops))


def _reason(screen: DebuggerScreen, stop: Stop) -> str:
    here = screen.timeline.position
    if stop.kind == NON_FINITE:
        name = screen.view.wording.symbol(here.symbol or "")
        became = screen.timeline.what_became_non_finite() or words.NOT_FINITE
        return words.NON_FINITE.format(symbol=name, value=became, position=here)
    return words.STOPPED_AT.format(position=here, stop=stop_name(stop, screen.view.wording))


def list_stops(screen: DebuggerScreen) -> None:
    """All of them in a list, to switch on and off, drop and add."""
    from gradstep.tui.dialogs.choices import DROP, Choices, ChoicesScreen  # noqa: PLC0415 - only here

    timeline = screen.timeline

    def toggle(place: int) -> Answer:
        before = timeline.stops[place]
        try:
            stop = checked(replace(before, enabled=not before.enabled), timeline.names)
        except StopError as error:
            return screen.view.wording.sign(str(error)), True
        timeline.replace_stop(place, stop)
        screen.show()
        return stop_text(stop, screen.view.wording), False

    def drop(place: int) -> Answer:
        if timeline.stops[place].identity in BUILT_IN:
            return words.ALWAYS_THERE, True
        gone = timeline.drop_stop(place)
        screen.show()
        return words.DROPPED.format(stop=stop_name(gone, screen.view.wording)), False

    def add(text: str) -> Answer:
        problem = add_breakpoint(screen, text)
        if problem:
            return screen.view.wording.sign(problem), True
        return words.SET.format(stop=stop_name(timeline.stops[-1], screen.view.wording)), False

    screen.app.push_screen(
        ChoicesScreen(
            Choices(
                words.TITLE,
                lambda: [stop_text(stop, screen.view.wording) for stop in timeline.stops],
                {"enter": toggle, **dict.fromkeys(DROP, drop)},
                words.KEYS,
                add,
                "dW1, backward, E < 0.1, dW1 if E < 0.1, E every 10",
            )
        )
    )
