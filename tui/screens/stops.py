"""Breakpoints and watches on the screen: the key that sets one, the list of all, running to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.search import Found
from engine.stops import BUILT_IN, NON_FINITE, STEP, Stop
from tui.notes import stop_text
from tui.screens.prompts import add_breakpoint

if TYPE_CHECKING:
    from tui.screens.choices import Answer
    from tui.screens.debugger import DebuggerScreen


def toggle_here(screen: DebuggerScreen) -> None:
    """A breakpoint on the selected step, or on the one that has just run; a second time takes it away."""
    steps, here = screen.moment.program.steps, screen.moment.position.step
    if screen.selected is None and not here:
        screen.say("no step is selected: select one with the arrow keys up and down, or with a click")
        return
    symbol = steps[screen.selected if screen.selected is not None else here - 1].symbol
    stops = screen.timeline.stops
    name = screen.view.wording.symbol(symbol)
    mine = [stop for stop in stops if stop.kind == STEP and stop.at == symbol]
    if mine:
        for stop in mine:
            stops.remove(stop)
        screen.show()
        screen.say(f"no breakpoint on {name} any more")
        return
    stops.append(Stop(STEP, symbol))
    screen.show()
    screen.say(f"breakpoint on {name}; c runs to the next, C back; B lists all and sets conditions")


def run(screen: DebuggerScreen, direction: int) -> None:
    """To the next or the previous stop, in a worker."""
    timeline = screen.timeline
    course = timeline.course
    if timeline.position == (course.end if direction > 0 else course.start):
        screen.say_end(direction)
        return
    search = timeline.run_on if direction > 0 else timeline.run_back
    label = "running to the next stop" if direction > 0 else "searching back for a stop"
    screen.leave()
    screen.work(label, search, lambda found: _arrived(screen, found, direction))


def _arrived(screen: DebuggerScreen, found: object, direction: int) -> None:
    assert isinstance(found, Found)
    screen.show()
    if not found.finished:
        screen.say(f"stopped at {found.position}; no stop was hit so far")
    elif not found.stops:
        end = "this is the end of the run" if direction > 0 else "this is the start"
        screen.say(f"no stop lies {'ahead' if direction > 0 else 'before'}; {end}")
    else:
        screen.say("; ".join(_reason(screen, stop) for stop in found.stops))


def _reason(screen: DebuggerScreen, stop: Stop) -> str:
    here = screen.timeline.position
    if stop.kind == NON_FINITE:
        name = screen.view.wording.symbol(here.symbol or "")
        became = screen.timeline.what_became_non_finite() or "not finite"
        return f"{name} became {became} at {here}, from finite operands; S shows what led to it"
    return f"stopped at {here}: {stop_text(stop, screen.view.wording)[2:]}"


def list_stops(screen: DebuggerScreen) -> None:
    """All of them in a list, to switch on and off, drop and add."""
    from tui.screens.choices import Choices, ChoicesScreen  # noqa: PLC0415 - only here

    stops = screen.timeline.stops

    def toggle(place: int) -> Answer:
        stops[place] = replace(stops[place], enabled=not stops[place].enabled)
        screen.show()
        return stop_text(stops[place], screen.view.wording), False

    def drop(place: int) -> Answer:
        if stops[place].identity in BUILT_IN:
            return "this one is always there; Enter switches it off", True
        gone = stops.pop(place)
        screen.show()
        return f"dropped {stop_text(gone, screen.view.wording)[2:]}", False

    def add(text: str) -> Answer:
        problem = add_breakpoint(screen, text)
        return (problem, True) if problem else (f"set {stop_text(stops[-1], screen.view.wording)[2:]}", False)

    screen.app.push_screen(
        ChoicesScreen(
            Choices(
                "breakpoints and watches",
                lambda: [stop_text(stop, screen.view.wording) for stop in stops],
                {"enter": toggle, "delete": drop, "ctrl+d": drop},
                "Enter: on, off; Del, Ctrl+D: drop; type one, Enter: set it; Esc closes",
                add,
                "dW1, backward, E < 0.1, dW1 if E < 0.1, E every 10",
            )
        )
    )
