"""The line below a layered net: what the outputs are to be, and what comes of comparing them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from gradstep.engine.program.expression import Element
from gradstep.tui.pictures.net.board import Board
from gradstep.tui.pictures.net.boxes import rows_wanted
from gradstep.tui.pictures.net.look import Look
from gradstep.tui.pictures.net.places import FEW, Form, Layout
from gradstep.tui.pictures.net.structure import Layer
from gradstep.tui.text.cells import NARROWEST
from gradstep.tui.text.grid import Piece

_APART = 3


def _line(layout: Layout) -> int:
    """The line below the boxes, with one between where there is room; the last where there is something else."""
    if any(column.form not in (Form.BOXES, Form.INPUTS) for column in layout.columns):
        return layout.height - 1
    end = max(top + column.lines for column in layout.columns for top in column.tops)
    return min(end + 1, layout.height - 1)


def draw_footer(board: Board, look: Look, layout: Layout, layers: Sequence[Layer]) -> None:
    """Targets of the row that is shown, the loss, and accuracies, at the right, as many of them as fit."""
    entries: list[tuple[list[Piece], Element]] = []
    program = look.program
    target = program.symbols.get("t")
    if target is not None and len(target.shape) == 2:
        units = target.shape[1]
        last = layers[-1]
        shown = any(
            column.place == len(layers) - 1
            and column.form is Form.BOXES
            and column.lines >= rows_wanted(last)
            and last.target
            for column in layout.columns
        )
        if units <= FEW and not shown:
            for unit in range(units):
                entries.append(_entry(look, "t", look.index("t", unit), many=units > 1))
    scalars = [program.loss, *program.measured_symbols] if program.has_loss else list(program.measured_symbols)
    entries += [_entry(look, name, (), many=False) for name in scalars]
    while entries and sum(_width(pieces) + _APART for pieces, _ in entries) - _APART > board.width:
        entries.pop(0)
    y = _line(layout)
    right = (board.width + layout.used + 1) // 2  # where the net ends
    x = max(0, right - sum(_width(pieces) + _APART for pieces, _ in entries) + _APART)
    for pieces, element in entries:
        board.text(x, y, pieces)
        board.hit(x, y, _width(pieces), element)
        x += _width(pieces) + _APART


def _entry(look: Look, symbol: str, index: tuple[int, ...], *, many: bool) -> tuple[list[Piece], Element]:
    label = look.notation.label(symbol, index) or look.name(symbol) + (f"[{index[-1]}]" if many else "")
    mark, number = look.number(symbol, index, NARROWEST)
    return [(label, "quiet"), mark, number], Element(symbol, index)


def _width(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)
