"""The tables where values of another branch, or of anybody, lie beside those of a moment: only the rows that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array, Index, Mask, differing, written
from gradstep.engine.program.expression import Element
from gradstep.tui.pages.layers.layout import MOST_COLUMNS, WIDEST
from gradstep.tui.pages.layers.model import Box
from gradstep.tui.pages.layers.paint import WALL, Paint, fitted_name, shortened
from gradstep.tui.pages.layers.setting import Setting
from gradstep.tui.pages.layers.table import Drawn, Table, left_out
from gradstep.tui.text.cells import NARROWEST, cell, width_of
from gradstep.tui.text.drawing import Area, Hit
from gradstep.tui.text.glyphs import CHANGED, printable
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import layers as words

LONGEST_NAME = 14
HERE, THERE, DIFFERENCE = "here", "there", "difference"
ORDERS = ((HERE, THERE, DIFFERENCE), (HERE, DIFFERENCE))


@dataclass(frozen=True, eq=False)
class Beside:
    """Other values of the same symbols, laid beside those of a moment: another branch's. title: whose."""

    title: str
    values: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class _Change:
    """A symbol that differs. largest: the largest magnitude of a difference, infinite where one is no number."""

    symbol: str
    mask: Mask
    difference: Array
    largest: float
    at: Index


def compared_tables(setting: Setting, paint: Paint, titled: Sequence[tuple[Box, str]], beside: Beside) -> list[Table]:
    """A table for each box in which something differs, and one line that names what is the same in all others."""
    found: list[tuple[str, Box, list[_Change], list[str]]] = []
    same_elsewhere: list[str] = []
    for box, title in titled:
        changes, same = _changes(paint, box, beside)
        if changes:
            found.append((title, box, changes, same))
        else:
            same_elsewhere += same
    largest = max(
        (change for _, _, changes, _ in found for change in changes), key=lambda each: each.largest, default=None
    )
    tables = [
        _Compared(setting, box, paint, title, beside, tuple(changes), tuple(same), largest).table()
        for title, box, changes, same in found
    ]
    branch = paint.moment.branch
    if not tables:
        said = words.NOTHING_DIFFERS.format(branch=branch, other=beside.title)
        tables.append(_said(words.COMPARED.format(branch=branch, other=beside.title), said, setting, paint))
    if same_elsewhere and found:
        names = ", ".join(map(paint.view.notation.symbol, same_elsewhere))
        title = words.COMPARED.format(branch=branch, other=beside.title)
        tables.append(_said(title, words.SAME_IN_BOTH.format(symbols=names), setting, paint, same_elsewhere))
    return tables


def _said(title: str, text: str, setting: Setting, paint: Paint, names: Sequence[str] = ()) -> Table:
    """A line of text in a frame, about some symbols."""
    line: list[Piece] = [(shortened(f" {text}", setting.width, ascii=paint.ascii), "quiet")]
    return Table(title, 0, 1, lambda symbol, index: 0 if symbol in names else None, lambda first, last: ([line], []))


def _changes(paint: Paint, box: Box, beside: Beside) -> tuple[list[_Change], list[str]]:
    """What differs among the symbols of a box, and the others by name."""
    changes, same = list[_Change](), list[str]()
    for name in box:
        mine, theirs = paint.moment.values.get(name), beside.values.get(name)
        if mine is None or theirs is None:
            continue
        mask = np.atleast_1d(differing(mine, theirs))
        if not mask.any():
            same.append(name)
            continue
        with np.errstate(all="ignore"):
            difference = np.atleast_1d(np.asarray(mine - theirs))
        sizes = np.where(mask, np.where(np.isnan(difference), np.inf, np.abs(difference)), -1.0)
        at = tuple(int(place) for place in np.unravel_index(int(sizes.argmax()), sizes.shape))
        changes.append(_Change(name, mask, difference, float(sizes.max()), at if mine.shape else ()))
    return changes, same


