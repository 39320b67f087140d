"""From a moment to pages: what the panels show, as values that a `Sheet` lays out.

Nothing here knows a widget. `now_page` is the step that has just run: its formula, operands, result and change.
`values_page` is every symbol of the iteration, each parameter beside its gradient and its next value.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.expression import Element, Index, Shape
from engine.operation import Array
from engine.program import Step, Symbol
from engine.timeline import Moment
from tui.grid import Grid
from tui.widgets.sheet import APART, Band, Line
from tui.wording import Wording

Page = tuple[Band | Line, ...]

SMALL = 4096  # arrays up to this many numbers may be tried in several formats
AUTOMATIC = 0
PRECISIONS = (AUTOMATIC, 6, 9, 12, 17)
FITTING = (9, 8, 7, 6, 5, 4)
BLANK = Line()


@dataclass(frozen=True, eq=False)
class View:
    """How a person wants to see: wording, digits (0: what fits), an element picked by a click."""

    wording: Wording
    digits: int = AUTOMATIC
    picked: tuple[str, Index] | None = None


def _text(text: str, key: str = "text") -> Line:
    return Line(((text, key),))


def _folded(text: str, width: int, key: str = "text") -> list[Line]:
    return [_text(line, key) for line in textwrap.wrap(text, max(20, width - 1))]


# ── grids ────────────────────────────────────────────────────────────────────────────────────────────────────


def _labels(wording: Wording, symbol: Symbol) -> np.ndarray[Shape, np.dtype[np.object_]] | None:
    """The labels of a symbol's elements; those of a gradient or update are its parameter's, without the dress."""
    names = wording.names
    given = names.labels.get(symbol.name) or names.labels.get(symbol.of)
    if not given or not wording.own:
        return None
    grid = np.full(symbol.shape, "", dtype=object)
    for index, label in given.items():
        grid[index] = label
    return grid


def _grid(moment: Moment, view: View, name: str, digits: int, *, labelled: bool = True, title: str = "") -> Grid:
    symbol = moment.program.symbols[name]
    values = moment.values.get(name)
    fresh = moment.step is not None and moment.step.symbol == name
    picked = view.picked[1] if view.picked and view.picked[0] == name else None
    return Grid(
        title=title or view.wording.symbol(name),
        shape=symbol.shape,
        values=values,
        labels=_labels(view.wording, symbol) if labelled else None,
        marks=_changed(moment, name) if fresh else None,
        fresh=fresh,
        selected=picked,
        digits=digits,
        ascii=view.wording.ascii,
        key=name,
    )


def _changed(moment: Moment, name: str) -> np.ndarray[Shape, np.dtype[np.bool_]] | None:
    """Which elements differ from one iteration earlier; None where there is no earlier one."""
    before, now = moment.previous.get(name), moment.values.get(name)
    if before is None or now is None:
        return None
    return np.asarray((before != now) & ~(np.isnan(before) & np.isnan(now)))


def _span(items: Iterable[Grid | Line | str]) -> int:
    """Cells of a band that is not folded."""
    width = 0
    for item in items:
        width += len(item) + 2 - APART if isinstance(item, str) else item.width + APART
    return width


def _fitting(moment: Moment, view: View, rows: Sequence[Sequence[str]], width: int) -> tuple[int, bool]:
    """The most digits, with labels or without, by which every row of symbols fits beside one another."""
    labelled = view.wording.own
    if view.digits != AUTOMATIC:
        return view.digits, labelled
    symbols = moment.program.symbols
    small = [row for row in rows if all(np.prod(symbols[name].shape) <= SMALL for name in row)]
    for with_labels in (True, False) if labelled else (False,):
        for digits in FITTING[: -1 if with_labels else None]:
            spans = (_span(_grid(moment, view, n, digits, labelled=with_labels) for n in row) for row in small)
            if max(spans, default=0) <= width:
                return digits, with_labels
    return 6, labelled


# ── the step that has just run ───────────────────────────────────────────────────────────────────────────────


def now_page(moment: Moment, view: View, width: int) -> Page:
    """The step that has just run; at the start, what the scenario is."""
    step = moment.step
    if step is None:
        return tuple(_start(moment, view, width))
    page: list[Band | Line] = [*_formulas(step, view)]
    if step.note:
        page += _folded(view.wording.sign(f"⚠ {step.note}"), width, "changed")
    page += _operands_and_result(moment, view, step, width)
    picked = view.picked or (step.symbol, _first_index(moment.program.symbols[step.symbol].shape))
    page += _arithmetic(moment, view, *picked)
    page += _change(moment, view, step, width)
    page += _uses(moment, view, step, width)
    return tuple(page)


def _start(moment: Moment, view: View, width: int) -> list[Line]:
    scenario, sign = moment.scenario, view.wording.sign
    lines = [_text(sign(scenario.title), "formula")]
    lines += _folded(sign(scenario.description), width)
    if scenario.source:
        lines += _folded(sign(f"Source: {scenario.source}"), width, "dim")
    first = f"Nothing has run yet. s runs the first of {moment.length} steps of an iteration; ? shows all keys."
    return [*lines, BLANK, *_folded(first, width, "formula")]


def _formulas(step: Step, view: View) -> list[Line]:
    """The formula in the chosen names, and beside it in the others where they differ."""
    wording = view.wording
    pieces = [(wording.formula(step), "formula")]
    if wording.own_formula_differs(step):
        pieces += [("     ", "text"), (replace(wording, own=not wording.own).formula(step), "dim")]
    return [Line(tuple(pieces))]


def _operands_and_result(moment: Moment, view: View, step: Step, width: int) -> list[Band]:
    operands = list(dict.fromkeys(step.operands))
    arrow = "->" if view.wording.ascii else "→"
    digits, labelled = _fitting(moment, view, [[*operands, step.symbol]], width - 2 * len(operands))
    items: list[Grid | str] = [_grid(moment, view, name, digits, labelled=labelled) for name in operands]
    result = _grid(moment, view, step.symbol, digits, labelled=labelled)
    return [Band((*items, arrow, result)) if items else Band((result,))]


def _first_index(shape: Shape) -> Index:
    return tuple(0 for _ in shape)


def _arithmetic(moment: Moment, view: View, symbol: str, index: Index) -> list[Line]:
    """How one element came about, in names and in numbers."""
    wording, digits = view.wording, view.digits or 9
    if symbol not in moment.values:
        return [_text(f"{wording.element(Element(symbol, index))} is not computed yet", "dim")]
    name, expression = wording.element(Element(symbol, index)), moment.program.element(symbol, index)
    if expression is None:
        return [_text(f"{name} is given: no arithmetic made it", "dim")]
    lead = " " * len(name)
    return [
        Line(((f"{name} = {wording.arithmetic(expression)}", "text"),)),
        Line(((f"{lead} = {wording.numbers(expression, moment.values, digits)}", "text"),)),
    ]


def _change(moment: Moment, view: View, step: Step, width: int) -> list[Band | Line]:
    """What the step changed: an update against its parameter, anything else against the iteration before."""
    symbol = moment.program.symbols[step.symbol]
    now = moment.values[step.symbol]
    if symbol.role == "next":
        before, title = moment.values[symbol.of], f"{view.wording.symbol(step.symbol)} − {view.wording.symbol(symbol.of)}"
    elif step.symbol in moment.previous:
        before, title = moment.previous[step.symbol], f"change since iteration {moment.position.iteration - 1:,}"
    else:
        return []
    return [_difference(view, now, before, title, width)]


def _difference(view: View, now: Array, before: Array, title: str, width: int) -> Band | Line:
    title = view.wording.sign(title)
    with np.errstate(all="ignore"):
        difference = np.asarray(now - before)
    same = (now == before) | (np.isnan(now) & np.isnan(before))
    if bool(same.all()):
        return _text(f"{title}: none", "dim")
    for digits in (view.digits,) if view.digits else FITTING:
        grid = Grid(title=title, shape=difference.shape, values=difference, digits=digits, ascii=view.wording.ascii)
        if grid.width <= width:
            break
    return Band((grid,))


def _uses(moment: Moment, view: View, step: Step, width: int) -> list[Line]:
    """Who reads what the step wrote: a value that several steps share is computed once."""
    users = [view.wording.symbol(user.symbol) for user in moment.program.users(step.symbol)]
    name = view.wording.symbol(step.symbol)
    if not users:
        becomes = [state for state, next_ in moment.program.carried.items() if next_ == step.symbol]
        last = moment.position.iteration == moment.iterations
        if not becomes or last:
            return []
        return [_text(f"is {view.wording.symbol(becomes[0])} of the next iteration", "dim")]
    if len(users) == 1:
        return _folded(f"used by {users[0]}", width, "dim")
    return _folded(f"{name} is computed once and shared by {', '.join(users[:-1])} and {users[-1]}", width, "dim")


# ── every symbol of the iteration ────────────────────────────────────────────────────────────────────────────


def symbol_rows(moment: Moment) -> list[list[str]]:
    """The symbols in rows that belong together: a value, its gradient, its next value.

    In a layered net, the drawn rows share a row, and so do a layer's pre-activation and activation.
    """
    program, layered = moment.program, moment.scenario.network.layered
    of: dict[str, list[str]] = {}
    for symbol in program.symbols.values():
        if symbol.of:
            of.setdefault(symbol.of, []).append(symbol.name)
    bases = sorted(
        (symbol for symbol in program.symbols.values() if not symbol.of), key=lambda symbol: _rank(moment, symbol)
    )
    rows: list[list[str]] = []
    joined = ""
    for symbol in bases:
        row = [symbol.name, *of.get(symbol.name, ())]
        together = _company(moment, symbol) if layered else symbol.name
        if together == joined:
            rows[-1] += row
        else:
            rows.append(row)
        joined = together
    return rows


def _place(moment: Moment, symbol: Symbol) -> int:
    """The step that writes a symbol, or the first that reads it."""
    steps = moment.program.steps
    writer = moment.program.writers.get(symbol.name)
    if writer is not None:
        return writer
    return next((place for place, step in enumerate(steps) if symbol.name in step.operands), len(steps))


def _rank(moment: Moment, symbol: Symbol) -> tuple[int, int]:
    return _place(moment, symbol), 0 if symbol.name not in moment.program.writers else 1


def _company(moment: Moment, symbol: Symbol) -> str:
    """What a base symbol of a layered net shares its row with."""
    if symbol.role in ("parameter",):
        return symbol.name
    if symbol.role in ("loss", "hyperparameter"):
        return "loss"
    step = moment.program.steps[_place(moment, symbol)]
    return step.layer


def values_page(moment: Moment, view: View, width: int) -> Page:
    """Every symbol of the iteration; those not yet computed as dots."""
    rows = symbol_rows(moment)
    digits, labelled = _fitting(moment, view, rows, width)
    columns = _aligned_titles(moment, view, rows)
    page: list[Band | Line] = []
    for row in rows:
        grids = [
            _grid(moment, view, name, digits, labelled=labelled, title=columns.get((place, name), ""))
            for place, name in enumerate(row)
        ]
        page.append(Band(tuple(grids)))
    return tuple(page)


def _aligned_titles(moment: Moment, view: View, rows: Sequence[Sequence[str]]) -> dict[tuple[int, str], str]:
    """Where everything is a scalar, titles of one width a column, so that the rows read as one table."""
    symbols = moment.program.symbols
    if any(symbols[name].shape for row in rows for name in row):
        return {}
    titles = {(place, name): view.wording.symbol(name) for row in rows for place, name in enumerate(row)}
    widths: dict[int, int] = {}
    for (place, _), title in titles.items():
        widths[place] = max(widths.get(place, 0), len(title))
    return {key: title.ljust(widths[key[0]]) for key, title in titles.items()}
