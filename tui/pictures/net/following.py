"""Where a picture marks what the step has written, and what a view that is smaller than it has to show of that.

Only places are known here; the scrolling is left to the screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.geometry import Region

from gradstep.tui.pictures.net.writing import mark
from gradstep.tui.text.notation import Wording
from gradstep.tui.text.page import Line, Page

_AROUND = (2, 4, 2, 4)
"""Lines and cells around a mark that belong to it: the box that it stands in, or the line."""


def marked_places(page: Page, wording: Wording) -> tuple[Region, ...]:
    """Where marks of what is written stand below the caption, from the left; none on a page that has tables, too."""
    sign, written = mark("written", wording)
    lines = [line for line in page if isinstance(line, Line)]
    places: list[Region] = []
    for y, line in enumerate(lines):
        x = 0
        for text, key in line.pieces:
            width = cell_len(text)
            if y > 0 and key == written and text.startswith(sign):
                places.append(Region(x, y, width, 1))
            x += width
    return tuple(sorted(places, key=lambda place: place.offset)) if len(lines) == len(page) else ()


def to_be_shown(places: Sequence[Region], view: Region) -> Region | None:
    """All places where a view of this size can hold them; else the first, unless the view shows one already."""
    if not places:
        return None
    around = [place.grow(_AROUND) for place in places]
    whole = Region.from_union(around)
    if whole.width <= view.width and whole.height <= view.height:
        return whole
    return None if any(view.contains_region(place) for place in places) else around[0]
