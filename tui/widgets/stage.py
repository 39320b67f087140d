"""The widget that shows a drawing of the whole screen: it writes lines that have changed, and says what was clicked."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from gradstep.tui.text.drawing import Drawing, Target
from gradstep.tui.text.palette import GRADSTEP_DARK, Palette


class StageView(Widget):
    """Shows a drawing; `show` replaces it."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "StageView { width: 1fr; height: 1fr; }"

    @dataclass
    class Clicked(Message):
        """A click. target: what it is on, if on anything."""

        x: int
        y: int
        target: Target | None

    @dataclass
    class Scrolled(Message):
        """The wheel was turned over a cell. by: lines, down or up."""

        x: int
        y: int
        by: int

    def __init__(self, palette: Palette = GRADSTEP_DARK, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.palette = palette
        self._drawing = Drawing(0, ())

    def show(self, drawing: Drawing) -> None:
        """Replace the drawing; only lines that differ are written anew."""
        before, self._drawing = self._drawing, drawing
        if before.width != drawing.width or before.height != drawing.height:
            self.refresh()
            return
        pairs = enumerate(zip(before.lines, drawing.lines, strict=True))
        changed = [Region(0, y, drawing.width, 1) for y, (old, new) in pairs if old != new]
        if changed:
            self.refresh(*changed)

    def dress(self, palette: Palette) -> None:
        """Other colours."""
        self.palette = palette
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        width, style = self.size.width, self.palette.style
        if y >= self._drawing.height:
            return Strip([Segment(" " * width, style("text"))], width)
        strip = Strip([Segment(text, style(key)) for text, key in self._drawing.lines[y]], self._drawing.width)
        return strip if self._drawing.width == width else strip.adjust_cell_length(width, style("text"))

    def on_click(self, event: events.Click) -> None:
        """What it is on."""
        self.post_message(self.Clicked(event.x, event.y, self._drawing.at(event.x, event.y)))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Down."""
        self.post_message(self.Scrolled(event.x, event.y, 3))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Up."""
        self.post_message(self.Scrolled(event.x, event.y, -3))
