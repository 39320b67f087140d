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
from gradstep.tui.text.cells import NARROWEST, cell
from gradstep.tui.text.grid import Piece

_APART = 3


_Entry = tuple[list[Piece], Element]


def draw_footer(board: Board, look: Look, layout: Layout, layers: Sequence[Layer], above: int) -> None:
    """Targets of the row that is shown, the loss, and accuracies, at the right, as many of them as fit.

    above: the last line of the net; one is left free below it where there is room.
    """
    entries = _entries(look, layout, layers, max(NARROWEST, layout.number))
    if _across(entries) > board.width:
        entries = _entries(look, layout, layers, NARROWEST)
    while _across(entries) > board.width:
        entries.pop(0)
    y = min(above + 2, layout.height - 1)
    x = max(0, (board.width + layout.used + 1) // 2 - _across(entries))  # up to where the net ends
    for pieces, element in entries:
        board.text(x, y, pieces)
        board.hit(x, y, _width(pieces), element)
        x += _width(pieces) + _APART


def _entries(look: Look, layout: Layout, layers: Sequence[Layer], number: int) -> list[_Entry]:
    """Everything that could stand there, with so many cells a number; no targets that stand in boxes."""
    program = look.program
    scalars = [program.loss, *program.measured_symbols] if program.has_loss else list(program.measured_symbols)
    entries = [_entry(look, name, (), number, many=False) for name in scalars]
    target = program.symbols.get("t")
    if target is None or len(target.shape) != 2 or target.shape[1] > FEW or _in_boxes(layout, layers):
        return entries
    units = target.shape[1]
    return [_entry(look, "t", look.index("t", unit), number, many=units > 1) for unit in range(units)] + entries


def _in_boxes(layout: Layout, layers: Sequence[Layer]) -> bool:
    """Whether the targets stand in the boxes of the outputs."""
    last, column = layers[-1], layout.columns[-1]
    is_last = column.place == len(layers) - 1
    return is_last and column.form is Form.BOXES and bool(last.target) and column.lines >= rows_wanted(last)


def _entry(look: Look, symbol: str, index: tuple[int, ...], number: int, *, many: bool) -> _Entry:
    label = look.notation.label(symbol, index) or look.name(symbol) + (f"[{index[-1]}]" if many else "")
    last = look.moment.latest(symbol) if symbol in look.program.measured_symbols else None
    if last is not None and symbol not in look.moment.values:  # as in the header
        return [(label, "quiet"), (" ", "space"), (cell(last, number), "quiet")], Element(symbol, index)
    return [(label, "quiet"), *look.number(symbol, index, number)], Element(symbol, index)


def _across(entries: Sequence[_Entry]) -> int:
    """Cells of all of them side by side."""
    return max(0, sum(_width(pieces) + _APART for pieces, _ in entries) - _APART)


def _width(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)
