"""A gradient check as lines: a verdict a matrix, its worst elements, what it cost, and what a failure comes from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from gradstep.engine.analysis.verdicts import (
    AGREEING,
    AGREES,
    EPSILON,
    KINK,
    NOT_FINITE,
    UNTOLD,
    WRONG,
    ElementCheck,
    GradientCheck,
    MatrixCheck,
)
from gradstep.engine.arrays import subscript
from gradstep.engine.program.expression import Element
from gradstep.tui.text.folding import folded, folded_pieces
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import number_format, short
from gradstep.tui.text.page import Line, text_line
from gradstep.tui.words import check as words

WORST = 3  # elements of each matrix
WIDE = 90  # cells from which on there is room for more digits
APART = 2  # cells between two columns
SPARE = (3, 2, 4)  # the columns left out where there is no room, the first ones first: two of them give the difference

VERDICTS = {  # the mark and what is said
    AGREES: ("✓", words.AGREES),
    KINK: ("≈", words.KINK),
    EPSILON: ("≈", words.EPSILON),
    NOT_FINITE: ("?", words.NOT_FINITE),
    UNTOLD: ("?", words.UNTOLD),
    WRONG: ("✗", words.WRONG),
}


def summary(check: GradientCheck) -> str:
    """The verdict in a line."""
    if not check.size:
        return words.NO_GRADIENTS
    if not check.checked:
        return words.NOTHING_CHECKED
    asides = ", ".join(_asides(check.counts))
    return f"{_agreement(check)} ({asides})" if asides else _agreement(check)


def _agreement(check: GradientCheck) -> str:
    """In how many of the elements that could be compared the two agree or differ."""
    if not check.compared:
        return words.NONE_COMPARED(check.checked)
    if WRONG in check.counts:
        return words.DIFFER(check.checked, wrong=check.counts[WRONG])
    if UNTOLD in check.counts and not check.passed:
        return words.NOT_ENOUGH(check.compared, checked=check.checked)
    if check.compared < check.checked:
        return words.SOME_COMPARED(check.compared, checked=check.checked)
    if check.checked < check.size:
        return words.SAMPLE_AGREES(check.checked, size=check.size)
    return words.ALL_AGREE(check.checked)


def _asides(counts: Mapping[str, int]) -> Iterator[str]:
    """How many elements agree only in a way, or cannot be compared."""
    if KINK in counts:
        yield words.AT_KINK.format(count=counts[KINK])
    if EPSILON in counts:
        yield words.BUT_FOR_EPSILON.format(count=counts[EPSILON])
    if NOT_FINITE in counts:
        yield words.NOT_FINITE_ELEMENTS.format(count=counts[NOT_FINITE])
    if UNTOLD in counts:
        yield words.UNTOLD_ELEMENTS.format(count=counts[UNTOLD])


def check_lines(check: GradientCheck, notation: Notation, width: int) -> tuple[Line, ...]:
    """The whole check: the verdict, the cost, and every matrix."""
    lines = [*folded(notation.sign(summary(check)), width, "formula" if check.passed else "nonfinite", indent=4)]
    if not check.finished:
        lines.append(text_line(words.STOPPED, "changed"))
    backprop = _time(check.seconds_backprop)
    cost = words.COST(check.forward_passes, h=check.h, time=_time(check.seconds), time_backprop=backprop)
    lines += folded(notation.sign(cost), width, "dim", indent=4)
    tables = [_rows_of(matrix, notation, width) for matrix in check.matrices]
    columns = _widths([row for table in tables for row in table], width)
    for matrix, table in zip(check.matrices, tables, strict=True):
        lines += [Line(), *_matrix_lines(matrix, notation, width), *_table(table, columns, notation, width)]
    if check.checked:
        close = words.HOW_CLOSE.format(tolerance=check.tolerance)
        lines += [Line(), *folded(notation.sign(close), width, "dim", indent=4)]
    return tuple(lines)


def _time(seconds: float) -> str:
    for limit, factor, unit in ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms")):
        if seconds < limit:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def _matrix_lines(matrix: MatrixCheck, notation: Notation, width: int) -> Iterator[Line]:
    name = notation.symbol(matrix.gradient)
    which = words.ELEMENTS(matrix.size)
    if matrix.checked < matrix.size:
        which = words.SOME_ELEMENTS(matrix.size, checked=matrix.checked)
    mark, verdict = VERDICTS.get(matrix.verdict, (" ", words.UNCHECKED))
    if matrix.compared and matrix.verdict in (NOT_FINITE, UNTOLD):
        verdict = _others_agree(matrix)
    key = "nonfinite" if not matrix.passed else "formula"
    said = f"  ({which})  {verdict}"
    yield from folded_pieces([(notation.sign(f"{mark} {name}"), key), (notation.sign(said), "text")], width, indent=4)
    for cause in matrix.causes:
        told = words.THE_SAME_HERE.format(note=cause.note) if matrix.verdict in AGREEING else cause.note
        note = f"  ⚠ {notation.symbol(cause.symbol)}: {told}"
        yield from folded(notation.sign(note), width, "changed", indent=4)


def _rows_of(matrix: MatrixCheck, notation: Notation, width: int) -> list[_Row]:
    """The worst elements of a matrix under their headings."""
    shown = matrix.elements[:WORST]
    return [_heading(len(shown), matrix.checked), *_rows(matrix, shown, notation, width)] if shown else []


def _others_agree(matrix: MatrixCheck) -> str:
    """Of a matrix with elements that cannot be compared, how many others agree."""
    others = matrix.checked - matrix.compared
    if matrix.verdict == UNTOLD:
        return words.SOME_UNTOLD(matrix.compared, others=others)
    return words.SOME_NOT_FINITE(matrix.compared, others=others)


@dataclass(frozen=True)
class _Row:
    """A row of the table: the element or heading, four numbers, what is said behind them."""

    cells: tuple[str, ...]
    style: str = "number"
    aside: str = ""


def _heading(shown: int, checked: int) -> _Row:
    first = words.WORST_FIRST if shown == checked else words.WORST_OF.format(shown=shown, checked=checked)
    columns = (words.BACKPROPAGATION, words.NUMERICAL, words.DIFFERENCE, words.RELATIVE)
    return _Row((f"  {first}", *columns), "heading")


def _rows(matrix: MatrixCheck, elements: Sequence[ElementCheck], notation: Notation, width: int) -> Iterator[_Row]:
    """A row an element, and below it one of what decided, where that was not the first difference."""
    digits = 12 if width >= WIDE else 9

    def difference(number: float) -> str:
        return short(abs(element.backprop - number), digits - 5).lstrip("+")  # it is its size that matters

    for element in elements:
        aside = ""
        if element.kink is not None:
            where = notation.symbol(element.kink.symbol) + subscript(element.kink.index)
            text = words.KINK_APART if element.kink.gap else words.KINK_OF
            aside = text.format(element=where, value=short(element.kink.value, 6))
        name = notation.element(Element(matrix.gradient, element.index))
        pair = (element.backprop, element.numerical)
        both = (
            number_format(pair, digits).text(number).strip().lstrip("+") for number in pair
        )  # to be compared digit by digit
        yield _Row((f"  {name}", *both, difference(element.numerical), _brief(element.relative)), aside=aside)
        if element.refined is not None and element.refined_relative is not None:
            numbers = ("", short(element.refined, digits).lstrip("+"), difference(element.refined))
            yield _Row((f"    {_how(element)}", *numbers, _brief(element.refined_relative)), "dim")


def _brief(relative: float) -> str:
    """A relative difference, to two digits."""
    return "NaN" if math.isnan(relative) else f"{relative:.1e}"


def _how(element: ElementCheck) -> str:
    """How the difference that decided was made."""
    if element.kinks:
        return words.KINK_HELD
    if element.verdict == EPSILON:
        return words.EXACT_LOSS
    return words.LARGER_H if element.widened else words.SMALLER_H


def _widths(rows: Sequence[_Row], room: int) -> list[int]:
    """The cells of the columns, the same in all matrices; 0 for one that is left out for want of room."""
    found = [max(map(cell_len, column)) for column in zip(*(row.cells for row in rows), strict=True)]
    for at in SPARE:
        if not found or _across(found) <= room:
            break
        found[at] = 0
    return found


def _across(columns: Sequence[int]) -> int:
    """The cells of all columns with the gaps between them."""
    kept = [size for size in columns if size]
    return sum(kept) + APART * (len(kept) - 1)


def _table(rows: Iterable[_Row], columns: Sequence[int], notation: Notation, room: int) -> Iterator[Line]:
    """Names to the left, numbers to the right; what is said of a row behind it, or below it where that is too long."""
    for row in rows:
        first, *others = columns
        name, *numbers = row.cells
        cells = [name + " " * (first - cell_len(name))]
        cells += [" " * (size - cell_len(text)) + text for size, text in zip(others, numbers, strict=True) if size]
        line = Line(((notation.sign((" " * APART).join(cells)), row.style),))
        aside = Line(((notation.sign(f"   {row.aside}" if row.aside else ""), "dim"),))
        if line.width + aside.width <= room:
            yield Line((*line.pieces, *aside.pieces))
        else:
            yield line
            yield from folded(notation.sign(f"    {row.aside}"), room, "dim", indent=4)
