"""Text as lines that fit, counted in cells: a character of some scripts takes two of them.

Lines break between words; a word that is longer than a line is cut in pieces. What goes on below may be indented.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells

from gradstep.tui.text.glyphs import printable
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.page import Line

NARROWEST = 2  # cells: what any character fits into

_WORDS = re.compile(r"\s+|\S+")


def folded(text: str, width: int, key: str = "text", indent: int = 0) -> list[Line]:
    """A text in one style as lines of at most `width` cells, all but the first of them indented."""
    return folded_pieces([(text, key)], width, indent)


def folded_pieces(pieces: Iterable[Piece], width: int, indent: int = 0) -> list[Line]:
    """The same of pieces in several styles."""
    width = max(NARROWEST, width)
    indent = min(indent, width // 3)
    lines: list[list[Piece]] = [[]]
    used = start = 0
    for word, key in _words(pieces, width - indent):
        size = cell_len(word)
        if used > start and not word.isspace() and used + size > width:
            lines.append([(" " * indent, "space")] if indent else [])
            used = start = indent
        if word.isspace() and used == start and len(lines) > 1:
            continue  # no line begins with the blanks that it was broken at
        lines[-1].append((word, key))
        used += size
    return [Line(tuple(_joined(line))) for line in lines]


def _words(pieces: Iterable[Piece], most: int) -> Iterator[Piece]:
    """Words and the blanks between them, none of the words longer than a line."""
    for text, key in pieces:
        for word in _WORDS.findall(printable(text)):
            if word.isspace() or cell_len(word) <= most:
                yield word, key
            else:
                yield from ((part, key) for part in chop_cells(word, most))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one style as one piece, without blanks at the end of the line."""
    kept: list[Piece] = []
    for text, key in pieces:
        if kept and kept[-1][1] == key:
            kept[-1] = kept[-1][0] + text, key
        else:
            kept.append((text, key))
    while kept and not kept[-1][0].rstrip():
        kept.pop()
    if kept:
        kept[-1] = kept[-1][0].rstrip(), kept[-1][1]
    return iter(kept)
