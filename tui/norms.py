"""How large gradients, updates and weights have been from iteration to iteration: curves, and the same as text.

Before them it is said what is wrong with the run, at the cursor and on the way.
"""

from __future__ import annotations

import numpy as np

from engine.health import symptoms_of
from engine.operation import Array
from engine.program import Program
from engine.timeline import Moment
from engine.trends import Trends
from tui.folding import folded
from tui.numbers import short
from tui.widgets.curve import curve_lines
from tui.widgets.sheet import Line
from tui.wording import Wording
from tui.words import albums as words

CURVE_HEIGHT = 7
MOST_ONSETS = 6
ROWS = 6  # iterations of the table
STYLE_KEYS = {"caption": "title", "axis": "dim", "curve": "number", "cursor": "fresh"}  # of the curve → of the sheet


def trained(program: Program) -> list[str]:
    """The parameters that an update gives a next value."""
    return [symbol.of for symbol in program.symbols.values() if symbol.role == "next"]


def norms_page(moment: Moment, found: Trends, wording: Wording, width: int, which: int = 0) -> tuple[Line, ...]:
    """The symptoms, and three curves of one parameter; parameters are counted round."""
    lines = [line for text in _symptoms(moment, found, wording) for line in folded(text, width)]
    names = [name for name in trained(moment.program) if name in found.parameters]
    if names:
        name = names[which % len(names)]
        for title, numbers in _curves(found, name, wording):
            lines += [Line(), *_curve(title, found, numbers, moment, width, wording)]
    return tuple(lines)


def norms_text(moment: Moment, found: Trends, wording: Wording) -> tuple[str, ...]:
    """The symptoms, and some iterations of every parameter in numbers."""
    return (*_symptoms(moment, found, wording), "", *_table(found, wording))


def _curves(found: Trends, name: str, wording: Wording) -> list[tuple[str, Array]]:
    """The norms of one parameter, each with its title."""
    trend, dressed = found.parameters[name], wording.symbol(name)
    return [
        (wording.sign(words.NORM_OF_GRADIENT.format(parameter=dressed)), trend.gradient),
        (wording.sign(words.NORM_OF_UPDATE.format(parameter=dressed)), trend.update),
        (wording.sign(words.UPDATE_TO_WEIGHT.format(parameter=dressed)), trend.ratio),
    ]


def _curve(title: str, found: Trends, numbers: Array, moment: Moment, width: int, wording: Wording) -> list[Line]:
    last = int(found.iterations[-1]) if len(found.iterations) else 1
    values, known = np.full(last, np.nan), np.zeros(last, dtype=bool)
    values[found.iterations - 1], known[found.iterations - 1] = numbers, True
    here = moment.position.iteration if moment.position.iteration <= last else None
    lines = curve_lines(
        values,
        width,
        CURVE_HEIGHT,
        here,
        ascii=wording.ascii,
        known=known,
        total=moment.iterations,
        symbol="",
        name=title,
    )
    return [Line(tuple((text, STYLE_KEYS.get(key, key)) for text, key in pieces)) for pieces in lines]


def _symptoms(moment: Moment, found: Trends, wording: Wording) -> list[str]:
    """What shows here, and what has shown on the way."""
    here = "; ".join(symptom.text for symptom in symptoms_of(moment))
    lines = [words.AT_CURSOR.format(symptoms=here) if here else words.HEALTHY]
    for onset in found.onsets[:MOST_ONSETS]:
        symbol, first = wording.symbol(onset.symbol), onset.first
        if onset.until == first:
            lines.append(words.FROM.format(symptom=onset.kind, symbol=symbol, first=first))
        else:
            lines.append(words.FROM_TO.format(symptom=onset.kind, symbol=symbol, first=first, last=onset.until))
    return [wording.sign(line) for line in lines]


def _table(found: Trends, wording: Wording) -> list[str]:
    """Some iterations of every parameter, in numbers."""
    lines: list[str] = []
    last = len(found.iterations) - 1
    places = sorted({round(k * last / (ROWS - 1)) for k in range(ROWS)}) if last >= 0 else []
    for name, trend in found.parameters.items():
        lines.append(words.COLUMNS.format(parameter=wording.symbol(name)))
        for place in places:
            numbers = (trend.gradient[place], trend.update[place], trend.ratio[place])
            shown = "  ".join(short(float(number), 6) for number in numbers)
            lines.append(f"  {int(found.iterations[place]):>8,}  {shown}")
    return lines
