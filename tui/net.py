"""Pictures of a network in characters: units and the lines between them, or a graph of operations.

Both are drawn alike. Columns of boxes stand from left to right; between two columns every source has a vertical
track of its own, from which a line goes off to each box that uses it. A corner or a T (in ASCII "o") is a
connection; where a line only passes a track, it goes under it. What a line carries is written on it: a weight with its
sign, or in a graph the value above and the gradient below. Colours say nothing that a character does not say too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from rich.cells import cell_len

from engine.expression import Element, Index
from engine.network import Node
from engine.operation import Array, written
from engine.timeline import Moment
from tui.glyphs import printable
from tui.grid import Piece, crop
from tui.numbers import short
from tui.widgets.sheet import Line
from tui.wording import Wording

MOST_DRAWN = 10  # units of a layer that are drawn one and all
BESIDE = 2  # lines above and below the columns: caption and legend
LINES = {0: "┄", 1: "─", 2: "═", 3: "━"}
ASCII_LINES = {0: ".", 1: "-", 2: "=", 3: "#"}
JOINTS = {
    "lr": "─", "du": "│", "dl": "┐", "dr": "┌", "lu": "┘", "ru": "└",
    "dlu": "┤", "dru": "├", "dlr": "┬", "lru": "┴", "dlru": "┼",
}  # fmt: skip
FRAME, ASCII_FRAME = "╭│╰╮│╯─", "/|\\\\|/-"
SIGNS = {"multiply": "×", "add": "+", "affine": "·W+b", "sigmoid": "σ", "step": "[>0]", "identity": "="}
MARKS = {"written": ("▸", "fresh"), "read": ("◂", "selected")}
END = "end of "  # begins the name of the place where a result leaves the graph


@dataclass(frozen=True)
class Detail:
    """How much is written. digits: 3 for the fewest; label: of a weight 0 its sign, 1 its value, 2 its name and
    value, 3 its gradient, too; pitch: cells from track to track; name: the most cells of a name."""

    digits: int
    label: int
    pitch: int
    name: int


DETAILS = (
    *(Detail(digits, 3, 2, 16) for digits in (6, 5, 4)),
    *(Detail(digits, 2, 2, 14) for digits in (6, 5, 4)),
    *(Detail(digits, 1, 2, 12) for digits in (6, 5, 4)),
    *(Detail(3, label, pitch, 8) for label in (1, 0) for pitch in (2, 1)),
)


@dataclass(frozen=True)
class Figure:
    """A number that is shown: what it is called in a box and in full; None while it is not computed."""

    sign: str
    name: str
    value: float | None
    lit: str = ""


@dataclass(frozen=True)
class Unit:
    """A unit: what is written in its box, and all that belongs to it for those who read it as text."""

    name: str
    figures: tuple[Figure, ...]
    full: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Weight:
    """A line into a unit. source: its place among the units shown of the layer before, −1 for a bias."""

    source: int
    target: int
    number: Figure
    gradient: Figure
    strength: int

    @property
    def lit(self) -> str:
        """Whether the step writes or reads the weight or its gradient."""
        return _strongest(self.number.lit, self.gradient.lit)


@dataclass(frozen=True)
class Layer:
    """A column: the units that are shown of it, how many are left out before the last, and the lines into it."""

    title: str
    units: tuple[Unit, ...]
    left_out: int = 0
    weights: tuple[Weight, ...] = ()


def net_page(moment: Moment, wording: Wording, width: int, height: int, row: int = 0) -> tuple[Line, ...]:
    """The network at a moment, for one row of the batch: every line of it equally wide, up to `width` if it can be."""
    if moment.scenario.network.layered:
        layers = _layers(moment, wording, max(3, min(8, (height - BESIDE - 1) // 3)), row)
        canvas, beside = _fitting_net(moment, wording, layers, width, height - BESIDE)
        keys = "─ ═ ━ thirds of the largest |w|, ┄ 0"
    else:
        canvas, beside = _fitting_graph(_Graph(moment, wording, row), width), ""
        keys = "above a line: value, below: gradient ∂"
    told = _trimmed(crop(_caption(moment, wording, row), 0, max(0, width - len(beside))))
    caption = [*told, (beside, "dim")]
    legend = [(_plain(wording, f"{keys}  · not computed  ◂ read  ▸ written"), "dim")]
    drawn = [crop(pieces, 0, width) for pieces in (caption, legend)]
    widest = max(canvas.width, *(sum(cell_len(text) for text, _ in _trimmed(line)) for line in drawn))
    lines = (drawn[0], *canvas.lines(), drawn[1])
    return tuple(Line(tuple(crop(_trimmed(pieces), 0, widest))) for pieces in lines)


def net_text(moment: Moment, wording: Wording, row: int = 0) -> tuple[str, ...]:
    """The same in words, a unit or the lines into it on each line."""
    caption = "".join(text for text, _ in _caption(moment, wording, row)).strip()
    if not moment.scenario.network.layered:
        return (caption, *_Graph(moment, wording, row).told())
    layers = _layers(moment, wording, 8, row)
    lines = [caption]
    for place, layer in enumerate(layers):
        lines.append(f"{layer.title}:")
        before = layers[place - 1].units if place else ()
        for number, unit in enumerate(layer.units):
            if layer.left_out and number == len(layer.units) - 1:
                lines.append(f"  {layer.left_out:,} more")
            told = ", ".join(_told(figure) for figure in unit.full or unit.figures)
            lines.append(f"  {unit.name}: {told}")
            weights = [weight for weight in layer.weights if weight.target == number]
            if weights and weights[0].number.name:
                more = f"; {layers[place - 1].left_out:,} more" if layers[place - 1].left_out else ""
                lines.append("    in: " + "; ".join(_told_weight(weight, before) for weight in weights) + more)
    return tuple(_plain(wording, line) for line in lines)


def _told(figure: Figure) -> str:
    number = "not computed yet" if figure.value is None else short(figure.value, 9)
    return f"{figure.name} = {number}" + (f" ({figure.lit} by this step)" if figure.lit else "")


def _told_weight(weight: Weight, before: Sequence[Unit]) -> str:
    source = "" if weight.source < 0 else f" from {before[weight.source].name}"
    kind = "bias " if weight.source < 0 else ""
    return f"{kind}{_told(weight.number)}{source}, {_told(weight.gradient)}"


# ── wording ──────────────────────────────────────────────────────────────────────────────────────────────────


def _plain(wording: Wording, text: str) -> str:
    """A text of ours, in ASCII where that is wanted: names of the user's own stay as they are."""
    if not wording.ascii:
        return text
    table = str.maketrans({"┄": ".", "═": "=", "━": "#", "⋮": ":", "·": ".", "⊕": "+", "⊖": "-"})
    return wording.sign(text.translate(table))


