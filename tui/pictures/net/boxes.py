"""Layers of few units: a box a unit with its live numbers, inputs as lines of their own, and what is on the wires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from gradstep.engine.health.symptoms import is_many
from gradstep.engine.program.expression import Element
from gradstep.tui.pages.units import unit_names
from gradstep.tui.pictures.net.board import DASHED, HEAVY, LIGHT, Board, Stroke
from gradstep.tui.pictures.net.look import BRIEF, Look, cells_of
from gradstep.tui.pictures.net.remembered import remembered
from gradstep.tui.pictures.net.states import unit_states
from gradstep.tui.pictures.net.structure import Layer
from gradstep.tui.text.folding import shortened
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import net as words

CELL, LEAST, USUAL = 2, 3, 4  # lines of a unit: without a frame, in a box of one row and in one of two rows
SIGN_LEAST, SIGN_MOST, SIGN_LONGEST = 2, 12, 40  # cells of what a number in a box is called
BIAS = 2 + BRIEF  # cells of a bias beside its name: a blank or ∂ before that, its mark and its number
LEAST_NAME = 3  # cells of a name without its middle
INPUT_SIGN, DEAD_SIGN, SATURATED_SIGN = "●", "○", "◐"


@dataclass(frozen=True)
class Box:
    """The rows in a unit's box: for each what it is called and the symbols that it shows in turn."""

    signs: tuple[str, ...]
    symbols: tuple[tuple[str, ...], ...]


def names_of(look: Look, layer: Layer) -> tuple[str, ...]:
    """The names of a layer's units."""
    return remembered(look, ("names", layer.out), lambda: unit_names(look.moment.scenario, look.notation, layer.out))


def sign_of(look: Look, symbol: str, most: int) -> str:
    """What a unit's number is called in its box: out, net, δ, ∂out, z."""
    return remembered(look, ("sign", symbol, most), lambda: _sign_of(look, symbol, most))


def _sign_of(look: Look, symbol: str, most: int) -> str:
    known = look.program.symbols[symbol]
    if known.sign[:1] == "δ":
        name = look.name(symbol)
        if name.startswith(("delta", "δ")):
            return "d" if look.ascii else "δ"
        if look.notation.own and symbol in look.notation.names.own and cell_len(name) <= most:
            return name
    if known.of and symbol == look.program.gradient_of(known.of):
        mark = "g" if look.ascii else "∂"
        whole = mark + sign_of(look, known.of, SIGN_LONGEST)
        return whole if cell_len(whole) <= most else mark
    label = look.notation.label(symbol, (0, 0)) if len(known.shape) == 2 and known.shape[0] == 1 else ""
    name = unit_names(look.moment.scenario, look.notation, symbol)[0]
    stem = label[: -len(name)].rstrip("_") if label.endswith(name) else ""
    told = stem or look.name(symbol).rstrip("0123456789") or look.name(symbol)
    return shortened(told, most, ascii=look.ascii) if most > 1 or cell_len(told) == 1 else ""


def box_of(look: Look, layer: Layer, lines: int, most: int) -> Box:
    """The rows of a box of so many lines: in one row and in two the numbers take turns, in more each has its own."""
    rows = rows_in(layer, lines)
    values, gradients = layer.values, layer.gradients
    groups: list[tuple[str, ...]] = []
    if rows < 2 and gradients:
        return Box((sign_of(look, values[-1], most),), ((*values, *gradients),))
    if layer.target and rows > len(values) + len(gradients):
        groups = [(name,) for name in (*values, layer.target, *gradients)]
    elif rows >= len(values) + len(gradients):
        groups = [(name,) for name in (*values, *gradients)]
    elif rows >= len(values) + 1 and gradients:
        groups = [*((name,) for name in values), gradients]
    else:
        groups = [group for group in (values, gradients) if group]
    # Of those that take turns the last gives the name where none is computed.
    return Box(tuple(sign_of(look, group[-1], most) for group in groups), tuple(groups))


def rows_wanted(layer: Layer) -> int:
    """Lines of a box in which each number of a unit has its own row."""
    return 2 + len(layer.values) + len(layer.gradients) + bool(layer.target)


def is_airy(layer: Layer, lines: int) -> bool:
    """Whether a box of so many lines has a blank line around each of its rows."""
    return lines >= 2 * rows_wanted(layer) - 1


def rows_in(layer: Layer, lines: int) -> int:
    """Rows of numbers in a box of so many lines."""
    if lines == CELL:
        return CELL
    return rows_wanted(layer) - 2 if is_airy(layer, lines) else max(1, lines - 2)


def sign_width(look: Look, layer: Layer, lines: int, most: int, *, gradients: bool) -> int:
    """Cells of what the numbers in a layer's boxes are called; gradients: of all of them, those of gradients, too."""
    names = layer.values
    if gradients:
        shown = [layer.target] if layer.target and lines >= rows_wanted(layer) else []
        names = (*layer.values, *shown, *layer.gradients)
    return max(min(SIGN_LEAST, most), *(cell_len(sign_of(look, name, most)) for name in names))


def shown_of(look: Look, group: Sequence[str]) -> str:
    """Of symbols that take turns: the one that the step writes, or else reads; otherwise the last that is computed."""
    known = [name for name in group if look.array(name) is not None]
    if not known:
        return group[-1]
    for touch in ("written", "read"):
        touched = [name for name in known if look.touch(name) == touch]
        if touched:
            return touched[-1]
    return known[-1]


def _frame(look: Look, layer: Layer, unit: int) -> Stroke:
    """Heavy and coloured where the step has written a number of the unit, broken where it is dead."""
    if look.moment.step is not None and look.moment.step.symbol in layer.symbols:
        return Stroke(HEAVY, look.phase)
    states = unit_states(look, layer)
    broken = states is not None and bool(states.dead[unit])
    return Stroke(DASHED if broken else LIGHT, "faint" if broken else "focus")


