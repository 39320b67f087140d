"""Arrays as pictures made of characters: images, and the weights of a unit as an image of its inputs.

A pixel is two cells wide, so that it is about square. How dark it is, a character says; where signs matter, negative
numbers have characters of their own, so that nothing is lost without colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.expression import Shape
from engine.operation import Array
from engine.timeline import Moment
from tui.numbers import short
from tui.widgets.sheet import Line
from tui.wording import Wording

SHADES = " ░▒▓█"
ASCII_SHADES = " .+*#"
NEGATIVE = " -=≡▬"
ASCII_NEGATIVE = " -=%@"


@dataclass(frozen=True, eq=False)
class Picture:
    """A title, what to say below it, and the pixels: rows × columns."""

    title: str
    below: str
    pixels: Array


def picture_lines(picture: Picture, *, ascii: bool) -> tuple[Line, ...]:
    """The title, the pixels, and the scale."""
    pixels = picture.pixels
    finite = np.where(np.isfinite(pixels), pixels, 0.0)
    largest = float(np.abs(finite).max()) or 1.0
    signed = bool((finite < 0).any())
    shades, negative = (ASCII_SHADES, ASCII_NEGATIVE) if ascii else (SHADES, NEGATIVE)
    levels = np.rint(np.abs(finite) / largest * (len(shades) - 1)).astype(int)
    lines = [Line(((picture.title, "title"),))]
    for row in range(pixels.shape[0]):
        pieces: list[tuple[str, str]] = []
        for column in range(pixels.shape[1]):
            below_zero = finite[row, column] < 0
            character = (
                "?"
                if not np.isfinite(pixels[row, column])
                else ((negative if below_zero else shades)[levels[row, column]])
            )
            pieces.append((character * 2, "negative" if below_zero else "positive"))
        lines.append(Line(tuple(pieces)))
    scale = [("0 ", "dim"), (f"{shades}", "positive"), (f" {short(largest, 6)}", "dim")]
    if signed:
        scale = [(f"{short(-largest, 6)} ", "dim"), (negative[:0:-1], "negative"), (" ", "dim"), *scale]
    lines.append(Line(tuple(scale)))
    if picture.below:
        lines.append(Line(((picture.below, "text"),)))
    return tuple(lines)


def albums(moment: Moment, wording: Wording) -> dict[str, list[Picture]]:
    """What can be seen as pictures: the drawn rows of x, and the weights into each unit of the first layer."""
    image = moment.scenario.image
    found: dict[str, list[Picture]] = {}
    if image is None:
        return found
    x = moment.values.get("x")
    if x is not None:
        found[wording.symbol("x")] = [_of_row(moment, x, row, image, wording) for row in range(len(x))]
    for name, symbol in moment.program.symbols.items():
        weights = moment.values.get(name)
        if weights is not None and _is_weights_of_x(symbol.shape, image) and name not in ("x", "x_train", "x_test"):
            columns = range(weights.shape[1])
            title = wording.symbol(name)
            found[title] = [
                Picture(
                    f"{title}[:,{unit}]: the weights into unit {unit} of {len(columns)}",
                    "",
                    weights[:, unit].reshape(image),
                )
                for unit in columns
            ]
    return found


def _is_weights_of_x(shape: Shape, image: tuple[int, ...]) -> bool:
    return len(shape) == 2 and shape[0] == int(np.prod(image))


def _of_row(moment: Moment, x: Array, row: int, image: tuple[int, ...], wording: Wording) -> Picture:
    t, y = moment.values.get("t"), moment.values.get("y")
    words = []
    if t is not None and t.shape[1] > 1:
        words.append(f"target {_class(t[row])}")
    if y is not None and y.shape == (len(x), t.shape[1] if t is not None else -1):
        words.append(f"output {_class(y[row])} ({short(float(np.max(y[row])), 4)})")
    return Picture(
        f"{wording.symbol('x')}[{row}], row {row} of {len(x)} drawn", ", ".join(words), x[row].reshape(image)
    )


def _class(row: Sequence[float] | Array) -> int:
    return int(np.argmax(row))
