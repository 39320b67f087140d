"""The debugger's screen: a key becomes a command, a command moves the timeline, a frozen moment is shown.

The screen holds no state of its own but the selection and how things are to be seen. Whatever may take longer than a
frame runs in a worker thread, which posts how far it is and is stopped by Esc.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import get_current_worker

from engine import Moment, Position, PositionError, Scenario, Timeline
from tui import pages
from tui.commands import BY_NAME, COMMANDS, Command
from tui.pages import View
from tui.widgets.bars import KeyBar, MessageBar, StatusBar
from tui.widgets.curve import Curve
from tui.widgets.program import ProgramList, program_lines
from tui.widgets.sheet import Sheet
from tui.wording import Wording

QUICK = 2  # iterations that are recomputed within a key press
PULSE = 0.1  # seconds between two reports of a long run
PANELS = {"now": "step", "values": "values", "curve": "loss"}

# What a key says that cannot move: per unit and direction.
AT_END = "the run ends here: all {n:,} iterations have run; S goes back, Home to the start"
AT_START = "this is the start: nothing has run yet; s runs the first step"
NO_SUCH_PLACE = {
    +1: "iteration {n:,} is the last; f, n and s still go on within it",
    -1: "this is the first iteration; F, N and S go back within it",
}

MOVES = {
    "step": ("step", +1),
    "back": ("step", -1),
    "layer_on": ("layer", +1),
    "layer_back": ("layer", -1),
    "phase_on": ("phase", +1),
    "phase_back": ("phase", -1),
    "iteration_on": ("iteration", +1),
    "iteration_back": ("iteration", -1),
}


def _binding(command: Command) -> Binding:
    keys = ",".join(command.keys)
    return Binding(keys, f"command('{command.name}')", command.label, show=False, id=command.name)


class Progressed(Message):
    """A long run has come this far."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done = done
        self.total = total


class Arrived(Message):
    """A long run has ended: at its goal, or stopped on the way."""

    def __init__(self, reached: bool) -> None:
        super().__init__()
        self.reached = reached


