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
    elif bench.window.busy or not unsaved(bench):
        bench.window.quit()
    else:
        QUIT.ask(bench)


def unsaved(bench: Workbench) -> bool:
    """Whether there are forks that no session has. Stops and watches are kept by themselves."""
    return len(bench.timeline.branches) > 1 and bench.saved != bench.forks


def saved(bench: Workbench) -> None:
    """What there is now has been saved."""
    bench.saved = bench.forks


def _answer(bench: Workbench, text: str) -> None:
    bench.window.close_line()
    if text.casefold() in words.YES:
        bench.window.quit()
    else:
        bench.say(words.STAYS)


QUIT = Prompt(words.QUIT_SUCH_AS, words.QUIT, _answer)
