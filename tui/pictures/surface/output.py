"""The network's output as it is drawn: a picture of classes, or one of each output, its title; or why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array, rounded
from gradstep.engine.program.program import Phase
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pictures.surface.plane import INPUTS, forward, ranges, row_by_row
from gradstep.tui.text.notation import Notation
from gradstep.tui.words import surface as words

CLASSES, SIDES, LEVELS = "classes", "sides", "levels"
HALF = 0.5  # between the sides


def why_not(moment: Moment) -> str:
    """Why there is no picture; "" where there is one."""
    dataset, program = moment.scenario.dataset, moment.program
    if dataset is None:
        return words.NO_DATA
    if dataset.x.shape[1] != INPUTS:
        return words.NOT_TWO_INPUTS.format(inputs=dataset.x.shape[1])
    if not row_by_row(program, moment.scenario.network.output):
        return words.NOT_ROW_BY_ROW
    if not np.isfinite(dataset.x).all(axis=1).any():
        return words.NO_FINITE_ROW
    return "" if all(math.isfinite(2 * end) for ends in ranges(moment) for end in ends) else words.TOO_FAR


def outputs(moment: Moment) -> int:
    """How many pictures there are: one an output; of classes one for all."""
    if why_not(moment):
        return 0
    return 1 if kind_of(moment) == CLASSES else int(moment.program.symbols[moment.scenario.network.output].shape[1])


def kind_of(moment: Moment) -> str:
    """classes: several outputs, one of which is right; sides: one, whose targets are 0 and 1; otherwise levels."""
    dataset = moment.scenario.dataset
    assert dataset is not None, "there are data to draw"
    columns, t = moment.program.symbols[moment.scenario.network.output].shape[-1], dataset.t
    if softmax_of(moment):
        return CLASSES
    if t.shape[1] != columns or not ((t == 0) | (t == 1)).all():
        return LEVELS
    if columns == 1:
        return SIDES
    return CLASSES if (t.sum(axis=1) == 1).all() else LEVELS


def softmax_of(moment: Moment) -> str:
    """The symbol of the softmax that the loss makes of the output; "" where it does not."""
    of = (moment.scenario.network.output,)
    steps = (step for step in moment.program.steps if step.phase is Phase.FORWARD and step.operands == of)
    return next((step.symbol for step in steps if step.operation.distribution), "")


@dataclass(frozen=True, eq=False)
class Surface:
    """The numbers that are drawn. values: of one output, or the number of the class (NaN for none), by row of x.

    sure: the probability of that class, where there is a softmax.
    """

    kind: str
    values: Array
    sure: Array | None = None


def surface_at(moment: Moment, x: Array, output: int = 0) -> Surface:
    """The surface at rows of x; outputs are counted round."""
    known, kind, softmax = forward(moment, x), kind_of(moment), softmax_of(moment)
    made = known[moment.scenario.network.output]
    if kind != CLASSES:
        return Surface(kind, made[:, output % made.shape[1]])
    classes = np.where(np.isnan(made).any(axis=1), np.nan, rounded(made).argmax(axis=1))
    return Surface(kind, classes, known[softmax].max(axis=1) if softmax else None)


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
