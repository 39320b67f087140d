"""Saving the session, and opening a scenario or a session."""

from __future__ import annotations

import shlex
from pathlib import Path

from gradstep.engine.errors import Problem, reason_of
from gradstep.tui.debugger.leaving import saved, unsaved, yes_or_no
from gradstep.tui.debugger.stepping import go_back_to
from gradstep.tui.debugger.workbench import Prompt, Workbench
from gradstep.tui.words import files as words
from gradstep.tui.words import leaving


def save(bench: Workbench) -> None:
    """Save the session in a file; its name is already typed."""
    from gradstep.engine.sessions import ENDING  # noqa: PLC0415 - only here

    bench.window.ask(SAVE, str(bench.session or f"{bench.moment.scenario.name}{ENDING}"))


def _save(bench: Workbench, text: str) -> None:
    from gradstep.engine.sessions import ENDING, mark_of  # noqa: PLC0415 - only here

    try:
        path = Path(text).expanduser()
        if not path.suffix:
            path = path.with_name(path.name + ENDING)
        there = mark_of(path)
    except (ValueError, RuntimeError) as error:  # "/" has no name, "~nobody" is nowhere
        raise Problem(str(error)) from None
    except OSError as error:
        raise Problem(f"{path}: {reason_of(error).lower()}") from None
    if there is None or there == bench.mark:
        _write(bench, path)
    else:
        bench.window.close_line()
        _over(bench, path).ask(bench)


def _over(bench: Workbench, path: Path) -> Prompt:
    """Whether a session is to be replaced that is not as this run has left or found it."""

    def answer(bench: Workbench, text: str) -> None:
        bench.window.close_line()
        if text.casefold() in leaving.YES:
            _write(bench, path)
        else:
            bench.say(words.NOT_SAVED)

    since = path == bench.session
    hint = words.SAVED_SINCE.format(path=path) if since else words.ANOTHER_IS_THERE.format(path=path)
    return yes_or_no(hint, answer)


def _write(bench: Workbench, path: Path) -> None:
    from gradstep.engine.sessions import save_session  # noqa: PLC0415 - only here

    bench.mark = save_session(bench.timeline, path)
    bench.session = path
    saved(bench)
    bench.window.close_line()
    bench.say(words.SAVED.format(path=shlex.quote(str(path))))


SAVE = Prompt(words.SAVE_SUCH_AS, words.SAVE, _save)


def choose(bench: Workbench) -> None:
    """Let a scenario or a session be chosen, and open it where it was left; ask first where forks would be lost."""
    lost = unsaved(bench)
    if lost is None:
        _choose(bench)
    else:
        yes_or_no(leaving.LEAVE.format(lost=lost), _leave).ask(bench)


def _leave(bench: Workbench, text: str) -> None:
    bench.window.close_line()
    if text.casefold() in leaving.YES:
        _choose(bench)
    else:
        bench.say(leaving.STAYS)


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
            go_back_to(bench, opened.position)

    budget, ascii_only = bench.timeline.history_bytes, bench.view.notation.ascii
    bench.window.open(OpenScreen(bench.data, budget, ascii_only=ascii_only), chosen)
