"""The application: its screens, its theme, the palette. What happens on the screens is theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual.app import SystemCommand
from textual.color import Color
from textual.events import Event, Key
from textual.filter import LineFilter
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import BUILTIN_THEMES, Theme

from gradstep.engine import Position, Scenario, Timeline
from gradstep.engine.recovery import kept_session
from gradstep.engine.remembered import keep_stops, mark_seen, seen_before
from gradstep.tui.debugger.boundary import GuardedApp
from gradstep.tui.debugger.recovering import forget, reopen
from gradstep.tui.debugger.registry import COMMANDS
from gradstep.tui.debugger.screen import DebuggerScreen
from gradstep.tui.debugger.stepping import go_back_to
from gradstep.tui.text.palette import GRADSTEP_DARK, GRADSTEP_LIGHT, OURS, Palette, palette_of


def known_themes() -> list[str]:
    """The names that --theme takes."""
    return sorted([*OURS, *BUILTIN_THEMES])


FEW = ("standard", "windows")  # what Rich calls terminals of sixteen colours
TOUR = "tour-shown"  # the name of the file that says so


class PlainScrollBar(ScrollBarRender):
    """A scroll bar drawn with blanks alone."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class PlainSigns(LineFilter):
    """Textual's own signs in ASCII, each in as many cells: what it cuts a text off with, and the palette's."""

    SIGNS: ClassVar[dict[int, str]] = str.maketrans({"…": "~", "🔎": "/ ", "▔": "-", "▁": "-"})

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments of a line."""
        return [Segment(text.translate(self.SIGNS), style, control) for text, style, control in segments]


class NoColour(LineFilter):
    """Text without colours: what is reversed, bold or underlined stays so."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments of a line."""
        return [Segment(text, style and style.without_color, control) for text, style, control in segments]


# What Textual calls the colours of a theme, for those of ours that follow from them.
NAMES = {
    "text": "foreground", "ground": "surface", "label": "primary", "forward": "primary", "loss": "warning",
    "backward": "accent", "update": "success", "holds": "success", "fails": "error",
}  # fmt: skip


def _palette(name: str, variables: Mapping[str, str], *, dark: bool) -> Palette:
    """The palette of one of Textual's themes; ours where its colours are those of the terminal, which nobody knows."""
    found = {ours: variables.get(theirs, "") for ours, theirs in NAMES.items()}
    known = {
        ours: value[:7] for ours, value in found.items() if re.fullmatch("#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?", value)
    }
    if not {"text", "ground"} <= known.keys():
        return GRADSTEP_DARK if dark else GRADSTEP_LIGHT
    return palette_of(name, known, dark=dark)


def _theme(palette: Palette) -> Theme:
    """A palette of ours as a theme of Textual, for what is a widget."""
    of = palette.colours
    return Theme(
        name=palette.name,
        primary=of["forward"],
        secondary=of["label"],
        warning=of["loss"],
        error=of["fails"],
        success=of["holds"],
        accent=of["backward"],
        foreground=of["text"],
        background=of["ground"],
        surface=of["panel"],
        panel=of["bar"],
        dark=palette.dark,
    )


