"""Looking at inputs and weights as images, one after another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.images import Picture, picture_lines
from tui.widgets.sheet import Sheet


class ImagesScreen(ModalScreen[None]):
    """Left and right: the next picture; Tab: the next album (the inputs, the weights); Esc closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,y", "dismiss(None)", "close", show=False),
        Binding("right,n,s", "turn(1)", "next", show=False),
        Binding("left,N,S", "turn(-1)", "previous", show=False),
        Binding("tab", "album(1)", "album", show=False, priority=True),
        Binding("shift+tab", "album(-1)", "album", show=False, priority=True),
    ]

    def __init__(self, albums: Mapping[str, Sequence[Picture]], *, ascii_only: bool) -> None:
        super().__init__()
        self._albums = albums
        self._names = list(albums)
        self._album = 0
        self._at = dict.fromkeys(albums, 0)
        self._ascii = ascii_only

    def compose(self) -> ComposeResult:
        """One sheet."""
        sheet = Sheet(id="images", classes="panel dialog")
        keys = "left, right: next; Tab: " + ", ".join(self._names) + "; Esc closes"
        sheet.border_subtitle = keys
        yield sheet

    def on_mount(self) -> None:
        """The first picture."""
        self.query_one(Sheet).focus()
        self._show()

    def _show(self) -> None:
        name = self._names[self._album]
        pictures = self._albums[name]
        sheet = self.query_one(Sheet)
        sheet.border_title = f"images: {name}"
        sheet.show(picture_lines(pictures[self._at[name]], ascii=self._ascii))

    def action_turn(self, by: int) -> None:
        """Another picture of the same album."""
        name = self._names[self._album]
        self._at[name] = (self._at[name] + by) % len(self._albums[name])
        self._show()

    def action_album(self, by: int) -> None:
        """Another album."""
        self._album = (self._album + by) % len(self._names)
        self._show()
