"""The wires between two layers, or the arrow that stands for them, with what is on them."""

from __future__ import annotations

from rich.cells import cell_len

from gradstep.engine.arrays import written
from gradstep.engine.health.symptoms import norm
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Role
from gradstep.tui.pictures.net.board import LIGHT, Board, Stroke
from gradstep.tui.pictures.net.boxes import INPUT_SIGN, sign_of
from gradstep.tui.pictures.net.flow import Flow, Kind, flow_between, labels_of, second
from gradstep.tui.pictures.net.layout import ARROW, ARROW_WITH_NORMS
from gradstep.tui.pictures.net.look import BRIEF, Look
from gradstep.tui.pictures.net.places import Column, Form, Gap, Wires, joint_of, routes_of
from gradstep.tui.pictures.net.remembered import remembered
from gradstep.tui.pictures.net.structure import Layer
from gradstep.tui.pictures.net.updates import draw_pair, pairs_of
from gradstep.tui.text.folding import shortened
from gradstep.tui.text.glyphs import BAR
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
    routes = remembered(look, columns, lambda: routes_of(*columns)) if gap.wires is not Wires.ARROW else None
    if routes is None:
        return
    found, ports = routes
    stroke, end = flow.stroke, x + gap.width
    pairs = pairs_of(look, layers[1], gap.numbers) if gap.paired and flow.kind is Kind.UPDATE else {}
    for source, entry in enumerate(found.exits):
        track = x + 1 + gap.pitch * found.tracks[source]
        board.across(entry, x, track, stroke)
        board.track(track, entry, [rows[source] for rows in ports], stroke)
        if flow.back:
            board.text(x, entry, [(head(BACKWARD_HEAD, look), stroke.key)])
        elif columns[0].form is Form.INPUTS:
            board.text(x, entry, [(look.notation.sign(INPUT_SIGN), _input_key(flow))])
    for target, rows in enumerate(ports):
        joint = joint_of(columns[1], layers[1], target, back=flow.back)
        board.across(joint, end - 1, end, stroke)
        if rows != (joint,):
            board.joint(end - 2, rows, joint, stroke)
        for source, row in enumerate(rows):
            board.across(row, x + 2 + gap.pitch * found.tracks[source], end - 1, stroke)
            if gap.wires in (Wires.SLOT, Wires.FULL):
                at = _draw_name(board, look, layers[1], flow, gap, (source, target), (x + gap.tracks, row)), row
                if pairs:
                    mark, _ = look.number(look.becomes(layers[1].W), (source, target), BRIEF)
                    before = at[0] - (gap.names + 2 if gap.names else 1)
                    board.text(before, row, [mark] if mark[0].strip() or not gap.names else [])
                    draw_pair(board, look, layers[1], (source, target), pairs[source, target], at, gap.numbers)
                else:
                    _draw_numbers(board, look, layers[1], flow, gap, (source, target), at)
        if not flow.back:
            board.text(end - 1, joint, [(head(FORWARD_HEAD, look), stroke.key)])


def _input_key(flow: Flow) -> str:
    return flow.stroke.key if flow.kind is Kind.FORWARD else "label"


def _draw_name(
    board: Board, look: Look, layer: Layer, flow: Flow, gap: Gap, index: tuple[int, int], at: tuple[int, int]
) -> int:
    """The name of a wire; gives the cell from which on there is room for numbers."""
    x, row = at
    shown = shortened(labels_of(look, layer, places=gap.places)[index[0]][index[1]], gap.names, ascii=look.ascii)
    if shown:
        key = "label" if flow.stroke.strength == LIGHT else f"bold {flow.phase}"
        board.text(x - 1, row, [(" ", "space"), (shown, key), (" ", "space")])
    return x + gap.names + 1


def _draw_numbers(
    board: Board, look: Look, layer: Layer, flow: Flow, gap: Gap, index: tuple[int, int], at: tuple[int, int]
) -> None:
    """A weight, and what goes along its wire or becomes of it; one number where there is no room."""
    x, row = at
    named = bool(labels_of(look, layer, places=gap.places)[index[0]][index[1]])
    both = gap.wires is Wires.FULL and (gap.paired or flow.kind is not Kind.UPDATE)  # an update has one form everywhere
    if both or flow.kind is Kind.IDLE or (flow.kind is Kind.GRADIENT and not flow.lit):
        wide = gap.weight if both else gap.number
        mark, number = look.number(layer.W, index, wide)
        _draw_number(board, x, row, mark, number, named=named)
        board.hit(x - 1, row, wide + 1, Element(layer.W, index))
        if not both:
            return
        x, named = x + 1 + wide, False
    sign, (mark, number) = second(look, layer, flow, *index, gap.number)
    if sign.strip():
        symbol = look.becomes(layer.W) if flow.kind is Kind.UPDATE else look.program.gradient_of(layer.W) or layer.W
        board.hit(x - 1, row, gap.number + 1, Element(symbol, index))
    if both or flow.kind is Kind.UPDATE:
        if sign.strip() and not mark[0].strip():
            mark = _sign(sign, look), "quiet"
    else:  # before its name: what goes along it, not the weight
        along = {Kind.FORWARD: FORWARD_HEAD, Kind.BACKWARD: BACKWARD_HEAD}.get(flow.kind, sign)
        board.text(x - gap.names - 2, row, [(_sign(along, look), flow.stroke.key)])
    _draw_number(board, x, row, mark, number, named=named)


