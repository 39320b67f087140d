"""What a network with two inputs has learned: its output over the plane of its inputs, as characters.

The forward pass runs on the rows of a grid with the parameters at the cursor; the data lie on top. One output is drawn
by levels, several of a classification by the class that wins.
"""

from __future__ import annotations

import math
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rich.cells import cell_len

from engine import ops
from engine.expression import Shape
from engine.operation import Array, ShapeError
from engine.program import Program
from engine.timeline import Moment
from tui.grid import Piece, crop
from tui.heat import clipped, folded, nonfinite_legend, nonfinite_sign, padded, ramps
from tui.numbers import number_format, short
from tui.widgets.sheet import Line
from tui.wording import Wording

INPUTS = 2
MARGIN = 0.1  # of the data's range, on each side
MOST_POINTS = 100  # rows of the batch, and as many others
COARSE = 5  # rows and columns of the table
MOST_READ = 8  # rows of the batch in the text
SURE = 0.75  # a class of less probability is drawn thinly
NARROW = 1e-9  # of its values: a range that is none
CLASS_SIGNS = string.digits + string.ascii_letters

CLASSES, SIDES, LEVELS = "classes", "sides", "levels"
HALF = 0.5


# ── the network on rows of our own ───────────────────────────────────────────────────────────────────────────


def parameters(moment: Moment) -> dict[str, Array]:
    """What the forward pass would start from at the cursor: updated where that has run."""
    values = moment.values
    return {name: values.get(becomes, values[name]) for name, becomes in moment.program.carried.items()}


def forward(moment: Moment, x: Array) -> dict[str, Array]:
    """The values of the forward pass for rows of x, as far as they are made of x and parameters alone."""
    known = {"x": x, **parameters(moment)}
    with np.errstate(all="ignore"):
        for step in moment.program.steps:
            if step.phase != "forward" or not all(name in known for name in step.operands):
                continue
            try:
                out = np.empty(step.operation.shape(*(known[name].shape for name in step.operands)))
            except ShapeError:
                continue
            step.operation.fill(out, *(known[name] for name in step.operands))
            known[step.symbol] = out
    return known


def _shapes(program: Program, rows: int) -> dict[str, Shape]:
    """The shapes of the same for so many rows of x."""
    known: dict[str, Shape] = {"x": (rows, INPUTS)} | {name: program.symbols[name].shape for name in program.carried}
    for step in program.steps:
        if step.phase == "forward" and all(name in known for name in step.operands):
            try:
                known[step.symbol] = step.operation.shape(*(known[name] for name in step.operands))
            except ShapeError:
                continue
    return known


def why_not(moment: Moment) -> str:
    """Why there is no picture; "" where there is one."""
    dataset, program = moment.scenario.dataset, moment.program
    if dataset is None:
        return "there are no data whose range could be drawn"
    if dataset.x.shape[1] != INPUTS:
        return f"a row of the data has {dataset.x.shape[1]:,} inputs; a plane needs exactly two"
    # A number of rows that no other array has: what still fits treats each row by itself.
    rows = 1 + max((size for symbol in program.symbols.values() for size in symbol.shape), default=0)
    shape = _shapes(program, rows).get(moment.scenario.network.output, ())
    if len(shape) != 2 or shape[0] != rows:
        return "the output is not made of the inputs row by row"
    if not np.isfinite(dataset.x).all(axis=1).any():
        return "no row of the data is finite"
    return "" if all(math.isfinite(2 * end) for ends in _ranges(moment) for end in ends) else "the data reach too far"


def outputs(moment: Moment) -> int:
    """How many pictures there are: one an output; of classes one for all."""
    if why_not(moment):
        return 0
    return 1 if _kind(moment) == CLASSES else int(moment.program.symbols[moment.scenario.network.output].shape[1])


def _kind(moment: Moment) -> str:
    """classes: several outputs, one of which is right; sides: one, whose targets are 0 and 1; otherwise levels."""
    dataset = moment.scenario.dataset
    assert dataset is not None, "there are data to draw"
    columns, t = moment.program.symbols[moment.scenario.network.output].shape[-1], dataset.t
    if _softmax(moment):
        return CLASSES
    if t.shape[1] != columns or not ((t == 0) | (t == 1)).all():
        return LEVELS
    if columns == 1:
        return SIDES
    return CLASSES if (t.sum(axis=1) == 1).all() else LEVELS


