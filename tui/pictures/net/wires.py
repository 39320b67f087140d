"""The wires between two layers, or the arrow that stands for them, with what is on them."""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import written
from gradstep.engine.program.expression import Element
from gradstep.tui.pictures.net.board import DOUBLE, HEAVY, LIGHT, Board, Stroke
from gradstep.tui.pictures.net.boxes import INPUT_SIGN
from gradstep.tui.pictures.net.flow import Flow, Kind, flow_between, labels_of, second
from gradstep.tui.pictures.net.layout import Column, Form, Gap, Wires, routes_of
from gradstep.tui.pictures.net.look import BRIEF, Look
from gradstep.tui.pictures.net.structure import Layer
from gradstep.tui.pictures.net.writing import shortened
from gradstep.tui.text.grid import Piece

FORWARD_HEAD, BACKWARD_HEAD = "▶", "◀"
_HEADS = {FORWARD_HEAD: ">", BACKWARD_HEAD: "<"}


def head(sign: str, look: Look) -> str:
    """The head of an arrow."""
    return _HEADS[sign] if look.ascii else sign


def draw_wires(
    board: Board, look: Look, layers: tuple[Layer, Layer], columns: tuple[Column, Column], gap: Gap, x: int
) -> None:
    """What lies between two columns, from the cell `x` on."""
    flow = flow_between(look, *layers)
    routes = routes_of(*columns) if gap.wires is not Wires.ARROW else None
    if routes is None:
        return
    found, ports = routes
    stroke, end = flow.stroke, x + gap.width
    for source, entry in enumerate(found.exits):
        track = x + 1 + 2 * found.tracks[source]
        board.across(entry, x, track, stroke)
        board.track(track, entry, [rows[source] for rows in ports], stroke)
        if flow.kind is Kind.BACKWARD:
            board.text(x, entry, [(head(BACKWARD_HEAD, look), stroke.key)])
        elif columns[0].form is Form.INPUTS:
            board.text(x, entry, [(look.notation.sign(INPUT_SIGN), _input_key(flow))])
    for target, rows in enumerate(ports):
        for source, row in enumerate(rows):
            board.across(row, x + 1 + 2 * found.tracks[source] + 1, end, stroke)
            if gap.wires in (Wires.SLOT, Wires.FULL):
                _draw_label(board, look, layers[1], flow, gap, (source, target), (x + gap.tracks, row))
            if flow.kind is not Kind.BACKWARD:
                board.text(end - 1, row, [(head(FORWARD_HEAD, look), stroke.key)])


def _input_key(flow: Flow) -> str:
    return flow.stroke.key if flow.kind is Kind.FORWARD else "label"


def _draw_label(
    board: Board, look: Look, layer: Layer, flow: Flow, gap: Gap, index: tuple[int, int], at: tuple[int, int]
) -> None:
    """The name of a wire, its weight, and what goes along it or becomes of it; one number where there is no room."""
    x, row = at
    name = labels_of(look, layer, full=gap.full_names)[index[0]][index[1]]
    shown = shortened(name, gap.names, look.notation)
    is_at_work = flow.kind in (Kind.FORWARD, Kind.BACKWARD)
    board.text(x - 1, row, [(" ", "space"), (shown, f"bold {flow.phase}" if flow.lit and is_at_work else "label")])
    x += gap.names
    if gap.wires is Wires.FULL or flow.kind is Kind.IDLE or (flow.kind is Kind.GRADIENT and not flow.lit):
        mark, number = look.number(layer.W, index, BRIEF)
        _draw_number(board, x, row, mark, number)
        board.hit(x, row, BRIEF + 1, Element(layer.W, index))
        if gap.wires is not Wires.FULL:
            return
        x += 1 + BRIEF
    sign, (mark, number) = second(look, layer, flow, *index, gap.number)
    if sign.strip():
        board.text(x, row, [(_sign(sign, look), "quiet")])
        symbol = look.becomes(layer.W) if flow.kind is Kind.UPDATE else look.program.gradient_of(layer.W) or layer.W
        board.hit(x, row, gap.number + 2, Element(symbol, index))
    _draw_number(board, x + 1, row, mark, number)


def _sign(sign: str, look: Look) -> str:
    """A sign of one cell."""
    return {"∂": "d", "→": ">"}[sign] if look.ascii else sign


def _draw_number(board: Board, x: int, row: int, mark: Piece, number: Piece) -> None:
    """A number with its mark; the wire goes on behind it."""
    text, key = number
    shown = text.rstrip()
    if shown:
        board.text(x, row, [mark, (shown, key), (" " * (shown != text), "space")])


def draw_arrow(board: Board, look: Look, layers: tuple[Layer, Layer], gap: Gap, x: int, room: int) -> None:
    """Where there are too many wires: one arrow forward, one back, the shape of the weights and how large they are."""
    before, layer = layers
    flow, program = flow_between(look, before, layer), look.program
    wide = gap.width - 2
    gradient, becomes = program.gradient_of(layer.W) or "", look.becomes(layer.W)
    x += 1
    lines = 6 if room >= 9 else 4 if room >= 6 else 3
    y = max(0, (room - lines) // 2)
    forward = flow.kind is Kind.FORWARD
    stroke = flow.stroke if forward else Stroke(LIGHT)
    board.across(y, x, x + wide - 1, stroke)
    board.text(x + wide - 1, y, [(head(FORWARD_HEAD, look), stroke.key)])
    name = shortened(look.name(layer.W), wide - 5, look.notation)
    board.text(x + 2, y, [(f" {name} ", stroke.key if forward and flow.lit else "label")])
    y += 1
    backward = flow.kind is Kind.BACKWARD
    stroke = flow.stroke if backward else Stroke(LIGHT)
    board.across(y, x + 1, x + wide, stroke)
    board.text(x, y, [(head(BACKWARD_HEAD, look), stroke.key)])
    delta = look.name(layer.gradients[-1]) if layer.gradients else ""
    board.text(x + 2, y, [(f" {shortened(delta, wide - 4, look.notation)} ", stroke.key if backward and flow.lit else "quiet")])
    y += 1
    board.text(x, y, [(written(program.symbols[layer.W].shape), "faint")])
    if lines < 6:
        if lines == 4:
            _draw_norm(board, look, becomes if flow.kind is Kind.UPDATE else gradient if flow.kind is Kind.GRADIENT else layer.W, x, y + 1, flow, wide)
        return
    for at, symbol in enumerate((layer.W, gradient, becomes), y + 1):
        if symbol:
            _draw_norm(board, look, symbol, x, at, flow, wide)


def _draw_norm(board: Board, look: Look, symbol: str, x: int, y: int, flow: Flow, wide: int) -> None:
    """The norm of a symbol's numbers, with the mark of what the step does with them."""
    array = look.array(symbol)
    with np.errstate(all="ignore"):
        norm = None if array is None else float(np.linalg.norm(array))
    role = {"gradient": "∂", "next": "⁺"}.get(look.program.symbols[symbol].role.value, "W")
    sign = f"‖{role}‖" if not look.ascii else f"|{look.notation.sign(role)[0]}|"
    mark, number = look.written(norm, BRIEF, look.touch(symbol))
    board.text(x, y, [(sign, "quiet"), mark, number])
    board.hit(x, y, cell_len(sign) + 1 + BRIEF, Element(symbol, (0,) * len(look.program.symbols[symbol].shape)))
