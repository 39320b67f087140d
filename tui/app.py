"""The application: its screens, its theme, the palette. What happens on the screens is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import BUILTIN_THEMES

from engine import Scenario, ScenarioError, load_scenario
from tui.commands import COMMANDS
from tui.screens.debugger import DebuggerScreen
from tui.screens.help import HelpScreen
from tui.screens.open import OpenScreen


def known_themes() -> list[str]:
    """The names that --theme takes."""
    return sorted(BUILTIN_THEMES)


class PlainScrollBar(ScrollBarRender):
    """A scroll bar drawn with blanks alone."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class GradstepApp(App[int]):
    """gradstep in a terminal."""

    TITLE = "gradstep"
    CSS_PATH = "gradstep.tcss"

    def __init__(self, scenario: Scenario, *, ascii_only: bool = False, theme: str | None = None) -> None:
        super().__init__()
        self._scenario = scenario
        self.ascii_only = ascii_only
        if theme is not None:
            self.theme = theme
        ScrollBar.renderer = PlainScrollBar if ascii_only else ScrollBarRender

    def get_default_screen(self) -> Screen[None]:
        """The debugger on the scenario that was asked for."""
        return DebuggerScreen(self._scenario, ascii_only=self.ascii_only)

    def on_mount(self) -> None:
        """Frames in ASCII where that is wanted."""
        self.set_class(self.ascii_only, "-ascii")

    @property
    def debugger(self) -> DebuggerScreen:
        """The screen at the bottom of the stack."""
        screen = self.screen_stack[0]
        assert isinstance(screen, DebuggerScreen)
        return screen

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: our commands by name, then themes and what else is useful here."""
        for command in COMMANDS:
            yield SystemCommand(command.label, command.help, partial(self.debugger.action_command, command.name))
        wanted = {"Theme", "Screenshot"}
        yield from (item for item in super().get_system_commands(screen) if item.title in wanted)

    def action_help(self) -> None:
        """Show the keys."""
        self.push_screen(HelpScreen(ascii_only=self.ascii_only))

    def action_open_scenario(self) -> None:
        """Let a scenario be chosen, and open it if it can be used."""
        self.push_screen(OpenScreen(ascii_only=self.ascii_only), self._open)

    def _open(self, name: str | None) -> None:
        if name is None:
            return
        try:
            scenario = load_scenario(name)
        except ScenarioError as error:
            self.debugger.say(str(error), error=True)
            return
        self.debugger.open_scenario(scenario)