class DebuggerScreen(Screen[None]):
    """Everything about one scenario's run. `show` brings it up to date with the timeline."""

    BINDINGS: ClassVar[list[BindingType]] = [_binding(command) for command in COMMANDS]
    # Declared as an instance's by Textual, so that they cannot be ClassVars here.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (150, "-roomy")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012

    def __init__(self, scenario: Scenario, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.timeline = Timeline(scenario)
        self.view = View(Wording(scenario.names, ascii=ascii_only))
        self.selected: int | None = None
        self.panel = "now"
        self.moment: Moment = self.timeline.moment()
        self._stop = threading.Event()
        self._under_way = ""

    def compose(self) -> ComposeResult:
        """The panels; where they stand is for the style sheet."""
        ascii_only = self.view.wording.ascii
        yield StatusBar(id="status")
        with Horizontal(id="panels"):
            with Vertical(id="left"):
                yield ProgramList(id="program", classes="panel")
                yield Curve(ascii=ascii_only, id="curve", classes="panel")
            with Vertical(id="right"):
                yield Sheet(id="now", classes="panel")
                yield Sheet(id="values", classes="panel")
        yield MessageBar(id="message")
        yield Input(id="prompt", placeholder="12 or 12:E or 12:5 or :E or start or end", compact=True)
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """The first picture."""
        self.query_one("#program").border_title = "program"
        self.query_one("#values").border_title = "values"
        self.query_one("#program").focus()
        self.show()

    def on_resize(self) -> None:
        """Other tables fit beside one another."""
        self.call_after_refresh(self.show)

    def on_unmount(self) -> None:
        """Nobody waits for a run any more."""
        self._stop.set()

    # ── showing ──────────────────────────────────────────────────────────────────────────────────────────────

    def show(self) -> None:
        """Show the timeline's position. While a run is under way the moment before it stays."""
        if not self._under_way:
            self.moment = self.timeline.moment()
        moment, view = self.moment, self.view
        self.set_class(not self._has_curve, "-single")
        if not self._has_curve and self.panel == "curve":
            self.panel = "now"
        for name in PANELS:
            self.set_class(name == self.panel, f"-panel-{name}")
        self.query_one(StatusBar).show(moment, view.wording)
        place = moment.position.step - 1 if moment.step is not None else None
        lines = program_lines(moment, view.wording, self.selected)
        self.query_one(ProgramList).show(lines, place if self.selected is None else self.selected)
        now, values = self.query_one("#now", Sheet), self.query_one("#values", Sheet)
        now.show(pages.now_page(moment, view, now.scrollable_content_region.width))
        values.show(pages.values_page(moment, view, values.scrollable_content_region.width))
        written = moment.position.symbol or ""
        following = PANELS[self._following_panel()]
        small = self.has_class("-narrow") or self.has_class("-short")
        for panel in self.query("#right .panel, #curve"):
            panel.border_subtitle = f"v: {following}" if small and panel.id == self.panel else ""
        now.border_title = f"step: {view.wording.symbol(written)}" if written else "step"
        loss = view.wording.symbol(moment.program.loss)
        curve, cursor = self.query_one(Curve), moment.position.iteration
        curve.border_title = "loss" if moment.program.loss == "E" else loss
        curve.show(moment.losses, moment.known, cursor, moment.iterations, loss)

    def say(self, text: str, *, error: bool = False) -> None:
        """One line below the panels."""
        self.query_one(MessageBar).say(self.view.wording.sign(text), error=error)

    # ── commands ─────────────────────────────────────────────────────────────────────────────────────────────

    def action_command(self, name: str) -> None:
        """Do what a key, a click or the palette asks for."""
        if self._under_way and name not in ("stop", "quit"):
            self.say(f"{self._under_way}; Esc stops it")
            return
        self.say("")
        if name in MOVES:
            self._move(*MOVES[name])
        else:
            _HANDLERS[name](self)

    def _move(self, unit: str, direction: int) -> None:
        here = self.timeline.position
        target = self.timeline.course.destination(unit, here, direction)
        if target is None:
            ends = (self.timeline.course.end, AT_END) if direction > 0 else (self.timeline.course.start, AT_START)
            text = ends[1] if here == ends[0] else NO_SUCH_PLACE[direction]
            self.say(text.format(n=self.moment.iterations))
            return
        self._travel(target)

    def _travel(self, target: Position) -> None:
        """Go there: at once where that is near, otherwise in a worker."""
        self.selected = None
        self.view = replace(self.view, picked=None)
        if self.timeline.replays(target) <= QUICK:
            self.timeline.goto(target)
            self.show()
            return
        self._under_way = f"running to {target}"
        self._stop.clear()
        self.say(f"{self._under_way}; Esc stops it")
        self.run_worker(lambda: self._run(target), thread=True, exclusive=True, group="run")

    def _run(self, target: Position) -> None:
        """In the worker: go there, telling now and then how far it is."""
        worker, told = get_current_worker(), time.monotonic()

        def progress(done: int, total: int) -> bool:
            nonlocal told
            if time.monotonic() - told > PULSE:
                told = time.monotonic()
                self.post_message(Progressed(done, total))
            return not (self._stop.is_set() or worker.is_cancelled)

        self.post_message(Arrived(self.timeline.goto(target, progress)))

    @on(Progressed)
    def _show_progress(self, message: Progressed) -> None:
        if self._under_way:
            cells = 20 if self.has_class("-wide") else 8
            full = cells * message.done // max(1, message.total)
            bar = "#" * full + "-" * (cells - full)
            self.say(f"{self._under_way} [{bar}] {message.done:,} of {message.total:,}; Esc stops it")

    @on(Arrived)
    def _show_arrival(self, message: Arrived) -> None:
        self._under_way = ""
        self.show()
        self.say("" if message.reached else f"stopped at {self.timeline.position}")

    def _goto_start(self) -> None:
        self._travel(self.timeline.course.start)

    def _goto_end(self) -> None:
        if self.timeline.position == self.timeline.course.end:
            self.say(AT_END.format(n=self.moment.iterations))
            return
        self._travel(self.timeline.course.end)

    def _ask_position(self) -> None:
        self.add_class("-asking")
        prompt = self.query_one(Input)
        prompt.value = ""
        prompt.focus()
        self.say("go to: iteration, iteration:step or iteration:symbol; Enter goes, Esc does not")

    @on(Input.Submitted, "#prompt")
    def _go_where_asked(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            self._close_prompt()
            return
        try:
            target = self.timeline.course.parse(event.value, self.timeline.position.iteration)
        except PositionError as error:
            self.say(str(error), error=True)
            return
        self._close_prompt()
        self._travel(target)

    def _close_prompt(self) -> None:
        self.remove_class("-asking")
        self.query_one(ProgramList).focus()
        self.say("")

    def _stop_or_drop(self) -> None:
        if self._under_way:
            self._stop.set()
        elif self.has_class("-asking"):
            self._close_prompt()
        else:
            self.selected = None
            self.view = replace(self.view, picked=None)
            self.show()

    def _select(self, step: int) -> None:
        self.selected = min(max(0, step), len(self.moment.program.steps) - 1)
        self.show()
        symbol = self.moment.program.steps[self.selected].symbol
        self.say(f"{self.view.wording.symbol(symbol)} selected; t runs to it, Esc drops the selection")

    def _select_by(self, direction: int) -> None:
        if self.selected is not None:
            self._select(self.selected + direction)
            return
        self._select(self.moment.position.step - 1 + direction if self.moment.step else 0)

    @on(ProgramList.StepSelected)
    def _step_clicked(self, message: ProgramList.StepSelected) -> None:
        if not self._under_way:
            self._select(message.step)

    def _run_to_selected(self) -> None:
        if self.selected is None:
            self.say("no step is selected: select one with the arrow keys up and down, or with a click")
            return
        self._travel(self.timeline.course.at(self.timeline.position.iteration, self.selected + 1))

    @on(Sheet.ElementSelected)
    def _element_clicked(self, message: Sheet.ElementSelected) -> None:
        picked = pages.picked_element(self.moment, message.key, message.index)
        if picked is not None and not self._under_way:
            self.view = replace(self.view, picked=picked)
            self.show()

    @property
    def _has_curve(self) -> bool:
        """One iteration makes no curve, nor does an output of several numbers."""
        program = self.moment.program
        return self.moment.iterations > 1 and program.symbols[program.loss].shape == ()

    def _following_panel(self) -> str:
        names = [name for name in PANELS if name != "curve" or self._has_curve]
        return names[(names.index(self.panel) + 1) % len(names)]

    def _next_panel(self) -> None:
        self.panel = self._following_panel()
        self.show()
        self.call_after_refresh(self.show)

    def _toggle_names(self) -> None:
        wording = self.view.wording
        self.view = replace(self.view, wording=replace(wording, own=not wording.own))
        self.show()
        self.say("the scenario's own names" if not wording.own else "plain symbols")

    def _next_precision(self) -> None:
        choices = pages.PRECISIONS
        digits = choices[(choices.index(self.view.digits) + 1) % len(choices)]
        self.view = replace(self.view, digits=digits)
        self.show()
        self.say("as many digits as fit" if digits == pages.AUTOMATIC else f"up to {digits} digits")

    def open_scenario(self, scenario: Scenario) -> None:
        """Leave this scenario for another one, at its start."""
        self.timeline = Timeline(scenario)
        self.view = replace(self.view, wording=replace(self.view.wording, names=scenario.names), picked=None)
        self.selected = None
        self.panel = "now"
        for sheet in self.query(Sheet):
            sheet.scroll_to(0, 0, animate=False)
        self.show()
        self.say(f"opened {scenario.name}: {scenario.size}")


_HANDLERS: dict[str, Callable[[DebuggerScreen], object]] = {
    "goto": DebuggerScreen._ask_position,
    "start": DebuggerScreen._goto_start,
    "end": DebuggerScreen._goto_end,
    "select_next": lambda screen: screen._select_by(+1),
    "select_previous": lambda screen: screen._select_by(-1),
    "run_to": DebuggerScreen._run_to_selected,
    "stop": DebuggerScreen._stop_or_drop,
    "view": DebuggerScreen._next_panel,
    "names": DebuggerScreen._toggle_names,
    "precision": DebuggerScreen._next_precision,
    "open": lambda screen: screen.app.call_later(screen.app.action_open_scenario),  # type: ignore[attr-defined]
    "help": lambda screen: screen.app.call_later(screen.app.action_help),  # type: ignore[attr-defined]
    "quit": lambda screen: screen.app.exit(),
}

assert {*MOVES, *_HANDLERS} == set(BY_NAME), "every command has a handler"
