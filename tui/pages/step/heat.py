"""A map of a large result beside its arithmetic: cells whose grounds say how large and of which sign each number is."""

from __future__ import annotations

from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.heat_cells import heat_cells, heat_scale, raster_of
from gradstep.tui.text.shades import largest_magnitude

MAPPED = 64  # elements from which on a result has a map
NARROWEST = 64  # cells of a panel with a map
LOWEST = 4  # lines
APART = 3


def draw_map(scene: Scene, canvas: Canvas, room: Room) -> tuple[int, int]:
    """The map of a result, with headings and a scale; lines and cells that it takes, 0 where there is no room."""
    x, y, width, height = room
    if width < NARROWEST or height < LOWEST:
        return 0, 0
    rows, columns = scene.shape
    heading = len(str(rows - 1)) + 1
    most = min(width // 2 - heading, 2 * columns)
    lines = min(height - 2, rows)
    plain, ascii = scene.view.plain, scene.notation.ascii
    raster = raster_of((rows, columns), most, lines, halves=not (plain or ascii))
    cells = heat_cells(scene.result, most, lines, plain, ascii)
    left = x + heading
    _column_headings(canvas, left, y, columns, raster.block_width, raster.cell_width)
    each = raster.block_height * (2 if raster.halves else 1)
    for line, pieces in enumerate(cells):
        if line % 4 == 0:
            canvas.put(x, y + 1 + line, str(line * each).rjust(heading - 1), "faint")
        canvas.put_all(left, y + 1 + line, pieces)
    signed = not bool(scene.result.min() >= 0)
    scale = heat_scale(largest_magnitude(scene.result), max(raster.width, 24), plain, ascii, signed=signed)
    canvas.put_all(left, y + 1 + len(cells), scale)
    taken = heading + max(raster.width, sum(len(text) for text, _ in scale)) + APART
    return len(cells) + 2, taken


def _column_headings(canvas: Canvas, x: int, y: int, columns: int, block: int, cell: int) -> None:
    """The places of columns, as many as stand apart."""
    free = x
    stride = next(step for power in range(9) for step in (10**power, 5 * 10**power) if step * cell // block >= 6)
    for column in range(0, columns, stride):
        at = x + column // block * cell
        if at >= free and at + len(str(column)) <= x + -(-columns // block) * cell:
            free = canvas.put(at, y, str(column), "faint") + 1