def _caption(moment: Moment, wording: Wording, row: int) -> list[Piece]:
    step = moment.step
    if step is None:
        caption = [("before the first step", "formula")]
    else:
        caption = [(_plain(wording, "▸ "), "fresh"), (wording.formula(step), "formula")]
    x = moment.program.symbols.get("x")
    if x is not None and x.shape[0] > 1:
        caption.append((f"  row {min(row, x.shape[0] - 1)} of {x.shape[0]:,}", "dim"))
    return [(printable(text), key) for text, key in caption]


def _trimmed(pieces: Iterable[Piece]) -> list[Piece]:
    """Without the blanks at the end."""
    kept = list(pieces)
    while kept and not kept[-1][0].rstrip():
        kept.pop()
    return kept


def _number(value: float, digits: int) -> str:
    """With fewer digits than `short` knows, where 3 are asked for; small numbers never get long."""
    text = short(value, max(4, digits))
    return short(value, 2) if digits < 4 and len(text) > len("+12.3456") else text


def _shown(figure: Figure, digits: int, wording: Wording) -> Piece:
    """The number, or the dot of one that is not computed, and its style."""
    style = MARKS[figure.lit][1] if figure.lit else ""
    if figure.value is None:
        return _plain(wording, "·"), style or "missing"
    usual = "number" if math.isfinite(figure.value) else "nonfinite"
    return _number(figure.value, digits), style or usual


def _mark(lit: str, wording: Wording, otherwise: Piece = (" ", "space")) -> Piece:
    return (_plain(wording, MARKS[lit][0]), MARKS[lit][1]) if lit else otherwise


def _named(name: str, most: int, wording: Wording) -> str:
    """A name in at most so many cells."""
    if cell_len(name) <= most:
        return name
    head, bracket, index = name.partition("[")  # which element it is must not be lost
    after = _plain(wording, "…") + bracket + index
    if cell_len(after) >= most:
        head, after = name, _plain(wording, "…")
    return "".join(text for text, _ in crop([(head, "")], 0, most - cell_len(after))).rstrip() + after


def _lit(moment: Moment, *symbols: str) -> str:
    """Whether the step that has just run writes or reads one of these symbols."""
    step = moment.step
    if step is None:
        return ""
    if step.symbol in symbols:
        return "written"
    formula = step.operation.formula  # what only lends its shape does not stand in it
    read = {name for place, name in enumerate(step.operands) if f"{{{place}}}" in formula}
    return "read" if read.intersection(symbols) else ""


def _strongest(*lit: str) -> str:
    return "written" if "written" in lit else "read" if "read" in lit else ""


# ── the canvas ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Canvas:
    """Cells that texts and lines are put on. Lines know where they connect; a text covers what lies below it."""

    ascii: bool = False
    texts: dict[tuple[int, int], Piece] = field(default_factory=dict)
    across: dict[tuple[int, int], Piece] = field(default_factory=dict)
    arms: dict[tuple[int, int], set[str]] = field(default_factory=dict)
    width: int = 0

    def text(self, x: int, y: int, pieces: Iterable[Piece]) -> None:
        """Put pieces side by side; the second cell of a wide character is taken, too."""
        for text, key in pieces:
            for character in printable(text):
                size = cell_len(character)
                if size == 0:
                    continue
                self.texts[x, y] = character, key
                if size == 2:
                    self.texts[x + 1, y] = "", key
                x += size
        self.width = max(self.width, x)

    def horizontal(self, y: int, x0: int, x1: int, strength: int = 1, key: str = "dim") -> None:
        """A line through the cells [x0, x1)."""
        glyph = (ASCII_LINES if self.ascii else LINES)[strength]
        for x in range(x0, x1):
            self.across[x, y] = glyph, key

    def track(self, x: int, entry: int, exits: Iterable[int]) -> None:
        """A line in column `x` from the line that comes in at `entry` to those that go off at `exits`."""
        exits = set(exits)
        rows = {entry, *exits}
        for y in range(min(rows), max(rows) + 1):
            arms = self.arms.setdefault((x, y), set())
            arms |= {arm for arm, go in (("u", y > min(rows)), ("d", y < max(rows))) if go}
            arms |= {arm for arm, go in (("l", y == entry), ("r", y in exits)) if go}

    def lines(self) -> list[list[Piece]]:
        """Everything that was put on it, from the first line used to the last."""
        places = {**self.texts, **self.across, **self.arms}
        if not places:
            return []
        top, bottom = min(y for _, y in places), max(y for _, y in places)
        self.width = max(x for x, _ in places) + 1
        return [self._line(y) for y in range(top, bottom + 1)]

    def _line(self, y: int) -> list[Piece]:
        return crop((self._cell(x, y) for x in range(self.width)), 0, self.width)

    def _cell(self, x: int, y: int) -> Piece:
        if (x, y) in self.texts:
            return self.texts[x, y]
        arms = "".join(sorted(self.arms.get((x, y), ())))
        if not arms:
            return self.across.get((x, y), (" ", "space"))
        if self.ascii:
            return {"du": "|", "lr": "-"}.get(arms, "o"), "dim"
        return JOINTS[arms], "dim"


