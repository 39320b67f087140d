"""The tables where values of another branch, or of anybody, lie beside those of a moment, with their difference.

Which rows there are follows from the scenario, the edits and the part of the iteration, and how wide they are from the
scenario alone, so that all keeps its place while one steps. What cannot differ has no row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array, Index, Mask, differing
from gradstep.engine.program.program import Phase, Role
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.layers.layout import MOST_COLUMNS, MOST_ROWS, WIDEST
from gradstep.tui.pages.layers.model import PASSES, Box
from gradstep.tui.pages.layers.setting import Setting
from gradstep.tui.text.cells import NARROWEST, width_of
from gradstep.tui.text.glyphs import printable

LONGEST_NAME, LONGEST_ROW = 14, 8
HERE, THERE, DIFFERENCE = "here", "there", "difference"
ORDERS = ((HERE, THERE, DIFFERENCE), (HERE, DIFFERENCE))
KEPT = (Role.PARAMETER, Role.STATE, Role.CARRIED)
NO_DATA = (Role.INPUT, Role.TARGET, Role.HYPERPARAMETER)  # what is the same in both unless it is edited


@dataclass(frozen=True, eq=False)
class Beside:
    """Other values of the same symbols, laid beside those of a moment: another branch's. title: whose; edited: the
    symbols that are set by hand in either.
    """

    title: str
    values: Mapping[str, Array]
    edited: Collection[str] = ()


@dataclass(frozen=True, eq=False)
class Change:
    """A symbol in both. largest: the largest magnitude of a difference, infinite where one is no number; 0 for none."""

    symbol: str
    mask: Mask
    difference: Array
    largest: float
    at: Index


@dataclass(frozen=True)
class Line:
    """A line of the table: a heading, a row of numbers, or a whole matrix. lead: the leading indices of the row.

    named: whether the symbol's name stands there, before the first of its rows.
    """

    box: int
    symbol: str = ""
    lead: Index | None = None
    named: bool = True


@dataclass(frozen=True, eq=False)
class Comparison:
    """All boxes beside the other values."""

    setting: Setting
    moment: Moment
    boxes: tuple[Box, ...]
    beside: Beside
    _known: dict[str, Change | None] = field(default_factory=dict)

    # ── what there is, whatever it is worth ──────────────────────────────────────────────────────────────────

    @cached_property
    def fixed(self) -> frozenset[str]:
        """What is the same in both: data, settings and frozen parameters that nobody has edited."""
        program = self.setting.program
        symbols = program.symbols
        frozen = {name for becomes in program.kept for name in (becomes, symbols[becomes].of)}
        given = {name for name, symbol in symbols.items() if symbol.role in NO_DATA or symbol.data}
        return frozenset((frozen | given) - {*self.beside.edited})

    def _symbols(self, box: Box, part: int | None) -> list[str]:
        """Those of a box that have a row; of a part of the iteration."""
        own = {*box} if part is None else self._of_part(part)
        return [name for name in box if name in own and name not in self.fixed]

    def _of_part(self, part: int) -> set[str]:
        """What the steps of a part write, and but for the backward pass the parameters that they read."""
        steps = [step for step in self.setting.program.steps if PASSES[step.phase] == part]
        symbols = self.setting.program.symbols
        read = {name for step in steps for name in step.read if step.phase is not Phase.BACKWARD}
        return {step.symbol for step in steps} | {name for name in read if symbols[name].role in KEPT}

    def _shape(self, name: str) -> tuple[int, ...]:
        return tuple(self.setting.program.symbols[name].shape)

    def _is_small(self, box: Box) -> bool:
        """Whether its numbers are shown one by one."""
        shapes = [self._shape(name) for name in self._symbols(box, None)]
        columns = max((shape[-1] for shape in shapes if shape), default=1)
        return columns <= MOST_COLUMNS and all(np.prod(shape[:-1], dtype=int) <= MOST_ROWS for shape in shapes)

    @cached_property
    def small(self) -> tuple[bool, ...]:
        """Box by box, whether its numbers are shown one by one."""
        return tuple(bool(self.form[0]) and self._is_small(box) for box in self.boxes)

    @cached_property
    def columns(self) -> int:
        """In a group, of the widest box whose numbers are shown."""
        names = [name for box in self.boxes if self._is_small(box) for name in self._symbols(box, None)]
        return max((self._shape(name)[-1] for name in names if self._shape(name)), default=1)

    @cached_property
    def head(self) -> tuple[int, int]:
        """Cells of the names of symbols and rows."""
        notation = self.setting.notation
        names = [name for box in self.boxes for name in self._symbols(box, None)]
        name = max((cell_len(printable(notation.symbol(each))) for each in names), default=1)
        rows = [
            self.row_name(box, name, lead)
            for box in self.boxes
            if self._is_small(box)
            for name in self._symbols(box, None)
            for lead in np.ndindex(self._shape(name)[:-1])
        ]
        row = max(map(cell_len, rows), default=0)
        return min(name, LONGEST_NAME, self.setting.width // 4), min(row, LONGEST_ROW)

    @property
    def before(self) -> int:
        """Cells before the first group."""
        return sum(self.head) + 3

    @cached_property
    def form(self) -> tuple[tuple[str, ...], int]:
        """The groups and the cells of a number; no groups where there is room for none."""
        asked = width_of(self.setting.digits) if self.setting.digits else WIDEST
        for groups in ORDERS:
            for cells in dict.fromkeys((asked, *range(min(asked, WIDEST), NARROWEST - 1, -1))):
                if self.before + len(groups) * self.span(cells) <= self.setting.width:
                    return groups, cells
        return (), NARROWEST

    def span(self, cells: int) -> int:
        """Cells of a group, with the wall before it."""
        return 1 + self.columns * (cells + 1)

    @cached_property
    def kept(self) -> frozenset[str]:
        """What the optimizer changes."""
        return frozenset(name for name, symbol in self.setting.program.symbols.items() if symbol.role in KEPT)

    def lines(self, part: int | None, also: Collection[str] = ()) -> list[Line]:
        """The lines, from top to bottom; of one part of the iteration. also: other symbols that have a row."""
        found: list[Line] = []
        for at, box in enumerate(self.boxes):
            own = {*self._symbols(box, part), *also}
            names = [name for name in self._symbols(box, None) if name in own]
            if not names:
                continue
            if self._is_headed(at):
                found.append(Line(at))
            for name in names:
                leads = [tuple(lead) for lead in np.ndindex(self._shape(name)[:-1])] if self.small[at] else [None]
                found += [Line(at, name, lead, named=place == 0) for place, lead in enumerate(leads)]
        return found

    def _is_headed(self, at: int) -> bool:
        """Whether a box has a heading: its name among others', those of its units, what is said of matrices."""
        box = self.boxes[at]
        named = bool(box.units) and len(self.setting.units(box.units)) > 1
        return len(self.boxes) > 1 or named or not self.small[at]

    def row_name(self, box: Box, name: str, lead: Index) -> str:
        """What a row is called: by the unit that its weights come from, or by its number."""
        source = box.sources.get(self.setting.program.symbols[name].of or name)
        if source is not None and lead:
            units = self.setting.units(source)
            return printable(units[lead[-1]]) if lead[-1] < len(units) else str(lead[-1])
        shape = self._shape(name)
        return ",".join(map(str, lead)) if len(shape) > 1 and shape[-2] > 1 else ""

    # ── what it comes to ─────────────────────────────────────────────────────────────────────────────────────

    def change(self, name: str) -> Change | None:
        """How a symbol differs; None where one of the two is not computed yet."""
        if name not in self._known:
            self._known[name] = self._changed(name)
        return self._known[name]

    def _changed(self, name: str) -> Change | None:
        mine, theirs = self.moment.values.get(name), self.beside.values.get(name)
        if mine is None or theirs is None:
            return None
        mask = np.atleast_1d(differing(mine, theirs))
        with np.errstate(all="ignore"):
            difference = np.atleast_1d(np.asarray(mine - theirs))
        sizes = np.where(mask, np.where(np.isnan(difference), np.inf, np.abs(difference)), 0.0)
        at = tuple(int(place) for place in np.unravel_index(int(sizes.argmax()), sizes.shape))
        return Change(name, mask, difference, float(sizes.max()), at if np.shape(mine) else ())

    def largest(self, names: Collection[str]) -> Change | None:
        """What differs most among these symbols; None where nothing does."""
        changes = (self.change(name) for box in self.boxes for name in box if name in names and name not in self.fixed)
        differ = [change for change in changes if change is not None and change.mask.any()]
        return max(differ, key=lambda change: change.largest, default=None)
