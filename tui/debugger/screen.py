"""The debugger's screen: a key becomes a command, a command changes the workbench, which is shown in the panels.

The screen holds no state of its own but what is under way in a worker and the line that is typed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from gradstep.engine import Timeline
from gradstep.engine.errors import Problem
from gradstep.engine.progress import Progress
from gradstep.engine.stops.stops import PHASE, STEP
from gradstep.tui.debugger import panels, stepping
from gradstep.tui.debugger.curve import drawn_curve
from gradstep.tui.debugger.registry import BY_NAME, COMMANDS, FOOTER
from gradstep.tui.debugger.work import Arrived, Progressed, Work
from gradstep.tui.debugger.workbench import Command, Prompt, Workbench
from gradstep.tui.pages.notes import notes_page
from gradstep.tui.pages.program import program_lines
from gradstep.tui.pages.step import now_page
from gradstep.tui.pages.values import Beside, picked_element, values_page
from gradstep.tui.text.folding import escaped
from gradstep.tui.widgets.bars import KeyBar, MessageBar, StatusBar
from gradstep.tui.widgets.curve import Curve
from gradstep.tui.widgets.program import ProgramList
from gradstep.tui.widgets.sheet import Sheet
from gradstep.tui.words import debugger as words

T = TypeVar("T")

NOTES_WIDTH = 30  # cells, until the panel is there


def _binding(command: Command) -> Binding:
    """With priority a key is acted on before the next is looked at, so that what follows one that asks is typed."""
    keys, action = ",".join(command.keys), f"command('{command.name}')"
    return Binding(keys, action, command.label, show=False, id=command.name, priority=command.priority)


class DebuggerScreen(Screen[None]):
    """Everything about one scenario's run, as its workbench has it, for which it is the `Window`."""

    BINDINGS: ClassVar[list[BindingType]] = [_binding(command) for command in COMMANDS]
    # Declared as an instance's by Textual, so that they cannot be ClassVars here.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (150, "-roomy")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012

    def __init__(
        self, timeline: Timeline, *, ascii_only: bool = False, data: Sequence[Path] = (), session: Path | None = None
    ) -> None:
        super().__init__()
        self.bench = Workbench(self, BY_NAME, timeline, ascii_only=ascii_only, data=data, session=session)
        self._panel = panels.NOW
        self._prompt: Prompt | None = None
        self._work = Work()

    def compose(self) -> ComposeResult:
        """The panels; where they stand is for the style sheet."""
        yield StatusBar(id="status")
        with Horizontal(id="panels"):
            with Vertical(id="left"):
                yield ProgramList(id="program", classes="panel")
                yield Sheet(id=panels.NOTES, classes="panel")
                yield Curve(ascii=self.bench.view.notation.ascii, id=panels.CURVE, classes="panel")
            with Vertical(id="right"):
                yield Sheet(id=panels.NOW, classes="panel")
                yield Sheet(id=panels.VALUES, classes="panel")
        yield MessageBar(id="message")
        yield Input(id="prompt", compact=True)
        yield KeyBar(FOOTER, id="keys")

    def on_mount(self) -> None:
        """Titles; the first picture comes with the first size."""
        self.query_one("#program").border_title = words.PROGRAM
        self.query_one("#notes").border_title = words.NOTES
        self.query_one("#program").focus()

    def on_resize(self) -> None:
        """Other tables fit beside one another."""
        self.call_after_refresh(self.bench.show)

    # ── keys and clicks ──────────────────────────────────────────────────────────────────────────────────────

    def action_command(self, name: str) -> None:
        """Do what a key, a click or the palette asks for."""
        self.bench.do(name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a line is being typed in, keys are letters; only Esc is still a command."""
        return parameters == ("stop",) if action == "command" and self.asking else True

    @on(ProgramList.StepSelected)
    def _step_clicked(self, message: ProgramList.StepSelected) -> None:
        if not self.busy:
            stepping.select(self.bench, message.step)

    @on(Sheet.ElementSelected)
    def _element_clicked(self, message: Sheet.ElementSelected) -> None:
        picked = picked_element(self.bench.moment, message.key, message.index)
        if picked is not None and not self.busy:
            stepping.pick(self.bench, *picked)

    # ── showing ──────────────────────────────────────────────────────────────────────────────────────────────

    def draw(self) -> None:
        bench, moment, view = self.bench, self.bench.moment, self.bench.view
        self._arrange()
        self.query_one(StatusBar).show(moment, view.notation)
        marks = {stop.at: stop.enabled for stop in bench.timeline.stops if stop.kind in (STEP, PHASE)}
        lines = program_lines(moment, view.notation, bench.selected, marks)
        self.query_one(ProgramList).show(lines, bench.place)
        now, values, notes = (self.query_one(f"#{name}", Sheet) for name in (panels.NOW, panels.VALUES, panels.NOTES))
        now.show(now_page(moment, view, now.scrollable_content_region.width))
        beside = None
        if view.other and not self.busy:
            beside = Beside(view.other, bench.timeline.values_in(view.other))
        values.show(values_page(moment, view, values.scrollable_content_region.width, beside))
        if not self.busy:
            width = notes.scrollable_content_region.width or NOTES_WIDTH
            notes.show(notes_page(moment, bench.timeline, view.notation, width))
        self._title(now, values)
        self._draw_curve()

    def _arrange(self) -> None:
        """Tell the style sheet which panels there are, and which is seen where there is room for one."""
        present, seen = panels.present(self.bench), panels.seen(self.bench)
        self.set_class(panels.CURVE not in present, "-single")
        self.set_class(panels.NOTES in present, "-noted")
        for name in panels.TITLES:
            self.set_class(name == seen, f"-panel-{name}")
        if seen != self._panel:  # how wide it is is known only once it is there
            self._panel = seen
            self.call_after_refresh(self.draw)

    def _title(self, now: Sheet, values: Sheet) -> None:
        """The texts in the frames of the panels."""
        bench = self.bench
        for panel in self.query("#right .panel, #notes"):
            panel.border_subtitle = panels.leads_to(bench, panel.id or "")
        written, other = bench.moment.position.symbol, bench.view.other
        now.border_title = words.STEP_OF.format(symbol=bench.view.notation.symbol(written)) if written else words.STEP
        compared = words.VALUES_COMPARED.format(branch=bench.moment.branch, other=other)
        values.border_title = compared if other else words.VALUES

    def _draw_curve(self) -> None:
        curve, drawn = self.query_one(Curve), drawn_curve(self.bench)
        curve.show(drawn.losses, drawn.captions)
        curve.border_title = escaped(drawn.title)
        leads_to = panels.leads_to(self.bench, panels.CURVE)
        curve.border_subtitle = escaped("  ".join(filter(None, (drawn.following, leads_to))))

    def say(self, text: str, *, error: bool) -> None:
        self.query_one(MessageBar).say(text, error=error)

    def reveal(self, symbol: str, index: tuple[int, ...]) -> None:
        self.query_one(f"#{panels.VALUES}", Sheet).reveal(symbol, index)

    def scroll_to_top(self) -> None:
        for sheet in self.query(Sheet):
            sheet.scroll_to(0, 0, animate=False)

    @property
    def small(self) -> bool:
        return self.has_class("-narrow") or self.has_class("-short")

    def open(self, dialog: ModalScreen[T], done: Callable[[T | None], None] | None = None) -> None:
        self.app.push_screen(dialog, done)

    def quit(self) -> None:
        self.app.exit()

    # ── the line to type in ──────────────────────────────────────────────────────────────────────────────────

    @property
    def asking(self) -> bool:
        return self._prompt is not None

    def ask(self, prompt: Prompt, value: str = "") -> None:
        self._prompt = prompt
        self.add_class("-asking")
        line = self.query_one(Input)
        line.placeholder = prompt.placeholder
        line.value = value
        line.cursor_position = len(value)
        line.display = True  # at once: what is typed next must not go past it
        self.set_focus(line)
        self.bench.say(prompt.hint)

    @on(Input.Submitted, "#prompt")
    def _answered(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if self.busy:
            self.bench.say_busy()
        elif not text or self._prompt is None:
            self.close_line()
        else:
            try:
                self._prompt.answer(self.bench, text)
            except Problem as error:
                self.bench.say(str(error), error=True)

    def close_line(self) -> None:
        self._prompt = None
        self.remove_class("-asking")
        self.query_one(Input).display = False
        self.set_focus(self.query_one(ProgramList))
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
            self.bench.say(self._work.told(message, wide=self.has_class("-wide")))

    @on(Arrived)
    def _show_arrival(self, message: Arrived) -> None:
        error = self._work.end(message)
        if error is not None:
            self.bench.show()
            self.bench.say(str(error), error=True)

    def on_unmount(self) -> None:
        """Nobody waits for the work any more."""
        self._work.stop()
