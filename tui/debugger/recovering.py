"""The session that was kept when an earlier run failed or was ended: it is offered, opened or dropped."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from gradstep.engine.errors import Problem
from gradstep.engine.recovery import take_session
from gradstep.tui.debugger.stepping import go_back_to
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.words import boundary as words


def reopen(bench: Workbench, kept: Path) -> None:
    """Go on where it ended, or say why that is not possible. Its forks are in no session of the person's yet."""
    try:
        timeline, position = take_session(kept, bench.data, bench.timeline.history_bytes)
    except Problem as error:
        bench.say(str(error), error=True)
        return
    bench.window.exchange(bench.timeline, timeline, kept)
    bench.take(timeline, None)
    bench.kept = kept
    bench.say(words.OPENED)
    go_back_to(bench, position)


def forget(bench: Workbench, kept: Path) -> None:
    """It is not offered again."""
    with suppress(OSError):
        kept.unlink(missing_ok=True)
    bench.say(words.DROPPED)
