"""How large gradients, updates and weights have been, as curves and as text, below the symptoms of the run."""

from __future__ import annotations

from gradstep.engine.analysis.health import symptoms_of
from gradstep.engine.analysis.trends import Trends
from gradstep.engine.arrays import Array
from gradstep.engine.health import plateau
from gradstep.engine.health import symptoms as health
from gradstep.engine.program.program import Program, Role
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.curve import curve_lines, losses_at, series_captions, titled
from gradstep.tui.text.folding import folded
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import short
from gradstep.tui.text.page import Line
from gradstep.tui.words import pictures as words

CURVE_HEIGHT = 7
MOST_ONSETS = 6
ROWS = 6  # iterations of the table
MEANINGS = {
    health.NOT_FINITE: words.MEANS_NOT_FINITE,
    health.EXPLODING: words.MEANS_EXPLODING.format(
        rms=health.EXPLODING_LEAST, ratio=health.EXPLODING_ABOVE, growth=health.GROWN_ABOVE
    ),
    health.VANISHING: words.MEANS_VANISHING.format(share=health.VANISHING_BELOW),
    health.DEAD: words.MEANS_DEAD.format(share=health.SHARE),
    **dict.fromkeys(
        health.SATURATED.values(), words.MEANS_SATURATED.format(below=health.SATURATED_BELOW, share=health.SHARE)
    ),
    health.IDENTICAL: words.MEANS_IDENTICAL,
    health.PLATEAU: words.MEANS_PLATEAU.format(
        flat=plateau.PLATEAU_FLAT,
        least=plateau.PLATEAU_LEAST,
        epochs=plateau.PLATEAU_EPOCHS,
        above=plateau.PLATEAU_ABOVE,
    ),
}
"""Kind of a symptom → when it is called so."""
KINDS = {
    health.NOT_FINITE: words.KIND_NOT_FINITE,
    health.EXPLODING: words.KIND_EXPLODING,
    health.VANISHING: words.KIND_VANISHING,
    health.DEAD: words.KIND_DEAD,
    health.SATURATED["sigmoid"]: words.KIND_SATURATED_SIGMOID,
    health.SATURATED["tanh"]: words.KIND_SATURATED_TANH,
    health.IDENTICAL: words.KIND_IDENTICAL,
    health.PLATEAU: words.KIND_PLATEAU,
}
"""Kind of a symptom → as it is shown."""
STYLE_KEYS = {"caption": "title", "axis": "dim", "curve": "number", "cursor": "fresh"}  # of the curve → of the sheet


def trained(program: Program) -> list[str]:
    """The parameters that an update gives a next value."""
    return [symbol.of for symbol in program.symbols.values() if symbol.role is Role.NEXT]


def norms_page(moment: Moment, found: Trends, notation: Notation, width: int, which: int = 0) -> tuple[Line, ...]:
    """The symptoms, what they mean, and three curves of one parameter; parameters are counted round."""
    lines = [line for text in _symptoms(moment, found, notation) for line in folded(text, width)]
    for text in (*_meanings(moment, found, notation), notation.sign(words.AT_ENDS)):
        lines += folded(text, width, "dim", 2)
    names = [name for name in trained(moment.program) if name in found.parameters]
    if names:
        name = names[which % len(names)]
        for title, numbers in _curves(found, name, notation):
            lines += [Line(), *_curve(title, found, numbers, moment, width, notation)]
    return tuple(lines)


def norms_text(moment: Moment, found: Trends, notation: Notation) -> tuple[str, ...]:
    """The symptoms, what they mean, and some iterations of every parameter in numbers."""
    told = *_symptoms(moment, found, notation), *_meanings(moment, found, notation)
    return (*told, "", notation.sign(words.AT_ENDS), *_table(found, notation))


def _curves(found: Trends, name: str, notation: Notation) -> list[tuple[str, Array]]:
    """The norms of one parameter, each with its title."""
    trend, parameter = found.parameters[name], notation.symbol(name)
    return [
        (notation.sign(words.NORM_OF_GRADIENT.format(parameter=parameter)), trend.gradient),
        (notation.sign(words.NORM_OF_UPDATE.format(parameter=parameter)), trend.update),
        (notation.sign(words.RELATIVE_UPDATE.format(parameter=parameter)), trend.ratio),
    ]


def _curve(title: str, found: Trends, numbers: Array, moment: Moment, width: int, notation: Notation) -> list[Line]:
    last = int(found.iterations[-1]) if len(found.iterations) else 1
    here = moment.position.iteration if moment.position.iteration <= last else None
    losses = losses_at(found.iterations, numbers, last, here)
    name = titled(title, losses)
    captions = [*(f"{name}  {caption}" for caption in series_captions(losses, moment.iterations)), name]
    lines = curve_lines(losses, width, CURVE_HEIGHT, captions=captions, ascii=notation.ascii)
    return [Line(tuple((text, STYLE_KEYS.get(key, key)) for text, key in pieces)) for pieces in lines]


def _symptoms(moment: Moment, found: Trends, notation: Notation) -> list[str]:
    """The symptoms at the cursor, and those of the iterations so far."""
    here = (health.said(symptom, notation.symbol) for symptom in symptoms_of(moment))
    lines = [words.AT_CURSOR.format(symptom=text) for text in here] or [words.HEALTHY]
    for onset in found.onsets[:MOST_ONSETS]:
        kind, symbol, first = KINDS[onset.kind], notation.symbol(onset.symbol), onset.first
        if onset.until == first:
            lines.append(words.FROM.format(symptom=kind, symbol=symbol, first=first))
        else:
            lines.append(words.FROM_TO.format(symptom=kind, symbol=symbol, first=first, last=onset.until))
    return [notation.sign(line) for line in lines]


def _meanings(moment: Moment, found: Trends, notation: Notation) -> list[str]:
    """The definitions of the symptoms that are named."""
    said = {symptom.kind for symptom in symptoms_of(moment)}
    said |= {onset.kind for onset in found.onsets[:MOST_ONSETS]}
    kinds = (kind for kind in health.SYMPTOMS if kind in said)
    return [notation.sign(words.KIND_AND_MEANING.format(kind=KINDS[kind], meaning=MEANINGS[kind])) for kind in kinds]


def _table(found: Trends, notation: Notation) -> list[str]:
    """Some iterations of every parameter, in numbers."""
    lines: list[str] = []
    last = len(found.iterations) - 1
    places = sorted({round(k * last / (ROWS - 1)) for k in range(ROWS)}) if last >= 0 else []
    for name, trend in found.parameters.items():
        lines.append(words.COLUMNS.format(parameter=notation.symbol(name)))
        for place in places:
            numbers = (trend.gradient[place], trend.update[place], trend.ratio[place])
            shown = "  ".join(short(float(number), 6) for number in numbers)
            lines.append(f"  {int(found.iterations[place]):>8,}  {shown}")
    return lines
