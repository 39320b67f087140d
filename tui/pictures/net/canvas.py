"""Cells that texts, boxes and lines are put on, and that come out as lines of text, joined where lines meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len

from gradstep.tui.text.glyphs import printable
from gradstep.tui.text.grid import Piece, crop

_LINES, _ASCII_LINES = "┄─═━", ".-=#"  # by strength
_JOINTS = {  # by the arms of a cell: to the left, right, up and down
    "lr": "─", "du": "│", "dl": "┐", "dr": "┌", "lu": "┘", "ru": "└",
    "dlu": "┤", "dru": "├", "dlr": "┬", "lru": "┴", "dlru": "┼",
}  # fmt: skip
_ASCII_JOINTS = {"du": "|", "lr": "-"}
# The left and the right edge of a box: its first line, those between, its last.
_EDGES, _ASCII_EDGES = ("╭│╰", "╮│╯"), ("/|\\", "\\|/")
_Place = tuple[int, int]  # x and y of a cell


@dataclass
class Canvas:
    """Lines know where they connect; a text covers what lies below it."""

    ascii: bool = False
    _texts: dict[_Place, Piece] = field(default_factory=dict, init=False)
    _across: dict[_Place, Piece] = field(default_factory=dict, init=False)
    _arms: dict[_Place, set[str]] = field(default_factory=dict, init=False)

    def line_sign(self, strength: int = 1) -> str:
        """The character that a line of a strength, 0 to 3, is made of."""
        return (_ASCII_LINES if self.ascii else _LINES)[strength]

    def text(self, x: int, y: int, pieces: Iterable[Piece]) -> None:
        """Put pieces side by side; the second cell of a wide character is taken, too."""
        for text, key in pieces:
            for character in printable(text):
                size = cell_len(character)
                if size == 0:
                    continue
                self._texts[x, y] = character, key
                if size == 2:
                    self._texts[x + 1, y] = "", key
                x += size

    def box(self, x: int, top: int, lines: Sequence[Sequence[Piece]]) -> None:
        """Edges around equally wide lines, the first and the last of which are the top and the bottom of the box."""
        left, right = _ASCII_EDGES if self.ascii else _EDGES
        for row, inside in enumerate(lines):
            part = 0 if row == 0 else 2 if row == len(lines) - 1 else 1
            self.text(x, top + row, [(left[part], "dim"), *inside, (right[part], "dim")])

    def horizontal(self, y: int, x0: int, x1: int, strength: int = 1, key: str = "dim") -> None:
        """A line through the cells [x0, x1)."""
        for x in range(x0, x1):
            self._across[x, y] = self.line_sign(strength), key

    def track(self, x: int, entry: int, exits: Iterable[int], *, joined: bool = True) -> None:
        """A line in column `x` from the line that comes in at `entry` to those that go off at `exits`.

        joined: whether these are seen to begin there; otherwise they are left to what is written at the crossing.
        """
        exits = set(exits)
        top, bottom = min({entry, *exits}), max({entry, *exits})
        for y in range(top, bottom + 1):
            goes = {"u": y > top, "d": y < bottom, "l": y == entry, "r": joined and y in exits}
            self._arms.setdefault((x, y), set()).update(arm for arm, there in goes.items() if there)

    @property
    def width(self) -> int:
        """Cells from the left edge to the last that was used."""
        return max((x for x, _ in self._used), default=-1) + 1

    def lines(self) -> list[list[Piece]]:
        """Everything that was put on it, from the first line used to the last."""
        rows = {y for _, y in self._used}
        if not rows:
            return []
        width = self.width
        return [crop((self._cell(x, y) for x in range(width)), 0, width) for y in range(min(rows), max(rows) + 1)]

    @property
    def _used(self) -> set[_Place]:
        return {*self._texts, *self._across, *self._arms}

    def _cell(self, x: int, y: int) -> Piece:
        if (x, y) in self._texts:
            return self._texts[x, y]
        arms = "".join(sorted(self._arms.get((x, y), ())))
        if not arms:
            return self._across.get((x, y), (" ", "space"))
        return _ASCII_JOINTS.get(arms, "o") if self.ascii else _JOINTS[arms], "dim"