def _softmax(moment: Moment) -> str:
    """The symbol of the softmax that the loss makes of the output; "" where it does not."""
    of = (moment.scenario.network.output,)
    steps = (step for step in moment.program.steps if step.phase == "forward" and step.operands == of)
    return next((step.symbol for step in steps if step.operation is ops.softmax), "")


# ── the plane ────────────────────────────────────────────────────────────────────────────────────────────────


Range = tuple[float, float]


def _ranges(moment: Moment) -> tuple[Range, Range]:
    """What is drawn of each input: the range of the data, and of the batch, and a margin."""
    dataset = moment.scenario.dataset
    assert dataset is not None, "there are data to draw"
    ends: list[Range] = []
    for column in range(INPUTS):
        drawn = moment.values.get("x", dataset.x[:0])
        columns = [array[:, column][np.isfinite(array).all(axis=1)] for array in (dataset.x, drawn)]
        known = [array for array in columns if array.size]
        low, high = min(float(array.min()) for array in known), max(float(array.max()) for array in known)
        ends.append(_widened(low, high))
    return ends[0], ends[1]


def _widened(low: float, high: float) -> Range:
    """The range with its margin, its ends rounded outwards; a single value in the middle of a range of its size."""
    span = high - low
    if span <= NARROW * max(abs(low), abs(high)):
        return low - max(1.0, abs(low)), low + max(1.0, abs(low))
    low, high = low - MARGIN * span, high + MARGIN * span
    if not 1e-200 < span < 1e200:
        return low, high
    places = 1 - math.floor(math.log10(span))
    unit = 10.0**-places
    return round(math.floor(low / unit + NARROW) * unit, places), round(math.ceil(high / unit - NARROW) * unit, places)


@dataclass(frozen=True, eq=False)
class Plane:
    """The plane of both inputs, cut into rows × columns of cells, x1 upwards."""

    x0: Range
    x1: Range
    rows: int
    columns: int

    @cached_property
    def points(self) -> Array:
        """The middle of each cell, row by row from the top: an array of x."""
        across = self.x0[0] + (np.arange(self.columns) + 0.5) / self.columns * (self.x0[1] - self.x0[0])
        upwards = self.x1[1] - (np.arange(self.rows) + 0.5) / self.rows * (self.x1[1] - self.x1[0])
        grid: Array = np.empty((self.rows, self.columns, INPUTS))
        grid[:, :, 0], grid[:, :, 1] = across, upwards[:, np.newaxis]
        return grid.reshape(-1, INPUTS)

    def cell(self, x0: float, x1: float) -> tuple[int, int]:
        """Row and column of the cell that a point lies in, or is nearest to."""
        row = math.floor((self.x1[1] - x1) / (self.x1[1] - self.x1[0]) * self.rows)
        column = math.floor((x0 - self.x0[0]) / (self.x0[1] - self.x0[0]) * self.columns)
        return min(max(0, row), self.rows - 1), min(max(0, column), self.columns - 1)


@dataclass(frozen=True, eq=False)
class Surface:
    """What is drawn. values: of one output, or the number of the class (NaN for none), by row of x.

    sure: the probability of that class, where there is a softmax.
    """

    kind: str
    values: Array
    sure: Array | None = None


def surface_at(moment: Moment, x: Array, output: int = 0) -> Surface:
    """The surface at rows of x; outputs are counted round."""
    known, kind, softmax = forward(moment, x), _kind(moment), _softmax(moment)
    made = known[moment.scenario.network.output]
    if kind != CLASSES:
        return Surface(kind, made[:, output % made.shape[1]])
    classes = np.where(np.isnan(made).any(axis=1), np.nan, made.argmax(axis=1))
    return Surface(kind, classes, known[softmax].max(axis=1) if softmax else None)


