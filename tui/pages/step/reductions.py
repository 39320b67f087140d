"""Steps that make one number of many: losses, sums over all elements, accuracies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array, rounded
from gradstep.engine.program.expression import (
    OPERATORS,
    Call,
    Element,
    Expression,
    Named,
    Number,
    Operand,
    Sum,
)
from gradstep.engine.program.program import Program, Step
from gradstep.tui.pages.step.columns import EQUALS, TOTAL, Columns, Known, columns_of, headings, sign_of_result
from gradstep.tui.pages.step.elementwise import legend, meaning
from gradstep.tui.pages.step.ink import READ, VALUE, VERDICT, WRITTEN
from gradstep.tui.pages.step.names import size_of
from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.pages.step.table import Head, Row, Table, Total, draw_table
from gradstep.tui.pages.step.written_out import draw_written_out
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.words import step as words

LOW = 5  # lines
HALF = "½"
SMALL = 40  # numbers of an operand up to which every term is written by itself


def is_reduction(program: Program, step: Step) -> bool:
    """Whether a step makes one number of an array."""
    return not program.symbols[step.symbol].shape and any(operand.shape for operand in program.operands(step))


def draw_reduction(scene: Scene, canvas: Canvas, room: Room) -> int:
    """A term a line and the sum, or a row of the batch a line; how many lines it takes."""
    operands = [operand for operand in scene.program.operands(scene.step) if operand.shape]
    by_rows = len(operands[0].shape) == 2 and operands[0].shape[0] > 1
    one = _one_row(scene)
    inside = _stripped(one)[2]
    terms = inside.terms if isinstance(inside, Sum) else (inside,)
    if isinstance(terms[0], Call) and terms[0].operator == "equal":
        table = _compared(scene, terms[0])
    elif max(size_of(operand.shape) for operand in operands) <= SMALL or not by_rows:
        table = _by_terms(scene)
    else:
        table = _by_rows(scene, one)
    x, y, width, height = room
    said = legend(scene, [columns_of(terms[0])], width, numbers=False)
    for below in (1, 0) if said and height > LOW else (0,):
        lines = draw_table(canvas, table, scene.ink, (x, y, width, height - below), scene.widths)
        if lines:
            canvas.put(x, y + lines, said if lines < height else "", "quiet")
            return lines + (1 if said and lines < height else 0)
    return draw_written_out(scene, canvas, room)


# ── the tree of a sum ────────────────────────────────────────────────────────────────────────────────────────


def _stripped(tree: Expression) -> tuple[str, str, Expression]:
    """What stands before a sum and behind it, and the sum: ½ · Σ … / N."""
    match tree:
        case Call("negate", (inside,)):
            before, after, inner = _stripped(inside)
            return f"−{before}", after, inner
        case Call("multiply", (Number() as factor, inside)):
            before, after, inner = _stripped(inside)
            return f"{factor.text or f'{factor.value:g}'} {before}", after, inner
        case Call("divide", (inside, Number() as divisor)):
            before, after, inner = _stripped(inside)
            return before, f" / {divisor.value:,.0f}{after}", inner
    return "", "", tree


def _one_row(scene: Scene) -> Expression:
    """The tree of the result if there were a single row."""
    operands = [_cut(operand) for operand in scene.program.operands(scene.step)]
    return scene.step.operation.element((), *operands)


def _cut(operand: Operand) -> Operand:
    return Operand(operand.symbol, (1, *operand.shape[1:])) if len(operand.shape) == 2 else operand


def _two_rows(scene: Scene) -> Expression:
    """The tree if there were two rows: whether it is divided by their number is seen in it."""
    operands = [
        Operand(each.symbol, (2, *each.shape[1:])) if len(each.shape) == 2 else each
        for each in scene.program.operands(scene.step)
    ]
    return scene.step.operation.element((), *operands)


# ── a term a line ────────────────────────────────────────────────────────────────────────────────────────────


def _by_terms(scene: Scene) -> Table:
    before, after, inside = _stripped(scene.tree(()))
    terms = inside.terms if isinstance(inside, Sum) else (inside,)
    laid, known = dict[int, Columns](), Known()
    before, written, factor = _factor(before)
    values = [factor * scene.value(term) for term in terms]
    heads = _heads(scene, columns_of(terms[0]), written)
    order = np.argsort(-rounded(np.abs(np.asarray(values))), kind="stable").tolist()

    def row(place: int) -> Row:
        if place not in laid:
            laid[place] = columns_of(terms[place], known)
        parts = [column.part for column in laid[place].columns[:-1]]
        numbers = (*(scene.value(part) for part in parts if part is not None), values[place])
        elements = tuple(part if isinstance(part, Element) else None for part in parts)
        first = next((element for element in elements if element is not None), None)
        name = scene.naming.short(first.symbol, first.index) if first is not None else str(place)

        def sign(texts: Sequence[str], cells: int) -> str:
            return sign_of_result(laid[place], texts, scene.value, cells, factor)

        return Row(name, numbers, elements, sign=sign)

    def rows(count: int) -> Sequence[Row]:
        return [row(place) for place in (sorted(order[:count]) if count >= len(order) else order[:count])]

    def totals(shown: int) -> Sequence[Total]:
        return _totals(scene, [values[place] for place in order[shown:]], sum(values), before, after)

    longest = max(cell_len(row(place).name) for place in {0, len(terms) - 1})
    spare = int(bool(before or after))
    width = _total_width(scene, before, after)
    return Table(heads, len(terms), rows, longest, totals, 1 + spare, width, spare, others=True)


def _factor(before: str) -> tuple[str, str, float]:
    """What stands before a sum without the ½ that is written at each term; that, and its number: E_o1 = ½ (…)²."""
    return (before.replace(HALF, "").strip(), f"× {HALF}", 0.5) if HALF in before.split() else (before, "", 1.0)


def _heads(scene: Scene, laid: Columns, factor: str = "") -> tuple[Head, ...]:
    """The headings of the columns of a term. factor: by which each of them is multiplied."""
    letters = {named.name: named for named in laid.named}
    heads = []
    names = (*headings(laid.columns, scene.notation), words.TERM)
    for column, name in zip(laid.columns, names, strict=True):
        if column.part is None and factor:
            power = column.before.removesuffix(EQUALS).strip()
            heads.append(Head(scene.notation.sign(f"{power} {factor} {EQUALS}".strip()), words.TERM, VALUE))
            continue
        sign = scene.notation.sign(column.before)
        if column.part is None:
            heads.append(Head(sign, name, VALUE))
        elif isinstance(column.part, Named):
            heads.append(Head(sign, meaning(scene, letters[column.part.name]), VALUE))
        else:
            heads.append(Head(sign, name, READ if isinstance(column.part, Element) else VALUE))
    return tuple(heads)


def _totals(scene: Scene, rest: Sequence[float], total: float, before: str, after: str) -> list[Total]:
    """The terms that are not shown, the sum, and what is made of it."""
    sign, found = scene.notation.sign, list[Total]()
    if rest:
        found.append(Total(words.OTHERS(len(rest)), "=", float(sum(rest))))
    if before or after:
        found.append(Total(words.SUM, sign(f"{TOTAL} ="), total, spare=True, factor=1.0))
    name = scene.notation.symbol(scene.step.symbol)
    last = sign(f"{before.replace(' ', '')}{' ' if before.strip('−') else ''}{TOTAL}{after} =")
    element = Element(scene.step.symbol, ())
    return [*found, Total(name, last, scene.number(()), WRITTEN, element, factor=_number(before, after))]


def _number(before: str, after: str) -> float:
    """What stands before and behind a sum, as the number that it is multiplied by."""
    factor = (-1.0 if "−" in before else 1.0) * (0.5 if HALF in before else 1.0)
    for piece in after.replace(",", "").split("/"):
        if piece.strip():
            try:
                factor /= float(piece)
            except (ValueError, ZeroDivisionError):
                return math.nan  # with which nothing is worked out
    return factor


def _total_width(scene: Scene, before: str, after: str) -> int:
    return cell_len(f"{before}{TOTAL}{after} = {scene.notation.symbol(scene.step.symbol)}") + 1


# ── a row a line ─────────────────────────────────────────────────────────────────────────────────────────────


def _by_rows(scene: Scene, one: Expression) -> Table:
    """Rows of the batch, those with the largest part of the sum first, each with its largest term."""
    before, _, inside = _stripped(one)
    _, after, _ = _stripped(_two_rows(scene))
    whole = OverRows({name: scene.read(name) for name in scene.step.operands})
    terms = inside.terms if isinstance(inside, Sum) else (inside,)
    parts = np.stack([np.broadcast_to(whole.value(term), (whole.count,)) for term in terms], axis=1)
    with np.errstate(all="ignore"):
        sums = parts.sum(axis=1)
    count = len(sums)
    after = after.replace(" / 2", f" / {count:,}")
    order = np.argsort(-rounded(np.abs(sums)), kind="stable").tolist()
    best = np.argmax(np.abs(parts), axis=1).tolist()
    laid: dict[int, Columns] = {}

    def row(place: int) -> Row:
        term = best[place]
        if term not in laid:
            laid[term] = columns_of(terms[term])
        made_of = [column.part for column in laid[term].columns[:-1] if column.part is not None]
        numbers = [float(np.broadcast_to(whole.value(part), (count,))[place]) for part in made_of]
        elements = [
            Element(part.symbol, (place, *part.index[1:])) if isinstance(part, Element) and part.index else None
            for part in made_of
        ]
        name = words.ROW_AND_UNIT.format(row=place, unit=term)

        def sign(texts: Sequence[str], cells: int) -> str:
            return sign_of_result(laid[term], texts, scene.value, cells)

        return Row(name, (*numbers, float(parts[place, term])), tuple(elements), sign=sign)

    def rows(shown: int) -> Sequence[Row]:
        return [row(place) for place in order[:shown]]

    def totals(shown: int) -> Sequence[Total]:
        with np.errstate(all="ignore"):
            rest, total = float(sums[order[shown:]].sum()), float(sums.sum())
        others = [Total(words.OTHER_ROWS_SUM(count - shown), "=", rest)] if shown < count else []
        return [*others, *_totals(scene, [], total, before, after)]

    heads = _heads(scene, columns_of(terms[0]))
    longest = cell_len(words.ROW_AND_UNIT.format(row=count - 1, unit=len(terms) - 1))
    spare = int(bool(before or after))
    width = _total_width(scene, before, after)
    return Table(heads, count, rows, longest, totals, 1 + spare, width, spare, others=True)


class OverRows:
    """Trees of a single row, computed for all rows of matrices at once; parts that they share are computed once."""

    def __init__(self, values: Mapping[str, Array]) -> None:
        self._values = values
        self._known: dict[int, tuple[Expression, Array]] = {}
        self.count = max(len(array) for array in values.values() if array.ndim == 2)

    def value(self, node: Expression) -> Array:
        """A number a row, or one for all of them."""
        found = self._known.get(id(node))
        if found is None:  # the node is kept, so that its identity stays
            found = self._known[id(node)] = node, self._computed(node)
        return found[1]

    def _computed(self, node: Expression) -> Array:
        match node:
            case Number(number):
                return np.asarray(number)
            case Element(symbol, index):
                array = self._values[symbol]
                return array[:, index[1]] if array.ndim == 2 else np.asarray(array[index])
            case Named(_, part):
                return self.value(part)
            case Call(operator, arguments):
                with np.errstate(all="ignore"):
                    return np.asarray(OPERATORS[operator].evaluate(*map(self.value, arguments)))
            case Sum(terms):
                with np.errstate(all="ignore"):
                    return np.asarray(sum(map(self.value, terms[1:]), start=self.value(terms[0])))
        raise TypeError(f"not a tree of sums: {node!r}")


# ── how many are right ───────────────────────────────────────────────────────────────────────────────────────


def _compared(scene: Scene, first: Call) -> Table:
    """Rows and the classes that are compared, wrong ones first, and how many of how many are equal."""
    one, other = first.arguments
    operands = [scene.operand(0), scene.operand(1)]
    classes = [_classes(part, array) for part, array in zip((one, other), operands, strict=True)]
    equal = classes[0] == classes[1]
    count, right = len(equal), int(equal.sum())
    wrong = [*np.flatnonzero(~equal)[:200].tolist(), *np.flatnonzero(equal)[:200].tolist()]
    symbols = [scene.notation.symbol(name) for name in scene.step.operands[:2]]
    heads = (
        Head("", words.CLASS.format(symbol=symbols[0]), READ),
        Head("", words.CLASS.format(symbol=symbols[1]), READ),
        Head("", words.RIGHT, VERDICT),
    )

    def rows(shown: int) -> Sequence[Row]:
        chosen = sorted(wrong[:shown]) if shown >= count else wrong[:shown]
        return [_class_row(place, classes, bool(equal[place])) for place in chosen]

    def totals(shown: int) -> Sequence[Total]:
        said = words.RIGHT_OF.format(right=right, count=count)
        return [Total(said, "=", scene.number(()), WRITTEN, Element(scene.step.symbol, ()))]

    return Table(heads, count, rows, cell_len(words.ROW.format(row=count - 1)), totals, 1, 24)


def _class_row(place: int, classes: Sequence[Array], equal: bool) -> Row:
    numbers = (float(classes[0][place]), float(classes[1][place]), float(equal))
    return Row(words.ROW.format(row=place), numbers)


def _classes(part: Expression, array: Array) -> Array:
    """The class of each row, as the tree of one row has it."""
    if isinstance(part, Call) and part.operator == "argmax":
        return np.asarray(np.argmax(array, axis=1), dtype=np.float64)
    return np.asarray(array[:, 0] > 0.5, dtype=np.float64)
