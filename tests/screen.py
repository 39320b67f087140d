"""The debugger in a test: driven by keys, read as lines of text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.events import Key, Paste
from textual.pilot import Pilot

from gradstep.engine import Position, Timeline, load_scenario
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.app import GradstepApp
from gradstep.tui.debugger.screen import DebuggerScreen
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.widgets.curve import Curve


class Driven:
    """An app under test."""

    def __init__(self, app: GradstepApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def debugger(self) -> DebuggerScreen:
        return self.app.debugger

    @property
    def bench(self) -> Workbench:
        return self.debugger.bench

    @property
    def position(self) -> str:
        return str(self.bench.timeline.position)

    @property
    def message(self) -> str:
        return str(self.debugger.query_one("#message").render())

    @property
    def caption(self) -> str:
        """What stands above the curve."""
        return self.debugger.query_one(Curve).render_line(0).text.strip()

    @property
    def curve_frame(self) -> tuple[str, str]:
        """What stands in the frame of the curve, above and below."""
        curve = self.debugger.query_one(Curve)
        return str(curve.border_title), str(curve.border_subtitle)

    def timeline_value(self, name: str) -> float:
        """A number at the cursor."""
        return float(self.bench.timeline[name])

    async def press(self, *keys: str) -> None:
        """Press keys; wait after each until everything that it set going has ended."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type_ahead(self, *keys: str) -> None:
        """Press keys as fast as they come, and wait only after the last."""
        for key in keys:
            self.app.post_message(Key(key, key if len(key) == 1 else None))
        await self.settle()

    async def settle(self) -> None:
        """Wait until no worker is left and the app is idle: the end of one worker may set another one going."""
        await self.pilot.pause()
        while len(self.app.workers):
            await self.app.workers.wait_for_complete()
            await self.pilot.pause()

    async def type_position(self, text: str) -> None:
        """g, a position, Enter."""
        await self.press("g")
        await self.answer(text)

    async def ask(self, key: str, text: str) -> None:
        """A key that opens a line to type in, and what is put there in place of what stands in it."""
        await self.press(key, "ctrl+u")
        await self.answer(text)

    async def answer(self, text: str) -> None:
        """A line, put in at once as a terminal does what is pasted, and Enter."""
        self.app.post_message(Paste(text))
        await self.press("enter")

    @property
    def lines(self) -> list[str]:
        """The screen's characters, a string a line."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@asynccontextmanager
async def driven(
    run: str | Scenario | Timeline = "mazur-2-2-2",
    size: tuple[int, int] = (120, 40),
    *,
    ascii_only: bool = False,
    position: Position | None = None,
) -> AsyncIterator[Driven]:
    """The debugger on a run, in a terminal of a size."""
    loaded = load_scenario(run) if isinstance(run, str) else run
    app = GradstepApp(loaded, ascii_only=ascii_only, position=position)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Driven(app, pilot)
