"""Characters for the numbers of one output, those of heat maps: each stands for the numbers between two edges."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.numbers import short
from gradstep.tui.text.shades import nonfinite_sign, ramps
from gradstep.tui.words import surface as words


@dataclass(frozen=True)
class Levels:
    """Characters for numbers: the sign at a place is that of the numbers between its edge and the next."""

    edges: tuple[float, ...]
    signs: tuple[Piece, ...]
    centre: float | None = None

    def sign(self, value: float) -> Piece:
        """The character of a number and its style."""
        if not math.isfinite(value):
            return nonfinite_sign(value)
        return self.signs[int(np.searchsorted(self.edges[1:-1], value, side="right"))]

    def scale(self, width: int) -> list[Piece]:
        """The signs between their edges, with as many of these as there is room for."""
        if not self.signs:
            return []
        if self.edges[0] == self.edges[-1]:
            return [self.signs[0], (f" {words.EVERYWHERE.format(number=short(self.edges[0], 6))}", "dim")]
        last = len(self.edges) - 1
        some = {0, last, *(place for place, edge in enumerate(self.edges) if edge == self.centre)}
        for shown in (set(range(last + 1)), some, {0, last}, set[int]()):
            pieces = self._scale(shown)
            if sum(cell_len(text) for text, _ in pieces) <= width:
                break
        return pieces

    def _scale(self, shown: set[int]) -> list[Piece]:
        largest, span = max(map(abs, self.edges)), self.edges[-1] / 2 - self.edges[0] / 2
        digits = 3 + max(0, math.floor(math.log10(largest / span)))  # as many as tell two edges apart
        pieces: list[Piece] = []
        for place, edge in enumerate(self.edges):
            if place in shown:
                pieces.append((f"{' ' if place else ''}{edge:+.{digits}g} ", "dim"))
            if place < len(self.signs):
                character, key = self.signs[place]
                pieces.append((character * 3, key))
        return pieces


def levels_of(values: Array, centre: float | None, *, ascii: bool) -> Levels:
    """Levels for these values: around the centre; around 0 where there are both signs; from the lowest otherwise."""
    finite = values[np.isfinite(values)]
    positive, negative = ramps(ascii)
    if not finite.size:
        return Levels((), ())
    low, high = float(finite.min()), float(finite.max())
    if high / 2 - low / 2 <= 1e-12 * max(abs(low), abs(high)):
        below = low < (centre or 0.0)
        return Levels((low, low), ((negative[2], "negative") if below else (positive[2], "positive"),), centre)
    if centre is not None or low < 0 < high:
        return _around(low, high, centre or 0.0, positive, negative)
    shades = [(sign, "positive") for sign in positive[1:]]
    if high <= 0:
        shades = [(sign, "negative") for sign in negative[:0:-1]]
    inner = (low + (high - low) * (place / len(shades)) for place in range(1, len(shades)))
    return Levels((low, *inner, high), tuple(shades))


def _around(low: float, high: float, centre: float, positive: str, negative: str) -> Levels:
    """A quarter of the farthest number's way to each side, as far as there are numbers."""
    steps = len(positive) - 1
    far = max(abs(low - centre), abs(high - centre))
    edges = [centre + far * (place / steps) for place in range(-steps, steps + 1)]
    signs = [(sign, "negative") for sign in negative[:0:-1]] + [(sign, "positive") for sign in positive[1:]]
    kept = [place for place in range(2 * steps) if edges[place] <= high and edges[place + 1] >= low]
    inner = edges[kept[0] + 1 : kept[-1] + 1]
    return Levels((low, *inner, high), tuple(signs[place] for place in kept), centre)
