"""A product of matrices in brackets, with one sum written out below, and others where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from rich.cells import cell_len

from gradstep.engine.analysis.abbreviate import abbreviated
from gradstep.engine.arrays import Array, Index
from gradstep.tui.pages.step.factors import Factor, Factors
from gradstep.tui.pages.step.ink import READ, WRITTEN
from gradstep.tui.pages.step.matrices import Matrix, draw_matrix, sign_of_product, width_of
from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.cells import cell
from gradstep.tui.text.folding import folded
from gradstep.tui.text.glyphs import MATRIX_PRODUCT
from gradstep.tui.text.sums import SIGNS

MARGIN = 1  # cells at the right that brackets may take
FULL_DIGITS = 12
NARROW = (8, 7, 6)  # cells of a number in brackets, one sum of which stands below with all its digits
SMALLEST, LARGEST = 1e-98, 1e98  # numbers with an exponent of two digits
FULL_SUM, SHORTER = 9, (7, 6, 5)  # digits of the numbers of a sum; where it has too many lines
MOST_ROWS = 12
WRITTEN_OUT = 6  # terms of a sum that stand in a line


def in_brackets(scene: Scene, canvas: Canvas, room: Room, factors: Factors) -> int:
    """How many lines it takes; 0, and nothing drawn, where there is no room."""
    x, y, width, height = room
    matrices = _matrices(scene, factors)
    if matrices is None:
        return 0
    rows = max(matrix.size[0] for matrix in matrices)
    result = matrices[-1]
    narrow = () if scene.view.digits else NARROW if _are_short(matrices) else NARROW[:-1]
    beside = [*scene.widths, *narrow]
    below = result.size[0] + max(rows, matrices[0].size[0])
    stacks = matrices[0].size[0] == 1 and result.size[0] == 1 and rows > 1
    ways = [(False, cells) for cells in beside] + [(True, cells) for cells in beside if stacks]
    digits = scene.view.digits or FULL_SUM
    for stacked, cells in ways:
        parts = matrices[:-1] if stacked else matrices
        inside = width + (0 if stacked else MARGIN)
        free = height - 1 - (below if stacked else rows)
        if width_of(parts, cells) > inside or free < 1:
            continue
        digits = _digits(scene, width, free)
        if digits:
            break
    else:
        return 0
    sign = sign_of_product(matrices, cells)
    parts = [*parts[:-1], replace(parts[-1], sign=scene.notation.sign(sign))] if parts[-1] is result else parts
    lines = rows
    spare = height - len(sums_of(scene, width, scene.first, digits)[1]) - (below if stacked else rows)
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
    if height - used > sum(map(len, sums_of(scene, width, scene.first, digits))) and not scene.brief:
        used += 1
    used += sum_below(scene, canvas, (x, y + used, width, height - used), scene.first, digits)
    return used if scene.brief else used + _other_sums(scene, canvas, (x, y + used, width, height - used))


def _other_sums(scene: Scene, canvas: Canvas, room: Room) -> int:
    """The sums of further elements, each with names and numbers, as many as there are lines for."""
    x, y, width, height = room
    used = 0
    for index in scene.shown(scene.result.size):
        if index == scene.first or scene.by_hand(index):
            continue
        if sum(map(len, sums_of(scene, width, index))) > height - used:
            break
        used += sum_below(scene, canvas, (x, y + used, width, height - used), index)
    return used


def _matrices(scene: Scene, factors: Factors) -> list[Matrix] | None:
    """The matrices of the formula, the last one the result; None where they are too large to be drawn at all."""
    names = [factors.left.symbol, *([factors.right.symbol] if factors.right else []), *filter(None, [factors.bias])]
    names.append(scene.step.symbol)
    shapes = [scene.program.symbols[name].shape for name in names]
    if any(max(shape, default=1) > MOST_ROWS for shape in shapes):
        return None
    row, column = factors.place(scene.first)
    naming, notation = scene.naming, scene.notation

    def matrix(factor: Factor, sign: str, lit_row: int | None, lit_column: int | None) -> Matrix:
        name, turned = factor.symbol, factor.turned
        title = notation.symbol(name) + (notation.sign("ᵀ") if factor.transposed else "")
        columns = naming.rows(name) if turned else naming.columns(name)
        values = scene.read(name)
        own = _own_width(values) if scene.constant(name) else 0
        bare = not (scene.view.plain or notation.ascii)
        at = lit_row, lit_column
        return Matrix(name, title, notation.sign(sign), values, columns, READ, turned, *at, own=own, bare=bare)

    if factors.right is None:
        parts = [matrix(Factor(factors.left.symbol), "Σ", None, column)]
    else:
        parts = [matrix(factors.left, "", row, None)]
        times = MATRIX_PRODUCT.drawn(ascii=notation.ascii)
        parts.append(matrix(factors.right, times, None, column))
    if factors.bias:
        parts.append(matrix(Factor(factors.bias), "+", None, column))
    result = notation.symbol(scene.step.symbol)
    columns = naming.columns(scene.step.symbol)
    parts.append(Matrix(scene.step.symbol, result, "=", scene.result, columns, WRITTEN, factors.upright, row, column))
    return parts


def _are_short(matrices: Sequence[Matrix]) -> bool:
    """Whether no number needs an exponent of three digits, which the narrowest cells have no room for."""
    sizes = np.abs(np.concatenate([matrix.values.ravel() for matrix in matrices]))
    sizes = sizes[np.isfinite(sizes) & (sizes != 0)]
    return bool(((sizes > SMALLEST) & (sizes < LARGEST)).all())


def _own_width(values: Array) -> int:
    """The cells of numbers that never change."""
    return max(cell_len(cell(value, FULL_DIGITS).rstrip()) for value in map(float, values.ravel().tolist()))


def _digits(scene: Scene, width: int, lines: int) -> int:
    """The most digits with which the sum of the first element has so many lines; 0 where there are none."""
    tried = (scene.view.digits,) if scene.view.digits else (FULL_SUM, *SHORTER)
    return next((each for each in tried if len(sums_of(scene, width, scene.first, each)[1]) <= lines), 0)


def sums_of(scene: Scene, width: int, index: Index, digits: int = 0) -> tuple[list[str], list[str]]:
    """An element's sum with names, without where that says no more, and with numbers and the result."""
    notation, digits = scene.notation, digits or scene.view.digits or FULL_SUM
    values = {name: scene.read(name) for name in scene.step.operands}
    tree = abbreviated(scene.tree(index), values, WRITTEN_OUT)
    name = scene.naming.element(scene.step.symbol, index)
    names = f"{name} = {notation.arithmetic(tree)}"
    number = scene.value(scene.tree(index)) if scene.by_hand(index) else scene.number(index)
    sign, numbers = notation.given(tree, values, digits, number)
    result = cell(number, min(FULL_DIGITS, digits + 3) if digits < FULL_SUM else FULL_DIGITS).strip()
    text = f"{name} = {result if numbers == result else f'{numbers} {notation.sign(sign)} {result}'}"
    return _folded(names, width), _folded(text, width)


def _folded(text: str, width: int) -> list[str]:
    return ["".join(piece for piece, _ in line.pieces) for line in folded(text, width, indent=3)]


def sum_below(scene: Scene, canvas: Canvas, room: Room, index: Index, digits: int = 0) -> int:
    """An element's sum, with names where there is room, and with numbers; nothing where these do not fit."""
    x, y, width, height = room
    names, numbers = sums_of(scene, width, index, digits)
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
