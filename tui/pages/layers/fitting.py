"""How wide the parts of all tables are: numbers as wide as can be with no group left out for it, then names.

All tables of a scenario have names and numbers of the same width, whatever stands in them at a moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from gradstep.tui.pages.layers.layout import MOST_COLUMNS, MOST_ROWS, WIDEST, Layout, groups_of
from gradstep.tui.pages.layers.model import MEASURED, Box, boxes_of, columns_of, size_of, tallest_of
from gradstep.tui.pages.layers.naming import LONGEST_WITH_ROOM, heads, label_width, longest_name
from gradstep.tui.pages.layers.setting import Setting
from gradstep.tui.text.cells import NARROWEST, width_of


@lru_cache(maxsize=64)
def layouts(setting: Setting) -> Mapping[str, Layout]:
    """By the key of a box, how its numbers stand, of those boxes whose numbers can be shown."""
    boxes = [box for box in boxes_of(setting.scenario) if _small(setting, box)]
    if not boxes:
        return {}
    name, sub = heads(setting, boxes)
    bare = [
        Layout(
            setting,
            box,
            name,
            sub,
            NARROWEST,
            label_width(setting, box),
            columns_of(setting.program, box),
            1,
            groups_of(box),
        )
        for box in boxes
    ]
    bare = [each for each in bare if _possible(each)]
    if not bare:
        return {}
    tight = [replace(each, tight=True) for each in bare]
    if _seen(tight) > _seen(bare):
        bare = tight
    cells = _cells(setting, bare)
    numbered = [replace(each, cell=cells) for each in bare]
    names = _names(numbered, min(longest_name(setting, boxes), LONGEST_WITH_ROOM))
    return {each.box.key: replace(each, name=names).fitted() for each in numbered}


def _seen(layouts: Sequence[Layout]) -> int:
    """How many groups are in view, all parts of the iteration together."""
    return sum(len(pages[0]) for each in layouts for pages in each.pages)


def _small(setting: Setting, box: Box) -> bool:
    program = setting.program
    return bool(box.key != MEASURED and box.table) and (
        columns_of(program, box) <= MOST_COLUMNS
        and tallest_of(program, box) <= MOST_ROWS
        and all(size_of(program, name) <= MOST_COLUMNS * MOST_ROWS for name in box)
    )


def _possible(layout: Layout) -> bool:
    """Whether each group fits alone, and a number with its label."""
    room = layout.setting.width
    entries = [
        layout.head + layout.begin + layout.wide_label(name) + layout.cell
        for block in layout.blocks
        for name in [block.symbol]
        if name
    ]
    widest = max((layout.entry(name) for name in layout.beside), default=0)
    return all(cells <= room for cells in (*(layout.span((group,)) for group in layout.groups), *entries, widest))


def _cells(setting: Setting, bare: Sequence[Layout]) -> int:
    """The width of numbers: the one asked for, or the largest at which no more is left out than at the smallest."""
    asked = width_of(setting.digits) if setting.digits else 0
    if asked and all(_possible(replace(each, cell=asked)) for each in bare):
        return asked

    wider = (
        cells
        for cells in range(WIDEST, NARROWEST, -1)
        if _shows_as_much(bare, [replace(each, cell=cells) for each in bare])
    )
    return next(wider, NARROWEST)


def _names(layouts: Sequence[Layout], most: int) -> int:
    """The width of names: the largest up to `most` at which no more is left out, and nothing takes more lines."""
    name = layouts[0].name
    lines = [each.rows for each in layouts]

    def fits(cells: int) -> bool:
        wider = [replace(each, name=cells) for each in layouts]
        return _shows_as_much(layouts, wider) and lines == [each.rows for each in wider]

    return next((cells for cells in range(most, name, -1) if fits(cells)), name)


def _shows_as_much(layouts: Sequence[Layout], wider: Sequence[Layout]) -> bool:
    """Whether nothing more is left out of the wider ones."""

    def shown(layout: Layout) -> tuple[object, ...]:
        return layout.pages, layout.samples, layout.spot is None

    return all(_possible(one) and shown(one) == shown(other) for one, other in zip(wider, layouts, strict=True))
