"""Rows in columns, as text for a terminal or a file: a number is never broken, whatever the width.

A row whose numbers are too long for the width goes on below: each of them stands in a line of its own there, behind the
title of its column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from gradstep.tui.text.folding import padded

APART = "  "  # between two columns
INDENT = 4  # at most, before what goes on below
Cells = tuple[tuple[str, str], ...]  # a line: texts, each with its style


@dataclass(frozen=True)
class Row:
    """texts: one a column. style: that of the last one."""

    texts: tuple[str, ...]
    style: str = ""


@dataclass(frozen=True)
class Columns:
    """titles: of the columns. numbers: the places of those that hold numbers, which are written to the right."""

    titles: tuple[str, ...]
    numbers: tuple[int, ...]

    def lines(self, rows: Sequence[Row], width: int, rule: str) -> list[Cells]:
        """The titles, a rule below them and the rows."""
        room = self._room(rows, width)
        flat = [row for row in rows if self._longest(row) <= room]
        if 2 * len(flat) < len(rows):
            flat, room = [], -1
        widths = self._widths(flat)
        lines: list[Cells] = []
        if flat:
            total = sum(widths) + len(APART) * (len(widths) - 1)
            lines = [self._flat(Row(self.titles, "dim"), widths, "dim"), ((rule * total, "dim"),)]
        tall = self._widths(rows) if not flat else widths
        for row in rows:
            lines += [self._flat(row, widths)] if self._longest(row) <= room else self._tall(row, width, tall)
        return lines

    def _widths(self, rows: Sequence[Row]) -> list[int]:
        return [max(map(cell_len, texts)) for texts in zip(self.titles, *(row.texts for row in rows), strict=True)]

    def _longest(self, row: Row) -> int:
        """Cells of the longest number of a row."""
        return max(cell_len(row.texts[place]) for place in self.numbers)

    def _room(self, rows: Sequence[Row], width: int) -> int:
        """The longest numbers with which all rows that have none longer fit; −1 where no row fits."""
        for most in sorted({self._longest(row) for row in rows}, reverse=True):
            texts = [self.titles, *(row.texts for row in rows if self._longest(row) <= most)]
            needed = sum(max(map(cell_len, column)) for column in zip(*texts, strict=True))
            if needed + len(APART) * (len(self.titles) - 1) <= width:
                return most
        return -1

    def _flat(self, row: Row, widths: Sequence[int], style: str = "") -> Cells:
        cells = []
        for place, (text, cells_wide) in enumerate(zip(row.texts, widths, strict=True)):
            cells.append((padded(text, cells_wide) if place in self.numbers else _padded(text, cells_wide), style))
        cells[-1] = (row.texts[-1], row.style)
        return tuple(piece for cell in cells for piece in ((APART, ""), cell))[1:]

    def _tall(self, row: Row, width: int, widths: Sequence[int]) -> list[Cells]:
        """What it is about in a line, or in two where that is too narrow, and a line for each number."""
        about = [place for place in range(len(row.texts) - 1) if place not in self.numbers]
        head = APART.join(_padded(row.texts[place], widths[place]) for place in about)
        indent, last = " " * min(widths[0] + len(APART), INDENT), (row.texts[-1], row.style)
        if cell_len(head) + len(APART) + cell_len(row.texts[-1]) > width:
            head = APART.join(row.texts[place] for place in about if row.texts[place])
        fits = cell_len(head) + len(APART) + cell_len(row.texts[-1]) <= width
        lines: list[Cells] = [((head + APART, ""), last)] if fits else [((head, ""),), ((indent, ""), last)]
        longest = max(cell_len(self.titles[place]) for place in self.numbers)
        for place in self.numbers:
            lines.append(((indent + _padded(self.titles[place], longest) + APART, "dim"), (row.texts[place], "")))
        return lines


def _padded(text: str, cells: int) -> str:
    return text + " " * (cells - cell_len(text))
