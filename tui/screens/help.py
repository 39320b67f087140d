"""The keys and how to read the screen, from the registry of commands."""

from __future__ import annotations

from itertools import groupby
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.commands import COMMANDS, ELSEWHERE, READING
from tui.glyphs import plain
from tui.widgets.sheet import Line, Page, Sheet
from tui.words import dialogs as words

COLUMN = 11


def help_page(*, ascii_only: bool) -> Page:
    """Every command by group, and the signs."""

    def row(left: str, right: str) -> Line:
        if ascii_only:
            left, right = plain(left), plain(right)
        space = " " * max(2, COLUMN - cell_len(left))
        return Line(((f"  {left}{space}", "formula"), (right, "text")))

    lines: list[Line] = []
    for group, commands in groupby(COMMANDS, key=lambda command: command.group):
        lines += [
            Line(((group, "title"),)),
            *(row(command.shown, command.help) for command in commands),
            Line(),
        ]
    lines += [Line(((words.ALSO, "title"),)), *(row(*pair) for pair in ELSEWHERE), Line()]
    lines += [Line(((words.READING, "title"),)), *(row(*pair) for pair in READING)]
    return tuple(lines)


class HelpScreen(ModalScreen[None]):
    """All of it on one scrolling page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "dismiss", show=False),
    ]

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__()
        self._ascii = ascii_only

    def compose(self) -> ComposeResult:
        """One sheet."""
        sheet = Sheet(help_page(ascii_only=self._ascii), id="help", classes="panel dialog")
        sheet.border_title = words.HELP
        sheet.border_subtitle = words.ESC_CLOSES
        yield sheet

    def on_mount(self) -> None:
        """The keys scroll it."""
        self.query_one(Sheet).focus()
