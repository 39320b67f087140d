"""The terminal as Textual drives it, with what its reader of keys and its handlers of signals lack."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from textual.driver import Driver

from gradstep.tui.widgets.signals import Listener

# The modes that the app has set: paste, wrap, sizes, mouse, focus; then keys, the other screen, the cursor.
MODES = {2004: "l", 7: "h", 2048: "l", 1000: "l", 1003: "l", 1015: "l", 1006: "l", 1016: "l", 1004: "l"}
UNDONE = "".join(f"\x1b[?{mode}{off}" for mode, off in MODES.items()) + "\x1b[<u\x1b[?1049l\x1b[?25h"
TRIES = 1000  # to take a terminal again that is another's
SHORTLY = 0.05  # seconds in which what has been sent is heard
LONGEST = 0.5  # seconds that a terminal may take to accept the few bytes of the end


def outliving(driver: type[Driver], listener: Listener, gone: Callable[[], object]) -> type[Driver]:
    """A driver of this kind whose reader goes on after bytes that are no text, and that is halted in order.

    gone: is called in the app when there is no terminal any more. A driver without a reader of that kind is given back
    as it is.
    """
    if sys.platform == "win32" or not hasattr(driver, "_run_input_thread"):
        return driver

    import termios  # noqa: PLC0415 - not everywhere

    class Outliving(driver):  # type: ignore[misc, valid-type]
        """Has the terminal between start_application_mode and stop_application_mode, and is away otherwise."""

        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            self._away = True
            self._was_here = False  # whether it has had the terminal
            self._ended = False
            self._continued = threading.Event()  # set by the next SIGCONT, or by the end
            self._woken = 0  # how often there was one
            listener.on("SIGTSTP", lambda: self._soon(self._halt, self._continued))
            listener.on("SIGCONT", self._go_on)
            listener.listen()
            signal.signal(signal.SIGCONT, self._sigcont_application)

        # ── the terminal ──

        def write(self, data: str) -> None:
            """What is drawn while the terminal is another's is lost."""
            if not self._away:
                super().write(data)

        def start_application_mode(self) -> None:
            """Take it. In the background an attempt halts the process, and the next one is after the next SIGCONT."""
            for _ in range(TRIES):
                continued = self._continued
                if self._ended:
                    return
                self._away = False
                super().start_application_mode()
                self._away = self._writer_thread is None or not self._writer_thread.is_alive()
                if not self._away:
                    self._was_here = True
                    return
                continued.wait(SHORTLY)
            gone()

        def stop_application_mode(self) -> None:
            """Give it back, once."""
            if not self._away:
                super().stop_application_mode()
                self._away = True
            if self._ended:
                self._undo_again()

        def end(self) -> None:
            """In any thread: from now on nothing halts it, and the terminal is not taken again."""
            self._ended = True
            self._continued.set()
            self._undo_again()

        def give_back_at_once(self) -> None:
            """In a thread of its own, whatever the app or its writer waits for; what is drawn after it is lost."""
            if self._away:
                self._undo_again()
                return
            self._away = True
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})  # else the background is halted here
            if self.attrs_before is not None:
                with suppress(termios.error):
                    termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            self._undo()

        def _undo_again(self) -> None:
            """Once given back, the terminal throws away what it has not shown yet at a Ctrl+C: so say it after that.

            Not where the terminal is another's by now, who has shown something on it.
            """
            with suppress(OSError):
                if self._away and self._was_here and os.tcgetpgrp(self.fileno) == os.getpgrp():
                    self._undo()

        def _undo(self) -> None:
            _, ready, _ = select.select([], [self._file.fileno()], [], LONGEST)
            if ready:
                os.write(self._file.fileno(), UNDONE.encode())

        @property
        def can_be_woken(self) -> bool:
            """Whether somebody waits for this process, as a shell does, that can tell it to go on."""
            return os.getsid(0) != os.getpid() and os.getsid(os.getppid()) == os.getsid(0)

        # ── halting: nothing of it in a handler, which may come between any two steps ──

        def _sigtstp_application(self, *_: object) -> None:
            """The listener hears it."""

        def _sigcont_application(self, *_: object) -> None:
            """The listener hears it, a little later."""
            self._woken += 1

        def _soon(self, act: Callable[..., object], *told: object) -> None:
            with suppress(RuntimeError):  # the app has ended
                self._loop.call_soon_threadsafe(act, *told)

        def _go_on(self) -> None:
            """In the listener's thread. What was only halted has its terminal as it was."""
            if not self._ended:
                self._continued.set()
                self._continued = threading.Event()

        def _halt(self, continued: threading.Event) -> None:
            """In the app: stand still until that is set, unless it has been meanwhile."""
            if continued.is_set():
                return
            had, woken = not self._away, self._woken
            if had:
                self._must_signal_resume = True
                self.suspend_application_mode()
            time.sleep(SHORTLY)
            if not continued.is_set() and self._woken == woken:
                os.kill(os.getpid(), signal.SIGSTOP)
                continued.wait(SHORTLY)
            if had:
                self.resume_application_mode()

        # ── keys ──

        def _run_input_thread(self) -> None:
            """What was read together with what is no text is lost."""
            app: Any = self._app
            while not self.exit_event.is_set():
                try:
                    self.run_input_thread()
                except OSError:
                    app.call_later(gone)
                    return
                except Exception:  # in whatever way it cannot be read
                    continue

    return Outliving
