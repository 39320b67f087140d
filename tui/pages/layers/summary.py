"""A box of large matrices: a line each, with shape, norm, range, spread, share of zeros, and its columns as cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array, Index, written
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Role
from gradstep.tui.pages.layers.fitting import layouts
from gradstep.tui.pages.layers.measures import BINS, Measures, measures_of
from gradstep.tui.pages.layers.model import PASSES, Box, beside_of, boxes_of, made_of
from gradstep.tui.pages.layers.paint import Paint, fitted_name, shortened
from gradstep.tui.pages.layers.setting import Setting
from gradstep.tui.pages.layers.table import Drawn, Table, left_out
from gradstep.tui.text.cells import NARROWEST, missing, pointed, squeezed
from gradstep.tui.text.drawing import Area, Hit
from gradstep.tui.text.glyphs import MISSING, printable
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.palette import LEVELS
from gradstep.tui.words import layers as words

LONGEST_NAME, NARROWEST_NAME = 14, 8
ZEROS = 5  # cells of a share
NARROWEST_STRIP, SAYING_STRIP = 8, 12
NAME, SHAPE, NORM, FROM, TO, SPREAD, ZERO, STRIP = "name", "shape", "norm", "from", "to", "spread", "zero", "strip"
KEPT_LONGEST = (NORM, SHAPE, FROM, TO, SPREAD, ZERO, STRIP)  # where not all columns fit
HEADINGS = {
    SHAPE: words.SHAPE, NORM: words.NORM, FROM: words.FROM, TO: words.TO, SPREAD: words.SPREAD, ZERO: words.ZEROS,
    STRIP: words.STRIP_EACH[0],
}  # fmt: skip
NUMBERS = (NORM, FROM, TO)
BLOCKS, ASCII_BLOCKS = " ▁▂▃▄▅▆▇", " .:-=+*#"  # none is full: those of neighbouring lines would merge
POSITIVE, NEGATIVE = {False: "░▒▓█", True: ".+*#"}, {False: "-=≡▬", True: "-=%@"}
NOT_A_NUMBER = "?"
BLOCK = "▆"
WHOLE = 3  # digits before the points of a column's numbers


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns that are shown, from left to right, with their cells and the gap behind; lines: single numbers."""

    cells: tuple[tuple[str, int, int], ...]
    number: int
    lines: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=64)
