"""Leaving: what is under way or open is ended first, and what would be lost is asked about."""

from __future__ import annotations

from collections.abc import Callable

from gradstep.tui.debugger.stepping import close
from gradstep.tui.debugger.workbench import Prompt, Workbench
from gradstep.tui.words import leaving as words


def leave(bench: Workbench) -> None:
    """Stop a long run; else close what is open; else quit, after asking where forks, stops or watches would be lost."""
    if bench.window.busy:
        bench.window.stop_work()
    elif bench.window.asking:
        bench.window.close_line()
    elif close(bench):
        return
    elif (lost := unsaved(bench)) is None:
        bench.window.quit()
    else:
        yes_or_no(words.QUIT.format(lost=lost), _answer).ask(bench)


def yes_or_no(hint: str, answer: Callable[[Workbench, str], None]) -> Prompt:
    """A question that a single key answers."""
    return Prompt(words.QUIT_SUCH_AS, hint, answer, at_once=(*words.YES, *words.NO))


def halt(bench: Workbench) -> None:
    """Halt the program, as Ctrl+Z does elsewhere."""
    bench.window.halt()


def never_woken(bench: Workbench) -> str | None:
    """Why it is not halted: nothing here would tell it to go on."""
    return None if bench.window.halts else words.NEVER_WOKEN


def unsaved(bench: Workbench) -> str | None:
    """What would be lost, in words: forks that no session has; stops and watches, where they are not remembered."""
    if len(bench.timeline.branches) > 1 and bench.saved != bench.forks:
        return words.FORKS
    if bench.saved_stops != bench.timeline.stops and not bench.window.remember():
        return words.STOPS
    return None


def saved(bench: Workbench) -> None:
    """What there is now has been saved."""
    bench.saved, bench.saved_stops = bench.forks, bench.timeline.stops


def _answer(bench: Workbench, text: str) -> None:
    bench.window.close_line()
    if text.casefold() in words.YES:
        bench.window.quit()
    else:
        bench.say(words.STAYS)