@dataclass(frozen=True, eq=False)
class _Compared:
    """One box. largest: what differs most anywhere."""

    setting: Setting
    box: Box
    paint: Paint
    title: str
    beside: Beside
    changes: tuple[_Change, ...]
    same: tuple[str, ...]
    largest: _Change | None

    @cached_property
    def columns(self) -> int:
        """In a group."""
        return max(int(change.mask.shape[-1]) for change in self.changes)

    @cached_property
    def head(self) -> tuple[int, int]:
        """Cells of the names of symbols and rows."""
        notation = self.paint.view.notation
        names = max(cell_len(printable(notation.symbol(change.symbol))) for change in self.changes)
        subs = max((cell_len(self._row_name(name, lead)) for name, lead in self.rows), default=0)
        return min(names, LONGEST_NAME, self.setting.width // 4), min(subs, 8)

    @cached_property
    def form(self) -> tuple[tuple[str, ...], int]:
        """The groups and the cells of a number; no groups where there is room for none."""
        if self.columns > MOST_COLUMNS:
            return (), NARROWEST
        asked = width_of(self.setting.digits) if self.setting.digits else WIDEST
        for groups in ORDERS:
            for cells in dict.fromkeys((asked, *range(min(asked, WIDEST), NARROWEST - 1, -1))):
                if sum(self.head) + 3 + len(groups) * self._span(cells) <= self.setting.width:
                    return groups, cells
        return (), NARROWEST

    def _span(self, cells: int) -> int:
        return 1 + self.columns * (cells + 1)

    @cached_property
    def rows(self) -> list[tuple[str, Index]]:
        """The rows that differ: the symbol and the leading indices."""
        if self.columns > MOST_COLUMNS:
            return []
        found: list[tuple[str, Index]] = []
        for change in self.changes:
            places = np.argwhere(change.mask.any(axis=-1)).tolist()
            found += [(change.symbol, tuple(place)) for place in places]
        return found

    @cached_property
    def _by_name(self) -> dict[str, _Change]:
        return {change.symbol: change for change in self.changes}

    def _row_name(self, name: str, lead: Index) -> str:
        source = self.box.sources.get(self.setting.program.symbols[name].of or name)
        if source is not None and lead:
            return printable(self.setting.units(source)[lead[-1]])
        shape = self._by_name[name].mask.shape
        return ",".join(map(str, lead)) if len(shape) > 1 and shape[-2] > 1 else ""

    def table(self) -> Table:
        """As it is drawn on demand."""
        groups, _ = self.form
        count = len(self.rows) if groups else len(self.changes)
        hidden = [self.beside.title] if groups and THERE not in groups else []
        notes = [left_out(hidden)] if hidden else []
        draw = self._draw if groups else self._draw_lines
        return Table(self.title, 2 if groups else 1, count + bool(self.same), self._place, draw, notes)

    def _place(self, symbol: str, index: Index | None) -> int | None:
        names = [name for name, _ in self.rows] if self.form[0] else [change.symbol for change in self.changes]
        exact = (symbol, tuple(index[:-1])) if index else None
        if exact is not None and self.form[0] and exact in self.rows:
            return self.rows.index(exact)
        if symbol in names:
            return names.index(symbol)
        return len(names) if symbol in self.same else None

    def _same(self) -> list[Piece]:
        names = ", ".join(map(self.paint.view.notation.symbol, self.same))
        text = words.SAME_IN_BOTH.format(symbols=names)
        return [(shortened(f" {text}", self.setting.width, ascii=self.paint.ascii), "quiet")]

    # Number by number

    def _draw(self, first: int, last: int) -> Drawn:
        groups, cells = self.form
        lines, hits = [self._titles(groups, cells), self._units(groups, cells)], list[Hit]()
        before = ""
        for row in range(first, last):
            if row >= len(self.rows):
                lines.append(self._same())
                continue
            symbol, lead = self.rows[row]
            pieces, more = self._row(symbol, lead, len(lines), named=symbol != before)
            lines.append(pieces)
            hits += more
            before = symbol
        return lines, hits

    def _titles(self, groups: tuple[str, ...], cells: int) -> list[Piece]:
        titles = {HERE: self.paint.moment.branch, THERE: self.beside.title, DIFFERENCE: words.DIFFERENCE}
        pieces: list[Piece] = [(" " * (sum(self.head) + 3), "space")]
        for group in groups:
            pieces.append((self.paint.sign(WALL), "frame"))
            pieces.append((shortened(f"  {titles[group]}", self._span(cells) - 1, ascii=self.paint.ascii), "bold text"))
        return pieces

    def _units(self, groups: tuple[str, ...], cells: int) -> list[Piece]:
        units = self.setting.units(self.box.units) if self.box.units else tuple(map(str, range(self.columns)))
        pieces: list[Piece] = [(" " * (sum(self.head) + 3), "space")]
        for _ in groups:
            pieces.append((self.paint.sign(WALL), "frame"))
            for column in range(self.columns):
                unit = units[column] if column < len(units) and self.columns > 1 else ""
                pieces.append((shortened(f"  {unit}", cells + 1, ascii=self.paint.ascii), "quiet"))
        return pieces

    def _row(self, symbol: str, lead: Index, y: int, *, named: bool) -> tuple[list[Piece], list[Hit]]:
        paint, (name, sub) = self.paint, self.head
        groups, cells = self.form
        change = self._by_name[symbol]
        shown = paint.view.notation.symbol(symbol) if named else ""
        pieces: list[Piece] = [
            (" ", "space"),
            (fitted_name(shown, name, ascii=paint.ascii), "bold text"),
            (" " + fitted_name(self._row_name(symbol, lead), sub, ascii=paint.ascii) + " ", "quiet"),
        ]
        x = name + sub + 3
        hits: list[Hit] = []
        mine, theirs = (np.atleast_1d(values[symbol])[lead] for values in (paint.moment.values, self.beside.values))
        numbers = {HERE: mine, THERE: theirs, DIFFERENCE: change.difference[lead]}
        for group in groups:
            pieces.append((paint.sign(WALL), "frame"))
            x += 1
            for column in range(self.columns):
                if column >= change.mask.shape[-1]:
                    pieces.append((" " * (cells + 1), "space"))
                    x += cells + 1
                    continue
                index = (*lead, column) if paint.moment.values[symbol].shape else ()
                pieces += self._number(
                    change,
                    group,
                    index,
                    float(numbers[group][column]),
                    cells,
                    differs=bool(change.mask[lead][column]),
                    first=column == 0,
                )
                hits.append(Hit(Area(x + 1, y, cells, 1), Element(symbol, index)))
                x += cells + 1
        return pieces, hits

    def _number(
        self, change: _Change, group: str, index: Index, value: float, cells: int, *, differs: bool, first: bool
    ) -> list[Piece]:
        """The cell before a number and the number."""
        paint = self.paint
        if group == HERE:
            mark = paint.mark(change.symbol) if first else paint.space(change.symbol, 1)
            return [mark, paint.number(change.symbol, index, value, cells)]
        if group == DIFFERENCE and change is self.largest and index == change.at:
            return [(paint.sign(CHANGED), "bold text"), (cell(value, cells), "bold text")]
        return [(" ", "space"), (cell(value, cells), "text" if differs else "faint")]

    # Matrix by matrix

    def _draw_lines(self, first: int, last: int) -> Drawn:
        name = max(cell_len(printable(self.paint.view.notation.symbol(change.symbol))) for change in self.changes)
        name = min(name, LONGEST_NAME, self.setting.width // 4)
        lines = [self._line("", words.SHAPE, words.DIFFERENCES, f" {words.LARGEST}", words.WHERE, name, " ")]
        hits: list[Hit] = []
        for row in range(first, last):
            if row >= len(self.changes):
                lines.append(self._same())
                continue
            change = self.changes[row]
            notation = self.paint.view.notation
            shape = notation.sign(written(self.setting.program.symbols[change.symbol].shape))
            at = tuple(change.at) if change.at else (0,)
            marked = self.paint.sign(CHANGED) if change is self.largest else " "
            value = cell(float(change.difference[at]), WIDEST)
            where = notation.element(Element(change.symbol, change.at))
            hits.append(Hit(Area(0, len(lines), self.setting.width, 1), Element(change.symbol, change.at)))
            lines.append(
                self._line(
                    notation.symbol(change.symbol), shape, f"{int(change.mask.sum()):,}", value, where, name, marked
                )
            )
        return lines, hits

    def _line(self, symbol: str, shape: str, count: str, value: str, where: str, name: int, mark: str) -> list[Piece]:
        """The columns that there is room for."""
        ascii = self.paint.ascii
        style = "text" if symbol else "quiet"
        bold = "bold text" if mark.strip() else style
        pieces: list[Piece] = [(" ", "space"), (fitted_name(symbol, name, ascii=ascii) + " ", "bold text")]
        room = self.setting.width - name - 2
        for text, cells, key in (
            (mark + value, WIDEST + 1, bold),
            (shape, 10, "quiet"),
            (count, 9, style),
            (where, 16, "quiet"),
        ):
            if room < cells + 1:
                break
            pieces.append((shortened(text, cells, ascii=ascii) + " ", key))
            room -= cells + 1
        return pieces
