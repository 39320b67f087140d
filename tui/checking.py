"""A gradient check as lines: a verdict a matrix, its worst elements, what it cost, and what a failure comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.cells import cell_len

from engine.expression import Element
from engine.verdicts import AGREES, EPSILON, KINK, NOT_FINITE, WRONG, ElementCheck, GradientCheck, MatrixCheck
from tui.folding import folded
from tui.numbers import short
from tui.widgets.sheet import Line
from tui.wording import Wording
from tui.words import checking as words

WORST = 3  # elements of each matrix
WIDE = 90  # cells from which on there is room for more digits

MARKS = {AGREES: "✓", KINK: "≈", EPSILON: "≈", NOT_FINITE: "?", WRONG: "✗"}
VERDICTS = {
    AGREES: words.AGREES,
    KINK: words.KINK,
    EPSILON: words.EPSILON,
    NOT_FINITE: words.NOT_FINITE,
    WRONG: words.WRONG,
}


def summary(check: GradientCheck) -> str:
    """The verdict in a line."""
    if not check.checked:
        return words.NOTHING_CHECKED
    counts = check.counts
    if not check.passed:
        return words.DIFFER.format(wrong=counts[WRONG], checked=check.checked)
    agree = words.ALL_AGREE
    if check.checked < check.size:
        agree = words.SAMPLE_AGREES.format(checked=check.checked, size=check.size)
    asides = ", ".join(_asides(counts))
    return f"{agree} ({asides})" if asides else agree


def _asides(counts: Mapping[str, int]) -> Iterator[str]:
    """How many elements agree only in a way, or cannot be compared."""
    if KINK in counts:
        yield words.AT_KINK.format(count=counts[KINK])
    if EPSILON in counts:
        yield words.BUT_FOR_EPSILON.format(count=counts[EPSILON])
    if NOT_FINITE in counts:
        yield words.NOT_FINITE_ELEMENTS.format(count=counts[NOT_FINITE])


def check_lines(check: GradientCheck, wording: Wording, width: int, *, worst: int = WORST) -> tuple[Line, ...]:
    """All of it."""
    lines = [Line(((wording.sign(summary(check)), "formula" if check.passed else "nonfinite"),))]
    if not check.finished:
        lines.append(Line(((words.STOPPED, "changed"),)))
    cost = words.COST.format(
        h=check.h,
        passes=check.forward_passes,
        time=_time(check.seconds),
        time_backprop=_time(check.seconds_backprop),
    )
    lines += folded(wording.sign(cost), width, "dim", indent=4)
    for matrix in check.matrices:
        lines += [Line(), *_matrix_lines(matrix, wording, width, worst)]
    return tuple(lines)


def _time(seconds: float) -> str:
    for limit, factor, unit in ((1e-3, 1e6, "µs"), (1.0, 1e3, "ms")):
        if seconds < limit:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.3g} s"


def _matrix_lines(matrix: MatrixCheck, wording: Wording, width: int, worst: int) -> Iterator[Line]:
    name = wording.symbol(matrix.gradient)
    which = f"{matrix.size:,}"
    if matrix.checked < matrix.size:
        which = words.SOME_ELEMENTS.format(checked=matrix.checked, size=matrix.size)
    mark = MARKS.get(matrix.verdict, " ")
    key = "nonfinite" if not matrix.passed else "formula"
    verdict = VERDICTS.get(matrix.verdict, words.UNCHECKED)
    yield Line(((wording.sign(f"{mark} {name}"), key), (wording.sign(f"  ({which})  {verdict}"), "text")))
    for cause in matrix.causes:
        yield from folded(wording.sign(f"  ⚠ {wording.symbol(cause.symbol)}: {cause.note}"), width, "changed", indent=4)
    rows = [_row(matrix, element, wording, 12 if width >= WIDE else 9) for element in matrix.elements[:worst]]
    if rows:
        head = (f"  {words.WORST_FIRST}", words.BACKPROPAGATION, words.NUMERICAL, words.DIFFERENCE, words.RELATIVE)
        columns = [max(cell_len(row[place]) for row in (head, *rows)) for place in range(5)]
        for number, row in enumerate((head, *rows)):
            cells = [row[0] + " " * (columns[0] - cell_len(row[0]))]
            cells += [" " * (size - cell_len(text)) + text for size, text in zip(columns[1:], row[1:5], strict=True)]
            text = "  ".join(cells)
            aside = f"   {row[5]}" if len(row) > 5 and row[5] else ""
            yield Line(((wording.sign(text), "heading" if not number else "number"), (wording.sign(aside), "dim")))


def _row(matrix: MatrixCheck, element: ElementCheck, wording: Wording, digits: int) -> tuple[str, ...]:
    name = wording.element(Element(matrix.gradient, element.index))
    aside = ""
    if element.kink is not None:
        where = f"{wording.symbol(element.kink.symbol)}[{','.join(map(str, element.kink.index))}]"
        aside = words.KINK_OF.format(element=where, value=short(element.kink.value, 6))
    numbers = (element.backprop, element.numerical, element.difference)
    return (f"  {name}", *(short(number, digits) for number in numbers), f"{element.relative:.1e}", aside)
