"""The two lines above the panels: which run, its loss and figures; where in it, phase by phase, and its health.

Everything keeps its place while one steps: a phase has a mark for each of its steps, and numbers have cells of a fixed
width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len

from gradstep.engine.program.expression import Element
from gradstep.engine.program.positions import epoch_of
from gradstep.engine.program.program import Phase
from gradstep.engine.timeline.moment import Moment
from gradstep.tui.pages.view import View
from gradstep.tui.text.cells import cell
from gradstep.tui.text.drawing import Area, Drawing, Hit, Pieces, drawn
from gradstep.tui.text.folding import ended
from gradstep.tui.text.glyphs import BAR as BAR_BEFORE
from gradstep.tui.text.glyphs import MISSING, RUN_NEXT, RUN_NOW, RUN_PAST, printable
from gradstep.tui.text.grid import Piece
from gradstep.tui.words import header as words

WIDE = 100  # cells from which on the title and the draw phase have room, too
NARROW = 60  # below this it is not said of how many iterations it is
BAR = " on bar"  # the ground of both lines
MOST_MARKS, FEW_MARKS = 14, 5  # steps of a phase that have a mark each; the same where there is little room
LOSS_CELLS = 12
SPARE = 5  # the rank of what the line says in other words, too
LEAST_TITLE = 32  # cells that a title is shortened to before anything is left out for it


@dataclass(frozen=True)
class Part:
    """What stands together. rank: those with more are left out first. shrinks: its end may be left out."""

    pieces: Pieces
    rank: int = 0
    shrinks: bool = False

    @property
    def cells(self) -> int:
        """How many it takes."""
        return sum(cell_len(printable(text)) for text, _ in self.pieces)

    @property
    def least(self) -> int:
        """How many it takes at least."""
        return min(self.cells, LEAST_TITLE) if self.shrinks else self.cells


def header(moment: Moment, view: View, figures: Pieces, health: Pieces, width: int) -> Drawing:
    """Both lines. figures, health: the badges, empty where there is nothing to say.

    What grows when figures are compared stands before the loss, which keeps its place.
    """
    ascii = view.notation.ascii
    left = _titles(moment, view) if width >= WIDE else _narrow_titles(moment, width)
    measured = [Part(pieces, 3) for pieces in _measured(moment, ascii=ascii)]
    above = _line(left, [Part(figures, 2), *measured, Part(_loss(moment, view))], width, ascii=ascii)
    below = _line(
        _place(moment, view, width, Part(health).cells), [Part(health, 1), Part(_steps(moment))], width, ascii=ascii
    )
    lines = [[(text, key if " on " in key else f"{key}{BAR}") for text, key in line] for line in (above, below)]
    at = Area(width - 1 - LOSS_CELLS, 0, LOSS_CELLS, 1)  # at the right edge always
    seen = at.x > 0 and moment.program.loss in moment.values and not moment.program.symbols[moment.program.loss].shape
    return drawn(lines, width, 2, [Hit(at, Element(moment.program.loss, ()))] if seen else ())


def _line(left: Sequence[Part], right: Sequence[Part], width: int, *, ascii: bool) -> list[Piece]:
    """What stands at the left and at the right edge; where not all of it fits, what matters least is left out."""
    kept = [part for part in (*left, *right) if part.pieces]
    if sum(part.cells + 2 for part in kept) > width:  # before a title is cut
        kept = [part for part in kept if part.rank < SPARE]
    while sum(part.least + 2 for part in kept) > width and len(kept) > 1:
        kept.remove(max(reversed(kept), key=lambda part: part.rank))
    over = sum(part.cells + 2 for part in kept) - width
    beginning = _joined([_shrunk(part, over, ascii=ascii) for part in left if part in kept])
    end = _joined([part.pieces for part in right if part in kept])
    fill = width - 2 - Part(beginning).cells - Part(end).cells
    return [(" ", "text"), *beginning, (" " * max(0, fill), "text"), *end, (" ", "text")]


def _shrunk(part: Part, over: int, *, ascii: bool) -> Pieces:
    """A part without its end where it is that by which too much stands in the line."""
    if over <= 0 or not part.shrinks:
        return part.pieces
    whole = printable("".join(text for text, _ in part.pieces))
    return ((ended(whole, max(1, part.cells - over), ascii=ascii), part.pieces[0][1]),)


def _joined(parts: Sequence[Pieces]) -> Pieces:
    """Parts with blanks between them."""
    pieces: list[Piece] = []
    for part in parts:
        pieces += [*([("  ", "text")] if pieces else []), *part]
    return tuple(pieces)


def _titles(moment: Moment, view: View) -> list[Part]:
    """The scenario's title and name, and the fork."""
    scenario = moment.scenario
    return [
        Part(((words.GRADSTEP, "bold label"),), 4),
        Part(((view.notation.sign(scenario.title), "bold text"),), shrinks=True),
        Part(((scenario.name, "quiet"),), SPARE),
        _fork(moment),
    ]


def _narrow_titles(moment: Moment, width: int) -> list[Part]:
    """Where there is little room: the scenario's name, the iteration, the fork."""
    return [Part(((moment.scenario.name, "bold label"),), 4, shrinks=True), *_iteration(moment, width), _fork(moment)]


def _fork(moment: Moment) -> Part:
    return Part(
        ((words.FORK.format(fork=moment.branch), "bold backward"),) if moment.edits or moment.replaced else (), 1
    )


