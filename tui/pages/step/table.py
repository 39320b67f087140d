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
from gradstep.tui.text.folding import ended

BLOCKS_APART = 3


@dataclass(frozen=True)
class Head:
    """A column: the sign before it, its name, how its numbers are shown."""

    before: str
    name: str
    kind: str = VALUE


@dataclass(frozen=True)
class Row:
    """A result: its name, a number a column, and the elements that a click on each of them picks."""

    name: str
    numbers: tuple[float | None, ...]
    elements: tuple[Element | None, ...] = ()
    lit: bool = False

    def element(self, place: int) -> Element | None:
        """What stands in a column."""
        return self.elements[place] if place < len(self.elements) else None


@dataclass(frozen=True)
class Total:
    """A line below the results: a name, a sign, and a number in the column of results."""

    name: str
    sign: str
    number: float | None
    kind: str = VALUE
    element: Element | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """count: of results; rows: the n most important of them, in the order in which they are shown.

    longest: cells of the longest name of a row. totals: what stands below so many of them, at most `total_lines`, from
    the one that is left out first to the last, which never is. derivative: columns under which a bracket stands, its
    name, and the number of each row for it. more: what is said of those left out, from how many are shown.
    """

    heads: tuple[Head, ...]
    count: int
    rows: Callable[[int], Sequence[Row]]
    longest: int
    totals: Callable[[int], Sequence[Total]] = lambda shown: ()
    total_lines: int = 0
    total_width: int = 0
    derivative: tuple[int, int, str, Callable[[Row], float]] | None = None
    more: Callable[[int], str] = lambda shown: ""


@dataclass(frozen=True)
class Fit:
    """How a table stands in an area. cells: of each column with its mark; across: a column a result."""

    width: int
    cells: tuple[int, ...]
    label: int
    blocks: int
    shown: int
    across: bool = False


def draw_table(canvas: Canvas, table: Table, ink: Ink, area: tuple[int, int, int, int], widths: Sequence[int]) -> int:
    """The table in an area (x, y, width, height) of a canvas; how many lines it takes."""
    x, y, width, height = area
    if width < 1 or height < 1:
        return 0
    fit = fitted(table, width, height, widths)
    drawer = _across if fit.across else _down
    return drawer(canvas, table, ink, (x, y, width, height), fit)


def fitted(table: Table, width: int, height: int, widths: Sequence[int]) -> Fit:
    """The most digits by which all results stand in the area; as many results as there is room for where none does."""
    room = max(1, height - 1 - table.total_lines)
    first: Fit | None = None
    for cells, whole in _tries(widths):
        fit = _down_fit(table, width, room, cells, whole=whole)
        if fit is not None and fit.shown >= table.count:
            return fit
        first = first or fit
    for cells in widths:
        across = _across_fit(table, width, cells)
        if across.shown >= table.count and height >= len(table.heads):
            return across
    return first or _across_fit(table, width, widths[-1])


def _tries(widths: Sequence[int]) -> list[tuple[int, bool]]:
    """Widths of numbers, and whether headings are whole: whole ones before more digits, but for the fewest."""
    return [*((width, True) for width in widths[:-1]), *((width, False) for width in widths), (widths[-1], True)]


