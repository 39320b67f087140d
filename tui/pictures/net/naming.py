"""What is called by its whole name in the net, and what by its symbol: the same in all layers."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from gradstep.tui.pictures.net.boxes import CELL, SIGN_MOST, bias_name, bias_room, sign_of
from gradstep.tui.pictures.net.look import BRIEF, Look
from gradstep.tui.pictures.net.places import Column, Form
from gradstep.tui.pictures.net.structure import Layer

STRIP_HEAD = 5  # cells before a strip
SIGN_ROOM = {Form.BOXES: SIGN_MOST, Form.LIST: BRIEF, Form.STRIP: STRIP_HEAD - 2}  # cells of what numbers are called


def are_whole(look: Look, layers: Sequence[Layer], columns: Sequence[Column]) -> bool:
    """Whether each number of each layer may be called by its whole name."""
    for column in columns:
        layer, most = layers[column.place], SIGN_ROOM.get(column.form)
        symbols = (*layer.values, *layer.gradients, *filter(None, [layer.target]))
        if most and any(cell_len(sign_of(look, symbol, whole=True)) > most for symbol in symbols):
            return False
    return True


def are_biases_whole(look: Look, layers: Sequence[Layer], columns: Sequence[Column]) -> bool:
    """Whether each bias has room for its whole name in the edge of its box."""
    return all(
        cell_len(bias_name(look, layers[column.place], unit)) <= bias_room(column.width)
        for column in columns
        if column.form is Form.BOXES and column.lines > CELL and layers[column.place].b
        for unit in range(column.units)
    )


def input_names(look: Look, layer: Layer, names: Sequence[str]) -> list[str]:
    """The names of the inputs: their labels, or the symbol and the place."""
    given = look.notation.label(layer.out, look.index(layer.out, 0)) or not names[0].isdecimal()
    return list(names) if given else [f"{look.name(layer.out)}[{name}]" for name in names]
