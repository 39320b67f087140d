"""The lines above and below the panels: where we are, what was just said, which keys there are."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Static

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.debugger.registry import COMMANDS
from gradstep.tui.pages.status import _fitted, where
from gradstep.tui.text.notation import Wording

"""What is shortened first where not all of it fits, down to nothing but for the loss."""


class StatusBar(Static):
    """Where we are."""

    DEFAULT_CSS = """
    StatusBar { height: 2; padding: 0 1; background: $panel; color: $foreground; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    def show(self, moment: Moment, wording: Wording) -> None:
        """Replace both lines."""
        first, second = where(moment, wording, max(10, self.app.size.width - 2))
        self.update(Text(f"{first}\n{second}"))


class MessageBar(Static):
    """What was just said: an answer to a key, an error, how far a run is."""

    DEFAULT_CSS = """
    MessageBar { height: 1; padding: 0 1; color: $foreground; }
    MessageBar.-error { height: auto; max-height: 3; color: $text-error; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    def say(self, text: str, *, error: bool = False) -> None:
        """Replace the message; an empty one clears it. Only an error may take more than a line."""
        self.set_class(error, "-error")
        line = " ".join(text.split())
        self.update(Text(line if error else _fitted(line, max(10, self.app.size.width - 2))))


def keys_line(width: int) -> list[tuple[str, str]]:
    """The footer's keys and labels, by rank, as many as fit in `width` cells."""
    shown: list[tuple[str, str]] = []
    used = 0
    for command in sorted((c for c in COMMANDS if c.footer), key=lambda command: command.footer):
        size = cell_len(command.shown.split()[0]) + 1 + cell_len(command.label) + 2
        if used + size > width:
            break
        shown.append((command.shown.split()[0], command.label))
        used += size
    return shown


class KeyBar(Static):
    """The keys, as many as fit; the help screen has them all."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; background: $panel; color: $foreground; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)

    def on_resize(self) -> None:
        """Other keys fit."""
        line = Text(no_wrap=True, overflow="crop")
        for key, label in keys_line(self.size.width):
            line.append(key, style="bold underline")
            line.append(f" {label}  ")
        self.update(line)
