"""Long work on a screen: it runs in a worker thread, which posts how far it is and is stopped by Esc."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from textual import on
from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from engine.history import HistoryError
from engine.progress import Progress
from tui.words import debugger as words

PULSE = 0.1  # seconds between two reports of a long run
BAR = {True: 20, False: 8}  # cells of the progress bar, by whether the screen is wide


class Progressed(Message):
    """A long run has come this far."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done = done
        self.total = total


class Arrived(Message):
    """Long work has ended: with a result, or with the error that ended it."""

    def __init__(self, result: object) -> None:
        super().__init__()
        self.result = result


class WorkingScreen(Screen[None]):
    """A screen that one piece of work at a time is done for; `show` and `say` are what it tells of it with."""

    def __init__(self) -> None:
        super().__init__()
        self._under_way = ""
        self._stop = threading.Event()
        self._done: Callable[[object], None] = lambda result: None

    def show(self) -> None:
        """Bring everything up to date."""
        raise NotImplementedError

    def say(self, text: str, *, error: bool = False) -> None:
        """One line for the person at the keyboard."""
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        """Whether work is under way."""
        return bool(self._under_way)

    def say_busy(self) -> None:
        """What is under way, and how to stop it."""
        self.say(words.UNDER_WAY.format(work=self._under_way))

    def work(self, label: str, job: Callable[[Progress], object], done: Callable[[object], None]) -> None:
        """Do something that may take long in a worker, with progress and Esc; then `done` with its result."""
        self._under_way, self._done = label, done
        self._stop.clear()
        self.say_busy()
        self.run_worker(lambda: self._run(job), thread=True, exclusive=True, group="run")

    def stop_work(self) -> None:
        """Let the work that is under way end where it is."""
        self._stop.set()

    def on_unmount(self) -> None:
        """Nobody waits for the work any more."""
        self.stop_work()

    def _run(self, job: Callable[[Progress], object]) -> None:
        """In the worker: telling now and then how far it is."""
        worker, told = get_current_worker(), time.monotonic()

        def progress(done: int, total: int) -> bool:
            nonlocal told
            if time.monotonic() - told > PULSE:
                told = time.monotonic()
                self.post_message(Progressed(done, total))
            return not (self._stop.is_set() or worker.is_cancelled)

        try:
            result = job(progress)
        except HistoryError as error:
            result = error
        self.post_message(Arrived(result))

    @on(Progressed)
    def _show_progress(self, message: Progressed) -> None:
        if self.busy:
            cells = BAR[self.has_class("-wide")]
            full = cells * message.done // max(1, message.total)
            bar = "#" * full + "-" * (cells - full)
            self.say(words.PROGRESS.format(work=self._under_way, bar=bar, done=message.done, total=message.total))

    @on(Arrived)
    def _show_arrival(self, message: Arrived) -> None:
        self._under_way = ""
        if isinstance(message.result, HistoryError):
            self.show()
            self.say(str(message.result), error=True)
            return
        self._done(message.result)
