"""Layers of many units: a list with numbers, a strip of coloured cells, probabilities as bars.

Each says with its last line how far down it reaches.
"""

from __future__ import annotations

import math

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array, Index
from gradstep.engine.health.symptoms import is_many
from gradstep.engine.program.expression import Element
from gradstep.tui.pictures.net.board import Board
from gradstep.tui.pictures.net.boxes import names_of, shown_of, sign_of
from gradstep.tui.pictures.net.layout import APART, CELL_MOST, SLOPE, STRIP_HEAD, STRIP_TALL
from gradstep.tui.pictures.net.look import BRIEF, Look, cells_of
from gradstep.tui.pictures.net.places import Column
from gradstep.tui.pictures.net.states import unit_states
from gradstep.tui.pictures.net.structure import Layer
from gradstep.tui.text.glyphs import BAR, MISSING, READ
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.palette import LEVELS
from gradstep.tui.text.shades import largest_magnitude
from gradstep.tui.text.shades import sign_of as shade_of
from gradstep.tui.words import net as words


def heat_cell(look: Look, value: float, largest: float, width: int) -> Piece:
    """A cell on the ground of its number; where there are no colours, the character of it."""
    if look.plain or not math.isfinite(value):
        character, key = shade_of(value, largest, ascii=look.ascii)
        return character * width, "fails" if key == "nonfinite" else "text"
    level = round(LEVELS * value / largest) if largest else 0
    if level == 0 and value:
        level = 1 if value > 0 else -1
    return " " * width, f"text on heat {level}"


def _groups(layer: Layer) -> list[tuple[str, ...]]:
    return [group for group in (layer.values, layer.gradients) if group]


