"""Images: the drawn rows of x, and the weights of each unit of the first layer as an image of its inputs.

One of them is drawn large, and beside it as many of the others as there is room for, all by one scale. A pixel is a
half block, or two cells where there are no colours; numbers none of which is negative are grey.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array
from gradstep.engine.program.program import Program
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.multiples import APART
from gradstep.tui.text.drawing import Drawing, drawn, placed
from gradstep.tui.text.folding import ended
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.heat_cells import heat_cells, heat_scale
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import short
from gradstep.tui.text.shades import flat, largest_magnitude, nonfinite_legend
from gradstep.tui.words import pictures as words

PIXEL = 2  # cells, where a pixel takes a whole line
MOST_OTHERS = 200
WIDE_ENOUGH = 50  # cells from which on others stand beside the large one


@dataclass(frozen=True, eq=False)
class Images:
    """The images that a symbol's rows are, or its columns, the weights into a unit each. shape: of one of them."""

    symbol: str
    title: str
    values: Array
    shape: tuple[int, int]
    by_row: bool

    @property
    def count(self) -> int:
        """How many."""
        return int(self.values.shape[0 if self.by_row else 1])

    def pixels(self, which: int) -> Array:
        """One of them."""
        return (self.values[which] if self.by_row else self.values[:, which]).reshape(self.shape)

    @property
    def grey(self) -> bool:
        """Whether none of the numbers is negative."""
        return not bool((self.values < 0).any())


def image_symbols(program: Program, image: tuple[int, ...] | None) -> tuple[str, ...]:
    """x, and what is as large as the weights of the first layer, if the inputs are images of this shape."""
    if image is None or "x" not in program.symbols:
        return ()
    pixels = math.prod(image)
    shapes = ((name, symbol) for name, symbol in program.symbols.items() if len(symbol.shape) == 2 and not symbol.data)
    return ("x", *(name for name, symbol in shapes if symbol.shape[0] == pixels and name != "x"))


def images_of(moment: Moment, notation: Notation, symbol: str) -> Images | None:
    """Those of one of these symbols; None where it is not computed yet."""
    values, image = moment.values.get(symbol), moment.scenario.image
    if values is None or image is None:
        return None
    shape = image[0], math.prod(image[1:])
    return Images(symbol, notation.symbol(symbol), values, shape, by_row=symbol == "x")


def image_caption(moment: Moment, images: Images, which: int, notation: Notation) -> tuple[str, str]:
    """What an image is, and of a row its target and output; "" where these are not known."""
    if not images.by_row:
        return words.INTO_UNIT.format(weights=images.title, unit=which, units=images.count), ""
    told = words.DRAWN_ROW.format(symbol=images.title, row=which, rows=images.count)
    target, output = _target(moment, which), _output(moment, which)
    parts = [] if target is None else [words.TARGET.format(target=target)]
    if output is not None:
        parts.append(words.OUTPUT.format(output=output[0], value=short(output[1], 4)))
    return told, ", ".join(parts)


def image_text(moment: Moment, images: Images, which: int, notation: Notation) -> tuple[str, ...]:
    """What it is, the numbers row by row, and what is to be said."""
    rows = (" ".join(f"{number:.3g}" for number in row) for row in images.pixels(which).tolist())
    title, below = image_caption(moment, images, which, notation)
    return (title, *rows, below)


def _target(moment: Moment, row: int) -> int | None:
    t = moment.values.get("t")
    return None if t is None or t.ndim != 2 or t.shape[1] < 2 else int(t[row].argmax())


def _output(moment: Moment, row: int) -> tuple[int, float] | None:
    """The class that the output of a row says, and its number."""
    t, y = moment.values.get("t"), moment.values.get("y")
    if t is None or y is None or y.shape != t.shape or t.shape[1] < 2:
        return None
    return int(y[row].argmax()), float(y[row].max())


