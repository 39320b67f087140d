"""The session that was kept when an earlier run failed or was ended: it is offered."""

from __future__ import annotations

from pathlib import Path

from gradstep.engine.recovery import take_session
from gradstep.tui.debugger.stepping import go_back_to
from gradstep.tui.debugger.workbench import Prompt, Workbench
from gradstep.tui.words import boundary as words
from gradstep.tui.words.leaving import YES


def recovering(kept: Path) -> Prompt:
    """Whether it is to be opened. What is neither yes nor no leaves it for the next time."""

    def answer(bench: Workbench, text: str) -> None:
        if text.casefold() in YES:
            _open(bench, kept)
            return
        bench.window.close_line()
        if text.casefold() in words.NO:
            kept.unlink(missing_ok=True)
            bench.say(words.DROPPED)

    return Prompt(words.KEPT_SUCH_AS, words.KEPT, answer)


def _open(bench: Workbench, kept: Path) -> None:
    """Go on where it ended. Its forks are in no session of the person's yet."""
    timeline, position = take_session(kept, bench.data, bench.timeline.history_bytes)
    bench.window.close_line()
    bench.window.exchange(bench.timeline, timeline, kept)
    bench.take(timeline, None)
    bench.kept = kept
    bench.say(words.OPENED)
    go_back_to(bench, position)
