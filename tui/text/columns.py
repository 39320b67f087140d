"""Rows of a list in columns: each column as wide as its widest cell, all rows alike, so that the eye finds the same at
one place. Where a width has no room for that, a row is written like a sentence and folded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rich.cells import cell_len

from gradstep.tui.text.folding import folded_pieces
from gradstep.tui.text.glyphs import printable
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.page import Line

APART = 2  # cells between two columns
LEAST_TEXT = 12  # cells below which a column of words is not folded any further

Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Row:
    """cells: a text a column. below: what is said of it in lines of its own, under all columns but the first.
    more: further lines of cells.
    """

    cells: Sequence[Pieces]
    below: Pieces = ()
    more: Sequence[Sequence[Pieces]] = ()


def row(*cells: str | Pieces, key: str = "text", below: Pieces = ()) -> Row:
    """A row of texts in one style, or of pieces."""
    return Row(tuple(((cell, key),) if isinstance(cell, str) else tuple(cell) for cell in cells), below)


def cells_of(pieces: Sequence[Piece]) -> int:
    """How wide a cell is."""
    return sum(cell_len(printable(text)) for text, _ in pieces)


def widths(rows: Sequence[Row], room: int, words: Sequence[int] = (), spare: Sequence[int] = ()) -> tuple[int, ...]:
    """The cells of the columns; () where there is no room for columns. words: the columns whose texts may be folded.

    spare: the columns that are left out, the first ones first, where there is no room for all; they have 0 cells.
    """
    count = max((len(each.cells) for each in rows), default=0)
    found = [0] * count
    for line in (line for each in rows for line in (each.cells, *each.more)):
        for at, pieces in enumerate(line):
            found[at] = max(found[at], cells_of(pieces))
    tried = ([0 if at in spare[:gone] else cells for at, cells in enumerate(found)] for gone in range(len(spare) + 1))
    return next((fitted for each in tried if (fitted := _fitted(each, room, words))), ())


def _fitted(found: list[int], room: int, words: Sequence[int]) -> tuple[int, ...]:
    """The columns of words as narrow as they must be; () where that is too narrow."""
    over = sum(found) + APART * max(0, sum(cells > 0 for cells in found) - 1) - room
    while over > 0:
        at = max((place for place in words if place < len(found)), key=lambda place: found[place], default=-1)
        if at < 0 or found[at] <= LEAST_TEXT:
            return ()
        found[at] -= 1
        over -= 1
    return tuple(found)


def written(each: Row, columns: Sequence[int], room: int) -> list[Pieces]:
    """The lines of a row in columns of these widths, or, where there are none, folded in the room."""
    lines: list[Pieces] = []
    for number, cells in enumerate((each.cells, *each.more)):
        if columns:
            lines += _in_columns(cells, columns)
        else:
            before: list[Piece] = [("  ", "space")] if number else []
            lines += [line.pieces for line in folded_pieces([*before, *_as_sentence(cells)], room, indent=2)]
    if not each.below:
        return lines
    indent = min(columns[0] + APART if len(columns) > 1 else 2, room // 3)
    below = folded_pieces(each.below, room - indent)
    return [*lines, *(((" " * indent, "space"), *line.pieces) for line in below)]


def _in_columns(cells: Sequence[Pieces], columns: Sequence[int]) -> list[Pieces]:
    """Cells side by side, each folded in its column."""
    kept = [(pieces, width) for pieces, width in zip(cells, columns, strict=False) if width]
    folded = [
        [pieces] if cells_of(pieces) <= width else [line.pieces for line in folded_pieces(pieces, width)]
        for pieces, width in kept
    ]
    lines: list[Pieces] = []
    for parts in zip_longest(*folded, fillvalue=()):
        line: list[Piece] = []
        for pieces, (_, width) in zip(parts, kept, strict=True):
            line += [(" " * APART, "space")] if line else []
            line += [*pieces, (" " * (width - cells_of(pieces)), "space")]
        lines.append(_without_end(line))
    return lines


def _without_end(line: list[Piece]) -> Pieces:
    """A line without the blanks at its end."""
    while line and not line[-1][0].strip():
        line.pop()
    return tuple(line)


def _as_sentence(cells: Sequence[Pieces]) -> list[Piece]:
    pieces: list[Piece] = []
    for cell in cells:
        if any(text.strip() for text, _ in cell):
            first = (cell[0][0].lstrip(), cell[0][1])
            pieces += [*([(" " * APART, "space")] if pieces else []), first, *cell[1:]]
    return pieces


def side_by_side(phrases: Sequence[Pieces], width: int) -> tuple[Line, ...]:
    """Phrases, each kept together, in as few lines as there is room for."""
    lines: list[list[Piece]] = []
    for phrase in phrases:
        gap: list[Piece] = [(" " * APART, "space")]
        if lines and cells_of([*lines[-1], *gap, *phrase]) <= width:
            lines[-1] += [*gap, *phrase]
        else:
            lines.append([*phrase])
    return tuple(part for line in lines for part in folded_pieces(line, width))