def draw_list(board: Board, look: Look, layer: Layer, column: Column, x: int, room: int) -> int:
    """A line a unit: its name, its value, its gradient."""
    names, groups = names_of(look, layer), _groups(layer)
    each = (column.width + APART) // column.parts
    rows = -(-layer.units // column.parts)
    top = max(0, (room - rows - 1) // 2)
    states = unit_states(look, layer)
    alarm = states is not None and is_many(int(states.dead.sum()), layer.units)
    for part in range(column.parts):
        left = x + part * each
        at = left + column.names
        for group in groups:
            symbol = shown_of(look, group)
            board.text(at + 2, top, [(sign_of(look, symbol, BRIEF), _heading(look, symbol))])
            at += 2 + BRIEF
        for row in range(rows):
            unit = part * rows + row
            if unit >= layer.units:
                continue
            hollow = states is not None and bool(states.closed[unit] or states.dead[unit])
            board.text(left, top + 1 + row, [(" " * (column.names - cell_len(names[unit])) + names[unit], "quiet")])
            at = left + column.names
            before = (look.notation.sign("○"), "fails" if alarm else "quiet") if hollow else (" ", "space")
            for group in groups:
                symbol = shown_of(look, group)
                index = look.index(symbol, unit)
                mark, (text, key) = look.number(symbol, index, BRIEF)
                board.text(at, top + 1 + row, [before, mark, (text, key)])
                before = (" ", "space")
                board.hit(at, top + 1 + row, 2 + BRIEF, Element(symbol, index))
                at += 2 + BRIEF
    return top + rows


def _heading(look: Look, symbol: str) -> str:
    return f"bold {look.phase}" if look.touch(symbol) == "written" else "quiet"


def draw_strip(board: Board, look: Look, layer: Layer, column: Column, x: int, room: int) -> int:
    """A coloured cell a unit, for the value and for the gradient, and what there is to say of them."""
    groups = _groups(layer)
    facts = [fact for fact in _facts(look, layer, column.width) if cells_of(fact) <= column.width]
    wide = max(1, column.width - STRIP_HEAD)
    cell = next((cell for cell in range(CELL_MOST, 1, -1) if cell * layer.units <= wide), 1)
    across = wide // cell
    # All units first; what there is to say of them takes the lines that are left.
    lines = min(max(1, (room - 1) // len(groups)), -(-layer.units // across))
    shown = min(layer.units, lines * across)
    if shown == layer.units:
        across = -(-layer.units // lines)  # lines of the same length
    spare = max(0, room - 1 - lines * len(groups))
    gaps = len(groups) - 1
    apart = 1 if spare >= gaps + min(1, len(facts)) else 0
    facts = facts[: spare - apart * gaps]
    behind = 1 if spare > apart * gaps + len(facts) else 0
    spare = max(0, spare - apart * gaps - behind - len(facts))
    tall = min(STRIP_TALL, 1 + spare // (lines * len(groups)))
    y = (spare - (tall - 1) * lines * len(groups)) // 2
    board.text(x, y, [(_heading_of(layer, column.width, each=shown == layer.units), "quiet")])
    y += 1
    for place, group in enumerate(groups):
        if y < room:
            _draw_cells(board, look, shown_of(look, group), (x, y), (across, cell, tall, shown), layer.units - shown)
        y += tall * lines + (apart if place < gaps else behind)
    for text in facts:
        board.text(x, y, text)
        y += 1
    return y - 1


def reading_mark(look: Look, touch: str) -> Piece:
    """Before what the step has written, or where there are no colours read."""
    if touch == "written":
        return BAR.drawn(ascii=look.ascii), look.phase
    return (READ.drawn(ascii=look.ascii), "quiet") if touch == "read" and look.plain else (" ", "space")


def _heading_of(layer: Layer, width: int, *, each: bool) -> str:
    """Which layer the strips are of, and that a cell is a unit where all units have one."""
    text = words.UNITS(layer.units, layer=layer.title)
    whole = words.A_CELL_EACH.format(units=text)
    return next((told for told in (whole if each else text, text) if cell_len(told) <= width), "")


def _draw_cells(
    board: Board, look: Look, symbol: str, at: tuple[int, int], shape: tuple[int, int, int, int], left_out: int
) -> None:
    """The strip of one symbol, each line after the first with the unit that it begins at.

    shape: units across, the cells of one and its lines, how many are shown.
    """
    (x, y), (across, cell, tall, shown) = at, shape
    touch = look.touch(symbol)
    sign = sign_of(look, symbol, STRIP_HEAD - 2)
    key = f"bold {look.phase}" if touch == "written" else "text on read" if touch == "read" else "quiet"
    board.text(x, y, [(sign, key)])
    board.text(x + STRIP_HEAD - 2, y, [reading_mark(look, touch)])
    values = look.vector(symbol)
    largest = largest_magnitude(values) if values is not None else 0.0
    for row in range(1, -(-shown // across)):
        number = str(row * across)
        if len(number) < STRIP_HEAD:
            board.text(x, y + row * tall, [(number.rjust(STRIP_HEAD - 2), "faint")])
    told = _left_out(left_out, across * cell)
    shown -= -(-cell_len(told) // cell)
    numbers = values[:shown].tolist() if values is not None else [None] * shown
    for place, value in enumerate(numbers):
        row, column = divmod(place, across)
        index = look.index(symbol, place)
        piece: Piece = (
            (MISSING.drawn(ascii=look.ascii), "faint") if value is None else heat_cell(look, value, largest, cell)
        )
        if value is None:
            piece = piece[0] + " " * (cell - 1), "faint"
        if look.picked(symbol, index):
            piece = piece[0].replace(" ", "▪" if not look.ascii else "#"), "bold text on chosen"
        left, top = x + STRIP_HEAD - 1 + column * cell, y + row * tall
        for line in range(tall):
            board.text(left, top + line, [piece])
        board.hit(left, top, cell, Element(symbol, index), tall)
    if told:
        row, column = divmod(shown, across)
        board.text(x + STRIP_HEAD - 1 + column * cell, y + row * tall, [(told, "quiet")])


def _left_out(count: int, room: int) -> str:
    """How many units are left out, at the end of a strip of so many cells; these take the place of some, too."""
    if not count:
        return ""
    more = len(words.MORE_UNITS(count))
    return words.MORE_UNITS(count + more) if more + 2 <= room else f" +{count + len(str(count)) + 2}"


def _facts(look: Look, layer: Layer, width: int) -> list[list[Piece]]:
    """Dead and open units, the largest gradient with its unit."""
    lines: list[list[Piece]] = []
    states = unit_states(look, layer)
    operation = layer.activation
    if operation is not None and (operation.closes or operation.slope is not None):
        if operation.closes:
            dead = None if states is None else int(states.dead.sum())
            is_open = None if states is None else layer.units - int(states.closed.sum())
            lines.append(
                _told(
                    look,
                    words.DEAD_UNITS,
                    dead,
                    layer.units,
                    "fails" if dead and is_many(dead, layer.units) else "text",
                )
            )
            more = _told(look, words.OPEN_FOR_ROW, is_open, layer.units, "text")
            more.append((f" / {layer.units}", "quiet"))
            used = sum(cell_len(text) for text, _ in (*lines[0], *more)) + 3
            if used <= width:
                lines[0] += [("   ", "space"), *more]
            else:
                lines.append(more)
        else:
            count = None if states is None else int(states.saturated.sum())
            lines.append(
                _told(
                    look,
                    words.SATURATED_UNITS,
                    count,
                    layer.units,
                    "fails" if count and is_many(count, layer.units) else "text",
                )
            )
    if layer.gradients:
        symbol = shown_of(look, layer.gradients)
        values = look.vector(symbol)
        sign = look.notation.sign("|") + look.name(symbol) + "|"
        line: list[Piece] = [(words.LARGEST.format(symbol=sign), "quiet")]
        if values is None:
            line.append((f" {MISSING.drawn(ascii=look.ascii)}", "faint"))
        else:
            unit = _largest(values)
            mark, number = look.number(symbol, look.index(symbol, unit), BRIEF + 2)
            line += [(" " + words.UNIT.format(unit=unit), "text"), mark, number]
        lines.append(line)
    return lines


def _largest(values: Array) -> int:
    """The unit of the largest magnitude; of a number that is none, where there is one."""
    sizes = np.abs(values)
    return int(np.argmax(np.where(np.isnan(sizes), np.inf, sizes)))


def _told(look: Look, what: str, count: int | None, most: int, key: str) -> list[Piece]:
    """A count of units, in as many cells as the largest of them has."""
    text = MISSING.drawn(ascii=look.ascii) if count is None else str(count)
    return [(what + " ", "quiet"), (text.rjust(len(str(most))), "faint" if count is None else key)]


def draw_bars(board: Board, look: Look, layer: Layer, column: Column, x: int, room: int) -> int:
    """A line a class: its name, its probability as a bar and as a number, the gradient as a coloured cell."""
    names = names_of(look, layer)
    each = (column.width + APART) // column.parts
    rows = -(-layer.units // column.parts)
    top = max(0, (room - rows) // 2)
    symbol = layer.out
    values = look.vector(symbol)
    gradient = shown_of(look, layer.gradients) if layer.gradients else ""
    slopes = look.vector(gradient) if gradient else None
    largest = largest_magnitude(slopes) if slopes is not None else 0.0
    target = look.vector("t") if "t" in look.program.symbols else None
    right = int(np.argmax(target)) if target is not None else -1
    slope = SLOPE if column.slopes else 0
    bar = each - APART - column.names - 1 - BRIEF - slope
    for unit in range(layer.units):
        part, row = divmod(unit, rows)
        left, y = x + part * each, top + row
        is_right = unit == right
        name = " " * (column.names - cell_len(names[unit])) + names[unit]
        sign = "*" if is_right and look.plain else " "
        at = board.text(left, y, [(name + sign, "bold holds" if is_right else "quiet")])
        value = None if values is None else float(values[unit])
        board.text(at, y, [_bar(look, value, bar, "holds" if is_right else "forward")])
        index = look.index(symbol, unit)
        board.text(at + bar, y, _share(look, symbol, index))
        board.hit(left, y, each - APART - slope, Element(symbol, index))
        if slopes is not None and column.slopes:
            cell = heat_cell(look, float(slopes[unit]), largest, SLOPE - 1)
            board.text(at + bar + BRIEF, y, [reading_mark(look, look.touch(gradient)), cell])
            board.hit(at + bar + BRIEF, y, SLOPE, Element(gradient, look.index(gradient, unit)))
    return top + rows - 1


def _share(look: Look, symbol: str, index: Index) -> list[Piece]:
    """A probability with its mark, which stands where other numbers have their sign."""
    mark, (text, key) = look.number(symbol, index, BRIEF)
    return [mark, (text[1:], key)] if text[:1] == " " else [(text, key)]


_EIGHTHS = " ▏▎▍▌▋▊▉█"


def _bar(look: Look, value: float | None, width: int, key: str) -> Piece:
    """A bar of a share of 1."""
    if value is None or not math.isfinite(value):
        return " " * width, "space"
    eighths = round(min(1.0, max(0.0, value)) * width * 8)
    whole, rest = divmod(eighths, 8)
    full = "█" * whole + (_EIGHTHS[rest] if rest else "")
    text = "#" * (whole + (rest >= 4)) if look.ascii else full
    return text.ljust(width), key
