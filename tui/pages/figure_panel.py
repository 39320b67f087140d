"""The panel of figures: all that the source prints, in its order, and whether each holds so far; below it what else is
expected, which is not counted among them.

A figure has the same lines before and after it was compared, so that the list stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len

from gradstep.engine.arrays import Index
from gradstep.engine.scenario.figures import Figure
from gradstep.engine.timeline.figures import Compared
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.figures import (
    DIFFERS,
    FAILS,
    SIGNS,
    STYLES,
    WRITTEN_OUT,
    given,
    printed_numbers,
    verdict_sign,
)
from gradstep.tui.pages.program import page_top
from gradstep.tui.pages.view import View
from gradstep.tui.text.columns import APART
from gradstep.tui.text.drawing import Panel, Pieces, drawn
from gradstep.tui.text.folding import shortened
from gradstep.tui.text.glyphs import BAR, MISSING
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.printed import as_computed, as_printed, element_name, figure_name
from gradstep.tui.words import figures as words

LEAST_NAME = 8  # cells
Cells = tuple[str, str, str, str]  # a name and when, what is printed, the sign, what is computed where it differs


def figure_panel(moment: Moment, view: View, width: int, height: int) -> Panel:
    """The figures in an area inside a frame; those of the step that has just run are marked."""
    notation, figures = view.notation, moment.figures
    here = {figure.number for figure in figures.at(moment.position)}
    lines: list[tuple[Figure, Cells | None]] = []
    for part in _parts(figures.all):
        lines += [(part[0], None)] if lines else []
        lines += [(each, cells) for each in part for cells in _lines(each, figures.compared.get(each.number), notation)]
    past = [y for y, (figure, _) in enumerate(lines) if figure.position <= moment.position]
    at = next((y for y, (figure, _) in enumerate(lines) if figure.number in here), max(past, default=0))
    known = [cells for _, cells in lines if cells]
    printed = max((cell_len(cells[1]) for cells in known), default=0)
    room = max(LEAST_NAME, width - 5 - printed - APART)
    name = min(room, max((cell_len(cells[0]) for cells in known), default=0))
    top = page_top(at, len(lines), height)
    phase = str(moment.step.phase) if moment.step else "text"
    shown = [
        _line(cells, (name, printed, width), phase, notation, marked=figure.number in here)
        if cells
        else _subheading(width, notation)
        for figure, cells in lines[top : top + height]
    ]
    hidden = [figure.number for figure, cells in (*lines[:top], *lines[top + height :]) if cells]
    more = len({*hidden})
    aside: Pieces = ((notation.sign(words.MORE(more)), "quiet"),) if more else ()
    title = words.TITLE if figures.of_source else words.EXPECTED
    return Panel(((title, "text"),), drawn(shown, width, height), aside)


def figure_count(figures: Sequence[Figure], notation: Notation) -> int:
    """The lines that all of them take."""
    counts = (len(printed_numbers(figure, notation)) for figure in figures)
    headings = max(0, len(_parts(figures)) - 1)
    return headings + sum(count if count <= WRITTEN_OUT else 1 for count in counts)


def _parts(figures: Sequence[Figure]) -> list[list[Figure]]:
    """What the source prints, and what else is expected; none that are empty."""
    parts = ([each for each in figures if each.expectation.from_source is kind] for kind in (True, False))
    return [part for part in parts if part]


def _subheading(width: int, notation: Notation) -> Pieces:
    """Over what the source does not print."""
    return ((shortened(f" {words.BESIDES}", width, ascii=notation.ascii), "quiet"),)


def _line(cells: Cells, widths: tuple[int, int, int], phase: str, notation: Notation, *, marked: bool) -> Pieces:
    name, printed, sign, computed = cells
    name_width, printed_width, width = widths
    ground = f" on written {phase}" if marked else ""
    bar = BAR.drawn(ascii=notation.ascii) if marked else " "
    name = shortened(name, name_width, ascii=notation.ascii)
    style = STYLES.get(sign, "quiet")
    key = ("bold text" if marked else "text" if sign else "quiet") + ground
    shown = notation.sign(sign) if sign else MISSING.drawn(ascii=notation.ascii)
    pieces = [
        (bar, f"bold {phase}{ground}"),
        (name + " " * (name_width - cell_len(name) + APART), key),
        (printed.ljust(printed_width), key),
        (f" {shown} ", f"{style}{ground}"),
    ]
    used = sum(cell_len(text) for text, _ in pieces)
    if computed and used + cell_len(computed) <= width:
        pieces.append((computed, f"{style if sign in (DIFFERS, FAILS) else 'quiet'}{ground}"))
        used += cell_len(computed)
    pieces.append((" " * max(0, width - used), key))
    return tuple(pieces)


def _lines(figure: Figure, compared: Compared | None, notation: Notation) -> Iterator[Cells]:
    """A line a number where these are few, otherwise one for all of them."""
    numbers = printed_numbers(figure, notation)
    if len(numbers) > WRITTEN_OUT:
        sign = "" if compared is None else SIGNS.get(compared.outcome, "")
        yield _named(figure, figure_name(figure, notation)), words.SO_MANY(len(numbers)), sign, ""
        return
    found = {each[0]: each for each in given(compared, notation)} if compared is not None else {}
    for index, printed in numbers:
        yield _number(figure, compared, index, printed, found.get(index), notation)


def _number(
    figure: Figure,
    compared: Compared | None,
    index: Index,
    printed: Any,
    found: tuple[Index, Any, Any, bool] | None,
    notation: Notation,
) -> Cells:
    name = _named(figure, element_name(figure, index, notation))
    told = f"{printed:.9g}" if isinstance(printed, float) else as_printed(printed)
    if compared is None or found is None:
        return name, told, "", ""
    _, _, value, matches = found
    sign = verdict_sign(compared, printed, value, matches)
    return name, told, sign, "" if matches else as_computed(value, printed, agrees=matches)


def _named(figure: Figure, name: str) -> str:
    """With the iteration that it is of, where that is not the first."""
    later = figure.position.iteration
    return f"{name} {words.IN_ITERATION.format(iteration=later)}" if later > 1 else name