def columns_for(setting: Setting, box: Box) -> Columns:
    """The columns that there is room for, at the same places in all such boxes."""
    notation, symbols = setting.notation, setting.program.symbols
    boxes = (each for each in boxes_of(setting.scenario) if each.key not in layouts(setting))
    arrays = [name for each in boxes for name in arrays_of(setting, each)]
    name = max((cell_len(printable(notation.symbol(each))) for each in arrays), default=1)
    name = min(name, LONGEST_NAME, max(NARROWEST_NAME, setting.width // 5))
    shape = max((len(written(symbols[each].shape)) for each in arrays), default=1)
    shape = max(shape, cell_len(words.SHAPE))
    widths = {SHAPE: shape, SPREAD: BINS, ZERO: ZEROS, STRIP: NARROWEST_STRIP} | dict.fromkeys(NUMBERS, NARROWEST)
    room = setting.width - 1 - name - 1
    kept = []
    for column in KEPT_LONGEST:
        if widths[column] + 1 > room:
            break
        kept.append(column)
        room -= widths[column] + 1
    if STRIP in kept:  # a heading that says what a cell is comes before more digits
        more = min(room, SAYING_STRIP - NARROWEST_STRIP)
        widths[STRIP] += more
        room -= more
    counted = sum(column in NUMBERS for column in kept)
    number = NARROWEST + (STRIP in kept and room >= counted)
    room -= (number - NARROWEST) * counted
    if STRIP in kept:
        longest = max((symbols[each].shape[-1] for each in arrays if symbols[each].shape), default=1)
        wanted = max(0, max(longest, cell_len(words.STRIP_EACH[0])) - widths[STRIP])
        more = max(0, min(1, (room - wanted) // counted))
        number += more
        widths[STRIP] += room - more * counted
    widths |= dict.fromkeys(NUMBERS, number)
    order = [column for column in HEADINGS if column in kept]
    cells = ((NAME, name, 1), *((column, widths[column], 1) for column in order))
    entries = [
        (each, min(LONGEST_NAME, cell_len(printable(notation.symbol(each)))))
        for each in beside_of(setting.program, box)
    ]
    return Columns(cells, number, _lines(entries, number, setting.width))


def _lines(entries: Sequence[tuple[str, int]], number: int, width: int) -> tuple[tuple[str, ...], ...]:
    """Single numbers by line."""
    lines: list[list[str]] = []
    used = 0
    for name, cells in entries:
        size = cells + number + 4
        if not lines or used + size > width:
            lines.append([])
            used = 0
        lines[-1].append(name)
        used += size
    return tuple(map(tuple, lines))


@lru_cache(maxsize=256)
def arrays_of(setting: Setting, box: Box) -> tuple[str, ...]:
    """The symbols that have a line, from top to bottom: what flows forward, its gradients, what follows."""
    beside = {*box.beside}
    order = [name for name in box if name not in beside]
    ranks = {Role.GRADIENT: 1, Role.CONTRIBUTION: 1, Role.STATE: 2, Role.INTERMEDIATE: 2, Role.NEXT: 3}
    writers, symbols = setting.program.writers, setting.program.symbols

    def rank(name: str) -> tuple[int, int]:
        part = ranks.get(symbols[name].role, 0)
        return part, writers.get(name, 0) if part else 0

    return tuple(sorted(order, key=rank))


@lru_cache(maxsize=256)
def of_part(setting: Setting, box: Box, part: int) -> tuple[str, ...]:
    """Those of its symbols that the steps of a part of the iteration write or read."""
    steps = [step for step in setting.program.steps if PASSES[step.phase] == part]
    concerned = {name for step in steps for name in (step.symbol, *step.read)}
    written_here = any(step.symbol in {*box} for step in steps)
    return tuple(name for name in arrays_of(setting, box) if name in concerned) if written_here else ()


@dataclass(frozen=True, eq=False)
class SummaryTable:
    """The lines of some symbols of a box."""

    setting: Setting
    box: Box
    symbols: tuple[str, ...]
    paint: Paint
    title: str

    @cached_property
    def columns(self) -> Columns:
        """Where everything stands."""
        return columns_for(self.setting, self.box)

    def table(self) -> Table:
        """As it is drawn on demand."""
        rows = len(self.symbols) + len(self.columns.lines)
        kept = {column for column, _, _ in self.columns.cells}
        hidden = [HEADINGS[column] for column in HEADINGS if column not in kept]
        notes = [left_out(hidden)] if hidden else []
        if (count := len(arrays_of(self.setting, self.box))) > len(self.symbols):
            shown = len(self.symbols)
            text = words.OF_PHASE.format(shown=shown, count=count)
            briefly, signs = (each.format(shown=shown, count=count) for each in words.OF_PHASE_BRIEFLY)
            notes.insert(0, (text, briefly, signs))
        return Table(self.title, 1, rows, self._place, self._draw, notes)

    def _place(self, symbol: str, index: Index | None) -> int | None:
        del index
        if symbol in self.symbols:
            return self.symbols.index(symbol)
        found = next((at for at, names in enumerate(self.columns.lines) if symbol in names), None)
        if found is not None:
            return len(self.symbols) + found
        read = made_of(self.setting.program, self.box, symbol)
        return next((self.symbols.index(name) for name in read if name in self.symbols), None)

    def _draw(self, first: int, last: int) -> Drawn:
        lines = [self._headings()]
        hits: list[Hit] = []
        for row in range(first, last):
            y = len(lines)
            if row < len(self.symbols):
                pieces, more = self._matrix(self.symbols[row], y)
            else:
                pieces, more = self._numbers(self.columns.lines[row - len(self.symbols)], y)
            lines.append(pieces)
            hits += more
        return lines, hits

    def _headings(self) -> list[Piece]:
        pieces: list[Piece] = [(" ", "space")]
        for column, cells, gap in self.columns.cells:
            text = self._strip_heading(cells) if column == STRIP else HEADINGS.get(column, "")
            shown = shortened(" " * WHOLE + text if column in NUMBERS else text, cells, ascii=self.paint.ascii)
            pieces.append((shown + " " * gap, "quiet"))
        return pieces

    @cached_property
    def _per(self) -> int:
        """How many columns a cell of a strip stands for, the same in all lines of the box."""
        cells = next((cells for column, cells, _ in self.columns.cells if column == STRIP), 1)
        symbols = self.setting.program.symbols
        shapes = (symbols[name].shape for name in arrays_of(self.setting, self.box))
        return -(-max((shape[-1] for shape in shapes if shape), default=1) // cells)

    @cached_property
    def _size(self) -> int:
        """Cells of what stands for so many columns, the same in all lines of the box."""
        cells = next((cells for column, cells, _ in self.columns.cells if column == STRIP), 1)
        symbols = self.setting.program.symbols
        shapes = (symbols[name].shape for name in arrays_of(self.setting, self.box))
        most = max((-(-shape[-1] // self._per) for shape in shapes if shape), default=1)
        return 2 if 2 * most <= cells else 1

    def _strip_heading(self, cells: int) -> str:
        """What a cell of the strip says, in as many words as there is room for."""
        texts = [text.format(count=self._per) for text in (words.STRIPS if self._per > 1 else words.STRIP_EACH)]
        return next((text for text in texts if cell_len(text) <= cells), texts[-1])

    def _matrix(self, symbol: str, y: int) -> tuple[list[Piece], list[Hit]]:
        paint, setting = self.paint, self.setting
        array = paint.moment.values.get(symbol)
        shape = setting.program.symbols[symbol].shape
        measured = None if array is None or not array.size else measures_of(array)
        ground = paint.ground(symbol)
        pieces = [paint.mark(symbol)]
        for column, cells, gap in self.columns.cells:
            strip = column == STRIP
            pieces += self._strip(symbol, measured, cells) if strip else [self._cell(column, symbol, measured, cells)]
            pieces.append((" " * gap, f"text{ground}"))
        foremost = (0,) * len(shape) if measured is None else measured.foremost
        return pieces, [Hit(Area(0, y, setting.width, 1), Element(symbol, foremost))]

    def _cell(self, column: str, symbol: str, measured: Measures | None, cells: int) -> Piece:
        paint, notation = self.paint, self.paint.view.notation
        ground = paint.ground(symbol)
        if column == NAME:
            picked = paint.view.picked is not None and paint.view.picked[0] == symbol
            return fitted_name(
                notation.symbol(symbol), cells, ascii=paint.ascii
            ), "bold text on chosen" if picked else f"bold text{ground}"
        if column == SHAPE:
            shape = notation.sign(written(self.setting.program.symbols[symbol].shape))
            return shortened(shape, cells, ascii=paint.ascii), f"quiet{ground}"
        if measured is None:
            sign = paint.sign(MISSING)
            text = " " * (WHOLE - 1) + missing(cells - WHOLE + 1, sign) if column in NUMBERS else sign.ljust(cells)
            return text, f"faint{ground}"
        if column == SPREAD:
            return _bars(measured.spread, ascii=paint.ascii), f"{self._hue(symbol)}{ground}"
        if column == ZERO:
            return share(measured.zeros).rjust(4).ljust(cells), f"text{ground}"
        value = {NORM: measured.norm, FROM: measured.low, TO: measured.high}[column]
        return pointed(value, cells), paint.key(symbol, value)

    def _hue(self, symbol: str) -> str:
        """The phase that a symbol is made in."""
        place = self.setting.program.writers.get(symbol)
        return "quiet" if place is None else str(self.setting.program.steps[place].phase.value)

    def _strip(self, symbol: str, measured: Measures | None, cells: int) -> list[Piece]:
        """A cell a column, or for several of them the largest; blank at the end."""
        ground = self.paint.ground(symbol)
        if measured is None:
            return [(self.paint.sign(MISSING).ljust(cells), f"faint{ground}")]
        columns = measured.columns
        if len(columns) > 1 and (columns == columns[0]).all():
            text = words.ALL.format(value=squeezed(float(columns[0]), cells - cell_len(words.ALL.format(value=""))))
            return [(shortened(text, cells, ascii=self.paint.ascii), f"quiet{ground}")]
        values = _blocks(columns, self._per)
        size = self._size
        if self.paint.view.plain or self.paint.ascii:
            signs = _shades(values, measured.largest, ascii=self.paint.ascii)
        else:
            signs = _heat(values, measured.largest, ground)
        runs = ((sign * size * len(list(run)), key) for (sign, key), run in groupby(signs))
        return [*runs, (" " * (cells - size * len(values)), f"text{ground}")]

    def _numbers(self, symbols: tuple[str, ...], y: int) -> tuple[list[Piece], list[Hit]]:
        """Single numbers, each with its name."""
        paint = self.paint
        pieces: list[Piece] = []
        hits: list[Hit] = []
        x = 0
        for symbol in symbols:
            name = paint.view.notation.symbol(symbol)
            cells = min(LONGEST_NAME, cell_len(printable(name)))
            value = paint.moment.values.get(symbol)
            pieces += [
                paint.mark(symbol),
                (fitted_name(name, cells, ascii=paint.ascii) + " ", f"bold text{paint.ground(symbol)}"),
                paint.number(symbol, (), None if value is None else float(value), self.columns.number),
                ("  ", "space"),
            ]
            hits.append(Hit(Area(x + 2 + cells, y, self.columns.number, 1), Element(symbol, ())))
            x += cells + self.columns.number + 4
        return pieces, hits


def _bars(counts: Sequence[int], *, ascii: bool) -> str:
    """A bar a part; what holds any number at all is seen."""
    bars = ASCII_BLOCKS if ascii else BLOCKS
    most = max(counts) or 1
    return "".join(bars[max(1, round(count / most * (len(bars) - 1))) if count else 0] for count in counts)


def share(part: float) -> str:
    """A share in percent, which is neither 0 nor 100 unless it is so exactly."""
    percent = round(part * 100)
    if 0 < part < 1:
        percent = min(99, max(1, percent))
    return f"{percent}%"


def _blocks(columns: Array, per: int) -> Array:
    """The largest of each so many neighbours."""
    if per == 1:
        return columns
    filled = np.pad(columns, (0, -len(columns) % per)).reshape(-1, per)
    sizes = np.where(np.isnan(filled), np.inf, np.abs(filled))
    return np.asarray(filled[np.arange(len(filled)), sizes.argmax(axis=1)])


def _heat(values: Array, largest: float, ground: str) -> list[Piece]:
    """Each number as a coloured block, by its share of the largest magnitude; what is above it stays free."""
    finite = np.isfinite(values)
    levels = np.rint(np.where(finite, values, 0.0) / (largest or 1.0) * LEVELS).astype(int).tolist()
    keys = zip(levels, finite.tolist(), strict=True)
    return [(BLOCK, f"heat {level}{ground}") if known else (NOT_A_NUMBER, "bold fails") for level, known in keys]


def _shades(values: Array, largest: float, *, ascii: bool) -> list[Piece]:
    """The same as characters, where there are no colours: blank is 0 and nothing else is."""
    found: list[Piece] = []
    for value in values.tolist():
        shades = (NEGATIVE if value < 0 else POSITIVE)[ascii]
        if not math.isfinite(value):
            found.append((NOT_A_NUMBER, "bold fails"))
        else:
            level = math.ceil(abs(value) / (largest or 1.0) * len(shades) - 1e-9)
            found.append((shades[max(1, level) - 1] if value else " ", "text"))
    return found