@dataclass(frozen=True, eq=False)
class _Style:
    """How pixels are drawn, alike in all images of a picture."""

    largest: float
    grey: bool
    plain: bool
    ascii: bool

    @property
    def signs(self) -> bool:
        return self.plain or self.ascii

    def zoom(self, shape: tuple[int, int], width: int, height: int) -> int:
        """How many times as large as they must be the pixels can be; 0 where there is no room for the whole image."""
        wide, tall = (PIXEL * shape[1], shape[0]) if self.signs else (shape[1], shape[0] / 2)
        return int(min(width / wide, height / tall, 3 if self.signs else 40))

    def size(self, shape: tuple[int, int], zoom: int) -> tuple[int, int]:
        """Cells and lines of an image."""
        if self.signs:
            return PIXEL * shape[1] * zoom, shape[0] * zoom
        return shape[1] * zoom, -(-shape[0] * zoom // 2)

    def drawing(self, pixels: Array, width: int, height: int) -> Drawing:
        """An image as large as it can be there; of one that is larger, the largest of each block of pixels."""
        rows, columns = pixels.shape
        zoom = self.zoom((rows, columns), width, height)
        if zoom:
            width, height = self.size((rows, columns), zoom)
        if zoom > 1 and not self.signs:
            pixels = np.repeat(np.repeat(pixels, zoom, axis=0), zoom, axis=1)
        lines = heat_cells(pixels, width, height, self.plain, self.ascii, largest=self.largest, grey=self.grey)
        return drawn(lines, width, min(height, len(lines)))


def images_drawing(moment: Moment, view: View, images: Images, which: int, width: int, height: int) -> Drawing:
    """One image, large, and others beside it; below them the scale. Exactly width × height cells."""
    which %= images.count
    notation = view.notation
    style = _Style(largest_magnitude(images.values), images.grey, view.plain, notation.ascii)
    title, below = image_caption(moment, images, which, notation)
    heading = drawn([[(ended(title, width, ascii=notation.ascii), "bold text")]], width, min(height, 1))
    if height < 2:
        return heading
    room = height - 3 if height > 6 else height - 1
    tall = room if width < WIDE_ENOUGH or images.count < 2 else min(room, max(room // 2, 12))
    wide = width if width < WIDE_ENOUGH or images.count < 2 else width // 2
    large = style.drawing(images.pixels(which), wide, tall)
    parts = [(0, 0, heading), (0, 1, large)]
    if width >= WIDE_ENOUGH and images.count > 1:
        begin = large.width + 2 * APART
        parts.append((begin, 1, _others(moment, images, which, width - begin, room, style)))
    if height > 6:
        parts.append((0, height - 2, drawn([[(notation.sign(below), "text")], _scale(images, style, width)], width, 2)))
    return placed(width, height, parts)


def _scale(images: Images, style: _Style, width: int) -> list[Piece]:
    """The scale of all images of the picture, and the signs of what is not finite."""
    odd = nonfinite_legend(images.values)
    said = f"{words.ONE_SCALE}  "
    room = width - cell_len(said) - (cell_len(odd) + 2 if odd else 0)
    bar = heat_scale(style.largest, room, style.plain, style.ascii, signed=not images.grey, grey=images.grey)
    return [(said, "quiet"), *(bar or ((flat(images.values), "quiet"),)), (f"  {odd}" if odd else "", "bold fails")]


def _others(moment: Moment, images: Images, which: int, width: int, height: int, style: _Style) -> Drawing:
    """Small images with their numbers, those among which the chosen one is, which is marked."""
    zoom = 1 if style.zoom(images.shape, width, height - 1) else 0
    if not zoom:
        return drawn([], width, height)
    wide, tall = style.size(images.shape, zoom)
    wide = min(width, max(wide, len(str(images.count)) + 3))
    across, down = max(1, (width + APART) // (wide + APART)), max(1, (height - 1) // (tall + 1))
    on_page = min(across * down, MOST_OTHERS)
    first = which // on_page * on_page
    parts: list[tuple[int, int, Drawing]] = []
    shown = range(first, min(images.count, first + on_page))
    for place, number in enumerate(shown):
        x, y = place % across * (wide + APART), place // across * (tall + 1)
        parts.append((x, y, drawn([_small_caption(moment, images, number, style, chosen=number == which)], wide, 1)))
        small = style.drawing(images.pixels(number), *style.size(images.shape, zoom))
        parts.append((x, y + 1, small))
    if len(shown) < images.count and down * (tall + 1) < height:
        told = words.SHOWN.format(first=shown[0], last=shown[-1], count=images.count)
        parts.append((0, height - 1, drawn([[(told if cell_len(told) <= width else "", "quiet")]], width, 1)))
    return placed(width, height, parts)


def _small_caption(moment: Moment, images: Images, number: int, style: _Style, *, chosen: bool) -> Sequence[Piece]:
    """The number of an image, and of a row whether the output is its target."""
    text = f" {number} " if chosen else str(number)
    pieces: list[Piece] = [(text, "bold text on chosen" if chosen else "quiet")]
    target = _target(moment, number) if images.by_row else None
    output = _output(moment, number) if images.by_row else None
    if target is not None and output is not None:
        right = output[0] == target
        sign = ("ok" if style.ascii else "✓") if right else ("!=" if style.ascii else "≠")
        pieces += [(" ", "space"), (sign, "holds" if right else "fails")]
    return pieces
