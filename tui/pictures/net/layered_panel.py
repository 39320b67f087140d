"""A layered net in an area: the columns that its layout has, and the wires between them."""

from __future__ import annotations

from rich.cells import cell_len

from gradstep.engine.program.expression import Element
from gradstep.tui.pictures.net.board import Board
from gradstep.tui.pictures.net.boxes import Place, draw_box, names_of
from gradstep.tui.pictures.net.footer import draw_footer
from gradstep.tui.pictures.net.image import draw_image
from gradstep.tui.pictures.net.layout import fits, input_names, layout_of
from gradstep.tui.pictures.net.look import BRIEF, Look
from gradstep.tui.pictures.net.many import draw_bars, draw_list, draw_strip
from gradstep.tui.pictures.net.places import Column, Form, Layout, Wires
from gradstep.tui.pictures.net.remembered import remembered
from gradstep.tui.pictures.net.structure import Layer, at_work, layers_of, window
from gradstep.tui.pictures.net.wires import draw_arrow, draw_wires
from gradstep.tui.text.folding import shortened


def draw_layered(look: Look, width: int, height: int) -> tuple[Board, int, int]:
    """The net, and how many layers are left out before and after those that are seen."""
    layers = remembered(look, ("layers",), lambda: layers_of(look.moment.scenario))
    size = (width, height, look.view.digits)
    first, count = _seen(look, layers, width, height)
    layout = remembered(look, (first, count, *size), lambda: layout_of(look, layers, first, count, width, height))
    board = Board(width, height, look.ascii)
    x = max(0, (width - layout.used) // 2)
    places = [x]
    for column, gap in zip(layout.columns, layout.gaps, strict=False):
        places.append(places[-1] + column.width + gap.width)
    for place, gap in enumerate(layout.gaps):
        before, column = layout.columns[place], layout.columns[place + 1]
        pair = layers[before.place], layers[column.place]
        at = places[place] + before.width
        if gap.wires is Wires.ARROW:
            draw_arrow(board, look, pair, gap, at, layout.room)
        else:
            draw_wires(board, look, pair, (before, column), gap, at)
    below = 0
    for column, at in zip(layout.columns, places, strict=True):
        below = max(below, _draw_column(board, look, layers[column.place], column, layout, at))
    if layout.footer:
        draw_footer(board, look, layout, layers, below)
    return board, first, len(layers) - first - count


def _seen(look: Look, layers: tuple[Layer, ...], width: int, height: int) -> tuple[int, int]:
    """The first of the layers that are seen, and how many: as many as fit wherever they begin, two at least."""
    count = len(layers)
    needed = remembered(look, ("needed",), lambda: at_work(look.program, layers))
    size = remembered(look, ("size", width, height), lambda: _size(look, layers, width, height))
    return window(needed, size, count, look.moment.position.step), size


def _size(look: Look, layers: tuple[Layer, ...], width: int, height: int) -> int:
    """How many layers fit side by side wherever they begin."""
    count = len(layers)
    alike = [(layer.units, len(layer.values), cell_len(look.name(layer.W or layer.out))) for layer in layers]
    for size in range(min(count, MOST_ACROSS), 2, -1):
        windows = {tuple(alike[first : first + size]): first for first in range(1, count - size + 1)}
        if all(fits(look, layers, first, size, width, height) for first in (0, *windows.values())):
            return size
    return min(2, count)


MOST_ACROSS = 12  # layers that any area has room for


def _draw_column(board: Board, look: Look, layer: Layer, column: Column, layout: Layout, x: int) -> int:
    """The last line that it takes."""
    match column.form:
        case Form.INPUTS:
            _draw_inputs(board, look, layer, column, x)
        case Form.BOXES:
            for unit, name in enumerate(names_of(look, layer)):
                room = column.width, column.lines, column.signs, layout.number, layout.pad
                draw_box(board, look, layer, unit, name, Place(x, column.tops[unit], *room))
        case Form.LIST:
            return draw_list(board, look, layer, column, x, layout.room)
        case Form.STRIP:
            return draw_strip(board, look, layer, column, x, layout.room)
        case Form.IMAGE:
            return draw_image(board, look, layer, column, x, layout.room)
        case Form.BARS:
            return draw_bars(board, look, layer, column, x, layout.room)
    return max(column.tops, default=0) + column.lines - 1


def _draw_inputs(board: Board, look: Look, layer: Layer, column: Column, x: int) -> None:
    """A line an input: its name and its value."""
    for unit, name in enumerate(input_names(look, layer, names_of(look, layer))):
        index = look.index(layer.out, unit)
        mark, (text, key) = look.number(layer.out, index, max(BRIEF, column.number))
        shown = text if column.signed else text.lstrip()
        number = shown.rstrip().ljust(column.number), key  # what was set by hand stands sooner over the wire than cut
        board.text(x, column.tops[unit], [(shortened(name, column.names, ascii=look.ascii), "bold text")])
        board.text(x + column.names, column.tops[unit], [mark, number])
        board.hit(x, column.tops[unit], column.width, Element(layer.out, index))
