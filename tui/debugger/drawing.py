"""Pictures in the place of the panels, and opening what is chosen: a matrix in full, an explanation."""

from __future__ import annotations

from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.debugger.explaining import explain_picked, nothing_to_explain
from gradstep.tui.debugger.panels import beside
from gradstep.tui.debugger.stepping import picked
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages.arrangement import TABLES
from gradstep.tui.pages.layers.matrix import matrix_page
from gradstep.tui.text.drawing import Panel, drawn
from gradstep.tui.text.page import Page
from gradstep.tui.words import drawing as words


def next_picture(bench: Workbench) -> None:
    """The next picture."""


def pictured(bench: Workbench, width: int, height: int) -> Panel:
    """The picture."""
    return Panel((), drawn([], width, height))


def open_chosen(bench: Workbench) -> None:
    """Open what has the focus: in the tables the matrix that was picked or written, elsewhere the picked number."""
    if bench.focus == TABLES:
        open_matrix(bench)
    else:
        explain_picked(bench)


def nothing_to_open(bench: Workbench) -> str | None:
    """The reason why nothing can be opened."""
    return nothing_to_explain(bench)


def open_matrix(bench: Workbench) -> None:
    """The whole matrix, to be scrolled; it follows while one steps."""
    element = picked(bench)
    assert element is not None, "there is something to open"
    symbol = element.symbol

    def page(width: int) -> Page:
        return matrix_page(bench.moment, bench.view, symbol, width, beside(bench))

    bench.open(Drawer("matrix", lambda: bench.view.notation.symbol(symbol), page, about=words.KEYS))
    bench.full = bench.drawer is not None
    bench.show()
