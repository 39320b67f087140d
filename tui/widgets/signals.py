"""Signals, heard by a thread of their own.

A handler of Python's runs in the main thread, between any two of its steps: a lock that is held just then is waited for
without end, and where the main thread waits for something no handler runs at all. So the handlers here do nothing. The
numbers of the signals come through a pair of sockets, in the order of the signals, whatever the main thread is at.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

Act = Callable[[], object]


class Listener:
    """A thread that hears signals once it is told to listen."""

    def __init__(self) -> None:
        self._acts: dict[int, Act] = {}
        self._told: socket.socket | None = None  # where numbers are written to

    def on(self, name: str, act: Act) -> None:
        """What to do, in the listener's thread, when a signal comes. A system may not have it."""
        number = getattr(signal, name, None)
        if number is not None:
            self._acts[number] = act

    def listen(self) -> None:
        """From now on, in the main thread: what is ignored stays so."""
        if self._told is not None:
            return
        heard, self._told = socket.socketpair()
        self._told.setblocking(False)
        threading.Thread(target=self._hear, args=(heard,), name="signals", daemon=True).start()
        signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        for number in self._acts:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _do_nothing)

    def tell(self, number: int) -> None:
        """As if that signal had come."""
        if self._told is not None:
            self._told.send(bytes([number]))

    def _hear(self, heard: socket.socket) -> None:
        while True:
            for number in heard.recv(4096):
                if number in self._acts:
                    self._acts[number]()


def _do_nothing(_: int, __: FrameType | None) -> None:
    """Its number has been written already."""
