"""The boundary: an exception that nobody expected becomes a message, and the debugger goes on.

What is open when it happens is closed, since that may be what failed; the run stays where it is.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from rich.text import Text
from textual._context import active_message_pump
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import WorkerFailed

from gradstep.engine.recovery import is_worth_keeping, keep_session
from gradstep.tui.debugger.stage import Stage
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages import arrangement as places
from gradstep.tui.text.drawing import drawn
from gradstep.tui.text.faults import told
from gradstep.tui.text.folding import folded
from gradstep.tui.widgets.driver import outliving
from gradstep.tui.widgets.signals import Listener
from gradstep.tui.words import boundary as words

TOLD = ("SIGTERM", "SIGHUP", "SIGINT")  # signals on which the session is kept and the terminal given back
PATIENCE = 5.0  # seconds that this may take: a terminal that is gone may never take what is written to it
MORE_PATIENCE = 2.0  # seconds for the same without the app
MOST_FAULTS, WITHIN = 100, 1.0  # seconds; no person makes so many, so it would not end


class Guarded(MessagePump):
    """A pump that outlives what its handlers raise: the app is told of it, and the next message is taken."""

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if not is_caught(self.app, error):
                raise


class GuardedApp(Guarded, App[int]):
    """An app that goes on after an exception, and that ends in order when a signal says so. Its session is kept then.

    state: the folder in which that is; None for none.
    """

    bench: Workbench

    def __init__(self, state: Path | None) -> None:
        super().__init__()
        self.listener = Listener()
        for name in TOLD:
            self.listener.on(name, partial(self._end, name))
        self.driver_class = outliving(self.driver_class, self.listener, partial(self.listener.tell, signal.SIGTERM))
        self.state = state
        self.guarded = True  # whether exceptions that nobody expected become messages
        self._kept: Path | None = None  # the file of the session, once this run has kept it
        self._left = False  # whether it ends in order
        self._faults: list[float] = []  # when the last ones were
        self.is_ready = False  # whether there is a screen that can say something

    def failed(self, said: str) -> None:
        """Say so, and show what is always there."""
        raise NotImplementedError

    def renew(self) -> None:
        """One of Textual's widgets takes no more messages: put others in the place of those that are seen."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """From now on, end in order when told to, where the driver has not seen to that, and draw all after a halt."""
        if not self.is_headless:
            self.listener.listen()
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))

    def on_ready(self) -> None:
        """What fails from now on can be shown."""
        self.is_ready = True

    def on_unmount(self) -> None:
        """A run that was left, after asking about what would be lost, needs no session that is kept."""
        if not self.return_code:
            for kept in filter(None, (self._kept, self.bench.kept)):
                with suppress(OSError):
                    kept.unlink(missing_ok=True)

    def caught(self, error: Exception) -> None:
        """Keep the session and say what happened. Where faults follow one another, end."""
        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error
        now = time.monotonic()
        self._faults = [*(at for at in self._faults if now - at < WITHIN), now]
        said = fault_of(error, self._keep())
        if self.is_ready and len(self._faults) <= MOST_FAULTS:
            self.failed(said)
        else:
            self.exit(return_code=1, message=Text(said))

    def _handle_exception(self, error: Exception) -> None:
        """What no handler of ours has caught."""
        failed = active_message_pump.get(None)
        if not self.is_ready or not is_caught(self, error):
            super()._handle_exception(error)
        elif not isinstance(failed, Guarded):
            self.renew()

    def _keep(self) -> Path | None:
        """Keep the session for the next start, where that is possible and something would be lost; gives its file."""
        try:
            if self.state is None or not is_worth_keeping(self.bench.timeline):
                return None
            self._kept = keep_session(self.bench.timeline, self.state)
        except Exception:  # of whatever kind: it must not be in the way of what is to be said
            return None
        return self._kept

    def _end(self, name: str) -> None:
        """In the listener's thread: end in order; at last however busy the app is, whatever its terminal takes."""
        status = 128 + getattr(signal, name)
        self._tell_driver("end")
        with suppress(RuntimeError):  # it has ended
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._leave, status)
        last = threading.Thread(target=self._end_at_last, daemon=True)
        last.start()
        last.join(PATIENCE + MORE_PATIENCE)
        os._exit(status)

    def _leave(self, status: int) -> None:
        """In the app."""
        if hasattr(signal, "SIGTTOU"):  # which halts who gives the terminal back from the background
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        self._keep()
        self._left = True
        self.exit(return_code=status)

    def _end_at_last(self) -> None:
        time.sleep(PATIENCE)
        self._tell_driver("give_back_at_once")
        if not self._left:
            self._keep()

    def _tell_driver(self, what: str) -> None:
        """Not every driver can be told so."""
        getattr(self._driver, what, int)()


def is_caught(app: App[Any], error: Exception) -> bool:
    """Tell an app of an exception that nobody expected; whether it takes it."""
    if not (isinstance(app, GuardedApp) and app.guarded):
        return False
    app.caught(error)
    return True


def fault_of(error: BaseException, kept: Path | None) -> str:
    """What is said of an exception, and where the session is kept."""
    what = told(error)
    return what if kept is None else words.KEPT_IN.format(what=what, file=kept)


def settle(bench: Workbench) -> None:
    """Close all that is open, and look at where the run is."""
    if bench.window.asking:
        bench.window.close_line()
    bench.drawer, bench.picture, bench.told, bench.full, bench.focus = None, "", None, False, places.PROGRAM
    bench.view = replace(bench.view, other=None)
    bench.moment = bench.timeline.moment()


def nothing_but_the_message(bench: Workbench, width: int, height: int) -> Stage:
    """The screen where even what is always there cannot be drawn."""
    text, _ = bench.message
    lines = [line.pieces for line in folded(text, max(1, width), "fails")]
    whole = drawn(lines, width, height)
    return Stage(whole, {}, whole)
