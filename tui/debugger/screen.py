"""The debugger's screen: a key becomes a command, a command changes the workbench, which is shown as a drawing.

The screen holds no state of its own but what is under way in a worker and the line that is typed in.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from gradstep.engine import Timeline
from gradstep.engine.program.expression import Element
from gradstep.engine.progress import Progress
from gradstep.engine.remembered import keep_stops, recall_stops
from gradstep.tui.debugger import stepping
from gradstep.tui.debugger.boundary import Guarded, is_caught, nothing_but_the_message, settle
from gradstep.tui.debugger.drawer import ENTRY
from gradstep.tui.debugger.registry import BY_NAME, COMMANDS
from gradstep.tui.debugger.stage import Stage, retold, stage
from gradstep.tui.debugger.work import Arrived, Progressed, Work
from gradstep.tui.debugger.workbench import Command, Prompt, Workbench
from gradstep.tui.pages.arrangement import DRAWER, PROGRAM, is_small, is_wide
from gradstep.tui.text.palette import GRADSTEP_DARK, Palette
from gradstep.tui.widgets.line import Line
from gradstep.tui.widgets.stage import StageView

T = TypeVar("T")

PATIENCE = 1.0  # seconds; a line that is being removed takes nothing more


def _binding(command: Command) -> Binding:
    """With priority a key is acted on before the next is looked at, so that what follows one that asks is typed."""
    keys, action = ",".join(command.keys), f"command('{command.name}')"
    return Binding(keys, action, command.label, show=False, id=command.name, priority=True)


class DebuggerScreen(Guarded, Screen[None]):
    """Everything about one scenario's run, as its workbench has it, for which it is the `Window`."""

    AUTO_FOCUS = ""  # keys are the screen's own unless a line is typed in
    BINDINGS: ClassVar[list[BindingType]] = [_binding(command) for command in COMMANDS if command.keys]

    def __init__(
        self,
        timeline: Timeline,
        *,
        ascii_only: bool = False,
        palette: Palette = GRADSTEP_DARK,
        data: Sequence[Path] = (),
        session: Path | None = None,
        state: Path | None = None,
    ) -> None:
        super().__init__()
        self.bench = Workbench(
            self,
            BY_NAME,
            timeline,
            ascii_only=ascii_only,
            plain=palette.plain or palette.sixteen,
            data=data,
            session=session,
        )
        self._prompt: Prompt | None = None
        self._work = Work()
        self._stage: Stage | None = None
        self._state = state
        self._due = False  # whether what is shown is not what the workbench has
        self._palette = palette

    def compose(self) -> ComposeResult:
        """The drawing, and below it a line to type in where something is asked."""
        yield StageView(self._palette, id="stage")
        line = Line(id="prompt", compact=True)
        line.display = False
        yield line

    def on_resize(self) -> None:
        """Another screen fits."""
        self.bench.show()

    def dress(self, palette: Palette) -> None:
        """Other colours."""
        self.query_one(StageView).dress(palette)

    # ── keys and clicks ──────────────────────────────────────────────────────────────────────────────────────

    def action_command(self, name: str) -> None:
        """Do what a key, a click or the palette asks for."""
        self.bench.do(name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a line is being typed in, keys are letters; commands are those that close it, and that halt it all."""
        if action != "command" or self._prompt is None:
            return True
        saves_first = parameters == ("save",) and bool(self._prompt.at_once)
        return parameters in (("stop",), ("quit",), ("halt",)) or saves_first

    @on(StageView.Clicked)
    def _clicked(self, message: StageView.Clicked) -> None:
        panel = self._stage.panel_at(message.x, message.y) if self._stage else None
        target, bench = message.target, self.bench
        if panel is not None and panel in self.seen:
            bench.focus = panel
        if self.busy:
            return
        match target:
            case Element(symbol, index):
                stepping.pick(bench, symbol, index)
            case int():
                stepping.select(bench, target)
            case str() if target.startswith(ENTRY) and bench.drawer is not None:
                bench.drawer.chosen = int(target.removeprefix(ENTRY))
                bench.show()
            case str():
                bench.do(target)
            case None:
                bench.show()

    @on(StageView.Scrolled)
    def _scrolled(self, message: StageView.Scrolled) -> None:
        panel = self._stage.panel_at(message.x, message.y) if self._stage else None
        if panel == DRAWER and self.bench.drawer is not None:
            self.bench.drawer.move(message.by)
            self.bench.show()
        elif panel == PROGRAM and not self.busy:
            stepping.select_by(self.bench, message.by)

    # ── showing ──────────────────────────────────────────────────────────────────────────────────────────────

    def draw(self) -> None:
        """Draw once what a key has done has been done, however often it asks for that."""
        if not self._due:
            self._due = True
            self.call_next(self._draw)

    def _draw(self) -> None:
        """What is due: nothing where it has been drawn meanwhile, since a command asked what is seen."""
        due, self._due = self._due, False
        width, height = self._extent
        if due and width and height and self.is_mounted:
            self._show(self._drawn(width, height))

    def _drawn(self, width: int, height: int) -> Stage:
        """The screen. What cannot be drawn is told, and drawn with nothing open; then only told."""
        try:
            return stage(self.bench, width, height)
        except Exception as error:
            if not is_caught(self.app, error):
                raise
            self._due = False  # that is what is drawn now
        try:
            return stage(self.bench, width, height)
        except Exception:
            return nothing_but_the_message(self.bench, width, height)

    def tell(self) -> None:
        if self._due or self._stage is None or not self._stage.areas:
            self.draw()
        else:
            self._show(retold(self._stage, self.bench))

    def _show(self, shown: Stage) -> None:
        self._stage = shown
        for view in self.query(StageView):  # none at the very end
            view.show(shown.drawing)

    def failed(self, said: str) -> None:
        """Something of the program's own has failed: say so, and show what is always there."""
        self._work.forget()
        try:
            settle(self.bench)
        finally:
            self.bench.say(said, error=True)
            self.draw()

    def renew(self) -> None:
        """Other widgets in the place of those that are here, one of which takes no more messages."""
        self.call_next(self._renew)

    async def _renew(self) -> None:
        await self.recompose()
        self.draw()

    @property
    def _extent(self) -> tuple[int, int]:
        return self.app.size.width, self.app.size.height

    @property
    def small(self) -> bool:
        return is_small(*self._extent)

    @property
    def wide(self) -> bool:
        return is_wide(*self._extent)

    @property
    def seen(self) -> Collection[str]:
        self._draw()
        return self._stage.areas.keys() if self._stage else ()

    def open(self, dialog: ModalScreen[T], done: Callable[[T | None], None] | None = None) -> None:
        self.app.push_screen(dialog, done)

    def remember(self) -> bool:
        if self._state is None:
            return False
        try:
            keep_stops(self.bench.timeline, self._state)
        except OSError:
            return False
        return True

    def exchange(self, before: Timeline, after: Timeline, session: Path | None) -> None:
        if self._state is not None:
            with suppress(OSError):
                keep_stops(before, self._state)
            if session is None:
                recall_stops(after, self._state)

    def copy(self, text: str) -> None:
        self.app.copy_to_clipboard(text)

    @property
    def halts(self) -> bool:
        return bool(getattr(self.app._driver, "can_be_woken", False))

    def halt(self) -> None:
        if self.halts:
            os.killpg(os.getpgrp(), signal.SIGTSTP)  # as a terminal does it, which tells all that belongs to it

    def quit(self) -> None:
        self.app.exit()

    # ── the line to type in ──────────────────────────────────────────────────────────────────────────────────

    @property
    def asking(self) -> bool:
        return self._prompt is not None

    def ask(self, prompt: Prompt, value: str = "") -> None:
        self._prompt = prompt
        line = self.query_one(Input)
        line.set_class(False, "-wrong")
        line.placeholder = prompt.placeholder(self.bench)
        line.value = value
        line.cursor_position = len(value)
        line.display = True  # at once: what is typed next must not go past it
        self.set_focus(line)
        self.bench.say(prompt.hint)

    def mark_line(self) -> None:
        self.query_one(Input).set_class(True, "-wrong")

    @on(Input.Submitted, "#prompt")
    def _answered(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if self.busy:
            self.bench.say_busy()
        elif not text or self._prompt is None:
            self.close_line()
        else:
            self.bench.answer(self._prompt, text)

    @on(Input.Changed, "#prompt")
    def _typing(self, event: Input.Changed) -> None:
        event.input.set_class(False, "-wrong")
        if self._prompt is not None and event.value.casefold() in self._prompt.at_once:
            self.bench.answer(self._prompt, event.value)

    async def settle_line(self) -> None:
        """Wait until the line has taken the keys that it was given, and what it sent has arrived here."""
        line = self.query_one(Input)
        for pump in (line, line, self):  # what it sends goes through its own queue, too
            taken = asyncio.Event()
            if pump.call_later(taken.set):
                with suppress(TimeoutError, asyncio.TimeoutError):
                    await asyncio.wait_for(taken.wait(), PATIENCE)

    def close_line(self) -> None:
        self._prompt = None
        self.query_one(Input).display = False
        self.set_focus(None)
        self.bench.say("")

    # ── long work ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def busy(self) -> str:
        return self._work.label

    def work(self, label: str, job: Callable[[Progress], T], done: Callable[[T], object]) -> None:
        self._work.begin(self, label, job, done)

    def stop_work(self) -> None:
        self._work.stop()

    @on(Progressed)
    def _show_progress(self, message: Progressed) -> None:
        if self.busy:
            self.bench.say(self._work.told(message, wide=not self.small))

    @on(Arrived)
    def _show_arrival(self, message: Arrived) -> None:
        error = self._work.end(message)
        if error is not None:
            self.bench.show()
            self.bench.say(str(error), error=True)

    def on_unmount(self) -> None:
        """Nobody waits for the work any more."""
        self._work.stop()
