"""Arithmetic as a table: a line a result, operands in columns under their names; a column a result where too wide.

How many cells a number has, which way round the table stands and how many results fit follows from names and sizes,
never from numbers. A table that has more results than fit asks for the most important ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from gradstep.engine.program.expression import Element
from gradstep.tui.pages.step.ink import READ, VALUE, WRITTEN, Ink
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.cells import FULL, as_column, cell, squeezed
from gradstep.tui.text.folding import ended, shortened
from gradstep.tui.text.glyphs import plain
from gradstep.tui.text.sums import EQUAL, NEARLY, total_sign

BLOCKS_APART = 3
NARROW_ASIDE = 6  # cells of a number that is told beside: 0.2413
APART = ("│", "|", "→", "->")


@dataclass(frozen=True)
class Head:
    """A column: the sign before it, its name, how its numbers are shown."""

    before: str
    name: str
    kind: str = VALUE


@dataclass(frozen=True)
class Row:
    """A result: its name, a number a column, and the elements that a click on each of them picks.

    sign: what stands before the result, by the texts of all columns in so many cells; None for what heads say.
    """

    name: str
    numbers: tuple[float | None, ...]
    elements: tuple[Element | None, ...] = ()
    lit: bool = False
    sign: Callable[[Sequence[str], int], str] | None = None

    def element(self, place: int) -> Element | None:
        """What stands in a column."""
        return self.elements[place] if place < len(self.elements) else None


@dataclass(frozen=True)
class Total:
    """A line below the results: a name, a sign, and a number in the column of results.

    factor: of what all numbers above come to, what this is; None where it is one more of them.
    """

    name: str
    sign: str
    number: float | None
    kind: str = VALUE
    element: Element | None = None
    spare: bool = False  # the others say enough where there is no room for it
    factor: float | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """count: of results; rows: the n most important of them, in the order in which they are shown.

    longest: cells of the longest name of a row. totals: what stands below so many of them, `total_lines` where all are
    shown, `spare` of which may be left out; others: whether one more of them is on the results that are not shown.
    derivative: columns under which a bracket stands, its name, the derivative's sign, and the number of each row for
    it. more: what is said of those left out where no total is, from how many are shown.
    """

    heads: tuple[Head, ...]
    count: int
    rows: Callable[[int], Sequence[Row]]
    longest: int
    totals: Callable[[int], Sequence[Total]] = lambda shown: ()
    total_lines: int = 0
    total_width: int = 0
    spare: int = 0
    others: bool = False
    derivative: tuple[int, int, str, str, Callable[[Row], float]] | None = None
    more: Callable[[int], str] = lambda shown: ""


@dataclass(frozen=True)
class Fit:
    """How a table stands in an area. cells: of each column with its mark; across: a column a result.

    spare: whether there is room for totals that may be left out; named: for the names of results that are columns.
    """

    width: int
    cells: tuple[int, ...]
    label: int
    blocks: int
    shown: int
    across: bool = False
    spare: bool = True
    named: bool = True


def draw_table(canvas: Canvas, table: Table, ink: Ink, area: tuple[int, int, int, int], widths: Sequence[int]) -> int:
    """The table in an area (x, y, width, height) of a canvas; how many lines it takes, 0 where it has no room.

    It has none where not one result stands whole, with its headings, its totals, and what is said of those left out.
    """
    x, y, width, height = area
    fit = fitted(table, width, height, widths) if width > 0 and height > 0 else None
    if fit is None:
        return 0
    drawer = _across if fit.across else _down
    return drawer(canvas, table, ink, (x, y, width, height), fit)


def fitted(table: Table, width: int, height: int, widths: Sequence[int]) -> Fit | None:
    """The most digits by which all results stand in the area; as many results as there is room for where none does."""
    first: Fit | None = None
    for cells, whole in _tries(widths):
        fit = _down_fit(table, width, height, cells, whole=whole)
        if fit is not None and fit.shown >= table.count:
            return fit
        first = first or fit
    ways = [_across_fit(table, width, height, cells) for cells in widths]
    whole_ones = [fit for fit in ways if fit is not None and fit.shown >= table.count]
    across = next((fit for fit in whole_ones if fit.label >= _longest(table)), None)
    return across or next(iter(whole_ones), None) or first or ways[-1]


def _tries(widths: Sequence[int]) -> list[tuple[int, bool]]:
    """Widths of numbers, and whether headings are whole: whole ones before more digits, but for the fewest."""
    return [*((width, True) for width in widths[:-1]), *((width, False) for width in widths), (widths[-1], True)]


def _down_fit(table: Table, width: int, height: int, cells: int, *, whole: bool) -> Fit | None:
    """A line a result; None where a line is too long, or there are too few lines for one result."""
    columns = tuple(max(cells + 1, cell_len(head.name) + 1 if whole else 0) for head in table.heads)
    label = min(table.longest, max(4, width // 4))
    if table.total_lines:
        before = sum(columns[:-1]) + sum(_before(head) for head in table.heads[:-1]) + 1
        free = width - sum(columns) - sum(_before(head) for head in table.heads) - 1
        label = max(label, min(table.total_width - before, free))
    line = (label + 1 if label else 0) + sum(columns) + sum(_before(head) for head in table.heads)
    if line > width:
        return None
    room = height - 1 - table.total_lines
    if room + table.spare >= table.count:
        return Fit(cells, columns, label, 1, table.count, spare=room >= table.count)
    blocks = (
        1
        if table.total_lines or room < 1
        else max(1, min(1 + (width - line) // (line + BLOCKS_APART), -(-table.count // room)))
    )
    shown = min(table.count, blocks * room)
    if shown < table.count:
        room -= 1 if table.others or table.more(1) else 0
        shown = blocks * room if room > 0 else blocks * (room + table.spare)
    return Fit(cells, columns, label, blocks, shown, spare=room > 0) if shown > 0 else None


def _before(head: Head) -> int:
    """Cells of the sign before a column."""
    return cell_len(head.before) + 2 if head.before else 1


def _down(canvas: Canvas, table: Table, ink: Ink, area: tuple[int, int, int, int], fit: Fit) -> int:
    x0, y0, width, height = area
    rows = list(table.rows(fit.shown))
    lines = -(-len(rows) // fit.blocks) if rows else 0
    ascii = ink.ascii
    line = (fit.label + 1 if fit.label else 0) + sum(fit.cells) + sum(map(_before, table.heads))
    pitch = line + BLOCKS_APART
    places: list[int] = []
    for block in range(fit.blocks):
        x = x0 + block * pitch + (fit.label + 1 if fit.label else 0)
        for head, cells in zip(table.heads, fit.cells, strict=True):
            x += _before(head)
            name = shortened(head.name, cells - 1, ascii=ascii)
            at = x + 1 + max(0, (fit.width - cell_len(name)) // 2)
            canvas.put(at, y0, name, f"bold {ink.phase}" if head.kind == WRITTEN else "quiet")
            if not block:
                places.append(x)
            x += cells
    totals = [total for total in table.totals(len(rows)) if fit.spare or not total.spare]
    columns = [as_column([row.numbers[place] for row in rows], fit.width) for place in range(len(table.heads) - 1)]
    results = as_column([row.numbers[-1] for row in rows] + [total.number for total in totals], fit.width)
    columns.append(results[: len(rows)])
    free = width - line - 1 if fit.blocks == 1 else 0
    beside = table.derivative is not None and free >= cell_len(table.derivative[3]) + 1 + NARROW_ASIDE
    for place, row in enumerate(rows):
        block, below = divmod(place, max(1, lines))
        corner = x0 + block * pitch, y0 + 1 + below
        _row(canvas, table, ink, corner, fit, row, [column[place] for column in columns])
        if beside:
            _aside(canvas, table, (x0 + line + 1, corner[1], free), fit, row)
    y = y0 + 1 + lines
    end = y0 + height
    more = table.more(fit.shown) if fit.shown < table.count else ""
    if more and y + len(totals) < end:
        canvas.put(x0, y, ended(more, width, ascii=ascii), "quiet")
        y += 1
    elif table.derivative and not totals and y < end:
        _bracket(canvas, table, ink, (x0, y, width), fit, places, () if beside else rows)
        y += 1
    signs = _signs(totals, results, len(rows), fit.width)
    for total, text, sign in zip(totals, results[len(rows) :], signs, strict=True):
        _total(canvas, total, ink, x0, y, fit, places[-1], text, sign)
        y += 1
    return y - y0


def _row(canvas: Canvas, table: Table, ink: Ink, at: tuple[int, int], fit: Fit, row: Row, texts: Sequence[str]) -> None:
    x, y = at
    if fit.label:
        name = shortened(row.name, fit.label, ascii=ink.ascii)
        canvas.put(x, y, name, "bold text" if row.lit else "label", next(filter(None, row.elements[::-1]), None))
        x += fit.label + 1
    for place, (head, cells) in enumerate(zip(table.heads, fit.cells, strict=True)):
        if head.before and row.numbers[place] is not None:
            before = head.before if place < len(texts) - 1 else _given(row, texts, head.before, fit.width, ink)
            canvas.put(x + 1, y, before, "quiet")
        x += _before(head)
        number = row.numbers[place]
        lit = row.lit and head.kind in (WRITTEN, READ)
        if number is not None:
            pieces = ink.number(number, fit.width, head.kind, lit=lit, text=texts[place])
            canvas.put_all(x, y, pieces, row.element(place))
        x += cells


def _given(row: Row, texts: Sequence[str], before: str, cells: int, ink: Ink) -> str:
    """The signs before a result, with another one for "=" where what stands there does not give it."""
    if row.sign is None or not before.endswith(EQUAL) or not all(texts) or cells >= FULL:
        return before
    sign = row.sign(texts, cells)
    return before.removesuffix(EQUAL) + (plain(sign) if ink.ascii else sign)


def _aside(canvas: Canvas, table: Table, at: tuple[int, int, int], fit: Fit, row: Row) -> None:
    """At the end of a row the number of its derivative, with as many digits as there is room for."""
    assert table.derivative is not None, "asked for"
    x, y, free = at
    sign, number = table.derivative[3], table.derivative[4](row)
    cells = free - cell_len(sign) - 1
    text = cell(number, fit.width).strip() if cells >= fit.width else squeezed(number, cells)
    canvas.put(x, y, f"{sign} {text}", "quiet")


def _signs(totals: Sequence[Total], results: Sequence[str], rows: int, cells: int) -> list[str]:
    """The signs of totals: "=" where what stands above gives them."""
    found, added = [], list(results[:rows])
    for total, text in zip(totals, results[rows:], strict=True):
        if total.factor is None:
            added.append(text)
        given = EQUAL
        if total.factor is not None and text and cells < FULL:
            given = total_sign(added, total.factor, text, cells)
        found.append(total.sign.replace(EQUAL, NEARLY) if given == NEARLY else total.sign)
    return found


def _total(canvas: Canvas, total: Total, ink: Ink, x: int, y: int, fit: Fit, place: int, text: str, sign: str) -> None:
    sign_at = place - cell_len(sign) - 1
    room = sign_at - x - 1
    canvas.put(x, y, shortened(total.name, max(fit.label, room), ascii=ink.ascii), "quiet")
    canvas.put(sign_at, y, plain(sign) if ink.ascii else sign, "quiet")
    if total.number is not None:
        canvas.put_all(place, y, ink.number(total.number, fit.width, total.kind, text=text), total.element)


def _bracket(
    canvas: Canvas, table: Table, ink: Ink, at: tuple[int, int, int], fit: Fit, places: list[int], rows: Sequence[Row]
) -> None:
    """A bracket below the factors that are a derivative, with its name, and to the right its values by their names."""
    assert table.derivative is not None, "asked for"
    first, last, name, _, value = table.derivative
    left, right = places[first], places[last] + fit.width
    inner = right - left - 1
    corner, line, end = ("+", "-", "+") if ink.ascii else ("└", "─", "┘")
    text = f" {shortened(name, max(0, inner - 4), ascii=ink.ascii)} "
    space = max(0, inner - cell_len(text))
    bar = f"{corner}{line * (space // 2)}{text}{line * (space - space // 2)}{end}"
    x = canvas.put(left, at[1], bar, "quiet") + 2
    texts = [f"{row.name} {squeezed(value(row), NARROW_ASIDE)}" for row in rows]
    if fit.blocks == 1 and x + sum(cell_len(text) + 2 for text in texts) - 2 <= at[0] + at[2]:
        canvas.put(x, at[1], "  ".join(texts), "quiet")


def _across_fit(table: Table, width: int, height: int, cells: int) -> Fit | None:
    """A column a result; None where there are too few lines for all that one is made of."""
    longest = _longest(table)
    two = max(8, width - 2 * (cells + 2) - 1) if table.count > 1 else width
    label = max(0, min(longest, width - cells - 3, two))
    shown = min(max(1, (width - label - 1) // (cells + 2)), table.count)
    lines = len(table.heads) + table.total_lines
    if shown < table.count and (table.others or table.more(1)):
        lines += 1
    named = bool(table.longest)
    spare = lines + named <= height
    if lines + named - table.spare > height:
        return None
    return Fit(cells, (), label, 1, shown, across=True, spare=spare, named=named)


def _longest(table: Table) -> int:
    """Cells of the longest heading where results are columns."""
    names = (cell_len(f"{_sign(head)} {head.name}".strip()) for head in table.heads)
    return max(*names, table.total_width)


def _sign(head: Head) -> str:
    """The sign before a line; what parts columns is none."""
    return "" if head.before in APART else head.before


def _across_sign(table: Table, head: Head, rows: Sequence[Row], fit: Fit, ink: Ink) -> str:
    """The sign before a line, which is that of all results."""
    sign = _sign(head)
    if head is not table.heads[-1] or not sign:
        return sign
    texts = [[cell(number, fit.width) for number in row.numbers if number is not None] for row in rows]
    whole = [(row, each) for row, each in zip(rows, texts, strict=True) if len(each) == len(row.numbers)]
    given = (_given(row, each, sign, fit.width, ink) for row, each in whole)
    return next((each for each in given if each != sign), sign)


def _across(canvas: Canvas, table: Table, ink: Ink, area: tuple[int, int, int, int], fit: Fit) -> int:
    x0, y0, width, _ = area
    rows = list(table.rows(fit.shown))
    pitch = fit.width + 2
    first = x0 + fit.label + 1
    totals = [total for total in table.totals(len(rows)) if fit.spare or not total.spare]
    y = y0
    if fit.named:
        for place, row in enumerate(rows):
            name = shortened(row.name, fit.width, ascii=ink.ascii)
            canvas.put(first + place * pitch + 2, y, name, "bold text" if row.lit else "label")
        y += 1
    for column, head in enumerate(table.heads):
        text = f"{_across_sign(table, head, rows, fit, ink)} {head.name}".strip()
        key = f"bold {ink.phase}" if head.kind == WRITTEN else "quiet"
        canvas.put(x0, y, shortened(text, fit.label, ascii=ink.ascii), key)
        for place, row in enumerate(rows):
            number = row.numbers[column]
            lit = row.lit and head.kind in (WRITTEN, READ)
            if number is not None:
                pieces = ink.number(number, fit.width, head.kind, lit=lit)
                canvas.put_all(first + place * pitch, y, pieces, row.element(column))
        y += 1
    for total in totals:
        text = f"{total.sign} {total.name}".strip()
        canvas.put(x0, y, ended(text, fit.label, ascii=ink.ascii), "quiet")
        if total.number is not None:
            canvas.put_all(first, y, ink.number(total.number, fit.width, total.kind), total.element)
        y += 1
    more = table.more(fit.shown) if fit.shown < table.count else ""
    if more and not table.others:
        canvas.put(x0, y, ended(more, width, ascii=ink.ascii), "quiet")
        y += 1
    return y - y0