def _down_fit(table: Table, width: int, room: int, cells: int, *, whole: bool) -> Fit | None:
    """A line a result; None where a line is too long."""
    columns = tuple(max(cells + 1, cell_len(head.name) + 1 if whole else 0) for head in table.heads)
    label = min(table.longest, max(4, width // 4))
    if table.total_lines:
        before = sum(columns[:-1]) + sum(_before(head) for head in table.heads[:-1]) + 1
        free = width - sum(columns) - sum(_before(head) for head in table.heads) - 1
        label = max(label, min(table.total_width - before, free))
    line = (label + 1 if label else 0) + sum(columns) + sum(_before(head) for head in table.heads)
    if line > width:
        return None
    blocks = 1
    if table.count > room and not table.total_lines:
        blocks = min(1 + (width - line) // (line + BLOCKS_APART), -(-table.count // room))
    shown = min(table.count, blocks * room)
    if shown < table.count:
        shown = min(shown, blocks * max(1, room - (0 if table.total_lines else 1)))
    return Fit(cells, columns, label, blocks, shown)


def _before(head: Head) -> int:
    """Cells of the sign before a column."""
    return cell_len(head.before) + 2 if head.before else 1


def _down(canvas: Canvas, table: Table, ink: Ink, area: tuple[int, int, int, int], fit: Fit) -> int:
    x0, y0, _, height = area
    rows = list(table.rows(fit.shown))
    lines = -(-len(rows) // fit.blocks) if rows else 0
    ascii = ink.ascii
    pitch = (fit.label + 1 if fit.label else 0) + sum(fit.cells) + sum(map(_before, table.heads)) + BLOCKS_APART
    places: list[int] = []
    for block in range(fit.blocks):
        x = x0 + block * pitch + (fit.label + 1 if fit.label else 0)
        for head, cells in zip(table.heads, fit.cells, strict=True):
            x += _before(head)
            name = ended(head.name, cells - 1, ascii=ascii)
            at = x + 1 + max(0, (fit.width - cell_len(name)) // 2)
            canvas.put(at, y0, name, f"bold {ink.phase}" if head.kind == WRITTEN else "quiet")
            if not block:
                places.append(x)
            x += cells
    for place, row in enumerate(rows):
        block, line = divmod(place, max(1, lines))
        _row(canvas, table, ink, (x0 + block * pitch, y0 + 1 + line), fit, row)
    y = y0 + 1 + lines
    end = y0 + height
    totals = list(table.totals(len(rows)))
    totals = totals[max(0, len(totals) - (end - y)) :]
    more = table.more(fit.shown) if fit.shown < table.count else ""
    if table.derivative and not totals and y < end:
        _bracket(canvas, table, ink, (x0, y, area[2]), fit, places, rows)
        y += 1
    if more and y + len(totals) < end:
        canvas.put(x0, y, ended(more, area[2], ascii=ascii), "quiet")
        y += 1
    for total in totals:
        _total(canvas, total, ink, x0, y, fit, places[-1])
        y += 1
    return y - y0


def _row(canvas: Canvas, table: Table, ink: Ink, at: tuple[int, int], fit: Fit, row: Row) -> None:
    x, y = at
    if fit.label:
        name = ended(row.name, fit.label, ascii=ink.ascii)
        canvas.put(x, y, name, "bold text" if row.lit else "label", next(filter(None, row.elements[::-1]), None))
        x += fit.label + 1
    for place, (head, cells) in enumerate(zip(table.heads, fit.cells, strict=True)):
        if head.before and row.numbers[place] is not None:
            canvas.put(x + 1, y, head.before, "quiet")
        x += _before(head)
        number = row.numbers[place]
        lit = row.lit and head.kind in (WRITTEN, READ)
        if number is not None:
            canvas.put_all(x, y, ink.number(number, fit.width, head.kind, lit=lit), row.element(place))
        x += cells


def _total(canvas: Canvas, total: Total, ink: Ink, x: int, y: int, fit: Fit, place: int) -> None:
    sign_at = place - cell_len(total.sign) - 1
    room = sign_at - x - 1
    canvas.put(x, y, ended(total.name, max(fit.label, room), ascii=ink.ascii), "quiet")
    canvas.put(sign_at, y, total.sign, "quiet")
    if total.number is not None:
        canvas.put_all(place, y, ink.number(total.number, fit.width, total.kind), total.element)


def _bracket(
    canvas: Canvas, table: Table, ink: Ink, at: tuple[int, int, int], fit: Fit, places: list[int], rows: Sequence[Row]
) -> None:
    """A bracket below the factors that are a derivative, with its name, and to the right its values."""
    assert table.derivative is not None, "asked for"
    first, last, name, value = table.derivative
    left, right = places[first], places[last] + fit.width
    inner = right - left - 1
    corner, line, end = ("+", "-", "+") if ink.ascii else ("└", "─", "┘")
    text = f" {ended(name, max(0, inner - 4), ascii=ink.ascii)} "
    space = max(0, inner - cell_len(text))
    bar = f"{corner}{line * (space // 2)}{text}{line * (space - space // 2)}{end}"
    x = canvas.put(left, at[1], bar, "quiet") + 2
    for row in rows if fit.blocks == 1 else ():
        if x + fit.width + 1 > at[0] + at[2]:
            break
        x = canvas.put_all(x, at[1], ink.number(value(row), fit.width, "quiet"))


def _across_fit(table: Table, width: int, cells: int) -> Fit:
    """A column a result."""
    longest = max(cell_len(head.before) + 1 + cell_len(head.name) for head in table.heads)
    longest = max(longest, table.total_width)
    two = max(8, width - 2 * (cells + 2) - 1) if table.count > 1 else width
    label = max(0, min(longest, width - cells - 3, two))
    shown = max(1, (width - label - 1) // (cells + 2))
    return Fit(cells, (), label, 1, min(shown, table.count), across=True)


def _across(canvas: Canvas, table: Table, ink: Ink, area: tuple[int, int, int, int], fit: Fit) -> int:
    x0, y0, width, height = area
    rows = list(table.rows(fit.shown))
    pitch = fit.width + 2
    first = x0 + fit.label + 1
    named = any(row.name for row in rows) and height > len(table.heads) + (1 if table.total_lines else 0)
    totals = list(table.totals(len(rows)))[-max(1, height - named - len(table.heads)) :]
    most = max(1, height - named - len(totals))
    heads = list(enumerate(table.heads))[-most:]
    y = y0
    if named:
        for place, row in enumerate(rows):
            name = ended(row.name, fit.width, ascii=ink.ascii)
            canvas.put(first + place * pitch + 2, y, name, "bold text" if row.lit else "label")
        y += 1
    for column, head in heads:
        text = f"{head.before} {head.name}".strip()
        key = f"bold {ink.phase}" if head.kind == WRITTEN else "quiet"
        canvas.put(x0, y, ended(text, fit.label, ascii=ink.ascii), key)
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
    if more and y < y0 + height:
        canvas.put(x0, y, ended(more, width, ascii=ink.ascii), "quiet")
        y += 1
    return y - y0
