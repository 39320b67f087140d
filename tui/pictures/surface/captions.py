"""The names in the page and the text of a surface: its title, its axes, the numbers at their ends."""

from __future__ import annotations

import math

from rich.cells import cell_len

from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures.surface.output import CLASSES, kind_of, softmax_of
from gradstep.tui.pictures.surface.plane import INPUTS, Range
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import surface as words


def title_of(moment: Moment, notation: Notation, output: int) -> str:
    """The title: the output, the inputs, and with which parameters."""
    x0, x1 = axis_names(notation, moment)
    picture = words.OVER.format(output=_name(moment, notation, output), x0=x0, x1=x1)
    return _with_parameters(picture, moment, notation)


def _name(moment: Moment, notation: Notation, output: int) -> str:
    """The name of an output, by its label or its column; of classes, that of the largest output."""
    symbol, softmax = moment.scenario.network.output, softmax_of(moment)
    rows, columns = moment.program.symbols[symbol].shape
    if kind_of(moment) == CLASSES:
        return words.LARGEST_CLASS.format(output=notation.symbol(softmax or symbol))
    if columns == 1:
        return notation.symbol(symbol)
    column = output % columns
    label = notation.label(symbol, (0, column)) if rows == 1 else ""
    name = label or f"{notation.symbol(symbol)}[:,{column}]"
    return words.ONE_OUTPUT.format(output=name, column=column + 1, columns=columns)


def _with_parameters(picture: str, moment: Moment, notation: Notation) -> str:
    """A title, and whether the parameters are the updated ones, or which of them are."""
    carried = {name: becomes for name, becomes in moment.program.carried.items() if becomes != name}
    done = [notation.symbol(becomes) for becomes in carried.values() if becomes in moment.values]
    if not carried:
        return picture
    if not done:
        return words.BEFORE_UPDATE.format(picture=picture, iteration=moment.position.iteration)
    if len(done) == len(carried):
        return words.AFTER_UPDATE.format(picture=picture, iteration=moment.position.iteration)
    return words.WITHIN_UPDATE.format(picture=picture, updated=", ".join(done))


def axis_names(notation: Notation, moment: Moment) -> tuple[str, str]:
    """x0 and x1, or their labels where an iteration sees a single row."""
    labels = [notation.label("x", (0, column)) for column in range(INPUTS)]
    if moment.program.symbols["x"].shape[0] > 1 or not all(labels) or max(map(cell_len, labels)) > 12:
        return "x0", "x1"
    return labels[0], labels[1]


def on_axis(number: float, ends: Range) -> str:
    """A place on an axis, to a ten-thousandth of its range or nearer."""
    decimals = 4 - math.floor(math.log10(ends[1] - ends[0]))
    return f"{round(number, decimals) + 0.0:.15g}"  # + 0.0: no minus before a zero


def brief(number: float) -> str:
    """A number in the text."""
    return f"{number:.4g}"