def _state(look: Look, layer: Layer, unit: int, room: int) -> tuple[Piece, ...]:
    """What is to be said of a unit that lets nothing through: a word where there is room, a sign where not."""
    states = unit_states(look, layer)
    if states is None:
        return ()
    told = (
        (states.dead, words.DEAD, DEAD_SIGN),
        (states.closed, words.CLOSED, DEAD_SIGN),
        (states.saturated, words.SATURATED, SATURATED_SIGN),
    )
    for mask, word, sign in told:
        if mask[unit]:
            text = next((text for text in (word, look.notation.sign(sign)) if cell_len(text) + 2 <= room), "")
            alarm = mask is not states.closed and is_many(int(mask.sum()), layer.units)
            return ((f" {text} ", "fails" if alarm else "quiet"),) if text else ()
    return ()


@dataclass(frozen=True)
class Place:
    """A box in an area. signs, number, pad: cells of what a number is called, of the number, behind it."""

    x: int
    y: int
    width: int
    lines: int
    signs: int
    number: int
    pad: int


def draw_box(board: Board, look: Look, layer: Layer, unit: int, name: str, place: Place) -> None:
    """A unit's box: its name and its state in the upper edge, a number a line, the bias in the lower edge.

    Where there is no room for a frame, its name stands before its numbers.
    """
    stroke = _frame(look, layer, unit)
    if place.lines == CELL:
        names = place.width - place.signs - place.number - 2
        key = stroke.key if stroke.strength == DASHED else f"bold {look.phase if stroke.strength == HEAVY else 'text'}"
        board.text(place.x, place.y, [(shortened(name, names, ascii=look.ascii), key)])
        for row, group in enumerate(box_of(look, layer, place.lines, place.signs).symbols):
            _draw_number(
                board, look, shown_of(look, group), unit, place.y + row, replace(place, x=place.x + names, pad=0)
            )
        return
    board.frame(place.x, place.y, place.width, place.lines, stroke)
    pitch = 2 if is_airy(layer, place.lines) else 1
    for row, group in enumerate(box_of(look, layer, place.lines, place.signs).symbols):
        _draw_number(board, look, shown_of(look, group), unit, place.y + pitch * (row + 1), place)
    _draw_name(board, look, layer, unit, name, place, f"bold {look.phase if stroke.strength == HEAVY else 'text'}")
    if layer.b:
        _draw_bias(board, look, layer, unit, (place.x, place.y + place.lines - 1), place.width)


def _draw_name(board: Board, look: Look, layer: Layer, unit: int, name: str, place: Place, key: str) -> None:
    """The name in the upper edge, and a word or a sign of a state; where there is room."""
    x, y, room = place.x + 1, place.y, place.width - 4
    whole = words.UNIT.format(unit=name) if name.isdecimal() else name
    told = shortened(whole if cell_len(whole) <= room else name, room, ascii=look.ascii)
    end = board.text(x, y, [(f" {told} ", key)])
    state = _state(look, layer, unit, place.x + place.width - 1 - end)
    board.text(place.x + place.width - 1 - cells_of(state), y, state)


def _draw_number(board: Board, look: Look, symbol: str, unit: int, row: int, place: Place) -> None:
    """What a number is called, its mark and the number."""
    index = look.index(symbol, unit)
    sign = sign_of(look, symbol, place.signs)
    blank = " " * (place.signs - cell_len(sign))
    mark, number = look.number(symbol, index, place.number)
    board.text(place.x + 1, row, [(sign + blank, "quiet"), mark, number, (" " * place.pad, "space")])
    board.hit(place.x + 1 + place.signs, row, place.number + 1, Element(symbol, index))


def _bias_name(look: Look, layer: Layer, unit: int) -> str:
    return look.notation.label(layer.b, (unit,)) or look.name(layer.b)


def bias_width(look: Look, layer: Layer) -> int:
    """Cells inside the frame of a box in which the bias of each unit has its whole name in the lower edge."""
    return max(cell_len(_bias_name(look, layer, unit)) for unit in range(layer.units)) + BIAS


def _draw_bias(board: Board, look: Look, layer: Layer, unit: int, at: tuple[int, int], width: int) -> None:
    """The bias in the lower edge of the box: its gradient while that is written, its next value once there is one."""
    x, y = at
    gradient, becomes = look.program.gradient_of(layer.b) or "", look.becomes(layer.b)
    symbol, kind = layer.b, ""
    kept = becomes in look.program.kept and look.touch(becomes) != "written"
    if becomes and look.array(becomes) is not None and not kept:
        symbol, kind = becomes, "→"
    if gradient and look.touch(gradient) == "written":
        symbol, kind = gradient, "∂"
    room = width - 2 - BIAS
    label = _bias_name(look, layer, unit)
    mark, (text, key) = look.number(symbol, (unit,), BRIEF)
    name = shortened(label, room, ascii=look.ascii) if cell_len(label) <= room or room >= LEAST_NAME else ""
    lead = (look.notation.sign(kind)[:1] if kind == "∂" else " ") + name
    if kind == "→" and not mark[0].strip():
        mark = "+" if look.ascii else kind, "quiet"
    shown = text.rstrip()
    fits = cell_len(lead) + 1 + len(shown) < width - 2  # the corner stays
    board.text(x + 1, y, [(lead, "label"), mark, (shown, key), (" " * fits, "space")])
    board.hit(x + 1 + cell_len(lead), y, len(shown) + 1, Element(symbol, (unit,)))
