"""From figure to figure in the source's order, whichever direction in time it lies; and the list of all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from gradstep.engine.arrays import Index, first_index
from gradstep.engine.scenario.figures import Figure
from gradstep.tui.debugger.drawer import Drawer
from gradstep.tui.debugger.stepping import pick, travel
from gradstep.tui.debugger.workbench import Act, Reason, Workbench
from gradstep.tui.pages.arrangement import MUCH
from gradstep.tui.pages.figure_list import FOLDING, SPARE, figure_list, headings, legend
from gradstep.tui.pages.figures import called, told
from gradstep.tui.text.columns import Row
from gradstep.tui.text.drawing import Pieces
from gradstep.tui.text.page import Page
from gradstep.tui.text.printed import figure_name
from gradstep.tui.words import figures as words


def _beside(bench: Workbench, by: int) -> Figure | None:
    """The figure after the current one, or before it; where the cursor is at none, the nearest from here on."""
    figures, here = bench.moment.figures, [each.number for each in bench.moment.figures.at(bench.moment.position)]
    if bench.figure is None and not here:
        return figures.nearest(bench.moment.position, by)
    number = (bench.figure or (max(here) if by > 0 else min(here))) + by
    return figures.all[number - 1] if 1 <= number <= len(figures.all) else None


def no_figures(bench: Workbench) -> str | None:
    """The reason why there are none to look at."""
    return None if bench.moment.figures.all else words.NO_FIGURES


def to_figure(by: int) -> tuple[Act, Reason]:
    """Going to the next figure of the source, or the one before, and the reason why that cannot be done."""

    def go_on(bench: Workbench) -> None:
        figure = _beside(bench, by)
        if figure is not None:
            go(bench, figure)

    def why_not(bench: Workbench) -> str | None:
        none = no_figures(bench)
        if none or _beside(bench, by) is not None:
            return none
        if bench.figure is None:
            return words.NONE_AFTER if by > 0 else words.NONE_BEFORE
        if len(bench.moment.figures.all) == 1:
            return words.ONLY_ONE
        return words.LAST if by > 0 else words.FIRST

    return go_on, why_not


def go(bench: Workbench, figure: Figure) -> None:
    """Go to a figure and say what it comes to."""
    bench.figure = figure.number
    travel(bench, figure.position, partial(_arrived, bench, figure))


def _arrived(bench: Workbench, figure: Figure) -> None:
    figures, symbol = bench.moment.figures, bench.moment.position.symbol
    if symbol is not None:
        _pick(bench, figure, symbol)
    said = told(figure, figures, bench.view.notation)
    bench.say(words.AT_FIGURE.format(which=called(figure, figures), figure=said))


def _pick(bench: Workbench, figure: Figure, symbol: str, wrong: Sequence[Index] = ()) -> None:
    """Pick the number that a figure is about; of a whole symbol the first that is wrong, else its first."""
    shape = bench.moment.program.symbols[symbol].shape
    places = [each.index for each in figure.about if each.symbol == symbol and each.index]
    places += [index for index in wrong if len(index) == len(shape)]
    pick(bench, symbol, places[0] if places else first_index(shape))


def failing_here(bench: Workbench) -> str:
    """A figure that fails where the cursor is, in words; it is the current one then. "" where none does."""
    figures, position = bench.moment.figures, bench.moment.position
    failing = figures.failing(position)
    if not failing:
        return ""
    figure = failing[0].figure
    bench.figure = figure.number
    wrong = [index for index, printed, _, matches in failing[0].verdict.elements() if not matches and printed != ""]
    symbol = position.symbol
    if symbol is not None and any(each.symbol == symbol for each in figure.about):
        _pick(bench, figure, symbol, wrong)
    said = told(figure, figures, bench.view.notation)
    place = bench.view.notation.position(position)
    return words.FAILS_HERE.format(position=place, which=called(figure, figures), figure=said)


def hint(bench: Workbench) -> Pieces:
    """The next figure of the source, for the line below the panels."""
    figure = _beside(bench, +1) if bench.moment.figures.all else None
    if figure is None:
        return ()
    name = figure_name(figure, bench.view.notation)
    return (("]", "bold label"), (words.NEXT.format(name=name), "quiet"))


def list_figures(bench: Workbench) -> None:
    """All of them in a drawer; Enter goes there."""

    def entries() -> list[Row]:
        return [each.row for each in figure_list(bench.moment.figures, bench.view.notation, bench.figure)]

    def page(width: int) -> Page:
        return legend(bench.moment.figures, bench.view.notation, width)

    def show(place: int) -> str | None:
        go(bench, bench.moment.figures.all[place])
        return bench.message[0] or None

    here = [figure.number for figure in bench.moment.figures.at(bench.moment.position)]
    bench.open(
        Drawer(
            "figures",
            lambda: words.TITLE,
            page,
            entries,
            heads=headings(bench.moment.figures),
            folding=FOLDING,
            spare=SPARE,
            acts={"open": show},
            about=words.KEYS,
            share=MUCH,
            chosen=(bench.figure or next(iter(here), 1)) - 1,
        )
    )
