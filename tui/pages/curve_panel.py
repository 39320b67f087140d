"""The panel with the curve of the loss: that of another branch in the same picture, and what is measured below it.

It is drawn anew at every key; what is costly about that is kept by `plot`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from rich.cells import cell_len

from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.curve import Losses
from gradstep.tui.pages.plot import AXIS, NARROW, Curve, axis_of, plot, sign_of_curve
from gradstep.tui.pages.view import View
from gradstep.tui.text.cells import NARROWEST, brief, cell
from gradstep.tui.text.drawing import Panel, Pieces, drawn
from gradstep.tui.text.folding import ended, folded, folded_pieces
from gradstep.tui.text.glyphs import MISSING
from gradstep.tui.words import curve as words

LEAST, BEST = 5, 11  # lines of the picture and its iterations
MEASURES = 2  # that are shown
MEASURE_KEYS = ("series 3", "series 4")
TWO_KEYS = "loss", "quiet"  # of two curves: the one that one is in keeps its colour; their dots differ, too
LEAST_BESIDE = 8  # cells of two curves beside their numbers
LEAST_OF_TWO = 7  # lines in which two curves are apart, with their legend
STRIPS_FROM = 12  # lines from which on what is measured has a strip of bars, too
NUMBER = 12  # cells of the only number
NAN = "?"
BARS, ASCII_BARS = "▁▂▃▄▅▆▇█", "_.-=+*%#"


def curve_panel(
    moment: Moment,
    view: View,
    width: int,
    height: int,
    *,
    logarithmic: bool | None = None,
    other: tuple[str, Losses] | None = None,
    shown: tuple[str, Losses] | None = None,
    aside: str = "",
) -> Panel:
    """The loss so far over the iterations, or another curve, with an inside of exactly width × height cells.

    logarithmic: None for where that helps; the title says it. other: the name and losses of a branch to compare with.
    shown: a name and the numbers that are drawn instead of the loss (something measured or watched). aside: at the
    right of the title.
    """
    notation = view.notation
    name = notation.symbol(moment.program.loss) if shown is None else shown[0]
    losses = _of(moment) if shown is None else shown[1]
    curves = [Curve(moment.branch, losses, "loss")]
    if other is not None and shown is None:
        own, others = TWO_KEYS
        curves = [Curve(moment.branch, losses, own), Curve(*other, others)]
    axis = axis_of(curves, logarithmic)
    below = [] if len(curves) > 1 and height < LEAST_OF_TWO else _below(moment, view, curves, width, height)
    room = max(2, height - len(below))
    few = _few(name, losses, width, room) if len(curves) == 1 else _low(curves, view, width, height)
    lines = few or plot(
        curves, width, room,
        cursor=moment.position.iteration, logarithmic=logarithmic, plain=view.plain, ascii=notation.ascii,
    )  # fmt: skip
    title = [(name, "bold loss")]
    if axis is not None and axis.logarithmic:
        title.append((f" ({words.LOGARITHMIC})", "quiet"))
    beside = ((notation.sign(aside), "quiet"),) if aside else ()
    return Panel(tuple(title), drawn([*lines, *below], width, height), beside)


def curve_heights(scenario: Scenario, view: View, width: int) -> tuple[int, int]:
    """The least and the best number of lines inside."""
    measured = bool(scenario.program.measured_symbols)
    return LEAST + measured, BEST + (1 + MEASURES if measured else 0)


def _of(moment: Moment) -> Losses:
    return Losses(moment.losses, moment.known, moment.position.iteration)


def _few(name: str, losses: Losses, width: int, height: int) -> list[Pieces]:
    """In `height` lines what is said in place of a curve: that there is no value, or the only one; none for a curve."""
    known = np.ones(losses.values.size, dtype=np.bool_) if losses.known is None else losses.known
    count = int(np.count_nonzero(known))
    if count > 1:
        return []
    room = max(1, width - 2)
    lines: list[Pieces] = []
    said = [words.NONE_SO_FAR]
    if count:
        place = int(np.argmax(known))
        value = float(losses.values[place])
        number = cell(value, max(NARROWEST, min(NUMBER, room - cell_len(name) - 1))).strip()
        key = "bold text" if math.isfinite(value) else "bold fails"
        lines += [line.pieces for line in folded_pieces(((name, "bold loss"), (" ", "text"), (number, key)), room)]
        lines.append(())
        said = [words.ONE_SO_FAR.format(iteration=place + 1), words.BEGINS_WITH_TWO]
    lines += [line.pieces for text in said for line in folded(text, room, "quiet")]
    if len(lines) > height:
        lines = [line for line in lines if line]
    top = max(0, (height - len(lines)) // 2)
    return [*[()] * top, *(((" ", "space"), *line) for line in lines[:height]), *[()] * (height - top - len(lines))]


def _low(curves: Sequence[Curve], view: View, width: int, height: int) -> list[Pieces]:
    """In place of two curves that would hide each other in so few lines, their numbers, and beside them the curves."""
    if height >= LEAST_OF_TWO:
        return []
    values = [
        float(curve.losses.values[at])
        if (at := curve.losses.place) is not None and (curve.losses.known is None or curve.losses.known[at])
        else None
        for curve in curves
    ]
    names = [*(curve.name for curve in curves), words.DIFFERENCE]
    wide = min(max(map(cell_len, names)), max(1, width - NUMBER - 3))
    one, other = values
    told = [*values, None if one is None or other is None else one - other]
    lines: list[Pieces] = []
    for name, value, key in zip(names, told, (*TWO_KEYS, "quiet"), strict=True):
        text = MISSING.drawn(ascii=view.notation.ascii) if value is None else cell(value, NUMBER).strip()
        shown = ended(name, wide, ascii=view.notation.ascii)
        lines.append(((f" {shown}{' ' * (wide - cell_len(shown))}  ", key), (text.rjust(NUMBER), "text")))
    room = width - wide - NUMBER - 5
    if room >= LEAST_BESIDE:
        cursor, ascii = curves[0].losses.cursor, view.notation.ascii
        drawn_beside = plot(curves, room, len(lines) + 1, cursor=cursor, plain=view.plain, ascii=ascii)
        lines = [(*line, ("  ", "space"), *more) for line, more in zip(lines, drawn_beside, strict=False)]
    top = max(0, (height - len(lines)) // 2)
    return [*[()] * top, *lines[:height], *[()] * (height - top - len(lines))]


def _below(moment: Moment, view: View, curves: Sequence[Curve], width: int, height: int) -> list[Pieces]:
    """The legend of two curves; what is measured, with its last numbers and its strips."""
    lines: list[Pieces] = []
    if len(curves) > 1 and height >= LEAST:
        lines.append(_legend(curves, view, width))
    names = moment.program.measured_symbols[:MEASURES]
    if names and height - len(lines) >= LEAST:
        lines.append(_measures(moment, view, names, width))
        if height >= STRIPS_FROM and width > NARROW:
            lines[-1:-1] = _strips(moment, view, names, width)
    return lines


def _legend(curves: Sequence[Curve], view: View, width: int) -> Pieces:
    """The branches and their numbers at the cursor, as far as known, with the signs of their curves."""
    pieces = []
    room = width // len(curves)
    for place, curve in enumerate(curves):
        sign = sign_of_curve(place, len(curves), plain=view.plain, ascii=view.notation.ascii)
        at = curve.losses.place
        known = at is not None and (curve.losses.known is None or bool(curve.losses.known[at]))
        last = f" {brief(float(curve.losses.values[at]), 4)}" if known and at is not None else ""
        if cell_len(curve.name) + len(sign) + len(last) + 2 > room:
            last = ""  # sooner the whole name
        name = ended(curve.name, max(1, room - len(sign) - len(last) - 2), ascii=view.notation.ascii)
        text = f" {name}{last} "
        pieces += [(sign, curve.key), (text, "quiet")]
    return tuple(pieces)


def _measures(moment: Moment, view: View, names: Sequence[str], width: int) -> Pieces:
    """What was measured last: accuracy  train 0.382  test 0.331; each whole or not at all."""
    kind, parts = _parted([view.notation.symbol(name) for name in names])
    pieces: list[tuple[str, str]] = [(kind, "quiet")]
    used = cell_len(kind)
    for place, (told, name) in enumerate(zip(parts, names, strict=True)):
        value = moment.latest(name)
        number = brief(value) if value is not None else MISSING.drawn(ascii=view.notation.ascii)
        text = f"  {told} "
        if used + cell_len(text) + len(number) > width:
            break
        pieces += [(text, MEASURE_KEYS[place]), (number, "text")]
        used += cell_len(text) + len(number)
    return tuple(pieces)


def _parted(names: Sequence[str]) -> tuple[str, list[str]]:
    """The words that names begin with, and what differs: accuracy_train and accuracy_test are accuracy, train, test."""
    starts = {name.rpartition("_")[0] for name in names}
    shared = starts.pop() if len(starts) == 1 and len(names) > 1 else ""
    return shared, [name[len(shared) + 1 :] if shared else name for name in names]


def _strips(moment: Moment, view: View, names: Sequence[str], width: int) -> Iterator[Pieces]:
    """Each share that was measured: a bar a column of the curve above it, from 0 to 1, as it stayed until the next."""
    across, size = width - AXIS - 1, max(1, moment.losses.size)
    bars = ASCII_BARS if view.notation.ascii else BARS
    _, parts = _parted([view.notation.symbol(name) for name in names])
    for place, (part, name) in enumerate(zip(parts, names, strict=True)):
        if not moment.program.is_share(name):
            continue
        iterations, numbers = moment.measured.get(name, ([], []))
        cells = ""
        for iteration, number in _thinned(iterations, numbers, across):
            column = min(across - 1, (iteration - 1) * across // size)
            cells = cells[:column].ljust(column, cells[-1:] or " ") + _bar(number, bars)
        cells = cells.ljust(across, cells[-1:] or " ")
        told = ended(part, AXIS, ascii=view.notation.ascii)
        yield ((told.rjust(AXIS) + " ", MEASURE_KEYS[place]), (cells, MEASURE_KEYS[place]))


def _bar(number: float, bars: str) -> str:
    """A bar for a share from 0 to 1."""
    return bars[min(len(bars) - 1, max(0, int(number * len(bars))))] if math.isfinite(number) else NAN


def _thinned(iterations: Sequence[int], numbers: Sequence[float], most: int) -> list[tuple[int, float]]:
    """Some of many, the last among them."""
    step = max(1, len(iterations) // (4 * most))
    chosen = [*range(len(iterations) - 1, -1, -step)][::-1]
    return [(iterations[place], numbers[place]) for place in chosen]