# ── levels ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Levels:
    """Characters for numbers: the sign at a place is that of the numbers between its edge and the next."""

    edges: tuple[float, ...]
    signs: tuple[Piece, ...]
    centre: float | None = None

    def sign(self, value: float) -> Piece:
        """The character of a number and its style."""
        if not math.isfinite(value):
            return nonfinite_sign(value)
        return self.signs[int(np.searchsorted(self.edges[1:-1], value, side="right"))]

    def scale(self, width: int) -> list[Piece]:
        """The signs between their edges, with as many of these as there is room for."""
        if not self.signs:
            return []
        if self.edges[0] == self.edges[-1]:
            return [self.signs[0], (f" {short(self.edges[0], 6)} everywhere", "dim")]
        last = len(self.edges) - 1
        some = {0, last, *(place for place, edge in enumerate(self.edges) if edge == self.centre)}
        for shown in (set(range(last + 1)), some, {0, last}, set[int]()):
            pieces = self._scale(shown)
            if sum(cell_len(text) for text, _ in pieces) <= width:
                break
        return pieces

    def _scale(self, shown: set[int]) -> list[Piece]:
        largest, span = max(map(abs, self.edges)), self.edges[-1] / 2 - self.edges[0] / 2
        digits = 3 + max(0, math.floor(math.log10(largest / span)))  # as many as tell two edges apart
        pieces: list[Piece] = []
        for place, edge in enumerate(self.edges):
            if place in shown:
                pieces.append((f"{' ' if place else ''}{edge:+.{digits}g} ", "dim"))
            if place < len(self.signs):
                character, key = self.signs[place]
                pieces.append((character * 3, key))
        return pieces


def levels_of(values: Array, centre: float | None, *, ascii: bool) -> Levels:
    """Levels for these values: around the centre; around 0 where there are both signs; from the lowest otherwise."""
    finite = values[np.isfinite(values)]
    positive, negative = ramps(ascii)
    if not finite.size:
        return Levels((), ())
    low, high = float(finite.min()), float(finite.max())
    if high / 2 - low / 2 <= 1e-12 * max(abs(low), abs(high)):
        below = low < (centre or 0.0)
        return Levels((low, low), ((negative[2], "negative") if below else (positive[2], "positive"),), centre)
    if centre is not None or low < 0 < high:
        return _around(low, high, centre or 0.0, positive, negative)
    shades = [(sign, "positive") for sign in positive[1:]]
    if high <= 0:
        shades = [(sign, "negative") for sign in negative[:0:-1]]
    inner = (low + (high - low) * (place / len(shades)) for place in range(1, len(shades)))
    return Levels((low, *inner, high), tuple(shades))


def _around(low: float, high: float, centre: float, positive: str, negative: str) -> Levels:
    """A quarter of the farthest number's way to each side, as far as there are numbers."""
    steps = len(positive) - 1
    far = max(abs(low - centre), abs(high - centre))
    edges = [centre + far * (place / steps) for place in range(-steps, steps + 1)]
    signs = [(sign, "negative") for sign in negative[:0:-1]] + [(sign, "positive") for sign in positive[1:]]
    kept = [place for place in range(2 * steps) if edges[place] <= high and edges[place + 1] >= low]
    inner = edges[kept[0] + 1 : kept[-1] + 1]
    return Levels((low, *inner, high), tuple(signs[place] for place in kept), centre)


# ── the data on top ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Point:
    """A row of the data: its inputs, its class (0 where there are none), whether it is in the batch."""

    x0: float
    x1: float
    target: int
    batch: bool


def points_of(moment: Moment) -> tuple[Point, ...]:
    """Some rows of the data, the batch's first."""
    scenario, kind = moment.scenario, _kind(moment)
    assert scenario.dataset is not None, "there are data to draw"
    x, t, drawn = scenario.dataset.x, scenario.dataset.t, moment.values.get("x")
    found: list[Point] = []
    others = np.linspace(0, len(x) - 1, min(len(x), MOST_POINTS)).round().astype(np.int64)
    if drawn is not None:
        rows = scenario.draw.rows(moment.position.iteration) if scenario.draw else None
        others = others[:0] if rows is None else others[~np.isin(others, rows)]
        targets = moment.values.get("t", t if rows is None else t[rows])
        found += _points(drawn[:MOST_POINTS], targets, kind, batch=True)
    return (*found, *_points(x[others], t[others], kind, batch=False))


