"""Moving the cursor over any distance: at once where that is near, otherwise in a worker that can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from gradstep.engine import Position
from gradstep.engine.progress import Progress
from gradstep.engine.timeline.series import HistoryError
from gradstep.tui.words import debugger as words

if TYPE_CHECKING:
    from gradstep.tui.debugger.screen import DebuggerScreen

QUICK = 2  # iterations that are recomputed within a key press


def travel(screen: DebuggerScreen, target: Position) -> None:
    """Go there."""
    screen.leave()
    timeline = screen.timeline
    if timeline.replays(target) <= QUICK:
        try:
            timeline.goto(target)
        except HistoryError as error:
            screen.say(str(error), error=True)
            return
        screen.show()
        return

    def arrived(reached: object) -> None:
        screen.show()
        screen.say("" if reached else words.STOPPED_AT.format(position=timeline.position))

    move(screen, words.RUNNING_TO.format(target=target), lambda progress: timeline.goto(target, progress), arrived)


def to_end(screen: DebuggerScreen) -> None:
    """To the end of the run."""
    if screen.timeline.position == screen.timeline.course.end:
        screen.say_end(+1)
        return
    travel(screen, screen.timeline.course.end)


def move(
    screen: DebuggerScreen, label: str, job: Callable[[Progress], object], arrived: Callable[[object], None]
) -> None:
    """Move the cursor in a worker, and with it what is compared; where that is stopped, no longer compare."""
    other = screen.view.other

    def both(progress: Progress) -> tuple[object, bool]:
        return job(progress), other is None or screen.timeline.prepare(other, progress)

    def done(result: object) -> None:
        assert isinstance(result, tuple)
        moved, prepared = result
        if not prepared:
            screen.view = replace(screen.view, other=None)
        arrived(moved)

    screen.work(label, both, done)
