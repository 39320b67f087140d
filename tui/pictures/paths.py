"""The picture of a path: a loss of two numbers that are trained, over the plane of both, and where the iterations go.

There is one where nothing is drawn from data, so that the loss is the same in every iteration. What is drawn of the
plane follows from the whole run: it stays while one steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from rich.cells import cell_len

from gradstep.engine.arrays import Array
from gradstep.engine.data.batches import Edit
from gradstep.engine.machine.frame import Frame
from gradstep.engine.machine.run import Machine, compute
from gradstep.engine.program.operation import ShapeError
from gradstep.engine.program.program import FORWARD_PASS, Program, Role, Step
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.pictures.surface.colours import coloured, coloured_scale, grounds_of
from gradstep.tui.pictures.surface.levels import levels_of
from gradstep.tui.pictures.surface.output import LEVELS, Surface
from gradstep.tui.pictures.surface.page import LEAST_HEIGHT, framed_cells
from gradstep.tui.pictures.surface.plane import Plane, on_axis, widened
from gradstep.tui.text.drawing import Drawing, drawn
from gradstep.tui.text.folding import ended, folded
from gradstep.tui.text.grid import Piece
from gradstep.tui.text.notation import Notation
from gradstep.tui.text.numbers import short
from gradstep.tui.words import paths as words

MOST = 300  # iterations that are drawn
NUMBERS = 2
DIGITS = 6  # of a number in the text


def numbers_of(moment: Moment) -> tuple[str, str] | None:
    """The two numbers that are trained, if a program has no data and trains just these."""
    program = moment.program
    trained = [s.of for s in program.symbols.values() if s.role is Role.NEXT and s.name not in program.kept]
    trained = [name for name in trained if program.symbols[name].role is Role.PARAMETER]
    if moment.scenario.dataset is not None or len(trained) != NUMBERS or not program.has_loss:
        return None
    if any(program.symbols[name].shape for name in trained) or program.symbols[program.loss].shape:
        return None
    return trained[0], trained[1]


def why_not(moment: Moment, notation: Notation) -> str:
    """Why there is no picture where there are two numbers; "" where there is one."""
    if moment.replaced:
        return words.REPLACED
    if not np.isfinite(_path(moment)).all(axis=1).any():
        return words.NOT_FINITE
    if _losses(moment, np.zeros((3, NUMBERS))) is None:
        return words.NOT_EACH.format(loss=notation.symbol(moment.program.loss))
    return ""


def path_drawing(moment: Moment, view: View, width: int, height: int) -> Drawing:
    """The picture in exactly width × height cells, in colours where there are some."""
    notation, names = view.notation, numbers_of(moment)
    assert names is not None, "there are two numbers"
    axis = notation.symbol(names[0]), notation.symbol(names[1])
    title: list[Piece] = [(ended(_title(moment, notation, axis), width, ascii=notation.ascii), "bold text")]
    x0, x1 = _ranges(moment)
    gutter = max(cell_len(text) for text in (*(on_axis(end, x1) for end in x1), axis[1]))
    legend = [line.pieces for line in folded(notation.sign(_legend(moment, ascii=notation.ascii)), width, "quiet")]
    plane = Plane(x0, x1, max(2, height - 4 - len(legend)), max(4, width - gutter - 2))
    plain = view.plain or notation.ascii or height < LEAST_HEIGHT
    cells, scale = _plain(moment, plane, width, notation) if plain else _coloured(moment, plane, width)
    _put_path(cells, plane, _path(moment)[: _updates(moment) + 1], ascii=notation.ascii)
    framed = framed_cells(cells, plane, axis, gutter, ascii=notation.ascii)
    return drawn([title, *framed, scale, *legend], width, height)


def path_text(moment: Moment, notation: Notation) -> tuple[str, ...]:
    """The same in numbers: both after every update so far."""
    names = numbers_of(moment)
    assert names is not None, "there are two numbers"
    one, other = map(notation.symbol, names)
    lines = [_title(moment, notation, (one, other))]
    for count, (value, second) in enumerate(_path(moment)[: _updates(moment) + 1].tolist()):
        lines.append(words.AFTER(count, one=one, value=short(value, DIGITS), other=other, second=short(second, DIGITS)))
    return tuple(lines)


def _title(moment: Moment, notation: Notation, axis: tuple[str, str]) -> str:
    loss = notation.symbol(moment.program.loss)
    title = words.OF_PATH.format(loss=loss, one=axis[0], other=axis[1])
    return title if moment.scenario.course.iterations <= MOST else f"{title}, {words.ONLY_SOME.format(most=MOST)}"


# ── where the iterations go ──────────────────────────────────────────────────────────────────────────────────


def _path(moment: Moment) -> Array:
    """Both numbers at the start and after each update of the run, a row each."""
    provenance, names = moment.provenance, numbers_of(moment)
    assert names is not None, "there are two numbers"
    return _walked(provenance.machine, names, tuple(provenance.edits), min(MOST, moment.scenario.course.iterations))


@lru_cache(maxsize=4)
def _walked(machine: Machine, names: tuple[str, str], edits: tuple[Edit, ...], iterations: int) -> Array:
    state = machine.program.start
    found = [[float(state[name]) for name in names]]
    for iteration in range(1, iterations + 1):
        state = Frame(machine, iteration, state, [each for each in edits if each.iteration == iteration]).end_state()
        found.append([float(state[name]) for name in names])
    return np.array(found)


def _updates(moment: Moment) -> int:
    """How many updates have run, of both numbers."""
    names, program = numbers_of(moment) or (), moment.program
    done = all(program.carried[name] in moment.values for name in names)
    return min(MOST, moment.position.iteration - (0 if done else 1))


def _ranges(moment: Moment) -> tuple[tuple[float, float], tuple[float, float]]:
    """The part of the plane that the whole run goes through, with a margin."""
    path = _path(moment)
    path = path[np.isfinite(path).all(axis=1)]
    low, high = path.min(axis=0).tolist(), path.max(axis=0).tolist()
    return widened(low[0], high[0]), widened(low[1], high[1])


def _losses(moment: Moment, points: Array) -> Array | None:
    """The loss at each point, of the forward pass over all of them at once; None where that does not go."""
    program, names = moment.program, numbers_of(moment)
    assert names is not None, "there are two numbers"
    known = {name: moment.values[name] for name in program.carried}
    known |= {name: np.ascontiguousarray(points[:, place]) for place, name in enumerate(names)}
    try:
        with np.errstate(all="ignore"):
            for step in _leading(program):
                known[step.symbol] = compute(step, known)
    except (ShapeError, KeyError):
        return None
    found = known[program.loss]
    return found if found.shape == (len(points),) else None


def _leading(program: Program) -> Sequence[Step]:
    return program.leading_to(program.loss, FORWARD_PASS)


# ── how it is drawn ──────────────────────────────────────────────────────────────────────────────────────────


def _signs(*, ascii: bool) -> tuple[str, str, str, str]:
    """Where it begins, after an update, where it is, and on the way."""
    return ("s", "o", "@", ":") if ascii else ("○", "•", "◆", "·")


def _legend(moment: Moment, *, ascii: bool) -> str:
    begin, mark, here, _ = _signs(ascii=ascii)
    return words.LEGEND(_updates(moment), begin=begin, mark=mark, here=here)


def _plain(moment: Moment, plane: Plane, width: int, notation: Notation) -> tuple[list[list[Piece]], list[Piece]]:
    """The cells as characters, and what these stand for."""
    losses = _losses(moment, plane.points)
    assert losses is not None, "a reason is given where there are none"
    levels = levels_of(losses, None, ascii=notation.ascii)
    pieces = [levels.sign(value) for value in losses.tolist()]
    cells = [pieces[row * plane.columns : (row + 1) * plane.columns] for row in range(plane.rows)]
    return cells, levels.scale(width)


def _coloured(moment: Moment, plane: Plane, width: int) -> tuple[list[list[Piece]], list[Piece]]:
    """The cells in colours, two samples in each, and their scale."""
    losses = _losses(moment, Plane(plane.x0, plane.x1, 2 * plane.rows, plane.columns).points)
    assert losses is not None, "a reason is given where there are none"
    surface = Surface(LEVELS, losses)
    grounds = grounds_of(surface, 2 * plane.rows)
    return coloured(surface, grounds, plane, ()), coloured_scale(surface, grounds, width)


def _put_path(cells: list[list[Piece]], plane: Plane, path: Array, *, ascii: bool) -> None:
    """The way from one place to the next, and on it the places themselves, the last of them on top."""
    begin, mark, here, way = _signs(ascii=ascii)
    places = [plane.cell(*map(float, point)) for point in path if np.isfinite(point).all()]
    for (row, column), (to_row, to_column) in pairwise(places):
        count = max(abs(to_row - row), abs(to_column - column))
        for part in range(1, count):
            _put(
                cells,
                round(row + (to_row - row) * part / count),
                round(column + (to_column - column) * part / count),
                way,
            )
    for place, (row, column) in enumerate(places):
        _put(cells, row, column, here if place == len(places) - 1 else mark if place else begin)


def _put(cells: list[list[Piece]], row: int, column: int, sign: str) -> None:
    """A sign on the ground of its cell."""
    _, key = cells[row][column]
    ground = key.rpartition(" on ")[2] if " on " in key else ""
    cells[row][column] = sign, f"bold ink on {ground}" if ground else "fresh"
