"""Pictures over the debugger: the net, heat maps, what it has learned, norms, images; and all of them as text.

Each picture is an `Album`: what it shows for a size, and how many there are to turn through. The keys that step work
here, too, so that one can watch the picture while the program runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.widgets.sheet import Line, Page, Sheet
from tui.words import dialogs as words

if TYPE_CHECKING:
    from tui.screens.debugger import DebuggerScreen


@dataclass(frozen=True)
class Album:
    """page(which, width, height) and text(which) are the picture and what can be read from it; `count` there are."""

    name: str
    count: int
    page: Callable[[int, int, int], Page]
    text: Callable[[int], Sequence[str]]


Albums = Callable[[], Sequence[Album]]

STEPS = {
    "s": "step",
    "S": "back",
    "i": "iteration_on",
    "I": "iteration_back",
    "n": "layer_on",
    "N": "layer_back",
    "f": "phase_on",
    "F": "phase_back",
}


class PicturesScreen(ModalScreen[None]):
    """Shows one album at a time; asks for them anew after every step."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,y", "dismiss(None)", show=False),
        Binding("right", "turn(1)", show=False, priority=True),
        Binding("left", "turn(-1)", show=False, priority=True),
        Binding("tab", "album(1)", show=False, priority=True),
        Binding("shift+tab", "album(-1)", show=False, priority=True),
        Binding("t", "as_text", show=False),
        *(Binding(key, f"command('{name}')", show=False) for key, name in STEPS.items()),
    ]

    def __init__(self, debugger: DebuggerScreen, albums: Albums, name: str = "") -> None:
        super().__init__()
        self._debugger = debugger
        self._albums = albums
        self._current = name
        self._order: list[str] = []
        self._at: dict[str, int] = {}
        self._text = False

    def compose(self) -> ComposeResult:
        """One sheet."""
        sheet = Sheet(id="pictures", classes="panel dialog")
        sheet.border_subtitle = self._debugger.view.wording.sign(words.PICTURES_KEYS)
        yield sheet

    def on_mount(self) -> None:
        """The keys scroll it."""
        self.query_one(Sheet).focus()

    def on_resize(self) -> None:
        """Other pictures fit."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """The present picture of the present moment."""
        if not self.is_attached:
            return
        albums = list(self._albums())
        names = [album.name for album in albums]
        if self._current not in names:
            self._current = names[0]
        album = albums[names.index(self._current)]
        which = self._at.get(album.name, 0) % max(1, album.count)
        sheet = self.query_one(Sheet)
        region = sheet.scrollable_content_region
        wording = self._debugger.view.wording
        if self._text:
            page: Page = tuple(Line(((wording.sign(line), "text"),)) for line in album.text(which))
        else:
            page = album.page(which, max(20, region.width), max(6, region.height))
        sheet.show(page)
        position = self._debugger.timeline.position
        pictures = " | ".join(f"[{name}]" if name == album.name else name for name in names)
        title = words.PICTURE.format(pictures=pictures, position=position)
        if album.count > 1:
            title = words.ONE_OF_PICTURES.format(
                pictures=pictures, place=which + 1, count=album.count, position=position
            )
        sheet.border_title = wording.sign(title).replace("[", "\\[")
        self._order = names

    def action_turn(self, by: int) -> None:
        """The next of the same kind."""
        self._at[self._current] = self._at.get(self._current, 0) + by
        self.query_one(Sheet).scroll_to(0, 0, animate=False)
        self.show()

    def action_album(self, by: int) -> None:
        """Another picture."""
        self._current = self._order[(self._order.index(self._current) + by) % len(self._order)]
        self.query_one(Sheet).scroll_to(0, 0, animate=False)
        self.show()

    def action_as_text(self) -> None:
        """In words and numbers; a second time, as a picture again."""
        self._text = not self._text
        self.show()

    def action_command(self, name: str) -> None:
        """Step, with the picture in view."""
        self._debugger.action_command(name)
        self.call_after_refresh(self.show)
