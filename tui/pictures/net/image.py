"""The row that is shown as an image: its pixels as large as there is room for, what it is and its label below it."""

from __future__ import annotations

import math

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.program.expression import Element
from gradstep.tui.pictures.net.board import Board
from gradstep.tui.pictures.net.layout import IMAGE_UNDER, pixel_size
from gradstep.tui.pictures.net.look import Look, cells_of
from gradstep.tui.pictures.net.many import reading_mark
from gradstep.tui.pictures.net.places import Column
from gradstep.tui.pictures.net.structure import Layer
from gradstep.tui.text.glyphs import MISSING
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.palette import LEVELS
from gradstep.tui.text.shades import largest_magnitude, sign_of
from gradstep.tui.words import net as words


def draw_image(board: Board, look: Look, layer: Layer, column: Column, x: int, room: int) -> int:
    """A pixel is so many cells and as many half lines; the last line."""
    rows, columns = shape = look.moment.scenario.image or (1, 1)
    values = look.vector(layer.out)
    under = _under(look, layer, column.width)
    size = pixel_size(shape, column.width, room - len(under) + IMAGE_UNDER)
    if look.plain and size > 1:
        size -= size % 2  # no half lines without colours
    pixels = None if values is None else values.reshape(rows, columns)
    largest = largest_magnitude(values) if values is not None else 0.0
    shown = min(-(-rows * size // 2), room - len(under))
    first = max(0, (room - shown - len(under)) // 2)
    left = x + max(0, (column.width - columns * size) // 2)
    for line in range(shown):
        upper, lower = 2 * line // size, min((2 * line + 1) // size, rows - 1)
        for at in range(columns):
            board.text(left + at * size, first + line, [_pixels(look, pixels, (upper, lower, at), largest, size)])
            element = Element(layer.out, look.index(layer.out, upper * columns + at))
            board.hit(left + at * size, first + line, size, element)
    for line, pieces in enumerate(under, first + shown):
        board.text(x, line, pieces)
    return first + shown + len(under) - 1


def _pixels(look: Look, pixels: Array | None, at: tuple[int, int, int], largest: float, width: int) -> Piece:
    """The part of a line that shows two pixels, one above the other, or one and the same."""
    if pixels is None:
        return MISSING.drawn(ascii=look.ascii).ljust(width), "faint"
    upper, lower = (float(pixels[row, at[2]]) for row in at[:2])
    if look.plain or not (math.isfinite(upper) and math.isfinite(lower)):
        character, key = sign_of((upper + lower) / 2, largest, ascii=look.ascii)
        return character * width, "fails" if key == "nonfinite" else "text"
    if at[0] == at[1]:
        return " " * width, f"text on {_grey(upper, largest)}"
    return "▀" * width, f"{_grey(upper, largest)} on {_grey(lower, largest)}"


def _grey(value: float, largest: float) -> str:
    level = round(LEVELS * abs(value) / largest) if largest else 0
    return f"grey {level}" if value >= 0 else f"heat {-level}"


def _under(look: Look, layer: Layer, width: int) -> list[list[Piece]]:
    rows, columns = look.moment.scenario.image or (1, 1)
    touch = look.touch(layer.out)
    key = {"written": f"bold {look.phase}", "read": "text on read"}.get(touch, "quiet")
    told = look.notation.sign(words.IMAGE.format(rows=rows, columns=columns))
    name: list[Piece] = [(look.name(layer.out), key), reading_mark(look, touch)]
    whole: list[Piece] = [*name, (told, "quiet")]
    lines = [whole if cells_of(whole) <= width else name]
    target = look.vector("t") if "t" in look.program.symbols else None
    if len(look.program.symbols["t"].shape) == 2 and look.program.symbols["t"].shape[1] > 1:
        label = MISSING.drawn(ascii=look.ascii) if target is None else str(int(np.argmax(target)))
        lines.append([(f"{words.LABEL} ", "quiet"), (label, "bold text")])
    return [line for line in lines if cells_of(line) <= width]