def _loss(moment: Moment, view: View) -> Pieces:
    """The loss of this iteration, or that it is not computed yet."""
    program = moment.program
    name, value = view.notation.symbol(program.loss), moment.values.get(program.loss)
    if program.symbols[program.loss].shape:
        return ()
    if value is None:
        return ((name, "loss"), (f" {words.NOT_YET}".ljust(LOSS_CELLS + 1), "quiet"))
    number = cell(float(value), LOSS_CELLS)
    if moment.step is None or moment.step.symbol != program.loss:
        return ((name, "bold loss"), (f" {number}", "bold text"))
    phase = moment.step.phase.value
    return (
        (name, "bold loss"),
        (f"{BAR_BEFORE.drawn(ascii=view.notation.ascii)}{number}", f"bold {phase} on written {phase}"),
    )


def _measured(moment: Moment, *, ascii: bool) -> list[Pieces]:
    """Accuracies and losses, as they were measured last."""
    parts: list[Pieces] = []
    for symbol in moment.program.measured_symbols:
        value = moment.latest(symbol)
        share = moment.program.is_share(symbol)
        width = 5 if share else LOSS_CELLS
        shown = MISSING.drawn(ascii=ascii)
        if value is not None:
            shown = words.SHARE.format(share=100 * value) if share else cell(value, LOSS_CELLS)
        name = symbol.removeprefix("accuracy_") if share else moment.scenario.names.dressed_own(symbol)
        parts.append(((f"{name} ", "quiet"), (shown.rjust(width), "text")))
    return parts


def _iteration(moment: Moment, width: int, *, brief: bool = False) -> list[Part]:
    """The iteration, and the epoch where it is of several; both in cells that do not change.

    brief: it is not said of how many iterations it is.
    """
    draw = moment.scenario.draw
    number, of = f"{moment.position.iteration:,}", words.OF.format(count=moment.iterations)
    fill = " " * (len(f"{moment.iterations:,}") - len(number))
    after = f" {of}{fill}" if width >= NARROW and not brief else fill
    parts = [Part(((f"{words.ITERATION} ", "quiet"), (number, "bold text"), (after, "quiet")))]
    if draw is not None and draw.iterations_per_epoch > 1:
        last = epoch_of(moment.iterations, moment.scenario.iterations_per_epoch)
        cells = len(words.EPOCH.format(epoch=last))
        parts.append(Part(((words.EPOCH.format(epoch=moment.epoch).ljust(cells), "quiet"),), 5))
    return parts


def _place(moment: Moment, view: View, width: int, beside: int) -> list[Part]:
    """The iteration, and the phases with a mark a step: it has run, has just run, is still to come.

    beside: cells of the badge at the right. Where there is too little room for all, the draw phase is left out, then
    the epoch, then of how many iterations it is, then steps are counted, then phases have letters for names, then all
    but the present one are left out.
    """
    room = width - 2 - Part(_steps(moment)).cells - 2 - (beside + 2 if beside else 0)
    phases, iteration = _phases(moment, view), _iteration(moment, width) if width >= WIDE else []
    present = moment.step.phase if moment.step else moment.program.steps[0].phase
    later = [phase for phase in phases if phase is not Phase.DRAW]
    counted = _phases(moment, view, FEW_MARKS)
    brief = _iteration(moment, width, brief=True)[:1] if iteration else []
    short = {phase: ((f"{pieces[0][0][0]} ", pieces[0][1]), *pieces[1:]) for phase, pieces in phases.items()}
    for parts, kept, named in (
        (iteration, list(phases), phases),
        (iteration, later, phases),
        (iteration[:1], later, phases),
        (brief, later, phases),
        (iteration[:1], later, counted),
        (brief, later, counted),
        (iteration[:1], later, short),
        ([], later, short),
        ([], [present], phases),
    ):
        strip = Part(_joined([named[phase] for phase in kept if phase in named]), shrinks=True)
        if sum(part.cells + 2 for part in (*parts, strip)) <= room + 2:
            break
    return [*parts, strip]


def _phases(moment: Moment, view: View, most: int = MOST_MARKS) -> dict[Phase, Pieces]:
    """Phase → its name and marks; of more than `most` steps their number."""
    found: dict[Phase, Pieces] = {}
    here, place = moment.position.step, 0
    present = moment.step.phase if moment.step else None
    for phase, steps in groupby(moment.program.steps[: moment.length], key=lambda step: step.phase):
        count = len(list(steps))
        key = f"bold {phase}" if phase is present else phase if place < here else "quiet"
        found[phase] = ((f"{words.PHASES[phase]} ", key), *_marks(here - place, count, phase, view, most))
        place += count
    return found


def _marks(ran: int, count: int, phase: Phase, view: View, most: int) -> list[Piece]:
    """The marks of a phase of which so many steps have run."""
    if count > most:
        done = min(max(0, ran), count)
        return [(words.SHARE_OF_STEPS.format(done=done, count=count).rjust(2 * len(str(count)) + 1), str(phase))]
    past, now, next_ = (mark.drawn(ascii=view.notation.ascii) for mark in (RUN_PAST, RUN_NOW, RUN_NEXT))
    signs = "".join(past if k < ran - 1 else now if k == ran - 1 else next_ for k in range(count))
    signs = past * count if ran > count else signs
    return [(signs, str(phase) if ran > 0 else "quiet")]


def _steps(moment: Moment) -> Pieces:
    here = f"{moment.position.step}".rjust(len(str(moment.length)))
    return ((words.STEP.format(step=here, steps=moment.length), "text"),)
