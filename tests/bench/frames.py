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
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from gradstep.engine import Scenario, load_scenario
from gradstep.engine.remembered import STATE_VARIABLE, mark_seen
from gradstep.tui.app import TOUR, GradstepApp
from tests.bench.rows import Row

SIZE, LARGE = (120, 40), (300, 100)
SETTLED = 0.05  # seconds, three frames
MOST_WAITS = 40

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


def key_to_frame(large: Scenario, *, quick: bool) -> Iterator[Row]:
    """Row 8: a step on and back through an iteration, with large matrices against small ones, on large screens."""
    small = load_scenario("mazur-2-2-2")
    rounds = 1 if quick else 5
    yield Row(
        "a key to its frame, 784x50 matrices on the screen against 2x2",
        1.5,
        _ratios((large, SIZE), (small, SIZE), rounds),
    )
    yield Row("the same of 2x2, a screen of 300x100 against 120x40", 3, _ratios((small, LARGE), (small, SIZE), rounds))
    yield Row("processor time of 2 s in which nobody presses a key, as a part of it", 0.01, [_idle(small)])


Shown = tuple[Scenario, tuple[int, int]]


def _ratios(one: Shown, other: Shown, rounds: int) -> list[float]:
    """How much longer the one takes than the other, in turns."""
    found = []
    for number in range(rounds):
        order = (one, other) if number % 2 else (other, one)
        times = [_frame_time(*shown) for shown in order]
        found.append(times[0] / times[1] if number % 2 else times[1] / times[0])
    return found


def _idle(scenario: Scenario) -> float:
    """Processor seconds a second of an app that waits."""
    app, costs = GradstepApp(scenario), []

    async def wait(pilot: Pilot[object]) -> None:
        await asyncio.sleep(1)
        began = time.process_time()
        await asyncio.sleep(2)
        costs.append((time.process_time() - began) / 2)
        app.exit()

    app.driver_class = Terminal
    asyncio.run(app.run_async(size=SIZE, auto_pilot=wait))
    return costs[0]


def _frame_time(scenario: Scenario, size: tuple[int, int] = SIZE) -> float:
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
                for _ in range(MOST_WAITS):
                    await asyncio.sleep(SETTLED)
                    if Frames.count > before:
                        break
                else:
                    raise RuntimeError(f"no frame for {command}")
                costs.append(time.process_time() - began)
        app.exit()

    app.driver_class = Terminal
    asyncio.run(app.run_async(size=size, auto_pilot=press_keys))
    return statistics.median(costs)


# ── from the shell to the first frame ────────────────────────────────────────────────────────────────────────

GRADSTEP = ("-m", "gradstep.tui.cli")
EMPTY = ("-c", "import numpy\nfrom textual.app import App\nApp().run()")
PAINTED = b"\x1b[48;2;"  # a background colour: modes have been set before, but nothing was drawn
DRAWN = b"all keys"  # the last words of the screen


def first_frame(*, quick: bool) -> Iterator[Row]:
    """Row 9: the command against an empty app; to the first frame, and to the end of a process that quits then."""
    what = "gradstep to its first frame, against an empty Textual app with NumPy"
    try:
        import pty  # noqa: F401, PLC0415 - not on Windows
    except ImportError:
        yield Row(what, 2, (), reason="there are no pseudo-terminals here")
        return
    ours, theirs = [], []
    for _ in range(1 + (3 if quick else 10)):
        ours.append(_start(GRADSTEP, DRAWN, b"q"))
        theirs.append(_start(EMPTY, PAINTED, b"\x11"))
    pairs = list(zip(ours, theirs, strict=True))[1:]  # the first has filled the caches
    yield Row(what, 2, [own[0] / other[0] for own, other in pairs])
    yield Row("the same, and quit: whole processes", 1.5, [own[1] / other[1] for own, other in pairs])


def _start(words: Sequence[str], mark: bytes, leave: bytes) -> tuple[float, float]:
    """Seconds until a program has drawn what has this mark in it, and until it has ended after being told to."""
    import fcntl  # noqa: PLC0415 - not on Windows
    import pty  # noqa: PLC0415
    import termios  # noqa: PLC0415

    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    environment = {
        **{name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "gradstep-bench-bytecode"),  # as if installed
        STATE_VARIABLE: _state(),
    }
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *words], stdin=its, stdout=its, stderr=its, env=environment)
    os.close(its)
    output, painted = b"", 0.0
    while piece := _read(ours):
        output += piece
        if not painted and mark in output:
            painted = time.perf_counter() - began
            os.write(ours, leave)
    status = process.wait()
    ended = time.perf_counter() - began
    os.close(ours)
    if not painted or status:
        raise RuntimeError(f"{' '.join(words)} ended with {status}: {output.decode(errors='replace')[-2000:]}")
    return painted, ended


def _state() -> str:
    """A folder in which the tour has been shown, and no stop is remembered."""
    folder = Path(tempfile.gettempdir()) / "gradstep-bench-state"
    mark_seen(TOUR, folder)
    return str(folder)


def _read(terminal: int) -> bytes:
    """What the program writes next; nothing once it has ended."""
    try:
        return os.read(terminal, 2**16)
    except OSError:
        return b""
