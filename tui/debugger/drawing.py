"""Pictures in the place of the panels, and opening what is chosen: a matrix in full, an explanation."""

from __future__ import annotations

from gradstep.tui.debugger.explaining import explain_picked, nothing_to_explain
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.text.drawing import Panel, drawn


def next_picture(bench: Workbench) -> None:
    """The next picture."""


def open_chosen(bench: Workbench) -> None:
    """Open what has the focus."""
    explain_picked(bench)


def nothing_to_open(bench: Workbench) -> str | None:
    """The reason why nothing can be opened."""
    return nothing_to_explain(bench)


def pictured(bench: Workbench, width: int, height: int) -> Panel:
    """The picture."""
    return Panel((), drawn([], width, height))
