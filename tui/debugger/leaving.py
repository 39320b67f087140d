"""Leaving: what is open is closed first, and what would be lost is asked about."""

from __future__ import annotations

from gradstep.tui.debugger.stepping import close
from gradstep.tui.debugger.workbench import Prompt, Workbench
from gradstep.tui.words import leaving as words


def leave(bench: Workbench) -> None:
    """Close what is open; else quit, after asking where forks, stops or watches would be lost."""
    if bench.window.asking:
        bench.window.close_line()
    elif close(bench):
        return
    elif bench.window.busy or (lost := unsaved(bench)) is None:
        bench.window.quit()
    else:
        Prompt(words.QUIT_SUCH_AS, words.QUIT.format(lost=lost), _answer).ask(bench)


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
