"""A box as a table of numbers: one column a unit, in groups value, gradient, state of the optimizer, next."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Index, Shape, written
from gradstep.engine.program.program import GRADIENTS, Role, Symbol
from gradstep.tui.pages.layers.layout import (
    BESIDE,
    CAPTION,
    PART,
    SAMPLES,
    WIDE,
    Block,
    Layout,
)
from gradstep.tui.pages.layers.line import Line
from gradstep.tui.pages.layers.model import GRADIENT, NEXT, PASSES, VALUE, Family, leads, made_of, slice_of
from gradstep.tui.pages.layers.naming import LONGEST_NAME, labelled, row_names
from gradstep.tui.pages.layers.paint import WALL, Paint, fitted_name, shortened
from gradstep.tui.pages.layers.table import Drawn, Table, left_out
from gradstep.tui.text.drawing import Hit
from gradstep.tui.text.glyphs import Mark
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import layers as words

LINE, BACK = Mark("─", "-"), Mark("◂", "=")
LEAST_NAME = 6  # cells in which a gradient is named behind its numbers
GROUPS = {VALUE: words.VALUE, GRADIENT: words.GRADIENT, NEXT: words.NEXT}


@dataclass(frozen=True, eq=False)
class NumberTable:
    """A layout with the numbers of a moment in it."""

    layout: Layout
    paint: Paint
    title: str

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Those in view: the page that holds what was just written."""
        step = self.paint.moment.step
        pages = self.layout.pages[PASSES[step.phase] if step else 0]
        written = self._group_of(self.paint.written)
        return next((page for page in pages if written in page), pages[0])

    def _group_of(self, symbol: str) -> str:
        for family in self.layout.box.table:
            for group, name in family.members.items():
                if name == symbol:
                    return group
            if symbol in family.parts:
                return GRADIENT
        return ""

    def table(self) -> Table:
        """As it is drawn on demand."""
        hidden = [self._group_name(group) for group in self.layout.groups if group not in self.groups]
        notes = [left_out(hidden)] if hidden else []
        layout = self.layout
        return Table(
            self.title,
            1,
            layout.rows,
            self._place,
            self._draw,
            notes,
            above=layout.above,
            groups=self._over() if not self._heads_groups else (),
            line=self.paint.sign(LINE),
            breaks=[end - block.lines for block, end in zip(layout.blocks, self._ends, strict=True)],
        )

    @property
    def _heads_groups(self) -> bool:
        """Whether groups are named in the headings: where columns have no names and each group is one, and of one unit
        where rows of inputs lie below the upper edge.
        """
        return self.layout.columns == 1 and (self.layout.above > 1 or not self.layout.box.units)

    def _over(self) -> list[tuple[int, int, str]]:
        """The names of the groups after the first, with the cells they have in the upper edge."""
        begin = self.layout.head
        found: list[tuple[int, int, str]] = []
        for group in self.groups:
            end = begin + self.layout.group(group)
            found.append((begin + self.layout.begin, end, self.paint.view.notation.sign(self._group_name(group))))
            begin = end
        return [each for each in found if each[2] != words.VALUE]

    def _group_name(self, group: str) -> str:
        return GROUPS.get(group) or self._state_name(group, "").rstrip("_") or words.STATE

    # Where a symbol stands

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(block.lines for block in self.layout.blocks))

    def _place(self, symbol: str, index: Index | None) -> int | None:
        row = (0, *index)[-2] if index else 0
        for block, end in zip(self.layout.blocks, self._ends, strict=True):
            begin = end - block.lines
            if block.kind == BESIDE:
                lines = self.layout.beside_lines
                found = next((at for at, names in enumerate(lines) if symbol in names), None)
                if found is not None:
                    return begin + found
            elif block.kind == WIDE:
                if block.symbol == symbol:
                    column = index[-1] if index else 0
                    return begin + row * block.chunks + column // self.layout.per_line(symbol)
            elif block.kind == SAMPLES:
                if symbol in block.beside:
                    return begin + 1 + row
            elif block.kind == PART:
                if block.symbol == symbol:
                    return begin + row
            elif block.kind != CAPTION and block.family and symbol in block.family.members.values():
                return begin + row
            spot = self.layout.spot
            if spot is not None and block.family is spot[0] and symbol in self.layout.beside:
                return begin + spot[1]
        read = (self._place(name, None) for name in made_of(self.layout.setting.program, self.layout.box, symbol))
        return next((row for row in read if row is not None), None)

    # What stands there

    def _draw(self, first: int, last: int) -> Drawn:
        lines: list[list[Piece]] = []
        hits: list[Hit] = []
        headings = max(self.layout.above, first)
        for row in range(first, last):
            if row == headings:
                lines.append(self._headings())
            at = bisect_right(self._ends, row)
            block = self.layout.blocks[at]
            inside = row - (self._ends[at] - block.lines)
            line = Line(len(lines), [], [])
            self._line(line, block, inside, named=inside == 0 or row == first)
            lines.append(line.pieces)
            hits += line.hits
        return lines if last > headings else [*lines, self._headings()], hits

    def _headings(self) -> list[Piece]:
        layout = self.layout
        line = Line(0, [], [])
        line.space(layout.head)
        for group in self.groups:
            self._wall(line)
            if not layout.tight:
                line.space(1)
            labels = layout.label + 1 if layout.label and group == VALUE else 0
            for column in range(layout.columns):
                line.space((layout.gap if column else 0) + labels + 1)
                cells = layout.cell - 1
                line.add(shortened(self._heading(group, column, cells), cells, ascii=self.paint.ascii), "quiet", cells)
        return line.pieces

    def _heading(self, group: str, column: int, cells: int) -> str:
        layout = self.layout
        if not layout.box.units:
            return self._group_name(group) if layout.columns == 1 else str(column)
        if self._heads_groups and group != VALUE:
            return self._group_name(group)
        name = layout.setting.units(layout.box.units)[column]
        whole = words.UNIT.format(unit=name)
        return whole if name.isdecimal() and cell_len(whole) <= cells else name

    def _state_name(self, group: str, unit: str) -> str:
        """What an optimizer's symbol would be called if its parameter were called like a unit."""
        symbols = self.layout.setting.program.symbols
        name = next(family.members[group] for family in self.layout.box.table if group in family.members)

        def named(symbol: Symbol) -> str:
            if symbol.role is Role.NEXT and symbol.of:
                return named(symbols[symbol.of]).rstrip("_" if not unit else "") + "⁺"
            return symbol.derived(unit) or (symbol.name.removesuffix(symbol.of) + unit if symbol.of else symbol.name)

        return self.paint.view.notation.sign(named(symbols[name]))

    def _wall(self, line: Line) -> None:
        line.add(self.paint.sign(WALL), "frame", 1)

    def _begin(self, line: Line, symbol: str) -> None:
        """The wall before a group and the mark of its symbol, or, where it is tight, one of them."""
        mark = self.paint.mark(symbol)
        if not self.layout.tight:
            self._wall(line)
            line.add(*mark, 1)
        elif mark[0].strip():
            line.add(*mark, 1)
        else:
            self._wall(line)

    def _line(self, line: Line, block: Block, row: int, *, named: bool) -> None:
        if block.kind == BESIDE:
            line.space(1)
            self._entries(line, self.layout.beside_lines[row])
        elif block.kind == SAMPLES:
            self._sample(line, block, row - 1) if row else self._sample_headings(line, block)
        elif block.family is None:
            return
        elif block.kind == CAPTION:
            self._caption(line, block.family)
        elif block.kind == WIDE:
            self._wide(line, block, row, named=named)
        else:
            self._row(line, block, row, named=named)

    def _head(self, line: Line, name: str, sub: str, *, named: bool) -> None:
        layout, ascii = self.layout, self.paint.ascii
        line.space(1)
        shown = self.paint.view.notation.symbol(name) if named else ""
        line.add(fitted_name(shown, layout.name, ascii=ascii), "bold text", layout.name)
        if layout.sub:
            line.space(1)
            line.add(fitted_name(sub, layout.sub, ascii=ascii), "quiet", layout.sub)
        line.space(1)

    def _caption(self, line: Line, family: Family) -> None:
        base = family.base
        at = self._slice(base.shape, family.symbols)
        said = words.SLICE.format(slice=f"[{', '.join([*map(str, at), ':', ':'])}]", shape=written(base.shape))
        notation = self.paint.view.notation
        line.space(1)
        line.pieces.append((f"{notation.symbol(base.name)} {notation.sign(said)}", "quiet"))

    def _slice(self, shape: Shape, symbols: tuple[str, ...]) -> Index:
        picked = self.paint.view.picked
        return slice_of(shape, picked[1] if picked and picked[0] in symbols else None)

    def _row(self, line: Line, block: Block, row: int, *, named: bool) -> None:
        family = block.family
        assert family is not None, "rows of a table are a family's"
        layout = self.layout
        base = family.base
        part = block.kind == PART
        members = {GRADIENT: block.symbol} if part else family.members
        shape = layout.shape(block.symbol) if part else base.shape
        lead = (*self._slice(shape, family.symbols), row) if len(shape) > 1 else ()
        names = row_names(layout.setting, layout.box, family) if leads(shape) == leads(base.shape) else ()
        self._head(line, block.symbol if part else base.name, names[row] if row < len(names) else "", named=named)
        passed, spot = False, None
        if not part and layout.spot is not None and layout.spot[:2] == (family, row):
            spot = layout.spot[2]
        for group in self.groups:
            symbol = members.get(group)
            if symbol is not None:
                passed = passed or group == GRADIENT
                label = layout.label if group == VALUE else 0
                self._numbers(line, symbol, lead, label, shows=labelled(layout.setting, layout.box, family))
            elif spot == group:
                self._wall(line)
                self._entries(line, layout.beside)
            elif line.x + layout.group(group) <= layout.setting.width and not (
                passed and self._called(line, base, members, row)
            ):
                self._wall(line)
                line.space(layout.group(group) - 1)
        if GRADIENT in self.groups and {*self.groups} <= {*members}:
            self._called(line, base, members, row)
        if spot == "":
            line.space(1)
            self._entries(line, layout.beside)

    def _called(self, line: Line, base: Symbol, members: Mapping[str, str], row: int) -> bool:
        """The name of a gradient where it is not that of its line, behind its numbers and without a wall between."""
        symbol = members.get(GRADIENT)
        room = self.layout.setting.width - line.x
        if row or symbol is None or GRADIENT not in self.groups or len(members) > 2 or room < LEAST_NAME:
            return False
        is_gradient = self.layout.setting.program.symbols[symbol].role in GRADIENTS
        if not is_gradient or named_after(self.paint, base, symbol):
            return False
        name = self.paint.view.notation.symbol(symbol)
        called = words.CALLED.format(name=name)  # without the word it would be read as what stands in the next group
        text = f" {self.paint.sign(BACK)} {called if cell_len(called) + 3 <= room else name}"
        key = f"bold {self.paint.hue}" if symbol == self.paint.written else "quiet"
        line.add(shortened(text, room, ascii=self.paint.ascii), key, room)
        return True

    def _numbers(self, line: Line, symbol: str, lead: Index, label: int, *, shows: bool) -> None:
        """One group of a line: a mark, and for each column perhaps a label and the number."""
        layout, paint = self.layout, self.paint
        shape = layout.shape(symbol)
        count = shape[-1] if shape else 1
        values = paint.moment.values.get(symbol)
        numbers = None if values is None else np.atleast_1d(values[lead]).tolist()
        self._begin(line, symbol)
        for column in range(layout.columns):
            if column >= count:
                line.space((layout.gap if column else 0) + (label + 1 if label else 0) + layout.cell)
                continue
            index = (*lead, column) if shape else ()
            if column and layout.gap:
                line.add(*paint.space(symbol, layout.gap), layout.gap)
            if label:
                self._label(line, symbol, index, label, shows=shows)
            line.number(paint, symbol, index, None if numbers is None else numbers[column], layout.cell)

    def _label(self, line: Line, symbol: str, index: Index, cells: int, *, shows: bool) -> None:
        text = self.paint.view.notation.label(symbol, index) if shows else ""
        line.add(fitted_name(text, cells, ascii=self.paint.ascii) + " ", f"label{self.paint.ground(symbol)}", cells + 1)

    def _wide(self, line: Line, block: Block, at: int, *, named: bool) -> None:
        layout, paint, symbol = self.layout, self.paint, block.symbol
        row, chunk = divmod(at, block.chunks)
        shape = layout.shape(symbol)
        lead = (*self._slice(shape, (symbol,)), row) if len(shape) > 1 else ()
        several = len(shape) > 1 and shape[-2] > 1
        pad = layout.begin - 1
        self._head(line, symbol, str(row) if several else "", named=named)
        values = paint.moment.values.get(symbol)
        count, most = (shape[-1] if shape else 1), layout.per_line(symbol)
        numbers = None if values is None else np.atleast_1d(values[lead]).tolist()
        label = layout.wide_label(symbol) - 1
        line.space(pad)
        line.mark(paint, symbol)
        for column in range(chunk * most, min(count, (chunk + 1) * most)):
            index = (*lead, column) if shape else ()
            if column % most and layout.gap:
                line.add(*paint.space(symbol, layout.gap), layout.gap)
            if label > 0:
                self._label(line, symbol, index, label, shows=True)
            line.number(paint, symbol, index, None if numbers is None else numbers[column], layout.cell)

    def _sample_headings(self, line: Line, block: Block) -> None:
        """The names of symbols side by side, over their first numbers; over the others of a line their units."""
        layout, notation = self.layout, self.paint.view.notation
        line.space(layout.head)
        for symbol in block.beside:
            self._wall(line)
            units = layout.setting.units(symbol)
            labels = layout.sample_label(symbol) + 1 if layout.sample_label(symbol) else 0
            named = notation.symbol(symbol)
            line.space(layout.begin)
            if len(units) == 1:
                cells = layout.sample(symbol) - layout.begin - 1
                line.add(fitted_name(named, cells, ascii=self.paint.ascii), "bold text", cells)
                continue
            for column, unit in enumerate(units):
                is_last = column == len(units) - 1
                cells = labels + layout.sample_cell(symbol) + (-1 if is_last else 1)
                both = words.NUMBERED.format(group=named, unit=unit)
                first = both if cell_len(both) < cells else named
                line.add(
                    fitted_name(unit if column else first, cells, ascii=self.paint.ascii),
                    "quiet" if column else "bold text",
                    cells,
                )

    def _sample(self, line: Line, block: Block, row: int) -> None:
        """A row of each of the symbols side by side."""
        layout, paint = self.layout, self.paint
        self._head(line, "", str(row), named=False)
        for symbol in block.beside:
            values = paint.moment.values.get(symbol)
            numbers = None if values is None else values[row].tolist()
            label = layout.sample_label(symbol)
            self._begin(line, symbol)
            for column in range(layout.shape(symbol)[-1]):
                if column:
                    line.add(*paint.space(symbol, 1), 1)
                if label:
                    self._label(line, symbol, (row, column), label, shows=True)
                value = None if numbers is None else numbers[column]
                line.number(paint, symbol, (row, column), value, layout.sample_cell(symbol))

    def _entries(self, line: Line, symbols: tuple[str, ...]) -> None:
        """Single numbers one after the other, each with its name."""
        paint = self.paint
        for place, symbol in enumerate(symbols):
            if place:
                line.space(2)
            name = paint.view.notation.symbol(symbol)
            cells = min(LONGEST_NAME, self.layout.entry(symbol) - self.layout.cell - 2)
            line.mark(paint, symbol)
            line.add(fitted_name(name, cells, ascii=paint.ascii) + " ", f"quiet{paint.ground(symbol)}", cells + 1)
            value = paint.moment.values.get(symbol)
            line.number(paint, symbol, (), None if value is None else float(value), self.layout.cell)


def named_after(paint: Paint, base: Symbol, gradient: str) -> bool:
    """Whether a gradient is called as the headings say: ∂E/∂ and the name of the line."""
    notation = paint.view.notation
    said = notation.sign(notation.names.gradient(notation.symbol(base.name)))
    return notation.symbol(gradient) == said
