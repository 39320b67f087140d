"""Products of matrices and sums over rows: in brackets where they fit, otherwise results and the terms of one.

Which operands are matrices, and which is transposed, is read from the operation's formula: {0}·{1} + {2}, {0}ᵀ·{1}.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from rich.cells import cell_len

from gradstep.engine.analysis.abbreviate import abbreviated
from gradstep.engine.arrays import Array, Index, rounded
from gradstep.engine.program.expression import Element
from gradstep.engine.program.program import Program, Step
from gradstep.tui.pages.step.heat import MAPPED, draw_map
from gradstep.tui.pages.step.ink import READ, VALUE, WRITTEN
from gradstep.tui.pages.step.matrices import Matrix, draw_matrix, sign_of_product, width_of
from gradstep.tui.pages.step.names import size_of
from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.pages.step.table import Head, Row, Table, Total, draw_table, fitted
from gradstep.tui.pages.step.written_out import draw_written_out
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.cells import cell
from gradstep.tui.text.folding import ended, folded, shortened
from gradstep.tui.text.glyphs import MATRIX_PRODUCT
from gradstep.tui.text.sums import SIGNS, nearly
from gradstep.tui.words import step as words

PRODUCT = re.compile(r"\{(\d)\}(ᵀ?)·\{(\d)\}(ᵀ?)(?: \+ \{(\d)\})?")
COLUMN_SUM = "Σ {0}"
MARGIN = 1  # cells at the right that brackets may take
FULL_DIGITS = 12
NARROW = 8  # cells of a number in brackets, whose sums stand below with all their digits
MOST_ROWS = 12
MOST_RESULT_LINES = 4
FEW = 4  # terms of many that come before the sum in symbols
WRITTEN_OUT = 6  # terms of a sum that stand in a line


@dataclass(frozen=True, eq=False)
class Factors:
    """A product left · right + bias, or the sum of the rows of `left`, where there is no right one."""

    left: tuple[str, bool]
    right: tuple[str, bool] | None = None
    bias: str = ""

    def terms(self, scene: Scene, index: Index) -> tuple[Array, Array | None]:
        """The numbers whose products are summed for an element of the result; of a sum, the numbers themselves."""
        row, column = (0, *index)[-2:]
        left = _row_of(scene.read(self.left[0]), row if self.right else column, self.left[1])
        if self.right is None:
            return left, None
        return left, _row_of(scene.read(self.right[0]), column, not self.right[1])

    def elements(self, index: Index, term: int) -> tuple[Element, Element | None]:
        """What the factors of a term are."""
        row, column = (0, *index)[-2:]
        name, transposed = self.left
        if self.right is None:
            return Element(name, (term, column)), None
        first = Element(name, (term, row) if transposed else (row, term))
        name, transposed = self.right
        return first, Element(name, (column, term) if transposed else (term, column))


def _row_of(array: Array, place: int, transposed: bool) -> Array:
    return array[:, place] if transposed else array[place]


def factors_of(program: Program, step: Step) -> Factors | None:
    """The matrices that a step multiplies or whose rows it adds; None for any other step."""
    shapes = [operand.shape for operand in program.operands(step)]
    formula, result = step.operation.formula, program.symbols[step.symbol].shape
    if formula == COLUMN_SUM and shapes and len(shapes[0]) == 2 and result == shapes[0][1:]:
        return Factors((step.operands[0], True))
    match = PRODUCT.fullmatch(formula)
    if match is None or len(result) != 2:
        return None
    one, turned, other, other_turned, bias = match.groups()
    if len(shapes[int(one)]) != 2 or len(shapes[int(other)]) != 2:
        return None
    right = (step.operands[int(other)], bool(other_turned))
    return Factors((step.operands[int(one)], bool(turned)), right, step.operands[int(bias)] if bias else "")


def draw_product(scene: Scene, canvas: Canvas, room: Room, factors: Factors) -> int:
    """The product in brackets with one sum written out below, or results and terms; how many lines it takes."""
    return _in_brackets(scene, canvas, room, factors) or _in_lists(scene, canvas, room, factors)


# ── in brackets ──────────────────────────────────────────────────────────────────────────────────────────────


def _in_brackets(scene: Scene, canvas: Canvas, room: Room, factors: Factors) -> int:
    x, y, width, height = room
    matrices = _matrices(scene, factors)
    if matrices is None:
        return 0
    rows = max(matrix.size[0] for matrix in matrices)
    result = matrices[-1]
    beside = [*scene.widths, *(() if scene.view.digits else (NARROW,))]
    below = result.size[0] + max(rows, matrices[0].size[0])
    stacks = matrices[0].size[0] == 1 and result.size[0] == 1 and rows > 1
    ways = [(False, cells) for cells in beside] + [(True, cells) for cells in beside if stacks]
    _, sums = _sums(scene, width, scene.first)
    for stacked, cells in ways:
        parts = matrices[:-1] if stacked else matrices
        inside = width + (0 if stacked else MARGIN)
        if width_of(parts, cells) <= inside and 1 + (below if stacked else rows) + len(sums) <= height:
            break
    else:
        return 0
    sign = sign_of_product(matrices, cells)
    parts = [*parts[:-1], replace(parts[-1], sign=scene.notation.sign(sign))] if parts[-1] is result else parts
    lines = rows
    spare = height - len(sums) - (below if stacked else rows)
    several = [matrix for matrix in matrices if matrix.size[1] > 1]
    telling = any(not name.isdigit() for matrix in several for name in matrix.columns)
    heads = 2 if spare >= 2 and several and (telling or not scene.brief) else 1
    end, starts = x, []
    for matrix in parts:
        starts.append(end)
        end = draw_matrix(canvas, matrix, scene.ink, (end, y), cells, heads)
    if stacked:  # the result stands in the free lines below what is added, or below the last matrix
        anchor = parts[-1]
        at = starts[-1] + (cell_len(anchor.sign) + 2 if anchor.sign else 0)
        free = anchor.size[0]
        at = min(at, x + width + MARGIN - Matrix(**{**vars(result), "sign": ""}).width(cells))
        equals = f"{result.title} {scene.notation.sign(sign)}"
        left = at - cell_len(equals) - 1
        line = y + heads + free
        others = max((s + m.width(cells) for s, m in zip(starts, parts, strict=True) if m.size[0] > free), default=x)
        if left < others or free >= rows:
            line = y + heads + rows
            lines = rows + 1
        canvas.put(left, line, equals, f"bold {scene.ink.phase}")
        draw_matrix(canvas, Matrix(**{**vars(result), "sign": ""}), scene.ink, (at, line), cells, 0)
    used = heads + lines
    if height - used > sum(map(len, _sums(scene, width, scene.first))) and not scene.brief:
        used += 1
    return used + _sum_below(scene, canvas, (x, y + used, width, height - used), scene.first)


def _matrices(scene: Scene, factors: Factors) -> list[Matrix] | None:
    """The matrices of the formula, the last one the result; None where they are too large to be drawn at all."""
    names = [factors.left[0], *([factors.right[0]] if factors.right else []), *([factors.bias] if factors.bias else [])]
    names.append(scene.step.symbol)
    shapes = [scene.program.symbols[name].shape for name in names]
    if any(max(shape, default=1) > MOST_ROWS for shape in shapes):
        return None
    row, column = (0, *scene.first)[-2:]
    naming, notation = scene.naming, scene.notation

    def matrix(name: str, sign: str, turned: bool, lit_row: int | None, lit_column: int | None) -> Matrix:
        title = notation.symbol(name) + (notation.sign("ᵀ") if turned else "")
        columns = naming.rows(name) if turned else naming.columns(name)
        values = scene.read(name)
        own = _own_width(values) if scene.constant(name) else 0
        bare = not (scene.view.plain or notation.ascii)
        at = lit_row, lit_column
        return Matrix(name, title, notation.sign(sign), values, columns, READ, turned, *at, own=own, bare=bare)

    if factors.right is None:
        parts = [matrix(factors.left[0], "Σ", False, None, column)]
    else:
        parts = [matrix(factors.left[0], "", factors.left[1], row, None)]
        times = MATRIX_PRODUCT.drawn(ascii=notation.ascii)
        parts.append(matrix(factors.right[0], times, factors.right[1], None, column))
    if factors.bias:
        parts.append(matrix(factors.bias, "+", False, None, column))
    result = notation.symbol(scene.step.symbol)
    columns = naming.columns(scene.step.symbol)
    parts.append(Matrix(scene.step.symbol, result, "=", scene.result, columns, WRITTEN, False, row, column))
    return parts


def _own_width(values: Array) -> int:
    """The cells of numbers that never change."""
    return max(cell_len(cell(value, FULL_DIGITS).rstrip()) for value in map(float, values.ravel().tolist()))


def _sums(scene: Scene, width: int, index: Index) -> tuple[list[str], list[str]]:
    """An element's sum with names, without where that says no more, and with numbers and the result."""
    notation, digits = scene.notation, scene.view.digits or 9
    values = {name: scene.read(name) for name in scene.step.operands}
    tree = abbreviated(scene.tree(index), values, WRITTEN_OUT)
    name = scene.naming.element(scene.step.symbol, index)
    names = f"{name} = {notation.arithmetic(tree)}"
    number = scene.value(scene.tree(index)) if scene.by_hand(index) else scene.number(index)
    sign, numbers = notation.given(tree, values, digits, number)
    result = cell(number, FULL_DIGITS).strip()
    text = f"{name} = {result if numbers == result else f'{numbers} {notation.sign(sign)} {result}'}"
    return _folded(names, width), _folded(text, width)