class GradstepApp(GuardedApp):
    """gradstep in a terminal.

    session: the file that the run is from; position: where it goes first, of the branch that the timeline is on. state:
    the folder in which stops are remembered, and that the tour was shown; None for no remembering. greeting: what is
    said first.
    """

    TITLE = "gradstep"
    CSS_PATH = "gradstep.tcss"

    def __init__(
        self,
        run: Scenario | Timeline,
        *,
        ascii_only: bool = False,
        theme: str | None = None,
        data: Sequence[Path] = (),
        session: Path | None = None,
        position: Position | None = None,
        state: Path | None = None,
        greeting: str = "",
    ) -> None:
        super().__init__(state)
        self.plain = self.no_color
        for palette in OURS.values():
            self.register_theme(_theme(palette))
        self._timeline = run if isinstance(run, Timeline) else Timeline(run)
        self._session = session
        self._position = position
        self._greeting = greeting
        self._data = tuple(data)
        self.ascii_only = ascii_only
        self.theme = theme or GRADSTEP_DARK.name
        ScrollBar.renderer = PlainScrollBar if ascii_only else ScrollBarRender

    def get_default_screen(self) -> Screen[None]:
        """The debugger on the run that was asked for, which it may leave for another."""
        screen = DebuggerScreen(
            self._timeline,
            ascii_only=self.ascii_only,
            palette=self.palette,
            data=self._data,
            session=self._session,
            state=self.state,
        )
        del self._timeline
        self.bench = screen.bench
        return screen

    def on_mount(self) -> None:
        """Frames in ASCII where that is wanted; the colours of the theme, and of every other one that is chosen."""
        self.set_class(self.ascii_only, "-ascii")
        self.theme_changed_signal.subscribe(self, lambda theme: self.debugger.dress(self.palette))

    @property
    def sixteen(self) -> bool:
        """Whether this is a terminal of sixteen colours."""
        return not self.plain and not self.is_headless and self.console.color_system in FEW

    @property
    def palette(self) -> Palette:
        """The colours of the present theme."""
        palette = OURS.get(self.theme) or _palette(self.theme, self.theme_variables, dark=self.current_theme.dark)
        return palette.without_colours() if self.plain else palette.of_sixteen() if self.sixteen else palette

    def on_ready(self) -> None:
        """Offer the session of a run that ended early, where there is one; otherwise begin."""
        if self.state is None or (kept := kept_session(self.bench.timeline.scenario, self.state)) is None:
            self._begin()
            return
        from gradstep.tui.dialogs.kept import KeptScreen  # noqa: PLC0415 - most starts have none

        def answered(opens: bool | None) -> None:
            if opens:
                reopen(self.bench, kept)
                return
            self._begin()
            if opens is False:
                forget(self.bench, kept)

        self.push_screen(KeptScreen(), answered)

    def _begin(self) -> None:
        """Go where the session was left: the way there may be long and can be stopped. The first time, the tour."""
        if self._position is not None:
            go_back_to(self.debugger.bench, self._position)
        elif self.state is not None and not seen_before(TOUR, self.state):
            self.debugger.bench.do("tour")
            with suppress(OSError):  # it is shown again, then
                mark_seen(TOUR, self.state)
        if self._greeting:
            self.bench.say(self._greeting)

    def on_unmount(self) -> None:
        """Remember the stops; where that is not possible there are none next time."""
        if self.state is not None:
            with suppress(OSError):
                keep_stops(self.bench.timeline, self.state)

    def failed(self, said: str) -> None:
        """The debugger says so."""
        self.debugger.failed(said)

    def renew(self) -> None:
        """A dialog is closed; the debugger's screen is put together anew."""
        if self.screen is self.debugger:
            self.debugger.renew()
        else:
            self.pop_screen()

    async def on_event(self, event: Event) -> None:
        """A key after the one that ends a line to type in is a command: it waits until the line has been taken."""
        await super().on_event(event)
        if isinstance(event, Key) and self.is_ready and self.debugger.asking:
            await self.debugger.settle_line()

    async def action_quit(self) -> None:
        """As the debugger's own key does it: what would be lost is asked about."""
        self.action_help_quit()

    def action_help_quit(self) -> None:
        """Ctrl+C: close the dialog that is open; otherwise as the debugger does it."""
        if self.screen is self.debugger:
            self.debugger.bench.do("quit")
        else:
            self.pop_screen()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The filters that every line goes through before it is drawn."""
        filters = [] if self.plain or self.sixteen else [*super().get_line_filters()]
        more = [kind() for kind, wanted in ((NoColour, self.plain), (PlainSigns, self.ascii_only)) if wanted]
        return [*filters, *more]

    @property
    def debugger(self) -> DebuggerScreen:
        """The screen at the bottom of the stack."""
        screen = self.screen_stack[0]
        assert isinstance(screen, DebuggerScreen)
        return screen

    def action_command_palette(self) -> None:
        """Open the palette."""
        from gradstep.tui.widgets.palette import Palette  # noqa: PLC0415 - only here

        if not any(isinstance(screen, Palette) for screen in self.screen_stack):
            self.push_screen(Palette(id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: our commands by name, then themes and what else is useful here."""
        for command in COMMANDS:
            yield SystemCommand(command.label, command.help, partial(self.debugger.action_command, command.name))
        wanted = {"Theme", "Screenshot"}
        yield from (item for item in super().get_system_commands(screen) if item.title in wanted)
