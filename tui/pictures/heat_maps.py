"""The heat maps of a moment, side by side: of the step, of parameters, of their gradients and changes, of each array.

Which there are and where each stands follows from program and size alone; what is not computed yet has its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradstep.engine.arrays import Array, Index, subscript
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Program, Role
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.units import unit_names
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.heat import READ, HeatMap, Look, largest_of, tile, wanted
from gradstep.tui.pictures.heat_text import Naming, heat_text
from gradstep.tui.pictures.multiples import arranged
from gradstep.tui.pictures.norms import trained
from gradstep.tui.text.cells import FULL, cell
from gradstep.tui.text.drawing import Drawing, Pieces, drawn, placed
from gradstep.tui.text.folding import ended
from gradstep.tui.text.heat_cells import heat_scale
from gradstep.tui.text.shades import nonfinite_legend
from gradstep.tui.words import pictures as words

NAMED = 40  # rows or columns that are called by their names
LABELLED = 256  # elements with labels
MOST = 12  # maps in one picture
MAPPED = 64  # elements from which on weights are too many for the edges of a net
NOTE_FROM = 7  # lines of a picture that has one for its scale and the picked element

STEP, PARAMETERS, GRADIENTS, CHANGES, WEIGHTS = "step", "parameters", "gradients", "changes", "weights"
SHARED = (PARAMETERS, GRADIENTS, CHANGES)  # sheets whose maps have one scale
TITLES = {
    STEP: words.HEAT_OF_STEP,
    PARAMETERS: words.HEAT_OF_PARAMETERS,
    GRADIENTS: words.HEAT_OF_GRADIENTS,
    CHANGES: words.HEAT_OF_CHANGES,
}


@dataclass(frozen=True)
class Sheet:
    """Arrays that stand beside one another. part: of several sheets of a kind, from 0."""

    kind: str
    symbols: tuple[str, ...]
    part: int = 0


def sheets(program: Program) -> tuple[Sheet, ...]:
    """All there are, the step's own first, each array by itself last; the same at every step."""
    parameters = [name for name, symbol in program.symbols.items() if symbol.role is Role.PARAMETER]
    gradients = [found for name in parameters if (found := program.gradient_of(name)) is not None]
    kinds = ((PARAMETERS, parameters), (GRADIENTS, gradients), (CHANGES, trained(program)))
    several = (
        Sheet(kind, tuple(names[begin : begin + MOST]), begin // MOST)
        for kind, names in kinds
        for begin in range(0, len(names), MOST)
    )
    return (Sheet(STEP, ()), *several, *(Sheet("", (name,)) for name in program.symbols))


def weights(program: Program) -> Sheet:
    """The weights of which there are too many for the edges of a net, each beside its gradient."""
    large = [
        name
        for name, symbol in program.symbols.items()
        if symbol.role is Role.PARAMETER and len(symbol.shape) == 2 and int(np.prod(symbol.shape)) >= MAPPED
    ]
    pairs = ((name, program.gradient_of(name)) for name in large)
    return Sheet(WEIGHTS, tuple(each for pair in pairs for each in pair if each is not None))


def sheet_title(sheet: Sheet, view: View) -> str:
    """What a sheet shows."""
    return TITLES[sheet.kind] if sheet.kind else view.notation.symbol(sheet.symbols[0])


def heat_maps(moment: Moment, view: View, width: int, height: int, which: int = 0) -> Drawing:
    """One of the sheets, counted round, in exactly width × height cells."""
    known = sheets(moment.program)
    return sheet_drawing(moment, view, known[which % len(known)], width, height)


def sheet_drawing(moment: Moment, view: View, sheet: Sheet, width: int, height: int) -> Drawing:
    """The maps of a sheet side by side, in exactly width × height cells."""
    maps = _maps(moment, view, sheet)
    if not maps:
        return drawn([[(words.NO_STEP, "quiet")]], width, height)
    shared = sheet.kind in SHARED and len(maps) > 1
    largest = largest_of(maps) if shared else None
    look = Look(view.plain, view.notation.ascii, largest)
    notes = min(2, max(0, height - NOTE_FROM + 1))
    areas = arranged([wanted(map, own_scale=not shared) for map in maps], width, height - notes)
    if not areas:
        return tile(maps[0], width, height, look)
    parts = [(area.x, area.y, tile(map, area.width, area.height, look)) for map, area in zip(maps, areas, strict=False)]
    if notes:
        left_out = len(maps) - len(areas)
        lines = [_note(maps, largest, left_out, width, look), _picked(moment, view, maps, width)]
        parts.append((0, height - notes, drawn(lines[2 - notes :] if notes < 2 else lines, width, notes)))
    return placed(width, height, parts)


def heat_maps_text(moment: Moment, view: View, which: int = 0) -> tuple[str, ...]:
    """The arrays of one of the sheets in words, one after the other."""
    known = sheets(moment.program)
    return sheet_text(moment, view, known[which % len(known)])


def sheet_text(moment: Moment, view: View, sheet: Sheet) -> tuple[str, ...]:
    """The arrays of a sheet in words, one after the other."""
    lines: list[str] = []
    for map in _maps(moment, view, sheet):
        lines.append(map.title)
        if map.values is None:
            lines.append(words.NOT_YET.format(symbol=map.title))
        elif map.values.size == 0:
            lines.append(words.NO_ELEMENTS)
        else:
            lines += (f"  {line}" for line in heat_text(map.values, view.notation, _naming(view, map)))
    return tuple(lines) or (words.NO_STEP,)


def _naming(view: View, map: HeatMap) -> Naming:
    """The names of a map's elements."""
    if map.symbol:
        return lambda index: view.notation.element(Element(map.symbol, index))
    return lambda index: f"({map.title}){subscript(index)}"


def _note(maps: Sequence[HeatMap], largest: float | None, left_out: int, width: int, look: Look) -> Pieces:
    """Whether the maps have one scale, how many there was no room for, and the signs of what is not finite."""
    odd = {sign for map in maps if map.values is not None for sign in nonfinite_legend(map.values).split("  ") if sign}
    more = "".join(f"  {each}" for each in (*((words.MORE_MAPS(left_out),) if left_out else ()), *sorted(odd)))
    if largest is None:
        own = words.OWN_SCALES if len(maps) > 1 else words.STRONGEST
        return ((ended(own, width - len(more), ascii=look.ascii), "quiet"), (more, "text"))
    said = f"{words.ONE_SCALE}  "
    room = width - len(said) - len(more)
    bar = heat_scale(largest, room, look.plain, look.ascii) if room >= 12 else ()
    return ((said, "quiet"), *(bar or ((words.ALL_ZERO, "quiet"),)), (more, "text"))


def _picked(moment: Moment, view: View, maps: Sequence[HeatMap], width: int) -> Pieces:
    """The picked element in full, where one of the maps has it."""
    if view.picked is None:
        return ()
    symbol, index = view.picked
    values = moment.values.get(symbol)
    if values is None or all(map.symbol != symbol for map in maps):
        return ()
    name, value = view.notation.element(Element(symbol, index)), cell(float(values[index]), FULL).strip()
    text = f" {name} = {value} "
    return ((text, "bold text on chosen"),) if len(text) <= width else ()


def _maps(moment: Moment, view: View, sheet: Sheet) -> list[HeatMap]:
    """The maps of a sheet."""
    step = moment.step
    if sheet.kind == STEP:
        names = () if step is None else dict.fromkeys((*step.read, step.symbol))
        return [_map(moment, view, name) for name in names]
    if sheet.kind == CHANGES:
        return [_change(moment, view, name) for name in sheet.symbols]
    return [_map(moment, view, name) for name in sheet.symbols]


def _map(moment: Moment, view: View, name: str) -> HeatMap:
    """A symbol's."""
    shape = moment.program.symbols[name].shape
    picked = view.picked[1] if view.picked is not None and view.picked[0] == name else None
    title = view.notation.symbol(name)
    rows, columns = _names(moment, view, name)
    labels = _labels(moment, view, name)
    if len(labels) == 1 and tuple(labels[0]) == tuple(columns):
        labels = ()  # the headings say the same
    is_data = moment.program.symbols[name].role in (Role.INPUT, Role.TARGET)
    values, lit = moment.values.get(name), _lit(moment, name)
    return HeatMap(title, shape, values, rows, columns, labels, lit, picked, name, is_data)


def _change(moment: Moment, view: View, name: str) -> HeatMap:
    """By how much an update changes a parameter."""
    becomes = moment.program.carried[name]
    title = words.CHANGE.format(after=view.notation.symbol(becomes), before=view.notation.symbol(name))
    before, after = moment.values.get(name), moment.values.get(becomes)
    with np.errstate(all="ignore"):
        values: Array | None = None if before is None or after is None else after - before
    rows, columns = _names(moment, view, name)
    shape, labels = moment.program.symbols[name].shape, _labels(moment, view, name)
    return HeatMap(view.notation.sign(title), shape, values, rows, columns, labels, _lit(moment, becomes))


def _lit(moment: Moment, name: str) -> str:
    """What the step does with a symbol."""
    step = moment.step
    if step is None:
        return ""
    return str(step.phase) if step.symbol == name else READ if name in step.read else ""


def _names(moment: Moment, view: View, name: str) -> tuple[Sequence[str], Sequence[str]]:
    """The names of an array's rows and columns, which are units, where there are few; none where they are counted."""
    symbols, scenario = moment.program.symbols, moment.scenario
    of = symbols[name].of or name
    of = symbols[of].of or of
    shape = symbols[name].shape
    if not shape or max(shape) > NAMED or symbols[of].shape != shape:
        return (), ()
    for node in scenario.network.nodes:
        if of in node.inputs[1:] and len(symbols[node.name].shape) == 2:
            columns = unit_names(scenario, view.notation, node.name)
            if len(columns) != shape[-1]:
                continue
            before = symbols[node.inputs[0]].shape
            matching = len(shape) == 2 and len(before) == 2 and before[-1] == shape[0]
            return (unit_names(scenario, view.notation, node.inputs[0]) if matching else ()), columns
    known = {"x", "t", *(node.name for node in scenario.network.nodes)}
    return (), (unit_names(scenario, view.notation, of) if of in known and len(shape) == 2 else ())


def _labels(moment: Moment, view: View, name: str) -> Sequence[Sequence[str]]:
    """The labels of elements, by row and column; those of what belongs to a parameter are its own.

    The gradient of a value has none: a label is the name of the value.
    """
    symbol = moment.program.symbols[name]
    shape = symbol.shape
    names = view.notation.names.labels
    of = moment.program.symbols.get(symbol.of, symbol)
    source = name if names.get(name) or of.role is not Role.PARAMETER else symbol.of
    if not names.get(source) or not view.notation.own or int(np.prod(shape)) > LABELLED:
        return ()
    rows, columns = (1, 1, *shape)[-2:]
    return [
        [view.notation.label(source, _index(shape, row, column)) for column in range(columns)] for row in range(rows)
    ]


def _index(shape: tuple[int, ...], row: int, column: int) -> Index:
    return (row, column)[2 - len(shape) :] if shape else ()
