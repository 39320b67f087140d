"""The list of an iteration's steps, which scrolls and says which step was clicked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gradstep.tui.pages.program import ProgramLine
from gradstep.tui.text.grid import crop


class ProgramList(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows the program; `show` replaces it."""

    ALLOW_SELECT = False

    STYLE_KEYS = ("phase", "layer", "done", "now", "next", "later", "selected", "space")
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"program--{key}" for key in STYLE_KEYS}

    DEFAULT_CSS = """
    ProgramList {
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;

        & > .program--phase { color: $text-primary; text-style: bold; }
        & > .program--layer { color: $text-muted; }
        & > .program--done { color: $text-muted; }
        & > .program--now { color: $text-accent; text-style: bold; }
        & > .program--next { color: $foreground; text-style: bold; }
        & > .program--later { color: $foreground; }
        & > .program--selected { color: $foreground; text-style: reverse; }
    }
    """

    @dataclass
    class StepSelected(Message):
        """A step was clicked; `step` is its place in the program."""

        step: int

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: tuple[ProgramLine, ...] = ()
        self._keep_in_view: int | None = None

    def show(self, lines: tuple[ProgramLine, ...], keep_in_view: int | None) -> None:
        """Replace the list, and scroll the step at this place into view with what surrounds it."""
        self._lines = lines
        self._keep_in_view = keep_in_view
        self.virtual_size = Size(self.scrollable_content_region.width, len(lines))
        self.refresh()
        self._scroll()

    def on_resize(self) -> None:
        """With less room another part of the list is in view."""
        self._scroll()

    def _scroll(self) -> None:
        if self._keep_in_view is None:
            self.scroll_to(0, 0, animate=False)
            return
        at = next((y for y, line in enumerate(self._lines) if line.step == self._keep_in_view), 0)
        first = max(0, at - 2)
        self.scroll_to_region(Region(0, first, 1, min(len(self._lines), at + 3) - first), animate=False)

    def on_click(self, event: events.Click) -> None:
        """A click on a step says which."""
        offset = event.get_content_offset(self)
        y = -1 if offset is None else offset.y + self.scroll_offset.y
        step = self._lines[y].step if 0 <= y < len(self._lines) else None
        if step is not None:
            self.post_message(self.StepSelected(step))

    def render_line(self, y: int) -> Strip:
        """One line of the view, all of its width."""
        width = self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        pieces = self._lines[at].crop(width) if at < len(self._lines) else crop((), 0, width)
        return Strip([Segment(text, self.get_component_rich_style(f"program--{key}")) for text, key in pieces], width)
