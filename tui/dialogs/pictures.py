"""Pictures over the debugger: the net, heat maps, what it has learned, norms, images; and all of them as text.

Each picture is an `Album`: what it shows for a size, and how many there are to turn through. The keys that step work
here, too, so that one can watch the picture while the program runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.screen import ModalScreen

from gradstep.tui.pictures.albums import Shelf
from gradstep.tui.pictures.net.writing import mark
from gradstep.tui.pictures.titles import CORNERS, picture_keys, picture_title
from gradstep.tui.text.folding import escaped, folded
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line, Page
from gradstep.tui.widgets.sheet import Sheet
from gradstep.tui.words import dialogs as words

AROUND = (2, 4, 2, 4)  # lines and cells around a mark that belong to it: the box that it stands in, or the line


class PicturesScreen(ModalScreen[None]):
    """Shows one album of a shelf at a time; asks for the shelf anew after every step. steps: key → what it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,y", "dismiss(None)", show=False),
        Binding("right", "turn(1)", show=False, priority=True),
        Binding("left", "turn(-1)", show=False, priority=True),
        Binding("tab", "album(1)", show=False, priority=True),
        Binding("shift+tab", "album(-1)", show=False, priority=True),
        Binding("t", "as_text", show=False),
    ]

    def __init__(self, shelf: Callable[[], Shelf], steps: Mapping[str, Callable[[], object]]) -> None:
        super().__init__()
        self._shelf = shelf
        self._steps = steps
        self._current = ""  # the name of an album
        self._at: dict[str, int] = {}
        self._text = False

    def compose(self) -> ComposeResult:
        """One sheet; what it shows is drawn when its size is known."""
        sheet = Sheet(id="pictures", classes="panel dialog")
        sheet.border_title = words.PICTURE_BEING_DRAWN
        yield sheet

    def on_mount(self) -> None:
        """The keys scroll it."""
        self.query_one(Sheet).focus()

    def on_resize(self) -> None:
        """Other pictures fit."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """The present picture of the present moment, scrolled to what the step has written."""
        if not self.is_attached:
            return
        sheet = self.query_one(Sheet)
        region = sheet.scrollable_content_region
        if not region.width:
            return  # it is drawn as soon as there is room
        shelf = self._shelf()
        notation, names = shelf.notation, [album.name for album in shelf.albums]
        current = self._place_among(names)
        album = shelf.albums[current]
        self._current = album.name
        which = self._at.get(album.name, 0) % max(1, album.count)
        if self._text:
            sheet.show(_text_page(map(notation.sign, album.text(which)), region.width))
        else:
            page = album.page(which, max(20, region.width), max(6, region.height))
            sheet.show(page)
            places = _marked_places(page, notation)
            self._reveal(places)
            self.call_after_refresh(self._reveal, places)  # scroll bars take their room later
        room = sheet.outer_size.width - CORNERS
        sheet.border_title = escaped(picture_title(names, current, which, album.count, shelf.position, notation, room))
        self.call_after_refresh(self._show_keys, notation)  # what can be scrolled is known once the page is laid out

    def _reveal(self, places: Sequence[Region]) -> None:
        """Scroll as little as brings all places into view if it can hold them; else the first, unless it shows one."""
        if not self.is_attached or not places:
            return
        sheet = self.query_one(Sheet)
        view = sheet.scrollable_content_region.at_offset(sheet.scroll_offset)
        boxes = [place.grow(AROUND) for place in places]
        whole = Region.from_union(boxes)
        fits = whole.width <= view.width and whole.height <= view.height
        if fits or not any(view.contains_region(place) for place in places):
            sheet.scroll_to_region(whole if fits else boxes[0], animate=False, force=True, immediate=True)

    def _show_keys(self, notation: Notation) -> None:
        """The keys of the picture as it is seen."""
        if not self.is_attached:
            return
        sheet = self.query_one(Sheet)
        across, down = sheet.max_scroll_x > 0, sheet.max_scroll_y > 0
        room = sheet.outer_size.width - CORNERS
        sheet.border_subtitle = escaped(picture_keys(across=across, down=down, notation=notation, width=room))

    def _place_among(self, names: Sequence[str]) -> int:
        """The place of the present album; the first where it is not among them, or nothing has been shown yet."""
        return names.index(self._current) if self._current in names else 0

    def _show_from_the_top(self) -> None:
        self.query_one(Sheet).scroll_to(0, 0, animate=False, immediate=True)
        self.show()

    def action_turn(self, by: int) -> None:
        """The next of the same kind."""
        self._at[self._current] = self._at.get(self._current, 0) + by
        self._show_from_the_top()

    def action_album(self, by: int) -> None:
        """Another picture."""
        names = [album.name for album in self._shelf().albums]
        self._current = names[(self._place_among(names) + by) % len(names)]
        self._show_from_the_top()

    def action_as_text(self) -> None:
        """In words and numbers; a second time, as a picture again."""
        self._text = not self._text
        self._show_from_the_top()

    def on_key(self, event: events.Key) -> None:
        """Step, with the picture in view."""
        step = self._steps.get(event.key)
        if step is not None:
            event.stop()
            step()
            self.call_after_refresh(self.show)


def _marked_places(page: Page, notation: Notation) -> list[Region]:
    """Where marks of what is written stand below the caption, from the left; none on a page that has tables, too."""
    sign, written = mark("written", notation)
    places: list[Region] = []
    for y, line in enumerate(page):
        if not isinstance(line, Line):
            return []
        x = 0
        for text, key in line.pieces:
            if y > 0 and key == written and text.startswith(sign):
                places.append(Region(x, y, cell_len(text), 1))
            x += cell_len(text)
    return sorted(places)


def _text_page(texts: Iterable[str], width: int) -> Page:
    """Texts as lines that fit, what goes on below indented further than where it began."""
    return [line for text in texts for line in folded(text, width, indent=len(text) - len(text.lstrip()) + 2)]
