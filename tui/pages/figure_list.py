"""The list of all figures: where each is looked at, what is printed, what is computed, whether they agree.

A figure of several numbers has a line for each; of many, one that says how many differ, and the first that does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gradstep.engine.arrays import Index
from gradstep.engine.scenario.figures import Figure
from gradstep.engine.timeline.figures import Compared, Figures, Outcome
from gradstep.tui.pages.figures import (
    DIFFERS,
    FAILS,
    HOLDS,
    NEARLY,
    SIGNS,
    STYLES,
    WRITTEN_OUT,
    given,
    printed_numbers,
    verdict_sign,
)
from gradstep.tui.text.columns import Pieces, Row, row, side_by_side
from gradstep.tui.text.glyphs import MISSING
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.page import Page
from gradstep.tui.text.printed import as_computed, as_printed, element_name, figure_name
from gradstep.tui.words import figures as words

FOLDING, SPARE = (2,), (0, 5)  # the column of words, and what is left out first
CLAIMED = 9  # digits of a double that holds

Cells = tuple[str, str, Pieces, Pieces]  # the name, what is printed, the sign, what is computed


@dataclass(frozen=True, eq=False)
class FigureRow:
    """A figure as an entry of a list. number: "" of one that is not the source's, where others are.

    sign: "" where it is not compared.
    """

    number: str
    name: str
    row: Row
    sign: str
    style: str
    position: str
    remark: str
    current: bool


def headings(figures: Figures) -> tuple[str, ...]:
    """What stands over the columns."""
    given = words.PRINTED if figures.of_source else words.EXPECTED
    return words.NUMBER, words.WHERE, words.FIGURE, given, "", words.COMPUTED


def figure_list(figures: Figures, notation: Notation, current: int | None = None) -> tuple[FigureRow, ...]:
    """All figures in the source's order. current: the number of the one that the cursor was led to.

    What is said alike of several in a row is said of the first.
    """
    notes = ["", *(each.expectation.note for each in figures.all)]
    return tuple(
        _row(each, figures, notation, current, is_said=bool(note) and note == each.expectation.note)
        for note, each in zip(notes, figures.all, strict=False)
    )


def legend(figures: Figures, notation: Notation, width: int) -> Page:
    """What the signs say, in as few lines as there is room for."""
    said = [(HOLDS, words.HOLDS), (NEARLY, words.NEARLY), (DIFFERS, words.DIFFERS), (FAILS, words.FAILS)]
    said.append((MISSING.drawn(ascii=notation.ascii), words.WAITING))
    phrases = [((notation.sign(sign), STYLES.get(sign, "quiet")), (f" {text}", "quiet")) for sign, text in said]
    return side_by_side(phrases, width)


def _row(figure: Figure, figures: Figures, notation: Notation, current: int | None, *, is_said: bool) -> FigureRow:
    compared = figures.compared.get(figure.number)
    sign = "" if compared is None else SIGNS.get(compared.outcome, "")
    own = figures.of_source and not figure.expectation.from_source
    number = "" if own else str(figures.place(figure))
    position, name = notation.position(figure.position), figure_name(figure, notation)
    expectation = figure.expectation
    note = "" if is_said else expectation.note
    remark = notation.sign(" ".join((expectation.disagrees or note).split()))
    told = words.NOT_PRINTED.format(remark=remark) if own and remark else words.NOT_PRINTED_AT_ALL if own else remark
    lines = _lines(figure, compared, notation)
    first, *more = (
        _cells(number if at == 0 else "", position if at == 0 else "", each) for at, each in enumerate(lines)
    )
    return FigureRow(
        number=number,
        name=name,
        row=Row(first.cells, ((told, "quiet"),) if told else (), [each.cells for each in more]),
        sign=notation.sign(sign),
        style=STYLES.get(sign, "quiet"),
        position=position,
        remark=remark,
        current=figure.number == current,
    )


def _cells(number: str, position: str, cells: Cells) -> Row:
    name, printed, sign, computed = cells
    return row(((f"{number:>3}", "quiet"),), ((position, "quiet"),), name, ((printed, "text"),), sign, computed)


def _signed(sign: str, notation: Notation) -> Pieces:
    return ((notation.sign(sign), STYLES.get(sign, "quiet")),)


def _lines(figure: Figure, compared: Compared | None, notation: Notation) -> list[Cells]:
    """A line a number where these are few, otherwise one for all, and the first that differs."""
    if compared is None:
        return _not_yet(figure, notation)
    found = given(compared, notation)
    if len(found) <= WRITTEN_OUT:
        return [_number(compared, each, notation) for each in found]
    differ = [each for each in found if not each[3]]
    sign = SIGNS.get(compared.outcome, "")
    told = words.SOME_DIFFER(len(differ)) if differ and sign else ""
    whole: Cells = (
        figure_name(figure, notation),
        words.SO_MANY(len(found)),
        _signed(sign, notation),
        ((told, STYLES.get(sign, "quiet")),),
    )
    shown = differ[:1] if compared.outcome is not Outcome.OF_FORK else found[:1]
    return [whole, *(_number(compared, each, notation) for each in shown)]


def _number(compared: Compared, found: tuple[Index, Any, Any, bool], notation: Notation) -> Cells:
    index, printed, value, matches = found
    name = element_name(compared.figure, index, notation)
    sign = verdict_sign(compared, printed, value, matches)
    is_claim = matches and isinstance(printed, float)
    computed = f"{value:.{CLAIMED}g}" if is_claim else as_computed(value, printed, agrees=matches)
    key = "text" if sign in (HOLDS, NEARLY) else STYLES.get(sign, "text")
    pieces: list[tuple[str, str]] = [(computed, key)]
    if compared.outcome is Outcome.OF_FORK:
        pieces = [(notation.sign(words.OF_FORK.format(computed=computed)), "quiet")]
    elif compared.figure.reason and matches and not compared.verdict.passed:
        pieces.append((f" {words.DOES_NOT_DIFFER}", key))
    return name, _as_given(printed), _signed(sign, notation), tuple(pieces)


def _not_yet(figure: Figure, notation: Notation) -> list[Cells]:
    """What is printed, without a verdict."""
    found, waiting = printed_numbers(figure, notation), ((MISSING.drawn(ascii=notation.ascii), "quiet"),)
    if len(found) > WRITTEN_OUT:
        return [(figure_name(figure, notation), words.SO_MANY(len(found)), waiting, ())]
    return [(element_name(figure, index, notation), _as_given(leaf), waiting, ()) for index, leaf in found]


def _as_given(printed: Any) -> str:
    """What is printed; of a double that the scenario claims, as many digits as count."""
    return f"{printed:.{CLAIMED}g}" if isinstance(printed, float) else as_printed(printed)
