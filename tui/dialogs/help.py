"""The keys and how to read the screen, from the registry of commands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType

from gradstep.tui.debugger.registry import COMMANDS, ELSEWHERE, READING
from gradstep.tui.dialogs.page import PageScreen
from gradstep.tui.text.folding import folded_pieces
from gradstep.tui.text.glyphs import plain
from gradstep.tui.text.page import Line, Page
from gradstep.tui.words import dialogs as words

Rows = list[tuple[str, str]]  # a key or signs, and what that does or says


def _groups(*, ascii_only: bool) -> Iterator[tuple[str, Rows]]:
    """Every command by group, what else can be done, and the signs as the screen draws them."""
    sign = plain if ascii_only else str
    for group, commands in groupby(COMMANDS, key=lambda command: command.group):
        yield group, [(sign(command.shown), sign(command.help)) for command in commands]
    yield words.ALSO, [(sign(key), sign(text)) for key, text in ELSEWHERE]
    signs = ((" ".join(mark.drawn(ascii=ascii_only) for mark in marks), text) for marks, text in READING)
    yield words.READING, [(shown, sign(text)) for shown, text in signs]


def help_page(width: int, *, ascii_only: bool) -> Page:
    """All of it in lines of at most `width` cells."""
    groups = list(_groups(ascii_only=ascii_only))
    column = 2 + max(cell_len(left) for _, rows in groups for left, _ in rows) + 2
    lines: list[Line] = []
    for title, rows in groups:
        lines += [Line(), Line(((title, "title"),))]
        for left, right in rows:
            space = " " * (column - 2 - cell_len(left))
            lines += folded_pieces([(f"  {left}{space}", "formula"), (right, "text")], width, indent=column)
    return tuple(lines[1:])


class HelpScreen(PageScreen):
    """All of it on one scrolling page."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "dismiss(None)", show=False)]

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__(words.HELP, lambda width: help_page(width, ascii_only=ascii_only))
