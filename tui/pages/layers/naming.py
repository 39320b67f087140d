"""What the rows of a table are called, which of its numbers have labels, and how wide both are."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from gradstep.engine.program.program import Role
from gradstep.tui.pages.layers.model import Box, Family
from gradstep.tui.pages.layers.setting import Setting
from gradstep.tui.text.glyphs import printable

LONGEST_NAME, LONGEST_LABEL = 14, 10
LONGEST_WITH_ROOM = 24  # of a name, where the room would stay empty otherwise


def longest_name(setting: Setting, boxes: Sequence[Box]) -> int:
    """Cells that the names of the symbols would take uncut."""
    notation = setting.notation
    names = [family.base.name for box in boxes for family in box.families]
    names += [name for box in boxes for family in box.families for name in family.parts]
    names += [name for box in boxes for family in (*box.above, *box.below) for name in family.symbols]
    return max((cell_len(printable(notation.symbol(each))) for each in names), default=1)


def heads(setting: Setting, boxes: Sequence[Box]) -> tuple[int, int]:
    """Cells for the names of symbols and of rows, the same in all boxes."""
    name = longest_name(setting, boxes)
    subs = [sub for box in boxes for family in box.families for sub in row_names(setting, box, family)]
    sub = max((cell_len(printable(each)) for each in subs), default=0)
    return max(1, min(name, LONGEST_NAME, setting.width // 4)), min(sub, 8, setting.width // 8)


def row_names(setting: Setting, box: Box, family: Family) -> Sequence[str]:
    """What the rows of a family are called, those of weights by the units that they come from; one alone is not."""
    shape = family.base.shape
    if len(shape) < 2:
        return ("",)
    source = box.sources.get(family.base.name)
    if source is not None:
        return setting.units(source)
    return [str(row) for row in range(shape[-2])] if shape[-2] > 1 else ("",)


def label_width(setting: Setting, box: Box) -> int:
    """Cells for the labels in a box."""
    widest = max(
        (widest_label(setting, family.base.name) for family in box.table if labelled(setting, box, family)), default=0
    )
    return min(LONGEST_LABEL, widest)


def labelled(setting: Setting, box: Box, family: Family) -> bool:
    """Whether labels stand beside the numbers: not where they say what the headings of line and column do."""
    if family.base.role is Role.PARAMETER or not box.units:
        return bool(family.base.shape)
    units = setting.units(box.units)
    return units == tuple(map(str, range(len(units))))


def widest_label(setting: Setting, name: str) -> int:
    """Cells of the longest label of a symbol; 0 where it has none."""
    if not setting.own:
        return 0
    given = setting.names.labels.get(name, {})
    return max((cell_len(printable(setting.notation.sign(label))) for label in given.values()), default=0)
