"""Steps whose result is made element by element: activations, gradients, sums, products, updates; softmax by rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Index, first_index
from gradstep.engine.program.expression import Call, Element, Named, Sum, elements_of
from gradstep.engine.program.network import LAYERS
from gradstep.engine.program.operation import Operation
from gradstep.engine.program.program import Program, Step
from gradstep.tui.pages.step.columns import LETTERS, TOTAL, Columns, columns_of, heading, headings, sign_of_result
from gradstep.tui.pages.step.heat import MAPPED, draw_map
from gradstep.tui.pages.step.ink import READ, VALUE, WRITTEN
from gradstep.tui.pages.step.names import size_of
from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.pages.step.table import Head, Row, Table, draw_table, fitted
from gradstep.tui.pages.step.written_out import draw_written_out
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.numbers import plain_number
from gradstep.tui.words import step as words


def is_elementwise(program: Program, step: Step) -> bool:
    """Whether an element of the result is made of the elements at its place, and of single numbers."""
    shape = program.symbols[step.symbol].shape
    operands = program.operands(step)
    if not operands or any(operand.shape not in ((), shape) for operand in operands):
        return False
    first, last = first_index(shape), tuple(size - 1 for size in shape)
    for index in (first, last):  # where one number goes to one place of many, what others are made of is not alike
        made_of = elements_of(step.operation.element(index, *operands))
        if not made_of or any(element.index not in (index, ()) for element in made_of):
            return False
    return True


def is_by_rows(program: Program, step: Step) -> bool:
    """Whether an element is made of the elements of its row, as softmax's are."""
    shape = program.symbols[step.symbol].shape
    operands = program.operands(step)
    if not operands or len(shape) != 2 or any(operand.shape not in ((), shape) for operand in operands):
        return False
    index = first_index(shape)
    return all(element.index[:1] in ((0,), ()) for element in elements_of(step.operation.element(index, *operands)))


def draw_elements(scene: Scene, canvas: Canvas, room: Room, *, by_rows: bool = False) -> int:
    """The arithmetic of as many elements as fit, beside a map of all where there are many; how many lines it takes."""
    x, y, width, height = room
    size = size_of(scene.shape)
    used = 0
    if size >= MAPPED and len(scene.shape) == 2:
        used, taken = draw_map(scene, canvas, room, scene.picked or scene.largest(1)[0])
        x, width = x + taken, width - taken
    rows = _rows(scene, width, height) if by_rows else ()
    indices: list[Index] | None = [(row, place) for row in rows for place in range(scene.shape[1])] if by_rows else None
    laid = [columns_of(scene.tree((row, 0))) for row in rows] or [columns_of(scene.tree(scene.first))]
    named = legend(scene, laid, width, numbers=True)
    if by_rows and len(rows) < scene.shape[0]:
        named = _with_row(named, words.ROW_OF.format(row=rows[0], count=scene.shape[0]), width)
    table = _table(scene, laid[0], indices)
    for below in (1, 0) if named and height > 3 else (0,):
        lines = draw_table(canvas, table, scene.ink, (x, y, width, height - below), scene.widths)
        if lines:
            canvas.put(x, y + lines, named if below else "", "quiet")
            return max(used, lines + below)
    return max(used, draw_written_out(scene, canvas, (x, y, width, height)))


def _rows(scene: Scene, width: int, height: int) -> Sequence[int]:
    """The rows whose elements are shown: all where these are few enough, otherwise that of the most important one."""
    count, across = scene.shape
    if count > 1 and count * across <= height:
        indices: list[Index] = [(row, place) for row in range(count) for place in range(across)]
        laid = columns_of(scene.tree(indices[0]))
        fit = fitted(_table(scene, laid, indices), width, height - bool(laid.named), scene.widths)
        if fit is not None and fit.shown >= len(indices) and not fit.across:
            return range(count)
    return [(scene.picked or scene.largest(1)[0])[0]]


def _with_row(text: str, row: str, width: int) -> str:
    """A legend and of which row it is, where both have room; otherwise the one of them that has."""
    whole = f"{text}   {row}" if text else row
    return whole if cell_len(whole) <= width else text or row


