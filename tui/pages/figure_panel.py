"""The panel of figures: all that the source prints, in its order, and whether each holds so far.

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
Cells = tuple[str, str, str, str]  # a name, what is printed, the sign, what is computed where it differs, or when


def figure_panel(moment: Moment, view: View, width: int, height: int) -> Panel:
    """The figures in an area inside a frame; those of the step that has just run are marked."""
    notation, figures = view.notation, moment.figures
    here = {figure.number for figure in figures.at(moment.position)}
    lines: list[tuple[Figure, Cells]] = []
    for figure in figures.all:
        lines += [(figure, cells) for cells in _lines(figure, figures.compared.get(figure.number), notation)]
    past = [y for y, (figure, _) in enumerate(lines) if figure.position <= moment.position]
    at = next((y for y, (figure, _) in enumerate(lines) if figure.number in here), max(past, default=0))
    printed = max((cell_len(cells[1]) for _, cells in lines), default=0)
    room = max(LEAST_NAME, width - 5 - printed - APART)
    name = min(room, max((cell_len(cells[0]) for _, cells in lines), default=0))
    top = page_top(at, len(lines), height)
    phase = str(moment.step.phase) if moment.step else "text"
    shown = [
        _line(cells, (name, printed, width), phase, notation, marked=figure.number in here)
        for figure, cells in lines[top : top + height]
    ]
    more = len(lines) - height
    aside: Pieces = ((notation.sign(words.MORE(more)), "quiet"),) if more > 0 else ()
    return Panel(((words.TITLE, "text"),), drawn(shown, width, height), aside)


def figure_count(figures: Sequence[Figure], notation: Notation) -> int:
    """The lines that all of them take."""
    counts = (len(printed_numbers(figure, notation)) for figure in figures)
    return sum(count if count <= WRITTEN_OUT else 1 for count in counts)


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
        yield figure_name(figure, notation), words.SO_MANY(len(numbers)), sign, ""
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
    name = element_name(figure, index, notation)
    told = f"{printed:.9g}" if isinstance(printed, float) else as_printed(printed)
    later = figure.position.iteration
    when = words.IN_ITERATION.format(iteration=later) if later > 1 else ""
    if compared is None or found is None:
        return name, told, "", when
    _, _, value, matches = found
    sign = verdict_sign(compared, printed, value, matches)
    return name, told, sign, when if matches else as_computed(value, printed, agrees=matches)
