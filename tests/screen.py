"""The debugger in a test, read as lines of text: without an app where commands are the point, else driven by keys.

`Still` is a window without a screen: commands are done at once, long work, too, and what would be seen is drawn when it
is asked for. `driven` starts the app, which is for what keys, workers and widgets do.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.events import Key, Paste
from textual.pilot import Pilot

from gradstep.engine import Position, Timeline, load_scenario
from gradstep.engine.progress import Progress
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.series import HistoryError
from gradstep.tui.app import GradstepApp
from gradstep.tui.debugger.registry import BY_NAME, COMMANDS
from gradstep.tui.debugger.screen import DebuggerScreen
from gradstep.tui.debugger.stage import Stage, retold, stage
from gradstep.tui.debugger.workbench import Prompt, Workbench
from gradstep.tui.pages.arrangement import is_small, is_wide
from gradstep.tui.text.drawing import Area, Drawing
from gradstep.tui.text.grid import crop

Run = str | Scenario | Timeline
COMMAND_OF = {key: command.name for command in COMMANDS for key in command.keys}


def timeline_of(run: Run) -> Timeline:
    """A run of its own; of a scenario, at the start."""
    if isinstance(run, Timeline):
        return run
    return Timeline(load_scenario(run) if isinstance(run, str) else run)


def part_of(drawing: Drawing, area: Area) -> list[str]:
    """The characters of an area, a string a line."""
    lines = drawing.lines[area.y : area.y + area.height]
    return ["".join(text for text, _ in crop(line, area.x, area.x + area.width)) for line in lines]


class Still:
    """A window without an app, and the workbench that it is for."""

    def __init__(
        self,
        run: Run = "mazur-2-2-2",
        size: tuple[int, int] = (120, 40),
        *,
        ascii_only: bool = False,
        plain: bool = False,
    ) -> None:
        self.size = size
        self.busy = ""
        self.prompt: Prompt | None = None
        self.typed = ""  # what stands in the line to type in
        self.wrong = False  # whether that is marked
        self.drawn = 0  # how often
        self.copied: list[str] = []
        self.opened: list[object] = []
        self.has_quit = False
        self.wakes = True  # whether a shell is there that lets it go on after a halt
        self.halted = 0  # how often
        self.remembers = True  # whether stops are kept for the next start
        self._stage: Stage | None = None
        self._under_way: Callable[[], object] | None = None
        self.bench = Workbench(self, BY_NAME, timeline_of(run), ascii_only=ascii_only, plain=plain)

    # ── what a person does ───────────────────────────────────────────────────────────────────────────────────

    def do(self, *names: str) -> Still:
        """Commands, one after the other, each with the work that it sets going."""
        for name in names:
            if self.bench.drawer is not None:
                assert self.stage, "what is chosen from has been seen"
            self.bench.do(name)
            self.finish()
        return self

    def press(self, *keys: str) -> Still:
        """The commands of keys."""
        return self.do(*(COMMAND_OF[key] for key in keys))

    def answer(self, text: str) -> Still:
        """What is typed into the open line in place of what stands there, and Enter."""
        assert self.prompt is not None, self.message
        self.bench.answer(self.prompt, text)
        self.finish()
        return self

    def put(self, key: str, text: str) -> Still:
        """A key that opens the line, and an answer."""
        return self.press(key).answer(text)

    def goto(self, position: str) -> Still:
        """To a typed position."""
        self.put("g", position)
        assert self.prompt is None, self.message
        return self

    def finish(self) -> None:
        """Let the work that is under way arrive, and what that sets going."""
        while self._under_way is not None:
            arrive, self._under_way = self._under_way, None
            arrive()

    def resize(self, *size: int) -> Still:
        """A terminal of another size."""
        width, height = size
        self.size = width, height
        self.bench.show()
        return self

    # ── what a person sees ───────────────────────────────────────────────────────────────────────────────────

    @property
    def stage(self) -> Stage:
        while self._stage is None:
            self._stage = stage(self.bench, *self.size)
            self.finish()  # what is seen may have to be computed, and is drawn when it has been
        return self._stage

    @property
    def text(self) -> str:
        return self.stage.drawing.text

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def panel(self, name: str) -> str:
        """The characters of one panel, its frame included."""
        return "\n".join(part_of(self.stage.drawing, self.stage.areas[name]))

    @property
    def drawer(self) -> str:
        """What the open drawer shows, without what it is framed in and the blanks beside that."""
        return "\n".join(line[2:-2].rstrip() for line in self.panel("drawer").split("\n")[1:-1])

    @property
    def message(self) -> str:
        return self.bench.message[0]

    @property
    def position(self) -> str:
        return str(self.bench.timeline.position)

    def value(self, name: str) -> float:
        """A number at the cursor."""
        return float(self.bench.timeline[name])

    # ── what the workbench asks of a window ──────────────────────────────────────────────────────────────────

    @property
    def asking(self) -> bool:
        return self.prompt is not None

    @property
    def small(self) -> bool:
        return is_small(*self.size)

    @property
    def wide(self) -> bool:
        return is_wide(*self.size)

    @property
    def seen(self) -> Collection[str]:
        return self.stage.areas.keys()

    def draw(self) -> None:
        self.drawn += 1
        self._stage = None

    def tell(self) -> None:
        if self._stage is not None:
            self._stage = retold(self._stage, self.bench)

    def ask(self, prompt: Prompt, value: str = "") -> None:
        self.prompt, self.typed, self.wrong = prompt, value, False
        self.bench.say(prompt.hint)

    def mark_line(self) -> None:
        self.wrong = True

    def close_line(self) -> None:
        self.prompt, self.typed = None, ""
        self.bench.say("")

    def open(self, dialog: object, done: object = None) -> None:
        self.opened.append(dialog)

    def work(self, label: str, job: Callable[[Progress], Any], done: Callable[[Any], object]) -> None:
        self.busy = label

        def arrive() -> None:
            try:
                result = job(lambda at, total: True)
            except HistoryError as error:
                self.busy = ""
                self.bench.show()
                self.bench.say(str(error), error=True)
                return
            self.busy = ""
            done(result)

        self._under_way = arrive

    def stop_work(self) -> None:
        self.busy, self._under_way = "", None

    def remember(self) -> bool:
        return self.remembers

    def exchange(self, before: Timeline, after: Timeline, session: object) -> None:
        """Nothing is remembered."""

    def copy(self, text: str) -> None:
        self.copied.append(text)

    @property
    def halts(self) -> bool:
        return self.wakes

    def halt(self) -> None:
        self.halted += 1

    def quit(self) -> None:
        self.has_quit = True


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
        return self.bench.message[0]

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
        """The characters of the drawing, a string a line; of what stands over it, where that is so."""
        if self.app.screen is self.debugger:
            shown = self.debugger._stage
            return shown.drawing.text.split("\n") if shown is not None else []
        return self.written

    @property
    def written(self) -> list[str]:
        """What the app has really written, a string a line: the line to type in, too."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@asynccontextmanager
async def driven(
    run: Run = "mazur-2-2-2",
    size: tuple[int, int] = (120, 40),
    *,
    ascii_only: bool = False,
    position: Position | None = None,
    guarded: bool = False,
    state: Path | None = None,
) -> AsyncIterator[Driven]:
    """The debugger on a run, in a terminal of a size. What it raises is the test's unless it is guarded."""
    loaded = load_scenario(run) if isinstance(run, str) else run
    app = GradstepApp(loaded, ascii_only=ascii_only, position=position, state=state)
    app.guarded = guarded
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Driven(app, pilot)
