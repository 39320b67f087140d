"""The panel of the step that has just run: its formula, its arithmetic in the form that suits it, and notes below.

Which form follows from the operation as data: the tree of an element, the formula, the shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from gradstep.engine.analysis.abbreviate import abbreviated
from gradstep.engine.arrays import written
from gradstep.engine.program.program import Phase, Program, Step
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.step.draws import draw_rows
from gradstep.tui.pages.step.elementwise import draw_elements, is_by_rows, is_elementwise
from gradstep.tui.pages.step.heat import MAPPED
from gradstep.tui.pages.step.names import size_of
from gradstep.tui.pages.step.notes import notes_of, places
from gradstep.tui.pages.step.products import draw_product, factors_of
from gradstep.tui.pages.step.reductions import draw_reduction, is_reduction
from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.pages.step.start import start_panel
from gradstep.tui.pages.view import View
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.drawing import Panel, Pieces
from gradstep.tui.text.folding import ended, folded
from gradstep.tui.text.page import Line
from gradstep.tui.words import step as words

ROWS, PRODUCT, ELEMENTS, BY_ROWS, REDUCTION, OTHER = "rows", "product", "elements", "rowwise", "reduction", "other"
LEAST, LARGE = 5, 24  # lines
LEAST_ARITHMETIC = 3


def step_panel(moment: Moment, view: View, width: int, height: int, figures: Sequence[Line] = ()) -> Panel:
    """The step that has just run as arithmetic, in a panel whose inside has this size; at the start, how to begin.

    figures: lines on the numbers that the source prints of this step.
    """
    step = moment.step
    if step is None:
        return start_panel(moment, view, width, height)
    scene = Scene(moment, view, step)
    canvas = Canvas(width, height)
    margin = 1 if width > 40 else 0
    inner = width - 2 * margin
    notes = notes_of(scene, figures, inner, height)
    below = notes.below[: max(0, height - LEAST_ARITHMETIC)]
    above = notes.above[: max(0, height - len(below) - LEAST_ARITHMETIC)]
    if len(notes.above) > len(above):  # what the source prints, and what is odd, matter more than why
        free = min(len(notes.above) - len(above), len(below))
        below, above = below[free:], notes.above[: len(above) + free]
    top = 1 if _lines(scene.program, step) < height - len(below) - len(above) else 0
    lines = _arithmetic(scene, canvas, (margin, top, inner, height - len(below) - len(above) - top))
    y = height - len(below)
    for place, pieces in enumerate(below):
        canvas.put_all(margin, y + place, pieces)
    start = y - len(above)
    if start > top + lines + 1 and len(above) + 1 < y - top - lines:
        start = max(top + lines + 1, start)
    for place, pieces in enumerate(above):
        canvas.put_all(margin, start + place, pieces)
    phase = str(step.phase)
    title = ended(view.notation.formula(step), width - 4, ascii=view.notation.ascii)
    return Panel(((title, f"bold {phase}"),), canvas.drawing(), _aside(scene), phase)


def step_heights(scenario: Scenario, view: View, width: int) -> tuple[int, int]:
    """The least and the best number of inside lines, for all steps of the program."""
    program = scenario.program
    most = max(_lines(program, step) for step in program.steps)
    return LEAST, min(LARGE, most + 1) + len(places(LARGE))


@lru_cache(maxsize=512)
def form_of(program: Program, step: Step) -> str:
    """Which form the arithmetic of a step takes."""
    if not step.operands:
        return ROWS
    if factors_of(program, step) is not None:
        return PRODUCT
    if is_reduction(program, step):
        return REDUCTION
    if is_elementwise(program, step):
        return ELEMENTS
    return BY_ROWS if is_by_rows(program, step) else OTHER


def _arithmetic(scene: Scene, canvas: Canvas, room: Room) -> int:
    factors = factors_of(scene.program, scene.step)
    if factors is not None:
        return draw_product(scene, canvas, room, factors)
    match form_of(scene.program, scene.step):
        case "rows":
            return draw_rows(scene, canvas, room)
        case "reduction":
            return draw_reduction(scene, canvas, room)
        case "elements":
            return draw_elements(scene, canvas, room)
        case "rowwise":
            return draw_elements(scene, canvas, room, by_rows=True)
    return _written_out(scene, canvas, room)


def _written_out(scene: Scene, canvas: Canvas, room: Room) -> int:
    """One element of any other step, in symbols and in numbers."""
    x, y, width, height = room
    values = {name: scene.read(name) for name in scene.step.operands}
    tree = abbreviated(scene.tree(scene.first), values)
    name = scene.naming.element(scene.step.symbol, scene.first)
    lines = folded(f"{name} = {scene.notation.arithmetic(tree)}", width, "quiet")
    numbers = folded(f"= {scene.notation.numbers(tree, values, scene.view.digits or 9)}", width)
    lines = lines if len(lines) + len(numbers) < height else []
    written_number = scene.ink.number(scene.number(scene.first), scene.widths[-1], "written")
    for place, line in enumerate([*lines, *numbers][: max(0, height - 1)]):
        canvas.put_all(x, y + place, line.pieces)
    canvas.put_all(x, y + min(len(lines) + len(numbers), height - 1), written_number, scene.element(scene.first))
    return min(height, len(lines) + len(numbers) + 1)


def _aside(scene: Scene) -> Pieces:
    """The layer, and of a large result its shape."""
    step, program = scene.step, scene.program
    parts = [_layer(scene)]
    if program.symbols[step.symbol].name in program.kept:
        parts.append(words.FROZEN)
    if size_of(scene.shape) >= MAPPED:
        parts.append(written(scene.shape))
        factors = factors_of(program, step)
        if factors is not None and factors.left[1]:
            rows = program.symbols[factors.left[0]].shape[0]
            parts.append(words.SUMMED_OVER(rows))
    return ((", ".join(part for part in parts if part), "quiet"),)


def _layer(scene: Scene) -> str:
    """layer 2, output."""
    network, step = scene.moment.scenario.network, scene.step
    if not network.layered or step.phase is Phase.MEASURE:
        return step.layer
    layers = list(dict.fromkeys(node.layer for node in network.nodes))
    if step.layer not in layers or len(layers) < 2:
        return step.layer if step.layer in layers else ""
    return f"{step.layer}, {words.OUTPUT if step.layer == layers[-1] else words.HIDDEN}"


def _lines(program: Program, step: Step) -> int:
    """Lines in which the arithmetic of a step stands whole."""
    symbol = program.symbols[step.symbol]
    shapes = [symbol.shape, *(operand.shape for operand in program.operands(step))]
    sizes = [size_of(shape) for shape in shapes]
    if max(sizes) >= MAPPED:
        return LARGE
    factors = factors_of(program, step)
    if factors is not None:
        return max(max(shape, default=1) for shape in shapes) + 5
    return max(sizes) + 3
