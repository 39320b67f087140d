"""A map of a large result beside its arithmetic: cells whose grounds say how large and of which sign each number is."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from gradstep.engine.arrays import Index
from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.cells import brief
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.grid import Piece, crop
from gradstep.tui.text.heat_cells import Raster, heat_cells, heat_scale, raster_of
from gradstep.tui.text.shades import largest_magnitude
from gradstep.tui.words import step as words

MAPPED = 64  # elements from which on a result has a map
NARROWEST = 64  # cells of a panel with a map
LOWEST, ROOMY = 4, 4  # lines that it takes at least; more than these, from which on everything has its own
STRIDES = (1, 2, 5)  # times a power of ten: how far apart headings of columns stand
LEAST_WIDTH = 24  # cells of what stands below the map
APART = 3
BAR = 20  # cells from which on a scale has a bar


def draw_map(
    scene: Scene, canvas: Canvas, room: Room, chosen: Index | None = None, beside: Sequence[int] = ()
) -> tuple[int, int]:
    """The map of a result, with what a cell is, headings and a scale; lines and cells that it takes.

    chosen: the element whose arithmetic stands beside it, which is marked; otherwise the picked one is. beside: the
    cells that this can do with, the best first; otherwise it has half of the room.
    Both are 0 where there is no room. Where it is low, what a cell is stands in the line of the scale, which is short.
    """
    x, y, width, height = room
    chosen = chosen or scene.picked
    if width < NARROWEST or height < LOWEST:
        return 0, 0
    rows, columns = scene.shape
    heading = len(str(rows - 1)) + 1
    most = _most(width - heading, columns, beside)
    apart = height >= LOWEST + ROOMY
    lines = min(height - 2 - apart, rows)
    plain, ascii = scene.view.plain, scene.notation.ascii
    raster = raster_of((rows, columns), most, lines, halves=not (plain or ascii))
    cells = heat_cells(scene.result, most, lines, plain, ascii)
    left, wide = x + heading, max(raster.width, LEAST_WIDTH)
    _column_headings(canvas, left, y, columns, raster.block_width, raster.cell_width)
    each = raster.block_height * (2 if raster.halves else 1)
    for line, pieces in enumerate(cells):
        if line % 4 == 0 or not apart:
            canvas.put(x, y + 1 + line, str(line * each).rjust(heading - 1), "faint")
        if chosen is not None and line == raster.line_of(chosen[0]):
            canvas.put(left - 1, y + 1 + line, ">" if ascii else "▸", "bold text")
            pieces = _marked(pieces, raster.cell_of(chosen[1]), raster, "#" if ascii else "▪")  # noqa: PLW2901
        canvas.put_all(left, y + 1 + line, pieces)
    signed = not bool(scene.result.min() >= 0)
    largest = largest_magnitude(scene.result)
    if apart:
        below = [heat_scale(largest, wide, plain, ascii, signed=signed), _what_a_cell_is(scene, raster, wide)]
    else:
        below = [_scale_and_cell(scene, raster, largest, wide, signed=signed)]
    for line, pieces in enumerate(below):
        canvas.put_all(left, y + 1 + len(cells) + line, pieces)
    taken = heading + max(raster.width, *(sum(cell_len(text) for text, _ in pieces) for pieces in below)) + APART
    return len(cells) + 2 + apart, taken


def _most(width: int, columns: int, beside: Sequence[int]) -> int:
    """The most cells of a map: half of the room, or what the first of some texts leaves that leaves a cell a column."""
    rooms = [max(width // 2, width - APART - each) for each in (width, *beside)]
    return min(next((room for room in rooms if room >= columns), rooms[0]), 2 * columns)


def _marked(pieces: Pieces, at: int, raster: Raster, sign: str) -> Pieces:
    """A line of cells with a mark in the place of one of them."""
    after = at + raster.cell_width
    marked: Piece = (sign * raster.cell_width, "bold text on chosen")
    return (*crop(pieces, 0, at), marked, *crop(pieces, after, raster.width))


def _what_a_cell_is(scene: Scene, raster: Raster, width: int) -> Pieces:
    """A number, or the largest of how many rows and columns, in so many cells."""
    text = next((text for text in _sizes(scene, raster) if cell_len(text) <= width), "")
    return ((text, "quiet"),) if text else ()


def _sizes(scene: Scene, raster: Raster) -> list[str]:
    """What a cell is, in ever fewer words."""
    size = {"height": raster.block_height, "width": raster.block_width}
    texts = [words.A_NUMBER] if raster.whole else [text.format(**size) for text in words.LARGEST_OF]
    return [scene.notation.sign(text) for text in texts]


def _scale_and_cell(scene: Scene, raster: Raster, largest: float, width: int, *, signed: bool) -> Pieces:
    """The scale and what a cell is in one line; where all numbers have cells of their own, or none fits, the scale."""
    plain, ascii = scene.view.plain, scene.notation.ascii
    for text in () if raster.whole else _sizes(scene, raster):
        apart = words.BEHIND.format(text=text)
        room = width - cell_len(apart)
        scale = heat_scale(largest, room, plain, ascii, signed=signed) if room >= BAR else ()
        short = scale or _ends(largest, room, ascii=ascii, signed=signed)
        if short:
            return (*short, (apart, "quiet"))
    return heat_scale(largest, width, plain, ascii, signed=signed)


def _ends(largest: float, width: int, *, ascii: bool, signed: bool) -> Pieces:
    """The number that the strongest grounds stand for; nothing where it does not fit."""
    number = f"{'±' if signed and not ascii else ''}{brief(largest)}"
    return ((number, "quiet"),) if largest and len(number) <= width else ()


def _column_headings(canvas: Canvas, x: int, y: int, columns: int, block: int, cell: int) -> None:
    """The places of columns, as many as stand apart."""
    free = x
    apart = len(str(columns)) + 2
    strides = (factor * 10**power for power in range(9) for factor in STRIDES)
    stride = next(stride for stride in strides if stride // block * cell >= apart)
    for column in range(0, columns, stride):
        at = x + column // block * cell
        if at >= free and at + len(str(column)) <= x + -(-columns // block) * cell:
            free = canvas.put(at, y, str(column), "faint") + 1
