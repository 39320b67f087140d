"""The page of the step that has just run: its formula, operands, result, arithmetic and change; and words on a step."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from rich.cells import cell_len

from gradstep.engine.analysis.abbreviate import abbreviated, named_parts
from gradstep.engine.arrays import Array, Index, first_index
from gradstep.engine.machine.provenance import earlier_in, origin
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Phase, Role, Step
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.caveats import caveats, set_between, set_between_others, set_since, warnings
from gradstep.tui.pages.view import BLANK, FITTING, SMALL, View, fitting, grid_of, row_headings
from gradstep.tui.text.folding import folded
from gradstep.tui.text.grid import Grid
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Band, Line, Page, text_line
from gradstep.tui.words import pages as words

TALL = 20  # lines of a table that has others beside it
MOST_LINES = 6  # of one element's arithmetic in symbols, and in numbers
MOST_WRITTEN = 2_000  # numbers in the arithmetic of one element


def now_page(moment: Moment, view: View, width: int) -> Page:
    """The step that has just run; at the start, what the scenario is."""
    step, notation = moment.step, view.notation
    if step is None:
        return tuple(_start(moment, view, width))
    page: list[Band | Line] = [*_formulas(step, view, width)]
    page += warnings(caveats(moment.program, step.symbol, notation), notation, width)
    if step.phase is Phase.DRAW:
        page += _drawn_rows(moment, width)
    picked = view.picked or (step.symbol, first_index(moment.program.symbols[step.symbol].shape))
    operands, result = _operands_and_result(moment, view, step, width)
    told = [*_arithmetic(moment, view, *picked, width), *warnings(_set_by_hand(moment, view, picked), notation, width)]
    changed = [*_change(moment, view, step, width), *_uses(moment, view, step, width)]
    if max(grid.height for grid in (*operands, result)) <= TALL:
        arrow = (notation.sign("→"),) if operands else ()
        return (*page, Band((*operands, *arrow, result)), *told, *changed)
    # Long tables go last, each below the one before: what came out is not to be looked for behind them.
    tables = [Band((grid,)) for grid in sorted((result, *operands), key=lambda grid: grid.height > TALL)]
    return (*page, *told, *tables, *changed)


def _start(moment: Moment, view: View, width: int) -> list[Line]:
    scenario, sign = moment.scenario, view.notation.sign
    lines = folded(sign(scenario.description), width)
    if scenario.source:
        lines += folded(sign(words.SOURCE.format(source=scenario.source)), width, "dim")
    first = words.NOTHING_YET.format(count=moment.length)
    return [*lines, BLANK, *folded(first, width, "formula")]


def _formulas(step: Step, view: View, width: int) -> list[Line]:
    """The formula in the chosen names, and in the others where they differ, beside it if there is room."""
    notation = view.notation
    formula = notation.formula(step)
    if not notation.own_formula_differs(step):
        return [text_line(formula, "formula")]
    other = replace(notation, own=not notation.own).formula(step)
    if cell_len(formula) + cell_len(other) + 6 <= width:
        return [Line(((formula, "formula"), ("    ", "text"), (f"({other})", "dim")))]
    return [text_line(formula, "formula"), text_line(f"({other})", "dim")]


def _drawn_rows(moment: Moment, width: int) -> list[Line]:
    """Which rows of the data a draw step took."""
    scenario = moment.scenario
    assert scenario.draw is not None, "there is something to draw from"
    rows, total = scenario.draw.rows(moment.position.iteration), scenario.draw.samples
    if rows is None:
        return [text_line(words.ALL_ROWS if total > 1 else words.ONLY_ROW, "dim")]
    numbers = ", ".join(f"{row:,}" for row in rows[:20].tolist()) + (", …" if len(rows) > 20 else "")
    return folded(words.ROWS(len(rows), rows=numbers, last=total - 1), width, "dim")


def _operands_and_result(moment: Moment, view: View, step: Step, width: int) -> tuple[list[Grid], Grid]:
    digits, labelled = fitting(moment, view, [[*step.read, step.symbol]], width - 2 * len(step.read))
    grids = [grid_of(moment, view, name, digits, labelled=labelled) for name in step.read]
    return grids, grid_of(moment, view, step.symbol, digits, labelled=labelled, marked=True)


def _arithmetic(moment: Moment, view: View, symbol: str, index: Index, width: int) -> list[Line]:
    """How one element came about, in names and in numbers."""
    notation, digits = view.notation, view.digits or 9
    name = notation.element(Element(symbol, index))
    if symbol not in moment.values:
        return [text_line(words.NOT_COMPUTED.format(element=name), "dim")]
    terms = _most_terms(moment, symbol)
    if terms > MOST_WRITTEN:
        return [text_line(words.TOO_MANY.format(element=name, count=terms), "dim")]
    whole = moment.provenance.element(symbol, index)
    if whole is None:
        given = origin(moment.provenance, moment.scenario.course, Element(symbol, index))
        return folded(notation.sign(words.GIVEN.format(element=name, given=given)), width, "dim")
    expression = abbreviated(whole, moment.values)
    symbols = f"{name} = {notation.arithmetic(expression)}"
    texts = [symbols, f"{' ' * cell_len(name)} = {notation.numbers(expression, moment.values, digits)}"]
    for named in named_parts(expression):
        number = notation.in_numbers(named, moment.values, digits)
        texts.append(f"{notation.part(named)} = {notation.arithmetic(named.part)} = {number}")
    return [line for text in texts for line in _no_longer_than(folded(text, width), notation)]


def _set_by_hand(moment: Moment, view: View, picked: tuple[str, Index]) -> list[str]:
    """Of operands of the step and of the picked element: what was set by hand after they were read."""
    provenance, course, here = moment.provenance, moment.scenario.course, moment.position
    told: list[str] = []
    if provenance.replaced:
        earlier = provenance.operands_since(here.step - 1)
        if picked[0] in moment.values and _most_terms(moment, picked[0]) <= MOST_WRITTEN:
            whole = provenance.element(*picked)
            earlier |= {} if whole is None else earlier_in(whole)
        told += set_since(provenance, earlier, course, here.iteration, view.notation)
    if picked[0] in moment.values:
        between = set_between(provenance, Element(*picked), course, view.notation)
        told += between or set_between_others(provenance, picked[0], course, view.notation)
    return told


def _no_longer_than(lines: list[Line], notation: Notation) -> list[Line]:
    """The lines, the middle ones left out where they would fill the panel: `x` shows them all."""
    if len(lines) <= MOST_LINES:
        return lines
    left_out = notation.sign(f"    {words.LEFT_OUT.format(count=len(lines) - MOST_LINES + 1)}")
    return [*lines[: MOST_LINES - 2], text_line(left_out, "dim"), lines[-1]]


def _most_terms(moment: Moment, symbol: str) -> int:
    """About how many numbers one element of a symbol is made of."""
    program = moment.program
    place = program.writers.get(symbol)
    if place is None:
        return 0
    largest = max((math.prod(operand.shape) for operand in program.operands(program.steps[place])), default=0)
    return largest // max(1, math.prod(program.symbols[symbol].shape))


def _change(moment: Moment, view: View, step: Step, width: int) -> list[Band | Line]:
    """The change by the step: of an update against its parameter, of anything else against the iteration before."""
    symbol = moment.program.symbols[step.symbol]
    now, aside = moment.values[step.symbol], list[Line]()
    if symbol.role is Role.NEXT:
        before = moment.values[symbol.of]
        title = f"{view.notation.symbol(step.symbol)} − {view.notation.symbol(symbol.of)}"
    elif step.symbol in moment.previous:
        before = moment.previous[step.symbol]
        earlier = moment.position.iteration - 1
        title = words.CHANGE_SINCE.format(iteration=earlier)
        if moment.program.by_row(step.symbol) and not moment.batches.same_rows(earlier + 1, earlier):
            aside = folded(words.OTHER_ROWS.format(iteration=earlier), width, "dim")
    else:
        return []
    return [_difference(view, now, before, title, width), *aside]


def _difference(view: View, now: Array, before: Array, title: str, width: int) -> Band | Line:
    title = view.notation.sign(title)
    with np.errstate(all="ignore"):
        difference = np.asarray(now - before)
    if bool((now == before).all()):  # which NaN is not
        return text_line(words.NO_DIFFERENCE.format(difference=title), "dim")
    fitting = FITTING if difference.size <= SMALL else (6,)
    for digits in (view.digits,) if view.digits else fitting:
        grid = Grid(
            title=title,
            shape=difference.shape,
            values=difference,
            row_headings=row_headings(difference.shape),
            digits=digits,
            ascii=view.notation.ascii,
        )
        if grid.width <= width:
            break
    return Band((grid,))


def _uses(moment: Moment, view: View, step: Step, width: int) -> list[Line]:
    """Who reads what the step wrote: a value that several steps share is computed once."""
    program, iteration = moment.program, moment.position.iteration
    users = [view.notation.symbol(user.symbol) for user in program.users(step.symbol, iteration)]
    name = view.notation.symbol(step.symbol)
    lines: list[Line] = []
    if program.symbols[step.symbol].role is Role.NEXT and iteration < moment.iterations:
        of = view.notation.symbol(program.symbols[step.symbol].of)
        lines.append(text_line(words.NEXT_ITERATION.format(symbol=of), "dim"))
    *others, last = users or [""]
    if not others:
        return [*lines, *folded(words.USED_BY.format(symbol=last), width, "dim")] if last else lines
    if step.phase is Phase.DRAW:
        shared = words.DRAWN_ONCE.format(symbol=name, others=", ".join(others), last=last)
    else:
        shared = words.COMPUTED_ONCE.format(symbol=name, others=", ".join(others), last=last)
    return [*lines, *folded(shared, width, "dim")]
