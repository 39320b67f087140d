"""The two lines below the panels: what the marks mean, or the last message; and the keys that can be used now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from gradstep.engine.program.expression import Element
from gradstep.tui.pages.view import View
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.folding import fitted, folded
from gradstep.tui.text.glyphs import BAR, MISSING, READ, plain
from gradstep.tui.text.grid import Piece, crop
from gradstep.tui.words import footer as words

BETWEEN = " │ "  # as wide in ASCII
MOST_LINES = 3  # of a message


@dataclass(frozen=True)
class Key:
    """Keys and what they do, in a word. usable: whether they do it now. rank: those with more are left out first.

    roomy: the keys as a newcomer knows them, where there is room left; "" where they are the same.
    """

    shown: str
    label: str
    usable: bool = True
    rank: int = 0
    roomy: str = ""


def legend(view: View, phase: str, hint: Pieces, width: int) -> Pieces:
    """The meaning of bars, grounds and dots, in the colour of a phase, and a hint at the right edge."""
    ascii = view.notation.ascii
    bar, read, dot = (mark.drawn(ascii=ascii) for mark in (BAR, READ, MISSING))
    before = (read, "quiet") if view.plain or ascii else ("  ", "text on read")
    pieces: list[Piece] = [
        (" ", "text"),
        (bar, f"bold {phase}"),
        (words.WRITTEN, f"bold {phase}"),
        ("  ", "text"),
        before,
    ]
    pieces += [(words.READ, "quiet"), (f"  {dot}{words.MISSING}", "quiet")]
    if view.picked is not None:
        name = view.notation.element(Element(*view.picked))
        pieces += [("  ", "text"), (f" {name} ", "bold text on chosen"), (words.PICKED, "quiet")]
    used, other = _cells(pieces), _cells(hint)
    if used + other + 3 > width:
        hint, other = (), 0
    return tuple(crop([*pieces, (" " * max(0, width - used - other - 1), "text"), *hint], 0, width))


def message_lines(text: str, width: int, *, error: bool) -> list[Pieces]:
    """A message in as many lines as it takes, up to three."""
    key = "bold fails on bar" if error else "bold text on bar"
    whole = " ".join(text.split())
    lines = [line.pieces for line in folded(whole, width - 2, key)]
    if len(lines) > MOST_LINES:
        kept = lines[: MOST_LINES - 1]
        rest = " ".join("".join(piece for piece, _ in line) for line in lines[len(kept) :])
        lines = [*kept, ((fitted(rest, width - 2), key),)]
    return [tuple(crop([(" ", key), *line, (" " * width, key)], 0, width)) for line in lines]


def keys_line(groups: Sequence[Sequence[Key]], width: int, *, ascii: bool = False) -> Pieces:
    """Groups of keys with lines between them, as many as fit."""
    ranks = sorted({key.rank for group in groups for key in group}, reverse=True)
    kept = [list(group) for group in groups]
    for rank in ranks:
        if _width(kept) <= width - 2:
            break
        kept = [[key for key in group if key.rank < rank or rank == 0] for group in kept]
    roomy = [[replace(key, shown=key.roomy or key.shown) for key in group] for group in kept]
    if _width(roomy) < width:  # up to the edge
        kept = roomy
    pieces: list[Piece] = [(" ", "text on bar")]
    for number, group in enumerate(group for group in kept if group):
        if number:
            pieces.append((plain(BETWEEN) if ascii else BETWEEN, "frame on bar"))
        for place, key in enumerate(group):
            pieces += [("  " if place else "", "text on bar")]
            pieces += [
                (key.shown, "bold label on bar" if key.usable else "faint on bar"),
                (f" {key.label}" if key.label else "", "text on bar" if key.usable else "faint on bar"),
            ]
    return tuple(crop([*pieces, (" " * width, "text on bar")], 0, width))


def _width(groups: Sequence[Sequence[Key]]) -> int:
    there = [group for group in groups if group]
    return sum(
        sum(cell_len(key.shown) + cell_len(key.label) + bool(key.label) for key in group) + 2 * (len(group) - 1)
        for group in there
    ) + len(BETWEEN) * (len(there) - 1)


def _cells(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)
