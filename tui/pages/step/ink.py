"""How numbers stand in the arithmetic of a step: a mark in the cell before, the ground of what was read or written.

The mark says without colours what a ground says: a bar before what was just written; where there are none, a sign
before what was just read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gradstep.tui.pages.view import View
from gradstep.tui.text import glyphs
from gradstep.tui.text.cells import FULL, cell, width_of
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.glyphs import BAR, plain

WRITTEN, READ, VALUE, QUIET, VERDICT = "written", "read", "value", "quiet", "verdict"
WIDTHS = (12, 10, 9)
VERDICTS = {True: ("✓", "holds"), False: ("✗", "fails")}


@dataclass(frozen=True)
class Ink:
    """phase: whose colour what was written has. plain: there are no colours."""

    phase: str
    plain: bool = False
    ascii: bool = False

    def mark(self, kind: str) -> str:
        """The character before a number."""
        if kind == WRITTEN:
            return BAR.drawn(ascii=self.ascii)
        return glyphs.READ.drawn(ascii=self.ascii) if kind == READ and (self.plain or self.ascii) else " "

    def keys(self, kind: str, *, lit: bool = False) -> tuple[str, str]:
        """The styles of the mark and of the number."""
        if kind == WRITTEN:
            ground = f"{'chosen' if lit else 'written'} {self.phase}"
            return f"{self.phase} on {ground}", f"bold {self.phase if not lit else 'text'} on {ground}"
        if lit:
            ground = f"chosen {self.phase}"
            return f"quiet on {ground}", f"bold text on {ground}"
        if kind == READ:
            return "quiet on read", "text on read"
        return "space", "quiet" if kind == QUIET else "text"

    def number(self, value: float | None, width: int, kind: str, *, lit: bool = False, text: str = "") -> Pieces:
        """The mark and a number in `width` cells; blanks for None. text: the number as it stands in its column."""
        if value is None:
            return ((" " * (width + 1), "space"),)
        if kind == VERDICT:
            sign, key = VERDICTS[bool(value)]
            return (" ", "space"), ((plain(sign) if self.ascii else sign).ljust(width), key)
        mark, key = self.keys(kind, lit=lit)
        if not math.isfinite(value):
            key = f"bold fails on {key.partition(' on ')[2] or 'panel'}"
        return (self.mark(kind), mark), (text or cell(value, width), key)


def ink_of(view: View, phase: str) -> Ink:
    """The ink of a phase for a view."""
    return Ink(phase, view.plain, view.notation.ascii)


def widths(view: View) -> tuple[int, ...]:
    """The widths of numbers to try, widest first; all digits fall back to fewer where there is no room at all."""
    if not view.digits:
        return WIDTHS
    asked = width_of(view.digits)
    return (asked, 20, *WIDTHS) if asked >= FULL else (asked, *(width for width in WIDTHS if width < asked))
