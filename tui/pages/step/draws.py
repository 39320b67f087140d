"""Steps that take rows of the data: which rows, and their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rich.cells import cell_len

from gradstep.engine.program.program import Phase, Role
from gradstep.tui.pages.step.heat import MAPPED, draw_map
from gradstep.tui.pages.step.ink import WRITTEN
from gradstep.tui.pages.step.names import size_of
from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.pages.step.table import Head, Row, Table, draw_table
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.folding import ended
from gradstep.tui.words import step as words

LOW = 4  # lines
NUMBERED = 20  # rows that are named


def draw_rows(scene: Scene, canvas: Canvas, room: Room) -> int:
    """Which rows were taken, and as many numbers as fit, beside a map of all where there are many."""
    x, y, width, height = room
    used = 0
    if size_of(scene.shape) >= MAPPED and len(scene.shape) == 2:
        used, taken = draw_map(scene, canvas, room)
        x, width = x + taken, width - taken
    numbers, told = _rows(scene, width)
    ascii = scene.notation.ascii
    canvas.put(x, y, ended(scene.notation.sign(told), width, ascii=ascii), "quiet")
    rows, columns = (1, 1, *scene.shape)[-2:]
    label = cell_len(str(max(numbers, default=0))) if rows > 1 else 0
    cells = scene.widths[0] if (scene.widths[0] + 2) * columns + label + 1 <= width else scene.widths[-1]
    fitting = max(1, min(columns, (width - label - 1) // (cells + 2)))
    names = scene.naming.columns(scene.step.symbol)
    heads = tuple(Head("", names[place] if columns > 1 else "", WRITTEN) for place in range(fitting))

    def lines(shown: int) -> Sequence[Row]:
        return [_row(scene, place, numbers, fitting) for place in range(shown)]

    def more(shown: int) -> str:
        return words.MORE_ROWS(rows - shown)

    table = Table(heads, rows, lines, label, more=more)
    fewest = replace(table, more=lambda shown: "")  # that there are more is seen in what is said of all
    below = 1 if fitting < columns and height > LOW else 0
    for each in (table, fewest):
        end = y + 1 + draw_table(canvas, each, scene.ink, (x, y + 1, width, height - 1 - below), (cells,))
        if end > y + 1:
            break
    if below:
        canvas.put(x, end, ended(words.MORE_COLUMNS(columns - fitting), width, ascii=ascii), "quiet")
        end += 1
    return max(used, end - y)


def _row(scene: Scene, place: int, numbers: Sequence[int], fitting: int) -> Row:
    array = scene.result.reshape((1, 1, *scene.shape)[-2:])
    elements = tuple(scene.element((place, column)[2 - len(scene.shape) :]) for column in range(fitting))
    values = tuple(map(float, array[place, :fitting].tolist()))
    lit = scene.picked is not None and (0, *scene.picked)[-2] == place
    several = array.shape[0] > 1
    return Row(str(numbers[place]) if several and place < len(numbers) else "", values, elements, lit)


def _rows(scene: Scene, width: int) -> tuple[Sequence[int], str]:
    """The numbers of the rows in the data, and what is said of them."""
    symbol = scene.program.symbols[scene.step.symbol]
    if symbol.role is Role.COUNTER:
        return (), words.COUNTED
    if symbol.mask is not None:
        return range((1, *scene.shape)[-2]), words.MASK.format(rate=f"{symbol.mask.rate:g}")
    count = (1, *scene.shape)[-2] if len(scene.shape) > 1 else 1
    draw, moment = scene.moment.scenario.draw, scene.moment
    drawn = scene.step.phase is Phase.DRAW and draw is not None
    rows = draw.rows(moment.position.iteration) if drawn and draw is not None else None
    if rows is None:
        return range(count), words.ALL_ROWS(count)
    assert draw is not None, "it has drawn"
    return rows.tolist(), _listed(rows.tolist(), draw.samples - 1, width)


def _listed(rows: Sequence[int], last: int, width: int) -> str:
    """As many of the numbers as fit, and how many more there are."""
    for count in range(min(NUMBERED, len(rows)), 0, -1):
        listed = ", ".join(f"{row:,}" for row in rows[:count])
        if count < len(rows):
            listed = words.MORE_OF_THEM.format(rows=listed, count=len(rows) - count)
        said = words.ROWS(len(rows), rows=listed, last=last)
        if cell_len(said) <= width:
            return said
    return ""
