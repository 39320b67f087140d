"""The panel of two branches beside one another: one table, a heading line for each layer, in pages where it is long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Index, written
from gradstep.engine.program.expression import Element
from gradstep.tui.pages.layers.compare import DIFFERENCE, HERE, THERE, Beside, Change, Comparison, Line
from gradstep.tui.pages.layers.layout import WIDEST
from gradstep.tui.pages.layers.model import PASSES, Box
from gradstep.tui.pages.layers.paint import WALL, Paint, fitted_name, shortened
from gradstep.tui.pages.layers.setting import Setting
from gradstep.tui.text.cells import NARROWEST, cell, missing
from gradstep.tui.text.drawing import Area, Drawing, Hit, Panel, drawn
from gradstep.tui.text.folding import ended
from gradstep.tui.text.glyphs import CHANGED, MISSING
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import layers as words

FRAME = 2  # lines
CORNERS = 6  # cells of an edge that no text can take
SAME = "="  # in the place of a difference that is none
OF_MATRICES = ((WIDEST + 1, "largest"), (10, "shape"), (9, "count"), (16, "where"))  # cells of what a line says


def compared_panel(
    setting: Setting, paint: Paint, boxes: Sequence[Box], beside: Beside, part: int, height: int
) -> Panel:
    """One table for all boxes, at most `height` lines high with its frame.

    Where not all rows fit, those that a part of the iteration is about, beside the parameters if they fit; where these
    do not, the page with what was just written.
    """
    table = _Table(Comparison(setting, paint.moment, tuple(boxes), beside), paint)
    room = max(1, height - FRAME - table.numbered)
    lines = table.all.lines(None)
    parts = {0: lines}
    if len(lines) > room:
        parts = {each: table.of_part(each, room) for each in {PASSES[step.phase] for step in setting.program.steps}}
    pages = _pages(parts.get(part, lines), room)
    picked = paint.view.picked
    index = picked[1] if picked is not None and picked[0] == paint.written else None
    page = next(page for among in _among(table, paint.written, index) for page in pages if any(map(among, page)))
    table = replace(table, page=page)
    shown, hits = table.drawn()
    inside = drawn(shown, setting.width, min(height - FRAME, table.numbered + max(map(len, parts.values()))), hits)
    return Panel(table.title, inside, table.aside(pages.index(page), len(pages)), foot=table.foot)


def _among(table: _Table, symbol: str, index: Index | None) -> Iterator[Callable[[Line], bool]]:
    """What the page to be shown has, the best first: the picked row, the symbol, its layer, anything."""
    box = next((at for at, box in enumerate(table.all.boxes) if symbol in {*box}), -1)
    yield lambda line: line.symbol == symbol and (not index or line.lead in (None, index[:-1]))
    yield lambda line: line.symbol == symbol
    yield lambda line: line.box == box
    yield lambda line: True


def _pages(lines: Sequence[Line], room: int) -> list[list[Line]]:
    """Boxes on as few pages as there is room for; one that is higher than that goes on under its heading again."""
    pages: list[list[Line]] = []
    for block in _blocks(lines):
        heading = [line for line in block if not line.symbol]
        rows = block[len(heading) :]
        if pages and len(pages[-1]) + len(block) <= room:
            pages[-1] += block
            continue
        heading = heading if room > 1 else []
        most = max(1, room - len(heading))
        pages += [[*heading, *rows[at : at + most]] for at in range(0, len(rows), most)]
    return pages or [[Line(0)]]


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of each box, its heading first, if it has one."""
    block: list[Line] = []
    for line in lines:
        if block and line.box != block[0].box:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


