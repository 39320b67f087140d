"""The panel of the step that has just run: its formula, its arithmetic in the form that suits it, and notes below.

Which form follows from the operation as data: the tree of an element, the formula, the shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from rich.cells import cell_len

from gradstep.engine.arrays import written
from gradstep.engine.program.program import Phase, Program, Step
from gradstep.engine.scenario.scenario import Scenario
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.step.draws import draw_rows
from gradstep.tui.pages.step.elementwise import draw_elements, is_by_rows, is_elementwise
from gradstep.tui.pages.step.factors import factors_of
from gradstep.tui.pages.step.heat import MAPPED
from gradstep.tui.pages.step.names import size_of
from gradstep.tui.pages.step.notes import notes_of, places
from gradstep.tui.pages.step.products import draw_product
from gradstep.tui.pages.step.reductions import draw_reduction, is_reduction
from gradstep.tui.pages.step.scene import Room, Scene
from gradstep.tui.pages.step.start import start_panel
from gradstep.tui.pages.step.written_out import draw_written_out
from gradstep.tui.pages.symbols import layer_written
from gradstep.tui.pages.view import View
from gradstep.tui.text.canvas import Canvas
from gradstep.tui.text.drawing import CORNERS, Panel, Pieces
from gradstep.tui.text.folding import ended
from gradstep.tui.text.page import Line
from gradstep.tui.words import step as words

ROWS, PRODUCT, ELEMENTS, BY_ROWS, REDUCTION, OTHER = "rows", "product", "elements", "rowwise", "reduction", "other"
LEAST, LARGE = 5, 24  # lines
LEAST_ARITHMETIC = 3
HIGHEST_LEAST = 8
SMALL = 16  # numbers
FEW = 4  # results or terms that each have a line
LARGEST, MOST_SUMS, SUM_LINES = 36, 12, 2  # lines of a step with all sums; sums; lines of one
COLUMN_CELLS, TERM_CELLS = 13, 28  # of a number with its sign; of a product of two


def line_width(width: int) -> int:
    """The cells of a line in a panel so wide inside."""
    return width - 2 if width > 40 else width


def step_panel(
    moment: Moment,
    view: View,
    width: int,
    height: int,
    figures: Callable[[int], Sequence[Line]] = lambda most: (),
    elsewhere: Collection[str] = (),
) -> Panel:
    """The step that has just run as arithmetic, in a panel whose inside has this size; at the start, how to begin.

    figures: at most so many lines on the numbers that the source prints of this step, of at most `line_width(width)`
    cells. elsewhere: the notes that another panel tells in full.
    """
    step = moment.step
    if step is None:
        return start_panel(moment, view, width, height)
    scene = Scene(moment, view, step)
    canvas = Canvas(width, height)
    inner = line_width(width)
    margin = (width - inner) // 2
    notes = notes_of(scene, inner, height, elsewhere)
    below = notes.below[: max(0, height - LEAST_ARITHMETIC)]
    room = height - len(below)
    wanted, whole = (
        _arithmetic(each, Canvas(inner, height), (0, 0, inner, height)) for each in (replace(scene, brief=True), scene)
    )
    least = max(LEAST, _least(scene.program, step, width))  # what is odd matters more than all of the arithmetic
    least = min(wanted, max(least, room - len(notes.above) - 1) if _is_small(scene.program, step) else least)
    free = max(room - max(LEAST_ARITHMETIC, least), min(1, room - LEAST_ARITHMETIC))
    above = _first(notes.above, free, inner, view)
    above = [*above, *(line.pieces for line in _figures(figures, free - len(above), inner))]
    top = 1 if whole < room - len(above) else 0
    lines = _arithmetic(scene, canvas, (margin, top, inner, room - len(above) - top))
    y = room
    for place, pieces in enumerate(below):
        canvas.put_all(margin, y + place, pieces)
    start = y - len(above)
    if start > top + lines + 1 and len(above) + 1 < y - top - lines:
        start = max(top + lines + 1, start)
    for place, pieces in enumerate(above):
        canvas.put_all(margin, start + place, pieces)
    phase = str(step.phase)
    title = ended(view.notation.formula(step), width - 4, ascii=view.notation.ascii)
    return Panel(((title, f"bold {phase}"),), canvas.drawing(), _aside(scene, width - CORNERS - cell_len(title)), phase)


def _figures(figures: Callable[[int], Sequence[Line]], most: int, width: int) -> Sequence[Line]:
    """The lines of figures, where there is one for them."""
    return [line for line in figures(most) if line.width <= width][:most] if most > 0 else ()


def step_heights(scenario: Scenario, view: View, width: int) -> tuple[int, int]:
    """The least number of inside lines in which the arithmetic of every step is whole, and the best one."""
    program = scenario.program
    most = max(_lines(program, step) for step in program.steps)
    least = max(_least(program, step, width) for step in program.steps)
    return min(HIGHEST_LEAST, max(LEAST, least)), min(LARGE, most + 1) + len(places(LARGE))


def step_most(scenario: Scenario, view: View, width: int) -> int:
    """The inside lines in which no step has anything more to say: every sum of a small product is written out."""
    program = scenario.program
    return max(
        step_heights(scenario, view, width)[1],
        min(LARGEST, max(map(partial(_written_out, program), program.steps)) + 1) + len(places(LARGE)),
    )


def writes_all_out(program: Program, step: Step) -> bool:
    """Whether each number of a step's result has its sum written out where there is room."""
    return form_of(program, step) is PRODUCT and size_of(program.symbols[step.symbol].shape) <= MOST_SUMS


