"""What the screen is measured by: from a key to its frame, and from the shell to the first frame.

The first is processor time up to a frame that is written to a terminal which is none; the pause until the next of 60
frames a second is not counted. The second is the command itself in a pseudo-terminal.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from gradstep.engine import Scenario, load_scenario
from gradstep.tui.app import GradstepApp
from tests.bench.rows import Row

SIZE = 120, 40
SETTLED = 0.05  # seconds, three frames

# ── from a key to its frame ──────────────────────────────────────────────────────────────────────────────────


class Terminal(HeadlessDriver):
    """A terminal that takes everything and shows nothing, and that the app takes for a real one."""

    @property
    def is_headless(self) -> bool:
        """No: so that every frame is made into text and written."""
        return False

    def write(self, data: str) -> None:
        """A frame."""
        Frames.count += 1


class Frames:
    """How many have been written."""

    count = 0


def key_to_frame(large: Scenario, *, quick: bool) -> Row:
    """Row 8: a step with large matrices on the screen, on and back through an iteration, against small ones."""
    small = load_scenario("mazur-2-2-2")
    found = []
    for number in range(1 if quick else 5):
        scenarios = (large, small) if number % 2 else (small, large)
        times = {scenario.name: _frame_time(scenario) for scenario in scenarios}
        found.append(times[large.name] / times[small.name])
    return Row("a key to its frame, 784x50 matrices on the screen against 2x2", 2, found)


def _frame_time(scenario: Scenario) -> float:
    """The median of the seconds that a key costs."""
    app, costs = GradstepApp(scenario), []

    async def press_keys(pilot: Pilot[object]) -> None:
        await pilot.pause()
        debugger = app.debugger
        debugger.bench.timeline.goto("2")
        debugger.bench.show()
        await asyncio.sleep(4 * SETTLED)
        for command in ("step", "back"):
            for _ in debugger.bench.timeline.program.steps:
                before, began = Frames.count, time.process_time()
                debugger.action_command(command)
                await asyncio.sleep(SETTLED)
                costs.append(time.process_time() - began)
                assert Frames.count > before, "a key has its frame"
        app.exit()

    app.driver_class = Terminal
    asyncio.run(app.run_async(size=SIZE, auto_pilot=press_keys))
    return statistics.median(costs)


# ── from the shell to the first frame ────────────────────────────────────────────────────────────────────────

GRADSTEP = ("-m", "gradstep.tui.cli")
EMPTY = ("-c", "import numpy\nfrom textual.app import App\nApp().run()")
PAINTED = b"\x1b[48;2;"  # a background colour: modes have been set before, but nothing was drawn


def first_frame(*, quick: bool) -> Iterator[Row]:
    """Row 9: the command against an empty app; to the first frame, and to the end of a process that quits then."""
    what = "gradstep to its first frame, against an empty Textual app with NumPy"
    try:
        import pty  # noqa: F401, PLC0415 - not on Windows
    except ImportError:
        yield Row(what, 1.5, (), reason="there are no pseudo-terminals here")
        return
    ours, theirs = [], []
    for _ in range(1 + (3 if quick else 10)):
        ours.append(_start(GRADSTEP, b"q"))
        theirs.append(_start(EMPTY, b"\x11"))
    pairs = list(zip(ours, theirs, strict=True))[1:]  # the first has filled the caches
    yield Row(what, 1.5, [own[0] / other[0] for own, other in pairs])
    yield Row("the same, and quit: whole processes", 1.5, [own[1] / other[1] for own, other in pairs])


def _start(words: Sequence[str], leave: bytes) -> tuple[float, float]:
    """Seconds until a program draws something, and until it has ended after being told to."""
    import fcntl  # noqa: PLC0415 - not on Windows
    import pty  # noqa: PLC0415
    import termios  # noqa: PLC0415

    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], stdin=its, stdout=its, stderr=its, env=environment)
    os.close(its)
    output, painted = b"", 0.0
    while piece := _read(ours):
        output += piece
        if not painted and PAINTED in output:
            painted = time.perf_counter() - began
            os.write(ours, leave)
    status = process.wait()
    ended = time.perf_counter() - began
    os.close(ours)
    if not painted or status:
        raise RuntimeError(f"{' '.join(words)} ended with {status}: {output.decode(errors='replace')[-2000:]}")
    return painted, ended


def _read(terminal: int) -> bytes:
    """What the program writes next; nothing once it has ended."""
    try:
        return os.read(terminal, 2**16)
    except OSError:
        return b""