@dataclass(frozen=True)
class Routes:
    """Where each source's line leaves its box, and its track, counted from the left."""

    exits: tuple[int, ...]
    tracks: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many tracks there are."""
        return max(self.tracks, default=-1) + 1

    def without_straight(self, ports: Mapping[int, int]) -> Routes:
        """Lines that go straight on need no track: theirs is −1 then."""
        bent = {source for row, source in ports.items() if self.exits[source] != row}
        order = sorted(bent, key=lambda source: self.tracks[source])
        tracks = (order.index(source) if source in bent else -1 for source in range(len(self.exits)))
        return Routes(self.exits, tuple(tracks))


def _routes(candidates: Sequence[Sequence[int]], ports: Mapping[int, int], closed: frozenset[int]) -> Routes | None:
    """Tracks such that no two lines lie on one another; None where there are none.

    candidates: for each source the rows where it may leave, best first. ports: row → the source that goes on there.
    closed: rows that are taken all the way from the first track.
    """
    exits = []
    for source, rows in enumerate(candidates):
        fine = [row for row in rows if row not in closed]
        straight = [row for row in fine if ports.get(row, source) >= source]
        exits.append([*straight, *fine, *rows][0])
    # A line that goes in where another goes on has to end before the other begins.
    after = {source: ports[row] for source, row in enumerate(exits) if ports.get(row, source) != source}
    order: list[int] = []
    while len(order) < len(exits):
        waiting = [source for source in range(len(exits)) if source not in order]
        ready = [each for each in waiting if not any(after.get(other) == each for other in waiting)]
        if not ready:
            return None
        order.append(ready[0])
    return Routes(tuple(exits), tuple(order.index(source) for source in range(len(exits))))


# ── layered nets: what there is to draw ──────────────────────────────────────────────────────────────────────


def _layers(moment: Moment, wording: Wording, room: int, row: int) -> tuple[Layer, ...]:
    """The inputs, every layer, and the loss; `room`: how many units are shown of a layer with too many."""
    affine = [node for node in moment.scenario.network.nodes if node.kind.name == "affine"]
    inputs = _numbers_of(moment.program.symbols["x"].shape[1], room)
    units = tuple(_unit(moment, wording, ("x",), (), index, row) for index in inputs)
    layers = [Layer("inputs", units, moment.program.symbols["x"].shape[1] - len(inputs))]
    for node in affine:
        size = moment.program.symbols[node.name].shape[1]
        indices = _numbers_of(size, room)
        values, gradients = _symbols_of(moment, node)
        units = tuple(_unit(moment, wording, values, gradients, index, row) for index in indices)
        weights = _weights(moment, wording, node, inputs, indices)
        layers.append(Layer(node.layer, units, size - len(indices), weights))
        inputs = indices
    if moment.program.loss == "E":
        layers.append(_loss(moment, wording, inputs, row))
    return tuple(layers)


def _numbers_of(size: int, room: int) -> tuple[int, ...]:
    """The indices that are shown: all, or the first few and the last."""
    return tuple(range(size)) if size <= MOST_DRAWN else (*range(room - 1), size - 1)


def _symbols_of(moment: Moment, affine: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The values of a layer, u first, and their gradients, in the order in which they are computed."""
    network, symbols = moment.scenario.network, moment.program.symbols
    values = [affine.name, *(node.name for node in network.nodes if node.inputs == (affine.name,))]
    if values[-1] == network.output and "y" in symbols and "y" not in values:
        values.append("y")
    gradients = [network.gradient_name(name) for name in reversed(values)]
    return tuple(values), tuple(name for name in gradients if name in symbols)


def _figure(moment: Moment, wording: Wording, symbol: str, index: Index, sign: str) -> Figure:
    array = moment.values.get(symbol)
    value = None if array is None else float(array[index])
    return Figure(sign, printable(wording.element(Element(symbol, index))), value, _lit(moment, symbol))


def _unit(
    moment: Moment, wording: Wording, values: Sequence[str], gradients: Sequence[str], index: int, row: int
) -> Unit:
    """One unit: of its values and of its gradients the latest that is computed goes into the box."""
    place = (min(row, moment.program.symbols[values[0]].shape[0] - 1), index)
    signs = {name: ("δ" if name.startswith("delta") else "∂") for name in gradients}
    if wording.ascii:
        signs = {name: "d" if sign == "δ" else "g" for name, sign in signs.items()}
    figures = [_figure(moment, wording, name, place, name[0]) for name in values]
    slopes = [_figure(moment, wording, name, place, signs[name]) for name in gradients]
    shown = [_latest(group) for group in (figures, slopes) if group]
    return Unit(figures[-1].name, tuple(shown), (*figures, *slopes))


def _latest(figures: Sequence[Figure]) -> Figure:
    """The last that is computed, lit if the step touches any of them; the last where none is."""
    known = [figure for figure in figures if figure.value is not None] or figures
    return replace(known[-1], lit=_strongest(*(figure.lit for figure in known)))


def _weights(
    moment: Moment, wording: Wording, affine: Node, inputs: Sequence[int], outputs: Sequence[int]
) -> tuple[Weight, ...]:
    """The lines into a layer, those of a unit together, its bias last."""
    _, W, b = affine.inputs
    largest = {name: _largest(moment.values.get(name)) for name in (W, b)}
    found = []
    for target, output in enumerate(outputs):
        places = [(source, W, (each, output)) for source, each in enumerate(inputs)]
        for source, name, index in (*places, (-1, b, (output,))):
            number = _figure(moment, wording, name, index, "")
            gradient = _figure(moment, wording, f"d{name}", index, "")
            number = replace(number, lit=_strongest(number.lit, _lit(moment, f"{name}_next")))
            found.append(Weight(source, target, number, gradient, _strength(number.value, largest[name])))
    return tuple(found)


def _largest(array: Array | None) -> float:
    if array is None:
        return 0.0
    return float(np.max(np.abs(array), initial=0.0, where=np.isfinite(array)))


def _strength(value: float | None, largest: float) -> int:
    """How heavy a line is, 0 to 3: by thirds of the largest."""
    if value is None or value == 0:
        return 0
    if not math.isfinite(value) or largest == 0:
        return 3
    return max(1, min(3, math.ceil(abs(value) / largest * 3 - 1e-9)))