def _written_out(program: Program, step: Step) -> int:
    """Lines in which the arithmetic of every element of a step stands whole."""
    more = SUM_LINES * (size_of(program.symbols[step.symbol].shape) - 1)
    return _lines(program, step) + (more if writes_all_out(program, step) else 0)


def _first(lines: Sequence[Pieces], count: int, width: int, view: View) -> Sequence[Pieces]:
    """The first of some lines, with a mark at the end where there are more."""
    if len(lines) <= count or count <= 0:
        return lines[: max(0, count)]
    mark = " " + view.notation.sign("…")
    *kept, last = lines[:count]
    fits = sum(cell_len(text) for text, _ in last) + len(mark) <= width and not last[-1][0].endswith(mark.strip())
    return [*kept, (*last, (mark, "quiet")) if fits else last]


def _is_small(program: Program, step: Step) -> bool:
    """Whether all that a step reads and writes can stand there number by number."""
    shapes = [program.symbols[step.symbol].shape, *(operand.shape for operand in program.operands(step))]
    return all(size_of(shape) <= SMALL for shape in shapes)


def _least(program: Program, step: Step, width: int) -> int:
    """The lines of a step's arithmetic in its slimmest form: few results, or the terms of one."""
    count = size_of(program.symbols[step.symbol].shape)
    form = form_of(program, step)
    if form is PRODUCT:
        factors = factors_of(program, step)
        assert factors is not None, "a product"
        return 1 + (2 if factors.count(program) * TERM_CELLS <= width else 3)  # results, and a sum that is folded
    if form is REDUCTION:
        terms = max(size_of(operand.shape) for operand in program.operands(step))
        return 2 + min(terms, FEW)
    if form in (ELEMENTS, BY_ROWS):
        across = len(step.operands) + 2
        return min(1 + min(count, FEW), across) if across * COLUMN_CELLS <= width else 1 + across
    return LEAST_ARITHMETIC


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
    return draw_written_out(scene, canvas, room)


def _aside(scene: Scene, room: int) -> Pieces:
    """The layer, and of a large result its shape, with what its rows and columns are where there is room for that."""
    step, program = scene.step, scene.program
    before, after = [_layer(scene)], []
    if program.symbols[step.symbol].name in program.kept:
        before.append(words.FROZEN)
    if size_of(scene.shape) < MAPPED:
        return ((", ".join(filter(None, before)), "quiet"),)
    factors = factors_of(program, step)
    if factors is not None and factors.left.turned and not factors.left.vector:
        after.append(words.SUMMED_OVER(factors.count(program)))
    shapes = scene.naming.axes(step.symbol), written(scene.shape)
    texts = [", ".join(filter(None, (*before, scene.notation.sign(shape), *after))) for shape in shapes]
    return ((next((text for text in texts if cell_len(text) <= room), texts[-1]), "quiet"),)


def _layer(scene: Scene) -> str:
    """layer 2, output."""
    network, step = scene.moment.scenario.network, scene.step
    if not network.layered or step.phase is Phase.MEASURE:
        return layer_written(scene.program, step)
    layer = layer_written(scene.program, step)
    layers = list(dict.fromkeys(node.layer for node in network.nodes))
    if layer not in layers or len(layers) < 2:
        return layer if layer in layers else ""
    return f"{layer}, {words.OUTPUT if layer == layers[-1] else words.HIDDEN}"


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
