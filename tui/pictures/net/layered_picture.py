"""The drawing of a layered network: how much of it fits, the boxes side by side, and the lines between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from gradstep.engine.program.program import Phase
from gradstep.tui.pictures.net.canvas import Canvas
from gradstep.tui.pictures.net.layered import FEWEST_SHORTENED, MOST_SHORTENED, Layer, layers_of
from gradstep.tui.pictures.net.layered_columns import BIAS_SIGN, DETAILS, Column, Detail, Entry
from gradstep.tui.pictures.net.legend import Drawing, layered_legend, marks_legend, moment_legend
from gradstep.tui.pictures.net.scene import Scene
from gradstep.tui.pictures.net.wiring import Routes, find_routes, nearest_first
from gradstep.tui.pictures.net.writing import mark
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import net as words

_LINES_OF_UNIT = 3  # that its box takes at least


def draw_layers(scene: Scene, width: int, room: int) -> Drawing:
    """The net in so many cells and, if it can be, lines."""
    shown = max(FEWEST_SHORTENED, min(MOST_SHORTENED, (room - 1) // _LINES_OF_UNIT))
    layers = layers_of(scene, shown)
    columns = _fitting(scene, layers, width, room)
    first, last = columns[0].layer.title, columns[-1].layer.title
    note = words.SHOWN_LAYERS.format(first=first, last=last) if len(columns) < len(layers) else ""
    canvas = Canvas(scene.notation.ascii)
    _draw_columns(canvas, columns)
    drawn = [name for column in columns[1:] for name in column.layer.parameters]
    return Drawing(canvas, (*layered_legend(scene, columns), *marks_legend(canvas), *moment_legend(scene, drawn)), note)


def _fitting(scene: Scene, layers: Sequence[Layer], width: int, room: int) -> list[Column]:
    """As much detail as the width allows; as a last resort only the layers around the step, however wide they are."""
    columns: list[Column] = []
    for part in _parts(layers, _focus(scene, layers)):
        for detail in DETAILS:
            columns = _columns(part, scene.notation, detail, room)
            if sum(column.gap + column.width for column in columns) <= width:
                return columns
    return columns


def _columns(layers: Sequence[Layer], notation: Notation, detail: Detail, room: int) -> list[Column]:
    """Columns side by side: no lines come into the first."""
    first = Column(replace(layers[0], weights=()), notation, detail, 0, room)
    pairs = pairwise(layers)
    return [first, *(Column(layer, notation, detail, len(before.units), room) for before, layer in pairs)]


def _focus(scene: Scene, layers: Sequence[Layer]) -> int:
    """The place of the layer that the step works on."""
    step = scene.moment.step
    if step is None or step.phase is Phase.DRAW:
        return 1
    titles = [layer.title for layer in layers]
    return titles.index(step.layer) if step.layer in titles else 1


def _parts(layers: Sequence[Layer], focus: int) -> Iterator[Sequence[Layer]]:
    """All layers, then fewer and fewer of them, two at least, with the focus and the one before it."""
    count = len(layers)
    yield layers
    for size in range(count - 1, 1, -1):
        begin = min(max(0, focus - size // 2), count - size)
        yield layers[begin : begin + size]


def _draw_columns(canvas: Canvas, columns: Sequence[Column]) -> None:
    airy = max(column.height + 2 * (len(column.layer.units) - 1) for column in columns)
    total = max(min(columns[0].room, airy), *(column.height for column in columns))
    x = 0
    sources: list[range] = []
    for column in columns:
        tops = column.tops(total)
        _Gap(canvas, column, x, tuple(sources), tuple(column.entries(tops))).draw()
        x += column.gap
        for number, top in enumerate(tops):
            canvas.box(x, top, column.inside(number))
        if column.layer.left_out:
            canvas.text(x + 1, tops[-1] - 1, [(column.more, "dim")])
        x += column.width
        sources = [range(top, top + height) for top, height in zip(tops, column.heights, strict=True)]


@dataclass(frozen=True, eq=False)
class _Gap:
    """The cells from `x` on between the boxes before, which take the rows `sources`, and those of a column."""

    canvas: Canvas
    column: Column
    x: int
    sources: tuple[range, ...]
    entries: tuple[Entry, ...]

    @property
    def end(self) -> int:
        """The cell where the boxes begin."""
        return self.x + self.column.gap

    @property
    def label_start(self) -> int:
        """The cell where the lines with their labels begin: all tracks are before it."""
        return self.end - self.column.label_width

    @cached_property
    def routes(self) -> Routes:
        """Where the lines leave the boxes before, best from the middle, and their tracks."""
        candidates = [nearest_first(rows, rows[len(rows) // 2]) for rows in self.sources]
        taken = {entry.row: entry.weight.source for entry in self.entries if not entry.weight.is_bias}
        if self.column.is_crossed:
            routes = find_routes(candidates, {}, frozenset(taken))
        else:
            routes = find_routes(candidates, taken)
        return routes or Routes(tuple(rows[0] for rows in candidates), tuple(range(len(candidates))))

    def track(self, source: int) -> int:
        """The cell of a source's track."""
        return self.x + self.column.first_track + self.column.pitch * self.routes.tracks[source]

    def draw(self) -> None:
        """The lines from the boxes before to the tracks, the tracks, and the lines from there with their labels."""
        for source, row in enumerate(self.routes.exits):
            self.canvas.horizontal(row, self.x, self.track(source))
            exits = {entry.row for entry in self.entries if entry.weight.source == source}
            self.canvas.track(self.track(source), row, exits, joined=not self.column.is_crossed)
        for entry in self.entries:
            if entry.weight.is_bias:
                self._draw_bias(entry)
            elif self.column.is_crossed:
                self._draw_crossing(entry)
            else:
                self._draw_wire(entry)

    def _draw_wire(self, entry: Entry) -> None:
        """From its track past the others to the box, with its label just before it."""
        start = self.track(entry.weight.source) + 1
        if not entry.label:
            self._draw_line(entry, start, "dim")
            return
        shown = self._draw_line(entry, start, _line_style(entry))
        self.canvas.text(self.label_start + 1, entry.row, [shown, *entry.label])

    def _draw_bias(self, entry: Entry) -> None:
        """A node of its own, which is always 1, and the line from there."""
        if not entry.label:
            return
        shown = self._draw_line(entry, self.label_start, _line_style(entry))
        self.canvas.text(self.label_start, entry.row, [(BIAS_SIGN, "heading"), shown, *entry.label])

    def _draw_line(self, entry: Entry, start: int, key: str) -> Piece:
        """A line to the box; what stands before a label on it is its mark, or else a cell of the line."""
        self.canvas.horizontal(entry.row, start, self.end, entry.strength, key)
        return mark(entry.lit, self.column.notation, (self.canvas.line_sign(entry.strength), key))

    def _draw_crossing(self, entry: Entry) -> None:
        """The weight where its source's track is crossed: its sign, and after it how large it is."""
        at = self.track(entry.weight.source)
        self.canvas.horizontal(entry.row, at + 1, self.end)
        self.canvas.text(at, entry.row, [*entry.label, (self.canvas.line_sign(entry.strength), entry.style)])
        has_room = self.column.pitch > 2
        if has_room or (entry.lit and entry.weight.source == 0):
            self.canvas.text(at - 1, entry.row, [mark(entry.lit, self.column.notation)])


def _line_style(entry: Entry) -> str:
    if not entry.strength:
        return "dim"
    return "negative" if entry.style == "negative" else "positive"
