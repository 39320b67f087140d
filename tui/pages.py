"""From a moment to pages: what the panels show, as values that a `Sheet` lays out.

Nothing here knows a widget. `now_page` is the step that has just run: its formula, operands, result and change.
`values_page` is every symbol of the iteration, each parameter beside its gradient and its next value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from engine.explain import shortened
from engine.expression import Element, Index, Shape
from engine.operation import Array
from engine.program import Step, Symbol
from engine.timeline import Moment
from tui.grid import Grid
from tui.widgets.sheet import APART, Band, Line
from tui.wording import Wording

Page = tuple[Band | Line, ...]

TALL = 20  # lines of a table that has others beside it
SMALL = 4096  # arrays up to this many numbers may be tried in several formats
AUTOMATIC = 0
MOST_LINES = 6  # of one element's arithmetic in symbols, and in numbers
MOST_WRITTEN = 2_000  # numbers in the arithmetic of one element
PRECISIONS = (AUTOMATIC, 6, 9, 12, 17)
FITTING = (9, 8, 7, 6, 5)
BLANK = Line()

_MEASURE = Console()  # only to fold text by cells


@dataclass(frozen=True, eq=False)
class View:
    """How a person wants to see: wording, digits (0: what fits), an element picked, a branch to compare with."""

    wording: Wording
    digits: int = AUTOMATIC
    picked: tuple[str, Index] | None = None
    other: str | None = None


def _text(text: str, key: str = "text") -> Line:
    return Line(((text, key),))


def _folded(text: str, width: int, key: str = "text") -> list[Line]:
    """The text as lines of at most `width` cells; a character may take two of them."""
    lines = Text(text).wrap(_MEASURE, max(20, width - 1))
    return [_text(line.plain.rstrip(), key) for line in lines]


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


def _grid(moment: Moment, view: View, name: str, digits: int, *, labelled: bool = True, marked: bool = False) -> Grid:
    symbol = moment.program.symbols[name]
    values = moment.values.get(name)
    fresh = moment.step is not None and moment.step.symbol == name
    picked = view.picked[1] if view.picked and view.picked[0] == name else None
    return Grid(
        title=view.wording.symbol(name),
        shape=symbol.shape,
        values=values,
        row_headings=_row_headings(symbol.shape),
        labels=_labels(view.wording, symbol) if labelled or _row_headings(symbol.shape) else None,
        marks=_changed(moment, name) if fresh and marked else None,
        fresh=fresh,
        selected=picked,
        digits=digits,
        ascii=view.wording.ascii,
        key=name,
    )


def _row_headings(shape: Shape) -> tuple[str, ...] | None:
    """A single row needs no number."""
    return ("",) if len(shape) == 2 and shape[0] == 1 else None


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
    return width - APART


def _fitting(moment: Moment, view: View, rows: Sequence[Sequence[str]], width: int) -> tuple[int, bool]:
    """The most digits, with labels or without, by which every row of symbols fits beside one another."""
    labelled = view.wording.own
    if view.digits != AUTOMATIC:
        return view.digits, labelled
    symbols = moment.program.symbols
    small = [row for row in rows if all(math.prod(symbols[name].shape) <= SMALL for name in row)]
    if not small:
        return 6, labelled
    for with_labels in (True, False) if labelled else (False,):
        for digits in FITTING:
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
    page: list[Band | Line] = [*_formulas(step, view, width)]
    if step.note:
        page += _folded(view.wording.sign(f"⚠ {step.note}"), width, "changed")
    if step.phase == "draw":
        page += _drawn_rows(moment, width)
    picked = view.picked or (step.symbol, _first_index(moment.program.symbols[step.symbol].shape))
    operands, result = _operands_and_result(moment, view, step, width)
    told = _arithmetic(moment, view, *picked, width)
    changed = [*_change(moment, view, step, width), *_uses(moment, view, step, width)]
    if max((grid.height for grid in (*operands, result)), default=0) <= TALL:
        arrow = "->" if view.wording.ascii else "→"
        together = Band((*operands, arrow, result)) if operands else Band((result,))
        return (*page, together, *told, *changed)
    # Long tables go last, each below the one before: what came out is not to be looked for behind them.
    tables = [Band((grid,)) for grid in sorted((result, *operands), key=lambda grid: grid.height > TALL)]
    return (*page, *told, *tables, *changed)


def _start(moment: Moment, view: View, width: int) -> list[Line]:
    scenario, sign = moment.scenario, view.wording.sign
    lines = _folded(sign(scenario.description), width)
    if scenario.source:
        lines += _folded(sign(f"Source: {scenario.source}"), width, "dim")
    first = f"Nothing has run yet. s runs the first of {moment.length} steps of an iteration; ? shows all keys."
    return [*lines, BLANK, *_folded(first, width, "formula")]


def _formulas(step: Step, view: View, width: int) -> list[Line]:
    """The formula in the chosen names, and in the others where they differ, beside it if there is room."""
    wording = view.wording
    formula = wording.formula(step)
    if not wording.own_formula_differs(step):
        return [_text(formula, "formula")]
    other = replace(wording, own=not wording.own).formula(step)
    if cell_len(formula) + cell_len(other) + 6 <= width:
        return [Line(((formula, "formula"), ("    ", "text"), (f"({other})", "dim")))]
    return [_text(formula, "formula"), _text(f"({other})", "dim")]


def _drawn_rows(moment: Moment, width: int) -> list[Line]:
    """Which rows of the data a draw step took."""
    scenario = moment.scenario
    assert scenario.draw is not None, "there is something to draw from"
    rows, total = scenario.draw.rows(moment.position.iteration), scenario.draw.samples
    if rows is None:
        return [_text("all rows of the data" if total > 1 else "the only row of the data", "dim")]
    numbers = ", ".join(f"{row:,}" for row in rows[:20].tolist()) + (", …" if len(rows) > 20 else "")
    return _folded(f"row{'s' if len(rows) > 1 else ''} {numbers} of 0 to {total - 1:,}", width, "dim")


def _operands_and_result(moment: Moment, view: View, step: Step, width: int) -> tuple[list[Grid], Grid]:
    # What only lends its shape (the gradient 1 of an output) does not stand in the formula.
    formula = step.operation.formula
    operands = list(dict.fromkeys(n for place, n in enumerate(step.operands) if f"{{{place}}}" in formula))
    digits, labelled = _fitting(moment, view, [[*operands, step.symbol]], width - 2 * len(operands))
    grids = [_grid(moment, view, name, digits, labelled=labelled) for name in operands]
    return grids, _grid(moment, view, step.symbol, digits, labelled=labelled, marked=True)


def _first_index(shape: Shape) -> Index:
    return tuple(0 for _ in shape)


def _arithmetic(moment: Moment, view: View, symbol: str, index: Index, width: int) -> list[Line]:
    """How one element came about, in names and in numbers."""
    wording, digits = view.wording, view.digits or 9
    if symbol not in moment.values:
        return [_text(f"{wording.element(Element(symbol, index))} is not computed yet", "dim")]
    name = wording.element(Element(symbol, index))
    terms = _most_terms(moment, symbol)
    if terms > MOST_WRITTEN:
        return [_text(f"{name} is a sum over {terms:,} numbers, too many to write out here", "dim")]
    expression = moment.program.element(symbol, index)
    if expression is not None:
        expression = shortened(expression, moment.values)
    if expression is None:
        return [_text(f"{name} is given: no arithmetic made it", "dim")]
    lead = " " * cell_len(name)
    symbols = _folded(f"{name} = {wording.arithmetic(expression)}", width)
    numbers = _folded(f"{lead} = {wording.numbers(expression, moment.values, digits)}", width)
    return [line for lines in (symbols, numbers) for line in _no_longer_than(lines, wording)]


def _no_longer_than(lines: list[Line], wording: Wording) -> list[Line]:
    """The lines, the middle ones left out where they would fill the panel: `x` shows them all."""
    if len(lines) <= MOST_LINES:
        return lines
    left_out = _text(wording.sign(f"    … {len(lines) - MOST_LINES + 1} lines; x shows them all"), "dim")
    return [*lines[: MOST_LINES - 2], left_out, lines[-1]]


def _most_terms(moment: Moment, symbol: str) -> int:
    """About how many numbers one element of a symbol is made of."""
    program = moment.program
    place = program.writers.get(symbol)
    if place is None:
        return 0
    largest = max((math.prod(operand.shape) for operand in program.operands(program.steps[place])), default=0)
    return largest // max(1, math.prod(program.symbols[symbol].shape))


def _change(moment: Moment, view: View, step: Step, width: int) -> list[Band | Line]:
    """What the step changed: an update against its parameter, anything else against the iteration before."""
    symbol = moment.program.symbols[step.symbol]
    now = moment.values[step.symbol]
    if symbol.role == "next":
        before = moment.values[symbol.of]
        title = f"{view.wording.symbol(step.symbol)} − {view.wording.symbol(symbol.of)}"
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
    fitting = FITTING if difference.size <= SMALL else (6,)
    for digits in (view.digits,) if view.digits else fitting:
        grid = Grid(
            title=title,
            shape=difference.shape,
            values=difference,
            row_headings=_row_headings(difference.shape),
            digits=digits,
            ascii=view.wording.ascii,
        )
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
    made = "drawn" if step.phase == "draw" else "computed"
    return _folded(f"{name} is {made} once and shared by {', '.join(users[:-1])} and {users[-1]}", width, "dim")


# ── every symbol of the iteration ────────────────────────────────────────────────────────────────────────────


def symbol_rows(moment: Moment) -> list[list[str]]:
    """The symbols in rows that belong together: a value, its gradient, its next value."""
    program = moment.program
    of: dict[str, list[str]] = {}
    for symbol in program.symbols.values():
        if symbol.of:
            of.setdefault(symbol.of, []).append(symbol.name)
    bases = sorted(
        (symbol for symbol in program.symbols.values() if not symbol.of), key=lambda symbol: _rank(moment, symbol)
    )
    return [[symbol.name, *of.get(symbol.name, ())] for symbol in bases]


def _place(moment: Moment, symbol: Symbol) -> int:
    """The step that writes a symbol, or the first that reads it."""
    steps = moment.program.steps
    writer = moment.program.writers.get(symbol.name)
    if writer is not None:
        return writer
    return next((place for place, step in enumerate(steps) if symbol.name in step.operands), len(steps))


def _rank(moment: Moment, symbol: Symbol) -> tuple[int, int]:
    return _place(moment, symbol), 0 if symbol.name not in moment.program.writers else 1


def _company(moment: Moment, base: str) -> str:
    """What a row shares its line with where there is room: the drawn rows; u and z of a layer; E and η."""
    symbol = moment.program.symbols[base]
    if symbol.role == "parameter" or not moment.scenario.network.layered:
        return base
    if symbol.role in ("loss", "hyperparameter"):
        return "loss"
    return moment.program.steps[_place(moment, symbol)].layer


def values_page(moment: Moment, view: View, width: int, other: Mapping[str, Array] | None = None) -> Page:
    """Every symbol of the iteration; those not yet computed as dots. other: the values of a branch beside it."""
    rows = symbol_rows(moment)
    if other is not None:
        return tuple(_compared(moment, view, rows, width, other))
    if not any(moment.program.symbols[name].shape for row in rows for name in row):
        return (Band(tuple(_columns(moment, view, rows))),)
    digits, labelled = _fitting(moment, view, rows, width)
    page: list[Band | Line] = []
    company = ""
    for row in rows:
        grids = tuple(_grid(moment, view, name, digits, labelled=labelled) for name in row)
        last = page[-1] if page and company == _company(moment, row[0]) else None
        if isinstance(last, Band) and _span((*last.items, *grids)) <= width:
            page[-1] = Band((*last.items, *grids))
        else:
            page.append(Band(grids))
        company = _company(moment, row[0])
    return tuple(page)


def _compared(
    moment: Moment, view: View, rows: Sequence[Sequence[str]], width: int, other: Mapping[str, Array]
) -> list[Band | Line]:
    """Each symbol that differs in both branches, side by side, differences marked; the others by name."""
    wording = view.wording
    page: list[Band | Line] = []
    same: list[str] = []
    for name in (name for row in rows for name in row if name in moment.values and name in other):
        here, there = moment.values[name], other[name]
        differ = np.asarray((here != there) & ~(np.isnan(here) & np.isnan(there)))
        if not differ.any():
            same.append(wording.symbol(name))
            continue
        page.append(_pair(moment, view, name, there, differ, width))
    if not page:
        page.append(_text(f"nothing differs between {moment.branch} and {view.other} here", "formula"))
    if same:
        page += _folded(f"the same in both: {', '.join(same)}", width, "dim")
    return page


def _pair(
    moment: Moment,
    view: View,
    name: str,
    there: Array,
    differ: np.ndarray[Shape, np.dtype[np.bool_]],
    width: int,
) -> Band:
    """A symbol in both branches, with as many digits as fit beside one another."""
    choices = [(view.digits, True)] if view.digits else [(d, labels) for labels in (True, False) for d in FITTING]
    for digits, labelled in choices:
        mine = replace(_grid(moment, view, name, digits, labelled=labelled), marks=differ)
        theirs = replace(mine, title=f"{mine.title} in {view.other}", values=there, fresh=False, key="", selected=None)
        if mine.width + theirs.width + 3 <= width:
            break
    return Band((mine, view.wording.sign("≠"), theirs))


def _columns(moment: Moment, view: View, rows: Sequence[Sequence[str]]) -> list[Grid]:
    """Where everything is a scalar: one table of the values, and one beside it a gradient or update."""
    return [
        _column(moment, view, [row[place] if place < len(row) else None for row in rows], place)
        for place in range(max(map(len, rows)))
    ]


def _column(moment: Moment, view: View, names: Sequence[str | None], place: int) -> Grid:
    numbers = [float(moment.values.get(name or "", np.float64(0.0))) for name in names]
    missing = [name is not None and name not in moment.values for name in names]
    written = moment.position.symbol
    picked = view.picked[0] if view.picked else None
    marker = ">" if view.wording.ascii else "▸"
    headings = [
        "" if name is None else (marker if name == written else " ") + view.wording.symbol(name) for name in names
    ]
    return Grid(
        title=" value" if place == 0 else " gradient" if place == 1 else "",
        shape=(len(names), 1),
        values=np.array(numbers).reshape(-1, 1),
        missing=np.array(missing).reshape(-1, 1) | np.array([[name is None] for name in names]),
        row_headings=tuple(headings),
        selected=(names.index(picked), 0) if picked in names else None,
        digits=view.digits or FITTING[0],
        ascii=view.wording.ascii,
        key=f"{COLUMN}{place}",
    )


COLUMN = "column "  # begins the key of a table of scalars, its place follows


def picked_element(moment: Moment, key: str, index: Index) -> tuple[str, Index] | None:
    """The symbol and index of the element at `index` of the grid with `key`."""
    if not key.startswith(COLUMN):
        return (key, index) if key in moment.program.symbols else None
    row, place = symbol_rows(moment)[index[0]], int(key.removeprefix(COLUMN))
    return (row[place], ()) if place < len(row) else None


# ── what a step is ───────────────────────────────────────────────────────────────────────────────────────────


def why_page(words: Sequence[str], note: str, wording: Wording, width: int) -> Page:
    """Words on a step: its name, sentences, the formula with its conditions, the source; and what is odd about it."""
    name, *sentences, formula, source = (wording.sign(text) for text in words)
    page: list[Band | Line] = [_text(name, "title"), BLANK]
    for sentence in sentences:
        page += _folded(sentence, width)
    if note:
        page += [BLANK, *_folded(wording.sign(f"⚠ {note}"), width, "changed")]
    page += [BLANK, *_folded(formula, width, "formula"), BLANK, *_folded(source, width, "dim")]
    return tuple(page)
