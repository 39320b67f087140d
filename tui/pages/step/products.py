"""Products of matrices and sums over rows: in brackets where they fit, otherwise results and the terms of one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Index, rounded
from gradstep.engine.program.expression import Element
from gradstep.tui.pages.step.brackets import WRITTEN_OUT, in_brackets, sum_below, sums_of
from gradstep.tui.pages.step.factors import Factor, Factors
from gradstep.tui.pages.step.heat import MAPPED, draw_map
from gradstep.tui.pages.step.ink import READ, VALUE, WRITTEN
from gradstep.tui.pages.step.names import size_of
from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.pages.step.table import Head, Row, Table, Total, draw_table, fitted
from gradstep.tui.pages.step.written_out import draw_written_out
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.folding import ended, shortened
from gradstep.tui.text.sums import nearly
from gradstep.tui.words import step as words

MOST_RESULT_LINES = 4
BESIDE_MAP = 54, 44  # cells of the terms of a sum with all their digits, and with as few as they may have
FEW = 4  # terms of many that come before the sum in symbols


def draw_product(scene: Scene, canvas: Canvas, room: Room, factors: Factors) -> int:
    """The product in brackets with one sum written out below, or results and terms; how many lines it takes."""
    return in_brackets(scene, canvas, room, factors) or _in_lists(scene, canvas, room, factors)


def _in_lists(scene: Scene, canvas: Canvas, room: Room, factors: Factors) -> int:
    x, y, width, height = room
    used = 0
    chosen = scene.picked or scene.largest(1)[0]
    if size_of(scene.shape) >= MAPPED and len(scene.shape) == 2:
        used, taken = draw_map(scene, canvas, room, chosen, BESIDE_MAP)
        x, width = x + taken, width - taken
    if not factors.bias and factors.count(scene.program) == 1:
        table = _single_terms(scene, factors)
        lines = draw_table(canvas, table, scene.ink, (x, y, width, height), scene.widths)
        return max(used, lines or draw_written_out(scene, canvas, (x, y, width, height)))
    table = _terms(scene, factors, chosen)
    numbers = sums_of(scene, width, chosen)[1] if table.count <= WRITTEN_OUT else []
    for most in range(MOST_RESULT_LINES if size_of(scene.shape) > 1 else 0, -1, -1):
        lines = _result_lines(scene, width, most)
        below = height - lines
        fit = fitted(table, width, below, scene.widths)
        if fit is not None and (
            fit.shown >= table.count or (not numbers and fit.shown >= (1 if used else min(most + 1, 2)))
        ):
            break
        head = max(lines, 1)  # a sum written out has its result beside others, or alone
        if numbers and len(numbers) + head <= height and (most <= 1 or lines <= 1):
            _results(scene, canvas, (x, y, width, head), chosen, mapped=used > 0)
            return max(used, head + sum_below(scene, canvas, (x, y + head, width, height - head), chosen))
    if fit is None:
        return max(used, draw_written_out(scene, canvas, (x, y, width, height)))
    if lines:
        _results(scene, canvas, (x, y, width, lines), chosen, mapped=used > 0)
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


def _results(scene: Scene, canvas: Canvas, room: Room, chosen: Index, *, mapped: bool) -> None:
    """As many results as fit, the chosen one first where they are not all. mapped: all are seen beside them."""
    x, y, width, height = room
    count, symbol = size_of(scene.shape), scene.step.symbol
    label, cells, across = _result_pitch(scene, width)
    shown = min(count, height * across)
    indices = scene.shown(count)
    if shown < count:  # how many there are is said behind the last, or in its place
        said = words.MORE(count - shown)
        end = (across - 1) * (label + cells + 4) + label + cells + 4
        whole = mapped and height == 1  # the map beside it says that there are more
        if end + cell_len(said) > width and shown > 1 and not whole:
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

    def running(element: Element, down: bool) -> str:
        *fixed, last = map(str, element.index)
        inside = ",".join(["n", last] if down and fixed else [*fixed, "n"])
        return f"{notation.symbol(element.symbol)}[{inside}]"

    text = running(first, factors.left.turned)
    if other is not None and factors.right is not None:
        text += f" · {running(other, not factors.right.turned)}"
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


def _head(scene: Scene, factor: Factor) -> str:
    return scene.notation.symbol(factor.symbol)


def _inner_names(scene: Scene, factors: Factors) -> list[str]:
    """What the terms of a sum are called: rows of the batch, or units."""
    if factors.left.turned:
        return [words.ROW.format(row=row) for row in range(factors.count(scene.program))]
    return list(scene.naming.columns(factors.left.symbol))
