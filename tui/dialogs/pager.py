"""A pager over the debugger: it scrolls a page of lines, and Esc closes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from gradstep.tui.text.page import Page
from gradstep.tui.widgets.sheet import Sheet
from gradstep.tui.words import dialogs as words


class PagerScreen(ModalScreen[None]):
    """Shows what `page` gives for a width; asks again when the terminal's size changes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "dismiss(None)", show=False)]

    def __init__(self, title: str, page: Callable[[int], Page]) -> None:
        super().__init__()
        self._heading = title
        self._page = page

    def compose(self) -> ComposeResult:
        """One sheet."""
        sheet = Sheet(id="page", classes="panel dialog")
        sheet.border_title = self._heading
        sheet.border_subtitle = words.ESC_CLOSES
        yield sheet

    def on_mount(self) -> None:
        """The keys scroll it."""
        self.query_one(Sheet).focus()

    def on_resize(self) -> None:
        """Other lines fit."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        sheet = self.query_one(Sheet)
        sheet.show(self._page(max(20, sheet.scrollable_content_region.width)))
