"""gradstep in a real pseudo-terminal: keys are bytes, what it writes is read, signals and sizes are the kernel's."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

LIMIT = 30.0  # seconds after which something that is waited for does not come
DRAWN = "all keys"  # the last words of the screen
SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
LEFT = b"\x1b[?1049l"  # the terminal's own screen is back
TAKEN = b"\x1b[?1049h"  # the other screen is there
GRADSTEP = ("-m", "gradstep.tui.cli")


class Terminal:
    """A process in a terminal of its own."""

    def __init__(
        self,
        words: Sequence[str] = (),
        size: tuple[int, int] = (120, 40),
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] = GRADSTEP,
    ) -> None:
        self.outer, self.inner = pty.openpty()
        self.resize(*size)
        self.modes: list[Any] = termios.tcgetattr(self.inner)
        self.output = b""
        more = {"TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
        self.process = subprocess.Popen(
            [sys.executable, *program, *words],
            stdin=self.inner,
            stdout=self.inner,
            stderr=self.inner,
            env={**os.environ, **more},
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - no thread has begun in a test
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self.hang_up()

    def resize(self, width: int, height: int) -> None:
        """The window has another size; the process is told so by the kernel."""
        fcntl.ioctl(self.outer, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def type(self, keys: bytes) -> None:
        """Keys, without waiting for what they do."""
        while keys:
            _, ready, _ = select.select([], [self.outer], [], 0)
            if ready:
                keys = keys[os.write(self.outer, keys[:256]) :]
            self.read(0.01)

    def read(self, seconds: float = 0.0) -> bytes:
        """What is written within some time at the most; empty at the end."""
        ready, _, _ = select.select([self.outer], [], [], seconds)
        if not ready:
            return b""
        try:
            piece = os.read(self.outer, 2**16)
        except OSError:  # the last process has closed it
            return b""
        self.output += piece
        return piece

    @property
    def text(self) -> str:
        """What has been written since the last thing that was waited for, without colours and places."""
        return SEQUENCE.sub("", self.output.decode(errors="replace"))

    def wait_for(self, mark: str) -> None:
        """Read until this has been written since the last time."""
        began = time.monotonic()
        while mark not in self.text:
            self.read(0.1)
            assert time.monotonic() - began < LIMIT, (mark, self.text[-4000:])
            assert self.process.poll() is None or mark in self.text, self.text[-4000:]
        self.output = b""

    def read_until(self, holds: Callable[[], bool]) -> None:
        """Read until that is so."""
        began = time.monotonic()
        while not holds():
            self.read(0.01)
            assert time.monotonic() - began < LIMIT, self.output[-2000:]

    def signal(self, number: signal.Signals) -> None:
        """A signal to the process."""
        self.process.send_signal(number)

    def end(self) -> int:
        """Read until the process has ended; its status."""
        began = time.monotonic()
        while self.process.poll() is None:
            self.read(0.05)
            assert time.monotonic() - began < LIMIT, self.output[-2000:]
        while self.read(0.05):
            pass
        return self.process.returncode

    def is_given_back(self) -> bool:
        """Whether lines are edited and characters are echoed as before, on the terminal's own screen."""
        return self.has_its_modes() and LEFT in self.output

    def has_its_modes(self) -> bool:
        """Whether lines are edited and characters are echoed as before."""
        return termios.tcgetattr(self.inner)[:4] == self.modes[:4]

    def hang_up(self) -> None:
        """The window is closed."""
        for handle in (self.outer, self.inner):
            with suppress(OSError):
                os.close(handle)


def _take_terminal() -> None:
    """In the process: the terminal that it has is the one it belongs to, and it hears what a shell lets it hear."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    for heard in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):  # which whoever runs the tests may ignore
        signal.signal(heard, signal.SIG_DFL)
