"""The two lines above the panels: which run, its loss and figures; where in it, phase by phase, and its health.

Everything keeps its place while one steps: a phase has a mark for each of its steps, and numbers have cells of a fixed
width.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.cells import cell_len

from gradstep.engine.program.positions import epoch_of
from gradstep.engine.program.program import Phase
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.text.cells import cell
from gradstep.tui.text.drawing import Drawing, Pieces, drawn
from gradstep.tui.text.folding import fitted
from gradstep.tui.text.glyphs import MISSING, RUN_NEXT, RUN_NOW, RUN_PAST
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import header as words

WIDE = 100  # cells from which on the title and the draw phase have room, too
Part = tuple[int, Pieces]  # a rank, and what stands there
BAR = " on bar"  # the ground of both lines
MOST_MARKS = 14  # steps of a phase that have a mark each
LOSS_CELLS = 12


def header(moment: Moment, view: View, figures: Pieces, health: Pieces, width: int) -> Drawing:
    """Both lines. figures, health: the badges, empty where there is nothing to say."""
    measured = [(3, part) for part in _measured(moment, ascii=view.notation.ascii)]
    above = _line(_titles(moment, width), [(0, _loss(moment, view)), *measured, (4, figures)], width)
    below = _line(_place(moment, view, width), [(2, _steps(moment)), (1, health)], width)
    return drawn([[(text, f"{key}{BAR}") for text, key in line] for line in (above, below)], width, 2)


def _line(left: Sequence[Part], right: Sequence[Part], width: int) -> list[Piece]:
    """What stands at the left and at the right edge; where not all of it fits, parts of a higher rank are left out."""
    for most in sorted({rank for rank, _ in (*left, *right)}, reverse=True):
        beginning, end = (_joined([part for rank, part in side if part and rank <= most]) for side in (left, right))
        if _cells(beginning) + _cells(end) + 4 <= width:
            break
    room = width - 2 - _cells(end)
    if beginning and _cells(beginning) > room - 1:
        beginning = ((fitted("".join(text for text, _ in beginning), max(2, room - 1)), beginning[0][1]),)
    fill = " " * max(0, room - _cells(beginning))
    return [(" ", "text"), *beginning, (fill, "text"), *end, (" ", "text")]


def _joined(parts: Sequence[Pieces]) -> Pieces:
    """Parts with blanks between them."""
    pieces: list[Piece] = []
    for part in parts:
        pieces += [*([("  ", "text")] if pieces else []), *part]
    return tuple(pieces)


def _cells(pieces: Pieces) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _titles(moment: Moment, width: int) -> list[Part]:
    """The scenario's title and name, and the fork."""
    scenario = moment.scenario
    fork: Pieces = ((words.FORK.format(fork=moment.branch), "bold backward"),) if moment.edits else ()
    name: Pieces = ((scenario.name, "quiet" if width >= WIDE else "bold label"),)
    if width < WIDE:
        return [(0, name), *((2, part) for part in _iteration(moment)), (1, fork)]
    title: Pieces = ((scenario.title, "bold text"),)
    return [(5, ((words.GRADSTEP, "bold label"),)), (0, title), (6, name), (1, fork)]


def _loss(moment: Moment, view: View) -> Pieces:
    """The loss of this iteration, or that it is not computed yet."""
    program = moment.program
    name, value = view.notation.symbol(program.loss), moment.values.get(program.loss)
    if program.symbols[program.loss].shape:
        return ()
    if value is None:
        return ((name, "loss"), (f" {words.NOT_YET}".ljust(LOSS_CELLS + 1), "quiet"))
    return ((name, "bold loss"), (f" {cell(float(value), LOSS_CELLS)}", "bold text"))


def _measured(moment: Moment, *, ascii: bool) -> list[Pieces]:
    """The accuracies, as they were measured last."""
    parts: list[Pieces] = []
    for symbol in moment.program.measured_symbols:
        values = moment.measured.get(symbol, ([], []))[1]
        name = symbol.removeprefix("accuracy_")
        shown = words.SHARE.format(share=100 * values[-1]) if values else MISSING.drawn(ascii=ascii)
        parts.append(((f"{name} ", "quiet"), (shown.rjust(5), "text")))
    return parts


def _place(moment: Moment, view: View, width: int) -> list[Part]:
    """The iteration and the strip of phases."""
    strip = _strip(moment, view, wide=width >= WIDE)
    above = _iteration(moment) if width >= WIDE else []
    return [*((1 + 2 * place, part) for place, part in enumerate(above)), (0, strip)]


def _iteration(moment: Moment) -> list[Pieces]:
    """The iteration, and the epoch where it is of several; both in cells that do not change."""
    draw = moment.scenario.draw
    number, of = f"{moment.position.iteration:,}", words.OF.format(count=moment.iterations)
    fill = " " * (len(f"{moment.iterations:,}") - len(number))
    parts: list[Pieces] = [((f"{words.ITERATION} ", "quiet"), (number, "bold text"), (f" {of}{fill}", "quiet"))]
    if draw is not None and draw.iterations_per_epoch > 1:
        last = epoch_of(moment.iterations, moment.scenario.iterations_per_epoch)
        parts.append(((words.EPOCH.format(epoch=moment.epoch).ljust(len(words.EPOCH.format(epoch=last))), "quiet"),))
    return parts


def _strip(moment: Moment, view: View, *, wide: bool) -> Pieces:
    """Each phase with a mark a step: has run, has just run, is still to come."""
    pieces: list[Piece] = []
    here, place = moment.position.step, 0
    present = moment.step.phase if moment.step else None
    for phase, steps in groupby(moment.program.steps[: moment.length], key=lambda step: step.phase):
        count = len(list(steps))
        if phase is Phase.DRAW and not wide:
            place += count
            continue
        key = f"bold {phase}" if phase is present else phase if place < here else "quiet"
        pieces += [*([("  ", "text")] if pieces else []), (f"{words.PHASES[phase]} ", key)]
        pieces += _marks(here - place, count, phase, view)
        place += count
    return tuple(pieces)


def _marks(ran: int, count: int, phase: Phase, view: View) -> list[Piece]:
    """The marks of a phase of which so many steps have run."""
    if count > MOST_MARKS:
        done = min(max(0, ran), count)
        return [(words.SHARE_OF_STEPS.format(done=done, count=count).rjust(2 * len(str(count)) + 1), str(phase))]
    past, now, next_ = (mark.drawn(ascii=view.notation.ascii) for mark in (RUN_PAST, RUN_NOW, RUN_NEXT))
    signs = "".join(past if k < ran - 1 else now if k == ran - 1 else next_ for k in range(count))
    signs = past * count if ran > count else signs
    return [(signs, str(phase) if ran > 0 else "quiet")]


def _steps(moment: Moment) -> Pieces:
    here = f"{moment.position.step}".rjust(len(str(moment.length)))
    return ((words.STEP.format(step=here, steps=moment.length), "text"),)
