"""A scrolling page of tables and lines of text, which says which element was clicked.

Its `Layout` writes any part of any line on demand, so large matrices cost as much as is in view of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size, Spacing
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gradstep.tui.text.page import Layout, Page, lay_out

ACROSS = 8  # cells that a key scrolls sideways


class Sheet(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a page and scrolls it. `show` replaces the page."""

    ALLOW_SELECT = False

    STYLE_KEYS = (
        *("title", "fresh", "heading", "label", "number", "changed", "missing", "nonfinite", "selected"),
        *("space", "text", "dim", "formula", "connector", "positive", "negative"),
    )
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"sheet--{key}" for key in STYLE_KEYS}

    DEFAULT_CSS = """
    Sheet {
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;

        & > .sheet--title { color: $text-primary; text-style: bold; }  /* the name of an array */
        & > .sheet--fresh { color: $text-accent; text-style: bold; }  /* of one just written, and its mark */
        & > .sheet--heading { color: $text-muted; }  /* of a row or column */
        & > .sheet--label { color: $text-secondary; }  /* the name of an element */
        & > .sheet--number { color: $foreground; }
        & > .sheet--changed { color: $text-warning; text-style: bold; }  /* an element that has changed, and its star */
        & > .sheet--missing { color: $text-muted; }  /* the dot of one that is not computed yet */
        & > .sheet--nonfinite { color: $text-error; text-style: bold underline; }  /* NaN and infinities */
        & > .sheet--selected { color: $foreground; text-style: bold reverse; }  /* an element in brackets */
        & > .sheet--text { color: $foreground; }
        & > .sheet--dim { color: $text-muted; }
        & > .sheet--formula { color: $foreground; text-style: bold; }
        & > .sheet--positive { color: $foreground; }  /* pixels */
        & > .sheet--negative { color: $text-accent; }
        & > .sheet--connector { color: $foreground; text-style: bold; }  /* what connects two grids of a band */
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", show=False),
        Binding("down", "scroll_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("shift+left", f"across({-ACROSS})", show=False),
        Binding("shift+right", f"across({ACROSS})", show=False),
    ]

    @dataclass
    class ElementSelected(Message):
        """An element was clicked: that at `index` of the grid with `key`."""

        key: str
        index: tuple[int, ...]

    def __init__(self, page: Page = (), *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._page = page
        self._layout_of_page = Layout()
        self._laid_out_for = -1

    def show(self, page: Page) -> None:
        """Replace the page; what is scrolled to stays where it is as far as the new page reaches."""
        self._page = page
        self._laid_out_for = -1
        self._flow_page()

    def reveal(self, key: str, index: tuple[int, ...]) -> None:
        """Scroll as little as brings an element of the grid with `key` into view."""
        self._reveal(key, index)
        self.call_after_refresh(self._reveal, key, index)  # scroll bars of a new page take their room later

    def _reveal(self, key: str, index: tuple[int, ...]) -> None:
        place = self._layout_of_page.place_of(key, index)
        if place is not None:
            area, covered = place
            self.scroll_to_region(Region(*area), spacing=Spacing(*covered), animate=False, force=True)

    def on_resize(self) -> None:
        """The page flows anew when there is more or less room for it."""
        self._flow_page()

    def on_click(self, event: events.Click) -> None:
        """A click on an element says which."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        left, top = self.scroll_offset
        right = left + self.scrollable_content_region.width
        found = self._layout_of_page.element_at(left + offset.x, top + offset.y, left, right, top)
        if found is not None:
            self.post_message(self.ElementSelected(*found))

    def action_across(self, cells: int) -> None:
        """Scroll sideways."""
        self.scroll_relative(x=cells, animate=False)

    def render_line(self, y: int) -> Strip:
        """One line of the view, all of its width."""
        left, top = self.scroll_offset
        width = self.scrollable_content_region.width
        pieces = self._layout_of_page.line(top + y, left, left + width, top)
        keys = {key: key if key in self.STYLE_KEYS else "text" for _, key in pieces}
        styles = {key: self.get_component_rich_style(f"sheet--{known}") for key, known in keys.items()}
        return Strip([Segment(text, styles[key]) for text, key in pieces], width)

    def _flow_page(self) -> None:
        """Lay the page out for the present width, if it is not."""
        width = self.scrollable_content_region.width
        if width == self._laid_out_for:
            return
        self._laid_out_for = width
        self._layout_of_page = lay_out(self._page, width)
        # Textual does not count the gutter when it decides on the horizontal scroll bar: a blank cell does.
        gutter = int(self._layout_of_page.width > width)
        self.virtual_size = Size(self._layout_of_page.width + gutter, self._layout_of_page.height)
        self.refresh()