def _points(x: Array, t: Array, kind: str, *, batch: bool) -> list[Point]:
    return [
        Point(float(row[0]), float(row[1]), _target(target, kind), batch)
        for row, target in zip(x, t, strict=False)
        if np.isfinite(row).all()
    ]


def _target(row: Array, kind: str) -> int:
    if kind == LEVELS:
        return 0
    return int(row.argmax()) if kind == CLASSES else int(row[0] > HALF)


def _class_sign(number: int) -> str:
    return CLASS_SIGNS[number] if number < len(CLASS_SIGNS) else "*"


def _mark(target: int, kind: str, *, batch: bool, ascii: bool) -> str:
    """What a row of the data is drawn as."""
    if kind == CLASSES:
        return f"[{_class_sign(target)}]" if batch else f"({_class_sign(target)})"
    if kind == SIDES:
        return (("[0]", "[1]") if batch else ("0", "1"))[target] if ascii else ("◇◆" if batch else "○●")[target]
    return ("X" if batch else "o") if ascii else ("◆" if batch else "•")


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────


def surface_page(moment: Moment, wording: Wording, width: int, height: int, output: int = 0) -> tuple[Line, ...] | None:
    """The picture in at most `height` lines, with axes and a legend; None where there is none (see `why_not`)."""
    if why_not(moment):
        return None
    points, x0, x1 = points_of(moment), *_ranges(moment)
    title = folded(wording.sign(_title(moment, wording, output)), width, "title")
    legend = _legend(moment, wording, points, width)
    axis = _axis_names(wording, moment)
    numbers = [_end(end) for end in x1]
    gutter = max(cell_len(text) for text in (*numbers, axis[1]))
    rows = max(3, height - len(title) - len(legend) - 3)
    plane = Plane(x0, x1, rows, max(4, width - gutter - 2))
    surface = surface_at(moment, plane.points, output)
    levels = levels_of(surface.values, HALF if surface.kind == SIDES else None, ascii=wording.ascii)
    cells = _cells(surface, levels, plane)
    _put_points(cells, points, surface.kind, ascii=wording.ascii)
    lines = _framed(cells.lines, plane, axis, gutter, ascii=wording.ascii)
    below = [_scale(surface, levels, width), *legend]
    return tuple([*title, *(clipped(line, width) for line in lines), *below][: max(0, height)])


def _title(moment: Moment, wording: Wording, output: int) -> str:
    axis = _axis_names(wording, moment)
    return f"{_name(moment, wording, output)} over {axis[0]} and {axis[1]}{_which_parameters(moment, wording)}"


def _name(moment: Moment, wording: Wording, output: int) -> str:
    """What is drawn: an output by its label, or by its column; the class of the largest of them."""
    symbol, softmax = moment.scenario.network.output, _softmax(moment)
    rows, columns = moment.program.symbols[symbol].shape
    if _kind(moment) == CLASSES:
        return f"class of the largest {wording.symbol(softmax or symbol)}"
    if columns == 1:
        return wording.symbol(symbol)
    column = output % columns
    label = wording.label(symbol, (0, column)) if rows == 1 else ""
    return f"{label or f'{wording.symbol(symbol)}[:,{column}]'} (output {column + 1} of {columns})"


def _which_parameters(moment: Moment, wording: Wording) -> str:
    """Whether the parameters are the updated ones, or which of them are."""
    carried = {name: becomes for name, becomes in moment.program.carried.items() if becomes != name}
    done = [wording.symbol(becomes) for becomes in carried.values() if becomes in moment.values]
    if not carried:
        return ""
    if len(done) in (0, len(carried)):
        return f", {'after' if done else 'before'} the update of iteration {moment.position.iteration:,}"
    return f", with {', '.join(done)}; the other parameters not yet updated"


def _axis_names(wording: Wording, moment: Moment) -> tuple[str, str]:
    """x0 and x1, or their labels where an iteration sees a single row."""
    labels = [wording.label("x", (0, column)) for column in range(INPUTS)]
    if moment.program.symbols["x"].shape[0] > 1 or not all(labels) or max(map(cell_len, labels)) > 12:
        return "x0", "x1"
    return labels[0], labels[1]


