"""Saving the session, and opening a scenario or a session."""

from __future__ import annotations

import shlex
from pathlib import Path

from gradstep.engine.errors import Problem
from gradstep.tui.debugger.leaving import saved, unsaved
from gradstep.tui.debugger.stepping import travel
from gradstep.tui.debugger.workbench import Prompt, Workbench
from gradstep.tui.words import files as words
from gradstep.tui.words import leaving


def save(bench: Workbench) -> None:
    """Save the session in a file; its name is already typed."""
    from gradstep.engine.sessions import ENDING  # noqa: PLC0415 - only here

    bench.window.ask(SAVE, str(bench.session or f"{bench.moment.scenario.name}{ENDING}"))


def _save(bench: Workbench, text: str) -> None:
    from gradstep.engine.sessions import ENDING, save_session  # noqa: PLC0415 - only here

    try:
        path = Path(text).expanduser()
        if not path.suffix:
            path = path.with_name(path.name + ENDING)
        save_session(bench.timeline, path)
    except (ValueError, RuntimeError) as error:  # "/" has no name, "~nobody" is nowhere
        raise Problem(str(error)) from None
    bench.session = path
    saved(bench)
    bench.window.close_line()
    bench.say(words.SAVED.format(path=shlex.quote(str(path))))


SAVE = Prompt(words.SAVE_SUCH_AS, words.SAVE, _save)


def choose(bench: Workbench) -> None:
    """Let a scenario or a session be chosen, and open it where it was left; ask first where forks would be lost."""
    if unsaved(bench):
        LEAVE.ask(bench)
    else:
        _choose(bench)


def _leave(bench: Workbench, text: str) -> None:
    bench.window.close_line()
    if text.casefold() in leaving.YES:
        _choose(bench)
    else:
        bench.say(leaving.STAYS)


LEAVE = Prompt(leaving.QUIT_SUCH_AS, leaving.LEAVE, _leave)


def _choose(bench: Workbench) -> None:
    from gradstep.tui.dialogs.open import Opened, OpenScreen  # noqa: PLC0415 - only here

    def chosen(opened: Opened | None) -> None:
        if opened is None:
            return
        bench.window.exchange(bench.timeline, opened.timeline, opened.session)
        bench.take(opened.timeline, opened.session)
        bench.show()
        scenario = opened.timeline.scenario
        if opened.session:
            bench.say(words.OPENED_SESSION.format(session=opened.session, scenario=scenario.name))
        else:
            bench.say(words.OPENED.format(scenario=scenario.name, size=scenario.size))
        if opened.position is not None:
            travel(bench, opened.position)

    budget, ascii_only = bench.timeline.history_bytes, bench.view.notation.ascii
    bench.window.open(OpenScreen(bench.data, budget, ascii_only=ascii_only), chosen)
