"""Cells of a fixed area that texts, frames and wires are put on, and that come out as a drawing.

Wires are told apart by their shape and not only by their colour: light ones are idle, heavy ones carry values forward,
double ones gradients back. Where a wire passes another without a connection both go straight on. A text that does not
fit in its line is left out, for a part of a number would be another number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.cells import cell_len

from gradstep.engine.program.expression import Element
from gradstep.tui.text.drawing import Area, Drawing, Hit, drawn
from gradstep.tui.text.glyphs import printable
from gradstep.tui.text.grid import Piece

LIGHT, HEAVY, DOUBLE, DASHED = 0, 1, 2, 3
_ARMS = ("lr", "du", "dl", "dr", "lu", "ru", "dlu", "dru", "dlr", "lru", "dlru")
# By the strength of a wire: the signs of what its arms are, in the order of `_ARMS`.
_JOINTS = ("─│┐┌┘└┤├┬┴┼", "━┃┓┏┛┗┫┣┳┻╋", "═║╗╔╝╚╣╠╦╩╬", "┄┆┐┌┘└┤├┬┴┼")
_ASCII_JOINTS = ("-|+++++++++", "=#+++++++++", "~:+++++++++", ".:+++++++++")
# By the strength of a box's frame: top left, line, top right, side, bottom left, bottom right.
_FRAMES = ("╭─╮│╰╯", "┏━┓┃┗┛", "╔═╗║╚╝", "╭┄╮┆╰╯")
_ASCII_FRAMES = ("+-+|++", "#=####", "+-+|++", "...:..")


class Stroke(NamedTuple):
    """What a wire or a frame is drawn with."""

    strength: int = LIGHT
    key: str = "faint"


@dataclass
class Board:
    """The cells of an area. A text covers what lies below it; wires know where they connect."""

    width: int
    height: int
    ascii: bool = False
    _texts: dict[tuple[int, int], Piece] = field(default_factory=dict, init=False)
    _across: dict[tuple[int, int], Stroke] = field(default_factory=dict, init=False)
    _arms: dict[tuple[int, int], tuple[set[str], Stroke]] = field(default_factory=dict, init=False)
    _hits: list[Hit] = field(default_factory=list, init=False)

    def text(self, x: int, y: int, pieces: Iterable[Piece]) -> int:
        """Pieces side by side from a cell on; gives the cell after them. What does not fit is left out whole."""
        for text, key in pieces:
            shown = printable(text)
            size = cell_len(shown)
            if x >= 0 and x + size <= self.width and 0 <= y < self.height:
                self._put(x, y, shown, key, size)
            x += size
        return x

    def _put(self, x: int, y: int, text: str, key: str, size: int) -> None:
        """A character a cell; the second cell of a wide one is taken, too."""
        for character in text:
            cells = 1 if size == len(text) else cell_len(character)
            if cells:
                self._texts[x, y] = character, key
            if cells == 2:
                self._texts[x + 1, y] = "", key
            x += cells

    def hit(self, x: int, y: int, width: int, element: Element, height: int = 1) -> None:
        """A click on these cells picks an element."""
        if x >= 0 and x + width <= self.width and 0 <= y < self.height:
            self._hits.append(Hit(Area(x, y, width, height), element))

    def across(self, y: int, x0: int, x1: int, stroke: Stroke) -> None:
        """A wire through the cells [x0, x1) of a line."""
        for x in range(x0, x1):
            self._across[x, y] = stroke

    def track(self, x: int, entry: int, exits: Iterable[int], stroke: Stroke) -> None:
        """A wire in column `x` from the one that comes in at `entry` from the left to those that go off at `exits`."""
        rows = set(exits)
        top, bottom = min({entry, *rows}), max({entry, *rows})
        for y in range(top, bottom + 1):
            goes = {"u": y > top, "d": y < bottom, "l": y == entry, "r": y in rows}
            arms, known = self._arms.get((x, y), (set(), stroke))
            arms = arms | {arm for arm, there in goes.items() if there}
            self._arms[x, y] = arms, max(known, stroke, key=lambda each: each.strength)

    def joint(self, x: int, entries: Iterable[int], leaves: int, stroke: Stroke) -> None:
        """A wire in column `x` from those that come in from the left to the one that goes on to the right."""
        rows = set(entries)
        top, bottom = min({leaves, *rows}), max({leaves, *rows})
        for y in range(top, bottom + 1):
            goes = {"u": y > top, "d": y < bottom, "l": y in rows, "r": y == leaves}
            self._arms[x, y] = {arm for arm, there in goes.items() if there}, stroke

    def frame(self, x: int, y: int, width: int, height: int, stroke: Stroke) -> None:
        """The frame of a box; its inside is blank."""
        signs = (_ASCII_FRAMES if self.ascii else _FRAMES)[stroke.strength]
        top_left, line, top_right, _, low_left, low_right = list(signs)
        self.text(x, y, [(top_left + line * (width - 2) + top_right, stroke.key)])
        self.sides(x, y + 1, width, height - 2, stroke)
        if height > 1:
            self.text(x, y + height - 1, [(low_left + line * (width - 2) + low_right, stroke.key)])

    def sides(self, x: int, y: int, width: int, height: int, stroke: Stroke) -> None:
        """The left and the right side of a box; between them it is blank."""
        side = (_ASCII_FRAMES if self.ascii else _FRAMES)[stroke.strength][3]
        for row in range(y, y + height):
            self.text(x, row, [(side, stroke.key), (" " * (width - 2), "space"), (side, stroke.key)])

    def drawing(self) -> Drawing:
        """Everything that was put on it."""
        lines: list[list[Piece]] = [[] for _ in range(self.height)]
        taken = sorted({place[::-1] for each in (self._texts, self._across, self._arms) for place in each})
        ends = [0] * self.height
        for y, x in taken:
            if 0 <= y < self.height and 0 <= x < self.width:
                if x > ends[y]:
                    lines[y].append((" " * (x - ends[y]), "space"))
                lines[y].append(self._cell(x, y))
                ends[y] = x + 1
        return drawn(map(_runs, lines), self.width, self.height, self._hits)

    def _cell(self, x: int, y: int) -> Piece:
        if (x, y) in self._texts:
            return self._texts[x, y]
        joints = _ASCII_JOINTS if self.ascii else _JOINTS
        if (x, y) in self._arms:
            arms, stroke = self._arms[x, y]
            crossing = arms == {"u", "d"} and (x, y) in self._across
            spelled = "".join(sorted(arms | {"l", "r"} if crossing else arms))
            return joints[stroke.strength][_ARMS.index(spelled) if spelled in _ARMS else 0], stroke.key
        if (x, y) in self._across:
            stroke = self._across[x, y]
            return joints[stroke.strength][0], stroke.key
        return " ", "space"


def _runs(line: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one style as one piece."""
    text, style = "", ""
    for more, key in line:
        if key != style and text:
            yield text, style
            text = ""
        text, style = text + more, key
    yield text, style
