"""The workbench: all that a command gets, without the screen that shows it.

It holds the debugger's state that is no widget's: the run and the moment of it that is shown, how that is seen, what is
selected. A command looks at it, changes it, and calls `show`. What only the screen can do stands in `Window`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from gradstep.engine import Timeline
from gradstep.engine.errors import Problem, reason_of
from gradstep.engine.program.names import Reference
from gradstep.engine.progress import Progress
from gradstep.engine.timeline.timeline import TooEarly
from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.pages import arrangement as places
from gradstep.tui.pages.step.names import Naming
from gradstep.tui.pages.view import View
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import boundary
from gradstep.tui.words import debugger as words

if TYPE_CHECKING:
    from textual.screen import ModalScreen  # so that the registry of commands can be read without Textual

    from gradstep.engine.analysis.health import Finding  # loaded once something has run
    from gradstep.engine.analysis.trends import Trends  # loaded when norms are looked at

T = TypeVar("T")

EXPLANATION = "explain"  # the name of the drawer with one
Points = tuple[list[int], list[float]]  # iterations, and a number of each


class Window(Protocol):
    """The screen, as the workbench knows it."""

    @property
    def busy(self) -> str:
        """The label of the work that is under way; "" for none."""

    @property
    def asking(self) -> bool:
        """Whether the line to type in is open."""

    @property
    def small(self) -> bool:
        """Whether there is room for the step and one other panel only."""

    @property
    def wide(self) -> bool:
        """Whether there is room for a third column."""

    @property
    def seen(self) -> Collection[str]:
        """The panels that are seen."""

    def draw(self) -> None:
        """Show the workbench as it is now."""

    def tell(self) -> None:
        """Show the message of the workbench: nothing else has changed since it was drawn."""

    def ask(self, prompt: Prompt, value: str = "") -> None:
        """Open the line to type in, with this text in it."""

    def mark_line(self) -> None:
        """Mark the line to type in: what stands in it cannot be used."""

    def close_line(self) -> None:
        """Close the line to type in."""

    def open(self, dialog: ModalScreen[T], done: Callable[[T | None], None] | None = None) -> None:
        """Open a dialog over the panels; `done` gets what it gives."""

    def work(self, label: str, job: Callable[[Progress], T], done: Callable[[T], object]) -> None:
        """Do a job in a worker; then `done` with its result."""

    def stop_work(self) -> None:
        """Let the work that is under way end where it is."""

    def remember(self) -> bool:
        """Keep stops and watches for the next start; whether that is possible."""

    def exchange(self, before: Timeline, after: Timeline, session: Path | None) -> None:
        """One run is left for another, perhaps one of a session: what is remembered of stops is kept, and recalled."""

    def copy(self, text: str) -> None:
        """Put a text into the clipboard."""

    @property
    def halts(self) -> bool:
        """Whether the program can be halted, and be told to go on again."""

    def halt(self) -> None:
        """Halt the program until it is told to go on."""

    def quit(self) -> None:
        """End the program."""


@dataclass(frozen=True)
class Prompt:
    """A question for the line to type in. such_as: what stands in it while it is empty, perhaps by what is open. hint:
    is said above it.

    answer: takes what was typed, and closes the line. Raises Problem with what is wrong; the line stays open then.
    at_once: what is taken as soon as it is typed, without Enter.
    """

    such_as: str | Callable[[Workbench], str]
    hint: str
    answer: Callable[[Workbench, str], None]
    at_once: tuple[str, ...] = ()

    def placeholder(self, bench: Workbench) -> str:
        """What stands in the line while it is empty."""
        return self.such_as if isinstance(self.such_as, str) else self.such_as(bench)

    def ask(self, bench: Workbench) -> None:
        """Ask it, with nothing typed yet."""
        bench.window.ask(self)


Act = Callable[["Workbench"], object]
Reason = Callable[["Workbench"], str | None]


def always(bench: Workbench) -> None:
    """The reason why a command cannot be used that always can."""


@dataclass(frozen=True)
class Command:
    """A thing that can be done, by a key or from the palette.

    keys: as Textual spells them; shown: as people do. label: in a word or two, for the palette. why_not: gives the
    reason why it cannot be used now, None where it can.
    """

    name: str
    keys: tuple[str, ...]
    shown: str
    label: str
    help: str
    group: str
    act: Act
    why_not: Reason = always
    while_busy: bool = False


def _mark_of(session: Path | None) -> str | None:
    if session is None:
        return None
    from gradstep.engine.sessions import mark_of  # noqa: PLC0415 - most runs are of no session

    try:
        return mark_of(session)
    except (OSError, Problem):  # it is gone, or another by now: saving says so, or makes it anew
        return None


class Workbench:
    """The state that commands work on. data: folders with data files; session: the file that the run is saved in."""

    def __init__(
        self,
        window: Window,
        commands: Mapping[str, Command],
        timeline: Timeline,
        *,
        ascii_only: bool = False,
        plain: bool = False,
        data: Sequence[Path] = (),
        session: Path | None = None,
    ) -> None:
        self.window = window
        self.commands = commands
        self.data = tuple(data)
        self.view = View(Notation(timeline.names, ascii=ascii_only), plain=plain)
        self.kept: Path | None = None  # the file of the session of an earlier run that was opened
        self.known_heights: tuple[object, Mapping[str, tuple[int, int]]] = None, {}
        self.take(timeline, session)

    def take(self, timeline: Timeline, session: Path | None) -> None:
        """Work on this run from now on, with nothing selected or searched for."""
        self.timeline, self.session = timeline, session
        self.moment = timeline.moment()
        self.view = replace(
            self.view, notation=replace(self.view.notation, names=timeline.names), picked=None, other=None
        )
        self.selected: int | None = None  # the place of a step in the program
        self.message = "", False  # the last one, and whether it is an error
        self.focus = places.PROGRAM  # the panel that keys for moving move in
        self.full = False  # whether that takes all the room
        self.lower = ""  # the panel that is seen below the step in a small terminal; "" for the first
        self.drawer: Drawer | None = None
        self.picture = ""  # the kind that is seen in the place of net, step and tables; "" for none
        self.which = 0  # which one of them
        self.told: Drawer | None = None  # what says it in words, to be scrolled; None where it is drawn
        self.norms: dict[tuple[str, int], Trends] = {}  # by branch and how many iterations
        self.curve = ""  # the symbol of something measured, an axis of the loss, a watch; "" for the first of these
        self.watched: Points = [], []  # what is drawn of a watch
        self.findings: Sequence[Finding] = ()  # of the health of the run
        self.saved: object = self.forks if session else None  # the forks that a session has
        self.saved_stops = timeline.stops  # those that are remembered, or that a session has
        self.mark = _mark_of(session)  # what tells that session from what another may save in its place
        self.found: Sequence[Reference] = ()
        self.found_at = 0
        self.figure: int | None = None  # the number of the one that the cursor was led to; None once it has moved on

    @property
    def place(self) -> int | None:
        """The place in the program of the selected step, or of the one that has just run; None before the first."""
        here = self.moment.position.step
        return self.selected if self.selected is not None else here - 1 if here else None

    @property
    def forks(self) -> object:
        """The branches and what is changed in each: what only a session keeps."""
        return tuple((name, branch.edits, branch.replaced) for name, branch in self.timeline.branches.items())

    @property
    def explains(self) -> bool:
        """Whether the explanation of a number is open, which follows it."""
        return self.drawer is not None and self.drawer.name == EXPLANATION

    def do(self, name: str) -> None:
        """Do a command, or say why that cannot be done now."""
        command = self.commands[name]
        if self.window.busy and not command.while_busy:
            self.say_busy()
            return
        if self.drawer is not None and name in self.drawer.acts:
            self._do_in_drawer(self.drawer, self.drawer.acts[name])
            return
        reason = command.why_not(self)
        if reason is not None:
            self.say(reason)
            return
        self.message = "", False
        command.act(self)
        self.window.draw()

    def _do_in_drawer(self, drawer: Drawer, act: Callable[[int], str | None]) -> None:
        """What a drawer does with its chosen entry."""
        self.message = "", False
        try:
            said = act(drawer.chosen)
        except Problem as error:
            self.say(str(error), error=True)
            return
        self.show()
        if said:
            self.say(said)

    def answer(self, prompt: Prompt, text: str) -> None:
        """What was typed in answer to a question. What cannot be used is said, and may be corrected."""
        try:
            prompt.answer(self, text)
        except TooEarly as error:  # what was typed is right, but not here
            self.window.close_line()
            self.say(str(error), error=True)
        except Problem as error:
            self.window.mark_line()
            self.say(str(error), error=True)
        except OSError as error:
            self.window.mark_line()
            self.say(boundary.REFUSED.format(reason=reason_of(error).lower()), error=True)

    def open(self, drawer: Drawer) -> None:
        """Open a drawer, in the place of another; one that is open already is closed."""
        if self.drawer is not None and self.drawer.name == drawer.name:
            self.close_drawer()
            return
        self.drawer, self.focus, self.full = drawer, places.DRAWER, drawer.whole
        self.show()

    def close_drawer(self) -> None:
        """Close the drawer that is open."""
        self.drawer, self.focus, self.full = None, places.PROGRAM, False
        self.show()

    def show(self) -> None:
        """Show where the timeline is. While work is under way the moment before it stays."""
        if not self.window.busy:
            before, self.moment = self.moment, self.timeline.moment()
            self._keep_figure()
            self._keep_picked(before.position.symbol)
        self.window.draw()

    def _keep_figure(self) -> None:
        """Drop the current figure where the cursor is no longer at it."""
        if self.figure is not None and self.moment.figures.all[self.figure - 1].position != self.moment.position:
            self.figure = None

    def _keep_picked(self, before: str | None) -> None:
        """Drop the picked number where another step has run that does not show it, and no explanation is of it."""
        moment, picked = self.moment, self.view.picked
        if picked is None or self.explains or moment.step is None or moment.step.symbol == before:
            return
        base_of = Naming(moment.scenario, self.view.notation).base
        shown = {*moment.step.operands, base_of(moment.step.symbol)}
        if picked[0] not in shown and base_of(picked[0]) not in shown:
            self.view = replace(self.view, picked=None)

    def say(self, text: str, *, error: bool = False) -> None:
        """The line below the panels."""
        self.message = self.view.notation.sign(text), error
        self.window.tell()

    def say_busy(self) -> None:
        """That work is under way, and how to stop it."""
        self.say(words.UNDER_WAY.format(work=self.window.busy))

    def work(self, label: str, job: Callable[[Progress], T], done: Callable[[T], object]) -> None:
        """Do something that may take long in a worker, with progress and Esc; then `done` with its result."""
        self.window.work(label, job, done)
        self.say_busy()

    def turn_to(self, panel: str) -> None:
        """Show a panel, also where there is room for the step and one other."""
        self.lower = panel
        self.show()

    def leave(self) -> None:
        """Drop the selected step: it is of no matter at another place."""
        self.selected = None
