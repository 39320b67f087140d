"""Images made of characters, a pixel two cells wide: rows of x, and the weights of a unit as an image of its inputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures.shades import largest_magnitude, legend, scale, sign_of
from gradstep.tui.text.folding import folded
from gradstep.tui.text.grid import Piece, crop
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import short
from gradstep.tui.text.page import Line, text_line
from gradstep.tui.words import pictures as words

PIXEL = 2  # cells


@dataclass(frozen=True, eq=False)
class Picture:
    """A title, what to say below it, and the pixels: rows × columns."""

    title: str
    below: str
    pixels: Array


def picture_lines(picture: Picture, width: int, *, ascii: bool) -> tuple[Line, ...]:
    """The title, the pixels, however wide they are, the scale, and what the signs mean, in at most `width` cells."""
    pixels, largest = picture.pixels, largest_magnitude(picture.pixels)
    lines = [text_line(picture.title, "title")]
    lines += [Line(tuple(_row(numbers, largest, ascii=ascii))) for numbers in pixels.tolist()]
    if largest:
        signed = bool((pixels[np.isfinite(pixels)] < 0).any())
        lines.append(Line(tuple(scale(largest, width, ascii=ascii, signed=signed))))
    lines += folded(legend(pixels, pixels), width, "dim")
    if picture.below:
        lines.append(text_line(picture.below, "text"))
    return tuple(lines)


def _row(numbers: Sequence[float], largest: float, *, ascii: bool) -> list[Piece]:
    signs = (sign_of(number, largest, ascii=ascii) for number in numbers)
    return crop(((character * PIXEL, key) for character, key in signs), 0, PIXEL * len(numbers))


def picture_text(picture: Picture) -> tuple[str, ...]:
    """The title, the numbers row by row, and what is to be said."""
    rows = (" ".join(f"{number:.3g}" for number in row) for row in picture.pixels.tolist())
    return (picture.title, *rows, picture.below)


def pictures_of(moment: Moment, notation: Notation) -> dict[str, list[Picture]]:
    """The images that there are, by symbol: the drawn rows of x, and the weights into each unit of the first layer."""
    image = moment.scenario.image
    found: dict[str, list[Picture]] = {}
    if image is None:
        return found
    x = moment.values.get("x")
    if x is not None:
        found[notation.symbol("x")] = [_of_row(moment, x, row, image, notation) for row in range(len(x))]
    for name, symbol in moment.program.symbols.items():
        weights, of_pixels = moment.values.get(name), len(symbol.shape) == 2 and symbol.shape[0] == math.prod(image)
        if weights is not None and of_pixels and name not in ("x", "x_train", "x_test"):
            title = notation.symbol(name)
            found[title] = [_of_unit(weights, unit, image, title) for unit in range(weights.shape[1])]
    return found


def _of_unit(weights: Array, unit: int, image: tuple[int, ...], title: str) -> Picture:
    into = words.INTO_UNIT.format(weights=title, unit=unit, units=weights.shape[1])
    return Picture(into, "", weights[:, unit].reshape(image))


def _of_row(moment: Moment, x: Array, row: int, image: tuple[int, ...], notation: Notation) -> Picture:
    t, y = moment.values.get("t"), moment.values.get("y")
    below = []
    if t is not None and t.shape[1] > 1:
        below.append(words.TARGET.format(target=t[row].argmax()))
    if y is not None and y.shape == (len(x), t.shape[1] if t is not None else -1):
        below.append(words.OUTPUT.format(output=y[row].argmax(), value=short(float(y[row].max()), 4)))
    title = words.DRAWN_ROW.format(symbol=notation.symbol("x"), row=row, rows=len(x))
    return Picture(title, ", ".join(below), x[row].reshape(image))
