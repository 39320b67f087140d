"""The help page: the keys of all commands, what else can be done, and how to read the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from rich.cells import cell_len, set_cell_size

from gradstep.tui.text import glyphs
from gradstep.tui.text.folding import folded_pieces
from gradstep.tui.text.glyphs import Mark, plain
from gradstep.tui.text.page import Line, Page, text_line
from gradstep.tui.words import help as words

TWO_COLUMNS, APART = 110, 3  # cells
Rows = Sequence[tuple[str, str]]  # keys or signs, and what they do or say

# What is not a command of ours but can be done.
ELSEWHERE: Rows = ((words.CLICK, words.CLICKS), ("Ctrl+P", words.PALETTE))


def _signs(*signs: str) -> tuple[Mark, ...]:
    """Signs that are written alike wherever they stand."""
    return tuple(Mark(sign, plain(sign)) for sign in signs)


# Signs as they are drawn, and what they say.
READING: tuple[tuple[tuple[Mark, ...], str], ...] = (
    ((glyphs.RUN_PAST, glyphs.RUN_NOW, glyphs.RUN_NEXT), words.STEPS),
    ((glyphs.NEXT,), words.NEXT),
    ((glyphs.BAR,), words.JUST_WRITTEN),
    ((glyphs.WRITTEN,), words.WRITTEN),
    ((glyphs.CHANGED,), words.CHANGED),
    ((glyphs.MISSING,), words.MISSING),
    ((glyphs.DIFFERS, Mark("=", "=")), words.DIFFERS),
    ((glyphs.GOES_ON,), words.GOES_ON),
    ((glyphs.NO_NUMBER,), words.NO_NUMBER),
    ((glyphs.BREAKPOINT, glyphs.SWITCHED_OFF), words.BREAKPOINTS),
    ((glyphs.FOREIGN,), words.FOREIGN),
    (_signs("✓", "≈", "≠", "✗"), words.FIGURES),
    (_signs("∂E/∂W", "δ"), words.GRADIENTS),
    (_signs("W⁺", "η"), words.UPDATES),
    ((glyphs.MATRIX_PRODUCT, glyphs.ELEMENTWISE, glyphs.TRANSPOSED), words.PRODUCTS),
)


def help_page(commands: Mapping[str, Rows], width: int, *, ascii_only: bool) -> Page:
    """The page in lines of at most `width` cells. commands: by group, the keys of each and its help."""
    sign = plain if ascii_only else str
    signs = [(" ".join(mark.drawn(ascii=ascii_only) for mark in marks), text) for marks, text in READING]
    groups = {**commands, words.ALSO: ELSEWHERE, words.READING: signs}
    if width >= TWO_COLUMNS:
        half = (width - APART) // 2
        return _side_by_side(_blocks(groups, half, sign), half)
    return tuple(line for block in _blocks(groups, width, sign) for line in block)[1:]


def _blocks(groups: Mapping[str, Rows], width: int, sign: Callable[[str], str]) -> list[list[Line]]:
    """Each group with a blank line and its title before it."""
    column = 2 + max(cell_len(sign(left)) for rows in groups.values() for left, _ in rows) + 2
    blocks: list[list[Line]] = []
    for title, rows in groups.items():
        lines = [Line(), text_line(title, "title")]
        for left, right in rows:
            first = set_cell_size(f"  {sign(left)}", column)
            lines += folded_pieces([(first, "formula"), (sign(right), "text")], width, indent=column)
        blocks.append(lines)
    return blocks


def _side_by_side(blocks: Sequence[Sequence[Line]], width: int) -> Page:
    """The first groups at the left, the others at the right, so that both are about equally long."""
    total = sum(map(len, blocks))
    count = next(n for n in range(1, len(blocks) + 1) if 2 * sum(map(len, blocks[:n])) >= total or n == len(blocks))
    left, right = ([line for block in part for line in block][1:] for part in (blocks[:count], blocks[count:]))
    blank = Line()
    return tuple(
        Line((*one.line(0, 0, width), (" " * APART, "text"), *other.pieces))
        for one, other in zip_longest(left, right, fillvalue=blank)
    )
