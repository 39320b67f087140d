"""How large gradients, updates and weights have been: small pictures side by side, a curve a parameter.

Above them stand the symptoms. The same as text: some iterations of every parameter in numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gradstep.engine.analysis.health import symptoms_of
from gradstep.engine.analysis.trends import Trends
from gradstep.engine.health import plateau
from gradstep.engine.health import symptoms as health
from gradstep.engine.program.program import Program, Role
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.curve import LOGARITHMIC_FROM, Losses
from gradstep.tui.pages.plot import Curve, axis_of, plot, sign_of_curve
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.multiples import Wanted, arranged
from gradstep.tui.text.drawing import Drawing, Pieces, drawn, placed
from gradstep.tui.text.folding import ended, folded
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import short
from gradstep.tui.text.palette import SERIES
from gradstep.tui.words import curve as titles
from gradstep.tui.words import pictures as words

PLOT = Wanted(26, 60, 5, 14)
NORMS = (
    (words.NORMS_OF_GRADIENTS, "gradient"),
    (words.NORMS_OF_UPDATES, "update"),
    (words.RELATIVE_UPDATES, "ratio"),
    (words.NORMS_OF_PARAMETERS, "weight"),
)
"""The title of a picture, and which number of a trend it shows."""
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


def trained(program: Program) -> list[str]:
    """The parameters that an update gives another value."""
    return [
        symbol.of
        for symbol in program.symbols.values()
        if symbol.role is Role.NEXT and symbol.of in program.carried and symbol.name not in program.kept
    ]


def frozen(program: Program) -> list[str]:
    """The parameters of a net that is trained which no update changes."""
    parameters = [symbol.name for symbol in program.symbols.values() if symbol.role is Role.PARAMETER]
    moved = trained(program)
    return [name for name in parameters if name not in moved] if moved else []


def norms_drawing(moment: Moment, found: Trends | None, view: View, width: int, height: int, which: int = 0) -> Drawing:
    """The symptoms, and the curves of some parameters side by side, in exactly width × height cells.

    found: None while it is being computed. which: of the groups of parameters, counted round.
    """
    notation = view.notation
    if found is None:
        return drawn([[(ended(words.COMPUTING, width, ascii=notation.ascii), "quiet")]], width, height)
    names = [name for name in groups(moment.program)[which % len(groups(moment.program))] if name in found.parameters]
    above = _told(moment, found, view, width, max(1, height // 3))
    lines = [*above, _legend(names, moment, view, width)]
    areas = arranged([PLOT] * len(NORMS), width, height - len(lines)) if names else []
    parts = [(0, 0, drawn(lines, width, min(height, len(lines))))]
    for area, (title, kind) in zip(areas, NORMS, strict=False):
        norms = _Norms(found, kind, tuple(names))
        parts.append((area.x, len(lines) + area.y, norms.drawing(title, moment, view, area.width, area.height)))
    return placed(width, height, parts)


def groups(program: Program) -> list[list[str]]:
    """The parameters whose curves stand in one picture; one group, with none in it, where nothing is trained."""
    names = trained(program)
    return [names[begin : begin + SERIES] for begin in range(0, len(names), SERIES)] or [[]]


@dataclass(frozen=True)
class _Norms:
    """One kind of norm of some parameters."""

    found: Trends
    kind: str
    names: tuple[str, ...]

    def drawing(self, title: str, moment: Moment, view: View, width: int, height: int) -> Drawing:
        """The curves below their title, which says where the axis is logarithmic."""
        ascii, iterations = view.notation.ascii, self.found.iterations
        numbers, without_zeros = _of_run(self.found, self.kind, self.names)
        curves = [Curve(name, numbers[name], f"series {place + 1}") for place, name in enumerate(self.names)]
        axis = axis_of(curves)
        logarithmic = titles.LOGARITHMIC_WITHOUT_ZERO if without_zeros else titles.LOGARITHMIC
        name = titles.ON_AXIS.format(name=title, axis=logarithmic) if axis and axis.logarithmic else title
        here, ends = moment.position.iteration, (int(iterations[0]), int(iterations[-1])) if len(iterations) else None
        at = int(np.searchsorted(iterations, here, side="right")) if ends and ends[0] <= here <= ends[1] else None
        lines = plot(curves, width, max(2, height - 1), cursor=at, ends=ends, plain=view.plain, ascii=ascii)
        return drawn([[(ended(name, width, ascii=ascii), "quiet")], *lines], width, height)


@lru_cache(maxsize=16)
def _of_run(found: Trends, kind: str, names: tuple[str, ...]) -> tuple[dict[str, Losses], bool]:
    """A kind of norm of some parameters, a number for each iteration looked at; and whether zeros are left out.

    They are where the others span so much that the axis must be logarithmic.
    """
    arrays = {name: np.asarray(getattr(found.parameters[name], kind)) for name in names}
    positive = [array[np.isfinite(array) & (array > 0)] for array in arrays.values()]
    ends = [float(end) for array in positive if array.size for end in (array.min(), array.max())]
    wide = bool(ends) and math.log10(max(ends)) - math.log10(min(ends)) > LOGARITHMIC_FROM
    zeros = wide and any(bool((array == 0).any()) for array in arrays.values())
    return {name: Losses(array, array != 0 if zeros else None) for name, array in arrays.items()}, zeros


def _legend(names: Sequence[str], moment: Moment, view: View, width: int) -> Pieces:
    """The signs of the curves and the parameters that they are of; how many more parameters there are."""
    pieces: list[Piece] = []
    more = len(trained(moment.program)) - len(names)
    room = max(4, (width - (24 if more else 0)) // max(1, len(names)))
    for place, name in enumerate(names):
        sign = sign_of_curve(place, len(names), plain=view.plain, ascii=view.notation.ascii)
        called = ended(view.notation.symbol(name), max(1, room - len(sign) - 3), ascii=view.notation.ascii)
        pieces += [(f"{sign} ", f"series {place + 1}"), (f"{called}  ", "text")]
    if more:
        pieces.append((words.MORE_PARAMETERS(more), "quiet"))
    return tuple(pieces)


def _frozen(moment: Moment, notation: Notation) -> list[str]:
    """The frozen parameters in a line; none where there are none."""
    names = ", ".join(map(notation.symbol, frozen(moment.program)))
    return [notation.sign(words.FROZEN.format(parameters=names))] if names else []


def _told(moment: Moment, found: Trends, view: View, width: int, most: int) -> list[Pieces]:
    """The symptoms and what they mean, in at most so many lines; how many lines more there are."""
    notation = view.notation
    healthy = not symptoms_of(moment) and not found.onsets
    lines = [
        line.pieces
        for text in _symptoms(moment, found, notation)
        for line in folded(text, width, "quiet" if healthy or text == notation.sign(words.HEALTHY) else "fails", 2)
    ]
    for text in (*_meanings(moment, found, notation), *_frozen(moment, notation), notation.sign(words.AT_ENDS)):
        lines += [line.pieces for line in folded(text, width, "quiet", 2)]
    if len(lines) <= most:
        return lines
    more = notation.sign(words.MORE_IN_TEXT(len(lines) - most + 1))
    return [*lines[: most - 1], ((ended(more, width, ascii=notation.ascii), "quiet"),)]


def norms_text(moment: Moment, found: Trends, notation: Notation) -> tuple[str, ...]:
    """The symptoms, what they mean, and some iterations of every parameter in numbers."""
    told = *_symptoms(moment, found, notation), *_meanings(moment, found, notation)
    return (*told, "", notation.sign(words.AT_ENDS), *_table(found, notation), *_frozen(moment, notation))


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
