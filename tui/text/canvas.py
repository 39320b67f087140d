"""A canvas: texts put at places, which become the lines of a drawing.

What would stick out of the canvas is not put at all, so that no number is cut through.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len

from gradstep.tui.text.drawing import Area, Drawing, Hit, Pieces, Target
from gradstep.tui.text.glyphs import printable
from gradstep.tui.text.grid import Piece


class Canvas:
    """An area of width × height cells. What is put later where something stands already is left out."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._lines: list[list[tuple[int, int, str, str]]] = [[] for _ in range(height)]
        self._hits: list[Hit] = []

    def put(self, x: int, y: int, text: str, key: str, target: Target | None = None) -> int:
        """A text at a place; where it ends. target: what a click on it means."""
        text = printable(text)
        end = x + cell_len(text)
        if text and x >= 0 and end <= self.width and 0 <= y < self.height:
            self._lines[y].append((x, end, text, key))
            if target is not None:
                self._hits.append(Hit(Area(x, y, end - x, 1), target))
        return end

    def put_all(self, x: int, y: int, pieces: Iterable[Piece], target: Target | None = None) -> int:
        """Pieces one after another; where they end."""
        for text, key in pieces:
            x = self.put(x, y, text, key, target)
        return x

    def drawing(self) -> Drawing:
        """What was put, as a drawing of exactly this size."""
        return Drawing(self.width, tuple(self._filled(line) for line in self._lines), tuple(self._hits))

    def _filled(self, line: list[tuple[int, int, str, str]]) -> Pieces:
        return tuple(_filled(line, self.width))


def _filled(line: list[tuple[int, int, str, str]], width: int) -> Iterable[Piece]:
    at = 0
    for x, end, text, key in sorted(line, key=lambda each: each[0]):
        if x < at:
            continue
        if x > at:
            yield " " * (x - at), "space"
        yield text, key
        at = end
    if at < width:
        yield " " * (width - at), "space"
