"""Long work for a screen: it runs in a worker thread, which posts how far it is and can be stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from gradstep.engine.progress import Progress
from gradstep.engine.timeline.series import HistoryError
from gradstep.tui.words import debugger as words

T = TypeVar("T")

REPORT_EVERY = 0.1  # seconds between two reports of a long run
BAR = {True: 20, False: 8}  # cells of the progress bar, by whether the screen is wide


@dataclass
class Progressed(Message):
    """A long run has come this far."""

    done: int
    total: int


@dataclass
class Arrived(Message):
    """Long work has ended. then: what is to be done with its result; or the error that ended it."""

    then: Callable[[], object] | HistoryError


class Work:
    """The work that a screen has done in a worker, one piece at a time."""

    def __init__(self) -> None:
        self.label = ""  # of what is under way
        self._stop = threading.Event()

    def begin(
        self, screen: Screen[None], label: str, job: Callable[[Progress], T], done: Callable[[T], object]
    ) -> None:
        """Do a job in a worker of the screen, which is told of it by messages; `done` takes its result."""
        self.label = label
        self._stop.clear()
        screen.run_worker(lambda: self._run(screen, job, done), thread=True, exclusive=True, group="run")

    def stop(self) -> None:
        """Let what is under way end where it is."""
        self._stop.set()

    def forget(self) -> None:
        """Stop what is under way, and take nothing from it."""
        self.stop()
        self.label = ""

    def _run(self, screen: Screen[None], job: Callable[[Progress], T], done: Callable[[T], object]) -> None:
        """In the worker: telling now and then how far it is."""
        worker, told = get_current_worker(), time.monotonic()

        def progress(done: int, total: int) -> bool:
            nonlocal told
            if time.monotonic() - told > REPORT_EVERY:
                told = time.monotonic()
                screen.post_message(Progressed(done, total))
            return not (self._stop.is_set() or worker.is_cancelled)

        try:
            screen.post_message(Arrived(partial(done, job(progress))))
        except HistoryError as error:
            screen.post_message(Arrived(error))

    def told(self, message: Progressed, *, wide: bool) -> str:
        """How far it is, with a bar."""
        cells = BAR[wide]
        full = cells * message.done // max(1, message.total)
        bar = "#" * full + "-" * (cells - full)
        return words.PROGRESS.format(work=self.label, bar=bar, done=message.done, total=message.total)

    def end(self, message: Arrived) -> HistoryError | None:
        """It has ended: with a result, which is taken, or with an error."""
        self.label = ""
        if isinstance(message.then, HistoryError):
            return message.then
        message.then()
        return None