def _table(scene: Scene, columns: Columns, indices: list[Index] | None) -> Table:
    symbol = scene.step.symbol
    sign = scene.notation.sign
    heads = (
        *(
            Head(sign(column.before), name, READ if isinstance(column.part, Element) else VALUE)
            for column, name in zip(columns.columns, headings(columns.columns, scene.notation), strict=False)
        ),
        Head(sign(columns.columns[-1].before), scene.notation.symbol(symbol), WRITTEN),
    )
    count = size_of(scene.shape) if indices is None else len(indices)

    def rows(shown: int) -> Sequence[Row]:
        if indices is None:
            chosen = scene.shown(shown)
        elif shown >= count:
            chosen = indices
        else:
            order = np.argsort([-abs(scene.number(index)) for index in indices], kind="stable")[:shown]
            chosen = [indices[place] for place in order.tolist()]
        return [_row(scene, index) for index in chosen]

    def more(shown: int) -> str:
        return words.LARGEST(shown, of=count)

    return Table(
        heads,
        count,
        rows,
        scene.naming.longest(symbol) if scene.shape else 0,
        derivative=_derivative(scene, columns),
        more=more,
    )


def _row(scene: Scene, index: Index) -> Row:
    laid = columns_of(scene.tree(index))
    parts = [column.part for column in laid.columns[:-1]]
    made = not scene.by_hand(index)  # what it was made of says nothing of a number that was set by hand
    numbers = (*(scene.value(part) if made else None for part in parts if part is not None), scene.number(index))
    elements = (*(part if isinstance(part, Element) else None for part in parts), scene.element(index))
    lit = scene.picked == index

    def sign(texts: Sequence[str], cells: int) -> str:
        return sign_of_result(laid, texts, scene.value, cells)

    return Row(scene.naming.short(scene.step.symbol, index), numbers, elements, lit, sign if made else None)


def _derivative(scene: Scene, columns: Columns) -> tuple[int, int, str, str, Callable[[Row], float]] | None:
    written = derivative_name(scene.step.operation)
    if columns.derivative is None or not written or scene.brief:
        return None
    first, last = columns.derivative
    of = scene.step.operands[1]
    symbols = scene.program.symbols
    if derivative_at_input(scene.step.operation):
        inside = scene.notation.symbol(of)
    else:
        inside = scene.notation.symbol(symbols[scene.step.symbol].of)

    def value(row: Row) -> float:
        element = row.elements[-1]
        assert element is not None, "a result"
        tree = scene.tree(element.index)
        assert isinstance(tree, Call), "a product"
        return scene.value(tree.arguments[1])

    sign = scene.notation.sign
    return first, last, sign(f"{written}({inside})"), sign(written), value


@lru_cache(maxsize=64)
def derivative_name(operation: Operation) -> str:
    """How the derivative is written that a gradient multiplies by: σ′; "" where it is none of an activation's."""
    for each in LAYERS.values():
        if each.derivative is None:
            continue
        if operation is each.derivative.operation or any(
            operation is gradient.operation for gradient in each.gradients
        ):
            return each.derivative.written
    return ""


def derivative_at_input(operation: Operation) -> bool:
    """Whether that derivative is taken at the operand itself."""
    return any(each.derivative is not None and each.derivative.operation is operation for each in LAYERS.values())


def legend(scene: Scene, laid: Sequence[Columns], width: int, *, numbers: bool) -> str:
    """What the letters in the columns stand for, as much of it as fits; numbers: and what they come to, row by row."""
    letters = {named.name for named in laid[0].named}
    named = [  # a sum that is told as part of the logarithm is not told once more
        (place, each)
        for place, each in enumerate(laid[0].named)
        if not (each.name == TOTAL and LETTERS["log"] in letters and not numbers)
    ]
    for digits in (scene.view.digits or 9, 6, 4):
        texts = []
        for place, each in named:
            text = meaning(scene, each) if each.name == TOTAL else f"{each.name} = {meaning(scene, each)}"
            values = (plain_number(scene.value(columns.named[place]), digits) for columns in laid)
            texts.append(f"{text} = {', '.join(values)}" if numbers else text)
        said = scene.notation.sign("   ".join(texts))
        if cell_len(said) <= width:
            return said
    fitting = [scene.notation.sign(text) for text in texts if cell_len(scene.notation.sign(text)) <= width]
    return fitting[-1] if fitting else ""


def meaning(scene: Scene, named: Named) -> str:
    """What a letter stands for: max u2, Σ exp(u2 − m), log Σ exp(u2 − m)."""
    part = named.part
    if isinstance(part, Named):
        return meaning(scene, part)
    if isinstance(part, Sum):
        return f"{TOTAL} {heading(part.terms[0], scene.notation)}"
    if isinstance(part, Call) and part.operator == "log":
        inside = part.arguments[0]
        inner = inside.part if isinstance(inside, Named) else inside
        first = inner.terms[0] if isinstance(inner, Sum) else inner
        return " ".join((part.operator, TOTAL, heading(first, scene.notation)))
    if isinstance(part, Call):
        return f"{part.operator} {heading(part.arguments[0], scene.notation)}"
    return heading(part, scene.notation)
