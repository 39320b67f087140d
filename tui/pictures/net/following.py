"""Where a picture marks what the step has written, and what a view that is smaller than it has to show of that.

Only places are known here; the scrolling is left to the screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from gradstep.tui.pictures.net.writing import mark
from gradstep.tui.text.area import Area, around
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line, Page

_ACROSS, _DOWN = 4, 2  # cells and lines around a mark that belong to it: the box that it stands in, or the line


def marked_places(page: Page, notation: Notation) -> tuple[Area, ...]:
    """Where marks of what is written stand below the caption, from the left; none on a page that has tables, too."""
    sign, written = mark("written", notation)
    lines = [line for line in page if isinstance(line, Line)]
    places: list[Area] = []
    for y, line in enumerate(lines):
        x = 0
        for text, key in line.pieces:
            width = cell_len(text)
            if y > 0 and key == written and text.startswith(sign):
                places.append(Area(x, y, width, 1))
            x += width
    return tuple(sorted(places)) if len(lines) == len(page) else ()


def to_be_shown(places: Sequence[Area], view: Area) -> Area | None:
    """All places where a view of this size can hold them; else the first, unless the view shows one already."""
    if not places:
        return None
    boxes = [place.grown(_ACROSS, _DOWN) for place in places]
    whole = around(boxes)
    if whole.width <= view.width and whole.height <= view.height:
        return whole
    return None if any(view.contains(place) for place in places) else boxes[0]
