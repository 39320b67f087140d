"""A list to choose from whose keys are the screen's own, so that a line to type in can keep the focus."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option


class Entries(OptionList, can_focus=False, inherit_bindings=False):
    """Entries one above the other, one of them highlighted unless there are none."""

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
