"""A list to choose from whose keys are the screen's own; a sign, not colour alone, tells the chosen entry."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.text import Text
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

CHOSEN = "> "


class Entries(OptionList, can_focus=False, inherit_bindings=False):
    """Entries one above the other, one of them highlighted unless there are none."""

    DEFAULT_CSS = """
    Entries.-textual-compact > .option-list--option { padding: 0 0 0 2; }
    """  # room for the sign, also before lines that are folded

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False, compact=True)

    def fill(self, entries: Sequence[Text], place: int | None = None) -> None:
        """Replace the entries and highlight one, or the place that was highlighted as far as there is one."""
        place = (self.highlighted or 0) if place is None else place
        self.clear_options()
        self.add_options([Option(entry) for entry in entries])
        if entries:
            self.highlighted = min(place, len(entries) - 1)

    def move(self, by: int) -> None:
        """Highlight an entry further down, or up; the first and the last are the ends."""
        if self.option_count:
            self.highlighted = min(max(0, (self.highlighted or 0) + by), self.option_count - 1)

    @property
    def page(self) -> int:
        """How many entries are seen, but for one; at least one."""
        lines = [super(Entries, self).render_line(y) for y in range(self.size.height)]
        return max(1, len({place for line in lines if (place := _place(line)) is not None}) - 1)

    def render_line(self, y: int) -> Strip:
        """A line, with the sign where it is the first one of the chosen entry."""
        strip = super().render_line(y)
        place = _place(strip)
        if place is None or place != self.highlighted:
            return strip
        if y + self.scroll_offset.y > 0 and _place(super().render_line(y - 1)) == place:
            return strip
        style = next(segment.style for segment in strip)
        return Strip.join([Strip([Segment(CHOSEN, style)]), strip.crop(len(CHOSEN))])


def _place(strip: Strip) -> int | None:
    """Which entry a line belongs to: a click finds it in the same way. None below the last."""
    return next((segment.style.meta.get("option") for segment in strip if segment.style is not None), None)
