"""Text as lines that fit, counted in cells: folded, packed, cut off or filled up.

Lines break between words; a word that is longer than a line is cut in pieces. What goes on below may be indented.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, chop_cells, set_cell_size

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


def clipped(pieces: Iterable[Piece], width: int) -> Line:
    """A line of at most `width` cells."""
    line = Line(tuple(pieces))
    return line if line.width <= width else Line(tuple(line.line(0, 0, max(0, width))))


def packed(phrases: Sequence[str], width: int, key: str) -> list[Line]:
    """Phrases side by side, in as few lines as the width allows; only one that is wider is broken."""
    lines: list[str] = []
    for phrase in phrases:
        if lines and cell_len(longer := f"{lines[-1]}  {phrase}") <= width:
            lines[-1] = longer
        else:
            lines.append(phrase)
    return [line for text in lines for line in folded(text, width, key)]


def fitted(text: str, width: int) -> str:
    """A text of at most `width` cells, with two dots where it is cut off."""
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 2)) + ".."


def ended(text: str, width: int, *, ascii: bool = False) -> str:
    """A text of at most `width` cells, with an ellipsis where its end is left out; "" where there is room for none."""
    if cell_len(text) <= width:
        return text
    mark = "..." if ascii else "…"
    return set_cell_size(text, width - len(mark)).rstrip() + mark if width > len(mark) else ""


def shortened(name: str, most: int, *, ascii: bool = False) -> str:
    """A name in at most so many cells: without its middle, as its end tells it from others, its index above all."""
    if cell_len(name) <= most:
        return name
    if most < 1:
        return ""
    ellipsis = "..." if ascii else "…"
    dot = ellipsis[:1]  # where "..." would leave too little of the name
    head, bracket, rest = name.partition("[")
    index = bracket + rest
    if index and cell_len(index) < most:
        between = ellipsis if cell_len(ellipsis + index) < most else dot
        return _begin(head, most - cell_len(between + index)) + between + index
    between = ellipsis if 2 * cell_len(ellipsis) < most else dot
    room = most - cell_len(between)
    end = _end(name, math.ceil(room / 2))
    return _begin(name, room - cell_len(end)) + between + end


def _begin(name: str, most: int) -> str:
    """As much of a name's beginning as so many cells hold."""
    return next((name[:size] for size in range(len(name), 0, -1) if cell_len(name[:size]) <= most), "").rstrip()


def _end(name: str, most: int) -> str:
    """As much of a name's end as so many cells hold."""
    return next((name[at:] for at in range(len(name)) if cell_len(name[at:]) <= most), "").lstrip()


def escaped(text: str) -> str:
    """A text for a frame, in which W1[0,0] would be read as markup."""
    return text.replace("[", "\\[")


def padded(text: str, cells: int) -> str:
    """The text with blanks before it, in exactly so many cells, or more if it has more."""
    return " " * (cells - cell_len(text)) + text