def _sign(sign: str, look: Look) -> str:
    """A sign of one cell."""
    return {"∂": "d", "→": "+", **_HEADS}[sign] if look.ascii else sign


def _draw_number(board: Board, x: int, row: int, mark: Piece, number: Piece, *, named: bool) -> None:
    """A number from a cell on, its mark before it, behind a name or, after one blank, the wire, which goes on."""
    text, key = number
    shown = text.rstrip()
    if shown:
        lead = [] if not named and mark[0].isspace() and shown.startswith(" ") else [mark]
        board.text(x - len(lead), row, [*lead, (shown, key), (" " * (shown != text), "space")])


def draw_arrow(board: Board, look: Look, layers: tuple[Layer, Layer], gap: Gap, x: int, room: int) -> None:
    """Where there are too many wires: one arrow forward, one back, the shape of the weights and how large they are."""
    before, layer = layers
    flow = flow_between(look, before, layer)
    norms = [layer.W, look.program.gradient_of(layer.W) or "", look.becomes(layer.W)]
    with_norms = gap.width >= ARROW_WITH_NORMS and room >= 3 + len(norms)
    x, wide = x + 1, gap.width - 2
    y = max(0, (room - (6 if with_norms else 3)) // 2)
    for row, (kind, name) in enumerate(((Kind.FORWARD, layer.W), (Kind.BACKWARD, layer.gradients[-1:]))):
        forward = kind is Kind.FORWARD
        is_at_work = flow.kind is kind or (flow.back and not forward)
        stroke = flow.stroke if is_at_work else Stroke(LIGHT)
        board.across(y + row, x, x + wide, stroke)
        board.text(
            x + wide - 1 if forward else x,
            y + row,
            [(head(FORWARD_HEAD if forward else BACKWARD_HEAD, look), stroke.key)],
        )
        lead = 2 if wide > ARROW - 2 else 1
        told = _told("".join(name), wide - 3 - lead, look)
        key = stroke.key if is_at_work and flow.lit else "label" if forward else "quiet"
        board.text(x + lead, y + row, [(f" {told} ", key)] if told else [])
    changed = _written_parameter(look, layer)
    shape = look.notation.sign(written(look.program.symbols[layer.W].shape))
    if changed and not (with_norms and changed in norms):
        _draw_changed(board, look, changed, (x, y + 2), gap.width - 2)
    elif cell_len(shape) < gap.width:  # the tables have it, too
        board.text(x, y + 2, [(shape, "faint")])
    for at, symbol in enumerate(norms if with_norms else (), y + 3):
        if symbol:
            _draw_norm(board, look, symbol, x, at)


def _written_parameter(look: Look, layer: Layer) -> str:
    """What the step has written of the layer's weights and biases: a gradient, a next value; "" for nothing."""
    parameters = [name for name in (layer.W, layer.b) if name]
    there = {name for each in parameters for name in (look.program.gradient_of(each), look.becomes(each))}
    return next((name for name in there if name and look.touch(name) == "written"), "")


def _draw_changed(board: Board, look: Look, symbol: str, at: tuple[int, int], cells: int) -> None:
    """The name of a symbol that has just been written, in the place of the shape of the weights."""
    of = look.program.symbols[symbol].of
    name = look.name(symbol)
    if cell_len(name) > cells - 1 and symbol == look.program.gradient_of(of):
        name = look.notation.sign("∂") + look.name(of)
    told = shortened(name, cells - 1, ascii=look.ascii)
    key = f"bold {look.phase} on written {look.phase}"
    board.text(*at, [(BAR.drawn(ascii=look.ascii), look.phase), (told, key)])
    board.hit(*at, 1 + cell_len(told), Element(symbol, (0,) * len(look.program.symbols[symbol].shape)))


def _told(symbol: str, most: int, look: Look) -> str:
    """A symbol on an arrow; where its name has no room what a unit's number of it is called: δ."""
    if not symbol:
        return ""
    name = look.name(symbol)
    if cell_len(name) <= most:
        return name
    gradient = look.program.symbols[symbol].role is Role.GRADIENT
    return sign_of(look, symbol, most) if gradient else shortened(name, most, ascii=look.ascii)


def _draw_norm(board: Board, look: Look, symbol: str, x: int, y: int) -> None:
    """The norm of a symbol's numbers, with the mark of what the step does with them."""
    array = look.array(symbol)
    known = look.program.symbols[symbol]
    sign = {Role.GRADIENT: "‖∂‖ ", Role.NEXT: "‖W⁺‖"}.get(known.role, "‖W‖ ")
    plain = {Role.GRADIENT: "|d| ", Role.NEXT: "|W+|"}.get(known.role, "|W| ")
    mark, number = look.written(None if array is None else norm(array), BRIEF, look.touch(symbol))
    end = board.text(x, y, [(plain if look.ascii else sign, "quiet"), mark, number])
    board.hit(x, y, end - x, Element(symbol, (0,) * len(known.shape)))
