"""Lines that take a given number of cells: cut where they are too long, filled where they are too short; frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from gradstep.tui.text.folding import folded
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.page import Line


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


def escaped(text: str) -> str:
    """A text for a frame, in which W1[0,0] would be read as markup."""
    return text.replace("[", "\\[")


def padded(text: str, cells: int) -> str:
    """The text with blanks before it, in exactly so many cells, or more if it has more."""
    return " " * (cells - cell_len(text)) + text