def _folded(text: str, width: int) -> list[str]:
    return ["".join(piece for piece, _ in line.pieces) for line in folded(text, width, indent=3)]


def _sum_below(scene: Scene, canvas: Canvas, room: Room, index: Index) -> int:
    """An element's sum, with names where there is room, and with numbers; nothing where these do not fit."""
    x, y, width, height = room
    names, numbers = _sums(scene, width, index)
    if len(numbers) > height:
        return 0
    if len(names) + len(numbers) > height or scene.brief:
        names = []
    name = scene.naming.element(scene.step.symbol, index)
    if names and numbers[0].startswith(name) and len(numbers) == 1:
        numbers = [" " * cell_len(name) + numbers[0].removeprefix(name)]
    for place, line in enumerate([*names, *numbers]):
        key = "quiet" if place < len(names) else "text"
        at = canvas.put(x, y + place, name, "bold text") if line.startswith(name) else x
        text = line.removeprefix(name)
        *before, sign, result = ["", "", *text.rsplit(" ", 2)][-3:]
        if place == len(names) + len(numbers) - 1 and sign in map(scene.notation.sign, SIGNS):
            at = canvas.put(at, y + place, f"{before[0]} ", key)
            canvas.put(at, y + place, f"{sign} {result}", f"bold {scene.ink.phase}")
        else:
            canvas.put(at, y + place, text, key)
    return len(names) + len(numbers)