def _loss(moment: Moment, wording: Wording, outputs: Sequence[int], row: int) -> Layer:
    """The loss: in its box, under its value, the target of each output."""
    place = min(row, moment.program.symbols["t"].shape[0] - 1)
    E = _figure(moment, wording, "E", (), "E")
    targets = tuple(_figure(moment, wording, "t", (place, each), "t") for each in outputs)
    nothing = Figure("", "", None)
    lines = tuple(Weight(each, 0, nothing, nothing, 1) for each in range(len(outputs)))
    return Layer("loss", (Unit(E.name, (E, *targets)),), 0, lines)


# ── layered nets: the drawing ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class Column:
    """A layer in a certain detail: the lines of its boxes, how they are wired, and where they stand."""

    layer: Layer
    wording: Wording
    detail: Detail
    sources: int
    room: int

    @cached_property
    def boxes(self) -> tuple[tuple[tuple[Piece, ...], ...], ...]:
        """For each unit the lines of its box."""
        return tuple(self._box(number) for number in range(len(self.layer.units)))

    def _box(self, number: int) -> tuple[tuple[Piece, ...], ...]:
        unit = self.layer.units[number]
        figures = list(unit.figures)
        if self.weighted and self.detail.label == 0:
            bias = next(w for w in self.layer.weights if w.target == number and w.source < 0)
            figures.append(replace(bias.number, sign="b", lit=bias.lit))
        lines: list[tuple[Piece, ...]] = [((f" {_named(unit.name, self.detail.name, self.wording)} ", "label"),)]
        for figure in figures:
            mark, number_text = _mark(figure.lit, self.wording), _shown(figure, self.detail.digits, self.wording)
            lines.append((mark, (f"{figure.sign} ", "heading"), number_text))
        return tuple(lines)

    @property
    def weighted(self) -> bool:
        """Whether the lines into it are weights."""
        return any(weight.source < 0 for weight in self.layer.weights)

    @cached_property
    def inner(self) -> int:
        """Cells inside the boxes: as many as a number usually takes, so that little moves while stepping."""
        widest = max(sum(cell_len(text) for text, _ in line) for box in self.boxes for line in box)
        more = cell_len(self.more) - 2
        return max(widest, max(4, self.detail.digits) + 6, more)

    @property
    def more(self) -> str:
        """What stands for the units that are left out."""
        return _plain(self.wording, f"⋮ {self.layer.left_out:,} more") if self.layer.left_out else ""

    @property
    def ports(self) -> int:
        """Lines into each box if each goes in by itself."""
        return self.sources + (1 if self.weighted and self.detail.label else 0)

    @cached_property
    def crossed(self) -> bool:
        """Whether there are so many lines that all into one unit share one, crossing the tracks."""
        tall = sum(max(len(box), self.ports) for box in self.boxes)
        return self.weighted and self.ports > 3 and tall + len(self.boxes) - 1 > self.room

    @cached_property
    def heights(self) -> tuple[int, ...]:
        """Lines of each box."""
        if self.crossed or not self.layer.weights:
            return tuple(max(3, len(box)) for box in self.boxes)
        rows = self.port_rows
        return tuple(max(3, len(box), rows[-1] + (1 if self.weighted else 2)) for box in self.boxes)

    @cached_property
    def port_rows(self) -> tuple[int, ...]:
        """Rows of a box where lines come in, its top being 0; the bias has the last."""
        if not self.weighted:
            return tuple(range(2, 2 + self.sources))
        if self.crossed:
            return (0, 2)
        if self.ports == 2:
            return (0, 2)
        return tuple(range(self.ports)) if self.ports > 1 else (1,)

    @property
    def height(self) -> int:
        """Lines it takes with its boxes close together."""
        return sum(self.heights) + (1 if self.layer.left_out else 0)

    def tops(self, total: int) -> tuple[int, ...]:
        """The first row of each box, the column in the middle of `total` rows."""
        gaps = len(self.boxes) - 1
        apart = min(2, (total - self.height) // gaps) if gaps else 0
        y = (total - self.height - gaps * apart) // 2
        tops = []
        for number, height in enumerate(self.heights):
            if self.layer.left_out and number == gaps:
                y += 1
            tops.append(y)
            y += height + apart
        return tuple(tops)

    # The lines into it

    @cached_property
    def labels(self) -> tuple[tuple[Piece, ...], ...]:
        """What is written on each line: mark, name, number, gradient, as far as there is room."""
        return tuple(self._label(weight) for weight in self.layer.weights)

    def _label(self, weight: Weight) -> tuple[Piece, ...]:
        label, number = self.detail.label, weight.number
        if not self.weighted or (weight.source < 0 and label == 0):
            return ()
        text, usual = _shown(replace(number, lit=""), self.detail.digits, self.wording)
        signed = {"+": "positive", "-": "negative"}.get(text[0], usual) if number.value else usual
        key = MARKS[weight.lit][1] if weight.lit else signed if usual == "number" else usual
        if label == 0 or (self.crossed and weight.source >= 0):
            sign = _plain(self.wording, {"+": "⊕", "-": "⊖"}.get(text[0], "?") if number.value else "0")
            return ((f"({sign})" if self.wording.ascii and not self.crossed else sign, key),)
        pieces: list[Piece] = [(text, key)]
        if label > 1:
            pieces.insert(0, (_named(number.name, self.detail.name, self.wording) + " ", "label"))
        if label > 2:
            slope, style = _shown(weight.gradient, self.detail.digits, self.wording)
            pieces += [(_plain(self.wording, " ∂"), "heading"), (slope, style)]
        return tuple(pieces)

    @cached_property
    def label_width(self) -> int:
        """Cells of the widest label with the line around it, as wide as a number usually is."""
        if not self.weighted:
            return 0
        pairs = zip(self.layer.weights, self.labels, strict=True)
        kept = [(w, label) for w, label in pairs if not self.crossed or w.source < 0]
        usual = max(4, self.detail.digits) + 6 if self.detail.label == 1 else 1
        return max([usual, *(_cells(label) + 3 for _, label in kept if label)])

    @property
    def pitch(self) -> int:
        """Cells from one track to the next."""
        return 1 + self.detail.pitch if self.crossed else self.detail.pitch

    @property
    def gap(self) -> int:
        """Cells between the boxes before and these."""
        if not self.layer.weights:
            return 0
        return self.pitch * self.sources + self.label_width + (2 if self.crossed else 0)


def _cells(pieces: Iterable[Piece]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _columns(wording: Wording, layers: Sequence[Layer], detail: Detail, room: int) -> list[Column]:
    columns: list[Column] = []
    for place, layer in enumerate(layers):
        sources = len(layers[place - 1].units) if place else 0
        first = layer if place else replace(layer, weights=())
        columns.append(Column(first, wording, detail, sources, room))
    return columns


def _fitting_net(
    moment: Moment, wording: Wording, layers: Sequence[Layer], width: int, room: int
) -> tuple[Canvas, str]:
    """The net with as much detail as the width allows; as a last resort only the layers around the step."""
    for begin, end in _windows(len(layers), _focus(moment, layers)):
        part = layers[begin:end]
        for detail in DETAILS:
            columns = _columns(wording, part, detail, room)
            if sum(column.gap + column.inner + 2 for column in columns) <= width or (end - begin, detail) == (
                min(2, len(layers)),
                DETAILS[-1],
            ):
                beside = "" if len(part) == len(layers) else f"  {part[0].title} to {part[-1].title} only"
                return _draw_net(columns, wording), beside
    raise AssertionError("the smallest window is drawn in the least detail, however wide it is")


def _focus(moment: Moment, layers: Sequence[Layer]) -> int:
    """The layer that the step works on."""
    step = moment.step
    if step is None or step.phase == "draw":
        return 1
    titles = [layer.title for layer in layers]
    return titles.index(step.layer) if step.layer in titles else 1


def _windows(count: int, focus: int) -> list[tuple[int, int]]:
    """All layers, then fewer and fewer of them with the focus and the one before it."""
    windows = []
    for size in range(count, 1, -1):
        begin = min(max(0, focus - (size // 2)), count - size)
        windows.append((begin, begin + size))
    return windows or [(0, count)]


def _draw_net(columns: Sequence[Column], wording: Wording) -> Canvas:
    canvas = Canvas(wording.ascii)
    total = max(*(column.height for column in columns), min(columns[0].room, max(_airy(c) for c in columns)))
    x = 0
    tops: tuple[int, ...] = ()
    for place, column in enumerate(columns):
        before, above = columns[place - 1] if place else None, tops
        tops = column.tops(total)
        if before is not None:
            _draw_gap(canvas, column, x, tops, [range(y, y + h) for y, h in zip(above, before.heights, strict=True)])
        x += column.gap
        _draw_boxes(canvas, column, x, tops)
        x += column.inner + 2
    return canvas


def _airy(column: Column) -> int:
    """Lines of a column with some air between the boxes."""
    return column.height + 2 * (len(column.boxes) - 1)


def _draw_boxes(canvas: Canvas, column: Column, x: int, tops: Sequence[int]) -> None:
    frame = ASCII_FRAME if canvas.ascii else FRAME
    for number, (box, height) in enumerate(zip(column.boxes, column.heights, strict=True)):
        for row in range(height):
            edge = 0 if row == 0 else 2 if row == height - 1 else 1
            inside = crop(box[row] if row < len(box) else (), 0, column.inner)
            y = tops[number] + row
            canvas.text(x, y, [(frame[edge], "dim"), *inside, (frame[3 + edge], "dim")])
    if column.layer.left_out:
        canvas.text(x + 1, tops[-1] - 1, [(column.more, "dim")])


def _draw_gap(canvas: Canvas, column: Column, x: int, tops: Sequence[int], sources: Sequence[range]) -> None:
    """The lines from the boxes before, which take the rows `sources`, to those of a column that begins at `tops`."""
    rows = _wired(column, tops)
    candidates = [_middle_first(each) for each in sources]
    ports = {} if column.crossed else {y: weight.source for weight, y in rows if weight.source >= 0}
    closed = frozenset(y for weight, y in rows if weight.source >= 0) if column.crossed else frozenset()
    routes = _routes(candidates, ports, closed)
    if routes is None:
        routes = Routes(tuple(each[0] for each in candidates), tuple(range(len(candidates))))
    end = x + column.gap
    first = 2 if column.crossed else 1 if column.sources and column.pitch > 1 else 0
    tracks = [x + first + column.pitch * track for track in routes.tracks]
    for source, at in enumerate(tracks):
        canvas.horizontal(routes.exits[source], x, at)
        exits = {y for weight, y in rows if weight.source == source}
        if column.crossed:
            _draw_crossed(canvas, routes.exits[source], at, exits)
        else:
            canvas.track(at, routes.exits[source], exits)
    for (weight, y), label in zip(rows, column.labels, strict=True):
        start = end - column.label_width
        if weight.source < 0:
            _draw_bias(canvas, column, weight, label, (start, end), y)
        elif column.crossed:
            _draw_crossing(canvas, column, weight, label, (tracks[weight.source], end), y)
        else:
            _draw_wire(canvas, column, weight, label, (tracks[weight.source] + 1, start, end), y)


def _middle_first(rows: range) -> list[int]:
    middle = rows[len(rows) // 2]
    return sorted(rows, key=lambda y: abs(y - middle))


def _wired(column: Column, tops: Sequence[int]) -> list[tuple[Weight, int]]:
    """Each weight and the row in which its line comes in."""
    rows = []
    for weight in column.layer.weights:
        ports = column.port_rows
        port = ports[-1] if weight.source < 0 else ports[0] if column.crossed else ports[weight.source]
        rows.append((weight, tops[weight.target] + port))
    return rows


def _draw_crossed(canvas: Canvas, entry: int, at: int, exits: set[int]) -> None:
    """A track that the lines into the units cross: what stands at a crossing is the weight."""
    canvas.track(at, entry, ())
    for y in range(min(entry, *exits), max(entry, *exits) + 1):
        arms = canvas.arms.setdefault((at, y), set())
        arms |= {arm for arm, go in (("u", y > min(entry, *exits)), ("d", y < max(entry, *exits))) if go}


def _style(column: Column, weight: Weight, label: Sequence[Piece]) -> str:
    """The style of a line: that of the number on it."""
    if weight.lit:
        return MARKS[weight.lit][1]
    return next((key for _, key in label if key in ("positive", "negative")), "dim")


def _draw_wire(
    canvas: Canvas, column: Column, weight: Weight, label: Sequence[Piece], xs: tuple[int, int, int], y: int
) -> None:
    """From its track past the others to the box, with its label just before it."""
    tap, start, end = xs
    key = "dim" if not label else "negative" if _style(column, weight, label) == "negative" else "positive"
    canvas.horizontal(y, tap, end, weight.strength, key if weight.strength else "dim")
    if not label:
        return
    line = canvas.across[end - 1, y]
    canvas.text(start + 1, y, [_mark(weight.lit, column.wording, line), *label])


def _draw_bias(
    canvas: Canvas, column: Column, weight: Weight, label: Sequence[Piece], xs: tuple[int, int], y: int
) -> None:
    """A node of its own, which is always 1, and the line from there."""
    if not label:
        return
    start, end = xs
    negative = weight.number.value is not None and weight.number.value < 0
    canvas.horizontal(y, start, end, weight.strength, "negative" if negative else "positive")
    line = canvas.across[end - 1, y]
    canvas.text(start, y, [("b", "heading"), _mark(weight.lit, column.wording, line), *label])


def _draw_crossing(
    canvas: Canvas, column: Column, weight: Weight, label: Sequence[Piece], xs: tuple[int, int], y: int
) -> None:
    """The weight where its source's track is crossed: its sign, and after it how large it is."""
    at, end = xs
    canvas.horizontal(y, at + 1, end)
    glyph = (ASCII_LINES if canvas.ascii else LINES)[weight.strength]
    style = _style(column, weight, label)
    canvas.text(at, y, [*label, (glyph, style)])
    if weight.lit and (column.pitch > 2 or weight.source == 0):
        canvas.text(at - 1, y, [_mark(weight.lit, column.wording)])
    elif column.pitch > 2:
        canvas.text(at - 1, y, [(" ", "space")])


# ── graphs: what there is to draw ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Wire:
    """What a node takes in at one place: the value above its line, the gradient that flows back below it."""

    source: str
    value: str
    gradient: str
    """"" where the program computes none, such as that of the data."""


@dataclass(frozen=True, eq=False)
class _Graph:
    """The nodes of a graph with the loss, and the wires into each, from a moment."""

    moment: Moment
    wording: Wording
    row: int

    @cached_property
    def nodes(self) -> Mapping[str, tuple[Wire, ...]]:
        """Node → its wires; the places where results leave the graph are nodes, too."""
        steps = [step for step in self.moment.program.steps if step.phase in ("forward", "loss")]
        found = {
            step.symbol: tuple(
                Wire(name, name, self._gradient(name, step.symbol, place)) for place, name in enumerate(step.operands)
            )
            for step in steps
        }
        used = {wire.source for wires in found.values() for wire in wires}
        for name in [name for name in found if name not in used]:
            gradient = self.moment.scenario.network.gradient_name(name)
            known = gradient in self.moment.program.symbols
            found[f"{END}{name}"] = (Wire(name, name, gradient if known else ""),)
        return found

    @cached_property
    def _reaching(self) -> frozenset[str]:
        """The values that the output depends on, and the output."""
        network = self.moment.scenario.network
        reaching = {network.output}
        for node in reversed(network.nodes):
            if node.name in reaching:
                reaching.update(node.inputs)
        return frozenset(reaching)

    def _gradient(self, name: str, user: str, place: int) -> str:
        """The symbol of what flows back from a use of a value; "" where nothing does."""
        symbols, network = self.moment.program.symbols, self.moment.scenario.network
        gradient = network.gradient_name(name)
        for symbol in (f"{gradient}_from_{user}_{place}", f"{gradient}_from_{user}"):
            if symbol in symbols:
                return symbol
        is_node = any(node.name == user for node in network.nodes)
        flows = user in self._reaching if is_node else name == network.output
        return gradient if flows and gradient in symbols else ""

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """Symbol → how many operations lie between it and the inputs at most; results leave after the last."""
        depths: dict[str, int] = {}
        for name, wires in self.nodes.items():
            for wire in wires:
                if wire.source not in self.nodes:
                    depths[wire.source] = 0
            depths[name] = 1 + max((depths[wire.source] for wire in wires), default=0)
        last = max((depth for name, depth in depths.items() if not name.startswith(END)), default=0)
        return {name: last + 1 if name.startswith(END) else depth for name, depth in depths.items()}

    def total(self, name: str) -> str:
        """The gradient of a value with several uses: the sum of what flows back; "" where there is one use."""
        gradient = self.moment.scenario.network.gradient_name(name)
        shared = any(wire.source == name and "_from_" in wire.gradient for w in self.nodes.values() for wire in w)
        return gradient if shared and gradient in self.moment.program.symbols else ""

    def sign(self, name: str) -> str:
        """The operation of a node."""
        place = self.moment.program.writers[name]
        operation = self.moment.program.steps[place].operation.name
        words = "loss" if self.moment.program.symbols[name].role == "loss" else SIGNS.get(operation, operation)
        return _plain(self.wording, "*" if self.wording.ascii and words == "×" else words)

    def name(self, symbol: str) -> str:
        """What a symbol is called."""
        return printable(self.wording.symbol(symbol))

    def lit(self, symbol: str) -> str:
        """Whether the step writes or reads a symbol, or what it becomes."""
        return _lit(self.moment, symbol, f"{symbol}_next") if symbol else ""

    def text(self, symbol: str, digits: int) -> tuple[Piece, ...]:
        """A value as it stands on a line: the number, or the first of an array and its shape."""
        if not symbol:
            return ()
        lit = self.lit(symbol)
        array = self.moment.values.get(symbol)
        first = None if array is None or not array.size else float(array[self._first(array)])
        text, key = _shown(Figure("", "", first, lit), digits, self.wording)
        shape = self.moment.program.symbols[symbol].shape
        more = _plain(self.wording, f" …{written(shape)}") if shape and array is not None else ""
        return ((text.removeprefix("+"), key), *([(more, "dim")] if more else []))

    def _first(self, array: Array) -> Index:
        return (min(self.row, array.shape[0] - 1), 0) if array.ndim == 2 else (0,) * array.ndim

    # In words

    def told(self) -> list[str]:
        """A line for each node, and for each value that goes into it."""
        lines = []
        for name, wires in self.nodes.items():
            if name.startswith(END):
                lines.append(f"{self.name(wires[0].source)} leaves the graph: {self._told(wires[0])}")
                continue
            operands = ", ".join(self.name(wire.source) for wire in wires)
            lit = f" ({self.lit(name)} by this step)" if self.lit(name) else ""
            lines.append(f"{self.name(name)} = {self.sign(name)} of {operands}{lit}")
            lines += [f"  {self.name(wire.source)}: {self._told(wire)}" for wire in wires]
            if self.total(name):
                lines.append(f"  sum of its gradients: {self._written(self.total(name))}")
        for name in [name for name, depth in self.depths.items() if depth == 0 and self.total(name)]:
            lines.append(f"{self.name(name)}: sum of its gradients {self._written(self.total(name))}")
        return [_plain(self.wording, line) for line in lines]

    def _told(self, wire: Wire) -> str:
        gradient = f"gradient {self._written(wire.gradient)}" if wire.gradient else "no gradient"
        return f"value {self._written(wire.value)}, {gradient}"

    def _written(self, symbol: str) -> str:
        array = self.moment.values.get(symbol)
        lit = f" ({self.lit(symbol)} by this step)" if self.lit(symbol) else ""
        if array is None:
            return f"not computed yet{lit}"
        numbers = array[min(self.row, len(array) - 1)] if array.ndim == 2 else array
        words = [short(float(number), 9) for number in np.ravel(numbers)[:MOST_DRAWN]]
        shape = f" (of {written(array.shape)})" if array.ndim == 2 or array.size > MOST_DRAWN else ""
        return " ".join(words) + shape + lit


# ── graphs: the drawing ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Slot:
    """What stands in a column: an input, a node, the end of a result, or a line that only passes by.

    wires: what goes in; a passing line has one. name: "" for a passing line.
    """

    name: str
    lines: tuple[tuple[Piece, ...], ...]
    wires: tuple[Wire, ...]
    sources: tuple[int, ...]
    """The places of the slots in the column before that the wires come from."""

    @property
    def is_node(self) -> bool:
        """Whether it is drawn as a box."""
        return bool(self.lines and self.wires)

    @property
    def height(self) -> int:
        """Lines it takes."""
        if not self.name:
            return 1
        if not self.is_node:
            return max(3, 1 + len(self.lines))
        return max(3 * len(self.wires), 2 + len(self.lines))

    @property
    def ports(self) -> tuple[int, ...]:
        """The rows of its wires, its top being 0."""
        return tuple(3 * place + 1 for place in range(len(self.wires))) if self.name else (0,)

    @property
    def exits(self) -> tuple[int, ...]:
        """The rows where its line may leave, the best first."""
        if not self.is_node:
            return (1,) if self.name else (0,)
        best = (self.ports[0] + self.ports[-1]) // 2
        return tuple(sorted(range(1, self.height - 1), key=lambda y: abs(y - best)))


@dataclass(frozen=True)
class Stand:
    """Where the slots of a column stand, and the tracks of the lines that leave it."""

    tops: tuple[int, ...]
    routes: Routes


def _fitting_graph(graph: _Graph, width: int) -> Canvas:
    """The graph with as many digits, and then as long names, as the width allows."""
    canvas = Canvas(graph.wording.ascii)
    for name in (24, 12, 8, 6):
        for digits in (6, 5, 4, 3):
            slots = _slots(graph, digits, name)
            canvas = Canvas(graph.wording.ascii)
            _draw_graph(canvas, graph, slots, digits)
            canvas.lines()
            if canvas.width <= width:
                return canvas
    return canvas


def _slots(graph: _Graph, digits: int, most: int) -> list[list[Slot]]:
    """The slots by column, ordered so that what belongs together is near; long wires pass through the columns."""
    columns: list[list[Slot]] = [[] for _ in range(max(graph.depths.values(), default=0) + 1)]
    places: dict[str, tuple[int, int]] = {}

    def put(depth: int, slot: Slot) -> int:
        columns[depth].append(slot)
        return len(columns[depth]) - 1

    def place_of(name: str) -> tuple[int, int]:
        """Column and place of a symbol's slot, after those of all that it is made of."""
        if name not in places:
            depth, wires = graph.depths[name], graph.nodes.get(name, ())
            sources = tuple(passing(wire, depth) for wire in wires)
            places[name] = depth, put(depth, Slot(name, _slot_lines(graph, name, digits, most), wires, sources))
        return places[name]

    def passing(wire: Wire, depth: int) -> int:
        """The place, in the column before `depth`, where a wire comes from."""
        begin, place = place_of(wire.source)
        for column in range(begin + 1, depth):
            place = put(column, Slot("", (), (wire,), (place,)))
        return place

    for name in graph.nodes:
        if name.startswith(END):
            place_of(name)
    return columns


def _slot_lines(graph: _Graph, name: str, digits: int, most: int) -> tuple[tuple[Piece, ...], ...]:
    """What is written in a node's box or for an input."""
    if name.startswith(END):
        return ()
    key = MARKS[graph.lit(name)][1] if graph.lit(name) == "written" else "label"
    mark = [_mark("written", graph.wording)] if graph.lit(name) == "written" else []
    total = graph.total(name)
    sign = _plain(graph.wording, "Σ")
    summed = [((f"{sign} ", "heading"), *graph.text(total, digits))] if total else []
    if name not in graph.nodes:
        parts = _folded(graph.name(name), most, graph.wording)
        return ((*mark, (parts[0], key)), *(((part, key),) for part in parts[1:]), *summed)
    names = [((part, key),) for part in _folded(graph.name(name), most, graph.wording)]
    return ((*mark, (graph.sign(name), "fresh" if mark else "title")), *names, *summed)


def _folded(name: str, most: int, wording: Wording) -> list[str]:
    """A name in up to two lines, folded after an underscore."""
    head, bar, tail = name.rpartition("_")
    if cell_len(name) <= most or not head:
        return [_named(name, most, wording)]
    return [_named(head + bar, most, wording), _named(tail, most, wording)]


def _stands(columns: Sequence[Sequence[Slot]]) -> list[Stand]:
    """Where everything stands, from the results back: each where its line goes straight on, if it can."""
    tops = _stacked(columns[-1], [float(4 * place) for place in range(len(columns[-1]))])
    stands = [Stand(tops, Routes((), ()))]
    for place in range(len(columns) - 2, -1, -1):
        after = [
            (source, tops[number] + port)
            for number, slot in enumerate(columns[place + 1])
            for source, port in zip(slot.sources, slot.ports, strict=True)
        ]
        wanted = []
        for number, slot in enumerate(columns[place]):
            rows = [row for source, row in after if source == number]
            wanted.append(sum(rows) / len(rows) - slot.exits[0])
        tops, routes = _settled(columns[place], _stacked(columns[place], wanted), {y: s for s, y in after})
        stands.insert(0, Stand(tops, routes))
    return stands


def _stacked(slots: Sequence[Slot], wanted: Sequence[float]) -> tuple[int, ...]:
    """The tops of slots, as near to what is wanted as they can be without overlap."""
    order = sorted(range(len(slots)), key=lambda place: (wanted[place] + slots[place].height / 2, place))
    tops = [0] * len(slots)
    end = -math.inf
    for place in order:
        tops[place] = int(max(math.floor(wanted[place] + 0.5), end))
        end = tops[place] + slots[place].height + (1 if slots[place].is_node else 0)
    shift = round(sum(top - want for top, want in zip(tops, wanted, strict=True)) / len(slots))
    return tuple(top - shift for top in tops)


def _settled(slots: Sequence[Slot], tops: Sequence[int], ports: Mapping[int, int]) -> tuple[tuple[int, ...], Routes]:
    """The column, moved by as little as lets every line find its way; past all ports every line does."""
    shift = 0
    while True:
        moved = tuple(top + shift for top in tops)
        candidates = [[top + row for row in slot.exits] for top, slot in zip(moved, slots, strict=True)]
        # A line that can go straight on does.
        best = [sorted(rows, key=lambda y, n=n: ports.get(y) != n) for n, rows in enumerate(candidates)]  # type: ignore[misc]
        routes = _routes(best, ports, frozenset())
        if routes is not None:
            return moved, routes.without_straight(ports)
        shift = -shift if shift > 0 else 1 - shift


def _draw_graph(canvas: Canvas, graph: _Graph, columns: Sequence[Sequence[Slot]], digits: int) -> None:
    x = 0
    stands = _stands(columns)
    for place, slots in enumerate(columns):
        inner = max((_cells(line) for slot in slots for line in slot.lines), default=0)
        is_boxes = any(slot.is_node for slot in slots)
        width = inner + (4 if is_boxes else 1)
        if place:
            _draw_wires(canvas, graph, slots, (stands[place - 1], stands[place]), x, digits)
            x += _gap(graph, slots, stands[place - 1], digits)
        for slot, top in zip(slots, stands[place].tops, strict=True):
            _draw_slot(canvas, slot, x, top, width)
        if place < len(columns) - 1:
            x += width


def _gap(graph: _Graph, slots: Sequence[Slot], before: Stand, digits: int) -> int:
    """Cells for the tracks, then for the widest label."""
    labels = [_labels(graph, wire, digits) for slot in slots if slot.name for wire in slot.wires]
    return 2 * before.routes.count + 2 + max((_cells(label) for pair in labels for label in pair), default=0)


def _labels(graph: _Graph, wire: Wire, digits: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    sign = (_plain(graph.wording, "∂"), "heading")
    return graph.text(wire.value, digits), (sign, *graph.text(wire.gradient, digits)) if wire.gradient else ()


def _draw_wires(
    canvas: Canvas, graph: _Graph, slots: Sequence[Slot], stands: tuple[Stand, Stand], x: int, digits: int
) -> None:
    """The lines between two columns, with what they carry above and below them."""
    before, here = stands
    end = x + _gap(graph, slots, before, digits)
    first = x + 2 * before.routes.count
    exits: dict[int, set[int]] = {}
    for slot, top in zip(slots, here.tops, strict=True):
        for wire, source, port in zip(slot.wires, slot.sources, slot.ports, strict=True):
            y, at = top + port, x + 2 * before.routes.tracks[source] + 1
            exits.setdefault(source, set()).add(y)
            canvas.horizontal(y, max(x, at + 1), end)
            if slot.name:
                above, below = _labels(graph, wire, digits)
                canvas.text(first, y - 1, [_mark(graph.lit(wire.value), graph.wording), *above])
                canvas.text(first, y + 1, [_mark(graph.lit(wire.gradient), graph.wording), *below])
    for source, rows in exits.items():
        at, entry = x + 2 * before.routes.tracks[source] + 1, before.routes.exits[source]
        if at > x:
            canvas.horizontal(entry, x, at)
            canvas.track(at, entry, rows)


def _draw_slot(canvas: Canvas, slot: Slot, x: int, top: int, width: int) -> None:
    if not slot.name:
        canvas.horizontal(top, x, x + width)
    elif slot.is_node:
        _draw_node(canvas, slot, x, top, width)
    elif slot.lines:
        for number, line in enumerate(slot.lines):
            canvas.text(x, top + 1 + number, line)
        canvas.horizontal(top + 1, x + _cells(slot.lines[0]) + 1, x + width)


def _draw_node(canvas: Canvas, slot: Slot, x: int, top: int, width: int) -> None:
    """A box with its operation and its name in the middle."""
    frame = ASCII_FRAME if canvas.ascii else FRAME
    first = 1 + (slot.height - 2 - len(slot.lines)) // 2
    for row in range(slot.height):
        edge = 0 if row == 0 else 2 if row == slot.height - 1 else 1
        line = slot.lines[row - first] if 0 <= row - first < len(slot.lines) else ()
        inside = crop(line, -((width - 2 - _cells(line)) // 2), width - 2 - (width - 2 - _cells(line)) // 2)
        inside = inside if edge == 1 else [(frame[6] * (width - 2), "dim")]
        canvas.text(x, top + row, [(frame[edge], "dim"), *inside, (frame[3 + edge], "dim")])
