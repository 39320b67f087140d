"""One element of a step in symbols and in numbers: for steps without a form of their own, and where none has room."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len

from gradstep.engine.analysis.abbreviate import abbreviated
from gradstep.engine.arrays import Index
from gradstep.engine.program.expression import Choice, Expression, Number, elements_of, evaluations
from gradstep.tui.pages.step.columns import is_sum
from gradstep.tui.pages.step.heat import MAPPED
from gradstep.tui.pages.step.ink import WRITTEN
from gradstep.tui.pages.step.names import size_of
from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.folding import ended, folded, shortened
from gradstep.tui.text.page import Line
from gradstep.tui.words import step as words

TERMS = (6, 2, 1)  # of a long sum that are written, the others as one
DIGITS = (9, 6, 4)
LONG = 300  # numbers in an element's arithmetic from which on only its shortest form is tried
MOST_OTHERS = 4  # of very many results, that stand below the largest
NAMED = 24  # cells up to which an element's name stands before its number


def draw_written_out(scene: Scene, canvas: Canvas, room: Room) -> int:
    """Its symbols where there is room, its numbers, and the result; how many lines it takes.

    Of numbers as few digits and of sums as few terms as the room asks for; where none fit it is said that there is no
    room. The result always stands there, and of very many some more where there is room.
    """
    x, y, width, height = room
    if height < 1:
        return 0
    index = scene.picked or (scene.largest(1)[0] if scene.shape else ())
    symbols, numbers = _lines(scene, index, width, height)
    line = y
    for text in (*(symbols if len(symbols) + len(numbers) < height else ()), *numbers):
        canvas.put(x, line, text, "text" if text in numbers else "quiet")
        line += 1
    if not numbers and height > 1 and elements_of(scene.tree(index)) and not scene.by_hand(index):
        canvas.put(x, line, ended(words.NO_ROOM, width, ascii=scene.notation.ascii), "quiet")
        line += 1
    at, count = _result(scene, canvas, (x, line, width, 1), index), size_of(scene.shape)
    if scene.picked is not None or count < 2:
        return line + 1 - y
    free = 0 if scene.brief or count < MAPPED else min(MOST_OTHERS, y + height - line - 1)
    for place, other in enumerate(scene.largest(1 + free)[1:], line + 1):
        _result(scene, canvas, (x, place, width, 1), other)
    said = words.LARGEST(1 + free, of=count)
    if at + 2 + cell_len(said) <= x + width:
        canvas.put(at + 2, line, said, "quiet")
    return line + 1 + free - y


def _result(scene: Scene, canvas: Canvas, room: Room, index: Index) -> int:
    """An element's name and number in a line; where they end."""
    x, y, width, _ = room
    cells = scene.widths[-1]
    name = scene.naming.element(scene.step.symbol, index)
    label = shortened(f"{name} =", max(0, min(NAMED, width - cells - 2)), ascii=scene.notation.ascii)
    at = canvas.put(x, y, label, "bold text") + (1 if label else 0)
    lit = scene.picked is not None
    return canvas.put_all(at, y, scene.ink.number(scene.number(index), cells, WRITTEN, lit=lit), scene.element(index))


def _lines(scene: Scene, index: Index, width: int, height: int) -> tuple[list[str], list[str]]:
    """The element in symbols and in numbers, in fewer lines than there are; none where that cannot be."""
    if scene.by_hand(index):
        return [], []
    if not elements_of(scene.tree(index)):  # a number that stands in the formula
        return [], []
    values = {name: scene.read(name) for name in scene.step.operands}
    tree, computed = scene.tree(index), evaluations(values.__getitem__)
    long = len(elements_of(tree)) > LONG
    for most in TERMS[-1:] if long else TERMS:
        shortened = abbreviated(tree, values, most)
        for digits in DIGITS[-1:] if long else (scene.view.digits or DIGITS[0], *DIGITS[1:]):

            def in_numbers(part: Expression, digits: int = digits) -> str:
                return scene.notation.in_numbers(part, values, digits, computed)

            numbers = folded(_as_product(scene, shortened, in_numbers, "×"), width, indent=2)
            if len(numbers) < height:
                symbols = folded(_as_product(scene, shortened, scene.notation.arithmetic, "·"), width, indent=2)
                return [_text(line) for line in symbols], [_text(line) for line in numbers]
    return [], []


def _as_product(scene: Scene, tree: Expression, text: Callable[[Expression], str], times: str) -> str:
    """A tree as text: what passes only where something is above 0 as the product that the formula of the step is."""
    if not (isinstance(tree, Choice) and tree.at_most_zero == Number(0.0)):
        return text(tree)
    passes = f"({text(tree.above)})" if is_sum(tree.above) else text(tree.above)
    return scene.notation.sign(f"{passes} {times} [{text(tree.test)} > 0]")


def _text(line: Line) -> str:
    return "".join(text for text, _ in line.pieces)