# ── results and terms ────────────────────────────────────────────────────────────────────────────────────────


def _in_lists(scene: Scene, canvas: Canvas, room: Room, factors: Factors) -> int:
    x, y, width, height = room
    used = 0
    if size_of(scene.shape) >= MAPPED and len(scene.shape) == 2:
        used, taken = draw_map(scene, canvas, room)
        x, width = x + taken, width - taken
    if not factors.bias and scene.read(factors.left[0]).shape[0 if factors.left[1] else 1] == 1:
        table = _single_terms(scene, factors)
        lines = draw_table(canvas, table, scene.ink, (x, y, width, height), scene.widths)
        return max(used, lines or draw_written_out(scene, canvas, (x, y, width, height)))
    chosen = scene.picked or scene.largest(1)[0]
    table = _terms(scene, factors, chosen)
    numbers = _sums(scene, width, chosen)[1] if table.count <= WRITTEN_OUT else []
    for most in range(MOST_RESULT_LINES if size_of(scene.shape) > 1 else 0, -1, -1):
        lines = _result_lines(scene, width, most)
        below = height - lines
        fit = fitted(table, width, below, scene.widths)
        if fit is not None and (fit.shown >= table.count or (not numbers and fit.shown > min(most, 1))):
            break
        head = max(lines, 1)  # a sum written out has its result beside others, or alone
        if numbers and len(numbers) + head <= height and (most <= 1 or lines <= 1):
            _results(scene, canvas, (x, y, width, head), chosen)
            return max(used, head + _sum_below(scene, canvas, (x, y + head, width, height - head), chosen))
    if fit is None:
        return max(used, draw_written_out(scene, canvas, (x, y, width, height)))
    if lines:
        _results(scene, canvas, (x, y, width, lines), chosen)
    terms = table.count if table.count <= WRITTEN_OUT else FEW
    if below > table.total_lines + 2 + terms and not scene.brief:
        said = ended(_formula(scene, factors, chosen), width, ascii=scene.notation.ascii)
        canvas.put(x, y + lines, said, "quiet")
        lines += 1
    return max(used, lines + draw_table(canvas, table, scene.ink, (x, y + lines, width, height - lines), scene.widths))


