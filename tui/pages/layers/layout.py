"""Where everything stands in a table of numbers: how wide its columns are, which groups of them there are, which lines.

Where there is no room for every group at the fewest digits, groups are left out: which, follows from the part of the
iteration, for what a step of it writes must be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from rich.cells import cell_len

from gradstep.engine.arrays import Shape
from gradstep.engine.program.program import Role
from gradstep.tui.pages.layers.model import (
    GRADIENT,
    MEASURED,
    NEXT,
    PASSES,
    STATE,
    VALUE,
    Box,
    Family,
    beside_of,
    leads,
)
from gradstep.tui.pages.layers.naming import (
    LONGEST_LABEL,
    LONGEST_NAME,
    widest_label,
)
from gradstep.tui.pages.layers.setting import Setting
from gradstep.tui.text.glyphs import printable

MOST_COLUMNS, MOST_ROWS = 12, 32  # of a table of numbers; what is larger has a line a matrix
WIDEST = 12  # cells of a number, unless more digits are asked for
MOST_GAP = 3
APART = 2  # cells of a column of short data beyond its name, for the number of an input
HOPELESS = 10**9  # lines
TABLE, PART, WIDE, BESIDE, CAPTION, SAMPLES = "table", "part", "wide", "beside", "caption", "samples"


@dataclass(frozen=True, eq=False)
class Block:
    """Lines of a kind: rows of a family, of one symbol, or of single numbers. chunks: lines that one row takes.

    beside: the single numbers, or the symbols that stand side by side, a line a sample, under a line of their names.
    """

    kind: str
    lines: int
    family: Family | None = None
    symbol: str = ""
    chunks: int = 1
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Layout:
    """Cells of the parts of a table's lines.

    name, sub: of the names of a line's symbol and of its row; cell: of a number; label: of labels in the first group,
    0 where there are none; columns: in a group; gap: between two; groups: those there are; tight: whether the bar
    before numbers takes the place of the wall.
    """

    setting: Setting
    box: Box
    name: int
    sub: int
    cell: int
    label: int
    columns: int
    gap: int
    groups: tuple[str, ...]
    tight: bool = False

    @property
    def head(self) -> int:
        """Cells before the first group."""
        return 1 + self.name + (1 + self.sub if self.sub else 0) + 1

    @property
    def begin(self) -> int:
        """Cells of a group before its first number: the wall and the bar."""
        return 1 if self.tight else 2

    def group(self, group: str) -> int:
        """Cells of a group, with the wall before it."""
        labels = self.label + 1 if self.label and group == VALUE else 0
        return self.begin + self.columns * (labels + self.cell) + (self.columns - 1) * self.gap

    def span(self, groups: Sequence[str]) -> int:
        """Cells of a line with these groups."""
        return self.head + sum(map(self.group, groups))

    @property
    def whole(self) -> bool:
        """Whether all groups fit."""
        return self.span(self.groups) <= self.setting.width

    @cached_property
    def pages(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """By part of the iteration, the groups that are seen together: one page of them, or several."""
        return tuple(self._pages(wanted) for wanted in _written_groups(self.setting, self.box))

    def _pages(self, written: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        if self.whole:
            return (self.groups,)
        if self.span(written) <= self.setting.width:
            seen = {*written}
            for group in self.groups:
                if self.span([*seen - {group}, group]) <= self.setting.width:
                    seen.add(group)
            return (tuple(group for group in self.groups if group in seen),)
        pages: list[tuple[str, ...]] = [()]
        for group in written:
            if pages[-1] and self.span((*pages[-1], group)) > self.setting.width:
                pages.append(())
            pages[-1] = (*pages[-1], group)
        return tuple(pages)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The lines, from top to bottom."""
        sampled = {name for band in self.samples for name in band}
        blocks = [block for family in self.box.above for block in self._wide(family) if block.symbol not in sampled]
        for family in self.box.table:
            if family.base.name in sampled:
                continue
            shape = family.base.shape
            if len(shape) > 2:
                blocks.append(Block(CAPTION, 1, family))
            blocks.append(Block(TABLE, leads(shape), family))
            blocks += [Block(PART, leads(self.shape(name)), family, name) for name in family.parts]
        count = self._batch() + 1
        blocks += [Block(SAMPLES, count, beside=band) for band in self.samples]
        blocks += [block for family in self.box.below for block in self._wide(family)]
        if self.beside and not self.spot:
            blocks.append(Block(BESIDE, len(self.beside_lines), beside=self.beside))
        return tuple(blocks)

    # A line a sample

    def _batch(self) -> int:
        """How many rows the values of the units have."""
        shape = self.shape(self.box.units) if self.box.units else ()
        return shape[0] if len(shape) == 2 else 1

    @cached_property
    def samples(self) -> tuple[tuple[str, ...], ...]:
        """Of a batch, the symbols that stand side by side, in bands; none where that takes more lines than a list."""
        count, symbols = self._batch(), self.setting.program.symbols
        if count < 2:
            return ()

        def rows(families: Sequence[Family]) -> list[Family]:
            kept = (family for family in families if family.base.role is not Role.PARAMETER)
            return [
                each for each in kept if all(len(s := self.shape(name)) == 2 and s[0] == count for name in each.symbols)
            ]

        inputs, values = rows(self.box.above), rows(self.box.table)
        names = [family.base.name for family in values]
        writers = self.setting.program.writers
        late = [name for family in values for name in family.symbols if symbols[name] is not family.base]
        names += sorted(late, key=lambda name: writers.get(name, 0))
        given = [family.base.name for family in inputs if len(family.symbols) == 1]
        listed = sum(count * (1 + len(family.parts)) for family in values)
        apart = sum(block.lines for family in inputs for block in self._wide(family) if block.symbol in given)
        found = [(listed + apart, 1, ()), (self._lines(self._bands(names)) + apart, 2, self._bands(names))]
        found.append((self._lines(self._bands(given + names)), 0, self._bands(given + names)))
        return min((each for each in found if each[0]), key=lambda each: each[:2])[2]

    def _lines(self, bands: Sequence[Sequence[str]]) -> int:
        return len(bands) * (self._batch() + 1) or HOPELESS

    def _bands(self, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """Symbols in as few bands as there is room for; none where one is wider than that."""
        room = self.setting.width - self.head
        bands: list[tuple[str, ...]] = []
        used = room + 1
        for name in names:
            cells = self.sample(name)
            if cells > room:
                return ()
            if used + cells > room:
                bands.append(())
                used = 0
            bands[-1] = (*bands[-1], name)
            used += cells
        return tuple(bands)

    def sample(self, name: str) -> int:
        """Cells of a symbol's numbers in the line of a sample, with the wall before them."""
        columns, label = self.shape(name)[-1], self.sample_label(name)
        return self.begin + columns * ((label + 1 if label else 0) + self.sample_cell(name)) + columns - 1

    def sample_cell(self, name: str) -> int:
        """Cells of a number there: fewer where the data are short, so that rows of them have room for all."""
        data = self.setting.data_cells(name)
        named = cell_len(printable(self.setting.notation.symbol(name)))
        return min(self.cell, max(data, named + APART)) if data else self.cell

    def sample_label(self, name: str) -> int:
        """Cells of the labels there."""
        return min(LONGEST_LABEL, widest_label(self.setting, name))

    @property
    def above(self) -> int:
        """The lines over the headings: the inputs, whose columns are no units of this layer."""
        return sum(block.lines for block in self.blocks if block.family in self.box.above)

    @cached_property
    def rows(self) -> int:
        """Lines without the headings."""
        return sum(block.lines for block in self.blocks)

    def shape(self, name: str) -> Shape:
        """That of a symbol."""
        return self.setting.program.symbols[name].shape

    # Lines with columns of their own

    def wide_label(self, name: str) -> int:
        """Cells of the labels in a symbol's own lines, with the blank after them."""
        widest = min(LONGEST_LABEL, widest_label(self.setting, self.setting.program.symbols[name].of or name))
        return max(widest, self.label) + 1 if max(widest, self.label) else 0

    def per_line(self, name: str) -> int:
        """How many numbers of a symbol such a line holds."""
        room = self.setting.width - self.head - self.begin
        return max(1, (room + self.gap) // (self.wide_label(name) + self.cell + self.gap))

    def _wide(self, family: Family) -> list[Block]:
        found = []
        for name in family.symbols:
            shape = self.shape(name)
            chunks = -(-(shape[-1] if shape else 1) // self.per_line(name))
            found.append(Block(WIDE, leads(shape) * chunks, family, name, chunks))
        return found

    def entry(self, name: str) -> int:
        """Cells of a single number with its name and the bar before it."""
        return 2 + min(LONGEST_NAME, cell_len(printable(self.setting.notation.symbol(name)))) + self.cell

    @cached_property
    def beside(self) -> tuple[str, ...]:
        """The single numbers."""
        return beside_of(self.setting.program, self.box)

    @cached_property
    def spot(self) -> tuple[Family, int, str] | None:
        """The family and the row of it that the single numbers have room in, where they are constant, as η is of an
        update: behind all groups, or where the last family that has no next value has cells for one.
        """
        program = self.setting.program
        wanted = sum(map(self.entry, self.beside)) + 2 * (len(self.beside) - 1) + 1
        if not self.beside or self.box.key == MEASURED or any(name in program.writers for name in self.beside):
            return None
        sampled = {name for band in self.samples for name in band}
        families = [each for each in self.box.table if each.base.name not in sampled and len(each.base.shape) <= 2]
        widest = max(self.span(page) for pages in self.pages for page in pages)
        updated = next((each for each in families if NEXT in each.members), None)
        if updated is not None and self.setting.width - widest > wanted:
            return updated, 0, ""
        room = self.setting.width - self.span(self.groups) + self.group(NEXT) - 1 if self.whole else 0
        free = [each for each in families if NEXT not in each.members and not each.parts]
        if NEXT not in self.groups or room < wanted or not free:
            return None
        last = leads(free[-1].base.shape) - 1
        return (free[-1], last, NEXT) if last or GRADIENT not in free[-1].members else None

    @cached_property
    def beside_lines(self) -> tuple[tuple[str, ...], ...]:
        """The single numbers by line."""
        lines: list[tuple[str, ...]] = [()]
        for name in self.beside:
            entries = (*lines[-1], name)
            if lines[-1] and 1 + sum(map(self.entry, entries)) + 2 * len(lines[-1]) > self.setting.width:
                lines.append(())
            lines[-1] = (*lines[-1], name)
        return tuple(lines)

    def fitted(self) -> Layout:
        """The same with wider gaps where there is room."""
        if not self.whole:
            return self
        gaps = (self.columns - 1) * len(self.groups)
        spare = self.setting.width - self.span(self.groups)
        return replace(self, gap=min(MOST_GAP, self.gap + spare // gaps)) if gaps else self


def _written_groups(setting: Setting, box: Box) -> tuple[tuple[str, ...], ...]:
    """By part of the iteration, the groups that its steps write in a box; those of the values where they write none."""
    groups = groups_of(box)
    kinds = {name: group for family in box.table for group, name in family.members.items()}
    kinds |= {name: GRADIENT for family in box.table for name in family.parts}
    found: tuple[set[str], ...] = (set(), set(), set(), set())
    for step in setting.program.steps:
        if step.symbol in kinds:
            found[PASSES[step.phase]].add(kinds[step.symbol])
    return tuple(tuple(group for group in groups if group in written) or (VALUE,) for written in found)


@lru_cache(maxsize=256)
def groups_of(box: Box) -> tuple[str, ...]:
    """The groups that a line of the box has something in."""
    there = {group for family in box.table for group in family.members}
    if any(family.parts for family in box.table):
        there.add(GRADIENT)
    states = sorted(
        (group for group in there if group.startswith(STATE)), key=lambda group: int(group.removeprefix(STATE))
    )
    return tuple(group for group in (VALUE, GRADIENT, *states, NEXT) if group in there or group == VALUE)
