"""The tables of all layers: which form each has, which of them are seen where not all fit, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradstep.engine.program.operations.activations import identity
from gradstep.engine.program.program import Phase
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.layers.compare import Beside
from gradstep.tui.pages.layers.compare_panel import compared_panel
from gradstep.tui.pages.layers.fitting import layouts
from gradstep.tui.pages.layers.model import GRAPH, LOSS, MEASURED, PASSES, Box, boxes_of
from gradstep.tui.pages.layers.numbers import NumberTable
from gradstep.tui.pages.layers.paint import Paint
from gradstep.tui.pages.layers.setting import Setting, setting_of
from gradstep.tui.pages.layers.summary import SummaryTable, arrays_of, columns_for, of_part
from gradstep.tui.pages.layers.table import FRAME, Note, Table, parted
from gradstep.tui.pages.layers.tile_table import TileTable
from gradstep.tui.pages.layers.tiles import pages_of
from gradstep.tui.pages.view import View
from gradstep.tui.text.drawing import Panel
from gradstep.tui.words import layers as words

PART_OF_TABLE = 5  # lines in which a part of a table with its frame and headings is worth a look
FEWEST = 4  # lines of a table that are worth a look
LEAST = 9  # lines of the panels with their frames: a small layer


def layer_tables(
    moment: Moment, view: View, width: int, height: int, beside: Beside | None = None, *, joined: bool = False
) -> tuple[Panel, ...]:
    """The tables of the layers from top to bottom, at most `height` lines high with their frames.

    width: cells inside the frames. Where not all fit, those are seen that hold what was just written. beside: other
    values to compare with; then one table holds both and their difference. joined: the lower edge of each but the last
    is the upper one of the next, and takes no line of its own.
    """
    setting, paint = setting_of(moment.scenario, view, width, moment.edits), Paint(moment, view)
    part = PASSES[moment.step.phase] if moment.step else 0
    if beside is not None:
        return (compared_panel(setting, paint, boxes_of(moment.scenario), beside, part, height),)
    places = _fitting(setting, part, height, int(joined))
    return _shown(places, [place.table(setting, paint) for place in places], paint, width, height, int(joined))


def layer_heights(scenario: Scenario, view: View, width: int, *, joined: bool = False) -> tuple[int, int]:
    """The least and the best number of lines for all tables together, with their frames; joined: with shared edges."""
    setting = setting_of(scenario, view, width)
    places = [_place_of(setting, box, 0) for box in boxes_of(scenario) if box.key != MEASURED]
    best = _together([place.height for place in places], int(joined))
    return min(LEAST, max(place.height for place in places)), best


@dataclass(frozen=True, eq=False)
class _Place:
    """A box in its form. symbols: those that have a line, where a line is a matrix; None for a table of numbers.

    height: lines with the frame, the same in all parts of the iteration; least: those in which it can be read, in
    parts, with the highest array whole. tiled: whether its arrays stand side by side.
    """

    box: Box
    symbols: tuple[str, ...] | None
    height: int
    least: int
    tiled: bool = False

    def table(self, setting: Setting, paint: Paint) -> Table:
        title = title_of(setting, self.box)
        if self.tiled:
            table = TileTable(setting, self.box, paint, title, self.height - FRAME).table()
        elif self.symbols is None:
            table = NumberTable(layouts(setting)[self.box.key], paint, title).table()
        else:
            table = SummaryTable(setting, self.box, self.symbols, paint, title).table()
        return replace(table, brief=self.box.key, alone=_alone(setting, self.box))


def _alone(setting: Setting, box: Box) -> tuple[str, str]:
    """The title and the brief one of a layer that is seen without the others: which of how many it is."""
    layers = sum(bool(each.units) for each in boxes_of(setting.scenario))
    if not box.units or layers < 2:
        return "", ""
    which = words.LAYER.format(layer=box.key, count=layers)
    return title_of(setting, box, which), which


def _place_of(setting: Setting, box: Box, part: int | None) -> _Place:
    """part: of the iteration, whose lines are seen where a line is a matrix; None for all."""
    if box.key in layouts(setting):
        layout = layouts(setting)[box.key]
        tallest = max((block.lines for block in layout.blocks), default=0)
        return _Place(box, None, FRAME + 1 + layout.rows, FRAME + 1 + max(tallest, FEWEST))
    lines = arrays_of(setting, box)
    most = len(lines)
    if part is not None:
        found = {each: of_part(setting, box, each) for each in PASSES.values()}
        most = max(map(len, found.values())) or len(lines)
        lines = found[part] or lines[:most]
    others = FRAME + 1 + len(columns_for(setting, box).lines)
    return _Place(box, lines, others + most, others + min(most, FEWEST))


def _together(heights: Sequence[int], shared: int) -> int:
    """The lines of tables one above the other, of which each shares so many with the next."""
    return sum(heights) - shared * (len(heights) - 1)


def _fitting(setting: Setting, part: int, height: int, shared: int) -> list[_Place]:
    """All boxes with all their lines where they fit; otherwise, of large matrices, the lines of a part, and the arrays
    of a graph side by side.
    """
    boxes = boxes_of(setting.scenario)
    everything = [_place_of(setting, box, None) for box in boxes]
    graph = next((at for at, box in enumerate(boxes) if box.key == GRAPH), None)
    fit = _together([place.height for place in everything], shared) <= height
    if graph is None:
        return everything if fit else _of_part(setting, part, height, shared)
    layout = layouts(setting).get(GRAPH)
    if fit and (layout is None or layout.whole):
        return everything
    others = [place.height - shared for place in everything if place.box.key != GRAPH]
    room = height - sum(others)
    room = height if room < LEAST else room
    if not pages_of(setting, boxes[graph], room - FRAME):
        return _of_part(setting, part, height, shared)
    everything[graph] = _Place(boxes[graph], None, room, room, tiled=True)
    return everything


def _of_part(setting: Setting, part: int, height: int, shared: int) -> list[_Place]:
    """What is to be seen in a part of the iteration: where not all have room, what is measured while it is."""
    places = [_place_of(setting, box, part) for box in boxes_of(setting.scenario)]
    if part == PASSES[Phase.MEASURE] or _together([place.height for place in places], shared) <= height:
        return places
    return [place for place in places if place.box.key != MEASURED]


def title_of(setting: Setting, box: Box, which: str = "") -> str:
    """What stands in the frame of a box. which: of how many it is one, where that is to be said."""
    if not box.units:
        return {MEASURED: words.MEASURED, LOSS: words.LOSS}.get(box.key, words.VALUES)
    network = setting.scenario.network
    kind = words.OUTPUT if box.last else words.HIDDEN
    if box.key not in layouts(setting):
        count = setting.program.symbols[box.units].shape[-1]
        nodes = (node.operation for node in network.nodes if node.layer == box.key)
        activation = next((each for each in nodes if each.derivative is not None), identity)
        name = words.KINDS.get(activation.name, activation.name)
        kind = words.OUTPUTS(count) if box.last else words.UNITS(count, kind=name)
    return parted(words.OF_LAYER.format(layer=which or box.key, kind=kind), setting.notation)


def _shown(
    places: Sequence[_Place], tables: Sequence[Table], paint: Paint, width: int, height: int, shared: int
) -> tuple[Panel, ...]:
    """All tables, each in lines that are always the same, where each has room for its least; otherwise the page of
    them that holds what was just written, each as high as it is, and in the lines that are left as much as they can of
    the next table, or of the one before the last page.
    """
    rooms = _rooms(places, height, shared)
    pages = [range(len(tables))] if rooms else _pages([place.height for place in places], height, shared)
    picked = paint.view.picked
    index = picked[1] if picked and picked[0] == paint.written else None
    rows = [table.place(paint.written, index) for table in tables]
    written = next((at for at, row in enumerate(rows) if row is not None), 0)
    page = next(page for page in pages if written in page)
    cut = dict(enumerate(rooms))
    rest = height + shared - _together([places[at].height for at in page], shared)
    if rest >= PART_OF_TABLE and len(page) < len(tables):
        more = page.stop if page.stop < len(tables) else page.start - 1
        page = range(min(page.start, more), max(page.stop, more + 1))
        cut = {more: min(rest, places[more].height)}
    said = list[Note]()
    count = len(tables)
    if len(page) == 1 < count:
        at = page[0]
        title, brief = tables[at].alone
        tables = [*tables[:at], replace(tables[at], title=title or tables[at].title, brief=brief), *tables[at + 1 :]]
        if not title:
            which = words.TABLE.format(place=at + 1, count=count)
            said = [(which, which, f"{at + 1}/{count}")]
    elif len(page) < count:
        first, last = page[0] + 1, page[-1] + 1
        many = words.LAYERS.format(first=first, last=last, count=count)
        fewer = words.LAYERS_BRIEFLY.format(first=first, last=last, count=count)
        said = [(many, many, fewer)]
    panels = []
    for at in page:
        room = cut.get(at, min(height, places[at].height))
        panel = tables[at].panel(width, room, rows[at] or 0, said if at == page[0] else ())
        panels.append(
            replace(panel, aside=tuple((parted(text, paint.view.notation), key) for text, key in panel.aside))
        )
    return tuple(panels)


def _rooms(places: Sequence[_Place], height: int, shared: int) -> list[int]:
    """The lines of each table with its frame where all are seen, what is left over for the lowest; none where their
    least has no room.
    """
    rooms = [min(place.least, place.height) for place in places]
    rest = height - _together(rooms, shared)
    if rest < 0:
        return []
    for _ in range(rest):
        low = [at for at, place in enumerate(places) if rooms[at] < place.height]
        if not low:
            break
        rooms[min(low, key=lambda at: rooms[at])] += 1
    return rooms


def _pages(heights: Sequence[int], height: int, shared: int) -> list[range]:
    """The tables in pages, from the first on; one that is higher than the room has a page of its own."""
    pages: list[range] = []
    used = 0
    for at, lines in enumerate(heights):
        if pages and used + lines - shared <= height:
            pages[-1] = range(pages[-1].start, at + 1)
            used += lines - shared
        else:
            pages.append(range(at, at + 1))
            used = lines
    return pages