def _single_terms(scene: Scene, factors: Factors) -> Table:
    """Results that are sums of a single term: a line a result."""
    symbol, count = scene.step.symbol, size_of(scene.shape)
    heads = [Head("", _head(scene, factors.left), READ)]
    if factors.right is not None:
        heads.append(Head(scene.notation.sign("×"), _head(scene, factors.right), READ))
    heads.append(Head("=", scene.notation.symbol(symbol), WRITTEN))

    def row(index: Index) -> Row:
        left, right = factors.terms(scene, index)
        first, other = factors.elements(index, 0)
        numbers = (float(left[0]), *(() if right is None else (float(right[0]),)), scene.number(index))
        elements = (first, *(() if other is None else (other,)), scene.element(index))
        given = right is not None and not scene.by_hand(index) and np.isfinite(numbers).all()
        sign = _sign_of_term if given else None
        return Row(scene.naming.short(symbol, index), numbers, elements, scene.picked == index, sign)

    def rows(shown: int) -> Sequence[Row]:
        return [row(index) for index in scene.shown(shown)]

    return Table(
        tuple(heads), count, rows, scene.naming.longest(symbol), more=lambda shown: words.LARGEST(shown, of=count)
    )


def _result_pitch(scene: Scene, width: int) -> tuple[int, int, int]:
    """Cells of the names of results, of their numbers, and how many stand side by side."""
    label = min(scene.naming.longest(scene.step.symbol), 14)
    cells = next((cells for cells in scene.widths if label + cells + 2 <= width), scene.widths[-1])
    return label, cells, max(1, (width + 2) // (label + cells + 4))


def _result_lines(scene: Scene, width: int, most: int) -> int:
    """The lines that results take, at most so many."""
    return min(most, -(-size_of(scene.shape) // _result_pitch(scene, width)[2]))


def _results(scene: Scene, canvas: Canvas, room: Room, chosen: Index) -> None:
    """As many results as fit, the chosen one first where they are not all."""
    x, y, width, height = room
    count, symbol = size_of(scene.shape), scene.step.symbol
    label, cells, across = _result_pitch(scene, width)
    shown = min(count, height * across)
    indices = scene.shown(count)
    if shown < count:  # how many there are is said behind the last, or in its place
        said = words.MORE(count - shown)
        end = (across - 1) * (label + cells + 4) + label + cells + 4
        if end + cell_len(said) > width and shown > 1:
            shown -= 1
            said, end = words.MORE(count - shown), (across - 1) * (label + cells + 4)
        indices = [chosen, *(index for index in scene.largest(shown) if index != chosen)][:shown]
        if end + cell_len(said) <= width:
            canvas.put(x + end, y + height - 1, said, "quiet")
    for place, index in enumerate(indices):
        line, column = divmod(place, across)
        at = x + column * (label + cells + 4)
        name = shortened(scene.naming.short(symbol, index), label, ascii=scene.notation.ascii)
        lit = index == chosen
        canvas.put(at, y + line, name, "bold text" if lit else "label")
        pieces = scene.ink.number(scene.number(index), cells, WRITTEN, lit=lit)
        canvas.put_all(at + label + 1, y + line, pieces, scene.element(index))


def _formula(scene: Scene, factors: Factors, index: Index) -> str:
    """The sum that is written out: ∂E/∂W1[34,18] = Σ x[n,34] · δ1[n,18]."""
    first, other = factors.elements(index, 0)
    notation = scene.notation

    def running(element: Element, transposed: bool) -> str:
        fixed = element.index[1] if transposed else element.index[0]
        inside = f"n,{fixed}" if transposed else f"{fixed},n"
        return f"{notation.symbol(element.symbol)}[{inside}]"

    text = running(first, factors.left[1])
    if other is not None and factors.right is not None:
        text += f" · {running(other, not factors.right[1])}"
    if factors.bias:
        text += f" + {scene.naming.element(factors.bias, index[-1:])}"
    return notation.sign(f"{scene.naming.element(scene.step.symbol, index)} = Σ {text}")


def _terms(scene: Scene, factors: Factors, index: Index) -> Table:
    """The terms of one element, the largest first, and what all of them come to."""
    left, right = factors.terms(scene, index)
    with np.errstate(all="ignore"):
        products = left if right is None else left * right
    notation = scene.notation
    names = _inner_names(scene, factors)
    heads = [Head("", _head(scene, factors.left), READ)]
    if factors.right is not None:
        heads = [*heads, Head(notation.sign("×"), _head(scene, factors.right), READ), Head("=", "", VALUE)]
    bias = float(scene.read(factors.bias)[index[-1]]) if factors.bias else None
    order = np.argsort(-rounded(np.abs(products)), kind="stable").tolist()

    def shown_terms(count: int) -> list[int]:
        return sorted(order[:count]) if count >= len(order) else order[:count]

    def row(term: int) -> Row:
        first, other = factors.elements(index, term)
        if right is None or other is None:
            return Row(names[term], (float(left[term]),), (first,))
        numbers = float(left[term]), float(right[term]), float(products[term])
        return Row(names[term], numbers, (first, other), sign=_sign_of_term if np.isfinite(numbers).all() else None)

    def totals(shown: int) -> Sequence[Total]:
        found: list[Total] = []
        rest = order[shown:]
        if rest:
            with np.errstate(all="ignore"):
                found.append(
                    Total(words.OTHERS(len(rest)), "=" if right is not None else "", float(products[rest].sum()))
                )
        if bias is not None:
            element = Element(factors.bias, index[-1:])
            found.append(Total(scene.naming.element(*_pair(element)), "+", bias, READ, element))
        name = scene.naming.element(scene.step.symbol, index)
        return [*found, Total(name, "=", scene.number(index), WRITTEN, scene.element(index), factor=1.0)]

    longest = max(max((cell_len(name) for name in names[:99]), default=0), cell_len(names[-1]))
    lines = 1 + (bias is not None)
    whole = scene.naming.element(scene.step.symbol, index)
    most = max(cell_len(whole), cell_len(words.OTHERS(len(order))) if len(order) > 3 else 0) + 3

    def rows(count: int) -> Sequence[Row]:
        return [row(term) for term in shown_terms(count)]

    return Table(tuple(heads), len(order), rows, longest, totals, lines, most, others=True)


def _sign_of_term(texts: Sequence[str], cells: int) -> str:
    """What stands between two factors as they are written and their product."""
    one, other, product = texts
    return nearly(Decimal(one.strip()) * Decimal(other.strip()), product, cells)


def _pair(element: Element) -> tuple[str, Index]:
    return element.symbol, element.index


def _head(scene: Scene, factor: tuple[str, bool]) -> str:
    return scene.notation.symbol(factor[0])


def _inner_names(scene: Scene, factors: Factors) -> list[str]:
    """What the terms of a sum are called: rows of the batch, or units."""
    name, transposed = factors.left
    if transposed:
        return [words.ROW.format(row=row) for row in range(scene.program.symbols[name].shape[0])]
    return list(scene.naming.columns(name))
