"""Where everything of a layered net stands: from shapes, names and the size of the area alone, never from numbers.

Each layer takes a form that its units have room in, each pair of layers wires or, where these are too many, an arrow.
From the least that says everything more is written as long as there is room: weights beside the terms on their wires,
more digits, longer names. Where not all layers fit across, those around the step at work do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from rich.cells import cell_len

from gradstep.tui.pages.view import AUTOMATIC
from gradstep.tui.pictures.net.boxes import (
    CELL,
    SIGN_MOST,
    USUAL,
    bias_width,
    is_airy,
    names_of,
    rows_in,
    rows_wanted,
    sign_width,
)
from gradstep.tui.pictures.net.flow import labels_of
from gradstep.tui.pictures.net.look import BRIEF, Look, brief
from gradstep.tui.pictures.net.places import FEW, Column, Form, Gap, Layout, Wires, routes_of, spread_inputs, tracks_of
from gradstep.tui.pictures.net.remembered import remembered
from gradstep.tui.pictures.net.structure import Layer, is_image
from gradstep.tui.pictures.net.updates import PAIR
from gradstep.tui.text.cells import NARROWEST, width_of

SOME = 20  # units of a layer that are drawn as cells with their numbers
MOST_READ = 4096  # numbers of the data that are looked through
NAME_MOST = 10  # cells of the name of a wire or an input
APART_MOST = 3  # lines between boxes
APART = 2  # cells between the columns of a list
ABREAST = 50  # cells of an area in which a list may have one column more
ARROW, ARROW_WITH_NORMS = 8, 14  # cells of an arrow between layers
NUMBER_MOST = 12  # cells of a number in a box where nobody asked for more
STRIP_LEAST, STRIP_TIGHT, STRIP_WIDE, STRIP_HEAD, CELL_MOST = 24, 14, 30, 5, 2
STRIP_TALL = 3  # lines of a cell of a strip where there is nothing else to show
STRIP_LINES = 3  # of a symbol, where all units stand side by side in no area
IMAGE_LEAST, IMAGE_SHARE = 14, 3  # cells of an image; one in so many of an area, where it grows
IMAGE_UNDER, PIXEL_MOST = 2, 8  # lines below an image, half lines of a pixel
SLOPE = 3  # cells of a gradient behind a bar
BAR_TIGHT, BAR_LEAST, BAR_MOST = 3, 4, 16
GAP_MORE = 16  # cells by which wires may be longer than they must


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────


def _parts_of(units: int, room: int) -> int:
    """Columns of a list of so many units under its heading."""
    return -(-units // max(1, room - 1))


def form_of(look: Look, layer: Layer, width: int, room: int) -> Form:
    """How a layer is drawn in an area of so many cells and lines for the whole net."""
    if layer.units <= FEW and not layer.W and layer.units <= room:
        return Form.INPUTS
    if is_image(look.moment.scenario, layer):
        return Form.IMAGE
    if layer.units <= FEW and CELL * layer.units <= room:
        return Form.BOXES
    abreast = 1 + (width >= ABREAST) + (width >= 2 * ABREAST)
    if layer.distribution and layer.units <= min(SOME, min(2, abreast) * room):
        return Form.BARS
    if layer.units <= SOME and _parts_of(layer.units, room) <= abreast:
        return Form.LIST
    return Form.STRIP


def _box_lines(layer: Layer, sources: int, room: int) -> int:
    """Lines of each box: one row a number where there is room, and as many as wires come in."""
    each = room // layer.units
    airy = 2 * rows_wanted(layer) - 1
    if each > airy:
        return max(airy, sources if sources <= each else 0)
    lines = min(rows_wanted(layer), max(CELL, each))
    return sources if lines < sources <= each else lines


def _tops(units: int, lines: int, room: int) -> tuple[int, ...]:
    """The first lines of boxes below one another, in the middle of the room."""
    apart = min(APART_MOST, (room - units * lines) // (units - 1)) if units > 1 else 0
    start = (room - units * lines - apart * (units - 1)) // 2
    return tuple(start + unit * (lines + apart) for unit in range(units))


def _column(look: Look, layers: Sequence[Layer], place: int, area: tuple[int, int], first: int) -> Column:
    (width, room), layer = area, layers[place]
    form = form_of(look, layer, width, room)
    column = Column(place, form, layer.units)
    if form is Form.BOXES:
        sources = layers[place - 1].units if place > first else 0
        lines = _box_lines(layer, sources if sources <= FEW else 0, room)
        out = min(len(layer.values), lines - 2) if rows_in(layer, lines) > 2 else 1
        out = 0 if lines == CELL else 2 * out if is_airy(layer, lines) else out
        return replace(column, lines=lines, tops=_tops(layer.units, lines, room), out=out)
    if form is Form.INPUTS:
        return replace(column, tops=_tops(layer.units, 1, room))
    if form is Form.LIST:
        return replace(column, parts=_parts_of(layer.units, room))
    if form is Form.BARS:
        return replace(column, parts=-(-layer.units // room))
    if form is Form.STRIP:
        return replace(column, lines=max(1, min(STRIP_LINES, (room - 2) // 2)))
    return column


def _with_footer(look: Look, layers: Sequence[Layer], width: int, height: int) -> bool:
    """Whether a line below the net costs it nothing."""
    for place, layer in enumerate(layers):
        forms = form_of(look, layer, width, height), form_of(look, layer, width, height - 1)
        if forms[0] is not forms[1]:
            return False
        if forms[0] is Form.BOXES:
            sources = layers[place - 1].units if place and layers[place - 1].units <= FEW else 0
            with_it, without = (_box_lines(layer, sources, room) for room in (height - 1, height))
            if with_it < min(without, max(USUAL, sources)) or (sources > with_it and sources <= without):
                return False
        if forms[0] in (Form.LIST, Form.BARS) and _parts_of(layer.units, height) != _parts_of(layer.units, height - 1):
            return False
    return height >= 7


# ── widths ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Plan:
    """How much is written; more of it as long as there is room."""

    number: int
    pad: int = 0
    signs: int = SIGN_MOST
    names: int = NAME_MOST
    wires: Mapping[int, Wires] = field(default_factory=dict)  # by the place of the layer after
    slot: int = BRIEF
    weight: int = BRIEF
    pitch: int = 1
    norms: bool = False
    pairs: bool = False  # room for old→new on wires with one number
    gradients: bool = False  # whole names of gradients in boxes
    biases: bool = False  # and of biases
    places: frozenset[int] = frozenset()  # of the layers whose wires without labels have their place for a name
    strips: bool = False  # a cell for each unit
    tight: bool = False


# From the roomiest to the narrowest that has a number on each wire: whole names are worth more than digits.
WITH_NUMBERS = (
    _Plan(NARROWEST, names=6),
    _Plan(BRIEF, names=6),
    _Plan(NARROWEST, names=6, signs=4),
    _Plan(NARROWEST, names=6, signs=3),
    _Plan(BRIEF, names=5, signs=1, tight=True),
)


def _labels_width(look: Look, layer: Layer, *, places: bool) -> int:
    labels = labels_of(look, layer, places=places)
    return max(cell_len(label) for row in labels for label in row)


def _column_width(look: Look, layer: Layer, column: Column, plan: _Plan) -> Column:
    names = names_of(look, layer)
    match column.form:
        case Form.INPUTS:
            wide = min(plan.names, max(map(cell_len, input_names(look, layer, names))))
            number, signed = (plan.weight, True) if plan.weight > BRIEF else _input_cells(look, layer)
            gap = number < BRIEF
            return replace(column, names=wide, number=number, signed=signed, width=wide + 1 + number + gap)
        case Form.BOXES:
            signs = min(plan.signs, sign_width(look, layer, column.lines, plan.signs, gradients=plan.gradients))
            if plan.biases and layer.b:
                signs = max(signs, bias_width(look, layer) - plan.number - plan.pad - 3)
            if column.lines == CELL:
                wide = min(plan.names, max(map(cell_len, names)))
                return replace(column, signs=signs, width=wide + 1 + signs + 1 + plan.number)
            return replace(column, signs=signs, width=2 + signs + 1 + plan.number + plan.pad)
        case Form.LIST:
            wide = max(map(cell_len, names))
            each = wide + (2 + BRIEF) * (2 if layer.gradients else 1)
            return replace(column, names=wide, width=column.parts * (each + APART) - APART)
        case Form.BARS:
            wide = max(map(cell_len, names))
            each = wide + 1 + BRIEF + (BAR_TIGHT if plan.tight else BAR_LEAST + SLOPE)
            wide_all = column.parts * (each + APART) - APART
            return replace(column, names=wide, width=wide_all, slopes=not plan.tight)
        case Form.IMAGE:
            _, columns = look.moment.scenario.image or (1, 1)
            return replace(column, width=columns if plan.tight else max(columns, IMAGE_LEAST))
    wide = min(STRIP_WIDE, STRIP_HEAD - (-column.units // column.lines))
    whole = STRIP_HEAD + column.units if plan.strips else wide
    return replace(column, width=max(STRIP_TIGHT if plan.tight else STRIP_LEAST, whole))


def _input_cells(look: Look, layer: Layer) -> tuple[int, bool]:
    """Cells of the numbers of few inputs, few where all of the data are short, and whether one of these has a minus."""
    data = look.moment.scenario.dataset
    if data is None or data.x.size > MOST_READ or layer.out != "x":
        return BRIEF, True
    return remembered(look, ("inputs",), lambda: _longest(data.x.ravel().tolist()))


def _longest(values: Sequence[float]) -> tuple[int, bool]:
    texts = [brief(value, BRIEF).strip() for value in values]
    signed = any(text.startswith("-") for text in texts)
    longest = max(len(text.removeprefix("-")) for text in texts)
    return min(BRIEF, signed + longest), signed


def input_names(look: Look, layer: Layer, names: Sequence[str]) -> list[str]:
    """The names of the inputs: their labels, or the symbol and the place."""
    given = look.notation.label(layer.out, look.index(layer.out, 0)) or not names[0].isdecimal()
    return list(names) if given else [f"{look.name(layer.out)}[{name}]" for name in names]


def _gap(look: Look, layers: Sequence[Layer], before: Column, column: Column, plan: _Plan) -> Gap:
    layer = layers[column.place]
    drawn_wires = before.form in (Form.INPUTS, Form.BOXES) and column.form is Form.BOXES
    wires = plan.wires.get(column.place, Wires.SLOT)
    if not drawn_wires or wires is Wires.ARROW or routes_of(before, column) is None:
        width = ARROW_WITH_NORMS if plan.norms else ARROW
        return Gap(Wires.ARROW, before.units, width=width)
    tracks = tracks_of(before.units, plan.pitch)
    if wires is Wires.BARE:
        return Gap(wires, before.units, pitch=plan.pitch, width=tracks + 2)
    places = column.place in plan.places
    names = min(plan.names, _labels_width(look, layer, places=places))
    slot = max(plan.slot, PAIR) if plan.pairs and wires is Wires.SLOT else plan.slot
    behind = 1 + slot
    ahead = 1 + plan.weight if wires is Wires.FULL else 0
    joint = 1 if before.units > 1 else 0
    wide = tracks + names + ahead + behind + joint + 1
    return Gap(wires, before.units, names, slot, plan.weight, plan.pitch, wide, places)


def _made(
    look: Look, layers: Sequence[Layer], columns: Sequence[Column], plan: _Plan, size: tuple[int, int], footer: bool
) -> Layout:
    wide = [_column_width(look, layers[column.place], column, plan) for column in columns]
    gaps = [_gap(look, layers, before, column, plan) for before, column in pairwise(wide)]
    paired = all(gap.numbers >= PAIR for gap in gaps if gap.wires in (Wires.SLOT, Wires.FULL))
    gaps = [replace(gap, paired=paired) for gap in gaps]
    return Layout(tuple(wide), tuple(gaps), *size, plan.number, plan.pad, footer)


def layout_of(look: Look, layers: Sequence[Layer], first: int, count: int, width: int, height: int) -> Layout:
    """The layers from `first` on, as much of them as there is room for."""
    footer = _with_footer(look, layers, width, height)
    room = height - (1 if footer else 0)
    columns = [_column(look, layers, place, (width, room), first) for place in range(first, first + count)]
    columns = _aligned(columns)

    def made(plan: _Plan) -> Layout:
        return _made(look, layers, columns, plan, (width, height), footer)

    places = [column.place for column in columns[1:]]
    plan = next(
        (plan for plan in _least(look, places) if made(plan).used <= width), _Plan(BRIEF, signs=1, names=2, tight=True)
    )
    strips = any(column.form is Form.STRIP for column in columns)
    for more in _more(look, places, strips=strips):
        if made(more(plan)).used <= width:
            plan = more(plan)
    return _spread(look, layers, made(plan))


def fits(look: Look, layers: Sequence[Layer], first: int, count: int, width: int, height: int) -> bool:
    """Whether these layers have room side by side with a number on each wire."""
    footer = _with_footer(look, layers, width, height)
    room = height - (1 if footer else 0)
    columns = _aligned([_column(look, layers, place, (width, room), first) for place in range(first, first + count)])
    return any(_made(look, layers, columns, plan, (width, height), footer).used <= width for plan in WITH_NUMBERS)


def _aligned(columns: Sequence[Column]) -> list[Column]:
    """Inputs on the lines where their wires go straight on."""
    aligned = list(columns)
    if len(columns) > 1 and columns[0].form is Form.INPUTS and columns[1].form is Form.BOXES:
        found = routes_of(spread_inputs(columns[0], columns[1]), columns[1])
        if found is not None:
            aligned[0] = replace(columns[0], tops=found[0].exits)
        else:
            aligned[0] = spread_inputs(columns[0], columns[1])
    return aligned


def _least(look: Look, places: Sequence[int]) -> list[_Plan]:
    """Plans from what is asked for, and two numbers with a name on each wire, down to the least: the shapes alone."""
    asked = look.view.digits
    wanted = [width_of(asked)] if asked != AUTOMATIC else []
    plans = [_Plan(number, names=6, signs=4) for number in wanted]
    bare = dict.fromkeys(places, Wires.BARE)
    arrows = dict.fromkeys(places, Wires.ARROW)
    for wires in (bare, arrows):
        plans += [replace(plan, wires=wires) for plan in WITH_NUMBERS]
    rich = [
        replace(plan, wires=dict.fromkeys(places[less:], Wires.FULL), pairs=True)
        for less in range(len(places) + 1)
        for plan in WITH_NUMBERS[:2]
    ] + [*WITH_NUMBERS[:2]]
    named = [each for plan in rich for each in (replace(plan, places=frozenset(places)), plan)]
    return [*plans[: len(wanted)], *named, *WITH_NUMBERS, *plans[len(wanted) :]]


def _more(look: Look, places: Sequence[int], *, strips: bool) -> Iterator[Callable[[_Plan], _Plan]]:
    """What is written more, one after the other."""
    yield lambda plan: replace(plan, tight=False)
    yield lambda plan: replace(plan, names=max(plan.names, NAME_MOST))
    yield lambda plan: replace(plan, pairs=True)
    for place in reversed(places):
        yield lambda plan, place=place: replace(plan, wires={**plan.wires, place: Wires.FULL})  # type: ignore[misc]
    yield lambda plan: replace(plan, signs=SIGN_MOST)
    yield lambda plan: replace(plan, gradients=True)
    yield lambda plan: replace(plan, biases=True)
    yield lambda plan: replace(plan, pitch=2)
    for place in reversed(places):
        yield lambda plan, place=place: replace(plan, places=plan.places | {place})  # type: ignore[misc]
    yield lambda plan: replace(plan, strips=True)
    yield lambda plan: replace(plan, norms=plan.strips or not strips)
    if look.view.digits == AUTOMATIC:
        for number in range(BRIEF + 1, NUMBER_MOST + 1):
            yield lambda plan, number=number: replace(plan, number=max(plan.number, number))  # type: ignore[misc]
            yield lambda plan, number=number: replace(plan, slot=number)  # type: ignore[misc]
            yield lambda plan, number=number: replace(plan, weight=number)  # type: ignore[misc]
    yield lambda plan: replace(plan, pad=1)


def pixel_size(shape: tuple[int, ...], width: int, room: int) -> int:
    """The cells of a pixel, which are as many as its half lines, so that pixels are squares, all of them alike."""
    rows, columns = shape[0], math.prod(shape[1:])
    return max(1, min(PIXEL_MOST, width // columns, 2 * (room - IMAGE_UNDER) // rows))


def _spread(look: Look, layers: Sequence[Layer], layout: Layout) -> Layout:
    """The cells that are left: strips and bars take what they can use, the wires some of the others."""
    left = layout.width - layout.used
    columns = list(layout.columns)
    strips = sum(max(0, STRIP_WIDE - column.width) for column in columns if column.form is Form.STRIP)
    for place, column in enumerate(columns):
        if column.form is Form.IMAGE:
            shape = look.moment.scenario.image or (1, 1)
            most = min(column.width + max(0, left - strips), layout.width // IMAGE_SHARE)
            grown = max(column.width, math.prod(shape[1:]) * pixel_size(shape, most, layout.room))
            columns[place] = replace(column, width=grown)
            left -= grown - column.width
    for place, column in enumerate(columns):
        more = 0
        if column.form is Form.STRIP:
            wide = (STRIP_HEAD + column.units * cell - column.width for cell in range(CELL_MOST, 0, -1))
            more = next((max(0, cells) for cells in wide if cells <= left), left)
        elif column.form is Form.BARS:
            more = min(left, (BAR_MOST - BAR_LEAST) * column.parts) // column.parts * column.parts
        columns[place] = replace(column, width=column.width + more)
        left -= more
    gaps = list(layout.gaps)
    for place, gap in enumerate(gaps):
        more = min(GAP_MORE, left // (len(gaps) - place))
        gaps[place] = replace(gap, width=gap.width + more)
        left -= more
    return replace(layout, columns=tuple(columns), gaps=tuple(gaps))
