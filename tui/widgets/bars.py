"""The lines above and below the panels: the cursor's place, the last message, the keys."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Static

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.status import where
from gradstep.tui.text.folding import fitted
from gradstep.tui.text.notation import Notation


class Bar(Static):
    """Text that is shown as it stands."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)


class StatusBar(Bar):
    """The scenario and the cursor's place in its run."""

    DEFAULT_CSS = """
    StatusBar { height: 2; padding: 0 1; background: $panel; color: $foreground; text-style: bold; }
    """

    def show(self, moment: Moment, notation: Notation) -> None:
        """Replace both lines."""
        first, second = where(moment, notation, max(10, self.app.size.width - 2))
        self.update(Text(f"{first}\n{second}"))


class MessageBar(Bar):
    """The last message: an answer to a key, an error, how far a run is."""

    DEFAULT_CSS = """
    MessageBar { height: 1; padding: 0 1; color: $foreground; }
    MessageBar.-error { height: auto; max-height: 3; color: $text-error; text-style: bold; }
    """

    def say(self, text: str, *, error: bool = False) -> None:
        """Replace the message; an empty one clears it. Only an error may take more than a line."""
        self.set_class(error, "-error")
        line = " ".join(text.split())
        self.update(Text(line if error else fitted(line, max(10, self.app.size.width - 2))))


class KeyBar(Bar):
    """Keys and their labels, as many as fit; the help screen has them all."""

    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; background: $panel; color: $foreground; }
    """

    def __init__(self, keys: Sequence[tuple[str, str]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys = keys

    def on_resize(self) -> None:
        """Other keys fit."""
        line = Text(no_wrap=True, overflow="crop")
        for key, label in self._keys:
            if line.cell_len + cell_len(f"{key} {label}  ") > self.size.width:
                break
            line.append(key, style="bold underline")
            line.append(f" {label}  ")
        self.update(line)
