"""A gradient check as lines: a verdict a matrix, its worst elements, what it cost, and what a failure comes from."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len

from engine.expression import Element
from engine.verdicts import AGREES, EPSILON, KINK, NOT_FINITE, WRONG, ElementCheck, GradientCheck, MatrixCheck
from tui.folding import folded
from tui.numbers import short
from tui.widgets.sheet import Line
from tui.wording import Wording

WORST = 3  # elements of each matrix
WIDE = 90  # cells from which on there is room for more digits

MARKS = {AGREES: "✓", KINK: "≈", EPSILON: "≈", NOT_FINITE: "?", WRONG: "✗"}
VERDICTS = {
    AGREES: "agrees",
    KINK: "agrees but for a kink: a ReLU or step switches between p − h and p + h",
    EPSILON: "agrees with the exact loss; the shown one has ε in its logarithm",
    NOT_FINITE: "not finite: nothing can be compared",
    WRONG: "DIFFERS",
}


def summary(check: GradientCheck) -> str:
    """The verdict in a line."""
    if not check.checked:
        return "nothing was checked"
    counts = check.counts
    which = (
        f"{check.checked:,} of {check.size:,} elements checked"
        if check.checked < check.size
        else "all elements checked"
    )
    if not check.passed:
        return f"backpropagation differs from central differences in {counts[WRONG]:,} of {check.checked:,} elements"
    parts = [f"{counts[verdict]:,} {word}" for verdict, word in _ASIDE.items() if counts.get(verdict)]
    return f"{which}: they agree" + (f" ({', '.join(parts)})" if parts else "")


_ASIDE = {KINK: "at a kink", EPSILON: "but for ε in the shown loss", NOT_FINITE: "not finite"}


def check_lines(check: GradientCheck, wording: Wording, width: int, *, worst: int = WORST) -> tuple[Line, ...]:
    """All of it."""
    lines = [Line(((wording.sign(summary(check)), "formula" if check.passed else "nonfinite"),))]
    if not check.finished:
        lines.append(Line((("stopped before the end; this is what was checked so far", "changed"),)))
    cost = (
        f"central differences with h = {check.h:g}: {check.forward_passes:,} forward passes, {_time(check.seconds)}; "
        f"backpropagation: one forward and one backward pass, {_time(check.seconds_backprop)}"
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
    which = f"{matrix.checked:,} of {matrix.size:,} elements" if matrix.checked < matrix.size else f"{matrix.size:,}"
    mark = MARKS.get(matrix.verdict, " ")
    key = "nonfinite" if not matrix.passed else "formula"
    verdict = VERDICTS.get(matrix.verdict, "not checked")
    yield Line(((wording.sign(f"{mark} {name}"), key), (wording.sign(f"  ({which})  {verdict}"), "text")))
    for cause in matrix.causes:
        yield from folded(wording.sign(f"  ⚠ {wording.symbol(cause.symbol)}: {cause.note}"), width, "changed", indent=4)
    rows = [_row(matrix, element, wording, 12 if width >= WIDE else 9) for element in matrix.elements[:worst]]
    if rows:
        head = ("  worst first", "backpropagation", "numerical", "difference", "relative")
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
        where = ",".join(map(str, element.kink.index))
        aside = f"kink of {wording.symbol(element.kink.symbol)}[{where}] = {short(element.kink.value, 6)}"
    numbers = (element.backprop, element.numerical, element.difference)
    return (f"  {name}", *(short(number, digits) for number in numbers), f"{element.relative:.1e}", aside)
