"""One array as a heat map: its title, the names of rows and columns around its cells, and the scale of their grounds.

The cells are drawn by `cells`; which arrays stand beside one another is said in `heat_maps`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rich.cells import cell_len, set_cell_size

from gradstep.engine.arrays import Array, Index, Shape, written
from gradstep.engine.program.expression import Element
from gradstep.tui.pictures.multiples import Wanted
from gradstep.tui.text.cells import NARROWEST
from gradstep.tui.text.drawing import Area, Drawing, Hit, drawn
from gradstep.tui.text.folding import ended
from gradstep.tui.text.glyphs import MISSING, plain
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.heat_cells import NUMBERS_FROM, Raster, heat_cells, heat_scale, raster_of
from gradstep.tui.text.shades import flat, largest_magnitude
from gradstep.tui.words import pictures as words

STRIDES = (1, 2, 5)  # times a power of ten: how far apart column headings stand
HEADING = 8  # cells of a row's name
FEW = 12  # rows or columns whose numbers are to be seen
BAR = 24  # cells from which on a map is wide enough for its scale
MOST_WIDE, MOST_TALL = 16, 5  # cells and lines of a number, which more would make no clearer
HITS = 1024  # elements that can be clicked
READ = "read"


@dataclass(frozen=True, eq=False)
class Look:
    """How heat maps are drawn. largest: the magnitude of the strongest ground of all of them; None: of each its own."""

    plain: bool = False
    ascii: bool = False
    largest: float | None = None

    @property
    def signs(self) -> bool:
        """Whether characters say what grounds would."""
        return self.plain or self.ascii


@dataclass(frozen=True, eq=False)
class HeatMap:
    """An array to be drawn. values: None where it is not computed yet.

    rows, columns: their names, none where they are counted; labels: of elements, by row and column; lit: "read", or
    the phase that has just written it; chosen: the element that is marked; symbol: what a click picks an element of;
    data: whether its numbers are what the net is given, whose grounds are grey unless one of them is negative.
    """

    title: str
    shape: Shape
    values: Array | None
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    labels: Sequence[Sequence[str]] = ()
    lit: str = ""
    chosen: Index | None = None
    symbol: str = ""
    data: bool = False

    @property
    def grey(self) -> bool:
        """Whether its grounds go from dark to light, not from one hue to another."""
        return self.data and self.values is not None and not bool((self.values < 0).any())

    @cached_property
    def size(self) -> tuple[int, int]:
        """Rows and columns; a vector is one row."""
        rows, columns = (1, 1, *self.shape)[-2:]
        return rows, columns

    @property
    def place(self) -> tuple[int, int] | None:
        """Row and column of the chosen element."""
        if self.chosen is None:
            return None
        row, column = (0, 0, *self.chosen)[-2:]
        return row, column

    @property
    def gutter(self) -> int:
        """Cells of the names of rows."""
        names = [min(HEADING, cell_len(name)) for name in self.rows]
        return max(names) if names else len(str(self.size[0] - 1)) if self.size[0] > 1 else 0


def wanted(map: HeatMap, *, own_scale: bool) -> Wanted:
    """The room for a heat map: cells with numbers for a small array, a cell or half of one for each of a large one."""
    rows, columns = map.size
    beside, around = map.gutter + 1, 2 + own_scale
    label = max((cell_len(name) for line in map.labels for name in line), default=0)
    numbered = NARROWEST + 2 + label if rows > 4 else max(NARROWEST, label) + 2  # labels stand above in tall cells
    wide = numbered if columns <= FEW else 2 if columns < 40 else 1
    tall = 3 * rows if rows <= 4 else rows if rows <= FEW else -(-rows // 2)
    least = beside + (NUMBERS_FROM * columns if columns <= 2 else 14)
    best = max(12, beside + wide * columns)
    return Wanted(max(12, least), best, around + 1 + (rows > 1), around + tall, blocks=columns > FEW)


def tile(map: HeatMap, width: int, height: int, look: Look) -> Drawing:
    """A heat map in exactly width × height cells; scale, then headings are left out where it is low."""
    rows, columns = map.size
    if not rows * columns:
        return drawn([_title(map, width, look, None), [(words.NO_ELEMENTS, "quiet")]], width, height)
    own = look.largest is None
    below = 1 if own and height >= 4 else 0
    above = 1 if height - below >= 3 and (columns > 1 or map.columns) else 0
    beside = map.gutter + 1
    room = min(width - beside, MOST_WIDE * columns), min(height - 1 - above - below, MOST_TALL * rows)
    raster = raster_of((rows, columns), *room, halves=not look.signs)
    lines: list[Sequence[Piece]] = [_title(map, width, look, raster)]
    if above:
        lines.append(_columns(map, raster, beside, look))
    marks = _rows(map, raster, look)
    if map.values is None:
        lines += [(*mark, *line) for mark, line in zip(marks, _missing(raster, look), strict=False)]
        return drawn(lines, width, height, _hits(map, raster, beside, 1 + above))
    largest = largest_magnitude(map.values) if look.largest is None else look.largest
    grey = map.grey and own
    cells = heat_cells(
        map.values, *room, look.plain, look.ascii, largest=largest, grey=grey, labels=map.labels, chosen=map.place
    )
    lines += [(*mark, *line) for mark, line in zip(marks, cells, strict=False)]
    if below:
        long = width - beside if raster.width < BAR else raster.width
        signed = bool((map.values < 0).any())
        bar = heat_scale(largest, long, look.plain, look.ascii, signed=signed, grey=grey)
        lines.append([(" " * beside, "space"), *(bar or ((flat(map.values), "quiet"),))])
    return drawn(lines, width, height, _hits(map, raster, beside, 1 + above))


def _missing(raster: Raster, look: Look) -> Iterator[list[Piece]]:
    """A dot where each number will stand; a single one for numbers that have no cells of their own."""
    sign, whole = MISSING.drawn(ascii=look.ascii), raster.numbers
    for line in range(raster.height):
        if whole and line % raster.cell_height == (raster.cell_height - 1) // 2:
            yield [(sign.center(raster.cell_width) * raster.columns, "faint")]
        else:
            yield [(sign if line == 0 and not whole else "", "faint")]


def _title(map: HeatMap, width: int, look: Look, raster: Raster | None) -> list[Piece]:
    """The name with what the step does to it, and the shape, with the size of blocks, where there is room."""
    mark, key = " ", "quiet" if map.values is None else "bold text"
    if map.lit == READ:
        mark, key = (":" if look.ascii else "▏") if look.signs else " ", "text on read"
    elif map.lit:
        mark, key = "|" if look.ascii else "▌", f"bold {map.lit} on written {map.lit}"
    name = f"{mark}{ended(map.title, max(1, width - len(mark) - 1), ascii=look.ascii)}"
    pieces = [(name, key)]
    shape = written(map.shape)
    told = [shape]
    if raster is not None and not raster.whole:
        told.insert(0, words.BLOCKS.format(shape=shape, height=raster.block_height, width=raster.block_width))
    for text in (plain(each) if look.ascii else each for each in told):
        if text and cell_len(name) + cell_len(text) + 1 <= width:
            return [*pieces, (f" {text}", "quiet")]
    return pieces


def _columns(map: HeatMap, raster: Raster, beside: int, look: Look) -> list[Piece]:
    """The names of columns, or the numbers of some, and the mark of the chosen one."""
    text = _named_columns(map.columns, raster, look) if raster.whole and map.columns else ""
    text = text or _counted_columns(raster)
    pieces: list[Piece] = [(" " * beside, "space"), (text, "quiet")]
    if map.place is None or raster.numbers:
        return pieces
    at = raster.cell_of(map.place[1])
    before, _, after = _split(text, at)
    return [(" " * beside, "space"), (before, "quiet"), ("v" if look.ascii else "▾", "bold text"), (after, "quiet")]


def _split(text: str, at: int) -> tuple[str, str, str]:
    """What stands before, in and after a cell."""
    before = set_cell_size(text, at)
    upto = set_cell_size(text, at + 1)
    return before, upto[len(before) :], text[len(upto) :]


def _named_columns(names: Sequence[str], raster: Raster, look: Look) -> str:
    """The names in the middle of their columns; "" where they do not fit."""
    wide = raster.cell_width
    shown = [ended(name, wide - 1, ascii=look.ascii) for name in names]
    if not all(shown) or len(set(shown)) < len(set(names)):
        return ""
    before = [(wide - cell_len(name)) // 2 for name in shown]
    cells = (" " * left + name for left, name in zip(before, shown, strict=True))
    return "".join(set_cell_size(cell, wide) for cell in cells)


def _counted_columns(raster: Raster) -> str:
    room = len(str((raster.columns - 1) * raster.block_width)) + 1
    strides = (factor * 10**power for power in range(20) for factor in STRIDES)
    stride = next(stride for stride in strides if stride * raster.cell_width >= room)
    names = [str(column * raster.block_width) for column in range(0, raster.columns, stride)]
    wide = stride * raster.cell_width
    if (len(names) - 1) * wide + len(names[-1]) > raster.width:
        names.pop()  # what is cut off would pass for another number
    if stride == 1 and raster.numbers:
        return "".join(name.center(wide) for name in names)
    return "".join(name.ljust(wide) for name in names)


def _rows(map: HeatMap, raster: Raster, look: Look) -> Iterator[list[Piece]]:
    """What stands before each line of cells: the name of a row or the number of some, and the mark of the chosen."""
    every = 1 if raster.cell_height > 1 or (raster.whole and not raster.halves and raster.rows <= FEW) else 4
    chosen = -1 if map.place is None else raster.line_of(map.place[0])
    for line in range(raster.height):
        row = line * (2 if raster.halves else 1) // (1 if raster.halves else raster.cell_height)
        middle = raster.halves or line % raster.cell_height == (raster.cell_height - 1) // 2
        heading = ""
        if middle and row % (every * (2 if raster.halves else 1)) == 0:
            first = row * raster.block_height
            named = raster.whole and not raster.halves and first < len(map.rows)
            heading = map.rows[first] if named else str(first) if map.size[0] > 1 else ""
        here = chosen <= line < chosen + raster.cell_height and middle and not raster.numbers
        mark = (">" if look.ascii else "▸", "bold text") if here and chosen >= 0 else (" ", "space")
        heading = ended(heading, map.gutter, ascii=look.ascii)
        yield [(" " * (map.gutter - cell_len(heading)) + heading, "quiet"), mark]


def _hits(map: HeatMap, raster: Raster, x: int, y: int) -> list[Hit]:
    """The places of the elements where each has lines and cells of its own and they are not too many."""
    if not map.symbol or not raster.whole or raster.halves or raster.rows * raster.columns > HITS:
        return []
    found = []
    for row in range(raster.rows):
        for column in range(raster.columns):
            corner = x + raster.cell_of(column), y + raster.line_of(row)
            area = Area(*corner, raster.cell_width, raster.cell_height)
            index = (row, column)[2 - len(map.shape) :] if map.shape else ()
            found.append(Hit(area, Element(map.symbol, index)))
    return found


def largest_of(maps: Sequence[HeatMap]) -> float:
    """The largest finite magnitude in any of them."""
    return max((largest_magnitude(np.asarray(map.values)) for map in maps if map.values is not None), default=0.0)
