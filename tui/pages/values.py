"""The page of every symbol of the iteration, each parameter beside its gradient and its next value; or two branches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from gradstep.engine.arrays import Array, Index, Mask, differing
from gradstep.engine.program.program import Role, Symbol
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import FITTING, View, fitting, grid_of, span
from gradstep.tui.text.folding import folded
from gradstep.tui.text.glyphs import DIFFERS, WRITTEN
from gradstep.tui.text.grid import Grid
from gradstep.tui.text.page import Band, Line, Page, text_line
from gradstep.tui.words import pages as words


def symbol_rows(moment: Moment) -> list[list[str]]:
    """The symbols in rows that belong together: a value, its state, its gradient, and what follows each of them."""
    program = moment.program
    of: dict[str, list[str]] = {}
    for symbol in program.symbols.values():
        base = symbol
        while base.of:
            base = program.symbols[base.of]
        if base is not symbol:
            of.setdefault(base.name, []).append(symbol.name)
    bases = (symbol for symbol in program.symbols.values() if not symbol.of)
    ranked = sorted(bases, key=lambda symbol: (_place(moment, symbol), symbol.name in program.writers))
    return [[symbol.name, *of.get(symbol.name, ())] for symbol in ranked]


def _place(moment: Moment, symbol: Symbol) -> int:
    """The step that writes a symbol, or the first that reads it."""
    steps = moment.program.steps
    writer = moment.program.writers.get(symbol.name)
    if writer is not None:
        return writer
    return next((place for place, step in enumerate(steps) if symbol.name in step.operands), len(steps))


def _company(moment: Moment, base: str) -> str:
    """The group that a row shares its line with where there is room: the drawn rows; u and z of a layer; E and η."""
    symbol = moment.program.symbols[base]
    if symbol.role is Role.PARAMETER or not moment.scenario.network.layered:
        return base
    if symbol.role in (Role.LOSS, Role.HYPERPARAMETER):
        return "loss"
    return moment.program.steps[_place(moment, symbol)].layer


@dataclass(frozen=True, eq=False)
class Beside:
    """Other values of the same symbols, laid beside those of a moment: another branch's. title: whose."""

    title: str
    values: Mapping[str, Array]


def values_page(moment: Moment, view: View, width: int, beside: Beside | None = None) -> Page:
    """Every symbol of the iteration, those not yet computed as dots; or what differs from other values."""
    rows = symbol_rows(moment)
    if beside is not None:
        return tuple(_compared(moment, view, rows, width, beside))
    if not any(moment.program.symbols[name].shape for row in rows for name in row):
        return (Band(tuple(_column(moment, view, names, place) for place, names in enumerate(zip_longest(*rows)))),)
    digits, labelled = fitting(moment, view, rows, width)
    page: list[Band | Line] = []
    company = ""
    for row in rows:
        grids = tuple(grid_of(moment, view, name, digits, labelled=labelled) for name in row)
        last = page[-1] if page and company == _company(moment, row[0]) else None
        if isinstance(last, Band) and span((*last.items, *grids)) <= width:
            page[-1] = Band((*last.items, *grids))
        else:
            page.append(Band(grids))
        company = _company(moment, row[0])
    return tuple(page)


def _compared(
    moment: Moment, view: View, rows: Sequence[Sequence[str]], width: int, beside: Beside
) -> list[Band | Line]:
    """Each symbol that differs, side by side, differences marked; the others by name."""
    page: list[Band | Line] = []
    same: list[str] = []
    for name in (name for row in rows for name in row if name in moment.values and name in beside.values):
        differ = differing(moment.values[name], beside.values[name])
        if differ.any():
            page.append(_pair(moment, view, name, beside, differ, width))
        else:
            same.append(view.notation.symbol(name))
    if not page:
        page.append(text_line(words.NOTHING_DIFFERS.format(branch=moment.branch, other=beside.title), "formula"))
    if same:
        page += folded(words.SAME_IN_BOTH.format(symbols=", ".join(same)), width, "dim")
    return page


def _pair(moment: Moment, view: View, name: str, beside: Beside, differ: Mask, width: int) -> Band:
    """A symbol both here and there, with as many digits as fit beside one another."""
    choices = [(view.digits, True)] if view.digits else [(d, labels) for labels in (True, False) for d in FITTING]
    for digits, labelled in choices:
        mine = replace(grid_of(moment, view, name, digits, labelled=labelled), marks=differ)
        title = words.IN_BRANCH.format(symbol=mine.title, branch=beside.title)
        theirs = replace(mine, title=title, values=beside.values[name], fresh=False, key="", selected=None)
        if mine.width + theirs.width + 3 <= width:
            break
    return Band((mine, DIFFERS.drawn(ascii=view.notation.ascii), theirs))


def _column(moment: Moment, view: View, names: Sequence[str | None], place: int) -> Grid:
    """Where everything is a scalar: a table of the values, or of the gradients or updates beside; None for none."""
    numbers = [[float(moment.values.get(name or "", np.float64(0.0)))] for name in names]
    missing = [[name is not None and name not in moment.values] for name in names]
    written = moment.position.symbol
    picked = view.picked[0] if view.picked else None
    marker = WRITTEN.drawn(ascii=view.notation.ascii)
    headings = [
        "" if name is None else (marker if name == written else " ") + view.notation.symbol(name) for name in names
    ]
    return Grid(
        title=f" {words.VALUE}" if place == 0 else f" {words.GRADIENT}" if place == 1 else "",
        shape=(len(names), 1),
        values=np.array(numbers),
        missing=np.array(missing),
        absent=np.array([[name is None] for name in names]),
        row_headings=tuple(headings),
        selected=(names.index(picked), 0) if picked is not None and picked in names else None,
        digits=view.digits or FITTING[0],
        ascii=view.notation.ascii,
        key=f"{COLUMN}{place}",
    )


COLUMN = "column "  # begins the key of a table of scalars, its place follows


def picked_element(moment: Moment, key: str, index: Index) -> tuple[str, Index] | None:
    """The symbol and index of the element at `index` of the grid with `key`."""
    if not key.startswith(COLUMN):
        return (key, index) if key in moment.program.symbols else None
    row, place = symbol_rows(moment)[index[0]], int(key.removeprefix(COLUMN))
    return (row[place], ()) if place < len(row) else None