def _end(number: float) -> str:
    return f"{number:.4g}"


@dataclass(frozen=True, eq=False)
class _Cells:
    """One character and its style a cell, and the cells that points have taken."""

    plane: Plane
    lines: list[list[Piece]]
    taken: set[tuple[int, int]]

    def put(self, mark: str, key: str, x0: float, x1: float) -> None:
        """Draw a mark in the middle of a point's cell, unless there is another."""
        row, column = self.plane.cell(x0, x1)
        first = min(max(0, column - len(mark) // 2), self.plane.columns - len(mark))
        places = {(row, first + place) for place in range(len(mark))}
        if not places & self.taken:
            self.taken.update(places)
            for place, character in enumerate(mark):
                self.lines[row][first + place] = character, key


def _cells(surface: Surface, levels: Levels, plane: Plane) -> _Cells:
    values = surface.values.tolist()
    sure = [1.0] * len(values) if surface.sure is None else surface.sure.tolist()
    pieces: list[Piece] = []
    for place, (value, probability) in enumerate(zip(values, sure, strict=True)):
        row, column = divmod(place, plane.columns)
        if surface.kind != CLASSES or not math.isfinite(value):
            pieces.append(levels.sign(value))
        else:
            thin = probability < SURE and (row + column) % 2
            key = "negative" if int(value) % 2 else "positive"
            pieces.append((" " if thin else _class_sign(int(value)), key))
    lines = [pieces[row * plane.columns : (row + 1) * plane.columns] for row in range(plane.rows)]
    return _Cells(plane, lines, set())


def _put_points(cells: _Cells, points: Sequence[Point], kind: str, *, ascii: bool) -> None:
    for point in points:
        mark = _mark(point.target, kind, batch=point.batch, ascii=ascii)
        cells.put(mark, "fresh" if point.batch else "title", point.x0, point.x1)


def _framed(
    cells: Sequence[Sequence[Piece]], plane: Plane, axis: tuple[str, str], gutter: int, *, ascii: bool
) -> list[list[Piece]]:
    """The cells with their axes: the ends of both ranges and their names."""
    side, tick, corner, floor = "|++-" if ascii else "│┤└─"
    last, names = len(cells) - 1, {0: _end(plane.x1[1]), len(cells) - 1: _end(plane.x1[0])}
    names.setdefault(last // 2, axis[1])
    lines: list[list[Piece]] = []
    for row, pieces in enumerate(cells):
        key = "label" if row == last // 2 else "heading"
        wall = f" {tick if row in (0, last) else side}"
        lines.append([(padded(names.get(row, ""), gutter), key), (wall, "dim"), *crop(pieces, 0, plane.columns)])
    before = " " * gutter
    lines.append([(f"{before} {corner}{floor * plane.columns}", "dim")])
    low, high = (_end(end) for end in plane.x0)
    middle = max(1, (plane.columns - cell_len(axis[0])) // 2 - len(low))
    rest = plane.columns - len(low) - middle - cell_len(axis[0])
    lines.append([(f"{before}  {low}{' ' * middle}", "heading"), (axis[0], "label"), (padded(high, rest), "heading")])
    return lines


def _scale(surface: Surface, levels: Levels, width: int) -> Line:
    odd = nonfinite_legend(surface.values)
    pieces: list[Piece] = [(f"{odd}  ", "nonfinite")] if odd else []
    if surface.kind != CLASSES:
        return clipped([*pieces, *levels.scale(width - (len(odd) + 2 if odd else 0))], width)
    signs = [_class_sign(int(number)) for number in np.unique(surface.values[np.isfinite(surface.values)])]
    words = f"{' '.join(signs) if len(signs) <= 10 else f'{signs[0]} to {signs[-1]}'}: class of the largest output"
    if surface.sure is not None and bool((surface.sure < SURE).any()):
        words += f"; thin: probability below {SURE:g}"
    if not signs:
        words = ""
    return clipped([*pieces, (words, "dim")], width)


def _legend(moment: Moment, wording: Wording, points: Sequence[Point], width: int) -> list[Line]:
    """What the signs on top mean, of those that there are."""
    dataset, kind = moment.scenario.dataset, _kind(moment)
    assert dataset is not None, "there are data to draw"
    parts = []
    for batch in (True, False):
        targets = sorted({point.target for point in points if point.batch == batch})
        count = sum(point.batch == batch for point in points)
        if targets:
            total = moment.program.symbols["x"].shape[0] if batch else len(dataset)
            parts.append(_told(targets, count, total, kind, batch=batch, ascii=wording.ascii))
    if kind == SIDES:
        parts.append(f"below {HALF:g} it says 0, above it 1")
    return folded(wording.sign("; ".join(parts)), width, "dim")


def _told(targets: Sequence[int], count: int, total: int, kind: str, *, batch: bool, ascii: bool) -> str:
    marks = " ".join(_mark(target, kind, batch=batch, ascii=ascii) for target in targets)
    of = {
        CLASSES: ", the digit its class" if count == 1 else ", the digit their class",
        SIDES: f" with target {' and '.join(map(str, targets))}",
        LEVELS: "",
    }[kind]
    if not batch:
        return f"{marks} {count:,} of {total:,} rows{of}"
    some = f"{count:,} of " if count < total else ""
    return f"{marks} {some}the batch's {'row' if total == 1 else 'rows'}{of}"


# ── the same as text ─────────────────────────────────────────────────────────────────────────────────────────


def surface_text(moment: Moment, wording: Wording, output: int = 0) -> tuple[str, ...]:
    """A coarse table of the surface, and what becomes of the batch's rows; why not where there is none."""
    reason = why_not(moment)
    if reason:
        return (wording.sign(reason),)
    x0, x1 = _ranges(moment)
    axis = _axis_names(wording, moment)
    across, upwards = np.linspace(*x0, COARSE), np.linspace(*x1, COARSE)[::-1]
    x = np.array([(one, other) for other in upwards for one in across])
    words = _written(surface_at(moment, x, output))
    table = [[f"{axis[1]} \\ {axis[0]}", *map(_end, across)]]
    for row, other in enumerate(upwards):
        table.append([_end(float(other)), *words[row * COARSE : (row + 1) * COARSE]])
    widths = [max(cell_len(row[column]) for row in table) for column in range(COARSE + 1)]
    lines = ["  ".join(padded(word, cells) for word, cells in zip(row, widths, strict=True)) for row in table]
    shown = [_title(moment, wording, output), *lines, *_rows_read(moment, axis, output)]
    return tuple(wording.sign(line) for line in shown)


def _written(surface: Surface) -> list[str]:
    """The values, a class with its probability."""
    numbers: list[float] = surface.values.tolist()
    if surface.kind != CLASSES:
        writing = number_format(surface.values, 6)
        return [writing.text(number).strip() for number in numbers]
    sure = [None] * len(numbers) if surface.sure is None else surface.sure.tolist()
    return [
        "NaN" if math.isnan(number) else f"{int(number)}" if chance is None else f"{int(number)} ({chance:.3f})"
        for number, chance in zip(numbers, sure, strict=True)
    ]


def _rows_read(moment: Moment, axis: tuple[str, str], output: int) -> list[str]:
    """The batch's rows with their targets and outputs, by the parameters at the cursor."""
    values: Mapping[str, Array] = moment.values
    if "x" not in values:
        return []
    x = values["x"][:MOST_READ]
    surface = surface_at(moment, x, output)
    told = _written(surface)
    lines = [
        f"row {row} of the batch: {axis[0]} {_end(float(x[row, 0]))}, {axis[1]} {_end(float(x[row, 1]))}"
        f"{_target_read(values, row, surface.kind, output)}, output {told[row]}"
        for row in range(len(x))
    ]
    more = len(values["x"]) - len(x)
    return [*lines, f"and {more:,} rows more"] if more else lines


def _target_read(values: Mapping[str, Array], row: int, kind: str, output: int) -> str:
    """The target of a row, where it has as many columns as there are outputs."""
    if "t" not in values:
        return ""
    target = values["t"][row]
    if kind == CLASSES:
        return f", target {int(target.argmax())}"
    return f", target {_end(float(target[output % len(target)]))}"