@dataclass(frozen=True, eq=False)
class _Table:
    """The looks of a comparison. page: the lines that are seen."""

    all: Comparison
    paint: Paint
    page: Sequence[Line] = ()

    def of_part(self, part: int, room: int) -> list[Line]:
        """The lines of a part of the iteration, with those of the parameters, or of what was set by hand, where there
        is room.
        """
        tried = (self.all.lines(part, also) for also in (self.all.kept, self.all.beside.edited))
        return next((lines for lines in tried if len(lines) <= room), self.all.lines(part))

    @cached_property
    def largest(self) -> Change | None:
        """What differs most of what is seen."""
        return self.all.largest({line.symbol for line in self.page})

    # ── in the frame ─────────────────────────────────────────────────────────────────────────────────────────

    @property
    def title(self) -> tuple[Piece, ...]:
        """The two names."""
        said = words.COMPARED.format(branch=self.paint.moment.branch, other=self.all.beside.title)
        return ((self.paint.view.notation.sign(said), "title"),)

    def aside(self, page: int, count: int) -> tuple[Piece, ...]:
        """What differs most of what is seen, and which page this is."""
        notation, largest = self.paint.view.notation, self.largest
        if largest is None:
            told = words.NOTHING_DIFFERS
        else:
            size = cell(float(largest.difference[largest.at or (0,)]), NARROWEST).strip()
            told = words.LARGEST_OF_ALL.format(
                element=notation.element(Element(largest.symbol, largest.at)), difference=size
            )
        paged = words.PAGE.format(page=page + 1, count=count)
        room = self.all.setting.width - sum(len(text) for text, _ in self.title) - CORNERS
        briefly = f"{page + 1}/{count}"
        forms = (words.BETWEEN.join((told, paged)), words.BETWEEN.join((told, briefly)), briefly)
        said = [notation.sign(text) for text in (forms if count > 1 else (told, ""))]
        return ((next((text for text in said if cell_len(text) <= room), said[-1]), "quiet"),)

    @property
    def foot(self) -> Drawing | None:
        """What has no row, and which of the two is not shown."""
        notation, width = self.paint.view.notation, self.all.setting.width - CORNERS
        names = [name for box in self.all.boxes for name in box if name in self.all.fixed]
        parts = [words.SAME_IN_BOTH.format(symbols=", ".join(map(notation.symbol, names)))] if names else []
        if self.all.form[0] and THERE not in self.all.form[0]:
            parts.insert(0, words.NOT_SHOWN.format(groups=self.all.beside.title))
        text = ended(notation.sign(words.BETWEEN.join(parts)), width, ascii=notation.ascii)
        return drawn([((text, "quiet"),)], len(text), 1) if text else None

    @property
    def numbered(self) -> bool:
        """Whether any numbers are shown one by one, under the names of the groups."""
        return any(self.all.small)

    # ── the lines ────────────────────────────────────────────────────────────────────────────────────────────

    def drawn(self) -> tuple[list[list[Piece]], list[Hit]]:
        """The names of the groups, and below them the lines, with what can be clicked in them."""
        shown, hits = [self._groups()] if self.numbered else [], list[Hit]()
        for line in self.page:
            if not line.symbol:
                shown.append(self._heading(line.box))
                continue
            pieces, more = self._row(line, len(shown)) if line.lead is not None else self._matrix(line, len(shown))
            shown.append(pieces)
            hits += more
        return shown, hits

    def _groups(self) -> list[Piece]:
        groups, cells = self.all.form
        here, other, notation = self.paint.moment.branch, self.all.beside.title, self.paint.view.notation
        room = self.all.span(cells) - 1
        said = [notation.sign(text.format(branch=here, other=other)) for text in words.DIFFERENCE_OF]
        difference = next((text for text in said if cell_len(text) + 2 <= room), said[-1])
        titles = {HERE: here, THERE: other, DIFFERENCE: difference}
        pieces: list[Piece] = [(" " * self.all.before, "space")]
        for group in groups:
            pieces.append((self.paint.sign(WALL), "frame"))
            title = shortened(f"  {titles[group]}", room, ascii=self.paint.ascii)
            pieces.append((title, "bold text"))
        return pieces

    def _heading(self, at: int) -> list[Piece]:
        """The layer, and the names of its units over each group; of matrices, what is said of each."""
        box, setting, ascii = self.all.boxes[at], self.all.setting, self.paint.ascii
        name = shortened(f" {box.key}", self.all.before, ascii=ascii)
        if not self.all.small[at]:
            return [(name, "title"), *self._fields(("", words.LARGEST), words.SHAPE, words.DIFFERENCES, words.WHERE)]
        units = setting.units(box.units) if box.units else ()
        groups, cells = self.all.form
        pieces: list[Piece] = [(name, "title")]
        for _ in groups:
            pieces.append((self.paint.sign(WALL), "frame"))
            for column in range(self.all.columns):
                unit = units[column] if column < len(units) and len(units) > 1 else ""
                pieces.append((shortened(f"  {unit}", cells + 1, ascii=ascii), "quiet"))
        return pieces

    def _names(self, line: Line) -> list[Piece]:
        """The symbol and the row."""
        (name, row), ascii = self.all.head, self.paint.ascii
        shown = self.paint.view.notation.symbol(line.symbol) if line.named else ""
        told = self.all.row_name(self.all.boxes[line.box], line.symbol, line.lead or ())
        return [
            (" ", "space"),
            (fitted_name(shown, name, ascii=ascii), "bold text"),
            (" " + fitted_name(told, row, ascii=ascii) + " ", "quiet"),
        ]

    def _row(self, line: Line, y: int) -> tuple[list[Piece], list[Hit]]:
        symbol, lead = line.symbol, line.lead or ()
        (groups, cells), change = self.all.form, self.all.change(symbol)
        shape = tuple(self.all.setting.program.symbols[symbol].shape)
        columns, hits, pieces = shape[-1] if shape else 1, list[Hit](), self._names(line)
        x = self.all.before
        for group in groups:
            pieces.append((self.paint.sign(WALL), "frame"))
            x += 1
            for column in range(self.all.columns):
                if column < columns:
                    index = (*lead, column) if shape else ()
                    pieces += self._number(change, symbol, group, index, cells, first=column == 0)
                    hits.append(Hit(Area(x + 1, y, cells, 1), Element(symbol, index)))
                else:
                    pieces.append((" " * (cells + 1), "space"))
                x += cells + 1
        return pieces, hits

    def _number(
        self, change: Change | None, symbol: str, group: str, index: Index, cells: int, *, first: bool
    ) -> list[Piece]:
        """The cell before a number and the number."""
        paint = self.paint
        if group == HERE:
            mine = paint.moment.values.get(symbol)
            mark = paint.mark(symbol) if first else paint.space(symbol, 1)
            return [mark, paint.number(symbol, index, None if mine is None else float(mine[index]), cells)]
        if change is None:
            return [(" ", "space"), (missing(cells, paint.sign(MISSING)), "faint")]
        at = index or (0,)
        if group == THERE:
            value = float(np.asarray(self.all.beside.values[symbol])[index])
            return [(" ", "space"), (cell(value, cells), "text" if change.mask[at] else "faint")]
        if not change.mask[at]:
            return [(" ", "space"), (missing(cells, SAME), "faint")]
        if change is self.largest and index == change.at:
            return [(paint.sign(CHANGED), "bold text"), (cell(float(change.difference[at]), cells), "bold text")]
        return [(" ", "space"), (cell(float(change.difference[at]), cells), "text")]

    def _matrix(self, line: Line, y: int) -> tuple[list[Piece], list[Hit]]:
        """A whole matrix: where it differs most, and how many of its numbers do."""
        change, notation = self.all.change(line.symbol), self.paint.view.notation
        shape = notation.sign(written(self.all.setting.program.symbols[line.symbol].shape))
        pieces = self._names(line)
        if change is None or not change.mask.any():
            told = missing(WIDEST, self.paint.sign(MISSING) if change is None else SAME)
            return [*pieces, *self._fields((" ", told), shape, "", "", faint=True)], []
        mark = self.paint.sign(CHANGED) if change is self.largest else " "
        value = cell(float(change.difference[change.at or (0,)]), WIDEST)
        element = Element(line.symbol, change.at)
        fields = self._fields((mark, value), shape, f"{int(change.mask.sum()):,}", notation.element(element))
        return [*pieces, *fields], [Hit(Area(0, y, self.all.setting.width, 1), element)]

    def _fields(
        self, largest: tuple[str, str], shape: str, count: str, where: str, *, faint: bool = False
    ) -> list[Piece]:
        """The columns that there is room for."""
        mark, value = largest
        texts = {"largest": (mark or " ") + value, "shape": shape, "count": count, "where": where}
        room = self.all.setting.width - self.all.before
        pieces: list[Piece] = []
        for cells, name in OF_MATRICES:
            if room < cells + 1:
                break
            key = (
                "bold text"
                if mark.strip() and name == "largest"
                else "text"
                if name in ("largest", "count")
                else "quiet"
            )
            key = "faint" if faint else key if mark else "quiet"
            pieces.append((shortened(texts[name], cells, ascii=self.paint.ascii) + " ", key))
            room -= cells + 1
        return pieces
