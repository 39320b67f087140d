"""What stands in a third column: what the picked number is made of, why the step is so; at the start, the symbols."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import islice
from math import prod

import numpy as np

from gradstep.engine.program.expression import Element
from gradstep.engine.scenario.scenario import Scenario
from gradstep.tui.debugger.stepping import LINES_UNROLLED, MOST_ELEMENTS, has_short_chains, is_brief, picked
from gradstep.tui.debugger.workbench import Workbench
from gradstep.tui.pages.step import writes_all_out
from gradstep.tui.text.columns import Row, widths, written
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.folding import folded
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Line, Page, lay_out, text_line
from gradstep.tui.words import debugger as words
from gradstep.tui.words import looking
from gradstep.tui.words import symbols as symbol_words

MARGIN = 1  # cells at either side
LEAST_WHY = 40  # cells in which sentences can be read well
MOST_WHY = 18  # lines; few steps have more to be said of them
LEAST_SYMBOLS = 5  # lines in which the beginning of a list of symbols is worth a look


def chain(bench: Workbench, width: int, height: int) -> tuple[Pieces, Sequence[Pieces]]:
    """A title and lines: what the picked number, or the first one of the step, is made of, down to the forward pass.

    Below it, as far as there is room, the other numbers of its array, and symbols. At the start, what all symbols are.
    """
    inside = width - 2 * MARGIN
    element = picked(bench)
    if element is None and bench.moment.position.step == 0:
        return ((symbol_words.TITLE, "text"),), _with_margin(_symbols(bench, inside))
    title, lines = _chain(bench, element, inside, height)
    return title, _with_margin(lines)


def why(bench: Workbench, width: int, height: int) -> tuple[Pieces, Sequence[Pieces]]:
    """A title and lines: what the selected step is, or the one that has just run, and why; at the start, the first one.

    Where they are more than have room, the blank ones are left out.
    """
    place, notation = bench.place or 0, bench.view.notation
    symbol = bench.moment.program.steps[place].symbol
    told = _why(bench.moment.scenario, place, notation, width - 2 * MARGIN)
    if len(told) > height:
        told = [line for line in told if line.width]
    return ((looking.WHY.format(symbol=notation.symbol(symbol)), "text"),), _with_margin(told)


@lru_cache(maxsize=16)
def why_height(scenario: Scenario, notation: Notation, width: int) -> int:
    """The lines of the longest page on a step of a scenario in a panel so wide inside, but for exceptions."""
    count = len(scenario.program.steps)
    return min(MOST_WHY, max(len(_why(scenario, place, notation, width - 2 * MARGIN)) for place in range(count)))


def _why(scenario: Scenario, place: int, notation: Notation, width: int) -> Sequence[Line]:
    """Without what is odd about the step, which the step says itself."""
    from gradstep.tui.pages.why import about, why_page  # noqa: PLC0415 - small screens have no need of it

    page = why_page(about(scenario, scenario.program.steps[place], notation), (), notation, width)
    return _flat(page, width)


def _flat(page: Page, width: int) -> Sequence[Line]:
    layout = lay_out(page, width)
    lines = (tuple(layout.line(y, 0, width, 0)) for y in range(layout.height))
    return [Line(pieces if any(text.strip() for text, _ in pieces) else ()) for pieces in lines]


def _with_margin(lines: Sequence[Line]) -> Sequence[Pieces]:
    return [((" " * MARGIN, "space"), *line.pieces) for line in lines]


def _symbols(bench: Workbench, width: int, names: Collection[str] | None = None, heads: bool = True) -> list[Line]:
    """The symbols, or some of them: all lists have the same columns."""
    from gradstep.tui.pages.symbols import FOLDING, HEADS, symbol_rows  # noqa: PLC0415 - see above

    rows = symbol_rows(bench.moment.program, bench.view.notation)
    head = Row(tuple(((text, "quiet"),) for text in HEADS))
    columns = widths([head, *rows.values()], width, FOLDING)
    shown = [*([head] if heads else []), *(each for name, each in rows.items() if names is None or name in names)]
    return [Line(tuple(pieces)) for each in shown for pieces in written(each, columns, width)]


def _around(bench: Workbench, width: int, room: int) -> list[Line]:
    """The symbols of the step that has just run, and as far as there is room those of its neighbours in the program."""
    program, place = bench.moment.program, bench.moment.position.step - 1
    lines: list[Line] = []
    told: set[str] = set()
    for title, names in (
        (words.SYMBOLS_HERE, {program.steps[place].symbol, *program.steps[place].operands}),
        (words.SYMBOLS_ELSEWHERE, {*program.symbols}),
    ):
        rows = _symbols(bench, width, names - told, heads=not lines)
        section = [Line(), text_line(title, "title"), *rows]
        if len(section) > room - len(lines):
            if room - len(lines) < LEAST_SYMBOLS or not lines:
                break
            section = section[: room - len(lines)]
        lines += section
        told |= names
    return lines


def _chain(bench: Workbench, element: Element | None, width: int, height: int) -> tuple[Pieces, Sequence[Line]]:
    """Its title and its lines."""
    from gradstep.tui.pages.explanation import tell  # noqa: PLC0415 - small screens have no need of it

    notation = bench.view.notation
    if element is None or element.symbol not in bench.moment.values or bench.window.busy:
        return ((words.CHAIN, "text"),), (text_line(words.NOTHING_YET, "quiet"),)
    title: Pieces = ((words.CHAIN_OF.format(element=notation.element(element)), "bold text"),)
    step, lines = bench.moment.step, list[Line]()
    if not is_brief(bench, element):
        lines += folded(words.TOO_MUCH.format(element=notation.element(element)), width, "quiet")
    else:
        unroll, digits = has_short_chains(bench), bench.view.digits or 9
        told = tell(
            bench.timeline, element, notation, width, digits=digits, unroll=unroll, plain=False, most=LINES_UNROLLED
        )
        lines += told.lines
        told_by_step = step is not None and step.symbol == element.symbol and writes_all_out(bench.moment.program, step)
        if unroll and not told_by_step:
            lines += _others(bench, element, width, height - len(lines))
    if step is not None:
        lines += _around(bench, width, height - len(lines))
    return title, lines


def _others(bench: Workbench, element: Element, width: int, room: int) -> list[Line]:
    """The arithmetic of other numbers of the array, those after the picked one first, each in whole lines."""
    from gradstep.tui.pages.explanation import tell  # noqa: PLC0415 - see above

    shape = bench.moment.program.symbols[element.symbol].shape
    digits, notation = bench.view.digits or 9, bench.view.notation
    lines: list[Line] = []
    here = int(np.ravel_multi_index(element.index, shape)) if shape else 0
    count = prod(shape)
    for place in islice((each % count for each in range(here + 1, here + count)), MOST_ELEMENTS):
        index = tuple(int(each) for each in np.unravel_index(place, shape))
        told = tell(
            bench.timeline, Element(element.symbol, index), notation, width, digits=digits, unroll=False, plain=False
        )
        title = words.OTHERS_OF.format(symbol=notation.symbol(element.symbol))
        heading = [] if lines else [Line(), *folded(title, width, "title")]
        if len(lines) + len(heading) + len(told.arithmetic) > room:
            break
        lines += [*heading, *told.arithmetic]
    return lines
