"""The debugger's screen: a key becomes a command, a command moves the timeline, a frozen moment is shown.

The screen holds no state of its own but the selection and how things are to be seen. Whatever may take longer than a
frame is work for a worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input

from gradstep.engine import Moment, Timeline
from gradstep.engine.program.names import Reference
from gradstep.engine.progress import Progress
from gradstep.engine.stops.stops import PHASE, STEP
from gradstep.tui import pages
from gradstep.tui.debugger import curve as curves
from gradstep.tui.debugger import looking
from gradstep.tui.debugger import stopping as stops
from gradstep.tui.debugger import whatif as forks
from gradstep.tui.debugger.prompts import PROMPTS
from gradstep.tui.debugger.registry import BY_NAME, COMMANDS, Command
from gradstep.tui.debugger.stepping import to_end, travel
from gradstep.tui.debugger.work import Arrived, Progressed, Work
from gradstep.tui.pages import View
from gradstep.tui.pages.notes import notes_page
from gradstep.tui.pages.program import program_lines
from gradstep.tui.text.notation import Wording
from gradstep.tui.widgets.bars import KeyBar, MessageBar, StatusBar
from gradstep.tui.widgets.curve import Curve
from gradstep.tui.widgets.program import ProgramList
from gradstep.tui.widgets.sheet import Sheet
from gradstep.tui.words import debugger as words

NOTES_WIDTH = 30  # cells, until the panel is there
PANELS = {"now": words.STEP, "values": words.VALUES, "curve": words.LOSS, "notes": words.NOTES}

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


# Keys that the panels have a use for themselves.
PANELS_OWN = ("select_next", "select_previous")


def _binding(command: Command) -> Binding:
    """With priority: a key is acted on before the next is looked at, so that what follows one that asks is typed."""
    keys, action = ",".join(command.keys), f"command('{command.name}')"
    priority = command.name not in PANELS_OWN
    return Binding(keys, action, command.label, show=False, id=command.name, priority=priority)


class DebuggerScreen(Screen[None]):
    """Everything about one scenario's run. `show` brings it up to date with the timeline."""

    BINDINGS: ClassVar[list[BindingType]] = [_binding(command) for command in COMMANDS]
    # Declared as an instance's by Textual, so that they cannot be ClassVars here.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (150, "-roomy")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012

    def __init__(self, timeline: Timeline, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.timeline = timeline
        self.view = View(Wording(timeline.names, ascii=ascii_only))
        self.selected: int | None = None
        self.panel = "now"
        self.curve = ""  # what is drawn: the symbol of something measured, or the loss
        self.watched_curve: tuple[list[int], list[float]] = [], []
        self.found: list[Reference] = []
        self.found_at = 0
        self.session: Path | None = None
        self.moment: Moment = self.timeline.moment()
        self._asking = "goto"
        self._work = Work()

    def compose(self) -> ComposeResult:
        """The panels; where they stand is for the style sheet."""
        ascii_only = self.view.wording.ascii
        yield StatusBar(id="status")
        with Horizontal(id="panels"):
            with Vertical(id="left"):
                yield ProgramList(id="program", classes="panel")
                yield Sheet(id="notes", classes="panel")
                yield Curve(ascii=ascii_only, id="curve", classes="panel")
            with Vertical(id="right"):
                yield Sheet(id="now", classes="panel")
                yield Sheet(id="values", classes="panel")
        yield MessageBar(id="message")
        yield Input(id="prompt", compact=True)
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Titles; the first picture comes with the first size."""
        self.query_one("#program").border_title = words.PROGRAM
        self.query_one("#notes").border_title = words.NOTES
        self.query_one("#program").focus()

    def on_resize(self) -> None:
        """Other tables fit beside one another."""
        self.call_after_refresh(self.show)

    # ── showing ──────────────────────────────────────────────────────────────────────────────────────────────

    def show(self) -> None:
        """Show the timeline's position. While a run is under way the moment before it stays."""
        if not self.busy:
            self.moment = self.timeline.moment()
        moment, view = self.moment, self.view
        width = self.query_one("#notes", Sheet).scrollable_content_region.width or NOTES_WIDTH
        notes = () if self.busy else notes_page(moment, self.timeline, view.wording, width)
        self.set_class(not self._has_curve, "-single")
        if not self.busy:
            self.set_class(bool(notes), "-noted")
        if self.panel not in self._panels:
            self.panel = "now"
        for name in PANELS:
            self.set_class(name == self.panel, f"-panel-{name}")
        self.query_one(StatusBar).show(moment, view.wording)
        place = moment.position.step - 1 if moment.step is not None else None
        marks = {stop.at: stop.enabled for stop in self.timeline.stops if stop.kind in (STEP, PHASE)}
        lines = program_lines(moment, view.wording, self.selected, marks)
        self.query_one(ProgramList).show(lines, place if self.selected is None else self.selected)
        now, values = self.query_one("#now", Sheet), self.query_one("#values", Sheet)
        now.show(pages.now_page(moment, view, now.scrollable_content_region.width))
        beside = None
        if view.other and not self.busy:
            beside = pages.Beside(view.other, self.timeline.values_in(view.other))
        values.show(pages.values_page(moment, view, values.scrollable_content_region.width, beside))
        if notes:
            self.query_one("#notes", Sheet).show(notes)
        self._show_titles()
        curves.show_curve(self, self._leads_to("curve"))

    def _show_titles(self) -> None:
        """What stands in the frames of the panels."""
        for panel in self.query("#right .panel, #notes"):
            panel.border_subtitle = self._leads_to(panel.id)
        written, other = self.moment.position.symbol, self.view.other
        step = words.STEP_OF.format(symbol=self.view.wording.symbol(written)) if written else words.STEP
        self.query_one("#now").border_title = step
        values = words.VALUES_COMPARED.format(branch=self.moment.branch, other=other) if other else words.VALUES
        self.query_one("#values").border_title = values

    def _leads_to(self, panel: str | None) -> str:
        """What v leads to, where a panel stands in the place of others."""
        small = self.has_class("-narrow") or self.has_class("-short")
        return words.NEXT_PANEL.format(panel=PANELS[self._following_panel()]) if small and panel == self.panel else ""

    def turn_to(self, panel: str) -> None:
        """Show a panel that may have been hidden: how wide it is is known only once it is there."""
        self.panel = panel
        self.show()
        self.call_after_refresh(self.show)

    def reveal(self, symbol: str, index: tuple[int, ...]) -> None:
        """Scroll an element of the values into view."""
        self.query_one("#values", Sheet).reveal(symbol, index)

    def say(self, text: str, *, error: bool = False) -> None:
        """One line below the panels."""
        self.query_one(MessageBar).say(self.view.wording.sign(text), error=error)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a line is being typed in, keys are letters; only Esc is still a command."""
        if action == "command" and self.has_class("-asking"):
            return parameters == ("stop",)
        return True

    # ── long work ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def busy(self) -> bool:
        """Whether work is under way."""
        return bool(self._work.label)

    def say_busy(self) -> None:
        """What is under way, and how to stop it."""
        self.say(words.UNDER_WAY.format(work=self._work.label))

    def work(self, label: str, job: Callable[[Progress], object], done: Callable[[object], None]) -> None:
        """Do something that may take long in a worker, with progress and Esc; then `done` with its result."""
        self._work.begin(self, label, job, done)
        self.say_busy()

    @on(Progressed)
    def _show_progress(self, message: Progressed) -> None:
        if self.busy:
            self.say(self._work.told(message, wide=self.has_class("-wide")))

    @on(Arrived)
    def _show_arrival(self, message: Arrived) -> None:
        error = self._work.end(message)
        if error is not None:
            self.show()
            self.say(str(error), error=True)

    def on_unmount(self) -> None:
        """Nobody waits for the work any more."""
        self._work.stop()

    # ── commands ─────────────────────────────────────────────────────────────────────────────────────────────

    def action_command(self, name: str) -> None:
        """Do what a key, a click or the palette asks for."""
        if self.busy and name not in ("stop", "quit"):
            self.say_busy()
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
            course = self.timeline.course
            if here == (course.end if direction > 0 else course.start):
                self.say_end(direction)
            elif direction > 0:
                self.say(words.LAST_ITERATION.format(iterations=self.moment.iterations))
            else:
                self.say(words.FIRST_ITERATION)
            return
        travel(self, target)

    def say_end(self, direction: int) -> None:
        """That the run does not go on from here."""
        self.say(words.AT_END(self.moment.iterations) if direction > 0 else words.AT_START)

    def leave(self) -> None:
        """What was selected at this place is of no matter at another."""
        self.selected = None
        self.view = replace(self.view, picked=None)

    def ask(self, what: str, value: str = "") -> None:
        """Open the line to type in."""
        self._asking = what
        self.add_class("-asking")
        prompt = self.query_one(Input)
        prompt.placeholder = PROMPTS[what].placeholder
        prompt.value = value
        prompt.cursor_position = len(value)
        prompt.display = True  # at once: what is typed next must not go past it
        self.set_focus(prompt)
        self.say(PROMPTS[what].hint)

    @on(Input.Submitted, "#prompt")
    def _answered(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if self.busy:
            self.say_busy()
            return
        if not text:
            self.close_prompt()
            return
        problem = PROMPTS[self._asking].answer(self, text)
        if problem:
            self.say(problem, error=True)

    def close_prompt(self) -> None:
        """Close the line to type in."""
        self.remove_class("-asking")
        self.query_one(Input).display = False
        self.set_focus(self.query_one(ProgramList))
        self.say("")

    def _stop_or_drop(self) -> None:
        if self.busy:
            self._work.stop()
        elif self.has_class("-asking"):
            self.close_prompt()
        else:
            self.leave()
            self.show()

    def _select(self, step: int) -> None:
        self.selected = min(max(0, step), len(self.moment.program.steps) - 1)
        self.show()
        symbol = self.moment.program.steps[self.selected].symbol
        self.say(words.SELECTED.format(symbol=self.view.wording.symbol(symbol)))

    def _select_by(self, direction: int) -> None:
        if self.selected is not None:
            self._select(self.selected + direction)
            return
        self._select(self.moment.position.step - 1 + direction if self.moment.step else 0)

    @on(ProgramList.StepSelected)
    def _step_clicked(self, message: ProgramList.StepSelected) -> None:
        if not self.busy:
            self._select(message.step)

    def _run_to_selected(self) -> None:
        if self.selected is None:
            self.say(words.NO_STEP_SELECTED)
            return
        travel(self, self.timeline.course.at(self.timeline.position.iteration, self.selected + 1))

    @on(Sheet.ElementSelected)
    def _element_clicked(self, message: Sheet.ElementSelected) -> None:
        picked = pages.picked_element(self.moment, message.key, message.index)
        if picked is not None and not self.busy:
            self.view = replace(self.view, picked=picked)
            self.show()

    @property
    def _has_curve(self) -> bool:
        """One iteration makes no curve, nor does an output of several numbers."""
        program = self.moment.program
        return self.moment.iterations > 1 and program.symbols[program.loss].shape == ()

    @property
    def _panels(self) -> list[str]:
        """The panels that there is something in."""
        absent = {"curve": not self._has_curve, "notes": not self.has_class("-noted")}
        return [name for name in PANELS if not absent.get(name)]

    def _following_panel(self) -> str:
        names = self._panels
        return names[(names.index(self.panel) + 1) % len(names)]

    def _next_panel(self) -> None:
        self.turn_to(self._following_panel())

    def _save(self) -> None:
        from gradstep.engine.sessions import ENDING  # noqa: PLC0415 - only here

        path = self.session or Path(f"{self.moment.scenario.name}{ENDING}")
        self.ask("save", str(path))

    def open_timeline(self, timeline: Timeline, session: Path | None = None) -> None:
        """Leave this run for another one."""
        self.timeline, self.session = timeline, session
        wording = replace(self.view.wording, names=timeline.names)
        self.view = replace(self.view, wording=wording, picked=None, other=None)
        self.selected = None
        self.panel = "now"
        self.curve = ""
        self.found = []
        for sheet in self.query(Sheet):
            sheet.scroll_to(0, 0, animate=False)
        self.show()
        scenario = timeline.scenario
        if session:
            self.say(words.OPENED_SESSION.format(session=session, scenario=scenario.name))
        else:
            self.say(words.OPENED.format(scenario=scenario.name, size=scenario.size))


_HANDLERS: dict[str, Callable[[DebuggerScreen], object]] = {
    "goto": lambda screen: screen.ask("goto"),
    "start": lambda screen: travel(screen, screen.timeline.course.start),
    "end": to_end,
    "select_next": lambda screen: screen._select_by(+1),
    "select_previous": lambda screen: screen._select_by(-1),
    "run_to": DebuggerScreen._run_to_selected,
    "stop": DebuggerScreen._stop_or_drop,
    "continue_on": lambda screen: stops.run(screen, +1),
    "continue_back": lambda screen: stops.run(screen, -1),
    "break": stops.toggle_here,
    "stops": stops.list_stops,
    "watch": lambda screen: screen.ask("watch"),
    "edit": forks.ask_edit,
    "forks": forks.list_forks,
    "compare": forks.compare_again,
    "explain": looking.explain_picked,
    "check": looking.check_gradients,
    "why": looking.why,
    "pick_left": lambda screen: looking.pick(screen, 0, -1),
    "pick_right": lambda screen: looking.pick(screen, 0, +1),
    "pick_up": lambda screen: looking.pick(screen, -1, 0),
    "pick_down": lambda screen: looking.pick(screen, +1, 0),
    "search": lambda screen: screen.ask("search"),
    "search_next": lambda screen: looking.next_found(screen, +1),
    "search_previous": lambda screen: looking.next_found(screen, -1),
    "view": DebuggerScreen._next_panel,
    "curve": curves.next_curve,
    "pictures": looking.show_pictures,
    "names": looking.toggle_names,
    "precision": looking.next_precision,
    "save": DebuggerScreen._save,
    "open": lambda screen: screen.app.action_open_scenario(),  # type: ignore[attr-defined]
    "help": looking.show_help,
    "quit": lambda screen: screen.app.exit(),
}

assert {*MOVES, *_HANDLERS} == set(BY_NAME), "every command has a handler"
